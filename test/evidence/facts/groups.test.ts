/** Facts 1 to 9: interfaces and security groups, for both families. */
import { network } from '../../fixtures/network-builder';
import { fact } from './fact';
import { factOfTemplate } from './fact-of-template';

/** Two dual-stack subnets of one VPC. */
const pair = () =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64')
    .subnet('T', 'V', '10.0.2.0/24 2001:db8:0:2::/64');
const SIX = { ipv6: true };
/** With an address of its own in each family, so that a question may name it. */
const NINE = { address: '10.0.1.9 2001:db8:0:1::9', ipv6: true };

fact(
  '1: the rules of all groups of an interface add up; no group named is the default group',
  pair()
    .group('Web', 'V', ['tcp 443 from 10.0.1.0/24', 'tcp 444 from 2001:db8:0:1::/64'])
    .group('Admin', 'V', ['tcp 22 from 10.0.1.0/24', 'tcp 23 from ::/0'])
    .interface('A', 'S', NINE)
    .interface('Both', 'T', { groups: ['Web', 'Admin'], ...SIX })
    .interface('One', 'T', { groups: ['Web'], ...SIX })
    .interface('None', 'T', SIX)
    .build(),
  [
    ['A', 'Both', 'tcp 443', 'reachable'],
    ['A', 'Both', 'tcp 22', 'reachable'],
    ['A', 'Both', 'tcp 444', 'reachable'],
    ['A', 'Both', 'tcp 23', 'reachable'],
    ['A', 'One', 'tcp 22', 'blocked'],
    ['A', 'One', 'tcp 23', 'blocked'],
    ['A', 'None', 'tcp 5432', 'reachable'],
    ['One', 'None', 'tcp 5432', 'blocked'],
  ],
);

fact(
  '2: only what an egress rule allows goes out',
  pair()
    .group('Open', 'V', ['any from 0.0.0.0/0', 'any from ::/0'])
    .group('Quiet', 'V', [], [])
    .group('Four', 'V', [], ['any to 0.0.0.0/0'])
    .group('Six', 'V', [], ['any to ::/0'])
    .interface('Quiet1', 'S', { groups: ['Quiet'], ...SIX })
    .interface('Four1', 'S', { groups: ['Four'], ...NINE })
    .interface('Six1', 'S', { groups: ['Six'], ...NINE })
    .interface('B', 'T', { groups: ['Open'], ...SIX })
    .build(),
  [
    ['Quiet1', 'B', 'tcp 443', 'blocked'],
    ['Four1', 'B', 'tcp 443', 'reachable'],
    ['Four1@2001:db8:0:1::9', 'B', 'tcp 443', 'blocked'],
    ['Six1', 'B', 'tcp 443', 'reachable'],
    ['Six1@10.0.1.9', 'B', 'tcp 443', 'blocked'],
  ],
);

factOfTemplate(
  '2: a group without egress rules, or with an empty list of them, lets everything out; one rule ends that',
  {
    Dst: group({ SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] }),
    Absent: group({}),
    Empty: group({ SecurityGroupEgress: [] }),
    Inline: group({ SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }] }),
    Alone: group({}),
    AloneRule: {
      Type: 'AWS::EC2::SecurityGroupEgress',
      Properties: { GroupId: { Ref: 'Alone' }, IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' },
    },
    D: instance('Dst'),
    FromAbsent: instance('Absent'),
    FromEmpty: instance('Empty'),
    FromInline: instance('Inline'),
    FromAlone: instance('Alone'),
  },
  [
    ['FromAbsent', 'D', 'tcp 22', 'reachable'],
    ['FromEmpty', 'D', 'tcp 22', 'reachable'],
    ['FromInline', 'D', 'tcp 443', 'reachable'],
    ['FromInline', 'D', 'tcp 22', 'blocked'],
    ['FromAlone', 'D', 'tcp 22', 'blocked'],
  ],
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html',
);

fact(
  '3: a group as source is its members, by interface, now or later, and in its own VPC',
  pair()
    .vpc('W', '10.0.0.0/16')
    .subnet('Elsewhere', 'W', '10.0.1.0/24')
    .group('App', 'V', [])
    .group('Db', 'V', ['tcp 5432 from sg:App'])
    .interface('A', 'S', { groups: ['App'], ...NINE })
    .interface('Stranger', 'S', { groups: ['Db'], ...NINE })
    .interface('B', 'T', { groups: ['Db'], ...SIX })
    .interface('SameAddress', 'Elsewhere')
    .build(),
  [
    ['A', 'B', 'tcp 5432', 'reachable'],
    ['A@2001:db8:0:1::9', 'subnet:T', 'tcp 5432', 'reachable'],
    ['A', 'B', 'tcp 5433', 'blocked'],
    ['Stranger', 'B', 'tcp 5432', 'blocked'],
    ['Stranger@2001:db8:0:1::9', 'B', 'tcp 5432', 'blocked'],
    ['subnet:S', 'B', 'tcp 5432', 'reachable'],
    ['subnet:S[Db]', 'B', 'tcp 5432', 'blocked'],
    ['SameAddress', 'B', 'tcp 5432', 'blocked'],
  ],
);

fact(
  '4: being in the same group allows nothing by itself',
  pair()
    .group('App', 'V', [])
    .interface('A', 'S', { groups: ['App'], ...NINE })
    .interface('B', 'T', { groups: ['App'], ...SIX })
    .build(),
  [
    ['A', 'B', 'tcp 443', 'blocked'],
    ['A@2001:db8:0:1::9', 'B', 'tcp 443', 'blocked'],
  ],
);

fact(
  '5: IPv4 ranges say nothing of IPv6, icmp nothing of icmpv6, and -1 is every protocol',
  pair()
    .group('Four', 'V', ['tcp 443 from 0.0.0.0/0', 'icmp 8 from 0.0.0.0/0'])
    .group('Six', 'V', ['tcp 443 from ::/0', 'icmpv6 128 from ::/0'])
    .group('Any', 'V', ['any from 10.0.0.0/8'])
    .interface('A', 'S', NINE)
    .interface('B4', 'T', { groups: ['Four'], ...SIX })
    .interface('B6', 'T', { groups: ['Six'], ...SIX })
    .interface('All', 'T', { groups: ['Any'], ...SIX })
    .build(),
  [
    ['A@10.0.1.9', 'B4', 'tcp 443', 'reachable'],
    ['A@2001:db8:0:1::9', 'B4', 'tcp 443', 'blocked'],
    ['A@2001:db8:0:1::9', 'B6', 'tcp 443', 'reachable'],
    ['A@10.0.1.9', 'B6', 'tcp 443', 'blocked'],
    ['A', 'B4', 'icmp 8', 'reachable'],
    ['A', 'B4', 'icmpv6 128', 'blocked'],
    ['A', 'B6', 'icmpv6 128', 'reachable'],
    ['A', 'B4', 'icmp 13', 'blocked'],
    ['A', 'All', '47', 'reachable'],
    ['A', 'All', 'icmpv6 128', 'blocked'],
  ],
);

const rule = (protocol: unknown, from?: number, to?: number, more: object = { CidrIp: '10.0.0.0/8' }) => ({
  IpProtocol: protocol,
  ...(from === undefined ? {} : { FromPort: from, ToPort: to ?? from }),
  ...more,
});
factOfTemplate(
  '5: protocols by name or number, -1 ignores ports, absent ports are all, icmp has type and code',
  {
    ByNumber: group({ SecurityGroupIngress: [rule(6, 443), rule('17', 53)] }),
    ByMinusOne: group({ SecurityGroupIngress: [rule('-1', 443)] }),
    Absent: group({ SecurityGroupIngress: [rule('tcp')] }),
    MinusPorts: group({ SecurityGroupIngress: [rule('tcp', -1)] }),
    Ping: group({ SecurityGroupIngress: [rule('icmp', 8, -1), rule('58', -1, -1, { CidrIpv6: '::/0' })] }),
    A: instance('Ping'),
    N: instance('ByNumber'),
    M: instance('ByMinusOne'),
    P: instance('Absent'),
    Q: instance('MinusPorts'),
    E: instance('Ping'),
  },
  [
    ['A', 'N', 'tcp 443', 'reachable'],
    ['A', 'N', 'udp 53', 'reachable'],
    ['A', 'N', 'tcp 53', 'blocked'],
    ['A', 'M', 'udp 9999', 'reachable'],
    ['A', 'P', 'tcp 9999', 'reachable'],
    ['A', 'Q', 'tcp 9999', 'reachable'],
    ['A', 'E', 'icmp 8', 'reachable'],
    ['A', 'E', 'icmp 13', 'blocked'],
  ],
);

fact(
  '6: groups are stateful: the reply to what was admitted needs no rule, of any protocol; ACLs are not',
  pair()
    .acl('OneWay', 'V', ['100 ingress allow any 0.0.0.0/0', '100 ingress allow any ::/0'])
    .subnet('Shut', 'V', '10.0.3.0/24 2001:db8:0:3::/64', { acl: 'OneWay' })
    .group('Out', 'V', [])
    .group('In', 'V', ['any from 0.0.0.0/0', 'any from ::/0'], [])
    .interface('A', 'S', { groups: ['Out'], ...NINE })
    .interface('B', 'T', { groups: ['In'], ...SIX })
    .interface('C', 'Shut', { groups: ['In'], ...SIX })
    .build(),
  [
    ['A@10.0.1.9', 'B', 'tcp 443', 'reachable'],
    ['A@2001:db8:0:1::9', 'B', 'tcp 443', 'reachable'],
    ['A', 'B', 'udp 53', 'reachable'],
    ['A', 'B', 'icmp 8', 'reachable'],
    ['A', 'B', 'icmpv6 128', 'reachable'],
    ['B', 'A', 'tcp 443', 'blocked'],
    ['A@10.0.1.9', 'C', 'tcp 443', 'blocked'],
    ['A@2001:db8:0:1::9', 'C', 'tcp 443', 'blocked'],
    // It arrives; whether anybody needs the answer, nobody says.
    ['A', 'C', 'udp 53', 'unknown'],
    ['A', 'C', 'icmp 8', 'unknown'],
  ],
);

fact(
  '7: a prefix list is its entries; one that AWS keeps, or that no template shows, is not known',
  pair()
    .prefixList('Known', ['10.0.1.0/25', '2001:db8:0:1::/80'])
    .prefixList('Open', ['10.0.1.0/25', '?'])
    .prefixList('S3', [], { service: 's3' })
    .group('ByKnown', 'V', ['tcp 443 from pl:Known'])
    .group('ByOpen', 'V', ['tcp 443 from pl:Open'])
    .group('ByS3', 'V', ['tcp 443 from pl:S3'])
    .interface('Low', 'S', { address: '10.0.1.5 2001:db8:0:1::5', ...SIX })
    .interface('High', 'S', { address: '10.0.1.200 2001:db8:0:1:1::5', ...SIX })
    .interface('K', 'T', { groups: ['ByKnown'], ...SIX })
    .interface('O', 'T', { groups: ['ByOpen'], ...SIX })
    .interface('P', 'T', { groups: ['ByS3'] })
    .build(),
  [
    ['Low@10.0.1.5', 'K', 'tcp 443', 'reachable'],
    ['Low@2001:db8:0:1::5', 'K', 'tcp 443', 'reachable'],
    ['High', 'K', 'tcp 443', 'blocked'],
    ['High', 'O', 'tcp 443', 'unknown'],
    ['Low', 'P', 'tcp 443', 'blocked'],
  ],
);

factOfTemplate(
  '8: a rule may be for a group that is given by its id; one without a source deploys and creates nothing',
  {
    Empty: group({ SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22 }] }),
    Elsewhere: {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: { GroupId: { 'Fn::GetAtt': ['Empty', 'GroupId'] }, ...rule('tcp', 443) },
    },
    A: instance('Empty'),
    B: instance('Empty'),
  },
  [
    ['A', 'B', 'tcp 443', 'reachable'],
    ['A', 'B', 'tcp 80', 'blocked'],
    // The model keeps such a rule as one that may be there.
    ['A', 'B', 'tcp 22', 'unknown'],
  ],
);

fact(
  '9: an interface sends only from, and takes only for, its own addresses, unless the check is off',
  pair()
    .table('ThroughOn', 'V', ['0.0.0.0/0 -> eni:On', '::/0 -> eni:On'])
    .table('ThroughOff', 'V', ['0.0.0.0/0 -> eni:Off', '::/0 -> eni:Off'])
    .table('Out', 'V', ['0.0.0.0/0 -> igw:Igw', '::/0 -> igw:Igw'])
    .internetGateway('Igw', 'V')
    .subnet('Pub', 'V', '10.0.3.0/24 2001:db8:0:3::/64', { table: 'Out' })
    .subnet('ByOn', 'V', '10.0.4.0/24 2001:db8:0:4::/64', { table: 'ThroughOn' })
    .subnet('ByOff', 'V', '10.0.5.0/24 2001:db8:0:5::/64', { table: 'ThroughOff' })
    .group('Open', 'V', ['any from 0.0.0.0/0', 'any from ::/0'])
    .interface('On', 'Pub', { groups: ['Open'], publicIpv4: true, ...SIX })
    .interface('Off', 'Pub', { groups: ['Open'], publicIpv4: true, sourceDestCheck: false, ...SIX })
    .interface('A', 'ByOn', { groups: ['Open'], ...SIX })
    .interface('B', 'ByOff', { groups: ['Open'], ...SIX })
    .interface('C', 'S', { groups: ['Open'], ...NINE })
    .build(),
  [
    ['A', 'internet', 'tcp 443', 'blocked'],
    ['B', 'internet', 'tcp 443', 'unknown'],
    ['C@10.0.2.9', 'subnet:T', 'tcp 443', 'blocked'],
    ['Off@10.0.2.9', 'C', 'udp 53', 'unknown'],
    ['C@2001:db8:0:2::9', 'subnet:T', 'tcp 443', 'blocked'],
  ],
);

function group(properties: object) {
  return {
    Type: 'AWS::EC2::SecurityGroup',
    Properties: { GroupDescription: 'a group', VpcId: { Ref: 'Vpc' }, ...properties },
  };
}

function instance(securityGroup: string) {
  return {
    Type: 'AWS::EC2::Instance',
    Properties: { SubnetId: { Ref: 'Subnet' }, SecurityGroupIds: [{ Ref: securityGroup }] },
  };
}
