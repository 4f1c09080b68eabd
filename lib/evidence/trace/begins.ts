/**
 * Who begins a conversation. A host does as it likes. AWS's own interfaces do not: an endpoint answers only, and a load
 * balancer turns to its targets alone, to forward to them and to ask for their health. Reachability Analyzer says so too:
 * VPCE_INTRA_VPC_TRAFFIC and TARGET_ADDRESS_RESTRICTION of
 * https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html.
 */

import { TCP } from '../../base/net';
import { isKnown, type LoadBalancer, type Packet, type Target, type TargetGroup, type Value } from '../network';
import { isTarget, zoneAllows } from './balancer-steps';
import type { NetworkIndex } from './network-index';
import { block, type Context, decide, type Host, type Receiver, type State } from './state';
import { passAcl } from './subnet-steps';
import { both, containsAny, either, eitherOf, ifCertain, isPrivate, type Ternary } from './ternary';

export function begins(context: Context, state: State, host: Host): State {
  if (state.direction === 'reply' || !host.interface) return state;
  const endpoint = context.index.endpointOfInterface.get(host.id);
  if (endpoint || host.interface.answersOnly) {
    const note = { location: host.name, resource: endpoint?.id ?? host.id };
    return block(state, 'gateway', { ...note, reason: `${host.name} never begins a conversation` });
  }
  const balancer = context.index.balancerOfInterface.get(host.id);
  return balancer ? beginsAsBalancer(context, state, host, balancer) : state;
}

function beginsAsBalancer(context: Context, state: State, host: Host, balancer: LoadBalancer): State {
  const { asBuilt } = context;
  // A classic one meets the ACL of its subnet even on the way to a neighbour (ELB_ACL_RESTRICTION).
  const isNear = asBuilt && balancer.type === 'classic' && state.expected?.host.subnet.id === host.subnet.id;
  const let_ = isNear ? passAcl(context, state, host.subnet, 'egress') : state;
  const turns = asBuilt ? turnsTo(context, state, host, balancer) : 'yes';
  const own = { location: host.name, resource: balancer.id };
  return decide(context, let_, both(turns, mayBeTarget(context, state, host, balancer)), 'load-balancer', {
    denied: { ...own, reason: `load balancer ${balancer.id} sends to its targets alone, and this is none it sends to` },
    open: { ...own, reason: `whether load balancer ${balancer.id} sends this to a target of its own is not known` },
  });
}

/**
 * Whether a target, now or later, may have the address: one of the balancer's VPC, or a private one.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-type
 */
function mayBeTarget(context: Context, { packet }: State, host: Host, balancer: LoadBalancer): Ternary {
  const { protocol, destination } = packet;
  const ranges = context.index.vpcs.get(host.subnet.vpc)?.cidrs ?? [];
  if (destination.family === 6 || isPrivate(destination) || ranges.length === 0) return 'yes';
  return either(containsAny(ranges, destination), balancer.asksProviders && protocol === TCP ? 'maybe' : 'no');
}

/** Whether this very packet may be one from the balancer to a target of it. */
function turnsTo(context: Context, { packet, expected }: State, host: Host, balancer: LoadBalancer): Ternary {
  // Of one without a listener nobody has written down yet what it is for.
  if (balancer.external || balancer.listeners.length === 0) return 'maybe';
  if (expected?.publicly) return hasStrangers(context, balancer) ? 'maybe' : 'no';
  const answers = balancer.listeners.flatMap((listener) =>
    listener.targetGroups.map((id): Ternary => {
      const group = context.index.targetGroups.get(id);
      if (!group) return 'maybe';
      const isNear = (isAddress: boolean) =>
        zoneAllows(group.crossZone ?? balancer.crossZone, host, expected, isAddress);
      return ifCertain(listener.certain && group.certain, asTarget(context.index, group, packet, expected, isNear));
    }),
  );
  if (balancer.asksProviders && packet.protocol === TCP) return either(eitherOf(answers), 'maybe');
  return either(eitherOf(answers), hasStrangers(context, balancer) ? 'maybe' : 'no');
}

/** Whether something may be registered that no template shows. */
function hasStrangers(context: Context, { listeners }: LoadBalancer): boolean {
  return listeners.some(
    ({ unknownTargets, targetGroups }) =>
      unknownTargets !== undefined ||
      targetGroups.some((id) => context.index.targetGroups.get(id)?.unknownTargets !== undefined),
  );
}

function asTarget(
  index: NetworkIndex,
  group: TargetGroup,
  packet: Packet,
  receiver: Receiver | undefined,
  isNear: (isAddress: boolean) => Ternary,
): Ternary {
  return eitherOf(
    group.targets.map((target): Ternary => {
      const port = target.port ?? group.port;
      const forwarded = group.protocols.includes(packet.protocol) ? isPort(port, packet) : 'no';
      const asked = packet.protocol === TCP ? isPort(group.healthCheckPort ?? port, packet) : 'no';
      const sent = both(isThere(target, group, packet), either(forwarded, asked));
      return ifCertain(
        target.certain,
        both(both(isTarget(index, target, receiver), sent), isNear(target.to.kind === 'address')),
      );
    }),
  );
}

/** What is registered by its address is called at that one, whatever other addresses the receiver may have. */
function isThere({ to }: Target, { ipv6 = false }: TargetGroup, { destination }: Packet): Ternary {
  if (to.kind === 'address') return containsAny([to.cidr], destination);
  if (!isKnown(ipv6)) return 'maybe';
  return ipv6 === (destination.family === 6) ? 'yes' : 'no';
}

function isPort(port: Value<number>, { destinationPort }: Packet): Ternary {
  if (!isKnown(port)) return 'maybe';
  return port === destinationPort ? 'yes' : 'no';
}
