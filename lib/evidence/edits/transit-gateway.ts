/**
 * What a transit gateway lacks to carry packets on: the association of an attachment, a propagation, a static route that
 * another of its tables has, or the absence of a blackhole (SEMANTICS 23, 24).
 */
import { formatPrefix, type Prefix, prefixEquals, prefixesOverlap } from '../../base/net';
import {
  isKnown,
  type NetworkModel,
  type ResourceId,
  type TransitGatewayRoute,
  type TransitGatewayRouteTable,
} from '../network';
import { changed, EditBook, type Lift, named } from './edit';
import { type StaticRoute, TransitFacts } from './transit-facts';

type Propagation = TransitGatewayRouteTable['propagations'][number];

/** Tables with what each of them may lack: propagations, routes, and the end of a blackhole. */
export function liftTransitRoutes(network: NetworkModel): Lift | undefined {
  const book = new EditBook('transit-gateway');
  const facts = new TransitFacts(network);
  const touched = new Set<ResourceId>();
  const transitGatewayRouteTables = network.transitGatewayRouteTables.map((table) => {
    const asked = facts.askedOf(table.id);
    if (table.external || !table.certain || asked.length === 0) return table;
    const answering = facts.answeredBy(table.id);
    const known = new Set(table.propagations.map(({ attachment }) => attachment));
    const propagations = [...answering]
      .filter((id) => facts.isShown(id) && !known.has(id))
      .filter((id) => facts.announcedBy(id).some((range) => overlapsAny(range, asked)))
      .map((id) => missingPropagation(table, id, book));
    const routes = facts
      .staticRoutesOf(table.transitGateway)
      .filter(({ attachment }) => answering.has(attachment))
      .filter(({ destination }) => overlapsAny(destination, asked) && !hasRoute(table, destination))
      .map((route) => missingRoute(table, route, book));
    const kept = table.routes.map((route) => withoutBlackhole(table, route, book));
    const freed = table.routes.filter((route, at) => route !== kept[at]).flatMap(({ destination }) => destination);
    const ends = [
      ...propagations.map(({ attachment }) => attachment),
      ...routes.flatMap(({ target }) => ('id' in target ? [target.id] : [])),
      ...(freed.length === 0 ? [] : facts.attachmentsOf(table.transitGateway).filter((id) => facts.mayBeAt(id, freed))),
    ];
    if (ends.length === 0) return table;
    for (const id of [...ends, ...facts.associatedWith(table.id)]) touched.add(id);
    return {
      ...table,
      propagations: [...table.propagations, ...propagations],
      routes: [...kept, ...routes],
    };
  });
  if (book.isEmpty) return undefined;
  return book.lift({ ...network, transitGatewayRouteTables }, facts.initiatorsAt(touched));
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
  const touched = network.transitGatewayAttachments.filter(({ transitGateway }) => made.has(transitGateway));
  const concerns = new TransitFacts(network).initiatorsAt(new Set(touched.map(({ id }) => id)));
  return book.lift({ ...network, transitGatewayAttachments, transitGatewayRouteTables }, concerns);
}

/** All routes of all tables, none of them for certain. */
function union(first: TransitGatewayRouteTable, tables: readonly TransitGatewayRouteTable[]): TransitGatewayRouteTable {
  const name = `every route table of ${first.transitGateway}`;
  const origin = named(first.origin, name);
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
  return { attachment, certain: false, origin: named(table.origin, name) };
}

function missingRoute(table: TransitGatewayRouteTable, given: StaticRoute, book: EditBook): TransitGatewayRoute {
  const { destination, attachment } = given;
  const target = { kind: 'attachment', id: attachment } as const;
  const route: TransitGatewayRoute = { origin: table.origin, certain: true, destination, target };
  const name = book.add(table.id, `a route ${formatPrefix(destination)} -> ${attachment}`, (network) =>
    withTable(network, table.id, (noun) => ({ ...noun, routes: [...noun.routes, route] })),
  );
  return { ...route, certain: false, origin: named(table.origin, name) };
}

function withoutBlackhole(
  table: TransitGatewayRouteTable,
  route: TransitGatewayRoute,
  book: EditBook,
): TransitGatewayRoute {
  const { destination, target, certain } = route;
  if (target.kind !== 'blackhole' || !certain || 'prefixList' in destination || !isKnown(destination)) return route;
  const isIt = (other: TransitGatewayRoute) => other.target.kind === 'blackhole' && isDestination(other, destination);
  const what = `its blackhole for ${formatPrefix(destination)} taken away`;
  const name = book.add(table.id, what, (network) =>
    withTable(network, table.id, (noun) => ({ ...noun, routes: noun.routes.filter((other) => !isIt(other)) })),
  );
  return { ...route, certain: false, origin: named(route.origin, name) };
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
