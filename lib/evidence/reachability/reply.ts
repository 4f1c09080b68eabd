/**
 * Replies: a conversation exists only where what answers it comes back (SEMANTICS 6, 11, 17). Groups are stateful and let
 * replies through; network ACLs and route tables are asked again, in the other direction.
 */
import { ICMP, ICMPV6, PacketSet, TCP } from '../../base/net';
import { ANY_GATEWAY, type ForwardingGraph, type Terminal, type Uses } from '../forwarding';
import { isUnknown } from '../network';
import { type Departure, type LegEnd, runLeg } from './leg';
import { isHome, type Origin } from './origin';

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

export class Replies {
  constructor(private readonly graph: ForwardingGraph) {}

  /**
   * The packets whose conversation can be completed: in `may` only tcp needs its reply, in `must` everything does, and an
   * icmp message other than an echo request has none. `leg` is where the leg from `origin` ended.
   */
  answered(origin: Origin, leg: LegEnd, packets: PacketSet, uses: Uses): PacketSet {
    const may = this.graph.approximation === 'may';
    const needsReply = may ? packets.intersect(TCP_PACKETS) : packets.subtract(PINGS).union(packets.intersect(ECHO));
    const rest = may ? packets.subtract(needsReply) : PacketSet.EMPTY;
    if (needsReply.isEmpty()) return rest;
    if (staysInSubnet(origin, leg.terminal, needsReply)) return rest.union(needsReply);
    const echo = needsReply.intersect(ECHO);
    const ported = needsReply.subtract(ECHO);
    const replies = ported.reversed();
    const echoReplies = echo.withAnyDestinationPort().withAnySourcePort().reversed().intersect(ECHO_REPLY);
    const back = this.returned(origin, leg, replies.union(echoReplies), uses);
    const echoBack = back.intersect(ECHO_REPLY).withAnyDestinationPort().withAnySourcePort().reversed();
    const answers = back.subtract(PINGS);
    const portedBack = answers.equals(replies) ? ported : ported.intersect(answers.reversed());
    return rest.union(portedBack).union(echo.intersect(echoBack));
  }

  /** The replies that get back to the origin of the leg. */
  private returned(origin: Origin, leg: LegEnd, replies: PacketSet, uses: Uses): PacketSet {
    const at = leg.terminal;
    if (origin.kind === 'preserving-balancer') return this.returnedToBalancer(origin, at, replies, uses);
    const home: PacketSet[] = [];
    for (const { terminal, packets } of runLeg(this.graph, this.departures(at, replies), leg.sessions, uses)) {
      if (isHome(origin, terminal, this.graph.index)) {
        home.push(packets);
      } else if (this.graph.approximation === 'may' && terminal.kind === 'forwarder') {
        // What we do not understand is a path.
        uses.add({ resource: terminal.id, reason: 'what it does with a reply is not known', parameters: [] });
        home.push(packets);
      }
    }
    return PacketSet.unionAll(home);
  }

  /** A target answers the client's address, but the packets go to the balancer: only the two ACLs are asked. */
  private returnedToBalancer(
    origin: Extract<Origin, { kind: 'preserving-balancer' }>,
    at: Terminal,
    replies: PacketSet,
    uses: Uses,
  ): PacketSet {
    if (at.kind !== 'delivered') return PacketSet.EMPTY;
    if (origin.party.subnets.some((subnet) => subnet.id === at.subnet)) return replies;
    const left = this.graph.passAcl(at.subnet, 'egress', replies, uses);
    return PacketSet.unionAll(origin.party.subnets.map((door) => this.graph.passAcl(door.id, 'ingress', left, uses)));
  }

  private departures(at: Terminal, packets: PacketSet): Departure[] {
    const { graph } = this;
    const leaving = (subnet: string): Departure => ({ location: { kind: 'leaving', subnet }, packets });
    // An answer from behind a route that nobody knows may come back in anywhere.
    const anywhere = () =>
      [...graph.index.vpcs.keys()].map((vpc): Departure => ({ location: { kind: 'peering-ingress', vpc }, packets }));
    switch (at.kind) {
      case 'delivered':
        return [leaving(at.subnet)];
      case 'internet':
        if (at.gateway === ANY_GATEWAY) return anywhere();
        return graph.entrances.internetEntrances('reply').map((location) => ({ location, packets }));
      case 'nat': {
        const nat = graph.index.natGateways.get(at.id);
        return nat ? [leaving(nat.subnet)] : [];
      }
      case 'site':
        return graph.entrances.siteEntrances(at.id).map((location) => ({ location, packets }));
      case 'external':
        return graph.entrances.externalEntrances(at.id).map((location) => ({ location, packets }));
      case 'gateway-endpoint': {
        const endpoint = graph.index.vpcEndpoints.get(at.id);
        return endpoint ? [{ location: { kind: 'peering-ingress', vpc: endpoint.vpc }, packets }] : [];
      }
      case 'forwarder':
        return (graph.index.interfaces.get(at.id)?.subnets ?? []).map(leaving);
    }
  }
}
