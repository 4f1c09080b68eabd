/**
 * ForwardingGraph -> everything that can be reached: a fixpoint over locations, symbolic and exhaustive.
 * Imports `base`, `network` and `forwarding`; never `trace`, which replays what is found here.
 */
export { ReachabilityEngine, type Restriction } from './engine';
export { type Crossing, overInternet, reachesOverInternet } from './over-internet';
export * from './reach';
