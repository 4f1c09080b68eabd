/**
 * What a transit gateway lacks to carry packets on: the association of an attachment, a propagation, a static route that
 * another of its tables has, or the absence of a blackhole (SEMANTICS 23, 24).
 */
import { ALL_IPV4, ALL_IPV6, formatPrefix, type Prefix, prefixEquals, prefixesOverlap } from '../../base/net';
import {
  isKnown,
  type NetworkModel,
  type ResourceId,
  type TransitGatewayAttachment,
  type TransitGatewayRoute,
  type TransitGatewayRouteTable,
} from '../network';
import { changed, EditBook, type Lift } from './edit';

type Propagation = TransitGatewayRouteTable['propagations'][number];

const EVERYWHERE = [ALL_IPV4, ALL_IPV6];

/** Tables with what each of them may lack: propagations, routes, and the end of a blackhole. */
export function liftTransitRoutes(network: NetworkModel): Lift | undefined {
  const book = new EditBook('transit-gateway');
  const facts = new TransitFacts(network);
  const transitGatewayRouteTables = network.transitGatewayRouteTables.map((table) => {
    const asked = facts.askedOf(table.id);
    if (table.external || !table.certain || asked.length === 0) return table;
    const propagations = facts
      .attachmentsOf(table.transitGateway)
      .filter(({ id }) => !table.propagations.some(({ attachment }) => attachment === id))
      .filter(({ id }) => facts.announcedBy(id).some((range) => overlapsAny(range, asked)))
      .map(({ id }) => missingPropagation(table, id, book));
    const routes = facts
      .staticRoutesOf(table.transitGateway)
      .filter(({ destination }) => overlapsAny(destination, asked) && !hasRoute(table, destination))
      .map((route) => missingRoute(table, route, book));
    return {
      ...table,
      propagations: [...table.propagations, ...propagations],
      routes: [...table.routes.map((route) => withoutBlackhole(table, route, book)), ...routes],
    };
  });
  return book.isEmpty ? undefined : book.lift({ ...network, transitGatewayRouteTables });
}

/** Every attachment that no table is associated with, associated with one that stands for all tables of its gateway. */
export function liftAssociations(network: NetworkModel): Lift | undefined {
  const book = new EditBook('transit-gateway');
  const made = new Map<ResourceId, TransitGatewayRouteTable>();
  const transitGatewayAttachments = network.transitGatewayAttachments.map((attachment) => {
    const { id, transitGateway, association, external, certain } = attachment;
    const tables = network.transitGatewayRouteTables.filter((table) => table.transitGateway === transitGateway);
    const [first] = tables;
    if (association !== undefined || external || !certain || !first) return attachment;
    const whole = made.get(transitGateway) ?? union(first, tables);
    made.set(transitGateway, whole);
    for (const table of tables) {
      const what = `an association with route table ${table.id}`;
      book.addUnder(whole.origin.resource, id, what, (given) => associated(given, id, table.id));
    }
    return { ...attachment, association: whole.id };
  });
  if (book.isEmpty) return undefined;
  const transitGatewayRouteTables = [...network.transitGatewayRouteTables, ...made.values()];
  return book.lift({ ...network, transitGatewayAttachments, transitGatewayRouteTables });
}

/** All routes of all tables, none of them for certain. */
function union(first: TransitGatewayRouteTable, tables: readonly TransitGatewayRouteTable[]): TransitGatewayRouteTable {
  const name = `every route table of ${first.transitGateway}`;
  const origin = { ...first.origin, resource: name };
  return {
    ...first,
    id: name,
    origin,
    routes: tables.flatMap(({ routes }) => routes.map((route) => ({ ...route, origin, certain: false }))),
    propagations: tables.flatMap(({ propagations }) =>
      propagations.map((propagation) => ({ ...propagation, origin, certain: false })),
    ),
  };
}

function associated(network: NetworkModel, id: ResourceId, association: ResourceId): NetworkModel {
  const attachments = changed(network.transitGatewayAttachments, id, (attachment) => ({ ...attachment, association }));
  return { ...network, transitGatewayAttachments: attachments };
}

function missingPropagation(table: TransitGatewayRouteTable, attachment: ResourceId, book: EditBook): Propagation {
  const propagation: Propagation = { attachment, certain: true, origin: table.origin };
  const name = book.add(table.id, `a propagation of ${attachment}`, (network) =>
    withTable(network, table.id, (noun) => ({ ...noun, propagations: [...noun.propagations, propagation] })),
  );
  return { attachment, certain: false, origin: { ...table.origin, resource: name } };
}

interface StaticRoute {
  readonly destination: Prefix;
  readonly attachment: ResourceId;
}

function missingRoute(table: TransitGatewayRouteTable, given: StaticRoute, book: EditBook): TransitGatewayRoute {
  const { destination, attachment } = given;
  const target = { kind: 'attachment', id: attachment } as const;
  const route: TransitGatewayRoute = { origin: table.origin, certain: true, destination, target };
  const name = book.add(table.id, `a route ${formatPrefix(destination)} -> ${attachment}`, (network) =>
    withTable(network, table.id, (noun) => ({ ...noun, routes: [...noun.routes, route] })),
  );
  return { ...route, certain: false, origin: { ...table.origin, resource: name } };
}

function withoutBlackhole(
  table: TransitGatewayRouteTable,
  route: TransitGatewayRoute,
  book: EditBook,
): TransitGatewayRoute {
  const { destination, target, certain } = route;
  if (target.kind !== 'blackhole' || !certain || 'prefixList' in destination || !isKnown(destination)) return route;
  const isIt = (other: TransitGatewayRoute) => other.target.kind === 'blackhole' && isDestination(other, destination);
  const what = `no blackhole for ${formatPrefix(destination)} any more`;
  const name = book.add(table.id, what, (network) =>
    withTable(network, table.id, (noun) => ({ ...noun, routes: noun.routes.filter((other) => !isIt(other)) })),
  );
  return { ...route, certain: false, origin: { ...route.origin, resource: name } };
}

function withTable(
  network: NetworkModel,
  id: ResourceId,
  change: (table: TransitGatewayRouteTable) => TransitGatewayRouteTable,
): NetworkModel {
  return { ...network, transitGatewayRouteTables: changed(network.transitGatewayRouteTables, id, change) };
}

function hasRoute({ routes }: TransitGatewayRouteTable, destination: Prefix): boolean {
  return routes.some((route) => isDestination(route, destination));
}

function isDestination({ destination }: TransitGatewayRoute, other: Prefix): boolean {
  return !('prefixList' in destination) && isKnown(destination) && prefixEquals(destination, other);
}

function overlapsAny(range: Prefix, others: readonly Prefix[]): boolean {
  return others.some((other) => prefixesOverlap(range, other));
}

/** What is asked of tables and announced to them; worked out once for all tables. */
class TransitFacts {
  private readonly byGateway = new Map<ResourceId, TransitGatewayAttachment[]>();
  private readonly asked = new Map<ResourceId, Prefix[]>();
  private readonly announced = new Map<ResourceId, readonly Prefix[]>();
  private readonly statics = new Map<ResourceId, readonly StaticRoute[]>();

  constructor(private readonly network: NetworkModel) {
    const routed = routedByVpc(network);
    const ranges = new Map(network.vpcs.map(({ id, cidrs, external }) => [id, external ? [] : cidrs.filter(isKnown)]));
    const connections = new Map(network.vpnConnections.map((connection) => [connection.id, connection]));
    for (const attachment of network.transitGatewayAttachments) {
      const { id, transitGateway, attached, association } = attachment;
      this.byGateway.set(transitGateway, [...(this.byGateway.get(transitGateway) ?? []), attachment]);
      const isVpc = attached.kind === 'vpc';
      if (isVpc) this.announced.set(id, ranges.get(attached.vpc) ?? []);
      if (attached.kind === 'vpn') this.announced.set(id, (connections.get(attached.id)?.routes ?? []).filter(isKnown));
      if (association === undefined || !isKnown(association)) continue;
      const sent = isVpc ? (routed.get(`${attached.vpc} ${transitGateway}`) ?? []) : EVERYWHERE;
      this.asked.set(association, [...(this.asked.get(association) ?? []), ...sent]);
    }
  }

  /** Destinations that what is associated with the table sends there. */
  askedOf(table: ResourceId): readonly Prefix[] {
    const asked = this.asked.get(table) ?? [];
    return [...new Map(asked.map((prefix) => [formatPrefix(prefix), prefix])).values()];
  }

  attachmentsOf(gateway: ResourceId): readonly TransitGatewayAttachment[] {
    return (this.byGateway.get(gateway) ?? []).filter(({ certain, external }) => certain && !external);
  }

  announcedBy(attachment: ResourceId): readonly Prefix[] {
    return this.announced.get(attachment) ?? [];
  }

  /** Static routes to attachments that any table of the gateway has. */
  staticRoutesOf(gateway: ResourceId): readonly StaticRoute[] {
    const known = this.statics.get(gateway);
    if (known) return known;
    const tables = this.network.transitGatewayRouteTables.filter(({ transitGateway }) => transitGateway === gateway);
    const routes = tables
      .flatMap((table) => table.routes)
      .flatMap(({ destination, target }): [string, StaticRoute][] =>
        target.kind !== 'attachment' || 'prefixList' in destination || !isKnown(destination)
          ? []
          : [[`${formatPrefix(destination)} ${target.id}`, { destination, attachment: target.id }]],
      );
    const found = [...new Map(routes).values()];
    this.statics.set(gateway, found);
    return found;
  }
}

/** `vpc gateway` → destinations that the VPC's tables route to the gateway. */
function routedByVpc(network: NetworkModel): ReadonlyMap<string, readonly Prefix[]> {
  const entries = new Map(network.prefixLists.map(({ id, entries: ranges }) => [id, ranges.filter(isKnown)]));
  const routed = new Map<string, Prefix[]>();
  for (const { vpc, routes } of network.routeTables) {
    for (const { destination, target } of routes) {
      if (target.kind !== 'transit-gateway') continue;
      const ranges =
        'prefixList' in destination
          ? (entries.get(destination.prefixList) ?? [])
          : isKnown(destination)
            ? [destination]
            : EVERYWHERE;
      const key = `${vpc} ${target.id}`;
      routed.set(key, [...(routed.get(key) ?? []), ...ranges]);
    }
  }
  return routed;
}
