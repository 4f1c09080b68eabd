/**
 * What stops a flow as it is written, and may stop nothing after all: where an end stands is not known, or something that
 * is not understood may change what stops it.
 */
import type { Blocker, End, NetworkModel, UnknownUse } from '../evidence/network';
import { changersOf } from './changes-left-open';
import { distinct } from './explanation';
import { HOLDS_ANYWHERE, placesLeftOpen } from './places-left-open';

/** Why a flow may not be blocked after all; empty where one of the blockers stands whatever is left open. */
export function blockersLeftOpen(
  network: NetworkModel,
  ends: readonly End[],
  blockers: readonly Blocker[],
): UnknownUse[] {
  const places = placesLeftOpen(network, ends);
  if (blockers.length === 0) return places;
  const lifted = blockers.map((blocker) => [
    ...(HOLDS_ANYWHERE.has(blocker.kind) ? [] : places),
    ...changersOf(network, blocker),
  ]);
  return lifted.every((uses) => uses.length > 0) ? distinct(lifted.flat()) : [];
}
