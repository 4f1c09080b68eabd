/**
 * NetworkModel -> ForwardingGraph: what one hop does to a packet set, in an over- (`may`) or under-approximation (`must`).
 * Imports `base` and `network` only.
 */
export * from './filter';
export { ForwardingGraph } from './forwarding-graph';
export * from './hop';
export * from './location';
export { NetworkIndex } from './network-index';
export { INTERNET } from './special-addresses';
