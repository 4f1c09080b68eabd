import * as fc from 'fast-check';
import { Closure, type Graph } from '../../lib/verdict/closure';

/** Nodes are numbers; three of them make a group. */
const graph = fc.record({
  edges: fc.array(fc.tuple(fc.nat(14), fc.nat(14)), { maxLength: 40 }),
  ends: fc.array(fc.nat(14), { maxLength: 5 }),
});

function graphOf(edges: readonly (readonly [number, number])[], ends: readonly number[]): Graph {
  const groupOf = (node: string) => `group ${Math.floor(Number(node) / 3)}`;
  return {
    groups: [...new Set(Array.from({ length: 15 }, (_, node) => groupOf(String(node))))].sort(),
    groupOf,
    next: (node) => edges.flatMap(([from, to]) => (String(from) === node ? [String(to)] : [])),
    leadsOn: (node) => !ends.includes(Number(node)),
  };
}

/** The same by a search of its own from each node. */
function searched({ groupOf, next, leadsOn }: Graph, start: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const queue = [...next(start)];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    found.add(groupOf(node));
    if (seen.has(node) || !leadsOn(node)) continue;
    seen.add(node);
    queue.push(...next(node));
  }
  return [...found].sort();
}

describe('the closure of a graph', () => {
  it('is what a search from each node finds, asked in any order', () => {
    fc.assert(
      fc.property(graph, fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]), (drawn, starts) => {
        const whole = graphOf(drawn.edges, drawn.ends);
        const closure = new Closure(whole);
        for (const start of starts) {
          expect(closure.from([String(start)])).toEqual(searched(whole, String(start)));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('follows a chain that is longer than the stack', () => {
    const last = 100_000;
    const closure = new Closure({
      groups: ['end', 'way'],
      groupOf: (node) => (Number(node) === last ? 'end' : 'way'),
      next: (node) => (Number(node) < last ? [String(Number(node) + 1)] : []),
      leadsOn: () => true,
    });
    expect(closure.from(['0'])).toEqual(['end', 'way']);
  });
});
