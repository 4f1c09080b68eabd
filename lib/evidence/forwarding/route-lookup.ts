/**
 * Route tables, compiled: which packets go to which target, for one approximation.
 *
 * Longest prefix wins; at equal length a static route beats a prefix list, and that a propagated one (SEMANTICS 14, 16,
 * 24). `local` is an ordinary entry for each range of the VPC. Nothing falls through a route whose target is unknown.
 */
import { AddressSet, formatPrefix, PacketSet, type Prefix } from '../../base/net';
import {
  type Approximation,
  isUnknown,
  mayNotExist,
  type Origin,
  type ResourceId,
  type Route,
  type RouteTable,
  type RouteTarget,
  type TransitGatewayAttachment,
  type TransitGatewayRoute,
  type TransitGatewayRouteTable,
  type UnknownUse,
  type Value,
} from '../network';
import type { Doubt } from './filter';
import type { NetworkIndex } from './network-index';
import { INTERNET, openAddresses, rangesOfService } from './special-addresses';

/** Packets that a table sends to one target. Cells of a `must` table never overlap. */
export interface RouteCell<Target> {
  readonly target: Target;
  readonly packets: PacketSet;
  /** present where the cell hangs on something unknown */
  readonly doubt?: UnknownUse;
}

/** At equal length the lower number wins. */
const LOCAL = -1;
const STATIC = 0;
const PREFIX_LIST = 1;
const PROPAGATED = 2;

interface Entry<Target> {
  readonly target: Target;
  readonly precedence: number;
  readonly certain: boolean;
  readonly doubt?: UnknownUse;
  /** undefined: the destination is not known */
  readonly destination?: Prefix;
  /** where the destination is not known: what it can be at most */
  readonly atMost?: AddressSet;
}

function compile<Target>(entries: readonly Entry<Target>[], approximation: Approximation): RouteCell<Target>[] {
  const cells: RouteCell<Target>[] = [];
  const open = entries.filter((entry) => entry.destination === undefined);
  let undecided = AddressSet.ALL;
  for (const entry of open) {
    const atMost = entry.atMost ?? AddressSet.ALL;
    if (approximation === 'may') cells.push({ target: entry.target, packets: to(atMost), doubt: entry.doubt });
    else undecided = undecided.subtract(atMost);
  }
  const known = entries.flatMap((entry) => (entry.destination ? [{ ...entry, destination: entry.destination }] : []));
  known.sort((a, b) => b.destination.length - a.destination.length || a.precedence - b.precedence);
  for (const [destination, rivals] of byPlace(known)) {
    const taken = undecided.intersect(destination);
    if (taken.isEmpty()) continue;
    // Of several with equal right, e.g. attachments whose ranges overlap, AWS picks one: none is certain, and one it is.
    const targets = new Map(rivals.map((entry) => [JSON.stringify(entry.target), entry]));
    for (const entry of rivals) if (entry.certain) targets.set(JSON.stringify(entry.target), entry);
    for (const { target, doubt, certain } of targets.values()) {
      if ((certain && targets.size === 1) || approximation === 'may') cells.push({ target, packets: to(taken), doubt });
    }
    if (approximation === 'must' || rivals.some(({ certain }) => certain)) undecided = undecided.subtract(destination);
  }
  return cells;
}

type KnownEntry<Target> = Entry<Target> & { readonly destination: Prefix };

/** Entries of equal destination and precedence together, in the order in which they are asked. */
function byPlace<Target>(entries: readonly KnownEntry<Target>[]): Iterable<[AddressSet, KnownEntry<Target>[]]> {
  const places = new Map<string, [AddressSet, KnownEntry<Target>[]]>();
  for (const entry of entries) {
    const place = `${formatPrefix(entry.destination)} ${entry.precedence}`;
    const known = places.get(place);
    if (known) known[1].push(entry);
    else places.set(place, [AddressSet.of(entry.destination), [entry]]);
  }
  return places.values();
}

function to(addresses: AddressSet): PacketSet {
  return PacketSet.of({ destinations: addresses });
}

/** Targets for which AWS accepts a destination inside the VPC's own ranges. */
const MAY_BEAT_LOCAL: ReadonlySet<RouteTarget['kind']> = new Set([
  'interface',
  'nat-gateway',
  'gateway-load-balancer-endpoint',
  'firewall-endpoint',
  'blackhole',
  'unknown',
]);

/** A VPC route table's cells. `gateway-endpoint` cells stand for the endpoint's prefix-list routes. */
export function compileRouteTable(
  index: NetworkIndex,
  table: RouteTable,
  approximation: Approximation,
): RouteCell<RouteTarget>[] {
  const local = localEntries(index, table, approximation);
  const vpcRange = AddressSet.ofAll(local.flatMap((entry) => (entry.destination ? [entry.destination] : [])));
  const entries: Entry<RouteTarget>[] = [...local];
  for (const route of table.routes) entries.push(...entriesOfRoute(index, route, vpcRange));
  for (const gateway of table.propagatingGateways) entries.push(...propagatedEntries(index, gateway, vpcRange));
  // Nothing that a gateway announces beats `local`, however specific it is.
  const heard = entries.filter(
    (entry) =>
      entry.precedence !== PROPAGATED || !entry.destination || !AddressSet.of(entry.destination).isSubsetOf(vpcRange),
  );
  const cells = compile(heard, approximation);
  const services = approximation === 'may' ? INTERNET : INTERNET.subtract(takenPerhaps(heard));
  for (const endpoint of index.gatewayEndpointsIn(table.id)) {
    if (!endpoint.certain && approximation === 'must') continue;
    cells.push({ target: { kind: 'gateway-endpoint', id: endpoint.id }, packets: to(services) });
  }
  return cells;
}

/** What may go by routes of which it is not known how long they are: longer, perhaps, than those to a gateway endpoint. */
function takenPerhaps(entries: readonly Entry<RouteTarget>[]): AddressSet {
  return AddressSet.unionAll(
    entries.flatMap((entry) =>
      entry.destination || entry.target.kind === 'gateway-endpoint' ? [] : [entry.atMost ?? AddressSet.ALL],
    ),
  );
}

function localEntries(index: NetworkIndex, table: RouteTable, approximation: Approximation): Entry<RouteTarget>[] {
  const target: RouteTarget = { kind: 'local' };
  return (index.vpcs.get(table.vpc)?.cidrs ?? []).map((cidr) => {
    if (!isUnknown(cidr)) return { target, precedence: LOCAL, certain: true, destination: cidr };
    // Internet destinations are hardly ever a VPC's own; in `may` they may be, in `must` we keep them routable.
    const open = openAddresses([cidr]);
    const atMost = approximation === 'may' ? open : open.subtract(INTERNET);
    return { target, precedence: LOCAL, certain: true, atMost, doubt: doubtUse(table.vpc, cidr) };
  });
}

function doubtUse(resource: ResourceId, unknown: { reason: string; parameters: readonly string[] }): UnknownUse {
  return { resource, reason: unknown.reason, parameters: unknown.parameters };
}

function undecided(origin: Origin): UnknownUse {
  return { resource: origin.resource, ...mayNotExist('the route', origin) };
}

function entriesOfRoute(index: NetworkIndex, route: Route, vpcRange: AddressSet): Entry<RouteTarget>[] {
  const { target, certain, origin } = route;
  const targetDoubt = target.kind === 'unknown' ? doubtUse(origin.resource, target) : undefined;
  const doubt = targetDoubt ?? (certain ? undefined : undecided(origin));
  const beatsLocal = MAY_BEAT_LOCAL.has(target.kind);
  const open = (reason: UnknownUse, atMost = AddressSet.ALL): Entry<RouteTarget> => ({
    target,
    precedence: STATIC,
    certain: false,
    doubt: reason,
    atMost: beatsLocal ? atMost : atMost.subtract(vpcRange),
  });
  if (isUnknown(route.destination)) {
    return [open(doubtUse(origin.resource, route.destination), openAddresses([route.destination]))];
  }
  if (!('prefixList' in route.destination)) {
    return [{ target, precedence: STATIC, certain, doubt, destination: route.destination }];
  }
  return prefixListDestinations(index, route.destination.prefixList).map((one) =>
    'prefix' in one
      ? { target, precedence: PREFIX_LIST, certain, doubt, destination: one.prefix }
      : open({ resource: origin.resource, reason: one.reason, parameters: one.parameters }, one.atMost),
  );
}

type ListedDestination =
  | { readonly prefix: Prefix }
  | { readonly reason: string; readonly parameters: readonly string[]; readonly atMost: AddressSet };

function prefixListDestinations(index: NetworkIndex, id: ResourceId): ListedDestination[] {
  const list = index.prefixLists.get(id);
  if (list?.service) {
    return [
      {
        reason: `the ranges of prefix list \`${list.service}\` are AWS's`,
        parameters: [],
        atMost: rangesOfService(list.service),
      },
    ];
  }
  if (!list || list.external) {
    return [{ reason: `no template shows prefix list \`${id}\``, parameters: [], atMost: AddressSet.ALL }];
  }
  return list.entries.map((entry) => {
    if (isUnknown(entry)) return { reason: entry.reason, parameters: entry.parameters, atMost: openAddresses([entry]) };
    if (list.certain) return { prefix: entry };
    return { ...mayNotExist('the prefix list', list.origin), atMost: AddressSet.of(entry) };
  });
}

/** A VPN gateway announces its connections' static routes, or whatever BGP says; `local` always beats what it announces. */
function propagatedEntries(index: NetworkIndex, gateway: ResourceId, vpcRange: AddressSet): Entry<RouteTarget>[] {
  const target: RouteTarget = { kind: 'vpn-gateway', id: gateway };
  const connections = index.connectionsAt(gateway);
  if (connections.length === 0) {
    const doubt = { resource: gateway, reason: 'no template shows what is behind this VPN gateway', parameters: [] };
    return [{ target, precedence: PROPAGATED, certain: false, doubt, atMost: AddressSet.ALL.subtract(vpcRange) }];
  }
  return connections.flatMap((connection) =>
    announced(connection.id, connection.routing, connection.routes).map(
      (one): Entry<RouteTarget> => ({ ...one, target, atMost: one.atMost?.subtract(vpcRange) }),
    ),
  );
}

function announced(
  id: ResourceId,
  routing: Value<'static' | 'bgp'>,
  routes: readonly Value<Prefix>[],
): Omit<Entry<never>, 'target'>[] {
  if (routing !== 'static') {
    const reason = `what the site behind \`${id}\` announces over BGP is not declared`;
    const parameters = isUnknown(routing) ? routing.parameters : [];
    return [
      { precedence: PROPAGATED, certain: false, doubt: { resource: id, reason, parameters }, atMost: AddressSet.ALL },
    ];
  }
  return routes.map((route) =>
    isUnknown(route)
      ? { precedence: PROPAGATED, certain: false, doubt: doubtUse(id, route), atMost: AddressSet.ALL }
      : { precedence: PROPAGATED, certain: true, destination: route },
  );
}

// -------------------------------------------------------------------------------------------------- transit gateway

export type TransitTarget =
  | { readonly kind: 'attachment'; readonly id: ResourceId }
  | { readonly kind: 'blackhole' }
  | { readonly kind: 'unknown'; readonly reason: string; readonly parameters: readonly string[] };

export function compileTransitGatewayTable(
  index: NetworkIndex,
  table: TransitGatewayRouteTable,
  approximation: Approximation,
): RouteCell<TransitTarget>[] {
  const entries: Entry<TransitTarget>[] = [];
  for (const route of table.routes) entries.push(...entriesOfTransitRoute(index, route));
  for (const propagation of table.propagations) {
    const attachment = index.attachments.get(propagation.attachment);
    if (!attachment) continue;
    const certain = propagation.certain && attachment.certain;
    for (const one of announcedBy(index, attachment)) {
      const doubt = one.doubt ?? (certain ? undefined : undecided(propagation.origin));
      const target: TransitTarget = { kind: 'attachment', id: attachment.id };
      entries.push({ ...one, target, certain: one.certain && certain, doubt });
    }
  }
  return compile(entries, approximation);
}

function entriesOfTransitRoute(index: NetworkIndex, route: TransitGatewayRoute): Entry<TransitTarget>[] {
  const { target, certain, origin } = route;
  const doubt = target.kind === 'unknown' ? doubtUse(origin.resource, target) : certain ? undefined : undecided(origin);
  if (isUnknown(route.destination)) {
    return [{ target, precedence: STATIC, certain: false, doubt: doubtUse(origin.resource, route.destination) }];
  }
  if (!('prefixList' in route.destination)) {
    return [{ target, precedence: STATIC, certain, doubt, destination: route.destination }];
  }
  return prefixListDestinations(index, route.destination.prefixList).map((one) =>
    'prefix' in one
      ? { target, precedence: STATIC, certain, doubt, destination: one.prefix }
      : { target, precedence: STATIC, certain: false, atMost: one.atMost, doubt: doubtUse(origin.resource, one) },
  );
}

/** The ranges that an attachment propagates: a VPC's own, a VPN's static routes or what BGP may announce. */
function announcedBy(index: NetworkIndex, attachment: TransitGatewayAttachment): Omit<Entry<never>, 'target'>[] {
  const attached = attachment.attached;
  switch (attached.kind) {
    case 'vpc':
      return (index.vpcs.get(attached.vpc)?.cidrs ?? []).map((cidr) =>
        isUnknown(cidr)
          ? {
              precedence: PROPAGATED,
              certain: false,
              doubt: doubtUse(attached.vpc, cidr),
              atMost: openAddresses([cidr]),
            }
          : { precedence: PROPAGATED, certain: true, destination: cidr },
      );
    case 'vpn': {
      const connection = index.vpnConnections.get(attached.id);
      return announced(attached.id, connection?.routing ?? 'bgp', connection?.routes ?? []);
    }
    case 'peering':
    case 'firewall':
      return [];
    default:
      return announced(attachment.id, 'bgp', []);
  }
}

/** A doubt only matters where its packets are. */
export function doubtsOf(cells: readonly RouteCell<unknown>[]): Doubt[] {
  return cells.flatMap((cell) => (cell.doubt ? [{ packets: cell.packets, use: cell.doubt }] : []));
}
