/**
 * VPC Block Public Access: one switch for an account and region that stops what goes through internet gateways, whatever
 * routes and groups say, but for the VPCs and subnets that are excluded
 * (https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html). A VPC of which no exclusion speaks is shut for
 * certain, one that is excluded as a whole is open; in between it may be either.
 */
import type { Prefix } from '../../../base/net';
import { isKnown, isUnknown, type ResourceId, type Shut, type Value } from '../../network';
import { changedOrigin } from '../lazy-origin';
import type { Resource } from '../resource';
import type { DraftNouns } from './drafts';
import { at, textOf } from './property';
import type { Readers, Reading } from './reading';

const OPTIONS = 'AWS::EC2::VPCBlockPublicAccessOptions';
const EXCLUSION = 'AWS::EC2::VPCBlockPublicAccessExclusion';

/** Runs when gateways are attached. */
export function settleBlockPublicAccess(reading: Reading): void {
  for (const options of reading.ofType(OPTIONS)) {
    const mode = textOf(at(options.properties, 'InternetGatewayBlockMode')) ?? 'off';
    if (mode === 'off') continue;
    const { free, perhaps, subnets } = exempt(reading);
    const shuts = options.certain ? shutBy(options.id, mode) : undefined;
    const settle = (gateway: Gateway, shut: Shut | undefined) => {
      const { vpc } = gateway;
      if (typeof vpc === 'string' && free.has(vpc)) return;
      // Of a VPC that no template shows, nobody knows that none of the exclusions is its.
      const isShown = typeof vpc === 'string' && reading.get('vpcs', vpc)?.external !== true;
      const isSure = isShown && perhaps !== 'any' && !perhaps.has(vpc);
      if (shut && isSure) gateway.shut = shut;
      else if (shut?.to === 'everything' && typeof vpc === 'string' && perhaps !== 'any' && subnets.has(vpc)) {
        gateway.shut = { ...shut, except: [...(subnets.get(vpc) ?? [])] };
      } else doubt(gateway, options);
    };
    for (const gateway of reading.drafts.internetGateways.values()) settle(gateway, shuts);
    // Egress-only gateways go on when only what comes in is blocked.
    if (shuts?.to === 'all-but-nat') continue;
    for (const gateway of reading.drafts.egressOnlyGateways.values()) settle(gateway, shuts);
  }
}

function shutBy(by: ResourceId, mode: Value<string>): Shut | undefined {
  if (mode === 'block-bidirectional') return { by, to: 'everything' };
  return mode === 'block-ingress' ? { by, to: 'all-but-nat' } : undefined;
}

type Gateway = DraftNouns['internetGateways' | 'egressOnlyGateways'];

function doubt(gateway: Gateway, { id, properties }: Resource): void {
  const mode = textOf(at(properties, 'InternetGatewayBlockMode'));
  const parameters = mode !== undefined && isUnknown<string>(mode) ? mode.parameters : [];
  const reason = `\`${id}\` may block it, whatever routes and groups say`;
  gateway.certain = false;
  gateway.origin = changedOrigin(gateway.origin, { doubt: { unknown: true, reason, parameters } });
}

interface Exempt {
  readonly free: ReadonlySet<ResourceId>;
  readonly perhaps: ReadonlySet<ResourceId> | 'any';
  /** ranges of the subnets that are excluded, of VPCs of which nothing else is */
  readonly subnets: ReadonlyMap<ResourceId, readonly Prefix[]>;
}

/** VPCs that are excluded as a whole, both ways; and those that are in part, or perhaps. */
function exempt(reading: Reading): Exempt {
  const free = new Set<ResourceId>();
  const subnets = new Map<ResourceId, Prefix[]>();
  const unclear = new Set<ResourceId>();
  const perhaps = new Set<ResourceId>();
  let isAny = false;
  for (const exclusion of reading.ofType(EXCLUSION)) {
    const { certain, properties } = exclusion;
    const named = reading.reference('vpcs', at(properties, 'VpcId'), exclusion, 'VpcId');
    const subnet = reading.reference('subnets', at(properties, 'SubnetId'), exclusion, 'SubnetId');
    const vpc = named ?? (subnet === undefined ? undefined : reading.get('subnets', subnet)?.vpc);
    const isOpen = subnet !== undefined && reading.get('subnets', subnet)?.external === true;
    const isShown = vpc !== undefined && reading.get('vpcs', vpc)?.external !== true;
    if (!isShown || isOpen) isAny = true;
    else if (certain && subnet === undefined && isBothWays(exclusion)) free.add(vpc);
    else {
      perhaps.add(vpc);
      const ranges = certain && subnet !== undefined && isBothWays(exclusion) ? rangesOf(subnet, reading) : undefined;
      if (ranges) subnets.set(vpc, [...(subnets.get(vpc) ?? []), ...ranges]);
      else unclear.add(vpc);
    }
  }
  for (const vpc of unclear) subnets.delete(vpc);
  return { free, perhaps: isAny ? 'any' : perhaps, subnets };
}

/** undefined where they are not known, or the subnet may not be there. */
function rangesOf(id: ResourceId, reading: Reading): Prefix[] | undefined {
  const subnet = reading.get('subnets', id);
  const known = subnet?.cidrs.filter(isKnown) ?? [];
  return subnet?.certain && known.length > 0 && known.length === subnet.cidrs.length ? known : undefined;
}

function isBothWays({ properties }: Resource): boolean {
  return textOf(at(properties, 'InternetGatewayExclusionMode')) === 'allow-bidirectional';
}

export const blockPublicAccessReaders: Readers = {
  [OPTIONS]: { model: 'may-must' },
  [EXCLUSION]: { model: 'may-must' },
};
