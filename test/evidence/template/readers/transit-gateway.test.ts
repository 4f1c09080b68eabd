import { isUnknown, unknown } from '../../../../lib/evidence/network';
import { ReferenceValue, TextWithReferences } from '../../../../lib/evidence/template/resource';
import { networkOf, noun, subnet, VPC, type Written } from './fixture';

const of = (Type: string, Properties: Readonly<Record<string, unknown>> = {}, certain = true): Written => ({
  Type,
  Properties,
  certain,
});
const OFF = { DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' };
const tgw = (more: object = {}) => of('AWS::EC2::TransitGateway', { ...more });
const attachment = (type = 'TransitGatewayVpcAttachment', more: object = {}) =>
  of(`AWS::EC2::${type}`, {
    TransitGatewayId: { Ref: 'Tgw' },
    VpcId: { Ref: 'Vpc' },
    SubnetIds: [{ Ref: 'A' }],
    ...more,
  });
const Table = of('AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: { Ref: 'Tgw' } });
const link = (kind: 'Association' | 'Propagation', certain = true) =>
  of(
    `AWS::EC2::TransitGatewayRouteTable${kind}`,
    { TransitGatewayAttachmentId: { Ref: 'At' }, TransitGatewayRouteTableId: { Ref: 'Table' } },
    certain,
  );
const BASE = { Vpc: VPC, A: subnet() };
const written = (value: unknown) => (value === undefined ? 'none' : isUnknown(value) ? 'unknown' : value);

describe('association and propagation (fact 23)', () => {
  test.each<[string, Readonly<Record<string, Written>>, string]>([
    ['on when unset', { Tgw: tgw() }, 'S.Tgw#default-route-table'],
    ['on when it says so', { Tgw: tgw({ DefaultRouteTableAssociation: 'enable' }) }, 'S.Tgw#default-route-table'],
    ['off: the attachment cannot send', { Tgw: tgw(OFF) }, 'none'],
    ['an unknown default', { Tgw: tgw({ DefaultRouteTableAssociation: unknown('p', ['S.P']) }) }, 'unknown'],
    ['explicit', { Tgw: tgw(OFF), Table, X: link('Association') }, 'S.Table'],
    ['explicit, and it may not exist', { Tgw: tgw(OFF), Table, X: link('Association', false) }, 'unknown'],
    ['to a gateway that no template shows', { At: attachment(undefined, { TransitGatewayId: 'tgw-0abc' }) }, 'unknown'],
  ])('association %s', (_, more, expected) => {
    const network = networkOf({ ...BASE, At: attachment(), ...more });
    expect(written(noun(network.transitGatewayAttachments, 'S.At').association)).toBe(expected);
  });

  test.each<[string, Readonly<Record<string, Written>>, string, string[]]>([
    ['on when unset', { Tgw: tgw() }, 'S.Tgw#default-route-table', ['S.At true']],
    [
      'an unknown default may propagate',
      { Tgw: tgw({ DefaultRouteTablePropagation: unknown('p') }) },
      'S.Tgw#default-route-table',
      ['S.At false'],
    ],
    ['explicit', { Tgw: tgw(OFF), Table, X: link('Propagation') }, 'S.Table', ['S.At true']],
    ['none', { Tgw: tgw(OFF), Table }, 'S.Table', []],
  ])('propagation %s', (_, more, table, expected) => {
    const network = networkOf({ ...BASE, At: attachment(), ...more });
    const { propagations } = noun(network.transitGatewayRouteTables, table);
    expect(propagations.map(({ attachment: id, certain }) => `${id} ${certain}`)).toEqual(expected);
  });

  test('both off: there is no default table', () => {
    const network = networkOf({ ...BASE, Tgw: tgw(OFF), At: attachment() });
    expect(network.transitGatewayRouteTables).toEqual([]);
  });
});

test.each(['TransitGatewayVpcAttachment', 'TransitGatewayAttachment'])(
  'AWS::EC2::%s attaches a VPC by its subnets (facts 25, 41)',
  (type) => {
    const At = attachment(type, { Options: { ApplianceModeSupport: 'enable' } });
    const network = networkOf({ ...BASE, Tgw: tgw(), At });
    expect(noun(network.transitGatewayAttachments, 'S.At')).toMatchObject({
      attached: { kind: 'vpc', vpc: 'S.Vpc', subnets: ['S.A'] },
      applianceMode: true,
      securityGroupReferencing: true,
    });
  },
);

test('referencing groups is off on the gateway and on for attachments, unless set (facts 3, 26)', () => {
  const options = { Options: { SecurityGroupReferencingSupport: 'disable' } };
  const network = networkOf({ ...BASE, Tgw: tgw(), At: attachment(undefined, options) });
  expect(noun(network.transitGateways, 'S.Tgw').securityGroupReferencing).toBe(false);
  expect(noun(network.transitGatewayAttachments, 'S.At').securityGroupReferencing).toBe(false);
});

test('static routes, blackholes and unknown targets (fact 24)', () => {
  const route = (more: object) =>
    of('AWS::EC2::TransitGatewayRoute', {
      TransitGatewayRouteTableId: { Ref: 'Table' },
      DestinationCidrBlock: '0.0.0.0/0',
      ...more,
    });
  const network = networkOf({
    ...BASE,
    Tgw: tgw(OFF),
    Table,
    At: attachment(),
    R1: route({ TransitGatewayAttachmentId: { Ref: 'At' } }),
    R2: route({ Blackhole: true }),
    R3: route({}),
  });
  const { routes } = noun(network.transitGatewayRouteTables, 'S.Table');
  expect(routes.map(({ target }) => ('id' in target ? target.id : target.kind))).toEqual([
    'S.At',
    'blackhole',
    'unknown',
  ]);
});

test('a peering between gateways is an attachment on each side that a template shows (fact 24)', () => {
  const network = networkOf({
    Tgw: tgw(OFF),
    Peer: tgw(OFF),
    At: of('AWS::EC2::TransitGatewayPeeringAttachment', {
      TransitGatewayId: { Ref: 'Tgw' },
      PeerTransitGatewayId: { Ref: 'Peer' },
    }),
    Table: of('AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: { Ref: 'Peer' } }),
    X: link('Association'),
  });
  expect(noun(network.transitGatewayAttachments, 'S.At')).toMatchObject({
    transitGateway: 'S.Tgw',
    attached: { kind: 'peering', peer: 'S.At#accepter' },
  });
  expect(noun(network.transitGatewayAttachments, 'S.At#accepter')).toMatchObject({
    transitGateway: 'S.Peer',
    attached: { kind: 'peering', peer: 'S.At' },
    association: 'S.Table',
  });
});

test('a peering to a gateway that no template shows has no peer (fact 27)', () => {
  const At = of('AWS::EC2::TransitGatewayPeeringAttachment', {
    TransitGatewayId: { Ref: 'Tgw' },
    PeerTransitGatewayId: 'tgw-0abc',
  });
  const { attached } = noun(networkOf({ Tgw: tgw(OFF), At }).transitGatewayAttachments, 'S.At');
  expect(attached).toEqual({ kind: 'peering' });
});

test.each<[string, Readonly<Record<string, Written>>]>([
  ['accepts attachments by itself', { Tgw: tgw({ AutoAcceptSharedAttachments: 'enable' }) }],
  [
    'is shared',
    {
      Tgw: tgw(),
      Share: of('AWS::RAM::ResourceShare', { ResourceArns: [{ 'Fn::GetAtt': ['Tgw', 'TransitGatewayArn'] }] }),
    },
  ],
])('a gateway that %s may have attachments that no template shows (fact 26)', (_, template) => {
  expect(noun(networkOf(template).transitGatewayAttachments, 'S.Tgw#unseen-attachments')).toMatchObject({
    certain: false,
    attached: { kind: 'unknown' },
    association: 'S.Tgw#default-route-table',
  });
});

describe('VPN and Direct Connect (fact 28)', () => {
  const Cgw = of('AWS::EC2::CustomerGateway', { IpAddress: '203.0.113.10', BgpAsn: 65010, Type: 'ipsec.1' });
  const vpn = (more: object) =>
    of('AWS::EC2::VPNConnection', { CustomerGatewayId: { Ref: 'Cgw' }, Type: 'ipsec.1', ...more });

  test('one that ends at a transit gateway makes an attachment', () => {
    const network = networkOf({ Tgw: tgw(), Cgw, Vpn: vpn({ TransitGatewayId: { Ref: 'Tgw' } }) });
    expect(noun(network.vpnConnections, 'S.Vpn')).toMatchObject({ customerGatewayIp: '203.0.113.10', routing: 'bgp' });
    expect(noun(network.transitGatewayAttachments, 'S.Vpn#attachment').attached).toEqual({ kind: 'vpn', id: 'S.Vpn' });
  });

  test('one with static routes has no others', () => {
    const network = networkOf({
      Vgw: of('AWS::EC2::VPNGateway', { Type: 'ipsec.1' }),
      Cgw,
      Vpn: vpn({ VpnGatewayId: { Ref: 'Vgw' }, StaticRoutesOnly: true }),
      R: of('AWS::EC2::VPNConnectionRoute', { VpnConnectionId: { Ref: 'Vpn' }, DestinationCidrBlock: '10.200.0.0/16' }),
    });
    expect(noun(network.vpnConnections, 'S.Vpn')).toMatchObject({
      gateway: { kind: 'vpn-gateway', id: 'S.Vgw' },
      routing: 'static',
      routes: [{ family: 4, length: 16 }],
    });
  });

  test('a look-up of its attachment, as CDK writes one, is followed to it', () => {
    const parts = [
      '{"service":"EC2","action":"describeTransitGatewayAttachments","parameters":{"Filters":[{"Values":["',
      new ReferenceValue({ resource: 'S.Vpn' }),
      '"]}]}}',
    ];
    const network = networkOf({
      Tgw: tgw(OFF),
      Cgw,
      Vpn: vpn({ TransitGatewayId: { Ref: 'Tgw' } }),
      Table,
      LookUp: of('Custom::AWS', {
        ServiceToken: 'arn',
        Create: new TextWithReferences(parts),
        Update: new TextWithReferences(parts),
      }),
      X: of('AWS::EC2::TransitGatewayRouteTableAssociation', {
        TransitGatewayAttachmentId: {
          'Fn::GetAtt': ['LookUp', 'TransitGatewayAttachments.0.TransitGatewayAttachmentId'],
        },
        TransitGatewayRouteTableId: { Ref: 'Table' },
      }),
    });
    expect(noun(network.transitGatewayAttachments, 'S.Vpn#attachment').association).toBe('S.Table');
    expect(network.unmodelled).toEqual([]);
  });

  test('a Direct Connect gateway attaches to a transit gateway', () => {
    const Dx = of('AWS::DirectConnect::DirectConnectGatewayAssociation', {
      AssociatedGatewayId: { Ref: 'Tgw' },
      DirectConnectGatewayId: 'dx',
    });
    const network = networkOf({ Tgw: tgw(), Dx });
    expect(noun(network.transitGatewayAttachments, 'S.Dx#attachment').attached.kind).toBe('direct-connect');
  });
});

test('a peering of VPCs whose other side no template shows leads to an external VPC (fact 27)', () => {
  const P = of('AWS::EC2::VPCPeeringConnection', {
    VpcId: { Ref: 'Vpc' },
    PeerVpcId: 'vpc-0abc',
    PeerOwnerId: '123456789012',
  });
  const network = networkOf({ Vpc: VPC, P });
  expect(noun(network.peeringConnections, 'S.P')).toMatchObject({ requester: 'S.Vpc', accepter: 'vpc-0abc' });
  expect(noun(network.vpcs, 'vpc-0abc').external).toBe(true);
});
