/**
 * How much of each quota a plan uses. The fullest subject of each kind is listed, and every one that is over.
 */
import { QUOTAS, type Quota } from './aws-quotas';
import type { NetworkPlan, QuotaUse } from './network-plan';

export type PlanDraft = Omit<NetworkPlan, 'quotas' | 'cost'>;

export function countQuotas(plan: PlanDraft): QuotaUse[] {
  const groups = plan.vpcs.flatMap((vpc) => vpc.subnetGroups);
  const directions = ['ingress', 'egress'] as const;
  const transitRoutes = plan.transit?.tables.reduce((sum, table) => sum + table.routes.length, 0) ?? 0;
  return [
    ...fullest(QUOTAS.vpcsPerRegion, [[plan.region, plan.vpcs.length]]),
    ...fullest(
      QUOTAS.subnetsPerVpc,
      plan.vpcs.map((vpc) => [
        `VPC ${vpc.name}`,
        vpc.subnetGroups.reduce((sum, group) => sum + group.subnets.length, 0),
      ]),
    ),
    ...fullest(
      QUOTAS.aclEntries,
      groups.flatMap((group) =>
        directions.map((direction) => [`${direction} of ${group.key}`, group.acl[direction].length]),
      ),
    ),
    ...fullest(
      QUOTAS.groupRules,
      plan.vpcs.flatMap((vpc) =>
        vpc.securityGroups.flatMap((group) =>
          directions.map((direction): [string, number] => [
            `${direction} of ${group.key}`,
            group.rules.filter((rule) => rule.direction === direction).length,
          ]),
        ),
      ),
    ),
    ...fullest(
      QUOTAS.interfaceEndpointsPerVpc,
      plan.vpcs.map((vpc) => [
        `VPC ${vpc.name}`,
        vpc.interfaceEndpoints.length + vpc.serviceEndpoints.filter(({ type }) => type === 'interface').length,
      ]),
    ),
    ...fullest(
      QUOTAS.routesPerTable,
      groups.map((group) => [group.key, group.routes.length + group.gatewayServices.length]),
    ),
    ...fullest(
      QUOTAS.listenersPerBalancer,
      plan.vpcs.flatMap((vpc) =>
        vpc.loadBalancers.map((balancer): [string, number] => [balancer.key, balancer.listeners.length]),
      ),
    ),
    ...fullest(QUOTAS.transitTables, [['the transit gateway', plan.transit?.tables.length ?? 0]]),
    ...fullest(QUOTAS.transitRoutes, [['the transit gateway', transitRoutes]]),
    ...fullest(QUOTAS.stackResources, stackSizes(plan)),
    ...fullest(QUOTAS.vpnConnections, [[plan.region, plan.transit?.vpns.length ?? 0]]),
  ];
}

/** What a VPC has beside what is counted: itself, its flow log, the emptied default group, an attachment and its table. */
const PER_VPC = 16;
/** a VPN, its gateway, its attachment looked up by a function with its role, its table and association */
const PER_SITE = 10;

/** Resources of each stack, never fewer than are emitted: a zone of a shared VPC has a stack of its own. */
function stackSizes(plan: PlanDraft): [string, number][] {
  const sites = (plan.transit?.tables ?? []).flatMap(({ of, routes }): [string, number][] =>
    of.kind === 'site' ? [[`stack ${plan.estate}-${of.name}-site`, PER_SITE + routes.length]] : [],
  );
  const vpcs = plan.vpcs.flatMap((vpc): [string, number][] => {
    const sizes = new Map<string, number>([[vpc.name, PER_VPC + vpc.securityGroups.length]]);
    const add = (zone: string | undefined, count: number) => {
      const stack = vpc.shared && zone !== undefined ? zone : vpc.name;
      sizes.set(stack, (sizes.get(stack) ?? 0) + count);
    };
    for (const { zone, subnets, routes, acl } of vpc.subnetGroups) {
      add(zone, 2 + 3 * subnets.length + routes.length + acl.ingress.length + acl.egress.length);
    }
    for (const { zone, rules } of vpc.securityGroups)
      add(zone, rules.filter(({ peer }) => peer.kind === 'group').length);
    for (const { zone } of vpc.serviceEndpoints) add(zone, 1);
    for (const { zone, listeners } of vpc.loadBalancers) add(zone, 3 + 2 * listeners.length);
    for (const { of, routes } of plan.transit?.tables ?? []) {
      const own = of.kind === 'vpc' && of.name === vpc.name;
      const crossing = routes.filter(({ to }) => to !== 'blackhole' && to.kind === 'vpc' && to.name === vpc.name);
      add(undefined, own ? routes.length : crossing.length);
    }
    return [...sizes].map(([stack, count]) => [`stack ${plan.estate}-${stack}`, count]);
  });
  return [...vpcs, ...sites];
}

function fullest(quota: Quota, uses: readonly (readonly [string, number])[]): QuotaUse[] {
  const most = uses.reduce((best, [, used]) => Math.max(best, used), 0);
  const shown = uses.filter(([, used]) => used > quota.limit || used === most);
  const over = shown.filter(([, used]) => used > quota.limit);
  return (over.length > 0 ? over : shown.slice(0, 1)).map(([subject, used]) => ({
    quota: quota.id,
    what: quota.what,
    subject,
    used,
    limit: quota.limit,
    ceiling: 'ceiling' in quota ? quota.ceiling : undefined,
  }));
}
