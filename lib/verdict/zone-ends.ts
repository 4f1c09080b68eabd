import { AddressSet } from '../base/net';
import type { End, NetworkModel } from '../evidence/network';
import type { ZoneModel } from '../intent/zones';
import { bindZones } from './binding';

export interface ZoneEnds {
  readonly ends: readonly End[];
  /** the zone's own, where an end holds several zones: a site, the internet */
  readonly addresses?: AddressSet;
}

/** What `zone:<name>` stands for: every end that lives in the zone. */
export function zoneEnds(model: ZoneModel, network: NetworkModel): ReadonlyMap<string, ZoneEnds> {
  const binding = bindZones(model, network);
  const ends = new Map<string, End[]>(model.zones.map(({ name }) => [name, []]));
  const add = (zone: string, end: End) => ends.get(zone)?.push(end);
  for (const [id, place] of binding.subnets) add(place.zone, { kind: 'subnet', id });
  // where groups alone decide, whoever wears one of the zone's, wherever the VPC has a subnet
  for (const { id, vpc } of network.subnets) {
    for (const group of binding.decidingGroups.get(vpc) ?? []) {
      const place = binding.groups.get(group);
      if (place) add(place.zone, { kind: 'subnet', id, securityGroups: [group] });
    }
  }
  for (const [id, places] of binding.interfaces) for (const place of places) add(place.zone, { kind: 'interface', id });
  for (const { id } of network.vpnConnections) {
    const zones = new Set(binding.sites.get(id)?.parts.map(({ place }) => place.zone));
    for (const zone of zones) add(zone, { kind: 'site', id });
  }
  return new Map(
    model.zones.map(({ name, placement }): [string, ZoneEnds] => {
      const found = ends.get(name) ?? [];
      if (placement.kind !== 'site' && placement.kind !== 'outside') return [name, { ends: found }];
      const addresses = AddressSet.of(...placement.cidrs);
      return [name, { ends: placement.kind === 'outside' ? [{ kind: 'internet' }] : found, addresses }];
    }),
  );
}
