/**
 * One leg: the fixpoint of hops from where packets enter the network to every place where a leg can end. Exhaustive:
 * a location is visited again whenever a packet arrives that it has not seen, and the sets can only grow.
 */
import { PacketSet } from '../../base/net';
import {
  type ForwardingGraph,
  isTerminal,
  type Location,
  locationKey,
  type Sessions,
  type Terminal,
  type Uses,
} from '../forwarding';

/** Where a leg ended, and what the firewalls on the way remember of it, so that its reply can be sent back. */
export interface LegEnd {
  readonly terminal: Terminal;
  readonly sessions: Sessions;
}

export interface Arrival extends LegEnd {
  readonly packets: PacketSet;
}

export interface Departure {
  readonly location: Location;
  readonly packets: PacketSet;
}

/**
 * Everything that may (or must) arrive somewhere, by terminal; in a stable order. A leg that carries replies is given
 * the sessions of the leg that it answers.
 */
export function runLeg(
  graph: ForwardingGraph,
  departures: readonly Departure[],
  answering: Sessions | undefined,
  uses: Uses,
  crossed: ReadonlySet<string> = new Set(),
): Arrival[] {
  const seen = new Map<string, PacketSet>();
  const arrivals = new Map<string, { terminal: Terminal; packets: PacketSet }>();
  const sessions = new Map<string, PacketSet>();
  const queue: Departure[] = [];
  const visit = (location: Location, packets: PacketSet): void => {
    const key = locationKey(location);
    const before = seen.get(key) ?? PacketSet.EMPTY;
    const fresh = packets.subtract(before);
    if (fresh.isEmpty()) return;
    const all = before.union(fresh);
    seen.set(key, all);
    if (location.kind === 'firewall') sessions.set(key, all);
    if (isTerminal(location)) arrivals.set(key, { terminal: location, packets: all });
    else queue.push({ location, packets: fresh });
  };
  for (const { location, packets } of departures) visit(location, packets);
  for (let next = queue.shift(); next; next = queue.shift()) {
    const doors = graph.doorsOf(next.location);
    if (doors.length > 1 && graph.approximation === 'must') {
      for (const found of throughEveryDoor(graph, doors, next, answering, uses, crossed)) {
        visit(found.terminal, found.packets);
      }
    } else {
      graph.step(next.location, next.packets, answering, uses, visit);
    }
  }
  return [...arrivals.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { terminal, packets }]) => ({ terminal, packets, sessions }));
}

/** Which of several attachment subnets a packet comes out at, AWS decides: certain is only what holds for each of them. */
function throughEveryDoor(
  graph: ForwardingGraph,
  doors: readonly Location[],
  at: Departure,
  answering: Sessions | undefined,
  uses: Uses,
  crossed: ReadonlySet<string>,
): Arrival[] {
  const key = locationKey(at.location);
  if (crossed.has(key)) return [];
  const inside = new Set([...crossed, key]);
  const byDoor = doors.map((location) => {
    const found = runLeg(graph, [{ location, packets: at.packets }], answering, uses, inside);
    return new Map(found.map((arrival) => [locationKey(arrival.terminal), arrival]));
  });
  const [first, ...others] = byDoor;
  return [...(first ?? new Map<string, Arrival>()).entries()].map(([terminal, arrival]) => ({
    ...arrival,
    packets: others.reduce(
      (packets, found) => packets.intersect(found.get(terminal)?.packets ?? PacketSet.EMPTY),
      arrival.packets,
    ),
  }));
}
