/**
 * Whether certificates show what their names say. A certificate speaks of ends and packets, and its id is only a label: with
 * the zone file at hand, each claim is stated anew from the binding and the conduits, and must be shown in full.
 */
import type { PacketSet } from '../base/net';
import { type CheckResult, formatPackets } from '../evidence/certificate';
import { type End, endKey, type NetworkModel } from '../evidence/network';
import type { ZoneModel } from '../intent/zones';
import { certifiable } from './certifiable';

/** Of the claims named, why each that is not shown is not; sorted. */
export function notShown(
  model: ZoneModel,
  network: NetworkModel,
  ends: readonly End[],
  shown: CheckResult['claims'],
): string[] {
  const claims = [...new Set(shown.map(({ id }) => id))].map((id) => {
    const [, from, to] = /^isolation\/([^/]+)\/([^/]+)$/.exec(id) ?? [];
    return { id, kind: 'isolation' as const, verdict: 'proved' as const, from, to };
  });
  const { wanted, beyond } = certifiable(model, network, ends, claims);
  const texts = new Map<PacketSet, readonly string[]>();
  const textOf = (set: PacketSet): readonly string[] => {
    const text = texts.get(set) ?? formatPackets(set);
    texts.set(set, text);
    return text;
  };
  const known = new Set(shown.map((one) => keyOf(one.id, one.from, one.sent, one.to, one.forbidden)));
  const problems = beyond.map((id) => `${id}: the estate makes no claim of that name that certificates can show`);
  for (const { from, sent, claims: parts } of wanted) {
    for (const { id, to, forbidden } of parts) {
      if (known.has(keyOf(id, from, sent && textOf(sent), to, textOf(forbidden)))) continue;
      problems.push(`${id}: nothing shows it of ${endKey(from)}`);
    }
  }
  return [...new Set(problems)].sort();
}

function keyOf(
  id: string,
  from: End,
  sent: readonly string[] | undefined,
  to: readonly End[],
  forbidden: readonly string[],
): string {
  return JSON.stringify([id, endKey(from), sent ?? 'all', to.map(endKey).sort(), forbidden]);
}
