/** Network Firewall: rules and policies. */
import type { PortRange, Prefix } from '../../base/net';
import type { Noun, Origin, ResourceId } from './noun';
import type { Value } from './value';
import type { Traffic } from './vpc';

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
