/**
 * One leg: the fixpoint of hops from where packets enter the network to every place where a leg can end. Exhaustive:
 * a location is visited again whenever a packet arrives that it has not seen, and the sets can only grow.
 */
import { PacketSet } from '../../base/net';
import { type ForwardingGraph, isTerminal, type Location, locationKey, type Terminal, type Uses } from '../forwarding';

export interface Arrival {
  readonly terminal: Terminal;
  readonly packets: PacketSet;
}

export interface Departure {
  readonly location: Location;
  readonly packets: PacketSet;
}

/** Everything that may (or must) arrive somewhere, by terminal; in a stable order. */
export function runLeg(
  graph: ForwardingGraph,
  departures: readonly Departure[],
  direction: 'forward' | 'reply',
  uses: Uses,
): Arrival[] {
  const seen = new Map<string, PacketSet>();
  const arrivals = new Map<string, { terminal: Terminal; packets: PacketSet }>();
  const queue: Departure[] = [];
  const visit = (location: Location, packets: PacketSet): void => {
    const key = locationKey(location);
    const before = seen.get(key) ?? PacketSet.EMPTY;
    const fresh = packets.subtract(before);
    if (fresh.isEmpty()) return;
    seen.set(key, before.union(fresh));
    if (isTerminal(location)) {
      arrivals.set(key, { terminal: location, packets: before.union(fresh) });
    } else {
      queue.push({ location, packets: fresh });
    }
  };
  for (const { location, packets } of departures) visit(location, packets);
  for (let next = queue.shift(); next; next = queue.shift()) {
    graph.step(next.location, next.packets, direction, uses, visit);
  }
  return [...arrivals.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arrival]) => arrival);
}
