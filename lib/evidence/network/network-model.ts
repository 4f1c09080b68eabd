/**
 * NetworkModel: the AWS network that a set of templates would create, in plain AWS nouns.
 *
 * Ids. Every noun has an `id`: `Stack.LogicalId` of the resource it comes from, with `#part` behind it where one
 * resource makes several nouns (`Net.Vpc#default-security-group`) and a noun made for something that no template shows
 * (`external`) has the id of what stands for it (`Net.VpcIdParameter`, or the literal `vpc-0abc`).
 * References between nouns are ids, and every referenced noun is in the model: the reader makes an `external` noun, with
 * unknown properties, for what it cannot resolve.
 *
 * Uncertainty. `Value<T>` is a property the templates leave open. `certain: false` is a noun (or a rule, a route, an
 * entry) that may or may not exist, because a condition is undecided: it counts in *may* and not in *must*.
 */
import type { Bridge, DataStore, DataTransfer } from './beyond-packets';
import type { Firewall } from './firewall';
import type {
  EgressOnlyGateway,
  InternetGateway,
  NatGateway,
  PeeringConnection,
  VpnConnection,
  VpnGateway,
} from './gateway';
import type { EndpointService, LoadBalancer, TargetGroup, VpcEndpoint } from './load-balancer';
import type { Noun, ResourceId } from './noun';
import type { Interface, PrefixList, SecurityGroup } from './security-group';
import type { TransitGateway, TransitGatewayAttachment, TransitGatewayRouteTable } from './transit-gateway';
import type { NetworkAcl, RouteTable, Subnet, Vpc } from './vpc';

/**
 * A resource that touches the network in a way the model does not know. Its interfaces, if it has any, are in
 * `interfaces` with kind `unknown`; this is the reason that verdicts print.
 */
export interface Unmodelled extends Noun {
  readonly reason: string;
  /** nouns it touches: subnets, groups, VPCs, gateways, attachments */
  readonly touches: readonly ResourceId[];
  /**
   * What it may add to or take away: anything of its `stack` (a macro, text from elsewhere, a loop over nobody knows
   * what), or what it is handed (`touched`: a custom resource, a nested stack that is not given). Absent = nothing.
   * `onlyAdds`: what it is may let more pass, and stops nothing that passes without it.
   */
  readonly mayChange?: 'touched' | { readonly stack: string; readonly onlyAdds?: true };
  /** parameters that would decide what it is */
  readonly parameters?: readonly string[];
}

export interface NetworkModel {
  /** the region of the estate; `unknown-region` where nothing says */
  readonly region: string;
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly networkAcls: readonly NetworkAcl[];
  readonly securityGroups: readonly SecurityGroup[];
  readonly prefixLists: readonly PrefixList[];
  readonly interfaces: readonly Interface[];
  readonly internetGateways: readonly InternetGateway[];
  readonly egressOnlyGateways: readonly EgressOnlyGateway[];
  readonly natGateways: readonly NatGateway[];
  readonly vpnGateways: readonly VpnGateway[];
  readonly vpnConnections: readonly VpnConnection[];
  readonly peeringConnections: readonly PeeringConnection[];
  readonly transitGateways: readonly TransitGateway[];
  readonly transitGatewayAttachments: readonly TransitGatewayAttachment[];
  readonly transitGatewayRouteTables: readonly TransitGatewayRouteTable[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
  readonly endpointServices: readonly EndpointService[];
  readonly loadBalancers: readonly LoadBalancer[];
  readonly targetGroups: readonly TargetGroup[];
  readonly firewalls: readonly Firewall[];
  readonly dataStores: readonly DataStore[];
  readonly bridges: readonly Bridge[];
  readonly transfers: readonly DataTransfer[];
  readonly unmodelled: readonly Unmodelled[];
  /** number of resources in all templates */
  readonly resourceCount: number;
}

export const EMPTY_NETWORK: NetworkModel = {
  region: 'unknown-region',
  vpcs: [],
  subnets: [],
  routeTables: [],
  networkAcls: [],
  securityGroups: [],
  prefixLists: [],
  interfaces: [],
  internetGateways: [],
  egressOnlyGateways: [],
  natGateways: [],
  vpnGateways: [],
  vpnConnections: [],
  peeringConnections: [],
  transitGateways: [],
  transitGatewayAttachments: [],
  transitGatewayRouteTables: [],
  vpcEndpoints: [],
  endpointServices: [],
  loadBalancers: [],
  targetGroups: [],
  firewalls: [],
  dataStores: [],
  bridges: [],
  transfers: [],
  unmodelled: [],
  resourceCount: 0,
};
