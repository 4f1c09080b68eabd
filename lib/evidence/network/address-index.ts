/**
 * Nouns by the ranges they have: whose an address may be, without asking each of them.
 */
import type { Address, Prefix } from '../../base/net';
import { isUnknown, type Value } from './value';

interface Placed<Item> {
  /** position among all items: answers keep that order */
  readonly at: number;
  readonly item: Item;
}

export class AddressIndex<Item> {
  /** for each family and prefix length that occurs, the items by the bits that such a prefix fixes */
  private readonly tables = new Map<number, Map<string, Placed<Item>[]>>();
  /** items whose ranges are not all known may have any address */
  private readonly anywhere: Placed<Item>[] = [];

  constructor(items: readonly Item[], rangesOf: (item: Item) => readonly Value<Prefix>[]) {
    for (const [at, item] of items.entries()) {
      const ranges = rangesOf(item);
      if (ranges.length === 0 || ranges.some(isUnknown)) this.anywhere.push({ at, item });
      else for (const range of ranges) if (!isUnknown(range)) this.add(range, { at, item });
    }
  }

  /** Every item that has the address in a known range, or whose ranges are not all known; in the order of the items. */
  mayHold(address: Address): Item[] {
    const found = [...this.anywhere];
    for (const [key, table] of this.tables) {
      const length = key >> 1;
      if (familyKey(address, length) === key) found.push(...(table.get(bitsOf(address, length)) ?? []));
    }
    const distinct = new Map(found.map(({ at, item }) => [at, item]));
    return [...distinct].sort(([a], [b]) => a - b).map(([, item]) => item);
  }

  private add(range: Prefix, placed: Placed<Item>): void {
    const key = familyKey(range, range.length);
    const table = this.tables.get(key) ?? new Map<string, Placed<Item>[]>();
    this.tables.set(key, table);
    const bits = bitsOf(range, range.length);
    const list = table.get(bits);
    if (list) list.push(placed);
    else table.set(bits, [placed]);
  }
}

function familyKey({ family }: Address, length: number): number {
  return length * 2 + (family === 4 ? 0 : 1);
}

function bitsOf({ words }: Address, length: number): string {
  let bits = '';
  for (let at = 0, left = length; left > 0; at++, left -= 32) {
    const word = words[at] ?? 0;
    bits += `${left >= 32 ? word : word >>> (32 - left)} `;
  }
  return bits;
}
