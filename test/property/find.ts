/** How a find is asked about: who, with which packet, and what each of the two semantics says. */
import { parseAddress } from '../../lib/base/net';
import type { Approximation, End, Flow, NetworkModel, Packet } from '../../lib/evidence/network';
import { ReachabilityEngine } from '../../lib/evidence/reachability';
import { traceFlow } from '../../lib/evidence/trace';

export const at = (id: string): End => ({ kind: 'interface', id });
export const anyoneIn = (id: string): End => ({ kind: 'subnet', id });

export function tcp(source: string, destination: string, destinationPort: number): Packet {
  const addresses = { source: parseAddress(source), destination: parseAddress(destination) };
  return { protocol: 6, ...addresses, sourcePort: 50000, destinationPort };
}

interface Answers {
  readonly engine: boolean;
  readonly trace: boolean;
}

/** Whether it may arrive. */
export function answers(
  model: NetworkModel,
  from: End,
  to: End,
  packet: Packet,
  options: { readonly asBuilt?: boolean } = {},
): Answers {
  return asked('may', model, { from, to, packet }, options);
}

/** Whether it certainly arrives, and its answer too. */
export function certainly(model: NetworkModel, from: End, to: End, packet: Packet): Answers {
  return asked('must', model, { from, to, packet });
}

function asked(approximation: Approximation, model: NetworkModel, flow: Flow, options: { asBuilt?: boolean } = {}) {
  const { from, to, packet } = flow;
  const reaches = new ReachabilityEngine(model, approximation, options).reachFrom(from, { to: [to] }).reaches;
  return {
    engine: reaches.some(({ sent }) => sent.has(packet)),
    trace: traceFlow(model, flow, approximation, options).verdict === 'reachable',
  };
}
