/** Single properties of resources: which of two forms wins, what an absent one means, and what it leaves open. */
import { isUnknown } from '../../../lib/evidence/network';
import { FlowExplainer } from '../../../lib/verdict';
import { ask, fact } from './fact';
import { factOfTemplate, networkOfFiles, networkOfTemplate, type Resources, VPC } from './fact-of-template';
import { APART, GATEWAY, group, instance, inVpc, OPEN_CONDITION, resource, subnet, when } from './property-templates';

describe('interfaces of an instance', () => {
  const card = (DeviceIndex: string, place: string, securityGroup: string) => ({
    ...{ DeviceIndex, SubnetId: { Ref: place }, GroupSet: [{ Ref: securityGroup }] },
  });
  const both = [card('1', 'Far', 'FarOpen'), card('0', 'Subnet', 'Open')];
  factOfTemplate(
    '37: the primary interface is device 0, in whatever order they are written',
    { ...APART, Bridge: resource('AWS::EC2::Instance', { NetworkInterfaces: both }) },
    [
      ['Host', 'Bridge', 'tcp 80', 'reachable'],
      ['FarHost', 'Bridge#interface-0', 'tcp 80', 'reachable'],
    ],
    'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-ec2-instance-networkinterface.html',
  );

  factOfTemplate(
    '40: of two primary interfaces that a condition decides between, either counts',
    {
      ...APART,
      Either: resource('AWS::EC2::Instance', {
        NetworkInterfaces: when([card('0', 'Subnet', 'Open')], [card('0', 'Far', 'FarOpen')]),
      }),
    },
    [
      ['Host', 'Either', 'tcp 80', 'unknown'],
      ['FarHost', 'Either#interface-1', 'tcp 80', 'unknown'],
    ],
    undefined,
    OPEN_CONDITION,
  );

  factOfTemplate(
    '40: groups that a condition leaves out are those of the launch template',
    {
      ...APART,
      Shut: group('Vpc', []),
      Template: resource('AWS::EC2::LaunchTemplate', { LaunchTemplateData: { SecurityGroupIds: [{ Ref: 'Open' }] } }),
      Launched: resource('AWS::EC2::Instance', {
        SubnetId: { Ref: 'Subnet' },
        SecurityGroupIds: when([{ Ref: 'Shut' }], { Ref: 'AWS::NoValue' }),
        LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '1' },
      }),
    },
    [['Host', 'Launched', 'tcp 80', 'unknown']],
    undefined,
    OPEN_CONDITION,
  );
});

factOfTemplate(
  '36: nodes of EKS and of Batch take the groups and the public address of the interfaces in their launch template',
  {
    ...APART,
    ...GATEWAY,
    Template: resource('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, Groups: [{ Ref: 'Open' }] }],
      },
    }),
    Cluster: resource('AWS::EKS::Cluster', {
      ResourcesVpcConfig: { SubnetIds: [{ Ref: 'Subnet' }], EndpointPublicAccess: false },
    }),
    Nodes: resource('AWS::EKS::Nodegroup', {
      ClusterName: { Ref: 'Cluster' },
      Subnets: [{ Ref: 'Subnet' }],
      LaunchTemplate: { Id: { Ref: 'Template' } },
    }),
    Batch: resource('AWS::Batch::ComputeEnvironment', {
      ComputeResources: {
        Type: 'EC2',
        Subnets: [{ Ref: 'Subnet' }],
        LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' } },
      },
    }),
  },
  [
    ['Host', 'Nodes', 'tcp 80', 'reachable'],
    ['internet', 'Nodes', 'tcp 80', 'reachable'],
    ['internet', 'Batch', 'tcp 80', 'reachable'],
  ],
  'https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html',
);

factOfTemplate(
  '40: addresses that a condition may leave out of a Transfer server make it public perhaps',
  {
    ...APART,
    ...GATEWAY,
    Address: resource('AWS::EC2::EIP'),
    Server: resource('AWS::Transfer::Server', {
      EndpointType: 'VPC',
      EndpointDetails: {
        ...{ VpcId: { Ref: 'Vpc' }, SubnetIds: [{ Ref: 'Subnet' }], SecurityGroupIds: [{ Ref: 'Open' }] },
        AddressAllocationIds: when([{ 'Fn::GetAtt': ['Address', 'AllocationId'] }], { Ref: 'AWS::NoValue' }),
      },
    }),
  },
  [['internet', 'Server', 'tcp 22', 'unknown']],
  undefined,
  OPEN_CONDITION,
);

describe('where databases stand that name no subnet group', () => {
  const database = (more: object) => resource('AWS::RDS::DBInstance', { PubliclyAccessible: false, ...more });
  const VPCSecurityGroups = [{ Ref: 'Open' }];
  factOfTemplate(
    '39: a replica stands where its source does',
    {
      ...APART,
      Places: resource('AWS::RDS::DBSubnetGroup', { SubnetIds: [{ Ref: 'Subnet' }] }),
      Source: database({ DBSubnetGroupName: { Ref: 'Places' }, VPCSecurityGroups }),
      Replica: database({ SourceDBInstanceIdentifier: { Ref: 'Source' }, VPCSecurityGroups }),
      Bare: database({ SourceDBInstanceIdentifier: { Ref: 'Source' } }),
    },
    [
      ['Host', 'Replica', 'tcp 5432', 'reachable'],
      ['Host', 'Bare', 'tcp 5432', 'unknown'],
      ['FarHost', 'Bare', 'tcp 5432', 'blocked'],
    ],
    'https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstanceReadReplica.html',
  );

  const network = JSON.stringify({ Resources: { ...VPC, ...APART } });
  const members = JSON.stringify({
    Parameters: { Cluster: { Type: 'String' } },
    Resources: {
      Member: database({ DBClusterIdentifier: { Ref: 'Cluster' } }),
      Graph: resource('AWS::Neptune::DBInstance', { DBClusterIdentifier: { Ref: 'Cluster' } }),
      Named: database({ DBClusterIdentifier: 'records' }),
      Grouped: database({ DBSubnetGroupName: 'shared-places' }),
    },
  });
  fact(
    '39: one of a cluster, or in a subnet group, that no template shows may stand in any VPC',
    networkOfFiles([
      { stack: 'S', file: 'S.json', text: network },
      { stack: 'T', file: 'T.json', text: members },
    ]),
    [
      ['S.Host', 'T.Member', 'tcp 5432', 'unknown'],
      ['S.Host', 'T.Graph', 'tcp 8182', 'unknown'],
      ['S.Host', 'T.Named', 'tcp 5432', 'unknown'],
      ['S.Host', 'T.Grouped', 'tcp 5432', 'unknown'],
    ],
  );
});

factOfTemplate(
  '39: a replication group that is made from a cluster stands where the cluster does',
  {
    ...APART,
    Places: resource('AWS::ElastiCache::SubnetGroup', { SubnetIds: [{ Ref: 'Subnet' }] }),
    First: resource('AWS::ElastiCache::CacheCluster', {
      ...{ CacheSubnetGroupName: { Ref: 'Places' }, VpcSecurityGroupIds: [{ Ref: 'Open' }] },
    }),
    Cache: resource('AWS::ElastiCache::ReplicationGroup', { PrimaryClusterId: { Ref: 'First' } }),
  },
  [
    ['Host', 'Cache', 'tcp 6379', 'reachable'],
    ['FarHost', 'Cache', 'tcp 6379', 'blocked'],
  ],
  'https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html',
);

test('an Instance Connect endpoint that does not say whose address it sends from may send from its clients', () => {
  const endpoint = (more: object) =>
    networkOfTemplate({ E: resource('AWS::EC2::InstanceConnectEndpoint', { SubnetId: { Ref: 'Subnet' }, ...more }) })
      .interfaces[0]?.sourceDestCheck;
  expect(endpoint({})).toMatchObject({ unknown: true });
  expect(endpoint({ PreserveClientIp: false })).toBe(true);
});

test.each([
  ['ipv4', false],
  ['dualstack', true],
  ['not-specified', expect.objectContaining({ unknown: true })],
])('an interface endpoint with addresses of type %s has one of IPv6: %p', (IpAddressType, expected) => {
  const endpoint = resource('AWS::EC2::VPCEndpoint', {
    ...inVpc({ VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.eu-west-2.kms', IpAddressType }),
    SubnetIds: [{ Ref: 'Subnet' }],
  });
  expect(networkOfTemplate({ E: endpoint }).interfaces[0]?.ipv6).toEqual(expected);
});

describe('addresses of a NAT gateway', () => {
  test.each([
    ['one is written beside the primary one', { SecondaryPrivateIpAddresses: ['10.0.1.9'] }, [false, true]],
    ['further ones are counted', { PrivateIpAddress: '10.0.1.8', SecondaryPrivateIpAddressCount: 2 }, [false, true]],
    [
      'further ones are elastic',
      { PrivateIpAddress: '10.0.1.8', SecondaryAllocationIds: ['eipalloc-1'] },
      [false, true],
    ],
    ['all are written', { PrivateIpAddress: '10.0.1.8', SecondaryPrivateIpAddresses: ['10.0.1.9'] }, [false, false]],
  ])('AWS chooses those that no property names: %s', (_, properties, open) => {
    const nat = resource('AWS::EC2::NatGateway', { SubnetId: { Ref: 'Subnet' }, ...properties });
    const [found] = networkOfTemplate({ Nat: nat }).natGateways;
    expect(found?.addresses?.map(isUnknown)).toEqual(open);
  });
});

test('the primary address of an interface that lists only secondary ones is chosen by AWS', () => {
  const listed = [{ PrivateIpAddress: '10.0.1.9', Primary: false }];
  const card = resource('AWS::EC2::NetworkInterface', { SubnetId: { Ref: 'Subnet' }, PrivateIpAddresses: listed });
  const [found] = networkOfTemplate({ Card: card }).interfaces;
  expect(found?.addresses.map(isUnknown)).toEqual([false, true]);
});

describe('ACLs', () => {
  const acl = resource('AWS::EC2::NetworkAcl', inVpc({}));
  const entry = (list: string, Egress: boolean, range: object) =>
    resource('AWS::EC2::NetworkAclEntry', {
      ...{ NetworkAclId: { Ref: list }, RuleNumber: 1, Protocol: -1, RuleAction: 'allow', Egress },
      ...range,
    });
  const everything = (list: string): Resources => ({
    [`${list}In`]: entry(list, false, { CidrBlock: '0.0.0.0/0' }),
    [`${list}Out`]: entry(list, true, { CidrBlock: '0.0.0.0/0' }),
  });
  const associated = (list: string) =>
    resource('AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: { Ref: 'Inner' }, NetworkAclId: { Ref: list } });

  factOfTemplate(
    '12: of two ACLs that are both associated, the later one is in force, and no template says which that is',
    {
      Inner: subnet('10.0.2.0/24'),
      Open: group(),
      Host: instance('Subnet', 'Open'),
      Target: instance('Inner', 'Open'),
      ...{ Shut: acl, Wide: acl, ...everything('Wide'), A: associated('Shut'), B: associated('Wide') },
    },
    [['Host', 'Target', 'tcp 80', 'unknown']],
    'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceNetworkAclAssociation.html',
  );

  test('40: an entry whose family a condition decides may be of either', () => {
    const none = { Ref: 'AWS::NoValue' };
    const either = { CidrBlock: when('0.0.0.0/0', none), Ipv6CidrBlock: when(none, '::/0') };
    const { networkAcls } = networkOfTemplate({ List: acl, Entry: entry('List', false, either) }, OPEN_CONDITION);
    const [found] = networkAcls.find(({ id }) => id === 'S.List')?.entries ?? [];
    expect(found?.cidr).toMatchObject({ unknown: true });
    expect(found?.cidr.family).toBeUndefined();
  });
});

describe('groups of one name', () => {
  const named = (vpc: string, ingress: readonly object[]) =>
    resource('AWS::EC2::SecurityGroup', inVpc({ GroupName: 'web', SecurityGroupIngress: ingress }, vpc));
  factOfTemplate(
    '1: a name that groups of two VPCs have stands for neither',
    {
      ...APART,
      Shut: named('Vpc', []),
      Wide: named('Other', [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]),
      Target: resource('AWS::EC2::Instance', { SubnetId: { Ref: 'Subnet' }, SecurityGroups: ['web'] }),
    },
    [['Host', 'Target', 'tcp 80', 'unknown']],
  );
});

describe('availability zones', () => {
  const ATTACHED: Resources = {
    ...APART,
    ...{ Hub: resource('AWS::EC2::TransitGateway') },
    Mine: resource('AWS::EC2::TransitGatewayVpcAttachment', {
      ...inVpc({ TransitGatewayId: { Ref: 'Hub' }, SubnetIds: [{ Ref: 'Door' }] }),
    }),
    Theirs: resource('AWS::EC2::TransitGatewayVpcAttachment', {
      ...inVpc({ TransitGatewayId: { Ref: 'Hub' }, SubnetIds: [{ Ref: 'Far' }] }, 'Other'),
    }),
    ...routed('Vpc', 'Inner', '10.9.0.0/16'),
    ...routed('Other', 'Far', '10.0.0.0/16'),
    Sender: instance('Inner', 'Open'),
  };
  function routed(vpc: string, place: string, range: string): Resources {
    const RouteTableId = { Ref: `${vpc}Table` };
    return {
      [`${vpc}Table`]: resource('AWS::EC2::RouteTable', inVpc({}, vpc)),
      [`${vpc}Route`]: resource('AWS::EC2::Route', {
        ...{ RouteTableId, DestinationCidrBlock: range, TransitGatewayId: { Ref: 'Hub' } },
      }),
      [`${vpc}In`]: resource('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: place }, RouteTableId }),
    };
  }
  const zoned = (own: object, door: object): Resources => ({
    ...ATTACHED,
    Inner: subnet('10.0.2.0/24', 'Vpc', own),
    Door: subnet('10.0.3.0/24', 'Vpc', door),
  });
  factOfTemplate(
    '25: a zone by name and one by id may be the same, as each account has its own names',
    zoned({ AvailabilityZone: 'eu-west-2a' }, { AvailabilityZoneId: 'euw2-az1' }),
    [['Sender', 'FarHost', 'tcp 80', 'unknown']],
    'https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html',
  );
  factOfTemplate(
    '25: one id is one zone',
    zoned({ AvailabilityZoneId: 'euw2-az1' }, { AvailabilityZoneId: 'euw2-az1' }),
    [['Sender', 'FarHost', 'tcp 80', 'reachable']],
  );
  factOfTemplate('25: two ids are two', zoned({ AvailabilityZoneId: 'euw2-az1' }, { AvailabilityZoneId: 'euw2-az2' }), [
    ['Sender', 'FarHost', 'tcp 80', 'blocked'],
  ]);
});

describe('targets in another zone', () => {
  const balanced = (balancer: object, attributes: readonly object[]): Resources => ({
    Front: subnet('10.0.2.0/24', 'Vpc', { AvailabilityZone: 'eu-west-2a' }),
    Back: subnet('10.0.3.0/24', 'Vpc', { AvailabilityZone: 'eu-west-2b' }),
    Open: group(),
    Target: instance('Back', 'Open'),
    Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      ...{ Scheme: 'internal', Subnets: [{ Ref: 'Front' }], SecurityGroups: [{ Ref: 'Open' }], ...balancer },
    }),
    Listener: resource('AWS::ElasticLoadBalancingV2::Listener', {
      ...{ LoadBalancerArn: { Ref: 'Balancer' }, Port: 80, Protocol: 'TCP' },
      DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
    }),
    Targets: resource('AWS::ElasticLoadBalancingV2::TargetGroup', {
      ...inVpc({ Port: 80, Protocol: 'TCP', Targets: [{ Id: { Ref: 'Target' } }] }),
      TargetGroupAttributes: [{ Key: 'preserve_client_ip.enabled', Value: 'false' }, ...attributes],
    }),
  });
  const crossZone = (Value: unknown) => [{ Key: 'load_balancing.cross_zone.enabled', Value }];
  const source = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html';
  const network = { Type: 'network' };
  test.each([
    ['a network balancer keeps to its zone', network, [], 'blocked'],
    ['its target group turns that off', network, crossZone('true'), 'reachable'],
    ['its target group leaves it to the balancer', network, crossZone('use_load_balancer_configuration'), 'blocked'],
    [
      'the group comes before the balancer',
      { ...network, LoadBalancerAttributes: crossZone('true') },
      crossZone('false'),
      'blocked',
    ],
    ['a condition decides what the group says', network, crossZone(when('true', 'false')), 'unknown'],
  ] as const)(`32: %s (${source})`, (_, balancer, attributes, expected) => {
    const explainer = new FlowExplainer(networkOfTemplate(balanced(balancer, attributes), OPEN_CONDITION));
    expect(ask(explainer, 'S.Balancer#interface', 'S.Target', 'tcp 80').verdict).toBe(expected);
  });
});
