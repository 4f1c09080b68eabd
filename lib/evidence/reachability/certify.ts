/**
 * Makes certificates: the least invariant that the checker's own rules allow, as plain data. What the checker cannot
 * confirm is left out: a claim without a certificate is told, never minted.
 *
 * Forward sets first. Where they do not suffice, the answers to tcp packets are followed too, and the chain is begun anew
 * with what they rule out.
 */
import type { PacketSet } from '../../base/net';
import {
  type Certificate,
  type Certificates,
  checkCertificate,
  formatPackets,
  hashNetwork,
  type KnownChannels,
  LegRules,
  type Sha256,
  sealOf,
} from '../certificate';
import { type End, endKey, type NetworkModel } from '../network';
import { excludes, leastInvariant, type MadeLeg, type Places } from './least-invariant';

/** What is to be certified of everything that `from` sends, or of `sent` only. */
export interface Wanted {
  readonly from: End;
  readonly sent?: PacketSet;
  readonly claims: readonly {
    readonly id: string;
    readonly to: readonly End[];
    readonly forbidden: PacketSet;
  }[];
}

export interface Certified {
  readonly file: Certificates;
  /** parts of claims that no certificate could be made for; nothing is certified of the claims that they are parts of */
  readonly without: readonly { readonly id: string; readonly from: End }[];
}

export function certify(network: NetworkModel, wanted: readonly Wanted[], sha256: Sha256): Certified {
  const maker = new Maker(network);
  const made = [...wanted].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).map((one) => maker.make(one));
  const without = made.flatMap((one) => one.without);
  // A claim of many parts holds with all of them or not at all.
  const lacking = new Set(without.map(({ id }) => id));
  const certificates = made.flatMap(({ certificate }) => {
    const claims = certificate?.claims.filter(({ id }) => !lacking.has(id)) ?? [];
    return certificate && claims.length > 0 ? [{ ...certificate, claims }] : [];
  });
  const body = {
    cordon: 1 as const,
    kind: 'isolation-certificates' as const,
    network: hashNetwork(network, sha256),
    sets: maker.sets.texts,
    ends: maker.ends.lists,
    certificates,
  };
  return { file: { ...body, seal: sealOf(body, sha256) }, without };
}

function keyOf({ from, sent }: Wanted): string {
  return `${endKey(from)} ${sent ? formatPackets(sent).join() : ''}`;
}

/** Every set once. */
class SetTable {
  readonly texts: string[][] = [];
  readonly sets: PacketSet[] = [];
  private readonly channels: KnownChannels = [];
  private readonly byText = new Map<string, number>();
  private readonly bySet = new Map<PacketSet, number>();

  indexOf(set: PacketSet): number {
    let index = this.bySet.get(set);
    if (index !== undefined) return index;
    const lines = formatPackets(set, this.channels);
    const text = lines.join('\n');
    index = this.byText.get(text);
    if (index === undefined) {
      index = this.texts.push(lines) - 1;
      this.sets.push(set);
      this.byText.set(text, index);
    }
    this.bySet.set(set, index);
    return index;
  }
}

/** Every list of ends once. */
class EndTable {
  readonly lists: End[][] = [];
  private readonly byKey = new Map<string, number>();

  indexOf(list: readonly End[]): number {
    const sorted = [...list].sort((a, b) => (endKey(a) < endKey(b) ? -1 : 1));
    const key = sorted.map(endKey).join('\n');
    const index = this.byKey.get(key) ?? this.lists.push(sorted) - 1;
    this.byKey.set(key, index);
    return index;
  }
}

class Maker {
  readonly sets = new SetTable();
  readonly ends = new EndTable();
  private readonly rules: LegRules;

  constructor(network: NetworkModel) {
    this.rules = new LegRules(network);
  }

  make(wanted: Wanted): { certificate?: Certificate; without: Certified['without'] } {
    const forward = leastInvariant(this.rules, wanted, false);
    const refused = wanted.claims.filter((claim) => !excludes(this.rules, forward, claim));
    const legs = refused.length > 0 ? leastInvariant(this.rules, wanted, true) : forward;
    const claims = wanted.claims.filter(
      (claim) => claim.to.every((end) => this.rules.knows(end)) && excludes(this.rules, legs, claim),
    );
    const certificate = claims.length > 0 ? this.write(wanted, claims, legs) : undefined;
    // The last word is the checker's.
    const isMade =
      certificate !== undefined &&
      checkCertificate(this.rules, certificate, this.sets.sets, this.ends.lists).length === 0;
    const without = wanted.claims.filter((claim) => !isMade || !claims.includes(claim));
    return {
      ...(isMade ? { certificate } : {}),
      without: without.map(({ id }) => ({ id, from: wanted.from })),
    };
  }

  private write({ from, sent }: Wanted, claims: Wanted['claims'], legs: readonly MadeLeg[]): Certificate {
    const { sets } = this;
    const invariantOf = (places: Places) =>
      [...places.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { location, packets }]) => ({ at: location, packets: sets.indexOf(packets) }));
    return {
      from,
      ...(sent ? { sent: sets.indexOf(sent) } : {}),
      claims: claims.map(({ id, to, forbidden }) => ({
        id,
        to: this.ends.indexOf(to),
        forbidden: sets.indexOf(forbidden),
      })),
      legs: legs.map(({ head: { origin, intended }, places, replies }) => ({
        origin,
        ...(intended === undefined ? {} : { intended }),
        invariant: invariantOf(places),
        ...(replies.size === 0
          ? {}
          : {
              replies: [...replies.values()].map((one) => ({ to: one.to, invariant: invariantOf(one.places) })),
            }),
      })),
    };
  }
}
