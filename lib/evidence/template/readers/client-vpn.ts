/**
 * Where a Client VPN endpoint lets its clients go: only to networks that an authorization rule names and that its own
 * route table leads to. It has a route to its VPC by itself, and to nowhere else.
 * https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-rules.html,
 * https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/cvpn-working-routes.html
 */
import { type Prefix, prefixContains } from '../../../base/net';
import { type Admission, isUnknown, type ResourceId, type Unknown, unknown, type Value } from '../../network';
import { changedOrigin } from '../lazy-origin';
import { ChoiceValue, ReferenceValue, type Resource } from '../resource';
import { alternatives, at, type Item, isUnknownProperty, type Property, prefixOf } from './property';
import { originOf, type Reading, unique } from './reading';

interface Reached {
  readonly range: Value<Prefix>;
  readonly certain: boolean;
}

export function admissionsOf(endpoint: Resource, subnets: readonly Item<ResourceId>[], reading: Reading): Admission[] {
  const routed = [...ownRoutes(subnets, reading), ...writtenRoutes(endpoint, reading)];
  return partsOf(endpoint, 'AWS::EC2::ClientVpnAuthorizationRule', reading).flatMap(({ part: rule, isIts }) =>
    routed.flatMap((route): Admission[] => {
      const destination = shared(rangeOf(rule, 'TargetNetworkCidr'), route.range);
      if (destination === undefined) return [];
      const origin = isIts.because ? changedOrigin(originOf(rule), { doubt: isIts.because }) : originOf(rule);
      return [{ origin, certain: route.certain && isIts.certain, destination, traffic: { protocol: 'all' } }];
    }),
  );
}

interface Part {
  readonly part: Resource;
  /** whether it is certainly a part of this endpoint, and why it may not be */
  readonly isIts: { readonly certain: boolean; readonly because?: Unknown };
}

/** What belongs to an endpoint, or may: all but what belongs to another one for certain. */
export function partsOf(endpoint: Resource, type: string, reading: Reading): Part[] {
  return reading.ofType(type).flatMap((part): Part[] => {
    const owner = at(part.properties, 'ClientVpnEndpointId');
    const options = alternatives(owner).map(({ value }) => value);
    const isOther = (value: Property) => {
      if (!(value instanceof ReferenceValue) || value.reference.resource === endpoint.id) return false;
      return reading.resource(value.reference.resource)?.type === endpoint.type;
    };
    if (options.every(isOther)) return [];
    const isDecided = owner instanceof ReferenceValue && owner.reference.resource === endpoint.id;
    if (isDecided) return [{ part, isIts: { certain: part.certain } }];
    const because = unknown(`which Client VPN endpoint \`${part.id}\` belongs to is not decided`, parametersOf(owner));
    return [{ part, isIts: { certain: false, because } }];
  });
}

function parametersOf(property: Property): readonly string[] {
  return property instanceof ChoiceValue || isUnknownProperty(property) ? property.parameters : [];
}

/** The route that comes with an association. */
function ownRoutes(subnets: readonly Item<ResourceId>[], reading: Reading): Reached[] {
  const vpcs = unique(subnets.flatMap(({ value }) => reading.get('subnets', value)?.vpc ?? []));
  const certain = subnets.some((subnet) => subnet.certain);
  return vpcs.flatMap((vpc) => (reading.get('vpcs', vpc)?.cidrs ?? []).map((range) => ({ range, certain })));
}

function writtenRoutes(endpoint: Resource, reading: Reading): Reached[] {
  return partsOf(endpoint, 'AWS::EC2::ClientVpnRoute', reading).map(({ part, isIts }) => ({
    range: rangeOf(part, 'DestinationCidrBlock'),
    certain: isIts.certain,
  }));
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
