/**
 * Nouns while they are being read: the same shapes as in NetworkModel, open for writing, in one map per kind. A noun
 * is often written by several resources (a route table by its routes, a group by its standalone rules).
 */
import type * as network from '../../network';
import type { ResourceId } from '../../network';

type Open<T> = T extends readonly (infer E)[] ? E[] : T;
/** T with its top level open for writing. */
export type Draft<T> = { -readonly [K in keyof T]: Open<T[K]> };

/** The nouns by the name of their list in NetworkModel. */
export interface DraftNouns {
  vpcs: Draft<network.Vpc>;
  subnets: Draft<network.Subnet>;
  routeTables: Draft<network.RouteTable>;
  networkAcls: Draft<network.NetworkAcl>;
  securityGroups: Draft<network.SecurityGroup>;
  prefixLists: Draft<network.PrefixList>;
  interfaces: Draft<network.Interface>;
  internetGateways: Draft<network.InternetGateway>;
  egressOnlyGateways: Draft<network.EgressOnlyGateway>;
  natGateways: Draft<network.NatGateway>;
  vpnGateways: Draft<network.VpnGateway>;
  vpnConnections: Draft<network.VpnConnection>;
  peeringConnections: Draft<network.PeeringConnection>;
  transitGateways: Draft<network.TransitGateway>;
  transitGatewayAttachments: Draft<network.TransitGatewayAttachment>;
  transitGatewayRouteTables: Draft<network.TransitGatewayRouteTable>;
  vpcEndpoints: Draft<network.VpcEndpoint>;
  endpointServices: Draft<network.EndpointService>;
  loadBalancers: Draft<network.LoadBalancer>;
  targetGroups: Draft<network.TargetGroup>;
  firewalls: Draft<network.Firewall>;
  dataStores: Draft<network.DataStore>;
  bridges: Draft<network.Bridge>;
  transfers: Draft<network.DataTransfer>;
  unmodelled: Draft<network.Unmodelled>;
}

export type NounKind = keyof DraftNouns;
export type DraftMaps = { readonly [K in NounKind]: Map<ResourceId, DraftNouns[K]> };

export const NOUN_KINDS = [
  'vpcs',
  'subnets',
  'routeTables',
  'networkAcls',
  'securityGroups',
  'prefixLists',
  'interfaces',
  'internetGateways',
  'egressOnlyGateways',
  'natGateways',
  'vpnGateways',
  'vpnConnections',
  'peeringConnections',
  'transitGateways',
  'transitGatewayAttachments',
  'transitGatewayRouteTables',
  'vpcEndpoints',
  'endpointServices',
  'loadBalancers',
  'targetGroups',
  'firewalls',
  'dataStores',
  'bridges',
  'transfers',
  'unmodelled',
] as const satisfies readonly NounKind[];

export function emptyDrafts(): DraftMaps {
  return {
    vpcs: new Map(),
    subnets: new Map(),
    routeTables: new Map(),
    networkAcls: new Map(),
    securityGroups: new Map(),
    prefixLists: new Map(),
    interfaces: new Map(),
    internetGateways: new Map(),
    egressOnlyGateways: new Map(),
    natGateways: new Map(),
    vpnGateways: new Map(),
    vpnConnections: new Map(),
    peeringConnections: new Map(),
    transitGateways: new Map(),
    transitGatewayAttachments: new Map(),
    transitGatewayRouteTables: new Map(),
    vpcEndpoints: new Map(),
    endpointServices: new Map(),
    loadBalancers: new Map(),
    targetGroups: new Map(),
    firewalls: new Map(),
    dataStores: new Map(),
    bridges: new Map(),
    transfers: new Map(),
    unmodelled: new Map(),
  };
}
