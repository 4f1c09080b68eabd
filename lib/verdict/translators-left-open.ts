/**
 * Flows that leave by a route whose target nobody knows: behind it may stand what no template shows either and what sends
 * on from an address of its own, a NAT gateway or an appliance. Then the receiver sees some other address than the
 * sender's, and is only out of reach for certain if it answers nobody from beyond.
 */
import { PacketSet } from '../base/net';
import { BEYOND, type End, type UnknownUse } from '../evidence/network';
import type { Reach, ReachabilityEngine } from '../evidence/reachability';

const UNKNOWN_TARGET = /#unknown-target$/;

/** Why a flow may not be blocked after all; `outward`: everything that those who send may reach. */
export function translatorsLeftOpen(
  engine: ReachabilityEngine,
  to: readonly End[],
  packets: PacketSet,
  outward: readonly Reach[],
): UnknownUse[] {
  const lost = outward.filter(({ to: end }) => end.kind === 'external' && UNKNOWN_TARGET.test(end.id));
  const sent = lost
    .map((reach) => ({ reach, part: reach.sent.intersect(packets) }))
    .filter(({ part }) => !part.isEmpty());
  if (sent.length === 0) return [];
  const translated = PacketSet.unionAll(sent.map(({ part }) => part))
    .withAnySource()
    .withAnySourcePort();
  if (engine.reachFrom(BEYOND, { to, packets: translated }).reaches.length === 0) return [];
  return sent.map(({ reach }) => ({
    resource: reach.to.kind === 'external' ? reach.to.id.replace(UNKNOWN_TARGET, '') : '',
    reason: 'what a route leads to is not known, and may send on from an address of its own',
    parameters: [],
  }));
}
