import type { PacketSet } from '../base/net';
import type { VerdictContext } from './context';
import type { ZoneFlow } from './flows';

/**
 * The packets that cross the boundary of the zone. Behind a balancer of the zone on which nothing is registered yet, they
 * are those that its listeners hear: what is registered later answers on its target group's port (an assumption).
 */
export function crossing({ reach, received, to }: ZoneFlow, context: VerdictContext): PacketSet {
  const last = reach.via.at(-1);
  return last !== undefined && context.isVacant(last, to.place.zone) ? reach.sent : received;
}
