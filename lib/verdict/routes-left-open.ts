/**
 * Flows that get there by a route whose target nobody knows, and whose answer comes back another way. What the route leads
 * to may be a NAT gateway or an appliance that sends from an address of its own: the answer would be addressed there, so
 * what stops an answer to the sender's own address stops nothing for certain.
 */
import { type Blocker, isUnknown, type NetworkModel, type ResourceId, type UnknownUse } from '../evidence/network';
import type { Trace } from '../evidence/trace';
import { nounsOf } from './nouns';
import { HOLDS_ANYWHERE } from './places-left-open';

/** Why a flow may not be blocked after all; empty where the blockers hold whoever is answered. */
export function routesLeftOpen(network: NetworkModel, { forward, blockers, unknowns }: Trace): readonly UnknownUse[] {
  const isOfAnswer = ({ direction, kind }: Blocker) => direction === 'reply' && !HOLDS_ANYWHERE.has(kind);
  if (!forward.delivered || !blockers.every(isOfAnswer)) return [];
  const isOpen = forward.hops.some(({ decision, resource }) => decision === 'unknown' && leaves(network, resource));
  return isOpen ? unknowns : [];
}

/** Whether a resource is a subnet from which a route leads nobody knows where. */
function leaves(network: NetworkModel, id: ResourceId): boolean {
  const table = nounsOf(network).subnets.get(id)?.routeTable;
  if (table === undefined || isUnknown(table)) return table !== undefined;
  const noun = network.routeTables.find((one) => one.id === table);
  return noun === undefined || noun.external === true || noun.routes.some(({ target }) => target.kind === 'unknown');
}
