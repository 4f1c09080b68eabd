/**
 * Lists that are longer than AWS accepts, many times over: what is beyond is not read but said to be anything, so that
 * no template costs more than it can be worth, and none is proved by what was left out.
 * Quotas: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html (rules per interface 1,000 in all,
 * ACL rules 40, routes 1,000, prefix list entries 1,000),
 * https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-quotas.html (routes 10,000).
 */
import type { Origin, Unknown } from '../../network';
import { unknown } from '../../network';
import type { Reading } from './reading';

const MOST = { rules: 20_000, entries: 2_000, routes: 10_000, transitRoutes: 20_000, listed: 5_000 };

export function limitSizes(reading: Reading): void {
  const { securityGroups, networkAcls, routeTables, transitGatewayRouteTables, prefixLists } = reading.drafts;
  for (const group of securityGroups.values()) {
    for (const direction of ['ingress', 'egress'] as const) {
      const cut = cutTo(MOST.rules, group[direction], `${direction} rules`, group, reading);
      if (!cut) continue;
      const peer = { kind: 'unknown', reason: cut.why.reason, parameters: [] } as const;
      group[direction] = [...cut.kept, { origin: group.origin, certain: false, traffic: cut.why, peer }];
    }
  }
  for (const acl of networkAcls.values()) {
    const cut = cutTo(MOST.entries, acl.entries, 'entries', acl, reading);
    if (!cut) continue;
    const { why } = cut;
    const any = { origin: acl.origin, certain: false, number: why, action: why, traffic: why, cidr: why };
    acl.entries = [...cut.kept, { ...any, direction: 'ingress' }, { ...any, direction: 'egress' }];
  }
  for (const table of routeTables.values()) {
    const cut = cutTo(MOST.routes, table.routes, 'routes', table, reading);
    if (cut) table.routes = [...cut.kept, anywhere(table.origin, cut.why)];
  }
  for (const table of transitGatewayRouteTables.values()) {
    const cut = cutTo(MOST.transitRoutes, table.routes, 'routes', table, reading);
    if (cut) table.routes = [...cut.kept, anywhere(table.origin, cut.why)];
  }
  for (const list of prefixLists.values()) {
    const cut = cutTo(MOST.listed, list.entries, 'entries', list, reading);
    if (cut) list.entries = [...cut.kept, cut.why];
  }
}

function cutTo<T>(
  most: number,
  items: readonly T[],
  what: string,
  noun: { readonly id: string; readonly origin: Origin },
  reading: Reading,
): { readonly kept: readonly T[]; readonly why: Unknown } | undefined {
  if (items.length <= most) return undefined;
  const message = `\`${noun.id}\` has ${items.length} ${what}, far more than AWS accepts: ${most} are read`;
  const resource = reading.resource(noun.origin.resource);
  if (resource) reading.warn(resource, 'TEMPLATE_TOO_MANY', message);
  return { kept: items.slice(0, most), why: unknown(message) };
}

function anywhere(origin: Origin, why: Unknown) {
  return {
    origin,
    certain: false,
    destination: why,
    target: { kind: 'unknown', reason: why.reason, parameters: why.parameters },
  } as const;
}
