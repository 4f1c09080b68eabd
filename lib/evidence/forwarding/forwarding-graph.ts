/**
 * ForwardingGraph: what one hop does to a packet set. Addresses do not change along a leg, so a hop only filters and
 * fans out; translation happens between legs.
 */
import { AddressSet, PacketSet } from '../../base/net';
import {
  type Approximation,
  type Firewall,
  isUnknown,
  type NetworkModel,
  type ResourceId,
  type RouteTarget,
  type Subnet,
  type TransitGatewayAttachment,
  type UnknownUse,
} from '../network';
import { type Doubt, EVERYTHING, type Filter, filterOfAcl, NOTHING } from './filter';
import { filterOfFirewall } from './firewall-filter';
import { type Location, locationKey, type Path } from './location';
import { NetworkIndex } from './network-index';
import { compileRouteTable, compileTransitGatewayTable, type RouteCell, type TransitTarget } from './route-lookup';
import { INTERNET } from './special-addresses';

/** What each firewall endpoint saw of a leg, by location key: its stateful engine lets the replies to that through. */
export type Sessions = ReadonlyMap<string, PacketSet>;

/** Takes what a hop sends on. */
export type Sink = (next: Location, packets: PacketSet) => void;

/** Collects what was not understood and mattered, by its own text. */
export class Uses {
  private readonly found = new Map<string, UnknownUse>();

  add(use: UnknownUse): void {
    this.found.set(`${use.resource} ${use.reason}`, use);
  }

  addWhere(doubts: readonly Doubt[], packets: PacketSet): void {
    for (const doubt of doubts) if (!doubt.packets.intersect(packets).isEmpty()) this.add(doubt.use);
  }

  list(): UnknownUse[] {
    return [...this.found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
  }
}

/** Stands for a gateway that nobody knows, behind a route whose target is not known. */
export const ANY_GATEWAY: ResourceId = '#any-gateway';

const IPV4 = PacketSet.of({ destinations: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ destinations: AddressSet.ALL_IPV6 });
const TO_INTERNET = PacketSet.of({ destinations: INTERNET });

export class ForwardingGraph {
  readonly index: NetworkIndex;
  private readonly acls = new Map<string, Filter>();
  private readonly tables = new Map<ResourceId, readonly RouteCell<RouteTarget>[]>();
  private readonly transitTables = new Map<ResourceId, readonly RouteCell<TransitTarget>[]>();
  private readonly firewalls = new Map<string, Filter>();
  private readonly subnetPackets = new Map<ResourceId, PacketSet>();

  constructor(
    network: NetworkModel | NetworkIndex,
    readonly approximation: Approximation,
  ) {
    this.index = network instanceof NetworkIndex ? network : new NetworkIndex(network);
  }

  private get may(): boolean {
    return this.approximation === 'may';
  }

  // ------------------------------------------------------------------------------------------------------ addresses

  /** The addresses of a subnet; what is not known is the VPC's ranges, or anything, in `may`, and nothing in `must`. */
  addressesOf(subnet: Subnet): AddressSet {
    const known = AddressSet.ofAll(subnet.cidrs.flatMap((cidr) => (isUnknown(cidr) ? [] : [cidr])));
    const open = subnet.cidrs.some((cidr) => isUnknown(cidr)) || subnet.cidrs.length === 0;
    if (!open || !this.may) return known;
    const vpc = this.index.vpcs.get(subnet.vpc);
    const ranges = vpc?.cidrs ?? [];
    if (ranges.length === 0 || ranges.some((range) => isUnknown(range))) return AddressSet.ALL;
    return known.union(AddressSet.ofAll(ranges.flatMap((range) => (isUnknown(range) ? [] : [range]))));
  }

  /** Packets addressed into a subnet. */
  private packetsTo(subnet: Subnet): PacketSet {
    let packets = this.subnetPackets.get(subnet.id);
    if (!packets) {
      packets = PacketSet.of({ destinations: this.addressesOf(subnet) });
      this.subnetPackets.set(subnet.id, packets);
    }
    return packets;
  }

  // --------------------------------------------------------------------------------------------------------- filters

  aclOf(subnet: Subnet, direction: 'ingress' | 'egress'): Filter {
    const id = subnet.networkAcl;
    if (isUnknown(id)) return this.unknownFilter(subnet.id, id);
    const key = `${direction} ${id}`;
    let filter = this.acls.get(key);
    if (!filter) {
      const acl = this.index.networkAcls.get(id);
      if (!acl || acl.external) {
        filter = this.unknownFilter(id, { reason: `no template shows network ACL \`${id}\``, parameters: [] });
      } else {
        filter = filterOfAcl(acl, direction, this.approximation);
      }
      this.acls.set(key, filter);
    }
    return filter;
  }

  private unknownFilter(resource: ResourceId, why: { reason: string; parameters: readonly string[] }): Filter {
    if (!this.may) return NOTHING;
    return { passes: PacketSet.ALL, doubts: [{ packets: PacketSet.ALL, use: { resource, ...pick(why) } }] };
  }

  private pass(filter: Filter, packets: PacketSet, uses: Uses): PacketSet {
    if (filter === EVERYTHING) return packets;
    const passed = packets.intersect(filter.passes);
    if (filter.doubts.length > 0 && !passed.isEmpty()) uses.addWhere(filter.doubts, passed);
    return passed;
  }

  passAcl(subnet: ResourceId, direction: 'ingress' | 'egress', packets: PacketSet, uses: Uses): PacketSet {
    const noun = this.index.subnets.get(subnet);
    return noun ? this.pass(this.aclOf(noun, direction), packets, uses) : PacketSet.EMPTY;
  }

  // ------------------------------------------------------------------------------------------------------------ step

  /**
   * One hop from a location. Terminal locations have no next hop. `answering`: the sessions of the leg that these packets
   * are replies to; undefined where they start a conversation.
   */
  step(location: Location, packets: PacketSet, answering: Sessions | undefined, uses: Uses, sink: Sink): void {
    const send: Sink = (next, part) => {
      if (!part.isEmpty()) sink(next, part);
    };
    switch (location.kind) {
      case 'leaving':
        return this.leave(location.subnet, packets, uses, send);
      case 'routing':
        return this.route(location.subnet, location.path, packets, uses, send);
      case 'gateway-ingress':
        return this.enterThroughGateway(location.gateway, location.vpc, packets, uses, send);
      case 'peering-ingress':
        return this.deliver(location.vpc, undefined, 'peering', packets, uses, send);
      case 'attachment':
        return this.transit(location.id, packets, uses, send);
      case 'attachment-egress':
        return this.leaveTransit(location.id, packets, uses, send);
      case 'door': {
        const door = this.index.subnets.get(location.subnet);
        if (door) this.leaveDoor(door, packets, uses, send);
        return;
      }
      case 'firewall':
        return this.inspect(location, packets, answering, uses, send);
      default:
        return;
    }
  }

  /** Inside one subnet neither ACL nor route table is asked (SEMANTICS 10). */
  private leave(subnetId: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    const subnet = this.index.subnets.get(subnetId);
    if (!subnet) return;
    const own = this.packetsTo(subnet);
    send({ kind: 'delivered', subnet: subnetId, path: 'local' }, packets.intersect(own));
    // Where the subnet's range is not known, what may stay inside may also leave.
    const certainlyOwn = subnet.cidrs.every((cidr) => !isUnknown(cidr)) && subnet.cidrs.length > 0;
    const leaving = certainlyOwn ? packets.subtract(own) : packets;
    const passed = this.pass(this.aclOf(subnet, 'egress'), leaving, uses);
    send({ kind: 'routing', subnet: subnetId, path: 'local' }, passed);
  }

  private cellsOf(subnet: Subnet): readonly RouteCell<RouteTarget>[] {
    const id = subnet.routeTable;
    if (isUnknown(id)) return this.unknownTable(subnet.id, id);
    let cells = this.tables.get(id);
    if (!cells) {
      const table = this.index.routeTables.get(id);
      if (!table || table.external) {
        return this.unknownTable(subnet.id, { reason: `no template shows route table \`${id}\``, parameters: [] });
      }
      cells = compileRouteTable(this.index, table, this.approximation);
      this.tables.set(id, cells);
    }
    return cells;
  }

  private unknownTable(
    subnet: ResourceId,
    why: { reason: string; parameters: readonly string[] },
  ): readonly RouteCell<RouteTarget>[] {
    if (!this.may) return [];
    const doubt: UnknownUse = { resource: subnet, ...pick(why) };
    return [
      { target: { kind: 'local' }, packets: PacketSet.ALL, doubt },
      { target: { kind: 'unknown', ...pick(why) }, packets: PacketSet.ALL, doubt },
    ];
  }

  private route(subnetId: ResourceId, path: Path, packets: PacketSet, uses: Uses, send: Sink): void {
    const subnet = this.index.subnets.get(subnetId);
    if (!subnet) return;
    for (const cell of this.cellsOf(subnet)) {
      const part = packets.intersect(cell.packets);
      if (part.isEmpty()) continue;
      if (cell.doubt) uses.add(cell.doubt);
      this.follow(cell.target, subnet, path, part, uses, send);
    }
  }

  /**
   * What came in through a transit gateway may go on to what terminates or inspects it (NAT gateways, firewalls,
   * appliances, back to the gateway), but never to this VPC's internet gateway, VPN gateway or peers (SEMANTICS 18, 25).
   */
  private follow(target: RouteTarget, subnet: Subnet, path: Path, packets: PacketSet, uses: Uses, send: Sink): void {
    const { vpc } = subnet;
    switch (target.kind) {
      case 'local':
        return this.deliver(vpc, subnet.id, path, packets, uses, send);
      case 'nat-gateway': {
        const nat = this.index.natGateways.get(target.id);
        if (!nat || (!nat.certain && !this.may)) return;
        const arrived = nat.subnet === subnet.id ? packets : this.passAcl(nat.subnet, 'ingress', packets, uses);
        return send({ kind: 'nat', id: nat.id }, arrived);
      }
      case 'transit-gateway':
        return this.enterTransit(target.id, subnet, path, packets, uses, send);
      case 'firewall-endpoint':
        return this.enterFirewall(target.id, target.subnet, subnet, packets, uses, send);
      case 'gateway-load-balancer-endpoint':
        return this.enterAppliance(target.id, subnet, packets, uses, send);
      case 'interface':
        return send({ kind: 'forwarder', id: target.id }, packets);
      case 'unknown':
        if (this.may) {
          uses.add({ resource: subnet.id, ...pick(target) });
          this.goAnywhere(`${vpc}#unknown-target`, packets, uses, send);
        }
        return;
      case 'blackhole':
        return;
      default:
        if (path !== 'transit-gateway') this.followOwn(target, subnet, packets, send);
    }
  }

  /** What is not understood is a path: to every subnet, to the internet, to every site, and to what no template shows. */
  private goAnywhere(id: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    send({ kind: 'external', id }, packets);
    send({ kind: 'internet', gateway: ANY_GATEWAY }, packets.intersect(TO_INTERNET));
    for (const connection of this.index.network.vpnConnections) send({ kind: 'site', id: connection.id }, packets);
    for (const vpc of this.index.vpcs.keys()) this.deliver(vpc, undefined, 'unknown', packets, uses, send);
  }

  /** Targets that serve only the VPC's own hosts. */
  private followOwn(
    target: Extract<
      RouteTarget,
      { kind: 'internet-gateway' | 'egress-only-gateway' | 'peering' | 'vpn-gateway' | 'gateway-endpoint' }
    >,
    subnet: Subnet,
    packets: PacketSet,
    send: Sink,
  ): void {
    switch (target.kind) {
      case 'internet-gateway': {
        if (this.isAttached(this.index.internetGateways.get(target.id)?.vpc, subnet.vpc, target.id)) {
          this.leaveToInternet(target.id, packets, send);
        }
        return;
      }
      case 'egress-only-gateway':
        return this.leaveToInternet(target.id, packets.intersect(IPV6), send);
      case 'peering':
        return this.crossPeering(target.id, subnet.vpc, packets, send);
      case 'vpn-gateway': {
        if (!this.isAttached(this.index.vpnGateways.get(target.id)?.vpc, subnet.vpc, target.id)) return;
        return this.leaveThroughVpnGateway(target.id, packets, send);
      }
      default: {
        const endpoint = this.index.vpcEndpoints.get(target.id);
        if (endpoint?.vpc === subnet.vpc) send({ kind: 'gateway-endpoint', id: target.id }, packets.intersect(IPV4));
      }
    }
  }

  /** IPv6 addresses are the same on the internet: what one VPC sends out may be for a host of another (SEMANTICS 19). */
  private leaveToInternet(gateway: ResourceId, packets: PacketSet, send: Sink): void {
    const outside = packets.intersect(TO_INTERNET);
    send({ kind: 'internet', gateway }, outside);
    const global = outside.intersect(IPV6);
    if (global.isEmpty()) return;
    for (const entrance of this.internetEntrances('reply')) send(entrance, global);
  }

  /** Whether a gateway is attached to a VPC; one that no template shows may be. */
  private isAttached(
    attachedTo: ResourceId | { readonly unknown: true } | undefined,
    vpc: ResourceId,
    gateway: ResourceId,
  ): boolean {
    if (attachedTo === vpc) return true;
    const known = this.index.internetGateways.get(gateway) ?? this.index.vpnGateways.get(gateway);
    const open = typeof attachedTo === 'object' || (attachedTo === undefined && known?.external === true);
    return open && this.may;
  }

  private leaveThroughVpnGateway(gateway: ResourceId, packets: PacketSet, send: Sink): void {
    const connections = this.index.connectionsAt(gateway);
    if (connections.length === 0) return send({ kind: 'site', id: gateway }, packets);
    for (const connection of connections) {
      const isStatic = connection.routing === 'static';
      if (!isStatic && !this.may) continue;
      const known = connection.routes.flatMap((route) => (isUnknown(route) ? [] : [route]));
      const open = !isStatic || (known.length < connection.routes.length && this.may);
      const range = open ? PacketSet.ALL : PacketSet.of({ destinations: AddressSet.ofAll(known) });
      send({ kind: 'site', id: connection.id }, packets.intersect(range));
    }
  }

  private crossPeering(id: ResourceId, vpc: ResourceId, packets: PacketSet, send: Sink): void {
    const peering = this.index.peeringConnections.get(id);
    if (!peering || (!peering.certain && !this.may)) return;
    if (peering.requester !== vpc && peering.accepter !== vpc) return;
    const other = peering.requester === vpc ? peering.accepter : peering.requester;
    if (isExternal(this.index.vpcs.get(other))) return send({ kind: 'external', id: other }, packets);
    send({ kind: 'peering-ingress', vpc: other }, packets);
  }

  /** Delivery asks the destination subnet's ACL, and the source's was asked before; a route table is not asked. */
  deliver(vpc: ResourceId, from: ResourceId | undefined, path: Path, packets: PacketSet, uses: Uses, send: Sink): void {
    for (const subnet of this.index.subnetsOf(vpc)) {
      if (!subnet.certain && !this.may) continue;
      const part = packets.intersect(this.packetsTo(subnet));
      if (part.isEmpty()) continue;
      const passed = subnet.id === from ? part : this.pass(this.aclOf(subnet, 'ingress'), part, uses);
      send({ kind: 'delivered', subnet: subnet.id, path }, passed);
    }
  }

  private enterThroughGateway(gateway: ResourceId, vpc: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    const edge = this.index.edgeTableOf(gateway);
    if (!edge) return this.deliver(vpc, undefined, 'gateway', packets, uses, send);
    for (const cell of compileRouteTable(this.index, edge, this.approximation)) {
      const part = packets.intersect(cell.packets);
      if (part.isEmpty()) continue;
      if (cell.doubt) uses.add(cell.doubt);
      this.followEdge(cell.target, vpc, part, uses, send);
    }
  }

  private followEdge(target: RouteTarget, vpc: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    switch (target.kind) {
      case 'local':
        return this.deliver(vpc, undefined, 'gateway', packets, uses, send);
      case 'firewall-endpoint':
        return this.enterFirewall(target.id, target.subnet, undefined, packets, uses, send);
      case 'gateway-load-balancer-endpoint':
        return this.enterAppliance(target.id, undefined, packets, uses, send);
      case 'interface':
        return send({ kind: 'forwarder', id: target.id }, packets);
      case 'unknown':
        if (this.may) this.deliver(vpc, undefined, 'gateway', packets, uses, send);
        return;
      default:
        return;
    }
  }

  // ------------------------------------------------------------------------------------------- firewalls, appliances

  private enterFirewall(
    id: ResourceId,
    endpointSubnet: ResourceId | { readonly unknown: true },
    from: Subnet | undefined,
    packets: PacketSet,
    uses: Uses,
    send: Sink,
  ): void {
    const firewall = this.index.firewalls.get(id);
    if (!firewall) return;
    const candidates = typeof endpointSubnet === 'string' ? [endpointSubnet] : firewall.subnets;
    // Where the template does not say which endpoint, it may be any of them; only a single one certainly is.
    if (candidates.length !== 1 && !this.may) return;
    for (const subnet of candidates) {
      const arrived = subnet === from?.id ? packets : this.passAcl(subnet, 'ingress', packets, uses);
      send({ kind: 'firewall', id, subnet }, arrived);
    }
  }

  private inspect(
    location: Extract<Location, { kind: 'firewall' }>,
    packets: PacketSet,
    answering: Sessions | undefined,
    uses: Uses,
    send: Sink,
  ): void {
    const firewall = this.index.firewalls.get(location.id);
    if (!firewall) return;
    const asNew = this.pass(this.firewallFilter(firewall, 'forward'), packets, uses);
    if (!answering) return this.passOn(location.subnet, asNew, uses, send);
    // Replies to what it has seen pass the stateful engine; others are as new to it as any packet, and need not pass.
    const seen = answering.get(locationKey(location))?.reversed() ?? PacketSet.EMPTY;
    const remembered = this.pass(this.firewallFilter(firewall, 'reply'), packets.intersect(seen), uses);
    this.passOn(location.subnet, this.may ? remembered.union(asNew) : remembered, uses, send);
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
  private passOn(subnetId: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    const subnet = this.index.subnets.get(subnetId);
    if (!subnet) return;
    const own = packets.intersect(this.packetsTo(subnet));
    send({ kind: 'delivered', subnet: subnetId, path: 'inspected' }, own);
    const rest = this.pass(this.aclOf(subnet, 'egress'), packets.subtract(own), uses);
    send({ kind: 'routing', subnet: subnetId, path: 'inspected' }, rest);
  }

  /** Behind a gateway load balancer stands an appliance that no template explains: it may pass everything on. */
  private enterAppliance(id: ResourceId, from: Subnet | undefined, packets: PacketSet, uses: Uses, send: Sink): void {
    if (!this.may) return;
    const endpoint = this.index.vpcEndpoints.get(id);
    const noun = endpoint?.interface ? this.index.interfaces.get(endpoint.interface) : undefined;
    uses.add({
      resource: id,
      reason: 'what the appliance behind this endpoint lets pass is not known',
      parameters: [],
    });
    for (const subnet of noun?.subnets ?? []) {
      const arrived = subnet === from?.id ? packets : this.passAcl(subnet, 'ingress', packets, uses);
      this.passOn(subnet, arrived, uses, send);
    }
  }

  // -------------------------------------------------------------------------------------------------- transit gateway

  /** An attachment serves only zones in which it has a subnet; that subnet's ACL is asked on the way (SEMANTICS 25). */
  private enterTransit(
    gateway: ResourceId,
    subnet: Subnet,
    path: Path,
    packets: PacketSet,
    uses: Uses,
    send: Sink,
  ): void {
    // Straight back out of the subnet that it came in through: nothing documents that it works, or that it does not.
    if (path === 'transit-gateway' && !this.may) return;
    for (const attachment of this.index.attachmentsOf(subnet.vpc, gateway)) {
      if (!attachment.certain && !this.may) continue;
      if (attachment.attached.kind !== 'vpc') continue;
      for (const doorId of attachment.attached.subnets) {
        const door = this.index.subnets.get(doorId);
        if (!door || !this.sameZone(door, subnet)) continue;
        const admitted = this.pass(this.aclOf(door, 'ingress'), packets, uses);
        send({ kind: 'attachment', id: attachment.id }, admitted);
      }
    }
  }

  /** Whether two subnets are in one availability zone; what is not known may be. */
  sameZone(a: Subnet, b: Subnet): boolean {
    if (a.id === b.id) return true;
    if (isUnknown(a.availabilityZone) || isUnknown(b.availabilityZone)) return this.may;
    return a.availabilityZone === b.availabilityZone;
  }

  private transit(id: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    const attachment = this.index.attachments.get(id);
    if (!attachment) return;
    const gateway = this.index.transitGateways.get(attachment.transitGateway);
    if (isExternal(gateway)) return this.crossUnknownGateway(attachment, packets, uses, send);
    if (attachment.association === undefined) return;
    for (const table of this.associatedTables(attachment, uses)) {
      for (const cell of this.transitCells(table)) {
        const part = packets.intersect(cell.packets);
        if (part.isEmpty()) continue;
        if (cell.doubt) uses.add(cell.doubt);
        if (cell.target.kind === 'attachment') send({ kind: 'attachment-egress', id: cell.target.id }, part);
        if (cell.target.kind === 'unknown' && this.may) {
          uses.add({ resource: table, ...pick(cell.target) });
          this.crossTo(attachment, part, send);
        }
      }
    }
  }

  private associatedTables(attachment: TransitGatewayAttachment, uses: Uses): readonly ResourceId[] {
    const association = attachment.association;
    if (association === undefined) return [];
    if (!isUnknown(association)) return [association];
    if (!this.may) return [];
    uses.add({ resource: attachment.id, ...pick(association) });
    return this.index.tablesAt(attachment.transitGateway).map((table) => table.id);
  }

  private transitCells(id: ResourceId): readonly RouteCell<TransitTarget>[] {
    let cells = this.transitTables.get(id);
    if (!cells) {
      const table = this.index.transitGatewayRouteTables.get(id);
      if (!table || table.external) {
        const why = { reason: `no template shows transit gateway route table \`${id}\``, parameters: [] };
        cells = this.may ? [{ target: { kind: 'unknown', ...why }, packets: PacketSet.ALL }] : [];
      } else {
        cells = compileTransitGatewayTable(this.index, table, this.approximation);
      }
      this.transitTables.set(id, cells);
    }
    return cells;
  }

  /** A transit gateway that no template shows may connect its attachments in any way. */
  private crossUnknownGateway(attachment: TransitGatewayAttachment, packets: PacketSet, uses: Uses, send: Sink): void {
    if (!this.may) return;
    const gateway = attachment.transitGateway;
    uses.add({
      resource: gateway,
      reason: 'no template shows the route tables of this transit gateway',
      parameters: [],
    });
    this.crossTo(attachment, packets, send);
  }

  /** To wherever the gateway may lead. */
  private crossTo(from: TransitGatewayAttachment, packets: PacketSet, send: Sink): void {
    send({ kind: 'external', id: from.transitGateway }, packets);
    for (const other of this.index.attachmentsAt(from.transitGateway)) {
      send({ kind: 'attachment-egress', id: other.id }, packets);
    }
  }

  private leaveTransit(id: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    const attachment = this.index.attachments.get(id);
    if (!attachment || (!attachment.certain && !this.may)) return;
    const attached = attachment.attached;
    switch (attached.kind) {
      case 'vpc':
        for (const door of this.doorsOf({ kind: 'attachment-egress', id })) send(door, packets);
        return;
      case 'vpn':
        return send({ kind: 'site', id: attached.id }, packets);
      case 'direct-connect':
        return send({ kind: 'site', id }, packets);
      case 'peering':
        if (attached.peer) return send({ kind: 'attachment', id: attached.peer }, packets);
        return send({ kind: 'external', id }, packets);
      case 'firewall': {
        const firewall = this.index.firewalls.get(attached.id);
        if (!firewall) return;
        const passed = this.pass(filterOfFirewall(firewall, this.approximation, 'forward'), packets, uses);
        return send({ kind: 'attachment', id }, passed);
      }
      default:
        if (!this.may) return;
        uses.add({ resource: id, reason: attached.reason, parameters: [] });
        return send({ kind: 'external', id }, packets);
    }
  }

  /** The subnets through which a VPC attachment lets packets into its VPC; AWS picks one of them. */
  doorsOf(location: Location): Location[] {
    if (location.kind !== 'attachment-egress') return [];
    const attached = this.index.attachments.get(location.id)?.attached;
    return attached?.kind === 'vpc' ? attached.subnets.map((subnet) => ({ kind: 'door', subnet })) : [];
  }

  /** Out of the attachment's subnet: its ACL is asked where the packet goes on to another subnet, then its route table. */
  private leaveDoor(door: Subnet, packets: PacketSet, uses: Uses, send: Sink): void {
    const own = packets.intersect(this.packetsTo(door));
    send({ kind: 'delivered', subnet: door.id, path: 'transit-gateway' }, own);
    const rest = this.pass(this.aclOf(door, 'egress'), packets.subtract(own), uses);
    send({ kind: 'routing', subnet: door.id, path: 'transit-gateway' }, rest);
  }

  // ------------------------------------------------------------------------------------------------------- entrances

  /** Where packets from the internet come in: every attached internet gateway, and for replies egress-only gateways. */
  internetEntrances(direction: 'forward' | 'reply'): Location[] {
    const entrances: Location[] = [];
    for (const gateway of this.index.network.internetGateways) {
      if (!gateway.certain && !this.may) continue;
      for (const vpc of this.vpcsOf(gateway.vpc, gateway.external === true)) {
        entrances.push({ kind: 'gateway-ingress', gateway: gateway.id, vpc });
      }
    }
    if (direction === 'reply') {
      for (const gateway of this.index.network.egressOnlyGateways) {
        entrances.push({ kind: 'gateway-ingress', gateway: gateway.id, vpc: gateway.vpc });
      }
    }
    return entrances;
  }

  private vpcsOf(attachedTo: ResourceId | { readonly unknown: true } | undefined, external: boolean): ResourceId[] {
    if (typeof attachedTo === 'string') return [attachedTo];
    if ((attachedTo === undefined && !external) || !this.may) return [];
    return this.index.network.vpcs.map((vpc) => vpc.id);
  }

  /** Whether a gateway to the internet is that of one of the VPCs; one whose VPC is not known may be. */
  servesInternet(gateway: ResourceId, vpcs: ReadonlySet<ResourceId>): boolean {
    const egressOnly = this.index.network.egressOnlyGateways.find((one) => one.id === gateway);
    if (egressOnly) return vpcs.has(egressOnly.vpc);
    const noun = this.index.internetGateways.get(gateway);
    return this.vpcsOf(noun?.vpc, isExternal(noun)).some((vpc) => vpcs.has(vpc));
  }

  /** Where packets from a site come in. `id` is a VpnConnection, a VpnGateway, or a TransitGatewayAttachment. */
  siteEntrances(id: ResourceId): Location[] {
    const connection = this.index.vpnConnections.get(id);
    if (connection && connection.gateway.kind !== 'vpn-gateway') {
      return this.index.network.transitGatewayAttachments
        .filter((one) => one.attached.kind === 'vpn' && one.attached.id === id)
        .map((one) => ({ kind: 'attachment', id: one.id }));
    }
    const gateway = this.index.vpnGateways.get(connection?.gateway.id ?? id);
    if (gateway) {
      return this.vpcsOf(gateway.vpc, gateway.external === true).map((vpc) => ({
        kind: 'gateway-ingress',
        gateway: gateway.id,
        vpc,
      }));
    }
    return this.index.attachments.has(id) ? [{ kind: 'attachment', id }] : [];
  }

  /** Where packets come in from something that no template shows. */
  externalEntrances(id: ResourceId): Location[] {
    if (id.endsWith('#unknown-target'))
      return [{ kind: 'peering-ingress', vpc: id.slice(0, -'#unknown-target'.length) }];
    if (this.index.attachments.has(id)) return [{ kind: 'attachment', id }];
    if (this.index.transitGateways.has(id)) {
      return this.index.attachmentsAt(id).map((one) => ({ kind: 'attachment-egress', id: one.id }));
    }
    return this.index.network.peeringConnections
      .filter((one) => one.requester === id || one.accepter === id)
      .map((one) => ({ kind: 'peering-ingress', vpc: one.requester === id ? one.accepter : one.requester }));
  }
}

/** Whether no template shows a noun. */
export function isExternal(noun: { readonly external?: boolean } | undefined): boolean {
  return noun === undefined || noun.external === true;
}

function pick(why: { readonly reason: string; readonly parameters: readonly string[] }) {
  return { reason: why.reason, parameters: why.parameters };
}

export { IPV4 as IPV4_PACKETS };
