/** What AWS opens past routes and gateways no engine sees, but nobody may call blocked what it may carry. */
import { AddressSet, PacketSet } from '../base/net';
import {
  type Bridge,
  type BridgeEnd,
  type End,
  endKey,
  isKnown,
  isUnknown,
  type NetworkModel,
  type ResourceId,
  type SecurityGroupRule,
  type UnknownUse,
  type Value,
} from '../evidence/network';
import type { Reach } from '../evidence/reachability';
import { carried } from './bridges';
import { distinct, type FlowQuestion, withAnyGroups } from './explanation';
import { packetsOfRules } from './front-doors';

/** `mayReach`: all that an end may reach over the network. */
export function bridgesLeftOpen(
  network: NetworkModel,
  question: FlowQuestion,
  packets: PacketSet,
  mayReach: (from: End) => readonly Reach[],
): UnknownUse[] {
  if (network.bridges.length === 0) return [];
  const { from, to, toAddress } = question;
  const pairs = from.flatMap((one) => to.map((other) => [one, other] as const));
  // Clients of Lattice call its own addresses: what is sent to a host's goes by the network.
  const bridges = network.bridges.filter(({ entry }) => !(entry && toAddress));
  return distinct(
    pairs.flatMap(([one, other]) =>
      bridges
        .filter((bridge) => mayEnter(bridge, one, network, mayReach))
        .filter((bridge) => bridge.to.some((end) => leadsTo(bridge, end, other, packets, network)))
        .map((bridge) => useOf(bridge)),
    ),
  );
}

function useOf({ id, reason, origin, channels, to }: Bridge): UnknownUse {
  const values: Value<unknown>[] = [
    ...(channels ?? []).flatMap(({ ports, sentTo }) => [ports, ...(sentTo === undefined ? [] : [sentTo])]),
    ...to.flatMap((end) => (end.kind === 'address' ? [end.cidr] : [])),
  ];
  const open = values.filter((value) => isUnknown(value)).flatMap(({ parameters }) => parameters);
  return { resource: id, reason, parameters: [...new Set([...(origin.doubt?.parameters ?? []), ...open])].sort() };
}

/** Whether who sends may get onto a bridge, as far as its own groups say. */
function mayEnter(
  bridge: Bridge,
  from: End,
  network: NetworkModel,
  mayReach: (from: End) => readonly Reach[],
): boolean {
  if (bridge.from === 'internet') return from.kind === 'internet';
  if (bridge.entry?.by.kind === 'endpoint') {
    const door = endKey({ kind: 'interface', id: bridge.entry.by.interface });
    return mayReach(withAnyGroups(from)).some(({ to }) => endKey(to) === door);
  }
  const vpcs = new Set(network.subnets.filter(({ id }) => standsIn(network, from).includes(id)).map(({ vpc }) => vpc));
  return bridge.from.some((vpc) => vpcs.has(vpc)) && mayCall(bridge, from, network);
}

/** Lattice's addresses are ordinary ones to the groups of whoever calls them. */
function mayCall({ entry, channels }: Bridge, from: End, network: NetworkModel): boolean {
  if (entry?.by.kind !== 'association' || from.kind !== 'interface') return true;
  const { addresses } = entry.by;
  const worn = network.interfaces.find(({ id }) => id === from.id);
  const groups = network.securityGroups.filter(({ id }) => worn?.securityGroups.includes(id));
  if (!worn?.filtered || groups.some(({ external }) => external)) return true;
  const lattice = AddressSet.ofAll(addresses);
  const ports = (channels ?? []).flatMap(({ sentTo }) => (sentTo && isKnown(sentTo) ? [sentTo] : []));
  const isOpen = ports.length < (channels?.length ?? 0) || ports.length === 0;
  const called = PacketSet.of({ sources: lattice, protocols: [6], ...(isOpen ? {} : { destinationPorts: ports }) });
  // A rule for what is sent names where it goes to as one for what is received names where it comes from.
  const rules: SecurityGroupRule[] = groups.flatMap(({ egress }) => egress);
  return !packetsOfRules(rules, true, network).intersect(called).isEmpty();
}

function leadsTo(bridge: Bridge, end: BridgeEnd, to: End, asked: PacketSet, network: NetworkModel): boolean {
  // Whoever has the address has groups, too; which groups a sender may wear nobody knows.
  const isFiltered = end.kind === 'address' && to.kind === 'interface' && admitsByAddress(to.id, network);
  const receiver: BridgeEnd = isFiltered ? { kind: 'interface', id: to.id } : end;
  const carries = carried(bridge, receiver, 'may', network).withAnyAddresses();
  if (carries.isEmpty() || carries.union(sentOnto(bridge)).intersect(asked.withAnyAddresses()).isEmpty()) return false;
  if (end.kind === 'interface' && to.kind === 'interface' && end.id === to.id) return true;
  if (bridge.from === 'internet') return false;
  if (bridge.beyond) return bridge.beyond.some((one) => mayBe(one, to, network));
  const isLattice = bridge.entry !== undefined && end.kind === 'address';
  if (isLattice) return mayBe(end, to, network);
  const near = end.kind === 'interface' ? standsIn(network, end) : [];
  const vpcs = new Set([
    ...(end.kind === 'address' ? [end.vpc] : []),
    ...network.subnets.filter(({ id }) => near.includes(id)).map(({ vpc }) => vpc),
  ]);
  // A gateway of Lattice leads to what its configurations name, which may be anything of its VPC.
  const isDoor = end.kind === 'address' || (!bridge.seenAs && !isFunction(end.id, bridge, network));
  return isDoor && network.subnets.some(({ id, vpc }) => vpcs.has(vpc) && standsIn(network, to).includes(id));
}

/** What Lattice invokes answers, and passes nothing on. */
function isFunction(id: ResourceId, { entry }: Bridge, { interfaces }: NetworkModel): boolean {
  return entry !== undefined && interfaces.find((one) => one.id === id)?.kind === 'function';
}

/** The same packets as their clients send them, where that is another port. */
function sentOnto({ channels }: Bridge): PacketSet {
  return PacketSet.unionAll(
    (channels ?? []).flatMap(({ protocols, sentTo }) => {
      if (sentTo === undefined) return [];
      return [PacketSet.of({ protocols, ...(isKnown(sentTo) ? { destinationPorts: [sentTo] } : {}) })];
    }),
  );
}

/** Whether something that a bridge names may be an end. */
export function mayBe(end: BridgeEnd, to: End, network: NetworkModel): boolean {
  if (end.kind === 'interface') return to.kind === 'interface' && to.id === end.id;
  const stands = new Set(standsIn(network, to));
  const here = network.subnets.filter(({ id, vpc }) => stands.has(id) && vpc === end.vpc);
  const own = to.kind === 'interface' ? network.interfaces.find(({ id }) => id === to.id)?.addresses : undefined;
  return here.some(({ cidrs }) => mayMeet(end.cidr, own && own.length > 0 ? own : cidrs));
}

function mayMeet(cidr: Extract<BridgeEnd, { kind: 'address' }>['cidr'], ranges: readonly (typeof cidr)[]): boolean {
  const known = ranges.filter(isKnown);
  if (isUnknown(cidr) || ranges.length === 0 || known.length < ranges.length) return true;
  return !AddressSet.ofAll(known).intersect(AddressSet.of(cidr)).isEmpty();
}

function admitsByAddress(id: ResourceId, { interfaces, securityGroups }: NetworkModel): boolean {
  const worn = interfaces.find((one) => one.id === id)?.securityGroups ?? [];
  const rules = securityGroups.filter((group) => worn.includes(group.id)).flatMap(({ ingress }) => ingress);
  return rules.every(({ peer }) => peer.kind !== 'security-group');
}

function standsIn({ interfaces }: NetworkModel, end: End): readonly ResourceId[] {
  if (end.kind === 'subnet') return [end.id];
  return end.kind === 'interface' ? (interfaces.find(({ id }) => id === end.id)?.subnets ?? []) : [];
}
