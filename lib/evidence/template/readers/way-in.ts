/**
 * Ways into a VPC beside its gateways (facts 35, 36): whoever is admitted on the far side sends from an interface in
 * these subnets. What they admit is decided elsewhere, so what comes out of them is unknown.
 */
import { ALL_IPV4, ALL_IPV6, type PortRange, TCP, UDP } from '../../../base/net';
import {
  type Admission,
  type Bridge,
  type InterfaceKind,
  isUnknown,
  type ResourceId,
  unknown,
  type Value,
} from '../../network';
import { changedOrigin } from '../lazy-origin';
import type { Resource } from '../resource';
import { admissionsOf, partsOf } from './client-vpn';
import { shared } from './copies';
import { declareServer } from './data-store';
import { transferring } from './data-transfers';
import { alsoFront } from './function-doors';
import { addInterface, addressesNamed, nameAlso } from './interface';
import { placedGroups, placedSubnets, placedVpc } from './place';
import {
  alternatives,
  at,
  flagOf,
  type Item,
  isAbsent,
  itemsOf,
  numberOf,
  onlyReferenceIn,
  type Property,
  referencesIn,
  resourcesNamed,
  textOf,
} from './property';
import { originOf, type Reader, type Readers, type Reading, unique } from './reading';
import { share } from './share';
import { addAttachment } from './transit-gateway';
import { touchedBy } from './unmodelled';
import { workload } from './workload';

function wayIn(
  reason: string,
  sendsForOthers?: (resource: Resource) => Value<boolean>,
  admits?: (resource: Resource) => readonly Admission[],
): Reader {
  return {
    model: 'may-must',
    populate(resource, reading) {
      const subnets = placedSubnets(resource, reading);
      const groups = placedGroups(resource, reading);
      const sent = { sendsForOthers: sendsForOthers?.(resource), admits: admits?.(resource) };
      addWayIn(resource, reading, 'workload', subnets, groups, reason, sent);
    },
  };
}

/** Whoever comes through it sends from its interface; one without a place is not understood. */
function addWayIn(
  resource: Resource,
  reading: Reading,
  kind: InterfaceKind,
  subnets: readonly Item<ResourceId>[],
  securityGroups: readonly Item<ResourceId>[],
  reason: string,
  { sendsForOthers = false, admits }: { sendsForOthers?: Value<boolean>; admits?: readonly Admission[] } = {},
): void {
  const vpc = placedVpc(resource, reading);
  const touched = touchedBy(resource, reading);
  if (subnets.length === 0 && securityGroups.length === 0) {
    reading.unmodelled(resource, reason, touched);
    return;
  }
  const iface = addInterface(resource, reading, {
    kind,
    subnets,
    securityGroups,
    ...(vpc !== undefined && { vpc }),
    publicIpv4: false,
    ipv6: 'if-subnet-has',
    // What it sends for others may carry their addresses; what it gets ends at it.
    sourceDestCheck: sendsForOthers === false ? true : unknown('it may send from the addresses of its clients'),
    behaviour: 'host',
    ...(admits && { admits }),
  });
  bridgeFromInternet(resource, reading, [iface.id], reason);
}

export function bridgeFromInternet(
  resource: Resource,
  reading: Reading,
  to: readonly ResourceId[],
  reason: string,
  channels?: Channels,
): void {
  const { id, certain } = resource;
  const ends = to.map((end) => ({ kind: 'interface' as const, id: end }));
  const bridge = { id, origin: originOf(resource), certain, reason, from: 'internet' as const, to: ends, open: false };
  reading.add('bridges', { ...bridge, ...(channels && { channels: [...channels] }) });
}

const VPN_REASON = 'clients of the VPN, wherever they are, send from here to what its authorization rules admit';

/** A Client VPN endpoint stands in the subnets that are associated with it. */
const clientVpn: Reader = {
  model: 'may-must',
  populate(resource, reading) {
    const type = 'AWS::EC2::ClientVpnTargetNetworkAssociation';
    // One whose endpoint only a parameter names is a way in of its own.
    const own = partsOf(resource, type, reading).filter(({ part }) => isOfShown(part, reading));
    const subnets = own.flatMap(({ part, isIts }) =>
      reading
        .references('subnets', at(part.properties, 'SubnetId'), part, 'SubnetId')
        .map((item) => ({ value: item.value, certain: item.certain && isIts.certain })),
    );
    if (!isAbsent(at(resource.properties, 'TransitGatewayConfiguration'))) return attachClients(resource, reading);
    const admits = admissionsOf(resource, subnets, reading);
    addWayIn(resource, reading, 'client-vpn', subnets, placedGroups(resource, reading), VPN_REASON, { admits });
  },
};

/**
 * One that is attached to a transit gateway stands in no VPC: its clients send from behind the attachment.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-clientvpnendpoint-transitgatewayconfiguration.html
 */
function attachClients(resource: Resource, reading: Reading): void {
  const gateway = at(resource.properties, 'TransitGatewayConfiguration', 'TransitGatewayId');
  const id = addAttachment(resource, reading, { kind: 'unknown', reason: VPN_REASON }, '#attachment', gateway);
  reading.unmodelled(resource, VPN_REASON, unique([id, ...touchedBy(resource, reading)]));
}

const strayAssociation: Reader = {
  model: 'may-must',
  populate(resource, reading) {
    const owners = alternatives(at(resource.properties, 'ClientVpnEndpointId'));
    if (owners.every(({ value }) => isShownEndpoint(value, reading))) return;
    addWayIn(resource, reading, 'client-vpn', placedSubnets(resource, reading), [], VPN_REASON);
  },
};

/** Whether an association is of one of the endpoints that templates show, or may be. */
function isOfShown(association: Resource, reading: Reading): boolean {
  return alternatives(at(association.properties, 'ClientVpnEndpointId')).some(({ value }) =>
    isShownEndpoint(value, reading),
  );
}

function isShownEndpoint(value: Property, reading: Reading): boolean {
  return referencesIn(value).some(
    ({ reference }) => reading.resource(reference.resource)?.type === 'AWS::EC2::ClientVpnEndpoint',
  );
}

const withEndpoint: Reader = {
  model: 'may-must',
  noEffect: 'it is read with its Client VPN endpoint',
};

/**
 * It opens connections for SSH and RDP, and for nothing else.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html
 */
function connectPorts(resource: Resource): readonly Admission[] {
  return [22, 3389].flatMap((port) =>
    [ALL_IPV4, ALL_IPV6].map((destination) => ({
      ...{ origin: originOf(resource), certain: resource.certain, destination },
      traffic: { protocol: TCP, ports: { from: port, to: port } },
    })),
  );
}

type Channels = NonNullable<Bridge['channels']>;

/**
 * An accelerator brings what its listener hears, on the port that an override names for it.
 * https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups-port-override.html
 */
function acceleratedChannels(group: Resource, reading: Reading): Channels | undefined {
  const reference = onlyReferenceIn(at(group.properties, 'ListenerArn'));
  const listener = reference && reading.resource(reference.reference.resource);
  if (listener?.type !== 'AWS::GlobalAccelerator::Listener') return undefined;
  const word = textOf(at(listener.properties, 'Protocol')) ?? 'TCP';
  const protocols = isUnknown<string>(word) ? [TCP, UDP] : [word.toUpperCase() === 'UDP' ? UDP : TCP];
  const portsIn = (list: string, of: Resource, from: string, to: string) =>
    itemsOf(at(of.properties, list)).map(({ value }): Value<PortRange> => {
      const [first, last] = [numberOf(at(value, from)), numberOf(at(value, to))];
      const isKnown = typeof first === 'number' && typeof last === 'number';
      return isKnown ? { from: first, to: last } : unknown('a port of the accelerator is not known');
    });
  const heard = portsIn('PortRanges', listener, 'FromPort', 'ToPort');
  const instead = portsIn('PortOverrides', group, 'EndpointPort', 'EndpointPort');
  const gone = portsIn('PortOverrides', group, 'ListenerPort', 'ListenerPort');
  const isGone = (ports: Value<PortRange>) =>
    !isUnknown(ports) && gone.some((one) => !isUnknown(one) && one.from === ports.from && one.to === ports.to);
  return [...heard.filter((ports) => !isGone(ports)), ...instead].map((ports) => ({ protocols, ports }));
}

/** Something that reaches into the network through what it names, without an interface of its own. */
function reaching(reason: string, channelsOf?: (resource: Resource, reading: Reading) => Channels | undefined): Reader {
  return {
    model: 'may-must',
    connect(resource, reading) {
      const vpc = placedVpc(resource, reading);
      const groups = placedGroups(resource, reading).map((item) => item.value);
      const touched = unique([...touchedBy(resource, reading), ...groups, ...(vpc === undefined ? [] : [vpc])]).sort();
      if (touched.length === 0) return;
      const ends = unique(
        touched.flatMap((id) => reading.get('loadBalancers', id)?.interface ?? reading.get('interfaces', id)?.id ?? []),
      );
      if (ends.length > 0) bridgeFromInternet(resource, reading, ends, reason, channelsOf?.(resource, reading));
      else reading.unmodelled(resource, reason, touched);
    },
  };
}

/** Endpoints that AWS's clients reach from the internet where they carry elastic addresses. */
const transferServer: Reader = {
  model: 'exact',
  declare: declareServer,
  populate(resource, reading) {
    const subnets = placedSubnets(resource, reading);
    const groups = placedGroups(resource, reading);
    if (subnets.length === 0 && groups.length === 0) return;
    const vpc = placedVpc(resource, reading);
    addInterface(resource, reading, {
      kind: 'workload',
      subnets,
      securityGroups: groups,
      ...(vpc !== undefined && { vpc }),
      publicIpv4: hasElastic(at(resource.properties, 'EndpointDetails', 'AddressAllocationIds')),
      ipv6: 'if-subnet-has',
    });
  },
};

/** A list that a condition leaves out gives no address. */
function hasElastic(addresses: Property): Value<boolean> {
  const items = itemsOf(addresses);
  const open = items.every(({ certain }) => !certain) ? items.find(({ because }) => because)?.because : undefined;
  return open ?? items.length > 0;
}

/** A resolver answers names for whoever reaches it: an inbound one ends connections, an outbound one makes them. */
const resolverEndpoint: Reader = {
  model: 'may-must',
  populate(resource, reading) {
    const direction = textOf(at(resource.properties, 'Direction'));
    const noun = addInterface(resource, reading, {
      kind: 'resolver-endpoint',
      subnets: placedSubnets(resource, reading),
      securityGroups: placedGroups(resource, reading),
      addresses: addressesNamed(at(resource.properties, 'IpAddresses'), 'Ip', 'Ipv6'),
      publicIpv4: false,
      ipv6: 'if-subnet-has',
      // An outbound one asks the servers that its rules name.
      answersOnly: direction === 'INBOUND',
    });
    if (direction === undefined || !isUnknown<string>(direction)) return;
    // Nothing is certain of one of which nobody knows whether it asks or answers.
    noun.certain = false;
    noun.origin = changedOrigin(noun.origin, { doubt: unknown(direction.reason, direction.parameters) });
  },
};

/** A service of App Runner answers the internet unless it is private, and reaches into the VPC by its connector. */
const appRunner: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const connector = at(resource.properties, 'NetworkConfiguration', 'EgressConfiguration', 'VpcConnectorArn');
    const exposure = at(resource.properties, 'NetworkConfiguration', 'IngressConfiguration', 'IsPubliclyAccessible');
    const connectors = resourcesNamed(connector).filter((id) => reading.get('interfaces', id) !== undefined);
    nameAlso(connectors, [resource.id], reading);
    if (isAbsent(connector) || flagOf(exposure) === false) return;
    const reason = 'a service that answers the internet reaches into the VPC by its connector';
    reading.unmodelled(resource, reason, touchedBy(resource, reading));
  },
};

/**
 * Desktops stand in the subnets of their directory, and stream to wherever their users are.
 * https://docs.aws.amazon.com/workspaces/latest/adminguide/amazon-workspaces-vpc.html
 */
const desktop: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const directories = resourcesNamed(at(resource.properties, 'DirectoryId'));
    const shown = directories.filter((id) => reading.get('interfaces', id) !== undefined);
    const reason = 'users of its desktops, wherever they are, send from the subnets of the directory';
    if (shown.length > 0) bridgeFromInternet(resource, reading, shown, reason);
  },
};

/** Its web pages run what their users write, and are open to the internet where it says so (`PRIVATE_ONLY` is the default). */
const airflow: Reader = {
  ...workload('workload'),
  model: 'may-must',
  connect(resource, reading) {
    const mode = textOf(at(resource.properties, 'WebserverAccessMode')) ?? 'PRIVATE_ONLY';
    if (mode === 'PRIVATE_ONLY' || reading.get('interfaces', resource.id) === undefined) return;
    const reason = 'whom IAM admits to its web pages, from the internet, has it send from here';
    bridgeFromInternet(resource, reading, [resource.id], reason);
  },
};

/** Routes that a route server writes are learnt from its peers. */
const routeServer: Reader = {
  model: 'unknown',
  connect(resource, reading) {
    const reason = 'a route server writes routes that its peers announce';
    const touched = touchedBy(resource, reading);
    reading.unmodelled(resource, reason, touched);
    for (const id of touched) {
      reading.get('routeTables', id)?.routes.push({
        origin: { resource: resource.id, type: resource.type },
        certain: false,
        destination: unknown(reason),
        target: { kind: 'unknown', reason, parameters: [] },
      });
    }
  },
};

export const wayInReaders: Readers = {
  'AWS::EC2::ClientVpnEndpoint': clientVpn,
  'AWS::EC2::ClientVpnTargetNetworkAssociation': strayAssociation,
  'AWS::EC2::ClientVpnRoute': withEndpoint,
  'AWS::EC2::ClientVpnAuthorizationRule': withEndpoint,
  'AWS::EC2::InstanceConnectEndpoint': wayIn(
    'whom IAM admits opens connections from here to private addresses',
    // AWS documents true and false as the default, in two versions of its reference.
    ({ properties }) => flagOf(at(properties, 'PreserveClientIp')) ?? unknown('`PreserveClientIp` is not set'),
    connectPorts,
  ),
  'AWS::EC2::VerifiedAccessEndpoint': wayIn('whom its policies admit, from the internet, is let through here'),
  'AWS::ApiGatewayV2::VpcLink': wayIn('APIs reach into the VPC through it, for whom they admit'),
  'AWS::ApiGateway::VpcLink': reaching('APIs reach the balancer through it, for whom they admit'),
  'AWS::AppRunner::VpcConnector': wayIn('services of App Runner, which the internet may call, send from here'),
  'AWS::AppRunner::Service': appRunner,
  'AWS::CloudFront::VpcOrigin': reaching('distributions reach it from the internet without a public address'),
  'AWS::GlobalAccelerator::EndpointGroup': reaching(
    'an accelerator brings the internet to its endpoints',
    acceleratedChannels,
  ),
  // https://docs.aws.amazon.com/global-accelerator/latest/dg/cross-account-resources.html
  'AWS::GlobalAccelerator::CrossAccountAttachment': reaching('other accounts may put accelerators before it'),
  // https://docs.aws.amazon.com/quicksight/latest/user/working-with-aws-vpc.html
  'AWS::QuickSight::VPCConnection': wayIn('dashboards query from here for their users, wherever they are'),
  // https://docs.aws.amazon.com/iot/latest/developerguide/rule-destination.html
  'AWS::IoT::TopicRuleDestination': wayIn('what devices send, wherever they are, is sent on from here'),
  'AWS::MWAA::Environment': airflow,
  'AWS::WorkSpaces::Workspace': desktop,
  'AWS::WorkSpaces::WorkspacesPool': desktop,
  'AWS::RAM::ResourceShare': transferring(share, shared),
  'AWS::EC2::RouteServerPropagation': routeServer,
  'AWS::Transfer::Server': alsoFront(transferServer, 'whoever signs in'),
  'AWS::Route53Resolver::ResolverEndpoint': resolverEndpoint,
};
