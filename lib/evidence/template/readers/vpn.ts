/**
 * Site-to-site VPN and Direct Connect (fact 28): what is behind them is a site.
 */
import { isUnknown, unknown, type Value, type VpnConnection } from '../../network';
import { ReferenceValue, type Resource } from '../resource';
import { at, flagOf, isAbsent, type Property, textOf } from './property';
import { originOf, type Reader, type Readers, type Reading, undecided } from './reading';
import { addAttachment } from './transit-gateway';

const vpnGateway: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain } = resource;
    reading.add('vpnGateways', { id, origin: originOf(resource), certain });
  },
};

const vpnConnection: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const customerGatewayIp = customerIp(at(properties, 'CustomerGatewayId'), reading);
    const gateway = gatewayOf(resource, reading);
    reading.add('vpnConnections', {
      id,
      origin: originOf(resource),
      certain,
      gateway,
      ...(customerGatewayIp !== undefined && { customerGatewayIp }),
      routing: routingOf(properties),
      routes: [],
      carries: familyOf(gateway, at(properties, 'TunnelInsideIpVersion')),
    });
    if (gateway.kind === 'transit-gateway') addAttachment(resource, reading, { kind: 'vpn', id }, '#attachment');
    if (gateway.kind === 'unknown') reading.unmodelled(resource, 'what it ends at is not modelled', [id]);
  },
};

function gatewayOf(resource: Resource, reading: Reading): VpnConnection['gateway'] {
  const { id, properties } = resource;
  const vpn = reading.reference('vpnGateways', at(properties, 'VpnGatewayId'), resource, 'VpnGatewayId');
  if (vpn !== undefined) return { kind: 'vpn-gateway', id: vpn };
  const transit = reading.reference(
    'transitGateways',
    at(properties, 'TransitGatewayId'),
    resource,
    'TransitGatewayId',
  );
  if (transit !== undefined) return { kind: 'transit-gateway', id: transit };
  return { kind: 'unknown', id: `${id}#gateway` };
}

function routingOf(properties: Property): VpnConnection['routing'] {
  const isStatic = flagOf(at(properties, 'StaticRoutesOnly')) ?? false;
  return isUnknown<boolean>(isStatic) ? isStatic : isStatic ? 'static' : 'bgp';
}

/**
 * Tunnels carry IPv4 or IPv6, and those of a VPN gateway IPv4 alone. Sources:
 * https://docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-vpnconnection.html (TunnelInsideIpVersion).
 */
function familyOf(gateway: VpnConnection['gateway'], property: Property): Value<4 | 6> {
  const word = textOf(property) ?? 'ipv4';
  if (gateway.kind === 'vpn-gateway') return 4;
  if (isUnknown<string>(word)) return word;
  return word.toLowerCase() === 'ipv6' ? 6 : 4;
}

function customerIp(property: Property, reading: Reading): Value<string> | undefined {
  if (isAbsent(property)) return undefined;
  const gateway = property instanceof ReferenceValue ? reading.resource(property.reference.resource) : undefined;
  const ip = gateway ? textOf(at(gateway.properties, 'IpAddress')) : undefined;
  return ip ?? unknown('the customer gateway is in no template');
}

const vpnConnectionRoute: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const { properties } = resource;
    const id = reading.reference('vpnConnections', at(properties, 'VpnConnectionId'), resource, 'VpnConnectionId');
    if (id === undefined) return;
    const range = reading.prefix(at(properties, 'DestinationCidrBlock')) ?? unknown('the route names no destination');
    reading.obtain('vpnConnections', id).routes.push(resource.certain ? range : undecided(resource));
  },
};

/** To a transit gateway it is an attachment; to a VPN gateway, a way in whose routes are not known. */
const directConnectAssociation: Reader = {
  model: 'may-must',
  declare(resource, reading) {
    const associated = at(resource.properties, 'AssociatedGatewayId');
    const type =
      associated instanceof ReferenceValue ? reading.resource(associated.reference.resource)?.type : undefined;
    if (type === 'AWS::EC2::TransitGateway') {
      addAttachment(resource, reading, { kind: 'direct-connect', id: resource.id }, '#attachment', associated);
      return;
    }
    const gateway = reading.reference('vpnGateways', associated, resource, 'AssociatedGatewayId');
    const reason = 'a Direct Connect gateway reaches what this gateway is attached to; what it announces is not known';
    reading.unmodelled(resource, reason, gateway === undefined ? [] : [gateway]);
  },
};

const virtualInterface: Reader = {
  model: 'unknown',
  declare(resource, reading) {
    const gateway = reading.reference(
      'vpnGateways',
      at(resource.properties, 'VirtualGatewayId'),
      resource,
      'VirtualGatewayId',
    );
    const reason = 'a Direct Connect virtual interface reaches what its gateway is attached to';
    reading.unmodelled(resource, reason, gateway === undefined ? [] : [gateway]);
  },
};

export const vpnReaders: Readers = {
  'AWS::EC2::VPNGateway': vpnGateway,
  'AWS::EC2::CustomerGateway': { model: 'exact', noEffect: 'it is read with the connections that end at it' },
  'AWS::EC2::VPNConnection': vpnConnection,
  'AWS::EC2::VPNConnectionRoute': vpnConnectionRoute,
  'AWS::DirectConnect::DirectConnectGatewayAssociation': directConnectAssociation,
  'AWS::DirectConnect::PrivateVirtualInterface': virtualInterface,
  'AWS::DirectConnect::TransitVirtualInterface': virtualInterface,
};
