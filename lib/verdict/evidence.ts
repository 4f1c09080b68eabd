/**
 * What a verdict asks of the evidence wing: two engines, one per approximation, and a replay of one concrete flow.
 * An interface of its own, so that claims can be tested against networks drawn by hand.
 */
import type { AddressSet, PacketSet } from '../base/net';
import type { Blocker, End, Flow, Hop, Packet, UnknownUse } from '../evidence/network';
import type { Reach } from '../evidence/reachability/reach';

export interface Restriction {
  readonly to?: readonly End[];
  /** as sent */
  readonly packets?: PacketSet;
}

export interface Engine {
  /** every end that a conversation may start at */
  ends(): readonly End[];
  /** every address that the end has, or may get */
  addressesOf(end: End): AddressSet;
  /** lets go of what it need not keep, where it keeps anything: answers stay the same */
  forget?(): void;
  reachFrom(
    from: End,
    restriction?: Restriction,
  ): { readonly reaches: readonly Reach[]; readonly unknowns: readonly UnknownUse[] };
}

/** What became of one packet. */
export interface Replay {
  /** it arrives at the end it was meant for, where everything unknown lets it pass */
  readonly delivered: boolean;
  /** what comes back does too */
  readonly answered: boolean;
  readonly hops: readonly Hop[];
  readonly blockers: readonly Blocker[];
  readonly unknowns: readonly UnknownUse[];
  /** the packet as it arrives */
  readonly arrived?: Packet;
}

export interface Evidence {
  readonly may: Engine;
  readonly must: Engine;
  replay(flow: Flow): Replay;
}
