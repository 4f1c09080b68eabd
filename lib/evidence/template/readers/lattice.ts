/**
 * VPC Lattice (fact 35): a VPC that is associated with a service network reaches the services and resource configurations
 * of it without any route. The groups of the association filter who calls, auth policies ask who it is, and the groups of
 * a target see Lattice's own addresses
 * (https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html). Auth policies say nothing of resource
 * configurations (https://docs.aws.amazon.com/vpc-lattice/latest/ug/access-management-overview.html).
 */
import { type PortRange, parsePrefix, TCP } from '../../../base/net';
import { type Bridge, type BridgeEnd, isUnknown, type ResourceId, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import { addInterface } from './interface';
import { placedGroups, placedSubnets, placedVpc } from './place';
import { at, type Item, isAbsent, itemsOf, numberOf, type Property, prefixOf, referencesIn, textOf } from './property';
import { originOf, type Reader, type Readers, type Reading, unique } from './reading';
import { touchedBy } from './unmodelled';

const NETWORK = 'AWS::VpcLattice::ServiceNetwork';
const SERVICE = 'AWS::VpcLattice::Service';
const CONFIGURATION = 'AWS::VpcLattice::ResourceConfiguration';
const GATEWAY = 'AWS::VpcLattice::ResourceGateway';
const TARGETS = 'AWS::VpcLattice::TargetGroup';

/** Of the managed prefix lists `com.amazonaws.<region>.vpc-lattice` and `….ipv6.vpc-lattice`. */
const OWN_ADDRESSES = ['169.254.171.0/24', '129.224.0.0/17', 'fd00:ec2:80::/64'].map(parsePrefix);

const UNSEEN =
  'what is associated with the service network reaches its services without any route; its policies decide';

/** The resources of a type that a property refers to. */
function shown(type: string, property: Property, reading: Reading): Resource[] {
  const ids = unique(referencesIn(property).map(({ reference }) => reference.resource));
  return ids.flatMap((id) => reading.resource(id) ?? []).filter((resource) => resource.type === type);
}

interface Callers {
  readonly vpcs: readonly ResourceId[];
  readonly associations: readonly ResourceId[];
  readonly certain: boolean;
  /** a group of the association filters who calls */
  readonly filtered: boolean;
}

/** Every way that a service network opens, once for each service and resource in it. */
const serviceNetwork: Reader = {
  model: 'may-must',
  connect(network, reading) {
    const callers = callersOf(network, reading);
    if (!callers) return;
    const services = reading.satellites(
      'AWS::VpcLattice::ServiceNetworkServiceAssociation',
      'ServiceNetworkIdentifier',
    );
    for (const association of services.get(network.id) ?? []) {
      for (const service of shown(SERVICE, at(association.properties, 'ServiceIdentifier'), reading)) {
        const asked = [network, service].some((each) => !isOpen(each));
        const certain = [network, association, service].every((each) => each.certain);
        for (const bridge of bridgesOfService(service, reading))
          add(bridge, [network, service], callers, asked, certain, reading);
      }
    }
    const resources = reading.satellites('AWS::VpcLattice::ServiceNetworkResourceAssociation', 'ServiceNetworkId');
    for (const association of resources.get(network.id) ?? []) {
      for (const configuration of shown(
        CONFIGURATION,
        at(association.properties, 'ResourceConfigurationId'),
        reading,
      )) {
        const certain = [network, association, configuration].every((each) => each.certain);
        for (const bridge of bridgesOfConfiguration(configuration, reading)) {
          add(bridge, [network, configuration], callers, false, certain, reading);
        }
      }
    }
  },
};

/**
 * The VPCs that are associated, and those with an endpoint of the network; undefined where there are none. An association whose groups let nobody
 * in is none (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-service-networks.html).
 */
function callersOf(network: Resource, reading: Reading): Callers | undefined {
  const type = 'AWS::VpcLattice::ServiceNetworkVpcAssociation';
  const associated = (reading.satellites(type, 'ServiceNetworkIdentifier').get(network.id) ?? []).flatMap(
    (association) => {
      const vpc = placedVpc(association, reading);
      const groups = placedGroups(association, reading);
      if (vpc === undefined || letsNobodyIn(groups, reading)) return [];
      return [{ vpc, id: association.id, certain: association.certain, filtered: groups.length > 0 }];
    },
  );
  return together([...associated, ...endpointsOf(network, 'ServiceNetworkArn', reading)]);
}

interface Caller {
  readonly vpc: ResourceId;
  readonly id: ResourceId;
  readonly certain: boolean;
  readonly filtered: boolean;
}

function together(found: readonly Caller[]): Callers | undefined {
  if (found.length === 0) return undefined;
  return {
    vpcs: unique(found.map(({ vpc }) => vpc)).sort(),
    associations: found.map(({ id }) => id).sort(),
    certain: found.every(({ certain }) => certain),
    filtered: found.some(({ filtered }) => filtered),
  };
}

/** Endpoints of type `ServiceNetwork` or `Resource`, which their own groups filter. */
function endpointsOf({ id }: Resource, property: string, reading: Reading): Caller[] {
  return (reading.satellites('AWS::EC2::VPCEndpoint', property).get(id) ?? []).flatMap((endpoint) => {
    const vpc = placedVpc(endpoint, reading);
    return vpc === undefined ? [] : [{ vpc, id: endpoint.id, certain: endpoint.certain, filtered: true }];
  });
}

function letsNobodyIn(groups: readonly Item<ResourceId>[], reading: Reading): boolean {
  const nouns = groups.map(({ value }) => reading.get('securityGroups', value));
  return nouns.length > 0 && nouns.every((group) => group && !group.external && group.ingress.length === 0);
}

/** `NONE`, which is what an absent AuthType means, filters nobody. */
function isOpen({ properties }: Resource): boolean {
  return (textOf(at(properties, 'AuthType')) ?? 'NONE') === 'NONE';
}

type Part = Pick<Bridge, 'to' | 'channels' | 'seenAs'> & { readonly through: ResourceId };

function add(
  { through, ...part }: Part,
  parts: readonly Resource[],
  callers: Callers,
  asked: boolean,
  certain: boolean,
  reading: Reading,
): void {
  const [network, member] = parts;
  if (!network || !member) return;
  const whose = network === member ? network.id : `${network.id}#${member.id}`;
  const id = `${whose}#${through}`;
  const who = asked
    ? ', for whom its auth policy admits'
    : callers.filtered
      ? ', for whom the groups of the association admit'
      : '';
  const reason = `VPC Lattice carries what is in ${callers.vpcs.join(', ')} (${callers.associations.join(', ')}) through ${member.id} to ${through}${who}`;
  reading.add('bridges', {
    id,
    origin: originOf(member),
    certain: certain && callers.certain,
    reason,
    from: [...callers.vpcs],
    open: !asked && !callers.filtered,
    to: [...part.to],
    ...(part.channels && { channels: [...part.channels] }),
    ...(part.seenAs && { seenAs: [...part.seenAs] }),
  });
}

// ----------------------------------------------------------------------------------------------------------- services

/** One for each target group that a listener or a rule of the service forwards to. */
function bridgesOfService(service: Resource, reading: Reading): Part[] {
  const listeners = reading.satellites('AWS::VpcLattice::Listener', 'ServiceIdentifier').get(service.id) ?? [];
  const rules = listeners.flatMap(
    (listener) => reading.satellites('AWS::VpcLattice::Rule', 'ListenerIdentifier').get(listener.id) ?? [],
  );
  const groups = [...listeners, ...rules].flatMap((each) =>
    [at(each.properties, 'DefaultAction'), at(each.properties, 'Action')].flatMap((action) =>
      shown(TARGETS, action, reading),
    ),
  );
  return unique(groups).flatMap((group) => {
    const byPort = [...portsOf(group, reading)];
    return byPort.map(([key, { ports, to }]) => ({
      through: byPort.length === 1 ? group.id : `${group.id}:${key}`,
      to,
      channels: [{ protocols: [TCP], ports }],
      seenAs: OWN_ADDRESSES,
    }));
  });
}

function portOf(property: Property): Value<PortRange> {
  const port = numberOf(property) ?? unknown('the target group names no port');
  return isUnknown<number>(port) ? port : { from: port, to: port };
}

/** What is registered in its group by name. */
const REGISTERS: readonly (readonly [type: string, property: string])[] = [
  ['AWS::AutoScaling::AutoScalingGroup', 'TrafficSources'],
  ['AWS::ECS::Service', 'VpcLatticeConfigurations'],
];

interface OnPort {
  readonly ports: Value<PortRange>;
  readonly to: BridgeEnd[];
}

/**
 * Targets by the port that they are registered with, or else the group's
 * (https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html). Where no template says what is registered, it
 * may be anything of the group's VPC.
 */
function portsOf(group: Resource, reading: Reading): ReadonlyMap<string, OnPort> {
  const vpc = placedVpc(group, reading);
  const common = at(group.properties, 'Config', 'Port');
  const byPort = new Map<string, OnPort>();
  const put = (ports: Value<PortRange>, ends: readonly BridgeEnd[]) => {
    const key = isUnknown(ports) ? '?' : String(ports.from);
    const known = byPort.get(key) ?? { ports, to: [] };
    known.to.push(...ends);
    byPort.set(key, known);
  };
  for (const { value } of itemsOf(at(group.properties, 'Targets'))) {
    const port = at(value, 'Port');
    const ends = endsOf(at(value, 'Id'), vpc, reading);
    if (ends.length > 0) put(portOf(isAbsent(port) ? common : port), ends);
  }
  const registered = targetsRegistered(group, reading);
  if (registered.length > 0) put(portOf(common), registered);
  const cidrs = vpc === undefined || byPort.size > 0 ? [] : (reading.get('vpcs', vpc)?.cidrs ?? []);
  if (vpc !== undefined && cidrs.length > 0) {
    put(
      portOf(common),
      cidrs.map((cidr) => ({ kind: 'address', vpc, cidr })),
    );
  }
  return byPort;
}

function targetsRegistered(group: Resource, reading: Reading): BridgeEnd[] {
  const registered = REGISTERS.flatMap(([type, property]) => reading.satellites(type, property).get(group.id) ?? []);
  return registered.flatMap(({ id }) => (reading.get('interfaces', id) ? [{ kind: 'interface' as const, id }] : []));
}

function endsOf(property: Property, vpc: ResourceId | undefined, reading: Reading): BridgeEnd[] {
  const interfaces = touchedInterfaces(property, reading);
  if (interfaces.length > 0) return interfaces.map((id) => ({ kind: 'interface', id }));
  const cidr = prefixOf(property);
  return vpc === undefined || cidr === undefined ? [] : [{ kind: 'address', vpc, cidr }];
}

/** An instance, a function, or the interface of a balancer. */
function touchedInterfaces(property: Property, reading: Reading): ResourceId[] {
  const ids = unique(referencesIn(property).map(({ reference }) => reference.resource));
  return ids.flatMap((id) => {
    const balancer = reading.get('loadBalancers', id);
    if (balancer) return [balancer.interface];
    return reading.get('interfaces', id) ? [id] : [];
  });
}

// ---------------------------------------------------------------------------------------------------------- resources

/** A configuration leads to its gateway, and what that reaches is the network's to say; a group to those of its children. */
function bridgesOfConfiguration(configuration: Resource, reading: Reading): Part[] {
  const children = reading.satellites(CONFIGURATION, 'ResourceConfigurationGroupId').get(configuration.id) ?? [];
  const gateways = shown(GATEWAY, at(configuration.properties, 'ResourceGatewayId'), reading);
  const parts = children.length > 0 ? children : [configuration];
  // Without ranges, the ports are those of the database that its ARN names.
  const named = parts.every(({ properties }) => itemsOf(at(properties, 'PortRanges')).length > 0);
  const channels = parts.flatMap(({ properties }) =>
    itemsOf(at(properties, 'PortRanges')).map(({ value }) => ({ protocols: [TCP], ports: rangeOf(value) })),
  );
  return gateways.map(({ id }) => ({
    through: id,
    to: [{ kind: 'interface', id }],
    ...(named && { channels }),
  }));
}

/**
 * Endpoints of type `Resource` lead to a configuration without any service network
 * (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-resources.html).
 */
const resourceConfiguration: Reader = {
  model: 'may-must',
  connect(configuration, reading) {
    const callers = together(endpointsOf(configuration, 'ResourceConfigurationArn', reading));
    if (!callers) return;
    for (const bridge of bridgesOfConfiguration(configuration, reading)) {
      add(bridge, [configuration, configuration], callers, false, configuration.certain, reading);
    }
  },
};

/** `5432`, `8000-8080` */
function rangeOf(property: Property): Value<PortRange> {
  const text = textOf(property) ?? unknown('a port range is not given');
  if (isUnknown<string>(text)) return text;
  const [from = Number.NaN, to = from] = text.split('-').map(Number);
  return Number.isInteger(from) && Number.isInteger(to) ? { from, to } : unknown(`\`${text}\` is not a port range`);
}

/** What a gateway sends goes to its configurations only, but which address those have is known after deployment. */
const resourceGateway: Reader = {
  model: 'may-must',
  populate(resource, reading) {
    const isUsed = (reading.satellites(CONFIGURATION, 'ResourceGatewayId').get(resource.id) ?? []).length > 0;
    const reason = 'whoever shares its resource configurations sends from here';
    const vpc = placedVpc(resource, reading);
    addInterface(resource, reading, {
      kind: 'workload',
      subnets: placedSubnets(resource, reading),
      securityGroups: placedGroups(resource, reading),
      ...(vpc !== undefined && { vpc }),
      publicIpv4: false,
      ipv6: 'if-subnet-has',
      ...(isUsed ? {} : { behaviour: 'unknown', reason }),
    });
    if (!isUsed) reading.unmodelled(resource, reason, [resource.id, ...touchedBy(resource, reading)]);
  },
};

// ---------------------------------------------------------------------------------------------- what no template shows

/** A part whose service network no template shows may be reached from, or lead to, anywhere. */
function withNetwork(property: string): Reader {
  return {
    model: 'may-must',
    connect(resource, reading) {
      if (shown(NETWORK, at(resource.properties, property), reading).length > 0) return;
      reading.unmodelled(resource, UNSEEN, touchedAround(resource, reading));
    },
  };
}

/** The nouns of the network that a Lattice resource refers to, or that those it refers to do. */
function touchedAround(resource: Resource, reading: Reading, seen: ReadonlySet<ResourceId> = new Set()): ResourceId[] {
  if (seen.has(resource.id)) return [];
  const passed = new Set([...seen, resource.id]);
  const vpc = placedVpc(resource, reading);
  const groups = placedGroups(resource, reading).map(({ value }) => value);
  const own = [...touchedBy(resource, reading), ...groups, ...(vpc === undefined ? [] : [vpc])];
  const services = shown(SERVICE, resource.properties, reading).flatMap((service) =>
    bridgesOfService(service, reading).flatMap(({ to }) =>
      to.map((end) => (end.kind === 'interface' ? end.id : end.vpc)),
    ),
  );
  const others = [CONFIGURATION, GATEWAY].flatMap((type) => shown(type, resource.properties, reading));
  return unique([...own, ...services, ...others.flatMap((other) => touchedAround(other, reading, passed))]).sort();
}

const MEMBERS: readonly (readonly [type: string, property: string])[] = [
  ['AWS::VpcLattice::ServiceNetworkServiceAssociation', 'ServiceNetworkIdentifier'],
  ['AWS::VpcLattice::ServiceNetworkResourceAssociation', 'ServiceNetworkId'],
];

/** What others get at who are given a service, a resource configuration, or a service network with all that is in it. */
export function touchedThroughLattice(resource: Resource, reading: Reading): ResourceId[] {
  const networks = shown(NETWORK, resource.properties, reading);
  const members = networks.flatMap(({ id }) =>
    MEMBERS.flatMap(([type, property]) => reading.satellites(type, property).get(id) ?? []),
  );
  return unique([resource, ...members].flatMap((each) => touchedAround(each, reading))).sort();
}

/** A policy that lets others use what it is for. */
const resourcePolicy: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const touched = touchedThroughLattice(resource, reading);
    if (touched.length > 0) reading.unmodelled(resource, UNSEEN, touched);
  },
};

/** A target group that no listener shown leads to may be led to by one that no template shows. */
const targetGroup: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const led = reading.cached('lattice target groups that something leads to', (all) => {
      const leading = ['AWS::VpcLattice::Listener', 'AWS::VpcLattice::Rule'].flatMap((type) => all.ofType(type));
      return new Set(leading.flatMap(({ properties }) => shown(TARGETS, properties, all)).map(({ id }) => id));
    });
    if (led.has(resource.id)) return;
    reading.unmodelled(
      resource,
      'services of VPC Lattice reach its targets without any route',
      touchedAround(resource, reading),
    );
  },
};

export const latticeReaders: Readers = {
  [NETWORK]: serviceNetwork,
  'AWS::VpcLattice::ServiceNetworkVpcAssociation': withNetwork('ServiceNetworkIdentifier'),
  'AWS::VpcLattice::ServiceNetworkServiceAssociation': withNetwork('ServiceNetworkIdentifier'),
  'AWS::VpcLattice::ServiceNetworkResourceAssociation': withNetwork('ServiceNetworkId'),
  'AWS::VpcLattice::ResourcePolicy': resourcePolicy,
  [TARGETS]: targetGroup,
  [GATEWAY]: resourceGateway,
  [CONFIGURATION]: resourceConfiguration,
};
