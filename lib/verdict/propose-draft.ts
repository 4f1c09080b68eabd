/** A proposed zone file before it is text: what `propose-estate` grows and `propose-text` writes down. */

export type ProposedPlace =
  | { readonly kind: 'template'; readonly vpcs: readonly string[]; readonly subnets: readonly string[] }
  | { readonly kind: 'site'; readonly site: string; readonly cidrs: readonly string[] }
  | { readonly kind: 'outside'; readonly cidrs: readonly string[] };

export interface ProposedAsset {
  readonly name: string;
  /** by the names that a zone file binds them by */
  readonly securityGroups: readonly string[];
  readonly serves: readonly string[];
}

export interface ProposedZone {
  readonly name: string;
  readonly purpose: string;
  readonly at: ProposedPlace;
  readonly assets: readonly ProposedAsset[];
  readonly awsServices: readonly string[];
  /** said above the zone */
  readonly notes: readonly string[];
}

export interface ProposedSite {
  readonly name: string;
  readonly ip: string;
  readonly notes: readonly string[];
}

export interface ProposedConduit {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly allow: readonly string[];
  /** those of `allow` that what stands there may use, and not only by way of the internet; all, where nothing does yet */
  readonly used: readonly string[];
  readonly notes: readonly string[];
}

export interface Draft {
  readonly name: string;
  readonly region?: string;
  readonly sites: readonly ProposedSite[];
  readonly zones: readonly ProposedZone[];
  readonly conduits: readonly ProposedConduit[];
  /** what is open and has no word in the zone language, or has no zone: for a person, at the top of the file */
  readonly findings: readonly string[];
}

/** A name that the zone language takes: letters, digits and dashes, at most 64, not one that it reserves, not taken. */
export function freshName(wanted: string, taken: ReadonlySet<string>): string {
  const plain = wanted
    .replace(/([a-z\d])([A-Z])/g, '$1-$2')
    .replace(/[^A-Za-z\d]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase()
    .slice(0, 56)
    .replace(/-+$/, '');
  const base = plain === '' || RESERVED.has(plain) ? `${plain}${plain === '' ? '' : '-'}zone` : plain;
  for (let at = 1; ; at++) {
    const name = at === 1 ? base : `${base}-${at}`;
    if (!taken.has(name)) return name;
  }
}

/** Whether a zone may be called so as it is. */
export function isName(text: string): boolean {
  return /^[A-Za-z\d_-]{1,64}$/.test(text) && !RESERVED.has(text);
}

const RESERVED = new Set(['internet', 'anything', 'any', 'all', 'everything', 'unbound', 'outside']);
