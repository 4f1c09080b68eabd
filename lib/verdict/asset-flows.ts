/**
 * Flows between assets: what wears exactly an asset's own groups. The engine spoke of whoever may be launched in a
 * subnet with any groups; here the same question is asked again of the members of each asset.
 */

import { formatPrefix } from '../base/net';
import { type End, endKey } from '../evidence/network';
import type { VerdictContext } from './context';
import { sourceRestriction, type ZoneFlow } from './flows';
import type { Party } from './place';

export function assetFlows(flows: readonly ZoneFlow[], context: VerdictContext): ZoneFlow[] {
  const answers = new Map<string, ZoneFlow[]>();
  return flows.flatMap((flow) => {
    const senders = membersAt(flow.from, context);
    const receivers = membersAt(flow.to, context);
    // between declared ends the engine's answer already speaks of the assets themselves
    if (!senders && !receivers) return [flow];
    return (senders ?? [flow.from]).flatMap((from) =>
      (receivers ?? [flow.to]).flatMap((to) => {
        if (isSameAsset(from, to)) return [];
        if (context.allowance.covers(from.place, to.place, flow.received)) return [{ ...flow, from, to }];
        const key = `${partyKey(from)}\n${partyKey(to)}`;
        const known = answers.get(key) ?? ask(from, to, context);
        // several reaches of one pair ask the same question; it is answered once
        if (answers.has(key)) return [];
        answers.set(key, known);
        return known;
      }),
    );
  });
}

function ask(from: Party, to: Party, context: VerdictContext): ZoneFlow[] {
  const { reaches } = context.evidence.may.reachFrom(from.end, { ...sourceRestriction(from), to: to.end });
  return reaches
    .flatMap((reach) => context.flows.places.land(from, reach))
    .filter((flow) => flow.to.place.zone === to.place.zone)
    .map((flow) => ({ ...flow, from, to: { ...flow.to, place: flow.to.potential ? to.place : flow.to.place } }));
}

/** The members of each asset that may be launched at a potential party; undefined where the party is not potential. */
function membersAt(party: Party, context: VerdictContext): Party[] | undefined {
  if (!party.potential || party.end.kind !== 'subnet') return undefined;
  const { zone, asset } = party.place;
  const declared = context.zones.get(zone)?.assets ?? [];
  const assets = asset === undefined ? declared.map(({ name }) => name) : [asset];
  const subnet = party.end.id;
  const members = assets.flatMap((name): Party[] => {
    const groups = context.groupsOf(zone, name).filter((id) => context.isGroupIn(id, subnet));
    if (groups.length === 0) return [];
    const end: End = { kind: 'subnet', id: subnet, securityGroups: groups };
    return [{ end, place: { zone, asset: name }, potential: true }];
  });
  return members.length > 0 ? members : undefined;
}

/** One asset's own members may talk: an assumption that every report prints. */
function isSameAsset(from: Party, to: Party): boolean {
  return from.potential && to.potential && from.place.zone === to.place.zone && from.place.asset === to.place.asset;
}

function partyKey({ end, place, addresses }: Party): string {
  return [endKey(end), place.zone, place.asset, addresses?.prefixes().map(formatPrefix).join()].join('|');
}
