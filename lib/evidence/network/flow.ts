/**
 * One concrete packet, where it starts, and what happens to it. Shared by the engine (which finds flows) and by trace
 * (which replays them), so that the two can disagree only about AWS and not about words.
 */
import type { Address } from '../../base/net';
import type { ResourceId } from './noun';

/** Where a conversation starts or ends. */
export type End =
  /** something that the templates create */
  | { readonly kind: 'interface'; readonly id: ResourceId }
  /**
   * a potential interface: anything that someone may later launch in this subnet, with any of `securityGroups`
   * (absent = any groups of the VPC, the default group included; several may apply at once)
   */
  | { readonly kind: 'subnet'; readonly id: ResourceId; readonly securityGroups?: readonly ResourceId[] }
  | { readonly kind: 'internet' }
  /** whatever is behind a VpnConnection, a VpnGateway, or a VPN or Direct Connect TransitGatewayAttachment */
  | { readonly kind: 'site'; readonly id: ResourceId }
  /** an AWS service, reached through an endpoint (`endpoint` is the VpcEndpoint) or, without one, its public addresses */
  | { readonly kind: 'aws-service'; readonly name: string; readonly endpoint?: ResourceId }
  /** something that no template shows: a peer VPC, a peered transit gateway, an unknown route target, someone else's PrivateLink service */
  | { readonly kind: 'external'; readonly id: ResourceId };

/** Everything at once that no template shows, wherever it is. */
export const BEYOND: Extract<End, { kind: 'external' }> = { kind: 'external', id: '#beyond' };

/** Equal ends have equal keys. */
export function endKey(end: End): string {
  switch (end.kind) {
    case 'internet':
      return 'internet';
    case 'subnet':
      return `subnet:${end.id}${end.securityGroups ? `[${[...end.securityGroups].sort().join(',')}]` : ''}`;
    case 'aws-service':
      return `aws-service:${end.name}${end.endpoint ? `@${end.endpoint}` : ''}`;
    default:
      return `${end.kind}:${end.id}`;
  }
}

/** A packet as it is on the wire. For icmp and icmpv6, `destinationPort` is the type and `sourcePort` the code. */
export interface Packet {
  readonly protocol: number;
  readonly source: Address;
  readonly sourcePort: number;
  readonly destination: Address;
  readonly destinationPort: number;
}

/** A packet, where it starts and where it is meant to arrive. */
export interface Flow {
  readonly from: End;
  readonly to: End;
  /** as `from` sends it */
  readonly packet: Packet;
}

/** `may`: what is unknown lets pass. `must`: what is unknown stops. */
export type Approximation = 'may' | 'must';

export type HopDecision =
  | 'sent'
  | 'allowed'
  | 'denied'
  | 'routed'
  | 'dropped'
  | 'translated'
  | 'forwarded'
  | 'delivered'
  | 'unknown';

export interface Hop {
  /** the place, in words that a network engineer uses: `subnet Net.AppSubnet1`, `transit gateway Net.Hub` */
  readonly location: string;
  /** the resource that decides here */
  readonly resource: ResourceId;
  readonly decision: HopDecision;
  readonly reason: string;
  /** the rule, route or entry that decided, e.g. `ingress rule tcp 443 from 10.0.0.0/8`, `route 0.0.0.0/0 -> Net.Igw` */
  readonly rule?: string;
  /** the packet as it leaves this hop, where it changed */
  readonly packet?: Packet;
}

export type BlockerKind =
  | 'security-group'
  | 'network-acl'
  | 'route'
  | 'gateway'
  | 'load-balancer'
  | 'endpoint-policy'
  | 'firewall'
  | 'transit-gateway'
  | 'peering'
  | 'vpn'
  | 'public-address'
  | 'source-destination-check'
  | 'address'
  | 'listener';

export interface Blocker {
  readonly resource: ResourceId;
  readonly kind: BlockerKind;
  readonly reason: string;
  /** which of the two directions it stops */
  readonly direction: 'forward' | 'reply';
}

/** Something not understood that a verdict hangs on. */
export interface UnknownUse {
  readonly resource: ResourceId;
  readonly reason: string;
  readonly parameters: readonly string[];
}
