import { NetworkIndex } from '../evidence/forwarding';
import { type End, endKey, type Flow, type NetworkModel } from '../evidence/network';
import { ReachabilityEngine, type Restriction } from '../evidence/reachability';
import { indexNetwork, type NetworkIndex as TraceIndex, traceFlow } from '../evidence/trace';
import type { Evidence, Replay } from './evidence';

/** Both engines, and trace beside them, which reads the network when the first packet is replayed. */
export function gatherEvidence(network: NetworkModel): Evidence {
  const nouns = new NetworkIndex(network);
  return {
    may: new ReachabilityEngine(nouns, 'may'),
    must: new ReachabilityEngine(nouns, 'must'),
    replay: replayOf(network),
  };
}

/** The same for whoever judges one network several times: what was asked before is answered as it was. */
export function rememberedEvidence(network: NetworkModel): Evidence {
  const nouns = new NetworkIndex(network);
  const replay = replayOf(network);
  const replayed = new Map<string, Replay>();
  return {
    may: new RememberingEngine(nouns, 'may'),
    must: new RememberingEngine(nouns, 'must'),
    replay: (flow) => {
      const key = JSON.stringify(flow);
      const known = replayed.get(key) ?? replay(flow);
      replayed.set(key, known);
      return known;
    },
  };
}

function replayOf(network: NetworkModel): Evidence['replay'] {
  let index: TraceIndex | undefined;
  return (flow: Flow) => {
    index ??= indexNetwork(network);
    const { verdict, forward, reply, blockers, unknowns, arrived } = traceFlow(index, flow, 'may');
    return {
      delivered: verdict === 'reachable',
      answered: reply.delivered,
      hops: forward.hops,
      blockers,
      unknowns,
      ...(arrived ? { arrived } : {}),
    };
  };
}

type Answer = ReturnType<ReachabilityEngine['reachFrom']>;

/** What an end reaches does not hang on what was asked before, so it is worked out once. */
class RememberingEngine extends ReachabilityEngine {
  private readonly answers = new Map<string, Answer>();

  override reachFrom(from: End, restriction: Restriction = {}): Answer {
    if (restriction.packets) return super.reachFrom(from, restriction);
    const key = [from, ...(restriction.to ?? [])].map(endKey).join('\n') + (restriction.to ? '' : '\nanyone');
    const known = this.answers.get(key) ?? super.reachFrom(from, restriction);
    this.answers.set(key, known);
    return known;
  }

  override forget(): void {
    this.answers.clear();
    super.forget();
  }
}
