/**
 * VPC Lattice (fact 35): a VPC that is associated with a service network reaches the services and resource configurations
 * of it without any route. The groups of the association filter who calls, auth policies ask who it is, and the groups of
 * a target see Lattice's own addresses
 * (https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html). Auth policies say nothing of resource
 * configurations (https://docs.aws.amazon.com/vpc-lattice/latest/ug/access-management-overview.html).
 */
import { type BridgeEntry, isUnknown, type ResourceId } from '../../network';
import type { Resource } from '../resource';
import { addInterface } from './interface';
import {
  CONFIGURATION,
  GATEWAY,
  OWN_ADDRESSES,
  type Part,
  partsOfConfiguration,
  partsOfService,
  shown,
  TARGETS,
} from './lattice-parts';
import { placedGroups, placedSubnets, placedVpc } from './place';
import { at, type Item, textOf } from './property';
import { type Reader, type Readers, type Reading, unique } from './reading';
import { allSure, doubtful, linkOf, originOfSure, type Sure, sureOf } from './sure';
import { touchedBy } from './unmodelled';

const NETWORK = 'AWS::VpcLattice::ServiceNetwork';
const SERVICE = 'AWS::VpcLattice::Service';

const UNSEEN =
  'what is associated with the service network reaches its services without any route; its policies decide';

/** Every way that a service network opens, once for each service and resource in it. */
const serviceNetwork: Reader = {
  model: 'may-must',
  connect(network, reading) {
    const callers = callersOf(network, reading);
    if (callers.length === 0) return;
    for (const { member, sure } of membersOf(network, SERVICES, SERVICE, reading)) {
      const auth = authOf([network, member]);
      const parts = partsOfService(member, reading);
      open({ network, member, callers, parts, sure: allSure(sure, auth), asksWho: auth.asksWho }, reading);
    }
    for (const { member, sure } of membersOf(network, RESOURCES, CONFIGURATION, reading)) {
      const parts = partsOfConfiguration(member, reading);
      open({ network, member, callers, parts, sure, asksWho: false }, reading);
    }
  },
};

/** How something becomes a member of a service network, in the names of CloudFormation. */
interface Membership {
  readonly type: string;
  readonly network: string;
  readonly member: string;
}
const SERVICES: Membership = {
  type: 'AWS::VpcLattice::ServiceNetworkServiceAssociation',
  network: 'ServiceNetworkIdentifier',
  member: 'ServiceIdentifier',
};
const RESOURCES: Membership = {
  type: 'AWS::VpcLattice::ServiceNetworkResourceAssociation',
  network: 'ServiceNetworkId',
  member: 'ResourceConfigurationId',
};

function membersOf(network: Resource, membership: Membership, type: string, reading: Reading) {
  const associations = reading.satellites(membership.type, membership.network).get(network.id) ?? [];
  return associations.flatMap((association) => {
    const named = at(association.properties, membership.member);
    const isOurs = linkOf(at(association.properties, membership.network), network.id);
    return shown(type, named, reading).map((member) => ({
      member,
      sure: allSure(sureOf(network), sureOf(association), isOurs, linkOf(named, member.id), sureOf(member)),
    }));
  });
}

/** `NONE`, which is what an absent AuthType means, asks nobody; it must be that of the network and of the service. */
function authOf(resources: readonly Resource[]): Sure & { readonly asksWho: boolean } {
  const types = resources.map(({ properties }) => textOf(at(properties, 'AuthType')) ?? 'NONE');
  const open = types.filter((type) => isUnknown<string>(type));
  const asksWho = types.some((type) => isUnknown<string>(type) || type !== 'NONE');
  return { ...allSure(...open.map((type) => doubtful(type))), asksWho };
}

interface Caller {
  readonly vpc: ResourceId;
  readonly id: ResourceId;
  readonly sure: Sure;
  readonly by: BridgeEntry['by'];
}

/**
 * The VPCs that are associated, and those with an endpoint of the network. An association whose groups let nobody in is
 * none (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-service-networks.html).
 */
function callersOf(network: Resource, reading: Reading): Caller[] {
  const type = 'AWS::VpcLattice::ServiceNetworkVpcAssociation';
  const associations = reading.satellites(type, 'ServiceNetworkIdentifier').get(network.id) ?? [];
  const associated = associations.flatMap((association): Caller[] => {
    const vpc = placedVpc(association, reading);
    const groups = placedGroups(association, reading);
    if (vpc === undefined || letsNobodyIn(groups, reading)) return [];
    const isIts = linkOf(at(association.properties, 'ServiceNetworkIdentifier'), network.id);
    const sure = allSure(sureOf(association), isIts, ...groups);
    const by = { kind: 'association', groups: groups.map(({ value }) => value), addresses: OWN_ADDRESSES } as const;
    return [{ vpc, id: association.id, sure, by }];
  });
  return [...associated, ...endpointsOf(network, 'ServiceNetworkArn', reading)];
}

/** Endpoints of type `ServiceNetwork` or `Resource`, which their own groups filter. */
function endpointsOf({ id }: Resource, property: string, reading: Reading): Caller[] {
  return (reading.satellites('AWS::EC2::VPCEndpoint', property).get(id) ?? []).flatMap((endpoint): Caller[] => {
    const vpc = placedVpc(endpoint, reading);
    if (vpc === undefined) return [];
    const sure = allSure(sureOf(endpoint), linkOf(at(endpoint.properties, property), id));
    return [{ vpc, id: endpoint.id, sure, by: { kind: 'endpoint', interface: `${endpoint.id}#interface` } }];
  });
}

function letsNobodyIn(groups: readonly Item<ResourceId>[], reading: Reading): boolean {
  const nouns = groups.map(({ value }) => reading.get('securityGroups', value));
  const areThere = nouns.length > 0 && groups.every(({ certain }) => certain);
  return areThere && nouns.every((group) => group && !group.external && group.ingress.length === 0);
}

function isFiltered({ by }: Caller): boolean {
  return by.kind === 'endpoint' || by.groups.length > 0;
}

interface Opened {
  readonly network: Resource;
  /** a service or a resource configuration of it; the same, where there is no service network */
  readonly member: Resource;
  readonly callers: readonly Caller[];
  readonly parts: readonly Part[];
  readonly sure: Sure;
  readonly asksWho: boolean;
}

/** Those that are associated for certain, and that nothing filters, are one; each of the others is told apart. */
function open({ network, member, callers, parts, sure, asksWho }: Opened, reading: Reading): void {
  const isPlain = (caller: Caller) => caller.sure.certain && !isFiltered(caller);
  const plain = callers.filter(isPlain);
  const apart = callers.filter((caller) => !isPlain(caller)).map((caller) => [caller]);
  const whose = network === member ? network.id : `${network.id}#${member.id}`;
  const all = plain.length > 0 ? [plain, ...apart] : apart;
  for (const part of parts) {
    for (const some of all) {
      const [first] = some;
      if (!first) continue;
      const alike = parts.filter(({ through }) => through === part.through);
      const which = alike.length > 1 ? `:${alike.indexOf(part) + 1}` : '';
      const who = all.length > 1 ? `@${first.id}` : '';
      add(`${whose}#${part.through}${which}${who}`, { member, part, some, first, sure, asksWho }, reading);
    }
  }
}

interface Added extends Pick<Opened, 'member' | 'sure' | 'asksWho'> {
  readonly part: Part;
  /** alike in all but their VPCs */
  readonly some: readonly Caller[];
  readonly first: Caller;
}

function add(id: ResourceId, { member, part, some, first, sure, asksWho }: Added, reading: Reading): void {
  const { through, sure: isThere, to, channels, seenAs, beyond } = part;
  const vpcs = unique(some.map(({ vpc }) => vpc)).sort();
  const ids = some.map((caller) => caller.id).sort();
  const whole = allSure(sure, isThere, first.sure);
  const isOpen = !asksWho && !isFiltered(first);
  const who = asksWho
    ? ', for whom its auth policy admits'
    : isOpen
      ? ''
      : ', for whom the groups of the association admit';
  const way = `VPC Lattice carries what is in ${vpcs.join(', ')} (${ids.join(', ')}) through ${member.id} to ${through}`;
  reading.add('bridges', {
    id,
    origin: originOfSure(member, whole),
    certain: whole.certain,
    reason: whole.because ? `${way}${who}: ${whole.because.reason}` : `${way}${who}`,
    from: vpcs,
    open: isOpen,
    to: [...to],
    entry: { asksWho, by: first.by },
    ...(channels && { channels: [...channels] }),
    ...(seenAs && { seenAs: [...seenAs] }),
    ...(beyond && { beyond: [...beyond] }),
  });
}

// ---------------------------------------------------------------------------------------------------------- resources

/**
 * Endpoints of type `Resource` lead to a configuration without any service network
 * (https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-resources.html).
 */
const resourceConfiguration: Reader = {
  model: 'may-must',
  connect(configuration, reading) {
    const callers = endpointsOf(configuration, 'ResourceConfigurationArn', reading);
    const parts = partsOfConfiguration(configuration, reading);
    const sure = sureOf(configuration);
    open({ network: configuration, member: configuration, callers, parts, sure, asksWho: false }, reading);
  },
};

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
    partsOfService(service, reading).flatMap(({ to }) =>
      to.map((end) => (end.kind === 'interface' ? end.id : end.vpc)),
    ),
  );
  const others = [CONFIGURATION, GATEWAY].flatMap((type) => shown(type, resource.properties, reading));
  return unique([...own, ...services, ...others.flatMap((other) => touchedAround(other, reading, passed))]).sort();
}

/** What others get at who are given a service, a resource configuration, or a service network with all that is in it. */
export function touchedThroughLattice(resource: Resource, reading: Reading): ResourceId[] {
  const networks = shown(NETWORK, resource.properties, reading);
  const members = networks.flatMap(({ id }) =>
    [SERVICES, RESOURCES].flatMap(({ type, network }) => reading.satellites(type, network).get(id) ?? []),
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
