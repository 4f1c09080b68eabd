/**
 * What stands between two legs and makes new packets of what reaches it: NAT gateways, appliances, PrivateLink endpoints
 * and network load balancers.
 */
import { AddressSet, ICMP, type PacketPattern, PacketSet, TCP, UDP } from '../../base/net';
import {
  asIpv4,
  counts,
  type ForwardingGraph,
  FROM_CHOSEN_PORTS,
  type NetworkIndex,
  type Origin,
  type Party,
  type PartyBook,
  throughNat64,
} from '../forwarding';
import {
  type End,
  endKey,
  type Interface,
  isUnknown,
  type Listener,
  type LoadBalancer,
  type ResourceId,
  type Target,
  type TargetGroup,
  type UnknownUse,
  type Value,
} from '../network';
import { ALL_KEPT, type Chain, extend, NONE_KEPT } from './chain';
import type { Gates } from './gates';
import type { Arrival, Departure } from './leg';
import type { Proxies } from './proxies';
import type { Question } from './question';
import type { Targets } from './targets';

/** Those of what a balancer hears. */
const FAMILIES = [AddressSet.ALL_IPV4, AddressSet.ALL_IPV6].map((destinations) => PacketSet.of({ destinations }));
const TRANSLATABLE = PacketSet.of({ protocols: [TCP, UDP, ICMP], destinations: AddressSet.ALL_IPV4 });

type NatOrigin = Extract<Origin, { kind: 'nat' }>;

export class Middleboxes {
  constructor(
    private readonly graph: ForwardingGraph,
    private readonly gates: Gates,
    private readonly book: PartyBook,
    private readonly targets: Targets,
    private readonly proxies: Proxies,
  ) {}

  private get index(): NetworkIndex {
    return this.graph.index;
  }

  private get may(): boolean {
    return this.graph.approximation === 'may';
  }

  /** Whether an interface makes new packets of what reaches it. */
  isOne(noun: Interface): boolean {
    return this.index.endpointOf(noun.id) !== undefined || this.index.balancerOf(noun.id)?.type === 'network';
  }

  /** What a declared interface does with what it received, beyond keeping it. */
  passOn(question: Question, chain: Chain, party: Party, noun: Interface, packets: PacketSet): void {
    // What sends to itself is not its own client.
    if (chain.origin.kind === 'party' && chain.origin.party.noun?.id === noun.id) return;
    const endpoint = this.index.endpointOf(noun.id);
    const balancer = this.index.balancerOf(noun.id);
    if (balancer?.type === 'network') return this.balance(question, chain, balancer, party, packets, packets);
    if (!endpoint) return;
    const { service } = endpoint;
    if (service.kind === 'aws') {
      const end: End = { kind: 'aws-service', name: service.name, endpoint: endpoint.id };
      question.found(chain, end, packets);
    } else if (service.kind === 'private') {
      this.enterService(question, chain, service.id, noun.id, packets);
    } else if (this.may && service.kind !== 'lattice') {
      const isOpen = service.kind === 'unknown';
      const why = isOpen ? service : { reason: 'this service belongs to someone else', parameters: [] };
      question.uses.add({ resource: endpoint.id, reason: why.reason, parameters: why.parameters });
      question.found(chain, { kind: 'external', id: endpoint.id }, packets);
      for (const id of this.index.servicesOf(endpoint)) this.enterService(question, chain, id, noun.id, packets);
    }
  }

  // --------------------------------------------------------------------------------------------------- NAT, appliances

  /** The packets a NAT gateway makes: same destination, its own address and any port as source (SEMANTICS 21). */
  translate(question: Question, chain: Chain, id: ResourceId, arrival: Arrival): void {
    const nat = this.index.natGateways.get(id);
    const subnet = nat && this.index.subnets.get(nat.subnet);
    if (!nat || !subnet || chain.passed.has(id)) return;
    const taken = this.gates.letOut(
      chain.origin,
      undefined,
      'local',
      arrival.packets.intersect(TRANSLATABLE),
      question.uses,
    );
    const origin: NatOrigin = { kind: 'nat', nat, subnet };
    this.translateFrom6(question, chain, origin, arrival);
    const answered = this.gates.answered(chain.origin, arrival, taken, question.uses);
    if (answered.isEmpty()) return;
    const own = this.graph.addressesOf(subnet).intersect(AddressSet.ALL_IPV4);
    question.later({
      chain: extend(chain, answered, { origin, through: id, keeps: { destination: true } }),
      departures: [{ location: { kind: 'leaving', subnet: subnet.id }, packets: from(own, answered) }],
    });
  }

  /** To 64:ff9b::/96, on as IPv4; which packets become which is known but for their ports, so it is nothing certain. */
  private translateFrom6(question: Question, chain: Chain, origin: NatOrigin, arrival: Arrival): void {
    const found = this.may ? throughNat64(arrival.packets) : PacketSet.EMPTY;
    if (found.isEmpty()) return;
    const { id } = origin.nat;
    const taken = this.gates.letOut(chain.origin, undefined, 'local', found, question.uses);
    const answered = this.gates.answered(chain.origin, arrival, taken, question.uses);
    if (answered.isEmpty()) return;
    const reason = 'how it carries IPv6 on as IPv4 (NAT64) is not modelled for certain';
    question.uses.add({ resource: id, reason, parameters: [] });
    const own = this.graph.addressesOf(origin.subnet).intersect(AddressSet.ALL_IPV4);
    question.later({
      chain: extend(chain, answered, { origin, through: id, keeps: { destination: true, asIpv4: true } }),
      departures: [{ location: { kind: 'leaving', subnet: origin.subnet.id }, packets: from(own, asIpv4(answered)) }],
    });
  }

  /** An instance or interface that a route points at: it may pass on what it gets, as it is or from its own address. */
  appliance(question: Question, chain: Chain, id: ResourceId, arrival: Arrival): void {
    const party = this.book.party({ kind: 'interface', id });
    if (!this.may || !party || party.noun?.sourceDestCheck === true || chain.passed.has(id)) return;
    // What sends to itself is not its own client.
    if (chain.origin.kind === 'party' && chain.origin.party.noun?.id === id) return;
    const sent = this.gates.letOut(chain.origin, undefined, 'local', arrival.packets, question.uses);
    const admitted = this.gates.letIn(party, chain.origin, 'local', sent, question.uses);
    if (admitted.isEmpty()) return;
    const reason = 'it may send packets for other addresses on; how is not known';
    question.uses.add({ resource: id, reason, parameters: [] });
    const masked: Origin = { kind: 'party', party };
    const asIs = extend(chain, admitted, { origin: chain.origin, through: id, keeps: ALL_KEPT });
    question.later({ chain: asIs, departures: this.leavingFrom(party, admitted) });
    // From its own address it is answered itself, and passes the answers on.
    const answered = this.gates.answered(chain.origin, arrival, admitted, question.uses);
    question.later({
      chain: { ...asIs, origin: masked, keeps: { source: false, destination: asIs.keeps.destination } },
      departures: this.leavingAsOwn(party, answered.withAnySource().withAnySourcePort().intersect(party.from)),
    });
  }

  /** The next leg of packets that a balancer sends in its own name. */
  private pursueAsProxy(question: Question, chain: Chain, key: string, nodes: Party, packets: PacketSet): void {
    const going: Chain = this.may ? chain : { ...chain, isOnce: true };
    this.proxies.call(question, going, key, packets, this.leavingAsOwn(nodes, packets));
  }

  private leavingFrom(party: Party, packets: PacketSet): Departure[] {
    const leaving = packets.intersect(this.gates.mayLeave(party));
    return party.subnets.map((subnet) => ({ location: { kind: 'leaving', subnet: subnet.id }, packets: leaving }));
  }

  /** Each node sends from an address of its own subnet. */
  private leavingAsOwn(party: Party, packets: PacketSet): Departure[] {
    if (party.subnets.length === 1) return this.leavingFrom(party, packets);
    return this.leavingFrom(party, packets).map(({ location, packets: leaving }, at) => {
      const subnet = party.subnets[at];
      const sources = subnet ? this.graph.addressesOf(subnet) : AddressSet.EMPTY;
      return { location, packets: leaving.intersect(PacketSet.of({ sources })) };
    });
  }

  // ------------------------------------------------------------------------------------------ PrivateLink, balancers

  /** The consumer's endpoint leads to the provider's network load balancers and nowhere else, one way (SEMANTICS 31). */
  private enterService(question: Question, chain: Chain, id: ResourceId, door: ResourceId, packets: PacketSet): void {
    const service = this.index.endpointServices.get(id);
    if (!service || chain.passed.has(id)) return;
    if ((!service.certain || service.acceptanceRequired !== false) && !this.may) return;
    for (const balancerId of service.loadBalancers) {
      const balancer = this.index.loadBalancers.get(balancerId);
      const party = balancer && this.book.party({ kind: 'interface', id: balancer.interface });
      if (!balancer || !party || balancer.type !== 'network') continue;
      // Unknown filters nothing in `may` and everything it could in `must`.
      const filters = counts(balancer.filtersPrivateLink, this.may ? 'must' : 'may');
      const outside: Origin = { kind: 'external', id };
      const admitted = filters ? this.gates.letIn(party, outside, 'gateway', packets, question.uses) : packets;
      const heard = this.gates.listenedFor(party, admitted);
      if (heard.isEmpty()) continue;
      // Who asks for the provider's balancer means what it fronts: it is reached by the endpoint, and never at its own address.
      if (balancer.certain || this.may) question.found({ ...chain, via: [...chain.via, door] }, party.end, heard);
      const onward = extend(chain, heard, { origin: { kind: 'party', party }, through: door, key: id });
      // A target always sees the balancer's address, never the consumer's.
      this.balance(question, onward, balancer, party, heard, from(party.addresses, heard), true);
    }
  }

  /**
   * A network load balancer's onward packets (SEMANTICS 32). `clients` are the packets as they came; `visible` the same
   * with the source that a target would see.
   */
  private balance(
    question: Question,
    chain: Chain,
    balancer: LoadBalancer,
    party: Party,
    clients: PacketSet,
    visible: PacketSet,
    throughPrivateLink = false,
  ): void {
    if (chain.passed.has(balancer.id) || (!balancer.certain && !this.may)) return;
    for (const listener of balancer.listeners) {
      for (const family of FAMILIES) {
        const taken = this.gates.heardBy(listener).intersect(family);
        this.hear(
          question,
          chain,
          balancer,
          party,
          listener,
          clients.intersect(taken),
          visible.intersect(taken),
          throughPrivateLink,
        );
      }
    }
  }

  /** What one listener makes of clients of one family. */
  private hear(
    question: Question,
    chain: Chain,
    balancer: LoadBalancer,
    party: Party,
    listener: Listener,
    arrived: PacketSet,
    heard: PacketSet,
    throughPrivateLink: boolean,
  ): void {
    if (heard.isEmpty()) return;
    const calledAtNode = chain.keeps.destination && !throughPrivateLink;
    const onward: Chain = {
      ...extend(chain, arrived, { origin: chain.origin, through: balancer.id, keeps: { source: true } }),
      calledAtNode,
    };
    const anywhere = (why: UnknownUse, preserves?: Value<boolean>) =>
      this.forwardAnywhere(question, onward, balancer, party, heard, why, throughPrivateLink ? false : preserves);
    for (const id of listener.targetGroups) {
      const group = this.index.targetGroups.get(id);
      if (!group || (!group.certain && !this.may)) continue;
      for (const target of group.targets) {
        this.forwardTo(question, onward, balancer, party, group, target, heard, throughPrivateLink);
      }
      if (group.unknownTargets) anywhere({ resource: group.id, ...group.unknownTargets }, group.preserveClientIp);
    }
    if (listener.unknownTargets) anywhere({ resource: balancer.id, ...listener.unknownTargets });
  }

  private forwardTo(
    question: Question,
    arriving: Chain,
    balancer: LoadBalancer,
    party: Party,
    group: TargetGroup,
    target: Target,
    heard: PacketSet,
    throughPrivateLink: boolean,
  ): void {
    if (!target.certain && !this.may) return;
    const ports = this.targets.portsOf(target.port ?? group.port);
    if (ports.length === 0) return;
    const destinations = this.targets.addressesOf(target, group);
    const called = heard.withAnyDestination().withAnyDestinationPort();
    const onward = PacketSet.of({ destinations, destinationPorts: ports })
      .intersect(called)
      .subtract(this.targets.toItself(target));
    const intended = target.to.kind === 'interface' ? endKey({ kind: 'interface', id: target.to.id }) : undefined;
    const nodes = this.targets.nodesFor(balancer, group, party, target, question.uses);
    const chain = this.targets.calledAt(nodes, party, arriving);
    if (chain.sent?.isEmpty()) return;
    const proxy: Origin = { kind: 'party', party, picksPort: true };
    const key = `${balancer.id} ${nodes.subnets.map((node) => node.id).join(' ')} ${intended ?? 'anyone'}`;
    this.translateFamily(question, { ...chain, origin: proxy, intended }, balancer, nodes, heard, {
      destinations,
      destinationPorts: ports,
    });
    if (throughPrivateLink) {
      return this.pursueAsProxy(question, { ...chain, origin: proxy, intended }, key, nodes, onward);
    }
    const preserves = group.preserveClientIp;
    if (isUnknown(preserves)) {
      question.uses.add({ resource: group.id, reason: preserves.reason, parameters: preserves.parameters });
      if (!this.may) return;
    }
    if (preserves !== true) {
      // Whoever sends on to it calls one of its nodes at the address that is registered there, from which the node then sends.
      const isCalled = this.may && arriving.calledAtNode === false;
      const nodesAt = isCalled ? party.addresses.intersect(heard.destinations()) : party.addresses;
      const own = from(nodesAt, onward).subtract(this.targets.toItself(target));
      this.pursueAsProxy(question, { ...chain, origin: proxy, intended }, key, nodes, own);
    }
    if (preserves !== false) {
      const origin: Origin = { kind: 'preserving-balancer', party };
      question.later({ chain: { ...chain, origin, intended }, departures: this.leavingFrom(nodes, onward) });
    }
  }

  /**
   * A dual-stack balancer calls targets of one family for clients of the other from an address of its own, even where it
   * keeps its clients' (see `ipv6` of target groups). From which port, nobody knows, so nothing certain is made of it.
   */
  private translateFamily(
    question: Question,
    chain: Chain,
    balancer: LoadBalancer,
    nodes: Party,
    heard: PacketSet,
    target: Pick<PacketPattern, 'destinations' | 'destinationPorts'>,
  ): void {
    if (!this.may || nodes.addresses.intersect(AddressSet.ALL_IPV6).isEmpty()) return;
    const [own] = FAMILIES.filter((family) => !heard.intersect(family).isEmpty());
    if (!own) return;
    const protocols = [TCP, UDP].filter(
      (protocol) => !heard.intersect(PacketSet.of({ protocols: [protocol] })).isEmpty(),
    );
    const all = PacketSet.of({ ...target, protocols, sources: nodes.addresses });
    const other = all.subtract(own);
    if (other.isEmpty()) return;
    const reason = 'how it carries clients of one address family to targets of the other is not modelled';
    question.uses.add({ resource: balancer.id, reason, parameters: [] });
    const key = `${balancer.id} other family ${nodes.subnets.map((node) => node.id).join(' ')} ${chain.intended ?? 'anyone'}`;
    this.pursueAsProxy(question, { ...chain, keeps: NONE_KEPT, calledAtNode: false }, key, nodes, other);
  }

  /** What may be registered as a target without any template showing it: anything the balancer can send to. */
  private forwardAnywhere(
    question: Question,
    chain: Chain,
    balancer: LoadBalancer,
    party: Party,
    heard: PacketSet,
    why: UnknownUse,
    preserves: Value<boolean> | undefined,
  ): void {
    if (!this.may) return;
    question.uses.add(why);
    const anywhere = heard.withAnyDestination().withAnyDestinationPort();
    const proxy: Origin = { kind: 'party', party, picksPort: true };
    const preserved: Origin = { kind: 'preserving-balancer', party };
    const own = from(party.addresses, anywhere);
    const alone: Chain = { ...chain, origin: proxy, intended: undefined };
    this.translateFamily(question, alone, balancer, party, heard, {});
    if (preserves !== true) this.pursueAsProxy(question, alone, `${party.noun?.id} anywhere`, party, own);
    // Through PrivateLink the packets carry the balancer's address already.
    if (preserves === false) return;
    const preserving: Chain = { ...chain, origin: preserved, intended: undefined };
    question.later({ chain: preserving, departures: this.leavingFrom(party, anywhere) });
  }
}

/** The same packets from one of the given addresses, and any port that a translator takes. */
function from(sources: AddressSet, packets: PacketSet): PacketSet {
  return packets.withAnySource().withAnySourcePort().intersect(PacketSet.of({ sources })).intersect(FROM_CHOSEN_PORTS);
}
