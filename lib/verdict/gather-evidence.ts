import { NetworkIndex } from '../evidence/forwarding';
import type { NetworkModel } from '../evidence/network';
import { ReachabilityEngine } from '../evidence/reachability';
import { indexNetwork, type NetworkIndex as TraceIndex, traceFlow } from '../evidence/trace';
import type { Evidence } from './evidence';

/** Both engines, and trace beside them, which reads the network when the first packet is replayed. */
export function gatherEvidence(network: NetworkModel): Evidence {
  const nouns = new NetworkIndex(network);
  let index: TraceIndex | undefined;
  return {
    may: new ReachabilityEngine(nouns, 'may'),
    must: new ReachabilityEngine(nouns, 'must'),
    replay: (flow) => {
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
    },
  };
}
