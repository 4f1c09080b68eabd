/**
 * Which groups each node of a graph leads to, by any number of steps, for all nodes at once: nodes that lead to each other
 * lead to the same, and share one answer (Tarjan, "Depth-first search and linear graph algorithms", 1972). A search from
 * every node would cost the square of the graph.
 */
export interface Graph {
  /** sorted: answers come in this order */
  readonly groups: readonly string[];
  readonly groupOf: (node: string) => string;
  /** where one step leads */
  readonly next: (node: string) => readonly string[];
  /** false: nothing goes on from here */
  readonly leadsOn: (node: string) => boolean;
}

interface Visit {
  readonly node: string;
  readonly next: readonly string[];
  at: number;
}

export class Closure {
  private readonly numbers: ReadonlyMap<string, number>;
  /** one bit a group, by node; the same object for nodes that lead to each other */
  private readonly answers = new Map<string, Uint32Array>();
  private readonly order = new Map<string, number>();
  private readonly low = new Map<string, number>();
  private readonly open: string[] = [];

  constructor(private readonly graph: Graph) {
    this.numbers = new Map(graph.groups.map((group, at) => [group, at]));
  }

  /** The groups of all nodes that some of these lead to, whether or not anything goes on from these themselves. */
  from(nodes: readonly string[]): string[] {
    const found = this.nothing();
    for (const node of nodes) for (const to of this.graph.next(node)) this.step(found, to);
    return this.graph.groups.filter((_, at) => has(found, at));
  }

  private nothing(): Uint32Array {
    return new Uint32Array((this.graph.groups.length + 31) >>> 5);
  }

  /** One step: to where it leads, and on. */
  private step(found: Uint32Array, to: string): void {
    add(found, this.numbers.get(this.graph.groupOf(to)) ?? 0);
    if (!this.graph.leadsOn(to)) return;
    if (!this.answers.has(to)) this.visit(to);
    const further = this.answers.get(to);
    if (further && further !== found) for (const [at, bits] of further.entries()) found[at] = (found[at] ?? 0) | bits;
  }

  /** Without recursion: a chain of zones may be longer than the stack. */
  private visit(start: string): void {
    const path: Visit[] = [this.enter(start)];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const to = top.next[top.at++];
      if (to === undefined) {
        path.pop();
        this.leave(top.node);
        const above = path.at(-1);
        if (above) this.lower(above.node, this.low.get(top.node));
      } else if (this.graph.leadsOn(to) && !this.answers.has(to)) {
        if (this.order.has(to)) this.lower(top.node, this.order.get(to));
        else path.push(this.enter(to));
      }
    }
  }

  private enter(node: string): Visit {
    this.low.set(node, this.order.size);
    this.order.set(node, this.order.size);
    this.open.push(node);
    return { node, next: this.graph.next(node), at: 0 };
  }

  private lower(node: string, to = Number.POSITIVE_INFINITY): void {
    this.low.set(node, Math.min(this.low.get(node) ?? to, to));
  }

  /** The first of several that lead to each other is left last, and answers for all of them. */
  private leave(node: string): void {
    if (this.low.get(node) !== this.order.get(node)) return;
    const members = this.open.splice(this.open.lastIndexOf(node));
    const found = this.nothing();
    for (const member of members) this.answers.set(member, found);
    for (const member of members) for (const to of this.graph.next(member)) this.step(found, to);
  }
}

function add(bits: Uint32Array, at: number): void {
  bits[at >>> 5] = (bits[at >>> 5] ?? 0) | (1 << (at & 31));
}

function has(bits: Uint32Array, at: number): boolean {
  return ((bits[at >>> 5] ?? 0) & (1 << (at & 31))) !== 0;
}
