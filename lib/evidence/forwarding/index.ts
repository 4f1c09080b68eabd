/**
 * NetworkModel -> ForwardingGraph: what one hop does to a packet set, and what the gates at either end
 * of a leg let pass, in an over- (`may`) or under-approximation (`must`).
 * Imports `base` and `network` only.
 */
export * from './filter';
export { ForwardingGraph } from './forwarding-graph';
export * from './hop';
export { InterfaceGates } from './interface-gates';
export { type Arrival, type Entry, isOwnLeg, type Leg, LegEnds, legKey, type Place, type Received } from './leg-ends';
export * from './location';
export { asIpv4, asNat64, throughNat64 } from './nat64';
export { NetworkIndex } from './network-index';
export { homesOf, isHome, mayAnswerAround, mayComeAround, type Origin, originKey } from './origin';
export { calledAt, counts, type Party } from './party';
export { PartyBook } from './party-book';
export { FROM_CHOSEN_PORTS, INTERNET, OF_EXAMPLES } from './special-addresses';
