/**
 * The engine: from one end, everything that it may (or must be able to) reach, exhaustively and symbolically.
 *
 * A conversation is a chain of legs. On a leg, addresses do not change; between legs a NAT gateway, a load balancer, a
 * PrivateLink endpoint or an appliance makes new packets of what reached it. At the end of each leg the groups of both
 * parties are asked together, and the reply is sent back over the network: for tcp, what cannot be answered was never a
 * conversation (SEMANTICS 11, 17).
 *
 * Convention. The public IPv4 address of an interface is nothing that a template knows. Packets between the internet and
 * an interface carry its private address here; that it has a public one is asked apart.
 */
import { AddressSet, ICMP, ICMPV6, PacketSet, TCP } from '../../base/net';
import {
  ForwardingGraph,
  INTERNET,
  isOverInternet,
  type NetworkIndex,
  type Origin,
  type Party,
  PartyBook,
  type Path,
  type Terminal,
  Uses,
} from '../forwarding';
import { type Approximation, type End, endKey, type NetworkModel, type ResourceId, type UnknownUse } from '../network';
import { ALL_KEPT, type Chain } from './chain';
import { endsOf } from './ends';
import { Gates } from './gates';
import type { Arrival, Departure } from './leg';
import { Legs } from './legs';
import { Middleboxes } from './middlebox';
import { Proxies } from './proxies';
import { Question } from './question';
import { OVER_INTERNET, type Reach } from './reach';
import { type Beginning, Targets } from './targets';

export interface Restriction {
  /** only these; potential ends with given groups are asked for here */
  readonly to?: readonly End[];
  /** only these packets, as the initiator sends them */
  readonly packets?: PacketSet;
}

export interface EngineOptions {
  /**
   * What AWS's own interfaces begin is what they are set up to begin (`Targets.begunBy`). Without it they are hosts like any:
   * a claim speaks of targets that are still to come, too.
   */
  readonly asBuilt?: boolean;
}

/** Where packets that an initiator begins enter the network, and for whom they are, if not for whoever has the address. */
interface Start {
  readonly intended?: string;
  readonly departures: readonly Departure[];
}

type Delivered = Extract<Terminal, { kind: 'delivered' }>;

const FROM_INTERNET = PacketSet.of({ sources: INTERNET });
/**
 * What a gateway endpoint takes: VPCE_GATEWAY_PROTOCOL_RESTRICTION of
 * https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html.
 */
const FOR_SERVICES = PacketSet.of({ protocols: [TCP] }).union(
  PacketSet.of({ protocols: [ICMP], destinationPorts: [{ from: 8, to: 8 }] }).union(
    PacketSet.of({ protocols: [ICMPV6], destinationPorts: [{ from: 128, to: 128 }] }),
  ),
);

/** What is worked out on the way to answers. */
interface Work {
  readonly legs: Legs;
  readonly gates: Gates;
  readonly book: PartyBook;
  readonly targets: Targets;
  readonly proxies: Proxies;
  readonly middleboxes: Middleboxes;
}

export class ReachabilityEngine {
  readonly graph: ForwardingGraph;
  private work: Work;
  private allEnds?: readonly End[];

  constructor(
    network: NetworkModel | NetworkIndex,
    readonly approximation: Approximation,
    private readonly options: EngineOptions = {},
  ) {
    this.graph = new ForwardingGraph(network, approximation);
    this.work = this.begin();
  }

  /** Lets go of what was worked out on the way to answers; what is asked again is worked out again. */
  forget(): void {
    this.work = this.begin();
  }

  private begin(): Work {
    const legs = new Legs(this.graph);
    const gates = new Gates(this.graph, legs);
    const book = new PartyBook(this.graph);
    const targets = new Targets(this.graph, book);
    const proxies = new Proxies(this.walk.bind(this));
    const middleboxes = new Middleboxes(this.graph, gates, book, targets, proxies);
    return { legs, gates, book, targets, proxies, middleboxes };
  }

  /** Every end worth asking about. */
  ends(): readonly End[] {
    this.allEnds ??= endsOf(this.graph.index);
    return this.allEnds;
  }

  /** The addresses that packets of an end may carry; every address where nothing says. */
  addressesOf(end: End): AddressSet {
    if (end.kind === 'internet') return INTERNET;
    return this.work.book.party(end)?.addresses ?? AddressSet.ALL;
  }

  /** Everything that `from` reaches. */
  reachFrom(from: End, restriction: Restriction = {}): { reaches: Reach[]; unknowns: UnknownUse[] } {
    const to = restriction.to && new Set(restriction.to.map(endKey));
    const extra = (restriction.to ?? []).flatMap((end) =>
      end.kind === 'subnet' && end.securityGroups ? (this.work.book.party(end) ?? []) : [],
    );
    const question = new Question(from, to, extra, new Uses(), this.approximation);
    const origin = this.originOf(from);
    if (origin) {
      const chain: Chain = { origin, keeps: ALL_KEPT, via: [], passed: new Set() };
      const asked = restriction.packets ?? PacketSet.ALL;
      for (const { intended, departures } of this.beginnings(origin, asked, question.uses)) {
        question.later({ chain: { ...chain, intended }, departures });
      }
      this.walk(question);
      this.work.proxies.settle(question);
    }
    return { reaches: question.list(), unknowns: question.uses.list() };
  }

  private originOf(from: End): Origin | undefined {
    switch (from.kind) {
      case 'internet':
        return { kind: 'internet' };
      case 'site':
      case 'external':
        return { kind: from.kind, id: from.id };
      case 'aws-service':
        return undefined;
      default: {
        const party = this.work.book.party(from);
        const mayBeAbsent = party?.noun ? !party.noun.certain : party?.subnets.some(({ certain }) => !certain);
        if (!party || (mayBeAbsent && this.approximation === 'must')) return undefined;
        return { kind: 'party', party };
      }
    }
  }

  private beginnings(origin: Origin, packets: PacketSet, uses: Uses): Start[] {
    if (origin.kind !== 'party') return [{ departures: this.departures(origin, packets, uses) }];
    const begun = this.options.asBuilt
      ? this.work.targets.begunBy(origin.party, uses)
      : [{ packets: PacketSet.ALL, party: origin.party }];
    return begun.map(
      ({ packets: own, party, intended }: Beginning): Start => ({
        ...(intended !== undefined && { intended }),
        departures: this.departuresOf(party, packets.intersect(own)),
      }),
    );
  }

  /** Where the packets of someone outside enter the network. */
  private departures(origin: Origin, packets: PacketSet, uses: Uses): Departure[] {
    const at = (locations: readonly Departure['location'][], part: PacketSet): Departure[] =>
      locations.map((location) => ({ location, packets: part }));
    switch (origin.kind) {
      case 'internet':
        return at(this.graph.entrances.internetEntrances('forward'), packets.intersect(FROM_INTERNET));
      case 'site':
        return at(
          this.graph.entrances.siteEntrances(origin.id),
          packets.intersect(this.graph.entrances.sentBySite(origin.id, uses)),
        );
      case 'external':
        if (this.approximation === 'must') return [];
        uses.add({ resource: origin.id, reason: 'no template shows this side', parameters: [] });
        return at(this.graph.entrances.externalEntrances(origin.id), packets);
      default:
        return [];
    }
  }

  /** Filtered by what its groups may let out. It sends only from its own addresses, unless its check is off (SEMANTICS 9). */
  private departuresOf(party: Party, packets: PacketSet): Departure[] {
    const leaving = packets.intersect(this.work.gates.mayBegin(party));
    const isFree = party.noun !== undefined && party.noun.sourceDestCheck !== true && this.approximation === 'may';
    return party.subnets.map((subnet) => {
      const location: Departure['location'] = { kind: 'leaving', subnet: subnet.id };
      if (isFree) return { location, packets: leaving };
      if (party.subnets.length === 1) return { location, packets: leaving.intersect(party.from) };
      const sources = party.addresses.intersect(this.graph.addressesOf(subnet));
      return { location, packets: leaving.intersect(PacketSet.of({ sources })) };
    });
  }

  /** Every leg that begins in the name of who asks. */
  private walk(question: Question): void {
    for (let onward = question.next(); onward; onward = question.next()) {
      const { chain, departures } = onward;
      for (const arrival of this.work.legs.walk(departures, undefined, question.uses))
        this.arrive(question, chain, arrival);
    }
  }

  private arrive(question: Question, chain: Chain, arrival: Arrival): void {
    const { terminal, packets } = arrival;
    switch (terminal.kind) {
      case 'delivered':
        return this.arriveInSubnet(question, chain, arrival, terminal);
      case 'internet': {
        const carried = this.work.gates.toInternet(chain.origin, terminal.gateway, packets, question.uses);
        return this.arriveOutside(question, chain, { kind: 'internet' }, { ...arrival, packets: carried });
      }
      case 'site':
        return this.arriveOutside(question, chain, { kind: 'site', id: terminal.id }, arrival);
      case 'external':
        question.uses.add({ resource: terminal.id, reason: 'no template shows this side', parameters: [] });
        if (this.approximation === 'must') return;
        return this.arriveOutside(question, chain, { kind: 'external', id: terminal.id }, arrival);
      case 'gateway-endpoint': {
        const service = this.graph.index.vpcEndpoints.get(terminal.id)?.service;
        const name = service?.kind === 'aws' ? service.name : terminal.id;
        const end: End = { kind: 'aws-service', name, endpoint: terminal.id };
        return this.arriveOutside(question, chain, end, { ...arrival, packets: packets.intersect(FOR_SERVICES) });
      }
      case 'nat':
        return this.work.middleboxes.translate(question, chain, terminal.id, arrival);
      case 'one-of-nats':
        return this.throughEachOf(question, chain, terminal.nats, arrival);
      case 'forwarder':
        return this.work.middleboxes.appliance(question, chain, terminal.id, arrival);
    }
  }

  /** Of several NAT gateways AWS picks one: what each of them brings there, and its answers back, is certain. */
  private throughEachOf(question: Question, chain: Chain, nats: readonly ResourceId[], arrival: Arrival): void {
    const found = nats.map((id) => {
      const alone = question.beside();
      this.work.middleboxes.translate(alone, chain, id, { ...arrival, terminal: { kind: 'nat', id } });
      this.walk(alone);
      this.work.proxies.settle(alone);
      return alone.list();
    });
    question.foundByEach(found);
  }

  /** At an end that no group guards: what the initiator's groups let out, and what is answered. */
  private arriveOutside(question: Question, chain: Chain, end: End, arrival: Arrival): void {
    // What a balancer sends is for its target, wherever else the network would carry it.
    if (chain.intended !== undefined || !question.wants(end)) return;
    const leaving = this.work.gates.letOut(chain.origin, undefined, 'gateway', arrival.packets, question.uses);
    if (leaving.isEmpty()) return;
    const answered = this.work.gates.answered(chain.origin, arrival, leaving, question.uses);
    question.found(chain, end, this.work.gates.certainly(chain.origin, undefined, answered));
  }

  /** In a subnet: whoever has the address, if the groups of both let it pass and the answer comes back. */
  private arriveInSubnet(question: Question, chain: Chain, arrival: Arrival, at: Delivered): void {
    // The answer does not depend on who receives, so it is worked out once, and only if someone does.
    let answered: PacketSet | undefined;
    const reached = isOverInternet(at.path) ? { ...chain, via: [...chain.via, OVER_INTERNET] } : chain;
    for (const party of this.candidates(question, chain, at.subnet)) {
      const admitted = this.admitted(question, chain, party, at.path, arrival.packets);
      if (admitted.isEmpty()) continue;
      answered ??= this.work.gates.answered(chain.origin, arrival, arrival.packets, question.uses);
      const received = this.work.gates.certainly(chain.origin, party, admitted.intersect(answered));
      if (received.isEmpty()) continue;
      question.found(reached, party.end, received);
      if (party.noun) this.work.middleboxes.passOn(question, reached, party, party.noun, received);
    }
  }

  private candidates(question: Question, chain: Chain, subnet: ResourceId): Party[] {
    const extra = question.extra.filter((party) => party.subnets.some((one) => one.id === subnet));
    return [...this.work.book.partiesIn(subnet), ...extra].filter((party) => {
      if (chain.intended !== undefined && endKey(party.end) !== chain.intended) return false;
      // What sends on to itself, in its own name, is the end of it.
      const isOwn = chain.origin.kind === 'party' && chain.origin.party.noun?.id === party.noun?.id;
      if (isOwn && party.noun !== undefined && chain.via.length > 0) return false;
      if (this.isSender(question, chain, party)) return false;
      return question.wants(party.end) || (party.noun !== undefined && this.work.middleboxes.isOne(party.noun));
    });
  }

  /** A balancer with one node has one address: what it sent in its own name is not for another of its addresses. */
  private isSender({ from }: Question, { via, keeps }: Chain, { end, noun, subnets }: Party): boolean {
    if (via.length === 0 || !keeps.source || subnets.length !== 1 || endKey(end) !== endKey(from)) return false;
    return noun !== undefined && this.work.middleboxes.isOne(noun);
  }

  private admitted(question: Question, chain: Chain, party: Party, path: Path, packets: PacketSet): PacketSet {
    const { uses } = question;
    const addressed = packets.intersect(party.to);
    const carried = this.work.gates.broughtIn(chain.origin, party, path, addressed, uses);
    const heard = this.work.gates.listenedFor(party, carried);
    const sent = this.work.gates.letOut(chain.origin, party, path, heard, uses);
    return this.work.gates.letIn(party, chain.origin, path, sent, uses);
  }
}
