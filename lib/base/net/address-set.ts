import { type Address, bitsOf, lastAddress, type Prefix, prefixOf } from './address';
import { type Diagram, FALSE, intersect, interval, isSubset, same, subtract, TRUE, union, unionAll } from './diagram';
import { holds, paths } from './diagram-paths';

/** Level 0 splits the families (0 = IPv4, 1 = IPv6), levels 1–4 the words; IPv4 uses the first word only. */
export const FAMILY_LEVEL = 0;
export const WORD_LEVEL = 1;
const MAX_WORD = 0xffffffff;

const maxOf = (level: number) => (level === FAMILY_LEVEL ? 1 : MAX_WORD);

function diagramOf(prefix: Prefix): Diagram {
  const last = lastAddress(prefix).words;
  let deeper: Diagram = TRUE;
  for (let index = prefix.words.length - 1; index >= 0; index--) {
    deeper = interval(WORD_LEVEL + index, MAX_WORD, prefix.words[index] as number, last[index] as number, deeper);
  }
  const family = prefix.family === 4 ? 0 : 1;
  return interval(FAMILY_LEVEL, 1, family, family, deeper);
}

/** A set of addresses of both families, exact and canonical. */
export class AddressSet {
  static readonly EMPTY = new AddressSet(FALSE);
  static readonly ALL = new AddressSet(TRUE);
  static readonly ALL_IPV4 = AddressSet.of({ family: 4, words: [0], length: 0 });
  static readonly ALL_IPV6 = AddressSet.of({ family: 6, words: [0, 0, 0, 0], length: 0 });

  /** For PacketSet; everyone else uses `of`. */
  constructor(readonly diagram: Diagram) {}

  static of(...prefixes: readonly Prefix[]): AddressSet {
    return new AddressSet(unionAll(prefixes.map(diagramOf)));
  }

  static ofAll(prefixes: readonly Prefix[]): AddressSet {
    return new AddressSet(unionAll(prefixes.map(diagramOf)));
  }

  static unionAll(sets: readonly AddressSet[]): AddressSet {
    return new AddressSet(unionAll(sets.map((set) => set.diagram)));
  }

  union(other: AddressSet): AddressSet {
    return new AddressSet(union(this.diagram, other.diagram));
  }

  intersect(other: AddressSet): AddressSet {
    return new AddressSet(intersect(this.diagram, other.diagram));
  }

  subtract(other: AddressSet): AddressSet {
    return new AddressSet(subtract(this.diagram, other.diagram));
  }

  isSubsetOf(other: AddressSet): boolean {
    return isSubset(this.diagram, other.diagram);
  }

  equals(other: AddressSet): boolean {
    return same(this.diagram, other.diagram);
  }

  isEmpty(): boolean {
    return this.diagram === FALSE;
  }

  has(address: Address): boolean {
    return holds(this.diagram, (level) =>
      level === FAMILY_LEVEL ? (address.family === 4 ? 0 : 1) : (address.words[level - WORD_LEVEL] ?? 0),
    );
  }

  /** The lowest address, IPv4 before IPv6; undefined where the set is empty. */
  sample(): Address | undefined {
    const first = this.ranges().next();
    return first.done ? undefined : { family: first.value.family, words: first.value.from };
  }

  /** The fewest prefixes that cover exactly this set, IPv4 first, in order. */
  prefixes(): Prefix[] {
    return [...this.ranges()].flatMap((range) => [...prefixesOfRange(range)]);
  }

  /** Maximal runs of consecutive addresses, in order. */
  private *ranges(): Generator<AddressRange> {
    let open: AddressRange | undefined;
    for (const path of this.familyPaths()) {
      for (const range of rangesOfPath(path.family, path.words)) {
        if (open && open.family === range.family && follows(open.to, range.from)) {
          open = { ...open, to: range.to };
        } else {
          if (open) yield open;
          open = range;
        }
      }
    }
    if (open) yield open;
  }

  private *familyPaths(): Generator<{ family: 4 | 6; words: [number, number][] }> {
    for (const family of [4, 6] as const) {
      const all = family === 4 ? { family, words: [0], length: 0 } : { family, words: [0, 0, 0, 0], length: 0 };
      const part = intersect(this.diagram, diagramOf(all));
      for (const path of paths(part, maxOf)) {
        const words: [number, number][] = Array.from({ length: bitsOf(family) / 32 }, () => [0, MAX_WORD]);
        for (const { level, from, to } of path) if (level >= WORD_LEVEL) words[level - WORD_LEVEL] = [from, to];
        yield { family, words };
      }
    }
  }
}

interface AddressRange {
  readonly family: 4 | 6;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** A path is a box of words; only where every later word is full is it one run of addresses. */
function* rangesOfPath(family: 4 | 6, words: readonly (readonly [number, number])[]): Generator<AddressRange> {
  let last = words.length - 1;
  while (last > 0 && words[last]?.[0] === 0 && words[last]?.[1] === MAX_WORD) last--;
  const split = words.slice(0, last).findIndex(([from, to]) => from !== to);
  if (split < 0) {
    yield { family, from: words.map(([from]) => from), to: words.map(([, to]) => to) };
    return;
  }
  // A box whose earlier word spans several values while a later one is partial: one run per value of the earlier word.
  // Prefixes never make such boxes, and differences of prefixes make few; the count is bounded by what they cut out.
  const [from, to] = words[split] as readonly [number, number];
  for (let value = from; value <= to; value++) {
    const fixed = words.map((word, index) => (index === split ? ([value, value] as const) : word));
    yield* rangesOfPath(family, fixed);
  }
}

function follows(end: readonly number[], start: readonly number[]): boolean {
  let carry = 1;
  for (let index = end.length - 1; index >= 0; index--) {
    const sum = (end[index] as number) + carry;
    if (sum % 4294967296 !== start[index]) return false;
    carry = sum >= 4294967296 ? 1 : 0;
  }
  return carry === 0;
}

/** The fewest prefixes that cover a run of addresses. */
function* prefixesOfRange(range: AddressRange): Generator<Prefix> {
  const bits = bitsOf(range.family);
  const toBig = (words: readonly number[]) => words.reduce((value, word) => (value << 32n) + BigInt(word), 0n);
  const toWords = (value: bigint) =>
    range.from.map((_, index) => Number((value >> BigInt(bits - 32 * (index + 1))) & 0xffffffffn));
  let start = toBig(range.from);
  const end = toBig(range.to);
  while (start <= end) {
    let size = 0;
    while (size < bits && start % (1n << BigInt(size + 1)) === 0n && start + (1n << BigInt(size + 1)) - 1n <= end)
      size++;
    yield prefixOf({ family: range.family, words: toWords(start) }, bits - size);
    start += 1n << BigInt(size);
  }
}
