/**
 * Ways that AWS opens past routes and gateways (SEMANTICS 35, 36), told in zones: VPC Lattice, Client VPN, links of API
 * Gateway and the like. They carry no packet that trace could follow from end to end, so what one leads to is a claim of
 * its own: violated where nobody is asked, unknown where something that no packet shows decides.
 */
import { AddressSet, PacketSet } from '../base/net';
import {
  type Approximation,
  type Bridge,
  type BridgeEnd,
  type End,
  isKnown,
  type NetworkModel,
  type ResourceId,
  type UnknownUse,
} from '../evidence/network';
import type { Binding } from './binding';
import { packetsOfRules } from './front-doors';
import { INTERNET } from './place';

/** What a bridge may carry from one zone to another. */
export interface Crossing {
  readonly bridge: Bridge;
  readonly from: string;
  readonly to: string;
  readonly may: PacketSet;
  /** nothing is left to decide about it */
  readonly must: PacketSet;
}

export class Bridges {
  private readonly byPair = new Map<string, Crossing[]>();

  constructor(network: NetworkModel, binding: Binding) {
    for (const bridge of network.bridges) {
      for (const crossing of crossingsOf(bridge, network, binding)) {
        const key = `${crossing.from}\n${crossing.to}`;
        this.byPair.set(key, [...(this.byPair.get(key) ?? []), crossing]);
      }
    }
  }

  between(from: string, to: string): readonly Crossing[] {
    return this.byPair.get(`${from}\n${to}`) ?? [];
  }

  pairs(): readonly { readonly from: string; readonly to: string }[] {
    return [...this.byPair.keys()].sort().map((key) => {
      const [from = '', to = ''] = key.split('\n');
      return { from, to };
    });
  }
}

function crossingsOf(bridge: Bridge, network: NetworkModel, binding: Binding): Crossing[] {
  const starts = bridge.from === 'internet' ? [INTERNET] : zonesOfVpcs(bridge.from, network, binding);
  return bridge.to.flatMap((end) => {
    const may = carried(bridge, end, 'may', network);
    if (may.isEmpty()) return [];
    const isSure = bridge.open && bridge.certain;
    const must = isSure ? carried(bridge, end, 'must', network) : PacketSet.EMPTY;
    return zonesOfEnd(end, network, binding).flatMap((to) =>
      starts.filter((from) => from !== to).map((from) => ({ bridge, from, to, may, must })),
    );
  });
}

/** Of whoever stands there: by the subnets, and by groups where they alone tell zones apart. */
export function zonesOfVpcs(vpcs: readonly ResourceId[], { subnets }: NetworkModel, binding: Binding): string[] {
  const inside = subnets.filter(({ vpc }) => vpcs.includes(vpc));
  const worn = vpcs.flatMap((vpc) => binding.decidingGroups.get(vpc) ?? []);
  const bySubnet = inside.flatMap(({ id }) => binding.subnets.get(id)?.zone ?? []);
  const byGroup = worn.flatMap((group) => binding.groups.get(group)?.zone ?? []);
  return [...new Set([...bySubnet, ...byGroup])].sort();
}

function zonesOfEnd(end: BridgeEnd, { subnets }: NetworkModel, binding: Binding): string[] {
  if (end.kind === 'interface') return [...new Set((binding.interfaces.get(end.id) ?? []).map(({ zone }) => zone))];
  const target = end.cidr;
  const holds = subnets.filter(({ vpc, cidrs }) => {
    if (vpc !== end.vpc) return false;
    if (!isKnown(target) || !cidrs.every(isKnown)) return true;
    return !AddressSet.ofAll(cidrs.filter(isKnown)).intersect(AddressSet.of(target)).isEmpty();
  });
  const byGroup = holds.some(({ id }) => binding.leftToGroups.has(id))
    ? (binding.decidingGroups.get(end.vpc) ?? []).flatMap((group) => binding.groups.get(group)?.zone ?? [])
    : [];
  return [...new Set([...holds.flatMap(({ id }) => binding.subnets.get(id)?.zone ?? []), ...byGroup])];
}

/** What it brings to an end, as far as the groups there let it in. */
function carried(bridge: Bridge, end: BridgeEnd, approximation: Approximation, network: NetworkModel): PacketSet {
  const isMay = approximation === 'may';
  const channels = bridge.channels?.map(({ protocols, ports }) => {
    if (!isKnown(ports)) return isMay ? PacketSet.of({ protocols }) : PacketSet.EMPTY;
    return PacketSet.of({ protocols, destinationPorts: [ports] });
  });
  const packets = channels ? PacketSet.unionAll(channels) : PacketSet.ALL;
  if (!bridge.seenAs) return packets;
  const seen = packets.intersect(PacketSet.of({ sources: AddressSet.ofAll(bridge.seenAs) }));
  const iface = end.kind === 'interface' ? network.interfaces.find(({ id }) => id === end.id) : undefined;
  if (!iface) return isMay ? seen : PacketSet.EMPTY;
  if (!iface.filtered) return seen;
  const groups = network.securityGroups.filter(({ id }) => iface.securityGroups.includes(id));
  if (isMay && groups.some(({ external }) => external)) return seen;
  const rules = groups.flatMap((group) => (group.certain || isMay ? group.ingress : []));
  return seen.intersect(packetsOfRules(rules, isMay, network));
}

/** Why a flow that no packet takes may not be blocked after all. */
export function bridgesBetween(network: NetworkModel, from: End, to: End, asked: PacketSet): UnknownUse[] {
  const vpcs = new Set(network.subnets.filter(({ id }) => standsIn(network, from).includes(id)).map(({ vpc }) => vpc));
  return network.bridges
    .filter((bridge) =>
      bridge.from === 'internet' ? from.kind === 'internet' : bridge.from.some((vpc) => vpcs.has(vpc)),
    )
    .filter((bridge) => bridge.to.some((end) => leadsTo(bridge, end, to, asked, network)))
    .map(({ id, reason, origin }) => ({ resource: id, reason, parameters: origin.doubt?.parameters ?? [] }));
}

function leadsTo(bridge: Bridge, end: BridgeEnd, to: End, asked: PacketSet, network: NetworkModel): boolean {
  // Whoever has the address has groups, too; which groups a sender may wear nobody knows.
  const isFiltered = end.kind === 'address' && to.kind === 'interface' && admitsByAddress(to.id, network);
  const receiver: BridgeEnd = isFiltered ? { kind: 'interface', id: to.id } : end;
  const carries = carried(bridge, receiver, 'may', network).withAnyAddresses();
  if (carries.intersect(asked.withAnyAddresses()).isEmpty()) return false;
  if (end.kind === 'interface' && to.kind === 'interface' && end.id === to.id) return true;
  if (bridge.from === 'internet') return false;
  const near = end.kind === 'interface' ? standsIn(network, end) : [];
  const vpcs = new Set([
    ...(end.kind === 'address' ? [end.vpc] : []),
    ...network.subnets.filter(({ id }) => near.includes(id)).map(({ vpc }) => vpc),
  ]);
  // A gateway of Lattice leads to what its configurations name, which may be anything of its VPC.
  const isDoor = end.kind === 'address' || !bridge.seenAs;
  return isDoor && network.subnets.some(({ id, vpc }) => vpcs.has(vpc) && standsIn(network, to).includes(id));
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
