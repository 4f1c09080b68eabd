/**
 * NetworkIndex: a NetworkModel with its nouns by id and by the place they touch, built once and asked many times.
 */
import { type Address, formatAddress, formatPrefix, isHostPrefix, type Prefix } from '../../base/net';
import {
  AddressIndex,
  type EgressOnlyGateway,
  type EndpointService,
  type Firewall,
  type FirewallPolicy,
  type Interface,
  type InternetGateway,
  isKnown,
  isUnknown,
  type LoadBalancer,
  type NatGateway,
  type NetworkAcl,
  type NetworkModel,
  type PeeringConnection,
  type PrefixList,
  type ResourceId,
  type Route,
  type RouteTable,
  type SecurityGroup,
  type Subnet,
  type TargetGroup,
  type TransitGateway,
  type TransitGatewayAttachment,
  type TransitGatewayRouteTable,
  type Value,
  type Vpc,
  type VpcEndpoint,
  type VpnConnection,
  type VpnGateway,
} from '../network';
import { contains, containsAny, type Ternary } from './ternary';

type ById<T> = ReadonlyMap<ResourceId, T>;

export interface NetworkIndex {
  readonly model: NetworkModel;
  readonly vpcs: ById<Vpc>;
  readonly subnets: ById<Subnet>;
  readonly subnetsOfVpc: ById<readonly Subnet[]>;
  readonly routeTables: ById<RouteTable>;
  /** gateway (edge) tables, by the gateway whose arrivals they route */
  readonly edgeTables: ById<readonly RouteTable[]>;
  readonly networkAcls: ById<NetworkAcl>;
  readonly securityGroups: ById<SecurityGroup>;
  readonly groupsOfVpc: ById<readonly SecurityGroup[]>;
  readonly prefixLists: ById<PrefixList>;
  readonly interfaces: ById<Interface>;
  readonly internetGateways: ById<InternetGateway>;
  readonly egressOnlyGateways: ById<EgressOnlyGateway>;
  readonly natGateways: ById<NatGateway>;
  readonly vpnGateways: ById<VpnGateway>;
  readonly vpnConnections: ById<VpnConnection>;
  readonly connectionsOfGateway: ById<readonly VpnConnection[]>;
  readonly peeringConnections: ById<PeeringConnection>;
  readonly transitGateways: ById<TransitGateway>;
  readonly attachments: ById<TransitGatewayAttachment>;
  readonly attachmentsOfTransitGateway: ById<readonly TransitGatewayAttachment[]>;
  readonly transitGatewayRouteTables: ById<TransitGatewayRouteTable>;
  readonly vpcEndpoints: ById<VpcEndpoint>;
  readonly endpointServices: ById<EndpointService>;
  readonly loadBalancers: ById<LoadBalancer>;
  readonly targetGroups: ById<TargetGroup>;
  readonly firewalls: ById<Firewall>;
  /** what answers at an interface in place of a host, by Interface id */
  readonly balancerOfInterface: ById<LoadBalancer>;
  readonly endpointOfInterface: ById<VpcEndpoint>;
  readonly gatewayEndpointsOfTable: ById<readonly VpcEndpoint[]>;
  /** every known range that a filter or a route tells apart, once */
  readonly filterRanges: readonly Prefix[];
  /** what templates give to those who stand in a subnet, or may, by subnet and as text */
  readonly givenAddresses: ById<ReadonlyMap<string, Given>>;
  /** balancers and interface endpoints that pass packets on, by a subnet they have an interface in */
  readonly frontsOfSubnet: ById<readonly Interface[]>;
  /** the subnets of those, by address */
  readonly subnetsOfFronts: AddressIndex<Subnet>;
  /** whether anything filters by source port: a firewall's rule may, groups and network ACLs never do */
  readonly seesSourcePorts: boolean;
  /** memo of `addressesIn`, by subnet and family */
  readonly representatives: Map<string, readonly Address[]>;
}

function byId<T extends { readonly id: ResourceId }>(nouns: readonly T[]): ById<T> {
  return new Map(nouns.map((noun) => [noun.id, noun]));
}

function grouped<T>(nouns: readonly T[], keysOf: (noun: T) => readonly ResourceId[]): Map<ResourceId, T[]> {
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

function filterRangesOf(model: NetworkModel): Prefix[] {
  const peers = model.securityGroups.flatMap((group) => [...group.ingress, ...group.egress]).map((rule) => rule.peer);
  const ranges = [
    ...peers.flatMap((peer) => (peer.kind === 'cidr' ? [peer.cidr] : [])),
    ...model.networkAcls.flatMap((acl) => acl.entries.map((entry) => entry.cidr)),
    ...model.prefixLists.flatMap((list) => list.entries),
    ...[...model.routeTables, ...model.transitGatewayRouteTables].flatMap((table) => routedBy(table.routes)),
  ].filter(isKnown);
  return [...new Map(ranges.map((range) => [formatPrefix(range), range])).values()];
}

function routedBy(routes: readonly Pick<Route, 'destination'>[]): Value<Prefix>[] {
  return routes.flatMap(({ destination }) => ('prefixList' in destination ? [] : [destination]));
}

function hasSourcePorts({ stateless, stateful }: FirewallPolicy): boolean {
  return [...stateless, ...stateful].some(({ sourcePorts }) => sourcePorts !== undefined);
}

export function indexNetwork(model: NetworkModel): NetworkIndex {
  noteTaken(model.subnets);
  const balancerOfInterface = new Map(model.loadBalancers.map((balancer) => [balancer.interface, balancer]));
  const endpointOfInterface = new Map(
    model.vpcEndpoints.flatMap((endpoint) => (endpoint.interface ? [[endpoint.interface, endpoint] as const] : [])),
  );
  const isFront = (iface: Interface) =>
    balancerOfInterface.get(iface.id)?.type === 'network' || endpointOfInterface.get(iface.id)?.type === 'interface';
  const frontsOfSubnet = grouped(model.interfaces.filter(isFront), (iface) => iface.subnets);
  const subnets = byId(model.subnets);
  const withFronts = [...frontsOfSubnet.keys()].flatMap((id) => subnets.get(id) ?? []);
  return {
    model,
    vpcs: byId(model.vpcs),
    subnets,
    subnetsOfVpc: grouped(model.subnets, (subnet) => [subnet.vpc]),
    routeTables: byId(model.routeTables),
    edgeTables: grouped(model.routeTables, (table) => (table.edgeOf ? [table.edgeOf] : [])),
    networkAcls: byId(model.networkAcls),
    securityGroups: byId(model.securityGroups),
    groupsOfVpc: grouped(model.securityGroups, (group) => [group.vpc]),
    prefixLists: byId(model.prefixLists),
    interfaces: byId(model.interfaces),
    internetGateways: byId(model.internetGateways),
    egressOnlyGateways: byId(model.egressOnlyGateways),
    natGateways: byId(model.natGateways),
    vpnGateways: byId(model.vpnGateways),
    vpnConnections: byId(model.vpnConnections),
    connectionsOfGateway: grouped(model.vpnConnections, (connection) => [connection.gateway.id]),
    peeringConnections: byId(model.peeringConnections),
    transitGateways: byId(model.transitGateways),
    attachments: byId(model.transitGatewayAttachments),
    attachmentsOfTransitGateway: grouped(model.transitGatewayAttachments, (attachment) => [attachment.transitGateway]),
    transitGatewayRouteTables: byId(model.transitGatewayRouteTables),
    vpcEndpoints: byId(model.vpcEndpoints),
    endpointServices: byId(model.endpointServices),
    loadBalancers: byId(model.loadBalancers),
    targetGroups: byId(model.targetGroups),
    firewalls: byId(model.firewalls),
    balancerOfInterface,
    endpointOfInterface,
    filterRanges: filterRangesOf(model),
    gatewayEndpointsOfTable: grouped(
      model.vpcEndpoints.filter((endpoint) => endpoint.type === 'gateway'),
      (endpoint) => endpoint.routeTables,
    ),
    givenAddresses: addressesGiven(model),
    frontsOfSubnet,
    subnetsOfFronts: new AddressIndex(withFronts, ({ cidrs }) => cidrs),
    seesSourcePorts: model.firewalls.some(({ policy }) => isUnknown(policy) || hasSourcePorts(policy)),
    representatives: new Map(),
  };
}

/** An address that somebody is given; not certain where nobody knows whether they are there. */
export interface Given {
  readonly range: Prefix;
  readonly certain: boolean;
}

function addressesGiven({ interfaces }: NetworkModel): Map<ResourceId, Map<string, Given>> {
  const given = new Map<ResourceId, Map<string, Given>>();
  for (const { certain, subnets, addresses } of interfaces) {
    const fixed = addresses.filter(isKnown).filter(isHostPrefix);
    for (const subnet of fixed.length > 0 ? subnets : []) {
      const here = given.get(subnet) ?? new Map<string, Given>();
      for (const range of fixed) {
        const name = formatAddress(range);
        here.set(name, { range, certain: certain || here.get(name)?.certain === true });
      }
      given.set(subnet, here);
    }
  }
  return given;
}

/** Whether an address lies in a subnet; one that no template shows may have any range, and be any that one shows. */
export function inSubnet(subnet: Subnet, address: Address): Ternary {
  if (isRangeless(subnet)) return 'maybe';
  const answer = containsAny(subnet.cidrs, address);
  return answer === 'maybe' && TAKEN.get(subnet)?.some((range) => contains(range, address) === 'yes') ? 'no' : answer;
}

/** Of subnets whose range is not known: what others of their VPC have, since AWS takes no two that overlap. */
const TAKEN = new WeakMap<Subnet, readonly Prefix[]>();

function noteTaken(subnets: readonly Subnet[]): void {
  const isShown = ({ certain, external }: Subnet) => certain && !external;
  for (const subnet of subnets) {
    if (subnet.external || subnet.cidrs.every(isKnown)) continue;
    const others = subnets.filter((other) => other !== subnet && other.vpc === subnet.vpc && isShown(other));
    TAKEN.set(
      subnet,
      others.flatMap(({ cidrs }) => cidrs.filter(isKnown)),
    );
  }
}

/** Whether an address lies in a VPC. */
export function inVpc(index: NetworkIndex, id: ResourceId, address: Address): Ternary {
  const vpc = index.vpcs.get(id);
  return !vpc || isRangeless(vpc) ? 'maybe' : containsAny(vpc.cidrs, address);
}

/** Not shown, so its ranges are not either. */
export function isRangeless(noun: Vpc | Subnet): boolean {
  return noun.external === true && noun.cidrs.length === 0;
}

/**
 * Whether two subnets lie in one availability zone. A literal name and an index such as `GetAZs[0]` may be the same zone.
 */
export function sameZone(a: Subnet, b: Subnet): Ternary {
  return a.id === b.id ? 'yes' : isOneZone(a.availabilityZone, b.availabilityZone);
}

export function isOneZone(one: Value<string>, other: Value<string>): Ternary {
  if (isUnknown(one) || isUnknown(other)) return isSameUnknown(one, other) ? 'yes' : 'maybe';
  if (one === other) return 'yes';
  return writtenAs(one) === writtenAs(other) ? 'no' : 'maybe';
}

/** Which zone an id (`euw2-az1`) or an index in GetAZs stands for, each account has its own answer. */
function writtenAs(zone: string): string {
  if (zone.includes('[')) return 'an index';
  return /-az\d+$/.test(zone) ? 'an id' : 'a name';
}

/** One parameter in both places: whatever its value, it is the same. */
function isSameUnknown(one: Value<string>, other: Value<string>): boolean {
  return isUnknown(one) && isUnknown(other) && one.token !== undefined && one.token === other.token;
}

/** Whether a gateway is attached to a VPC. */
export function attachedTo(gateway: InternetGateway | VpnGateway, vpc: ResourceId): Ternary {
  if (gateway.vpc === undefined) return gateway.external ? 'maybe' : 'no';
  return isKnown(gateway.vpc) ? (gateway.vpc === vpc ? 'yes' : 'no') : 'maybe';
}
