/**
 * Replies: a conversation exists only where what answers it comes back (SEMANTICS 6, 11, 17). Groups are stateful and let
 * replies through; network ACLs and route tables are asked again, in the other direction.
 */
import { AddressSet, ICMP, ICMPV6, PacketSet, TCP } from '../../base/net';
import {
  type ForwardingGraph,
  homesOf,
  INTERNET,
  isHome,
  isOverInternet,
  isTransit,
  locationKey,
  mayAnswerAround,
  mayComeAround,
  type Origin,
  originKey,
  type Sessions,
  type Terminal,
  Uses,
} from '../forwarding';
import { type Interface, isUnknown, type ResourceId, type UnknownUse } from '../network';
import type { Departure, LegEnd } from './leg';
import type { Legs } from './legs';

const TCP_PACKETS = PacketSet.of({ protocols: [TCP] });
const PINGS = PacketSet.of({ protocols: [ICMP, ICMPV6] });

function message(protocol: number, type: number): PacketSet {
  return PacketSet.of({ protocols: [protocol], destinationPorts: [{ from: type, to: type }] });
}

const ECHO = message(ICMP, 8).union(message(ICMPV6, 128));
const ECHO_REPLY = message(ICMP, 0)
  .union(message(ICMPV6, 129))
  .intersect(PacketSet.of({ sourcePorts: [{ from: 0, to: 0 }] }));

/** Inside one subnet a reply meets neither ACL nor route table, so it always comes back (SEMANTICS 10). */
function staysInSubnet(origin: Origin, at: Terminal, packets: PacketSet): boolean {
  if (origin.kind !== 'party' || at.kind !== 'delivered' || at.path !== 'local') return false;
  const [subnet, ...others] = origin.party.subnets;
  if (others.length > 0 || subnet?.id !== at.subnet || subnet.cidrs.some((cidr) => isUnknown(cidr))) return false;
  return packets.isSubsetOf(origin.party.from);
}

/** The conversations between two places that can be answered, whoever they are and whatever they say. */
interface Answerable {
  /** as the initiator's packets look when they arrive */
  readonly packets: PacketSet;
  readonly uses: readonly UnknownUse[];
}

export class Replies {
  private readonly known = new Map<string, Answerable>();

  constructor(
    private readonly graph: ForwardingGraph,
    private readonly legs: Legs,
  ) {}

  /**
   * The packets whose conversation can be completed: in `may` only tcp needs its reply, in `must` everything does, and an
   * icmp message other than an echo request has none. `leg` is where the leg from `origin` ended.
   */
  answered(origin: Origin, leg: LegEnd, packets: PacketSet, uses: Uses): PacketSet {
    const may = this.graph.approximation === 'may';
    if (may && mayAnswerAround(origin, leg.terminal)) return packets;
    const needsReply = may ? packets.intersect(TCP_PACKETS) : packets.subtract(PINGS).union(packets.intersect(ECHO));
    const rest = may ? packets.subtract(needsReply) : PacketSet.EMPTY;
    if (needsReply.isEmpty()) return rest;
    if (staysInSubnet(origin, leg.terminal, needsReply)) return rest.union(needsReply);
    const { packets: answerable, uses: doubts } = this.answerable(origin, leg);
    const completed = needsReply.intersect(answerable);
    if (!completed.isEmpty()) for (const doubt of doubts) uses.add(doubt);
    return rest.union(completed);
  }

  /**
   * A hop looks at one packet at a time, so what comes back of many replies is what comes back of all of them: it is
   * worked out once for a pair of places. Only what a firewall remembers depends on the packets that went before.
   */
  private answerable(origin: Origin, leg: LegEnd): Answerable {
    if (leg.sessions.size > 0) return this.workOut(origin, leg);
    const key = `${originKey(origin)} ${locationKey(leg.terminal)}`;
    let found = this.known.get(key);
    if (!found) {
      found = this.workOut(origin, leg);
      this.known.set(key, found);
    }
    return found;
  }

  private workOut(origin: Origin, leg: LegEnd): Answerable {
    const uses = new Uses();
    const home = PacketSet.of({ destinations: this.homeOf(origin) });
    const back = this.returned(origin, leg, home, uses);
    const echoes = back.intersect(ECHO_REPLY);
    let packets = back.subtract(PINGS).reversed();
    if (!echoes.isEmpty()) {
      packets = packets.union(echoes.withAnyDestinationPort().withAnySourcePort().reversed().intersect(ECHO));
    }
    return { packets, uses: uses.list() };
  }

  /** Where replies to an origin are addressed. */
  private homeOf(origin: Origin): AddressSet {
    switch (origin.kind) {
      case 'party':
        // Whoever sends for others is answered at the others' addresses.
        if (origin.party.noun && origin.party.noun.sourceDestCheck !== true) return AddressSet.ALL;
        return AddressSet.unionAll(origin.party.subnets.map((subnet) => this.graph.addressesOf(subnet)));
      case 'nat':
        return this.graph.addressesOf(origin.subnet);
      case 'internet':
        return INTERNET;
      default:
        return AddressSet.ALL;
    }
  }

  /** The replies that get back to the origin of the leg. */
  private returned(origin: Origin, leg: LegEnd, replies: PacketSet, uses: Uses): PacketSet {
    const at = leg.terminal;
    if (origin.kind === 'preserving-balancer') return this.returnedToBalancer(origin, at, replies, uses);
    const entrances = this.graph.entrances.answerEntrances(at);
    const departures = entrances.map((location) => ({ location, packets: replies }));
    return PacketSet.unionAll(this.walkHome(origin, at, departures, leg.sessions, uses));
  }

  /**
   * What we do not understand is a path: an appliance that takes packets for others may send them on by its own table.
   * Each does so once with the same packets, whichever others they passed before: there are more orders than one can try.
   */
  private walkHome(
    origin: Origin,
    at: Terminal,
    departures: readonly Departure[],
    sessions: Sessions,
    uses: Uses,
  ): PacketSet[] {
    const home: PacketSet[] = [];
    const passedOn = new Map<ResourceId, PacketSet>();
    const queue = [{ departures, isPassedOn: false }];
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { isPassedOn } = next;
      for (const { terminal, packets } of this.legs.walk(next.departures, sessions, uses, homesOf(origin))) {
        if (isHome(origin, terminal, this.graph.index)) {
          if (this.leaves(at, terminal, isPassedOn)) home.push(packets);
          continue;
        }
        const noun = this.appliance(terminal);
        if (!noun) continue;
        uses.add({ resource: noun.id, reason: 'what it does with a reply is not known', parameters: [] });
        // An answer to what it sent under another's address is its own.
        if (origin.kind === 'party' && origin.party.noun?.id === noun.id) {
          home.push(packets);
          continue;
        }
        const before = passedOn.get(noun.id) ?? PacketSet.EMPTY;
        const fresh = packets.subtract(before);
        if (fresh.isEmpty()) continue;
        passedOn.set(noun.id, before.union(fresh));
        const onward = noun.subnets.map((subnet): Departure => {
          return { location: { kind: 'leaving', subnet }, packets: fresh };
        });
        queue.push({ departures: onward, isPassedOn: true });
      }
    }
    return home;
  }

  /** SEMANTICS 9: with the check on it takes only what is addressed to itself. */
  private appliance(at: Terminal): Interface | undefined {
    if (this.graph.approximation === 'must' || at.kind !== 'forwarder') return undefined;
    const noun = this.graph.index.interfaces.get(at.id);
    return noun?.sourceDestCheck === true ? undefined : noun;
  }

  /** What an appliance passed on may carry the appliance's own address. */
  private leaves(at: Terminal, by: Terminal, isPassedOn: boolean): boolean {
    if (!mayComeAround(by, at)) return false;
    // Whether who answers may be called by an internet gateway was asked only if it was.
    const isAround = (one: Terminal) => one.kind === 'delivered' && isOverInternet(one.path);
    if (this.graph.approximation === 'must' && isAround(by) && !isAround(at)) return false;
    return by.kind !== 'internet' || isPassedOn || this.graph.entrances.mayAnswerBy(by.gateway, at);
  }

  /** A target answers the client's address, but the packets go to the balancer: only the two ACLs are asked. */
  private returnedToBalancer(
    origin: Extract<Origin, { kind: 'preserving-balancer' }>,
    at: Terminal,
    replies: PacketSet,
    uses: Uses,
  ): PacketSet {
    if (at.kind !== 'delivered') return PacketSet.EMPTY;
    if (isTransit(at.path)) {
      // Towards its own VPC or a peer (https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html).
      const reason = "whether it keeps its client's address across a transit gateway is not certain";
      uses.add({ resource: origin.party.noun?.id ?? '', reason, parameters: [] });
      if (this.graph.approximation === 'must') return PacketSet.EMPTY;
    }
    if (origin.party.subnets.some((subnet) => subnet.id === at.subnet)) return replies;
    const left = this.graph.passAcl(at.subnet, 'egress', replies, uses);
    return PacketSet.unionAll(origin.party.subnets.map((door) => this.graph.passAcl(door.id, 'ingress', left, uses)));
  }
}
