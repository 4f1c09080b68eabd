/**
 * Ends as hosts: which interface, in which subnet, has an address. A declared interface whose addresses the template
 * leaves open may have any address of its subnets; a potential one any address of its subnet.
 */
import {
  type Address,
  addressAt,
  firstAddress,
  formatAddress,
  lastAddress,
  type Prefix,
  parsePrefix,
  prefixContainsAddress,
} from '../../base/net';
import { type End, type Interface, isKnown, isUnknown, type ResourceId, type Subnet } from '../network';
import { asIpv4, isOnInternet } from './internet-addresses';
import { inSubnet, type NetworkIndex } from './network-index';
import type { Host, Receiver } from './state';
import { both, containsAny, type Ternary } from './ternary';

export function interfaceHost(iface: Interface, subnet: Subnet): Host {
  return {
    id: iface.id,
    name: `${iface.kind} ${iface.id}`,
    subnet,
    groups: iface.filtered ? iface.securityGroups : undefined,
    publicIpv4: iface.publicIpv4,
    interface: iface,
  };
}

/** The groups by which others know a host: it may wear some that it may also do without, and then nothing filters it. */
export function wornBy({ groups, interface: iface }: Host): readonly ResourceId[] | undefined {
  return groups ?? (iface && iface.securityGroups.length > 0 ? iface.securityGroups : undefined);
}

/**
 * A potential interface: someone may launch it with any of the groups. It has a public address where the subnet assigns
 * one; that somebody could ask for one elsewhere is a latent path, and is reported as such.
 */
export function potentialHost(index: NetworkIndex, subnet: Subnet, groups: readonly ResourceId[] | undefined): Host {
  return {
    id: subnet.id,
    name: `a host in subnet ${subnet.id}`,
    subnet,
    groups: groups ?? groupsToChoose(index, subnet),
    publicIpv4: subnet.autoPublicIpv4,
  };
}

/** All groups of the VPC; of one that no template shows, or for those whom the subnet is lent to, also unseen ones. */
function groupsToChoose(index: NetworkIndex, { id, vpc, lent }: Subnet): ResourceId[] {
  const shown = (index.groupsOfVpc.get(vpc) ?? []).map((group) => group.id);
  if (lent) return [...shown, `${id}#some-security-group`];
  const isShown = index.vpcs.get(vpc)?.external !== true && index.vpcs.has(vpc);
  return isShown ? shown : [...shown, `${vpc}#some-security-group`];
}

function subnetsOf(index: NetworkIndex, iface: Interface): Subnet[] {
  return iface.subnets.flatMap((id) => index.subnets.get(id) ?? []);
}

/** Whether an interface has, or may have, an address in one of its subnets. */
export function mayOwn(index: NetworkIndex, iface: Interface, subnet: Subnet, address: Address): Ternary {
  const fixed = iface.addresses.filter((range) => isUnknown(range) || range.family === address.family);
  const isOwn = fixed.some((range) => isKnown(range) && prefixContainsAddress(range, address));
  const free = isOwn ? 'yes' : isFree(index, subnet, address);
  const own = fixed.length > 0 ? containsAny(fixed, address) : 'yes';
  const here = inSubnet(subnet, address);
  const family = address.family === 4 || iface.ipv6 === true ? 'yes' : isUnknown(iface.ipv6) ? 'maybe' : 'no';
  const all = [free, own, here, family];
  return all.includes('no') ? 'no' : all.includes('maybe') ? 'maybe' : 'yes';
}

/** The hosts that an end stands for, wherever they are. Ends outside the VPCs have none. */
export function hostsOf(index: NetworkIndex, end: End): Host[] {
  if (end.kind === 'interface') {
    const iface = index.interfaces.get(end.id);
    return iface ? subnetsOf(index, iface).map((subnet) => interfaceHost(iface, subnet)) : [];
  }
  if (end.kind === 'subnet') {
    const subnet = index.subnets.get(end.id);
    return subnet ? [potentialHost(index, subnet, end.securityGroups)] : [];
  }
  return [];
}

/** Whether the host has this address: its own by declaration, or any of its subnet. */
export function hasAddress(index: NetworkIndex, host: Host, address: Address): Ternary {
  if (host.interface) return mayOwn(index, host.interface, host.subnet, address);
  return both(isFree(index, host.subnet, address), inSubnet(host.subnet, address));
}

/** Whether a template gives the address to nobody who stands in the subnet: AWS picks no other for anybody else. */
function isFree(index: NetworkIndex, subnet: Subnet, address: Address): Ternary {
  const given = index.givenAddresses.get(subnet.id)?.get(formatAddress(address));
  if (!given) return 'yes';
  return given.certain ? 'no' : 'maybe';
}

/** Interface endpoints through which an end is reached, as hosts. */
function endpointHosts(index: NetworkIndex, end: End): Host[] {
  if (end.kind !== 'aws-service' && end.kind !== 'external') return [];
  const leadsThere = (id: ResourceId) => {
    const service = index.vpcEndpoints.get(id)?.service;
    if (end.kind === 'aws-service') {
      if (end.endpoint !== undefined) return end.endpoint === id;
      return service?.kind === 'unknown' || (service?.kind === 'aws' && service.name === end.name);
    }
    return service?.kind === 'external' || service?.kind === 'unknown';
  };
  return index.model.vpcEndpoints
    .filter((endpoint) => endpoint.type === 'interface' && leadsThere(endpoint.id))
    .flatMap((endpoint) => (endpoint.interface ? hostsOf(index, { kind: 'interface', id: endpoint.interface }) : []));
}

/** Where a conversation with `end` finally arrives: its own interfaces, or the endpoints that lead to it. */
export function finalReceivers(index: NetworkIndex, end: End): Receiver[] {
  return [
    ...hostsOf(index, end).map((host): Receiver => ({ host, role: 'end' })),
    ...endpointHosts(index, end).map((host): Receiver => ({ host, role: 'endpoint' })),
  ];
}

/**
 * Who may be meant by the packet's destination: the end itself, or something in front of it that passes packets on.
 * Names are not in the packet, so every reading counts.
 */
export function readingsOf(index: NetworkIndex, end: End, destination: Address): Receiver[] {
  const direct = finalReceivers(index, end).filter(({ host }) => hasAddress(index, host, destination) !== 'no');
  const fronts = frontsAt(index, destination).filter(
    ({ host }) => !(end.kind === 'interface' && end.id === host.interface?.id),
  );
  // What a NAT gateway carries on as IPv4 is for whoever has that address.
  const inside = destination.family === 6 ? asIpv4(destination) : undefined;
  const translated = inside ? readingsOf(index, end, inside) : [];
  return [...direct, ...fronts, ...publicReadings(index, end, destination), ...translated];
}

/** What may have an address and passes on what it gets. */
export function frontsAt(index: NetworkIndex, address: Address): Receiver[] {
  const subnets = index.subnetsOfFronts.mayHold(address).filter((subnet) => inSubnet(subnet, address) !== 'no');
  return subnets.flatMap((subnet) =>
    (index.frontsOfSubnet.get(subnet.id) ?? [])
      .filter((iface) => mayOwn(index, iface, subnet, address) !== 'no')
      .flatMap((iface) => frontOf(index, interfaceHost(iface, subnet)) ?? []),
  );
}

/** A balancer, or an endpoint that may lead to one. */
function frontOf(index: NetworkIndex, host: Host): Receiver | undefined {
  if (index.balancerOfInterface.has(host.id)) return { host, role: 'balancer' };
  const service = index.endpointOfInterface.get(host.id)?.service;
  return service?.kind === 'private' || service?.kind === 'unknown' ? { host, role: 'endpoint' } : undefined;
}

/** The nodes of an interface that passes on what it gets. */
export function frontsOf(index: NetworkIndex, id: ResourceId): Receiver[] {
  const isFront = index.balancerOfInterface.get(id)?.type === 'network' || index.endpointOfInterface.has(id);
  return isFront ? hostsOf(index, { kind: 'interface', id }).flatMap((host) => frontOf(index, host) ?? []) : [];
}

/** Whether a balancer or endpoint with one node, and so one address, would get what it sent in its own name. */
export function getsOwnBack(index: NetworkIndex, sender: Host | undefined, receiver: Receiver | undefined): boolean {
  if (!receiver || sender?.id !== receiver.host.id) return false;
  return frontsOf(index, receiver.host.id).length === 1;
}

/** By its public IPv4 address (SEMANTICS 20): which it is no template knows, so any address of the internet names it. */
function publicReadings(index: NetworkIndex, end: End, destination: Address): Receiver[] {
  if (destination.family !== 4 || !isOnInternet(destination)) return [];
  const balancers = index.model.loadBalancers
    .filter(({ type, interface: id }) => type === 'network' && !(end.kind === 'interface' && end.id === id))
    .flatMap(({ interface: id }) => hostsOf(index, { kind: 'interface', id }))
    .map((host): Receiver => ({ host, role: 'balancer' }));
  return [...finalReceivers(index, end), ...balancers]
    .filter(({ host }) => host.publicIpv4 !== false)
    .map((receiver): Receiver => ({ ...receiver, publicly: true }));
}

/**
 * Addresses that stand for all those a gateway or balancer may have in a subnet: one for each way in which the filters of
 * the network tell them apart.
 */
export function addressesIn(index: NetworkIndex, subnet: Subnet, family: 4 | 6): readonly Address[] {
  const key = `${family} ${subnet.id}`;
  let found = index.representatives.get(key);
  if (!found) {
    found = tellApart(index, subnet, family);
    index.representatives.set(key, found);
  }
  return found;
}

function tellApart(index: NetworkIndex, subnet: Subnet, family: 4 | 6): Address[] {
  const ranges = possibleRanges(index, subnet).filter((range) => range.family === family);
  return ranges.flatMap((range) => {
    const given = [...(index.givenAddresses.get(subnet.id)?.values() ?? [])].map((one) => one.range);
    const inner = [...index.filterRanges, ...given].filter(
      (other) => other.length > range.length && prefixContainsAddress(range, firstAddress(other)),
    );
    const edges = inner.flatMap((other) => [firstAddress(other), addressAt({ ...lastAddress(other), length: 0 }, 1)]);
    const inside = edges.filter((address) => prefixContainsAddress(range, address));
    // Of those that stand for any address at all, private ones come first.
    const ordered = [...inside.filter((address) => !isOnInternet(address)), ...inside.filter(isOnInternet)];
    return distinct([usable(range), ...ordered]).slice(0, 16);
  });
}

/** Where a subnet's range is not known, it is one of its VPC's, or any where nobody knows those either. */
function possibleRanges(index: NetworkIndex, subnet: Subnet): readonly Prefix[] {
  const known = subnet.cidrs.filter(isKnown);
  if (isRangeKnown(subnet)) return known;
  const around = index.vpcs.get(subnet.vpc)?.cidrs ?? [];
  const isOpen = around.length === 0 || around.some(isUnknown);
  const open = subnet.cidrs.filter(isUnknown).map(({ family }) => family);
  const mayBeOf = (family: 4 | 6) => open.length === 0 || open.some((one) => one === undefined || one === family);
  const possible = [...around.filter(isKnown), ...(isOpen ? PRIVATE : [])];
  return [...known, ...possible.filter(({ family }) => mayBeOf(family))];
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(parsePrefix);

/** Whether an address in a subnet is one of a range that a template shows. */
export function isRangeKnown({ cidrs }: Subnet): boolean {
  return cidrs.length > 0 && cidrs.every(isKnown);
}

/** AWS keeps the first four addresses of a subnet. */
function usable(range: Prefix): Address {
  return addressAt(range, range.length >= (range.family === 4 ? 30 : 126) ? 0 : 4);
}

function distinct(addresses: readonly Address[]): Address[] {
  return [...new Map(addresses.map((address) => [address.words.join('.'), address])).values()];
}

/** Of the addresses that stand for all of a subnet, those that a host there may have. */
export function ownAddresses(index: NetworkIndex, host: Host, family: 4 | 6): readonly Address[] {
  return addressesIn(index, host.subnet, family).filter((address) => hasAddress(index, host, address) !== 'no');
}

/** The address by which something reaches a target: its own if the template fixes it. */
export function targetAddresses(index: NetworkIndex, host: Host, family: 4 | 6): readonly Address[] {
  const fixed = (host.interface?.addresses ?? []).filter(isKnown).filter((range) => range.family === family);
  const here = fixed.map(firstAddress).filter((address) => inSubnet(host.subnet, address) !== 'no');
  return here.length > 0 ? here : ownAddresses(index, host, family);
}
