/**
 * Binding: which zone each subnet, interface and site belongs to. Trusted input to every proof, so it is explicit, it
 * is reported, and whatever has no zone, or two, is a problem and not a gap (DESIGN, section 5).
 */
import { formatPrefix, type Prefix } from '../base/net';
import {
  type End,
  type Interface,
  isKnown,
  type NetworkModel,
  type ResourceId,
  type SecurityGroup,
  type Subnet,
} from '../evidence/network';
import type { ZoneModel } from '../intent/zones';
import { checkAddresses } from './bind-addresses';
import { type BoundSite, bindSites } from './bind-sites';
import type { BindingProblem } from './binding-problem';
import { type Place, ROLE_TAG, SHARED_VPC } from './place';
import type { BoundLocation } from './result';
import { TemplateClaims } from './template-claims';

export interface Binding {
  readonly subnets: ReadonlyMap<ResourceId, Place>;
  /** several only for a location that is a problem: it then counts as each of them */
  readonly interfaces: ReadonlyMap<ResourceId, readonly Place[]>;
  readonly groups: ReadonlyMap<ResourceId, Place>;
  readonly sites: ReadonlyMap<ResourceId, BoundSite>;
  /** groups that alone decide the zone of whoever wears them (`at.template.securityGroups`), by VPC */
  readonly decidingGroups: ReadonlyMap<ResourceId, readonly ResourceId[]>;
  /** subnets of VPCs in which groups alone tell zones apart: they are in no zone, and whoever is there is by its group */
  readonly leftToGroups: ReadonlySet<ResourceId>;
  /** whether an end is whoever wears a group that alone decides the zone */
  isDecidedByGroup(end: End): boolean;
  /** where wearers of the zone's deciding groups may be launched */
  subnetsOfGroups(zone: string): readonly ResourceId[];
  readonly problems: readonly BindingProblem[];
  readonly locations: readonly BoundLocation[];
}

export const ZONE_TAG = 'cordon:zone';
export const ASSET_TAG = 'cordon:asset';
const VPC_TAG = 'cordon:vpc';

export function bindZones(model: ZoneModel, network: NetworkModel): Binding {
  const problems: BindingProblem[] = [];
  const claimed = new TemplateClaims(model);
  const groups = bindGroups(model, network, claimed);
  const deciding = new Set(
    network.securityGroups.filter((group) => claimed.zonesOfGroup(group).length > 0).map(({ id }) => id),
  );

  const subnets = new Map<ResourceId, Place>();
  const zonesOf = new Map(
    network.subnets.map((subnet) => [subnet.id, zonesOfSubnet(subnet, model, claimed, network)] as const),
  );
  const decidingGroups = groupIdsByVpc(network.securityGroups.filter(({ id }) => deciding.has(id)));
  const leftToGroups = subnetsLeftToGroups(network, zonesOf, decidingGroups);
  for (const subnet of network.subnets) {
    if (leftToGroups.has(subnet.id)) continue;
    const zones = zonesOf.get(subnet.id) ?? [];
    if (zones.length !== 1) problems.push(notOne(subnet.id, 'subnet', zones));
    subnets.set(subnet.id, placeOfSubnet(subnet, zones, claimed, model));
  }
  problems.push(...checkAddresses(model, network, subnets), ...checkAssetTags(model, network));

  const interfaces = new Map<ResourceId, readonly Place[]>();
  for (const iface of network.interfaces) {
    const places = placesOfInterface(iface, subnets, groups, deciding);
    const zones = [...new Set(places.map(({ zone }) => zone))].filter((zone) => !zone.startsWith('unbound:'));
    if (zones.length !== 1) problems.push(notOne(iface.id, 'interface', zones));
    interfaces.set(iface.id, places);
  }

  problems.push(...joined(network, interfaces), ...membersOfTwo(network, groups));
  problems.push(...claimed.unknownNames(network), ...claimed.rivals(network, subnets));
  problems.push(...homeless(model, subnets, interfaces));

  const sites = bindSites(model, network);
  problems.push(...sitesOfNobody(sites));
  const locations = listLocations(network, subnets, interfaces, sites);
  return {
    subnets,
    interfaces,
    groups,
    sites,
    decidingGroups,
    leftToGroups,
    isDecidedByGroup: (end) =>
      end.kind === 'subnet' && end.securityGroups?.length === 1 && deciding.has(end.securityGroups[0] ?? ''),
    subnetsOfGroups: (zone) =>
      network.subnets
        .filter(({ vpc }) => decidingGroups.get(vpc)?.some((group) => groups.get(group)?.zone === zone))
        .map(({ id }) => id),
    problems,
    locations,
  };
}

function groupIdsByVpc(groups: readonly SecurityGroup[]): Map<ResourceId, ResourceId[]> {
  const byVpc = new Map<ResourceId, ResourceId[]>();
  for (const { id, vpc } of groups) byVpc.set(vpc, [...(byVpc.get(vpc) ?? []), id]);
  return byVpc;
}

/** Of VPCs in which zones are groups, and no zone claims a subnet. */
function subnetsLeftToGroups(
  network: NetworkModel,
  zonesOf: ReadonlyMap<ResourceId, readonly string[]>,
  decidingGroups: ReadonlyMap<ResourceId, readonly ResourceId[]>,
): Set<ResourceId> {
  const claimed = new Set(network.subnets.filter(({ id }) => zonesOf.get(id)?.length !== 0).map(({ vpc }) => vpc));
  const left = network.subnets.filter(({ vpc }) => decidingGroups.has(vpc) && !claimed.has(vpc));
  return new Set(left.map(({ id }) => id));
}

/** The most specific claim wins: a tag, else the subnet by name, else by its range, else its VPC. */
function zonesOfSubnet(subnet: Subnet, model: ZoneModel, claimed: TemplateClaims, network: NetworkModel): string[] {
  const tag = subnet.origin.tags?.[ZONE_TAG];
  if (tag !== undefined) return model.zones.some((zone) => zone.name === tag) ? [tag] : [];
  const shared = sharedVpcOf(subnet, model);
  if (shared !== undefined) return [shared];
  const claims = claimed.zonesOfSubnet(subnet);
  if (claims.length > 0) return claims;
  const vpc = network.vpcs.find(({ id }) => id === subnet.vpc);
  return claimed.zonesOfVpc(vpc?.origin.resource ?? subnet.vpc);
}

/** What belongs to a VPC that zones share, and to none of them: `vpc:<name>`, a zone that no conduit leads to. */
function sharedVpcOf(subnet: Subnet, model: ZoneModel): string | undefined {
  const { [VPC_TAG]: name, [ROLE_TAG]: role } = subnet.origin.tags ?? {};
  if (name === undefined || role === undefined || role === 'asset') return undefined;
  return model.vpcs.some((vpc) => vpc.name === name) ? `${SHARED_VPC}${name}` : undefined;
}

/** A subnet for endpoints or attachments is tagged with what it is for, which is no asset: it is the zone's. */
function placeOfSubnet(subnet: Subnet, zones: readonly string[], claimed: TemplateClaims, model: ZoneModel): Place {
  const zone = zones.length === 1 ? zones[0] : undefined;
  if (zone === undefined) return { zone: `unbound:${subnet.id}` };
  const tag = subnet.origin.tags?.[ASSET_TAG];
  const named = tag === undefined ? claimed.assetsOfSubnet(subnet, zone) : [tag];
  const declared = model.zones.find(({ name }) => name === zone)?.assets.map(({ name }) => name) ?? [];
  const assets = named.filter((name) => declared.includes(name));
  const [asset] = assets;
  if (assets.length > 1) return { zone, oneOf: assets };
  return asset === undefined ? { zone } : { zone, asset };
}

function bindGroups(model: ZoneModel, network: NetworkModel, claimed: TemplateClaims): Map<ResourceId, Place> {
  const assets = new Map(model.zones.map((zone) => [zone.name, new Set(zone.assets.map(({ name }) => name))]));
  const groups = new Map<ResourceId, Place>();
  for (const group of network.securityGroups) {
    // the default group is a part of the VPC's resource, and its tags are the VPC's
    if (group.isDefault) continue;
    const zone = group.origin.tags?.[ZONE_TAG];
    const asset = group.origin.tags?.[ASSET_TAG];
    const place = claimed.placeOfGroup(group);
    if (zone !== undefined && assets.has(zone)) {
      const known = asset !== undefined && assets.get(zone)?.has(asset);
      groups.set(group.id, known ? { zone, asset } : { zone });
    } else if (place) groups.set(group.id, place);
  }
  return groups;
}

/** An interface lives where its subnets are, unless a group it wears decides; the two must agree. */
function placesOfInterface(
  iface: Interface,
  subnets: ReadonlyMap<ResourceId, Place>,
  groups: ReadonlyMap<ResourceId, Place>,
  deciding: ReadonlySet<ResourceId>,
): Place[] {
  const worn = iface.securityGroups.map((id) => ({ id, place: groups.get(id) }));
  const decided = worn.flatMap(({ id, place }) => (place && deciding.has(id) ? [place.zone] : []));
  const bySubnet = iface.subnets.map((id) => subnets.get(id)?.zone ?? `unbound:${id}`);
  const byGroup = worn.flatMap(({ place }) => (place ? [place.zone] : []));
  const zones = [...new Set(decided.length > 0 ? decided : [...bySubnet, ...byGroup])].sort();
  if (zones.length === 0) return [{ zone: `unbound:${iface.id}` }];
  return zones.map((zone) => {
    const assets = new Set(worn.flatMap(({ place }) => (place?.zone === zone && place.asset ? [place.asset] : [])));
    if (assets.size === 0) {
      for (const id of iface.subnets) {
        const place = subnets.get(id);
        if (place?.zone !== zone) continue;
        for (const asset of place.oneOf ?? (place.asset ? [place.asset] : [])) assets.add(asset);
      }
    }
    const [asset] = assets;
    if (assets.size > 1) return { zone, oneOf: [...assets].sort() };
    return asset === undefined ? { zone } : { zone, asset };
  });
}

function notOne(resource: ResourceId, kind: 'subnet' | 'interface', zones: readonly string[]): BindingProblem {
  const message =
    zones.length === 0
      ? `${kind} \`${resource}\` belongs to no zone`
      : `${kind} \`${resource}\` belongs to ${zones.length} zones: ${zones.join(', ')}`;
  const fix =
    zones.length === 0
      ? `bind \`${resource}\` to a zone, by the tag ${ZONE_TAG} or by \`at: { template: … }\``
      : `leave \`${resource}\` to one zone; what stands in two joins them`;
  return { resource, zones, message, fix };
}

/** A subnet for an asset that its zone does not have: one of the two tags is wrong. */
function checkAssetTags(model: ZoneModel, network: NetworkModel): BindingProblem[] {
  return network.subnets.flatMap((subnet): BindingProblem[] => {
    const { [ZONE_TAG]: name, [ASSET_TAG]: asset, [ROLE_TAG]: role } = subnet.origin.tags ?? {};
    const zone = model.zones.find((each) => each.name === name);
    if (!zone || asset === undefined || (role !== undefined && role !== 'asset')) return [];
    if (zone.assets.some((each) => each.name === asset)) return [];
    const message = `subnet \`${subnet.id}\` is tagged for asset \`${asset}\`, which zone \`${zone.name}\` does not have`;
    return [{ resource: subnet.id, zones: [zone.name], message, fix: `correct the tag ${ZONE_TAG} or ${ASSET_TAG}` }];
  });
}

/** The interfaces of one host: those that are part of its resource, and those that it is given. */
function byHost(network: NetworkModel): ReadonlyMap<ResourceId, readonly Interface[]> {
  const hosts = new Map<ResourceId, Interface[]>();
  for (const iface of network.interfaces) {
    if (iface.external) continue;
    for (const host of iface.hosts ?? [iface.origin.resource]) {
      hosts.set(host, [...(hosts.get(host) ?? []), iface]);
    }
  }
  return hosts;
}

/** One host with interfaces in two zones joins them, though each interface is in one (SEMANTICS 37). */
function joined(network: NetworkModel, places: ReadonlyMap<ResourceId, readonly Place[]>): BindingProblem[] {
  return [...byHost(network)].flatMap(([host, interfaces]) => {
    const certain = interfaces.flatMap(({ id }) => (places.get(id)?.length === 1 ? (places.get(id) ?? []) : []));
    const zones = [...new Set(certain.map(({ zone }) => zone))].sort();
    return zones.length > 1 ? [notOne(host, 'interface', zones)] : [];
  });
}

/** A host that wears the groups of two assets is both: what is kept apart between them is not. */
function membersOfTwo(network: NetworkModel, groups: ReadonlyMap<ResourceId, Place>): BindingProblem[] {
  return [...byHost(network)].flatMap(([host, interfaces]): BindingProblem[] => {
    const worn = interfaces.flatMap(({ securityGroups }) => securityGroups.flatMap((id) => groups.get(id) ?? []));
    const assets = [...new Set(worn.flatMap(({ zone, asset }) => (asset ? [`${zone}/${asset}`] : [])))].sort();
    const zones = [...new Set(worn.map(({ zone }) => zone))].sort();
    if (assets.length < 2 || zones.length > 1) return [];
    const id = interfaces.length === 1 ? (interfaces[0]?.id ?? host) : host;
    const message = `interface \`${id}\` wears the groups of ${assets.join(' and ')}, and joins them`;
    return [{ resource: id, zones, message, fix: `leave \`${id}\` the groups of one asset` }];
  });
}

/** A zone that is declared in AWS and has no place in these templates: what is claimed of it would hold of nothing. */
function homeless(
  model: ZoneModel,
  subnets: ReadonlyMap<ResourceId, Place>,
  interfaces: ReadonlyMap<ResourceId, readonly Place[]>,
): BindingProblem[] {
  const housed = new Set([...subnets.values(), ...[...interfaces.values()].flat()].map(({ zone }) => zone));
  return model.zones.flatMap(({ name, placement }): BindingProblem[] => {
    if (placement.kind === 'site' || placement.kind === 'outside' || housed.has(name)) return [];
    if (placement.kind === 'template' && placement.securityGroups.length > 0) return [];
    const message = `zone \`${name}\` has no subnet and no interface in these templates`;
    const fix = 'give the templates or the assembly that make it, or remove the zone';
    return [{ resource: name, zones: [name], message, fix }];
  });
}

function sitesOfNobody(sites: ReadonlyMap<ResourceId, BoundSite>): BindingProblem[] {
  return [...sites].flatMap(([resource, { name, isEnd }]) => {
    if (name !== undefined || !isEnd) return [];
    const message = `what is behind \`${resource}\` is no declared site`;
    const fix = 'declare the site with the address of its gateway, or remove the connection';
    return [{ resource, zones: [], message, fix }];
  });
}

function listLocations(
  network: NetworkModel,
  subnets: ReadonlyMap<ResourceId, Place>,
  interfaces: ReadonlyMap<ResourceId, readonly Place[]>,
  sites: ReadonlyMap<ResourceId, BoundSite>,
): BoundLocation[] {
  const shown = (cidrs: readonly Prefix[]) => cidrs.map(formatPrefix);
  const locations: BoundLocation[] = [];
  for (const subnet of network.subnets) {
    const place = subnets.get(subnet.id);
    if (place) {
      locations.push({ resource: subnet.id, kind: 'subnet', ...place, cidrs: shown(subnet.cidrs.filter(isKnown)) });
    }
  }
  for (const iface of network.interfaces) {
    for (const place of interfaces.get(iface.id) ?? []) {
      locations.push({
        resource: iface.id,
        kind: 'interface',
        ...place,
        cidrs: shown(iface.addresses.filter(isKnown)),
      });
    }
  }
  for (const [resource, site] of sites) {
    for (const part of site.parts) {
      locations.push({ resource, kind: 'site', ...part.place, cidrs: shown(part.addresses.prefixes()) });
    }
  }
  return locations.sort((a, b) => compareText(a.resource, b.resource) || compareText(a.zone, b.zone));
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
