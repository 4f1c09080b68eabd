/**
 * Which route a table takes for an address. Longest prefix first; where lengths are equal, the documented order:
 * local, static, by prefix list, propagated (https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html).
 * A propagated route never beats `local`, however specific (the same page).
 *
 * A route that matches only perhaps, or whose length is not known, leaves several answers: all of them are returned, and
 * the first certain one is the last.
 */
import { type Address, formatPrefix, type Prefix, prefixContainsAddress } from '../../base/net';
import {
  isKnown,
  isUnknown,
  mayNotExist,
  type ResourceId,
  type Route,
  type RouteTable,
  type RouteTarget,
  type TransitGatewayRoute,
  type TransitGatewayRouteTable,
  unknown,
  type Value,
} from '../network';
import { isOnInternet } from './internet-addresses';
import { isRangeless, type NetworkIndex } from './network-index';
import { contains, formatRange, ifCertain, listContains, type Ternary } from './ternary';

export interface Candidate<Target> {
  readonly target: Target;
  /** as a person writes it: `route 10.0.0.0/8 -> Net.Hub` */
  readonly rule: string;
  /** the resource that wrote the route */
  readonly resource: ResourceId;
  /** set where it is not certain that this route is the one */
  readonly open?: { readonly reason: string; readonly parameters: readonly string[] };
}

/** `falls`: it is possible that no route matches. */
export interface Lookup<Target> {
  readonly candidates: readonly Candidate<Target>[];
  readonly falls: boolean;
}

/** Smaller wins among equal lengths. */
enum Rank {
  Local,
  Static,
  PrefixList,
  Propagated,
}

interface Entry<Target> {
  readonly target: Target;
  readonly rule: string;
  readonly resource: ResourceId;
  readonly rank: Rank;
  readonly matches: Ternary;
  /** undefined = not known: it may be longer than any other */
  readonly length: number | undefined;
  /** AWS takes no range inside the VPC for such a target */
  readonly yieldsToLocal?: boolean;
  readonly reason: string;
  readonly parameters: readonly string[];
}

/** Candidates in order of preference; exactly one, without `open`, where the answer is certain; none = no route. */
function choose<Target>(entries: readonly Entry<Target>[]): Lookup<Target> {
  const isLocal = entries.some((entry) => entry.rank === Rank.Local && entry.matches === 'yes');
  const matching = entries
    .filter((entry) => entry.matches !== 'no')
    .filter((entry) => !(isLocal && (entry.rank === Rank.Propagated || isNeverInside(entry))));
  const lengthless = matching.filter((entry) => entry.length === undefined);
  const ordered = matching
    .filter((entry) => entry.length !== undefined)
    .sort((a, b) => (b.length ?? 0) - (a.length ?? 0) || a.rank - b.rank);
  const at = ordered.findIndex((entry) => entry.matches === 'yes');
  const stop = ordered[at];
  // Several prefix lists with one range: AWS picks one at random.
  const isRival = (entry: Entry<Target>) => entry.length === stop?.length && entry.rank === stop?.rank;
  const reachable = ordered.filter((entry, position) => at < 0 || position <= at || isRival(entry));
  const all = [...reachable, ...lengthless];
  const isCertain = all.length === 1 && all[0]?.matches === 'yes';
  const candidates = all.map((entry) => ({
    target: entry.target,
    rule: entry.rule,
    resource: entry.resource,
    ...(isCertain ? {} : { open: { reason: openReason(entry), parameters: entry.parameters } }),
  }));
  return { candidates, falls: matching.every((entry) => entry.matches !== 'yes') };
}

/**
 * Of a route whose range is not known: whether AWS would refuse it a range inside the VPC. Only NAT gateways, interfaces
 * and endpoints may be given one (https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html).
 */
function isNeverInside<Target>(entry: Entry<Target>): boolean {
  return entry.length === undefined && entry.rank !== Rank.Local && entry.yieldsToLocal === true;
}

const YIELDS_TO_LOCAL: readonly RouteTarget['kind'][] = [
  'internet-gateway',
  'egress-only-gateway',
  'transit-gateway',
  'peering',
  'vpn-gateway',
  'gateway-endpoint',
];

function openReason<Target>(entry: Entry<Target>): string {
  return entry.matches === 'yes' ? `another route may take precedence over ${entry.rule}` : entry.reason;
}

/** What a destination says of an address, and how long the matching prefix is. */
function matchDestination(
  index: NetworkIndex,
  destination: Value<Prefix> | { readonly prefixList: ResourceId },
  address: Address,
  service: string | undefined,
): {
  matches: Ternary;
  length: number | undefined;
  rank: Rank;
  text: string;
  parameters: readonly string[];
  reason: string;
} {
  if ('prefixList' in destination) {
    const list = index.prefixLists.get(destination.prefixList);
    if (list?.service !== undefined && service !== undefined)
      return servedBy(list.service, service, address, list.certain);
    const matches = listContains(list, address);
    const lengths = (list?.entries ?? [])
      .filter(isKnown)
      .filter((entry) => prefixContainsAddress(entry, address))
      .map((entry) => entry.length);
    const isWhole = list?.entries.every(isKnown) === true && list.entries.length > 0;
    return {
      matches,
      length: isWhole && lengths.length > 0 ? Math.max(...lengths) : undefined,
      rank: Rank.PrefixList,
      text: destination.prefixList,
      parameters: [],
      reason: `whether prefix list ${destination.prefixList} holds the address is not known`,
    };
  }
  const open = isUnknown(destination);
  return {
    matches: contains(destination, address),
    length: open ? undefined : destination.length,
    rank: Rank.Static,
    text: formatRange(destination),
    parameters: open ? destination.parameters : [],
    reason: open ? destination.reason : 'the route may not exist',
  };
}

/** Most routes of a big table are about other addresses: they are left out before anything is made of them. */
function mayHold({ destination }: Pick<Route, 'destination'>, address: Address): boolean {
  return 'prefixList' in destination || contains(destination, address) !== 'no';
}

/**
 * A packet for an AWS service carries one of the addresses of the service's own list, which AWS keeps; they are more
 * specific than any default route, and no other service's list holds them.
 */
function servedBy(listed: string, service: string, address: Address, certain: boolean) {
  return {
    matches: listed === service ? ifCertain(certain, 'yes') : ('no' as const),
    length: address.family === 4 ? 24 : 48,
    rank: Rank.PrefixList,
    text: `the addresses of ${listed}`,
    parameters: [],
    reason: 'the prefix list may not exist',
  };
}

export function formatTarget(target: RouteTarget): string {
  switch (target.kind) {
    case 'local':
    case 'blackhole':
      return target.kind;
    case 'unknown':
      return 'an unknown target';
    default:
      return target.id;
  }
}

/**
 * Of a packet for no service of AWS. Gateway endpoints take nothing of it: there are always addresses on the internet that
 * are not the service's, and it is those that such a packet stands for. Other routes by a service's list may take it.
 */
export const NO_SERVICE = 'none';

function entryOf(index: NetworkIndex, route: Route, address: Address, service?: string): Entry<RouteTarget> {
  const isEndpoint = route.target.kind === 'gateway-endpoint';
  const mayBeServed = service === NO_SERVICE && !isEndpoint;
  const { matches, length, rank, text, parameters, reason } = matchDestination(
    index,
    route.destination,
    address,
    mayBeServed ? undefined : service,
  );
  return {
    target: route.target,
    rule: `route ${text} -> ${formatTarget(route.target)}`,
    resource: route.origin.resource,
    rank: route.target.kind === 'local' ? Rank.Local : rank,
    yieldsToLocal: YIELDS_TO_LOCAL.includes(route.target.kind),
    // A gateway endpoint has its service's public addresses, whichever service that is.
    matches: isEndpoint && !isOnInternet(address) ? 'no' : ifCertain(route.certain, matches),
    length,
    ...(route.certain ? { reason, parameters } : mayNotExist('the route', route.origin)),
  };
}

/** The `local` entries follow from the ranges of the VPC. */
function localEntries(index: NetworkIndex, table: RouteTable, address: Address): Entry<RouteTarget>[] {
  const vpc = index.vpcs.get(table.vpc);
  const isOpen = !vpc || isRangeless(vpc);
  const cidrs = isOpen ? [unknown(`the ranges of VPC ${table.vpc} are not known`)] : vpc.cidrs;
  return cidrs.map((cidr) => ({
    target: { kind: 'local' },
    rule: `route ${formatRange(cidr)} -> local`,
    resource: table.id,
    rank: Rank.Local,
    matches: contains(cidr, address),
    length: isKnown(cidr) ? cidr.length : undefined,
    reason: isUnknown(cidr) ? cidr.reason : '',
    parameters: isUnknown(cidr) ? cidr.parameters : [],
  }));
}

/** Static VPN routes are propagated as they are; what a site announces by BGP is not known (SEMANTICS 28). */
function propagatedEntries(index: NetworkIndex, table: RouteTable, address: Address): Entry<RouteTarget>[] {
  return table.propagatingGateways.flatMap((id): Entry<RouteTarget>[] => {
    const connections = index.connectionsOfGateway.get(id) ?? [];
    const target: RouteTarget = { kind: 'vpn-gateway', id };
    const announced = (reason: string): Entry<RouteTarget> => ({
      target,
      rule: `propagated route -> ${id}`,
      resource: id,
      rank: Rank.Propagated,
      matches: 'maybe',
      length: undefined,
      reason,
      parameters: [],
    });
    const fixed = connections
      .flatMap((connection) => connection.routes.map((route) => ({ connection, route })))
      .map(
        ({ connection, route }): Entry<RouteTarget> => ({
          target,
          rule: `propagated route ${formatRange(route)} -> ${id}`,
          resource: connection.id,
          rank: Rank.Propagated,
          matches: ifCertain(connection.certain, contains(route, address)),
          length: isKnown(route) ? route.length : undefined,
          reason: isUnknown(route) ? route.reason : 'the VPN connection may not exist',
          parameters: isUnknown(route) ? route.parameters : [],
        }),
      );
    const isOpen = connections.length === 0 || connections.some((connection) => connection.routing !== 'static');
    return isOpen ? [...fixed, announced(`what is announced behind VPN gateway ${id} is not known`)] : fixed;
  });
}

/** Gateway endpoints put their service's list into the tables they name, whether or not a route is written out. */
function endpointEntries(
  index: NetworkIndex,
  table: RouteTable,
  address: Address,
  service?: string,
): Entry<RouteTarget>[] {
  return (index.gatewayEndpointsOfTable.get(table.id) ?? []).flatMap((endpoint): Entry<RouteTarget>[] => {
    const target: RouteTarget = { kind: 'gateway-endpoint', id: endpoint.id };
    if (table.routes.some((route) => route.target.kind === target.kind && route.target.id === endpoint.id)) return [];
    const name = endpoint.service.kind === 'aws' ? endpoint.service.name : undefined;
    const list = index.model.prefixLists.find((candidate) => name !== undefined && candidate.service === name);
    const destination = { prefixList: list?.id ?? `the addresses of ${name ?? 'an unknown service'}` };
    const route = { origin: endpoint.origin, certain: endpoint.certain, destination, target };
    const entry = entryOf(index, route, address, service);
    if (name === undefined && service === NO_SERVICE) return [];
    if (list || name === undefined || service === undefined) return [entry];
    return [{ ...entry, ...servedBy(name, service, address, endpoint.certain) }];
  });
}

/** `service`: the AWS service that it is known to be for. `isOutside`: its destination stands for any on the internet. */
export function lookUpRoute(
  index: NetworkIndex,
  table: RouteTable,
  address: Address,
  service?: string,
  isOutside = false,
): Lookup<RouteTarget> {
  const entries = [
    ...localEntries(index, table, address).filter(({ length }) => length !== undefined || !isOutside),
    ...table.routes.filter((route) => mayHold(route, address)).map((route) => entryOf(index, route, address, service)),
    ...endpointEntries(index, table, address, service),
    ...propagatedEntries(index, table, address),
  ];
  const lookup = choose(entries);
  if (table.external !== true && table.certain) return lookup;
  const reason = `route table ${table.id} is not shown by any template, or may not exist`;
  const target: RouteTarget = { kind: 'unknown', reason, parameters: [] };
  const open = { target, rule: 'a route that no template shows', resource: table.id, open: { reason, parameters: [] } };
  const doubted = lookup.candidates.map((candidate) => ({ ...candidate, open: candidate.open ?? open.open }));
  return { candidates: [...doubted, open], falls: lookup.falls };
}

// ------------------------------------------------------------------------------------------------- transit gateways

export type TransitTarget = TransitGatewayRoute['target'];

function transitEntry(index: NetworkIndex, route: TransitGatewayRoute, address: Address): Entry<TransitTarget> {
  const { matches, length, rank, text, parameters, reason } = matchDestination(
    index,
    route.destination,
    address,
    undefined,
  );
  const to = route.target.kind === 'attachment' ? route.target.id : route.target.kind;
  return {
    target: route.target,
    rule: `route ${text} -> ${to}`,
    resource: route.origin.resource,
    rank,
    matches: ifCertain(route.certain, matches),
    length,
    ...(route.certain ? { reason, parameters } : mayNotExist('the route', route.origin)),
  };
}

/** What an attachment announces into a table: a VPC its ranges, a VPN its static routes, BGP what nobody wrote down. */
function announcedBy(index: NetworkIndex, id: ResourceId): readonly Value<Prefix>[] | 'unknown' {
  const attached = index.attachments.get(id)?.attached;
  if (attached?.kind === 'vpc') {
    const vpc = index.vpcs.get(attached.vpc);
    return vpc && !isRangeless(vpc) ? vpc.cidrs : 'unknown';
  }
  if (attached?.kind === 'vpn') {
    const connection = index.vpnConnections.get(attached.id);
    return connection?.routing === 'static' ? connection.routes : 'unknown';
  }
  return attached?.kind === 'peering' || attached?.kind === 'firewall' ? [] : 'unknown';
}

function propagatedTransitEntries(
  index: NetworkIndex,
  table: TransitGatewayRouteTable,
  address: Address,
): Entry<TransitTarget>[] {
  return table.propagations.flatMap((propagation): Entry<TransitTarget>[] => {
    const announced = announcedBy(index, propagation.attachment);
    const common = {
      target: { kind: 'attachment', id: propagation.attachment } as const,
      resource: propagation.origin.resource,
      rank: Rank.Propagated,
    };
    if (announced === 'unknown') {
      const reason = `what ${propagation.attachment} announces is not known`;
      const rule = `propagated route -> ${propagation.attachment}`;
      return [{ ...common, rule, matches: 'maybe', length: undefined, reason, parameters: [] }];
    }
    const matching = announced.filter((cidr) => contains(cidr, address) !== 'no');
    return matching.map((cidr) => ({
      ...common,
      rule: `propagated route ${isKnown(cidr) ? formatPrefix(cidr) : 'of an unknown range'} -> ${propagation.attachment}`,
      matches: ifCertain(propagation.certain, contains(cidr, address)),
      length: isKnown(cidr) ? cidr.length : undefined,
      ...(isUnknown(cidr)
        ? { reason: cidr.reason, parameters: cidr.parameters }
        : mayNotExist('the propagation', propagation.origin)),
    }));
  });
}

export function lookUpTransitRoute(
  index: NetworkIndex,
  table: TransitGatewayRouteTable,
  address: Address,
): Lookup<TransitTarget> {
  const lookup = choose([
    ...table.routes.filter((route) => mayHold(route, address)).map((route) => transitEntry(index, route, address)),
    ...propagatedTransitEntries(index, table, address),
  ]);
  if (table.external !== true && table.certain) return lookup;
  const reason = `transit gateway route table ${table.id} is not shown by any template, or may not exist`;
  const open = { reason, parameters: [] };
  const doubted = lookup.candidates.map((candidate) => ({ ...candidate, open: candidate.open ?? open }));
  const unseen = {
    target: { kind: 'unknown', ...open } as const,
    rule: 'a route that no template shows',
    resource: table.id,
    open,
  };
  return { candidates: [...doubted, unseen], falls: lookup.falls };
}
