/**
 * Flows between assets: what wears exactly an asset's own groups. The engine spoke of whoever may be launched in a
 * subnet with any groups; here the same question is asked again of the members of each asset.
 */

import { formatPrefix } from '../base/net';
import { endKey } from '../evidence/network';
import type { VerdictContext } from './context';
import { crossing } from './crossing';
import type { ZoneFlow } from './flows';
import { NO_ASSET, type Party } from './place';

export function assetFlows(flows: readonly ZoneFlow[], context: VerdictContext): ZoneFlow[] {
  const answers = new Map<string, ZoneFlow[]>();
  return flows.flatMap((flow) => {
    const senders = context.membersAt(flow.from);
    const receivers = context.membersAt(flow.to);
    // between declared ends the engine's answer already speaks of the assets themselves
    if (!senders && !receivers) return [flow];
    return [...(senders ?? [flow.from]), ...namelessAt(flow, context)].flatMap((from) =>
      (receivers ?? [flow.to]).flatMap((to) => {
        if (isSameAsset(from, to)) return [];
        if (context.allowance.covers(from.place, to.place, crossing(flow, context))) return [{ ...flow, from, to }];
        const key = `${partyKey(from)}\n${partyKey(to)}`;
        const known = answers.get(key) ?? ask(from, to, flow, context);
        // several reaches of one pair ask the same question; it is answered once
        if (answers.has(key)) return [];
        answers.set(key, known);
        return known;
      }),
    );
  });
}

/**
 * What names no group wears its VPC's default group, which admits its own: beside a database that names none stands
 * whatever is launched in its zone without naming one, and that is no asset.
 */
function namelessAt({ from, to }: ZoneFlow, context: VerdictContext): Party[] {
  if (from.end.kind !== 'subnet' || to.end.kind !== 'interface' || from.place.zone !== to.place.zone) return [];
  if (!context.isWorkload(to.end.id)) return [];
  const { id } = from.end;
  const worn = context.interfaceOf(to.end.id)?.securityGroups ?? [];
  const shared = worn.filter((group) => context.isDefaultGroup(group) && context.isGroupIn(group, id));
  if (shared.length === 0) return [];
  const place = { zone: from.place.zone, asset: NO_ASSET };
  return [{ end: { kind: 'subnet', id, securityGroups: shared }, place, potential: true }];
}

function ask(from: Party, to: Party, flow: ZoneFlow, context: VerdictContext): ZoneFlow[] {
  // what a balancer behind an endpoint receives is asked of the endpoint
  const end = endKey(flow.to.end) === endKey(flow.reach.to) || to.potential ? to.end : flow.reach.to;
  return context.mayReach
    .between(from, end)
    .flatMap((reach) => context.flows.places.land(from, reach))
    .filter((one) => one.to.place.zone === to.place.zone)
    .map((one) => ({ ...one, from, to: { ...one.to, place: one.to.potential ? to.place : one.to.place } }));
}

/** One asset's own members may talk: an assumption that every report prints. */
function isSameAsset(from: Party, to: Party): boolean {
  return from.potential && to.potential && from.place.zone === to.place.zone && from.place.asset === to.place.asset;
}

function partyKey({ end, place, addresses }: Party): string {
  return [endKey(end), place.zone, place.asset, addresses?.prefixes().map(formatPrefix).join()].join('|');
}
