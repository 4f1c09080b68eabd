/**
 * Which reader reads which type, and how well: the one table from which the model's documentation is made.
 */
import type { Resource } from '../resource';
import { KNOWN_TYPES, PLACES_OF_TYPE } from '../resource-types';
import { accessPointReaders } from './access-point';
import { blockPublicAccessReaders } from './block-public-access';
import { containerReaders } from './container';
import { copyReaders } from './copies';
import { customResourceReaders, otherCustomResource } from './custom-resource';
import { dataStoreReaders } from './data-store';
import { databaseReaders } from './database';
import { deliveryReaders } from './deliveries';
import { eventDoorReaders } from './event-doors';
import { fileSystemReaders } from './file-system';
import { firewallReaders } from './firewall';
import { functionReaders } from './function';
import { functionDoorReaders } from './function-doors';
import { gatewayReaders } from './gateway';
import { guestReaders } from './guests';
import { instanceReaders } from './instance';
import { latticeReaders } from './lattice';
import { launcherReaders } from './launcher';
import { loadBalancerReaders } from './load-balancer';
import { networkAclReaders } from './network-acl';
import { peeringReaders } from './peering';
import { prefixListReaders } from './prefix-list';
import { privateDoorReaders } from './private-doors';
import type { Reader, Readers } from './reading';
import { isCustomResource } from './reference';
import { routeTableReaders } from './route-table';
import { securityGroupReaders } from './security-group';
import { subnetReaders } from './subnet';
import { subnetGroupReaders } from './subnet-group';
import { targetGroupReaders } from './target-group';
import { transitGatewayReaders } from './transit-gateway';
import { unmodelledReader } from './unmodelled';
import { vpcReaders } from './vpc';
import { vpcEndpointReaders } from './vpc-endpoint';
import { vpnReaders } from './vpn';
import { wayInReaders } from './way-in';
import { withoutEffectReaders } from './without-effect';
import { workloadReaders } from './workload';

const READERS: Readers = {
  ...vpcReaders,
  ...subnetReaders,
  ...routeTableReaders,
  ...networkAclReaders,
  ...securityGroupReaders,
  ...prefixListReaders,
  ...gatewayReaders,
  ...instanceReaders,
  ...loadBalancerReaders,
  ...targetGroupReaders,
  ...vpcEndpointReaders,
  ...peeringReaders,
  ...transitGatewayReaders,
  ...vpnReaders,
  ...subnetGroupReaders,
  ...firewallReaders,
  ...databaseReaders,
  ...containerReaders,
  ...functionReaders,
  ...functionDoorReaders,
  ...eventDoorReaders,
  ...privateDoorReaders,
  ...fileSystemReaders,
  ...workloadReaders,
  ...guestReaders,
  ...launcherReaders,
  ...wayInReaders,
  ...latticeReaders,
  ...dataStoreReaders,
  ...accessPointReaders,
  ...copyReaders,
  ...deliveryReaders,
  ...blockPublicAccessReaders,
  ...withoutEffectReaders,
  ...customResourceReaders,
};

/**
 * The reader of a resource; undefined for types that AWS publishes without a place in the network (IAM, S3, KMS, Logs …),
 * which are most of them.
 */
export function readerOf({ type }: Pick<Resource, 'type'>): Reader | undefined {
  if (Object.hasOwn(READERS, type)) return READERS[type];
  if (isCustomResource(type)) return otherCustomResource;
  return KNOWN_TYPES.has(type) && !PLACES_OF_TYPE.has(type) ? undefined : unmodelledReader;
}

/** Whether resources of a type have a place in the network, or may have. */
export function hasReader(type: string): boolean {
  return readerOf({ type }) !== undefined;
}

const BESIDE: readonly Readers[] = [
  dataStoreReaders,
  accessPointReaders,
  copyReaders,
  deliveryReaders,
  eventDoorReaders,
];

/** Whether packets have nothing to do with a type: what holds data is reached through APIs. */
export function isBesideNetwork(type: string): boolean {
  return !hasReader(type) || BESIDE.some((readers) => Object.hasOwn(readers, type));
}

/**
 * Every type that touches the network, and how well it is modelled. Types that AWS's specification lists with a place in
 * the network and that no reader knows are `unknown`.
 */
export const MODELLED: Readonly<Record<string, Reader['model']>> = Object.fromEntries(
  [...new Set([...PLACES_OF_TYPE.keys(), ...Object.keys(READERS)])]
    .sort()
    .map((type) => [type, READERS[type]?.model ?? 'unknown']),
);

/** Types that hold a reference to the network without an effect on what can be reached, each with the reason. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(READERS).flatMap(([type, { noEffect }]) => (noEffect === undefined ? [] : [[type, noEffect]])),
);
