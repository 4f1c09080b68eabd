/** Interfaces, and the security groups that filter them. */
import type { Prefix } from '../../base/net';
import type { Noun, Origin, ResourceId } from './noun';
import type { Value } from './value';
import type { Traffic } from './vpc';

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
