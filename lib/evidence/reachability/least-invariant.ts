/**
 * The least invariant of everything that an end may send, by the rules of `certificate/`: per leg, what may be where.
 * A fixpoint; the checker only has to see that it is one.
 */
import { PacketSet, TCP } from '../../base/net';
import {
  type Answering,
  answerEntries,
  type Entry,
  isAnswering,
  isHome,
  type LegHead,
  type LegRules,
  legKey,
} from '../certificate';
import { isTerminal, type Location, locationKey, type Sessions, type Terminal, Uses } from '../forwarding';
import type { End } from '../network';

export type Places = Map<string, { readonly location: Location; readonly packets: PacketSet }>;

export interface MadeLeg {
  readonly head: LegHead;
  readonly places: Places;
  /** by place where the leg ends: where the answers to its tcp packets may be */
  readonly replies: Map<string, { readonly to: Answering; readonly places: Places; readonly answered: PacketSet }>;
}

export interface WantedClaim {
  readonly to: readonly End[];
  readonly forbidden: PacketSet;
}

interface Asked {
  readonly from: End;
  readonly sent?: PacketSet;
  readonly claims: readonly WantedClaim[];
}

const TCP_PACKETS = PacketSet.of({ protocols: [TCP] });

/** Sorted by leg; empty where the network has no such end. */
export function leastInvariant(rules: LegRules, asked: Asked, withReplies: boolean): MadeLeg[] {
  const legs = new Map<string, MadeLeg>();
  const open = new Map<string, { leg: MadeLeg; entries: Entry[] }>();
  const enter = (entry: Entry): void => {
    const key = legKey(entry);
    const leg = legs.get(key) ?? {
      head: { origin: entry.origin, intended: entry.intended },
      places: new Map(),
      replies: new Map(),
    };
    legs.set(key, leg);
    const before = leg.places.get(locationKey(entry.location))?.packets;
    if (entry.packets.isEmpty() || (before && entry.packets.isSubsetOf(before))) return;
    const waiting: { leg: MadeLeg; entries: Entry[] } = open.get(key) ?? { leg, entries: [] };
    waiting.entries.push(entry);
    open.set(key, waiting);
  };
  for (const entry of rules.entries(asked.from, asked.sent ?? PacketSet.ALL) ?? []) enter(entry);
  for (let [next] = open; next; [next] = open) {
    const [key, { leg, entries }] = next;
    open.delete(key);
    spread(rules, leg.places, entries, undefined);
    for (const { location, packets } of [...leg.places.values()]) {
      if (!isTerminal(location)) continue;
      if (withReplies && isAnswering(location) && matters(rules, leg, location, packets, asked.claims))
        follow(rules, leg, location, packets);
      for (const entry of rules.onward(leg.head, location, conversations(leg, location, packets))) enter(entry);
    }
  }
  return [...legs.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, leg]) => leg);
}

/** Whether nothing that a claim forbids is received, by these sets. */
export function excludes(rules: LegRules, legs: readonly MadeLeg[], { to, forbidden }: WantedClaim): boolean {
  return legs.every((leg) =>
    [...leg.places.values()].every(({ location, packets }) => {
      if (!isTerminal(location)) return true;
      const arrived = conversations(leg, location, packets);
      return rules
        .candidates(to, location)
        .every((end) => rules.received(leg.head, location, arrived, end).intersect(forbidden).isEmpty());
    }),
  );
}

type Start = Pick<Entry, 'location' | 'packets'>;

/** Adds what follows from new packets, until nothing does. */
function spread(rules: LegRules, places: Places, starts: readonly Start[], answering: Sessions | undefined): void {
  const queue: Start[] = [];
  const visit = (location: Location, packets: PacketSet): void => {
    const key = locationKey(location);
    const before = places.get(key)?.packets ?? PacketSet.EMPTY;
    const fresh = packets.subtract(before);
    if (fresh.isEmpty()) return;
    places.set(key, { location, packets: before.union(fresh) });
    if (!isTerminal(location)) queue.push({ location, packets: fresh });
  };
  for (const { location, packets } of starts) visit(location, packets);
  for (let next = queue.shift(); next; next = queue.shift()) {
    rules.graph.step(next.location, next.packets, answering, new Uses(), visit);
  }
}

/** Answers are worth following only where something forbidden or something new would come of the packets. */
function matters(
  rules: LegRules,
  { head }: MadeLeg,
  at: Terminal,
  packets: PacketSet,
  claims: readonly WantedClaim[],
): boolean {
  const tcp = packets.intersect(TCP_PACKETS);
  if (tcp.isEmpty() || head.origin.kind === 'preserving') return false;
  const isForbidden = claims.some(({ to, forbidden }) =>
    rules.candidates(to, at).some((end) => !rules.received(head, at, tcp, end).intersect(forbidden).isEmpty()),
  );
  return isForbidden || rules.onward(head, at, tcp).some((entry) => !entry.packets.isEmpty());
}

function follow(rules: LegRules, leg: MadeLeg, at: Answering, packets: PacketSet): void {
  const places: Places = new Map();
  const answers = packets.intersect(TCP_PACKETS).reversed();
  const sessions: Sessions = new Map([...leg.places.values()].map((one) => [locationKey(one.location), one.packets]));
  const starts = answerEntries(rules.graph, at).map((location) => ({ location, packets: answers }));
  spread(rules, places, starts, sessions);
  const home = [...places.values()].filter(({ location }) => isHome(rules, leg.head.origin, location));
  const answered = PacketSet.unionAll(home.map((one) => one.packets)).reversed();
  leg.replies.set(locationKey(at), { to: at, places, answered });
}

function conversations({ replies }: MadeLeg, at: Location, packets: PacketSet): PacketSet {
  const known = replies.get(locationKey(at));
  if (!known) return packets;
  return packets.subtract(TCP_PACKETS).union(packets.intersect(TCP_PACKETS).intersect(known.answered));
}
