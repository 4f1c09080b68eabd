/**
 * What an obligation speaks of. The one place that says which zones a selector selects; the validation here and the
 * verdict both ask it.
 */
import type { Obligation, Zone, ZoneSelector } from './zone-model';

type ZoneFacts = Pick<Zone, 'name' | 'data' | 'trust'>;

/**
 * The names of the zones that a selector selects, sorted, `internet` among them where it is meant.
 * `internet` holds no data and has no trust: only its name, or `any`, selects it.
 */
export function selectedZones(selector: ZoneSelector, zones: readonly ZoneFacts[]): string[] {
  const names = zones.filter((zone) => matches(selector, zone)).map(({ name }) => name);
  const internet =
    (selector.any === true || selector.zones?.includes('internet') === true) && !selector.not?.includes('internet');
  const byFactsAlone = selector.data !== undefined || selector.trust !== undefined;
  return [...names, ...(internet && !byFactsAlone ? ['internet'] : [])].sort();
}

function matches(selector: ZoneSelector, zone: ZoneFacts): boolean {
  if (selector.not?.includes(zone.name)) return false;
  if (selector.zones && !selector.zones.includes(zone.name)) return false;
  if (selector.data && !selector.data.some((data) => zone.data.includes(data))) return false;
  if (selector.trust && !selector.trust.includes(zone.trust)) return false;
  return (
    selector.any === true || selector.zones !== undefined || selector.data !== undefined || selector.trust !== undefined
  );
}

/** The pairs of zones that an obligation keeps apart. A zone is never kept apart from itself. */
export function obligationPairs(
  obligation: Obligation,
  zones: readonly ZoneFacts[],
): { readonly from: string; readonly to: string }[] {
  const responders = selectedZones(obligation.to, zones);
  return selectedZones(obligation.from, zones).flatMap((from) =>
    responders.filter((to) => to !== from).map((to) => ({ from, to })),
  );
}
