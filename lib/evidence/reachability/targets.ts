/**
 * The targets of a balancer: where they are, and which of its nodes send to them.
 */
import { AddressSet, isHostPrefix, PacketSet, type PortRange, TCP } from '../../base/net';
import { calledAt, type ForwardingGraph, type Party, type PartyBook, type Uses } from '../forwarding';
import {
  endKey,
  isUnknown,
  type LoadBalancer,
  type Subnet,
  type Target,
  type TargetGroup,
  type Value,
} from '../network';
import type { Chain } from './chain';

/** What an interface begins by itself. */
export interface Beginning {
  readonly packets: PacketSet;
  /** the one party that it is for, by the key of its end */
  readonly intended?: string;
  /** the interface where it begins */
  readonly party: Party;
}

const ALL_TCP = PacketSet.of({ protocols: [TCP] });

export class Targets {
  constructor(
    private readonly graph: ForwardingGraph,
    private readonly book: PartyBook,
  ) {}

  private get may(): boolean {
    return this.graph.approximation === 'may';
  }

  /**
   * A host begins what it likes; an endpoint only answers, and a balancer begins what is for its targets and nothing else
   * (VPCE_INTRA_VPC_TRAFFIC and TARGET_ADDRESS_RESTRICTION in
   * https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html).
   */
  begunBy(party: Party, uses: Uses): Beginning[] {
    const id = party.noun?.id ?? '';
    if (this.graph.index.endpointOf(id) || party.noun?.answersOnly) return [];
    const balancer = this.graph.index.balancerOf(id);
    return balancer ? this.begunByBalancer(party, balancer, uses) : [{ packets: PacketSet.ALL, party }];
  }

  private begunByBalancer(party: Party, balancer: LoadBalancer, uses: Uses): Beginning[] {
    const anywhere = { packets: PacketSet.ALL, party };
    if (balancer.external) return this.may ? [anywhere] : [];
    // Of one without a listener nobody has written down yet what it is for.
    if (balancer.listeners.length === 0) return this.may ? [anywhere] : [];
    const beginnings: Beginning[] = balancer.asksProviders && this.may ? [{ packets: ALL_TCP, party }] : [];
    for (const { certain, targetGroups, unknownTargets } of balancer.listeners) {
      if (!certain && !this.may) continue;
      if (unknownTargets && this.may) beginnings.push(anywhere);
      for (const id of targetGroups) {
        const group = this.graph.index.targetGroups.get(id);
        if (this.may && (!group || group.unknownTargets)) beginnings.push(anywhere);
        if (group && (group.certain || this.may)) beginnings.push(...this.forTargets(party, balancer, group, uses));
      }
    }
    return beginnings;
  }

  /** What it forwards, and what it asks of their health. */
  private forTargets(party: Party, balancer: LoadBalancer, group: TargetGroup, uses: Uses): Beginning[] {
    const targets = group.targets.filter(({ certain }) => certain || this.may);
    return targets.flatMap((target): Beginning[] => {
      const nodes = this.nodesFor(balancer, group, party, target, uses);
      const packets = this.packetsFor(target, group, party.addresses.intersect(this.rangesOf(nodes)));
      const intended = target.to.kind === 'interface' ? { intended: endKey(target.to) } : {};
      if (balancer.type !== 'classic') return [{ packets, party: nodes, ...intended }];
      // It meets the ACL of its subnet even on the way to a neighbour (ELB_ACL_RESTRICTION).
      return nodes.subnets.map((subnet) => {
        const own = packets.intersect(PacketSet.of({ sources: this.graph.addressesOf(subnet) }));
        const passed = this.graph.passAcl(subnet.id, 'egress', own, uses);
        return { packets: passed, party: { ...nodes, subnets: [subnet] }, ...intended };
      });
    });
  }

  private packetsFor(target: Target, group: TargetGroup, sources: AddressSet): PacketSet {
    const destinations = this.addressesOf(target, group);
    const port = target.port ?? group.port;
    const forwarded = { protocols: group.protocols, sources, destinations, destinationPorts: this.portsOf(port) };
    const healthPorts = this.portsOf(group.healthCheckPort ?? port);
    const asked = { protocols: [TCP], sources, destinations, destinationPorts: healthPorts };
    return PacketSet.of(forwarded).union(PacketSet.of(asked));
  }

  /** Without cross-zone balancing, a balancer's node sends only to targets of its own availability zone. */
  nodesFor(balancer: LoadBalancer, group: TargetGroup, party: Party, target: Target, uses: Uses): Party {
    const crossZone = group.crossZone ?? balancer.crossZone;
    if (crossZone === true) return party;
    if (isUnknown(crossZone)) {
      const { id } = group.crossZone === undefined ? balancer : group;
      uses.add({ resource: id, reason: crossZone.reason, parameters: crossZone.parameters });
      if (this.may) return party;
    }
    const zones = this.placesOf(target, party);
    // An address outside the balancer's VPC is in all zones.
    if (zones.length === 0 && (this.may || target.to.kind === 'address')) return party;
    const near = party.subnets.filter((node) => zones.some((subnet) => this.graph.sameZone(node, subnet)));
    return { ...party, subnets: near };
  }

  /** The subnets that a target is in; of one that is an address, those that hold it. */
  private placesOf({ to }: Target, { vpcs }: Party): readonly Subnet[] {
    const { index } = this.graph;
    if (to.kind === 'interface') {
      return index.interfaces.get(to.id)?.subnets.flatMap((id) => index.subnets.get(id) ?? []) ?? [];
    }
    if (isUnknown(to.cidr)) return [];
    const address = AddressSet.of(to.cidr);
    const all = [...vpcs].flatMap((vpc) => index.subnetsOf(vpc));
    return all.filter((subnet) => address.isSubsetOf(this.graph.addressesOf(subnet)));
  }

  /** A node that sends to targets of its own zone alone does so for the clients that called that very node. */
  calledAt(nodes: Party, party: Party, chain: Chain): Chain {
    if (chain.calledAtNode !== true || nodes.subnets.length === party.subnets.length) return chain;
    const destinations = this.rangesOf(nodes);
    return { ...chain, sent: chain.sent?.intersect(PacketSet.of({ destinations })) };
  }

  private rangesOf({ subnets }: Party): AddressSet {
    return subnets.reduce((all, subnet) => all.union(this.graph.addressesOf(subnet)), AddressSet.EMPTY);
  }

  /** Where a target is called: at what is registered, or at addresses of the group's family. */
  addressesOf(target: Target, group: TargetGroup): AddressSet {
    if (target.to.kind === 'interface') {
      const own = this.book.party({ kind: 'interface', id: target.to.id })?.addresses ?? AddressSet.EMPTY;
      return own.intersect(calledAt(group, this.may));
    }
    if (isUnknown(target.to.cidr)) return this.may ? AddressSet.ALL : AddressSet.EMPTY;
    return AddressSet.of(target.to.cidr);
  }

  /** What a target that is one address would send to itself: nobody sends it on as another's. What is certain says nothing of it. */
  toItself({ to }: Target): PacketSet {
    if (!this.may || to.kind !== 'address' || isUnknown(to.cidr) || !isHostPrefix(to.cidr)) return PacketSet.EMPTY;
    const itself = AddressSet.of(to.cidr);
    return PacketSet.of({ sources: itself, destinations: itself });
  }

  portsOf(port: Value<number>): PortRange[] {
    if (!isUnknown(port)) return [{ from: port, to: port }];
    return this.may ? [{ from: 0, to: 65535 }] : [];
  }
}
