import type { NetworkModel } from '../evidence/network';
import { ReachabilityEngine } from '../evidence/reachability';
import { indexNetwork, traceFlow } from '../evidence/trace';
import type { Evidence } from './evidence';

/** Both engines, and trace beside them. */
export function gatherEvidence(network: NetworkModel): Evidence {
  const index = indexNetwork(network);
  return {
    may: new ReachabilityEngine(network, 'may'),
    must: new ReachabilityEngine(network, 'must'),
    replay: (flow) => {
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
