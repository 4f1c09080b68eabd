/** What AWS opens past routes and gateways no engine sees, but nobody may call blocked what it may carry. */
import type { PacketSet } from '../base/net';
import type { NetworkModel, UnknownUse } from '../evidence/network';
import { bridgesBetween } from './bridges';
import { distinct, type FlowQuestion } from './explanation';

export function bridgesLeftOpen(network: NetworkModel, { from, to }: FlowQuestion, packets: PacketSet): UnknownUse[] {
  if (network.bridges.length === 0) return [];
  const pairs = from.flatMap((one) => to.map((other) => [one, other] as const));
  return distinct(pairs.flatMap(([one, other]) => bridgesBetween(network, one, other, packets)));
}
