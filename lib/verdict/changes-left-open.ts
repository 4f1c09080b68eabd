/**
 * What stops a flow as it is written, and may be changed by something that is not understood: a macro that rewrites its
 * template, a nested stack that is not given, the code of a custom resource that is handed a group.
 */
import type { Blocker, Hop, NetworkModel, ResourceId, UnknownUse } from '../evidence/network';

/** Why a flow may not be blocked after all; empty where one of the blockers stands whatever those do. */
export function changesLeftOpen(network: NetworkModel, blockers: readonly Blocker[]): UnknownUse[] {
  const changing = network.unmodelled.filter(({ mayChange }) => mayChange !== undefined);
  if (changing.length === 0 || blockers.length === 0) return [];
  const changers = blockers.map((blocker) => changing.filter((each) => mayLift(each, blocker)));
  if (changers.some((each) => each.length === 0)) return [];
  return [...new Set(changers.flat())].map(useOf);
}

/** What may rewrite a stack that a flow passes: it may take away what lets the flow through. */
export function rewritesLeftOpen(network: NetworkModel, hops: readonly Hop[]): UnknownUse[] {
  const rewriting = network.unmodelled.filter(({ mayChange }) => typeof mayChange === 'object' && !mayChange.onlyAdds);
  return rewriting.filter((each) => hops.some(({ resource }) => isOfItsStack(each, resource))).map(useOf);
}

type Unmodelled = NetworkModel['unmodelled'][number];

function mayLift(changer: Unmodelled, { resource }: Blocker): boolean {
  return changer.touches.includes(resource) || isOfItsStack(changer, resource);
}

/** It may be anything of its stack; a resource of a stack is `Stack.Thing`. */
function isOfItsStack({ mayChange }: Unmodelled, resource: ResourceId): boolean {
  if (typeof mayChange !== 'object' || !resource.startsWith(`${mayChange.stack}.`)) return false;
  return !resource.slice(mayChange.stack.length + 1).includes('.');
}

function useOf({ id, reason, parameters = [], origin }: Unmodelled): UnknownUse {
  return { resource: id, reason, parameters: [...parameters, ...(origin.doubt?.parameters ?? [])] };
}
