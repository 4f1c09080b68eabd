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
