/** Facts 29 to 34: endpoints, balancers and firewalls, for both families where AWS has both. */
import { network } from '../../fixtures/network-builder';
import { fact } from './fact';

const EVERYTHING = ['any from 0.0.0.0/0', 'any from ::/0'];
const SIX = { ipv6: true };

const gatewayEndpoint = () =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .vpc('W', '10.9.0.0/16')
    .peering('P', 'V', 'W')
    .prefixList('S3List', [], { service: 's3' })
    .table('R', 'V', ['pl:S3List -> vpce:S3'])
    .table('None', 'V', [])
    .table('RW', 'W', ['0.0.0.0/0 -> pcx:P'])
    .gatewayEndpoint('S3', 'V', 's3', { routeTables: ['R'] })
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64', { table: 'R' })
    .subnet('T', 'V', '10.0.2.0/24', { table: 'None' })
    .subnet('X', 'W', '10.9.1.0/24', { table: 'RW' })
    .group('Shut', 'V', [], ['tcp 443 to 10.0.0.0/8'])
    .interface('A', 'S', SIX)
    .interface('B', 'T')
    .interface('C', 'S', { groups: ['Shut'] })
    .interface('D', 'X')
    .build();
fact(
  '29: a gateway endpoint is a route by its service’s list: it serves the tables it is in, and its own VPC; groups apply',
  gatewayEndpoint(),
  [
    ['A', 'aws:s3@S3', 'tcp 443', 'reachable'],
    ['B', 'aws:s3@S3', 'tcp 443', 'blocked'],
    ['C', 'aws:s3@S3', 'tcp 443', 'blocked'],
    ['D', 'aws:s3@S3', 'tcp 443', 'blocked'],
  ],
  'https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html',
);

const interfaceEndpoint = () =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64')
    .subnet('T', 'V', '10.0.2.0/24 2001:db8:0:2::/64')
    .group('Ep', 'V', ['tcp 443 from 10.0.1.0/24', 'tcp 443 from 2001:db8:0:1::/64'])
    .group('Other', 'V', [])
    .interface('A', 'S', SIX)
    .interface('B', 'T', { groups: ['Other'], ...SIX })
    .interfaceEndpoint('Kms', 'T', { kind: 'aws', name: 'kms' }, { groups: ['Ep'], ...SIX })
    .interfaceEndpoint('Logs', 'T', { kind: 'aws', name: 'logs' }, SIX)
    .build();
fact(
  '30: an interface endpoint is an interface with groups, the default group where none is named; it never calls',
  interfaceEndpoint(),
  [
    ['A', 'aws:kms@Kms', 'tcp 443', 'reachable'],
    ['A', 'Kms#interface', 'tcp 443', 'reachable'],
    ['A', 'Kms#interface', 'tcp 80', 'blocked'],
    ['B', 'Kms#interface', 'tcp 443', 'blocked'],
    ['B', 'Logs#interface', 'tcp 443', 'blocked'],
    ['A', 'Logs#interface', 'tcp 443', 'reachable'],
  ],
);

const privateLink = (filters: boolean, acceptance = false) =>
  network()
    .vpc('C', '10.1.0.0/16')
    .vpc('P', '10.1.0.0/16')
    .subnet('CS', 'C', '10.1.1.0/24')
    .subnet('PS', 'P', '10.1.1.0/24')
    .subnet('PT', 'P', '10.1.2.0/24')
    .group('Endpoint', 'C', ['tcp 443 from 10.1.1.0/24'])
    .group('Nlb', 'P', ['tcp 443 from 192.168.0.0/16'], ['any to 0.0.0.0/0'])
    .group('App', 'P', ['tcp 8443 from 10.1.1.0/24'])
    .interface('A', 'CS')
    .interface('B', 'PT', { groups: ['App'] })
    .interface('Beside', 'PT', { groups: ['App'] })
    .loadBalancer('Nlb', 'network', 'PS', ['tcp 443 -> Tg'], {
      filtersPrivateLink: filters,
      interface: { groups: ['Nlb'] },
    })
    .targetGroup('Tg', 'tcp', 8443, ['B'])
    .endpointService('Svc', ['Nlb'], { acceptanceRequired: acceptance })
    .interfaceEndpoint('Ep', 'CS', { kind: 'private', id: 'Svc' }, { groups: ['Endpoint'] })
    .build();
fact(
  '31: PrivateLink leads to the provider’s balancer and its targets and nowhere else, one way, past overlapping ranges',
  privateLink(false),
  [
    ['A', 'B', 'tcp 443', 'reachable'],
    ['A', 'B', 'tcp 8443', 'blocked'],
    ['A', 'Beside', 'tcp 443', 'blocked'],
    ['B', 'A', 'tcp 443', 'blocked'],
  ],
  'https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html',
);
fact('31: whether the balancer’s groups filter it is a setting of its own', privateLink(true), [
  ['A', 'B', 'tcp 443', 'blocked'],
]);
fact('31: a connection that somebody has to accept is not certain', privateLink(false, true), [
  ['A', 'B', 'tcp 443', 'unknown'],
]);

const balanced = (crossZone: boolean) =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .internetGateway('Igw', 'V')
    .table('Public', 'V', ['0.0.0.0/0 -> igw:Igw', '::/0 -> igw:Igw'])
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64', { table: 'Public', az: 'a' })
    .subnet('T', 'V', '10.0.2.0/24 2001:db8:0:2::/64', { az: 'a' })
    .subnet('Far', 'V', '10.0.3.0/24', { az: 'b' })
    .group('World', 'V', ['tcp 80 from 0.0.0.0/0', 'udp 53 from 0.0.0.0/0', 'tcp 81 from ::/0'])
    .group('Own', 'V', ['tcp 80 from 10.0.0.0/16'])
    .interface('Client', 'T', { groups: ['World'], ...SIX })
    .interface('Admits', 'T', { groups: ['World'], ...SIX })
    .interface('Refuses', 'T', { groups: ['Own'], ...SIX })
    .interface('Else', 'Far', { groups: ['World'] })
    .loadBalancer('Nlb', 'network', 'S', ['tcp 443 -> Tg', 'tcp 8443 -> Ip', 'udp 53 -> Dns', 'tcp 444 -> Six'], {
      scheme: 'internet-facing',
      crossZone,
      interface: { filtered: false, publicIpv4: true, ...SIX },
    })
    .targetGroup('Tg', 'tcp', 80, ['Admits', 'Refuses', 'Else'])
    .targetGroup('Ip', 'tcp', 80, ['Refuses'], { targetType: 'ip' })
    .targetGroup('Dns', 'udp', 53, ['Admits'])
    .targetGroup('Six', 'tcp', 81, ['Admits'], { targetType: 'ip', ipv6: true, preserveClientIp: true })
    .build();
fact(
  '32: a network balancer answers on its listeners; a target sees its client, or the balancer where addresses are not kept',
  balanced(false),
  [
    ['internet@198.51.100.7', 'Admits', 'tcp 443', 'reachable'],
    ['internet@198.51.100.7', 'Refuses', 'tcp 443', 'blocked'],
    ['internet@198.51.100.7', 'Refuses', 'tcp 8443', 'reachable'],
    ['internet@198.51.100.7', 'Admits', 'udp 53', 'reachable'],
    ['internet@2600::1', 'Admits', 'tcp 444', 'reachable'],
    ['internet@198.51.100.7', 'Nlb#interface', 'tcp 22', 'blocked'],
    ['internet@2600::1', 'Nlb#interface', 'tcp 22', 'blocked'],
    ['internet@198.51.100.7', 'Else', 'tcp 443', 'blocked'],
  ],
  'https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html',
);
fact('32: cross-zone balancing reaches targets of other zones', balanced(true), [
  ['internet@198.51.100.7', 'Else', 'tcp 443', 'reachable'],
]);

const application = (scheme: 'internet-facing' | 'internal') =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .internetGateway('Igw', 'V')
    .table('Public', 'V', ['0.0.0.0/0 -> igw:Igw', '::/0 -> igw:Igw'])
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64', { table: 'Public' })
    .subnet('T', 'V', '10.0.2.0/24 2001:db8:0:2::/64')
    .group('Front', 'V', ['tcp 443 from 0.0.0.0/0', 'tcp 443 from ::/0'])
    .group('App', 'V', ['tcp 8080 from sg:Front'])
    .interface('Target', 'T', { groups: ['App'], ...SIX })
    .loadBalancer('Alb', 'application', 'S', ['tcp 443 -> Tg'], {
      scheme,
      interface: { groups: ['Front'], publicIpv4: scheme === 'internet-facing', ipv6: scheme === 'internet-facing' },
    })
    .targetGroup('Tg', 'tcp', 8080, ['Target'])
    .build();
fact(
  '33: internet-facing is reached through the gateway of its subnets, and ends the connection',
  application('internet-facing'),
  [
    ['internet@198.51.100.7', 'Alb#interface', 'tcp 443', 'reachable'],
    ['internet@2600::1', 'Alb#interface', 'tcp 443', 'reachable'],
    ['Alb#interface', 'Target', 'tcp 8080', 'reachable'],
    ['internet', 'Target', 'tcp 8080', 'blocked'],
    ['internet', 'Target', 'tcp 443', 'blocked'],
  ],
);
fact('33: internal is not, though its subnets are public', application('internal'), [
  ['internet', 'Alb#interface', 'tcp 443', 'blocked'],
]);

interface Policy {
  readonly stateless?: string[];
  readonly stateful?: string[];
  readonly order?: 'strict' | 'action';
  readonly statefulDefault?: 'pass' | 'drop';
  readonly opaque?: { id: string; reason: string }[];
}
const inspected = (policy: Policy) =>
  network()
    .vpc('V', '10.0.0.0/16 2001:db8::/56')
    .internetGateway('Igw', 'V')
    .firewall('Fw', 'V', 'F', policy)
    .table('App', 'V', ['0.0.0.0/0 -> firewall:Fw@F', '::/0 -> firewall:Fw@F'])
    .table('Fire', 'V', ['0.0.0.0/0 -> igw:Igw', '::/0 -> igw:Igw'])
    .table('Edge', 'V', ['10.0.1.0/24 -> firewall:Fw@F', '2001:db8:0:1::/64 -> firewall:Fw@F'], { edgeOf: 'Igw' })
    .subnet('S', 'V', '10.0.1.0/24 2001:db8:0:1::/64', { table: 'App' })
    .subnet('F', 'V', '10.0.9.0/28 2001:db8:0:9::/64', { table: 'Fire' })
    .group('Open', 'V', EVERYTHING)
    .interface('A', 'S', { groups: ['Open'], publicIpv4: true, ...SIX })
    .build();
fact(
  '34: a firewall decides by its rules, stateless ones first, and lets back in what it let out',
  inspected({
    stateless: ['1 drop tcp 25 from 0.0.0.0/0 to 0.0.0.0/0'],
    stateful: [
      '1 pass tcp 443 from 10.0.0.0/8 to 0.0.0.0/0',
      '2 pass tcp 443 from 2001:db8::/56 to ::/0',
      '3 pass tcp 25 from 10.0.0.0/8 to 0.0.0.0/0',
    ],
  }),
  [
    ['A', 'internet@198.51.100.7', 'tcp 443', 'reachable'],
    ['A', 'internet@2600::1', 'tcp 443', 'reachable'],
    ['A', 'internet@198.51.100.7', 'tcp 25', 'blocked'],
    ['A', 'internet@198.51.100.7', 'tcp 80', 'blocked'],
    ['A', 'internet@2600::1', 'tcp 80', 'blocked'],
    ['internet@198.51.100.7', 'A', 'tcp 443', 'blocked'],
    ['internet@2600::1', 'A', 'tcp 443', 'blocked'],
  ],
  'https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-rules-engines.html',
);
fact(
  '34: what a rule that cannot be read lets pass is not known',
  inspected({ opaque: [{ id: 'Suricata', reason: 'its rules are Suricata text' }] }),
  [
    ['A', 'internet@198.51.100.7', 'tcp 443', 'unknown'],
    ['A', 'internet@2600::1', 'tcp 443', 'unknown'],
  ],
);
fact(
  '34: what looks into packets decides nothing for certain, and what nothing decides passes both ways',
  inspected({
    stateful: [
      '1 drop tcp 443 from 10.0.0.0/8 to 0.0.0.0/0 partly',
      '2 drop any from 10.0.0.0/8 to 198.51.100.0/25 requests',
      '3 drop tcp from 203.0.113.0/24 to 0.0.0.0/0',
      '4 pass tcp 22 from 10.0.0.0/8 to 203.0.113.0/24 partly',
    ],
    statefulDefault: 'pass',
  }),
  [
    ['A', 'internet@198.51.100.200', 'tcp 443', 'unknown'],
    ['A', 'internet@198.51.100.200', 'tcp 80', 'reachable'],
    ['A', 'internet@198.51.100.7', 'tcp 80', 'blocked'],
    ['internet@198.51.100.7', 'A', 'tcp 80', 'reachable'],
    ['A', 'internet@203.0.113.9', 'tcp 80', 'blocked'],
    ['A', 'internet@203.0.113.9', 'tcp 22', 'unknown'],
  ],
  'https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html',
);
fact('34: strict order without a default action passes', inspected({ order: 'strict', statefulDefault: 'pass' }), [
  ['A', 'internet@198.51.100.7', 'tcp 80', 'reachable'],
  ['A', 'internet@2600::1', 'tcp 80', 'reachable'],
]);
