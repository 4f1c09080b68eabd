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
import { AddressSet, ICMP, PacketSet, type PortRange, TCP, UDP } from '../../base/net';
import { type Filter, ForwardingGraph, INTERNET, type NetworkIndex, Uses } from '../forwarding';
import {
  type Approximation,
  type End,
  endKey,
  type Interface,
  isUnknown,
  type LoadBalancer,
  type NetworkModel,
  type Packet,
  type ResourceId,
  type TargetGroup,
  type UnknownUse,
  type Value,
} from '../network';
import { GroupFilters } from './group-filters';
import { type Arrival, type Departure, runLeg } from './leg';
import type { Origin } from './origin';
import { counts, declaredParty, type Party, potentialParty } from './party';
import type { Reach } from './reach';
import { Replies } from './reply';

/** What a reach is being collected for. */
interface Question {
  readonly from: End;
  /** undefined: everyone */
  readonly to?: ReadonlySet<string>;
  readonly extra: readonly Party[];
  readonly uses: Uses;
  readonly found: Map<string, Reach>;
}

/** A chain of legs so far. */
interface Chain {
  readonly origin: Origin;
  /** the initiator's packets that lead here; undefined on the first leg, where they are the packets themselves */
  readonly sent?: PacketSet;
  readonly via: readonly ResourceId[];
}

export interface Restriction {
  /** only these; potential ends with given groups are asked for here */
  readonly to?: readonly End[];
  /** only these packets, as the initiator sends them */
  readonly packets?: PacketSet;
}

const MAX_LEGS = 6;
const IPV4 = PacketSet.of({ destinations: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ destinations: AddressSet.ALL_IPV6 });
const FROM_INTERNET = PacketSet.of({ sources: INTERNET });
const TRANSLATABLE = PacketSet.of({ protocols: [TCP, UDP, ICMP] }).intersect(IPV4);

export class ReachabilityEngine {
  readonly graph: ForwardingGraph;
  private readonly groups: GroupFilters;
  private readonly replies: Replies;
  private readonly parties = new Map<string, Party>();
  private readonly partiesBySubnet = new Map<ResourceId, readonly Party[]>();

  constructor(
    network: NetworkModel | NetworkIndex,
    readonly approximation: Approximation,
  ) {
    this.graph = new ForwardingGraph(network, approximation);
    this.groups = new GroupFilters(this.graph.index, approximation);
    this.replies = new Replies(this.graph);
  }

  private get index(): NetworkIndex {
    return this.graph.index;
  }

  private get may(): boolean {
    return this.approximation === 'may';
  }

  /** Every end worth asking about: potential and declared interfaces, the internet, sites, and what no template shows. */
  ends(): End[] {
    const { network } = this.index;
    const ends: End[] = [{ kind: 'internet' }];
    for (const subnet of network.subnets) ends.push({ kind: 'subnet', id: subnet.id });
    for (const one of network.interfaces) ends.push({ kind: 'interface', id: one.id });
    ends.push(...this.siteEnds(), ...this.externalEnds());
    return ends;
  }

  private siteEnds(): End[] {
    const { network } = this.index;
    const ids = new Set(network.vpnConnections.map((one) => one.id));
    for (const gateway of network.vpnGateways) {
      if (this.index.connectionsAt(gateway.id).length === 0) ids.add(gateway.id);
    }
    for (const attachment of network.transitGatewayAttachments) {
      if (attachment.attached.kind === 'direct-connect') ids.add(attachment.id);
    }
    return [...ids].map((id) => ({ kind: 'site', id }));
  }

  private externalEnds(): End[] {
    const { network } = this.index;
    const ids = new Set<ResourceId>();
    for (const peering of network.peeringConnections) {
      for (const vpc of [peering.requester, peering.accepter]) {
        if (this.index.vpcs.get(vpc)?.external ?? true) ids.add(vpc);
      }
    }
    for (const attachment of network.transitGatewayAttachments) {
      const { attached } = attachment;
      if (attached.kind === 'unknown' || (attached.kind === 'peering' && !attached.peer)) ids.add(attachment.id);
    }
    for (const gateway of network.transitGateways) {
      if (gateway.external || gateway.autoAccept !== false) ids.add(gateway.id);
    }
    for (const table of network.routeTables) {
      if (table.routes.some((route) => route.target.kind === 'unknown')) ids.add(`${table.vpc}#unknown-target`);
    }
    return [...ids].map((id) => ({ kind: 'external', id }));
  }

  /** Everything that `from` reaches. */
  reachFrom(from: End, restriction: Restriction = {}): { reaches: Reach[]; unknowns: UnknownUse[] } {
    const extra = (restriction.to ?? []).flatMap((end) =>
      end.kind === 'subnet' && end.securityGroups ? (this.party(end) ?? []) : [],
    );
    const question: Question = {
      from,
      to: restriction.to ? new Set(restriction.to.map(endKey)) : undefined,
      extra,
      uses: new Uses(),
      found: new Map(),
    };
    const packets = restriction.packets ?? PacketSet.ALL;
    for (const origin of this.originsOf(from)) {
      this.pursue(question, { origin, via: [] }, this.departures(origin, packets, question.uses), new Set());
    }
    const reaches = [...question.found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reach]) => reach);
    return { reaches, unknowns: question.uses.list() };
  }

  // --------------------------------------------------------------------------------------------------------- parties

  private party(end: End): Party | undefined {
    if (end.kind !== 'subnet' && end.kind !== 'interface') return undefined;
    const key = endKey(end);
    let party = this.parties.get(key);
    if (!party) {
      if (end.kind === 'subnet') {
        const subnet = this.index.subnets.get(end.id);
        party = subnet && potentialParty(this.graph, subnet, end);
      } else {
        const noun = this.index.interfaces.get(end.id);
        party = noun && declaredParty(this.graph, noun);
      }
      if (party) this.parties.set(key, party);
    }
    return party;
  }

  /** Who may have an address in a subnet: anything launched there, and what the templates create. */
  private partiesIn(subnet: ResourceId): readonly Party[] {
    let parties = this.partiesBySubnet.get(subnet);
    if (!parties) {
      const ends: End[] = [{ kind: 'subnet', id: subnet }];
      for (const noun of this.index.interfacesIn(subnet)) {
        if (noun.certain || this.may) ends.push({ kind: 'interface', id: noun.id });
      }
      parties = ends.flatMap((end) => this.party(end) ?? []);
      this.partiesBySubnet.set(subnet, parties);
    }
    return parties;
  }

  private originsOf(from: End): Origin[] {
    switch (from.kind) {
      case 'internet':
        return [{ kind: 'internet' }];
      case 'site':
      case 'external':
        return [{ kind: from.kind, id: from.id }];
      case 'aws-service':
        return [];
      default: {
        const party = this.party(from);
        if (!party || (party.noun && !party.noun.certain && !this.may)) return [];
        return [{ kind: 'party', party }];
      }
    }
  }

  /** Where the packets of an origin enter the network, already filtered by what its groups may let out. */
  private departures(origin: Origin, packets: PacketSet, uses: Uses): Departure[] {
    switch (origin.kind) {
      case 'party': {
        const leaving = packets.intersect(this.groups.mayLeave(origin.party));
        const free = origin.party.noun?.sourceDestCheck === false;
        return origin.party.subnets.map((subnet) => {
          const own = origin.party.addresses.intersect(this.graph.addressesOf(subnet));
          const sources = free && this.may ? AddressSet.ALL : own;
          return {
            location: { kind: 'leaving', subnet: subnet.id },
            packets: leaving.intersect(PacketSet.of({ sources })),
          };
        });
      }
      case 'preserving-balancer':
        return this.leavingFrom(origin.party, packets);
      case 'nat':
        return [{ location: { kind: 'leaving', subnet: origin.subnet.id }, packets }];
      case 'internet':
        return this.graph
          .internetEntrances('forward')
          .map((location) => ({ location, packets: packets.intersect(FROM_INTERNET) }));
      case 'site':
        return this.graph.siteEntrances(origin.id).map((location) => ({ location, packets }));
      case 'external':
        if (!this.may) return [];
        uses.add({ resource: origin.id, reason: 'no template shows this side', parameters: [] });
        return this.graph.externalEntrances(origin.id).map((location) => ({ location, packets }));
    }
  }

  // ------------------------------------------------------------------------------------------------------------ legs

  private pursue(
    question: Question,
    chain: Chain,
    departures: readonly Departure[],
    passed: ReadonlySet<string>,
  ): void {
    if (chain.via.length > MAX_LEGS) return;
    for (const arrival of runLeg(this.graph, departures, 'forward', question.uses)) {
      this.arrive(question, chain, arrival, passed);
    }
  }

  private arrive(question: Question, chain: Chain, arrival: Arrival, passed: ReadonlySet<string>): void {
    const { terminal } = arrival;
    switch (terminal.kind) {
      case 'delivered':
        return this.arriveInSubnet(question, chain, terminal.subnet, arrival, passed);
      case 'internet': {
        const packets = this.withPublicSource(chain.origin, arrival.packets, question.uses);
        return this.arriveOutside(question, chain, { kind: 'internet' }, { terminal, packets });
      }
      case 'site':
        return this.arriveOutside(question, chain, { kind: 'site', id: terminal.id }, arrival);
      case 'external':
        question.uses.add({ resource: terminal.id, reason: 'no template shows this side', parameters: [] });
        return this.arriveOutside(question, chain, { kind: 'external', id: terminal.id }, arrival);
      case 'gateway-endpoint':
        return this.arriveAtService(question, chain, arrival, terminal.id);
      case 'nat':
        return this.arriveAtNat(question, chain, arrival, terminal.id, passed);
      case 'forwarder':
        return this.arriveAtForwarder(question, chain, arrival.packets, terminal.id, passed);
    }
  }

  /** The part of an arrival at an end outside all groups that the initiator's groups let out and that is answered. */
  private arriveOutside(question: Question, chain: Chain, end: End, arrival: Arrival): void {
    const leaving = this.letOut(chain.origin, undefined, arrival.packets, question.uses);
    if (leaving.isEmpty() || !wanted(question, end)) return;
    const answered = this.replies.answered(chain.origin, arrival.terminal, leaving, question.uses);
    this.found(question, chain, end, answered);
  }

  private letOut(origin: Origin, to: Party | undefined, packets: PacketSet, uses: Uses): PacketSet {
    if (origin.kind !== 'party' && origin.kind !== 'preserving-balancer') return packets;
    return this.pass(this.groups.between(origin.party, 'egress', to), packets, uses);
  }

  private letIn(party: Party, from: Origin, packets: PacketSet, uses: Uses): PacketSet {
    if (from.kind === 'party') return this.pass(this.groups.between(party, 'ingress', from.party), packets, uses);
    if (from.kind !== 'preserving-balancer')
      return this.pass(this.groups.between(party, 'ingress', undefined), packets, uses);
    // The balancer's membership counts; whether the client's does as well, AWS leaves open.
    const asBalancer = this.pass(this.groups.between(party, 'ingress', from.party), packets, uses);
    return this.may ? asBalancer.union(this.letIn(party, from.client, packets, uses)) : asBalancer;
  }

  private pass(filter: Filter, packets: PacketSet, uses: Uses): PacketSet {
    const passed = packets.intersect(filter.passes);
    if (filter.doubts.length > 0 && !passed.isEmpty()) uses.addWhere(filter.doubts, passed);
    return passed;
  }

  /** Only what has a public address is carried to or from the internet (SEMANTICS 19). */
  private withPublicSource(origin: Origin, packets: PacketSet, uses: Uses): PacketSet {
    switch (origin.kind) {
      case 'party':
        return this.publicPart(origin.party, packets, uses);
      case 'nat': {
        const isPublic = origin.nat.connectivity;
        if (isUnknown(isPublic))
          uses.add({ resource: origin.nat.id, reason: isPublic.reason, parameters: isPublic.parameters });
        return isPublic === 'public' || (isUnknown(isPublic) && this.may) ? packets : PacketSet.EMPTY;
      }
      default:
        // Nothing enters a VPC by one gateway to leave it by another.
        return PacketSet.EMPTY;
    }
  }

  private publicPart(party: Party, packets: PacketSet, uses: Uses): PacketSet {
    const part = (value: Value<boolean>, family: PacketSet) => {
      if (!counts(value, this.approximation)) return PacketSet.EMPTY;
      const found = packets.intersect(family);
      if (isUnknown(value) && !found.isEmpty()) {
        uses.add({
          resource: party.noun?.id ?? party.subnets[0]?.id ?? '',
          reason: value.reason,
          parameters: value.parameters,
        });
      }
      return found;
    };
    return part(party.publicIpv4, IPV4).union(part(party.publicIpv6, IPV6));
  }

  // ---------------------------------------------------------------------------------------------------- ends of a leg

  private arriveInSubnet(
    question: Question,
    chain: Chain,
    subnet: ResourceId,
    arrival: Arrival,
    passed: ReadonlySet<string>,
  ): void {
    const extra = question.extra.filter((party) => party.subnets.some((one) => one.id === subnet));
    let answered: PacketSet | undefined;
    for (const party of [...this.partiesIn(subnet), ...extra]) {
      const passesOn = party.noun !== undefined && this.passesOn(party.noun);
      if (!wanted(question, party.end) && !passesOn) continue;
      let packets = arrival.packets.intersect(PacketSet.of({ destinations: party.addresses }));
      if (chain.origin.kind === 'internet') packets = this.publicPart(party, packets, question.uses);
      packets = this.listenedFor(party, packets);
      packets = this.letOut(chain.origin, party, packets, question.uses);
      packets = this.letIn(party, chain.origin, packets, question.uses);
      if (packets.isEmpty()) continue;
      answered ??= this.replies.answered(chain.origin, arrival.terminal, arrival.packets, question.uses);
      packets = packets.intersect(answered);
      if (packets.isEmpty()) continue;
      if (wanted(question, party.end)) this.found(question, chain, party.end, packets);
      if (party.noun) this.passOn(question, chain, party, party.noun, packets, passed);
    }
  }

  private passesOn(noun: Interface): boolean {
    return this.index.endpointOf(noun.id) !== undefined || this.index.balancerOf(noun.id) !== undefined;
  }

  /** A load balancer answers only on its listeners. */
  private listenedFor(party: Party, packets: PacketSet): PacketSet {
    const balancer = party.noun && this.index.balancerOf(party.noun.id);
    if (!balancer || balancer.type === 'gateway') return packets;
    return packets.intersect(PacketSet.unionAll(balancer.listeners.map((listener) => this.listenerPackets(listener))));
  }

  private listenerPackets(listener: LoadBalancer['listeners'][number]): PacketSet {
    if (!listener.certain && !this.may) return PacketSet.EMPTY;
    const ports = portsOf(listener.ports, this.approximation);
    if (ports.length === 0) return PacketSet.EMPTY;
    return PacketSet.of({ protocols: listener.protocols, destinationPorts: ports });
  }

  /** What a declared interface does with what it received, beyond keeping it. */
  private passOn(
    question: Question,
    chain: Chain,
    party: Party,
    noun: Interface,
    packets: PacketSet,
    passed: ReadonlySet<string>,
  ): void {
    const endpoint = this.index.endpointOf(noun.id);
    if (endpoint) {
      if (endpoint.service.kind === 'aws') {
        const end: End = { kind: 'aws-service', name: endpoint.service.name, endpoint: endpoint.id };
        if (wanted(question, end)) this.found(question, chain, end, packets);
      } else if (endpoint.service.kind === 'private') {
        this.enterService(question, chain, endpoint.service.id, noun.id, packets, passed);
      } else if (this.may) {
        const end: End = { kind: 'external', id: endpoint.id };
        const reason =
          endpoint.service.kind === 'unknown' ? endpoint.service.reason : 'this service belongs to someone else';
        const parameters = endpoint.service.kind === 'unknown' ? endpoint.service.parameters : [];
        question.uses.add({ resource: endpoint.id, reason, parameters });
        if (wanted(question, end)) this.found(question, chain, end, packets);
      }
      return;
    }
    const balancer = this.index.balancerOf(noun.id);
    if (balancer?.type === 'network') return this.balance(question, chain, balancer, party, packets, packets, passed);
  }

  private arriveAtService(question: Question, chain: Chain, arrival: Arrival, endpointId: ResourceId): void {
    const endpoint = this.index.vpcEndpoints.get(endpointId);
    if (!endpoint) return;
    const name = endpoint.service.kind === 'aws' ? endpoint.service.name : endpoint.id;
    const end: End = { kind: 'aws-service', name, endpoint: endpointId };
    this.arriveOutside(question, chain, end, arrival);
  }

  // -------------------------------------------------------------------------------------------------- between two legs

  /** The packets a NAT gateway makes: same destination, its own address and any port as source (SEMANTICS 21). */
  private arriveAtNat(
    question: Question,
    chain: Chain,
    arrival: Arrival,
    id: ResourceId,
    passed: ReadonlySet<string>,
  ): void {
    const nat = this.index.natGateways.get(id);
    const subnet = nat && this.index.subnets.get(nat.subnet);
    const key = `nat ${id}`;
    if (!nat || !subnet || passed.has(key)) return;
    const taken = this.letOut(chain.origin, undefined, arrival.packets.intersect(TRANSLATABLE), question.uses);
    const answered = this.replies.answered(chain.origin, arrival.terminal, taken, question.uses);
    if (answered.isEmpty()) return;
    const own = this.graph.addressesOf(subnet).intersect(AddressSet.ALL_IPV4);
    const translated = answered
      .withAnySource()
      .withAnySourcePort()
      .intersect(PacketSet.of({ sources: own }));
    const origin: Origin = { kind: 'nat', nat, subnet };
    this.pursue(
      question,
      { origin, sent: this.sentFor(chain, answered), via: [...chain.via, id] },
      this.departures(origin, translated, question.uses),
      new Set([...passed, key]),
    );
  }

  /** An instance or interface that a route points at: it may pass on what it gets, as it is or from its own address. */
  private arriveAtForwarder(
    question: Question,
    chain: Chain,
    packets: PacketSet,
    id: ResourceId,
    passed: ReadonlySet<string>,
  ): void {
    const noun = this.index.interfaces.get(id);
    if (!noun || !this.may) return;
    const party = this.party({ kind: 'interface', id });
    if (!party || noun.sourceDestCheck === true) return;
    const admitted = this.letIn(
      party,
      chain.origin,
      this.letOut(chain.origin, undefined, packets, question.uses),
      question.uses,
    );
    this.forwardOn(question, chain, noun, admitted, passed);
  }

  private forwardOn(
    question: Question,
    chain: Chain,
    noun: Interface,
    packets: PacketSet,
    passed: ReadonlySet<string>,
  ): void {
    const key = `forwarder ${noun.id}`;
    const party = this.party({ kind: 'interface', id: noun.id });
    if (!this.may || !party || passed.has(key) || packets.isEmpty()) return;
    question.uses.add({
      resource: noun.id,
      reason: 'it may send packets for other addresses on; how is not known',
      parameters: [],
    });
    const masqueraded = packets
      .withAnySource()
      .withAnySourcePort()
      .intersect(PacketSet.of({ sources: party.addresses }));
    const onward = { sent: this.sentFor(chain, packets), via: [...chain.via, noun.id] };
    const next = new Set([...passed, key]);
    this.pursue(question, { ...onward, origin: chain.origin }, this.leavingFrom(party, packets), next);
    this.pursue(question, { ...onward, origin: { kind: 'party', party } }, this.leavingFrom(party, masqueraded), next);
  }

  /** PrivateLink: the consumer's endpoint leads to the provider's network load balancers and nowhere else (SEMANTICS 31). */
  private enterService(
    question: Question,
    chain: Chain,
    id: ResourceId,
    endpointInterface: ResourceId,
    packets: PacketSet,
    passed: ReadonlySet<string>,
  ): void {
    const service = this.index.endpointServices.get(id);
    const key = `service ${id}`;
    if (!service || passed.has(key)) return;
    if (!service.certain && !this.may) return;
    if (service.acceptanceRequired !== false && !this.may) return;
    for (const balancerId of service.loadBalancers) {
      const balancer = this.index.loadBalancers.get(balancerId);
      const party = balancer && this.party({ kind: 'interface', id: balancer.interface });
      if (!balancer || !party || balancer.type !== 'network') continue;
      const filters = counts(balancer.filtersPrivateLink, this.may ? 'must' : 'may');
      const admitted = filters ? this.letIn(party, { kind: 'external', id }, packets, question.uses) : packets;
      const heard = this.listenedFor(party, admitted);
      const own = heard
        .withAnySource()
        .withAnySourcePort()
        .intersect(PacketSet.of({ sources: party.addresses.intersect(AddressSet.ALL_IPV4) }));
      const onward: Chain = { ...chain, sent: this.sentFor(chain, heard), via: [...chain.via, endpointInterface] };
      this.balance(question, onward, balancer, party, heard, own, new Set([...passed, key]));
    }
  }

  /**
   * A network load balancer's onward packets. `clients` are the packets as they came; `visible` the same with the source
   * that a target would see: the client's, or the balancer's where they came through PrivateLink.
   */
  private balance(
    question: Question,
    chain: Chain,
    balancer: LoadBalancer,
    party: Party,
    clients: PacketSet,
    visible: PacketSet,
    passed: ReadonlySet<string>,
  ): void {
    const key = `balancer ${balancer.id}`;
    if (passed.has(key)) return;
    const next = new Set([...passed, key]);
    for (const listener of balancer.listeners) {
      const heard = visible.intersect(this.listenerPackets(listener));
      if (heard.isEmpty()) continue;
      const sent = this.sentFor(chain, clients.intersect(this.listenerPackets(listener)));
      const onward: Chain = { ...chain, sent, via: [...chain.via, balancer.id] };
      for (const id of listener.targetGroups) {
        const group = this.index.targetGroups.get(id);
        if (group && (group.certain || this.may)) this.forwardToTargets(question, onward, party, group, heard, next);
      }
      if (listener.unknownTargets)
        this.forwardAnywhere(question, onward, party, heard, listener.unknownTargets, balancer.id, next);
    }
  }

  private forwardToTargets(
    question: Question,
    chain: Chain,
    party: Party,
    group: TargetGroup,
    heard: PacketSet,
    passed: ReadonlySet<string>,
  ): void {
    for (const target of group.targets) {
      if (!target.certain && !this.may) continue;
      const ports = portsOf(target.port === undefined ? asRange(group.port) : asRange(target.port), this.approximation);
      if (ports.length === 0) continue;
      const to = target.to;
      const addresses =
        to.kind === 'interface'
          ? (this.party({ kind: 'interface', id: to.id })?.addresses ?? AddressSet.EMPTY)
          : isUnknown(to.cidr)
            ? this.may
              ? AddressSet.ALL
              : AddressSet.EMPTY
            : AddressSet.of(to.cidr);
      const onward = PacketSet.of({ destinations: addresses, destinationPorts: ports }).intersect(
        heard.withAnyDestination().withAnyDestinationPort(),
      );
      for (const [packets, origin] of this.balanced(chain.origin, party, group, onward, question.uses)) {
        this.pursue(question, { ...chain, origin }, this.leavingFrom(party, packets), passed);
      }
    }
    if (group.unknownTargets)
      this.forwardAnywhere(question, chain, party, heard, group.unknownTargets, group.id, passed);
  }

  /** What may be registered as a target without any template showing it: anything the balancer can send to. */
  private forwardAnywhere(
    question: Question,
    chain: Chain,
    party: Party,
    heard: PacketSet,
    why: { reason: string; parameters: readonly string[] },
    resource: ResourceId,
    passed: ReadonlySet<string>,
  ): void {
    if (!this.may) return;
    question.uses.add({ resource, reason: why.reason, parameters: why.parameters });
    const anywhere = heard.withAnyDestination().withAnyDestinationPort();
    const own = anywhere
      .withAnySource()
      .withAnySourcePort()
      .intersect(PacketSet.of({ sources: party.addresses }));
    const preserved: Origin = { kind: 'preserving-balancer', party, client: chain.origin };
    this.pursue(question, { ...chain, origin: { kind: 'party', party } }, this.leavingFrom(party, own), passed);
    this.pursue(question, { ...chain, origin: preserved }, this.leavingFrom(party, anywhere), passed);
  }

  /** The client's address arrives at the target, or the balancer's does; where that is not known, either may. */
  private balanced(
    client: Origin,
    party: Party,
    group: TargetGroup,
    packets: PacketSet,
    uses: Uses,
  ): [PacketSet, Origin][] {
    const own = PacketSet.of({ sources: party.addresses.intersect(AddressSet.ALL_IPV4) });
    const proxied: [PacketSet, Origin] = [
      packets.withAnySource().withAnySourcePort().intersect(own),
      { kind: 'party', party },
    ];
    const preserved: [PacketSet, Origin] = [packets, { kind: 'preserving-balancer', party, client }];
    if (group.preserveClientIp === true) return [preserved];
    if (group.preserveClientIp === false) return [proxied];
    if (!this.may) return [];
    uses.add({
      resource: group.id,
      reason: group.preserveClientIp.reason,
      parameters: group.preserveClientIp.parameters,
    });
    return [preserved, proxied];
  }

  private leavingFrom(party: Party, packets: PacketSet): Departure[] {
    const leaving = packets.intersect(this.groups.mayLeave(party));
    return party.subnets.map((subnet) => ({ location: { kind: 'leaving', subnet: subnet.id }, packets: leaving }));
  }

  // --------------------------------------------------------------------------------------------------------- results

  private sentFor(chain: Chain, arrived: PacketSet): PacketSet {
    return chain.sent ?? arrived;
  }

  private found(question: Question, chain: Chain, to: End, received: PacketSet): void {
    if (received.isEmpty()) return;
    const sent = chain.sent ? refine(chain.sent, received) : received;
    if (sent.isEmpty()) return;
    const key = `${endKey(to)} via ${chain.via.join(' ')}`;
    const before = question.found.get(key);
    const allSent = before ? before.sent.union(sent) : sent;
    const packet = allSent.sample() as Packet;
    question.found.set(key, {
      from: question.from,
      to,
      sent: allSent,
      received: before ? before.received.union(received) : received,
      via: chain.via,
      sample: { from: question.from, to, packet },
    });
  }
}

/** Of the packets that were sent, those that could have become what was received: a translation keeps the protocol. */
function refine(sent: PacketSet, received: PacketSet): PacketSet {
  const protocols = received.withAnySource().withAnyDestination().withAnySourcePort().withAnyDestinationPort();
  const kept = sent.intersect(protocols);
  // Where the destination was not translated, it tells which packets went through.
  const same = kept.intersect(received.withAnySource().withAnySourcePort());
  return same.isEmpty() ? kept : same;
}

function wanted(question: Question, end: End): boolean {
  return question.to === undefined || question.to.has(endKey(end));
}

function portsOf(ports: Value<PortRange>, approximation: Approximation): PortRange[] {
  if (!isUnknown(ports)) return [ports];
  return approximation === 'may' ? [{ from: 0, to: 65535 }] : [];
}

function asRange(port: Value<number>): Value<PortRange> {
  return isUnknown(port) ? port : { from: port, to: port };
}
