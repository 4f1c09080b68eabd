/**
 * Drafts -> NetworkModel: every list sorted by id, so that the same templates in any order give the same model.
 */
import type { NetworkModel, ResourceId } from '../../network';
import type { DraftNouns, NounKind } from './drafts';
import type { Reading } from './reading';
import { settleExistence } from './settle-existence';
import { settleUnseenConnections } from './unseen-connections';
import { settleUnseenSubnets } from './unseen-subnets';

export function finishNetwork(reading: Reading): NetworkModel {
  settleExistence(reading);
  settleUnseenSubnets(reading);
  settleUnseenConnections(reading);
  reading.settlePlaces();
  const list = <K extends NounKind>(kind: K): DraftNouns[K][] => {
    const map = reading.drafts[kind] as ReadonlyMap<ResourceId, DraftNouns[K]>;
    return [...map.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  };
  return {
    region: reading.region,
    vpcs: list('vpcs'),
    subnets: list('subnets'),
    routeTables: list('routeTables'),
    networkAcls: list('networkAcls'),
    securityGroups: list('securityGroups'),
    prefixLists: list('prefixLists'),
    interfaces: list('interfaces'),
    internetGateways: list('internetGateways'),
    egressOnlyGateways: list('egressOnlyGateways'),
    natGateways: list('natGateways'),
    vpnGateways: list('vpnGateways'),
    vpnConnections: list('vpnConnections'),
    peeringConnections: list('peeringConnections'),
    transitGateways: list('transitGateways'),
    transitGatewayAttachments: list('transitGatewayAttachments'),
    transitGatewayRouteTables: list('transitGatewayRouteTables'),
    vpcEndpoints: list('vpcEndpoints'),
    endpointServices: list('endpointServices'),
    loadBalancers: list('loadBalancers'),
    targetGroups: list('targetGroups'),
    firewalls: list('firewalls'),
    dataStores: list('dataStores'),
    bridges: list('bridges'),
    transfers: list('transfers'),
    unmodelled: list('unmodelled'),
    resourceCount: reading.resources.length,
  };
}
