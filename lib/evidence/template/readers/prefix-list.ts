/**
 * Prefix lists: those the template makes, and those that AWS keeps (fact 7).
 */
import type { Prefix } from '../../../base/net';
import { ofFamily, unknown, type Value } from '../../network';
import { at, itemsOf, numberOf, plainText } from './property';
import { knownOf, originOf, type Reader, type Readers, type Reading } from './reading';

const FAMILIES: ReadonlyMap<string | undefined, 4 | 6> = new Map([
  ['IPv4', 4],
  ['IPv6', 6],
]);

const prefixList: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const family = FAMILIES.get(plainText(at(properties, 'AddressFamily')));
    const entries = itemsOf(at(properties, 'Entries')).map((entry): Value<Prefix> => {
      const because = unknown(entry.because?.reason ?? 'an entry may not be there', entry.because?.parameters);
      const range = entry.certain ? reading.prefix(at(entry.value, 'Cidr')) : because;
      const known = range ?? unknown('an entry without a range');
      return family === undefined ? known : ofFamily(known, family);
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

/** Names of the lists that AWS keeps; a literal id, which says nothing of its service, stays unknown. */
const MANAGED_NAME = /^com\.amazonaws\.[a-z0-9-]+\.([a-z0-9.-]+)$/;

/** Writes down whose ranges an AWS-managed list holds, where its name says so. */
export function settleManagedLists(reading: Reading): void {
  for (const list of reading.drafts.prefixLists.values()) {
    const service = MANAGED_NAME.exec(list.id)?.[1];
    if (list.external && service !== undefined) list.service = service;
  }
}

export const prefixListReaders: Readers = {
  'AWS::EC2::PrefixList': prefixList,
};
