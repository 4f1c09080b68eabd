/** Reading interval decision diagrams: their paths to TRUE, and whether a point is in the set. */
import { childOf, coded, type Diagram, FALSE, HALF, startOf, TERMINAL, TRUE } from './diagram';

export interface Interval {
  readonly level: number;
  readonly from: number;
  readonly to: number;
}

/** One of a diagram's intervals, with its last value. */
export function intervalAt(diagram: Diagram, at: number, maxOf: (level: number) => number): Interval {
  const { level, width } = diagram;
  const to = at + 1 < width ? startOf(diagram, at + 1) + HALF - 1 : maxOf(level);
  return { level, from: startOf(diagram, at) + HALF, to };
}

/** Every path to TRUE, as the intervals that it takes; levels that do not matter are left out. Paths are disjoint. */
export function paths(diagram: Diagram, maxOf: (level: number) => number): (readonly Interval[])[] {
  return pathsTo(diagram, TERMINAL, maxOf).map(({ path }) => path);
}

export interface Path {
  readonly path: readonly Interval[];
  /** what the path leads to: speaks of no level before the one that was asked for, and is not empty */
  readonly rest: Diagram;
}

/** Every path through the levels before `level` to what is left of the set there. Paths are disjoint. */
export function pathsTo(diagram: Diagram, level: number, maxOf: (level: number) => number): Path[] {
  const found: Path[] = [];
  const taken: Interval[] = [];
  const walk = (current: Diagram): void => {
    if (current.level >= level) {
      if (current !== FALSE) found.push({ path: [...taken], rest: current });
      return;
    }
    for (let at = 0; at < current.width; at++) {
      const child = childOf(current, at);
      if (child === FALSE) continue;
      taken.push(intervalAt(current, at, maxOf));
      walk(child);
      taken.pop();
    }
  };
  walk(diagram);
  return found;
}

/** The first of the paths, without walking the others; undefined where the set is empty. */
export function firstPath(diagram: Diagram, maxOf: (level: number) => number): readonly Interval[] | undefined {
  if (diagram === FALSE) return undefined;
  const taken: Interval[] = [];
  for (let current = diagram; current.level !== TERMINAL; ) {
    const at = childOf(current, 0) === FALSE ? 1 : 0;
    taken.push(intervalAt(current, at, maxOf));
    current = childOf(current, at);
  }
  return taken;
}

/** Whether the set holds the point whose value at each level `valueAt` gives. */
export function holds(diagram: Diagram, valueAt: (level: number) => number): boolean {
  let current = diagram;
  while (current.level !== TERMINAL) {
    const value = coded(valueAt(current.level));
    let low = 0;
    let high = current.width - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (startOf(current, middle) <= value) low = middle;
      else high = middle - 1;
    }
    current = childOf(current, low);
  }
  return current === TRUE;
}
