/**
 * Which noun a `Ref` or `GetAtt` stands for.
 */
import type { ResourceId } from '../../network';
import { type Reference, type Resource, TextWithReferences } from '../resource';
import type { NounKind } from './drafts';
import { at, isAbsent, itemsOf, type Property, plainText, referencesIn } from './property';

/** What following a reference needs to know. */
export interface ReferenceScope {
  resource(id: ResourceId): Resource | undefined;
  reference(kind: NounKind, property: Property, resource: Resource, what: string): ResourceId | undefined;
}

/** The types whose `Ref` (and own id or ARN attribute) is a noun of the kind. */
const TYPES: { readonly [K in NounKind]?: readonly string[] } = {
  vpcs: ['AWS::EC2::VPC'],
  subnets: ['AWS::EC2::Subnet'],
  routeTables: ['AWS::EC2::RouteTable'],
  networkAcls: ['AWS::EC2::NetworkAcl'],
  securityGroups: ['AWS::EC2::SecurityGroup'],
  prefixLists: ['AWS::EC2::PrefixList'],
  internetGateways: ['AWS::EC2::InternetGateway'],
  egressOnlyGateways: ['AWS::EC2::EgressOnlyInternetGateway'],
  natGateways: ['AWS::EC2::NatGateway'],
  vpnGateways: ['AWS::EC2::VPNGateway'],
  vpnConnections: ['AWS::EC2::VPNConnection'],
  peeringConnections: ['AWS::EC2::VPCPeeringConnection'],
  transitGateways: ['AWS::EC2::TransitGateway'],
  transitGatewayAttachments: [
    'AWS::EC2::TransitGatewayAttachment',
    'AWS::EC2::TransitGatewayVpcAttachment',
    'AWS::EC2::TransitGatewayPeeringAttachment',
    'AWS::EC2::TransitGatewayConnect',
  ],
  transitGatewayRouteTables: ['AWS::EC2::TransitGatewayRouteTable'],
  vpcEndpoints: ['AWS::EC2::VPCEndpoint'],
  endpointServices: ['AWS::EC2::VPCEndpointService'],
  loadBalancers: ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancing::LoadBalancer'],
  targetGroups: ['AWS::ElasticLoadBalancingV2::TargetGroup'],
  firewalls: ['AWS::NetworkFirewall::Firewall'],
  interfaces: ['AWS::EC2::NetworkInterface', 'AWS::EC2::Instance'],
};

/** Attributes that stand for the resource itself, whatever its type. */
const OWN_ID =
  /^(Id|Arn|[A-Za-z]*(GroupId|VpcId|SubnetId|GatewayId|RouteTableId|PrefixListId|EndpointId|ServiceId|AttachmentId|ConnectionId|FirewallId|Arn))$/;

/** Attributes of other nouns that stand for the VPC they are in. */
const VPC_OF: Readonly<Record<string, string>> = {
  'AWS::EC2::Subnet': 'VpcId',
  'AWS::EC2::SecurityGroup': 'VpcId',
};

export function nounOfReference(kind: NounKind, reference: Reference, scope: ReferenceScope): ResourceId | undefined {
  const resource = scope.resource(reference.resource);
  if (!resource) return undefined;
  const { attribute } = reference;
  const made = once(scope, `${kind}\n${resource.id}\n${attribute}`, () => madeBy(kind, resource, attribute, scope));
  if (made !== undefined) return made;
  if (!TYPES[kind]?.includes(resource.type)) return undefined;
  return attribute === undefined || OWN_ID.test(attribute) ? resource.id : undefined;
}

/** What is being followed: a resource that names itself, or two that name each other, stand for nothing more. */
const FOLLOWED = new WeakMap<ReferenceScope, Set<string>>();

function once<T>(scope: ReferenceScope, what: string, follow: () => T): T | undefined {
  const followed = FOLLOWED.get(scope) ?? new Set();
  FOLLOWED.set(scope, followed);
  if (followed.has(what)) return undefined;
  followed.add(what);
  const found = follow();
  followed.delete(what);
  return found;
}

const EKS_CLUSTERS = new Set(['AWS::EKS::Cluster', 'Custom::AWSCDK-EKS-Cluster']);

/** Nouns that a resource makes beside itself. */
function madeBy(
  kind: NounKind,
  resource: Resource,
  attribute: string | undefined,
  scope: ReferenceScope,
): ResourceId | undefined {
  const { id, type } = resource;
  if (kind === 'securityGroups' && type === 'AWS::EC2::VPC' && attribute === 'DefaultSecurityGroup') {
    return `${id}#default-security-group`;
  }
  if (kind === 'securityGroups' && EKS_CLUSTERS.has(type) && attribute === 'ClusterSecurityGroupId') {
    return `${id}#cluster-security-group`;
  }
  const isBalancer = kind === 'securityGroups' && type.startsWith('AWS::ElasticLoadBalancing');
  if (isBalancer && BALANCER_GROUP.test(`${type}.${attribute}`)) return groupOfBalancer(resource, scope);
  if (kind === 'networkAcls' && type === 'AWS::EC2::VPC' && attribute === 'DefaultNetworkAcl') {
    return `${id}#default-network-acl`;
  }
  if (kind === 'transitGatewayRouteTables' && type === 'AWS::EC2::TransitGateway') {
    return defaultTableOf(resource, attribute, scope);
  }
  if (kind === 'vpcs' && attribute === 'VpcId' && VPC_OF[type] !== undefined) {
    return scope.reference('vpcs', at(resource.properties, VPC_OF[type]), resource, 'VpcId');
  }
  if (kind === 'transitGatewayAttachments') return attachmentOf(resource, attribute, scope);
  if (kind === 'interfaces') return interfaceOf(resource, scope);
  if (kind === 'prefixLists') return lookedUpList(resource);
  return undefined;
}

/** Attributes of balancers that are the group, or the one group, that filters them. */
const BALANCER_GROUP =
  /^AWS::ElasticLoadBalancing(V2::LoadBalancer\.SecurityGroups|::LoadBalancer\.SourceSecurityGroup\.GroupName)$/;

/** undefined where it has several, or the default one. */
function groupOfBalancer(balancer: Resource, scope: ReferenceScope): ResourceId | undefined {
  const [only, ...others] = itemsOf(at(balancer.properties, 'SecurityGroups'));
  if (!only?.certain || others.length > 0) return undefined;
  return scope.reference('securityGroups', only.value, balancer, 'SecurityGroups');
}

/** The table that AWS makes with a transit gateway, or the one that the gateway names in its place. */
function defaultTableOf(
  gateway: Resource,
  attribute: string | undefined,
  scope: ReferenceScope,
): ResourceId | undefined {
  if (attribute === undefined || !/^(Association|Propagation)DefaultRouteTableId$/.test(attribute)) return undefined;
  const named = at(gateway.properties, attribute);
  if (isAbsent(named)) return `${gateway.id}#default-route-table`;
  return scope.reference('transitGatewayRouteTables', named, gateway, attribute);
}

/** Attachments to a transit gateway that come with something else, or that a lookup asks for. */
function attachmentOf(
  resource: Resource,
  attribute: string | undefined,
  scope: ReferenceScope,
): ResourceId | undefined {
  if (!attribute?.includes('AttachmentId')) return undefined;
  const makes = ['AWS::EC2::VPNConnection', 'AWS::NetworkFirewall::Firewall', 'AWS::EC2::VPNConcentrator'];
  if (makes.includes(resource.type)) return `${resource.id}#attachment`;
  return lookedUpAttachment(resource, scope);
}

/** CDK's read-only SDK call for the attachment of one VPN connection, which CloudFormation does not hand out. */
function lookedUpAttachment(lookup: Resource, scope: ReferenceScope): ResourceId | undefined {
  if (lookup.type !== SDK_CALL || !/describeTransitGatewayAttachments/.test(callText(lookup))) return undefined;
  const asked = referencesIn(at(lookup.properties, 'Create')).map(({ reference }) => reference.resource);
  const [only, ...others] = new Set(asked);
  const isConnection = only !== undefined && scope.resource(only)?.type === 'AWS::EC2::VPNConnection';
  return isConnection && others.length === 0 ? `${only}#attachment` : undefined;
}

/** CDK's read-only SDK call for the id of a managed prefix list, whose name says what it holds. */
function lookedUpList(lookup: Resource): ResourceId | undefined {
  const text = lookup.type === SDK_CALL ? callText(lookup) : '';
  return /describeManagedPrefixLists/.test(text)
    ? /com\.amazonaws\.[a-z0-9-]+\.[a-z0-9.-]+/.exec(text)?.[0]
    : undefined;
}

const SDK_CALL = 'Custom::AWS';

function callText(lookup: Resource): string {
  const call = at(lookup.properties, 'Create');
  if (!(call instanceof TextWithReferences)) return plainText(call) ?? '';
  return call.parts.map((part) => (typeof part === 'string' ? part : '')).join('');
}

/** An instance is reached by its first interface, which may be a resource of its own; a balancer by its own. */
function interfaceOf(resource: Resource, scope: ReferenceScope): ResourceId | undefined {
  if (resource.type === 'AWS::ElasticLoadBalancingV2::LoadBalancer') return `${resource.id}#interface`;
  if (resource.type !== 'AWS::EC2::Instance') return undefined;
  const items = itemsOf(at(resource.properties, 'NetworkInterfaces'));
  const first = items.find(({ value }) => String(plainText(at(value, 'DeviceIndex')) ?? '0') === '0')?.value;
  const separate = at(first, 'NetworkInterfaceId');
  return isAbsent(separate) ? resource.id : scope.reference('interfaces', separate, resource, 'NetworkInterfaceId');
}

export function isCustomResource(type: string): boolean {
  return type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource';
}
