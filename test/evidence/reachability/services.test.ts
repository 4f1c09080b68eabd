import { network } from '../../fixtures/network-builder';
import { table } from './answer';

const open = { groups: ['Open'] };

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
    ['A', 'Nlb#interface', 'tcp 443', 'reachable'],
    ['A', 'Nlb#interface', 'tcp 8443', 'blocked'],
    ['B', 'Nlb#interface', 'tcp 443', 'reachable'],
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
