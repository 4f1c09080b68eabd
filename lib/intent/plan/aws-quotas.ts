/**
 * Quotas of AWS, as data with a date. Account owners may have others: they are defaults, and `ceiling` is what AWS grants.
 * Sources: "Amazon VPC quotas", "Transit gateway quotas", "AWS CloudFormation quotas", "Elastic Load Balancing quotas".
 */
export interface Quota {
  readonly id: string;
  readonly what: string;
  readonly limit: number;
  /** the most that AWS grants on request; equal to `limit` where it is fixed; absent where AWS publishes none */
  readonly ceiling?: number;
}

export const QUOTAS_AS_OF = '2026-11-01';

export const QUOTAS = {
  vpcsPerRegion: { id: 'vpcs-per-region', what: 'VPCs in a region', limit: 5 },
  subnetsPerVpc: { id: 'subnets-per-vpc', what: 'subnets in a VPC', limit: 200 },
  aclEntries: { id: 'acl-entries', what: 'entries of a network ACL in one direction', limit: 20, ceiling: 40 },
  groupRules: { id: 'group-rules', what: 'rules of a security group in one direction', limit: 60, ceiling: 200 },
  interfaceEndpointsPerVpc: { id: 'interface-endpoints-per-vpc', what: 'interface endpoints in a VPC', limit: 50 },
  routesPerTable: { id: 'routes-per-table', what: 'routes in a route table', limit: 500, ceiling: 1000 },
  listenersPerBalancer: { id: 'listeners-per-balancer', what: 'listeners of a network load balancer', limit: 50 },
  transitTables: { id: 'transit-tables', what: 'route tables of a transit gateway', limit: 20 },
  transitRoutes: { id: 'transit-routes', what: 'routes of a transit gateway', limit: 10000 },
  stackResources: { id: 'stack-resources', what: 'resources in a stack', limit: 500, ceiling: 500 },
  vpnConnections: { id: 'vpn-connections', what: 'VPN connections in a region', limit: 50 },
} as const satisfies Record<string, Quota>;
