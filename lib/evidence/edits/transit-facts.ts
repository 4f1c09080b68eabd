/** What is asked of the tables of transit gateways, and what is announced to them; worked out once for all tables. */
import { ALL_IPV4, ALL_IPV6, formatPrefix, type Prefix, prefixesOverlap } from '../../base/net';
import {
  type End,
  isKnown,
  type NetworkModel,
  type ResourceId,
  type TransitGatewayRoute,
  type TransitGatewayRouteTable,
} from '../network';

const EVERYWHERE = [ALL_IPV4, ALL_IPV6];

export interface StaticRoute {
  readonly destination: Prefix;
  readonly attachment: ResourceId;
}

export class TransitFacts {
  private readonly byGateway = new Map<ResourceId, ResourceId[]>();
  private readonly shown = new Set<ResourceId>();
  private readonly asked = new Map<ResourceId, Prefix[]>();
  private readonly senders = new Map<ResourceId, ResourceId[]>();
  private readonly announced = new Map<ResourceId, readonly Prefix[]>();
  /** by table: the tables that lead to what is associated with it */
  private readonly answering = new Map<ResourceId, Set<ResourceId>>();
  private readonly statics = new Map<ResourceId, readonly StaticRoute[]>();
  private readonly tables: ReadonlyMap<ResourceId, TransitGatewayRouteTable>;

  constructor(private readonly network: NetworkModel) {
    this.tables = new Map(network.transitGatewayRouteTables.map((table) => [table.id, table]));
    const routed = routedByVpc(network);
    const ranges = new Map(network.vpcs.map(({ id, cidrs, external }) => [id, external ? [] : cidrs.filter(isKnown)]));
    const connections = new Map(network.vpnConnections.map((connection) => [connection.id, connection]));
    for (const attachment of network.transitGatewayAttachments) {
      const { id, transitGateway, attached, association } = attachment;
      push(this.byGateway, transitGateway, id);
      if (attachment.certain && !attachment.external) this.shown.add(id);
      const isVpc = attached.kind === 'vpc';
      if (isVpc) this.announced.set(id, ranges.get(attached.vpc) ?? []);
      if (attached.kind === 'vpn') this.announced.set(id, (connections.get(attached.id)?.routes ?? []).filter(isKnown));
      if (association === undefined || !isKnown(association)) continue;
      const sent = isVpc ? (routed.get(`${attached.vpc} ${transitGateway}`) ?? []) : EVERYWHERE;
      push(this.senders, association, id);
      push(this.asked, association, ...sent);
    }
    this.noteAnswers();
  }

  private noteAnswers(): void {
    const tableOf = new Map(
      this.network.transitGatewayAttachments.map(({ id, association }) => [id, association] as const),
    );
    for (const { id, routes, propagations } of this.network.transitGatewayRouteTables) {
      const targets = routes.flatMap(({ target }) => (target.kind === 'attachment' ? [target.id] : []));
      for (const target of new Set([...targets, ...propagations.map(({ attachment }) => attachment)])) {
        const there = tableOf.get(target);
        if (there === undefined || !isKnown(there)) continue;
        const known = this.answering.get(there);
        if (known) known.add(id);
        else this.answering.set(there, new Set([id]));
      }
    }
  }

  /** Destinations that what is associated with the table sends there. */
  askedOf(table: ResourceId): readonly Prefix[] {
    return distinct(this.asked.get(table) ?? []);
  }

  attachmentsOf(gateway: ResourceId): readonly ResourceId[] {
    return this.byGateway.get(gateway) ?? [];
  }

  /** Whether a template shows the attachment, for certain. */
  isShown(attachment: ResourceId): boolean {
    return this.shown.has(attachment);
  }

  /**
   * Attachments from which something can already be sent to what is associated with the table: what it lacks towards one of
   * these is all that a conversation lacks.
   */
  answeredBy(table: ResourceId): ReadonlySet<ResourceId> {
    return new Set([...(this.answering.get(table) ?? [])].flatMap((id) => this.senders.get(id) ?? []));
  }

  announcedBy(attachment: ResourceId): readonly Prefix[] {
    return this.announced.get(attachment) ?? [];
  }

  associatedWith(table: ResourceId): readonly ResourceId[] {
    return this.senders.get(table) ?? [];
  }

  /** Whether what is attached may have an address of one of the destinations. */
  mayBeAt(attachment: ResourceId, destinations: readonly TransitGatewayRoute['destination'][]): boolean {
    const ranges = this.announced.get(attachment);
    return destinations.some((destination) => {
      if ('prefixList' in destination || !isKnown(destination) || ranges === undefined) return true;
      return ranges.some((range) => prefixesOverlap(range, destination));
    });
  }

  /** Whoever sends through one of these attachments. */
  initiatorsAt(attachments: ReadonlySet<ResourceId>): (end: End) => boolean {
    const { transitGatewayAttachments, subnets, interfaces } = this.network;
    const touched = transitGatewayAttachments.filter(({ id }) => attachments.has(id));
    const ways = new Set(
      touched.flatMap(({ attached, transitGateway }) =>
        attached.kind === 'vpc' ? [`${attached.vpc} ${transitGateway}`] : [],
      ),
    );
    const routed = new Set(
      this.network.routeTables
        .filter(({ vpc, routes, external }) => {
          return external || routes.some(({ target }) => 'id' in target && ways.has(`${vpc} ${target.id}`));
        })
        .map(({ id }) => id),
    );
    const senders = subnets.filter(({ routeTable }) => !isKnown(routeTable) || routed.has(routeTable));
    const inThem = new Set(senders.map(({ id }) => id));
    const placed = new Set(interfaces.filter((one) => one.subnets.some((id) => inThem.has(id))).map(({ id }) => id));
    const hasSites = touched.some(({ attached }) => attached.kind !== 'vpc');
    return (end) => {
      if (end.kind === 'subnet') return inThem.has(end.id);
      return end.kind === 'interface' ? placed.has(end.id) : end.kind !== 'internet' && hasSites;
    };
  }

  /** Where a table leads: its static routes and what is propagated into it. */
  ledTo(table: ResourceId): readonly Prefix[] {
    const noun = this.tables.get(table);
    const routes = (noun?.routes ?? []).flatMap(({ destination, target }) =>
      target.kind !== 'attachment' || 'prefixList' in destination || !isKnown(destination) ? [] : [destination],
    );
    const propagated = (noun?.propagations ?? []).flatMap(({ attachment }) => this.announcedBy(attachment));
    return distinct([...routes, ...propagated]);
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
      push(routed, key, ...ranges);
    }
  }
  return routed;
}

function distinct(prefixes: readonly Prefix[]): Prefix[] {
  return [...new Map(prefixes.map((prefix) => [formatPrefix(prefix), prefix])).values()];
}

function push<T>(lists: Map<string, T[]>, key: string, ...items: readonly T[]): void {
  const list = lists.get(key);
  if (list) list.push(...items);
  else lists.set(key, [...items]);
}
