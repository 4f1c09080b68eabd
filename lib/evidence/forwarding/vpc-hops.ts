/**
 * Hops inside a VPC: out of a subnet, through its route table, into another subnet or to what the route names.
 */
import { AddressSet, PacketSet } from '../../base/net';
import {
  type EgressOnlyGateway,
  type InternetGateway,
  isUnknown,
  type NatGateway,
  type ResourceId,
  type RouteTarget,
  type Subnet,
  type UnknownUse,
} from '../network';
import type { BeyondHops } from './beyond-hops';
import type { Entrances } from './entrances';
import { carriedBy, excepted, isClosed, isExternal, isOpen, type Sink, type Uses, why } from './hop';
import type { InspectionHops } from './inspection-hops';
import { isTransit, type Location, type Path, unknownTargetOf } from './location';
import { throughNat64 } from './nat64';
import { compileRouteTable, type RouteCell } from './route-lookup';
import { INTERNET } from './special-addresses';
import type { SubnetFilters } from './subnet-filters';
import type { TransitHops } from './transit-hops';

const IPV4 = PacketSet.of({ destinations: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ destinations: AddressSet.ALL_IPV6 });
const TO_INTERNET = PacketSet.of({ destinations: INTERNET });

type GatewayIngress = Extract<Location, { kind: 'gateway-ingress' }>;

export class VpcHops {
  private readonly own = new Map<ResourceId, PacketSet>();
  private readonly tables = new Map<ResourceId, readonly RouteCell<RouteTarget>[]>();

  constructor(
    private readonly filters: SubnetFilters,
    private readonly inspection: InspectionHops,
    private readonly transit: TransitHops,
    private readonly entrances: Entrances,
    private readonly beyond: BeyondHops,
  ) {}

  private get index() {
    return this.filters.index;
  }

  private get approximation() {
    return this.filters.approximation;
  }

  private get may() {
    return this.filters.may;
  }

  /** Inside one subnet neither ACL nor route table is asked (SEMANTICS 10). */
  leave(subnetId: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    const subnet = this.index.subnets.get(subnetId);
    if (!subnet) return;
    const { own, leaving } = this.filters.split(subnet, packets);
    send({ kind: 'delivered', subnet: subnetId, path: 'local' }, own);
    const passed = this.filters.pass(this.filters.aclOf(subnet, 'egress'), leaving, uses);
    send({ kind: 'routing', subnet: subnetId, path: 'local' }, passed);
  }

  private cellsOf(subnet: Subnet): readonly RouteCell<RouteTarget>[] {
    const id = subnet.routeTable;
    if (isUnknown(id)) return this.unknownTable(subnet, id);
    let cells = this.tables.get(id);
    if (!cells) {
      const table = this.index.routeTables.get(id);
      if (!table || table.external) {
        return this.unknownTable(subnet, { reason: `no template shows route table \`${id}\``, parameters: [] });
      }
      cells = compileRouteTable(this.index, table, this.approximation);
      this.tables.set(id, cells);
    }
    return cells;
  }

  /** It may lead anywhere, and hold any gateway endpoint of its VPC. */
  private unknownTable(
    { id, vpc }: Subnet,
    open: { reason: string; parameters: readonly string[] },
  ): readonly RouteCell<RouteTarget>[] {
    if (!this.may) return [];
    const doubt: UnknownUse = { resource: id, ...why(open) };
    const endpoints = this.index.network.vpcEndpoints.filter((one) => one.type === 'gateway' && one.vpc === vpc);
    return [
      { target: { kind: 'local' }, packets: PacketSet.ALL, doubt },
      { target: { kind: 'unknown', ...why(open) }, packets: PacketSet.ALL, doubt },
      ...endpoints.map((endpoint): RouteCell<RouteTarget> => {
        return { target: { kind: 'gateway-endpoint', id: endpoint.id }, packets: TO_INTERNET, doubt };
      }),
    ];
  }

  route(subnetId: ResourceId, path: Path, packets: PacketSet, uses: Uses, send: Sink): void {
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
        return this.beyond.deliver(vpc, subnet.id, path, packets, uses, send);
      case 'nat-gateway':
        return this.enterNat(this.index.natGateways.get(target.id), subnet, packets, uses, send);
      case 'transit-gateway':
        return this.transit.enterTransit(target.id, subnet, path, packets, uses, send);
      case 'firewall-endpoint':
        return this.inspection.enterFirewall(target, subnet, path, packets, uses, send);
      case 'gateway-load-balancer-endpoint':
        return this.inspection.enterAppliance(target.id, subnet, path, packets, uses, send);
      case 'interface':
        return this.enterForwarder(target.id, subnet, packets, uses, send);
      case 'unknown':
        if (this.may) {
          uses.add({ resource: subnet.id, ...why(target) });
          this.goAnywhere(subnet, packets, uses, send);
        }
        return;
      case 'blackhole':
        return;
      default:
        // A host of this VPC may come back to it through the gateway: nobody says that its public address is no good then.
        if (!isTransit(path) || (this.may && target.kind === 'internet-gateway'))
          this.followOwn(target, subnet, path, packets, uses, send);
    }
  }

  /** What is not understood is a path: to what no template shows, to what stands here and translates, and beyond. */
  private goAnywhere(from: Subnet, packets: PacketSet, uses: Uses, send: Sink): void {
    send({ kind: 'external', id: unknownTargetOf(from.vpc) }, packets);
    for (const nat of this.index.natGatewaysFor(from.vpc)) {
      // What one sends on to the same address asks the table of its own subnet: from there it would come back to it.
      const passable = nat.subnet === from.id ? throughNat64(packets) : packets;
      this.enterNat(nat, from, passable, uses, send);
    }
    for (const id of this.index.forwardersFor(from.vpc)) this.enterForwarder(id, from, packets, uses, send);
    this.beyond.spread(packets, uses, send);
  }

  /** Routed to an instance or interface: the ACL of its subnet is asked, if it is another. */
  private enterForwarder(id: ResourceId, from: Subnet | undefined, packets: PacketSet, uses: Uses, send: Sink): void {
    for (const subnet of this.index.interfaces.get(id)?.subnets ?? []) {
      const arrived = subnet === from?.id ? packets : this.filters.passAcl(subnet, 'ingress', packets, uses);
      send({ kind: 'forwarder', id }, arrived);
    }
  }

  private enterNat(nat: NatGateway | undefined, from: Subnet, packets: PacketSet, uses: Uses, send: Sink): void {
    if (!nat || !this.filters.counts(nat, uses)) return;
    // A regional one may serve some zones alone (REGIONAL_NGW_ROUTE_AZ_RESTRICTION).
    if (nat.zones && !nat.zones.some((zone) => this.filters.isOneZone(zone, from.availabilityZone))) return;
    const arrived = nat.subnet === from.id ? packets : this.filters.passAcl(nat.subnet, 'ingress', packets, uses);
    send({ kind: 'nat', id: nat.id }, arrived);
  }

  /** Targets that serve only the VPC's own hosts. */
  private followOwn(
    target: Extract<
      RouteTarget,
      { kind: 'internet-gateway' | 'egress-only-gateway' | 'peering' | 'vpn-gateway' | 'gateway-endpoint' }
    >,
    subnet: Subnet,
    path: Path,
    packets: PacketSet,
    uses: Uses,
    send: Sink,
  ): void {
    const { vpc } = subnet;
    switch (target.kind) {
      case 'internet-gateway': {
        const gateway = this.index.internetGateways.get(target.id);
        if (!gateway || !this.filters.counts(gateway, uses) || !this.isAttached(gateway.vpc, vpc, target.id)) return;
        if (isClosed(gateway.shut)) return;
        return this.leaveToInternet(gateway, vpc, excepted(gateway.shut, packets, 'sources'), send);
      }
      case 'egress-only-gateway': {
        const gateway = this.egressOnly(target.id);
        if (!gateway || !this.filters.counts(gateway, uses) || gateway.vpc !== vpc) return;
        if (isClosed(gateway.shut) || gateway.shut?.to === 'all-but-nat') return;
        return this.leaveToInternet(gateway, vpc, excepted(gateway.shut, packets, 'sources').intersect(IPV6), send);
      }
      case 'peering':
        return this.crossPeering(target.id, vpc, path, packets, uses, send);
      case 'vpn-gateway': {
        const gateway = this.index.vpnGateways.get(target.id);
        if (!this.filters.counts(gateway, uses) || !this.isAttached(gateway?.vpc, vpc, target.id)) return;
        return this.leaveThroughVpnGateway(target.id, packets, uses, send);
      }
      default: {
        const endpoint = this.index.vpcEndpoints.get(target.id);
        if (endpoint?.vpc !== vpc || !this.filters.counts(endpoint, uses)) return;
        send({ kind: 'gateway-endpoint', id: target.id }, packets.intersect(IPV4).intersect(this.ownOf(vpc)));
      }
    }
  }

  /**
   * IPv6 addresses are the same on the internet: what one VPC sends out may be for a host of another (SEMANTICS 19), and the
   * reply may come back another way. A gateway takes only what its own VPC's addresses send. IPv4 is translated, and put
   * together from its two halves (`overInternet`).
   */
  private leaveToInternet(
    gateway: InternetGateway | EgressOnlyGateway,
    vpc: ResourceId,
    packets: PacketSet,
    send: Sink,
  ) {
    const outside = packets.intersect(TO_INTERNET).intersect(this.ownOf(vpc));
    send({ kind: 'internet', gateway: gateway.id }, outside);
    const global = outside.intersect(IPV6);
    // What Block Public Access leaves to NAT gateways alone is IPv4.
    if (global.isEmpty() || !isOpen(gateway.shut)) return;
    for (const { entrance, path } of this.entrances.around(gateway)) send({ ...entrance, own: path }, global);
  }

  /** What the addresses of a VPC send. */
  private ownOf(vpc: ResourceId): PacketSet {
    let packets = this.own.get(vpc);
    if (!packets) {
      const ranges = this.index.subnetsOf(vpc).map((subnet) => this.filters.addressesOf(subnet));
      const isShown = !isExternal(this.index.vpcs.get(vpc));
      packets = isShown ? PacketSet.of({ sources: AddressSet.unionAll(ranges) }) : PacketSet.ALL;
      this.own.set(vpc, packets);
    }
    return packets;
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

  private leaveThroughVpnGateway(gateway: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    const connections = this.index.connectionsAt(gateway);
    if (connections.length === 0) {
      // Who is behind it, and at which addresses, no template shows.
      if (this.may) send({ kind: 'site', id: gateway }, packets);
      return;
    }
    for (const connection of connections) {
      if (!this.filters.counts(connection, uses)) continue;
      const isStatic = connection.routing === 'static';
      if (!isStatic && !this.may) continue;
      const known = connection.routes.flatMap((route) => (isUnknown(route) ? [] : [route]));
      const open = !isStatic || (known.length < connection.routes.length && this.may);
      const range = open ? PacketSet.ALL : PacketSet.of({ destinations: AddressSet.ofAll(known) });
      if (isUnknown(connection.carries)) uses.add({ resource: connection.id, ...why(connection.carries) });
      const carried = packets.intersect(range).intersect(carriedBy(connection, this.may));
      send({ kind: 'site', id: connection.id }, carried);
    }
  }

  private crossPeering(id: ResourceId, vpc: ResourceId, path: Path, packets: PacketSet, uses: Uses, send: Sink): void {
    const peering = this.index.peeringConnections.get(id);
    if (!peering || !this.filters.counts(peering, uses)) return;
    if (peering.requester !== vpc && peering.accepter !== vpc) return;
    const other = peering.requester === vpc ? peering.accepter : peering.requester;
    if (isExternal(this.index.vpcs.get(other))) {
      send({ kind: 'external', id: other }, packets);
      // A template may show subnets of a VPC that it is given.
      if (this.index.subnetsOf(other).length === 0) return;
    }
    send({ kind: 'peering-ingress', vpc: other, ...(path.startsWith('inspected') ? { hidden: true } : {}) }, packets);
  }

  enterThroughGateway(at: GatewayIngress, brought: PacketSet, uses: Uses, send: Sink): void {
    const { gateway, vpc } = at;
    const egressOnly = this.egressOnly(gateway);
    const noun = this.index.internetGateways.get(gateway) ?? egressOnly;
    const carried = egressOnly ? brought.intersect(IPV6) : brought;
    const packets = excepted(noun?.shut, carried, 'destinations');
    const path: Path = at.own ?? 'gateway';
    let around = packets;
    for (const edge of this.index.edgeTablesOf(gateway)) {
      const { edgeOpen } = edge;
      if (edgeOpen) uses.add({ resource: edge.id, ...why(edgeOpen) });
      let local = PacketSet.EMPTY;
      for (const cell of compileRouteTable(this.index, edge, this.approximation)) {
        const part = packets.intersect(cell.packets);
        if (part.isEmpty()) continue;
        if (cell.doubt) uses.add(cell.doubt);
        if (cell.target.kind === 'local') local = local.union(part);
        if (!edgeOpen || this.may) this.followEdge(cell.target, vpc, path, part, uses, send);
      }
      // Around a table that may be there goes all, perhaps; for certain goes what goes the same way through it.
      if (!edgeOpen) around = PacketSet.EMPTY;
      else if (!this.may) around = around.intersect(local);
    }
    if (!around.isEmpty()) this.beyond.deliver(vpc, undefined, path, around, uses, send);
  }

  private egressOnly(gateway: ResourceId) {
    return this.index.network.egressOnlyGateways.find(({ id }) => id === gateway);
  }

  private followEdge(
    target: RouteTarget,
    vpc: ResourceId,
    path: Path,
    packets: PacketSet,
    uses: Uses,
    send: Sink,
  ): void {
    switch (target.kind) {
      case 'local':
        return this.beyond.deliver(vpc, undefined, path, packets, uses, send);
      case 'firewall-endpoint':
        return this.inspection.enterFirewall(target, undefined, path, packets, uses, send);
      case 'gateway-load-balancer-endpoint':
        return this.inspection.enterAppliance(target.id, undefined, path, packets, uses, send);
      case 'interface':
        return this.enterForwarder(target.id, undefined, packets, uses, send);
      case 'unknown':
        if (!this.may) return;
        for (const id of this.index.forwardersFor(vpc)) this.enterForwarder(id, undefined, packets, uses, send);
        return this.beyond.deliver(vpc, undefined, path, packets, uses, send);
      default:
        return;
    }
  }
}
