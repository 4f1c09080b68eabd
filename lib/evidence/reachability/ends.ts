/**
 * Every end worth asking about: potential and declared interfaces, the internet, sites, and what no template shows.
 */

import { isExternal, type NetworkIndex } from '../forwarding';
import type { End, ResourceId } from '../network';

export function endsOf(index: NetworkIndex): End[] {
  const { network } = index;
  return [
    { kind: 'internet' },
    ...network.subnets.map((subnet): End => ({ kind: 'subnet', id: subnet.id })),
    ...network.interfaces.map((one): End => ({ kind: 'interface', id: one.id })),
    ...index.sites.map((id): End => ({ kind: 'site', id })),
    ...externalEnds(index),
  ];
}

function externalEnds(index: NetworkIndex): End[] {
  const { network } = index;
  const ids = new Set<ResourceId>();
  for (const peering of network.peeringConnections) {
    for (const vpc of [peering.requester, peering.accepter]) {
      if (isExternal(index.vpcs.get(vpc))) ids.add(vpc);
    }
  }
  for (const attachment of network.transitGatewayAttachments) {
    const { attached } = attachment;
    if (attached.kind === 'unknown' || (attached.kind === 'peering' && !attached.peer)) ids.add(attachment.id);
  }
  for (const gateway of network.transitGateways) {
    if (gateway.external || gateway.autoAccept !== false) ids.add(gateway.id);
  }
  for (const table of network.routeTables) {
    if (table.routes.some((route) => route.target.kind === 'unknown')) ids.add(`${table.vpc}#unknown-target`);
  }
  return [...ids].map((id) => ({ kind: 'external', id }));
}
