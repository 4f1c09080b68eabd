/**
 * Crossings -> the transit gateway's route tables, one per attachment. Each holds the declared peers' ranges, and
 * blackholes for everything else that could be a private address: what no conduit needs is dropped, not looked up.
 */
import { comparePrefixes, formatPrefix, type Prefix, parsePrefix, prefixContains } from '../../base/net';
import type { Site } from '../zones';
import type { Crossing } from './conduit-legs';
import type { TransitAttachment, TransitPlan, TransitRoutePlan, TransitTablePlan } from './network-plan';

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(parsePrefix);

/** Undefined where nothing is attached. A connected site keeps its VPN without conduits: a new one has new addresses. */
export function planTransit(
  crossings: readonly Crossing[],
  sites: readonly Site[],
  pool?: Prefix,
): TransitPlan | undefined {
  const vpns = sites.flatMap(({ name, connect, gateway }) =>
    connect === 'vpn' && gateway ? [{ site: name, gateway }] : [],
  );
  const attachments = new Map<string, TransitAttachment>();
  for (const { site } of vpns) attachments.set(`site:${site}`, { kind: 'site', name: site });
  for (const { from, to } of crossings) for (const { at } of [from, to]) attachments.set(`${at.kind}:${at.name}`, at);
  if (attachments.size === 0) return undefined;
  const learnt = routesByOwner(crossings);
  const tables = [...attachments]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, of]): TransitTablePlan => {
      const routes = [...(learnt.get(key)?.values() ?? [])];
      return { of, routes: [...routes, ...blackholes(routes, pool)].sort(byDestination) };
    });
  return { vpns, tables };
}

function routesByOwner(crossings: readonly Crossing[]): Map<string, Map<string, TransitRoutePlan>> {
  const byOwner = new Map<string, Map<string, TransitRoutePlan>>();
  const learn = (owner: Crossing['from'], peer: Crossing['from'], conduit: string) => {
    const key = `${owner.at.kind}:${owner.at.name}`;
    const routes = byOwner.get(key) ?? new Map<string, TransitRoutePlan>();
    byOwner.set(key, routes);
    for (const destination of peer.ranges) {
      const known = routes.get(formatPrefix(destination));
      const conduits = [...new Set([...(known?.conduits ?? []), conduit])].sort();
      routes.set(formatPrefix(destination), { destination, to: peer.at, conduits });
    }
  };
  for (const { from, to, conduit } of crossings) {
    learn(from, to, conduit);
    learn(to, from, conduit);
  }
  return byOwner;
}

/** A blackhole never covers a declared range from inside: the longest prefix wins, also for a drop. */
function blackholes(routes: readonly TransitRoutePlan[], pool?: Prefix): TransitRoutePlan[] {
  const candidates = [...PRIVATE, ...(pool && !PRIVATE.some((range) => prefixContains(range, pool)) ? [pool] : [])];
  return candidates
    .filter((range) => !routes.some(({ destination }) => prefixContains(destination, range)))
    .map((destination) => ({ destination, to: 'blackhole', conduits: [] }));
}

function byDestination(a: TransitRoutePlan, b: TransitRoutePlan): number {
  return comparePrefixes(a.destination, b.destination);
}
