/**
 * Who is at the two ends of a conduit: for an asset in AWS, whatever is launched in its subnets with its groups, and
 * what the templates already create; for a site or the internet, their addresses.
 */
import type { End } from '../evidence/network';
import type { ConduitEnd } from '../intent/zones';
import type { VerdictContext } from './context';
import { mayBeAsset, NO_ASSET, type Party } from './place';
import { realmOf } from './realm';

export function channelEnds(written: ConduitEnd, context: VerdictContext): Party[] {
  const end = realmOf(written, context.addressless);
  if (!context.isInAws(end.zone)) return outsideParties(end, context);
  return [...potentialMembers(end, context), ...declaredMembers(end, context)];
}

function outsideParties(end: ConduitEnd, context: VerdictContext): Party[] {
  const ends = context.evidence.must.ends().filter(({ kind }) => kind === 'site' || kind === 'internet');
  return context.flows.places.parties(ends).filter(({ place }) => {
    if (place.zone !== end.zone) return false;
    return end.asset === undefined ? true : place.asset === end.asset || place.oneOf?.includes(end.asset) === true;
  });
}

function potentialMembers(end: ConduitEnd, context: VerdictContext): Party[] {
  const assets = context.zones.get(end.zone)?.assets.map(({ name }) => name) ?? [];
  const wanted = end.asset === undefined ? assets : [end.asset];
  const parties: Party[] = [];
  for (const [subnet, place] of context.subnetsOf(end.zone)) {
    if (wanted.length === 0) parties.push({ end: { kind: 'subnet', id: subnet }, place, potential: true });
    for (const asset of wanted) {
      if (!context.isHomeOf(asset, subnet, end.zone)) continue;
      const groups = context.groupsOf(end.zone, asset).filter((id) => context.isGroupIn(id, subnet));
      const member: End =
        groups.length > 0 ? { kind: 'subnet', id: subnet, securityGroups: groups } : { kind: 'subnet', id: subnet };
      parties.push({ end: member, place: { zone: end.zone, asset }, potential: true });
    }
  }
  return parties;
}

function declaredMembers(end: ConduitEnd, context: VerdictContext): Party[] {
  return context.interfacesOf(end.zone).flatMap(([id, places]) => {
    const member: End = { kind: 'interface', id };
    if (context.isFrontDoor(member) || !context.isWorkload(id)) return [];
    return places
      .filter((place) => place.zone === end.zone && place.asset !== NO_ASSET)
      .filter((place) => end.asset === undefined || mayBeAsset(place, end.asset))
      .map((place): Party => ({ end: member, place, potential: false }));
  });
}
