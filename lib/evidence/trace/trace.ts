/**
 * One flow, answered: does the conversation hold, hop by hop, and if not, everything that stops it.
 */
import { TCP } from '../../base/net';
import type { Approximation, Blocker, Flow, Hop, NetworkModel, Packet, UnknownUse } from '../network';
import { type TraceOptions, travel } from './journey';
import { indexNetwork, type NetworkIndex } from './network-index';
import { holds, isDelivered, type Journey } from './search';
import { type State, unknownKey } from './state';

export interface Direction {
  readonly delivered: boolean;
  /** in the order of travel, up to where it is delivered or stopped */
  readonly hops: readonly Hop[];
}

export interface Trace {
  readonly approximation: Approximation;
  /**
   * Under this approximation: `reachable` if the packet arrives and, for tcp, its reply returns; else `blocked`.
   * `unknown` comes only from `explainFlow`, which asks both approximations.
   */
  readonly verdict: 'reachable' | 'blocked' | 'unknown';
  readonly forward: Direction;
  readonly reply: Direction;
  /** everything that stops it, forward first; for a reachable udp or icmp flow, what stops its reply */
  readonly blockers: readonly Blocker[];
  /** what is not understood on this way, and what the answer therefore hangs on */
  readonly unknowns: readonly UnknownUse[];
  /** the packet as it arrives, after every translation */
  readonly arrived?: Packet;
}

export function traceFlow(
  network: NetworkIndex | NetworkModel,
  flow: Flow,
  approximation: Approximation,
  options: TraceOptions = {},
): Trace {
  const index = 'model' in network ? network : indexNetwork(network);
  return traceOf(travel(index, flow, approximation, options), flow, approximation);
}

/**
 * Both approximations at once: `reachable` where it certainly works, `blocked` where it certainly does not, else
 * `unknown`. The hops are those of the answer given: certain ones where it is reachable, possible ones otherwise.
 */
export function explainFlow(network: NetworkIndex | NetworkModel, flow: Flow, options: TraceOptions = {}): Trace {
  const index = 'model' in network ? network : indexNetwork(network);
  const must = traceFlow(index, flow, 'must', options);
  if (must.verdict === 'reachable') return must;
  const may = traceFlow(index, flow, 'may', options);
  if (may.verdict === 'blocked') return may;
  return { ...may, verdict: 'unknown', unknowns: mergeUnknowns(may.unknowns, must.unknowns) };
}

function traceOf(journey: Journey, flow: Flow, approximation: Approximation): Trace {
  const { forward, exit, reply, replyExit } = journey;
  const isForward = isDelivered(forward, exit);
  // Only tcp needs its reply: of a udp or icmp packet that does not even arrive, what its reply would meet is noise.
  const hasReply = isForward || flow.packet.protocol === TCP;
  const isReply = isForward && isDelivered(reply, replyExit);
  return {
    approximation,
    verdict: holds(journey, flow) ? 'reachable' : 'blocked',
    forward: { delivered: isForward, hops: forward.hops },
    reply: { delivered: isReply, hops: isForward ? hopsOf(reply) : [] },
    blockers: [...forward.blockers, ...(hasReply ? (reply?.blockers ?? []) : [])],
    unknowns: mergeUnknowns(forward.unknowns, hasReply ? (reply?.unknowns ?? []) : []),
    ...(isForward ? { arrived: forward.packet } : {}),
  };
}

function hopsOf(state: State | undefined): readonly Hop[] {
  return state?.hops ?? [];
}

function mergeUnknowns(one: readonly UnknownUse[], other: readonly UnknownUse[]): readonly UnknownUse[] {
  const all = [...one, ...other].map((use): readonly [string, UnknownUse] => [unknownKey(use), use]);
  return [...new Map(all).values()];
}
