/**
 * trace: one concrete Flow through a NetworkModel, hop by hop, forward and reply. The second semantics of the evidence:
 * written from AWS's documentation, sharing only `base` and `network` with the engine, so that what the engine finds can
 * be replayed here before anyone sees it. Imports `base` and `evidence/network` only.
 *
 * Conventions.
 * - Between the internet and an interface the packet carries the interface's private IPv4 address all the way: no
 *   template knows a public one. The internet gateway's translation is a hop of its own and needs the interface to have a
 *   public address. IPv6 addresses are on the wire as they are.
 * - A flow's address names its interface: where the template leaves addresses open, the packet's source and destination
 *   are addresses that the ends may have. A destination may also belong to a network load balancer or an endpoint in the
 *   same subnet that leads to the end; every such reading counts.
 * - The internet stands for every address that a packet can carry there.
 * - Where nobody chooses (an attachment subnet, a translator's port, a route that may exist), *must* needs every
 *   alternative and *may* needs one. A balancer's targets are the flow's choice: it spreads its flows over all of them.
 * - `blockers` go on behind the first: a packet that nothing carries on is looked at once more at its destination, and so
 *   is its reply. `hops` end where the packet really ends.
 * - For icmp, `destinationPort` is the type and `sourcePort` the code.
 */

export { type BridgeLeg, offBridge, ontoBridge } from './bridge-steps';
export { asIpv4 } from './internet-addresses';
export type { TraceOptions } from './journey';
export { indexNetwork, type NetworkIndex } from './network-index';
export type { Direction, Trace } from './trace';
export { explainFlow, traceFlow } from './trace';
