/**
 * Which of the ways that the network leaves open are looked at, and which of those that were is the best.
 */
import { TCP } from '../../base/net';
import type { Approximation, Flow } from '../network';
import type { Exit, State } from './state';

/** One way in which a conversation may go. */
export interface Journey {
  readonly forward: State;
  readonly exit?: Exit;
  readonly reply?: State;
  readonly replyExit?: Exit;
}

/** How far a search goes. */
export interface Bounds {
  /** how many steps, before an honest unknown */
  readonly limit: number;
  /** how many may have passed the packet on; a way past more of them is cut off */
  readonly most: number;
}

export interface Search extends Bounds {
  readonly mode: Approximation;
  readonly flow: Flow;
  steps: number;
  /** steps from the start of the journey that is being followed */
  depth: number;
  /** something was cut off */
  isCut: boolean;
  /** how good the best journey found so far is; kept in *may* only, where every fork takes its best option */
  best?: Score;
  /** after how many steps the first was found that holds */
  found?: number;
  /** ways given up because none of them could have been better */
  pruned: number;
  /** replies begun */
  replies: number;
}

export function isDelivered(state: State | undefined, exit: Exit | undefined): boolean {
  return state !== undefined && exit !== undefined && !state.stopped;
}

/** udp and icmp have said what they had to say once they arrive; tcp needs the way back (CONTRACTS). */
export function holds(journey: Journey, flow: Flow): boolean {
  if (!isDelivered(journey.forward, journey.exit)) return false;
  return flow.packet.protocol !== TCP || isDelivered(journey.reply, journey.replyExit);
}

export function begun(mode: Approximation, flow: Flow, bounds: Bounds): Search {
  return { mode, flow, steps: 0, depth: 0, pruned: 0, replies: 0, isCut: false, ...bounds };
}

export function isPlain({ forward, reply }: Journey): boolean {
  return forward.unknowns.length === 0 && (reply?.unknowns.length ?? 0) === 0;
}

/** Compared part by part, smaller is better: not delivered, does not hold, number of blockers, number of unknowns. */
type Score = readonly [number, number, number, number];

function score(search: Search, { forward, exit, reply, replyExit }: Journey): Score {
  return [
    Number(!isDelivered(forward, exit)),
    Number(!holds({ forward, exit, reply, replyExit }, search.flow)),
    forward.blockers.length + (reply?.blockers.length ?? 0),
    forward.unknowns.length + (reply?.unknowns.length ?? 0),
  ];
}

export function isBetter(search: Search, one: Journey, other: Journey): boolean {
  return isLess(score(search, one), score(search, other));
}

function isLess(one: Score, other: Score): boolean {
  for (const [at, value] of one.entries()) {
    const difference = value - (other[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

export function completed(search: Search, journey: Journey): Journey {
  if (search.mode === 'must') return journey;
  const own = score(search, journey);
  if (!search.best || isLess(own, search.best)) search.best = own;
  if (holds(journey, search.flow)) search.found ??= search.steps;
  return journey;
}

/**
 * Whether no journey that begins like this one can be better than the best so far: on the way blockers and unknowns are
 * only added, and what is stopped stays so.
 */
function isHopeless(search: Search, state: State, forward: State | undefined): boolean {
  if (!search.best) return false;
  const isStopped = forward ? forward.stopped : state.stopped;
  const isUnanswered = forward !== undefined && state.stopped && search.flow.packet.protocol === TCP;
  const blockers = state.blockers.length + (forward?.blockers.length ?? 0);
  const unknowns = state.unknowns.length + (forward?.unknowns.length ?? 0);
  return !isLess([Number(isStopped), Number(isStopped || isUnanswered), blockers, unknowns], search.best);
}

/** There and back, through all that AWS can put in between, takes a tenth of it. */
const MAX_DEPTH = 600;
/** How many steps a journey that holds is worth looking for one that hangs on less. */
export const FURTHER = 2_000;
/** How many that pass a packet on are tried first: behind unknown routes, ways past many of them are without number. */
export const FEW = 2;

/** Whether a way is not followed any further. */
export function isPruned(search: Search, state: State, forward: State | undefined): boolean {
  if (isHopeless(search, state, forward)) return true;
  // One that holds will do: others are looked at for a while only.
  if (search.found !== undefined && (isOver(search) || search.steps >= search.found + FURTHER)) return true;
  const isTooFar = Number.isFinite(search.most) && (isOver(search) || passedOn(state) > search.most);
  if (isTooFar) search.isCut = true;
  return isTooFar;
}

export function isOver({ depth, steps, limit }: Search): boolean {
  return depth >= MAX_DEPTH || steps >= limit;
}

function passedOn({ inspected, sessions }: State): number {
  return inspected.length + sessions.length;
}
