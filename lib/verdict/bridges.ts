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
} from '../evidence/network';
import type { Binding } from './binding';
import type { FlowTable } from './flows';
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

  constructor(network: NetworkModel, binding: Binding, flows: FlowTable) {
    for (const bridge of network.bridges) {
      for (const crossing of crossingsOf(bridge, network, binding, flows)) {
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

function crossingsOf(bridge: Bridge, network: NetworkModel, binding: Binding, flows: FlowTable): Crossing[] {
  const near = bridge.from === 'internet' ? [INTERNET] : zonesOfVpcs(bridge.from, network, binding);
  const starts = [...new Set([...near, ...zonesThatCall(bridge, flows)])].sort();
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

/** By an endpoint comes whoever reaches it, from other VPCs and from sites, too. */
function zonesThatCall({ entry }: Bridge, flows: FlowTable): string[] {
  if (entry?.by.kind !== 'endpoint') return [];
  const { interface: door } = entry.by;
  const isThere = (end: End) => end.kind === 'interface' && end.id === door;
  const calling = flows.pairs().filter(({ from, to }) => flows.between(from, to).some((one) => isThere(one.to.end)));
  return calling.map(({ from }) => from);
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
export function carried(
  bridge: Bridge,
  end: BridgeEnd,
  approximation: Approximation,
  network: NetworkModel,
): PacketSet {
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
