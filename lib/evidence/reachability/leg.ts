/**
 * One leg: the fixpoint of hops from where packets enter the network to every place where a leg can end. Exhaustive:
 * a location is visited again whenever a packet arrives that it has not seen, and the sets can only grow.
 */
import { PacketSet } from '../../base/net';
import {
  type ForwardingGraph,
  isTerminal,
  isUnknownTarget,
  type Location,
  locationKey,
  type Sessions,
  sessionKey,
  type Terminal,
  type Uses,
  WanderingSessions,
} from '../forwarding';
import type { ResourceId } from '../network';

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
    if (graph.remembers(location)) remember(sessions, sessionKey(location), all);
    if (isTerminal(location)) arrivals.set(key, { terminal: location, packets: all });
    else queue.push({ location, packets: fresh });
  };
  for (const { location, packets } of departures) visit(location, packets);
  for (let next = queue.shift(); next; next = queue.shift()) {
    const doors = graph.doorsOf(next.location);
    if (doors.length > 1 && graph.approximation === 'must') {
      const through = throughEveryDoor(graph, doors, next, answering, uses, crossed);
      for (const found of through.arrivals) visit(found.terminal, found.packets);
      for (const [key, packets] of through.sessions) remember(sessions, key, packets);
    } else {
      graph.step(next.location, next.packets, answering, uses, visit);
    }
  }
  const wandered = PacketSet.unionAll(
    [...arrivals.values()].flatMap(({ terminal, packets }) => (isLost(graph, terminal) ? packets : [])),
  );
  const isPlain = wandered.isEmpty() || graph.index.firewalls.size === 0;
  const remembered = isPlain ? sessions : new WanderingSessions(sessions, wandered);
  return [...arrivals.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { terminal, packets }]) => ({ terminal, packets, sessions: remembered }));
}

/** Behind a route whose target nobody knows, or a transit gateway that may lead anywhere. */
function isLost({ index }: ForwardingGraph, at: Terminal): boolean {
  return isUnknownTarget(at) || (at.kind === 'external' && index.transitGateways.has(at.id));
}

function remember(sessions: Map<string, PacketSet>, key: string, packets: PacketSet): void {
  sessions.set(key, packets.union(sessions.get(key) ?? PacketSet.EMPTY));
}

/**
 * Which of several attachment subnets a packet comes out at, AWS decides: certain is only what holds for each of them. In
 * appliance mode a reply comes out where its request did (SEMANTICS 26), so each has a firewall's memory of its own;
 * otherwise a firewall certainly remembers only what it sees whichever subnet it is.
 */
function throughEveryDoor(
  graph: ForwardingGraph,
  doors: readonly Location[],
  at: Departure,
  answering: Sessions | undefined,
  uses: Uses,
  crossed: ReadonlySet<string>,
): { readonly arrivals: readonly Arrival[]; readonly sessions: Sessions } {
  const key = locationKey(at.location);
  if (crossed.has(key)) return { arrivals: [], sessions: new Map() };
  const inside = new Set([...crossed, key]);
  const legs = doors.map((location) => runLeg(graph, [{ location, packets: at.packets }], answering, uses, inside));
  const byDoor = legs.map((found) => new Map(found.map((arrival) => [locationKey(arrival.terminal), arrival])));
  const [first, ...others] = byDoor;
  const arrivals = [...(first ?? new Map<string, Arrival>()).entries()].map(([terminal, arrival]) => ({
    ...arrival,
    packets: others.reduce(
      (packets, found) => packets.intersect(found.get(terminal)?.packets ?? PacketSet.EMPTY),
      arrival.packets,
    ),
  }));
  const remembered = legs.map((found): Sessions => found[0]?.sessions ?? new Map<string, PacketSet>());
  const sessions = joined(remembered, graph.keepsFlows(at.location));
  return { arrivals: [...arrivals, ...atSomeNat(legs, arrivals)], sessions };
}

/** Behind each subnet there may be a NAT gateway of its own (one in each zone): the packets come to one of them for certain. */
function atSomeNat(legs: readonly (readonly Arrival[])[], arrivals: readonly Arrival[]): Arrival[] {
  const toNats = (found: readonly Arrival[]) => found.filter(({ terminal }) => natsOf(terminal).length > 0);
  const packetsOf = (found: readonly Arrival[]) => PacketSet.unionAll(toNats(found).map(({ packets }) => packets));
  const [first = PacketSet.EMPTY, ...others] = legs.map(packetsOf);
  const packets = others.reduce((all, one) => all.intersect(one), first).subtract(packetsOf(arrivals));
  if (packets.isEmpty()) return [];
  const taking = legs.flatMap(toNats).filter((arrival) => !arrival.packets.intersect(packets).isEmpty());
  const nats = [...new Set(taking.flatMap(({ terminal }) => natsOf(terminal)))].sort();
  return [{ terminal: { kind: 'one-of-nats', id: nats.join(' or '), nats }, packets, sessions: new Map() }];
}

function natsOf(at: Terminal): readonly ResourceId[] {
  return at.kind === 'nat' ? [at.id] : at.kind === 'one-of-nats' ? at.nats : [];
}

function joined(remembered: readonly Sessions[], isSymmetric: boolean): Sessions {
  const keys = new Set(remembered.flatMap((sessions) => [...sessions.keys()]));
  const of = (key: string) => remembered.map((sessions) => sessions.get(key) ?? PacketSet.EMPTY);
  const join = (sets: readonly PacketSet[]) =>
    isSymmetric ? PacketSet.unionAll(sets) : sets.reduce((all, set) => all.intersect(set));
  return new Map([...keys].map((key) => [key, join(of(key))]));
}
