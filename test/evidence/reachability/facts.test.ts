import type { NetworkModel } from '../../../lib/evidence/network';
import { network } from '../../fixtures/network-builder';
import { table } from './answer';

const pair = () => network().vpc('V', '10.0.0.0/16').subnet('S', 'V', '10.0.1.0/24').subnet('T', 'V', '10.0.2.0/24');

table(
  'fact 1: the rules of all groups of an interface add up; no group named = the default group',
  pair()
    .group('Web', 'V', ['tcp 443 from 10.0.1.0/24'])
    .group('Admin', 'V', ['tcp 22 from 10.0.1.0/24'])
    .interface('A', 'S')
    .interface('B', 'T', { groups: ['Web', 'Admin'] })
    .interface('C', 'T', { groups: ['Web'] })
    .interface('D', 'T')
    .build(),
  [
    ['A', 'B', 'tcp 443', 'reachable'],
    ['A', 'B', 'tcp 22', 'reachable'],
    ['A', 'C', 'tcp 22', 'blocked'],
    ['A', 'D', 'tcp 5432', 'reachable'],
    ['C', 'D', 'tcp 5432', 'blocked'],
  ],
);

table(
  'facts 3 and 4: a group as source is its members, by interface; sharing a group allows nothing by itself',
  pair()
    .group('App', 'V', [])
    .group('Db', 'V', ['tcp 5432 from sg:App'])
    .interface('A', 'S', { groups: ['App'] })
    .interface('A2', 'T', { groups: ['App'] })
    .interface('B', 'T', { groups: ['Db'] })
    .interface('Stranger', 'S', { groups: ['Db'] })
    .build(),
  [
    ['A', 'B', 'tcp 5432', 'reachable'],
    ['A', 'B', 'tcp 5433', 'blocked'],
    ['Stranger', 'B', 'tcp 5432', 'blocked'],
    ['A', 'A2', 'tcp 5432', 'blocked'],
    ['subnet:S', 'B', 'tcp 5432', 'reachable'],
  ],
);

table(
  'facts 2 and 6: egress counts, replies need no rule',
  pair()
    .group('Quiet', 'V', ['any from 0.0.0.0/0'], [])
    .group('Narrow', 'V', ['any from 0.0.0.0/0'], ['tcp 443 to sg:Narrow', 'tcp 80 to 10.0.2.0/24'])
    .interface('A', 'S', { groups: ['Quiet'] })
    .interface('N', 'S', { groups: ['Narrow'] })
    .interface('N2', 'T', { groups: ['Narrow'] })
    .interface('Q2', 'T', { groups: ['Quiet'] })
    .build(),
  [
    ['A', 'N2', 'tcp 443', 'blocked'],
    ['N', 'N2', 'tcp 443', 'reachable'],
    ['N', 'Q2', 'tcp 443', 'blocked'],
    ['N', 'Q2', 'tcp 80', 'reachable'],
    ['N', 'A', 'tcp 80', 'blocked'],
  ],
);

table(
  'fact 5: protocols and families',
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .subnet('S', 'V', '10.0.1.0/24 2001:db8::/64')
    .subnet('T', 'V', '10.0.2.0/24 2001:db8:0:1::/64')
    .group('Ping', 'V', ['icmp 8 from 10.0.0.0/8'])
    .group('Six', 'V', ['tcp 443 from ::/0'])
    .interface('A', 'S', { ipv6: true })
    .interface('P', 'T', { groups: ['Ping'] })
    .interface('X', 'T', { groups: ['Six'], ipv6: true })
    .interface('X4', 'T', { groups: ['Six'], ipv6: false })
    .build(),
  [
    ['A', 'P', 'icmp', 'reachable'],
    ['A', 'P', 'tcp 443', 'blocked'],
    ['A', 'X', 'tcp 443', 'reachable'],
    ['A', 'X4', 'tcp 443', 'blocked'],
  ],
);

const open = { groups: ['Open'] };
const aclPair = (entries: readonly string[]) =>
  network()
    .vpc('V', '10.0.0.0/16')
    .acl('Acl', 'V', entries)
    .subnet('S', 'V', '10.0.1.0/24')
    .subnet('T', 'V', '10.0.2.0/24', { acl: 'Acl' })
    .group('Open', 'V', ['any from 0.0.0.0/0'])
    .interface('A', 'S', open)
    .interface('B', 'T', open)
    .interface('B2', 'T', open)
    .build();

table('fact 10: inside one subnet no ACL is asked', aclPair([]), [
  ['B', 'B2', 'tcp 443', 'reachable'],
  ['A', 'B', 'tcp 443', 'blocked'],
]);

table(
  'fact 11: a tcp reply needs the ephemeral ports open on the way back; udp arrives all the same',
  aclPair(['100 ingress allow any 0.0.0.0/0', '100 egress allow tcp 443 0.0.0.0/0', '90 egress deny any 10.0.1.0/24']),
  [
    ['A', 'B', 'tcp 443', 'blocked'],
    ['A', 'B', 'udp 53', 'unknown'],
    ['B', 'A', 'tcp 443', 'blocked'],
  ],
);

table(
  'fact 12: the lowest number that matches decides',
  aclPair([
    '200 ingress allow any 0.0.0.0/0',
    '100 ingress deny tcp 22 10.0.0.0/8',
    '90 ingress allow tcp 22 10.0.1.7/32',
    '100 egress allow any 0.0.0.0/0',
  ]),
  [
    ['A', 'B', 'tcp 443', 'reachable'],
    // Only 10.0.1.7 is let in, and which address A gets, AWS decides; whoever is launched there may ask for that one.
    ['A', 'B', 'tcp 22', 'unknown'],
    ['subnet:S', 'subnet:T', 'tcp 22', 'reachable'],
  ],
);

table(
  'fact 12: a lower-numbered deny drops the flow; one that may exist leaves it unknown',
  aclPair([
    '200 ingress allow any 0.0.0.0/0',
    '100 ingress deny tcp 22 10.0.0.0/8',
    'maybe 50 ingress deny tcp 80 10.0.0.0/8',
    '100 egress allow any 0.0.0.0/0',
  ]),
  [
    ['A', 'B', 'tcp 22', 'blocked'],
    ['A', 'B', 'tcp 80', 'unknown'],
    ['A', 'B', 'tcp 443', 'reachable'],
  ],
);

const peered = (routesA: string[], routesB: string[]) =>
  network()
    .vpc('V', '10.1.0.0/16')
    .vpc('W', '10.2.0.0/16')
    .peering('P', 'V', 'W')
    .table('RV', 'V', routesA)
    .table('RW', 'W', routesB)
    .subnet('S', 'V', '10.1.1.0/24', { table: 'RV' })
    .subnet('T', 'W', '10.2.1.0/24', { table: 'RW' })
    .group('Open', 'V', ['any from 0.0.0.0/0'])
    .group('FromOpen', 'W', ['tcp 443 from sg:Open'])
    .interface('A', 'S', open)
    .interface('B', 'T', { groups: ['FromOpen'] })
    .build();

table('fact 27: peering needs routes on both sides for a conversation', peered(['10.2.0.0/16 -> pcx:P'], []), [
  ['A', 'B', 'tcp 443', 'blocked'],
]);
table(
  'facts 3 and 27: with both routes it works, and groups may be named across',
  peered(['10.2.0.0/16 -> pcx:P'], ['10.1.1.0/24 -> pcx:P']),
  [
    ['A', 'B', 'tcp 443', 'reachable'],
    ['A', 'B', 'tcp 80', 'blocked'],
  ],
);
table(
  'fact 14: a blackhole is a drop, not a fall-through; fact 15: neither is an unknown target',
  peered(['10.2.0.0/16 -> pcx:P', '10.2.1.0/24 -> blackhole'], ['10.1.0.0/16 -> pcx:P']),
  [['A', 'B', 'tcp 443', 'blocked']],
);
table(
  'fact 15: an unknown target is a path in may and none in must',
  peered(['10.2.0.0/16 -> pcx:P', '10.2.1.0/24 -> ?'], ['10.1.0.0/16 -> pcx:P']),
  [
    ['A', 'B', 'tcp 443', 'unknown'],
    ['A', 'B', 'tcp 80', 'blocked'],
    ['A', 'external:V#unknown-target', 'tcp 443', 'unknown'],
  ],
);

const edge = (options: { public?: boolean } = {}) =>
  network()
    .vpc('V', '10.0.0.0/16')
    .internetGateway('Igw', 'V')
    .table('Public', 'V', ['0.0.0.0/0 -> igw:Igw'])
    .table('Private', 'V', ['0.0.0.0/0 -> nat:Nat'])
    .subnet('S', 'V', '10.0.1.0/24', { table: 'Public' })
    .subnet('P', 'V', '10.0.2.0/24', { table: 'Private' })
    .natGateway('Nat', 'S')
    .group('Web', 'V', ['tcp 443 from 0.0.0.0/0'])
    .interface('A', 'S', { groups: ['Web'], publicIpv4: options.public ?? true })
    .interface('B', 'P', { groups: ['Web'], publicIpv4: options.public ?? true })
    .build();

table('facts 17 and 19: the internet reaches a public address, if the reply has a route back', edge(), [
  ['internet', 'A', 'tcp 443', 'reachable'],
  ['internet', 'A', 'tcp 80', 'blocked'],
  ['A', 'internet', 'tcp 80', 'reachable'],
  ['internet', 'B', 'tcp 443', 'blocked'],
]);
table(
  'facts 19 and 21: no public address, no way in; out through NAT, nothing unsolicited back',
  edge({ public: false }),
  [
    ['internet', 'A', 'tcp 443', 'blocked'],
    ['A', 'internet', 'tcp 443', 'blocked'],
    ['B', 'internet', 'tcp 443', 'reachable'],
    ['internet', 'B', 'tcp 443', 'blocked'],
  ],
);

const hub = (options: { associationA?: string; tableRoutes?: string[]; propagations?: string[]; azT?: string } = {}) =>
  network()
    .vpc('V', '10.1.0.0/16')
    .vpc('W', '10.2.0.0/16')
    .transitGateway('Hub')
    .table('RV', 'V', ['10.0.0.0/8 -> tgw:Hub'])
    .table('RW', 'W', ['10.0.0.0/8 -> tgw:Hub'])
    .subnet('S', 'V', '10.1.1.0/24', { table: 'RV', az: options.azT ?? 'a' })
    .subnet('DoorV', 'V', '10.1.0.0/28')
    .subnet('T', 'W', '10.2.1.0/24', { table: 'RW' })
    .subnet('DoorW', 'W', '10.2.0.0/28')
    .attachment('AttV', 'Hub', { kind: 'vpc', vpc: 'V', subnets: ['DoorV'] }, { association: 'Rt' })
    .attachment('AttW', 'Hub', { kind: 'vpc', vpc: 'W', subnets: ['DoorW'] }, { association: 'Rt' })
    .transitGatewayTable('Rt', 'Hub', options.tableRoutes ?? [], options.propagations ?? ['AttV', 'AttW'])
    .group('Open', 'V', ['any from 0.0.0.0/0'])
    .group('OpenW', 'W', ['any from 0.0.0.0/0'])
    .interface('A', 'S', open)
    .interface('B', 'T', { groups: ['OpenW'] })
    .build();

table('fact 23: association and propagation make the path', hub(), [['A', 'B', 'tcp 443', 'reachable']]);
table('fact 23: without the propagation of the initiator no reply comes back', hub({ propagations: ['AttW'] }), [
  ['A', 'B', 'tcp 443', 'blocked'],
  ['A', 'B', 'udp 53', 'unknown'],
]);
table(
  'fact 24: a blackhole drops, and a static route beats a propagated one',
  hub({ tableRoutes: ['10.2.0.0/16 -> blackhole'] }),
  [['A', 'B', 'tcp 443', 'blocked']],
);
table('fact 25: hosts in a zone without an attachment subnet cannot send', hub({ azT: 'b' }), [
  ['A', 'B', 'tcp 443', 'blocked'],
  ['B', 'A', 'tcp 443', 'blocked'],
  ['B', 'A', 'udp 53', 'unknown'],
]);

table(
  'fact 31: PrivateLink leads to the balancer and its targets, one way',
  network()
    .vpc('C', '10.1.0.0/16')
    .vpc('P', '10.1.0.0/16')
    .subnet('CS', 'C', '10.1.1.0/24')
    .subnet('PS', 'P', '10.1.1.0/24')
    .subnet('PT', 'P', '10.1.2.0/24')
    .group('Endpoint', 'C', ['tcp 443 from 10.1.1.0/24'])
    .group('App', 'P', ['tcp 8443 from 10.1.1.0/24'])
    .group('Out', 'C', [])
    .interface('A', 'CS', { groups: ['Out'] })
    .interface('B', 'PT', { groups: ['App'] })
    .loadBalancer('Nlb', 'network', 'PS', ['tcp 443 -> Tg'], { interface: { filtered: false } })
    .targetGroup('Tg', 'tcp', 8443, ['B'])
    .endpointService('Svc', ['Nlb'])
    .interfaceEndpoint('Ep', 'CS', { kind: 'private', id: 'Svc' }, { groups: ['Endpoint'] })
    .build(),
  [
    ['A', 'B', 'tcp 443', 'reachable'],
    ['A', 'B', 'tcp 8443', 'blocked'],
    ['B', 'A', 'tcp 443', 'blocked'],
    ['A', 'Ep#interface', 'tcp 443', 'reachable'],
  ],
);

table(
  'fact 32: a network load balancer answers on its listeners; instance targets must admit the client',
  network()
    .vpc('V', '10.0.0.0/16')
    .internetGateway('Igw', 'V')
    .table('Public', 'V', ['0.0.0.0/0 -> igw:Igw'])
    .subnet('S', 'V', '10.0.1.0/24', { table: 'Public' })
    .subnet('T', 'V', '10.0.2.0/24')
    .group('FromWorld', 'V', ['tcp 80 from 0.0.0.0/0'])
    .group('FromVpc', 'V', ['tcp 80 from 10.0.0.0/16'])
    .interface('World', 'T', { groups: ['FromWorld'] })
    .interface('Vpc', 'T', { groups: ['FromVpc'] })
    .loadBalancer('Nlb', 'network', 'S', ['tcp 443 -> Tg', 'tcp 8443 -> Ip'], {
      scheme: 'internet-facing',
      interface: { filtered: false, publicIpv4: true },
    })
    .targetGroup('Tg', 'tcp', 80, ['World', 'Vpc'])
    .targetGroup('Ip', 'tcp', 80, ['Vpc'], { targetType: 'ip' })
    .build(),
  [
    ['internet', 'World', 'tcp 443', 'reachable'],
    ['internet', 'Vpc', 'tcp 443', 'blocked'],
    ['internet', 'Vpc', 'tcp 8443', 'reachable'],
    ['internet', 'Nlb#interface', 'tcp 443', 'reachable'],
    ['internet', 'Nlb#interface', 'tcp 22', 'blocked'],
  ],
);

table(
  'fact 28: a site may send from any address; it is answered only where the VPC has a route back',
  network()
    .vpc('V', '10.0.0.0/16')
    .vpnGateway('Vgw', 'V')
    .vpnConnection('Vpn', 'vgw:Vgw', ['10.200.0.0/16'])
    .table('R', 'V', [], { propagatingGateways: ['Vgw'] })
    .table('R2', 'V', [])
    .subnet('S', 'V', '10.0.1.0/24', { table: 'R' })
    .subnet('T', 'V', '10.0.2.0/24', { table: 'R2' })
    .group('Site', 'V', ['tcp 443 from 10.200.0.0/16'])
    .interface('A', 'S', { groups: ['Site'] })
    .interface('B', 'T', { groups: ['Site'] })
    .build(),
  [
    ['site:Vpn', 'A', 'tcp 443', 'reachable'],
    ['site:Vpn', 'A', 'tcp 22', 'blocked'],
    ['site:Vpn', 'B', 'tcp 443', 'blocked'],
    ['A', 'site:Vpn', 'tcp 443', 'reachable'],
  ],
);

table(
  'facts 5, 7 and 40: what is unknown is neither reachable nor blocked',
  pair()
    .prefixList('Known', ['10.0.1.0/25'])
    .prefixList('Open', ['10.0.1.0/25', '?'])
    .group('ByKnown', 'V', ['tcp 443 from pl:Known'])
    .group('ByOpen', 'V', ['tcp 443 from pl:Open', 'tcp 22 from ?'])
    .interface('A', 'S', { address: '10.0.1.200' })
    .interface('Low', 'S', { address: '10.0.1.5' })
    .interface('K', 'T', { groups: ['ByKnown'] })
    .interface('O', 'T', { groups: ['ByOpen'] })
    .build(),
  [
    ['Low', 'K', 'tcp 443', 'reachable'],
    ['A', 'K', 'tcp 443', 'blocked'],
    ['A', 'O', 'tcp 443', 'unknown'],
    ['A', 'O', 'tcp 22', 'unknown'],
    ['A', 'O', 'tcp 23', 'blocked'],
  ],
);

table(
  'fact 34: a firewall on the way decides by its exact rules, and a rule it cannot read may pass',
  network()
    .vpc('V', '10.0.0.0/16')
    .internetGateway('Igw', 'V')
    .firewall('Fw', 'V', 'F', { stateful: ['1 pass tcp 443 from 10.0.0.0/8 to 0.0.0.0/0'] })
    .table('App', 'V', ['0.0.0.0/0 -> firewall:Fw@F'])
    .table('Fire', 'V', ['0.0.0.0/0 -> igw:Igw'])
    .table('Edge', 'V', ['10.0.1.0/24 -> firewall:Fw@F'], { edgeOf: 'Igw' })
    .subnet('S', 'V', '10.0.1.0/24', { table: 'App' })
    .subnet('F', 'V', '10.0.9.0/28', { table: 'Fire' })
    .group('Open', 'V', ['any from 0.0.0.0/0'])
    .interface('A', 'S', { ...open, publicIpv4: true })
    .build(),
  [
    ['A', 'internet', 'tcp 443', 'reachable'],
    ['A', 'internet', 'tcp 80', 'blocked'],
    ['internet', 'A', 'tcp 443', 'blocked'],
  ],
);

table(
  'fact 34: a firewall attached to a transit gateway lets the answers to what it passed through',
  network()
    .transitGateway('Hub')
    .vpc('A', '10.1.0.0/16')
    .vpc('B', '10.2.0.0/16')
    .vpc('I', '10.3.0.0/16')
    .table('At', 'A', ['10.2.0.0/16 -> tgw:Hub'])
    .table('Bt', 'B', ['10.1.0.0/16 -> tgw:Hub'])
    .subnet('As', 'A', '10.1.1.0/24', { table: 'At' })
    .subnet('Bs', 'B', '10.2.1.0/24', { table: 'Bt' })
    .subnet('Is', 'I', '10.3.1.0/24')
    .firewall('Fw', 'I', 'Is', { stateful: ['1 pass tcp 443 from 10.1.0.0/16 to 10.2.0.0/16'] })
    .attachment('Aa', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['As'] }, { association: 'Spokes' })
    .attachment('Ba', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['Bs'] }, { association: 'Spokes' })
    .attachment('Fa', 'Hub', { kind: 'firewall', id: 'Fw' }, { association: 'Inspected' })
    .transitGatewayTable('Spokes', 'Hub', ['10.0.0.0/8 -> Fa'])
    .transitGatewayTable('Inspected', 'Hub', [], ['Aa', 'Ba'])
    .group('Open', 'A', ['any from 0.0.0.0/0'])
    .group('OpenB', 'B', ['any from 0.0.0.0/0'])
    .interface('Ha', 'As', { groups: ['Open'] })
    .interface('Hb', 'Bs', { groups: ['OpenB'] })
    .build(),
  [
    ['Ha', 'Hb', 'tcp 443', 'reachable'],
    ['Ha', 'Hb', 'tcp 80', 'blocked'],
    ['Hb', 'Ha', 'tcp 443', 'blocked'],
  ],
);

table(
  'fact 28: a VPN gateway may join the sites that announce themselves to it by BGP, and not those with static routes',
  network()
    .vpc('V', '10.0.0.0/16')
    .vpnGateway('Vgw', 'V')
    .vpnConnection('East', 'vgw:Vgw')
    .vpnConnection('West', 'vgw:Vgw')
    .vpnConnection('Fixed', 'vgw:Vgw', ['192.168.0.0/16'])
    .build(),
  [
    ['site:East', 'site:West', 'tcp 443', 'unknown'],
    ['site:East', 'site:Fixed', 'tcp 443', 'blocked'],
    ['site:Fixed', 'site:West', 'tcp 443', 'blocked'],
  ],
);

/** The same network, with one noun under a condition that is not decided. */
function undecided(
  model: NetworkModel,
  list: 'internetGateways' | 'peeringConnections' | 'securityGroups' | 'natGateways',
  id: string,
) {
  const nouns: readonly { readonly id: string }[] = model[list];
  return { ...model, [list]: nouns.map((noun) => (noun.id === id ? { ...noun, certain: false } : noun)) };
}

describe('fact 40: what may not exist counts in may and not in must', () => {
  const joined = peered(['10.2.0.0/16 -> pcx:P'], ['10.1.1.0/24 -> pcx:P']);
  table('a peering connection', undecided(joined, 'peeringConnections', 'P'), [['A', 'B', 'tcp 443', 'unknown']]);
  table('the group that admits', undecided(joined, 'securityGroups', 'FromOpen'), [['A', 'B', 'tcp 443', 'unknown']]);
  table('an internet gateway', undecided(edge(), 'internetGateways', 'Igw'), [
    ['internet', 'A', 'tcp 443', 'unknown'],
    ['A', 'internet', 'tcp 443', 'unknown'],
  ]);
  table('a NAT gateway', undecided(edge({ public: false }), 'natGateways', 'Nat'), [
    ['B', 'internet', 'tcp 443', 'unknown'],
  ]);
});

table(
  'fact 32: IPv6 clients of a dual-stack balancer may reach its IPv4 targets; never taken for blocked',
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .subnet('S', 'V', '10.0.1.0/24 2001:db8::/64')
    .subnet('T', 'V', '10.0.2.0/24')
    .group('Six', 'V', ['tcp 443 from 2001:db8::/64'], ['tcp 443 to ::/0'])
    .group('Nlb', 'V', ['tcp 443 from 2001:db8::/64'])
    .group('App', 'V', ['tcp 80 from 10.0.1.0/24'])
    .interface('A', 'S', { groups: ['Six'], ipv6: true })
    .interface('B', 'T', { groups: ['App'] })
    .loadBalancer('Lb', 'network', 'S', ['tcp 443 -> Tg'], { interface: { groups: ['Nlb'], ipv6: true } })
    .targetGroup('Tg', 'tcp', 80, ['B'], { targetType: 'ip' })
    .build(),
  [
    ['A', 'Lb#interface', 'tcp 443', 'reachable'],
    ['A', 'B', 'tcp 443', 'unknown'],
    ['A', 'B', 'tcp 22', 'blocked'],
  ],
);
