/**
 * What the engine answers.
 */
import type { PacketSet } from '../../base/net';
import type { Approximation, End, Flow, ResourceId, UnknownUse } from '../network';

/** Stands among what a reach goes through for the internet between two of our own hosts. */
export const OVER_INTERNET: ResourceId = 'internet';

/** Everything that one end may (or must be able to) send to another. For tcp, the reply comes back as well. */
export interface Reach {
  readonly from: End;
  readonly to: End;
  /** the initiator's packets as they leave it */
  readonly sent: PacketSet;
  /** the same packets as they arrive, after every translation: what a claim about ports and addresses is about */
  readonly received: PacketSet;
  /** what translates or passes them on, in order: NAT gateways, load balancers, endpoints */
  readonly via: readonly ResourceId[];
  /** one concrete packet, as sent; replayed in trace before anyone sees it */
  readonly sample: Flow;
}

/** A reach whose sample is picked when somebody asks for it: most are never shown. */
export class SampledReach implements Reach {
  constructor(
    readonly from: End,
    readonly to: End,
    readonly sent: PacketSet,
    readonly received: PacketSet,
    readonly via: readonly ResourceId[],
  ) {}

  get sample(): Flow {
    const packet = this.sent.sample();
    if (!packet) throw new Error('a reach holds no packet');
    return { from: this.from, to: this.to, packet };
  }
}

/** A part of a reach. */
export function partOf({ from, to, via }: Reach, sent: PacketSet, received: PacketSet): Reach {
  return new SampledReach(from, to, sent, received, via);
}

export interface ReachabilityResult {
  readonly approximation: Approximation;
  readonly reaches: readonly Reach[];
  /** what was not understood and mattered for these answers */
  readonly unknowns: readonly UnknownUse[];
}
