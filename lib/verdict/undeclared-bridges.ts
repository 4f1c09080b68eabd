/**
 * What bridges carry between zones beyond what conduits declare, as parts of claims.
 */
import type { PacketSet } from '../base/net';
import type { Crossing } from './bridges';
import type { VerdictContext } from './context';
import { showChannels } from './counterexample';

export interface Bridged {
  readonly crossing: Crossing;
  readonly packets: PacketSet;
  /** nothing is left to decide */
  readonly certain: boolean;
  readonly because: string;
}

export function undeclaredBridges(from: string, to: string, context: VerdictContext): Bridged[] {
  const allowed = context.allowance.packets({ zone: from }, { zone: to });
  return context.bridges.between(from, to).flatMap((crossing): Bridged[] => {
    const packets = crossing.may.subtract(allowed);
    if (packets.isEmpty()) return [];
    const certain = !crossing.must.subtract(allowed).isEmpty();
    const says = `${showChannels(packets)} past routes and gateways: ${crossing.bridge.reason}`;
    return [
      { crossing, packets, certain, because: `${certain ? '' : 'not understood: '}${crossing.bridge.id}: ${says}` },
    ];
  });
}
