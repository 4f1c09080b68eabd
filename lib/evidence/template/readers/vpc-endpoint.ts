/**
 * VPC endpoints and endpoint services (facts 29–31).
 */
import { isUnknown, type ResourceId, unknown, type Value, type VpcEndpoint } from '../../network';
import { ChoiceValue, type Resource, TextWithReferences, UNKNOWN_ACCOUNT } from '../resource';
import { addInterface } from './interface';
import { policyOf } from './policy';
import {
  at,
  flagOf,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  onlyReferenceIn,
  type Property,
  referencesIn,
  textOf,
} from './property';
import { originOf, originOfItems, type Reader, type Readers, type Reading } from './reading';

const endpoint: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const vpc =
      reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId') ?? reading.defaultVpc(resource).id;
    const { type, isCertain } = typeOf(resource, reading);
    const policy = policyOf(at(properties, 'PolicyDocument'));
    reading.add('vpcEndpoints', {
      id,
      origin: originOf(resource),
      certain: certain && isCertain,
      vpc,
      type,
      service: serviceOf(resource, reading),
      ...(type === 'interface' && { interface: `${id}#interface` }),
      routeTables: [],
      ...(policy !== undefined && { policy }),
    });
    if (type === 'unknown' || !isCertain)
      reading.unmodelled(resource, `\`${id}\` is an endpoint of a kind that is not modelled`, [vpc, id]);
  },
  attach(resource, reading) {
    const noun = reading.obtain('vpcEndpoints', resource.id);
    const tables = reading.references(
      'routeTables',
      at(resource.properties, 'RouteTableIds'),
      resource,
      'RouteTableIds',
    );
    for (const { value, certain } of tables) {
      reading.place('routeTables', value, noun.vpc);
      if (certain) noun.routeTables.push(value);
      else mayBeIn(value, resource, reading);
    }
    if (noun.type === 'gateway-load-balancer') noun.subnets = subnetsOf(resource, noun.vpc, reading);
  },
  populate(resource, reading) {
    const noun = reading.obtain('vpcEndpoints', resource.id);
    if (noun.type !== 'interface' && noun.type !== 'unknown') return;
    const { properties } = resource;
    if (noun.type === 'unknown' && !hasPlace(resource)) return;
    const addressing = textOf(at(properties, 'IpAddressType')) ?? 'ipv4';
    addInterface(resource, reading, {
      part: '#interface',
      kind: noun.type === 'interface' ? 'vpc-endpoint' : 'unknown',
      subnets: at(properties, 'SubnetIds'),
      securityGroups: at(properties, 'SecurityGroupIds'),
      vpc: noun.vpc,
      publicIpv4: false,
      ipv6: isUnknown<string>(addressing) ? addressing : hasIpv6(addressing),
      aliases: [resource.id],
      certain: typeOf(resource, reading).isCertain,
      ...(noun.type === 'unknown' && { behaviour: 'unknown', reason: 'an endpoint of a kind that is not modelled' }),
    });
  },
};

/** `not-specified` leaves it to AWS. */
function hasIpv6(addressing: string): Value<boolean> {
  const word = addressing.toLowerCase();
  if (word === 'ipv4') return false;
  return word === 'ipv6' || word === 'dualstack'
    ? true
    : unknown(`\`${addressing}\` leaves open which addresses it has`);
}

function subnetsOf(resource: Resource, vpc: ResourceId, reading: Reading): ResourceId[] {
  const subnets = reading.references('subnets', at(resource.properties, 'SubnetIds'), resource, 'SubnetIds');
  for (const { value } of subnets) reading.place('subnets', value, vpc);
  return subnets.map(({ value }) => value);
}

/** An endpoint that a condition puts into a table may lead there what its service's addresses are, which AWS keeps. */
function mayBeIn(table: ResourceId, resource: Resource, reading: Reading): void {
  reading.obtain('routeTables', table).routes.push({
    origin: originOf(resource),
    certain: false,
    destination: unknown(`a condition decides whether \`${resource.id}\` is in \`${table}\``),
    target: { kind: 'gateway-endpoint', id: resource.id },
  });
}

/** Whether a template gives it subnets or groups, which a gateway endpoint has none of. */
function hasPlace({ properties }: Resource): boolean {
  return !isAbsent(at(properties, 'SubnetIds')) || !isAbsent(at(properties, 'SecurityGroupIds'));
}

const TYPES: ReadonlyMap<string, VpcEndpoint['type']> = new Map<string, VpcEndpoint['type']>([
  ['gateway', 'gateway'],
  ['interface', 'interface'],
  ['gatewayloadbalancer', 'gateway-load-balancer'],
]);

/** `Gateway` unless the template says otherwise; endpoints for resources and service networks are VPC Lattice's. */
function typeOf(
  resource: Resource,
  reading: Reading,
): { readonly type: VpcEndpoint['type']; readonly isCertain: boolean } {
  const type = textOf(at(resource.properties, 'VpcEndpointType')) ?? 'Gateway';
  if (latticeBehind(resource, reading) !== undefined) return { type: 'interface', isCertain: true };
  // What stands in subnets may lead to its service, whatever a parameter calls it.
  if (isUnknown<string>(type)) return { type: hasPlace(resource) ? 'interface' : 'unknown', isCertain: false };
  return { type: TYPES.get(type.toLowerCase()) ?? 'unknown', isCertain: true };
}

/** What of VPC Lattice it is for, by the properties that only its types of endpoints have. */
const OF_LATTICE: readonly (readonly [property: string, type: string])[] = [
  ['ServiceNetworkArn', 'AWS::VpcLattice::ServiceNetwork'],
  ['ResourceConfigurationArn', 'AWS::VpcLattice::ResourceConfiguration'],
];

function latticeBehind({ properties }: Resource, reading: Reading): ResourceId | undefined {
  for (const [property, type] of OF_LATTICE) {
    const id = onlyReferenceIn(at(properties, property))?.reference.resource;
    if (id !== undefined && reading.resource(id)?.type === type) return id;
  }
  return undefined;
}

/** `com.amazonaws.<region>.<service>`, or `com.amazonaws.vpce.<region>.<endpoint service>` for someone's own. */
function serviceOf(resource: Resource, reading: Reading): VpcEndpoint['service'] {
  const lattice = latticeBehind(resource, reading);
  if (lattice !== undefined) return { kind: 'lattice', id: lattice };
  const property = at(resource.properties, 'ServiceName');
  if (property instanceof ChoiceValue && referencesIn(property).length > 0)
    return { kind: 'unknown', reason: property.reason, parameters: property.parameters };
  const shown = referencesIn(property).find(
    ({ reference }) => reading.resource(reference.resource)?.type === 'AWS::EC2::VPCEndpointService',
  );
  if (shown) return { kind: 'private', id: shown.reference.resource };
  if (property instanceof TextWithReferences) return openService('its service name is known only after deployment');
  const name = textOf(property);
  if (name === undefined) return openService('the endpoint names no service');
  if (isUnknown<string>(name)) return { kind: 'unknown', reason: name.reason, parameters: name.parameters };
  if (/^com\.amazonaws\.vpce\./.test(name)) return { kind: 'external', name };
  const aws =
    /^(?:cn\.)?com\.amazonaws\.[a-z0-9-]+\.(.+)$/.exec(name)?.[1] ??
    /^aws\.(?:api\.)?[a-z0-9-]+\.(.+)$/.exec(name)?.[1];
  return aws === undefined ? { kind: 'external', name } : { kind: 'aws', name: aws };
}

function openService(reason: string): VpcEndpoint['service'] {
  return { kind: 'unknown', reason, parameters: [] };
}

const endpointService: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const acceptance = flagOf(at(properties, 'AcceptanceRequired'));
    const balancers = ['NetworkLoadBalancerArns', 'GatewayLoadBalancerArns'].flatMap((name) =>
      reading.references('loadBalancers', at(properties, name), resource, name),
    );
    reading.add('endpointServices', {
      id,
      origin: originOfItems(resource, ...balancers),
      certain: certain && balancers.every((item) => item.certain),
      loadBalancers: balancers.map((item) => item.value),
      allowedPrincipals: [],
      acceptanceRequired: acceptance ?? unknown(`\`${id}\` does not say whether it must accept its consumers`),
    });
  },
};

const permissions: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const { properties } = resource;
    const id = reading.reference('endpointServices', at(properties, 'ServiceId'), resource, 'ServiceId');
    if (id === undefined) return;
    if (isUnknownProperty(at(properties, 'ServiceId'))) return mayBeOfAny(resource, reading);
    for (const { value } of itemsOf(at(properties, 'AllowedPrincipals'))) {
      const principal = principalOf(value, reading);
      if (principal !== undefined) reading.obtain('endpointServices', id).allowedPrincipals.push(principal);
    }
  },
};

/** A permission for a service that only a parameter names may be for any that the templates show. */
function mayBeOfAny({ id }: Resource, reading: Reading): void {
  for (const service of reading.drafts.endpointServices.values()) {
    if (!service.external) service.allowedPrincipals.push(unknown(`\`${id}\` may let others connect to it`));
  }
}

/** One of an account that no template shows may make endpoints in VPCs that no template shows. */
function principalOf(property: Property, reading: Reading): Value<string> | undefined {
  const principal = isUnknownProperty(property) ? property : textOf(property);
  if (principal === undefined || isUnknown<string>(principal)) return principal;
  const account = principal.split(':')[4];
  const isShown = account === undefined || account === '*' || accountsShown(reading).has(account);
  return isShown ? principal : unknown(`no template shows what \`${principal}\` connects to it`);
}

function accountsShown(reading: Reading): ReadonlySet<string> {
  return reading.cached('accounts', () => {
    const services = reading.ofType('AWS::EC2::VPCEndpointService');
    const consumers = reading.ofType('AWS::EC2::VPCEndpoint');
    return new Set([...services, ...consumers].map(({ account = UNKNOWN_ACCOUNT }) => account));
  });
}

export const vpcEndpointReaders: Readers = {
  'AWS::EC2::VPCEndpoint': endpoint,
  'AWS::EC2::VPCEndpointService': endpointService,
  'AWS::EC2::VPCEndpointServicePermissions': permissions,
  'AWS::EC2::VPCEndpointConnectionNotification': {
    model: 'exact',
    noEffect: 'it tells of connections and makes none',
  },
};
