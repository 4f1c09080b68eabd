import { isUnknown, unknown, type Value } from '../../../../lib/evidence/network';
import { ChoiceValue, ReferenceValue } from '../../../../lib/evidence/template/resource';
import { networkOf, noun, securityGroup, subnet, VPC, type Written } from './fixture';

const of = (Type: string, Properties: object = {}): Written => ({ Type, Properties: { ...Properties } });
const plain = <T>(value: Value<T>) => (isUnknown<T>(value) ? 'unknown' : value);
const GROUPS = { Group: securityGroup() };
const BASE = { Vpc: VPC, A: subnet(), B: subnet('10.0.2.0/24'), ...GROUPS };
const Igw = {
  Igw: of('AWS::EC2::InternetGateway'),
  Attached: of('AWS::EC2::VPCGatewayAttachment', { InternetGatewayId: { Ref: 'Igw' }, VpcId: { Ref: 'Vpc' } }),
};
const subnetGroup = (type: string, more: object = {}) => of(type, { SubnetIds: [{ Ref: 'A' }, { Ref: 'B' }], ...more });
const Rds = subnetGroup('AWS::RDS::DBSubnetGroup', { DBSubnetGroupName: 'Inner' });

describe('databases', () => {
  const instance = (more: object) => ({
    Rds,
    X: of('AWS::RDS::DBInstance', { VPCSecurityGroups: [{ Ref: 'Group' }], ...more }),
  });
  const placed = { DBSubnetGroupName: { Ref: 'Rds' } };

  test.each<[string, Readonly<Record<string, Written>>, unknown]>([
    ['says no', { ...instance({ ...placed, PubliclyAccessible: false }), ...Igw }, false],
    ['says yes', { ...instance({ ...placed, PubliclyAccessible: 'true' }), ...Igw }, true],
    ['unset, in a VPC without an internet gateway', instance(placed), false],
    ['unset, in a VPC with one: AWS documents two defaults', { ...instance(placed), ...Igw }, 'unknown'],
    ['unset, without a subnet group', instance({}), 'unknown'],
    ['only a parameter knows', instance({ ...placed, PubliclyAccessible: unknown('p', ['S.P']) }), 'unknown'],
  ])('a public address: %s (fact 39)', (_, more, expected) => {
    expect(plain(noun(networkOf({ ...BASE, ...more }).interfaces, 'S.X').publicIpv4)).toBe(expected);
  });

  test('a subnet group by its literal name, which AWS keeps in lower case', () => {
    const found = noun(networkOf({ ...BASE, ...instance({ DBSubnetGroupName: 'inner' }) }).interfaces, 'S.X');
    expect(found).toMatchObject({ kind: 'database', subnets: ['S.A', 'S.B'], securityGroups: ['S.Group'] });
  });

  test('a subnet group that no template shows is a subnet that no template shows', () => {
    const network = networkOf({ ...BASE, ...instance({ DBSubnetGroupName: 'elsewhere' }) });
    expect(noun(network.interfaces, 'S.X').subnets).toEqual(['elsewhere']);
    expect(noun(network.subnets, 'elsewhere')).toMatchObject({ external: true, vpc: 'S.Vpc' });
  });

  const Cluster = of('AWS::RDS::DBCluster', {
    Engine: 'aurora-postgresql',
    ...placed,
    VpcSecurityGroupIds: [{ Ref: 'Group' }],
  });
  const member = (PubliclyAccessible: boolean) =>
    of('AWS::RDS::DBInstance', { DBClusterIdentifier: { Ref: 'Cluster' }, PubliclyAccessible });

  test("a member of a cluster stands where the cluster stands, under the cluster's groups", () => {
    const network = networkOf({ ...BASE, Rds, Cluster, X: member(false) });
    expect(noun(network.interfaces, 'S.X')).toMatchObject({ subnets: ['S.A', 'S.B'], securityGroups: ['S.Group'] });
  });

  test.each([true, false])('a cluster is as public as its members: %s', (isPublic) => {
    const network = networkOf({ ...BASE, Rds, Cluster, X: member(false), Y: member(isPublic) });
    expect(plain(noun(network.interfaces, 'S.Cluster').publicIpv4)).toBe(isPublic);
  });

  test('a Data API passes by the network (fact 39)', () => {
    const open = { ...Cluster, Properties: { ...Cluster.Properties, EnableHttpEndpoint: true } };
    expect(noun(networkOf({ ...BASE, Rds, Cluster: open }).unmodelled, 'S.Cluster').reason).toContain('Data API');
    expect(networkOf({ ...BASE, Rds, Cluster }).unmodelled).toEqual([]);
  });
});

describe('public addresses of managed services, unset and set (fact 39)', () => {
  test.each<[string, object, boolean, string | undefined]>([
    ['AWS::DMS::ReplicationInstance', { ReplicationSubnetGroupIdentifier: { Ref: 'Dms' } }, true, 'PubliclyAccessible'],
    ['AWS::Redshift::Cluster', { ClusterSubnetGroupName: { Ref: 'Redshift' } }, false, 'PubliclyAccessible'],
    ['AWS::AmazonMQ::Broker', { SubnetIds: [{ Ref: 'A' }] }, false, 'PubliclyAccessible'],
    ['AWS::ElastiCache::ServerlessCache', { SubnetIds: [{ Ref: 'A' }] }, false, undefined],
    ['AWS::DocDBElastic::Cluster', { SubnetIds: [{ Ref: 'A' }] }, false, undefined],
    ['AWS::Lambda::Function', { VpcConfig: { SubnetIds: [{ Ref: 'A' }] } }, false, undefined],
  ])('%s', (type, properties, unset, flag) => {
    const more = {
      Dms: subnetGroup('AWS::DMS::ReplicationSubnetGroup'),
      Redshift: subnetGroup('AWS::Redshift::ClusterSubnetGroup'),
    };
    const read = (set: object) =>
      plain(noun(networkOf({ ...BASE, ...more, X: of(type, { ...properties, ...set }) }).interfaces, 'S.X').publicIpv4);
    expect(read({})).toBe(unset);
    if (flag) expect(read({ [flag]: !unset })).toBe(!unset);
  });

  test('brokers of MSK are public where their connectivity says so', () => {
    const msk = (Type: string) =>
      of('AWS::MSK::Cluster', {
        BrokerNodeGroupInfo: { ClientSubnets: [{ Ref: 'A' }], ConnectivityInfo: { PublicAccess: { Type } } },
      });
    const network = networkOf({ ...BASE, X: msk('SERVICE_PROVIDED_EIPS'), Y: msk('DISABLED') });
    expect(network.interfaces.map(({ id, publicIpv4 }) => [id, publicIpv4])).toEqual([
      ['S.X', true],
      ['S.Y', false],
    ]);
  });
});

describe('where managed things stand', () => {
  const groups = { SecurityGroups: [{ Ref: 'Group' }] };
  const ids = { SecurityGroupIds: [{ Ref: 'Group' }] };
  test.each<[string, string, object]>([
    [
      'AWS::ElastiCache::CacheCluster',
      'cache',
      { CacheSubnetGroupName: 'cache-group', VpcSecurityGroupIds: [{ Ref: 'Group' }] },
    ],
    ['AWS::ElastiCache::ReplicationGroup', 'cache', { CacheSubnetGroupName: { Ref: 'Cache' }, ...ids }],
    ['AWS::MemoryDB::Cluster', 'cache', { SubnetGroupName: { Ref: 'Memory' }, ...ids }],
    ['AWS::EFS::MountTarget', 'mount-target', { SubnetId: { Ref: 'A' }, FileSystemId: { Ref: 'Fs' }, ...groups }],
    ['AWS::FSx::FileSystem', 'mount-target', { SubnetIds: [{ Ref: 'A' }], ...ids }],
    ['AWS::Lambda::Function', 'function', { VpcConfig: { SubnetIds: [{ Ref: 'A' }], ...ids } }],
    [
      'AWS::ECS::Service',
      'task',
      { NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'A' }], ...groups } } },
    ],
    ['AWS::RDS::DBProxy', 'database', { VpcSubnetIds: [{ Ref: 'A' }], VpcSecurityGroupIds: [{ Ref: 'Group' }] }],
    ['AWS::OpenSearchService::Domain', 'database', { VPCOptions: { SubnetIds: [{ Ref: 'A' }], ...ids } }],
    [
      'AWS::Route53Resolver::ResolverEndpoint',
      'resolver-endpoint',
      { IpAddresses: [{ SubnetId: { Ref: 'A' } }], ...ids },
    ],
    ['AWS::MWAA::Environment', 'workload', { NetworkConfiguration: { SubnetIds: [{ Ref: 'A' }], ...ids } }],
    ['AWS::SageMaker::Model', 'workload', { VpcConfig: { Subnets: [{ Ref: 'A' }], ...ids } }],
    [
      'AWS::SecretsManager::RotationSchedule',
      'function',
      { HostedRotationLambda: { VpcSubnetIds: 'subnet-1', VpcSecurityGroupIds: { Ref: 'Group' } } },
    ],
    ['AWS::EC2::InstanceConnectEndpoint', 'workload', { SubnetId: { Ref: 'A' }, ...ids }],
  ])('%s is a %s under its group', (type, kind, properties) => {
    const network = networkOf({
      ...BASE,
      Cache: subnetGroup('AWS::ElastiCache::SubnetGroup', { CacheSubnetGroupName: 'cache-group' }),
      Memory: subnetGroup('AWS::MemoryDB::SubnetGroup'),
      X: of(type, properties),
    });
    const found = noun(network.interfaces, 'S.X');
    expect(found).toMatchObject({ kind, securityGroups: ['S.Group'] });
    expect(found.subnets).not.toEqual([]);
  });

  test('a function outside a VPC is nowhere', () => {
    expect(networkOf({ X: of('AWS::Lambda::Function', { Runtime: 'nodejs22.x' }) }).interfaces).toEqual([]);
  });

  test('a function that may be in a VPC is there, and not for certain', () => {
    const VpcConfig = new ChoiceValue([{ SubnetIds: [new ReferenceValue({ resource: 'S.A' })] }, undefined], 'c', []);
    const found = noun(networkOf({ ...BASE, X: of('AWS::Lambda::Function', { VpcConfig }) }).interfaces, 'S.X');
    expect(found).toMatchObject({ certain: false, subnets: ['S.A'] });
  });

  test.each([
    ['unset', {}, false],
    ['enabled', { AssignPublicIp: 'ENABLED' }, true],
  ])('a public address for tasks: %s (fact 19)', (_, more, expected) => {
    const X = of('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'A' }], ...more } },
    });
    expect(noun(networkOf({ ...BASE, X }).interfaces, 'S.X').publicIpv4).toBe(expected);
  });

  test('users name the file system; its mount target is what stands there', () => {
    const X = of('AWS::EFS::MountTarget', { SubnetId: { Ref: 'A' }, FileSystemId: { Ref: 'Fs' } });
    const network = networkOf({ ...BASE, Fs: of('AWS::EFS::FileSystem'), X });
    expect(noun(network.interfaces, 'S.X').aliases).toEqual(['S.Fs']);
  });

  test('nodes of a Kubernetes cluster share the group that the cluster makes', () => {
    const network = networkOf({
      ...BASE,
      Eks: of('AWS::EKS::Cluster', { ResourcesVpcConfig: { SubnetIds: [{ Ref: 'A' }], EndpointPublicAccess: false } }),
      Nodes: of('AWS::EKS::Nodegroup', { ClusterName: { Ref: 'Eks' }, Subnets: [{ Ref: 'A' }] }),
    });
    expect(noun(network.interfaces, 'S.Nodes').securityGroups).toEqual(['S.Eks#cluster-security-group']);
    expect(noun(network.securityGroups, 'S.Eks#cluster-security-group').vpc).toBe('S.Vpc');
    expect(network.unmodelled).toEqual([]);
  });
});

const IN_VPC = of('AWS::Lambda::Function', { VpcConfig: { SubnetIds: [{ Ref: 'A' }] } });
const ARN = { 'Fn::GetAtt': ['F', 'Arn'] };

describe('ways in (facts 35, 36)', () => {
  test.each<[string, object]>([
    ["AWS's own events", { Principal: 's3.amazonaws.com', SourceAccount: '444455556666' }],
    ['a schedule', { Principal: 'events.amazonaws.com' }],
  ])('a function that %s may call is no way in', (_, more) => {
    const X = of('AWS::Lambda::Permission', { FunctionName: { Ref: 'F' }, ...more });
    expect(networkOf({ ...BASE, F: IN_VPC, X }).bridges).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, Written>>, readonly string[]]>([
    ['nobody, where no endpoint leads to it', {}, []],
    [
      'the VPC whose endpoint leads to it',
      {
        E: of('AWS::EC2::VPCEndpoint', {
          VpcEndpointType: 'Interface',
          VpcId: { Ref: 'Vpc' },
          ServiceName: 'com.amazonaws.eu-west-2.execute-api',
          SubnetIds: [{ Ref: 'A' }],
        }),
      },
      ['S.Vpc'],
    ],
  ])('a private API is called by %s', (_, more, from) => {
    const Api = of('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['PRIVATE'] } });
    const Integration = { Uri: ARN };
    const X = of('AWS::ApiGateway::Method', { RestApiId: { Ref: 'Api' }, Integration });
    expect(noun(networkOf({ ...BASE, F: IN_VPC, Api, X, ...more }).bridges, 'S.X').from).toEqual(from);
  });

  test.each<[string, Readonly<Record<string, Written>>, string, string]>([
    [
      'a function URL',
      {
        F: of('AWS::Lambda::Function', { VpcConfig: { SubnetIds: [{ Ref: 'A' }] } }),
        X: of('AWS::Lambda::Url', { TargetFunctionArn: { 'Fn::GetAtt': ['F', 'Arn'] }, AuthType: 'NONE' }),
      },
      'S.F',
      'anyone on the internet',
    ],
    [
      'an Instance Connect endpoint',
      { X: of('AWS::EC2::InstanceConnectEndpoint', { SubnetId: { Ref: 'A' } }) },
      'S.X',
      'whom IAM admits',
    ],
    [
      'an HTTP API before a function',
      { F: IN_VPC, X: of('AWS::ApiGatewayV2::Integration', { ApiId: 'a', IntegrationUri: ARN }) },
      'S.F',
      'an API',
    ],
    [
      'a quickly made HTTP API before a function, by its name',
      {
        F: of('AWS::Lambda::Function', { FunctionName: 'chart', ...IN_VPC.Properties }),
        X: of('AWS::ApiGatewayV2::Api', { Target: 'arn:aws:lambda:eu-west-2:111122223333:function:chart' }),
      },
      'S.F',
      'an API',
    ],
    [
      'a REST API before a function',
      {
        F: IN_VPC,
        Api: of('AWS::ApiGateway::RestApi'),
        X: of('AWS::ApiGateway::Method', {
          RestApiId: { Ref: 'Api' },
          Integration: {
            Type: 'AWS_PROXY',
            Uri: ARN,
          },
        }),
      },
      'S.F',
      'an API',
    ],
    [
      'a policy that lets API Gateway call a function by its alias',
      {
        F: IN_VPC,
        Live: of('AWS::Lambda::Alias', { FunctionName: { Ref: 'F' }, FunctionVersion: '1', Name: 'live' }),
        X: of('AWS::Lambda::Permission', { FunctionName: { Ref: 'Live' }, Principal: 'apigateway.amazonaws.com' }),
      },
      'S.F',
      'apigateway.amazonaws.com',
    ],
    [
      'a policy that lets everyone call a function',
      { F: IN_VPC, X: of('AWS::Lambda::Permission', { FunctionName: { Ref: 'F' }, Principal: '*' }) },
      'S.F',
      'lets * call',
    ],
    [
      'a policy that lets another account call a function',
      { F: IN_VPC, X: of('AWS::Lambda::Permission', { FunctionName: { Ref: 'F' }, Principal: '444455556666' }) },
      'S.F',
      '444455556666',
    ],
    [
      'a GraphQL API before a function',
      { F: IN_VPC, X: of('AWS::AppSync::DataSource', { LambdaConfig: { LambdaFunctionArn: ARN } }) },
      'S.F',
      'an API',
    ],
    ['an API Gateway link', { X: of('AWS::ApiGatewayV2::VpcLink', { SubnetIds: [{ Ref: 'A' }] }) }, 'S.X', 'APIs'],
  ])('%s is a bridge from the internet to where it stands', (_, more, to, reason) => {
    const network = networkOf({ ...BASE, ...more });
    const found = noun(network.bridges, 'S.X');
    expect(found).toMatchObject({ from: 'internet', to: [{ kind: 'interface', id: to }], open: false });
    expect(found.reason).toContain(reason);
    expect(network.unmodelled).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, Written>>, string, string]>([
    [
      'VPC Lattice',
      { X: of('AWS::VpcLattice::ServiceNetworkVpcAssociation', { VpcIdentifier: { Ref: 'Vpc' } }) },
      'S.Vpc',
      'without any route',
    ],
    [
      'Cloud WAN',
      { X: of('AWS::NetworkManager::VpcAttachment', { VpcArn: { Ref: 'Vpc' }, SubnetArns: [{ Ref: 'A' }] }) },
      'S.Vpc',
      'not modelled',
    ],
    [
      'a shared subnet',
      { X: of('AWS::RAM::ResourceShare', { ResourceArns: [{ Ref: 'A' }] }) },
      'S.A',
      'other accounts',
    ],
  ])('%s is named with what it touches', (_, more, touched, reason) => {
    const found = noun(networkOf({ ...BASE, ...more }).unmodelled, 'S.X');
    expect(found.touches).toContain(touched);
    expect(found.reason).toContain(reason);
  });

  test('a Client VPN stands in the subnets that are associated with it, under its groups', () => {
    const network = networkOf({
      ...BASE,
      X: of('AWS::EC2::ClientVpnEndpoint', {
        ClientCidrBlock: '10.99.0.0/22',
        SecurityGroupIds: [{ Ref: 'Group' }],
        VpcId: { Ref: 'Vpc' },
      }),
      T: of('AWS::EC2::ClientVpnTargetNetworkAssociation', {
        ClientVpnEndpointId: { Ref: 'X' },
        SubnetId: { Ref: 'A' },
      }),
    });
    expect(noun(network.interfaces, 'S.X')).toMatchObject({
      kind: 'client-vpn',
      subnets: ['S.A'],
      securityGroups: ['S.Group'],
      behaviour: 'host',
    });
    expect(noun(network.bridges, 'S.X').from).toBe('internet');
    expect(network.interfaces.map(({ id }) => id)).toEqual(['S.X']);
  });
});
