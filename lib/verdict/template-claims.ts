/**
 * What `at: { template: … }` and the assets of such zones claim of templates that Cordon did not make, by the names that
 * a user may write: `LogicalId`, or `Stack.LogicalId`, which wins.
 */
import type { Diagnostic } from '../base/diagnostics';
import { AddressSet } from '../base/net';
import { isKnown, type NetworkModel, type ResourceId, type SecurityGroup, type Subnet } from '../evidence/network';
import { type Asset, nearest, type ZoneModel } from '../intent/zones';
import type { BindingProblem } from './binding-problem';
import { isDeclaredName, type Place } from './place';

/** The same as diagnostics, for a surface that tells a mistake in the input from a violation. */
export function unknownNames(model: ZoneModel, network: NetworkModel): Diagnostic[] {
  return new TemplateClaims(model).unknownNames(network).map(({ zones, message, fix }) => {
    const span = model.zones.find(({ name }) => zones.includes(name))?.source;
    return { code: 'BINDING_NAME_UNKNOWN', severity: 'error', message, help: fix, ...(span ? { span } : {}) };
  });
}

/** Who claims a name. */
interface Claimant {
  readonly zone: string;
  readonly asset?: string;
}

type Claims = Map<string, Claimant[]>;

export class TemplateClaims {
  private readonly vpcs: Claims = new Map();
  private readonly subnets: Claims = new Map();
  private readonly groups: Claims = new Map();
  private readonly assetSubnets: Claims = new Map();
  private readonly assetGroups: Claims = new Map();
  private readonly ranges: { readonly zone: string; readonly set: AddressSet }[] = [];
  private readonly assetRanges: { readonly claimant: Claimant; readonly set: AddressSet }[] = [];

  constructor(model: ZoneModel) {
    for (const { name, placement, assets } of model.zones) {
      if (placement.kind !== 'template') continue;
      for (const id of placement.vpcs) push(this.vpcs, id, { zone: name });
      for (const id of placement.subnets) push(this.subnets, id, { zone: name });
      for (const id of placement.securityGroups) push(this.groups, id, { zone: name });
      if (placement.cidrs.length > 0) this.ranges.push({ zone: name, set: AddressSet.of(...placement.cidrs) });
      for (const asset of assets) this.addAsset(asset);
    }
  }

  private addAsset({ zone, name, template, cidrs }: Asset): void {
    const claimant = { zone, asset: name };
    for (const id of template?.subnets ?? []) push(this.assetSubnets, id, claimant);
    for (const id of template?.securityGroups ?? []) push(this.assetGroups, id, claimant);
    if (cidrs.length > 0) this.assetRanges.push({ claimant, set: AddressSet.of(...cidrs) });
  }

  zonesOfVpc(id: ResourceId): string[] {
    return zonesIn(lookUp(this.vpcs, id));
  }

  /** By name, else by range. */
  zonesOfSubnet({ origin, cidrs }: Subnet): string[] {
    const byName = zonesIn(lookUp(this.subnets, origin.resource));
    if (byName.length > 0) return byName;
    return this.ranges.filter(({ set }) => isWithin(cidrs, set)).map(({ zone }) => zone);
  }

  zonesOfGroup({ origin }: SecurityGroup): string[] {
    return zonesIn(lookUp(this.groups, origin.resource));
  }

  /** Assets of the zone that claim the subnet, by name or by a range that holds all of it. */
  assetsOfSubnet({ origin, cidrs }: Subnet, zone: string): string[] {
    const byRange = this.assetRanges.filter(({ set }) => isWithin(cidrs, set)).map(({ claimant }) => claimant);
    return assetsIn([...lookUp(this.assetSubnets, origin.resource), ...byRange], zone);
  }

  /** What a group says of those who wear it; undefined where nobody claims it. */
  placeOfGroup({ origin }: SecurityGroup): Place | undefined {
    const [first] = lookUp(this.assetGroups, origin.resource);
    if (first) return { ...first };
    const [zone] = zonesIn(lookUp(this.groups, origin.resource));
    return zone === undefined ? undefined : { zone };
  }

  /** Names that nothing in the templates has: a proof about nothing would prove everything. */
  unknownNames(network: NetworkModel): BindingProblem[] {
    return [
      ...unknownIn('VPC', this.vpcs, network.vpcs),
      ...unknownIn('subnet', this.subnets, network.subnets),
      ...unknownIn('subnet', this.assetSubnets, network.subnets),
      ...unknownIn('security group', this.groups, network.securityGroups),
      ...unknownIn('security group', this.assetGroups, network.securityGroups),
    ];
  }

  /** Names that two claim who cannot both have them. */
  rivals(network: NetworkModel, subnets: ReadonlyMap<ResourceId, Place>): BindingProblem[] {
    return [
      ...network.securityGroups.flatMap(({ id, origin }) => this.rivalsForGroup(id, origin.resource)),
      ...network.subnets.flatMap(({ id, origin }): BindingProblem[] => {
        const own = subnets.get(id)?.zone;
        // what is in no zone is told already
        if (own === undefined || !isDeclaredName(own)) return [];
        const strangers = lookUp(this.assetSubnets, origin.resource).filter(({ zone }) => zone !== own);
        return strangers.map(({ zone, asset }) => ({
          resource: id,
          zones: [zone, own].sort(),
          message: `asset \`${zone}/${asset}\` is bound to subnet \`${id}\`, which is zone \`${own}\`'s`,
          fix: `bind the asset to subnets of zone \`${zone}\`, or the subnet to that zone`,
        }));
      }),
    ];
  }

  private rivalsForGroup(id: ResourceId, name: ResourceId): BindingProblem[] {
    const claimants = [...lookUp(this.groups, name), ...lookUp(this.assetGroups, name)];
    const zones = zonesIn(claimants);
    const assets = [...new Set(claimants.flatMap(({ zone, asset }) => (asset ? [`${zone}/${asset}`] : [])))].sort();
    if (zones.length <= 1 && assets.length <= 1) return [];
    const who = zones.length > 1 ? `zones ${zones.join(' and ')}` : `assets ${assets.join(' and ')}`;
    const message = `security group \`${id}\` is claimed by ${who}: nobody can tell its members apart`;
    return [{ resource: id, zones, message, fix: `leave \`${id}\` to one of them` }];
  }
}

function unknownIn(
  what: string,
  named: Claims,
  nouns: readonly { readonly origin: { readonly resource: string } }[],
): BindingProblem[] {
  const known = new Set(nouns.flatMap(({ origin }) => [origin.resource, bare(origin.resource)]));
  return [...named].flatMap(([name, claimants]): BindingProblem[] => {
    if (known.has(name)) return [];
    const zones = zonesIn(claimants);
    const [asset] = assetsIn(claimants, zones[0] ?? '');
    const who = asset === undefined ? `zone \`${zones.join('`, `')}\`` : `asset \`${zones[0]}/${asset}\``;
    const near = nearest(name, [...known].sort());
    return [
      {
        resource: name,
        zones,
        message: `${who} is bound to ${what} \`${name}\`, which no template has`,
        fix: near === undefined ? 'correct the name, or give the template that has it' : `did you mean \`${near}\`?`,
      },
    ];
  });
}

function isWithin(cidrs: Subnet['cidrs'], set: AddressSet): boolean {
  const known = cidrs.filter(isKnown);
  return known.length > 0 && AddressSet.of(...known).isSubsetOf(set);
}

/** `Stack.LogicalId` → `LogicalId` */
function bare(id: ResourceId): string {
  return id.slice(id.lastIndexOf('.') + 1);
}

/** What names the stack too is meant for that stack's; the bare name is for whoever else has it. */
function lookUp(claims: Claims, id: ResourceId): readonly Claimant[] {
  return claims.get(id) ?? claims.get(bare(id)) ?? [];
}

function zonesIn(claimants: readonly Claimant[]): string[] {
  return [...new Set(claimants.map(({ zone }) => zone))].sort();
}

function assetsIn(claimants: readonly Claimant[], of: string): string[] {
  return [...new Set(claimants.flatMap(({ zone, asset }) => (zone === of && asset !== undefined ? [asset] : [])))];
}

function push(claims: Claims, key: string, claimant: Claimant): void {
  const list = claims.get(key);
  if (list) list.push(claimant);
  else claims.set(key, [claimant]);
}
