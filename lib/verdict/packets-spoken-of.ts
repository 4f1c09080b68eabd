/**
 * Which packets between two ends the network itself speaks of: rules of their groups, routes to what is behind a VPN.
 * They are the ones to try first when asked what stops a flow.
 */
import { AddressSet, PacketSet, type Prefix } from '../base/net';
import {
  type End,
  type Interface,
  isKnown,
  type NetworkModel,
  type PrefixList,
  type ResourceId,
  type SecurityGroup,
  type SecurityGroupRule,
} from '../evidence/network';

/** Built once for many questions about one network. */
export class PacketsSpokenOf {
  private readonly interfaces: ReadonlyMap<ResourceId, Interface>;
  private readonly groups: ReadonlyMap<ResourceId, SecurityGroup>;
  private readonly prefixLists: ReadonlyMap<ResourceId, PrefixList>;
  /** where a group stands among all of them: several are listed in the model's order */
  private readonly order: ReadonlyMap<ResourceId, number>;
  private readonly admittedBy = new Map<ResourceId, readonly PacketSet[]>();
  private readonly behind = new Map<ResourceId, AddressSet>();

  constructor(private readonly network: NetworkModel) {
    this.interfaces = new Map(network.interfaces.map((one) => [one.id, one]));
    this.groups = new Map(network.securityGroups.map((group) => [group.id, group]));
    this.prefixLists = new Map(network.prefixLists.map((list) => [list.id, list]));
    this.order = new Map(network.securityGroups.map(({ id }, at) => [id, at]));
  }

  between(from: End, to: End): PacketSet[] {
    const admitted = this.groupsOf(to).flatMap((group) => this.admitted(group));
    if (from.kind !== 'site' && to.kind !== 'site') return [...admitted, ...admitted, PacketSet.ALL];
    const sited = PacketSet.of({ sources: this.addressesBehind(from), destinations: this.addressesBehind(to) });
    // A rule may speak of more than what is announced, and the other way round: both count, together first.
    return [...admitted.map((packets) => packets.intersect(sited)), ...admitted, sited];
  }

  private groupsOf(end: End): SecurityGroup[] {
    const ids =
      end.kind === 'interface'
        ? this.interfaces.get(end.id)?.securityGroups
        : end.kind === 'subnet'
          ? end.securityGroups
          : undefined;
    const place = ({ id }: SecurityGroup) => this.order.get(id) ?? 0;
    return [...new Set(ids)].flatMap((id) => this.groups.get(id) ?? []).sort((a, b) => place(a) - place(b));
  }

  private admitted({ id, ingress }: SecurityGroup): readonly PacketSet[] {
    const known = this.admittedBy.get(id) ?? ingress.flatMap((rule) => this.admits(rule));
    this.admittedBy.set(id, known);
    return known;
  }

  private admits({ peer, traffic }: SecurityGroupRule): PacketSet[] {
    if (!isKnown(traffic)) return [];
    const protocols = traffic.protocol === 'all' ? {} : { protocols: [traffic.protocol] };
    const ports = traffic.ports ? { destinationPorts: [traffic.ports] } : {};
    const sources = this.rangesOf(peer);
    return [PacketSet.of({ ...protocols, ...ports, ...(sources ? { sources: AddressSet.ofAll(sources) } : {}) })];
  }

  /** undefined: members of a group, or what nobody knows; any address. */
  private rangesOf(peer: SecurityGroupRule['peer']): Prefix[] | undefined {
    if (peer.kind === 'cidr') return isKnown(peer.cidr) ? [peer.cidr] : undefined;
    if (peer.kind !== 'prefix-list') return undefined;
    return this.prefixLists.get(peer.id)?.entries.filter(isKnown);
  }

  private addressesBehind(end: End): AddressSet {
    if (end.kind !== 'site') return AddressSet.ALL;
    const known = this.behind.get(end.id) ?? rangesBehind(this.network, end.id);
    this.behind.set(end.id, known);
    return known;
  }
}

/** What both the static routes of the connections and the routes of some table lead to, or else either. */
function rangesBehind(network: NetworkModel, id: ResourceId): AddressSet {
  const connections = network.vpnConnections.filter((one) => one.id === id || one.gateway.id === id);
  const attachments = network.transitGatewayAttachments.filter(
    ({ id: own, attached }) => own === id || ('id' in attached && attached.id === id),
  );
  const leading = new Set<ResourceId>([
    id,
    ...connections.map(({ gateway }) => gateway.id),
    ...attachments.map((attachment) => attachment.id),
  ]);
  const routed = [...network.routeTables, ...network.transitGatewayRouteTables].flatMap(({ routes }) =>
    routes.flatMap(({ destination, target }): Prefix[] => {
      const leads = 'id' in target && leading.has(target.id);
      return leads && !('prefixList' in destination) && isKnown(destination) ? [destination] : [];
    }),
  );
  const announced = AddressSet.ofAll(connections.flatMap(({ routes }) => routes.filter(isKnown)));
  const both = announced.intersect(AddressSet.ofAll(routed));
  return both.isEmpty() ? announced.union(AddressSet.ofAll(routed)) : both;
}
