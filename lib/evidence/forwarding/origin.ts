/**
 * Who put the packets of a leg on the network: the one to whom replies must come back, and whose groups let them out.
 */

import { BEYOND, type NatGateway, type ResourceId, type Subnet } from '../network';
import { ANY_GATEWAY } from './hop';
import { isOverInternet, isUnknownTarget, type Terminal } from './location';
import type { NetworkIndex } from './network-index';
import type { Party } from './party';

export type Origin =
  /** `picksPort`: it sends on what others sent, from a port of its own choosing */
  | { readonly kind: 'party'; readonly party: Party; readonly picksPort?: true }
  | { readonly kind: 'internet' }
  | { readonly kind: 'site' | 'external'; readonly id: ResourceId }
  | { readonly kind: 'nat'; readonly nat: NatGateway; readonly subnet: Subnet }
  /** a load balancer that keeps its client's source address; replies come back through the balancer all the same */
  | { readonly kind: 'preserving-balancer'; readonly party: Party };

/** Whether a reply that arrived at a terminal has reached the origin of its leg. */
export function isHome(origin: Origin, terminal: Terminal, index: NetworkIndex): boolean {
  switch (origin.kind) {
    case 'party':
    case 'preserving-balancer':
      return terminal.kind === 'delivered' && origin.party.subnets.some((subnet) => subnet.id === terminal.subnet);
    case 'nat':
      return terminal.kind === 'delivered' && origin.subnet.id === terminal.subnet;
    case 'internet':
      if (terminal.kind !== 'internet') return false;
      return terminal.gateway === ANY_GATEWAY || index.internetGateways.has(terminal.gateway);
    case 'site':
      return terminal.kind === 'site' && terminal.id === origin.id;
    case 'external':
      return terminal.kind === 'external' && (terminal.id === origin.id || origin.id === BEYOND.id);
  }
}

/** Whether an answer may come home by a way that no template shows: from behind a route that nobody knows, to someone outside. */
export function mayAnswerAround(origin: Origin, at: Terminal): boolean {
  const isOutside = origin.kind === 'internet' || origin.kind === 'site' || origin.kind === 'external';
  return isOutside && isUnknownTarget(at);
}

/** Whether what answers at a place may come over the internet to where it arrives: only hosts of ours do, from their own addresses. */
export function mayComeAround(arrived: Terminal, from: Terminal): boolean {
  if (arrived.kind !== 'delivered' || !isOverInternet(arrived.path)) return true;
  return (from.kind === 'delivered' || from.kind === 'forwarder') && !arrived.path.endsWith('begun');
}

/** The places, by id, of which one is where replies come home to; undefined where there is no telling beforehand. */
export function homesOf(origin: Origin): readonly ResourceId[] | undefined {
  switch (origin.kind) {
    case 'party':
    case 'preserving-balancer':
      return origin.party.subnets.map(({ id }) => id);
    case 'nat':
      return [origin.subnet.id];
    case 'internet':
      return undefined;
    default:
      return origin.id === BEYOND.id ? undefined : [origin.id];
  }
}

/** Equal for origins that replies come home to in the same way. */
export function originKey(origin: Origin): string {
  switch (origin.kind) {
    case 'party':
    case 'preserving-balancer': {
      const free = origin.party.noun !== undefined && origin.party.noun.sourceDestCheck !== true;
      return `${origin.kind}${free ? ' for others' : ''} ${origin.party.subnets.map((subnet) => subnet.id).join(' ')}`;
    }
    case 'nat':
      return `nat ${origin.nat.id}`;
    case 'internet':
      return 'internet';
    default:
      return `${origin.kind} ${origin.id}`;
  }
}
