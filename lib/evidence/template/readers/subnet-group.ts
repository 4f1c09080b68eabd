/**
 * Subnet groups: names for lists of subnets, by `Ref` or by the literal name that they are given. They have no effect
 * of their own; what is placed by them stands in their subnets.
 */
import type { ResourceId } from '../../network';
import { ReferenceValue, type Resource } from '../resource';
import { alternatives, at, type Item, isAbsent, type Property, plainText } from './property';
import type { Reader, Readers, Reading } from './reading';

/** Where each kind of group keeps its name and its subnets. */
export const SUBNET_GROUPS: Readonly<Record<string, { readonly name?: string; readonly subnets: string }>> = {
  'AWS::RDS::DBSubnetGroup': { name: 'DBSubnetGroupName', subnets: 'SubnetIds' },
  'AWS::DocDB::DBSubnetGroup': { name: 'DBSubnetGroupName', subnets: 'SubnetIds' },
  'AWS::Neptune::DBSubnetGroup': { name: 'DBSubnetGroupName', subnets: 'SubnetIds' },
  'AWS::ElastiCache::SubnetGroup': { name: 'CacheSubnetGroupName', subnets: 'SubnetIds' },
  'AWS::MemoryDB::SubnetGroup': { name: 'SubnetGroupName', subnets: 'SubnetIds' },
  'AWS::DAX::SubnetGroup': { name: 'SubnetGroupName', subnets: 'SubnetIds' },
  'AWS::Redshift::ClusterSubnetGroup': { subnets: 'SubnetIds' },
  'AWS::DMS::ReplicationSubnetGroup': { name: 'ReplicationSubnetGroupIdentifier', subnets: 'SubnetIds' },
};

const serviceOf = (type: string) => type.split('::')[1] ?? '';

/** RDS, DocumentDB and Neptune keep their groups in one place: a name of one is a name of all. */
const nameSpaceOf = (type: string) => (/^(RDS|DocDB|Neptune)$/.test(serviceOf(type)) ? 'RDS' : serviceOf(type));

/** The subnets of the group that a property names; an unseen subnet where no template shows the group. */
export function subnetsOfGroup(property: Property, resource: Resource, reading: Reading): Item<ResourceId>[] {
  return alternatives(property).flatMap(({ value, certain }) => {
    if (isAbsent(value)) return [];
    const group = groupOf(value, resource, reading);
    const found = group
      ? reading.references(
          'subnets',
          at(group.properties, SUBNET_GROUPS[group.type]?.subnets ?? ''),
          group,
          'SubnetIds',
        )
      : reading.references('subnets', value, resource, 'SubnetGroupName');
    return found.map((item) => ({ value: item.value, certain: item.certain && certain && (group?.certain ?? true) }));
  });
}

function groupOf(name: Property, resource: Resource, reading: Reading): Resource | undefined {
  if (name instanceof ReferenceValue) {
    const group = reading.resource(name.reference.resource);
    return group && SUBNET_GROUPS[group.type] ? group : undefined;
  }
  const literal = plainText(name)?.toLowerCase();
  if (literal === undefined) return undefined;
  return reading.cached('subnet groups by name', groupsByName).get(`${nameSpaceOf(resource.type)}\n${literal}`);
}

/** AWS keeps the names of subnet groups in lower case. */
function groupsByName(reading: Reading): ReadonlyMap<string, Resource> {
  const index = new Map<string, Resource>();
  for (const [type, { name }] of Object.entries(SUBNET_GROUPS)) {
    for (const group of reading.ofType(type)) {
      const literal = name === undefined ? undefined : plainText(group.properties[name]);
      if (literal !== undefined) index.set(`${nameSpaceOf(type)}\n${literal.toLowerCase()}`, group);
    }
  }
  return index;
}

/** Whether a property names a subnet group that the templates make. */
export function isShownGroup(property: Property, resource: Resource, reading: Reading): boolean {
  return groupOf(property, resource, reading) !== undefined;
}

const named: Reader = { model: 'exact', noEffect: 'it names subnets; what is placed by it is read with it' };

export const subnetGroupReaders: Readers = Object.fromEntries(Object.keys(SUBNET_GROUPS).map((type) => [type, named]));
