/**
 * What is asked about a flow, and what is answered (CONTRACTS, `explain --json`).
 */
import type { Address, PacketSet } from '../base/net';
import type { Blocker, End, Hop, ResourceId, UnknownUse } from '../evidence/network';

export interface FlowQuestion {
  /** any of these */
  readonly from: readonly End[];
  readonly to: readonly End[];
  /** protocol and ports asked about */
  readonly packets: PacketSet;
  /** the packet on the wire carries it, where an end is written as an address */
  readonly fromAddress?: Address;
  readonly toAddress?: Address;
  /** why nothing is begun from there, or taken: one of the ends is the address of something that only passes packets on */
  readonly passesOnOnly?: { readonly resource: ResourceId; readonly reason: string };
  /** a source port is part of the question; otherwise `reachable` asks for one from 1024 up */
  readonly asksSourcePort?: boolean;
}

export type FlowVerdict = 'reachable' | 'blocked' | 'unknown';

export interface Explanation {
  readonly verdict: FlowVerdict;
  readonly forward: {
    readonly verdict: FlowVerdict;
    /** inclusive destination port ranges for which the verdict holds; empty where the protocol has no ports */
    readonly ports: readonly (readonly [number, number])[];
    readonly hops: readonly Hop[];
  };
  readonly reply: { readonly verdict: FlowVerdict; readonly hops: readonly Hop[] };
  readonly blockers: readonly Blocker[];
  readonly unknowns: readonly UnknownUse[];
  readonly parameters: readonly string[];
}

export function verdictOf(certainly: boolean, maybe: boolean): FlowVerdict {
  if (certainly) return 'reachable';
  return maybe ? 'unknown' : 'blocked';
}

export function distinct(uses: readonly UnknownUse[]): UnknownUse[] {
  return [...new Map(uses.map((use) => [`${use.resource} ${use.reason}`, use])).values()];
}

/** By name; with its stack before it where two stacks have one of that name (`--parameter [Stack.]Name=value`). */
export function parametersOf(uses: readonly UnknownUse[]): string[] {
  const ids = [...new Set(uses.flatMap((use) => use.parameters))].sort();
  const bare = (id: string) => id.slice(id.lastIndexOf('.') + 1);
  const isShared = (id: string) => ids.some((other) => other !== id && bare(other) === bare(id));
  return ids.map((id) => (isShared(id) ? id : bare(id))).sort();
}

export function resourceOf(end: End): ResourceId {
  if (end.kind === 'internet') return 'internet';
  return end.kind === 'aws-service' ? (end.endpoint ?? end.name) : end.id;
}

export function withAnyGroups(end: End): End {
  return end.kind === 'subnet' ? { kind: 'subnet', id: end.id } : end;
}

/** Before it is on its way. */
export function stopped(why: Omit<Blocker, 'direction'>): Explanation {
  return {
    verdict: 'blocked',
    forward: { verdict: 'blocked', ports: [], hops: [] },
    reply: { verdict: 'blocked', hops: [] },
    blockers: [{ ...why, direction: 'forward' }],
    unknowns: [],
    parameters: [],
  };
}
