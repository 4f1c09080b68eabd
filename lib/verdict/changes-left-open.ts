/**
 * What stops a flow as it is written, and may be changed by something that is not understood: a macro that rewrites its
 * template, a nested stack that is not given, the code of a custom resource that is handed a group.
 */
import type { Blocker, Hop, NetworkModel, ResourceId, UnknownUse } from '../evidence/network';

/** Who may change what a blocker names, so that it stops nothing. */
export function changersOf(network: NetworkModel, blocker: Blocker): UnknownUse[] {
  return network.unmodelled.filter((each) => each.mayChange !== undefined && mayLift(each, blocker)).map(useOf);
}

/** What may rewrite a stack that a flow passes: it may take away what lets the flow through. */
export function rewritesLeftOpen(network: NetworkModel, hops: readonly Hop[]): UnknownUse[] {
  const rewriting = network.unmodelled.filter(({ mayChange }) => typeof mayChange === 'object' && !mayChange.onlyAdds);
  return rewriting.filter((each) => hops.some(({ resource }) => isOfItsStack(each, resource))).map(useOf);
}

type Unmodelled = NetworkModel['unmodelled'][number];

function mayLift(changer: Unmodelled, { resource }: Blocker): boolean {
  // `Stack.Vpc#main-route-table` is what AWS makes with a thing
  const isTouched = changer.touches.some((id) => id === resource || resource.startsWith(`${id}#`));
  return isTouched || isOfItsStack(changer, resource);
}

/** It may be anything of its stack; a resource of a stack is `Stack.Thing`. */
function isOfItsStack({ mayChange }: Unmodelled, resource: ResourceId): boolean {
  if (typeof mayChange !== 'object' || !resource.startsWith(`${mayChange.stack}.`)) return false;
  return !resource.slice(mayChange.stack.length + 1).includes('.');
}

function useOf({ id, reason, parameters = [], origin }: Unmodelled): UnknownUse {
  return { resource: id, reason, parameters: [...parameters, ...(origin.doubt?.parameters ?? [])] };
}
