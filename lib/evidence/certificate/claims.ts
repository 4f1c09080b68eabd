/** Exclusion: whether what everyone may receive leaves a claim standing. Knows nothing of AWS. */
import type { PacketSet } from '../../base/net';
import { type End, endKey, type ResourceId } from '../network';
import type { Certificates, Claim } from './format';

/** `behind`: the interface of the balancer that sent it on, if one did. */
export interface Received {
  readonly end: End;
  readonly packets: PacketSet;
  readonly behind?: ResourceId;
}

/** What a zone or host sends, by the name of who receives it. `judged`: without what vacant balancers send on. */
interface Sent {
  readonly all: Map<string, PacketSet>;
  readonly judged: Map<string, PacketSet>;
}

type Isolation = Extract<Claim, { kind: 'isolation' }>;
type Never = Extract<Claim, { kind: 'never' }>;

export class Claims {
  private readonly sent = new Map<string, Sent>();
  private readonly senders = new Map<string, string[]>();
  private readonly hosts: ReadonlySet<string>;
  /** names of whom the internet holds */
  private readonly outside: readonly string[];

  /** `receivedFrom`: all that a sender, by number, may send to any of the ends. */
  constructor(
    private readonly file: Pick<Certificates, 'places' | 'ends'>,
    private readonly set: (number: number) => PacketSet,
    receivedFrom: (sender: number) => readonly Received[],
  ) {
    const zones = Object.entries(file.places).filter(([, { kind }]) => kind === 'zone');
    this.hosts = new Set(zones.flatMap(([name]) => this.hostsOf(name)));
    const isOutside = ([number]: readonly number[]) => entryOf(file.ends, number ?? 0).kind === 'internet';
    this.outside = zones.flatMap(([name, { receivers }]) => (receivers.some(isOutside) ? name : []));
    const holders = new Map<string, { name: string; there: PacketSet; vacant: readonly ResourceId[] }[]>();
    for (const [name, { receivers, vacant = [] }] of Object.entries(file.places)) {
      for (const [number, there = 1] of receivers) {
        const key = endKey(entryOf(file.ends, number));
        holders.set(key, [...(holders.get(key) ?? []), { name, there: set(there), vacant }]);
      }
    }
    for (const [name, { senders }] of Object.entries(file.places)) {
      const sent: Sent = { all: new Map(), judged: new Map() };
      for (const { end, packets, behind } of senders.flatMap(receivedFrom)) {
        for (const holder of holders.get(endKey(end)) ?? []) {
          const here = packets.intersect(holder.there);
          if (here.isEmpty()) continue;
          add(sent.all, holder.name, here);
          if (behind === undefined || !holder.vacant.includes(behind)) add(sent.judged, holder.name, here);
        }
      }
      this.sent.set(name, sent);
      for (const to of sent.judged.keys()) this.senders.set(to, [...(this.senders.get(to) ?? []), name]);
    }
  }

  /** Of some claims, which do not hold together, and why. */
  refute(claims: readonly Claim[]): { readonly id: string; readonly why: string }[] {
    const pairs = new Set(claims.flatMap(({ kind, from, to }) => (kind === 'isolation' ? `${from} > ${to}` : [])));
    return claims.flatMap((claim) => {
      const why = claim.kind === 'isolation' ? this.refuteIsolation(claim, pairs) : this.refuteNever(claim);
      return why === undefined ? [] : { id: claim.id, why: `${claim.id}: ${why}` };
    });
  }

  private refuteIsolation({ from, to, forbidden }: Isolation, pairs: ReadonlySet<string>): string | undefined {
    const isOne = typeof from === 'string';
    for (const name of [to, ...(isOne ? [from] : from.allBut)]) this.sentBy(name);
    const isMeant = (name: string) => (isOne ? name === from : this.isZone(name) && !from.allBut.includes(name));
    const offends = (name: string) =>
      this.sentBy(name).judged.get(to)?.intersect(this.set(forbidden)).isEmpty() === false;
    const bad = (this.senders.get(to) ?? []).find((name) => isMeant(name) && offends(name));
    if (bad !== undefined) return `exclusion: ${to} receives from ${bad} what is forbidden`;
    const around = isOne && from !== to ? this.waysAround(from, to).find((pair) => !pairs.has(pair)) : undefined;
    return around === undefined ? undefined : `exclusion: it may go around by ${around}, of which nothing is claimed`;
  }

  /** Over the internet and back goes only what both ways let go, which is claimed of each (SEMANTICS 20). */
  private waysAround(from: string, to: string): string[] {
    if ([from, to].some((name) => this.outside.includes(name) || !this.isZone(name))) return [];
    const out = this.outside.flatMap((name) => (this.sentBy(from).all.has(name) ? `${from} > ${name}` : []));
    const into = this.outside.flatMap((name) => (this.sentBy(name).all.has(to) ? `${name} > ${to}` : []));
    return out.length > 0 && into.length > 0 ? [...out, ...into] : [];
  }

  private refuteNever({ from, to, stops, taken }: Never): string | undefined {
    const forbidden = new Set(from.length === 1 ? to.filter((name) => name !== from[0]) : to);
    const inside = new Set(taken);
    const ends = new Set(stops === 'everywhere' ? this.hosts : stops.flatMap((name) => this.hostsOf(name)));
    for (const name of to) this.sentBy(name);
    const outside = from.flatMap((name) => this.hostsOf(name)).find((host) => !inside.has(host));
    if (outside !== undefined) return `entry: ${outside} may be taken over`;
    for (const host of taken) {
      for (const name of this.sentBy(host).all.keys()) {
        if (forbidden.has(name)) return `exclusion: ${host} reaches ${name}`;
        const isAnother = this.hosts.has(name) && !inside.has(name) && !ends.has(name);
        if (isAnother) return `closure: ${host} reaches ${name}`;
      }
    }
    return undefined;
  }

  private isZone(name: string): boolean {
    return this.file.places[name]?.kind === 'zone';
  }

  private hostsOf(name: string): readonly string[] {
    return this.file.places[name]?.hosts ?? [name];
  }

  /** Whether it is taken over as one. */
  isHost(name: string): boolean {
    return this.hosts.has(name);
  }

  sentBy(name: string): Sent {
    const sent = this.sent.get(name);
    if (!sent) throw new RangeError(`there is no place \`${name}\``);
    return sent;
  }
}

function add(sets: Map<string, PacketSet>, name: string, packets: PacketSet): void {
  sets.set(name, sets.get(name)?.union(packets) ?? packets);
}

/** Throws a RangeError where a table has no such entry. */
export function entryOf<T>(table: readonly T[], number: number): T {
  const entry = table[number];
  if (entry === undefined) throw new RangeError(`there is no entry ${number} in a table`);
  return entry;
}
