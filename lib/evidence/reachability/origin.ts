/**
 * Who put the packets of a leg on the network: the one to whom replies must come back, and whose groups let them out.
 */

import type { NetworkIndex, Terminal } from '../forwarding';
import type { NatGateway, ResourceId, Subnet } from '../network';
import type { Party } from './party';

export type Origin =
  | { readonly kind: 'party'; readonly party: Party }
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
      return terminal.kind === 'internet' && index.internetGateways.has(terminal.gateway);
    case 'site':
      return terminal.kind === 'site' && terminal.id === origin.id;
    case 'external':
      return terminal.kind === 'external' && terminal.id === origin.id;
  }
}
