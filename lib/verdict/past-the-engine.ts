/** Answers to what the engine, which follows packets to whom they are addressed, calls blocked. */
import type { PacketSet } from '../base/net';
import { byGatewayBalancer } from './by-gateway-balancer';
import type { Explanation, FlowQuestion } from './explanation';
import { type Known, overBridges } from './over-bridges';

export function pastTheEngine(question: FlowQuestion, packets: PacketSet, known: Known): Explanation | undefined {
  return overBridges(question, packets, known) ?? byGatewayBalancer(question, packets, known);
}
