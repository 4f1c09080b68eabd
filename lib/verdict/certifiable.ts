/**
 * Which certificates a verdict calls for: for each proved isolation claim between two zones, that what the ends of the
 * one send never arrives at the ends of the other, but for the packets of their conduits.
 *
 * Said in the words of the network, not of the zone file: ends, packets, and which of them are forbidden. That those
 * ends are the zones is the binding, which the report lists. Not certified: claims within one zone, towards AWS services,
 * of everything that no other claim names (`isolation/<star>/<zone>`), and whose asset is meant where zones are all that is said.
 */
import { PacketSet } from '../base/net';
import { type End, endKey, type NetworkModel } from '../evidence/network';
import type { Wanted } from '../evidence/reachability/certify';
import type { ZoneModel } from '../intent/zones';
import { Allowance } from './allowance';
import { bindZones } from './binding';
import { Places } from './flows';
import { isDeclaredName, type Party } from './place';
import type { Claim } from './result';

export interface Certifiable {
  readonly wanted: readonly Wanted[];
  /** ids of proved isolation claims that no certificate speaks of */
  readonly beyond: readonly string[];
}

export function certifiable(
  model: ZoneModel,
  network: NetworkModel,
  ends: readonly End[],
  claims: readonly Pick<Claim, 'id' | 'kind' | 'verdict' | 'from' | 'to'>[],
): Certifiable {
  const places = new Places(model, network, bindZones(model, network));
  const allowance = new Allowance(model);
  const senders = byZone(places.parties(ends).filter(({ end }) => !places.neverInitiates(end)));
  const receivers = byZone([...places.parties(ends), ...wholeSites(places, ends)]);
  const wanted = new Map<string, Wanted & { claims: Wanted['claims'][number][] }>();
  const beyond: string[] = [];
  for (const { id, kind, verdict, from, to } of claims) {
    if (kind !== 'isolation' || verdict !== 'proved') continue;
    if (from === undefined || to === undefined || !isBetweenZones(from, to, [senders, receivers])) {
      if (!id.startsWith('binding')) beyond.push(id);
      continue;
    }
    const allowed = PacketSet.unionAll(allowance.between(from, to).map(({ packets }) => packets));
    const undeclared = PacketSet.ALL.subtract(allowed);
    if (!senders.has(from) || !receivers.has(to)) beyond.push(id);
    const forbidden = forbiddenAt(receivers.get(to) ?? [], undeclared);
    for (const sender of senders.get(from) ?? []) {
      const key = `${endKey(sender.end)} ${sender.addresses ? from : ''}`;
      const one = wanted.get(key) ?? {
        from: sender.end,
        ...(sender.addresses ? { sent: PacketSet.of({ sources: sender.addresses }) } : {}),
        claims: [],
      };
      wanted.set(key, one);
      one.claims.push(...forbidden.map((part) => ({ id, ...part })));
    }
  }
  return { wanted: [...wanted.values()], beyond };
}

type ByZone = ReadonlyMap<string, readonly Party[]>;

function isBetweenZones(from: string, to: string, sides: readonly ByZone[]): boolean {
  if (from === to || to.startsWith('aws:') || from === '*') return false;
  return [from, to].every((zone, at) => isDeclaredName(zone) || sides[at]?.has(zone) === true);
}

function byZone(parties: readonly Party[]): ByZone {
  const zones = new Map<string, Party[]>();
  for (const party of parties) {
    const { zone } = party.place;
    const known = zones.get(zone) ?? [];
    zones.set(zone, known);
    known.push(party);
  }
  return zones;
}

/** Ends that are a zone as a whole together, each that is only some addresses of its end alone. */
function forbiddenAt(receivers: readonly Party[], undeclared: PacketSet): { to: End[]; forbidden: PacketSet }[] {
  const whole = receivers.filter(({ addresses }) => addresses === undefined).map(({ end }) => end);
  const parts = receivers.flatMap(({ end, addresses }) => {
    const there = addresses && undeclared.intersect(PacketSet.of({ destinations: addresses }));
    return there ? [{ to: [end], forbidden: there }] : [];
  });
  return whole.length > 0 ? [{ to: whole, forbidden: undeclared }, ...parts] : parts;
}

/** Parts of a site that never send may be sent to. */
function wholeSites(places: Places, ends: readonly End[]): Party[] {
  return ends.flatMap((end) =>
    end.kind === 'site'
      ? places
          .partsOfSite(end.id)
          .filter(({ sends, addresses }) => !sends && !addresses.isEmpty())
          .map(({ place, addresses }) => ({ end, place, addresses, potential: false }))
      : [],
  );
}
