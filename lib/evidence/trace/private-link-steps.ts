/**
 * PrivateLink (SEMANTICS 30, 31): from a consumer's endpoint to the provider's balancers, and nowhere else.
 */
import type { Interface, LoadBalancer, ResourceId, Subnet } from '../network';
import { isUnknown } from '../network';
import { checkListeners } from './balancer-steps';
import { receiveThroughGroups } from './groups-step';
import { interfaceHost } from './hosts';
import { sameZone } from './network-index';
import {
  type Context,
  doubt,
  type Fork,
  type Host,
  hop,
  type Next,
  requireCertain,
  type Session,
  type State,
} from './state';
import { anywhere, lost } from './subnet-steps';

/** A consumer's endpoint leads to the provider's balancers and nowhere else. */
export function privateLink(context: Context, state: State, consumer: Host, id: ResourceId): Fork {
  const service = context.index.endpointServices.get(id);
  const location = `endpoint service ${id}`;
  if (!service) {
    const reason = `no template shows ${location}`;
    return anywhere(context, doubt(context, state, 'gateway', { location, resource: id, reason }), reason);
  }
  let next = requireCertain(context, state, service, 'gateway', location);
  const { acceptanceRequired } = service;
  if (acceptanceRequired !== false) {
    const reason = isUnknown(acceptanceRequired) ? acceptanceRequired.reason : 'someone must accept the connection';
    next = doubt(context, next, 'gateway', { location, resource: id, reason });
  }
  next = hop(next, 'forwarded', { location, resource: id, reason: 'PrivateLink carries it to the provider' });
  return intoService(context, next, consumer, service.loadBalancers, location, id);
}

/** `consumer` is undefined where the consumer's endpoint is outside all templates. */
export function intoService(
  context: Context,
  state: State,
  consumer: Host,
  balancers: readonly ResourceId[],
  location: string,
  id: ResourceId,
): Fork {
  const options = balancers.flatMap((balancerId): Next[] => {
    const balancer = context.index.loadBalancers.get(balancerId);
    const iface = balancer ? context.index.interfaces.get(balancer.interface) : undefined;
    if (!balancer || !iface || balancer.type !== 'network') return [];
    const subnets = iface.subnets.flatMap((subnet) => context.index.subnets.get(subnet) ?? []);
    return nodesFor(subnets, consumer.subnet).map((subnet) => {
      const node = interfaceHost(iface, subnet);
      const filtered = filterPrivateLink(context, state, balancer, node);
      if (isMeant(context, iface)) return atNode(context, filtered, node, balancer, consumer);
      return { place: { kind: 'balance', host: node, balancer: balancerId, endpoint: consumer }, state: filtered };
    });
  });
  if (options.length > 0) return { quantifier: 'some', options };
  const reason = `${location} has no network load balancer that the templates show`;
  return lost(doubt(context, state, 'load-balancer', { location, resource: id, reason }));
}

/** Whether the flow is for the balancer itself. */
function isMeant({ to, direction }: Context, { id }: Interface): boolean {
  return direction === 'forward' && to.kind === 'interface' && to.id === id;
}

/**
 * A flow that is for the provider's balancer ends where one of its listeners hears what the endpoint brings: nobody sends
 * to an address of its own. PrivateLink carries the answer back as it brought the packet.
 */
function atNode(context: Context, state: State, node: Host, balancer: LoadBalancer, consumer: Host): Next {
  const certain = requireCertain(context, state, balancer, 'load-balancer', `load balancer ${balancer.id}`);
  const heard = checkListeners(context, certain, balancer);
  const session: Session = {
    kind: 'private-link',
    host: node,
    before: state.packet,
    resume: consumer,
    preserved: true,
  };
  const next: State = { ...heard, sessions: [...state.sessions, session] };
  return { place: { kind: 'exit', exit: { kind: 'host', host: node } }, state: next };
}

/** An endpoint leads to the balancer's node of its own zone where there is one. */
function nodesFor(subnets: readonly Subnet[], consumer: Subnet): readonly Subnet[] {
  const inZone = subnets.filter((subnet) => sameZone(subnet, consumer) === 'yes');
  return inZone.length > 0 ? inZone : subnets;
}

/** SEMANTICS 31: whether the balancer's groups filter PrivateLink is a setting of its own; they see the client's address. */
function filterPrivateLink(context: Context, state: State, balancer: LoadBalancer, node: Host): State {
  const filters = balancer.filtersPrivateLink;
  if (filters === false || node.groups === undefined) return state;
  const filtered = receiveThroughGroups(context, state, node, 'no');
  if (filters === true) return filtered;
  if (!filtered.stopped || state.stopped) return filtered;
  const reason = filters.reason;
  return doubt(
    context,
    state,
    'security-group',
    { location: node.name, resource: balancer.id, reason },
    filters.parameters,
  );
}
