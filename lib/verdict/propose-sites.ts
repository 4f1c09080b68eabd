/** What is behind VPN connections: a site per customer gateway, and zones for the ranges there that rules tell apart. */
import { AddressSet, formatPrefix, type Prefix, tryParseAddress } from '../base/net';
import { isKnown, type NetworkModel, type VpnConnection } from '../evidence/network';
import { freshName, type ProposedSite, type ProposedZone } from './propose-draft';

export const PRIVATE: readonly Prefix[] = [
  { family: 4, words: [0x0a000000], length: 8 },
  { family: 4, words: [0xac100000], length: 12 },
  { family: 4, words: [0xc0a80000], length: 16 },
];

/** Ranges that rules of groups and prefix lists name, the widest first. */
export function mentionedRanges(network: NetworkModel): Prefix[] {
  const peers = network.securityGroups
    .flatMap(({ ingress, egress }) => [...ingress, ...egress])
    .flatMap(({ peer }) => (peer.kind === 'cidr' && isKnown(peer.cidr) ? [peer.cidr] : []));
  const lists = network.prefixLists
    .filter(({ service }) => service === undefined)
    .flatMap(({ entries }) => entries.filter(isKnown));
  return [...peers, ...lists].sort((a, b) => a.length - b.length);
}

/**
 * `sentTo`: by gateway, the addresses behind it that something is sent to; where nobody asked yet, sites have no zones.
 * Names that are used are added to those that are taken.
 */
export function sitesOf(
  network: NetworkModel,
  taken: Set<string>,
  sentTo: ReadonlyMap<string, AddressSet>,
): { sites: ProposedSite[]; zones: ProposedZone[] } {
  const sites: ProposedSite[] = [];
  const zones: ProposedZone[] = [];
  const ours = [...network.vpcs, ...network.subnets].flatMap(({ cidrs }) => cidrs.filter(isKnown));
  let free = AddressSet.ofAll(PRIVATE).subtract(AddressSet.ofAll(ours));
  const gateways = [...byGateway(network)].map(([ip, connections]) => {
    const announced = announcedBy(connections);
    const used = sentTo.get(ip) ?? AddressSet.EMPTY;
    return { ip, connections, announced, ranges: announced?.union(used) ?? used };
  });
  // whoever may have every address takes what the others leave
  const isVague = ({ ranges }: { readonly ranges: AddressSet }) => Number(free.isSubsetOf(ranges));
  for (const { ip, connections, announced, ranges: own } of gateways.sort((a, b) => isVague(a) - isVague(b))) {
    const ranges = !sentTo.has(ip) ? AddressSet.EMPTY : own.isEmpty() ? free : own.intersect(free);
    free = free.subtract(ranges);
    const name = freshName(`site-${ip}`, taken);
    taken.add(name);
    const ids = connections.map(({ id }) => id).join(', ');
    sites.push({
      name,
      ip,
      notes: [
        `found from ${ids}; write the gateway's AS number beside its address: \`asn: 65010\``,
        '`filtersSources` vouches that the site lets out only its own ranges: ask, and remove it if nobody does',
      ],
    });
    for (const { cidrs, notes } of partsOf(ranges, announced !== undefined, network)) {
      const zone = freshName(cidrs.length === 1 ? `${name}-${cidrs[0]}` : `${name}-networks`, taken);
      taken.add(zone);
      const at = { kind: 'site', site: name, cidrs } as const;
      zones.push({ name: zone, purpose: `What is behind ${ids}`, at, assets: [], awsServices: [], notes });
    }
  }
  return { sites, zones };
}

function byGateway(network: NetworkModel): Map<string, VpnConnection[]> {
  const found = new Map<string, VpnConnection[]>();
  for (const connection of network.vpnConnections) {
    const ip = connection.customerGatewayIp;
    if (ip === undefined || !isKnown(ip) || tryParseAddress(ip)?.family !== 4) continue;
    found.set(ip, [...(found.get(ip) ?? []), connection]);
  }
  return found;
}

/** Undefined where the templates do not say what the site announces. */
function announcedBy(connections: readonly VpnConnection[]): AddressSet | undefined {
  if (!connections.every(({ routing }) => isKnown(routing) && routing === 'static')) return undefined;
  const routes = AddressSet.ofAll(connections.flatMap((connection) => connection.routes.filter(isKnown)));
  return routes.isEmpty() ? undefined : routes;
}

interface Part {
  readonly cidrs: readonly string[];
  readonly notes: readonly string[];
}

/** Ranges that a VPC or a transit gateway sends out by name. */
function routedRanges(network: NetworkModel): Prefix[] {
  const out = network.routeTables
    .flatMap(({ routes }) => routes)
    .filter(({ target }) => target.kind === 'vpn-gateway' || target.kind === 'transit-gateway')
    .map(({ destination }) => destination);
  const through = network.transitGatewayRouteTables
    .flatMap(({ routes }) => routes)
    .map(({ destination }) => destination);
  return [...out, ...through].flatMap((destination) =>
    'prefixList' in destination || !isKnown(destination) ? [] : [destination],
  );
}

/** A zone for each range that rules and routes tell apart, narrow before wide, and one for the rest. */
function partsOf(ranges: AddressSet, isSaid: boolean, network: NetworkModel): Part[] {
  const parts: Part[] = [];
  let rest = ranges;
  const named = [...mentionedRanges(network), ...routedRanges(network)].sort((a, b) => b.length - a.length);
  for (const prefix of named) {
    const set = AddressSet.of(prefix);
    const part = set.intersect(rest);
    if (part.isEmpty() || !set.isSubsetOf(ranges)) continue;
    rest = rest.subtract(part);
    parts.push({
      cidrs: part.prefixes().map(formatPrefix),
      notes: [`found from a rule or a route that names ${formatPrefix(prefix)}: call it after who is there`],
    });
  }
  if (rest.isEmpty()) return parts;
  const note = isSaid
    ? 'the ranges of its static routes: split them zone by zone'
    : 'the templates do not say which ranges are there: narrow this down to those that are, zone by zone';
  return [...parts, { cidrs: rest.prefixes().map(formatPrefix), notes: [note] }];
}
