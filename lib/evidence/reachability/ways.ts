/**
 * The ways that a question has found. Of ways that look alike to their end, those are kept that lead packets there which
 * no shorter one does: through a dozen balancers that may call one another there are more ways than anyone can count.
 */
import type { PacketSet } from '../../base/net';
import { type Approximation, type End, endKey, type ResourceId } from '../network';
import { OVER_INTERNET, type Reach, SampledReach } from './reach';

export interface Way {
  readonly from: End;
  readonly to: End;
  readonly sent: PacketSet;
  readonly received: PacketSet;
  readonly via: readonly ResourceId[];
  /** where the packets are for is what their initiator wrote on them */
  readonly keepsDestination: boolean;
}

class Found extends SampledReach {
  /** when it was found */
  revision = 0;

  constructor(
    { from, to, sent, received, via }: Way,
    readonly ending: string,
  ) {
    super(from, to, sent, received, via);
  }

  /** Both, by the shorter of their paths. */
  with(way: Way): Found {
    const { via } = isShorter(way.via, this.via) ? way : this;
    const whole = { sent: this.sent.union(way.sent), received: this.received.union(way.received) };
    return new Found({ ...way, ...whole, via }, this.ending);
  }
}

/** So many that are alike are told apart in *must*, where one that passes the same balancer twice is worth nothing. */
const TOLD_APART = 16;

export class Ways {
  private readonly found = new Map<string, Found>();
  /** those that somebody passed on, by what they look like to their end */
  private readonly alike = new Map<string, Set<string>>();
  /** grows with each way that is found, or found to lead more there */
  revision = 0;

  constructor(private readonly approximation: Approximation) {}

  add(way: Way): void {
    const ending = endingOf(way);
    const key = `${ending} ${[...new Set(way.via)].sort().join(' ')}`;
    const before = this.found.get(key);
    if (before && isPart(way, before)) return;
    if (this.isDetour(way, ending)) return;
    const whole = before ? before.with(way) : new Found(way, ending);
    whole.revision = ++this.revision;
    this.found.set(key, whole);
    if (whole.via.length > 0) this.replace(whole, key);
  }

  /** No packet more than by fewer of the same steps, or by no more steps at all. */
  private isDetour(way: Way, ending: string): boolean {
    const alike = this.alike.get(ending) ?? [];
    for (const key of alike) {
      const known = this.found.get(key);
      if (known && isPart(way, known) && this.isPlainer(known, way, ending)) return true;
    }
    return false;
  }

  private isPlainer(known: Reach, way: Way, ending: string): boolean {
    if (known.via.every((step) => way.via.includes(step))) return true;
    const count = this.alike.get(ending)?.size ?? 0;
    return (this.approximation === 'may' || count >= TOLD_APART) && !isShorter(way.via, known.via);
  }

  /** Those that lead nobody else there by a longer path are worth nothing any more. */
  private replace(whole: Found, key: string): void {
    const alike = this.alike.get(whole.ending) ?? new Set();
    this.alike.set(whole.ending, alike.add(key));
    if (this.approximation === 'must') return;
    for (const other of alike) {
      const known = this.found.get(other);
      if (other === key || !known || !isPart(known, whole) || isShorter(known.via, whole.via)) continue;
      alike.delete(other);
      this.found.delete(other);
    }
  }

  /** What was found, or found to lead more there, after a revision. */
  since(revision: number): Reach[] {
    return [...this.found.values()].filter((way) => way.revision > revision);
  }

  list(): Reach[] {
    const written = [...this.found.values()].map(
      (reach) => [`${endKey(reach.to)} via ${reach.via.join(' ')}`, reach] as const,
    );
    return written.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reach]) => reach);
  }
}

/** Equal for ways that look the same to their end, and to whoever asks which of the packets sent come where. */
function endingOf({ to, via, keepsDestination }: Way): string {
  if (via.length === 0) return endKey(to);
  return `${endKey(to)} ${via.includes(OVER_INTERNET)} ${keepsDestination} ${via.at(-1)}`;
}

export function isShorter(one: readonly ResourceId[], other: readonly ResourceId[]): boolean {
  return one.length < other.length || (one.length === other.length && one.join(' ') < other.join(' '));
}

function isPart(way: Pick<Way, 'sent' | 'received'>, known: Reach): boolean {
  return way.sent.isSubsetOf(known.sent) && way.received.isSubsetOf(known.received);
}
