/**
 * Hops between legs, over-approximated: which packets an end puts on the network, whether they can be answered, who
 * receives what has arrived where a leg ends, and where what is made of it begins the next. For the checker of
 * certificates, which knows no more of AWS than this folder says; the engine has its own.
 */
import { PacketSet, TCP } from '../../base/net';
import { BEYOND, type End, endKey, type ResourceId } from '../network';
import type { ForwardingGraph } from './forwarding-graph';
import { NO_USES } from './hop';
import { InterfaceGates } from './interface-gates';
import { isTerminal, type Location, locationKey, type Path, type Terminal } from './location';
import { isHome, mayAnswerAround, mayComeAround, type Origin, originKey } from './origin';
import type { Party } from './party';
import { PartyBook } from './party-book';
import { type Rewrite, Rewrites } from './rewrites';
import { INTERNET } from './special-addresses';

/** `target`: the interface that a balancer sends the packets to, or `anyone`; absent: no balancer sent them. */
export interface Leg {
  readonly origin: Origin;
  readonly target?: ResourceId | 'anyone';
}
/** Packets that a leg puts on the network. */
export interface Entry extends Leg {
  readonly at: Location;
  readonly packets: PacketSet;
}
/** Packets that one of the ends asked about may receive. */
export interface Received {
  readonly end: End;
  /** the interface of the balancer that sent them on, if one did */
  readonly behind: ResourceId | undefined;
  /** some */
  readonly packets: PacketSet;
}
export interface Arrival {
  readonly received: readonly Received[];
  readonly onward: readonly Entry[];
}
/** Packets that may be at a place. */
export interface Place {
  readonly location: Location;
  readonly packets: PacketSet;
}

interface Receiver {
  readonly end: End;
  readonly party: Party | undefined;
}

const ANYWHERE = `external ${BEYOND.id}`;
const NOTHING: Arrival = { received: [], onward: [] };
const TCP_PACKETS = PacketSet.of({ protocols: [TCP] });
const FROM_INTERNET = PacketSet.of({ sources: INTERNET });

export function legKey({ origin, target }: Leg): string {
  const isParty = origin.kind === 'party' || origin.kind === 'preserving-balancer';
  const who = isParty ? `${origin.kind} ${endKey(origin.party.end)}` : originKey(origin);
  return target === undefined ? who : `${who} for ${target}`;
}

/** Whether an end sends the packets of a leg for itself: no other sender has the same leg. */
export function isOwnLeg({ origin }: Leg, from: End): boolean {
  return origin.kind === 'party' && endKey(origin.party.end) === endKey(from);
}

/** The interface of the balancer that sent the packets of a leg, if one did. */
function balancerOf({ origin, target }: Leg): ResourceId | undefined {
  const isSentOn = target !== undefined && (origin.kind === 'party' || origin.kind === 'preserving-balancer');
  return isSentOn ? origin.party.noun?.id : undefined;
}

export class LegEnds {
  private readonly book: PartyBook;
  private readonly gates: InterfaceGates;
  private readonly rewrites: Rewrites;
  private readonly unanswered = new Map<string, PacketSet>();
  private readonly receivers = new Map<string, Receiver[]>();
  private readonly byKey = new Map<string, End>();

  /** `ends`: those that somebody asks about. `answers`: where the answers to whatever arrived at a place may be. */
  constructor(
    private readonly graph: ForwardingGraph,
    ends: readonly End[],
    private readonly answers: (at: Terminal) => readonly Place[],
  ) {
    this.book = new PartyBook(graph);
    this.gates = new InterfaceGates(graph);
    this.rewrites = new Rewrites(graph, this.book, this.gates);
    for (const end of ends) {
      if (this.byKey.has(endKey(end))) throw new RangeError(`${endKey(end)} is listed twice`);
      this.byKey.set(endKey(end), end);
      const party = this.partyOf(end);
      for (const place of placesOf(end, party)) {
        const known = this.receivers.get(place);
        if (known) known.push({ end, party });
        else this.receivers.set(place, [{ end, party }]);
      }
    }
  }

  /** Where the packets of an end enter. */
  entries(from: End, sent: PacketSet): Entry[] {
    const party = this.book.party(from);
    if (party) {
      // It sends only from its own addresses, unless its source check is, or may be, off (SEMANTICS 9).
      const isFree = party.noun !== undefined && party.noun.sourceDestCheck !== true;
      const packets = (isFree ? sent : sent.intersect(party.from)).intersect(this.gates.mayBegin(party));
      const origin: Origin = { kind: 'party', party };
      return party.subnets.map((subnet) => {
        const isOnly = isFree || party.subnets.length === 1;
        const own = isOnly ? packets : packets.intersect(PacketSet.of({ sources: this.graph.addressesOf(subnet) }));
        return { origin, at: { kind: 'leaving', subnet: subnet.id }, packets: own };
      });
    }
    if (from.kind === 'subnet' || from.kind === 'interface' || from.kind === 'aws-service') return [];
    const { entrances } = this.graph;
    const bySite = (id: ResourceId) => entrances.sentBySite(id, NO_USES);
    const own = from.kind === 'internet' ? FROM_INTERNET : from.kind === 'site' ? bySite(from.id) : PacketSet.ALL;
    const packets = sent.intersect(own);
    return entrances.entrancesOf(from).map((at) => ({ origin: from, at, packets }));
  }

  /** The interface of an endpoint that stands for an end outside, or the end itself. */
  private partyOf(end: End): Party | undefined {
    const endpoint = end.kind === 'external' ? end.id : end.kind === 'aws-service' ? end.endpoint : undefined;
    const door = this.graph.index.vpcEndpoints.get(endpoint ?? '')?.interface;
    return this.book.party(door === undefined ? end : { kind: 'interface', id: door });
  }

  /** What becomes of the packets of a leg at a place where it ends. */
  arrive(leg: Leg, at: Terminal, packets: PacketSet): Arrival {
    const { origin, target } = leg;
    if (at.kind === 'forwarder') return this.throughAppliance(leg, at.id, packets);
    if (at.kind === 'delivered') return this.delivered(leg, at, packets);
    if (at.kind === 'nat') {
      const taken = this.gates.letOut(origin, undefined, 'local', this.answered(origin, at, packets), NO_USES);
      return { received: [], onward: rewritten(leg, this.rewrites.ofNat(at.id), taken) };
    }
    // What a balancer sends is for its target, wherever else the network would carry it.
    const isOutside = target === undefined || target === 'anyone';
    const receivers = [...this.receiversAt(placeOf(at)), ...(at.kind === 'external' ? this.receiversAt(ANYWHERE) : [])];
    if (!isOutside || receivers.length === 0) return NOTHING;
    const out = at.kind === 'internet' ? this.gates.toInternet(origin, at.gateway, packets, NO_USES) : packets;
    const left = this.gates.letOut(origin, undefined, 'gateway', out, NO_USES);
    const answered = this.answered(origin, at, left);
    if (answered.isEmpty()) return NOTHING;
    return { received: receivers.map(({ end }) => ({ end, behind: balancerOf(leg), packets: answered })), onward: [] };
  }

  private receiversAt(place: string): readonly Receiver[] {
    return this.receivers.get(place) ?? [];
  }

  /** Tcp that cannot be answered was never a conversation (SEMANTICS 17). */
  private answered(origin: Origin, at: Terminal, packets: PacketSet): PacketSet {
    // A balancer that keeps its client's address takes the answers itself.
    if (origin.kind === 'preserving-balancer' || mayAnswerAround(origin, at)) return packets;
    const key = `${originKey(origin)} < ${at.kind === 'delivered' ? at.subnet : locationKey(at)}`;
    let unanswered = this.unanswered.get(key);
    if (!unanswered) {
      unanswered = TCP_PACKETS.subtract(this.comingHome(origin, at, at, []).reversed());
      this.unanswered.set(key, unanswered);
    }
    return packets.subtract(unanswered);
  }

  /** Answers to what arrived at `from` that get home from `at`: there, or by appliances, which may send on what they take. */
  private comingHome(origin: Origin, from: Terminal, at: Terminal, passed: readonly ResourceId[]): PacketSet {
    const home = this.answers(at).map(({ location, packets }) => {
      if (!isTerminal(location)) return PacketSet.EMPTY;
      if (isHome(origin, location, this.graph.index)) {
        return this.mayBeHome(location, from, passed) ? packets : PacketSet.EMPTY;
      }
      const { id } = location.kind === 'forwarder' ? location : {};
      if (id === undefined || passed.includes(id)) return PacketSet.EMPTY;
      // SEMANTICS 9: with the check on it takes only what is addressed to itself.
      if (this.graph.index.interfaces.get(id)?.sourceDestCheck === true) return PacketSet.EMPTY;
      // An answer to what it sent under another's address is its own.
      if (origin.kind === 'party' && origin.party.noun?.id === id) return packets;
      return packets.intersect(this.comingHome(origin, from, location, [...passed, id]));
    });
    return PacketSet.unionAll(home);
  }

  /** What an appliance passed on may carry the appliance's own address. */
  private mayBeHome(at: Terminal, from: Terminal, passed: readonly ResourceId[]): boolean {
    if (!mayComeAround(at, from)) return false;
    return at.kind !== 'internet' || passed.length > 0 || this.graph.entrances.mayAnswerBy(at.gateway, from);
  }

  private throughAppliance(leg: Leg, id: ResourceId, packets: PacketSet): Arrival {
    const party = this.book.party({ kind: 'interface', id });
    const isOwn = leg.origin.kind === 'party' && leg.origin.party.noun?.id === id;
    if (!party || isOwn || party.noun?.sourceDestCheck === true) return NOTHING;
    const sent = this.gates.letOut(leg.origin, undefined, 'local', packets, NO_USES);
    const taken = this.gates.letIn(party, leg.origin, 'local', sent, NO_USES);
    return { received: [], onward: rewritten(leg, this.rewrites.ofAppliance(party), taken) };
  }

  /** In a subnet: whoever has the address, if the groups of both let it pass, and what passes it on. */
  private delivered(leg: Leg, at: Extract<Terminal, { kind: 'delivered' }>, packets: PacketSet): Arrival {
    // The answer does not depend on who receives, so it is worked out once, and only if someone may.
    let answered: PacketSet | undefined;
    const take = (party: Party | undefined): PacketSet => {
      const passing = this.passing(leg, party, at.path);
      if (!party || passing.isEmpty()) return PacketSet.EMPTY;
      answered ??= this.answered(leg.origin, at, packets);
      const admitted = answered.intersect(passing);
      const addressed = admitted.intersect(party.to);
      return this.gates.broughtIn(leg.origin, party, at.path, addressed, NO_USES);
    };
    const behind = balancerOf(leg);
    const received: Received[] = [];
    const receive = (end: End, packets: PacketSet): void => {
      if (!packets.isEmpty()) received.push({ end, behind, packets });
    };
    for (const { end, party } of this.receiversAt(placeOf(at))) receive(end, take(party));
    const onward: Entry[] = [];
    for (const { id } of this.graph.index.interfacesIn(at.subnet)) {
      const passage = this.rewrites.ofInterface(id);
      // What sends to itself is not its own client.
      if (!passage || (leg.origin.kind === 'party' && leg.origin.party.noun?.id === id)) continue;
      const taken = take(this.book.party({ kind: 'interface', id }));
      for (const { end, takes } of passage.hears) {
        const heard = this.byKey.get(endKey(end));
        if (heard) receive(heard, taken.intersect(takes));
      }
      onward.push(...rewritten(leg, passage.rewrites, taken));
    }
    return { received, onward };
  }

  /** What the groups of both ends let pass, and a balancer listens for, whatever the addresses. */
  private passing({ origin, target }: Leg, party: Party | undefined, path: Path): PacketSet {
    if (!party || (target !== undefined && target !== 'anyone' && target !== party.noun?.id)) return PacketSet.EMPTY;
    const out = this.gates.letOut(origin, party, path, PacketSet.ALL, NO_USES);
    return this.gates.listenedFor(party, this.gates.letIn(party, origin, path, out, NO_USES));
  }
}

function rewritten(leg: Leg, rewrites: readonly Rewrite[], packets: PacketSet): Entry[] {
  if (packets.isEmpty()) return [];
  return rewrites.flatMap(({ origin = leg.origin, target = leg.target, at, make }) => {
    const made = make(packets);
    return made.isEmpty() ? [] : at.map((one): Entry => ({ origin, target, at: one, packets: made }));
  });
}

function placeOf(at: Terminal): string {
  if (at.kind === 'delivered') return `delivered ${at.subnet}`;
  return at.kind === 'internet' ? at.kind : `${at.kind} ${at.id}`;
}

function placesOf(end: End, party: Party | undefined): string[] {
  const subnets = party?.subnets.map(({ id }) => `delivered ${id}`) ?? [];
  if (end.kind === 'internet') return ['internet', ...subnets];
  return [end.kind === 'aws-service' ? `gateway-endpoint ${end.endpoint}` : `${end.kind} ${end.id}`, ...subnets];
}
