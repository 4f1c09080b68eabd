/**
 * Which site is behind a VPN, and which of its addresses are which zone. To AWS a campus zone is only an address range,
 * so a site's end is split by address: each zone's ranges, and the rest as `site:<name>`.
 */
import { AddressSet } from '../base/net';
import { isKnown, knownOr, type NetworkModel, type ResourceId, type VpnConnection } from '../evidence/network';
import type { Site, Zone, ZoneModel } from '../intent/zones';
import { NO_ASSET, type Place } from './place';

export interface SitePart {
  readonly place: Place;
  readonly addresses: AddressSet;
  /** false: the site vouches that it never sends from these addresses; packets may still be sent *to* them */
  readonly sends: boolean;
}

export interface BoundSite {
  /** the declared site's name, or undefined where the connection belongs to none */
  readonly name?: string;
  readonly parts: readonly SitePart[];
  /** false: a name for what another id already stands for (a gateway with connections, a VPN's attachment) */
  readonly isEnd: boolean;
}

export const SITE_TAG = 'cordon:site';

/** By every id under which an engine may name the site: connection, VPN gateway, transit gateway attachment. */
export function bindSites(model: ZoneModel, network: NetworkModel): Map<ResourceId, BoundSite> {
  const sites = new Map<ResourceId, BoundSite>();
  const siteOf = new Map<ResourceId, Site>();
  for (const connection of network.vpnConnections) {
    const site = siteOfConnection(connection, model);
    if (site) siteOf.set(connection.id, site);
    sites.set(connection.id, partition(site, connection.id, model, true));
  }
  for (const gateway of network.vpnGateways) {
    const behind = network.vpnConnections.filter(({ gateway: at }) => at.id === gateway.id);
    const names = new Set(behind.map(({ id }) => siteOf.get(id)));
    const [only] = names;
    sites.set(gateway.id, partition(names.size === 1 ? only : undefined, gateway.id, model, behind.length === 0));
  }
  for (const attachment of network.transitGatewayAttachments) {
    const { attached } = attachment;
    if (attached.kind !== 'vpn' && attached.kind !== 'direct-connect') continue;
    const bound = attached.kind === 'vpn' ? siteOf.get(attached.id) : undefined;
    const tagged = model.sites.find(({ name }) => name === attachment.origin.tags?.[SITE_TAG]);
    sites.set(attachment.id, partition(bound ?? tagged, attachment.id, model, attached.kind === 'direct-connect'));
  }
  return sites;
}

/** By the customer gateway's outside address, which nobody but that site has; else by tag. */
function siteOfConnection(connection: VpnConnection, model: ZoneModel): Site | undefined {
  const ip = connection.customerGatewayIp;
  if (ip !== undefined && isKnown(ip)) {
    const byAddress = model.sites.find(({ gateway }) => gateway?.ip === knownOr(ip, ''));
    if (byAddress) return byAddress;
  }
  return model.sites.find(({ name }) => name === connection.origin.tags?.[SITE_TAG]);
}

function partition(site: Site | undefined, id: ResourceId, model: ZoneModel, isEnd: boolean): BoundSite {
  if (!site) return { parts: [{ place: { zone: `site:${id}` }, addresses: AddressSet.ALL, sends: true }], isEnd };
  const parts: SitePart[] = [];
  let rest = AddressSet.ALL;
  for (const zone of model.zones) {
    if (zone.placement.kind !== 'site' || zone.placement.site !== site.name) continue;
    const whole = AddressSet.of(...zone.placement.cidrs);
    rest = rest.subtract(whole);
    parts.push(...partsOfZone(zone, whole));
  }
  parts.push({ place: { zone: `site:${site.name}` }, addresses: rest, sends: !site.filtersSources });
  return { name: site.name, parts, isEnd };
}

/** Assets with ranges of their own first; what is left of the zone is the zone. */
export function partsOfZone(zone: Zone, whole: AddressSet): SitePart[] {
  const parts: SitePart[] = [];
  let rest = whole;
  for (const asset of zone.assets) {
    if (asset.cidrs.length === 0) continue;
    const addresses = AddressSet.of(...asset.cidrs).intersect(rest);
    rest = rest.subtract(addresses);
    if (!addresses.isEmpty()) parts.push({ place: { zone: zone.name, asset: asset.name }, addresses, sends: true });
  }
  if (!rest.isEmpty()) parts.push({ place: placeOfRest(zone), addresses: rest, sends: true });
  return parts;
}

/** Assets without ranges share what is left, and nobody can tell them apart by address; without such an asset it is none. */
function placeOfRest(zone: Zone): Place {
  if (zone.assets.length === 0) return { zone: zone.name };
  const shared = zone.assets.filter(({ cidrs }) => cidrs.length === 0).map(({ name }) => name);
  const [only] = shared;
  if (shared.length > 1) return { zone: zone.name, oneOf: shared };
  return { zone: zone.name, asset: only ?? NO_ASSET };
}
