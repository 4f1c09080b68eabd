/**
 * Fewer ranges that say exactly the same.
 */
import { comparePrefixes, type PortRange, type Prefix, prefixContains, prefixEquals, prefixOf } from '../../base/net';

/** Overlapping and touching port ranges become one; in order. */
export function mergePorts(ranges: readonly PortRange[]): PortRange[] {
  const merged: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}

/** Prefixes inside others go, and two halves become the whole; in order. */
export function mergePrefixes(prefixes: readonly Prefix[]): Prefix[] {
  const stack: Prefix[] = [];
  for (const prefix of [...prefixes].sort(comparePrefixes)) {
    const last = stack.at(-1);
    if (last && prefixContains(last, prefix)) continue;
    stack.push(prefix);
    joinHalves(stack);
  }
  return stack;
}

function joinHalves(stack: Prefix[]): void {
  for (;;) {
    const [left, right] = [stack.at(-2), stack.at(-1)];
    if (!left || !right || left.length !== right.length || left.length === 0) return;
    const whole = prefixOf(left, left.length - 1);
    if (!prefixEquals(whole, prefixOf(right, right.length - 1))) return;
    stack.splice(-2, 2, whole);
  }
}
