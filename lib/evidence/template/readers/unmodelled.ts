/**
 * Types that no reader knows (fact 36). What holds a subnet or a security group is an interface of unknown behaviour;
 * what touches anything else of the network is said to do so. Nothing that the specification lists is passed over.
 */
import { type ResourceId, unknown } from '../../network';
import type { Resource } from '../resource';
import { KNOWN_TYPES, PLACES_OF_TYPE } from '../resource-types';
import type { NounKind } from './drafts';
import { addInterface } from './interface';
import { itemsAt, placedGroups, placedSubnets } from './place';
import { isAbsent, referencesIn } from './property';
import { type Reader, type Reading, unique } from './reading';
import { nounOfReference } from './reference';
import { ownGroup } from './workload';

const TOUCHABLE: readonly NounKind[] = [
  'vpcs',
  'subnets',
  'securityGroups',
  'routeTables',
  'networkAcls',
  'internetGateways',
  'egressOnlyGateways',
  'natGateways',
  'vpnGateways',
  'vpnConnections',
  'peeringConnections',
  'transitGateways',
  'transitGatewayAttachments',
  'transitGatewayRouteTables',
  'vpcEndpoints',
  'endpointServices',
  'loadBalancers',
  'targetGroups',
  'firewalls',
  'prefixLists',
  'interfaces',
];

/** The nouns that any property of a resource refers to. */
export function touchedBy(resource: Resource, reading: Reading): ResourceId[] {
  const found = referencesIn(resource.properties).flatMap(({ reference }) =>
    TOUCHABLE.flatMap((kind) => nounOfReference(kind, reference, reading) ?? []),
  );
  return unique(found).sort();
}

/** A type of the specification that holds a place in the network, or one that nobody published. */
export const unmodelledReader: Reader = {
  model: 'unknown',
  connect(resource, reading) {
    const touched = touchedBy(resource, reading);
    const subnets = placedSubnets(resource, reading);
    const groups = placedGroups(resource, reading);
    const reason = `\`${resource.type}\` is not modelled: what it does with what reaches it is not known`;
    if (subnets.length > 0 || groups.length > 0) addUnknownInterface(resource, reading, subnets, groups, reason);
    const isPlaced = subnets.length > 0 || groups.length > 0 || holdsAny(resource);
    if (!isPlaced && (KNOWN_TYPES.has(resource.type) || touched.length === 0)) return;
    const nouns = [...touched, ...subnets.map((item) => item.value), ...groups.map((item) => item.value)];
    reading.unmodelled(resource, reason, unique(nouns).sort());
  },
};

function holdsAny(resource: Resource): boolean {
  const places = Object.values(PLACES_OF_TYPE.get(resource.type) ?? {}) as (readonly string[])[];
  return places.some((paths) =>
    paths.some((path) => itemsAt(resource.properties, path).some(({ value }) => !isAbsent(value))),
  );
}

/** Under the groups it names, else under one that no template shows: AWS may make one for it. */
export function addUnknownInterface(
  resource: Resource,
  reading: Reading,
  subnets: ReturnType<typeof placedSubnets>,
  groups: ReturnType<typeof placedGroups>,
  reason: string,
): void {
  addInterface(resource, reading, {
    kind: 'unknown',
    subnets,
    securityGroups: groups.length > 0 ? groups : [ownGroup(resource)],
    publicIpv4: unknown(reason),
    ipv6: 'if-subnet-has',
    behaviour: 'unknown',
    reason,
  });
}
