/**
 * Where a packet can be between two hops. A *leg* starts where something puts a packet on the network and ends at a
 * terminal location; what happens there (groups, translation, a reply) is the business of `reachability/`.
 */
import type { ResourceId } from '../network';

/**
 * How a packet has come to where it is. It decides where it may leave again (SEMANTICS 18), and whether a rule that names
 * a security group can still see who sent it (SEMANTICS 3).
 */
export type Path =
  | 'local'
  | 'peering'
  | 'transit-gateway'
  | 'inspected'
  /** inspected before it came through a transit gateway: the sender's groups stay hidden */
  | 'inspected-transit-gateway'
  | 'gateway'
  | OverInternet
  | 'unknown';

/**
 * Over the internet: out by one gateway of ours and in again by another, which only IPv6 does untranslated. What an
 * egress-only gateway let out begins a conversation, and what one brings in answers.
 */
export type OverInternet = Crossed | `inspected-${Crossed}`;
export type Crossed = 'internet' | 'internet-begun' | 'internet-answer';

/** Whether a packet came into its VPC through a transit gateway. */
export function isTransit(path: Path): boolean {
  return path === 'transit-gateway' || path === 'inspected-transit-gateway';
}

/** Whether a packet of ours came into its VPC over the internet. */
export function isOverInternet(path: Path): path is OverInternet {
  return path.includes('internet');
}

/** How it goes on from something that inspects it. */
export function inspected(path: Path): Path {
  switch (path) {
    case 'internet':
    case 'internet-begun':
    case 'internet-answer':
      return `inspected-${path}`;
    default:
      return isOverInternet(path) ? path : 'inspected';
  }
}

export type Location =
  /** put on its subnet by an interface there */
  | { readonly kind: 'leaving'; readonly subnet: ResourceId }
  /** about to be looked up in the subnet's route table */
  | { readonly kind: 'routing'; readonly subnet: ResourceId; readonly path: Path }
  /** about to enter a VPC through an internet or VPN gateway, where an edge table may apply; `own`: out by another before, and how */
  | {
      readonly kind: 'gateway-ingress';
      readonly gateway: ResourceId;
      readonly vpc: ResourceId;
      readonly own?: Crossed;
    }
  /** about to enter a VPC over a peering connection; `hidden`: something inspected it before */
  | { readonly kind: 'peering-ingress'; readonly vpc: ResourceId; readonly hidden?: true }
  /** about to enter a transit gateway from an attachment; `hidden`: something inspected it before */
  | { readonly kind: 'attachment'; readonly id: ResourceId; readonly hidden?: true }
  /** about to leave a transit gateway through an attachment */
  | { readonly kind: 'attachment-egress'; readonly id: ResourceId; readonly hidden?: true }
  /** in a subnet through which a transit gateway attachment lets packets into the VPC */
  | { readonly kind: 'door'; readonly subnet: ResourceId; readonly hidden?: true }
  /** at a firewall's endpoint in a subnet; `own`: come over the internet from one of ours */
  | { readonly kind: 'firewall'; readonly id: ResourceId; readonly subnet: ResourceId; readonly own?: OverInternet }
  | Terminal;

/** Where a leg ends. */
export type Terminal =
  /** past the network ACL of a subnet: whoever has the address may receive it, if its groups admit it */
  | { readonly kind: 'delivered'; readonly subnet: ResourceId; readonly path: Path }
  | { readonly kind: 'internet'; readonly gateway: ResourceId }
  /** sent to a NAT gateway to be translated */
  | { readonly kind: 'nat'; readonly id: ResourceId }
  /** sent to one of several, as AWS picks the subnet of an attachment: what goes on is what each of them sends on */
  | { readonly kind: 'one-of-nats'; readonly id: string; readonly nats: readonly ResourceId[] }
  | { readonly kind: 'site'; readonly id: ResourceId }
  | { readonly kind: 'external'; readonly id: ResourceId }
  | { readonly kind: 'gateway-endpoint'; readonly id: ResourceId }
  /** routed to an instance or interface that may pass it on */
  | { readonly kind: 'forwarder'; readonly id: ResourceId };

export function locationKey(location: Location): string {
  switch (location.kind) {
    case 'leaving':
      return `leaving:${location.subnet}`;
    case 'door':
      return `door:${location.subnet}${location.hidden ? ':hidden' : ''}`;
    case 'attachment':
    case 'attachment-egress':
      return `${location.kind}:${location.id}${location.hidden ? ':hidden' : ''}`;
    case 'delivered':
    case 'routing':
      return `${location.kind}:${location.subnet}:${location.path}`;
    case 'gateway-ingress':
      return `gateway-ingress:${location.gateway}:${location.vpc}${location.own ? `:${location.own}` : ''}`;
    case 'peering-ingress':
      return `peering-ingress:${location.vpc}${location.hidden ? ':hidden' : ''}`;
    case 'firewall':
      return `firewall:${location.id}:${location.subnet}${location.own ? `:${location.own}` : ''}`;
    case 'internet':
      return `internet:${location.gateway}`;
    default:
      return `${location.kind}:${location.id}`;
  }
}

/** Where a firewall remembers what it saw: the same, whatever was seen of a packet before. */
export function sessionKey(location: Location): string {
  if (location.kind === 'attachment-egress') return `${location.kind}:${location.id}`;
  return locationKey(location.kind === 'firewall' ? { ...location, own: undefined } : location);
}

const UNKNOWN_TARGET = '#unknown-target';

/** What stands for wherever the routes of a VPC lead whose targets are not known. */
export function unknownTargetOf(vpc: ResourceId): ResourceId {
  return `${vpc}${UNKNOWN_TARGET}`;
}

export function isUnknownTarget(at: Location): boolean {
  return at.kind === 'external' && at.id.endsWith(UNKNOWN_TARGET);
}

export function isTerminal(location: Location): location is Terminal {
  switch (location.kind) {
    case 'delivered':
    case 'internet':
    case 'nat':
    case 'one-of-nats':
    case 'site':
    case 'external':
    case 'gateway-endpoint':
    case 'forwarder':
      return true;
    default:
      return false;
  }
}
