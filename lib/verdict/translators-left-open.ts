/**
 * Flows that leave by a route whose target nobody knows: behind it may stand what no template shows either and what sends
 * on from an address of its own, a NAT gateway or an appliance. Then the receiver sees some other address than the
 * sender's, and is only out of reach for certain if it answers nobody from beyond.
 */
import { PacketSet } from '../base/net';
import { BEYOND, type End, isKnown, type NetworkModel, type UnknownUse } from '../evidence/network';
import type { Reach, ReachabilityEngine } from '../evidence/reachability';
import { distinct, type FlowQuestion, withAnyGroups } from './explanation';

const UNKNOWN_TARGET = /#unknown-target$/;

const LOSING = new WeakMap<NetworkModel, boolean>();

/** Whether any route of a network leads nobody knows where: asked of every flow that is blocked, and nearly always not so. */
function losesPackets(network: NetworkModel): boolean {
  let isLosing = LOSING.get(network);
  if (isLosing === undefined) {
    const { subnets, routeTables } = network;
    const shown = new Set(routeTables.filter(({ external }) => !external).map(({ id }) => id));
    isLosing =
      subnets.some(({ routeTable }) => !isKnown(routeTable) || !shown.has(routeTable)) ||
      routeTables.some(({ routes }) => routes.some(({ target }) => target.kind === 'unknown'));
    LOSING.set(network, isLosing);
  }
  return isLosing;
}

/** Why a flow may not be blocked after all; `allFrom`: everything that an end may reach. */
export function translatorsLeftOpen(
  network: NetworkModel,
  engine: ReachabilityEngine,
  { from, to }: FlowQuestion,
  packets: PacketSet,
  allFrom: (end: End) => { readonly reaches: readonly Reach[] },
): UnknownUse[] {
  if (!losesPackets(network)) return [];
  const sent = from
    .flatMap((end) => allFrom(withAnyGroups(end)).reaches)
    .filter(({ to: end }) => end.kind === 'external' && UNKNOWN_TARGET.test(end.id))
    .map((reach) => ({ reach, part: reach.sent.intersect(packets) }))
    .filter(({ part }) => !part.isEmpty());
  if (sent.length === 0) return [];
  // What a balancer sent on is for its target, and not for the address that was called.
  const translated = PacketSet.unionAll(sent.map(({ reach, part }) => (reach.via.length === 0 ? part : reach.received)))
    .withAnySource()
    .withAnySourcePort();
  if (engine.reachFrom(BEYOND, { to, packets: translated }).reaches.length === 0) return [];
  return distinct(
    sent.map(({ reach }) => ({
      resource: reach.to.kind === 'external' ? reach.to.id.replace(UNKNOWN_TARGET, '') : '',
      reason: 'what a route leads to is not known, and may send on from an address of its own',
      parameters: [],
    })),
  );
}
