/**
 * What happens where a leg begins and where it ends, over-approximated: which packets an end puts on the network, whether
 * they can be answered, who receives them, and where what is made of them begins the next leg. Between the two a leg is
 * hops. What a hop, a gate or a middlebox does to packets, `forwarding/` says.
 */
import { PacketSet, TCP } from '../../base/net';
import {
  type ForwardingGraph,
  INTERNET,
  InterfaceGates,
  isHome,
  isTerminal,
  type Location,
  NO_USES,
  type Origin,
  originKey,
  type Party,
  PartyBook,
  type Path,
  type Rewrite,
  Rewrites,
  type Terminal,
} from '../forwarding';
import { BEYOND, type End, endKey, type ResourceId } from '../network';

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
export interface Arrival {
  readonly received: readonly { readonly end: End; readonly packets: PacketSet }[];
  readonly onward: readonly Entry[];
}
/** Packets that may be at a place. */
export interface Place {
  readonly location: Location;
  readonly packets: PacketSet;
}

const NOTHING: Arrival = { received: [], onward: [] };
const TCP_PACKETS = PacketSet.of({ protocols: [TCP] });
const FROM_INTERNET = PacketSet.of({ sources: INTERNET });

export function legKey({ origin, target }: Leg): string {
  const isParty = origin.kind === 'party' || origin.kind === 'preserving-balancer';
  const who = isParty ? `${origin.kind} ${endKey(origin.party.end)}` : originKey(origin);
  return target === undefined ? who : `${who} for ${target}`;
}

/** The interface of the balancer that sent the packets of a leg, if one did. */
export function balancerOf({ origin, target }: Leg): ResourceId | undefined {
  const isSentOn = target !== undefined && (origin.kind === 'party' || origin.kind === 'preserving-balancer');
  return isSentOn ? origin.party.noun?.id : undefined;
}

export class Rules {
  private readonly book: PartyBook;
  private readonly gates: InterfaceGates;
  private readonly rewrites: Rewrites;
  private readonly answerable = new Map<string, PacketSet>();
  private readonly endsAt = new Map<string, End[]>();

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
      for (const place of this.placesOf(end)) this.endsAt.set(place, [...(this.endsAt.get(place) ?? []), end]);
    }
  }

  /** Where the packets of an end enter. */
  entries(from: End, sent: PacketSet): Entry[] {
    const party = this.book.party(from);
    if (party) {
      // It sends only from its own addresses, unless its source check is, or may be, off (SEMANTICS 9).
      const isFree = party.noun !== undefined && party.noun.sourceDestCheck !== true;
      const packets = (isFree ? sent : sent.intersect(party.from)).intersect(this.gates.mayLeave(party));
      const origin: Origin = { kind: 'party', party };
      return party.subnets.map(({ id }) => ({ origin, at: { kind: 'leaving', subnet: id }, packets }));
    }
    if (from.kind === 'subnet' || from.kind === 'interface' || from.kind === 'aws-service') return [];
    const packets = from.kind === 'internet' ? sent.intersect(FROM_INTERNET) : sent;
    return this.graph.entrances.entrancesOf(from).map((at) => ({ origin: from, at, packets }));
  }

  /** The interface of an endpoint that stands for an end outside, or the end itself. */
  private partyOf(end: End): Party | undefined {
    const endpoint = end.kind === 'external' ? end.id : end.kind === 'aws-service' ? end.endpoint : undefined;
    const door = this.graph.index.vpcEndpoints.get(endpoint ?? '')?.interface;
    return this.book.party(door === undefined ? end : { kind: 'interface', id: door });
  }

  private placesOf(end: End): string[] {
    const subnets = this.partyOf(end)?.subnets.map(({ id }) => `delivered ${id}`) ?? [];
    const outside =
      end.kind === 'internet' ? 'internet' : `${end.kind} ${end.kind === 'aws-service' ? end.endpoint : end.id}`;
    return [outside, ...subnets];
  }

  /** What becomes of the packets of a leg at a place where it ends. */
  arrive(leg: Leg, at: Terminal, packets: PacketSet): Arrival {
    const { origin, target } = leg;
    if (at.kind === 'forwarder') return this.throughAppliance(leg, at.id, packets);
    const answered = this.answered(origin, at, packets);
    if (at.kind === 'delivered') return this.delivered(leg, at, answered);
    if (at.kind === 'nat') {
      const taken = this.gates.letOut(origin, undefined, 'local', answered, NO_USES);
      return { received: [], onward: rewritten(leg, this.rewrites.ofNat(at.id), taken) };
    }
    // What a balancer sends is for its target, wherever else the network would carry it.
    if (target !== undefined && target !== 'anyone') return NOTHING;
    const isInternet = at.kind === 'internet';
    const out = isInternet ? this.gates.toInternet(origin, at.gateway, answered, NO_USES) : answered;
    const left = this.gates.letOut(origin, undefined, 'gateway', out, NO_USES);
    const place = isInternet ? at.kind : `${at.kind === 'gateway-endpoint' ? 'aws-service' : at.kind} ${at.id}`;
    const beyond = at.kind === 'external' ? (this.endsAt.get(`external ${BEYOND.id}`) ?? []) : [];
    const received = [...(this.endsAt.get(place) ?? []), ...beyond].map((end) => ({ end, packets: left }));
    return { received, onward: [] };
  }

  /** Tcp that cannot be answered was never a conversation (SEMANTICS 17). */
  private answered(origin: Origin, at: Terminal, packets: PacketSet): PacketSet {
    const tcp = packets.intersect(TCP_PACKETS);
    // A balancer that keeps its client's address takes the answers itself.
    if (tcp.isEmpty() || origin.kind === 'preserving-balancer') return packets;
    const key = `${originKey(origin)} ${at.kind} ${at.kind === 'delivered' ? at.subnet : JSON.stringify(at)}`;
    let answerable = this.answerable.get(key);
    if (!answerable) {
      const home = this.answers(at).filter(({ location }) => isTerminal(location) && this.mayBeHome(origin, location));
      answerable = PacketSet.unionAll(home.map((one) => one.packets)).reversed();
      this.answerable.set(key, answerable);
    }
    return packets.subtract(tcp.subtract(answerable));
  }

  /** What an appliance does with an answer is not known; with the check on it takes none. */
  private mayBeHome(origin: Origin, at: Terminal): boolean {
    if (at.kind === 'forwarder') return this.graph.index.interfaces.get(at.id)?.sourceDestCheck !== true;
    return isHome(origin, at, this.graph.index);
  }

  private throughAppliance(leg: Leg, id: ResourceId, packets: PacketSet): Arrival {
    const party = this.book.party({ kind: 'interface', id });
    if (!party || party.noun?.sourceDestCheck === true) return NOTHING;
    const sent = this.gates.letOut(leg.origin, undefined, 'local', packets, NO_USES);
    const taken = this.gates.letIn(party, leg.origin, 'local', sent, NO_USES);
    return { received: [], onward: rewritten(leg, this.rewrites.ofAppliance(party), taken) };
  }

  /** In a subnet: whoever has the address, if the groups of both let it pass, and what passes it on. */
  private delivered(leg: Leg, { subnet, path }: Extract<Terminal, { kind: 'delivered' }>, packets: PacketSet): Arrival {
    const received = (this.endsAt.get(`delivered ${subnet}`) ?? []).map((end) => ({
      end,
      packets: this.admitted(leg, this.partyOf(end), path, packets),
    }));
    const onward: Entry[] = [];
    for (const { id } of this.graph.index.interfacesIn(subnet)) {
      const passage = this.rewrites.ofInterface(id);
      // What sends to itself is not its own client.
      if (!passage || (leg.origin.kind === 'party' && leg.origin.party.noun?.id === id)) continue;
      const taken = this.admitted(leg, this.book.party({ kind: 'interface', id }), path, packets);
      for (const { end, takes } of passage.hears) received.push({ end, packets: taken.intersect(takes) });
      onward.push(...rewritten(leg, passage.rewrites, taken));
    }
    return { received, onward };
  }

  private admitted({ origin, target }: Leg, party: Party | undefined, path: Path, packets: PacketSet): PacketSet {
    const isMeant = target === undefined || target === 'anyone' || target === party?.noun?.id;
    const addressed = party && isMeant ? packets.intersect(party.to) : PacketSet.EMPTY;
    if (!party || addressed.isEmpty()) return PacketSet.EMPTY;
    const carried = origin.kind === 'internet' ? this.gates.publicPart(party, addressed, NO_USES) : addressed;
    const sent = this.gates.letOut(origin, party, path, this.gates.listenedFor(party, carried), NO_USES);
    return this.gates.letIn(party, origin, path, sent, NO_USES);
  }
}

function rewritten(leg: Leg, rewrites: readonly Rewrite[], packets: PacketSet): Entry[] {
  if (packets.isEmpty()) return [];
  return rewrites.flatMap(({ origin = leg.origin, target = leg.target, at, make }) => {
    const made = make(packets);
    return made.isEmpty() ? [] : at.map((one): Entry => ({ origin, target, at: one, packets: made }));
  });
}
