/**
 * Where a Client VPN endpoint lets its clients go: only to networks that an authorization rule names and that its own
 * route table leads to. It has a route to its VPC by itself, and to nowhere else.
 * https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html,
 * https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html
 */
import { type Prefix, prefixContains } from '../../../base/net';
import { type Admission, isUnknown, type ResourceId, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import { at, type Item, prefixOf } from './property';
import { originOf, type Reading, unique } from './reading';

interface Reached {
  readonly range: Value<Prefix>;
  readonly certain: boolean;
}

export function admissionsOf(endpoint: Resource, subnets: readonly Item<ResourceId>[], reading: Reading): Admission[] {
  const routed = [...ownRoutes(subnets, reading), ...writtenRoutes(endpoint, reading)];
  const rules =
    reading.satellites('AWS::EC2::ClientVpnAuthorizationRule', 'ClientVpnEndpointId').get(endpoint.id) ?? [];
  return rules.flatMap((rule) =>
    routed.flatMap(({ range, certain }): Admission[] => {
      const destination = shared(rangeOf(rule, 'TargetNetworkCidr'), range);
      if (destination === undefined) return [];
      return [{ origin: originOf(rule), certain: certain && rule.certain, destination, traffic: { protocol: 'all' } }];
    }),
  );
}

/** The route that comes with an association. */
function ownRoutes(subnets: readonly Item<ResourceId>[], reading: Reading): Reached[] {
  const vpcs = unique(subnets.flatMap(({ value }) => reading.get('subnets', value)?.vpc ?? []));
  const certain = subnets.some((subnet) => subnet.certain);
  return vpcs.flatMap((vpc) => (reading.get('vpcs', vpc)?.cidrs ?? []).map((range) => ({ range, certain })));
}

function writtenRoutes(endpoint: Resource, reading: Reading): Reached[] {
  const routes = reading.satellites('AWS::EC2::ClientVpnRoute', 'ClientVpnEndpointId').get(endpoint.id) ?? [];
  return routes.map((route) => ({ range: rangeOf(route, 'DestinationCidrBlock'), certain: route.certain }));
}

function rangeOf({ id, properties }: Resource, name: string): Value<Prefix> {
  return prefixOf(at(properties, name)) ?? unknown(`\`${id}\` names no range`);
}

/** Two ranges have the narrower one in common, or nothing. */
function shared(one: Value<Prefix>, other: Value<Prefix>): Value<Prefix> | undefined {
  if (isUnknown(one)) return one;
  if (isUnknown(other)) return other;
  if (prefixContains(one, other)) return other;
  return prefixContains(other, one) ? one : undefined;
}
