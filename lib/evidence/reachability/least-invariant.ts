/**
 * The least sets that the checker allows, as fixpoints: of the hops from each place where packets enter, and of the
 * legs of each sender. The checker only has to see that they are closed.
 */
import { PacketSet } from '../../base/net';
import {
  ANY_SESSION,
  type Arrival,
  type Entry,
  ForwardingGraph,
  isOwnLeg,
  isTerminal,
  type Leg,
  LegEnds,
  type Location,
  legKey,
  locationKey,
  type NetworkIndex,
  NO_USES,
  type Place,
  type Received,
  type Sessions,
} from '../forwarding';
import type { End } from '../network';

/** What one sender puts on the network, on one leg, by place where it enters. */
export interface MadeLeg {
  readonly leg: Leg;
  readonly places: Map<string, { readonly at: Location; readonly packets: PacketSet }>;
}

export interface MadeSender {
  readonly legs: ReadonlyMap<string, MadeLeg>;
  readonly received: readonly Received[];
}

export class LeastInvariants {
  /** By place where packets enter. */
  readonly hops = new Map<string, readonly Place[]>();
  /** Apart from the hops only where a firewall knows an answer from any other packet. */
  readonly answers = new Map<string, readonly Place[]>();
  private readonly graph: ForwardingGraph;
  private readonly legEnds: LegEnds;
  /** by leg, then by place and packets */
  private readonly arrivals = new Map<string, Map<string, readonly Arrival[]>>();

  constructor(index: NetworkIndex, ends: readonly End[]) {
    this.graph = new ForwardingGraph(index, 'may');
    this.legEnds = new LegEnds(this.graph, ends, (at) =>
      this.graph.entrances.answerEntrances(at).flatMap((start) => this.answersFrom(start)),
    );
  }

  of(from: End, sent: PacketSet): MadeSender {
    const legs = new Map<string, MadeLeg>();
    const open = new Map<string, () => void>();
    const enter = (entry: Entry): void => {
      const [key, place] = [legKey(entry), locationKey(entry.at)];
      const made = legs.get(key) ?? { leg: { origin: entry.origin, target: entry.target }, places: new Map() };
      const before = made.places.get(place)?.packets ?? PacketSet.EMPTY;
      if (entry.packets.isSubsetOf(before)) return;
      legs.set(key, made);
      made.places.set(place, { at: entry.at, packets: before.union(entry.packets) });
      open.set(`${key}\n${place}`, () => {
        for (const { onward } of this.arrivalsOf(key, made, place)) onward.forEach(enter);
      });
    };
    for (const entry of this.legEnds.entries(from, sent)) enter(entry);
    for (const [name, visit] of open) {
      open.delete(name);
      visit();
    }
    const received = [...legs].flatMap(([key, made]) =>
      [...made.places.keys()].flatMap((place) => this.arrivalsOf(key, made, place).flatMap((one) => one.received)),
    );
    // Only what sends on for others is met again.
    for (const [key, { leg }] of legs) if (isOwnLeg(leg, from)) this.arrivals.delete(key);
    return { legs, received };
  }

  private arrivalsOf(key: string, { leg, places }: MadeLeg, place: string): readonly Arrival[] {
    const entry = places.get(place);
    if (!entry) return [];
    const known = this.arrivals.get(key) ?? new Map<string, readonly Arrival[]>();
    this.arrivals.set(key, known);
    const name = `${entry.packets.diagram.id} ${place}`;
    let arrivals = known.get(name);
    if (!arrivals) {
      arrivals = this.hopsFrom(entry.at).flatMap(({ location, packets }) => {
        if (!isTerminal(location)) return [];
        const arrived = entry.packets.intersect(packets);
        return arrived.isEmpty() ? [] : this.legEnds.arrive(leg, location, arrived);
      });
      known.set(name, arrivals);
    }
    return arrivals;
  }

  private hopsFrom(start: Location): readonly Place[] {
    const key = locationKey(start);
    const places = this.hops.get(key) ?? this.spread(start, undefined);
    this.hops.set(key, places);
    return places;
  }

  private answersFrom(start: Location): readonly Place[] {
    const key = locationKey(start);
    const known = this.answers.get(key);
    if (known) return known;
    const places = this.hops.get(key) ?? this.spread(start, undefined);
    if (!places.some(({ location }) => this.graph.remembers(location))) {
      this.hops.set(key, places);
      return places;
    }
    const answers = this.spread(start, ANY_SESSION);
    this.answers.set(key, answers);
    return answers;
  }

  /** Where whatever enters at a place may be, until nothing new is anywhere. */
  private spread(start: Location, answering: Sessions | undefined): Place[] {
    const places = new Map<string, Place>();
    const queue: Place[] = [];
    const visit = (location: Location, packets: PacketSet): void => {
      const key = locationKey(location);
      const before = places.get(key)?.packets ?? PacketSet.EMPTY;
      const fresh = packets.subtract(before);
      if (fresh.isEmpty()) return;
      places.set(key, { location, packets: before.union(fresh) });
      if (!isTerminal(location)) queue.push({ location, packets: fresh });
    };
    visit(start, PacketSet.ALL);
    for (let next = queue.shift(); next; next = queue.shift()) {
      this.graph.step(next.location, next.packets, answering, NO_USES, visit);
    }
    return [...places.values()];
  }
}
