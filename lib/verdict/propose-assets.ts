/**
 * Assets of proposed zones: one per security group that something wears. Groups that are worn together are one asset,
 * since nobody could tell their members apart.
 */
import type { InterfaceKind, NetworkModel, ResourceId, SecurityGroup } from '../evidence/network';
import { freshName, type ProposedAsset, type ProposedZone } from './propose-draft';
import { wordFor } from './propose-names';
import type { Tier } from './propose-zones';

/** `worn`: by something that the templates create; `every`: also groups that wait for somebody to wear them. */
export type AssetDepth = 'worn' | 'every' | 'none';

const NOT_HOSTS: readonly InterfaceKind[] = ['vpc-endpoint', 'nat', 'resolver-endpoint', 'client-vpn'];

export function withAssets(
  zones: readonly ProposedZone[],
  tiers: readonly Tier[],
  network: NetworkModel,
  depthOf: (zone: string) => AssetDepth,
): ProposedZone[] {
  const groups = new Map(network.securityGroups.map((group) => [group.id, group]));
  const wornIn = new Map<ResourceId, Set<Tier>>();
  for (const { subnets, securityGroups } of network.interfaces) {
    const at = tiers.filter((tier) => tier.subnets.some(({ id }) => subnets.includes(id)));
    for (const id of securityGroups) {
      const known = wornIn.get(id) ?? new Set();
      for (const tier of at) known.add(tier);
      wornIn.set(id, known);
    }
  }
  return zones.map((zone, index): ProposedZone => {
    const tier = tiers[index];
    const depth = depthOf(zone.name);
    if (!tier || depth === 'none') return zone;
    const clusters = clustersOf(tier, depth, network, groups);
    const isElsewhere = (id: ResourceId) => [...(wornIn.get(id) ?? [])].some((other) => other !== tier);
    // one alone says no more than the zone does
    if (!clusters || clusters.length < 2 || clusters.some((ids) => ids.some(isElsewhere))) return zone;
    return { ...zone, assets: namesOf(clusters, groups) };
  });
}

/** Undefined where something wears no group of its own: it would be of no asset, beside those that are. */
function clustersOf(
  tier: Tier,
  depth: AssetDepth,
  network: NetworkModel,
  groups: ReadonlyMap<ResourceId, SecurityGroup>,
): ResourceId[][] | undefined {
  let clusters: ResourceId[][] = [];
  const own = (id: ResourceId) => groups.get(id)?.isDefault === false && groups.get(id)?.external !== true;
  for (const { subnets, securityGroups, kind } of network.interfaces) {
    if (NOT_HOSTS.includes(kind) || !tier.subnets.some(({ id }) => subnets.includes(id))) continue;
    const worn = securityGroups.filter(own);
    if (worn.length === 0 || worn.length < securityGroups.length) return undefined;
    const touched = clusters.filter((ids) => ids.some((id) => worn.includes(id)));
    clusters = [...clusters.filter((ids) => !touched.includes(ids)), [...new Set([...touched.flat(), ...worn])]];
  }
  if (depth === 'every') {
    const known = new Set(clusters.flat());
    const idle = network.securityGroups.filter(({ id, vpc }) => own(id) && !known.has(id) && tier.vpcs.includes(vpc));
    clusters.push(...idle.map(({ id }) => [id]));
  }
  return clusters;
}

function namesOf(clusters: readonly ResourceId[][], groups: ReadonlyMap<ResourceId, SecurityGroup>): ProposedAsset[] {
  const taken = new Set<string>();
  return clusters.map((ids): ProposedAsset => {
    const securityGroups = ids.map((id) => groups.get(id)?.origin.resource ?? id).sort();
    const name = freshName(wordFor(securityGroups[0] ?? '', /(ec2)?(security)?group$|sg$/i), taken);
    taken.add(name);
    return { name, securityGroups, serves: [] };
  });
}
