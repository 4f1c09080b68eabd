/** `at:` → Placement. */
import type { SourceSpan } from '../../base/diagnostics';
import { comparePrefixes, type Prefix } from '../../base/net';
import type { DiagnosticLog } from './diagnostic-codes';
import { type AddressClaim, type CidrOptions, listed, resolveCidr } from './resolve-addresses';
import type { ZoneDraft } from './shape';
import { didYouMean, oneOf } from './suggest';
import { compareText, type Entry, type ZoneDocument } from './zone-document';
import type { Placement, SharedVpc } from './zone-model';

type AtObject = Exclude<NonNullable<ZoneDraft['at']>, string>;

export interface PlacementContext {
  readonly document: ZoneDocument;
  readonly vpcs: ReadonlyMap<string, SharedVpc>;
  readonly claims: AddressClaim[];
  readonly log: DiagnosticLog;
}

export const DEFAULT_VPC_SIZE = 22;
export const DEFAULT_SHARED_VPC_SIZE = 20;
export const DEFAULT_SHARED_ZONE_SIZE = 24;

/** Stands in for a place that could not be read: it claims nothing, so it causes no further complaints. */
const NOWHERE: Placement = { kind: 'outside', cidrs: [] };

export function resolvePlacement(zone: Entry<ZoneDraft>, context: PlacementContext): Placement {
  const { at } = zone.draft;
  if (at === undefined) return NOWHERE;
  if (at === 'vpc') return { kind: 'vpc', size: DEFAULT_VPC_SIZE };
  if (at === 'outside') return NOWHERE;
  const places = (['vpc', 'site', 'outside', 'template'] as const).filter((place) => at[place] !== undefined);
  const [place, second] = places;
  if (place === undefined) {
    context.log.report('PLACEMENT_EMPTY', zone.keySpan('at'), `\`at\` does not say where zone \`${zone.name}\` is`, {
      help: 'add one of `vpc`, `site`, `outside` or `template`',
    });
    return NOWHERE;
  }
  if (second !== undefined) {
    context.log.report(
      'PLACEMENT_CONFLICT',
      zone.keySpan('at', second),
      `zone \`${zone.name}\` is placed twice: \`${place}\` and \`${second}\``,
      {
        help: 'a zone lives in one place: keep one of the two, or make two zones',
        related: [{ message: 'the other place', span: zone.keySpan('at', place) }],
      },
    );
    return NOWHERE;
  }
  if (place === 'vpc')
    return typeof at.vpc === 'string' ? inSharedVpc(zone, at, at.vpc, context) : inOwnVpc(zone, at, context);
  if (place === 'site') return atSite(zone, at, context);
  return place === 'outside' ? outside(zone, at, context) : inTemplate(zone, at, context);
}

function inOwnVpc(zone: Entry<ZoneDraft>, at: AtObject, context: PlacementContext): Placement {
  const inner = typeof at.vpc === 'object' ? at.vpc : {};
  misplaced(zone, at, ['cidrs'], 'a VPC has one block: write `vpc: { cidr: … }`', context.log);
  const cidrPath = inner.cidr === undefined ? ['at', 'cidr'] : ['at', 'vpc', 'cidr'];
  const sizePath = inner.size === undefined ? ['at', 'size'] : ['at', 'vpc', 'size'];
  const cidr = oneCidr(zone, inner.cidr ?? at.cidr, cidrPath, context);
  if (cidr)
    context.claims.push({ prefix: cidr, owner: `zone \`${zone.name}\``, kind: 'vpc', span: zone.span(...cidrPath) });
  const size = sizeOf(
    inner.size ?? at.size,
    cidr,
    DEFAULT_VPC_SIZE,
    zone.span(...sizePath),
    zone.span(...cidrPath),
    context.log,
  );
  return { kind: 'vpc', size, ...(cidr && { cidr }) };
}

function inSharedVpc(zone: Entry<ZoneDraft>, at: AtObject, name: string, context: PlacementContext): Placement {
  const vpc = context.vpcs.get(name);
  if (!vpc) {
    const known = [...context.vpcs.keys()];
    context.log.report('VPC_UNKNOWN', zone.span('at', 'vpc'), `unknown shared VPC \`${name}\``, {
      help:
        didYouMean(name, known) ??
        `declare it: \`vpcs: { ${name}: { size: 20 } }\`, or write \`vpc: { size: 22 }\` for a VPC of its own`,
    });
    return NOWHERE;
  }
  misplaced(zone, at, ['cidrs'], 'the zone takes one block of the VPC: write `cidr`', context.log);
  const cidr = oneCidr(zone, at.cidr, ['at', 'cidr'], context);
  if (cidr)
    context.claims.push({
      prefix: cidr,
      owner: `zone \`${zone.name}\``,
      kind: 'zone',
      within: name,
      span: zone.span('at', 'cidr'),
    });
  const fallback = Math.max(DEFAULT_SHARED_ZONE_SIZE, Math.min(28, vpc.size));
  const size = sizeOf(at.size, cidr, fallback, zone.span('at', 'size'), zone.span('at', 'cidr'), context.log);
  return { kind: 'shared-vpc', vpc: name, size, ...(cidr && { cidr }) };
}

function atSite(zone: Entry<ZoneDraft>, at: AtObject, context: PlacementContext): Placement {
  const site = at.site ?? '';
  const known = context.document.sites.map(({ name }) => name);
  if (!known.includes(site)) {
    context.log.report('SITE_UNKNOWN', zone.span('at', 'site'), `unknown site \`${site}\``, {
      help: didYouMean(site, known) ?? (known.length > 0 ? `expected ${oneOf(known)}` : `declare it under \`sites:\``),
    });
  }
  misplaced(zone, at, ['size'], 'a site has ranges of its own: write `cidr`', context.log);
  const cidrs = cidrsOf(zone, at, [], context);
  if (at.cidr === undefined && at.cidrs === undefined) {
    context.log.report(
      'PLACEMENT_EMPTY',
      zone.keySpan('at'),
      `zone \`${zone.name}\` has no addresses at site \`${site}\``,
      {
        help: 'add `cidr:`; to AWS a site zone is its address range and nothing else',
      },
    );
  }
  return { kind: 'site', site, cidrs };
}

function outside(zone: Entry<ZoneDraft>, at: AtObject, context: PlacementContext): Placement {
  misplaced(zone, at, ['size'], 'the outside has ranges of its own: write `cidrs`', context.log);
  const inner = at.outside;
  const isObject = typeof inner === 'object' && !Array.isArray(inner);
  const listedHere = isObject
    ? []
    : listed<string>(inner, 'outside').map(({ item, path }) => ({ item, path: ['at', ...path] }));
  const below = isObject ? rangesOf(inner, ['at', 'outside']) : listedHere;
  return { kind: 'outside', cidrs: cidrsOf(zone, at, below, context) };
}

function inTemplate(zone: Entry<ZoneDraft>, at: AtObject, context: PlacementContext): Placement {
  misplaced(zone, at, ['size'], 'a template says the sizes itself', context.log);
  const template = at.template ?? {};
  const cidrs = cidrsOf(zone, at, rangesOf({ cidrs: template.cidrs }, ['at', 'template']), context);
  const [vpcs, subnets, securityGroups] = (['vpcs', 'subnets', 'securityGroups'] as const).map((key) =>
    listed(template[key], key).map(({ item }) => item.trim()),
  );
  const ids = [...(vpcs ?? []), ...(subnets ?? []), ...(securityGroups ?? [])];
  if (ids.length === 0 && template.cidrs === undefined && at.cidr === undefined && at.cidrs === undefined) {
    context.log.report(
      'PLACEMENT_EMPTY',
      zone.keySpan('at', 'template'),
      `zone \`${zone.name}\` is bound to nothing in the template`,
      {
        help: 'add `vpcs`, `subnets`, `securityGroups` or `cidrs`',
      },
    );
  }
  return {
    kind: 'template',
    vpcs: sortedTexts(vpcs),
    subnets: sortedTexts(subnets),
    securityGroups: sortedTexts(securityGroups),
    cidrs,
  };
}

export function sortedTexts(texts: readonly string[] | undefined): string[] {
  return [...new Set(texts)].sort(compareText);
}

interface Ranged {
  readonly cidr?: string | string[];
  readonly cidrs?: string | string[];
}
type ListedCidr = { readonly item: string; readonly path: (string | number)[] };

/** `cidr` and `cidrs` of a mapping: either, or both. */
export function rangesOf(ranged: Ranged, base: readonly (string | number)[]): ListedCidr[] {
  return [...listed(ranged.cidr, 'cidr'), ...listed(ranged.cidrs, 'cidrs')].map(({ item, path }) => ({
    item,
    path: [...base, ...path],
  }));
}

function cidrsOf(
  zone: Entry<ZoneDraft>,
  at: AtObject,
  below: readonly ListedCidr[],
  context: PlacementContext,
): Prefix[] {
  const ranges = [...rangesOf(at, ['at']), ...below];
  const prefixes: Prefix[] = [];
  for (const { item, path } of ranges) {
    const span = zone.span(...path);
    const prefix = resolveCidr(item, span, context.log);
    if (!prefix) continue;
    prefixes.push(prefix);
    context.claims.push({ prefix, owner: `zone \`${zone.name}\``, kind: 'zone', span });
  }
  return prefixes.sort(comparePrefixes);
}

function oneCidr(
  zone: Entry<ZoneDraft>,
  text: string | string[] | undefined,
  path: readonly (string | number)[],
  context: PlacementContext,
  options: CidrOptions = { ipv4Only: true },
): Prefix | undefined {
  if (text === undefined) return undefined;
  const span = zone.span(...path);
  if (typeof text === 'string') return resolveCidr(text, span, context.log, options);
  if (text.length === 1 && text[0] !== undefined) return resolveCidr(text[0], span, context.log, options);
  context.log.report('PLACEMENT_CONFLICT', span, `zone \`${zone.name}\` has ${text.length} blocks, expected one`, {
    help: 'write one block; a zone that needs two is two zones',
  });
  return undefined;
}

function misplaced(
  zone: Entry<ZoneDraft>,
  at: AtObject,
  keys: readonly ('size' | 'cidrs')[],
  help: string,
  log: DiagnosticLog,
): void {
  for (const key of keys) {
    if (at[key] === undefined) continue;
    log.report(
      'PLACEMENT_CONFLICT',
      zone.keySpan('at', key),
      `\`${key}\` does not go with the place of zone \`${zone.name}\``,
      { help },
    );
  }
}

/** The prefix length of a block, said by `size`, by `cidr` or by neither. */
export function sizeOf(
  size: number | undefined,
  cidr: Prefix | undefined,
  fallback: number,
  sizeSpan: SourceSpan,
  cidrSpan: SourceSpan,
  log: DiagnosticLog,
): number {
  const length = size ?? cidr?.length ?? fallback;
  if (length < 16 || length > 28) {
    log.report(
      'VPC_SIZE_RANGE',
      size === undefined ? cidrSpan : sizeSpan,
      `a block of /${length} is not possible, expected /16 to /28`,
      {
        help: 'AWS allows /16 (65,536 addresses) to /28 (16 addresses)',
      },
    );
    return fallback;
  }
  if (size !== undefined && cidr && cidr.length !== size) {
    log.report('VPC_SIZE_MISMATCH', sizeSpan, `\`size: ${size}\` disagrees with the block's /${cidr.length}`, {
      help: 'leave out `size`: the block says it',
      related: [{ message: 'the block', span: cidrSpan }],
    });
  }
  return length;
}
