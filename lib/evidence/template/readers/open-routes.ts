/**
 * Routes that lead to what stands in a VPC that nobody names. AWS takes a route to a gateway, an interface or a peering
 * connection only in the VPC where that stands or that it joins
 * (https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html). Where a table of one VPC leads to what a
 * template makes in a VPC that only a parameter names, the two are the same, and what is behind the route is more than the
 * template that made it shows.
 */
import { isUnknown, type ResourceId, type Unknown, type Value } from '../../network';
import { changedOrigin } from '../lazy-origin';
import type { DraftNouns, NounKind } from './drafts';
import { mayBeOne, openness } from './open-vpcs';
import type { Reading } from './reading';

type Table = DraftNouns['routeTables'];
type Route = Table['routes'][number];
type Target = Route['target'];

export function settleOpenRoutes(reading: Reading): void {
  for (const table of reading.drafts.routeTables.values()) {
    if (table.external) continue;
    const more = table.routes.flatMap((route) => {
      const because = whyElsewhere(route, table, reading);
      if (!because) return [];
      const target = { kind: 'unknown', reason: because.reason, parameters: because.parameters } as const;
      return [{ ...route, certain: false, origin: changedOrigin(route.origin, { doubt: because }), target }];
    });
    if (more.length > 0) table.routes = [...table.routes, ...more];
  }
}

/** Why what a route leads to may be more than its target shows. */
function whyElsewhere({ target, origin }: Route, { vpc }: Table, reading: Reading): Unknown | undefined {
  if (!('id' in target)) return undefined;
  const kind = KINDS[target.kind];
  const writer = reading.resource(origin.resource);
  if (!kind || !writer) return undefined;
  const named = openness(target.id, reading);
  if (named) return [...reading.drafts[kind].keys()].some((id) => mayBeOne([writer], id, reading)) ? named : undefined;
  const maker = reading.resource(target.id);
  const home = reading.resource(vpc);
  const homes = homesOf(target, reading);
  if (!maker || !home || homes.includes(vpc) || !mayBeOne([maker], vpc, reading)) return undefined;
  return homes.map((each) => openness(each, reading)).find((because) => because !== undefined);
}

/** Transit gateways are tied for themselves, and what is behind an endpoint in a table is not known anyway. */
const KINDS: Partial<Record<Target['kind'], NounKind>> = {
  'internet-gateway': 'internetGateways',
  'egress-only-gateway': 'egressOnlyGateways',
  'nat-gateway': 'natGateways',
  'vpn-gateway': 'vpnGateways',
  interface: 'interfaces',
  peering: 'peeringConnections',
};

/** The VPCs that a target stands in, or joins. */
function homesOf(target: Target & { readonly id: ResourceId }, reading: Reading): ResourceId[] {
  const { id } = target;
  const known = (vpc: Value<ResourceId> | undefined) => (vpc === undefined || isUnknown<string>(vpc) ? [] : [vpc]);
  const ofSubnets = (subnets: readonly ResourceId[]) =>
    subnets.flatMap((subnet) => {
      const home = reading.get('subnets', subnet)?.vpc;
      return [...(home === undefined ? [] : [home]), ...(openness(subnet, reading) ? [subnet] : [])];
    });
  switch (target.kind) {
    case 'internet-gateway':
      return known(reading.get('internetGateways', id)?.vpc);
    case 'vpn-gateway':
      return known(reading.get('vpnGateways', id)?.vpc);
    case 'egress-only-gateway':
      return known(reading.get('egressOnlyGateways', id)?.vpc);
    case 'nat-gateway':
      return ofSubnets([reading.get('natGateways', id)?.subnet ?? []].flat());
    case 'interface':
      return ofSubnets(reading.get('interfaces', id)?.subnets ?? []);
    case 'peering': {
      const peering = reading.get('peeringConnections', id);
      return peering ? [peering.requester, peering.accepter] : [];
    }
    default:
      return [];
  }
}
