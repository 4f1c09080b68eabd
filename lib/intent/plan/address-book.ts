/**
 * Who has which range, and the law that adding one never moves another.
 *
 * A name's natural place in its container is a hash of the name: it asks nothing about its neighbours, so neighbours
 * that come or go cannot move it. Two names whose places overlap are the one case where that is not enough: without a
 * memory nobody can say which of them was there first. The ledger is that memory. A name with a pinned range has that
 * range; a name in the ledger keeps its range; only names in neither are placed, around all the others.
 *
 * Law (`ledger`): every name in the ledger keeps its range, whatever is added.
 * Law (`no ledger`): where nothing was displaced, every unpinned name is at its natural place, whatever else exists.
 */
import {
  addressAt,
  comparePrefixes,
  formatPrefix,
  type Prefix,
  prefixContains,
  prefixesOverlap,
  prefixOf,
  tryParsePrefix,
} from '../../base/net';
import type { AddressLedger } from './network-plan';
import { stableHash } from './stable-hash';

export interface RangeRequest {
  /** unique in the ledger */
  readonly key: string;
  /** prefix length asked for */
  readonly length: number;
  readonly pinned?: Prefix;
}

export interface Placement {
  readonly ranges: ReadonlyMap<string, Prefix>;
  /** keys that another one kept from their natural place, sorted: only the ledger keeps these still */
  readonly displaced: readonly string[];
  /** keys for which no room was left, sorted */
  readonly unplaced: readonly string[];
  /** pairs of pinned or recorded ranges that overlap */
  readonly overlaps: readonly (readonly [string, string])[];
}

/**
 * Places every request in `container`. `reserved` ranges are taken; `tail` is the part of the container, at its end, that
 * is given out last, when nothing else is free.
 */
export function placeRanges(
  container: Prefix | undefined,
  requests: readonly RangeRequest[],
  ledger: AddressLedger,
  tail: readonly Prefix[] = [],
): Placement {
  const ranges = new Map<string, Prefix>();
  const open: RangeRequest[] = [];
  for (const request of [...requests].sort(bySize)) {
    const fixed = request.pinned ?? recordedRange(request, ledger, container);
    if (fixed) ranges.set(request.key, fixed);
    else open.push(request);
  }
  const overlaps = overlappingPairs(ranges);
  const taken = [...ranges.values()];
  const displaced: string[] = [];
  const unplaced: string[] = [];
  for (const request of open) {
    const place = container ? firstFree(container, request, taken, tail) : undefined;
    if (!container || !place) {
      unplaced.push(request.key);
      continue;
    }
    if (comparePrefixes(place, naturalRange(container, request, tail)) !== 0) displaced.push(request.key);
    ranges.set(request.key, place);
    taken.push(place);
  }
  return { ranges, displaced, unplaced, overlaps };
}

/** Where the name would be if it were alone. */
export function naturalRange(container: Prefix, request: RangeRequest, tail: readonly Prefix[] = []): Prefix {
  const { start } = slotsOf(container, request, tail);
  return slotOf(container, request.length, start);
}

/** A recorded range counts only while it still has the length asked for and lies where it belongs. */
function recordedRange(request: RangeRequest, ledger: AddressLedger, container?: Prefix): Prefix | undefined {
  const text = ledger[request.key];
  const range = text === undefined ? undefined : tryParsePrefix(text);
  if (!range || range.length !== request.length) return undefined;
  return container && !prefixContains(container, range) ? undefined : range;
}

function firstFree(
  container: Prefix,
  request: RangeRequest,
  taken: readonly Prefix[],
  tail: readonly Prefix[],
): Prefix | undefined {
  if (request.length < container.length) return undefined;
  const { count, preferred, start } = slotsOf(container, request, tail);
  for (let step = 0; step < count; step++) {
    const slot = slotOf(container, request.length, step < preferred ? (start + step) % preferred : step);
    if (!taken.some((range) => prefixesOverlap(range, slot))) return slot;
  }
  return undefined;
}

/** How many places there are, how many lie before the tail, and which of those is the name's own. */
function slotsOf(container: Prefix, request: RangeRequest, tail: readonly Prefix[]) {
  const count = 2 ** Math.max(0, request.length - container.length);
  const first = (container.words[0] ?? 0) >>> 0;
  const size = 2 ** (32 - request.length);
  const before = Math.min(count, ...tail.map((range) => Math.floor(((range.words[0] ?? 0) - first) / size)));
  const preferred = before > 0 ? before : count;
  return { count, preferred, start: stableHash(request.key) % preferred };
}

/** The `index`-th range of `length` bits in the container. */
export function slotOf(container: Prefix, length: number, index: number): Prefix {
  return prefixOf(addressAt(container, index * 2 ** (32 - length)), length);
}

function overlappingPairs(ranges: ReadonlyMap<string, Prefix>): [string, string][] {
  const sorted = [...ranges].sort((a, b) => comparePrefixes(a[1], b[1]));
  const pairs: [string, string][] = [];
  sorted.forEach(([key, range], index) => {
    for (const [other, next] of sorted.slice(index + 1)) {
      if (!prefixesOverlap(range, next)) break;
      pairs.push([key, other]);
    }
  });
  return pairs;
}

export function ledgerEntry(range: Prefix): string {
  return formatPrefix(range);
}

/** Large ones first: then whatever is placed leaves whole places for what follows, and all fit that can fit. */
function bySize(a: RangeRequest, b: RangeRequest): number {
  return a.length - b.length || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
}
