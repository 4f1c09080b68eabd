/**
 * The first cut of zones, by structure alone. One zone per VPC; a VPC is split where a network ACL of its own tells
 * subnets apart, and among those the public from the private (a route to an internet gateway). A default ACL keeps
 * nobody apart, since the VPC's default group lets all who wear it speak. What one host or interface joins is one zone.
 * Subnets that are tagged for a zone (`cordon:zone`) are that zone: verify goes by the tag before it asks the file.
 */
import { AddressSet, formatPrefix, type Prefix } from '../base/net';
import { isKnown, type NetworkModel, type ResourceId, type Subnet } from '../evidence/network';
import { ZONE_TAG } from './binding';
import { freshName, isName, type ProposedZone } from './propose-draft';
import { wordFor } from './propose-names';
import { mentionedRanges, PRIVATE } from './propose-sites';

/** Subnets that are one zone. */
export interface Tier {
  readonly vpcs: readonly ResourceId[];
  readonly subnets: readonly Subnet[];
}

export function tiersOf(network: NetworkModel): Tier[] {
  const acls = new Map(network.networkAcls.map((acl) => [acl.id, acl]));
  const publicTables = new Set(
    network.routeTables
      .filter(({ routes }) => routes.some(({ target }) => target.kind === 'internet-gateway'))
      .map(({ id }) => id),
  );
  const keyOf = ({ vpc, networkAcl, routeTable, origin }: Subnet): string => {
    const tag = origin.tags?.[ZONE_TAG];
    if (tag !== undefined) return `tag\n${tag}`;
    const acl = isKnown(networkAcl) ? acls.get(networkAcl) : undefined;
    if (!acl || acl.isDefault) return vpc;
    return `${vpc}\n${acl.id}\n${isKnown(routeTable) && publicTables.has(routeTable) ? 'public' : 'private'}`;
  };
  const tiers = new Map<string, Tier>();
  for (const subnet of network.subnets) {
    const key = keyOf(subnet);
    const known = tiers.get(key);
    tiers.set(key, mergeTiers(known ?? { vpcs: [], subnets: [] }, { vpcs: [subnet.vpc], subnets: [subnet] }));
  }
  return joinedByHosts([...tiers.values()], network);
}

export function mergeTiers(a: Tier, b: Tier): Tier {
  return { vpcs: [...new Set([...a.vpcs, ...b.vpcs])], subnets: [...a.subnets, ...b.subnets] };
}

/** An interface that may be in several subnets, and a host with several interfaces, join what they stand in. */
function joinedByHosts(tiers: Tier[], network: NetworkModel): Tier[] {
  const hosts = new Map<string, Set<ResourceId>>();
  for (const { origin, subnets, external } of network.interfaces) {
    if (external) continue;
    const known = hosts.get(origin.resource) ?? new Set();
    for (const id of subnets) known.add(id);
    hosts.set(origin.resource, known);
  }
  let result = tiers;
  for (const subnets of hosts.values()) {
    if (subnets.size < 2) continue;
    const touched = result.filter((tier) => tier.subnets.some(({ id }) => subnets.has(id)));
    if (touched.length < 2) continue;
    result = [...result.filter((tier) => !touched.includes(tier)), touched.reduce(mergeTiers)];
  }
  return result;
}

export function zonesOfTiers(tiers: readonly Tier[], network: NetworkModel): ProposedZone[] {
  const taken = new Set(tiers.flatMap((tier) => tagOf(tier) ?? []));
  const vpcs = new Map(network.vpcs.map((vpc) => [vpc.id, vpc]));
  const nameOf = (id: ResourceId) => vpcs.get(id)?.origin.resource ?? id;
  return tiers.map((tier): ProposedZone => {
    const whole = tier.vpcs.filter((vpc) => tiers.every((one) => one === tier || !one.vpcs.includes(vpc)));
    const parts = tier.subnets.filter(({ vpc }) => !whole.includes(vpc) || !vpcs.has(vpc));
    const name = tagOf(tier) ?? freshName(wantedName(tier, whole.length === tier.vpcs.length, network), taken);
    taken.add(name);
    const ranges = tier.subnets.flatMap(({ cidrs }) => cidrs.filter(isKnown)).map(formatPrefix);
    return {
      name,
      purpose: `What runs in ${tier.vpcs.map(nameOf).join(' and ')}`,
      at: {
        kind: 'template',
        vpcs: whole.filter((vpc) => vpcs.has(vpc)).map(nameOf),
        subnets: parts.map(({ origin }) => origin.resource),
      },
      assets: [],
      awsServices: [],
      notes: [
        `${tier.subnets.length} subnet${tier.subnets.length === 1 ? '' : 's'}${ranges.length > 0 ? `: ${shorten(ranges)}` : ''}`,
      ],
    };
  });
}

/** The zone that a tier is tagged for, which is its name whatever else it might be called. */
function tagOf({ subnets }: Tier): string | undefined {
  return subnets.flatMap(({ origin }) => origin.tags?.[ZONE_TAG] ?? []).find(isName);
}

/** After its VPC; a part of one after its first subnet too. */
function wantedName({ vpcs, subnets }: Tier, isWhole: boolean, network: NetworkModel): string {
  const [first] = vpcs;
  const vpc = network.vpcs.find(({ id }) => id === first);
  const own = wordFor(vpc?.origin.resource ?? first ?? '', /vpc(id)?(parameter)?$/i);
  return isWhole ? own : `${own}-${wordFor(subnets[0]?.origin.resource ?? '', /subnet/gi)}`;
}

function shorten(items: readonly string[]): string {
  return items.length <= 6 ? items.join(', ') : `${items.slice(0, 6).join(', ')} and ${items.length - 6} more`;
}

/** Ranges of partners on the internet that rules speak of: the widest of each, private and own addresses aside. */
export function partnersOf(network: NetworkModel, ours: AddressSet): Prefix[] {
  const kept: Prefix[] = [];
  let covered = ours.union(AddressSet.ofAll(PRIVATE));
  for (const prefix of mentionedRanges(network)) {
    if (prefix.length < (prefix.family === 4 ? 8 : 12)) continue;
    const set = AddressSet.of(prefix);
    if (!set.intersect(covered).isEmpty()) continue;
    covered = covered.union(set);
    kept.push(prefix);
  }
  return kept;
}
