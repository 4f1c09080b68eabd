/**
 * Hops through what inspects: Network Firewall endpoints and the appliances behind gateway load balancers (SEMANTICS 34).
 */
import { PacketSet } from '../../base/net';
import type { Firewall, ResourceId, RouteTarget, Subnet, VpcEndpoint } from '../network';
import type { Filter } from './filter';
import { filterOfFirewall } from './firewall-filter';
import type { Sessions, Sink, Uses } from './hop';
import { inspected, isOverInternet, type Location, type Path, sessionKey } from './location';
import type { SubnetFilters } from './subnet-filters';

export class InspectionHops {
  private readonly firewalls = new Map<string, Filter>();

  constructor(private readonly filters: SubnetFilters) {}

  private get index() {
    return this.filters.index;
  }

  private get approximation() {
    return this.filters.approximation;
  }

  private get may() {
    return this.filters.may;
  }

  enterFirewall(
    { id, subnet: endpointSubnet }: Extract<RouteTarget, { kind: 'firewall-endpoint' }>,
    from: Subnet | undefined,
    path: Path,
    packets: PacketSet,
    uses: Uses,
    send: Sink,
  ): void {
    const firewall = this.index.firewalls.get(id);
    if (!firewall || !this.filters.counts(firewall, uses)) return;
    const candidates = typeof endpointSubnet === 'string' ? [endpointSubnet] : firewall.subnets;
    // Where the template does not say which endpoint, it may be any of them; only a single one certainly is.
    if (candidates.length !== 1 && !this.may) return;
    for (const subnet of candidates) {
      const arrived = subnet === from?.id ? packets : this.filters.passAcl(subnet, 'ingress', packets, uses);
      send({ kind: 'firewall', id, subnet, ...(isOverInternet(path) ? { own: path } : {}) }, arrived);
    }
  }

  inspect(
    location: Extract<Location, { kind: 'firewall' }>,
    packets: PacketSet,
    answering: Sessions | undefined,
    uses: Uses,
    send: Sink,
  ): void {
    const firewall = this.index.firewalls.get(location.id);
    if (!firewall) return;
    const passed = this.passed(firewall, location, packets, answering, uses);
    this.passOn(location.subnet, inspected(location.own ?? 'local'), passed, uses, send);
  }

  /** What a firewall lets pass where it stands. */
  passed(firewall: Firewall, at: Location, packets: PacketSet, answering: Sessions | undefined, uses: Uses): PacketSet {
    const asNew = this.filters.pass(this.firewallFilter(firewall, 'forward'), packets, uses);
    if (!answering) return asNew;
    // Replies to what it let pass are let pass; others are as new to it as any packet, and need not be.
    const begun = answering.get(sessionKey(at)) ?? PacketSet.EMPTY;
    const seen = begun.intersect(this.firewallFilter(firewall, 'forward').passes).reversed();
    const remembered = this.filters.pass(this.firewallFilter(firewall, 'reply'), packets.intersect(seen), uses);
    return this.may ? remembered.union(asNew) : remembered;
  }

  private firewallFilter(firewall: Firewall, direction: 'forward' | 'reply'): Filter {
    const key = `${direction} ${firewall.id}`;
    let filter = this.firewalls.get(key);
    if (!filter) {
      filter = filterOfFirewall(firewall, this.approximation, direction);
      this.firewalls.set(key, filter);
    }
    return filter;
  }

  /** An inspected packet leaves the endpoint's subnet as its route table says. */
  private passOn(subnetId: ResourceId, path: Path, packets: PacketSet, uses: Uses, send: Sink): void {
    const subnet = this.index.subnets.get(subnetId);
    if (!subnet) return;
    const { own, leaving } = this.filters.split(subnet, packets);
    send({ kind: 'delivered', subnet: subnetId, path }, own);
    const rest = this.filters.pass(this.filters.aclOf(subnet, 'egress'), leaving, uses);
    send({ kind: 'routing', subnet: subnetId, path }, rest);
  }

  /** Behind a gateway load balancer stands an appliance that no template explains: it may pass everything on. */
  enterAppliance(
    id: ResourceId,
    from: Subnet | undefined,
    path: Path,
    packets: PacketSet,
    uses: Uses,
    send: Sink,
  ): void {
    if (!this.may) return;
    const endpoint = this.index.vpcEndpoints.get(id);
    uses.add({
      resource: id,
      reason: 'what the appliance behind this endpoint lets pass is not known',
      parameters: [],
    });
    for (const subnet of this.standsIn(endpoint)) {
      const arrived = subnet === from?.id ? packets : this.filters.passAcl(subnet, 'ingress', packets, uses);
      this.passOn(subnet, inspected(path), arrived, uses, send);
    }
  }
  /** Where no template says which subnets, it may be any of its VPC's. */
  private standsIn(endpoint: VpcEndpoint | undefined): readonly ResourceId[] {
    if (!endpoint) return [...this.index.subnets.keys()];
    if (endpoint.subnets !== undefined && endpoint.subnets.length > 0) return endpoint.subnets;
    return this.index.network.subnets.filter(({ vpc }) => vpc === endpoint.vpc).map(({ id }) => id);
  }
}
