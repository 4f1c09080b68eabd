/**
 * What is asked at the two ends of a leg: the gates of both parties, whether an answer comes back, and what is certain.
 */
import { AddressSet, type PacketSet } from '../../base/net';
import { type ForwardingGraph, InterfaceGates, type Origin, type Party, type Uses } from '../forwarding';
import type { LegEnd } from './leg';
import type { Legs } from './legs';
import { Replies } from './reply';
import { forEveryAddress, forEveryChosenPort, openRanges } from './whichever';

export class Gates extends InterfaceGates {
  private readonly replies: Replies;

  constructor(graph: ForwardingGraph, legs: Legs) {
    super(graph);
    this.replies = new Replies(graph, legs);
  }

  /** The packets whose conversation can be completed. `leg` is where the leg from `origin` ended. */
  answered(origin: Origin, leg: LegEnd, packets: PacketSet, uses: Uses): PacketSet {
    return this.replies.answered(origin, leg, packets, uses);
  }

  /** In `must`: only what holds whichever addresses AWS gives to the two ends of the leg. */
  certainly(origin: Origin, to: Party | undefined, packets: PacketSet): PacketSet {
    if (this.may) return packets;
    let certain = packets;
    if (origin.kind === 'party') certain = this.everyAddress(certain, origin.party, 'source');
    if (origin.kind === 'nat') {
      const own = this.graph.addressesOf(origin.subnet).intersect(AddressSet.ALL_IPV4);
      certain = forEveryAddress(certain, [own], 'source');
    }
    if (origin.kind === 'nat' || (origin.kind === 'party' && origin.picksPort)) certain = forEveryChosenPort(certain);
    return to ? this.everyAddress(certain, to, 'destination') : certain;
  }

  private everyAddress(packets: PacketSet, party: Party, side: 'source' | 'destination'): PacketSet {
    const ranges = openRanges(party, (at) => {
      const subnet = party.subnets[at];
      return subnet ? this.graph.addressesOf(subnet) : AddressSet.EMPTY;
    });
    return ranges ? forEveryAddress(packets, ranges, side) : packets;
  }
}
