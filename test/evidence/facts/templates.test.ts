/** Facts that only templates show: 35 to 37 and 39 to 43. (35, 36 and 38 have claims: `test/verdict`.) */
import { claim, verify } from '../../verdict/scenario';
import { fact } from './fact';
import { factOfTemplate, inStack, networkOfFiles, networkOfTemplate, type Resources, VPC } from './fact-of-template';

const inVpc = (properties: object) => ({ VpcId: { Ref: 'Vpc' }, ...properties });
const group = (ingress: readonly object[]) => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: inVpc({ GroupDescription: 'a group', SecurityGroupIngress: ingress }),
});
const OPEN = group([
  { IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
  { IpProtocol: '-1', CidrIpv6: '::/0' },
]);
const instance = (subnet: string, securityGroup = 'Open', more: object = {}) => ({
  Type: 'AWS::EC2::Instance',
  Properties: { SubnetId: { Ref: subnet }, SecurityGroupIds: [{ Ref: securityGroup }], ...more },
});

test('37: an instance with interfaces in two zones joins them, which no declaration allows', () => {
  const network = networkOfTemplate({
    Other: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.9.0.0/16' } },
    Far: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Other' }, CidrBlock: '10.9.1.0/24' } },
    Open: OPEN,
    FarOpen: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        VpcId: { Ref: 'Other' },
        GroupDescription: 'open',
        SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }],
      },
    },
    Bridge: {
      Type: 'AWS::EC2::Instance',
      Properties: {
        NetworkInterfaces: [
          { DeviceIndex: '0', SubnetId: { Ref: 'Subnet' }, GroupSet: [{ Ref: 'Open' }] },
          { DeviceIndex: '1', SubnetId: { Ref: 'Far' }, GroupSet: [{ Ref: 'FarOpen' }] },
        ],
      },
    },
    Guest: instance('Subnet'),
    Store: {
      Type: 'AWS::EC2::Instance',
      Properties: { SubnetId: { Ref: 'Far' }, SecurityGroupIds: [{ Ref: 'FarOpen' }] },
    },
  });
  const zone = (name: string, vpc: string) => `
  ${name}:
    purpose: Something
    at: { template: { vpcs: [${vpc}] } }
    trust: restricted
    data: none`;
  const zones = `
cordon: 1
estate: clinic
region: eu-west-2
zones:${zone('near', 'Vpc')}${zone('far', 'Other')}
`;
  const result = verify(zones, network);
  expect(claim(result, 'binding/S.Bridge/far+near').verdict).toBe('violated');
  expect(result.verdict).toBe('violated');
});

const database = (publicly: boolean | undefined, ingress: readonly object[], route: boolean): Resources => ({
  Ipv6: { Type: 'AWS::EC2::VPCCidrBlock', Properties: inVpc({ Ipv6CidrBlock: '2001:db8::/56', Ipv6Pool: 'p' }) },
  Igw: { Type: 'AWS::EC2::InternetGateway' },
  Attached: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: inVpc({ InternetGatewayId: { Ref: 'Igw' } }) },
  Table: { Type: 'AWS::EC2::RouteTable', Properties: inVpc({}) },
  ...(route
    ? {
        Default: {
          Type: 'AWS::EC2::Route',
          Properties: {
            RouteTableId: { Ref: 'Table' },
            DestinationCidrBlock: '0.0.0.0/0',
            GatewayId: { Ref: 'Igw' },
          },
        },
      }
    : {}),
  Of: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
  },
  Sg: group(ingress),
  Subnets: {
    Type: 'AWS::RDS::DBSubnetGroup',
    Properties: { DBSubnetGroupDescription: 'subnets', SubnetIds: [{ Ref: 'Subnet' }] },
  },
  Db: {
    Type: 'AWS::RDS::DBInstance',
    Properties: {
      DBSubnetGroupName: { Ref: 'Subnets' },
      VPCSecurityGroups: [{ Ref: 'Sg' }],
      Engine: 'postgres',
      ...(publicly === undefined ? {} : { PubliclyAccessible: publicly }),
    },
  },
});
const WORLD = [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '0.0.0.0/0' }];
factOfTemplate(
  '39: a database is public by its flag, its route and its group together',
  database(true, WORLD, true),
  [['internet', 'Db', 'tcp 5432', 'reachable']],
  'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html',
);
factOfTemplate('39: not with the flag off', database(false, WORLD, true), [['internet', 'Db', 'tcp 5432', 'blocked']]);
factOfTemplate('39: not without a route', database(true, WORLD, false), [['internet', 'Db', 'tcp 5432', 'blocked']]);
factOfTemplate('39: not without a rule', database(true, [], true), [['internet', 'Db', 'tcp 5432', 'blocked']]);

const TWO: Resources = {
  Far: { Type: 'AWS::EC2::Subnet', Properties: inVpc({ CidrBlock: '10.0.2.0/24' }) },
  Open: OPEN,
  A: instance('Subnet'),
};
const stackOf = (stack: string, template: object) => ({ stack, file: `${stack}.json`, text: JSON.stringify(template) });
const shop = {
  Parameters: { Port: { Type: 'Number' }, Stage: { Type: 'String', Default: 'test' } },
  Mappings: { Ports: { web: { tcp: '443' } } },
  Conditions: {
    IsTest: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] },
    IsOpen: { 'Fn::Equals': [{ Ref: 'Port' }, '22'] },
  },
  Resources: {
    ...VPC,
    ...TWO,
    B: instance('Far', 'Sg'),
    Sg: group([
      {
        IpProtocol: 'tcp',
        FromPort: { 'Fn::FindInMap': ['Ports', 'web', 'tcp'] },
        ToPort: { 'Fn::FindInMap': ['Ports', 'web', 'tcp'] },
        CidrIp: { 'Fn::Select': [1, { 'Fn::Cidr': [{ 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }, 4, 8] }] },
      },
      {
        'Fn::If': [
          'IsTest',
          { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '10.0.0.0/8' },
          { Ref: 'AWS::NoValue' },
        ],
      },
      {
        'Fn::If': [
          'IsOpen',
          { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' },
          { Ref: 'AWS::NoValue' },
        ],
      },
      { IpProtocol: 'tcp', FromPort: { Ref: 'Port' }, ToPort: { Ref: 'Port' }, CidrIp: '10.0.1.0/24' },
    ]),
  },
};
const rows = (unknown: 'unknown' | 'reachable') =>
  (
    [
      ['A', 'B', 'tcp 443', 'reachable'],
      ['A', 'B', 'tcp 80', 'reachable'],
      ['A', 'B', 'tcp 22', unknown],
    ] as const
  ).map(inStack);
fact(
  '40: intrinsics, mappings and conditions; a parameter without a value is not known',
  networkOfFiles([stackOf('S', shop)]),
  rows('unknown'),
);
fact('40: given, it is', networkOfFiles([stackOf('S', shop)], { Port: '22' }), rows('reachable'));

const network40 = networkOfFiles([
  stackOf('S', {
    Resources: { ...VPC, ...TWO },
    Outputs: { Group: { Value: { 'Fn::GetAtt': ['Open', 'GroupId'] }, Export: { Name: 'shared-group' } } },
  }),
  stackOf('T', {
    Resources: {
      Rule: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: {
          GroupId: 'sg-0123456789abcdef0',
          IpProtocol: 'tcp',
          FromPort: 22,
          ToPort: 22,
          SourceSecurityGroupId: { 'Fn::ImportValue': 'shared-group' },
        },
      },
      Sg: {
        Type: 'AWS::EC2::SecurityGroup',
        Properties: {
          GroupDescription: 'importing',
          VpcId: { 'Fn::ImportValue': 'shared-vpc' },
          SecurityGroupIngress: [
            {
              IpProtocol: 'tcp',
              FromPort: 443,
              ToPort: 443,
              SourceSecurityGroupId: { 'Fn::ImportValue': 'shared-group' },
            },
          ],
        },
      },
    },
  }),
]);
test('40: exports and imports lead to the resource in the other stack', () => {
  const importing = network40.securityGroups.find(({ id }) => id === 'T.Sg');
  expect(importing?.ingress[0]?.peer).toEqual({ kind: 'security-group', id: 'S.Open' });
});

const forms = (rules: Resources, inline: object): Resources => ({
  ...TWO,
  B: instance('Far', 'Sg'),
  Sg: { Type: 'AWS::EC2::SecurityGroup', Properties: inVpc({ GroupDescription: 'a group', ...inline }) },
  ...rules,
});
const INLINE = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.1.0/24' };
const SAME = [
  ['A', 'B', 'tcp 443', 'reachable'],
  ['A', 'B', 'tcp 22', 'blocked'],
] as const;
factOfTemplate('41: a rule written inline', forms({}, { SecurityGroupIngress: [INLINE] }), SAME);
factOfTemplate(
  '41: a rule that is a resource of its own means the same',
  forms({ Rule: { Type: 'AWS::EC2::SecurityGroupIngress', Properties: { GroupId: { Ref: 'Sg' }, ...INLINE } } }, {}),
  SAME,
);

factOfTemplate(
  '42: a loop whose collection is known is expanded',
  {
    ...TWO,
    B: instance('Far', 'Sg'),
    Sg: group([]),
    'Fn::ForEach::Ports': [
      'Port',
      ['443', '8443'],
      {
        'Rule${Port}': {
          Type: 'AWS::EC2::SecurityGroupIngress',
          Properties: {
            GroupId: { Ref: 'Sg' },
            IpProtocol: 'tcp',
            FromPort: { Ref: 'Port' },
            ToPort: { Ref: 'Port' },
            CidrIp: '10.0.1.0/24',
          },
        },
      },
    ] as unknown as Resources[string],
  },
  [
    ['A', 'B', 'tcp 443', 'reachable'],
    ['A', 'B', 'tcp 8443', 'reachable'],
    ['A', 'B', 'tcp 22', 'blocked'],
  ],
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html',
  { Transform: 'AWS::LanguageExtensions' },
);
test('42: a macro may make anything: it is named, and nothing in its stack is taken for known', () => {
  const network = networkOfTemplate({ ...TWO, B: instance('Far') }, { Transform: 'Company::Macro' });
  expect(network.unmodelled.map(({ reason }) => reason).join()).toContain('Company::Macro');
});

const zoned = (one: object, other: object): Resources => ({
  Near: { Type: 'AWS::EC2::Subnet', Properties: inVpc({ CidrBlock: '10.0.3.0/24', AvailabilityZone: one }) },
  Away: { Type: 'AWS::EC2::Subnet', Properties: inVpc({ CidrBlock: '10.0.4.0/24', AvailabilityZone: other }) },
});
test('43: zones by index are the same within a region, and different for different indexes', () => {
  const index = (at: number) => ({ 'Fn::Select': [at, { 'Fn::GetAZs': '' }] });
  const zoneOf = (resources: Resources, id: string) =>
    networkOfTemplate(resources).subnets.find((subnet) => subnet.id === `S.${id}`)?.availabilityZone;
  expect(zoneOf(zoned(index(0), index(0)), 'Near')).toEqual(zoneOf(zoned(index(0), index(0)), 'Away'));
  expect(zoneOf(zoned(index(0), index(1)), 'Near')).not.toEqual(zoneOf(zoned(index(0), index(1)), 'Away'));
});

const twoZones = (second: string) => `
cordon: 1
estate: clinic
region: eu-west-2
zones:
  front:
    purpose: What callers see
    at: { template: { subnets: [Subnet] } }
    trust: restricted
    data: none
  store:
    purpose: What is kept
    at: { template: { subnets: [${second}] } }
    trust: restricted
    data: internal
never:
  - { name: outside-never-reaches-the-store, from: internet, to: store, through: anything, why: It is kept inside }
`;
test('37: a balancer that the internet calls, and that may call the store, is a way to the store', () => {
  const network = networkOfTemplate({
    Igw: { Type: 'AWS::EC2::InternetGateway' },
    Attached: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: inVpc({ InternetGatewayId: { Ref: 'Igw' } }) },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: inVpc({}) },
    Default: {
      Type: 'AWS::EC2::Route',
      Properties: { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Igw' } },
    },
    Of: {
      Type: 'AWS::EC2::SubnetRouteTableAssociation',
      Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
    },
    Far: { Type: 'AWS::EC2::Subnet', Properties: inVpc({ CidrBlock: '10.0.2.0/24' }) },
    Front: group([{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }]),
    Kept: group([{ IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, SourceSecurityGroupId: { Ref: 'Front' } }]),
    Alb: {
      Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer',
      Properties: { Scheme: 'internet-facing', Subnets: [{ Ref: 'Subnet' }], SecurityGroups: [{ Ref: 'Front' }] },
    },
    Targets: {
      Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
      Properties: inVpc({ Port: 8080, Protocol: 'HTTP', TargetType: 'instance', Targets: [{ Id: { Ref: 'Store' } }] }),
    },
    Listener: {
      Type: 'AWS::ElasticLoadBalancingV2::Listener',
      Properties: {
        LoadBalancerArn: { Ref: 'Alb' },
        Port: 443,
        Protocol: 'HTTPS',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
      },
    },
    Store: instance('Far', 'Kept'),
  });
  const result = verify(twoZones('Far'), network);
  expect(claim(result, 'never/outside-never-reaches-the-store').verdict).toBe('violated');
});

const published = (more: Resources): Resources => ({
  Igw: { Type: 'AWS::EC2::InternetGateway' },
  Attached: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: inVpc({ InternetGatewayId: { Ref: 'Igw' } }) },
  Table: { Type: 'AWS::EC2::RouteTable', Properties: inVpc({}) },
  Default: {
    Type: 'AWS::EC2::Route',
    Properties: { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', GatewayId: { Ref: 'Igw' } },
  },
  Of: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
  },
  Open: OPEN,
  Web: instance('Subnet', 'Open', {
    NetworkInterfaces: [
      { DeviceIndex: '0', AssociatePublicIpAddress: true, SubnetId: { Ref: 'Subnet' }, GroupSet: [{ Ref: 'Open' }] },
    ],
    SubnetId: undefined,
    SecurityGroupIds: undefined,
  }),
  Beside: instance('Subnet'),
  ...more,
});
const blocking = (mode: string): Resources => ({
  Bpa: { Type: 'AWS::EC2::VPCBlockPublicAccessOptions', Properties: { InternetGatewayBlockMode: mode } },
});
const excluded: Resources = {
  Except: {
    Type: 'AWS::EC2::VPCBlockPublicAccessExclusion',
    Properties: { VpcId: { Ref: 'Vpc' }, InternetGatewayExclusionMode: 'allow-bidirectional' },
  },
};
const throughGateway = (verdict: 'reachable' | 'unknown' | 'blocked') =>
  [
    ['internet', 'Web', 'tcp 443', verdict],
    ['Web', 'internet', 'tcp 443', verdict],
    ['Beside', 'Web', 'tcp 443', 'reachable'],
    ['internet', 'Beside', 'tcp 443', 'blocked'],
  ] as const;
const BPA = 'https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa.html';
factOfTemplate(
  '19: block public access stops an internet gateway',
  published(blocking('block-bidirectional')),
  throughGateway('blocked'),
  BPA,
);
factOfTemplate(
  '19: a host goes out by it no more where only what comes in is blocked: NAT gateways do',
  published(blocking('block-ingress')),
  throughGateway('blocked'),
  BPA,
);
factOfTemplate(
  '19: a subnet that is excluded goes on',
  published({
    ...blocking('block-bidirectional'),
    Except: {
      Type: 'AWS::EC2::VPCBlockPublicAccessExclusion',
      Properties: { SubnetId: { Ref: 'Subnet' }, InternetGatewayExclusionMode: 'allow-bidirectional' },
    },
  }),
  throughGateway('reachable'),
  BPA,
);
factOfTemplate('19: switched off it stops nothing', published(blocking('off')), throughGateway('reachable'));
factOfTemplate(
  '19: a VPC that is excluded from it goes on',
  published({ ...blocking('block-ingress'), ...excluded }),
  throughGateway('reachable'),
);
