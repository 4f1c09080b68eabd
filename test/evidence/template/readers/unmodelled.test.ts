import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { unknown } from '../../../../lib/evidence/network';
import { buildNetwork, MODELLED, WITHOUT_EFFECT } from '../../../../lib/evidence/template/readers';
import { ReferenceValue, TextWithReferences } from '../../../../lib/evidence/template/resource';
import { PLACES_OF_TYPE } from '../../../../lib/evidence/template/resource-types';
import { networkOf, noun, resourcesOf, securityGroup, subnet, VPC, type Written } from './fixture';

const of = (Type: string, Properties: Readonly<Record<string, unknown>> = {}): Written => ({ Type, Properties });
const BASE = { Vpc: VPC, A: subnet(), Group: securityGroup() };

describe('types that no reader knows (fact 36)', () => {
  const places = [...PLACES_OF_TYPE].filter(
    ([type]) => MODELLED[type] === 'unknown' && WITHOUT_EFFECT[type] === undefined,
  );
  const simple = places.flatMap(([type, { subnets }]) => {
    const path = subnets?.find((one) => !/[[{]/.test(one));
    return path === undefined || type === 'AWS::EC2::ClientVpnRoute' ? [] : [[type, path] as const];
  });

  test('there are many', () => {
    expect(simple.length).toBeGreaterThan(30);
  });

  test.each(simple)('%s with a subnet at %s is an interface of unknown behaviour, and named', (type, path) => {
    const properties = path.split('.').reduceRight<object>((inner, key) => ({ [key]: inner }), { Ref: 'A' });
    const network = networkOf({ ...BASE, X: of(type, properties as Record<string, unknown>) });
    expect(noun(network.interfaces, 'S.X')).toMatchObject({ subnets: ['S.A'], behaviour: 'unknown' });
    expect(noun(network.unmodelled, 'S.X').touches).toContain('S.A');
  });

  test('one that AWS does not publish counts by what it refers to', () => {
    const X = of('Acme::Edge::Appliance', {
      Place: { Where: [{ Ref: 'A' }], Under: { 'Fn::GetAtt': ['Group', 'GroupId'] } },
    });
    const network = networkOf({ ...BASE, X });
    expect(noun(network.interfaces, 'S.X')).toMatchObject({
      kind: 'unknown',
      subnets: ['S.A'],
      securityGroups: ['S.Group'],
    });
    expect(noun(network.unmodelled, 'S.X').touches).toEqual(['S.A', 'S.Group']);
  });

  test('one that names no group may have a group that AWS makes: it is not taken for the default group', () => {
    const network = networkOf({ ...BASE, X: of('AWS::Cloud9::EnvironmentEC2', { SubnetId: { Ref: 'A' } }) });
    expect(noun(network.securityGroups, 'S.X#security-group').external).toBe(true);
  });

  test.each([
    ['AWS::IAM::Role', { AssumeRolePolicyDocument: {} }],
    ['AWS::S3::Bucket', { BucketName: 'b' }],
    ['AWS::SSM::Parameter', { Value: { Ref: 'Vpc' } }],
    ['AWS::EC2::FlowLog', { ResourceId: { Ref: 'Vpc' } }],
    ['AWS::Route53::HostedZone', { VPCs: [{ VPCId: { Ref: 'Vpc' } }] }],
    ['AWS::AppStream::Fleet', {}],
  ])('%s has no place in the network', (type, properties) => {
    const network = networkOf({ ...BASE, X: of(type, properties) });
    expect(network.unmodelled).toEqual([]);
    expect(network.interfaces).toEqual([]);
  });
});

describe('custom resources (fact 42)', () => {
  const call = (action: string) =>
    of('Custom::AWS', {
      Create: new TextWithReferences([
        `{"service":"EC2","action":"${action}","id":"`,
        new ReferenceValue({ resource: 'S.Vpc' }),
        '"}',
      ]),
    });

  test.each<[string, Written, readonly string[] | undefined]>([
    ["anyone's may do anything with what it is given", of('Custom::Mine', { Vpc: { Ref: 'Vpc' } }), ['S.Vpc']],
    ['one that is given nothing is named too', of('AWS::CloudFormation::CustomResource', {}), []],
    ['an SDK call that changes something', call('authorizeSecurityGroupIngress'), ['S.Vpc']],
    ['an SDK call that only reads', call('describeVpcs'), undefined],
    ["CDK's log retention", of('Custom::LogRetention', { LogGroupName: 'x' }), undefined],
    ["CDK's bucket cleaner", of('Custom::S3AutoDeleteObjects', { BucketName: 'x' }), undefined],
  ])('%s', (_, X, touches) => {
    const found = networkOf({ ...BASE, X }).unmodelled.find(({ id }) => id === 'S.X');
    expect(found?.touches).toEqual(touches);
  });
});

test('a part of the templates that could not be read is named, and stands where it is put', () => {
  const part = {
    id: 'S.Nested',
    stack: 'S',
    kind: 'nested-stack' as const,
    reason: 'its template is not given',
    parameters: [],
    origin: { resource: 'S.Nested', type: 'AWS::CloudFormation::Stack' },
  };
  const resources = resourcesOf({
    ...BASE,
    Nested: of('AWS::CloudFormation::Stack', { Parameters: { Vpc: { Ref: 'Vpc' }, Place: { Ref: 'A' } } }),
  });
  const { network } = buildNetwork({ resources, region: 'eu-west-2', opaque: [part] });
  expect(noun(network.unmodelled, 'S.Nested').touches).toEqual(['S.A', 'S.Vpc']);
  expect(noun(network.interfaces, 'S.Nested')).toMatchObject({ subnets: ['S.A'], behaviour: 'unknown' });
});

describe('what no template shows', () => {
  const instance = (SubnetId: unknown) => of('AWS::EC2::Instance', { SubnetId, SecurityGroupIds: [{ Ref: 'Group' }] });

  test('one external noun per distinct reference, under the name of what stands for it', () => {
    const parameter = { ...unknown('parameter `S.P` has no value', ['S.P']), token: 'S.P' };
    const network = networkOf({ ...BASE, X: instance(parameter), Y: instance(parameter), Z: instance('subnet-0abc') });
    expect(network.interfaces.map(({ subnets }) => subnets)).toEqual([['S.P'], ['S.P'], ['subnet-0abc']]);
    expect(network.subnets.filter(({ external }) => external).map(({ id }) => id)).toEqual(['S.P', 'subnet-0abc']);
  });

  test.each<[string, Written, string]>([
    [
      'a rule',
      of('AWS::EC2::SecurityGroupIngress', { GroupId: unknown('p', ['S.P']), IpProtocol: '-1', CidrIp: '10.0.0.0/8' }),
      'S.P',
    ],
    [
      'a route',
      of('AWS::EC2::Route', {
        RouteTableId: unknown('p', ['S.P']),
        DestinationCidrBlock: '0.0.0.0/0',
        GatewayId: 'local',
      }),
      'S.P',
    ],
  ])('%s in what only a parameter knows may be in any: it is named', (_, X, touched) => {
    expect(noun(networkOf({ ...BASE, X }).unmodelled, 'S.X').touches).toEqual([touched]);
  });

  test('different parts of one parameter are different nouns', () => {
    const element = (index: number) => unknown(`element ${index} of parameter \`S.P\``, ['S.P']);
    const network = networkOf({ ...BASE, X: instance(element(0)), Y: instance(element(1)) });
    expect(network.interfaces.map(({ subnets }) => subnets)).toEqual([['S.P'], ['S.P#2']]);
  });

  test('a reference to a resource that is not of the kind is an external noun, too', () => {
    const network = networkOf({ ...BASE, C: of('Custom::Mine'), X: instance({ 'Fn::GetAtt': ['C', 'SubnetId'] }) });
    expect(noun(network.subnets, 'S.C.SubnetId').external).toBe(true);
  });
});

test('the order of resources changes nothing', () => {
  const template = {
    ...BASE,
    R1: of('AWS::EC2::SecurityGroupIngress', { GroupId: { Ref: 'Group' }, IpProtocol: 'tcp', CidrIp: '10.0.0.0/8' }),
    R2: of('AWS::EC2::SecurityGroupIngress', { GroupId: { Ref: 'Group' }, IpProtocol: 'udp', CidrIp: '10.0.0.0/8' }),
    X: of('AWS::EC2::Instance', { SubnetId: unknown('a', ['S.P']) }),
    Y: of('AWS::EC2::Instance', { SubnetId: unknown('b', ['S.P']) }),
    Table: of('AWS::EC2::RouteTable', { VpcId: { Ref: 'Vpc' } }),
    R: of('AWS::EC2::Route', {
      RouteTableId: { Ref: 'Table' },
      DestinationCidrBlock: '0.0.0.0/0',
      TransitGatewayId: { Ref: 'Tgw' },
    }),
    Tgw: of('AWS::EC2::TransitGateway'),
    At: of('AWS::EC2::TransitGatewayVpcAttachment', {
      TransitGatewayId: { Ref: 'Tgw' },
      VpcId: { Ref: 'Vpc' },
      SubnetIds: [{ Ref: 'A' }],
    }),
  };
  const resources = resourcesOf(template);
  const expected = buildNetwork({ resources, region: 'r', opaque: [] });
  fc.assert(
    fc.property(fc.shuffledSubarray(resources, { minLength: resources.length }), (shuffled) => {
      expect(buildNetwork({ resources: shuffled, region: 'r', opaque: [] })).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

describe('the set of types that hold a place in the network', () => {
  test('is what the specification gives today', () => {
    const { generate } = require('../../../../scripts/generate-resource-types.js') as {
      generate: () => { text: string };
    };
    const committed = readFileSync(join(__dirname, '../../../../lib/evidence/template/resource-types.ts'), 'utf8');
    expect(generate().text).toBe(committed);
  });

  test('is covered: each has a model, and what has no effect has a reason', () => {
    expect([...PLACES_OF_TYPE.keys()].filter((type) => MODELLED[type] === undefined)).toEqual([]);
    expect(Object.entries(WITHOUT_EFFECT).filter(([, reason]) => reason.length < 10)).toEqual([]);
    expect(MODELLED).toMatchObject({
      'AWS::EC2::VPC': 'exact',
      'AWS::EKS::Cluster': 'may-must',
      'AWS::Cloud9::EnvironmentEC2': 'unknown',
    });
  });
});
