/**
 * Network load balancers and PrivateLink (SEMANTICS 30–32). An application or classic load balancer is a host: it ends the
 * connection and opens another.
 */
import { type Address, firstAddress, formatAddress, type Prefix } from '../../base/net';
import {
  isKnown,
  isUnknown,
  type Listener,
  type LoadBalancer,
  mayNotExist,
  type Packet,
  type ResourceId,
  type Target,
  type TargetGroup,
  type Unknown,
  type Value,
} from '../network';
import { sendThroughGroups } from './groups-step';
import { finalReceivers, frontsAt, frontsOf, getsOwnBack, hasAddress, targetAddresses } from './hosts';
import { needRange, portsFrom } from './nat-steps';
import { type NetworkIndex, sameZone } from './network-index';
import {
  balancedBy,
  block,
  type Context,
  doubt,
  type Fork,
  type Host,
  hop,
  lazily,
  type Next,
  type Receiver,
  recordUnknown,
  requireCertain,
  type State,
} from './state';
import { anywhere, lost, unseen } from './subnet-steps';
import { both, containsAny, either, ifCertain, type Ternary } from './ternary';

/** Whether a listener answers this packet. */
export function listens(listener: Listener, packet: Packet): Ternary {
  if (!listener.protocols.includes(packet.protocol)) return 'no';
  const { ports } = listener;
  const port = packet.destinationPort;
  const matches = isUnknown(ports) ? 'maybe' : ports.from <= port && port <= ports.to ? 'yes' : 'no';
  return ifCertain(listener.certain, matches);
}

/** A balancer answers only on its listeners; a gateway one takes what its endpoints bring, and nothing else. */
export function checkListeners(context: Context, state: State, balancer: LoadBalancer): State {
  const location = `load balancer ${balancer.id}`;
  if (balancer.type === 'gateway') {
    const reason = `${location} takes only what its endpoints bring`;
    return block(state, 'listener', { location, resource: balancer.id, reason });
  }
  const answer = balancer.listeners.map((listener) => listens(listener, state.packet)).reduce(either, 'no');
  const note = { location, resource: balancer.id };
  if (answer === 'yes') return state;
  if (answer === 'maybe') {
    const open = balancer.listeners.find((each) => !each.certain && listens(each, state.packet) === 'maybe');
    const why = open?.origin.doubt && mayNotExist('a listener', open.origin);
    const reason = why?.reason ?? `whether ${location} listens on this port is not known`;
    return doubt(context, state, 'listener', { ...note, reason }, why?.parameters);
  }
  return block(state, 'listener', { ...note, reason: `${location} has no listener for this protocol and port` });
}

interface Choice {
  /** absent: whoever has the address that is registered, beyond what the templates show */
  readonly receiver?: Receiver;
  readonly port: Value<number>;
  readonly preserve: boolean;
  /** what its target group says of other zones; absent: as the balancer says */
  readonly crossZone?: Value<boolean>;
  /** at addresses of which family it is called; absent: of either */
  readonly family?: 4 | 6;
  /** the address that is registered, where it is not the receiver itself */
  readonly registered?: Prefix;
  /** why it is not certain that the balancer sends there */
  readonly open?: { readonly resource: ResourceId; readonly reason: string; readonly parameters: readonly string[] };
}

/** From a node of the balancer to a target that is the end of the flow, or may lead to it. `endpoint`: it came through PrivateLink. */
export function balance(context: Context, state: State, node: Host, id: ResourceId, endpoint: Host | undefined): Fork {
  const balancer = context.index.loadBalancers.get(id);
  const location = `load balancer ${id}`;
  if (!balancer) return unseen(context, state, 'load-balancer', location, id);
  const next = checkListeners(context, requireCertain(context, state, balancer, 'load-balancer', location), balancer);
  const receivers = finalReceivers(context.index, context.to);
  const choices = balancer.listeners
    .filter((listener) => state.stopped || next.stopped || listens(listener, state.packet) !== 'no')
    .flatMap((listener) => choicesOf(context, next, listener, receivers, endpoint).map(withDoubtOf(listener, id)));
  const zoneOf = ({ receiver, registered, crossZone = balancer.crossZone }: Choice) =>
    zoneAllows(crossZone, node, receiver, registered !== undefined);
  const reachable = choices.filter((choice) => zoneOf(choice) !== 'no');
  if (reachable.length === 0) {
    const reason =
      choices.length > 0
        ? `${location} is not cross-zone, and the target is in another availability zone`
        : `${location} has no target here that is the end of this flow`;
    return lost(block(next, 'load-balancer', { location, resource: id, reason }));
  }
  const options = reachable.map((choice) => {
    const doubted = doubtChoice(context, next, choice, zoneOf(choice), balancer);
    return toTarget(context, doubted, node, choice, endpoint);
  });
  return { quantifier: 'some', options };
}

/** What only a listener that may not be there forwards to is not certain. */
function withDoubtOf({ certain, origin }: Listener, resource: ResourceId): (choice: Choice) => Choice {
  if (certain) return (choice) => choice;
  const { reason, parameters } = mayNotExist('a listener', origin);
  return (choice) => ({ open: { resource, reason, parameters }, ...choice });
}

/** A node sends to targets of its own zone where balancing is not cross-zone. `isAddress`: it is registered by its address. */
export function zoneAllows(
  balanced: Value<boolean>,
  node: Host,
  receiver: Receiver | undefined,
  isAddress: boolean,
): Ternary {
  // An address outside the balancer's VPC is in all zones.
  if (!receiver || (isAddress && receiver.host.subnet.vpc !== node.subnet.vpc)) return 'yes';
  const crossZone: Ternary = isUnknown<boolean>(balanced) ? 'maybe' : balanced ? 'yes' : 'no';
  return either(crossZone, sameZone(node.subnet, receiver.host.subnet));
}

function doubtChoice(context: Context, state: State, choice: Choice, zone: Ternary, balancer: LoadBalancer): State {
  const location = `load balancer ${balancer.id}`;
  const reason = `whether ${location} sends to ${nameOf(choice)} in another availability zone is not known`;
  const next =
    zone === 'maybe' ? doubt(context, state, 'load-balancer', { location, resource: balancer.id, reason }) : state;
  if (!choice.open) return next;
  const { resource, parameters } = choice.open;
  return doubt(context, next, 'load-balancer', { location, resource, reason: choice.open.reason }, parameters);
}

function choicesOf(
  context: Context,
  state: State,
  listener: Listener,
  receivers: readonly Receiver[],
  endpoint: Host | undefined,
): Choice[] {
  const groups = listener.targetGroups.map((id) => ({ id, group: context.index.targetGroups.get(id) }));
  const known = groups.flatMap(({ group }) =>
    group ? choicesOfGroup(context, state, group, receivers, endpoint) : [],
  );
  const missing = groups.some(({ group }) => !group);
  const unknownTargets =
    listener.unknownTargets ?? (missing ? { reason: 'a target group is not shown', parameters: [] } : undefined);
  if (!unknownTargets) return known;
  const open = { resource: listener.origin.resource, ...unknownTargets };
  const ports = guessPorts(context, state, receivers);
  const guessed = receivers.flatMap((receiver) =>
    ports.map((port): Choice => ({ receiver, port, preserve: endpoint === undefined, open })),
  );
  return [...known, ...guessed, ...guessed.map((choice) => ({ ...choice, preserve: false }))];
}

/** Where a port is not known, those that the receiver's groups tell apart, or that it listens on, stand for all. */
function guessPorts(context: Context, state: State, receivers: readonly Receiver[]): number[] {
  const heard = receivers
    .flatMap(({ host }) => context.index.balancerOfInterface.get(host.id)?.listeners ?? [])
    .flatMap(({ ports }) => (isKnown(ports) ? [ports.from] : []));
  const rules = receivers
    .flatMap(({ host }) => host.groups ?? [])
    .flatMap((id) => context.index.securityGroups.get(id)?.ingress ?? []);
  const edges = rules.flatMap(({ traffic }) => (isKnown(traffic) && traffic.ports ? [traffic.ports.from] : []));
  return [...new Set([state.packet.destinationPort, ...heard, ...edges])].slice(0, 32);
}

function choicesOfGroup(
  context: Context,
  state: State,
  group: TargetGroup,
  receivers: readonly Receiver[],
  endpoint: Host | undefined,
): Choice[] {
  const preserves =
    endpoint !== undefined ? [false] : isKnown(group.preserveClientIp) ? [group.preserveClientIp] : [true, false];
  const unsure = isUnknown(group.preserveClientIp) && endpoint === undefined ? group.preserveClientIp : undefined;
  const doubtOf = (certain: boolean, match: Ternary, why: Unknown | undefined = group.origin.doubt) => {
    const value = unsure ?? (isUnknown(group.targetType) ? group.targetType : undefined);
    if (value) return { resource: group.id, reason: value.reason, parameters: value.parameters };
    const reason = `whether it is a target of ${group.id} is not certain${why ? `: ${why.reason}` : ''}`;
    const isSure = certain && match === 'yes' && group.certain;
    return isSure ? undefined : { resource: group.id, reason, parameters: why?.parameters ?? [] };
  };
  const { crossZone, ipv6 = false } = group;
  const openFamily = isUnknown<boolean>(ipv6) && {
    open: { resource: group.id, reason: ipv6.reason, parameters: ipv6.parameters },
  };
  const inFamilies = (choice: Choice): Choice[] => {
    if (!isUnknown<boolean>(ipv6)) return [{ ...choice, family: ipv6 ? 6 : 4 }];
    // An address that is registered tells of itself which family it is called at.
    if (choice.registered) return [{ ...choice, family: choice.registered.family }];
    return ([4, 6] as const).map((family) => ({ ...openFamily, ...choice, family }));
  };
  const ofGroup = (choice: Choice): Choice[] =>
    inFamilies(choice).map((one) => ({ ...one, ...(crossZone !== undefined && { crossZone }) }));
  const isBeyond = context.to.kind === 'site' || context.to.kind === 'internet' || context.to.kind === 'external';
  const outside = isBeyond ? [undefined] : [];
  const registered = group.targets.flatMap((target) =>
    [...receivers, ...stationsAt(context, target), ...outside].flatMap((receiver) => {
      const isStation = receiver !== undefined && receiver.role !== 'end';
      const match = isTarget(context.index, target, receiver);
      if (match === 'no') return [];
      const open = doubtOf(target.certain, match, target.doubt);
      const port = target.port ?? group.port;
      const registered = target.to.kind === 'address' ? [target.to.cidr].filter(isKnown)[0] : undefined;
      const found = { ...(receiver && { receiver }), ...(registered && { registered }), ...(open && { open }) };
      // A balancer that had the packet already would only do the same again.
      const again = (preserve: boolean) => isStation && balancedBy(state, receiver.host.id, preserve);
      return preserves.filter((one) => !again(one)).map((preserve): Choice => ({ port, preserve, ...found }));
    }),
  );
  const { unknownTargets } = group;
  if (!unknownTargets) return registered.flatMap(ofGroup);
  const open = { resource: group.id, ...unknownTargets };
  // Each may be registered with a port of its own.
  const port = { unknown: true, ...unknownTargets } as const;
  const others = [...receivers.map((receiver) => ({ receiver })), ...outside.map(() => ({}))].flatMap((one) =>
    preserves.map((preserve): Choice => ({ ...one, port, preserve, open })),
  );
  return [...registered, ...others].flatMap(ofGroup);
}

/** Balancers and endpoints that are targets themselves. */
function stationsAt({ index }: Context, { to }: Target): Receiver[] {
  if (to.kind === 'interface') return frontsOf(index, to.id);
  return isKnown(to.cidr) ? frontsAt(index, firstAddress(to.cidr)) : [];
}

/** `receiver` is absent for whoever has the address beyond what the templates show. */
export function isTarget(index: NetworkIndex, target: Target, receiver: Receiver | undefined): Ternary {
  const host = receiver?.host;
  if (target.to.kind === 'interface') {
    return host?.interface && (host.interface.id === target.to.id || host.interface.aliases?.includes(target.to.id))
      ? 'yes'
      : 'no';
  }
  const { cidr } = target.to;
  if (isUnknown(cidr)) return 'maybe';
  if (!host) return 'yes';
  const address = { family: cidr.family, words: cidr.words };
  if (hasAddress(index, host, address) === 'no') return 'no';
  const fixed = (host.interface?.addresses ?? []).filter(isKnown).filter((range) => range.family === cidr.family);
  const own = fixed.length > 0 ? containsAny(fixed, address) : 'yes';
  return both(own, containsAny(host.subnet.cidrs, address));
}

/**
 * The balancer's own packet to the target. Nobody chooses which addresses the two have where the template leaves them
 * open, nor the balancer's source port.
 */
function toTarget(context: Context, state: State, node: Host, choice: Choice, endpoint: Host | undefined): Fork {
  const before = state.packet;
  const { receiver } = choice;
  const same = destinationsOf(context, choice, before.source.family);
  // A dual-stack balancer speaks the other family to targets that have nothing else, in its own name.
  const other = before.source.family === 4 ? 6 : 4;
  const destinations = same.length > 0 ? same : destinationsOf(context, choice, other);
  const preserve = choice.preserve && same.length > 0;
  const family = destinations[0]?.family ?? 4;
  const isOwn = !endpoint && before.destination.family === family;
  const sources = preserve
    ? [before.source]
    : isOwn
      ? [before.destination]
      : targetAddresses(context.index, node, family);
  if (preserve && getsOwnBack(context.index, state.holder, receiver)) {
    const reason = `what ${nameOf(choice)} sent does not come back to it as another's`;
    return lost(block(state, 'address', { location: node.name, resource: node.id, reason }));
  }
  const sourcePorts = preserve ? [before.sourcePort] : portsFrom(context.index, state);
  const isAlikeForward = !context.index.seesSourcePorts;
  const ports = isKnown(choice.port) ? [choice.port] : guessPorts(context, state, receiver ? [receiver] : []);
  const isFixed = receiver?.host.interface?.addresses.some((one) => isKnown(one) && one.family === family) === true;
  const isGiven = isFixed || choice.registered !== undefined;
  const ranged = isGiven || !receiver ? state : needRange(context, state, receiver.host);
  const placed = preserve || isOwn ? ranged : needRange(context, ranged, node);
  const named = isUnknown(choice.port)
    ? recordUnknown(placed, node.id, choice.port.reason, choice.port.parameters)
    : placed;
  const packets = destinations.flatMap((destination) =>
    sources.flatMap((source) => ports.map((destinationPort) => ({ ...before, source, destination, destinationPort }))),
  );
  if (packets.length === 0 && receiver && choice.family !== undefined) {
    const reason = `${nameOf(choice)} has no IPv${choice.family} address, at which its target group calls it, or ${node.name} none`;
    return lost(block(state, 'load-balancer', { location: node.name, resource: node.id, reason }));
  }
  if (packets.length === 0) {
    const reason = `the addresses of ${nameOf(choice)} or of ${node.name} are not known`;
    const open = doubt(context, state, 'address', { location: node.name, resource: node.id, reason });
    return receiver ? lost(open) : anywhere(context, open, reason);
  }
  // A registered address that the node itself has, or its client, is nobody else's.
  const isSame = ({ source, destination }: Packet) => formatAddress(source) === formatAddress(destination);
  const others = choice.registered ? packets.filter((one) => !isSame(one)) : packets;
  if (others.length === 0) {
    const reason = `${nameOf(choice)} has the very address that it would be sent from`;
    return lost(block(state, 'address', { location: node.name, resource: node.id, reason }));
  }
  const options = lazily(others, (packet): Fork => {
    const fromPort = (sourcePort: number) =>
      fromNode(named, node, choice, { ...packet, sourcePort }, preserve, endpoint);
    return { quantifier: 'every', options: lazily(sourcePorts, fromPort), isAlikeForward };
  });
  return { quantifier: 'every', options };
}

/** Where the balancer sends: to the address that is registered, or to whichever its target has. */
function destinationsOf({ index }: Context, choice: Choice, family: 4 | 6): readonly Address[] {
  const { receiver, registered, family: only = family } = choice;
  if (registered) return registered.family === family ? [firstAddress(registered)] : [];
  return receiver && only === family ? targetAddresses(index, receiver.host, family) : [];
}

function nameOf({ receiver, registered }: Choice): string {
  return receiver?.host.name ?? (registered ? formatAddress(registered) : 'somebody');
}

function fromNode(
  state: State,
  node: Host,
  choice: Choice,
  packet: Packet,
  preserve: boolean,
  endpoint: Host | undefined,
): Next {
  const how = preserve ? "keeping the client's address" : `from its own address ${formatAddress(packet.source)}`;
  const reason = `sends it to target ${nameOf(choice)} port ${packet.destinationPort}, ${how}`;
  const translated = hop(state, 'translated', { location: node.name, resource: node.id, reason }, packet);
  const session = {
    kind: endpoint ? ('private-link' as const) : ('balancer' as const),
    host: node,
    before: state.packet,
    resume: endpoint ?? node,
    preserved: preserve,
  };
  const next: State = {
    ...translated,
    packet,
    holder: preserve ? state.holder : node,
    referent: node,
    entered: 'own',
    ingressReference: 'yes',
    egressReference: 'yes',
    expected: choice.receiver,
    sessions: [...state.sessions, session],
  };
  return { place: { kind: 'route', subnet: node.subnet }, state: sendThroughGroups(next, node) };
}
