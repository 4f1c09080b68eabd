/**
 * What a plan may not exceed. Over a default that AWS raises on request: a warning. Over what AWS grants at all: an
 * error, and it names the conduits that cost it.
 */
import type { Diagnostic } from '../../base/diagnostics';
import type { ZoneModel } from '../zones';
import { QUOTAS } from './aws-quotas';
import { usableAddresses } from './block-layout';
import type { NetworkPlan, QuotaUse, VpcPlan } from './network-plan';

export function checkLimits(plan: NetworkPlan, model: ZoneModel): Diagnostic[] {
  return [
    ...plan.quotas.filter(({ used, limit }) => used > limit).map((use) => exceeded(use, plan, model)),
    ...plan.vpcs.flatMap((vpc) => endpointRoom(vpc, model)),
  ];
}

function exceeded(use: QuotaUse, plan: NetworkPlan, model: ZoneModel): Diagnostic {
  const { what, subject, used, limit, ceiling } = use;
  const isError = ceiling !== undefined && used > ceiling;
  const conduits = conduitsBehind(use, plan);
  const cost =
    conduits.length > 0
      ? ` (${conduits.slice(0, 8).join(', ')}${conduits.length > 8 ? ` and ${conduits.length - 8} more` : ''})`
      : '';
  const span = model.conduits.find(({ name }) => conduits.includes(name))?.source ?? model.source;
  return isError
    ? {
        code: 'PLAN_LIMIT_EXCEEDED',
        severity: 'error',
        message: `${subject}: ${used} ${what}, and AWS grants at most ${ceiling}${cost}`,
        help:
          use.quota === QUOTAS.stackResources.id
            ? 'move some of its assets to a zone of their own'
            : 'split the asset, or let fewer conduits end at it',
        span,
      }
    : {
        code: 'PLAN_QUOTA_RAISE',
        severity: 'warning',
        message: `${subject}: ${used} ${what}, and the default is ${limit}${cost}`,
        help: `ask AWS to raise the quota to at least ${used} before deploying`,
        span,
      };
}

/** The conduits whose entries or rules fill the subject. */
function conduitsBehind(use: QuotaUse, plan: NetworkPlan): string[] {
  const [direction, key] = use.subject.split(' of ');
  if (direction !== 'ingress' && direction !== 'egress') return [];
  const entries = plan.vpcs.flatMap((vpc): { readonly conduits: readonly string[] }[] =>
    use.quota === QUOTAS.aclEntries.id
      ? vpc.subnetGroups.filter((group) => group.key === key).flatMap((group) => group.acl[direction])
      : vpc.securityGroups
          .filter((group) => group.key === key)
          .flatMap((group) => group.rules.filter((rule) => rule.direction === direction)),
  );
  return [...new Set(entries.flatMap(({ conduits }) => conduits))].sort();
}

/** Every endpoint takes an address in each of its subnets. */
function endpointRoom(vpc: VpcPlan, model: ZoneModel): Diagnostic[] {
  return vpc.subnetGroups.flatMap((group): Diagnostic[] => {
    const [subnet] = group.subnets;
    const standing = [...vpc.interfaceEndpoints, ...vpc.serviceEndpoints].filter(
      ({ subnetGroup }) => subnetGroup === group.key,
    );
    if (!subnet || standing.length <= usableAddresses(subnet)) return [];
    return [
      {
        code: 'PLAN_NO_ROOM',
        severity: 'error',
        message: `${standing.length} endpoints do not fit into the ${usableAddresses(subnet)} addresses of each subnet of ${group.key}`,
        help: `give ${group.zone ? `zone \`${group.zone}\`` : `VPC \`${vpc.name}\``} a larger block`,
        span: model.zones.find(({ name }) => name === group.zone)?.source ?? model.source,
      },
    ];
  });
}
