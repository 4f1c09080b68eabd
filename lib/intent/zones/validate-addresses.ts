/** Addresses: nobody claims what another claims, and every block fits where it must. */
import { comparePrefixes, formatPrefix, type Prefix, prefixContains } from '../../base/net';
import type { DiagnosticLog } from './diagnostic-codes';
import type { AddressClaim } from './resolve-addresses';
import type { SharedVpc, Zone, ZoneModel } from './zone-model';

export function validateAddresses(model: ZoneModel, claims: readonly AddressClaim[], log: DiagnosticLog): void {
  const narrow = claims.filter((claim) => !isTooWide(claim, log));
  reportOverlaps(narrow, log);
  reportOutsideVpc(narrow, log);
  reportCrampedZones(model, log);
  for (const vpc of model.vpcs) reportCrampedVpc(vpc, model.zones, log);
  reportCrampedPool(model, log);
}

/** The widest range that can be someone's: shorter prefixes speak for the internet, and hide it from obligations. */
const WIDEST = { 4: 8, 6: 12 } as const;

function isTooWide({ prefix, owner, span }: AddressClaim, log: DiagnosticLog): boolean {
  if (prefix.length >= WIDEST[prefix.family]) return false;
  log.report(
    'CIDR_TOO_WIDE',
    span,
    `${owner} claims \`${formatPrefix(prefix)}\`, expected /${WIDEST[prefix.family]} or longer`,
    {
      help: 'name the ranges that are really meant; the rest of the world is the zone `internet`',
    },
  );
  return true;
}

/** A sweep in address order: what still covers the current range is on the stack, so each claim is compared once. */
function reportOverlaps(claims: readonly AddressClaim[], log: DiagnosticLog): void {
  const ordered = claims.toSorted((a, b) => comparePrefixes(a.prefix, b.prefix) || a.owner.localeCompare(b.owner));
  const covering: AddressClaim[] = [];
  for (const claim of ordered) {
    for (let top = covering.at(-1); top && !prefixContains(top.prefix, claim.prefix); top = covering.at(-1))
      covering.pop();
    const other = covering.findLast((candidate) => conflicts(candidate, claim));
    if (other) reportOverlap(claim, other, log);
    covering.push(claim);
  }
}

/** `outer` covers `inner`. A VPC pinned inside the pool takes its part of it; a zone in its shared VPC likewise. */
function conflicts(outer: AddressClaim, inner: AddressClaim): boolean {
  if (outer.owner === inner.owner) return false;
  const isPinnedInPool = outer.kind === 'pool' && (inner.kind === 'vpc' || inner.within !== undefined);
  const isZoneInItsVpc = outer.within !== undefined && outer.within === inner.within && outer.kind !== inner.kind;
  return !isPinnedInPool && !isZoneInItsVpc;
}

function reportOverlap(inner: AddressClaim, outer: AddressClaim, log: DiagnosticLog): void {
  // the pool is rarely what has to move
  const [culprit, other] = inner.kind === 'pool' ? [outer, inner] : [inner, outer];
  log.report(
    'ZONE_CIDR_OVERLAP',
    culprit.span,
    `\`${formatPrefix(culprit.prefix)}\` of ${culprit.owner} overlaps \`${formatPrefix(other.prefix)}\` of ${other.owner}`,
    {
      help: 'an address belongs to one zone: change one of the two ranges',
      related: [{ message: `${other.owner}`, span: other.span }],
    },
  );
}

function reportOutsideVpc(claims: readonly AddressClaim[], log: DiagnosticLog): void {
  const blocks = new Map(
    claims.flatMap((claim) => (claim.kind === 'vpc' && claim.within ? [[claim.within, claim]] : [])),
  );
  for (const claim of claims) {
    if (claim.kind !== 'zone' || claim.within === undefined) continue;
    const block = blocks.get(claim.within);
    if (block && prefixContains(block.prefix, claim.prefix)) continue;
    const where = block
      ? `\`${formatPrefix(block.prefix)}\` of shared VPC \`${claim.within}\``
      : `shared VPC \`${claim.within}\`, whose block is not fixed`;
    log.report(
      'ZONE_CIDR_OUTSIDE_VPC',
      claim.span,
      `\`${formatPrefix(claim.prefix)}\` of ${claim.owner} is not inside ${where}`,
      {
        help: block
          ? 'choose a range inside the block'
          : `give \`vpcs.${claim.within}\` a \`cidr\`, or leave the zone's out and give its \`size\``,
      },
    );
  }
}

function sizeIn(zone: Zone): number | undefined {
  const { placement } = zone;
  return placement.kind === 'vpc' || placement.kind === 'shared-vpc' ? placement.size : undefined;
}

/** A subnet in each availability zone, none smaller than /28. */
function reportCrampedZones(model: ZoneModel, log: DiagnosticLog): void {
  const bits = Math.ceil(Math.log2(model.availabilityZones));
  for (const zone of model.zones) {
    const size = sizeIn(zone);
    if (size === undefined || size + bits <= 28) continue;
    log.report(
      'VPC_TOO_SMALL',
      zone.source,
      `zone \`${zone.name}\` has a /${size} for ${model.availabilityZones} availability zones`,
      {
        help: `a subnet is a /28 at least: use \`size: ${28 - bits}\` or larger blocks`,
      },
    );
  }
}

function reportCrampedVpc(vpc: SharedVpc, zones: readonly Zone[], log: DiagnosticLog): void {
  const inside = zones.filter(({ placement }) => placement.kind === 'shared-vpc' && placement.vpc === vpc.name);
  const taken = inside.reduce((sum, zone) => sum + 2 ** (32 - (sizeIn(zone) ?? 32)), 0);
  const available = 2 ** (32 - vpc.size);
  if (taken <= available) return;
  log.report(
    'VPC_TOO_SMALL',
    vpc.source,
    `shared VPC \`${vpc.name}\` has ${available} addresses, its zones take ${taken}`,
    {
      help: `use \`size: ${32 - Math.ceil(Math.log2(taken))}\`, or smaller zones`,
      related: inside.map((zone) => ({ message: `zone \`${zone.name}\` takes a /${sizeIn(zone)}`, span: zone.source })),
    },
  );
}

function reportCrampedPool(model: ZoneModel, log: DiagnosticLog): void {
  const { pool, source } = model.addressing;
  if (!pool) return;
  const isTaken = (cidr: Prefix | undefined) => cidr === undefined || prefixContains(pool, cidr);
  const own = model.zones.flatMap(({ placement }) =>
    placement.kind === 'vpc' && isTaken(placement.cidr) ? [placement.size] : [],
  );
  const shared = model.vpcs.flatMap(({ cidr, size }) => (isTaken(cidr) ? [size] : []));
  const taken = [...own, ...shared].reduce((sum, size) => sum + 2 ** (32 - size), 0);
  const available = 2 ** (32 - pool.length);
  if (taken <= available) return;
  log.report(
    'POOL_TOO_SMALL',
    source,
    `the pool \`${formatPrefix(pool)}\` has ${available} addresses, the VPCs take ${taken}`,
    {
      help: `use a /${Math.max(8, 32 - Math.ceil(Math.log2(taken)))} or larger, or smaller VPCs`,
    },
  );
}
