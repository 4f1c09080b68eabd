/**
 * Interval decision diagrams: sets over a fixed sequence of bounded integers ("levels"), the engine room of
 * AddressSet and PacketSet.
 *
 * A node at a level splits that level's values into consecutive intervals, each with a child that speaks of deeper
 * levels only. A level that does not matter has no node. Invariants, kept by `nodeFrom`:
 *  - neighbouring intervals have different children (reduced), and a node has at least two children;
 *  - children have deeper levels than their parent (ordered).
 * So equal sets have equal diagrams, whatever order they were built in. Nodes are shared through a table, which makes
 * equality a pointer comparison almost always; the table may be dropped at any time, because `same` falls back to structure.
 */

/** Deeper than every level: the two terminals. */
export const TERMINAL = 99;

/** What a node has beyond its first three intervals. */
interface Rest {
  readonly starts: readonly number[];
  readonly children: readonly Diagram[];
}

/**
 * A node. There are millions, and nearly all have two or three intervals: these are fields of the node itself, where two
 * arrays would take twice the memory of all the rest. In here values are kept less 2^31 (`coded`): V8 has numbers that fit
 * in 32 bits with a sign in place, and all others somewhere else.
 */
export interface Diagram {
  readonly id: number;
  readonly hash: number;
  readonly level: number;
  /** how many intervals */
  readonly width: number;
  /** first values of the second and the third interval; ask `startOf` */
  readonly start1: number;
  readonly start2: number;
  /** ask `childOf` */
  readonly child0: Diagram | undefined;
  readonly child1: Diagram | undefined;
  readonly child2: Diagram | undefined;
  readonly rest: Rest | undefined;
}

const IN_PLACE = 3;
export const HALF = 2 ** 31;
/** 0, coded. */
const FIRST = -HALF | 0;

export function coded(value: number): number {
  return (value - HALF) | 0;
}

/** First value of an interval, coded. */
export function startOf(diagram: Diagram, at: number): number {
  if (at === 1) return diagram.start1;
  if (at === 2) return diagram.start2;
  return at === 0 ? FIRST : (diagram.rest?.starts[at - IN_PLACE] as number);
}

export function childOf(diagram: Diagram, at: number): Diagram {
  if (at === 0) return diagram.child0 as Diagram;
  if (at === 1) return diagram.child1 as Diagram;
  if (at === 2) return diagram.child2 as Diagram;
  return diagram.rest?.children[at - IN_PLACE] as Diagram;
}

/** All nodes are made here: V8 is fastest where all objects have one shape. */
function node(
  id: number,
  hash: number,
  level: number,
  width: number,
  start1 = 0,
  start2 = 0,
  child0?: Diagram,
  child1?: Diagram,
  child2?: Diagram,
  rest?: Rest,
): Diagram {
  return { id, hash, level, width, start1, start2, child0, child1, child2, rest };
}

export const FALSE = node(0, 1, TERMINAL, 0);
export const TRUE = node(1, 2, TERMINAL, 0);

let nextId = 2;
/**
 * Open addressing by hash. Sharing only saves work, so nodes need not be remembered for ever: a table that is full becomes
 * the one before. Its nodes move on when they are met again; what nobody meets goes with the next.
 */
const SHARED_LIMIT = 1 << 18;
let shared: (Diagram | undefined)[] = new Array(1 << 14);
/** The hash in each slot, so that looking for a node touches only nodes that it may be. */
let sharedHashes = new Int32Array(1 << 14);
let sharedBefore: typeof shared = [];
let hashesBefore = new Int32Array(0);
let sharedCount = 0;

/** Whether two diagrams are the same set. */
export function same(a: Diagram, b: Diagram): boolean {
  if (a === b) return true;
  if (a.hash !== b.hash || a.level !== b.level || a.level === TERMINAL) return false;
  if (a.width !== b.width) return false;
  for (let at = 0; at < a.width; at++) {
    if (startOf(a, at) !== startOf(b, at) || !same(childOf(a, at), childOf(b, at))) return false;
  }
  return true;
}

/**
 * Intervals of the nodes that are being built, one node's above its parent's: most turn out to be shared already, and
 * those cost no memory. A builder notes `depth`, pushes its intervals, and hands them to `nodeFrom`, which takes them off.
 */
const openStarts: number[] = [];
const openChildren: Diagram[] = [];
let depth = 0;

/** A value that goes on as the one before it is the same interval. */
function open(base: number, start: number, child: Diagram): void {
  if (depth > base && same(openChildren[depth - 1] as Diagram, child)) return;
  openStarts[depth] = start;
  openChildren[depth] = child;
  depth++;
}

/** The reduced, shared node for the intervals that were opened above `base`. */
function nodeFrom(base: number, level: number): Diagram {
  const end = depth;
  depth = base;
  if (end === base + 1) return openChildren[base] as Diagram;
  let hash = level + 17;
  for (let at = base; at < end; at++) {
    hash = (Math.imul(hash, 31) + (openStarts[at] as number)) | 0;
    hash = (Math.imul(hash, 31) + (openChildren[at] as Diagram).hash) | 0;
  }
  const mask = shared.length - 1;
  let slot = slotOf(hash, mask);
  for (let other = shared[slot]; other; other = shared[slot]) {
    if (sharedHashes[slot] === hash && isOpen(other, level, base, end)) return other;
    slot = (slot + 1) & mask;
  }
  const made = sharedEarlier(hash, level, base, end) ?? opened(hash, level, base, end);
  shared[slot] = made;
  sharedHashes[slot] = hash;
  if (++sharedCount * 2 > shared.length) growShared();
  return made;
}

/** A new node of the intervals that are open from `base` to `end`. */
function opened(hash: number, level: number, base: number, end: number): Diagram {
  const width = end - base;
  const third = width > 2;
  const rest =
    width > IN_PLACE
      ? { starts: openStarts.slice(base + IN_PLACE, end), children: openChildren.slice(base + IN_PLACE, end) }
      : undefined;
  return node(
    nextId++,
    hash,
    level,
    width,
    openStarts[base + 1] as number,
    third ? (openStarts[base + 2] as number) : 0,
    openChildren[base],
    openChildren[base + 1],
    third ? openChildren[base + 2] : undefined,
    rest,
  );
}

function sharedEarlier(hash: number, level: number, base: number, end: number): Diagram | undefined {
  const mask = sharedBefore.length - 1;
  if (mask < 0) return undefined;
  let slot = slotOf(hash, mask);
  for (let other = sharedBefore[slot]; other; other = sharedBefore[slot]) {
    if (hashesBefore[slot] === hash && isOpen(other, level, base, end)) return other;
    slot = (slot + 1) & mask;
  }
  return undefined;
}

/** Whether a diagram is the node whose intervals are open from `base` to `end`. */
function isOpen(diagram: Diagram, level: number, base: number, end: number): boolean {
  if (diagram.level !== level || diagram.width !== end - base) return false;
  for (let at = base; at < end; at++) {
    if (startOf(diagram, at - base) !== openStarts[at]) return false;
    if (!same(childOf(diagram, at - base), openChildren[at] as Diagram)) return false;
  }
  return true;
}

function slotOf(hash: number, mask: number): number {
  const slot = Math.imul(hash, 0x9e3779b1) >>> 0;
  return (slot ^ (slot >>> 15)) & mask;
}

function growShared(): void {
  const old = shared;
  const isFull = old.length >= SHARED_LIMIT;
  if (isFull) {
    sharedBefore = old;
    hashesBefore = sharedHashes;
    sharedCount = 0;
  }
  shared = new Array(isFull ? SHARED_LIMIT : old.length * 2);
  sharedHashes = new Int32Array(shared.length);
  if (isFull) return;
  const mask = shared.length - 1;
  for (const diagram of old) {
    if (!diagram) continue;
    let slot = slotOf(diagram.hash, mask);
    while (shared[slot]) slot = (slot + 1) & mask;
    shared[slot] = diagram;
    sharedHashes[slot] = diagram.hash;
  }
}

/** Values of `level` within any of the intervals (inclusive, in any order, may overlap), and anything deeper. */
export function within(level: number, max: number, intervals: readonly (readonly [number, number])[]): Diagram {
  const sorted = intervals.length < 2 ? intervals : [...intervals].sort((a, b) => a[0] - b[0]);
  const base = depth;
  let next = 0;
  for (const [from, to] of sorted) {
    if (from > to || to < next) continue;
    if (from > next) open(base, coded(next), FALSE);
    open(base, coded(Math.max(from, next)), TRUE);
    next = to + 1;
  }
  if (next <= max) open(base, coded(next), FALSE);
  return nodeFrom(base, level);
}

/** Restricts `deeper` (levels below `level`) to one interval of `level`. */
export function interval(level: number, max: number, from: number, to: number, deeper: Diagram): Diagram {
  if (deeper === FALSE) return FALSE;
  const base = depth;
  if (from > 0) open(base, FIRST, FALSE);
  open(base, coded(from), deeper);
  if (to < max) open(base, coded(to + 1), FALSE);
  return nodeFrom(base, level);
}

/** The diagram whose values within each of the parts (in order, apart) go on with its child, and elsewhere nowhere. */
export function split(level: number, max: number, parts: readonly (readonly [number, number, Diagram])[]): Diagram {
  let last = -1;
  for (const [from, to, child] of parts) {
    if (from <= last || to < from || to > max || child.level <= level) throw new RangeError('a diagram out of order');
    last = to;
  }
  const base = depth;
  let next = 0;
  for (const [from, to, child] of parts) {
    if (from > next) open(base, coded(next), FALSE);
    open(base, coded(from), child);
    next = to + 1;
  }
  if (next <= max) open(base, coded(next), FALSE);
  return nodeFrom(base, level);
}

const OR = 0;
const AND = 1;
const MINUS = 2;
type Operation = typeof OR | typeof AND | typeof MINUS;

/** Results of recent operations, direct-mapped: a lost entry costs time, never correctness. */
const CACHE_SIZE = 1 << 16;
const cacheLeft: (Diagram | undefined)[] = new Array(CACHE_SIZE);
const cacheRight: (Diagram | undefined)[] = new Array(CACHE_SIZE);
const cacheResult: (Diagram | undefined)[] = new Array(CACHE_SIZE);
const cacheOperation = new Uint8Array(CACHE_SIZE);

export function union(a: Diagram, b: Diagram): Diagram {
  return apply(OR, a, b);
}

export function intersect(a: Diagram, b: Diagram): Diagram {
  return apply(AND, a, b);
}

export function subtract(a: Diagram, b: Diagram): Diagram {
  return apply(MINUS, a, b);
}

function shortcut(operation: Operation, a: Diagram, b: Diagram): Diagram | undefined {
  switch (operation) {
    case OR:
      return a === TRUE || b === TRUE ? TRUE : a === FALSE || a === b ? b : b === FALSE ? a : undefined;
    case AND:
      return a === FALSE || b === FALSE ? FALSE : a === TRUE || a === b ? b : b === TRUE ? a : undefined;
    default:
      return a === FALSE || b === TRUE || a === b ? FALSE : b === FALSE ? a : undefined;
  }
}

function apply(operation: Operation, a: Diagram, b: Diagram): Diagram {
  const known = shortcut(operation, a, b);
  if (known) return known;
  const slot = (Math.imul(a.id, 0x9e3779b1) ^ Math.imul(b.id, 0x85ebca6b) ^ operation) & (CACHE_SIZE - 1);
  if (cacheLeft[slot] === a && cacheRight[slot] === b && cacheOperation[slot] === operation) {
    return cacheResult[slot] as Diagram;
  }
  const result = merge(operation, a, b);
  cacheLeft[slot] = a;
  cacheRight[slot] = b;
  cacheOperation[slot] = operation;
  cacheResult[slot] = result;
  return result;
}

function merge(operation: Operation, a: Diagram, b: Diagram): Diagram {
  const level = Math.min(a.level, b.level);
  // A diagram to which the level does not matter has one interval there: itself.
  const aCount = a.level === level ? a.width : 1;
  const bCount = b.level === level ? b.width : 1;
  const base = depth;
  let i = 0;
  let j = 0;
  let start = FIRST;
  for (;;) {
    const left = aCount === 1 ? a : childOf(a, i);
    const right = bCount === 1 ? b : childOf(b, j);
    open(base, start, apply(operation, left, right));
    if (i + 1 === aCount) {
      if (++j === bCount) break;
      start = startOf(b, j);
    } else if (j + 1 === bCount) {
      start = startOf(a, ++i);
    } else {
      const aNext = startOf(a, i + 1);
      const bNext = startOf(b, j + 1);
      start = Math.min(aNext, bNext);
      if (aNext === start) i++;
      if (bNext === start) j++;
    }
  }
  return nodeFrom(base, level);
}

/** The union of many, pairwise, so that intermediate results stay small. */
export function unionAll(diagrams: readonly Diagram[]): Diagram {
  if (diagrams.length === 0) return FALSE;
  let layer = [...diagrams];
  while (layer.length > 1) {
    const next: Diagram[] = [];
    for (let at = 0; at < layer.length; at += 2) {
      const right = layer[at + 1];
      next.push(right ? union(layer[at] as Diagram, right) : (layer[at] as Diagram));
    }
    layer = next;
  }
  return layer[0] as Diagram;
}

function childrenOf(diagram: Diagram): Diagram[] {
  const children: Diagram[] = [];
  for (let at = 0; at < diagram.width; at++) children.push(childOf(diagram, at));
  return children;
}

/** A diagram's intervals at a level, with other children. */
function rebuilt(diagram: Diagram, level: number, children: readonly Diagram[]): Diagram {
  const base = depth;
  for (let at = 0; at < diagram.width; at++) open(base, startOf(diagram, at), children[at] as Diagram);
  return nodeFrom(base, level);
}

/** Forgets the levels from `from` to `to`: the values that some choice of them makes part of the set. */
export function forget(diagram: Diagram, from: number, to: number): Diagram {
  const done = new Map<Diagram, Diagram>();
  const walk = (current: Diagram): Diagram => {
    if (current.level > to) return current;
    const known = done.get(current);
    if (known) return known;
    const children = childrenOf(current).map(walk);
    const result = current.level >= from ? unionAll(children) : rebuilt(current, current.level, children);
    done.set(current, result);
    return result;
  };
  return walk(diagram);
}

/** Moves every level from `from` on by `offset`. The levels moved into must be free. */
export function shift(diagram: Diagram, from: number, offset: number): Diagram {
  const done = new Map<Diagram, Diagram>();
  const walk = (current: Diagram): Diagram => {
    if (current.level === TERMINAL) return current;
    const known = done.get(current);
    if (known) return known;
    const level = current.level >= from ? current.level + offset : current.level;
    const result = rebuilt(current, level, childrenOf(current).map(walk));
    done.set(current, result);
    return result;
  };
  return walk(diagram);
}

/** Whether `a` has no value outside `b`, without building the difference. */
export function isSubset(a: Diagram, b: Diagram): boolean {
  return subtract(a, b) === FALSE;
}
