/** Exclusion: whether what everyone may receive leaves a claim standing. Knows nothing of AWS. */
import type { PacketSet } from '../../base/net';
import type { Received } from '../forwarding';
import type { End, ResourceId } from '../network';
import type { Certificates, Claim } from './format';

/** Who receives something of what a zone or host sends, and what: without what vacant balancers send on. */
interface Sent {
  readonly to: Set<string>;
  readonly packets: Map<string, PacketSet[]>;
}

type Isolation = Extract<Claim, { kind: 'isolation' }>;
type Never = Extract<Claim, { kind: 'never' }>;

export class Claims {
  private readonly sent = new Map<string, Sent>();
  private readonly senders = new Map<string, string[]>();
  /** names of what is taken over as one */
  readonly hosts: ReadonlySet<string>;
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
    const holders = new Map<End, { name: string; there: PacketSet; vacant: readonly ResourceId[] }[]>();
    for (const [name, { receivers, vacant = [] }] of Object.entries(file.places)) {
      for (const [number, there = 1] of receivers) {
        push(holders, entryOf(file.ends, number), { name, there: set(there), vacant });
      }
    }
    for (const [name, { senders }] of Object.entries(file.places)) {
      const sent: Sent = { to: new Set(), packets: new Map() };
      for (const received of senders.flatMap(receivedFrom)) {
        for (const holder of holders.get(received.end) ?? []) {
          if (!this.isTold(name, holder.name)) continue;
          const here = received.packets.intersect(holder.there);
          if (here.isEmpty()) continue;
          sent.to.add(holder.name);
          const isCalled = received.behind !== undefined && holder.vacant.includes(received.behind);
          if (!isCalled) push(sent.packets, holder.name, here);
        }
      }
      for (const [to, sets] of sent.packets) sent.packets.set(to, [...sets]);
      this.sent.set(name, sent);
      for (const to of sent.packets.keys()) push(this.senders, to, name);
    }
  }

  /** Of some claims, which do not hold together, and why. */
  refute(claims: readonly Claim[]): { readonly id: string; readonly why: string }[] {
    const pairs = new Set(claims.flatMap(({ kind, from, to }) => (kind === 'isolation' ? `${from}\n${to}` : [])));
    return claims.flatMap((claim) => {
      const why = claim.kind === 'isolation' ? this.refuteIsolation(claim, pairs) : this.refuteNever(claim);
      return why === undefined ? [] : { id: claim.id, why: `${claim.id}: ${why}` };
    });
  }

  private refuteIsolation({ from, to, forbidden }: Isolation, pairs: ReadonlySet<string>): string | undefined {
    const isOne = typeof from === 'string';
    for (const name of [to, ...(isOne ? [from] : from.allBut)]) this.sentBy(name);
    if (isOne ? !this.isTold(from, to) : !from.allBut.includes(to)) return `exclusion: ${to} is more than is told of`;
    const isMeant = (name: string) => (isOne ? name === from : this.isZone(name) && !from.allBut.includes(name));
    const excluded = this.set(forbidden);
    const receives = (name: string) => this.sentBy(name).packets.get(to) ?? [];
    const offends = (name: string) => receives(name).some((packets) => !packets.intersect(excluded).isEmpty());
    const bad = (this.senders.get(to) ?? []).find((name) => isMeant(name) && offends(name));
    if (bad !== undefined) return `exclusion: ${to} receives from ${bad} what is forbidden`;
    const way = this.waysAround(isMeant, to).find((pair) => !pairs.has(pair));
    return way && `exclusion: it may go around, and nothing is claimed of ${way.replace('\n', ' to ')}`;
  }

  /** Over the internet and back goes only what both ways let go, which is claimed of each (SEMANTICS 20). */
  private waysAround(isMeant: (name: string) => boolean, to: string): string[] {
    const isInside = (name: string) => name !== to && this.isZone(name) && !this.outside.includes(name);
    const into = this.outside.filter((name) => this.sentBy(name).to.has(to));
    if (into.length === 0 || !this.isZone(to) || this.outside.includes(to)) return [];
    const out = [...this.sent.keys()]
      .filter((name) => isInside(name) && isMeant(name))
      .flatMap((from) => this.outside.flatMap((name) => (this.sentBy(from).to.has(name) ? `${from}\n${name}` : [])));
    return out.length > 0 ? [...out, ...into.map((name) => `${name}\n${to}`)] : [];
  }

  private refuteNever({ from, to, stops, taken }: Never): string | undefined {
    const forbidden = new Set(from.length === 1 ? to.filter((name) => name !== from[0]) : to);
    const inside = new Set(taken);
    const ends = new Set(stops === 'everywhere' ? this.hosts : stops.flatMap((name) => this.hostsOf(name)));
    for (const name of to) this.sentBy(name);
    const outside = from.flatMap((name) => this.hostsOf(name)).find((host) => !inside.has(host));
    if (outside !== undefined) return `entry: ${outside} may be taken over`;
    for (const host of taken) {
      for (const name of this.sentBy(host).to) {
        if (forbidden.has(name)) return `exclusion: ${host} reaches ${name}`;
        const isAnother = this.hosts.has(name) && !inside.has(name) && !ends.has(name);
        if (isAnother) return `closure: ${host} reaches ${name}`;
      }
    }
    return undefined;
  }

  /** What a zone that has hosts sends to hosts, or to itself, is told of its hosts only. */
  private isTold(from: string, to: string): boolean {
    return this.file.places[from]?.hosts === undefined || (this.isZone(to) && from !== to);
  }

  private isZone(name: string): boolean {
    return this.file.places[name]?.kind === 'zone';
  }

  private hostsOf(name: string): readonly string[] {
    return this.file.places[name]?.hosts ?? [name];
  }

  sentBy(name: string): Sent {
    const sent = this.sent.get(name);
    if (!sent) throw new RangeError(`there is no place \`${name}\``);
    return sent;
  }
}

function push<Key, T>(lists: Map<Key, T[]>, key: Key, entry: T): void {
  const list = lists.get(key);
  if (list) list.push(entry);
  else lists.set(key, [entry]);
}

/** Throws a RangeError where a table has no such entry. */
export function entryOf<T>(table: readonly T[], number: number): T {
  const entry = table[number];
  if (entry === undefined) throw new RangeError(`there is no entry ${number} in a table`);
  return entry;
}
