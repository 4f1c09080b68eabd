import type { VerdictContext } from './context';
import type { PivotGraph } from './pivots';
import { isPivot } from './place';

/**
 * Walks that take a bridge: from a zone, or from whatever it gets to over the network, to a zone that is meant. None is
 * taken in a gate, or in the outside world.
 */
export function bridgedWays(
  from: string,
  tos: readonly string[],
  options: { readonly gates: ReadonlySet<string>; readonly direct: boolean },
  context: VerdictContext,
  pivots: PivotGraph,
): string[] {
  if (context.bridges.pairs().length === 0) return [];
  const found = new Set<string>();
  const seen = new Set<string>();
  const queue = [from];
  let isBridged = false;
  for (let zone = queue.pop(); zone !== undefined; zone = queue.pop()) {
    if (seen.has(zone)) continue;
    seen.add(zone);
    if (zone !== from && (options.gates.has(zone) || !isPivot(zone))) continue;
    for (const { to } of context.bridges.pairs().filter((pair) => pair.from === zone)) {
      isBridged = true;
      if (tos.includes(to) && to !== from) {
        for (const { bridge } of context.bridges.between(zone, to))
          found.add(`not understood: ${bridge.id}: ${bridge.reason}`);
      } else if (!options.direct) queue.push(to);
    }
    if (!options.direct) queue.push(...pivots.reachable(zone, options.gates));
  }
  // Beyond a bridge the network itself may lead on.
  if (isBridged && !options.direct) {
    const direct = new Set(pivots.reachable(from, options.gates));
    for (const to of tos)
      if (seen.has(to) && to !== from && !direct.has(to))
        found.add(`perhaps: ${from} -> ${to}, over a bridge and on from there`);
  }
  return [...found].sort();
}
