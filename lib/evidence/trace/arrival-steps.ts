/**
 * Arriving: at an interface, which ends the journey, passes the packet on, or turns a reply back into what the initiator
 * expects; and at an exit, beyond which the templates show nothing.
 */
import { formatAddress, ICMP, ICMPV6, TCP, UDP } from '../../base/net';
import type { End, Packet, ResourceId, Subnet, VpcEndpoint } from '../network';
import { balance, checkListeners } from './balancer-steps';
import { receiveThroughGroups, settleEgress } from './groups-step';
import { isOnInternet } from './internet-addresses';
import { acrossInternet } from './internet-steps';
import { inSubnet } from './network-index';
import { privateLink } from './private-link-steps';
import {
  block,
  type Context,
  doubt,
  type Exit,
  end,
  type Fork,
  go,
  type Host,
  hop,
  type Next,
  type Place,
  type Receiver,
  requireCertain,
  type Session,
  type State,
} from './state';
import { lost, passAcl } from './subnet-steps';
import { translatedSomewhere } from './translator-steps';

export function arrive(context: Context, state: State, subnet: Subnet): Fork {
  const { expected } = state;
  if (!expected || expected.host.subnet.id !== subnet.id) {
    const location = `subnet ${subnet.id}`;
    const reason = `${formatAddress(state.packet.destination)} in ${location} is nobody that this flow is for`;
    return lost(block(state, 'address', { location, resource: subnet.id, reason }));
  }
  const { host, role } = expected;
  if (role === 'session') return resume(state);
  let next = host.interface ? requireCertain(context, state, host.interface, 'address', host.name) : state;
  next = receiveThroughGroups(context, next, host, state.ingressReference);
  next = settleEgress(context, next, host);
  if (role === 'balancer') return atBalancer(context, next, host);
  if (role === 'endpoint') return atEndpoint(context, next, host);
  const balancer = context.index.balancerOfInterface.get(host.id);
  if (balancer && state.direction === 'forward') next = checkListeners(context, next, balancer);
  return go({ kind: 'exit', exit: { kind: 'host', host } }, next);
}

function atBalancer(context: Context, state: State, host: Host): Fork {
  const balancer = context.index.balancerOfInterface.get(host.id);
  if (!balancer)
    return lost(
      block(state, 'load-balancer', { location: host.name, resource: host.id, reason: 'it passes nothing on' }),
    );
  return balance(context, state, host, balancer.id, undefined);
}

function atEndpoint(context: Context, state: State, host: Host): Fork {
  const endpoint = context.index.endpointOfInterface.get(host.id);
  if (!endpoint)
    return lost(block(state, 'gateway', { location: host.name, resource: host.id, reason: 'it passes nothing on' }));
  const location = `interface endpoint ${endpoint.id}`;
  const next = requireCertain(context, state, endpoint, 'gateway', location);
  const { service } = endpoint;
  const entry = { kind: 'send', host } as const;
  switch (service.kind) {
    case 'aws': {
      const { vpc } = endpoint;
      return go(
        { kind: 'exit', exit: { kind: 'aws-service', name: service.name, endpoint: endpoint.id, host, vpc } },
        next,
      );
    }
    case 'private':
      return privateLink(context, next, host, service.id);
    case 'lattice': {
      const reason = `leads to what VPC Lattice carries from ${service.id} and nowhere else`;
      return lost(block(next, 'gateway', { location, resource: endpoint.id, reason }));
    }
    case 'external':
      return go({ kind: 'exit', exit: { kind: 'external', ids: [endpoint.id, service.name], entry } }, next);
    case 'unknown': {
      const note = { location, resource: endpoint.id, reason: service.reason };
      return throughUnknown(context, doubt(context, next, 'gateway', note, service.parameters), endpoint, host);
    }
  }
}

/** To a service that nobody knows: someone else's, one of AWS, or any that a template shows. */
function throughUnknown(context: Context, state: State, { id, vpc }: VpcEndpoint, host: Host): Fork {
  const { to, index, mode } = context;
  if (mode === 'must') return lost(state);
  const entry = { kind: 'send', host } as const;
  const own =
    to.kind === 'aws-service' ? [{ kind: 'aws-service', name: to.name, endpoint: id, host, vpc } as const] : [];
  const exits: readonly Exit[] = [{ kind: 'external', ids: [id], entry }, ...own];
  const shown = [...index.endpointServices.keys()].map((service) => privateLink(context, state, host, service));
  return {
    quantifier: 'some',
    options: [...exits.map((exit): Next => ({ place: { kind: 'exit', exit }, state })), ...shown],
  };
}

/** A reply has come back to whatever translated the packet; it undoes that and sends the reply on. */
export function resume(state: State): Fork {
  const session = state.sessions.at(-1);
  if (!session) return end(state);
  const { before, resume: host } = session;
  const packet = replyTo(before, state.packet);
  const location = session.host.name;
  const reason = `turns the reply back: from ${formatAddress(packet.source)} to ${formatAddress(packet.destination)}`;
  const translated = hop(state, 'translated', { location, resource: session.host.id, reason }, packet);
  const sessions = state.sessions.slice(0, -1);
  const expected = receiverOfReply(sessions, state.initiator);
  // The client of a balancer may be another one, that kept the address of its own.
  const isBetween = session.kind !== 'nat' && sessions.at(-1)?.preserved === true;
  const place: Place = isBetween ? { kind: 'send', host } : { kind: 'route', subnet: host.subnet };
  return go(place, { ...translated, packet, sessions, holder: host, entered: 'own', expected });
}

/** What the other side answers; undefined where nothing is answered (icmp other than echo). */
export function replyPacket(packet: Packet): Packet | undefined {
  const addresses = { protocol: packet.protocol, source: packet.destination, destination: packet.source };
  if (packet.protocol === ICMP || packet.protocol === ICMPV6) {
    const [request, response] = packet.protocol === ICMP ? [8, 0] : [128, 129];
    return packet.destinationPort === request ? { ...addresses, destinationPort: response, sourcePort: 0 } : undefined;
  }
  const hasPorts = packet.protocol === TCP || packet.protocol === UDP;
  if (!hasPorts) return { ...addresses, sourcePort: packet.sourcePort, destinationPort: packet.destinationPort };
  return { ...addresses, sourcePort: packet.destinationPort, destinationPort: packet.sourcePort };
}

/** The reply to what the translator was given. ICMP keeps its own type and code. */
function replyTo(before: Packet, reply: Packet): Packet {
  const hasPorts = before.protocol === TCP || before.protocol === UDP;
  const isPing = before.protocol === ICMPV6 && reply.protocol === ICMP;
  return {
    protocol: before.protocol,
    source: before.destination,
    destination: before.source,
    sourcePort: hasPorts ? before.destinationPort : reply.sourcePort,
    destinationPort: hasPorts ? before.sourcePort : isPing ? 129 : reply.destinationPort,
  };
}

/** Who a reply is for: the last translator that the packet passed, else the initiator. */
export function receiverOfReply(sessions: readonly Session[], initiator: Host | undefined): Receiver | undefined {
  const last = sessions.at(-1);
  if (last) return { host: last.host, role: 'session' };
  return initiator ? { host: initiator, role: 'end' } : undefined;
}

/**
 * The target of a balancer that kept the client's address: its reply finds the balancer without asking a route table,
 * whatever the address; the network ACLs of both subnets apply.
 */
export function replyToBalancer(context: Context, state: State, host: Host, session: Session): Fork {
  const node = session.host.subnet;
  let next = hop(state, 'sent', {
    location: host.name,
    resource: host.id,
    reason: 'the reply goes back through the load balancer',
  });
  if (node.id !== host.subnet.id)
    next = passAcl(context, passAcl(context, next, host.subnet, 'egress'), node, 'ingress');
  return resume(next);
}

// ------------------------------------------------------------------------------------------------------------- exits

/** Whether the place where the packet left is where the flow should end. */
export function leave(context: Context, state: State, exit: Exit): Fork {
  if (exit.kind === 'anywhere') {
    // Where it goes is not known, so neither is whether a rule can see the group of the one it is meant for.
    const blind: State = { ...state, egressReference: 'maybe', ingressReference: 'maybe' };
    const there = leaveAnywhere(context, settleEgress(context, blind, state.expected?.host), exit);
    const around = translatedSomewhere(context, state, exit.from);
    return around.length > 0 ? { quantifier: 'some', options: [there, ...around] } : there;
  }
  const settled = settleEgress(context, state, exit.kind === 'host' ? exit.host : undefined);
  const isService = context.to.kind === 'aws-service';
  if (
    exit.kind === 'internet' &&
    state.direction === 'forward' &&
    !isService &&
    !isOnInternet(state.packet.destination)
  ) {
    const reason = `nothing on the internet has the address ${formatAddress(state.packet.destination)}`;
    return lost(block(settled, 'address', { location: nameOf(exit), resource: resourceOf(exit), reason }));
  }
  if (isExit(exit, context.to)) return end(delivered(doubtStranger(context, settled, exit), exit), exit);
  const overInternet = exit.kind === 'internet' ? acrossInternet(context, settled, exit) : undefined;
  if (overInternet) return overInternet;
  const reason = `${nameOf(exit)} is where it leaves, and not where it should go`;
  return lost(block(settled, 'route', { location: nameOf(exit), resource: resourceOf(exit), reason }));
}

function isExit(exit: Exit, to: End): boolean {
  switch (exit.kind) {
    case 'host':
      return true;
    case 'internet':
      return to.kind === 'internet' || (to.kind === 'aws-service' && to.endpoint === undefined);
    case 'aws-service': {
      const isService = to.kind === 'aws-service' && to.name === exit.name;
      return isService && (to.endpoint === undefined || to.endpoint === exit.endpoint);
    }
    case 'site':
      return to.kind === 'site' && exit.ids.includes(to.id);
    case 'external':
      return to.kind === 'external' && exit.ids.includes(to.id);
    case 'anywhere':
      return false;
  }
}

/** What no template shows may take the packet and answer it, or not. */
function doubtStranger(context: Context, state: State, exit: Exit): State {
  if (exit.kind !== 'external') return state;
  const note = { location: nameOf(exit), resource: resourceOf(exit), reason: `no template shows ${nameOf(exit)}` };
  return doubt(context, state, 'route', note);
}

function delivered(state: State, exit: Exit): State {
  return hop(state, 'delivered', {
    location: nameOf(exit),
    resource: resourceOf(exit),
    reason: `reaches ${nameOf(exit)}`,
  });
}

function nameOf(exit: Exit): string {
  switch (exit.kind) {
    case 'host':
      return exit.host.name;
    case 'internet':
      return 'the internet';
    case 'aws-service':
      return `AWS service ${exit.name}`;
    case 'site':
      return `the site behind ${exit.ids[0] ?? 'a gateway'}`;
    case 'external':
      return `what is behind ${exit.ids[0] ?? 'a gateway'}`;
    case 'anywhere':
      return 'somewhere unknown';
  }
}

function resourceOf(exit: Exit): ResourceId {
  switch (exit.kind) {
    case 'host':
      return exit.host.id;
    case 'internet':
      return exit.gateway;
    case 'aws-service':
      return exit.endpoint;
    case 'anywhere':
      return 'unknown';
    default:
      return exit.ids[0] ?? 'unknown';
  }
}

/** *May*: from an unknown place everything can be reached that the packet is addressed to; its own filters still apply. */
function leaveAnywhere(context: Context, state: State, exit: Exit): Fork {
  const host = state.expected?.host;
  if (context.mode === 'must') return lost(state);
  if (!host) return end(delivered(state, exit), exit);
  const last = state.sessions.at(-1);
  if (state.expected?.publicly || (state.direction === 'reply' && last?.kind === 'internet')) {
    const around = exit.kind === 'anywhere' ? acrossInternet(context, state, exit) : undefined;
    const reason = `the internet does not reach ${host.name}`;
    return around ?? lost(block(state, 'public-address', { location: nameOf(exit), resource: host.id, reason }));
  }
  const come: State = { ...state, entered: 'edge' };
  const inside = go({ kind: 'deliver', vpc: host.subnet.vpc }, come);
  // If it was a transit gateway after all: what comes out in the receiver's own subnet meets no ACL of it.
  const isUnseen = exit.kind === 'anywhere' && isDoor(context, host.subnet);
  const within =
    isUnseen && inSubnet(host.subnet, state.packet.destination) !== 'no'
      ? [go({ kind: 'arrive', subnet: host.subnet }, come)]
      : [];
  const around = exit.kind === 'anywhere' && isGlobal(state) ? acrossInternet(context, state, exit) : undefined;
  return { quantifier: 'some', options: [inside, ...within, ...(around ? [around] : [])] };
}

/** Whether a transit gateway lets packets out in a subnet. */
function isDoor(context: Context, subnet: Subnet): boolean {
  return context.index.model.transitGatewayAttachments.some(
    ({ attached }) => attached.kind === 'vpc' && attached.subnets.includes(subnet.id),
  );
}

function isGlobal({ packet: { destination } }: State): boolean {
  return destination.family === 6 && isOnInternet(destination);
}
