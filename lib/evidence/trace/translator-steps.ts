/**
 * Behind a route that nobody knows may stand what sends on from an address of its own (SEMANTICS 9, 15, 21). AWS takes a route
 * to a NAT gateway or an appliance only within their VPC
 * (https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html); to those of another leads a transit gateway, by
 * the table of a subnet that it lets packets out in.
 */
import type { ResourceId, RouteTarget } from '../network';
import type { NetworkIndex } from './network-index';
import type { Context, Departed, Next, State } from './state';
import { wasAt } from './state';

const RULE = 'an unknown route';
const SOMEWHERE = 'somewhere that translates';
/** Behind one that nobody knows another may stand; what they could do together beyond two the engine says. */
const MAX_TRANSLATIONS = 2;

/** Ways on from a place that nobody knows that do not end in the packet as it is; *must* takes none. */
export function translatedSomewhere(context: Context, state: State, from: Departed | undefined): Next[] {
  const translations = state.sessions.filter(({ kind }) => kind === 'nat').length;
  if (context.mode === 'must' || state.stopped || translations >= MAX_TRANSLATIONS) return [];
  const appliances = from ? appliancesFor(context, state, from) : [];
  if (state.direction === 'reply') return appliances;
  // What sends to itself is not its own client.
  const others = appliances.filter(
    ({ place }) => !(place.kind === 'follow' && leadsTo(place.target, state.referent?.id)),
  );
  const gateways = from ? gatewaysFor(context, state, from) : [];
  return [...gateways, ...others, ...throughDoors(context, state)];
}

function gatewaysFor({ index }: Context, state: State, { vpc, subnet }: Departed): Next[] {
  return index.model.natGateways.flatMap(({ id, subnet: own }): Next[] => {
    const home = index.subnets.get(own)?.vpc;
    if (home === undefined || !mayBeIn(index, home, vpc)) return [];
    // What it sends to the same address is looked up in the table of its own subnet, which would lead to it again.
    if (own === subnet?.id && state.packet.destination.family === 4) return [];
    const target = { kind: 'nat-gateway', id } as const;
    return [{ place: { kind: 'follow', target, rule: RULE, vpc: home, ...(subnet ? { subnet } : {}) }, state }];
  });
}

function appliancesFor({ index }: Context, state: State, { vpc, subnet }: Departed): Next[] {
  return forwarders(index, vpc).map((id): Next => {
    const target = { kind: 'interface', id } as const;
    return { place: { kind: 'follow', target, rule: RULE, vpc, ...(subnet ? { subnet } : {}) }, state };
  });
}

function leadsTo(target: RouteTarget, id: ResourceId | undefined): boolean {
  return target.kind === 'interface' && target.id === id;
}

/** Interfaces that take packets for others, or may. */
function forwarders(index: NetworkIndex, vpc: ResourceId): ResourceId[] {
  return index.model.interfaces
    .filter(({ sourceDestCheck }) => sourceDestCheck !== true)
    .filter(({ subnets }) => subnets.some((id) => mayBeIn(index, index.subnets.get(id)?.vpc, vpc)))
    .map(({ id }) => id);
}

function mayBeIn(index: NetworkIndex, home: ResourceId | undefined, vpc: ResourceId): boolean {
  return home === undefined || home === vpc || index.vpcs.get(home)?.external === true;
}

/** Out of a transit gateway into a VPC where something translates: its own tables say whether it is led there. */
function throughDoors({ index }: Context, state: State): Next[] {
  if (wasAt(state, SOMEWHERE)) return [];
  const { packet, sessions, seen } = state;
  const come: State = {
    ...state,
    entered: 'transit-gateway',
    ingressReference: 'maybe',
    egressReference: 'maybe',
    seen: [...seen, { where: SOMEWHERE, packet, sessions: sessions.length }],
  };
  const homes = new Set(index.model.natGateways.map(({ subnet }) => index.subnets.get(subnet)?.vpc));
  const attached = index.model.transitGatewayAttachments.flatMap(({ attached: one }) =>
    one.kind === 'vpc' && (homes.has(one.vpc) || forwarders(index, one.vpc).length > 0) ? one.subnets : [],
  );
  return [...new Set(attached)].flatMap((id): Next[] => {
    const subnet = index.subnets.get(id);
    return subnet ? [{ place: { kind: 'route', subnet }, state: come }] : [];
  });
}
