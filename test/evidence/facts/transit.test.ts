/** Facts 23 to 28: transit gateways, peering and VPN, for both families. */
import { network } from '../../fixtures/network-builder';
import { fact } from './fact';
import { factOfTemplate } from './fact-of-template';

const EVERYTHING = ['any from 0.0.0.0/0', 'any from ::/0'];
const SIX = { ipv6: true };

interface Hub {
  readonly associations?: readonly [string | undefined, string | undefined];
  readonly routes?: readonly string[];
  readonly propagations?: readonly string[];
  readonly zone?: string;
  readonly referencing?: readonly [boolean, boolean, boolean];
  readonly ingress?: readonly string[];
}

/** A in V and B in W, each attached to one gateway by a small subnet of zone `a`. */
function hub(options: Hub = {}) {
  const [ofV, ofW] = options.associations ?? ['Rt', 'Rt'];
  const [gateway, one, other] = options.referencing ?? [false, false, false];
  const out = ['10.0.0.0/8 -> tgw:Hub', '2001:db8::/32 -> tgw:Hub'];
  const attached = (vpc: string) => ({ kind: 'vpc', vpc, subnets: [`Door${vpc}`] }) as const;
  return network()
    .vpc('V', '10.1.0.0/16 2001:db8:1::/56')
    .vpc('W', '10.2.0.0/16 2001:db8:2::/56')
    .transitGateway('Hub', { securityGroupReferencing: gateway })
    .table('OutV', 'V', out)
    .table('OutW', 'W', out)
    .subnet('S', 'V', '10.1.1.0/24 2001:db8:1:1::/64', { table: 'OutV', az: options.zone ?? 'a' })
    .subnet('DoorV', 'V', '10.1.0.0/28 2001:db8:1::/64')
    .subnet('T', 'W', '10.2.1.0/24 2001:db8:2:1::/64', { table: 'OutW' })
    .subnet('DoorW', 'W', '10.2.0.0/28 2001:db8:2::/64')
    .attachment('AttV', 'Hub', attached('V'), { association: ofV, securityGroupReferencing: one })
    .attachment('AttW', 'Hub', attached('W'), { association: ofW, securityGroupReferencing: other })
    .transitGatewayTable('Rt', 'Hub', options.routes ?? [], options.propagations ?? ['AttV', 'AttW'])
    .group('Open', 'V', EVERYTHING)
    .group('In', 'W', options.ingress ?? EVERYTHING)
    .interface('A', 'S', { groups: ['Open'], address: '10.1.1.9 2001:db8:1:1::9', ...SIX })
    .interface('B', 'T', { groups: ['In'], address: '10.2.1.9 2001:db8:2:1::9', ...SIX })
    .build();
}

fact('23: association and propagation make the path, and are independent of each other', hub(), [
  ['A@10.1.1.9', 'B', 'tcp 443', 'reachable'],
  ['A@2001:db8:1:1::9', 'B', 'tcp 443', 'reachable'],
]);
fact('23: without the propagation of the initiator no reply comes back', hub({ propagations: ['AttW'] }), [
  ['A@10.1.1.9', 'B', 'tcp 443', 'blocked'],
  ['A@2001:db8:1:1::9', 'B', 'tcp 443', 'blocked'],
  ['A', 'B', 'udp 53', 'unknown'],
]);
fact(
  '23: without an association an attachment cannot send, but may be sent to',
  hub({ associations: ['Rt', undefined] }),
  [
    ['A', 'B', 'udp 53', 'unknown'],
    ['B@10.2.1.9', 'A', 'udp 53', 'blocked'],
    ['B@2001:db8:2:1::9', 'A', 'udp 53', 'blocked'],
  ],
);

const attachedTo = (vpc: string, subnet: string) => ({
  Type: 'AWS::EC2::TransitGatewayAttachment',
  Properties: { TransitGatewayId: { Ref: 'Hub' }, VpcId: { Ref: vpc }, SubnetIds: [{ Ref: subnet }] },
});
const routeTo = (table: string) => ({
  Type: 'AWS::EC2::Route',
  Properties: {
    RouteTableId: { 'Fn::GetAtt': [table, 'RouteTableId'] },
    DestinationCidrBlock: '10.0.0.0/8',
    TransitGatewayId: { Ref: 'Hub' },
  },
});
const withTable = (vpc: string, subnet: string, name: string) => ({
  [name]: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: vpc } } },
  [`${name}Of`]: {
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: subnet }, RouteTableId: { Ref: name } },
  },
  [`${name}Route`]: routeTo(name),
});
const joinedByDefault = (hubProperties: object) => ({
  Hub: { Type: 'AWS::EC2::TransitGateway', Properties: hubProperties },
  Other: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.9.0.0/16' } },
  Far: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Other' }, CidrBlock: '10.9.1.0/24' } },
  AttOne: attachedTo('Vpc', 'Subnet'),
  AttTwo: attachedTo('Other', 'Far'),
  ...withTable('Vpc', 'Subnet', 'One'),
  ...withTable('Other', 'Far', 'Two'),
  Sg: {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: {
      VpcId: { Ref: 'Other' },
      GroupDescription: 'open',
      SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }],
    },
  },
  A: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { Ref: 'Subnet' } } },
  B: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { Ref: 'Far' }, SecurityGroupIds: [{ Ref: 'Sg' }] } },
});
factOfTemplate(
  '23: default association and propagation are on unless the template turns them off',
  joinedByDefault({}),
  [['A', 'B', 'tcp 443', 'reachable']],
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-transitgateway.html',
);
factOfTemplate(
  '23: turned off, nothing passes',
  joinedByDefault({ DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' }),
  [['A', 'B', 'tcp 443', 'blocked']],
);

fact(
  '24: a static route beats a propagated one of equal length, and a blackhole drops',
  hub({ routes: ['10.2.0.0/16 -> blackhole', '2001:db8:2::/56 -> blackhole'] }),
  [
    ['A@10.1.1.9', 'B', 'tcp 443', 'blocked'],
    ['A@2001:db8:1:1::9', 'B', 'tcp 443', 'blocked'],
  ],
);
fact(
  '24: a longer propagated range beats a shorter static one',
  hub({ routes: ['10.0.0.0/8 -> blackhole', '2001:db8::/32 -> blackhole'] }),
  [
    ['A@10.1.1.9', 'B', 'tcp 443', 'reachable'],
    ['A@2001:db8:1:1::9', 'B', 'tcp 443', 'reachable'],
  ],
);

fact(
  '25: hosts in a zone without an attachment subnet cannot send through it, but are delivered to',
  hub({ zone: 'b' }),
  [
    ['A', 'B', 'tcp 443', 'blocked'],
    ['B@10.2.1.9', 'A', 'udp 53', 'unknown'],
    ['B@2001:db8:2:1::9', 'A', 'udp 53', 'unknown'],
  ],
);

const BY_GROUP = ['tcp 443 from sg:Open'];
fact(
  '26: a group is seen across a gateway where it and both attachments say so',
  hub({ ingress: BY_GROUP, referencing: [true, true, true] }),
  [
    ['A@10.1.1.9', 'B', 'tcp 443', 'reachable'],
    ['A@2001:db8:1:1::9', 'B', 'tcp 443', 'reachable'],
  ],
  'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html',
);
fact(
  '26: one attachment that does not say so hides the group',
  hub({ ingress: BY_GROUP, referencing: [true, true, false] }),
  [['A', 'B', 'tcp 443', 'blocked']],
);

const peered = (there: readonly string[], back: readonly string[], ingress = EVERYTHING, external = false) =>
  network()
    .vpc('V', '10.1.0.0/16 2001:db8:1::/56')
    .vpc('W', external ? '' : '10.2.0.0/16 2001:db8:2::/56', external ? { external: true } : {})
    .peering('P', 'V', 'W')
    .table('RV', 'V', there)
    .table('RW', 'W', back)
    .subnet('S', 'V', '10.1.1.0/24 2001:db8:1:1::/64', { table: 'RV' })
    .group('Open', 'V', EVERYTHING)
    .interface('A', 'S', { groups: ['Open'], address: '10.1.1.9 2001:db8:1:1::9', ...SIX })
    .subnet('T', 'W', external ? '' : '10.2.1.0/24 2001:db8:2:1::/64', { table: 'RW', external })
    .group('In', 'W', ingress)
    .interface('B', 'T', { groups: ['In'], ...SIX })
    .build();
const THERE = ['10.2.0.0/16 -> pcx:P', '2001:db8:2::/56 -> pcx:P'];
const BACK = ['10.1.0.0/16 -> pcx:P', '2001:db8:1::/56 -> pcx:P'];

fact(
  '27: peering needs routes on both sides for a conversation; groups may be named across it',
  peered(THERE, BACK, BY_GROUP),
  [
    ['A@10.1.1.9', 'B', 'tcp 443', 'reachable'],
    ['A@2001:db8:1:1::9', 'B', 'tcp 443', 'reachable'],
    ['A', 'B', 'tcp 22', 'blocked'],
  ],
);
fact('27: with the way there only, nothing is answered', peered(THERE, []), [
  ['A@10.1.1.9', 'B', 'tcp 443', 'blocked'],
  ['A@2001:db8:1:1::9', 'B', 'tcp 443', 'blocked'],
]);
fact('27: a peer that no template shows is not known', peered(THERE, [], EVERYTHING, true), [
  ['A@10.1.1.9', 'external:W', 'tcp 443', 'unknown'],
  ['A@2001:db8:1:1::9', 'external:W', 'tcp 443', 'unknown'],
]);

const vpn = (routes: readonly string[] | undefined) =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .vpnGateway('Vgw', 'V')
    .vpnConnection('Vpn', 'vgw:Vgw', routes)
    .table('R', 'V', [], { propagatingGateways: ['Vgw'] })
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64', { table: 'R' })
    .group('Site', 'V', ['tcp 443 from 10.200.0.0/16', 'tcp 443 from fd00:200::/32', 'udp 53 from 172.16.0.0/12'])
    .interface('A', 'S', { groups: ['Site'], address: '10.0.1.9 2001:db8:0:1::9', ...SIX })
    .build();
fact(
  '28: a site may send from any address, and is answered where a static route leads back',
  vpn(['10.200.0.0/16', 'fd00:200::/32']),
  [
    ['site:Vpn@10.200.0.9', 'A', 'tcp 443', 'reachable'],
    ['site:Vpn@fd00:200::9', 'A', 'tcp 443', 'blocked'],
    ['site:Vpn@172.16.0.9', 'A', 'udp 53', 'unknown'],
    ['site:Vpn', 'A', 'tcp 22', 'blocked'],
    ['A', 'site:Vpn@10.200.0.9', 'tcp 443', 'reachable'],
    ['A', 'site:Vpn@192.168.0.9', 'tcp 443', 'blocked'],
  ],
);
fact('28: what a site announces by BGP is not known', vpn(undefined), [
  ['site:Vpn@10.200.0.9', 'A', 'tcp 443', 'unknown'],
  ['site:Vpn@fd00:200::9', 'A', 'tcp 443', 'blocked'],
  ['A', 'site:Vpn@192.168.0.9', 'tcp 443', 'unknown'],
]);
