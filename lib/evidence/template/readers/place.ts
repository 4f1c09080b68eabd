/**
 * Where a resource of any type stands, found by the property paths that AWS's specification gives for its type; for a
 * type that AWS does not publish, by what its properties refer to.
 */
import type { ResourceId } from '../../network';
import type { Resource } from '../resource';
import { KNOWN_TYPES, PLACES_OF_TYPE, type TypePlaces } from '../resource-types';
import type { NounKind } from './drafts';
import { at, type Item, isObject, itemsOf, type Property, referencesIn } from './property';
import type { Reading } from './reading';
import { nounOfReference } from './reference';
import { subnetsOfGroup } from './subnet-group';

/** The values at a path such as `Instances[].VpcConfig.SubnetIds`; conditions on the way leave choices. */
export function propertiesAt(property: Property, path: string): Property[] {
  const [head = '', ...rest] = path.split('.');
  const name = head.replace(/(\[\]|\{\})+$/, '');
  const value = at(property, name);
  const elements = head.endsWith('[]')
    ? itemsOf(value).map((item) => item.value)
    : head.endsWith('{}')
      ? valuesOf(value)
      : [value];
  return rest.length === 0 ? elements : elements.flatMap((element) => propertiesAt(element, rest.join('.')));
}

function valuesOf(property: Property): Property[] {
  return isObject(property) ? Object.values(property) : itemsOf(property).map((item) => item.value);
}

function placed(kind: NounKind, place: keyof TypePlaces, resource: Resource, reading: Reading): Item<ResourceId>[] {
  const paths = PLACES_OF_TYPE.get(resource.type)?.[place] ?? [];
  return paths.flatMap((path) =>
    propertiesAt(resource.properties, path).flatMap((property) => reading.references(kind, property, resource, path)),
  );
}

/** Every subnet that the resource names, itself or through a subnet group. */
export function placedSubnets(resource: Resource, reading: Reading): Item<ResourceId>[] {
  const direct = placed('subnets', 'subnets', resource, reading);
  const groups = (PLACES_OF_TYPE.get(resource.type)?.subnetGroups ?? []).flatMap((path) =>
    propertiesAt(resource.properties, path).flatMap((name) => subnetsOfGroup(name, resource, reading)),
  );
  return [...direct, ...groups, ...unpublished('subnets', resource, reading)];
}

export function placedGroups(resource: Resource, reading: Reading): Item<ResourceId>[] {
  return [
    ...placed('securityGroups', 'securityGroups', resource, reading),
    ...unpublished('securityGroups', resource, reading),
  ];
}

/** For a type that the specification does not know: what its references are. */
function unpublished(kind: NounKind, resource: Resource, reading: Reading): Item<ResourceId>[] {
  return KNOWN_TYPES.has(resource.type) ? [] : referencedIn(kind, resource, reading);
}

/** The nouns of a kind that any property refers to, e.g. the parameters of a stack whose template is not given. */
export function referencedIn(kind: NounKind, resource: Resource, reading: Reading): Item<ResourceId>[] {
  return referencesIn(resource.properties).flatMap(({ reference }) => {
    const value = nounOfReference(kind, reference, reading);
    return value === undefined ? [] : [{ value, certain: true }];
  });
}

/** The value of the exposure flags of a type, by the specification's paths. */
export function exposureOf(resource: Resource): Property {
  const [path] = PLACES_OF_TYPE.get(resource.type)?.exposure ?? [];
  return path === undefined ? undefined : propertiesAt(resource.properties, path)[0];
}

/** The VPC that the resource names. */
export function placedVpc(resource: Resource, reading: Reading): ResourceId | undefined {
  return placed('vpcs', 'vpcs', resource, reading)[0]?.value;
}
