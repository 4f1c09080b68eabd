/**
 * The answer of `cordon verify`: claims with verdicts, what can reach what, and what nobody can know from a template.
 * The JSON form is an interface (CONTRACTS, `verify --json`): fields are added, never renamed.
 */
import type { SourceSpan } from '../base/diagnostics';
import type { EditKind } from '../evidence/edits';
import type { Hop, ResourceId, UnknownUse } from '../evidence/network';

export type Verdict = 'proved' | 'violated' | 'unknown';
export type ClaimKind = 'isolation' | 'service' | 'never' | 'governance';

/** A packet for people: protocol by name, addresses as text. */
export interface ShownFlow {
  readonly protocol: string;
  readonly source: string;
  readonly sourcePort: number;
  readonly destination: string;
  readonly destinationPort: number;
}

/** One leg of a walk: from one zone to the next, with the packet that goes there. */
export interface Leg {
  readonly from: string;
  readonly to: string;
  readonly flow: ShownFlow;
  readonly hops: readonly Hop[];
}

/** A concrete packet that refutes a claim, replayed in trace. */
export interface Counterexample {
  readonly flow: ShownFlow;
  readonly hops: readonly Hop[];
  /** where it takes several conversations: each leg in order; `flow` and `hops` are the first leg's */
  readonly chain?: readonly Leg[];
}

export interface Claim {
  /** stable: `isolation/guest-wifi/ehr`, `service/vitals-to-chart/hl7-mllp-tls`, `never/…`, `governance/…`, `binding/…`, `policy/…`, `data/…`, `copy/…` */
  readonly id: string;
  readonly kind: ClaimKind;
  readonly verdict: Verdict;
  /** one plain sentence: what is claimed */
  readonly says: string;
  /** `zone` or `zone/asset` */
  readonly from?: string;
  readonly to?: string;
  readonly conduit?: string;
  /** the line of the zone file that the claim comes from */
  readonly source: { readonly file: string; readonly line: number; readonly column: number };
  /**
   * of isolation: whether it holds between what the templates create, and whether it holds for whatever may be launched
   * later; the verdict is the graver of the two
   */
  readonly holdsFor?: { readonly declared: Verdict; readonly potential: Verdict };
  readonly counterexample?: Counterexample;
  /** why the verdict is what it is */
  readonly because: readonly string[];
  /** the smallest change that would make it hold */
  readonly fix?: string;
}

/** What may flow between two zones, as far as anyone can tell from the templates. */
export interface ZoneReach {
  readonly from: string;
  readonly to: string;
  readonly channels: readonly { readonly protocol: string; readonly ports: readonly (readonly [number, number])[] }[];
}

/** A location and the zone it belongs to. */
export interface BoundLocation {
  readonly resource: ResourceId;
  readonly kind: 'subnet' | 'interface' | 'site';
  readonly zone: string;
  readonly asset?: string;
  readonly cidrs: readonly string[];
}

export interface BlastRadius {
  readonly zone: string;
  /** zones that a host of this zone may reach by hopping, gates not asked; sorted */
  readonly reaches: readonly string[];
}

/** A single change to a template. */
export interface SingleEdit {
  readonly resource: ResourceId;
  readonly kind: EditKind;
  /** what would be written there */
  readonly what: string;
}

/**
 * An undeclared path that is one edit away: isolation holds today, and only one thing makes it hold. Confirmed by making
 * the edit and replaying a packet. It changes no verdict.
 */
export interface LatentPath {
  readonly from: string;
  readonly to: string;
  /** `warning`: nothing else would stop it; `note`: only rules stop it, and one more rule would let it pass */
  readonly level: 'warning' | 'note';
  readonly says: string;
  readonly edit: SingleEdit;
  /** other resources at which an edit of the same kind would open the same pair */
  readonly also: readonly ResourceId[];
  /** a packet that would then flow */
  readonly flow: ShownFlow;
  readonly hops: readonly Hop[];
  /** the line that declares `to`, else `from` */
  readonly source: Claim['source'];
  /** the lines that declare the two, where the zone file does */
  readonly zones: readonly {
    readonly zone: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
  }[];
}

export interface VerifyResult {
  readonly cordon: 1;
  readonly estate: string;
  readonly asOf: string;
  readonly verdict: Verdict;
  /** by kind, then id */
  readonly claims: readonly Claim[];
  readonly reach: readonly ZoneReach[];
  readonly blastRadius: readonly BlastRadius[];
  readonly binding: readonly BoundLocation[];
  readonly unknowns: readonly UnknownUse[];
  /** sorted by level, then by pair; absent where nobody asked for them */
  readonly latent?: readonly LatentPath[];
  readonly warnings: readonly string[];
  readonly assumptions: readonly string[];
  readonly statistics: {
    readonly resources: number;
    readonly locations: number;
    readonly milliseconds: Readonly<Record<string, number>>;
  };
}

const GRAVITY: Readonly<Record<Verdict, number>> = { proved: 0, unknown: 1, violated: 2 };

/** violated before unknown before proved: nothing unknown is ever folded into proved. */
export function gravest(verdicts: Iterable<Verdict>): Verdict {
  let worst: Verdict = 'proved';
  for (const verdict of verdicts) if (GRAVITY[verdict] > GRAVITY[worst]) worst = verdict;
  return worst;
}

export function placeOf(span: SourceSpan): Claim['source'] {
  return { file: span.file, line: span.line, column: span.column };
}

const KIND_ORDER: readonly ClaimKind[] = ['isolation', 'service', 'never', 'governance'];

export function compareClaims(a: Claim, b: Claim): number {
  return KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
