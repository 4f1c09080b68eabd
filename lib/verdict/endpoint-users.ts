/**
 * Whose an endpoint of a service is, and who else may come by it.
 */
import { isKnown, type ResourceId, type Subnet, type VpcEndpoint } from '../evidence/network';
import { zonesOfVpcs } from './bridges';
import type { VerdictContext } from './context';
import { nounsOf } from './nouns';
import { isDeclaredName, SHARED_VPC } from './place';

/** Where its interface stands, or whose route tables it is in; in a VPC that zones share, whoever uses the service. */
export function zonesOfEndpoint({ interface: at, routeTables, service }: VpcEndpoint, context: VerdictContext) {
  const { subnetsByTable } = nounsOf(context.network);
  const subnets = routeTables.flatMap((table) => subnetsByTable.get(table) ?? []);
  const bySubnet = subnets.flatMap(({ id }) => context.binding.subnets.get(id)?.zone ?? []);
  const isLeft = subnets.some(({ id }) => context.binding.leftToGroups.has(id));
  const byGroup = isLeft
    ? zonesOfVpcs(
        subnets.map(({ vpc }) => vpc),
        context.network,
        context.binding,
      )
    : [];
  const name = service.kind === 'aws' ? `aws:${service.name}` : '';
  const own = [...new Set([...(at === undefined ? [] : zonesOfInterface(at, context)), ...bySubnet])];
  const shared = own.filter((place) => place.startsWith(SHARED_VPC));
  const sharers = shared.length === 0 ? [] : context.model.zones;
  const users = sharers.filter(
    ({ name: zone }) => shared.some((place) => context.isOfSharedVpc(zone, place)) && context.usesService(zone, name),
  );
  const wearing = byGroup.filter((zone) => context.usesService(zone, name));
  const all = [...new Set([...own, ...users.map((zone) => zone.name), ...wearing])];
  return { own: own.filter(isDeclaredName).sort(), all: all.filter(isDeclaredName).sort() };
}

/**
 * Zones that it may serve beside: by a route that a condition decides, by a table that is not known, or by packets that get
 * to its interface from elsewhere.
 */
export function perhapsServed(endpoint: VpcEndpoint, context: VerdictContext): string[] {
  const { id, vpc, type, interface: at } = endpoint;
  const { tables, untold, senders } = clues(context);
  const { subnetsByTable } = nounsOf(context.network);
  const behind = (tables.get(id) ?? []).flatMap((table) => subnetsByTable.get(table) ?? []);
  const lost = type === 'gateway' ? untold.filter((subnet) => subnet.vpc === vpc) : [];
  const zones = [
    ...[...behind, ...lost].flatMap((subnet) => context.binding.subnets.get(subnet.id)?.zone ?? []),
    ...(at === undefined ? [] : (senders.get(at) ?? [])),
  ];
  const certain = zonesOfEndpoint(endpoint, context).all;
  return [...new Set(zones)].filter((zone) => isDeclaredName(zone) && !certain.includes(zone)).sort();
}

/** Found once, asked of every endpoint. */
interface Clues {
  /** tables with a route of their own to a gateway endpoint, by endpoint */
  readonly tables: ReadonlyMap<ResourceId, readonly ResourceId[]>;
  /** subnets of which nobody knows the table */
  readonly untold: readonly Subnet[];
  /** zones from which something flows to the interface of an endpoint in another place */
  readonly senders: ReadonlyMap<ResourceId, ReadonlySet<string>>;
}

const CLUES = new WeakMap<VerdictContext, Clues>();

function clues(context: VerdictContext): Clues {
  const known = CLUES.get(context);
  if (known) return known;
  const tables = new Map<ResourceId, ResourceId[]>();
  for (const { id, routes } of context.network.routeTables) {
    for (const { target } of routes)
      if (target.kind === 'gateway-endpoint') tables.set(target.id, [...(tables.get(target.id) ?? []), id]);
  }
  const untold = context.network.subnets.filter(({ routeTable }) => !isKnown(routeTable));
  const found = { tables, untold, senders: sendersTo(context) };
  CLUES.set(context, found);
  return found;
}

function sendersTo(context: VerdictContext): ReadonlyMap<ResourceId, ReadonlySet<string>> {
  const found = new Map<ResourceId, Set<string>>(
    context.network.vpcEndpoints.flatMap(({ service, interface: at }) =>
      at === undefined || service.kind !== 'aws' ? [] : [[at, new Set<string>()] as const],
    ),
  );
  if (found.size === 0) return found;
  for (const { from, to } of context.flows.pairs()) {
    if (from === to) continue;
    for (const flow of context.flows.between(from, to))
      if (flow.to.end.kind === 'interface') found.get(flow.to.end.id)?.add(from);
  }
  return found;
}

export function zonesOfInterface(id: ResourceId, context: VerdictContext): string[] {
  return (context.binding.interfaces.get(id) ?? []).map(({ zone }) => zone);
}
