/**
 * Walks through the estate: a host that can be reached may be taken over and start afresh. Nodes are assets (a zone
 * without assets, a site's zone and the internet are one node each), edges are flows that the evidence shows.
 *
 * A flow that a conduit covers leads from that conduit's assets to that conduit's assets: who wears an asset's groups
 * is that asset. A flow that nothing covers leads from everyone in the zone to everyone in the other.
 */
import type { PacketSet } from '../base/net';
import { pairsAroundInternet } from './around-internet';
import { Closure } from './closure';
import type { Uncovered, VerdictContext } from './context';
import { type Judgement, judgeSome } from './counterexample';
import type { ZoneFlow } from './flows';
import { uncoveredBetween } from './isolation';
import { isPivot, mayBeAsset, type Place, showPlace } from './place';

export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly fromZone: string;
  readonly toZone: string;
  /** flows that make it, each with the packets (as received) that count */
  readonly flows: readonly Uncovered[];
}

export interface WalkOptions {
  readonly gates: ReadonlySet<string>;
  readonly direct: boolean;
}

const NO_GATES: ReadonlySet<string> = new Set();

export class PivotGraph {
  private readonly out = new Map<string, Map<string, Edge & { readonly flows: Uncovered[] }>>();
  private readonly judged = new Map<Edge, Judgement>();
  private readonly zoneOf = new Map<string, string>();
  private readonly nodes = new Map<string, Set<string>>();
  private readonly sorted = new Map<string, Edge[]>();
  private readonly closures = new WeakMap<ReadonlySet<string>, Closure>();

  constructor(private readonly context: VerdictContext) {
    const around = pairsAroundInternet(context, uncoveredBetween);
    const pairs = new Map([...context.flows.pairs(), ...around].map((pair) => [`${pair.from}\n${pair.to}`, pair]));
    for (const { from, to } of pairs.values()) {
      const uncovered = uncoveredBetween(from, to, context);
      for (const one of uncovered) this.addEverywhere(one);
      for (const flow of context.flows.between(from, to)) this.addCovered(flow);
    }
  }

  private addEverywhere({ flow, packets }: Uncovered): void {
    const senders = flow.from.potential ? this.nodesOf({ zone: flow.from.place.zone }) : this.nodesOf(flow.from.place);
    const receivers = flow.to.potential ? this.nodesOf({ zone: flow.to.place.zone }) : this.nodesOf(flow.to.place);
    for (const from of senders) for (const to of receivers) this.add(from, to, flow, packets);
  }

  private addCovered(flow: ZoneFlow): void {
    const { from, to } = flow;
    const loose = (party: ZoneFlow['from']): Place => (party.potential ? { zone: party.place.zone } : party.place);
    for (const permission of this.context.allowance.permissions(loose(from), loose(to))) {
      const packets = flow.received.intersect(permission.packets);
      if (packets.isEmpty()) continue;
      for (const sender of this.ofAsset(loose(from), permission.from.asset)) {
        for (const receiver of this.ofAsset(loose(to), permission.to.asset)) this.add(sender, receiver, flow, packets);
      }
    }
  }

  private ofAsset(place: Place, asset: string | undefined): string[] {
    return asset === undefined ? this.nodesOf(place) : this.nodesOf({ zone: place.zone, asset });
  }

  /** AWS cannot tell hosts of one campus zone apart once they talk among themselves, so it is one node. */
  private nodesOf(place: Place): string[] {
    const zone = this.context.zones.get(place.zone);
    const assets = zone && this.context.isInAws(place.zone) ? zone.assets.map(({ name }) => name) : [];
    const named = assets.filter((asset) => mayBeAsset(place, asset));
    const nodes = named.length > 0 ? named.map((asset) => showPlace({ zone: place.zone, asset })) : [place.zone];
    const known = this.nodes.get(place.zone) ?? new Set<string>();
    this.nodes.set(place.zone, known);
    for (const node of nodes) {
      known.add(node);
      this.zoneOf.set(node, place.zone);
    }
    return nodes;
  }

  private add(from: string, to: string, flow: ZoneFlow, packets: PacketSet): void {
    if (from === to) return;
    const edges = this.out.get(from) ?? new Map<string, Edge & { readonly flows: Uncovered[] }>();
    this.out.set(from, edges);
    const known = edges.get(to);
    if (known) {
      known.flows.push({ flow, packets });
      return;
    }
    const flows = [{ flow, packets }];
    edges.set(to, { from, to, fromZone: flow.from.place.zone, toZone: flow.to.place.zone, flows });
  }

  nodesOfZone(zone: string): string[] {
    return [...(this.nodes.get(zone) ?? [])].sort();
  }

  zoneOfNode(node: string): string {
    return this.zoneOf.get(node) ?? node;
  }

  /**
   * The shortest walk from a zone to each other one that it gets to, by the zone at its end. `direct`: one hop only; a walk
   * never starts afresh in `gates` or outside the estate.
   */
  walksFrom(from: string, options: WalkOptions): ReadonlyMap<string, () => Edge[]> {
    const walks = new Map<string, () => Edge[]>();
    this.explore(from, options, (edge, came) => {
      if (!walks.has(edge.toZone)) walks.set(edge.toZone, () => unwind(edge, came));
      return false;
    });
    return walks;
  }

  /** The shortest walk of which every step is certain. */
  certainWalk(from: string, to: string, options: WalkOptions): Edge[] | undefined {
    let found: Edge[] | undefined;
    const isCertain = (edge: Edge) => this.judgeEdge(edge).kind === 'certain';
    const arrive = (edge: Edge, came: ReadonlyMap<string, Edge>) => {
      if (edge.toZone !== to) return false;
      found = unwind(edge, came);
      return true;
    };
    this.explore(from, options, arrive, isCertain);
    return found;
  }

  /** Breadth first, so the first time that a zone is come to is by a shortest walk. `arrive` says when to stop. */
  private explore(
    from: string,
    { direct, gates }: WalkOptions,
    arrive: (edge: Edge, came: ReadonlyMap<string, Edge>) => boolean,
    counts: (edge: Edge) => boolean = () => true,
  ): void {
    const came = new Map<string, Edge>();
    const seen = new Set(this.nodesOfZone(from));
    let frontier = [...seen];
    while (frontier.length > 0) {
      const next: string[] = [];
      for (const node of frontier) {
        for (const edge of this.edgesFrom(node)) {
          if (seen.has(edge.to) || !counts(edge)) continue;
          seen.add(edge.to);
          came.set(edge.to, edge);
          if (arrive(edge, came)) return;
          if (!direct && !gates.has(edge.toZone) && isPivot(edge.toZone)) next.push(edge.to);
        }
      }
      frontier = next;
    }
  }

  private edgesFrom(node: string): Edge[] {
    let edges = this.sorted.get(node);
    if (!edges) {
      const found = this.out.get(node);
      edges = found ? [...found.keys()].sort().flatMap((to) => found.get(to) ?? []) : [];
      this.sorted.set(node, edges);
    }
    return edges;
  }

  /** Every zone that a host of this zone may get to, by any number of hops; none is taken in a gate. */
  reachable(from: string, gates: ReadonlySet<string> = NO_GATES): string[] {
    return this.reachableFromAny([from], gates).filter((zone) => zone !== from);
  }

  /** The same for a host of any of several zones; they themselves where one gets to another, or back. */
  reachableFromAny(froms: readonly string[], gates: ReadonlySet<string>): string[] {
    return this.closureWithout(gates).from(froms.flatMap((zone) => this.nodesOfZone(zone)));
  }

  private closureWithout(gates: ReadonlySet<string>): Closure {
    const known = this.closures.get(gates);
    if (known) return known;
    const closure = new Closure({
      groups: [...new Set(this.zoneOf.values())].sort(),
      groupOf: (node) => this.zoneOfNode(node),
      next: (node) => this.edgesFrom(node).map(({ to }) => to),
      leadsOn: (node) => isPivot(this.zoneOfNode(node)) && !gates.has(this.zoneOfNode(node)),
    });
    this.closures.set(gates, closure);
    return closure;
  }

  judgeEdge(edge: Edge): Judgement {
    const known = this.judged.get(edge);
    if (known) return known;
    const judgements = judgeSome(edge.flows, this.context.evidence);
    const best = judgements.find(({ kind }) => kind === 'certain') ?? judgements[0];
    if (!best) throw new Error(`an edge without flows: ${edge.from} -> ${edge.to}`);
    this.judged.set(edge, best);
    return best;
  }
}

function unwind(last: Edge, came: ReadonlyMap<string, Edge>): Edge[] {
  const walk = [last];
  for (let edge = came.get(last.from); edge; edge = came.get(edge.from)) walk.unshift(edge);
  return walk;
}
