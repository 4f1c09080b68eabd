/**
 * A route that a VPC's table lacks, to something that the VPC already has: its internet or NAT gateway, a peering
 * connection, a transit gateway, a VPN gateway. A route that would replace another one is not among them.
 */
import { ALL_IPV4, ALL_IPV6, formatPrefix, type Prefix, prefixContains, prefixEquals } from '../../base/net';
import {
  isKnown,
  type NetworkModel,
  type ResourceId,
  type Route,
  type RouteTable,
  type RouteTarget,
  type Value,
} from '../network';
import { changed, EditBook, type Lift, named } from './edit';
import { TransitFacts } from './transit-facts';

interface Way {
  readonly target: Exclude<RouteTarget, { readonly kind: 'local' | 'blackhole' | 'unknown' }>;
  readonly destinations: readonly Prefix[];
}

export function liftRoutes(network: NetworkModel): Lift | undefined {
  const book = new EditBook('route');
  const inUse = new Set(network.subnets.flatMap(({ routeTable }) => (isKnown(routeTable) ? [routeTable] : [])));
  const ranges = new Map(network.vpcs.map(({ id, cidrs, external }) => [id, external ? [] : cidrs.filter(isKnown)]));
  const waysOf = waysByVpc(network, ranges);
  const routeTables = network.routeTables.map((table) => {
    const ways = waysOf.get(table.vpc) ?? [];
    const own = ranges.get(table.vpc) ?? [];
    if (table.external || !table.certain || table.edgeOf !== undefined || !inUse.has(table.id)) return table;
    const added = ways.flatMap((way) => missingRoutes(table, way, own, book));
    return added.length > 0 ? { ...table, routes: [...table.routes, ...added] } : table;
  });
  if (book.isEmpty) return undefined;
  const edited = routeTables.filter((table, at) => table !== network.routeTables[at]);
  return book.lift({ ...network, routeTables }, initiatorsOf(edited, network));
}

/** Whoever sends by a table that gets a route, and whoever may be answered by one: by what the route leads to. */
function initiatorsOf(edited: readonly RouteTable[], network: NetworkModel): Lift['concerns'] {
  const tables = new Set(edited.map(({ id }) => id));
  const before = new Map(network.routeTables.map(({ id, routes }) => [id, routes.length]));
  const added = edited.flatMap(({ id, routes }) => routes.slice(before.get(id)).map(({ target }) => target));
  const kinds = new Set(added.map(({ kind }) => kind));
  const targets = new Set(added.flatMap((target) => ('id' in target ? [target.id] : [])));
  const reaching = network.routeTables.filter(
    ({ external, routes }) => external || routes.some(({ target }) => 'id' in target && targets.has(target.id)),
  );
  for (const { id } of reaching) tables.add(id);
  const senders = network.subnets.filter(({ routeTable }) => !isKnown(routeTable) || tables.has(routeTable));
  const subnets = new Set(senders.map(({ id }) => id));
  const interfaces = new Map(network.interfaces.map(({ id, subnets: at }) => [id, at]));
  return (end) => {
    switch (end.kind) {
      case 'subnet':
        return subnets.has(end.id);
      case 'interface':
        return interfaces.get(end.id)?.some((id) => subnets.has(id)) === true;
      case 'internet':
        return kinds.has('internet-gateway');
      default:
        return kinds.has('transit-gateway') || kinds.has('vpn-gateway');
    }
  };
}

function missingRoutes(
  table: RouteTable,
  { target, destinations }: Way,
  own: readonly Prefix[],
  book: EditBook,
): Route[] {
  return (
    destinations
      // `local` has those already
      .filter((destination) => !own.some((range) => prefixContains(range, destination)))
      .filter((destination) => !table.routes.some((route) => isInTheWay(route, target, destination)))
      .map((destination): Route => {
        const what = `a route ${formatPrefix(destination)} -> ${target.id}`;
        const route: Route = { origin: table.origin, certain: true, destination, target };
        const name = book.add(table.id, what, (network) => withRoute(network, table.id, route));
        return { ...route, certain: false, origin: named(table.origin, name) };
      })
  );
}

/** Another route has the very destination, or the target has the packets already. */
function isInTheWay(route: Route, target: Way['target'], destination: Prefix): boolean {
  if ('prefixList' in route.destination || !isKnown(route.destination)) return false;
  if (prefixEquals(route.destination, destination)) return true;
  return 'id' in route.target && route.target.id === target.id && prefixContains(route.destination, destination);
}

function withRoute(network: NetworkModel, table: ResourceId, route: Route): NetworkModel {
  const routeTables = changed(network.routeTables, table, (noun) => ({ ...noun, routes: [...noun.routes, route] }));
  return { ...network, routeTables };
}

function waysByVpc(
  network: NetworkModel,
  ranges: ReadonlyMap<ResourceId, readonly Prefix[]>,
): ReadonlyMap<ResourceId, readonly Way[]> {
  const ways = new Map<ResourceId, Way[]>();
  const add = (vpc: ResourceId, way: Way) => {
    const known = ways.get(vpc);
    if (known) known.push(way);
    else ways.set(vpc, [way]);
  };
  const hasIpv6 = (vpc: ResourceId) => ranges.get(vpc)?.some(({ family }) => family === 6) === true;
  for (const { id, vpc } of network.internetGateways) {
    if (vpc === undefined || !isKnown(vpc)) continue;
    add(vpc, {
      target: { kind: 'internet-gateway', id },
      destinations: hasIpv6(vpc) ? [ALL_IPV4, ALL_IPV6] : [ALL_IPV4],
    });
  }
  for (const { id, vpc } of network.egressOnlyGateways) {
    add(vpc, { target: { kind: 'egress-only-gateway', id }, destinations: [ALL_IPV6] });
  }
  for (const [vpc, id] of firstNatGateways(network)) {
    add(vpc, { target: { kind: 'nat-gateway', id }, destinations: [ALL_IPV4] });
  }
  for (const { id, requester, accepter } of network.peeringConnections) {
    const target = { kind: 'peering', id } as const;
    add(requester, { target, destinations: ranges.get(accepter) ?? [] });
    add(accepter, { target, destinations: ranges.get(requester) ?? [] });
  }
  const hubs = new TransitFacts(network);
  for (const { transitGateway, attached, association } of network.transitGatewayAttachments) {
    if (attached.kind !== 'vpc' || association === undefined || !isKnown(association)) continue;
    const destinations = hubs.ledTo(association);
    add(attached.vpc, { target: { kind: 'transit-gateway', id: transitGateway }, destinations });
  }
  for (const { id, vpc } of network.vpnGateways) {
    if (vpc === undefined || !isKnown(vpc)) continue;
    const behind = network.vpnConnections.filter(({ gateway }) => gateway.id === id).flatMap(({ routes }) => routes);
    add(vpc, { target: { kind: 'vpn-gateway', id }, destinations: behind.filter(isKnown) });
  }
  return ways;
}

/** One of a VPC's public NAT gateways is as good as another. */
function firstNatGateways(network: NetworkModel): ReadonlyMap<ResourceId, ResourceId> {
  const vpcOf = new Map(network.subnets.map(({ id, vpc }) => [id, vpc]));
  const first = new Map<ResourceId, ResourceId>();
  const isPublic = (connectivity: Value<string>) => isKnown(connectivity) && connectivity === 'public';
  for (const { id, subnet, connectivity, certain } of network.natGateways) {
    const vpc = vpcOf.get(subnet);
    if (vpc !== undefined && certain && isPublic(connectivity) && !first.has(vpc)) first.set(vpc, id);
  }
  return first;
}
