/**
 * NetworkModel by id, and the joins that forwarding asks for at every hop. Built once; cost is linear in the model.
 */
import type {
  End,
  EndpointService,
  Firewall,
  Interface,
  InternetGateway,
  LoadBalancer,
  NatGateway,
  NetworkAcl,
  NetworkModel,
  PeeringConnection,
  PrefixList,
  ResourceId,
  RouteTable,
  SecurityGroup,
  Subnet,
  TargetGroup,
  TransitGateway,
  TransitGatewayAttachment,
  TransitGatewayRouteTable,
  Vpc,
  VpcEndpoint,
  VpnConnection,
  VpnGateway,
} from '../network';
import { BEYOND } from '../network';

function byId<T extends { readonly id: ResourceId }>(nouns: readonly T[]): ReadonlyMap<ResourceId, T> {
  return new Map(nouns.map((noun) => [noun.id, noun]));
}

function groupBy<T>(
  nouns: readonly T[],
  keysOf: (noun: T) => readonly ResourceId[],
): ReadonlyMap<ResourceId, readonly T[]> {
  const groups = new Map<ResourceId, T[]>();
  for (const noun of nouns) {
    for (const key of keysOf(noun)) {
      const group = groups.get(key);
      if (group) group.push(noun);
      else groups.set(key, [noun]);
    }
  }
  return groups;
}

const NONE: readonly never[] = [];

export class NetworkIndex {
  readonly vpcs: ReadonlyMap<ResourceId, Vpc>;
  readonly subnets: ReadonlyMap<ResourceId, Subnet>;
  readonly routeTables: ReadonlyMap<ResourceId, RouteTable>;
  readonly networkAcls: ReadonlyMap<ResourceId, NetworkAcl>;
  readonly securityGroups: ReadonlyMap<ResourceId, SecurityGroup>;
  readonly prefixLists: ReadonlyMap<ResourceId, PrefixList>;
  readonly interfaces: ReadonlyMap<ResourceId, Interface>;
  readonly internetGateways: ReadonlyMap<ResourceId, InternetGateway>;
  readonly natGateways: ReadonlyMap<ResourceId, NatGateway>;
  readonly vpnGateways: ReadonlyMap<ResourceId, VpnGateway>;
  readonly vpnConnections: ReadonlyMap<ResourceId, VpnConnection>;
  readonly peeringConnections: ReadonlyMap<ResourceId, PeeringConnection>;
  readonly transitGateways: ReadonlyMap<ResourceId, TransitGateway>;
  readonly attachments: ReadonlyMap<ResourceId, TransitGatewayAttachment>;
  readonly transitGatewayRouteTables: ReadonlyMap<ResourceId, TransitGatewayRouteTable>;
  readonly vpcEndpoints: ReadonlyMap<ResourceId, VpcEndpoint>;
  readonly endpointServices: ReadonlyMap<ResourceId, EndpointService>;
  readonly loadBalancers: ReadonlyMap<ResourceId, LoadBalancer>;
  readonly targetGroups: ReadonlyMap<ResourceId, TargetGroup>;
  readonly firewalls: ReadonlyMap<ResourceId, Firewall>;

  /** subnets in which a transit gateway lets packets out */
  readonly doors: readonly ResourceId[];
  /** sites, by what stands for them: a VPN connection, a VPN gateway that shows none, a Direct Connect attachment */
  readonly sites: readonly ResourceId[];

  private readonly subnetsByVpc: ReadonlyMap<ResourceId, readonly Subnet[]>;
  private readonly groupsByVpc: ReadonlyMap<ResourceId, readonly SecurityGroup[]>;
  private readonly interfacesBySubnet: ReadonlyMap<ResourceId, readonly Interface[]>;
  private readonly attachmentsByVpc: ReadonlyMap<ResourceId, readonly TransitGatewayAttachment[]>;
  private readonly attachmentsByGateway: ReadonlyMap<ResourceId, readonly TransitGatewayAttachment[]>;
  private readonly connectionsByGateway: ReadonlyMap<ResourceId, readonly VpnConnection[]>;
  private readonly gatewayEndpointsByTable: ReadonlyMap<ResourceId, readonly VpcEndpoint[]>;
  private readonly edgeTables: ReadonlyMap<ResourceId, readonly RouteTable[]>;
  private readonly endpointByInterface: ReadonlyMap<ResourceId, VpcEndpoint>;
  private readonly balancerByInterface: ReadonlyMap<ResourceId, LoadBalancer>;
  private readonly tablesByGateway: ReadonlyMap<ResourceId, readonly TransitGatewayRouteTable[]>;

  constructor(readonly network: NetworkModel) {
    this.vpcs = byId(network.vpcs);
    this.subnets = byId(network.subnets);
    this.routeTables = byId(network.routeTables);
    this.networkAcls = byId(network.networkAcls);
    this.securityGroups = byId(network.securityGroups);
    this.prefixLists = byId(network.prefixLists);
    this.interfaces = byId(network.interfaces);
    this.internetGateways = byId(network.internetGateways);
    this.natGateways = byId(network.natGateways);
    this.vpnGateways = byId(network.vpnGateways);
    this.vpnConnections = byId(network.vpnConnections);
    this.peeringConnections = byId(network.peeringConnections);
    this.transitGateways = byId(network.transitGateways);
    this.attachments = byId(network.transitGatewayAttachments);
    this.transitGatewayRouteTables = byId(network.transitGatewayRouteTables);
    this.vpcEndpoints = byId(network.vpcEndpoints);
    this.endpointServices = byId(network.endpointServices);
    this.loadBalancers = byId(network.loadBalancers);
    this.targetGroups = byId(network.targetGroups);
    this.firewalls = byId(network.firewalls);
    this.subnetsByVpc = groupBy(network.subnets, (subnet) => [subnet.vpc]);
    this.groupsByVpc = groupBy(network.securityGroups, (group) => [group.vpc]);
    this.interfacesBySubnet = groupBy(network.interfaces, (one) => [...new Set(one.subnets)]);
    this.attachmentsByVpc = groupBy(network.transitGatewayAttachments, (one) =>
      one.attached.kind === 'vpc' ? [one.attached.vpc] : [],
    );
    this.attachmentsByGateway = groupBy(network.transitGatewayAttachments, (one) => [one.transitGateway]);
    this.connectionsByGateway = groupBy(network.vpnConnections, (one) => [one.gateway.id]);
    this.gatewayEndpointsByTable = groupBy(network.vpcEndpoints, (one) =>
      one.type === 'gateway' ? [...new Set(one.routeTables)] : [],
    );
    this.tablesByGateway = groupBy(network.transitGatewayRouteTables, (one) => [one.transitGateway]);
    this.edgeTables = groupBy(network.routeTables, (table) => (table.edgeOf ? [table.edgeOf] : []));
    this.endpointByInterface = new Map(
      network.vpcEndpoints.flatMap((one) => (one.interface ? [[one.interface, one] as const] : [])),
    );
    this.balancerByInterface = new Map(network.loadBalancers.map((one) => [one.interface, one] as const));
    const attached = network.transitGatewayAttachments.map(({ attached }) => attached);
    this.doors = [...new Set(attached.flatMap((one) => (one.kind === 'vpc' ? one.subnets : [])))];
    this.sites = [
      ...this.vpnConnections.keys(),
      ...[...this.vpnGateways.keys()].filter((id) => this.connectionsAt(id).length === 0),
      ...network.transitGatewayAttachments
        .filter(({ attached: { kind } }) => kind === 'direct-connect')
        .map(({ id }) => id),
    ];
  }

  subnetsOf(vpc: ResourceId): readonly Subnet[] {
    return this.subnetsByVpc.get(vpc) ?? NONE;
  }

  /** Every group that may be attached in this VPC, the default group included. */
  groupsOf(vpc: ResourceId): readonly SecurityGroup[] {
    return this.groupsByVpc.get(vpc) ?? NONE;
  }

  interfacesIn(subnet: ResourceId): readonly Interface[] {
    return this.interfacesBySubnet.get(subnet) ?? NONE;
  }

  attachmentsOf(vpc: ResourceId, transitGateway: ResourceId): readonly TransitGatewayAttachment[] {
    return (this.attachmentsByVpc.get(vpc) ?? NONE).filter((one) => one.transitGateway === transitGateway);
  }

  attachmentsAt(transitGateway: ResourceId): readonly TransitGatewayAttachment[] {
    return this.attachmentsByGateway.get(transitGateway) ?? NONE;
  }

  tablesAt(transitGateway: ResourceId): readonly TransitGatewayRouteTable[] {
    return this.tablesByGateway.get(transitGateway) ?? NONE;
  }

  connectionsAt(gateway: ResourceId): readonly VpnConnection[] {
    return this.connectionsByGateway.get(gateway) ?? NONE;
  }

  gatewayEndpointsIn(routeTable: ResourceId): readonly VpcEndpoint[] {
    return this.gatewayEndpointsByTable.get(routeTable) ?? NONE;
  }

  /** NAT gateways to which a route of a VPC may lead: AWS takes one only to its own, or to one of which no template says more. */
  natGatewaysFor(vpc: ResourceId): readonly NatGateway[] {
    return this.network.natGateways.filter(({ subnet }) => this.mayStandIn(subnet, vpc));
  }

  /** What takes packets for others, or may, and to which a route of a VPC may lead. */
  forwardersFor(vpc: ResourceId): readonly ResourceId[] {
    const free = this.network.interfaces.filter(({ sourceDestCheck }) => sourceDestCheck !== true);
    return free.filter(({ subnets }) => subnets.some((subnet) => this.mayStandIn(subnet, vpc))).map(({ id }) => id);
  }

  /** Whether something in a VPC may send on from an address of its own. */
  translates(vpc: ResourceId): boolean {
    return this.natGatewaysFor(vpc).length > 0 || this.forwardersFor(vpc).length > 0;
  }

  private mayStandIn(subnet: ResourceId, vpc: ResourceId): boolean {
    const own = this.subnets.get(subnet)?.vpc;
    return own === undefined || own === vpc || this.vpcs.get(own)?.external === true;
  }

  /** One, or several that conditions decide between. */
  edgeTablesOf(gateway: ResourceId): readonly RouteTable[] {
    return this.edgeTables.get(gateway) ?? [];
  }

  endpointOf(networkInterface: ResourceId): VpcEndpoint | undefined {
    return this.endpointByInterface.get(networkInterface);
  }

  /** The endpoint services that an endpoint leads to; where nobody knows which it is, any that a template shows. */
  servicesOf({ service }: VpcEndpoint): readonly ResourceId[] {
    if (service.kind === 'unknown') return [...this.endpointServices.keys()];
    return service.kind === 'private' ? [service.id] : [];
  }

  /** Whether nothing is registered behind a balancer, by its interface. */
  isVacant(balancer: ResourceId): boolean {
    const groups = this.balancerOf(balancer)?.listeners.flatMap(({ targetGroups }) => targetGroups);
    return groups?.every((id) => (this.targetGroups.get(id)?.targets ?? []).length === 0) === true;
  }

  /** Whether the network has an end, so that it means something to speak of it. */
  hasEnd(end: End): boolean {
    switch (end.kind) {
      case 'internet':
        return true;
      case 'subnet':
        return this.subnets.has(end.id);
      case 'interface':
        return this.interfaces.has(end.id);
      case 'aws-service':
        return end.endpoint !== undefined && this.vpcEndpoints.has(end.endpoint);
      default: {
        const id = end.id.replace(/#unknown-target$/, '');
        const { vpnConnections, vpnGateways, attachments, transitGateways, vpcs, vpcEndpoints } = this;
        if (end.id === BEYOND.id) return true;
        const nouns = [vpnConnections, vpnGateways, attachments, transitGateways, vpcs, vpcEndpoints];
        return nouns.some((one) => one.has(id));
      }
    }
  }

  balancerOf(networkInterface: ResourceId): LoadBalancer | undefined {
    return this.balancerByInterface.get(networkInterface);
  }
}
