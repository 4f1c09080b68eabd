import type { NetworkModel } from '../evidence/network';
import { ReachabilityEngine } from '../evidence/reachability';
import { indexNetwork, type NetworkIndex, traceFlow } from '../evidence/trace';
import type { Evidence } from './evidence';

/** Both engines, and trace beside them, which reads the network when the first packet is replayed. */
export function gatherEvidence(network: NetworkModel): Evidence {
  let index: NetworkIndex | undefined;
  return {
    may: new ReachabilityEngine(network, 'may'),
    must: new ReachabilityEngine(network, 'must'),
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
