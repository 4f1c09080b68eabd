/**
 * NetworkPlan: the AWS network that an estate becomes, as plain data. Everything that a construct emits is decided here,
 * so that the plan can be printed, compared and tested without CDK.
 *
 * Keys. A subnet group or a security group is known by a key that is unique in the estate: `zone/asset` for an asset,
 * `zone` for a zone without assets, `zone/#endpoint` and the like for what a mechanism needs, `vpc:name/#transit` for
 * what belongs to a shared VPC rather than to one of its zones.
 */
import type { SourceSpan } from '../../base/diagnostics';
import type { PortRange, Prefix } from '../../base/net';
import type { Mechanism } from '../zones';

export type GroupKey = string;

export interface NetworkPlan {
  readonly estate: string;
  readonly region: string;
  readonly availabilityZones: number;
  /** every range as planned: give it back to the next plan and nothing moves */
  readonly ledger: AddressLedger;
  /** by VPC, and by zone of a shared VPC: what the stack is called behind the estate's name */
  readonly stackNames: Readonly<Record<string, string>>;
  /** sorted by name */
  readonly vpcs: readonly VpcPlan[];
  /** absent where no conduit needs a transit gateway */
  readonly transit?: TransitPlan;
  /** sorted by name; how each conduit crosses */
  readonly conduits: readonly ConduitPlan[];
  /** what the plan relies on and AWS cannot enforce, one sentence each */
  readonly assumptions: readonly string[];
  readonly quotas: readonly QuotaUse[];
  readonly cost: CostEstimate;
}

/**
 * Who was there first. `vpc:<name>`, `zone:<name>` (a block in a shared VPC) and `asset:<zone>/<asset>` have ranges, as
 * text; `dns:<vpc>/<service>` has the zone whose endpoint bears the service's usual name; `stack:<name>`, written by hand,
 * has the former name of a zone or VPC that was renamed. A committed `addresses.json` holds it.
 */
export type AddressLedger = Readonly<Record<string, string>>;

export interface ConduitPlan {
  readonly name: string;
  readonly source: SourceSpan;
  /** `none`: nothing to build in AWS (site to site, or ends that Cordon does not build) */
  readonly mechanism: Mechanism | 'none';
  /** why this mechanism, in a few words */
  readonly because: string;
}

// ---------------------------------------------------------------------------------------------------------- VPCs

export interface VpcPlan {
  /** the zone's name, or the shared VPC's */
  readonly name: string;
  readonly shared: boolean;
  readonly cidr: Prefix;
  /** zones that live in it, sorted */
  readonly zones: readonly string[];
  readonly subnetGroups: readonly SubnetGroupPlan[];
  readonly securityGroups: readonly SecurityGroupPlan[];
  readonly serviceEndpoints: readonly ServiceEndpointPlan[];
  readonly loadBalancers: readonly LoadBalancerPlan[];
  readonly interfaceEndpoints: readonly InterfaceEndpointPlan[];
  /** true where a zone takes traffic from the internet: an internet gateway, used by that zone's public subnets alone */
  readonly internet: boolean;
  /** true where it is attached to the transit gateway */
  readonly attached: boolean;
}

export type SubnetRole = 'asset' | 'endpoint' | 'load-balancer' | 'public' | 'transit';

/** One subnet per availability zone, one route table and one network ACL for all of them. */
export interface SubnetGroupPlan {
  readonly key: GroupKey;
  readonly role: SubnetRole;
  /** absent for what belongs to a shared VPC */
  readonly zone?: string;
  /** absent for a zone without assets, and for roles other than `asset` */
  readonly asset?: string;
  /** the aligned range that holds all its subnets: what rules of others name */
  readonly cidr: Prefix;
  /** in the order of availability zones */
  readonly subnets: readonly Prefix[];
  readonly routes: readonly RoutePlan[];
  /** services with a gateway endpoint that this group's table leads to */
  readonly gatewayServices: readonly string[];
  readonly acl: { readonly ingress: readonly AclEntryPlan[]; readonly egress: readonly AclEntryPlan[] };
}

export interface RoutePlan {
  readonly destination: Prefix;
  readonly target: 'transit' | 'internet-gateway';
  readonly conduits: readonly string[];
}

export type RuleProtocol = 'tcp' | 'udp' | 'icmp' | 'icmpv6';

export interface AclEntryPlan {
  /** stable: comes from what the entry says, so that adding another entry does not renumber it */
  readonly number: number;
  readonly action: 'allow' | 'deny';
  readonly protocol: RuleProtocol | 'all';
  /** tcp and udp */
  readonly ports?: PortRange;
  /** icmp */
  readonly icmpType?: number;
  readonly cidr: Prefix;
  readonly conduits: readonly string[];
}

export type RulePeer =
  | { readonly kind: 'group'; readonly key: GroupKey }
  | { readonly kind: 'cidr'; readonly cidr: Prefix }
  /** the ranges of an AWS service with a gateway endpoint */
  | { readonly kind: 'service'; readonly service: string };

export interface RulePlan {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: RuleProtocol;
  /** tcp and udp: destination ports; icmp: absent, meaning echo requests */
  readonly ports?: PortRange;
  readonly peer: RulePeer;
  /** names of the conduits it serves, sorted; `asset from` statements and service uses have a made-up name */
  readonly conduits: readonly string[];
  /** at most 255 characters of the set that EC2 accepts */
  readonly description: string;
}

export interface SecurityGroupPlan {
  readonly key: GroupKey;
  readonly zone?: string;
  readonly asset?: string;
  readonly role: SubnetRole;
  readonly description: string;
  readonly rules: readonly RulePlan[];
}

/** A zone's endpoint of an AWS service: its own, so that neither its policy nor its group speaks of another zone. */
export interface ServiceEndpointPlan {
  /** `kms`, `ecr.api`, `s3` … */
  readonly service: string;
  readonly type: 'interface' | 'gateway';
  readonly zone: string;
  /** interface endpoints only */
  readonly subnetGroup?: GroupKey;
  readonly securityGroup?: GroupKey;
  /**
   * whether the service's usual name leads here. In a VPC that several zones share only one endpoint of a service can
   * have it; the other zones call their endpoint by its own name.
   */
  readonly privateDns: boolean;
  /** named buckets or tables; empty = anything in the account */
  readonly resources: readonly string[];
  /** whether image layers are pulled through it (`s3`, where a zone also uses `ecr`) */
  readonly imageLayers: boolean;
}

/** In front of one asset: what other VPCs reach by PrivateLink (`internal`), or the internet reaches (`public`). */
export interface LoadBalancerPlan {
  readonly key: GroupKey;
  readonly zone: string;
  readonly asset?: string;
  readonly scheme: 'internal' | 'public';
  readonly subnetGroup: GroupKey;
  readonly securityGroup: GroupKey;
  readonly listeners: readonly ListenerPlan[];
}

export interface ListenerPlan {
  /** a load balancer has one listener per port: `tcp_udp` where both are served on it */
  readonly protocol: 'tcp' | 'udp' | 'tcp_udp';
  readonly port: number;
  /** catalogue names that use the port, sorted */
  readonly services: readonly string[];
}

/** PrivateLink: from one zone to one asset of another VPC. */
export interface InterfaceEndpointPlan {
  readonly key: GroupKey;
  /** the initiator */
  readonly zone: string;
  /** the responder's load balancer, and the VPC that has it */
  readonly loadBalancer: GroupKey;
  readonly responderVpc: string;
  readonly subnetGroup: GroupKey;
  readonly securityGroup: GroupKey;
  readonly conduits: readonly string[];
}

// ------------------------------------------------------------------------------------------------- transit gateway

export interface TransitPlan {
  readonly vpns: readonly VpnPlan[];
  /** one table per attachment, and the attachment is associated with no other */
  readonly tables: readonly TransitTablePlan[];
}

export interface VpnPlan {
  readonly site: string;
  readonly gateway: { readonly ip: string; readonly asn: number };
}

export type TransitAttachment = { readonly kind: 'vpc' | 'site'; readonly name: string };

export interface TransitTablePlan {
  readonly of: TransitAttachment;
  readonly routes: readonly TransitRoutePlan[];
}

export interface TransitRoutePlan {
  readonly destination: Prefix;
  readonly to: TransitAttachment | 'blackhole';
  readonly conduits: readonly string[];
}

// -------------------------------------------------------------------------------------------------- quotas, cost

export interface QuotaUse {
  /** stable id, e.g. `vpcs-per-region` */
  readonly quota: string;
  readonly what: string;
  /** what it is counted for: a VPC, a security group, the region */
  readonly subject: string;
  readonly used: number;
  readonly limit: number;
  /** the most that AWS grants on request; equal to `limit` where it is fixed; absent where AWS publishes none */
  readonly ceiling?: number;
}

export interface CostEstimate {
  /** ISO date of the prices */
  readonly asOf: string;
  readonly currency: 'USD';
  /** whose prices they are */
  readonly region: string;
  /** per month of 730 hours, data transfer not included */
  readonly monthly: number;
  readonly lines: readonly CostLine[];
}

export interface CostLine {
  readonly item: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly monthly: number;
}
