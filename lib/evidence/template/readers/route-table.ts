/**
 * Route tables, routes and gateway associations (facts 13–17).
 */
import { ofFamily, type Route, type RouteTarget, unknown } from '../../network';
import { ChoiceValue, ReferenceValue, type Resource } from '../resource';
import { firewallEndpoint } from './firewall-endpoint';
import { alternatives, at, type Item, isAbsent, isUnknownProperty, type Property } from './property';
import { originOf, originOfItems, type Reader, type Readers, type Reading, undecided } from './reading';

const routeTable: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const vpc =
      reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId') ?? reading.defaultVpc(resource).id;
    const noun = { id, origin: originOf(resource), certain, vpc, main: false, routes: [], propagatingGateways: [] };
    reading.add('routeTables', noun);
  },
};

const route: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const targets = targetsOf(resource, reading);
    const destinations = destinationsOf(resource, reading);
    const tables = reading.changed('routeTables', at(resource.properties, 'RouteTableId'), resource, 'RouteTableId');
    for (const table of tables) {
      const noun = reading.obtain('routeTables', table.value);
      for (const destination of destinations) {
        for (const target of targets) {
          const certain = resource.certain && table.certain && destination.certain && target.certain;
          noun.routes.push({
            origin: originOfItems(resource, table, destination, target),
            certain,
            destination: destination.value,
            target: target.value(noun.vpc),
          });
        }
      }
    }
  },
};

const RANGES = [
  ['DestinationCidrBlock', 4],
  ['DestinationIpv6CidrBlock', 6],
] as const;

function destinationsOf(resource: Resource, reading: Reading): Item<Route['destination']>[] {
  const { properties } = resource;
  const ranges = RANGES.flatMap(([name, family]) =>
    alternatives(at(properties, name)).flatMap((item) => {
      const range = reading.prefix(item.value, resource);
      return range === undefined ? [] : [{ ...item, value: ofFamily(range, family) }];
    }),
  );
  const name = 'DestinationPrefixListId';
  const lists = reading.references('prefixLists', at(properties, name), resource, name).map((item) => ({
    ...item,
    value: { prefixList: item.value },
  }));
  const found = [...ranges, ...lists];
  return found.length > 0 ? found : [{ value: unknown('the route names no destination'), certain: true }];
}

/** A target may need to know the VPC of the table that it stands in. */
type TargetIn = (vpc: string) => RouteTarget;
type ReadTarget = (property: Property, resource: Resource, reading: Reading) => TargetIn;

/** In the order in which they are looked for; a route has one of them. */
const TARGETS: Readonly<Record<string, ReadTarget>> = {
  GatewayId: gatewayTarget,
  NatGatewayId: noun('natGateways', 'nat-gateway', 'NatGatewayId'),
  TransitGatewayId: noun('transitGateways', 'transit-gateway', 'TransitGatewayId'),
  VpcPeeringConnectionId: noun('peeringConnections', 'peering', 'VpcPeeringConnectionId'),
  EgressOnlyInternetGatewayId: noun('egressOnlyGateways', 'egress-only-gateway', 'EgressOnlyInternetGatewayId'),
  VpcEndpointId: endpointTarget,
  InstanceId: noun('interfaces', 'interface', 'InstanceId'),
  NetworkInterfaceId: noun('interfaces', 'interface', 'NetworkInterfaceId'),
  CarrierGatewayId: notModelled('a carrier gateway'),
  LocalGatewayId: notModelled('a local gateway'),
  CoreNetworkArn: notModelled('a Cloud WAN core network'),
  OdbNetworkArn: notModelled('an Oracle database network'),
};

function targetsOf(resource: Resource, reading: Reading): Item<TargetIn>[] {
  const found = Object.entries(TARGETS).flatMap(([name, read]) =>
    alternatives(at(resource.properties, name))
      .filter(({ value }) => !isAbsent(value))
      .map((item) => ({ ...item, value: read(item.value, resource, reading) })),
  );
  if (found.length > 0) return found;
  return [{ value: () => unknownTarget('the route names no target that the model knows'), certain: true }];
}

function unknownTarget(reason: string, parameters: readonly string[] = []): RouteTarget {
  return { kind: 'unknown', reason, parameters };
}

function notModelled(what: string): ReadTarget {
  return () => () => unknownTarget(`the route leads to ${what}, which is not modelled`);
}

type NounTarget = 'nat-gateway' | 'transit-gateway' | 'peering' | 'egress-only-gateway' | 'interface';
type NounTargetKind = 'natGateways' | 'transitGateways' | 'peeringConnections' | 'egressOnlyGateways' | 'interfaces';

function noun(kind: NounTargetKind, target: NounTarget, name: string): ReadTarget {
  return (property, resource, reading) => {
    const id = reading.reference(kind, property, resource, name);
    return () => (id === undefined ? unknownTarget(`\`${name}\` is empty`) : { kind: target, id });
  };
}

/** `GatewayId` holds an internet gateway, a VPN gateway, a gateway load balancer endpoint or the word `local`. */
function gatewayTarget(property: Property, resource: Resource, reading: Reading): TargetIn {
  if (property === 'local') return () => ({ kind: 'local' });
  if (isUnknownProperty(property)) return () => unknownTarget(property.reason, property.parameters);
  const type = property instanceof ReferenceValue ? reading.resource(property.reference.resource)?.type : undefined;
  const literal = typeof property === 'string' ? property : '';
  if (type === 'AWS::EC2::VPNGateway' || literal.startsWith('vgw-')) {
    const id = reading.reference('vpnGateways', property, resource, 'GatewayId');
    return () => (id === undefined ? unknownTarget('`GatewayId` is empty') : { kind: 'vpn-gateway', id });
  }
  if (type === 'AWS::EC2::InternetGateway' || literal.startsWith('igw-')) {
    const id = reading.reference('internetGateways', property, resource, 'GatewayId');
    return (vpc) => internetGateway(id, vpc, reading);
  }
  if (type === 'AWS::EC2::VPCEndpoint' || literal.startsWith('vpce-'))
    return endpointTarget(property, resource, reading);
  return () => unknownTarget('`GatewayId` names no gateway that the templates show');
}

/** AWS takes a route to an internet gateway only in the VPC it is attached to: the table gives the VPC away. */
function internetGateway(id: string | undefined, vpc: string, reading: Reading): RouteTarget {
  if (id === undefined) return unknownTarget('`GatewayId` is empty');
  const gateway = reading.get('internetGateways', id);
  if (gateway?.external) gateway.vpc = vpc;
  return { kind: 'internet-gateway', id };
}

/** `VpcEndpointId` holds a gateway load balancer endpoint, or the endpoint that Network Firewall makes in a subnet. */
function endpointTarget(property: Property, resource: Resource, reading: Reading): TargetIn {
  const firewall = firewallEndpoint(property, resource, reading);
  if (firewall) return () => firewall;
  const type = property instanceof ReferenceValue ? reading.resource(property.reference.resource)?.type : undefined;
  if (type !== 'AWS::EC2::VPCEndpoint') {
    const reason = 'the route leads to an endpoint that no template shows';
    return () =>
      isUnknownProperty(property) ? unknownTarget(property.reason, property.parameters) : unknownTarget(reason);
  }
  const id = reading.reference('vpcEndpoints', property, resource, 'VpcEndpointId');
  return () => {
    const endpoint = id === undefined ? undefined : reading.get('vpcEndpoints', id);
    if (id === undefined || endpoint?.type !== 'gateway-load-balancer') {
      return unknownTarget('the route leads to an endpoint that is not known to be one of a gateway load balancer');
    }
    return { kind: 'gateway-load-balancer-endpoint', id };
  };
}

/** An edge table: what enters the VPC through the gateway asks it (fact 17). */
const gatewayAssociation: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const table = reading.reference('routeTables', at(resource.properties, 'RouteTableId'), resource, 'RouteTableId');
    if (table === undefined) return;
    const gateway = at(resource.properties, 'GatewayId');
    for (const { value } of alternatives(gateway)) {
      const type = value instanceof ReferenceValue ? reading.resource(value.reference.resource)?.type : undefined;
      const isVpn = type === 'AWS::EC2::VPNGateway' || (typeof value === 'string' && value.startsWith('vgw-'));
      const id = reading.reference(isVpn ? 'vpnGateways' : 'internetGateways', value, resource, 'GatewayId');
      if (id === undefined) continue;
      const noun = reading.obtain('routeTables', table);
      const edge =
        noun.edgeOf === undefined ? noun : reading.add('routeTables', { ...noun, id: `${table}@${id}`, main: false });
      edge.edgeOf = id;
      if (gateway instanceof ChoiceValue) edge.edgeOpen = unknown(gateway.reason, gateway.parameters);
      else if (!resource.certain) edge.edgeOpen = undecided(resource);
    }
  },
};

const propagation: Reader = {
  model: 'may-must',
  attach(resource, reading) {
    const gateway = reading.reference('vpnGateways', at(resource.properties, 'VpnGatewayId'), resource, 'VpnGatewayId');
    const tables = reading.references(
      'routeTables',
      at(resource.properties, 'RouteTableIds'),
      resource,
      'RouteTableIds',
    );
    if (gateway === undefined) return;
    for (const table of tables) {
      const noun = reading.obtain('routeTables', table.value);
      if (table.certain && resource.certain) noun.propagatingGateways.push(gateway);
      else noun.routes.push(mayBePropagated(resource, gateway));
    }
  },
};

/** What an undecided propagation may bring: any route of the gateway. */
function mayBePropagated(resource: Resource, gateway: string): Route {
  return {
    origin: originOf(resource),
    certain: false,
    destination: undecided(resource),
    target: { kind: 'vpn-gateway', id: gateway },
  };
}

export const routeTableReaders: Readers = {
  'AWS::EC2::RouteTable': routeTable,
  'AWS::EC2::Route': route,
  'AWS::EC2::GatewayRouteTableAssociation': gatewayAssociation,
  'AWS::EC2::VPNGatewayRoutePropagation': propagation,
};
