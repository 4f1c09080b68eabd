import { network } from '../../fixtures/network-builder';
import { fact } from './fact';

/** Two VPCs that nothing joins but the internet. */
const apart = (options: { readonly web?: readonly string[]; readonly aOut?: readonly string[] } = {}) =>
  network()
    .vpc('A', '10.1.0.0/16 2001:db8:a::/56')
    .vpc('B', '10.2.0.0/16 2001:db8:b::/56')
    .internetGateway('IgwA', 'A')
    .internetGateway('IgwB', 'B')
    .table('OutA', 'A', ['0.0.0.0/0 -> igw:IgwA', '::/0 -> igw:IgwA'])
    .table('OutB', 'B', ['0.0.0.0/0 -> igw:IgwB', '::/0 -> igw:IgwB'])
    .table('NatA', 'A', ['0.0.0.0/0 -> nat:Nat'])
    .subnet('PubA', 'A', '10.1.1.0/24 2001:db8:a:1::/64', { table: 'OutA' })
    .subnet('PrivA', 'A', '10.1.2.0/24', { table: 'NatA' })
    .subnet('AloneA', 'A', '10.1.3.0/24')
    .subnet('PubB', 'B', '10.2.1.0/24 2001:db8:b:1::/64', { table: 'OutB' })
    .subnet('TargetB', 'B', '10.2.2.0/24')
    .natGateway('Nat', 'PubA')
    .group('Sender', 'A', [], options.aOut)
    .group('Web', 'B', options.web ?? ['tcp 443 from 0.0.0.0/0', 'tcp 444 from ::/0'])
    .group('Members', 'B', ['any from sg:Web', 'any from 10.0.0.0/8'])
    .interface('Public', 'PubA', { groups: ['Sender'], publicIpv4: true, ipv6: true })
    .interface('Hidden', 'PubA', { groups: ['Sender'] })
    .interface('Private', 'PrivA', { groups: ['Sender'] })
    .interface('Alone', 'AloneA', { groups: ['Sender'], publicIpv4: true })
    .interface('Site', 'PubB', { groups: ['Web'], publicIpv4: true, ipv6: true })
    .interface('Sibling', 'PubB', { groups: ['Members'], publicIpv4: true })
    .interface('Inner', 'PubB', { groups: ['Web'] });

fact(
  '20: the public address of another host is reached over the internet, each side translated by its own gateway',
  apart().build(),
  [
    ['Public', 'Site', 'tcp 443', 'reachable'],
    ['Public', 'Site', 'tcp 444', 'reachable'],
    ['Public', 'Site', 'tcp 22', 'blocked'],
    // Through a NAT gateway it is the gateway's public address that the other side sees.
    ['Private', 'Site', 'tcp 443', 'reachable'],
    ['Private', 'Site', 'tcp 444', 'blocked'],
    // No public address to send from, no route out, no public address to be reached at.
    ['Hidden', 'Site', 'tcp 443', 'blocked'],
    ['Alone', 'Site', 'tcp 443', 'blocked'],
    ['Public', 'Inner', 'tcp 443', 'blocked'],
    ['subnet:PrivA', 'Site', 'tcp 443', 'reachable'],
  ],
  'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html',
);

fact(
  '20: the group of the receiver sees an address of the internet, and never a member of a group or a private address',
  apart({ web: ['tcp 443 from sg:Sender', 'tcp 80 from 10.1.0.0/16', 'tcp 22 from 52.94.76.7/32'] }).build(),
  [
    ['Public', 'Site', 'tcp 443', 'blocked'],
    ['Public', 'Site', 'tcp 80', 'blocked'],
    // Whether that is the sender's public address, only AWS knows.
    ['Public', 'Site', 'tcp 22', 'unknown'],
    ['Public', 'Sibling', 'tcp 443', 'blocked'],
  ],
);

fact(
  '20: AWS gives no host a public address of an example (RFC 5737)',
  apart({ web: ['tcp 22 from 198.51.100.0/24', 'tcp 443 from 203.0.112.0/23', 'tcp 80 from 192.0.2.7/32'] }).build(),
  [
    ['Public', 'Site', 'tcp 22', 'blocked'],
    ['Private', 'Site', 'tcp 22', 'blocked'],
    ['Public', 'Site', 'tcp 80', 'blocked'],
    // half of which is no example's
    ['Public', 'Site', 'tcp 443', 'unknown'],
    ['internet', 'Site', 'tcp 22', 'reachable'],
  ],
);

fact(
  '20: the groups of the sender see the public address that it sends to',
  apart({ aOut: ['tcp 443 to 10.0.0.0/8', 'tcp 443 to 52.94.76.0/24', 'tcp 444 to 198.51.100.0/24'] }).build(),
  [
    ['Public', 'Site', 'tcp 443', 'unknown'],
    ['Public', 'Site', 'tcp 444', 'blocked'],
  ],
);

const siblings = (acl: readonly string[]) =>
  network()
    .vpc('A', '10.1.0.0/16')
    .internetGateway('Igw', 'A')
    .table('Out', 'A', ['0.0.0.0/0 -> igw:Igw'])
    .acl('Acl', 'A', acl)
    .subnet('One', 'A', '10.1.1.0/24', { table: 'Out' })
    .subnet('Two', 'A', '10.1.2.0/24', { table: 'Out', acl: 'Acl' })
    .group('Web', 'A', ['tcp 443 from 0.0.0.0/0'])
    .interface('Caller', 'One', { groups: ['Web'], publicIpv4: true })
    .interface('Callee', 'Two', { groups: ['Web'], publicIpv4: true });

fact(
  '20: a sibling that an ACL hides from the VPC is still on the internet',
  siblings([
    '10 ingress deny any 10.0.0.0/8',
    '100 ingress allow any 0.0.0.0/0',
    '100 egress allow any 0.0.0.0/0',
  ]).build(),
  [
    ['Caller', 'Callee', 'tcp 443', 'reachable'],
    ['Caller', 'Callee@10.1.2.5', 'tcp 443', 'blocked'],
  ],
);

fact(
  '20: an internet-facing balancer leads to its targets for our own hosts as for everyone',
  apart()
    .loadBalancer('Nlb', 'network', 'PubB', ['tcp 8443 -> Tg'], {
      scheme: 'internet-facing',
      interface: { filtered: false, publicIpv4: true },
    })
    .group('App', 'B', ['tcp 80 from 10.2.1.0/24'])
    .interface('Target', 'TargetB', { groups: ['App'] })
    .targetGroup('Tg', 'tcp', 80, ['Target'], { targetType: 'ip' })
    .build(),
  [
    ['Public', 'Target', 'tcp 8443', 'reachable'],
    ['Private', 'Target', 'tcp 8443', 'reachable'],
    ['Public', 'Target', 'tcp 80', 'blocked'],
  ],
);

const throughNat = (acl: readonly string[]) =>
  network()
    .vpc('A', '10.1.0.0/16')
    .internetGateway('Igw', 'A')
    .table('Out', 'A', ['0.0.0.0/0 -> igw:Igw'])
    .table('Nat', 'A', ['0.0.0.0/0 -> nat:Gateway'])
    .acl('Acl', 'A', acl)
    .subnet('Pub', 'A', '10.1.1.0/24', { table: 'Out', acl: 'Acl' })
    .subnet('Priv', 'A', '10.1.2.0/24', { table: 'Nat' })
    .natGateway('Gateway', 'Pub')
    .interface('App', 'Priv')
    .build();

const EVERY_WAY_OUT = ['100 egress allow any 0.0.0.0/0', '100 ingress allow any 10.0.0.0/8'];
const EPHEMERAL = 'https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html, "Ephemeral ports"';

fact(
  '21: a NAT gateway takes any port from 1024 up, so an ACL that lets in only some of them does not certainly work',
  throughNat([...EVERY_WAY_OUT, '110 ingress allow tcp 32768-65535 0.0.0.0/0']),
  [['App', 'internet', 'tcp 443', 'unknown']],
  EPHEMERAL,
);
fact(
  '21: an ACL that lets in every port from 1024 up certainly works',
  throughNat([...EVERY_WAY_OUT, '110 ingress allow tcp 1024-65535 0.0.0.0/0']),
  [['App', 'internet', 'tcp 443', 'reachable']],
);
fact(
  '21: below 1024 a NAT gateway never takes a port',
  throughNat([...EVERY_WAY_OUT, '110 ingress allow tcp 0-1023 0.0.0.0/0']),
  [['App', 'internet', 'tcp 443', 'blocked']],
);

const OPEN_TO_ALL = ['any from 0.0.0.0/0', 'any from ::/0'];

/** Public, private and isolated subnets, and one behind an egress-only gateway. */
const edges = () =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .internetGateway('Igw', 'V')
    .egressOnlyGateway('Eigw', 'V')
    .natGateway('Nat', 'Pub')
    .natGateway('Inner', 'Pub', 'private')
    .table('Out', 'V', ['0.0.0.0/0 -> igw:Igw', '::/0 -> igw:Igw'])
    .table('ByNat', 'V', ['0.0.0.0/0 -> nat:Nat', '::/0 -> eigw:Eigw'])
    .table('ByInner', 'V', ['0.0.0.0/0 -> nat:Inner'])
    .table('Halves', 'V', ['0.0.0.0/1 -> igw:Igw', '128.0.0.0/1 -> igw:Igw', '::/1 -> igw:Igw'])
    .subnet('Pub', 'V', '10.0.1.0/24 2001:db8:0:1::/64', { table: 'Out' })
    .subnet('Priv', 'V', '10.0.2.0/24 2001:db8:0:2::/64', { table: 'ByNat' })
    .subnet('Deep', 'V', '10.0.3.0/24', { table: 'ByInner' })
    .subnet('Half', 'V', '10.0.4.0/24 2001:db8:0:4::/64', { table: 'Halves' })
    .group('Open', 'V', OPEN_TO_ALL)
    .group('Halved', 'V', ['tcp 443 from 0.0.0.0/1', 'tcp 443 from 128.0.0.0/1', 'tcp 443 from 2000::/3'])
    .interface('Web', 'Pub', { groups: ['Open'], publicIpv4: true, ipv6: true })
    .interface('Bare', 'Pub', { groups: ['Open'] })
    .interface('App', 'Priv', { groups: ['Open'], publicIpv4: true, ipv6: true })
    .interface('Db', 'Deep', { groups: ['Open'] })
    .interface('Both', 'Half', { groups: ['Halved'], publicIpv4: true, ipv6: true })
    .build();

fact(
  '19: IPv4 needs a public address, both ways; IPv6 an address and a route; an egress-only gateway lets only replies in',
  edges(),
  [
    ['Web', 'internet', 'tcp 443', 'reachable'],
    ['internet', 'Web', 'tcp 443', 'reachable'],
    ['internet@2600::1', 'Web', 'tcp 443', 'reachable'],
    ['Bare', 'internet', 'tcp 443', 'blocked'],
    ['internet', 'Bare', 'tcp 443', 'blocked'],
    ['App', 'internet@2600::1', 'tcp 443', 'reachable'],
    ['internet@2600::1', 'App', 'tcp 443', 'blocked'],
    ['internet', 'App', 'tcp 443', 'blocked'],
  ],
  'https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html',
);

fact(
  '21: a NAT gateway carries tcp, udp and icmp out and nothing unsolicited in; a private one has no way to the internet',
  edges(),
  [
    ['App', 'internet@198.51.100.7', 'tcp 443', 'reachable'],
    ['App', 'internet@198.51.100.7', 'udp 53', 'reachable'],
    ['App', 'internet@198.51.100.7', 'icmp 8', 'reachable'],
    ['App', 'internet@198.51.100.7', '47', 'blocked'],
    ['internet@198.51.100.7', 'App', 'tcp 443', 'blocked'],
    ['Db', 'internet', 'tcp 443', 'blocked'],
  ],
  'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-nat-gateway.html',
);

fact('22: the whole internet may be written in halves: sets are compared, never texts', edges(), [
  ['Both', 'internet', 'tcp 443', 'reachable'],
  ['internet@8.8.8.8', 'Both', 'tcp 443', 'reachable'],
  ['internet@198.51.100.7', 'Both', 'tcp 443', 'reachable'],
  ['internet@2600::1', 'Both', 'tcp 443', 'reachable'],
  ['internet', 'Both', 'tcp 22', 'blocked'],
]);

const sixOnly = (routes: readonly string[]) =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .internetGateway('Igw', 'V')
    .natGateway('Nat', 'Pub')
    .table('Out', 'V', ['0.0.0.0/0 -> igw:Igw', '::/0 -> igw:Igw'])
    .table('Six', 'V', routes)
    .subnet('Pub', 'V', '10.0.1.0/24 2001:db8:0:1::/64', { table: 'Out' })
    .subnet('Only', 'V', '2001:db8:0:2::/64', { table: 'Six' })
    .subnet('Deep', 'V', '10.0.3.0/24')
    .group('Open', 'V', OPEN_TO_ALL)
    .interface('Host', 'Only', { groups: ['Open'], ipv6: true })
    .interface('Four', 'Deep', { groups: ['Open'], address: '10.0.3.9' })
    .build();
const NAT64 = 'https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html';
fact(
  '21: to 64:ff9b::/96 a NAT gateway carries IPv6 on as IPv4, to the internet and to private hosts: never taken for blocked',
  sixOnly(['64:ff9b::/96 -> nat:Nat']),
  [
    ['Host', 'internet@64:ff9b::808:808', 'tcp 443', 'unknown'],
    ['Host', 'Four', 'tcp 5432', 'unknown'],
    ['Host', 'internet@2600::1', 'tcp 443', 'blocked'],
  ],
  NAT64,
);
fact('21: without that route it carries nothing of IPv6', sixOnly(['::/0 -> nat:Nat', '64:ff9b::/96 -> blackhole']), [
  ['Host', 'internet@64:ff9b::808:808', 'tcp 443', 'blocked'],
  ['Host', 'internet@2600::1', 'tcp 443', 'blocked'],
  ['Host', 'Four', 'tcp 5432', 'blocked'],
]);

/** The edge table of the internet gateway drops what is for the subnet; an egress-only gateway stands beside it. */
const besideEgressOnly = (out: readonly string[]) =>
  network()
    .vpc('A', '10.1.0.0/16 2001:db8:a::/56')
    .internetGateway('Igw', 'A')
    .egressOnlyGateway('Eigw', 'A')
    .table('Edge', 'A', ['10.1.1.0/24 -> blackhole', '2001:db8:a:1::/64 -> blackhole'], { edgeOf: 'Igw' })
    .table('Out', 'A', out)
    .subnet('Public', 'A', '10.1.1.0/24 2001:db8:a:1::/64', { table: 'Out' })
    .group('Sender', 'A')
    .interface('Host', 'Public', { groups: ['Sender'], publicIpv4: true, ipv6: true })
    .build();

fact(
  '19: an answer comes back by the gateway that let out what it answers, and an egress-only one carries IPv6 alone',
  besideEgressOnly(['0.0.0.0/0 -> igw:Igw', '::/0 -> igw:Igw']),
  [
    ['Host@10.1.1.9', 'internet', 'tcp 443', 'blocked'],
    ['Host@2001:db8:a:1::9', 'internet', 'tcp 443', 'blocked'],
  ],
  'https://docs.aws.amazon.com/vpc/latest/userguide/egress-only-internet-gateway.html',
);

fact(
  '19: what an egress-only gateway lets out is answered past the edge table of another',
  besideEgressOnly(['::/0 -> eigw:Eigw']),
  [['Host', 'internet@2600::1', 'tcp 443', 'reachable']],
);
