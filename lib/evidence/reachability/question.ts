/**
 * What is being asked, and what has been found so far.
 */
import { PacketSet } from '../../base/net';
import type { Party, Uses } from '../forwarding';
import { type Approximation, type End, endKey } from '../network';
import { type Chain, NONE_KEPT, refine } from './chain';
import { isWithin, type Pursuit, Pursuits } from './pursuits';
import { OVER_INTERNET, type Reach } from './reach';
import { isShorter, Ways } from './ways';

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
  private readonly ways: Ways;
  private readonly pursuits: Pursuits;

  constructor(
    readonly from: End,
    /** keys of the ends asked for; undefined: everyone */
    private readonly to: ReadonlySet<string> | undefined,
    /** potential interfaces with groups of their own, beside those that every subnet has */
    readonly extra: readonly Party[],
    readonly uses: Uses,
    readonly approximation: Approximation,
  ) {
    this.ways = new Ways(approximation);
    this.pursuits = new Pursuits(approximation);
  }

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
    if (sent.isEmpty()) return;
    this.ways.add({ from: this.from, to, sent, received, via: chain.via, keepsDestination: chain.keeps.destination });
  }

  /** The same question, for what is found on one of several ways of which AWS picks one. */
  beside(): Question {
    return new Question(this.from, this.to, this.extra, this.uses, this.approximation);
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
      this.ways.add({ from: this.from, to: reach.to, sent, received, via: reach.via, keepsDestination: false });
    }
  }

  /** What `proxy` reaches in its own name is reached by this chain, too. */
  call(chain: Chain, proxy: Question): void {
    const isKnown = this.calls.some((known) => known.proxy === proxy && this.isSameWay(chain, known.chain));
    if (!isKnown) this.calls.push({ chain, proxy, learnt: 0, learntUses: 0 });
  }

  /** Whether one chain leads no packet to its end that the other, by the same steps or fewer, does not. */
  private isSameWay(one: Chain, other: Chain): boolean {
    const isAlike = one.via.at(-1) === other.via.at(-1) && one.calledAtNode === other.calledAtNode;
    const keepsAlike = one.keeps.asIpv4 === other.keeps.asIpv4;
    const isOver = one.via.includes(OVER_INTERNET) === other.via.includes(OVER_INTERNET);
    if (!isAlike || !keepsAlike || !isOver || !isWithin(one.sent, other.sent)) return false;
    const isShort = this.approximation === 'may' && !isShorter(one.via, other.via);
    return isShort || other.via.every((step) => one.via.includes(step));
  }

  /** Takes over what those that it calls have found since it last asked; whether anything of it was new. */
  learn(): boolean {
    const before = this.ways.revision + this.uses.size;
    for (const call of this.calls) {
      const { chain, proxy, learnt, learntUses } = call;
      const { revision } = proxy.ways;
      if (learnt === revision && learntUses === proxy.uses.size) continue;
      call.learnt = revision;
      call.learntUses = proxy.uses.size;
      for (const use of proxy.uses.list()) this.uses.add(use);
      for (const reach of proxy.ways.since(learnt)) this.foundBehind(chain, reach);
    }
    return this.ways.revision + this.uses.size !== before;
  }

  private foundBehind(chain: Chain, reach: Reach): void {
    if (chain.isOnce && reach.via.some((step) => chain.via.includes(step))) return;
    // A balancer's node sends from the very address at which its client called it, by its own name or through NAT64.
    const isNode = chain.calledAtNode === true && !chain.keeps.asIpv4;
    const atNode = isNode ? PacketSet.of({ destinations: reach.sent.sources() }) : PacketSet.ALL;
    const via = [...chain.via, ...reach.via];
    this.found({ ...chain, sent: chain.sent?.intersect(atNode), keeps: NONE_KEPT, via }, reach.to, reach.received);
  }

  /** A leg to be walked when its turn comes. */
  later(pursuit: Pursuit): void {
    this.pursuits.add(pursuit);
  }

  next(): Pursuit | undefined {
    return this.pursuits.next();
  }

  list(): Reach[] {
    return this.ways.list();
  }
}
