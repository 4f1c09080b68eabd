import { isUnknown, unknown } from '../../../../lib/evidence/network';
import { ReferenceValue, TextWithReferences } from '../../../../lib/evidence/template/resource';
import { networkOf, noun, securityGroup, subnet, VPC, type Written } from './fixture';

const BASE = { Vpc: VPC, A: subnet(), Group: securityGroup() };
const endpoint = (more: object): Written => ({
  Type: 'AWS::EC2::VPCEndpoint',
  Properties: { VpcId: { Ref: 'Vpc' }, ...more },
});
const Service: Written = {
  Type: 'AWS::EC2::VPCEndpointService',
  Properties: { NetworkLoadBalancerArns: [{ Ref: 'Nlb' }], AcceptanceRequired: false },
};
const Nlb: Written = {
  Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
  Properties: { Type: 'network', Scheme: 'internal', Subnets: [{ Ref: 'A' }] },
};
const serviceName = new TextWithReferences([
  'com.amazonaws.vpce.eu-west-2.',
  new ReferenceValue({ resource: 'S.Service' }),
]);

test.each<[string, unknown, object]>([
  ['an AWS service', 'com.amazonaws.eu-west-2.s3', { kind: 'aws', name: 's3' }],
  ['an AWS service with a dot', 'com.amazonaws.eu-west-2.ecr.api', { kind: 'aws', name: 'ecr.api' }],
  ['an AWS service in a region that is not known', 'com.amazonaws.unknown-region.kms', { kind: 'aws', name: 'kms' }],
  ['a service of this model (fact 31)', serviceName, { kind: 'private', id: 'S.Service' }],
  [
    "someone else's",
    'com.amazonaws.vpce.eu-west-2.vpce-svc-0abc',
    { kind: 'external', name: 'com.amazonaws.vpce.eu-west-2.vpce-svc-0abc' },
  ],
  ['what only a parameter knows', unknown('parameter', ['S.Name']), { kind: 'unknown', parameters: ['S.Name'] }],
])('an endpoint for %s', (_, ServiceName, expected) => {
  const network = networkOf({
    ...BASE,
    Service,
    Nlb,
    E: endpoint({ ServiceName, VpcEndpointType: 'Interface', SubnetIds: [{ Ref: 'A' }] }),
  });
  expect(noun(network.vpcEndpoints, 'S.E').service).toMatchObject(expected);
});

test('a gateway endpoint is in its tables and has no interface (fact 29)', () => {
  const Table: Written = { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } };
  const network = networkOf({
    ...BASE,
    Table,
    E: endpoint({ ServiceName: 'com.amazonaws.eu-west-2.s3', RouteTableIds: [{ Ref: 'Table' }] }),
  });
  expect(noun(network.vpcEndpoints, 'S.E')).toMatchObject({ type: 'gateway', routeTables: ['S.Table'] });
  expect(network.interfaces).toEqual([]);
});

test.each<[string, object, string[]]>([
  ['named groups', { SecurityGroupIds: [{ Ref: 'Group' }] }, ['S.Group']],
  ['none named: the default group', {}, ['S.Vpc#default-security-group']],
])('an interface endpoint is an interface with %s (fact 30)', (_, more, securityGroups) => {
  const E = endpoint({
    ServiceName: 'com.amazonaws.eu-west-2.kms',
    VpcEndpointType: 'Interface',
    SubnetIds: [{ Ref: 'A' }],
    ...more,
  });
  const network = networkOf({ ...BASE, E });
  expect(noun(network.vpcEndpoints, 'S.E').interface).toBe('S.E#interface');
  expect(noun(network.interfaces, 'S.E#interface')).toMatchObject({
    kind: 'vpc-endpoint',
    subnets: ['S.A'],
    securityGroups,
    aliases: ['S.E'],
  });
});

test('no policy is no policy; a written one is plain JSON with its references visible (facts 29, 38)', () => {
  const PolicyDocument = { Statement: [{ Effect: 'Allow', Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } }] };
  const network = networkOf({
    ...BASE,
    A1: endpoint({ ServiceName: 'com.amazonaws.eu-west-2.s3' }),
    B1: endpoint({ ServiceName: 'com.amazonaws.eu-west-2.s3', PolicyDocument }),
  });
  expect(noun(network.vpcEndpoints, 'S.A1').policy).toBeUndefined();
  expect(noun(network.vpcEndpoints, 'S.B1').policy).toEqual({
    Statement: [{ Effect: 'Allow', Resource: { 'Fn::GetAtt': ['S.Bucket', 'Arn'] } }],
  });
});

test('a service says who may use it, and whether it must accept them (fact 31)', () => {
  const Permissions: Written = {
    Type: 'AWS::EC2::VPCEndpointServicePermissions',
    Properties: { ServiceId: { Ref: 'Service' }, AllowedPrincipals: ['*'] },
  };
  const network = networkOf({ ...BASE, Service, Nlb, Permissions });
  expect(noun(network.endpointServices, 'S.Service')).toMatchObject({
    loadBalancers: ['S.Nlb'],
    allowedPrincipals: ['*'],
    acceptanceRequired: false,
  });
  const silent = networkOf({ ...BASE, Service: { ...Service, Properties: {} } });
  expect(isUnknown(noun(silent.endpointServices, 'S.Service').acceptanceRequired)).toBe(true);
});

test('an endpoint of VPC Lattice is an interface of unknown behaviour', () => {
  const E = endpoint({ VpcEndpointType: 'ServiceNetwork', ServiceNetworkArn: 'arn', SubnetIds: [{ Ref: 'A' }] });
  const network = networkOf({ ...BASE, E });
  expect(noun(network.interfaces, 'S.E#interface')).toMatchObject({ kind: 'unknown', behaviour: 'unknown' });
  expect(noun(network.unmodelled, 'S.E').touches).toContain('S.Vpc');
});
