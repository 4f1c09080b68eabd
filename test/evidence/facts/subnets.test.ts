/** Facts 10 to 18: subnets, network ACLs and route tables, for both families. */
import { network } from '../../fixtures/network-builder';
import { fact } from './fact';
import { factOfTemplate } from './fact-of-template';

const OPEN = { groups: ['Open'], ipv6: true };
const EVERYTHING = ['any from 0.0.0.0/0', 'any from ::/0'];

/** S has the default ACL, T the given one; two hosts in T. */
const behindAcl = (entries: readonly string[]) =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .acl('Acl', 'V', entries)
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64')
    .subnet('T', 'V', '10.0.2.0/24 2001:db8:0:2::/64', { acl: 'Acl' })
    .group('Open', 'V', EVERYTHING)
    .interface('A', 'S', { ...OPEN, address: '10.0.1.9 2001:db8:0:1::9' })
    .interface('B', 'T', { ...OPEN, address: '10.0.2.9 2001:db8:0:2::9' })
    .interface('B2', 'T', { ...OPEN, address: '10.0.2.10 2001:db8:0:2::10' })
    .build();

fact('10: inside one subnet neither an ACL nor a route table is asked', behindAcl([]), [
  ['B@10.0.2.9', 'B2', 'tcp 443', 'reachable'],
  ['B@2001:db8:0:2::9', 'B2', 'tcp 443', 'reachable'],
  ['A@10.0.1.9', 'B', 'tcp 443', 'blocked'],
  ['A@2001:db8:0:1::9', 'B', 'tcp 443', 'blocked'],
]);

fact(
  '11: the reply meets both ACLs again, and needs the port open that the initiator chose',
  behindAcl([
    '100 ingress allow tcp 443 0.0.0.0/0',
    '101 ingress allow tcp 443 ::/0',
    '100 egress allow tcp 1024-65535 0.0.0.0/0',
    '101 egress allow tcp 32768-40000 ::/0',
  ]),
  [
    ['A@10.0.1.9', 'B', 'tcp 443', 'reachable'],
    // The initiator may choose such a port.
    ['A@2001:db8:0:1::9', 'B', 'tcp 443', 'reachable'],
    ['A', 'B', 'tcp 80', 'blocked'],
    ['B', 'A', 'tcp 443', 'blocked'],
  ],
);
fact(
  '11: entries match destination ports only, so that the reply’s ports have to be open whoever answers',
  behindAcl([
    '100 ingress allow any 0.0.0.0/0',
    '101 ingress allow any ::/0',
    '100 egress allow tcp 443 0.0.0.0/0',
    '101 egress allow tcp 443 ::/0',
  ]),
  [
    // Only a client that happens to send from port 443 is answered.
    ['A@10.0.1.9', 'B', 'tcp 443', 'unknown'],
    ['A@2001:db8:0:1::9', 'B', 'tcp 443', 'unknown'],
    ['B@10.0.2.9', 'A', 'tcp 443', 'reachable'],
    ['B@2001:db8:0:2::9', 'A', 'tcp 443', 'reachable'],
  ],
);

fact(
  '12: the lowest number that matches decides, whatever the order in the file; the end is a deny',
  behindAcl([
    '200 ingress allow any 0.0.0.0/0',
    '201 ingress allow any ::/0',
    '90 ingress deny tcp 22 10.0.1.0/24',
    '91 ingress deny tcp 22 2001:db8:0:1::/64',
    '300 ingress deny any 0.0.0.0/0',
    '100 egress allow any 0.0.0.0/0',
    '101 egress allow any ::/0',
  ]),
  [
    ['A@10.0.1.9', 'B', 'tcp 22', 'blocked'],
    ['A@2001:db8:0:1::9', 'B', 'tcp 22', 'blocked'],
    ['A@10.0.1.9', 'B', 'tcp 443', 'reachable'],
    ['A@2001:db8:0:1::9', 'B', 'tcp 443', 'reachable'],
  ],
);

/** V is peered with W: a range of V's beyond its subnets, and what main tables have. */
const routed = (routes: readonly string[], table: string | null = 'R') =>
  network()
    .vpc('V', '10.0.0.0/16 10.8.0.0/16 2001:db8::/56')
    .vpc('W', '10.9.0.0/16 2001:db8:9::/56')
    .peering('P', 'V', 'W')
    .prefixList('List', ['10.9.1.0/24', '2001:db8:9:1::/64'])
    .table('R', 'V', routes)
    .table('Back', 'W', ['10.0.0.0/8 -> pcx:P', '2001:db8::/56 -> pcx:P'])
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64', table === null ? {} : { table })
    .subnet('Second', 'V', '10.8.1.0/24')
    .subnet('T', 'W', '10.9.1.0/24 2001:db8:9:1::/64', { table: 'Back' })
    .group('Open', 'V', EVERYTHING)
    .group('OpenW', 'W', EVERYTHING)
    .interface('A', 'S', { ...OPEN, address: '10.0.1.9 2001:db8:0:1::9' })
    .interface('Other', 'Second', { groups: ['Open'] })
    .interface('B', 'T', { groups: ['OpenW'], ipv6: true })
    .build();
const BOTH = ['10.9.0.0/16 -> pcx:P', '2001:db8:9::/56 -> pcx:P'];

fact('13: a subnet without a table of its own uses the main one, which is local only', routed(BOTH, null), [
  ['A', 'B', 'tcp 443', 'blocked'],
  ['A', 'Other', 'tcp 443', 'reachable'],
]);
fact(
  '14: longest prefix wins; a blackhole is a drop; local is an entry for each range of the VPC, secondary ones too',
  routed([...BOTH, '10.9.1.128/25 -> blackhole', '2001:db8:9:1::/64 -> blackhole', '10.8.0.0/14 -> pcx:P']),
  [
    ['A', 'Other', 'tcp 443', 'reachable'],
    ['A', 'subnet:T@10.9.1.9', 'tcp 443', 'reachable'],
    ['A', 'subnet:T@10.9.1.200', 'tcp 443', 'blocked'],
    ['A', 'subnet:T@2001:db8:9:1::9', 'tcp 443', 'blocked'],
  ],
);
fact(
  '15: a route whose target is not known leads anywhere perhaps and nowhere for certain; nothing falls through it',
  routed([...BOTH, '10.9.1.0/24 -> ?', '2001:db8:9:1::/64 -> ?']),
  [
    ['A@10.0.1.9', 'B', 'tcp 443', 'unknown'],
    ['A@2001:db8:0:1::9', 'B', 'tcp 443', 'unknown'],
  ],
);
fact(
  '16: a static route beats the same range of a prefix list',
  routed(['pl:List -> blackhole', '10.9.1.0/24 -> pcx:P', '2001:db8:9:1::/64 -> pcx:P']),
  [
    ['A@10.0.1.9', 'B', 'tcp 443', 'reachable'],
    ['A@2001:db8:0:1::9', 'B', 'tcp 443', 'reachable'],
  ],
  'https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html',
);
fact('16: a longer range of a prefix list beats a shorter static one', routed([...BOTH, 'pl:List -> blackhole']), [
  ['A@10.0.1.9', 'B', 'tcp 443', 'blocked'],
  ['A@2001:db8:0:1::9', 'B', 'tcp 443', 'blocked'],
]);

/** B and C are public; only C's table has a way back. V is peered with W, which has no gateway of its own. */
const entered = () =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .vpc('W', '10.9.0.0/16 2001:db8:9::/56')
    .peering('P', 'V', 'W')
    .internetGateway('Igw', 'V')
    .vpnGateway('Vgw', 'V')
    .vpnConnection('Vpn', 'vgw:Vgw', ['192.168.0.0/16', 'fd00:5::/32'])
    .table('Out', 'V', [
      '0.0.0.0/0 -> igw:Igw',
      '::/0 -> igw:Igw',
      '192.168.0.0/16 -> vgw:Vgw',
      'fd00:5::/32 -> vgw:Vgw',
    ])
    .table('Local', 'V', [])
    .table('FromW', 'W', ['0.0.0.0/0 -> pcx:P', '::/0 -> pcx:P'])
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64', { table: 'Local' })
    .subnet('T', 'V', '10.0.2.0/24 2001:db8:0:2::/64', { table: 'Out' })
    .subnet('X', 'W', '10.9.1.0/24 2001:db8:9:1::/64', { table: 'FromW' })
    .group('Open', 'V', EVERYTHING)
    .group('OpenW', 'W', EVERYTHING)
    .interface('B', 'S', { ...OPEN, publicIpv4: true })
    .interface('C', 'T', { ...OPEN, publicIpv4: true })
    .interface('D', 'X', { groups: ['OpenW'], publicIpv4: true, ipv6: true })
    .build();

fact('17: what a gateway delivers asks no route table, but the reply needs a route', entered(), [
  ['internet', 'C', 'tcp 443', 'reachable'],
  ['internet', 'C', 'icmpv6 128', 'reachable'],
  ['internet', 'B', 'tcp 443', 'blocked'],
  ['internet@2600::1', 'B', 'tcp 443', 'blocked'],
  ['internet', 'B', 'udp 53', 'unknown'],
  ['internet@2600::1', 'B', 'udp 53', 'unknown'],
  ['site:Vpn@192.168.0.9', 'C', 'tcp 443', 'reachable'],
  ['site:Vpn@192.168.0.9', 'B', 'tcp 443', 'blocked'],
]);

const edge = (stateful: readonly string[]) =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .internetGateway('Igw', 'V')
    .firewall('Fw', 'V', 'F', { stateful: [...stateful] })
    .table('App', 'V', ['0.0.0.0/0 -> firewall:Fw@F', '::/0 -> firewall:Fw@F'])
    .table('Fire', 'V', ['0.0.0.0/0 -> igw:Igw', '::/0 -> igw:Igw'])
    .table('Edge', 'V', ['10.0.1.0/24 -> firewall:Fw@F', '2001:db8:0:1::/64 -> firewall:Fw@F'], { edgeOf: 'Igw' })
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64', { table: 'App' })
    .subnet('F', 'V', '10.0.9.0/28 2001:db8:0:9::/64', { table: 'Fire' })
    .group('Open', 'V', EVERYTHING)
    .interface('A', 'S', { ...OPEN, publicIpv4: true })
    .build();
fact(
  '17: the edge table of a gateway decides where what comes in goes first',
  edge(['1 pass tcp 443 from 0.0.0.0/0 to 10.0.0.0/8', '2 pass tcp 444 from ::/0 to 2001:db8::/56']),
  [
    ['internet', 'A', 'tcp 443', 'reachable'],
    ['internet@2600::1', 'A', 'tcp 444', 'reachable'],
    ['internet', 'A', 'tcp 22', 'blocked'],
    ['internet@2600::1', 'A', 'tcp 443', 'blocked'],
  ],
);

fact('18: no transit: a peer never leaves by this VPC’s gateways, nor does a site', entered(), [
  ['D', 'internet', 'tcp 443', 'blocked'],
  ['D@2001:db8:9:1::9', 'internet', 'tcp 443', 'blocked'],
  ['D', 'site:Vpn', 'tcp 443', 'blocked'],
  ['site:Vpn@192.168.0.9', 'internet', 'tcp 443', 'blocked'],
  ['site:Vpn@fd00:5::9', 'internet', 'tcp 443', 'blocked'],
  ['internet', 'D', 'tcp 443', 'blocked'],
  ['site:Vpn@192.168.0.9', 'D', 'tcp 443', 'blocked'],
]);

const inVpc = (properties: object) => ({ VpcId: { Ref: 'Vpc' }, ...properties });
factOfTemplate(
  '12: a subnet without an ACL of its own has the default one, whose rule 100 no template can take away',
  {
    Entry: {
      Type: 'AWS::EC2::NetworkAclEntry',
      Properties: {
        NetworkAclId: { 'Fn::GetAtt': ['Vpc', 'DefaultNetworkAcl'] },
        RuleNumber: 200,
        Protocol: -1,
        RuleAction: 'deny',
        CidrBlock: '0.0.0.0/0',
      },
    },
    Far: { Type: 'AWS::EC2::Subnet', Properties: inVpc({ CidrBlock: '10.0.2.0/24' }) },
    Sg: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: inVpc({
        GroupDescription: 'open',
        SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }],
      }),
    },
    A: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { Ref: 'Subnet' }, SecurityGroupIds: [{ Ref: 'Sg' }] } },
    B: { Type: 'AWS::EC2::Instance', Properties: { SubnetId: { Ref: 'Far' }, SecurityGroupIds: [{ Ref: 'Sg' }] } },
  },
  [['A', 'B', 'tcp 443', 'reachable']],
);
