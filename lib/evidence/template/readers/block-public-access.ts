/**
 * VPC Block Public Access: one switch for an account and region that stops what goes through internet gateways, whatever
 * routes and groups say (https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html). It only takes away: what
 * may pass is not widened, and what must pass is not sure. That something is certainly blocked is never said, because an
 * exclusion may be made outside of all templates.
 */
import { isUnknown, type ResourceId } from '../../network';
import type { Resource } from '../resource';
import type { DraftNouns } from './drafts';
import { at, isAbsent, textOf } from './property';
import type { Readers, Reading } from './reading';

const OPTIONS = 'AWS::EC2::VPCBlockPublicAccessOptions';
const EXCLUSION = 'AWS::EC2::VPCBlockPublicAccessExclusion';

/** Runs when gateways are attached. */
export function settleBlockPublicAccess(reading: Reading): void {
  for (const options of reading.ofType(OPTIONS)) {
    const mode = textOf(at(options.properties, 'InternetGatewayBlockMode')) ?? 'off';
    if (mode === 'off') continue;
    const exempt = exemptVpcs(reading);
    const isWhole = isUnknown<string>(mode) || mode !== 'block-ingress';
    for (const gateway of reading.drafts.internetGateways.values()) {
      if (typeof gateway.vpc !== 'string' || !exempt.has(gateway.vpc)) doubt(gateway, options);
    }
    // Egress-only gateways go on when only what comes in is blocked.
    for (const gateway of reading.drafts.egressOnlyGateways.values()) {
      if (isWhole && !exempt.has(gateway.vpc)) doubt(gateway, options);
    }
  }
}

type Gateway = DraftNouns['internetGateways' | 'egressOnlyGateways'];

function doubt(gateway: Gateway, { id, properties }: Resource): void {
  const mode = textOf(at(properties, 'InternetGatewayBlockMode'));
  const parameters = mode !== undefined && isUnknown<string>(mode) ? mode.parameters : [];
  const reason = `\`${id}\` may block it, whatever routes and groups say`;
  gateway.certain = false;
  gateway.origin = { ...gateway.origin, doubt: { unknown: true, reason, parameters } };
}

/** VPCs that are excluded as a whole, both ways. */
function exemptVpcs(reading: Reading): Set<ResourceId> {
  return new Set(
    reading.ofType(EXCLUSION).flatMap((exclusion) => {
      const { certain, properties } = exclusion;
      const mode = textOf(at(properties, 'InternetGatewayExclusionMode'));
      const isWhole = certain && mode === 'allow-bidirectional' && isAbsent(at(properties, 'SubnetId'));
      return isWhole ? (reading.reference('vpcs', at(properties, 'VpcId'), exclusion, 'VpcId') ?? []) : [];
    }),
  );
}

export const blockPublicAccessReaders: Readers = {
  [OPTIONS]: { model: 'may-must' },
  [EXCLUSION]: { model: 'may-must' },
};
