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
import type { PortRange, Prefix } from '../../base/net';
import type { Bridge, DataStore, DataTransfer, PolicyDocument } from './beyond-packets';
import type {
  EgressOnlyGateway,
  InternetGateway,
  NatGateway,
  PeeringConnection,
  VpnConnection,
  VpnGateway,
} from './gateway';
import type { Noun, Origin, ResourceId } from './noun';
import type { Unknown, Value } from './value';

// ---------------------------------------------------------------------------------------------------------- VPC

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

// ----------------------------------------------------------------------------------- security groups, interfaces

export type Peer =
  | { readonly kind: 'cidr'; readonly cidr: Value<Prefix> }
  /** the members of a security group, now or later */
  | { readonly kind: 'security-group'; readonly id: ResourceId }
  | { readonly kind: 'prefix-list'; readonly id: ResourceId }
  | { readonly kind: 'unknown'; readonly reason: string; readonly parameters: readonly string[] };

export interface SecurityGroupRule {
  readonly origin: Origin;
  readonly certain: boolean;
  readonly traffic: Value<Traffic>;
  readonly peer: Peer;
  readonly description?: string;
}

export interface SecurityGroup extends Noun {
  readonly vpc: ResourceId;
  /** the VPC's default group: admits its own members, lets everything out, unless the template empties it */
  readonly isDefault: boolean;
  /** GroupName, where the template gives one */
  readonly name?: string;
  /** the effective rules: defaults are already written out, or already removed */
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

/** The addresses that a prefix list stands for. */
export interface PrefixList extends Noun {
  readonly entries: readonly Value<Prefix>[];
  readonly maxEntries?: number;
  /** an AWS-managed list: the service whose public ranges it holds (`s3`, `dynamodb`, `cloudfront` …) */
  readonly service?: string;
}

export type InterfaceKind =
  | 'instance'
  | 'network-interface'
  | 'database'
  | 'cache'
  | 'function'
  | 'task'
  | 'load-balancer'
  | 'vpc-endpoint'
  | 'mount-target'
  | 'resolver-endpoint'
  | 'client-vpn'
  | 'nat'
  | 'workload'
  /** a type that the model does not know, but that holds a subnet or a security group */
  | 'unknown';

/**
 * Something with an address in a subnet: an instance's interface, a database, a task, a load balancer …
 * A resource that may place interfaces in several subnets is one noun with all of them.
 */
export interface Interface extends Noun {
  readonly kind: InterfaceKind;
  /** where it has, or may have, an interface; unknown subnets are external nouns */
  readonly subnets: readonly ResourceId[];
  /** all of them apply; never empty: none named = the VPC's default group */
  readonly securityGroups: readonly ResourceId[];
  /** false: AWS lets no group filter it (a network load balancer without groups); then `securityGroups` is empty */
  readonly filtered: boolean;
  /** private addresses fixed by the template; empty = any of the subnets' */
  readonly addresses: readonly Value<Prefix>[];
  /** has a public IPv4 address (auto-assigned, elastic, or by the resource's flag) */
  readonly publicIpv4: Value<boolean>;
  /** may have an IPv6 address */
  readonly ipv6: Value<boolean>;
  /** false: internet gateways bring nothing to its IPv6 address, which others reach; absent: they do where it has one */
  readonly publicIpv6?: Value<boolean>;
  /** false: it sends and receives packets for other addresses (a NAT instance, an appliance) */
  readonly sourceDestCheck: Value<boolean>;
  /**
   * `host`: it terminates connections; nothing passes through it that no proxy noun says.
   * `unknown`: what it does with what reaches it is not known.
   */
  readonly behaviour: 'host' | 'unknown';
  /** why, if the behaviour is unknown */
  readonly reason?: string;
  /** ids of the same resource under which a user may name it, e.g. the service of a task */
  readonly aliases?: readonly ResourceId[];
  /** hosts that it is given to, where it is a resource of its own; absent: it is part of its resource */
  readonly hosts?: readonly ResourceId[];
  /** AWS's own, that answers and begins nothing: an inbound endpoint of the resolver, a mount target of EFS */
  readonly answersOnly?: true;
  /** all that it lets its clients send through it; absent: whatever its groups let out */
  readonly admits?: readonly Admission[];
}

/** What a way in lets its clients send: an authorization of a Client VPN, a port of an Instance Connect endpoint. */
export interface Admission {
  readonly origin: Origin;
  readonly certain: boolean;
  readonly destination: Value<Prefix>;
  readonly traffic: Traffic;
}

// ------------------------------------------------------------------------------------------------- transit gateway

export interface TransitGateway extends Noun {
  readonly defaultAssociation: Value<boolean>;
  readonly defaultPropagation: Value<boolean>;
  readonly autoAccept: Value<boolean>;
  readonly securityGroupReferencing: Value<boolean>;
}

export interface TransitGatewayAttachment extends Noun {
  readonly transitGateway: ResourceId;
  readonly attached:
    | { readonly kind: 'vpc'; readonly vpc: ResourceId; readonly subnets: readonly ResourceId[] }
    /** the VpnConnection */
    | { readonly kind: 'vpn'; readonly id: ResourceId }
    | { readonly kind: 'direct-connect'; readonly id: ResourceId }
    /** `peer`: the TransitGatewayAttachment noun on the other gateway, if the templates show it */
    | { readonly kind: 'peering'; readonly peer?: ResourceId }
    /** a Network Firewall attached to the gateway itself */
    | { readonly kind: 'firewall'; readonly id: ResourceId }
    | { readonly kind: 'unknown'; readonly reason: string; readonly parameters?: readonly string[] };
  /** the one table that packets from here are looked up in; undefined = none: it cannot send */
  readonly association?: Value<ResourceId>;
  readonly applianceMode: Value<boolean>;
  readonly securityGroupReferencing: Value<boolean>;
  /** why it is not certain that it carries IPv6; absent: it does */
  readonly ipv6Open?: Unknown;
}

export interface TransitGatewayRoute {
  readonly origin: Origin;
  readonly certain: boolean;
  readonly destination: Value<Prefix> | { readonly prefixList: ResourceId };
  readonly target:
    | { readonly kind: 'attachment'; readonly id: ResourceId }
    | { readonly kind: 'blackhole' }
    | { readonly kind: 'unknown'; readonly reason: string; readonly parameters: readonly string[] };
}

export interface TransitGatewayRouteTable extends Noun {
  readonly transitGateway: ResourceId;
  /** static routes */
  readonly routes: readonly TransitGatewayRoute[];
  /** attachments whose ranges appear here, defaults already written out */
  readonly propagations: readonly {
    readonly attachment: ResourceId;
    readonly certain: boolean;
    readonly origin: Origin;
  }[];
}

// ---------------------------------------------------------------------------------------- endpoints, load balancers

export interface VpcEndpoint extends Noun {
  readonly vpc: ResourceId;
  readonly type: 'gateway' | 'interface' | 'gateway-load-balancer' | 'unknown';
  /**
   * `aws`: an AWS service, by its short name (`s3`, `kms`, `ecr.api`);
   * `private`: a PrivateLink service of this model; `external`: someone else's.
   */
  readonly service:
    | { readonly kind: 'aws'; readonly name: string }
    | { readonly kind: 'private'; readonly id: ResourceId }
    /** a service network or a resource configuration of VPC Lattice: what it leads to is a Bridge */
    | { readonly kind: 'lattice'; readonly id: ResourceId }
    | { readonly kind: 'external'; readonly name: string }
    | { readonly kind: 'unknown'; readonly reason: string; readonly parameters: readonly string[] };
  /** the Interface noun of an interface endpoint */
  readonly interface?: ResourceId;
  /** where a gateway load balancer endpoint stands */
  readonly subnets?: readonly ResourceId[];
  /** tables that a gateway endpoint is in */
  readonly routeTables: readonly ResourceId[];
  /** undefined = no policy: everything the service can do, for anyone's resources */
  readonly policy?: Value<PolicyDocument>;
}

export interface EndpointService extends Noun {
  /** LoadBalancer ids */
  readonly loadBalancers: readonly ResourceId[];
  /** ARNs or `*`; empty = only the owner's account */
  readonly allowedPrincipals: readonly Value<string>[];
  readonly acceptanceRequired: Value<boolean>;
}

export interface Listener {
  readonly origin: Origin;
  readonly certain: boolean;
  /** tcp or udp; TLS, HTTP and HTTPS listeners are tcp, TCP_UDP is both */
  readonly protocols: readonly number[];
  readonly ports: Value<PortRange>;
  /** target groups that any action of it, or of its rules, forwards to */
  readonly targetGroups: readonly ResourceId[];
  /** forwards to something that is not known */
  readonly unknownTargets?: { readonly reason: string; readonly parameters: readonly string[] };
}

export interface LoadBalancer extends Noun {
  readonly type: 'application' | 'network' | 'gateway' | 'classic';
  readonly scheme: Value<'internet-facing' | 'internal'>;
  /** the Interface noun */
  readonly interface: ResourceId;
  readonly listeners: readonly Listener[];
  readonly crossZone: Value<boolean>;
  /** whether its groups filter what comes through PrivateLink; AWS's default is on */
  readonly filtersPrivateLink: Value<boolean>;
  /** whether a rule has it ask an identity provider, wherever that is, who its clients are; absent: none has */
  readonly asksProviders?: boolean;
}

export interface TargetGroup extends Noun {
  readonly targetType: Value<'instance' | 'ip' | 'lambda' | 'alb'>;
  /** protocol and port for targets that name none */
  readonly protocols: readonly number[];
  readonly port: Value<number>;
  /** where the balancer asks for its targets' health; absent: where it sends its clients' packets */
  readonly healthCheckPort?: Value<number>;
  /** the client's address arrives at the target; AWS's defaults are already applied by the reader */
  readonly preserveClientIp: Value<boolean>;
  /** whether nodes of a balancer send to targets in other zones; absent: as the balancer says */
  readonly crossZone?: Value<boolean>;
  readonly targets: readonly Target[];
  /** what else may be registered, e.g. by something that no template shows */
  readonly unknownTargets?: { readonly reason: string; readonly parameters: readonly string[] };
}

export interface Target {
  /** an Interface of the model, or an address */
  readonly to:
    | { readonly kind: 'interface'; readonly id: ResourceId }
    | { readonly kind: 'address'; readonly cidr: Value<Prefix> };
  readonly port?: Value<number>;
  readonly certain: boolean;
  /** why it may not be registered, where a condition decides */
  readonly doubt?: Unknown;
}

// -------------------------------------------------------------------------------------------------------- firewall

export interface Firewall extends Noun {
  readonly vpc: ResourceId;
  /** one endpoint per subnet */
  readonly subnets: readonly ResourceId[];
  /** what it lets pass; rules that are not modelled exactly may pass and need not pass */
  readonly policy: Value<FirewallPolicy>;
}

export interface FirewallRule {
  readonly origin: Origin;
  readonly action: 'pass' | 'drop' | 'forward' | 'unknown';
  readonly priority: number;
  readonly traffic: Value<Traffic>;
  readonly sources: readonly Value<Prefix>[];
  readonly destinations: readonly Value<Prefix>[];
  readonly sourcePorts?: PortRange;
  /** also matches the other direction (`ANY`) */
  readonly bothWays: boolean;
  /** why it may match only some of that traffic; absent: all of it */
  readonly partial?: string;
  /** never matches what answers */
  readonly isRequestsOnly?: boolean;
}

export interface FirewallPolicy {
  readonly stateless: readonly FirewallRule[];
  readonly statelessDefault: 'pass' | 'drop' | 'forward' | 'unknown';
  readonly stateful: readonly FirewallRule[];
  readonly order: 'strict' | 'action';
  /** what happens to a new flow that no stateful rule matches */
  readonly statefulDefault: 'pass' | 'drop' | 'unknown';
  /** rule groups of which nothing is known: they may pass anything, or drop it */
  readonly opaque: readonly { readonly id: ResourceId; readonly reason: string }[];
}

// -------------------------------------------------------------------------------------------------------- the rest

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
