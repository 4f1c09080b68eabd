/** A VPC and what routes and filters in it: subnets, route tables, network ACLs. */
import type { PortRange, Prefix } from '../../base/net';
import type { Noun, Origin, ResourceId } from './noun';
import type { Unknown, Value } from './value';

export interface Vpc extends Noun {
  /** primary, secondary and IPv6 ranges */
  readonly cidrs: readonly Value<Prefix>[];
}

export interface Subnet extends Noun {
  readonly vpc: ResourceId;
  /** IPv4 and, if it has one, IPv6 */
  readonly cidrs: readonly Value<Prefix>[];
  /** a name, or a token such as `GetAZs[0]` that is equal for equal zones within one region */
  readonly availabilityZone: Value<string>;
  /** what an interface launched here gets unless it says otherwise */
  readonly autoPublicIpv4: Value<boolean>;
  readonly autoIpv6: Value<boolean>;
  /** the table in force: the explicit association, else the VPC's main table */
  readonly routeTable: Value<ResourceId>;
  /** the ACL in force: the explicit association, else the VPC's default one */
  readonly networkAcl: Value<ResourceId>;
  /** shared with other accounts, which launch in it with groups of their own that no template shows */
  readonly lent?: true;
}

export type RouteTarget =
  | { readonly kind: 'local' }
  | { readonly kind: 'internet-gateway'; readonly id: ResourceId }
  | { readonly kind: 'egress-only-gateway'; readonly id: ResourceId }
  | { readonly kind: 'nat-gateway'; readonly id: ResourceId }
  | { readonly kind: 'transit-gateway'; readonly id: ResourceId }
  | { readonly kind: 'peering'; readonly id: ResourceId }
  | { readonly kind: 'vpn-gateway'; readonly id: ResourceId }
  /** gateway endpoint, gateway load balancer endpoint or firewall endpoint: the VpcEndpoint or Firewall id */
  | { readonly kind: 'gateway-endpoint'; readonly id: ResourceId }
  | { readonly kind: 'gateway-load-balancer-endpoint'; readonly id: ResourceId }
  /** `id` is the firewall, `subnet` the one whose endpoint it is, unknown where the template leaves it open */
  | { readonly kind: 'firewall-endpoint'; readonly id: ResourceId; readonly subnet: Value<ResourceId> }
  /** an instance or network interface that forwards */
  | { readonly kind: 'interface'; readonly id: ResourceId }
  | { readonly kind: 'blackhole' }
  /** known to lead somewhere that is not modelled, or not known at all: anywhere in *may*, nowhere in *must* */
  | { readonly kind: 'unknown'; readonly reason: string; readonly parameters: readonly string[] };

export interface Route {
  readonly origin: Origin;
  readonly certain: boolean;
  readonly destination: Value<Prefix> | { readonly prefixList: ResourceId };
  readonly target: RouteTarget;
}

export interface RouteTable extends Noun {
  readonly vpc: ResourceId;
  readonly main: boolean;
  /** without the `local` entries, which follow from the VPC's ranges */
  readonly routes: readonly Route[];
  /** VPN gateways that propagate into this table */
  readonly propagatingGateways: readonly ResourceId[];
  /** the internet or VPN gateway it is an edge (gateway) table of; what enters the VPC there asks this table */
  readonly edgeOf?: ResourceId;
  /** why it may not be that, which a condition decides */
  readonly edgeOpen?: Unknown;
}

/** Which packets an entry or rule speaks of, addresses aside. */
export interface Traffic {
  readonly protocol: number | 'all';
  /** destination ports; absent = all, and always absent where the protocol has none */
  readonly ports?: PortRange;
  /** for icmp and icmpv6; absent = every type and code */
  readonly icmp?: { readonly type: number; readonly code?: number };
}

export interface NetworkAclEntry {
  readonly origin: Origin;
  readonly certain: boolean;
  readonly number: Value<number>;
  readonly direction: 'ingress' | 'egress';
  readonly action: Value<'allow' | 'deny'>;
  readonly traffic: Value<Traffic>;
  readonly cidr: Value<Prefix>;
}

export interface NetworkAcl extends Noun {
  readonly vpc: ResourceId;
  /** the VPC's default ACL: allows everything, and CloudFormation cannot take that away */
  readonly isDefault: boolean;
  /** unordered; the lowest number that matches decides; the end is a deny */
  readonly entries: readonly NetworkAclEntry[];
}
