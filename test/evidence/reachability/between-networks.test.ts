import type { NetworkModel } from '../../../lib/evidence/network';
import { network } from '../../fixtures/network-builder';
import { table } from './answer';

const open = { groups: ['Open'] };

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
