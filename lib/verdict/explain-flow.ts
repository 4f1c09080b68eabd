/**
 * One question, answered: can `from` talk to `to`, hop by hop, and if not, what stops it.
 *
 * The engine decides, over all packets; trace follows one of them and has to agree before anyone is told `reachable` or
 * `blocked`. Where the two disagree the answer is `unknown` and says so.
 */
import { type Address, AddressSet, hostPrefix, type PacketSample, PacketSet } from '../base/net';
import {
  type Approximation,
  type End,
  endKey,
  isKnown,
  type NetworkModel,
  type Packet,
  type UnknownUse,
} from '../evidence/network';
import { type Reach, ReachabilityEngine, reachesOverInternet } from '../evidence/reachability';
import { indexNetwork, type Trace, traceFlow } from '../evidence/trace';
import { blockersLeftOpen } from './blockers-left-open';
import { bridgesLeftOpen } from './bridges-left-open';
import { rewritesLeftOpen } from './changes-left-open';
import {
  distinct,
  type Explanation,
  type FlowQuestion,
  parametersOf,
  resourceOf,
  stopped,
  verdictOf,
  withAnyGroups,
} from './explanation';
import { LinksInFront } from './links-in-front';
import { editThatOpens } from './one-edit-away';
import { PacketsSpokenOf } from './packets-spoken-of';
import { pastTheEngine } from './past-the-engine';
import { portsOf } from './ports-of';
import type { SingleEdit } from './result';
import { routesLeftOpen } from './routes-left-open';
import { translatorsLeftOpen } from './translators-left-open';

interface Attempt {
  readonly from: End;
  readonly to: End;
  readonly packet: Packet;
  readonly trace: Trace;
}

/** What an end reaches, and what was not understood about it. */
interface Found {
  readonly reaches: readonly Reach[];
  readonly unknowns: readonly UnknownUse[];
}

/** A reach of which some packets are asked about. */
interface Match {
  readonly reach: Reach;
  readonly sent: PacketSet;
}

const PORTED = PacketSet.of({ protocols: [6, 17] });
const USUAL_SOURCE = PacketSet.of({ protocols: [6, 17], sourcePorts: [{ from: 1024, to: 65535 }] }).union(
  PacketSet.ALL.subtract(PORTED),
);
const TCP_TRAFFIC = PacketSet.of({ protocols: [6] });
/** Where any port would do, a reader expects one of these. */
const FAMILIAR_PORTS = [443, 80, 22];
const CACHED_ORIGINS = 4096;
/** Packets, and pairs of ends, that are followed to find what stops a flow. */
const MAX_ATTEMPTS = 12;
const AS_BUILT = { asBuilt: true };
const MAX_PAIRS = 3;
const MAX_TRACES = 6;

/** Answers questions about one network; built once for many. */
export class FlowExplainer {
  private readonly engines: Record<Approximation, ReachabilityEngine>;
  private readonly index;
  private readonly spokenOf: PacketsSpokenOf;
  private readonly links: LinksInFront;
  private readonly vpcAddresses: AddressSet;
  private readonly cache = new Map<string, Found>();

  constructor(private readonly network: NetworkModel) {
    const engine = (approximation: Approximation) => new ReachabilityEngine(network, approximation, AS_BUILT);
    this.engines = { may: engine('may'), must: engine('must') };
    this.index = indexNetwork(network);
    this.spokenOf = new PacketsSpokenOf(network);
    this.links = new LinksInFront(network);
    this.vpcAddresses = AddressSet.ofAll(network.vpcs.flatMap((vpc) => vpc.cidrs.filter(isKnown)));
  }

  explain(asked: FlowQuestion): Explanation {
    if (asked.passesOnOnly) return stopped({ kind: 'gateway', ...asked.passesOnOnly });
    const question = this.withoutUnroutable(asked);
    if (question.from.length === 0 || question.to.length === 0) return unroutable(asked);
    const most = this.find(question, 'may');
    if (most.found.length === 0) return this.blocked(question);
    const least = this.find(question, 'must');
    return least.found.length > 0 ? this.reachable(question, least.found) : this.undecided(question, most);
  }

  /** Of a blocked flow: the one edit that would let it pass. It makes networks of its own, so it is asked apart. */
  oneEditAway(asked: FlowQuestion): SingleEdit | undefined {
    const question = this.withoutUnroutable(asked);
    if (question.from.length === 0 || question.to.length === 0) return undefined;
    const { from, to, packet, trace } = this.bestAttempt(question);
    // What AWS's own interface never begins no edit makes it begin.
    const asHost = traceFlow(this.index, { from, to, packet }, 'may');
    if (asHost.blockers.length < trace.blockers.length) return undefined;
    return editThatOpens(this.network, { from, to, packet });
  }

  // ---------------------------------------------------------------------------------------------------------- finding

  private find(question: FlowQuestion, approximation: Approximation): { found: Match[]; unknowns: UnknownUse[] } {
    const wanted = new Set(question.to.map(endKey));
    const packets = this.packetsOf(question, approximation);
    const found: Match[] = [];
    const unknowns: UnknownUse[] = [];
    for (const from of question.from) {
      const result = this.reachFrom(from, question, packets, approximation);
      const around = this.aroundInternet(from, question, approximation);
      for (const reach of [...result.reaches, ...around]) {
        if (!wanted.has(endKey(reach.to))) continue;
        const sent = reach.sent.intersect(packets);
        if (!sent.isEmpty()) found.push({ reach, sent });
      }
      unknowns.push(...result.unknowns);
    }
    // The plainest path first: the fewest things in between, then in the engine's own order.
    found.sort((a, b) => a.reach.via.length - b.reach.via.length);
    return { found, unknowns };
  }

  private packetsOf(question: FlowQuestion, approximation: Approximation): PacketSet {
    let { packets } = question;
    if (approximation === 'must' && !question.asksSourcePort) packets = packets.intersect(USUAL_SOURCE);
    if (question.fromAddress) packets = packets.intersect(PacketSet.of({ sources: only(question.fromAddress) }));
    if (question.toAddress) packets = packets.intersect(PacketSet.of({ destinations: only(question.toAddress) }));
    return packets;
  }

  /** By the public address that the other end has, which no address written in a question is (SEMANTICS 20). */
  private aroundInternet(from: End, question: FlowQuestion, approximation: Approximation): Reach[] {
    if (from.kind === 'internet' || question.toAddress?.family === 4) return [];
    const internet: End = { kind: 'internet' };
    const unaddressed = { ...question, fromAddress: undefined, toAddress: undefined };
    const out = this.reachFrom(from, { ...unaddressed, to: [internet] }, PacketSet.ALL, approximation).reaches;
    if (!out.some(({ to }) => to.kind === 'internet')) return [];
    const into = this.reachFrom(internet, unaddressed, PacketSet.ALL, approximation).reaches;
    const wanted = new Set(question.to.map(endKey));
    const meant = into.filter(({ to }) => wanted.has(endKey(to)));
    return reachesOverInternet(out, meant, approximation, this.network);
  }

  /** A question about addresses or groups of its own is worked out alone, and only if it is a part of something open. */
  private reachFrom(from: End, question: FlowQuestion, packets: PacketSet, approximation: Approximation): Found {
    const isOwn = question.to.some(wearsGroups);
    const isAddressed = question.fromAddress !== undefined || question.toAddress !== undefined;
    if ((isOwn || isAddressed || wearsGroups(from)) && !this.isPartOfSomethingOpen(from, question, packets)) {
      return { reaches: [], unknowns: [] };
    }
    if (!isOwn && !isAddressed) return this.allFrom(from, approximation);
    return this.engines[approximation].reachFrom(from, { to: question.to, packets });
  }

  /** Whoever wears some groups in a subnet reaches no more, and is reached by no more, than one who may wear any. */
  private isPartOfSomethingOpen(from: End, question: FlowQuestion, packets: PacketSet): boolean {
    const wanted = new Set(question.to.map((end) => endKey(withAnyGroups(end))));
    const most = this.allFrom(withAnyGroups(from), 'may').reaches;
    return most.some(({ to, sent }) => wanted.has(endKey(to)) && !sent.intersect(packets).isEmpty());
  }

  /** Everything an end reaches is worked out once. */
  private allFrom(from: End, approximation: Approximation): Found {
    const engine = this.engines[approximation];
    const key = `${approximation} ${endKey(from)}`;
    let known = this.cache.get(key);
    if (!known) {
      known = engine.reachFrom(from);
      if (this.cache.size >= CACHED_ORIGINS) this.cache.clear();
      this.cache.set(key, known);
    }
    return known;
  }

  // --------------------------------------------------------------------------------------------------------- answering

  private reachable(question: FlowQuestion, found: readonly Match[]): Explanation {
    for (const { reach, sent } of found) {
      const trace = this.trace(reach.from, reach.to, sample(sent), 'must');
      if (!trace.forward.delivered || !trace.reply.delivered) continue;
      const open = rewritesLeftOpen(this.network, [...trace.forward.hops, ...trace.reply.hops]);
      const verdict = open.length > 0 ? 'unknown' : 'reachable';
      return {
        verdict,
        forward: { verdict, ports: portsOf(found), hops: trace.forward.hops },
        reply: { verdict, hops: trace.reply.hops },
        blockers: [],
        unknowns: open,
        parameters: parametersOf(open),
      };
    }
    const [first] = found;
    return first
      ? this.disagreement(question, first.reach.from, first.reach.to, sample(first.sent))
      : this.blocked(question);
  }

  private blocked(question: FlowQuestion): Explanation {
    const { from, to, packet, trace } = this.bestAttempt(question);
    const passes = trace.forward.delivered && (trace.reply.delivered || packet.protocol !== 6);
    if (passes && this.isAsked(question, packet)) return this.disagreement(question, from, to, packet);
    const packets = this.packetsOf(question, 'may');
    const past = pastTheEngine(question, packets, { network: this.network, index: this.index, ...this.engines });
    if (past) return past;
    const open = [
      ...blockersLeftOpen(this.network, [from, to], trace.blockers),
      ...routesLeftOpen(this.network, trace),
      ...bridgesLeftOpen(this.network, question, packets, (from) => this.allFrom(from, 'may').reaches),
      ...translatorsLeftOpen(this.network, this.engines.may, question, packets, (from) => this.allFrom(from, 'may')),
      // Where trace met nothing that stops it, it only did not know how to go on.
      ...(trace.blockers.length === 0 ? trace.unknowns : []),
    ];
    if (open.length > 0) {
      return {
        verdict: 'unknown',
        forward: { verdict: 'unknown', ports: [], hops: trace.forward.hops },
        reply: { verdict: 'unknown', hops: trace.reply.hops },
        blockers: trace.blockers,
        unknowns: open,
        parameters: parametersOf(open),
      };
    }
    return {
      verdict: 'blocked',
      forward: { verdict: trace.forward.delivered ? 'reachable' : 'blocked', ports: [], hops: trace.forward.hops },
      reply: { verdict: 'blocked', hops: trace.reply.hops },
      blockers: trace.blockers,
      unknowns: [],
      parameters: [],
    };
  }

  private undecided(
    question: FlowQuestion,
    most: { found: readonly Match[]; unknowns: readonly UnknownUse[] },
  ): Explanation {
    const usual = most.found.find(({ sent }) => !sent.intersect(USUAL_SOURCE).isEmpty()) ?? most.found[0];
    if (!usual) return this.blocked(question);
    const { reach } = usual;
    const likely = usual.sent.intersect(USUAL_SOURCE);
    const packet = sample(likely.isEmpty() ? usual.sent : likely);
    const open = this.trace(reach.from, reach.to, packet, 'may');
    const strict = this.trace(reach.from, reach.to, packet, 'must');
    // What trace met on this very flow; the engine's are of everything that it came across.
    const met = distinct([...open.unknowns, ...strict.unknowns]);
    const unknowns = met.length > 0 ? met : distinct(most.unknowns);
    return {
      verdict: 'unknown',
      forward: {
        verdict: verdictOf(strict.forward.delivered, open.forward.delivered),
        ports: portsOf(most.found),
        hops: open.forward.hops,
      },
      reply: { verdict: verdictOf(strict.reply.delivered, open.reply.delivered), hops: open.reply.hops },
      blockers: open.blockers,
      unknowns: unknowns.length > 0 ? unknowns : [whyOpen(reach, strict.forward.delivered && !open.reply.delivered)],
      parameters: parametersOf(unknowns),
    };
  }

  /** Two semantics that do not agree prove nothing. */
  private disagreement(question: FlowQuestion, from: End, to: End, packet: Packet): Explanation {
    const open = this.trace(from, to, packet, 'may');
    const reason = 'the engine and the trace disagree about this flow: please report it';
    const uses = [{ resource: resourceOf(to), reason, parameters: [] }, ...open.unknowns];
    return {
      verdict: 'unknown',
      forward: { verdict: 'unknown', ports: portsOf(this.find(question, 'may').found), hops: open.forward.hops },
      reply: { verdict: 'unknown', hops: open.reply.hops },
      blockers: open.blockers,
      unknowns: distinct(uses),
      parameters: parametersOf(uses),
    };
  }

  private trace(from: End, to: End, packet: Packet, approximation: Approximation): Trace {
    return traceFlow(this.index, { from, to, packet }, approximation, AS_BUILT);
  }

  // ----------------------------------------------------------------------------------------------------- one packet

  /**
   * The packet that comes nearest to what is asked: what stops it would have to change, and nothing that only some other
   * packet runs into. Tried are packets that the network itself speaks of, and one to a port that people know.
   */
  private bestAttempt(question: FlowQuestion): Attempt {
    const attempts: Attempt[] = [];
    for (const { from, to, packet } of this.candidates(question)) {
      const trace = this.trace(from, to, packet, 'may');
      attempts.push({ from, to, packet, trace });
      // Nothing comes nearer than one single thing in the way.
      if (trace.blockers.length <= 1 || attempts.length >= MAX_TRACES) break;
    }
    return attempts.reduce((best, each) => (isNearer(each.trace, best.trace) ? each : best));
  }

  private *candidates(question: FlowQuestion): Generator<Omit<Attempt, 'trace'>> {
    for (const [from, to] of pairsOf(question)) {
      const seen = new Set<string>();
      for (const packet of this.packetsBetween(question, from, to)) {
        const key = JSON.stringify(packet);
        if (!seen.has(key)) yield { from, to, packet };
        seen.add(key);
      }
    }
  }

  private packetsBetween(question: FlowQuestion, from: End, to: End): Packet[] {
    const engine = this.engines.may;
    const sent = this.packetsOf(question, 'may').intersect(
      question.fromAddress ? PacketSet.ALL : PacketSet.of({ sources: engine.addressesOf(from) }),
    );
    const addressed = sent.intersect(
      question.toAddress ? PacketSet.ALL : PacketSet.of({ destinations: engine.addressesOf(to) }),
    );
    const linked = sent.intersect(USUAL_SOURCE).intersect(PacketSet.of({ destinations: this.links.before(to) }));
    const usual = addressed.intersect(USUAL_SOURCE);
    const all = [usual, addressed, question.packets].find((set) => !set.isEmpty()) ?? PacketSet.ALL;
    const spokenOf = this.spokenOf
      .between(from, to)
      .map((packets) => packets.intersect(all))
      .filter((packets) => !packets.isEmpty())
      .slice(0, MAX_ATTEMPTS);
    return [all, ...(linked.isEmpty() ? [] : [linked]), ...spokenOf].map(sample);
  }

  private isAsked(question: FlowQuestion, packet: Packet): boolean {
    return this.packetsOf(question, 'may').has(packet);
  }

  /** On the internet nothing is routed to a VPC's own IPv4 address, whoever has it. */
  private withoutUnroutable(question: FlowQuestion): FlowQuestion {
    const address = question.toAddress;
    if (address?.family !== 4 || !this.vpcAddresses.has(address)) return question;
    return { ...question, from: question.from.filter((end) => end.kind !== 'internet') };
  }
}

function unroutable({ to: [to] }: FlowQuestion): Explanation {
  const reason = 'a private address: nothing on the internet is routed to it';
  return stopped({ resource: to ? resourceOf(to) : 'internet', kind: 'public-address', reason });
}

function wearsGroups(end: End): boolean {
  return end.kind === 'subnet' && end.securityGroups !== undefined;
}

function only(address: Address): AddressSet {
  return AddressSet.of(hostPrefix(address));
}

/** Declared things before what may be launched some day; the internet is one of several owners of an address. */
function pairsOf({ from, to }: FlowQuestion): [End, End][] {
  const first = (ends: readonly End[]): End[] => {
    const declared = ends.filter((end) => end.kind === 'interface');
    return (declared.length > 0 ? declared.slice(0, 1) : ends).slice(0, MAX_PAIRS);
  };
  return first(from)
    .flatMap((one) => first(to).map((other): [End, End] => [one, other]))
    .slice(0, MAX_PAIRS);
}

function isNearer(one: Trace, other: Trace): boolean {
  const rank = ({ forward, reply, blockers }: Trace) =>
    (forward.delivered ? 0 : 1000) + (reply.delivered ? 0 : 100) + blockers.length;
  return rank(one) < rank(other);
}

function sample(packets: PacketSet): Packet {
  const tcp = packets.intersect(TCP_TRAFFIC);
  for (const port of FAMILIAR_PORTS) {
    const familiar = tcp.intersect(PacketSet.of({ destinationPorts: [{ from: port, to: port }] })).sample();
    if (familiar) return familiar;
  }
  const found: PacketSample | undefined = packets.sample();
  if (!found) throw new Error('a packet was asked of an empty set');
  return found;
}

/** Nothing is unknown of the network, and yet it is neither certain that there is an answer nor that nothing gets there. */
function whyOpen(reach: Reach, isOneWay: boolean): UnknownUse {
  const reason = isOneWay
    ? 'packets get there and no answer comes back, which takes nothing from who needs none: not reachable, and not blocked'
    : 'some packets get there, but whether one with its reply does hangs on addresses or ports that AWS picks';
  return { resource: resourceOf(reach.to), reason, parameters: [] };
}
