import { isUnknown, type RouteTarget, unknown } from '../../../../lib/evidence/network';
import { ChoiceValue, ReferenceValue } from '../../../../lib/evidence/template/resource';
import { networkOf, noun, subnet, VPC, type Written } from './fixture';

const Table: Written = { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } };
const route = (more: object): Written => ({
  Type: 'AWS::EC2::Route',
  Properties: { RouteTableId: { Ref: 'Table' }, DestinationCidrBlock: '0.0.0.0/0', ...more },
});
const of = (Type: string, Properties: Readonly<Record<string, unknown>> = {}): Written => ({ Type, Properties });

function targetOf(target: RouteTarget): string {
  if (target.kind === 'firewall-endpoint') {
    return `${target.kind} ${target.id} in ${isUnknown(target.subnet) ? 'unknown' : target.subnet}`;
  }
  return 'id' in target ? `${target.kind} ${target.id}` : target.kind;
}

const Firewall = (...subnets: string[]) =>
  of('AWS::NetworkFirewall::Firewall', {
    VpcId: { Ref: 'Vpc' },
    SubnetMappings: subnets.map((id) => ({ SubnetId: { Ref: id } })),
  });
const endpointIds = (part: string) => new ReferenceValue({ resource: 'S.X', attribute: 'EndpointIds', part });

describe('targets of routes (facts 14, 15)', () => {
  test.each<[string, object, Readonly<Record<string, Written>>, string]>([
    [
      'an internet gateway',
      { GatewayId: { Ref: 'X' } },
      { X: of('AWS::EC2::InternetGateway') },
      'internet-gateway S.X',
    ],
    ['a VPN gateway, in GatewayId', { GatewayId: { Ref: 'X' } }, { X: of('AWS::EC2::VPNGateway') }, 'vpn-gateway S.X'],
    ['local', { GatewayId: 'local' }, {}, 'local'],
    ['an unknown gateway', { GatewayId: unknown('parameter', ['S.P']) }, {}, 'unknown'],
    ['a NAT gateway', { NatGatewayId: { Ref: 'X' } }, { X: of('AWS::EC2::NatGateway') }, 'nat-gateway S.X'],
    [
      'a transit gateway',
      { TransitGatewayId: { Ref: 'X' } },
      { X: of('AWS::EC2::TransitGateway') },
      'transit-gateway S.X',
    ],
    ['a peering', { VpcPeeringConnectionId: { Ref: 'X' } }, { X: of('AWS::EC2::VPCPeeringConnection') }, 'peering S.X'],
    [
      'an egress-only gateway',
      { EgressOnlyInternetGatewayId: { Ref: 'X' } },
      { X: of('AWS::EC2::EgressOnlyInternetGateway', { VpcId: { Ref: 'Vpc' } }) },
      'egress-only-gateway S.X',
    ],
    [
      'an instance',
      { InstanceId: { Ref: 'X' } },
      { X: of('AWS::EC2::Instance', { SubnetId: { Ref: 'A' } }) },
      'interface S.X',
    ],
    [
      'an interface',
      { NetworkInterfaceId: { Ref: 'X' } },
      { X: of('AWS::EC2::NetworkInterface', { SubnetId: { Ref: 'A' } }) },
      'interface S.X',
    ],
    [
      'a gateway load balancer endpoint',
      { VpcEndpointId: { Ref: 'X' } },
      { X: of('AWS::EC2::VPCEndpoint', { VpcId: { Ref: 'Vpc' }, VpcEndpointType: 'GatewayLoadBalancer' }) },
      'gateway-load-balancer-endpoint S.X',
    ],
    [
      'the only endpoint of a firewall',
      { VpcEndpointId: endpointIds('[0] split(:) [1]') },
      { X: Firewall('A') },
      'firewall-endpoint S.X in S.A',
    ],
    [
      'one of several endpoints of a firewall: AWS lists them in no order (fact 34)',
      { VpcEndpointId: endpointIds('[0] split(:) [1]') },
      {
        X: Firewall('A', 'B'),
        Own: Table,
        OwnA: of('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: 'A' }, RouteTableId: { Ref: 'Own' } }),
        Igw: of('AWS::EC2::InternetGateway'),
        Out: of('AWS::EC2::Route', {
          RouteTableId: { Ref: 'Own' },
          DestinationCidrBlock: '0.0.0.0/0',
          GatewayId: { Ref: 'Igw' },
        }),
      },
      'firewall-endpoint S.X in unknown',
    ],
    [
      'one of several endpoints whose subnets are alike, so that the order makes no difference',
      { VpcEndpointId: endpointIds('[1] split(:) [1]') },
      { X: Firewall('A', 'B') },
      'firewall-endpoint S.X in S.B',
    ],
    ['a core network', { CoreNetworkArn: 'arn' }, {}, 'unknown'],
    ['none', {}, {}, 'unknown'],
  ])('%s', (_, properties, more, expected) => {
    const network = networkOf({
      Vpc: VPC,
      A: subnet(),
      B: subnet('10.0.2.0/24'),
      Table,
      R: route(properties),
      ...more,
    });
    expect(noun(network.routeTables, 'S.Table').routes.map(({ target }) => targetOf(target))).toEqual([expected]);
  });

  test('an undecided target counts as each of its options, none of them certain', () => {
    const options = [new ReferenceValue({ resource: 'S.Igw' }), new ReferenceValue({ resource: 'S.Vgw' })];
    const R = route({ GatewayId: new ChoiceValue(options, 'condition', ['S.P']) });
    const network = networkOf({
      Vpc: VPC,
      Table,
      R,
      Igw: of('AWS::EC2::InternetGateway'),
      Vgw: of('AWS::EC2::VPNGateway'),
    });
    const { routes } = noun(network.routeTables, 'S.Table');
    expect(routes.map(({ target, certain }) => `${targetOf(target)} ${certain}`)).toEqual([
      'internet-gateway S.Igw false',
      'vpn-gateway S.Vgw false',
    ]);
  });

  test('a gateway that no template shows is attached to the VPC of the table: AWS takes the route nowhere else', () => {
    const network = networkOf({ Vpc: VPC, Table, R: route({ GatewayId: 'igw-0abc' }) });
    expect(noun(network.internetGateways, 'igw-0abc')).toMatchObject({ external: true, vpc: 'S.Vpc' });
  });
});

test('destinations: IPv6 ranges and prefix lists (facts 16, 22)', () => {
  const List = of('AWS::EC2::PrefixList', {
    PrefixListName: 'n',
    MaxEntries: 2,
    Entries: [{ Cidr: '0.0.0.0/1' }, { Cidr: '128.0.0.0/1' }],
  });
  const six = route({ DestinationCidrBlock: undefined, DestinationIpv6CidrBlock: '::/0', GatewayId: 'local' });
  const byList = route({
    DestinationCidrBlock: undefined,
    DestinationPrefixListId: { Ref: 'List' },
    GatewayId: 'local',
  });
  const network = networkOf({ Vpc: VPC, Table, A: six, B: byList, List });
  const { routes } = noun(network.routeTables, 'S.Table');
  expect(routes.map(({ destination }) => destination)).toMatchObject([
    { family: 6, length: 0 },
    { prefixList: 'S.List' },
  ]);
  expect(noun(network.prefixLists, 'S.List').entries).toHaveLength(2);
});

test('an AWS-managed prefix list, by name, stands for its service (fact 7)', () => {
  const R = route({
    DestinationCidrBlock: undefined,
    DestinationPrefixListId: 'com.amazonaws.eu-west-2.s3',
    GatewayId: 'local',
  });
  const list = noun(networkOf({ Vpc: VPC, Table, R }).prefixLists, 'com.amazonaws.eu-west-2.s3');
  expect(list).toMatchObject({ service: 's3', external: true });
  expect(list.entries.every((entry) => isUnknown(entry))).toBe(true);
});

test('a look-up of a managed list, as CDK writes one, is followed to its name', () => {
  const Create = '{"service":"EC2","action":"describeManagedPrefixLists","name":"com.amazonaws.eu-west-2.s3"}';
  const list = { 'Fn::GetAtt': ['LookUp', 'PrefixLists.0.PrefixListId'] };
  const R = route({ DestinationCidrBlock: undefined, DestinationPrefixListId: list, GatewayId: 'local' });
  const network = networkOf({ Vpc: VPC, Table, R, LookUp: of('Custom::AWS', { Create, Update: Create }) });
  expect(network.prefixLists).toMatchObject([{ id: 'com.amazonaws.eu-west-2.s3', service: 's3', external: true }]);
  expect(network.unmodelled).toEqual([]);
});

test('a gateway association makes a table the edge of the VPC (fact 17)', () => {
  const A = of('AWS::EC2::GatewayRouteTableAssociation', { RouteTableId: { Ref: 'Table' }, GatewayId: { Ref: 'Igw' } });
  const network = networkOf({ Vpc: VPC, Table, A, Igw: of('AWS::EC2::InternetGateway') });
  expect(noun(network.routeTables, 'S.Table').edgeOf).toBe('S.Igw');
});

test('a VPN gateway propagates into the tables that it names', () => {
  const P = of('AWS::EC2::VPNGatewayRoutePropagation', {
    RouteTableIds: [{ Ref: 'Table' }],
    VpnGatewayId: { Ref: 'Vgw' },
  });
  const network = networkOf({ Vpc: VPC, Table, P, Vgw: of('AWS::EC2::VPNGateway') });
  expect(noun(network.routeTables, 'S.Table').propagatingGateways).toEqual(['S.Vgw']);
});
