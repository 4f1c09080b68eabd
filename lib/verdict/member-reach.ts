/**
 * What the members of an asset reach, as against whoever may be launched in their subnets. One question per sender
 * answers for every claim: all that the flow table shows to be within reach is asked for at once.
 */
import { type Approximation, type End, endKey } from '../evidence/network';
import type { Reach } from '../evidence/reachability/reach';
import type { Engine } from './evidence';
import { type FlowTable, narrowToSources } from './flows';
import type { Party } from './place';

export class MemberReach {
  private readonly answers = new Map<string, Map<string, Reach[]>>();

  constructor(
    readonly approximation: Approximation,
    private readonly engine: Engine,
    private readonly flows: FlowTable,
    private readonly membersAt: (party: Party) => readonly Party[] | undefined,
  ) {}

  /** Lets go of all answers; what is asked again is worked out again. */
  forget(): void {
    this.answers.clear();
  }

  /** Everything that goes from one party to an end that the flow table shows within reach of the party's subnet. */
  between(from: Party, to: End): Reach[] {
    const reaches = this.from(from.end).get(endKey(to)) ?? [];
    return reaches.flatMap((reach) => narrowToSources(from, reach) ?? []);
  }

  private from(end: End): ReadonlyMap<string, Reach[]> {
    const key = endKey(end);
    const known = this.answers.get(key);
    if (known) return known;
    const found = new Map<string, Reach[]>();
    this.answers.set(key, found);
    const to = this.withinReach(end);
    if (to.length === 0) return found;
    for (const reach of this.engine.reachFrom(end, { to }).reaches) {
      const at = endKey(reach.to);
      found.set(at, [...(found.get(at) ?? []), reach]);
    }
    return found;
  }

  /** The members of the assets at the other side; where it has no assets, everyone there. */
  private withinReach(end: End): End[] {
    const ends = new Map<string, End>();
    for (const flow of this.flows.from(end)) {
      for (const party of this.membersAt(flow.to) ?? [flow.to]) ends.set(endKey(party.end), party.end);
      if (flow.reach.to.kind !== 'subnet') ends.set(endKey(flow.reach.to), flow.reach.to);
    }
    return [...ends.values()];
  }
}
