/**
 * Legs that are still to be walked, and those that were: none is walked of which all that it may lead to is found already.
 */
import { PacketSet } from '../../base/net';
import { legKey, locationKey } from '../forwarding';
import type { Approximation } from '../network';
import type { Chain } from './chain';
import type { Departure } from './leg';
import { OVER_INTERNET } from './reach';
import { isShorter } from './ways';

/** A leg that is still to be walked. */
export interface Pursuit {
  readonly chain: Chain;
  readonly departures: readonly Departure[];
}

/** So many legs from one place that differ only in what they passed before are told apart in *may*. */
const TOLD_APART = 8;

export class Pursuits {
  private readonly queue: Pursuit[] = [];
  private readonly begun = new Map<string, Pursuit[]>();

  constructor(private readonly approximation: Approximation) {}

  /**
   * A leg to be walked when its turn comes, so that the shortest chains come first; not at all where one with the same
   * packets, and more, was begun after less.
   */
  add(pursuit: Pursuit): void {
    if (pursuit.departures.every(({ packets }) => packets.isEmpty())) return;
    const key = keyOf(pursuit);
    const begun = this.begun.get(key) ?? [];
    if (begun.some((known) => covers(known, pursuit))) return;
    const isTooMany = this.approximation === 'may' && begun.length >= TOLD_APART;
    const next = isTooMany ? begun.reduce(both, pursuit) : pursuit;
    this.begun.set(key, isTooMany ? [next] : [...begun, next]);
    this.queue.push(next);
  }

  next(): Pursuit | undefined {
    return this.queue.shift();
  }
}

/** Equal for legs that begin alike, for whoever looks at how they end. */
function keyOf({ chain: { origin, sent, keeps, intended, calledAtNode, via } }: Pursuit): string {
  const picksPort = origin.kind === 'party' && origin.picksPort;
  const isOver = via.includes(OVER_INTERNET);
  return JSON.stringify([legKey({ origin }), picksPort, keeps, intended, calledAtNode, sent === undefined, isOver]);
}

function covers(one: Pursuit, other: Pursuit): boolean {
  return (
    isWithin(other.chain.sent, one.chain.sent) &&
    [...one.chain.passed].every((id) => other.chain.passed.has(id)) &&
    other.departures.every(({ location, packets }) => packets.isSubsetOf(leavingAt(one, locationKey(location))))
  );
}

function leavingAt({ departures }: Pursuit, key: string): PacketSet {
  return PacketSet.unionAll(
    departures.flatMap(({ location, packets }) => (locationKey(location) === key ? packets : [])),
  );
}

/**
 * What covers both: the packets of both, after what both have passed. It may pass again what only one of them has passed,
 * which is more than there is.
 */
function both(one: Pursuit, other: Pursuit): Pursuit {
  const { sent } = one.chain;
  const plainer = isShorter(other.chain.via, one.chain.via) ? other : one;
  const departures = [...one.departures, ...other.departures];
  const locations = new Map(departures.map(({ location }) => [locationKey(location), location]));
  return {
    chain: {
      ...plainer.chain,
      ...(sent && other.chain.sent && { sent: sent.union(other.chain.sent) }),
      passed: new Set([...one.chain.passed].filter((id) => other.chain.passed.has(id))),
    },
    departures: [...locations].map(([key, location]) => {
      return { location, packets: leavingAt(one, key).union(leavingAt(other, key)) };
    }),
  };
}

export function isWithin(part: PacketSet | undefined, whole: PacketSet | undefined): boolean {
  return part === undefined || whole === undefined ? part === whole : part.isSubsetOf(whole);
}
