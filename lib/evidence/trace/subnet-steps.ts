/**
 * Inside a VPC: sending, leaving a subnet, being delivered, arriving (SEMANTICS 9–14, 17).
 */
import { type Address, formatAddress } from '../../base/net';
import {
  type BlockerKind,
  type End,
  isKnown,
  isUnknown,
  mayNotExist,
  type ResourceId,
  type RouteTarget,
  type Subnet,
} from '../network';
import { judgeAcl } from './filters';
import { sendThroughGroups } from './groups-step';
import { hasAddress, hostsOf } from './hosts';
import { isOnInternet } from './internet-addresses';
import { inSubnet, inVpc } from './network-index';
import { formatTarget, lookUpRoute, NO_SERVICE } from './route-lookup';
import {
  block,
  type Context,
  type Departed,
  decide,
  doubt,
  end,
  type Fork,
  go,
  type Host,
  hop,
  type Next,
  recordUnknown,
  requireCertain,
  type State,
} from './state';
import { both, containsAny, eitherOf, matchesTraffic, type Ternary } from './ternary';

export function send(context: Context, state: State, host: Host): Fork {
  const location = host.name;
  const noun = host.interface ?? host.subnet;
  let next = requireCertain(context, state, noun, 'address', location);
  next = hop(next, 'sent', { location, resource: host.id, reason: `sends from ${formatAddress(state.packet.source)}` });
  next = state.direction === 'forward' ? askAdmission(context, checkSource(context, next, host), host) : next;
  const initiator = state.direction === 'forward' ? answeredAt(context, host, state.packet.source) : state.initiator;
  const sender = { ...next, referent: host, initiator };
  return go({ kind: 'route', subnet: host.subnet }, sendThroughGroups(sender, host));
}

/** Where its answers come: one that sends for others has the address, perhaps, in another subnet. */
function answeredAt({ index }: Context, host: Host, source: Address): Host {
  if (!host.interface || hasAddress(index, host, source) !== 'no') return host;
  const all = hostsOf(index, { kind: 'interface', id: host.id });
  return all.find((other) => hasAddress(index, other, source) !== 'no') ?? host;
}

/** A way in lets its clients send what it is told to let pass, and nothing else (SEMANTICS 36). */
function askAdmission(context: Context, state: State, host: Host): State {
  const admits = host.interface?.admits;
  if (admits === undefined) return state;
  const { packet } = state;
  const answers = admits.map((one): Ternary => {
    const covers = both(matchesTraffic(one.traffic, packet), containsAny([one.destination], packet.destination));
    return covers === 'yes' && !one.certain ? 'maybe' : covers;
  });
  const answer = eitherOf(answers);
  const note = { location: host.name, resource: host.id };
  const open = admits.find((_, at) => answers[at] === 'maybe');
  const doubtOf = open && (isUnknown(open.destination) ? open.destination : mayNotExist('the rule', open.origin));
  return decide(context, state, answer, host.interface?.kind === 'client-vpn' ? 'vpn' : 'gateway', {
    allowed: { ...note, reason: `${host.name} admits its clients to it` },
    denied: { ...note, reason: `${host.name} admits nobody to ${formatAddress(packet.destination)} by this` },
    open: {
      ...note,
      resource: open?.origin.resource ?? host.id,
      reason: doubtOf?.reason ?? 'whom it admits is not known',
    },
    parameters: doubtOf?.parameters ?? [],
  });
}

/** SEMANTICS 9: only from its own addresses, unless the check is off. */
function checkSource(context: Context, state: State, host: Host): State {
  const own = hasAddress(context.index, host, state.packet.source);
  if (own === 'yes') return { ...state, holder: host };
  const check = host.interface?.sourceDestCheck ?? true;
  const source = formatAddress(state.packet.source);
  const note = { location: host.name, resource: host.id };
  // A gateway carries what it sends under the address of a neighbour as if it were its own, and no other.
  const free: State = { ...state, holder: isOfVpc(context, host, state.packet.source) ? host : undefined };
  if (check === false) return hop(free, 'allowed', { ...note, reason: 'its source/destination check is off' });
  if (own === 'maybe') {
    const reason = `whether ${host.name} has the address ${source} is not known`;
    return { ...doubt(context, state, 'address', { ...note, reason }), holder: host };
  }
  if (isUnknown(check))
    return doubt(context, free, 'source-destination-check', { ...note, reason: check.reason }, check.parameters);
  const reason = `${source} is not an address of ${host.name}, and its source/destination check is on`;
  return { ...block(state, 'source-destination-check', { ...note, reason }), holder: host };
}

/** Whether somebody in the VPC of a host may have an address. */
function isOfVpc({ index }: Context, { subnet: { vpc } }: Host, address: Address): boolean {
  const subnets = index.subnetsOfVpc.get(vpc) ?? [];
  return index.vpcs.get(vpc)?.external === true || subnets.some((subnet) => inSubnet(subnet, address) !== 'no');
}

/** The network ACL of a subnet, in one direction. */
export function passAcl(context: Context, state: State, subnet: Subnet, direction: 'ingress' | 'egress'): State {
  const acl = isKnown(subnet.networkAcl) ? context.index.networkAcls.get(subnet.networkAcl) : undefined;
  if (!acl) {
    const value = subnet.networkAcl;
    const reason = isUnknown(value) ? value.reason : `no template shows network ACL ${value}`;
    const location = `subnet ${subnet.id}`;
    return doubt(
      context,
      state,
      'network-acl',
      { location, resource: subnet.id, reason },
      isUnknown(value) ? value.parameters : [],
    );
  }
  const ruling = judgeAcl(acl, direction, state.packet);
  // Of a packet that is stopped already only what else stops it is told.
  if (ruling.passes === 'yes' && state.stopped) return state;
  const location = `subnet ${subnet.id}`;
  const note = { location, resource: acl.id, ...(ruling.rule ? { rule: ruling.rule } : {}) };
  const way = direction === 'ingress' ? 'in' : 'out';
  return decide(context, state, ruling.passes, 'network-acl', {
    allowed: { ...note, reason: `network ACL ${acl.id} lets it ${way}` },
    denied: { ...note, reason: `network ACL ${acl.id} of ${location} does not let it ${way}` },
    open: { ...note, reason: ruling.reason ?? `what network ACL ${acl.id} does is not known` },
    parameters: ruling.parameters ?? [],
  });
}

/** A packet leaves a subnet, unless it is for the subnet itself. */
export function route(context: Context, state: State, subnet: Subnet): Fork {
  const location = `subnet ${subnet.id}`;
  const possibly = inSubnet(subnet, state.packet.destination);
  const here = possibly === 'maybe' && isForInternet(context, state) ? 'no' : possibly;
  let next = requireCertain(context, state, subnet, 'route', location);
  if (here !== 'no' && state.expected?.host.subnet.id === subnet.id) return go({ kind: 'arrive', subnet }, next);
  const destination = formatAddress(state.packet.destination);
  if (here === 'yes') {
    const reason = `${destination} lies in ${location} itself, not where the packet should go`;
    return lost(block(next, 'address', { location, resource: subnet.id, reason }));
  }
  if (here === 'maybe') {
    const reason = `the range of ${location} is not known: ${destination} may lie in it`;
    next = doubt(context, next, 'address', { location, resource: subnet.id, reason });
  }
  return go({ kind: 'look-up', subnet }, passAcl(context, next, subnet, 'egress'));
}

/** Where its route table sends a packet that has left a subnet. */
export function lookUp(context: Context, state: State, subnet: Subnet): Fork {
  const value = subnet.routeTable;
  const table = isKnown(value) ? context.index.routeTables.get(value) : undefined;
  const location = `subnet ${subnet.id}`;
  if (!table) {
    const reason = isUnknown(value) ? value.reason : `no template shows route table ${value}`;
    const target: RouteTarget = { kind: 'unknown', reason, parameters: isUnknown(value) ? value.parameters : [] };
    const open = recordUnknown(state, subnet.id, reason, target.parameters);
    const follow: Next = {
      place: { kind: 'follow', target, rule: 'an unknown route', vpc: subnet.vpc, subnet },
      state: open,
    };
    const local: Next = { place: { kind: 'deliver', vpc: subnet.vpc }, state: open };
    const isLocal = inVpc(context.index, subnet.vpc, state.packet.destination) !== 'no';
    return { quantifier: 'every', options: isLocal ? [local, follow] : [follow] };
  }
  const { destination } = state.packet;
  const isOutside = isForInternet(context, state);
  const lookup = lookUpRoute(context.index, table, destination, serviceOf(context.to), isOutside);
  const options = lookup.candidates.map((candidate): Next => {
    const { rule, resource, target, open } = candidate;
    const reason = `route table ${table.id} sends it to ${formatTarget(target)}`;
    const named = open ? recordUnknown(state, resource, open.reason, open.parameters) : state;
    const routed = hop(named, 'routed', { location, resource: table.id, reason, rule });
    return { place: { kind: 'follow', target, rule, vpc: subnet.vpc, subnet }, state: routed };
  });
  if (!lookup.falls) return { quantifier: 'every', options };
  const reason = `route table ${table.id} has no route for ${formatAddress(state.packet.destination)}`;
  const dropped = lost(block(state, 'route', { location, resource: table.id, reason }));
  return { quantifier: 'every', options: [...options, ...dropped.options] };
}

/** Whether its destination stands for any on the internet: there are always some that lie in no range that is not known. */
function isForInternet({ to }: Context, { expected, packet }: State): boolean {
  return (to.kind === 'internet' || expected?.publicly === true) && isOnInternet(packet.destination);
}

/** The AWS service a packet is for: its address is one of the service's, whichever that is. */
function serviceOf(to: End): string {
  return to.kind === 'aws-service' ? to.name : NO_SERVICE;
}

/**
 * Nothing carries the packet on. What would stop it at its destination is looked at all the same, so that a reader sees
 * everything that has to change.
 */
export function lost(state: State): Fork {
  const host = state.expected?.host;
  if (!host || state.isLost) return end(state);
  return go({ kind: 'deliver', vpc: host.subnet.vpc }, { ...state, isLost: true });
}

/** Among what has seen a packet: any firewall may have, since nobody knows where it was. */
export const ANYWHERE = 'anywhere';

/** It is not known where the packet goes from here: to any end in *may*, to none in *must*. `state` is already in doubt. */
export function anywhere(context: Context, state: State, reason: string, from?: Departed): Fork {
  if (context.mode === 'must') return lost(state);
  return go(
    { kind: 'exit', exit: { kind: 'anywhere', reason, ...(from ? { from } : {}) } },
    { ...state, inspected: [...state.inspected, ANYWHERE] },
  );
}

/** A noun that no template shows. */
export function unseen(
  context: Context,
  state: State,
  kind: BlockerKind,
  location: string,
  resource: ResourceId,
): Fork {
  const reason = `no template shows ${location}`;
  return anywhere(context, doubt(context, state, kind, { location, resource, reason }), reason);
}

/** The VPC's router delivers to the subnet that holds the destination; an address in no subnet is dropped. */
export function deliver(context: Context, state: State, vpc: ResourceId): Fork {
  const address = state.packet.destination;
  const location = `VPC ${vpc}`;
  const expected = state.expected?.host.subnet;
  const isOwnVpc = expected?.vpc === vpc;
  const isHere = isOwnVpc && state.isLost ? 'yes' : isOwnVpc ? inSubnet(expected, address) : 'no';
  if (expected && isHere !== 'no') {
    let next = requireCertain(context, state, expected, 'address', `subnet ${expected.id}`);
    if (isHere === 'maybe') {
      const reason = `the range of subnet ${expected.id} is not known`;
      next = doubt(context, next, 'address', { location, resource: expected.id, reason });
    }
    return go({ kind: 'arrive', subnet: expected }, passAcl(context, next, expected, 'ingress'));
  }
  const other = (context.index.subnetsOfVpc.get(vpc) ?? []).find((subnet) => inSubnet(subnet, address) === 'yes');
  const where = other
    ? `lies in subnet ${other.id} of ${location}, not where it should go`
    : `lies in no subnet of ${location}`;
  const reason = `${formatAddress(address)} ${where}`;
  const blocked = block(state, other ? 'address' : 'route', { location, resource: other?.id ?? vpc, reason });
  return lost(blocked);
}
