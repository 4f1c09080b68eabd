/**
 * Checks certificates, without the engine. The network is a system of places and hops, and a certificate writes down the
 * packets that may be at each place. What a hop does, `forwarding/` says; here is checked of the sets that are written down:
 *
 *  - entry: every packet is in the set of the place where it enters, and what a sender sends is in the sets of its legs;
 *  - closure: one hop from any place's set lands in the set of the next place, and what is made of packets where a leg ends
 *    is in the sets of the leg that this begins; who receives anything from a host that may be taken over may be, too;
 *  - exclusion: of what has arrived anywhere, nothing that a claim forbids is received by those it speaks of (`claims.ts`).
 *
 * By induction over hops every packet is in the set of the place where it is; so none that is forbidden is received.
 */
import { PacketSet, parsePacketTable } from '../../base/net';
import {
  ANY_SESSION,
  type Arrival,
  type Entry,
  ForwardingGraph,
  isOwnLeg,
  isTerminal,
  LegEnds,
  type Location,
  legKey,
  locationKey,
  NO_USES,
  type Place,
  type Received,
} from '../forwarding';
import { type End, endKey, hashNetwork, type NetworkModel, type Sha256 } from '../network';
import { Claims, entryOf } from './claims';
import { type Certificates, parseCertificates, sealOf } from './format';

export interface CheckResult {
  /** why it proves nothing; empty: every claim is proved */
  readonly problems: readonly string[];
  /** what is proved, in the words of the certificate */
  readonly proved?: Certificates & { readonly packets: (set: number) => PacketSet };
  /** what the network holds and nobody models: nothing here speaks of what it may do */
  readonly notUnderstood: readonly string[];
}

/** A set does not hold what it must. */
class Flaw extends Error {}

/** `input` is anything that a stranger hands in: parsed JSON. */
export function checkCertificates(input: unknown, network: NetworkModel, sha256: Sha256): CheckResult {
  const { unmodelled, bridges, interfaces } = network;
  const strange = [...unmodelled, ...bridges, ...interfaces.filter(({ behaviour }) => behaviour === 'unknown')];
  const notUnderstood = [...new Set(strange.map(({ id }) => id))].sort();
  const rejected = (...problems: string[]): CheckResult => ({ problems, notUnderstood });
  try {
    const file = parseCertificates(input);
    if (file.seal !== sealOf(file, sha256)) return rejected('the seal is broken: this was changed after it was made');
    if (file.network !== hashNetwork(network, sha256)) return rejected('it speaks of another network than this one');
    const sets = parsePacketTable(file.sets);
    const packets = (set: number) => entryOf(sets, set);
    const invariants = new Invariants(file, packets, network);
    const received = file.senders.map((sender) => invariants.receivedFrom(sender));
    const claims = new Claims(file, packets, (sender) => entryOf(received, sender));
    const problems = [...invariants.idle(), ...claims.refute(file.claims).map(({ why }) => why)];
    return problems.length > 0 ? rejected(...problems) : { problems, notUnderstood, proved: { ...file, packets } };
  } catch (error) {
    if (error instanceof Flaw) return rejected(error.message);
    if (error instanceof RangeError) return rejected(`not a certificate: ${error.message}`);
    throw error;
  }
}

class Invariants {
  private readonly graph: ForwardingGraph;
  private readonly legEnds: LegEnds;
  private readonly tables = { hops: new Map<string, readonly Place[]>(), answers: new Map<string, readonly Place[]>() };
  private readonly known = new Map<string, readonly Arrival[]>();

  constructor(
    private readonly file: Certificates,
    private readonly packets: (set: number) => PacketSet,
    network: NetworkModel,
  ) {
    this.graph = new ForwardingGraph(network, 'may');
    const { entrances, index } = this.graph;
    this.legEnds = new LegEnds(this.graph, file.ends, (at) =>
      entrances.answerEntrances(at).flatMap((start) => this.answersFrom(start)),
    );
    const absent = [...file.ends, ...file.senders.map(({ from }) => from)].find((end) => !index.hasEnd(end));
    if (absent) throw new Flaw(`the network has no ${endKey(absent)}`);
    for (const { receivers, vacant = [] } of Object.values(file.places)) {
      const own = new Set(receivers.map(([number]) => endKey(entryOf(file.ends, number))));
      const odd = vacant.find((id) => !index.isVacant(id) || !own.has(`interface:${id}`));
      if (odd !== undefined) throw new Flaw(`something stands behind ${odd}, or it is another's`);
    }
  }

  /** Entry and closure of what one end sends; all of it that may be received. */
  receivedFrom({ from, sent = 1, legs }: Certificates['senders'][number]): Received[] {
    const open = new Map<string, Entry>();
    const enter = (entry: Entry): void => {
      const [key, place] = [legKey(entry), locationKey(entry.at)];
      if (!entry.packets.isSubsetOf(this.packets(legs[key]?.[place] ?? 0))) throw new Flaw(`entry: ${key}: ${place}`);
      if (!entry.packets.isEmpty() && !open.has(`${key}\n${place}`)) open.set(`${key}\n${place}`, entry);
    };
    for (const entry of this.legEnds.entries(from, this.packets(sent))) enter(entry);
    const found: Received[] = [];
    for (const entry of open.values()) {
      const set = legs[legKey(entry)]?.[locationKey(entry.at)] ?? 0;
      for (const { received, onward } of this.arrivals(entry, set, from)) {
        found.push(...received);
        for (const next of onward) enter(next);
      }
    }
    if (Object.values(legs).flatMap(Object.keys).length > open.size) throw new Flaw(`idle: legs of ${endKey(from)}`);
    return found;
  }

  /** What becomes of a set that enters somewhere, worked out once where several senders send on one leg. */
  private arrivals(entry: Entry, set: number, from: End): readonly Arrival[] {
    const name = `${legKey(entry)}\n${locationKey(entry.at)}\n${set}`;
    const known = this.known.get(name);
    if (known) return known;
    const arrivals = this.table('hops', entry.at).flatMap(({ location, packets }) => {
      const arrived = isTerminal(location) ? packets.intersect(this.packets(set)) : PacketSet.EMPTY;
      return isTerminal(location) && !arrived.isEmpty() ? this.legEnds.arrive(entry, location, arrived) : [];
    });
    if (!isOwnLeg(entry, from)) this.known.set(name, arrivals);
    return arrivals;
  }

  /** Only a firewall knows an answer from any other packet. */
  private answersFrom(start: Location): readonly Place[] {
    const isApart = this.file.answers[locationKey(start)] !== undefined;
    const places = this.table(isApart ? 'answers' : 'hops', start);
    const isTold = isApart || !places.some(({ location }) => this.graph.remembers(location));
    if (!isTold) throw new Flaw(`closure: nothing is said of the answers from ${locationKey(start)}`);
    return places;
  }

  /** Entry and closure of the hops from a place where packets enter: whatever enters there. */
  private table(kind: 'hops' | 'answers', start: Location): readonly Place[] {
    const name = locationKey(start);
    const known = this.tables[kind].get(name);
    if (known) return known;
    const claimed = this.file[kind][name] ?? {};
    const places = new Map<string, Place>();
    const enter = (location: Location, packets: PacketSet): void => {
      const key = locationKey(location);
      const place = places.get(key) ?? { location, packets: this.packets(claimed[key] ?? 0) };
      if (!packets.isSubsetOf(place.packets)) throw new Flaw(`closure: ${kind} from ${name}: ${key}`);
      places.set(key, place);
    };
    enter(start, PacketSet.ALL);
    const answering = kind === 'answers' ? ANY_SESSION : undefined;
    for (const { location, packets } of places.values()) this.graph.step(location, packets, answering, NO_USES, enter);
    if (Object.keys(claimed).length > places.size) throw new Flaw(`idle: ${kind} from ${name}`);
    this.tables[kind].set(name, [...places.values()]);
    return [...places.values()];
  }

  /** Tables that nothing rests on prove nothing, so a certificate has none. */
  idle(): string[] {
    const isIdle = (kind: 'hops' | 'answers') => Object.keys(this.file[kind]).length > this.tables[kind].size;
    return (['hops', 'answers'] as const).filter(isIdle).map((kind) => `idle: ${kind}`);
  }
}
