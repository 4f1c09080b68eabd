/**
 * Whether one edit, all by itself, lets one packet pass: the edit is made for certain in a network that is otherwise as it
 * is, and the packet is replayed there.
 */
import type { Edit, Lift } from '../evidence/edits';
import type { Flow, NetworkModel } from '../evidence/network';
import { indexNetwork, type NetworkIndex, type Trace, traceFlow } from '../evidence/trace';

/** Edits that are tried for one packet. */
const EDITS_TRIED = 24;

export interface Opening {
  readonly edit: Edit;
  readonly flow: Flow;
  /** of the packet, after the edit */
  readonly trace: Trace;
}

export class Openings {
  private readonly lifted: NetworkIndex;
  private readonly made = new Map<Edit, NetworkIndex>();

  constructor(
    private readonly lift: Lift,
    private readonly network: NetworkModel,
  ) {
    this.lifted = indexNetwork(lift.network);
  }

  /**
   * The first edit that opens the flow and leaves nothing unknown about it. What is not answered counts for nothing: where
   * one packet gets through and none comes back, something else is missing too.
   */
  find(flow: Flow): Opening | undefined {
    const suspicion = traceFlow(this.lifted, flow, 'may');
    if (suspicion.verdict !== 'reachable' || !suspicion.reply.delivered) return undefined;
    for (const edit of this.editsOn(suspicion).slice(0, EDITS_TRIED)) {
      const trace = traceFlow(this.indexWith(edit), flow, 'may');
      const isConversation = trace.verdict === 'reachable' && trace.reply.delivered;
      if (isConversation && trace.unknowns.length === 0) return { edit, flow, trace };
    }
    return undefined;
  }

  /**
   * Edits that the way names, and after them those of resources that it passes: what is taken away, such as a blackhole, is
   * on no way.
   */
  private editsOn({ unknowns, forward, reply }: Trace): Edit[] {
    const named = unknowns.flatMap((use) => this.lift.editsBehind(use));
    const passed = new Set([...forward.hops, ...reply.hops].map(({ resource }) => resource));
    return [...new Set([...named, ...this.lift.edits.filter(({ resource }) => passed.has(resource))])];
  }

  private indexWith(edit: Edit): NetworkIndex {
    const known = this.made.get(edit) ?? indexNetwork(edit.apply(this.network));
    this.made.set(edit, known);
    return known;
  }
}
