/**
 * Which packets between two ends the network itself speaks of: rules of their groups, routes to what is behind a VPN.
 * They are the ones to try first when asked what stops a flow.
 */
import { AddressSet, PacketSet, type Prefix } from '../base/net';
import { type End, isKnown, type NetworkModel, type ResourceId, type SecurityGroupRule } from '../evidence/network';

export function packetsSpokenOf(network: NetworkModel, from: End, to: End): PacketSet[] {
  const admitted = groupsOf(network, to).flatMap(({ ingress }) => ingress.flatMap((rule) => admits(network, rule)));
  const behind = (end: End) => (end.kind === 'site' ? AddressSet.ofAll(rangesBehind(network, end.id)) : AddressSet.ALL);
  const sited = PacketSet.of({ sources: behind(from), destinations: behind(to) });
  // A rule may speak of more than what is announced, and the other way round: both count, together first.
  return [...admitted.map((packets) => packets.intersect(sited)), ...admitted, sited];
}

function groupsOf({ interfaces, securityGroups }: NetworkModel, end: End) {
  const ids =
    end.kind === 'interface'
      ? interfaces.find(({ id }) => id === end.id)?.securityGroups
      : end.kind === 'subnet'
        ? end.securityGroups
        : undefined;
  return securityGroups.filter(({ id }) => ids?.includes(id));
}

function admits(network: NetworkModel, { peer, traffic }: SecurityGroupRule): PacketSet[] {
  if (!isKnown(traffic)) return [];
  const protocols = traffic.protocol === 'all' ? {} : { protocols: [traffic.protocol] };
  const ports = traffic.ports ? { destinationPorts: [traffic.ports] } : {};
  const sources = rangesOf(network, peer);
  return [PacketSet.of({ ...protocols, ...ports, ...(sources ? { sources: AddressSet.ofAll(sources) } : {}) })];
}

/** undefined: members of a group, or what nobody knows; any address. */
function rangesOf({ prefixLists }: NetworkModel, peer: SecurityGroupRule['peer']): Prefix[] | undefined {
  if (peer.kind === 'cidr') return isKnown(peer.cidr) ? [peer.cidr] : undefined;
  if (peer.kind !== 'prefix-list') return undefined;
  return prefixLists.find(({ id }) => id === peer.id)?.entries.filter(isKnown);
}

/** Static routes of the connection, and routes of any table that lead to its gateway. */
function rangesBehind(network: NetworkModel, id: ResourceId): Prefix[] {
  const connection = network.vpnConnections.find((one) => one.id === id);
  const attachments = network.transitGatewayAttachments.filter(
    ({ id: own, attached }) => own === id || ('id' in attached && attached.id === id),
  );
  const leading = new Set<ResourceId>([
    id,
    ...(connection ? [connection.gateway.id] : []),
    ...attachments.map((attachment) => attachment.id),
  ]);
  const routed = [...network.routeTables, ...network.transitGatewayRouteTables].flatMap(({ routes }) =>
    routes.flatMap(({ destination, target }): Prefix[] => {
      const leads = 'id' in target && leading.has(target.id);
      return leads && !('prefixList' in destination) && isKnown(destination) ? [destination] : [];
    }),
  );
  return [...(connection?.routes.filter(isKnown) ?? []), ...routed];
}
