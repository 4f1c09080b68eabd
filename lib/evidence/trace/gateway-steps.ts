/**
 * Following a route to its target: internet, egress-only and VPN gateways, peering, gateway endpoints (SEMANTICS 17–20,
 * 22, 27–29), and coming in from them.
 *
 * Convention. Templates cannot know public IPv4 addresses, so a packet between the internet and an interface carries the
 * interface's private IPv4 address all the way; the internet gateway's translation is a hop of its own, and needs the
 * interface to have a public address. IPv6 is not translated: the interface's own address is on the wire.
 */
import { type Address, ICMP, ICMPV6, prefixContainsAddress, TCP } from '../../base/net';
import {
  type EgressOnlyGateway,
  type InternetGateway,
  isKnown,
  isUnknown,
  type PeeringConnection,
  type ResourceId,
  type RouteTable,
  type RouteTarget,
  type Subnet,
} from '../network';
import { attachedTo, inVpc } from './network-index';
import { lookUpRoute } from './route-lookup';
import {
  block,
  type Context,
  decide,
  doubt,
  type Fork,
  go,
  type Host,
  hop,
  type Next,
  type Note,
  recordUnknown,
  requireCertain,
  type State,
} from './state';
import { anywhere, lost, unseen } from './subnet-steps';
import type { Ternary } from './ternary';
import { needFamily } from './tunnels';

export interface Following {
  readonly target: RouteTarget;
  readonly rule: string;
  readonly vpc: ResourceId;
  readonly subnet?: Subnet;
}

/** Unique local IPv6 addresses are not routed on the internet. */
function isGlobal(address: Address): boolean {
  return address.family === 4 || (address.words[0] ?? 0) >>> 25 !== 0x7e;
}

function hasPublicAddress(host: Host | undefined, vpc: ResourceId): Ternary {
  if (!host || host.subnet.vpc !== vpc) return 'no';
  if (isUnknown(host.publicIpv4)) return 'maybe';
  return host.publicIpv4 ? 'yes' : 'no';
}

/** Whether a gateway brings a packet, or takes it. */
type Way = 'in' | 'out';

/** SEMANTICS 19: the gateway translates between a public IPv4 address and the interface that has it, both ways. */
export function translate(
  context: Context,
  state: State,
  host: Host | undefined,
  { vpc, gateway, way }: { readonly vpc: ResourceId; readonly gateway: ResourceId; readonly way: Way },
): State {
  const location = `internet gateway ${gateway}`;
  const name = host && host.subnet.vpc === vpc ? host.name : 'an address of no interface of this VPC';
  const resource = host?.id ?? gateway;
  if (state.packet.source.family === 6) {
    const isOwn = host?.subnet.vpc === vpc && isGlobal(state.packet.source) && isGlobal(state.packet.destination);
    if (isOwn) {
      const passed = hop(state, 'forwarded', {
        location,
        resource: gateway,
        reason: 'IPv6 passes without translation',
      });
      return needUnrefused(context, passed, host, way, location);
    }
    return block(state, 'public-address', {
      location,
      resource,
      reason: `${name} has no global IPv6 address of this VPC`,
    });
  }
  const answer = hasPublicAddress(host, vpc);
  if (answer === 'yes') {
    const reason = `the private address of ${name} stands for its public one, which no template can know`;
    return hop(state, 'translated', { location, resource: gateway, reason });
  }
  const open = host && isUnknown(host.publicIpv4) ? host.publicIpv4 : undefined;
  return decide(context, state, answer, 'public-address', {
    denied: {
      location,
      resource,
      reason: `${name} has no public IPv4 address, so the internet gateway drops the packet`,
    },
    open: { location, resource, reason: open?.reason ?? `whether ${name} has a public IPv4 address is not known` },
    parameters: open?.parameters ?? [],
  });
}

/**
 * What an interface refuses of internet gateways, whatever its address: what they bring. Of what it sends by them nothing is
 * documented (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html, denyAllIgwTraffic).
 */
function needUnrefused(context: Context, state: State, host: Host | undefined, way: Way, location: string): State {
  const gives = host?.interface?.publicIpv6;
  if (!host || gives === undefined || gives === true) return state;
  const note = { location, resource: host.id };
  const open = isUnknown(gives) ? gives : undefined;
  return decide(context, state, open || way === 'out' ? 'maybe' : 'no', 'public-address', {
    denied: { ...note, reason: `${host.name} refuses what comes by internet gateways` },
    open: { ...note, reason: open?.reason ?? `whether ${host.name} sends by internet gateways is not documented` },
    parameters: open?.parameters ?? [],
  });
}

function needAttached(
  context: Context,
  state: State,
  answer: Ternary,
  location: string,
  resource: ResourceId,
  vpc: ResourceId,
): State {
  return decide(context, state, answer, 'gateway', {
    denied: { location, resource, reason: `${location} is not attached to VPC ${vpc}` },
    open: { location, resource, reason: `whether ${location} is attached to VPC ${vpc} is not known` },
  });
}

/** Block Public Access stops everything, or all but what a NAT gateway sends and is answered, but for subnets that are excluded. */
function needOpen(
  context: Context,
  state: State,
  { id, shut }: InternetGateway | EgressOnlyGateway,
  location: string,
  way: Way,
): State {
  const isForNat = state.sessions.at(-1)?.kind === 'nat';
  if (!shut || (shut.to === 'all-but-nat' && isForNat)) return state;
  const own = way === 'out' ? state.packet.source : state.packet.destination;
  if (shut.except?.some((range) => prefixContainsAddress(range, own))) {
    const reason = 'whether what a NAT gateway of an excluded subnet sends for others is carried is not documented';
    return isForNat ? doubt(context, state, 'gateway', { location, resource: shut.by, reason }) : state;
  }
  return block(state, 'gateway', { location, resource: id, reason: `${shut.by} blocks public access by ${location}` });
}

export function followInternetGateway(context: Context, state: State, id: ResourceId, vpc: ResourceId): Fork {
  const location = `internet gateway ${id}`;
  const gateway = context.index.internetGateways.get(id);
  if (!gateway) return unseen(context, state, 'gateway', location, id);
  let next = requireCertain(context, state, gateway, 'gateway', location);
  next = needAttached(context, next, attachedTo(gateway, vpc), location, id, vpc);
  next = needOpen(context, next, gateway, location, 'out');
  next = translate(context, next, state.holder, { vpc, gateway: id, way: 'out' });
  return go({ kind: 'exit', exit: { kind: 'internet', gateway: id, vpc } }, next);
}

export function followEgressOnlyGateway(context: Context, state: State, id: ResourceId, vpc: ResourceId): Fork {
  const location = `egress-only internet gateway ${id}`;
  const note: Note = { location, resource: id, reason: 'IPv6 passes outward; only replies come back' };
  const gateway = context.index.egressOnlyGateways.get(id);
  if (!gateway) return unseen(context, state, 'gateway', location, id);
  let next = requireCertain(context, state, gateway, 'gateway', location);
  if (gateway.vpc !== vpc)
    next = block(next, 'gateway', { ...note, reason: `${location} is not attached to VPC ${vpc}` });
  next = needOpen(context, next, gateway, location, 'out');
  if (state.packet.source.family === 4) {
    next = block(next, 'gateway', { ...note, reason: 'an egress-only internet gateway carries IPv6 only' });
  } else if (state.direction === 'reply') {
    // It is stateful: what it has not seen begin inside is no conversation that it carries.
    next = block(next, 'gateway', { ...note, reason: `${location} carries only conversations that begin inside` });
  } else if (state.holder?.subnet.vpc !== vpc || !isGlobal(state.packet.source)) {
    next = block(next, 'public-address', { ...note, reason: 'the source is not a global IPv6 address of this VPC' });
  } else next = hop(next, 'forwarded', note);
  return go({ kind: 'exit', exit: { kind: 'internet', gateway: id, vpc } }, next);
}

/**
 * No edge-to-edge routing (SEMANTICS 18): what came into the VPC through a transit gateway is not carried on by a peering
 * connection, a VPN gateway or a gateway endpoint of it. An appliance in between sends in its own name, or not: that is
 * not known.
 */
function refuseTransit(context: Context, state: State, note: Note): State {
  if (state.entered === 'own') return state;
  if (state.entered === 'middlebox') {
    return doubt(context, state, 'gateway', {
      ...note,
      reason: `what an appliance forwards may not be accepted by ${note.location}`,
    });
  }
  return block(state, 'gateway', {
    ...note,
    reason: `${note.location} does not carry traffic that entered the VPC from elsewhere`,
  });
}

export function followPeering(context: Context, state: State, id: ResourceId, vpc: ResourceId): Fork {
  const location = `peering connection ${id}`;
  const peering = context.index.peeringConnections.get(id);
  if (!peering) return unseen(context, state, 'peering', location, id);
  let next = requireCertain(context, state, peering, 'peering', location);
  next = refuseTransit(context, next, { location, resource: id, reason: '' });
  const other = otherSide(peering, vpc);
  if (other === undefined) {
    return lost(
      block(next, 'peering', { location, resource: id, reason: `${location} does not belong to VPC ${vpc}` }),
    );
  }
  if (isExternalVpc(context, other)) {
    return go({ kind: 'exit', exit: { kind: 'external', ids: [id, other], entry: { kind: 'deliver', vpc } } }, next);
  }
  if (inVpc(context.index, other, state.packet.destination) === 'no') {
    const reason = `the destination is no address of the peer VPC ${other}, and peering goes no further`;
    return lost(block(next, 'peering', { location, resource: id, reason }));
  }
  next = hop(next, 'forwarded', { location, resource: id, reason: `carries it into VPC ${other}` });
  return go({ kind: 'deliver', vpc: other }, { ...next, entered: 'edge' });
}

function otherSide(peering: PeeringConnection, vpc: ResourceId): ResourceId | undefined {
  if (peering.requester === vpc) return peering.accepter;
  return peering.accepter === vpc ? peering.requester : undefined;
}

/** A VPC that no template shows and that holds none of the subnets shown. */
function isExternalVpc(context: Context, id: ResourceId): boolean {
  const vpc = context.index.vpcs.get(id);
  const isShown = (context.index.subnetsOfVpc.get(id) ?? []).length > 0;
  return (!vpc || vpc.external === true) && !isShown;
}

/** A static connection carries only its routes; what BGP announces is not known. */
export function followVpnGateway(context: Context, state: State, id: ResourceId, vpc: ResourceId): Fork {
  const location = `VPN gateway ${id}`;
  const gateway = context.index.vpnGateways.get(id);
  if (!gateway) return unseen(context, state, 'vpn', location, id);
  let next = requireCertain(context, state, gateway, 'vpn', location);
  next = needAttached(context, next, attachedTo(gateway, vpc), location, id, vpc);
  next = refuseTransit(context, next, { location, resource: id, reason: '' });
  const connections = context.index.connectionsOfGateway.get(id) ?? [];
  const entry = { kind: 'enter', vpc, gateway: id, name: location } as const;
  const options = connections.map((connection): Next => {
    const isStatic = connection.routing === 'static';
    const ranges = connection.routes.filter(isKnown);
    const isOpen = ranges.length < connection.routes.length || !isStatic;
    const matches = ranges.some((range) => prefixContainsAddress(range, state.packet.destination))
      ? 'yes'
      : isOpen
        ? 'maybe'
        : 'no';
    const note = { location, resource: connection.id };
    const certain = requireCertain(context, next, connection, 'vpn', `VPN connection ${connection.id}`);
    const inside = needFamily(context, certain, connection);
    const carried = decide(context, inside, matches, 'vpn', {
      allowed: { ...note, reason: `VPN connection ${connection.id} carries it to the site` },
      denied: { ...note, reason: `no static route of VPN connection ${connection.id} holds the destination` },
      open: { ...note, reason: `what the site behind VPN connection ${connection.id} announces is not known` },
    });
    return { place: { kind: 'exit', exit: { kind: 'site', ids: [connection.id, id], entry } }, state: carried };
  });
  if (options.length > 0) return { quantifier: 'some', options };
  const reason = `no template shows what is behind ${location}`;
  return go(
    { kind: 'exit', exit: { kind: 'site', ids: [id], entry } },
    doubt(context, next, 'vpn', { location, resource: id, reason }),
  );
}

/** SEMANTICS 29: a gateway endpoint serves its own VPC only. */
export function followGatewayEndpoint(context: Context, state: State, id: ResourceId, vpc: ResourceId): Fork {
  const location = `gateway endpoint ${id}`;
  const endpoint = context.index.vpcEndpoints.get(id);
  if (!endpoint) return unseen(context, state, 'gateway', location, id);
  let next = requireCertain(context, state, endpoint, 'gateway', location);
  next = refuseTransit(context, next, { location, resource: id, reason: '' });
  if (endpoint.vpc !== vpc || state.holder?.subnet.vpc !== vpc) {
    next = block(next, 'gateway', {
      location,
      resource: id,
      reason: `${location} serves only hosts of VPC ${endpoint.vpc}`,
    });
  }
  if (!takes(state)) {
    const reason = `${location} takes tcp and echo requests only`;
    next = block(next, 'gateway', { location, resource: id, reason });
  }
  next = hop(next, 'forwarded', { location, resource: id, reason: 'hands it to the service' });
  const name = endpoint.service.kind === 'aws' ? endpoint.service.name : undefined;
  if (name === undefined) {
    const reason = `the service of ${location} is not known`;
    const open = doubt(context, next, 'gateway', { location, resource: id, reason });
    // Whichever it is, it is one of AWS.
    const asked = context.to.kind === 'aws-service' ? context.to.name : 'that is not known';
    return go({ kind: 'exit', exit: { kind: 'aws-service', name: asked, endpoint: id, vpc } }, open);
  }
  return go({ kind: 'exit', exit: { kind: 'aws-service', name, endpoint: id, vpc } }, next);
}

/**
 * VPCE_GATEWAY_PROTOCOL_RESTRICTION of
 * https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html; an answer is to what it took.
 */
function takes({ packet: { protocol, destinationPort }, direction }: State): boolean {
  if (protocol === TCP || direction === 'reply') return true;
  return (protocol === ICMP && destinationPort === 8) || (protocol === ICMPV6 && destinationPort === 128);
}

export function followUnknown(context: Context, state: State, following: Following): Fork {
  const { target, rule, vpc, subnet } = following;
  const reason = target.kind === 'unknown' ? target.reason : rule;
  const parameters = target.kind === 'unknown' ? target.parameters : [];
  const resource = subnet?.id ?? vpc;
  const location = subnet ? `subnet ${subnet.id}` : `VPC ${vpc}`;
  const note = { location, resource, reason: `where the route leads is not known: ${reason}`, rule };
  const next = doubt(context, state, 'route', note, parameters);
  return anywhere(context, next, reason, { vpc, ...(subnet ? { subnet } : {}) });
}

/**
 * VPN CloudHub: a VPN gateway passes on between its own connections what their sites announce by BGP, whether or not
 * anybody meant it to (Site-to-Site VPN guide).
 */
function acrossVpnGateway(context: Context, state: State, vpc: ResourceId, gateway: ResourceId): Fork | undefined {
  if (context.to.kind !== 'site' || !context.index.vpnGateways.has(gateway)) return undefined;
  if (inVpc(context.index, vpc, state.packet.destination) === 'yes') return undefined;
  const name = `VPN gateway ${gateway}`;
  const announcing = (context.index.connectionsOfGateway.get(gateway) ?? []).filter(
    ({ routing }) => routing !== 'static',
  );
  const { id } = context.to;
  const target = announcing.find((connection) => connection.id === id);
  if (!target || announcing.length < 2) return undefined;
  const reason = `${name} connects the sites that announce themselves to it; whether ${id} announces this address is not known`;
  const open = doubt(context, state, 'vpn', { location: name, resource: gateway, reason });
  const exit = { kind: 'site', ids: [id], entry: { kind: 'enter', vpc, gateway, name } } as const;
  return go({ kind: 'exit', exit }, open);
}

/** Coming in through a gateway: translated if it is an internet gateway, then routed by its edge table if it has one. */
export function enter(context: Context, state: State, vpc: ResourceId, gateway: ResourceId, name: string): Fork {
  const internet = context.index.internetGateways.get(gateway);
  const noun = internet ?? context.index.vpnGateways.get(gateway);
  let next: State = { ...state, entered: 'edge' };
  if (noun) {
    next = requireCertain(context, next, noun, 'gateway', name);
    next = needAttached(context, next, attachedTo(noun, vpc), name, gateway, vpc);
  }
  const outward = internet ?? context.index.egressOnlyGateways.get(gateway);
  if (outward) next = needOpen(context, next, outward, name, 'in');
  if (internet && state.direction === 'forward') {
    next = translate(context, next, state.expected?.host, { vpc, gateway, way: 'in' });
  } else {
    const what = state.direction === 'reply' ? 'brings back the reply' : 'lets it in';
    next = hop(next, 'forwarded', { location: name, resource: gateway, reason: `${what} into VPC ${vpc}` });
  }
  const across = acrossVpnGateway(context, next, vpc, gateway);
  if (across) return across;
  const tables = context.index.edgeTables.get(gateway) ?? [];
  const options = tables.flatMap((table) => byEdgeTable(context, next, table, vpc, name));
  if (tables.some(({ edgeOpen }) => !edgeOpen)) return { quantifier: 'every', options };
  const around = tables.reduce(
    (one, { id, edgeOpen }) => (edgeOpen ? recordUnknown(one, id, edgeOpen.reason, edgeOpen.parameters) : one),
    next,
  );
  return { quantifier: 'every', options: [{ place: { kind: 'deliver', vpc }, state: around }, ...options] };
}

/** The ways that an edge table leads, if it is one. */
function byEdgeTable(
  context: Context,
  state: State,
  table: RouteTable,
  vpc: ResourceId,
  name: string,
): readonly (Fork | Next)[] {
  const { edgeOpen } = table;
  const next = edgeOpen ? recordUnknown(state, table.id, edgeOpen.reason, edgeOpen.parameters) : state;
  const lookup = lookUpRoute(context.index, table, next.packet.destination);
  const location = `edge of ${name}`;
  const options = lookup.candidates.map(({ target, rule, resource, open }): Next => {
    const named = open ? recordUnknown(next, resource, open.reason, open.parameters) : next;
    const routed = hop(named, 'routed', {
      location,
      resource: table.id,
      reason: `edge route table ${table.id} decides`,
      rule,
    });
    return { place: { kind: 'follow', target, rule, vpc }, state: routed };
  });
  if (!lookup.falls) return options;
  const reason = `edge route table ${table.id} has no route`;
  return [...options, lost(block(next, 'route', { location, resource: table.id, reason }))];
}
