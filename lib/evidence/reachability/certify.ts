/**
 * Makes certificates: the least sets that the checker allows, as plain data, and of the claims those that they
 * bear out by the checker's own judgement. A claim without a certificate is told, never minted.
 */
import { PacketSet, PacketTable } from '../../base/net';
import { type Certificates, type Claim, Claims, entryOf, sealOf } from '../certificate';
import { locationKey, NetworkIndex, type Place } from '../forwarding';
import { type End, endKey, hashNetwork, type NetworkModel, type ResourceId, type Sha256 } from '../network';
import { LeastInvariants } from './least-invariant';

/** A zone, or hosts of one zone that are taken over together, in the words of the network. */
export interface WantedPlace {
  readonly kind: 'zone' | 'hosts';
  /** `sent`: only these packets of it */
  readonly senders: readonly { readonly end: End; readonly sent?: PacketSet }[];
  /** `there`: the packets that are for this place, where the end holds several */
  readonly receivers: readonly { readonly end: End; readonly there?: PacketSet }[];
  /** names of its hosts; absent: they are one */
  readonly hosts?: readonly string[];
  /** interfaces of balancers behind which nothing stands yet */
  readonly vacant?: readonly ResourceId[];
}

export type WantedClaim =
  | {
      readonly kind: 'isolation';
      readonly id: string;
      readonly from: string | { readonly allBut: readonly string[] };
      readonly to: string;
      readonly forbidden: PacketSet;
    }
  | {
      readonly kind: 'never';
      readonly id: string;
      readonly from: readonly string[];
      readonly to: readonly string[];
      readonly stops: readonly string[];
      /** only what is reached without taking anyone over */
      readonly isDirect?: boolean;
    };

export interface Wanted {
  readonly places: ReadonlyMap<string, WantedPlace>;
  readonly claims: readonly WantedClaim[];
}

export interface Certified {
  readonly file: Certificates;
  /** claims that no certificate could be made for, and why */
  readonly without: ReadonlyMap<string, string>;
}

export function certify(network: NetworkModel, wanted: Wanted, sha256: Sha256): Certified {
  const { body, without } = written(network, wanted);
  const file = { ...body, network: hashNetwork(network, sha256) };
  return { file: { ...file, seal: sealOf(file, sha256) }, without };
}

/** Apart, so that nothing but what is written down outlives it. */
function written(network: NetworkModel, { places, claims }: Wanted) {
  const maker = new Maker(network, places);
  const without = new Map<string, string>();
  let made = claims.flatMap((claim) => maker.claim(claim));
  // A claim of many parts holds with all of them or not at all, and some rest on others.
  for (let before = -1; before < without.size; ) {
    before = without.size;
    for (const { id, why } of maker.refute(made)) without.set(id, why);
    made = made.filter(({ id }) => !without.has(id));
  }
  return { body: maker.write(made), without };
}

/** Everything once, numbered in the order in which it is asked for. */
class Numbers<T> {
  readonly all: T[] = [];
  private readonly numbers = new Map<string, number>();

  of(key: string, make: () => T): number {
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = this.all.push(make()) - 1;
    this.numbers.set(key, number);
    return number;
  }
}

class Maker {
  private readonly table = new PacketTable();
  private readonly sets: PacketSet[] = [PacketSet.EMPTY, PacketSet.ALL];
  private readonly ends = new Numbers<End>();
  private readonly senders = new Numbers<Certificates['senders'][number]>();
  private readonly places: Certificates['places'] = {};
  private readonly hops: LeastInvariants['hops'];
  private readonly answers: LeastInvariants['answers'];
  private readonly claims: Claims;

  constructor(network: NetworkModel, wanted: Wanted['places']) {
    const index = new NetworkIndex(network);
    const known = [...wanted]
      .filter(([, { senders, receivers }]) => [...senders, ...receivers].every(({ end }) => index.hasEnd(end)))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [name, { kind, receivers, hosts, vacant }] of known) {
      this.places[name] = {
        kind,
        senders: [],
        receivers: receivers.map(({ end, there }) => {
          const number = this.ends.of(endKey(end), () => end);
          return there ? [number, this.numberOf(there)] : [number];
        }),
        ...(hosts ? { hosts: [...hosts] } : {}),
        ...(vacant ? { vacant: [...vacant] } : {}),
      };
    }
    const asked = known.map(([name, { senders }]) => {
      const numbers = senders.map(({ end: from, sent }) => {
        const number = sent && this.numberOf(sent);
        return this.senders.of(`${endKey(from)} ${number ?? ''}`, () => ({ from, sent: number, legs: {} }));
      });
      this.places[name]?.senders.push(...numbers);
      return numbers;
    });
    const invariants = new LeastInvariants(index, this.ends.all);
    const set = (number: number) => entryOf(this.sets, number);
    // What everyone receives, in a large estate, is more than all that is written down: it is kept while somebody asks.
    const receivedFrom = whileAsked(asked.flat(), (number) => {
      const sender = entryOf(this.senders.all, number);
      const { legs, received } = invariants.of(
        sender.from,
        sender.sent === undefined ? PacketSet.ALL : set(sender.sent),
      );
      sender.legs = record(legs, ({ places }) => record(places, ({ packets }) => this.numberOf(packets)));
      return received;
    });
    this.claims = new Claims({ places: this.places, ends: this.ends.all }, set, receivedFrom);
    this.hops = invariants.hops;
    this.answers = invariants.answers;
  }

  private numberOf(set: PacketSet): number {
    const number = this.table.numberOf(set);
    this.sets[number] = set;
    return number;
  }

  /** A claim in the words of the file. */
  claim(wanted: WantedClaim): Claim[] {
    if (wanted.kind === 'isolation') {
      const { kind, id, from, to, forbidden } = wanted;
      const named = typeof from === 'string' ? from : { allBut: [...from.allBut].sort() };
      return [{ kind, id, from: named, to, forbidden: this.numberOf(forbidden) }];
    }
    // Together where that shows it: what one takes over the others need not take over again.
    const together = this.never(wanted, wanted.from);
    if (this.refute([together]).length === 0) return [together];
    return wanted.from.map((from) => this.never(wanted, [from]));
  }

  private never({ id, to, stops, isDirect }: Extract<WantedClaim, { kind: 'never' }>, from: readonly string[]): Claim {
    return {
      kind: 'never',
      id,
      from: [...from].sort(),
      to: [...to].sort(),
      stops: isDirect ? 'everywhere' : [...stops].sort(),
      taken: this.takenOver(from, isDirect ? undefined : new Set(stops.flatMap((name) => this.hostsOf(name)))),
    };
  }

  private hostsOf(name: string): readonly string[] {
    return this.places[name]?.hosts ?? [name];
  }

  /** The hosts that may be taken over, one from another, where none starts afresh in `ends`; undefined: anywhere. */
  private takenOver(from: readonly string[], ends: ReadonlySet<string> | undefined): string[] {
    const taken = new Set(from.filter((name) => this.places[name]).flatMap((name) => this.hostsOf(name)));
    for (const host of ends ? taken : []) {
      for (const name of this.claims.sentBy(host).to) {
        if (this.claims.hosts.has(name) && ends?.has(name) === false) taken.add(name);
      }
    }
    return [...taken].sort();
  }

  /** Of some claims, which get no certificate together, and why. */
  refute(claims: readonly Claim[]): { readonly id: string; readonly why: string }[] {
    const absent = claims.flatMap(({ id, from, to }) => {
      const named = [to, typeof from === 'string' || Array.isArray(from) ? from : from.allBut].flat();
      const missing = named.find((name) => this.places[name] === undefined);
      return missing === undefined ? [] : { id, why: `${id}: the network has nothing of ${missing}, or not all of it` };
    });
    const ids = new Set(absent.map(({ id }) => id));
    return [...absent, ...this.claims.refute(claims.filter(({ id }) => !ids.has(id)))];
  }

  write(claims: Claim[]): Omit<Certificates, 'network' | 'seal'> {
    const tables = (hops: ReadonlyMap<string, readonly Place[]>) =>
      record(hops, (places) =>
        record(new Map(places.map((place) => [locationKey(place.location), place])), ({ packets }) =>
          this.numberOf(packets),
        ),
      );
    return {
      cordon: 1,
      kind: 'certificates',
      hops: tables(this.hops),
      answers: tables(this.answers),
      ends: this.ends.all,
      senders: this.senders.all,
      places: this.places,
      claims,
      sets: this.table.lines,
    };
  }
}

/** Works out each of some numbers when it is asked for, and keeps it for as often as it is listed. */
function whileAsked<T>(numbers: readonly number[], workOut: (number: number) => T): (number: number) => T {
  const kept = new Map<number, T>();
  const left = new Map<number, number>();
  for (const number of numbers) left.set(number, (left.get(number) ?? 0) + 1);
  return (number) => {
    const found = kept.get(number) ?? workOut(number);
    const others = (left.get(number) ?? 1) - 1;
    left.set(number, others);
    if (others > 0) kept.set(number, found);
    else kept.delete(number);
    return found;
  };
}

/** Sorted by key. */
function record<T, U>(map: ReadonlyMap<string, T>, of: (value: T) => U): Record<string, U> {
  const sorted = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, value]) => [key, of(value)]));
}
