/**
 * Which block each VPC and zone has, and which subnets each asset has.
 */
import type { Diagnostic, SourceSpan } from '../../base/diagnostics';
import { formatPrefix, type Prefix } from '../../base/net';
import type { Asset, Zone, ZoneModel } from '../zones';
import { ledgerEntry, type Placement, placeRanges, type RangeRequest } from './address-book';
import { layoutBlock, subnetsOf } from './block-layout';
import type { AddressLedger, GroupKey } from './network-plan';

export interface AssetPlace {
  readonly key: GroupKey;
  readonly zone: Zone;
  readonly asset?: Asset;
  readonly vpc: string;
  readonly cidr: Prefix;
  readonly subnets: readonly Prefix[];
}

export interface VpcPlace {
  readonly name: string;
  readonly shared: boolean;
  readonly cidr: Prefix;
  readonly zones: readonly Zone[];
  readonly source: SourceSpan;
}

export interface AddressPlan {
  readonly vpcs: ReadonlyMap<string, VpcPlace>;
  /** by zone name: the VPC's block, or the zone's block in a shared one */
  readonly blocks: ReadonlyMap<string, Prefix>;
  /** by group key */
  readonly assets: ReadonlyMap<GroupKey, AssetPlace>;
  readonly ledger: AddressLedger;
  readonly diagnostics: readonly Diagnostic[];
}

/** `zone/asset`, or `zone` for a zone without assets. */
export function assetKey(zone: string, asset?: string): GroupKey {
  return asset === undefined ? zone : `${zone}/${asset}`;
}

/** The groups that a conduit's end stands for: one asset, every asset, or the zone itself where it has none. */
export function placesOf(addresses: AddressPlan, zone: Zone, asset?: string): AssetPlace[] {
  const names =
    asset !== undefined ? [asset] : zone.assets.length > 0 ? zone.assets.map(({ name }) => name) : [undefined];
  return names.flatMap((name) => addresses.assets.get(assetKey(zone.name, name)) ?? []);
}

export function planAddresses(model: ZoneModel, ledger: AddressLedger): AddressPlan {
  const report = new AddressReport();
  const vpcs = placeVpcs(model, ledger, report);
  const blocks = new Map<string, Prefix>();
  for (const vpc of vpcs.values()) {
    for (const [zone, block] of placeZones(model, vpc, ledger, report)) blocks.set(zone, block);
  }
  const assets = new Map<GroupKey, AssetPlace>();
  for (const vpc of vpcs.values()) {
    for (const zone of vpc.zones) {
      const block = blocks.get(zone.name);
      if (block) for (const place of placeAssets(model, vpc, zone, block, ledger, report)) assets.set(place.key, place);
    }
  }
  return { vpcs, blocks, assets, ledger: report.ledger(), diagnostics: report.diagnostics(model) };
}

function placeVpcs(model: ZoneModel, ledger: AddressLedger, report: AddressReport): Map<string, VpcPlace> {
  const wanted: { place: Omit<VpcPlace, 'cidr'>; request: RangeRequest }[] = [];
  for (const vpc of model.vpcs) {
    const zones = model.zones.filter(({ placement }) => placement.kind === 'shared-vpc' && placement.vpc === vpc.name);
    if (zones.length === 0) continue;
    const request = { key: `vpc:${vpc.name}`, length: vpc.cidr?.length ?? vpc.size, pinned: vpc.cidr };
    wanted.push({ place: { name: vpc.name, shared: true, zones, source: vpc.source }, request });
  }
  for (const zone of model.zones) {
    const { placement } = zone;
    if (placement.kind !== 'vpc') continue;
    const length = placement.cidr?.length ?? placement.size;
    const request = { key: `vpc:${zone.name}`, length, pinned: placement.cidr };
    wanted.push({ place: { name: zone.name, shared: false, zones: [zone], source: zone.source }, request });
  }
  const requests = wanted.map(({ request }) => request);
  const placement = placeRanges(model.addressing.pool, requests, ledger);
  report.add(placement, (key) => ({
    source: wanted.find(({ request }) => request.key === key)?.place.source,
    container: model.addressing.pool
      ? `the pool ${formatPrefix(model.addressing.pool)}`
      : 'the estate, which has no pool',
    help: 'enlarge `addressing.pool`, take a smaller block, or pin a range with `cidr`',
  }));
  const vpcs = new Map<string, VpcPlace>();
  for (const { place, request } of wanted) {
    const cidr = placement.ranges.get(request.key);
    if (cidr) vpcs.set(place.name, { ...place, cidr });
  }
  return vpcs;
}

function placeZones(
  model: ZoneModel,
  vpc: VpcPlace,
  ledger: AddressLedger,
  report: AddressReport,
): Map<string, Prefix> {
  if (!vpc.shared) return new Map(vpc.zones.map((zone) => [zone.name, vpc.cidr]));
  const requests = vpc.zones.flatMap((zone): RangeRequest[] => {
    if (zone.placement.kind !== 'shared-vpc') return [];
    const { cidr, size } = zone.placement;
    return [{ key: `zone:${zone.name}`, length: cidr?.length ?? size, pinned: cidr }];
  });
  const transit = sharedTransitRange(vpc.cidr, model.availabilityZones);
  const placement = placeRanges(vpc.cidr, requests, ledger, transit ? [transit] : []);
  report.add(placement, (key) => ({
    source: vpc.zones.find((zone) => `zone:${zone.name}` === key)?.source,
    container: `VPC \`${vpc.name}\` (${formatPrefix(vpc.cidr)})`,
    help: `give VPC \`${vpc.name}\` a larger block, or the zone a smaller one`,
  }));
  return new Map([...placement.ranges].map(([key, range]) => [key.slice('zone:'.length), range]));
}

/** What a shared VPC keeps for itself, at the end of its block: the subnets of its transit gateway attachment. */
export function sharedTransitRange(block: Prefix, availabilityZones: number): Prefix | undefined {
  return layoutBlock(block, availabilityZones).roles.endpoint;
}

function placeAssets(
  model: ZoneModel,
  vpc: VpcPlace,
  zone: Zone,
  block: Prefix,
  ledger: AddressLedger,
  report: AddressReport,
): AssetPlace[] {
  const layout = layoutBlock(block, model.availabilityZones);
  const assets: (Asset | undefined)[] = zone.assets.length > 0 ? [...zone.assets] : [undefined];
  const keyOf = (asset?: Asset) => `asset:${assetKey(zone.name, asset?.name)}`;
  const requests = assets.map((asset) => ({ key: keyOf(asset), length: layout.assetLength }));
  const placement = placeRanges(block, requests, ledger, layout.tail);
  report.add(placement, (key) => ({
    source: assets.find((asset) => keyOf(asset) === key)?.source ?? zone.source,
    container: `zone \`${zone.name}\` (${formatPrefix(block)})`,
    help: `give the zone a larger block: \`size: ${block.length - 1}\` has twice the room`,
  }));
  return assets.flatMap((asset): AssetPlace[] => {
    const cidr = placement.ranges.get(keyOf(asset));
    const subnets = cidr && subnetsOf(cidr, model.availabilityZones);
    if (!cidr) return [];
    if (!subnets) {
      report.tooSmall(zone, block, model.availabilityZones);
      return [];
    }
    return [{ key: assetKey(zone.name, asset?.name), zone, asset, vpc: vpc.name, cidr, subnets }];
  });
}

interface Explanation {
  readonly source?: SourceSpan;
  readonly container: string;
  readonly help: string;
}

/** Gathers what placing found, so that a reader sees all of it at once. */
class AddressReport {
  private readonly ranges = new Map<string, Prefix>();
  private readonly displaced: { key: string; source?: SourceSpan }[] = [];
  private readonly found: Diagnostic[] = [];

  add(placement: Placement, explain: (key: string) => Explanation): void {
    for (const [key, range] of placement.ranges) this.ranges.set(key, range);
    for (const key of placement.displaced) this.displaced.push({ key, source: explain(key).source });
    for (const key of placement.unplaced) {
      const { source, container, help } = explain(key);
      const message = `no room is left in ${container} for ${nameOf(key)}`;
      this.found.push({ code: 'PLAN_NO_ROOM', severity: 'error', message, help, span: source });
    }
    for (const [key, other] of placement.overlaps) {
      this.found.push({
        code: 'PLAN_ADDRESS_OVERLAP',
        severity: 'error',
        message: `the ranges of ${nameOf(key)} and ${nameOf(other)} overlap`,
        help: 'change one of the pinned ranges, or remove the stale entry from `addresses.json`',
        span: explain(key).source,
      });
    }
  }

  tooSmall(zone: Zone, block: Prefix, availabilityZones: number): void {
    this.found.push({
      code: 'PLAN_BLOCK_TOO_SMALL',
      severity: 'error',
      message: `zone \`${zone.name}\` has ${formatPrefix(block)}, too small for a subnet in each of ${availabilityZones} availability zones`,
      help: 'AWS allows no subnet smaller than /28: give the zone a larger block',
      span: zone.source,
    });
  }

  ledger(): AddressLedger {
    const entries = [...this.ranges].map(([key, range]) => [key, ledgerEntry(range)] as const);
    return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  diagnostics(model: ZoneModel): Diagnostic[] {
    const first = this.displaced[0];
    if (!first) return this.found;
    const names = this.displaced.map(({ key }) => nameOf(key)).join(', ');
    return [
      ...this.found,
      {
        code: 'PLAN_ADDRESS_NOT_RECORDED',
        severity: 'warning',
        message: `the natural ranges of ${names} were taken, so something added later to \`${model.name}\` could move them`,
        help: 'commit the `addresses.json` that `npx cdk synth` writes beside the zone files, or pin `cidr`',
        span: first.source,
      },
    ];
  }
}

function nameOf(key: string): string {
  const [kind, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
  return kind === 'vpc' ? `VPC \`${name}\`` : kind === 'zone' ? `zone \`${name}\`` : `\`${name}\``;
}
