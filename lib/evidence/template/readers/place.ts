/**
 * Where a resource of any type stands, found by the property paths that AWS's specification gives for its type; for a
 * type that AWS does not publish, by what its properties refer to.
 */
import type { ResourceId } from '../../network';
import type { Resource } from '../resource';
import { KNOWN_TYPES, PLACES_OF_TYPE, type TypePlaces } from '../resource-types';
import type { NounKind } from './drafts';
import { at, decidedReferencesIn, type Item, isObject, itemsOf, type Property, referencesIn } from './property';
import type { Reading } from './reading';
import { nounOfReference } from './reference';
import { subnetsOfGroup } from './subnet-group';

/** The values at a path such as `Instances[].VpcConfig.SubnetIds`; conditions on the way leave choices. */
export function itemsAt(property: Property, path: string): Item<Property>[] {
  return itemsBelow({ value: property, certain: true }, path.split('.'));
}

function itemsBelow({ value, certain, because }: Item<Property>, [head, ...rest]: readonly string[]): Item<Property>[] {
  if (head === undefined) return [{ value, certain, ...(because && { because }) }];
  const found = at(value, head.replace(/(\[\]|\{\})+$/, ''));
  const one: Item<Property> = { value: found, certain, ...(because && { because }) };
  const elements = head.endsWith('[]') ? itemsOf(found, certain, because) : head.endsWith('{}') ? valuesOf(one) : [one];
  return elements.flatMap((element) => itemsBelow(element, rest));
}

function valuesOf({ value, certain, because }: Item<Property>): Item<Property>[] {
  if (!isObject(value)) return itemsOf(value, certain, because);
  return Object.values(value).map((each) => ({ value: each, certain, ...(because && { because }) }));
}

function placed(kind: NounKind, place: keyof TypePlaces, resource: Resource, reading: Reading): Item<ResourceId>[] {
  const paths = PLACES_OF_TYPE.get(resource.type)?.[place] ?? [];
  return paths.flatMap((path) => {
    const items = itemsAt(resource.properties, path).flatMap((one) => itemsOf(one.value, one.certain, one.because));
    return reading.referencesOf(kind, items, resource, path);
  });
}

/** Every subnet that the resource names, itself or through a subnet group. */
export function placedSubnets(resource: Resource, reading: Reading): Item<ResourceId>[] {
  const direct = placed('subnets', 'subnets', resource, reading);
  const groups = (PLACES_OF_TYPE.get(resource.type)?.subnetGroups ?? []).flatMap((path) =>
    itemsAt(resource.properties, path).flatMap((name) =>
      subnetsOfGroup(name.value, resource, reading).map((one) => ({ ...one, certain: one.certain && name.certain })),
    ),
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
  const decided = new Set(decidedReferencesIn(resource.properties));
  return referencesIn(resource.properties).flatMap((found) => {
    const value = nounOfReference(kind, found.reference, reading);
    return value === undefined ? [] : [{ value, certain: decided.has(found) }];
  });
}

/** The value of the exposure flags of a type, by the specification's paths. */
export function exposureOf(resource: Resource): Property {
  const [path] = PLACES_OF_TYPE.get(resource.type)?.exposure ?? [];
  const [first] = path === undefined ? [] : itemsAt(resource.properties, path);
  return first?.because ?? first?.value;
}

/** The VPC that the resource names. */
export function placedVpc(resource: Resource, reading: Reading): ResourceId | undefined {
  for (const path of PLACES_OF_TYPE.get(resource.type)?.vpcs ?? []) {
    for (const { value } of itemsAt(resource.properties, path)) {
      const vpc = reading.reference('vpcs', value, resource, path);
      if (vpc !== undefined) return vpc;
    }
  }
  return undefined;
}
