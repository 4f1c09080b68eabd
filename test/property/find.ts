/** How a find is asked about: who, with which packet, and what each of the two semantics says. */
import { parseAddress } from '../../lib/base/net';
import type { End, NetworkModel, Packet } from '../../lib/evidence/network';
import { ReachabilityEngine } from '../../lib/evidence/reachability';
import { traceFlow } from '../../lib/evidence/trace';

export const at = (id: string): End => ({ kind: 'interface', id });
export const anyoneIn = (id: string): End => ({ kind: 'subnet', id });

export function tcp(source: string, destination: string, destinationPort: number): Packet {
  const addresses = { source: parseAddress(source), destination: parseAddress(destination) };
  return { protocol: 6, ...addresses, sourcePort: 50000, destinationPort };
}

export function answers(
  model: NetworkModel,
  from: End,
  to: End,
  packet: Packet,
  options: { readonly asBuilt?: boolean } = {},
) {
  const reaches = new ReachabilityEngine(model, 'may', options).reachFrom(from, { to: [to] }).reaches;
  return {
    engine: reaches.some(({ sent }) => sent.has(packet)),
    trace: traceFlow(model, { from, to, packet }, 'may', options).verdict === 'reachable',
  };
}
