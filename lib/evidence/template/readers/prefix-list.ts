/**
 * Prefix lists: those the template makes, and those that AWS keeps (fact 7).
 */
import { type ResourceId, unknown } from '../../network';
import { at, itemsOf, numberOf } from './property';
import { knownOf, originOf, type Reader, type Readers, type Reading } from './reading';

const prefixList: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const entries = itemsOf(at(properties, 'Entries')).map((entry) => {
      const range = reading.prefix(at(entry.value, 'Cidr')) ?? unknown('an entry without a range');
      return entry.certain ? range : unknown('an entry that a condition leaves open');
    });
    const maxEntries = knownOf(numberOf(at(properties, 'MaxEntries')));
    reading.add('prefixLists', {
      id,
      origin: originOf(resource),
      certain,
      entries,
      ...(maxEntries !== undefined && { maxEntries }),
    });
    reading.name('prefixLists', properties.PrefixListName, id);
  },
};

/**
 * Ids of AWS-managed lists that AWS publishes and that are the same in every account of a region, and the names, which
 * are `com.amazonaws.<region>.<service>` or `com.amazonaws.global.<service>`.
 */
const MANAGED_NAME = /^com\.amazonaws\.[a-z0-9-]+\.([a-z0-9.-]+)$/;

/** Writes down whose ranges a list holds, where its name says so. */
export function describeManagedList(id: ResourceId, reading: Reading): void {
  const list = reading.get('prefixLists', id);
  const service = MANAGED_NAME.exec(id)?.[1] ?? MANAGED_IDS[id];
  if (list?.external && service !== undefined) list.service = service;
}

/**
 * The published ids of the S3 and DynamoDB lists, by which templates name them. Source: the managed prefix lists of each
 * region as AWS documents them; an id that is not here stays unknown, which is safe.
 */
const MANAGED_IDS: Readonly<Record<string, string>> = {
  'pl-63a5400a': 's3',
  'pl-02cd2c6b': 'dynamodb',
  'pl-7ba54012': 's3',
  'pl-4ca54025': 'dynamodb',
  'pl-68a54001': 's3',
  'pl-00a54069': 'dynamodb',
  'pl-6da54004': 's3',
  'pl-6fa54006': 'dynamodb',
  'pl-7ca54015': 's3',
  'pl-b3a742da': 'dynamodb',
  'pl-6ea54007': 's3',
  'pl-66a5400f': 'dynamodb',
  'pl-3b927c52': 'cloudfront',
  'pl-93a247fa': 'cloudfront',
  'pl-4fa04526': 'cloudfront',
};

export const prefixListReaders: Readers = {
  'AWS::EC2::PrefixList': prefixList,
};
