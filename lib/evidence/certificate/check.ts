/**
 * Checks certificates, without the engine. What a reader has to believe, beside `forwarding/` (what one hop does) and
 * `legs.ts` (who receives what has arrived, and what new legs begin with):
 *
 *  - entry: all that `from` may send is in the first leg's sets, at the places where it enters;
 *  - closure: one hop from any place's set lands in the set of the next place, and what a middlebox makes of a set that
 *    has arrived is in the sets of the leg that it starts;
 *  - exclusion: of what has arrived anywhere, `to` receives nothing that is forbidden.
 *
 * By induction over hops every packet is in the set of the place where it is; so none that is forbidden is received. For
 * tcp a leg may carry a second invariant, of the answers: what cannot come back was never a conversation (SEMANTICS 17).
 */
import { PacketSet, TCP } from '../../base/net';
import {
  type ForwardingGraph,
  isTerminal,
  type Location,
  locationKey,
  type Sessions,
  type Terminal,
  Uses,
} from '../forwarding';
import { type End, endKey, type NetworkModel } from '../network';
import { answerEntries, isAnswering, isHome } from './answers';
import * as format from './certificate';
import { type LegHead, LegRules } from './legs';
import { parsePackets } from './packet-text';

export interface CheckResult {
  /** why it proves nothing; empty: every claim is proved */
  readonly problems: readonly string[];
  readonly claims: readonly {
    readonly id: string;
    readonly from: End;
    /** only these packets, as `from` sends them; absent: all */
    readonly sent?: readonly string[];
    readonly to: readonly End[];
    readonly forbidden: readonly string[];
  }[];
  /** what the network holds and nobody models: nothing here speaks of what it may do */
  readonly notUnderstood: readonly string[];
}

/** Packets that may be at each place. */
type Places = ReadonlyMap<string, { readonly location: Location; readonly packets: PacketSet }>;
interface Leg extends LegHead {
  readonly places: Places;
  /** by place where the leg ends: of its tcp packets, those that an answer may come back to */
  readonly answered: ReadonlyMap<string, PacketSet>;
}

const TCP_PACKETS = PacketSet.of({ protocols: [TCP] });

/** `input` is anything that a stranger hands in: parsed JSON. */
export function checkCertificates(input: unknown, network: NetworkModel, sha256: format.Sha256): CheckResult {
  const rejected = (problem: string): CheckResult => ({ problems: [problem], claims: [], notUnderstood: [] });
  const file = format.parseCertificates(input);
  if ('malformed' in file) return rejected(`not a certificate: ${file.malformed}`);
  if (file.seal !== format.sealOf(file, sha256))
    return rejected('the seal is broken: this was changed after it was made');
  if (file.network !== format.hashNetwork(network, sha256))
    return rejected('it speaks of another network than this one');
  try {
    const sets = file.sets.map(parsePackets);
    const rules = new LegRules(network);
    const problems = file.certificates.flatMap((one) => checkCertificate(rules, one, sets, file.ends));
    const shown = file.certificates.flatMap(({ from, sent, claims }) =>
      claims.map(({ id, to, forbidden }) => ({
        id,
        from,
        ...(sent === undefined ? {} : { sent: file.sets[sent] ?? [] }),
        to: file.ends[to] ?? [],
        forbidden: file.sets[forbidden] ?? [],
      })),
    );
    return { problems, claims: problems.length > 0 ? [] : shown, notUnderstood: notUnderstood(network) };
  } catch (error) {
    if (error instanceof RangeError) return rejected(`not a certificate: ${error.message}`);
    throw error;
  }
}

function notUnderstood({ unmodelled, bridges, interfaces }: NetworkModel): string[] {
  const strange = interfaces.filter(({ behaviour }) => behaviour === 'unknown');
  return [...new Set([...unmodelled, ...bridges, ...strange].map(({ id }) => id))].sort();
}

/** The first thing that is wrong with it, or nothing. */
export function checkCertificate(
  rules: LegRules,
  one: format.Certificate,
  sets: readonly PacketSet[],
  ends: readonly (readonly End[])[],
): string[] {
  const problems: string[] = [];
  const note = (problem: string) => problems.push(`${endKey(one.from)}: ${problem}`);
  const legs = new Map<string, Leg>();
  for (const leg of one.legs) legs.set(legKey(leg), readLeg(rules, leg, sets, note));
  const placesOf = (head: LegHead): Places => legs.get(legKey(head))?.places ?? new Map();

  const entries = rules.entries(one.from, one.sent === undefined ? PacketSet.ALL : at(sets, one.sent));
  if (!entries) note('the network has no such end');
  for (const entry of entries ?? []) {
    if (!holds(placesOf(entry), entry.location, entry.packets)) note(`entry: ${locationKey(entry.location)}`);
  }
  for (const leg of legs.values()) {
    for (const leak of leaks(rules.graph, leg.places)) note(`closure: ${leak}`);
    for (const { location, packets } of leg.places.values()) {
      if (!isTerminal(location)) continue;
      const arrived = conversations(leg, location, packets);
      for (const next of rules.onward(leg, location, arrived)) {
        if (!holds(placesOf(next), next.location, next.packets)) note(`closure: onward from ${locationKey(location)}`);
      }
      for (const { id, to, forbidden } of one.claims) {
        const bad = rules
          .candidates(at(ends, to), location)
          .find((end) => receives(rules, leg, location, arrived, end, at(sets, forbidden)));
        if (bad) note(`exclusion: ${id}: ${endKey(bad)} receives what is forbidden`);
      }
    }
  }
  for (const { id, to } of one.claims) {
    for (const end of at(ends, to)) if (!rules.knows(end)) note(`${id}: the network has no ${endKey(end)}`);
  }
  return problems.slice(0, 1);
}

function receives(rules: LegRules, leg: Leg, place: Terminal, arrived: PacketSet, end: End, forbidden: PacketSet) {
  return !rules.received(leg, place, arrived, end).intersect(forbidden).isEmpty();
}

function readLeg(
  rules: LegRules,
  leg: format.CertificateLeg,
  sets: readonly PacketSet[],
  note: (text: string) => void,
): Leg {
  const places = readPlaces(leg.invariant, sets);
  const answered = new Map<string, PacketSet>();
  const sessions: Sessions = new Map(
    [...places.values()].map(({ location, packets }) => [locationKey(location), packets]),
  );
  for (const { to, invariant } of leg.replies ?? []) {
    if (!isAnswering(to) || leg.origin.kind === 'preserving')
      note(`replies: none are sent back from ${locationKey(to)}`);
    else {
      const back = readPlaces(invariant, sets);
      const answers = packetsAt(places, to).intersect(TCP_PACKETS).reversed();
      for (const entry of answerEntries(rules.graph, to)) {
        if (!holds(back, entry, answers)) note(`replies: entry: ${locationKey(entry)}`);
      }
      for (const leak of leaks(rules.graph, back, sessions)) note(`replies: closure: ${leak}`);
      const home = [...back.values()].filter(({ location }) => isHome(rules, leg.origin, location));
      answered.set(keyOf(to), PacketSet.unionAll(home.map(({ packets }) => packets)).reversed());
    }
  }
  return { origin: leg.origin, intended: leg.intended, places, answered };
}

/** What has arrived, without the tcp packets that no answer can come back to. */
function conversations(leg: Leg, place: Location, packets: PacketSet): PacketSet {
  const answered = leg.answered.get(keyOf(place));
  return answered ? packets.subtract(TCP_PACKETS).union(packets.intersect(TCP_PACKETS).intersect(answered)) : packets;
}

/** Hops that leave the sets. */
function leaks(graph: ForwardingGraph, places: Places, answering?: Sessions): string[] {
  const found: string[] = [];
  for (const { location, packets } of places.values()) {
    graph.step(location, packets, answering, new Uses(), (next, part) => {
      if (!holds(places, next, part)) found.push(`${locationKey(location)} -> ${locationKey(next)}`);
    });
  }
  return found;
}

function readPlaces(invariant: format.Invariant, sets: readonly PacketSet[]): Places {
  return new Map(
    invariant.map(({ at: location, packets }) => [keyOf(location), { location, packets: at(sets, packets) }]),
  );
}

function holds(places: Places, location: Location, packets: PacketSet): boolean {
  return packets.isSubsetOf(packetsAt(places, location));
}

function packetsAt(places: Places, location: Location): PacketSet {
  return places.get(keyOf(location))?.packets ?? PacketSet.EMPTY;
}

function at<T>(table: readonly T[], index: number): T {
  const entry = table[index];
  if (entry === undefined) throw new RangeError(`there is no entry ${index} in a table`);
  return entry;
}

function keyOf(location: Location): string {
  return format.canonicalText(location);
}

export function legKey({ origin, intended }: LegHead): string {
  return format.canonicalText({ origin, intended });
}
