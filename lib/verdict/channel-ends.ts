/**
 * Who is at the two ends of a conduit: for an asset in AWS, whatever is launched in its subnets with its groups, and
 * what the templates already create; for a site or the internet, their addresses.
 *
 * Ends come in classes. A channel must work for all of one class, and for one class at least: a zone bound to templates
 * that Cordon did not make holds hosts that a conduit was never meant for (a database beside the application), while
 * two subnets on one route table, or two hosts with the same groups, are there for the same thing.
 */
import { type End, type Interface, isKnown, type ResourceId, type Subnet, type Value } from '../evidence/network';
import type { ConduitEnd } from '../intent/zones';
import type { VerdictContext } from './context';
import { nounsOf } from './nouns';
import { mayBeAsset, NO_ASSET, type Party, type Place, ROLE_TAG } from './place';
import { realmOf } from './realm';

/** Never empty. */
export type EndClass = readonly Party[];

/** Something that the templates create. */
type Member = Party & { readonly end: Extract<End, { kind: 'interface' }> };

/** Empty where nothing in the plan could be the end. */
export function channelEnds(written: ConduitEnd, context: VerdictContext): readonly EndClass[] {
  const end = realmOf(written, context.addressless);
  return classesOf(end, context).filter((one) => one.length > 0);
}

function classesOf(end: ConduitEnd, context: VerdictContext): readonly EndClass[] {
  if (!context.isInAws(end.zone)) return [outsideParties(end, context)];
  const zone = context.zones.get(end.zone);
  if (zone?.placement.kind !== 'template')
    return [[...potentialMembers(end, context), ...declaredMembers(end, context)]];
  if (end.asset === undefined && zone.assets.length === 0) return classesOfZone(end, context);
  const assets = end.asset === undefined ? zone.assets.map(({ name }) => name) : [end.asset];
  return assets.flatMap((asset) => classesOfAsset({ ...end, asset }, asset, context));
}

/** An asset with subnets of its own works in all of them; one that only groups tell apart, where it stands. */
function classesOfAsset(end: ConduitEnd, asset: string, context: VerdictContext): readonly EndClass[] {
  const balancers = balancersOf(end, context);
  if (balancers.length > 0) return [balancers];
  const declared = declaredMembers(end, context);
  if (context.isHoused(asset, end.zone)) return [[...potentialMembers(end, context), ...declared]];
  return declared.length > 0 ? [declared] : byTier(potentialMembers(end, context), context);
}

/** Hosts that the templates create come first; where there are none, whatever may be launched. */
function classesOfZone(end: ConduitEnd, context: VerdictContext): readonly EndClass[] {
  const declared = [...declaredMembers(end, context), ...balancersOf(end, context)];
  if (declared.length === 0) return byTier(potentialMembers(end, context), context);
  const classes = groupBy(declared, ({ end: { id } }) => {
    const noun = context.interfaceOf(id);
    return noun ? `${noun.kind} ${[...noun.securityGroups].sort().join(' ')}` : id;
  });
  // what serves through a balancer is what others call: where nothing works, its blockers are the ones to tell
  const targets = context.network.targetGroups.flatMap((group) => group.targets.map(({ to }) => to));
  const isServing = (one: readonly Member[]) =>
    one.some(({ end: { id } }) => targets.some((to) => to.kind === 'interface' && to.id === id));
  return [...classes.filter(isServing), ...classes.filter((one) => !isServing(one))];
}

function outsideParties(end: ConduitEnd, context: VerdictContext): Party[] {
  return context.outsidersOf(end.zone).filter(({ place }) => {
    return end.asset === undefined ? true : place.asset === end.asset || place.oneOf?.includes(end.asset) === true;
  });
}

/**
 * Subnets with one route table and one network ACL are there for the same thing; those among them in which a balancer or
 * an endpoint stands may be there for nothing else.
 */
function byTier(parties: readonly Party[], context: VerdictContext): readonly EndClass[] {
  const doors = new Set(
    context.network.interfaces.filter(({ id }) => !context.isWorkload(id)).flatMap(({ subnets }) => subnets),
  );
  return tiersOf(parties, context).flatMap((tier) => {
    const hosts = tier.filter(({ end }) => end.kind !== 'subnet' || !doors.has(end.id));
    return hosts.length === tier.length ? [tier] : [tier, hosts];
  });
}

function tiersOf(parties: readonly Party[], context: VerdictContext): readonly EndClass[] {
  return groupBy(parties, ({ end }) => {
    const subnet = end.kind === 'subnet' ? context.subnetOf(end.id) : undefined;
    return subnet ? tierOf(subnet) : '';
  });
}

function tierOf({ routeTable, networkAcl, id }: Subnet): string {
  const name = (value: Value<ResourceId>) => (isKnown(value) ? value : `unknown of ${id}`);
  return `${name(routeTable)} ${name(networkAcl)}`;
}

function groupBy<T>(parties: readonly T[], keyOf: (party: T) => string): T[][] {
  const classes = new Map<string, T[]>();
  for (const party of parties) classes.set(keyOf(party), [...(classes.get(keyOf(party)) ?? []), party]);
  return [...classes.values()];
}

/** In a zone without assets, subnets that are there for endpoints, balancers or attachments hold nobody. */
function potentialMembers(end: ConduitEnd, context: VerdictContext): Party[] {
  const assets = context.zones.get(end.zone)?.assets.map(({ name }) => name) ?? [];
  const wanted = end.asset === undefined ? assets : [end.asset];
  const parties: Party[] = [];
  for (const [subnet, place] of context.subnetsOf(end.zone)) {
    if (wanted.length === 0 && !isForTheNetwork(context.subnetOf(subnet))) {
      parties.push({ end: { kind: 'subnet', id: subnet }, place, potential: true });
    }
    for (const asset of wanted) {
      if (!context.isHomeOf(asset, subnet, end.zone)) continue;
      const groups = context.groupsOf(end.zone, asset).filter((id) => context.isGroupIn(id, subnet));
      const member: End =
        groups.length > 0 ? { kind: 'subnet', id: subnet, securityGroups: groups } : { kind: 'subnet', id: subnet };
      parties.push({ end: member, place: { zone: end.zone, asset }, potential: true });
    }
  }
  return [...parties, ...wearersOf(end, context)];
}

function isForTheNetwork(subnet: Subnet | undefined): boolean {
  const role = subnet?.origin.tags?.[ROLE_TAG];
  return role !== undefined && role !== 'asset';
}

/** Where groups alone tell zones apart: whoever wears one of the zone's, in any subnet of the VPC. */
function wearersOf(end: ConduitEnd, context: VerdictContext): Party[] {
  const wearers = context.flows.places.wearers();
  return wearers.filter(({ place }) => {
    return place.zone === end.zone && (end.asset === undefined || mayBeAsset(place, end.asset));
  });
}

/**
 * A balancer that is an end by itself: it wears the groups of the asset, or is what its zone has to show (what it passes
 * requests on to stands elsewhere). One with targets in its own zone is a way to them, and judged as such.
 */
function balancersOf(end: ConduitEnd, context: VerdictContext): Member[] {
  const { balancers } = nounsOf(context.network);
  return context.interfacesOf(end.zone).flatMap(([at, places]): Member[] => {
    const id = balancers.get(at)?.id;
    const place = places.find(({ zone }) => zone === end.zone);
    const noun = context.interfaceOf(at);
    if (id === undefined || !place || !noun) return [];
    const isMember = end.asset === undefined ? context.leadsElsewhere(id, end.zone) : wears(noun, end, context);
    return isMember ? [{ end: { kind: 'interface', id: at }, place, potential: false }] : [];
  });
}

function wears({ securityGroups }: Interface, { zone, asset }: ConduitEnd, context: VerdictContext): boolean {
  return asset !== undefined && context.groupsOf(zone, asset).some((group) => securityGroups.includes(group));
}

function declaredMembers(end: ConduitEnd, context: VerdictContext): Member[] {
  return context.interfacesOf(end.zone).flatMap(([id, places]) => {
    const member = { kind: 'interface', id } as const;
    if (context.isFrontDoor(member) || !context.isWorkload(id)) return [];
    return places
      .filter((place) => place.zone === end.zone && place.asset !== NO_ASSET)
      .filter((place) => end.asset === undefined || isMember(id, place, end.asset, context))
      .map((place): Member => ({ end: member, place, potential: false }));
  });
}

/** An asset is told by its groups where it has any: a host among its own that wears none of them is somebody else. */
function isMember(id: ResourceId, place: Place, asset: string, context: VerdictContext): boolean {
  const groups = context.groupsOf(place.zone, asset);
  if (groups.length > 0)
    return context.interfaceOf(id)?.securityGroups.some((group) => groups.includes(group)) === true;
  if (place.asset !== undefined || place.oneOf) return mayBeAsset(place, asset);
  return !context.isHoused(asset, place.zone);
}
