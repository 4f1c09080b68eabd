/**
 * A party: an end that has interfaces, with what is asked about it: addresses, groups, public addresses.
 * Declared interfaces and potential ones (anything that may be launched in a subnet) look the same from here on.
 */
import { AddressSet, PacketSet } from '../../base/net';
import {
  type Approximation,
  type End,
  type Interface,
  isUnknown,
  type ResourceId,
  type Subnet,
  type TargetGroup,
  unknown,
  type Value,
} from '../network';
import type { ForwardingGraph } from './forwarding-graph';
import { isExternal } from './hop';
import { isOverInternet, type Path } from './location';
import type { NetworkIndex } from './network-index';

export interface Party {
  readonly end: End;
  readonly subnets: readonly Subnet[];
  /** private IPv4 and IPv6 addresses that it has, or may have */
  readonly addresses: AddressSet;
  /** packets to, and from, any of its addresses */
  readonly to: PacketSet;
  readonly from: PacketSet;
  /** equal for parties that no security group rule can tell apart */
  readonly groupKey: string;
  /** groups whose rules apply, all at once; for a potential interface: any that may be attached */
  readonly groups: readonly ResourceId[];
  /** false: no group filters it */
  readonly filtered: boolean;
  readonly publicIpv4: Value<boolean>;
  readonly publicIpv6: Value<boolean>;
  readonly vpcs: ReadonlySet<ResourceId>;
  /** the interface of the model; absent for a potential one */
  readonly noun?: Interface;
}

/** Whether a value holds in this approximation: unknown holds in `may` and not in `must`. */
export function counts(value: Value<boolean>, approximation: Approximation): boolean {
  return isUnknown(value) ? approximation === 'may' : value;
}

/** The addresses at which the targets of a group are called. */
export function calledAt({ ipv6 = false }: Pick<TargetGroup, 'ipv6'>, may: boolean): AddressSet {
  if (isUnknown(ipv6)) return may ? AddressSet.ALL : AddressSet.EMPTY;
  return ipv6 ? AddressSet.ALL_IPV6 : AddressSet.ALL_IPV4;
}

function hasIpv6(subnet: Subnet): boolean {
  return subnet.cidrs.some((cidr) => cidr.family !== 4);
}

/** Anything that may be launched in a subnet, with any of the groups (absent: any of its VPC). */
export function potentialParty(graph: ForwardingGraph, subnet: Subnet, end: Extract<End, { kind: 'subnet' }>): Party {
  const groups = end.securityGroups ?? groupsToChoose(graph.index, subnet);
  return {
    end,
    subnets: [subnet],
    ...addressed(graph.freeIn(subnet)),
    groups,
    groupKey: `potential ${end.securityGroups || subnet.lent ? groups.join(' ') : 'any'} of ${subnet.vpc}`,
    filtered: true,
    publicIpv4: subnet.autoPublicIpv4,
    // Someone may assign an IPv6 address at launch wherever the subnet has a range.
    publicIpv6: hasIpv6(subnet),
    vpcs: new Set([subnet.vpc]),
  };
}

/** All groups of the VPC; of one that no template shows, or for other accounts, also those that no template shows. */
function groupsToChoose(index: NetworkIndex, { id: subnet, vpc, lent }: Subnet): ResourceId[] {
  const shown = index.groupsOf(vpc).map(({ id }) => id);
  if (lent) return [...shown, `${subnet}#some-security-group`];
  return isExternal(index.vpcs.get(vpc)) ? [...shown, `${vpc}#some-security-group`] : shown;
}

export function declaredParty(graph: ForwardingGraph, noun: Interface): Party {
  const { index } = graph;
  const subnets = noun.subnets.flatMap((id) => index.subnets.get(id) ?? []);
  const ranges = AddressSet.EMPTY.union(
    subnets.reduce((all, subnet) => all.union(graph.freeIn(subnet)), AddressSet.EMPTY),
  );
  return {
    end: { kind: 'interface', id: noun.id },
    subnets,
    ...addressed(addressesOf(graph, noun, ranges)),
    groups: noun.securityGroups,
    groupKey: `declared ${[...new Set(subnets.map((subnet) => subnet.vpc))].join(' ')} ${noun.securityGroups.join(' ')}`,
    filtered: noun.filtered,
    publicIpv4: noun.publicIpv4,
    publicIpv6: noun.publicIpv6 ?? noun.ipv6,
    vpcs: new Set(subnets.map((subnet) => subnet.vpc)),
    noun,
  };
}

function addressed(addresses: AddressSet): Pick<Party, 'addresses' | 'to' | 'from'> {
  return {
    addresses,
    to: PacketSet.of({ destinations: addresses }),
    from: PacketSet.of({ sources: addresses }),
  };
}

/** Fixed addresses where the template gives them, else any of the subnets'; IPv6 only where it may have one. */
function addressesOf(graph: ForwardingGraph, noun: Interface, ranges: AddressSet): AddressSet {
  const fixed = noun.addresses.flatMap((address) => (isUnknown(address) ? [] : [address]));
  const open = fixed.length < noun.addresses.length;
  const ipv6 = counts(noun.ipv6, graph.approximation) ? ranges.intersect(AddressSet.ALL_IPV6) : AddressSet.EMPTY;
  const ipv4 = ranges.intersect(AddressSet.ALL_IPV4);
  if (noun.addresses.length === 0) return ipv4.union(ipv6);
  const known = AddressSet.ofAll(fixed);
  if (open) return graph.approximation === 'may' ? known.union(ipv4).union(ipv6) : known;
  const fixesIpv4 = fixed.some((prefix) => prefix.family === 4);
  const fixesIpv6 = fixed.some((prefix) => prefix.family === 6);
  return known.union(fixesIpv4 ? AddressSet.EMPTY : ipv4).union(fixesIpv6 ? AddressSet.EMPTY : ipv6);
}

/**
 * Whether a party is, or may become, a member of a group, as far as a rule can tell (SEMANTICS 3): by
 * interface, not by bare address; in the same VPC, over peering, or over a transit gateway whose group referencing is on
 * both sides. It is the path taken that decides, not that another one exists.
 */
export function isMember(
  index: NetworkIndex,
  party: Party,
  group: ResourceId,
  rule: { readonly vpcs: ReadonlySet<ResourceId>; readonly direction: 'ingress' | 'egress' },
  path: Path,
): Value<boolean> {
  const noun = index.securityGroups.get(group);
  if (!party.groups.includes(group)) {
    if (!isExternal(noun)) {
      // Whoever wears a group of which no template says more than an id may wear this very one.
      const unseen = party.groups.find((id) => isExternal(index.securityGroups.get(id)));
      return unseen === undefined ? false : unknown(`no template shows security group \`${unseen}\``);
    }
    // A group of which no template says more than an id may be one of this VPC's: given to what is launched here, or, by a
    // parameter's value, the very one that a declared interface has.
    const mayShare = noun === undefined || party.vpcs.has(noun.vpc) || index.vpcs.get(noun.vpc)?.external === true;
    return mayShare ? unknown(`no template shows security group \`${group}\``) : false;
  }
  const answers = [...party.vpcs].flatMap((from) =>
    [...rule.vpcs].map((to) => isVisible(index, from, { vpc: to, direction: rule.direction }, path)),
  );
  return answers.find((answer) => answer === true) ?? answers.find((answer) => isUnknown(answer)) ?? false;
}

/** Whether a rule can see the groups of someone in `from`, along a path. */
function isVisible(
  index: NetworkIndex,
  from: ResourceId,
  rule: { readonly vpc: ResourceId; readonly direction: 'ingress' | 'egress' },
  path: Path,
): Value<boolean> {
  const to = rule.vpc;
  if (isOverInternet(path)) return false;
  switch (path) {
    case 'local':
      return from === to;
    case 'peering':
      return from !== to;
    case 'transit-gateway':
      // Only ingress rules may name a group across a transit gateway.
      return rule.direction === 'ingress' && isReferencingOn(index, from, to);
    case 'inspected':
    case 'inspected-transit-gateway':
    case 'gateway':
      // What inspects a packet, or lets it in from outside, hides who sent it.
      return false;
    case 'unknown':
      return unknown('whether a security group is seen along an unknown path is not known');
  }
}

function isReferencingOn(index: NetworkIndex, from: ResourceId, to: ResourceId): Value<boolean> {
  let verdict: Value<boolean> = false;
  for (const gateway of index.network.transitGateways) {
    const sides = [index.attachmentsOf(from, gateway.id), index.attachmentsOf(to, gateway.id)];
    if (sides.some((side) => side.length === 0)) continue;
    const switches = [gateway.securityGroupReferencing, ...sides.flat().map((one) => one.securityGroupReferencing)];
    if (switches.every((value) => value === true)) return true;
    const open = switches.find((value) => isUnknown(value));
    if (open && isUnknown(open) && !switches.includes(false)) verdict = open;
  }
  return verdict;
}
