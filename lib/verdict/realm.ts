import type { ConduitEnd, ZoneModel } from '../intent/zones';
import { INTERNET } from './place';

/**
 * Zones outside the estate that name no addresses: a SaaS, a partner somewhere. A packet cannot show that it is theirs,
 * so the whole internet stands for them, and every report says so.
 */
export function addresslessZones(model: ZoneModel): ReadonlySet<string> {
  const outside = model.zones.filter(({ placement }) => placement.kind === 'outside' && placement.cidrs.length === 0);
  return new Set(outside.map(({ name }) => name));
}

/** The zone in which packets of a conduit's end are found. */
export function realmOf(end: ConduitEnd, addressless: ReadonlySet<string>): ConduitEnd {
  return addressless.has(end.zone) ? { zone: INTERNET, source: end.source } : end;
}
