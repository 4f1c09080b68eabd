/**
 * What is being asked, and what has been found so far.
 */
import { AddressSet, isHostPrefix, PacketSet, TCP, UDP } from '../../base/net';
import { asNat64, FROM_CHOSEN_PORTS, legKey, locationKey, type Origin, type Party, type Uses } from '../forwarding';
import { type End, endKey, isKnown, type ResourceId } from '../network';
import type { Departure } from './leg';
import { OVER_INTERNET, type Reach, SampledReach } from './reach';

/** What of a packet is still as its initiator sent it: address and port together. */
export interface Kept {
  readonly source: boolean;
  readonly destination: boolean;
  /** the destination is kept, but for its family: what was sent to 64:ff9b::/96 goes on as IPv4 */
  readonly asIpv4?: boolean;
}

export const ALL_KEPT: Kept = { source: true, destination: true };
export const NONE_KEPT: Kept = { source: false, destination: false };

/** A chain of legs so far. */
export interface Chain {
  readonly origin: Origin;
  /** the initiator's packets that lead here; undefined on the first leg, where they are the packets themselves */
  readonly sent?: PacketSet;
  /** which ends of the packets nothing on the way has replaced */
  readonly keeps: Kept;
  /** the destination of what was sent is the address of the balancer's node that sends on */
  readonly calledAtNode?: boolean;
  /** what translated or passed on the packets, in order */
  readonly via: readonly ResourceId[];
  /** the one party that this leg is for, by the key of its end; undefined: whoever has the address */
  readonly intended?: string;
  /** nothing certain comes of passing the same twice: its address would have to be two things at once */
  readonly isOnce?: true;
  /** what was passed already, so that no chain goes round in circles */
  readonly passed: ReadonlySet<string>;
}

/** The next leg of a chain, after something made new packets of what reached it. */
export function extend(
  chain: Chain,
  arrived: PacketSet,
  next: {
    readonly origin: Origin;
    readonly through: ResourceId;
    readonly key?: string;
    readonly keeps?: Partial<Kept>;
  },
): Chain {
  return {
    origin: next.origin,
    sent: chain.sent ? refine(chain.sent, arrived, chain.keeps) : arrived,
    via: [...chain.via, next.through],
    // Whoever a balancer sent it to, a NAT gateway on the way sends it to the same.
    intended: chain.intended,
    keeps: {
      source: chain.keeps.source && next.keeps?.source === true,
      destination: chain.keeps.destination && next.keeps?.destination === true,
      asIpv4: chain.keeps.asIpv4 === true || next.keeps?.asIpv4 === true,
    },
    passed: new Set([...chain.passed, next.key ?? next.through]),
  };
}

class Found extends SampledReach {
  /** of the question that found it */
  revision = 0;

  /** Both, by the shorter of their paths. */
  with(other: Found): Found {
    const { via } = isShorter(other.via, this.via) ? other : this;
    return new Found(this.from, this.to, this.sent.union(other.sent), this.received.union(other.received), via);
  }
}

function isShorter(one: readonly ResourceId[], other: readonly ResourceId[]): boolean {
  return one.length < other.length || (one.length === other.length && one.join(' ') < other.join(' '));
}

/** A leg that is still to be walked. */
export interface Pursuit {
  readonly chain: Chain;
  readonly departures: readonly Departure[];
}

/** Packets of a chain that somebody sends on in its own name, which is a question of its own. */
interface Call {
  readonly chain: Chain;
  readonly proxy: Question;
  /** which revision of it, and how many of its unknowns, are known here */
  learnt: number;
  learntUses: number;
}

export class Question {
  readonly calls: Call[] = [];
  private readonly reaches = new Map<string, Found>();
  /** those that somebody passed on, by who did so last */
  private readonly byEnding = new Map<string, string[]>();
  private readonly queue: Pursuit[] = [];
  private readonly begun = new Map<string, Pursuit[]>();
  /** grows with each reach that is found, or found to hold more */
  private revision = 0;

  constructor(
    readonly from: End,
    /** keys of the ends asked for; undefined: everyone */
    private readonly to: ReadonlySet<string> | undefined,
    /** potential interfaces with groups of their own, beside those that every subnet has */
    readonly extra: readonly Party[],
    readonly uses: Uses,
  ) {}

  /** equal for questions that ask for the same potential interfaces */
  get extraKey(): string {
    return this.extra.map((party) => endKey(party.end)).join(' ');
  }

  wants(end: End): boolean {
    return this.to === undefined || this.to.has(endKey(end));
  }

  found(chain: Chain, to: End, received: PacketSet): void {
    if (received.isEmpty() || !this.wants(to)) return;
    const sent = chain.sent ? refine(chain.sent, received, chain.keeps) : received;
    if (!sent.isEmpty()) this.add(new Found(this.from, to, sent, received, chain.via));
  }

  /** The same question, for what is found on one of several ways of which AWS picks one. */
  beside(): Question {
    return new Question(this.from, this.to, this.extra, this.uses);
  }

  /** What was found on each of several ways of which AWS picks one: certain are the packets for which all of them do. */
  foundByEach(ways: readonly (readonly Reach[])[]): void {
    for (const reach of ways[0] ?? []) {
      const key = endKey(reach.to);
      const alike = ways.map((found) =>
        PacketSet.unionAll(found.filter(({ to }) => endKey(to) === key).map(({ sent }) => sent)),
      );
      const sent = alike.reduce((all, one) => all.intersect(one), reach.sent);
      // Which of the packets sent arrives as which is not known: all of them, or, translated but once, by where they are for.
      const isWhole = reach.sent.isSubsetOf(sent);
      const shape = sent.withAnySource().withAnySourcePort();
      const received = isWhole ? reach.received : reach.received.intersect(shape);
      if (sent.isEmpty() || received.isEmpty() || !(isWhole || reach.via.length === 1)) continue;
      this.add(new Found(this.from, reach.to, sent, received, reach.via));
    }
  }

  private add(reach: Found): void {
    const ending = endingOf(reach);
    const key = `${ending} ${[...new Set(reach.via)].sort().join(' ')}`;
    const before = this.reaches.get(key);
    if (before && isPart(reach, before)) return;
    if (!before && this.isDetour(reach, ending)) return;
    const whole = before ? before.with(reach) : reach;
    whole.revision = ++this.revision;
    this.reaches.set(key, whole);
    if (before || whole.via.length === 0) return;
    const alike = this.byEnding.get(ending);
    if (alike) alike.push(key);
    else this.byEnding.set(ending, [key]);
  }

  /** No packet more than by fewer of the same steps. */
  private isDetour(reach: Reach, ending: string): boolean {
    return (this.byEnding.get(ending) ?? []).some((key) => {
      const known = this.reaches.get(key);
      return known?.via.every((step) => reach.via.includes(step)) && isPart(reach, known);
    });
  }

  /** What `proxy` reaches in its own name is reached by this chain, too. */
  call(chain: Chain, proxy: Question): void {
    const isKnown = this.calls.some((known) => known.proxy === proxy && isSameWay(chain, known.chain));
    if (!isKnown) this.calls.push({ chain, proxy, learnt: 0, learntUses: 0 });
  }

  /** Takes over what those that it calls have found since it last asked; whether anything of it was new. */
  learn(): boolean {
    const before = this.revision + this.uses.size;
    for (const call of this.calls) {
      const { chain, proxy, learnt, learntUses } = call;
      if (learnt === proxy.revision && learntUses === proxy.uses.size) continue;
      call.learnt = proxy.revision;
      call.learntUses = proxy.uses.size;
      for (const use of proxy.uses.list()) this.uses.add(use);
      const fresh = [...proxy.reaches.values()].filter(({ revision }) => revision > learnt);
      for (const reach of fresh) this.foundBehind(chain, reach);
    }
    return this.revision + this.uses.size !== before;
  }

  private foundBehind(chain: Chain, reach: Reach): void {
    if (chain.isOnce && reach.via.some((step) => chain.via.includes(step))) return;
    // A balancer's node sends from the very address at which its client called it, by its own name or through NAT64.
    const isNode = chain.calledAtNode === true && !chain.keeps.asIpv4;
    const atNode = isNode ? PacketSet.of({ destinations: reach.sent.sources() }) : PacketSet.ALL;
    const via = [...chain.via, ...reach.via];
    this.found({ ...chain, sent: chain.sent?.intersect(atNode), keeps: NONE_KEPT, via }, reach.to, reach.received);
  }

  /**
   * A leg to be walked when its turn comes, so that the shortest chains come first; not at all where one with the same
   * packets, and more, was begun after less: all that it may lead to is found already.
   */
  later(pursuit: Pursuit): void {
    if (pursuit.departures.every(({ packets }) => packets.isEmpty())) return;
    const { origin, keeps, intended, calledAtNode } = pursuit.chain;
    const picksPort = origin.kind === 'party' && origin.picksPort;
    const key = JSON.stringify([legKey({ origin }), picksPort, keeps, intended, calledAtNode]);
    const begun = this.begun.get(key) ?? [];
    this.begun.set(key, begun);
    if (begun.some((known) => covers(known, pursuit))) return;
    begun.push(pursuit);
    this.queue.push(pursuit);
  }

  next(): Pursuit | undefined {
    return this.queue.shift();
  }

  list(): Reach[] {
    const written = [...this.reaches.values()].map(
      (reach) => [`${endKey(reach.to)} via ${reach.via.join(' ')}`, reach] as const,
    );
    return written.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reach]) => reach);
  }
}

/** Equal for paths that look the same to their end. */
function endingOf({ to, via }: Reach): string {
  return via.length === 0 ? endKey(to) : `${endKey(to)} ${via.includes(OVER_INTERNET)} ${via.at(-1)}`;
}

/** Whether one chain leads no packet to its end that the other, by the same steps or fewer, does not. */
function isSameWay(one: Chain, other: Chain): boolean {
  const isAlike = one.via.at(-1) === other.via.at(-1) && one.calledAtNode === other.calledAtNode;
  const keepsAlike = one.keeps.asIpv4 === other.keeps.asIpv4;
  const isOver = one.via.includes(OVER_INTERNET) === other.via.includes(OVER_INTERNET);
  const isShort = other.via.every((step) => one.via.includes(step));
  return isAlike && keepsAlike && isOver && isShort && isWithin(one.sent, other.sent);
}

function isPart(reach: Reach, known: Reach): boolean {
  return reach.sent.isSubsetOf(known.sent) && reach.received.isSubsetOf(known.received);
}

function covers(one: Pursuit, other: Pursuit): boolean {
  return (
    isWithin(other.chain.sent, one.chain.sent) &&
    [...one.chain.passed].every((id) => other.chain.passed.has(id)) &&
    other.departures.every(({ location, packets }) => {
      const key = locationKey(location);
      const same = one.departures.filter((known) => locationKey(known.location) === key);
      return packets.isSubsetOf(PacketSet.unionAll(same.map((known) => known.packets)));
    })
  );
}

function isWithin(part: PacketSet | undefined, whole: PacketSet | undefined): boolean {
  return part === undefined || whole === undefined ? part === whole : part.isSubsetOf(whole);
}

/** Of the packets that were sent, those that could have become what was received: a translation keeps the protocol. */
function refine(sent: PacketSet, received: PacketSet, keeps: Kept): PacketSet {
  if (keeps.asIpv4) {
    const shape = asNat64(keeps.destination ? received : received.withAnyDestination().withAnyDestinationPort());
    return sent.intersect(shape.withAnySource().withAnySourcePort());
  }
  // Where neither end is kept, not even the family is: a balancer answers IPv6 clients from IPv4 targets.
  let shape = keeps.source || keeps.destination ? received : received.withAnyAddresses();
  if (!keeps.source) shape = shape.withAnySource().withAnySourcePort();
  if (!keeps.destination) shape = shape.withAnyDestination().withAnyDestinationPort();
  return sent.intersect(shape);
}

/**
 * The packets that work whichever address the party has: an address that the template leaves to AWS is one of a range,
 * and only what holds for all of the range holds for certain. One subnet of several is enough.
 */
export function forEveryAddress(
  packets: PacketSet,
  ranges: readonly AddressSet[],
  side: 'source' | 'destination',
): PacketSet {
  const parts = ranges.map((range) => {
    const within = PacketSet.of(side === 'source' ? { sources: range } : { destinations: range });
    const part = packets.intersect(within);
    const free = (set: PacketSet) => (side === 'source' ? set.withAnySource() : set.withAnyDestination());
    const missing = free(part).intersect(within).subtract(part);
    return part.subtract(free(missing));
  });
  return PacketSet.unionAll(parts);
}

const PORTED = PacketSet.of({ protocols: [TCP, UDP] });

/** The packets that work whichever port the translator takes. */
export function forEveryChosenPort(packets: PacketSet): PacketSet {
  const part = packets.intersect(FROM_CHOSEN_PORTS);
  const missing = part.withAnySourcePort().intersect(FROM_CHOSEN_PORTS).subtract(part).intersect(PORTED);
  return part.subtract(missing.withAnySourcePort());
}

/** The ranges that an address of a declared interface is taken from, by subnet and family; none where it is a choice. */
export function openRanges(party: Party, rangeOf: (at: number) => AddressSet): readonly AddressSet[] | undefined {
  if (!party.noun) return undefined;
  const families = [AddressSet.ALL_IPV4, AddressSet.ALL_IPV6];
  // It has each of the addresses that the template gives it, so whichever of them works is enough.
  const given = party.noun.addresses.filter(isKnown).filter(isHostPrefix);
  const chosen = AddressSet.ofAll(given);
  const ranges = party.subnets.flatMap((_, at) =>
    families.map((family) => party.addresses.intersect(rangeOf(at)).intersect(family).subtract(chosen)),
  );
  return [...ranges, ...given.map((prefix) => AddressSet.of(prefix))].filter((range) => !range.isEmpty());
}
