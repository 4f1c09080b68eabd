/**
 * Behind a route whose target nobody knows may stand what sends on from an address of its own: a NAT gateway or an
 * appliance. Nobody may be told that such a way is blocked, and nothing comes to be certain by it (SEMANTICS 9, 15, 21).
 */
import { endKey, unknown } from '../../../lib/evidence/network';
import { ReachabilityEngine } from '../../../lib/evidence/reachability';
import { type NetworkBuilder, network } from '../../fixtures/network-builder';
import { never, provedBy } from '../certificate/made';
import { endOf, answer as traced } from '../trace/ask';
import { fact } from './fact';

/** One VPC with a host in A1 and room for what translates in A2; a peer whose host admits A2's addresses alone. */
const peered = (routes: readonly string[], from = '10.1.2.0/24') =>
  network()
    .vpc('A', '10.1.0.0/16')
    .vpc('B', '10.2.0.0/16')
    .peering('Peer', 'A', 'B')
    .table('RtA1', 'A', routes)
    .table('RtA2', 'A', ['10.2.0.0/16 -> pcx:Peer'])
    .table('RtB', 'B', ['10.1.0.0/16 -> pcx:Peer'])
    .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1' })
    .subnet('A2', 'A', '10.1.2.0/24', { table: 'RtA2' })
    .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB' })
    .group('Out', 'A')
    .group('Chart', 'B', [`tcp 443 from ${from}`, `udp 53 from ${from}`])
    .interface('Ward', 'A1', { groups: ['Out'] })
    .interface('Store', 'B1', { groups: ['Chart'] });

const UNKNOWN = ['0.0.0.0/0 -> ?'];

fact(
  '21: a route to nobody knows where may lead to a NAT gateway',
  peered(UNKNOWN).natGateway('Nat', 'A2', 'private').build(),
  [
    ['Ward', 'Store', 'tcp 443', 'unknown'],
    ['Ward', 'Store', 'udp 53', 'unknown'],
    ['Ward', 'Store', 'tcp 22', 'blocked'],
    ['Store', 'Ward', 'tcp 443', 'blocked'],
  ],
);

fact(
  '21: the route that leads to the NAT gateway leads there',
  peered(['0.0.0.0/0 -> nat:Nat']).natGateway('Nat', 'A2', 'private').build(),
  [
    ['Ward', 'Store', 'tcp 443', 'reachable'],
    ['Ward', 'Store', 'tcp 22', 'blocked'],
  ],
);

fact(
  "21: a NAT gateway's own address is all that it sends from, and its subnet's ACL has its say",
  peered(UNKNOWN, '10.1.3.0/24').natGateway('Nat', 'A2', 'private').build(),
  [['Ward', 'Store', 'tcp 443', 'blocked']],
);

fact(
  '9: a route to nobody knows where may lead to an appliance that sends from an address of its own',
  peered(UNKNOWN)
    .group('Pass', 'A', ['any from 10.0.0.0/8'])
    .interface('Box', 'A2', { groups: ['Pass'], sourceDestCheck: false })
    .build(),
  [
    ['Ward', 'Store', 'tcp 443', 'unknown'],
    ['Ward', 'Store', 'tcp 22', 'blocked'],
  ],
);

fact(
  '9: what takes nothing for others does not pass anything on',
  peered(UNKNOWN)
    .group('Pass', 'A', ['any from 10.0.0.0/8'])
    .interface('Box', 'A2', { groups: ['Pass'] })
    .build(),
  [['Ward', 'Store', 'tcp 443', 'blocked']],
);

/** Two spokes that call each other through the hub's NAT gateway; which table the first one's subnet uses is not known. */
const hub = (draw: (builder: NetworkBuilder) => NetworkBuilder) =>
  draw(
    network()
      .vpc('Hub', '10.0.0.0/16')
      .vpc('A', '10.1.0.0/16')
      .vpc('B', '10.2.0.0/16')
      .transitGateway('Tgw')
      .table('RtDoor', 'Hub', ['0.0.0.0/0 -> nat:Nat'])
      .table('RtNat', 'Hub', ['10.0.0.0/8 -> tgw:Tgw'])
      .table('RtA', 'A', ['0.0.0.0/0 -> tgw:Tgw'])
      .table('RtB', 'B', ['10.0.0.0/8 -> tgw:Tgw'])
      .subnet('Door', 'Hub', '10.0.0.0/28', { table: 'RtDoor' })
      .subnet('Nats', 'Hub', '10.0.1.0/24', { table: 'RtNat' })
      .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB' })
      .natGateway('Nat', 'Nats', 'private')
      .attachment('AtHub', 'Tgw', { kind: 'vpc', vpc: 'Hub', subnets: ['Door'] }, { association: 'Core' })
      .attachment('AtB', 'Tgw', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'Spokes' })
      .transitGatewayTable('Core', 'Tgw', [], ['AtA', 'AtB'])
      .transitGatewayTable('Spokes', 'Tgw', ['0.0.0.0/0 -> AtHub'])
      .group('Out', 'A')
      .group('Chart', 'B', ['tcp 443 from 10.0.1.0/24'])
      .interface('Store', 'B1', { groups: ['Chart'] }),
  )
    .interface('Ward', 'A1', { groups: ['Out'] })
    .build();

const attached = (association: Parameters<NetworkBuilder['attachment']>[3]) => (builder: NetworkBuilder) =>
  builder
    .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA' })
    .attachment('AtA', 'Tgw', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, association);

const undecidedTable = hub((builder) =>
  builder
    .subnet('A1', 'A', '10.1.1.0/24', { table: unknown('a parameter decides', ['Test.Table']) })
    .attachment('AtA', 'Tgw', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'Spokes' }),
);
const undecidedAssociation = hub(attached({ association: unknown('a parameter decides', ['Test.Association']) }));

const THROUGH_HUB = [
  ['Ward', 'Store', 'tcp 443', 'unknown'],
  ['Ward', 'Store', 'tcp 22', 'blocked'],
] as const;

fact("15: a subnet's table that is not decided may lead to another VPC's NAT gateway", undecidedTable, THROUGH_HUB);
fact('23: an association that is not decided may lead to a NAT gateway', undecidedAssociation, THROUGH_HUB);
fact('23: the association that leads there', hub(attached({ association: 'Spokes' })), [
  ['Ward', 'Store', 'tcp 443', 'reachable'],
  ['Ward', 'Store', 'tcp 22', 'blocked'],
]);

/** The receiver has a public address and admits one other address of the internet, which may be the NAT gateway's. */
const overInternet = (routes: readonly string[], connectivity: 'public' | 'private') =>
  network()
    .vpc('A', '10.1.0.0/16')
    .vpc('B', '10.2.0.0/16')
    .internetGateway('IgwA', 'A')
    .internetGateway('IgwB', 'B')
    .table('RtA1', 'A', routes)
    .table('RtOut', 'A', ['0.0.0.0/0 -> igw:IgwA'])
    .table('RtB', 'B', ['0.0.0.0/0 -> igw:IgwB'])
    .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1' })
    .subnet('A2', 'A', '10.1.2.0/24', { table: 'RtOut' })
    .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB' })
    .natGateway('Nat', 'A2', connectivity)
    .group('Out', 'A')
    .group('Chart', 'B', ['tcp 443 from 52.94.76.7/32'])
    .interface('Ward', 'A1', { groups: ['Out'] })
    .interface('Store', 'B1', { groups: ['Chart'], publicIpv4: true })
    .build();

fact("21: by a public NAT gateway's elastic address over the internet", overInternet(UNKNOWN, 'public'), [
  ['Ward', 'Store', 'tcp 443', 'unknown'],
  ['Ward', 'Store', 'tcp 22', 'blocked'],
]);

/** No template shows what translates, and the receiver's own routes lead wherever the answers may be awaited, or do not. */
const unseen = (answers: readonly string[]) =>
  network()
    .vpc('A', '10.1.0.0/16')
    .vpc('B', '10.2.0.0/16')
    .table('RtA1', 'A', UNKNOWN)
    .table('RtB', 'B', answers)
    .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1' })
    .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB' })
    .group('Out', 'A')
    .group('Peers', 'B')
    .group('Chart', 'B', ['tcp 443 from 10.9.0.0/16', 'tcp 444 from sg:Peers', 'udp 53 from 10.9.0.0/16'])
    .interface('Ward', 'A1', { groups: ['Out'] })
    .interface('Store', 'B1', { groups: ['Chart'] })
    .build();

fact('15: what translates no template need show', unseen(['10.0.0.0/8 -> ?']), [
  ['Ward', 'Store', 'tcp 443', 'unknown'],
  ['Ward', 'Store', 'tcp 444', 'blocked'],
  ['Ward', 'Store', 'tcp 22', 'blocked'],
  ['Store', 'Ward', 'tcp 443', 'blocked'],
]);

fact('15: where no answer goes, nothing is awaited', unseen(['10.1.0.0/16 -> blackhole']), [
  ['Ward', 'Store', 'tcp 443', 'blocked'],
  ['Ward', 'Store', 'udp 53', 'unknown'],
]);

describe('a certificate is made of no claim that such a way would break', () => {
  const noWay = (model: ReturnType<typeof hub>, from: string, to: string) => {
    const { file } = never(model, endOf(from), endOf(to));
    return provedBy(file, model).length > 0;
  };
  test.each([
    ['a NAT gateway', peered(UNKNOWN).natGateway('Nat', 'A2', 'private').build(), false],
    [
      'a NAT gateway that no group admits',
      peered(UNKNOWN, '10.1.3.0/24').natGateway('Nat', 'A2', 'private').build(),
      true,
    ],
    ['an undecided table', undecidedTable, false],
    ['an undecided association', undecidedAssociation, false],
  ])('%s', (_, model, isProved) => {
    expect(noWay(model, 'interface:Ward', 'interface:Store')).toBe(isProved);
  });
});

describe('trace follows such a way in *may*, through what translates and back, and in *must* none', () => {
  const wards = 'interface:Ward 10.1.1.9 -> interface:Store 10.2.1.9 tcp 443';
  test.each([
    ['a NAT gateway', peered(UNKNOWN).natGateway('Nat', 'A2', 'private').build()],
    [
      'an appliance',
      peered(UNKNOWN)
        .group('Pass', 'A', ['any from 10.0.0.0/8'])
        .interface('Box', 'A2', { groups: ['Pass'], sourceDestCheck: false })
        .build(),
    ],
    ['an undecided table', undecidedTable],
  ])('%s', (_, model) => {
    expect(traced(model, wards, 'may')).toBe('reachable');
    expect(traced(model, wards, 'must')).not.toBe('reachable');
    expect(traced(model, wards.replace('443', '22'), 'may')).toMatch(/^security-group Chart/);
  });
});

/** A VPC whose range is a parameter's. */
const ranged = (...entry: readonly string[]) =>
  network()
    .vpc('A', '?')
    .internetGateway('Igw', 'A')
    .table('RtA1', 'A', ['0.0.0.0/0 -> igw:Igw'])
    .acl('Acl', 'A', entry)
    .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1', acl: 'Acl' })
    .group('Out', 'A', ['tcp 443 from 0.0.0.0/0'])
    .interface('Ward', 'A1', { groups: ['Out'], publicIpv4: true })
    .build();

fact(
  '14: there are always addresses on the internet that a VPC of which nobody knows the range does not have',
  ranged('100 ingress allow any 0.0.0.0/0', '100 egress allow any 0.0.0.0/0'),
  [
    ['Ward', 'internet', 'tcp 443', 'reachable'],
    ['internet', 'Ward', 'tcp 443', 'reachable'],
    ['internet', 'Ward', 'tcp 22', 'blocked'],
  ],
);

fact(
  '29: a table that is not decided may hold a gateway endpoint of its VPC',
  network()
    .vpc('A', '10.1.0.0/16')
    .subnet('A1', 'A', '10.1.1.0/24', { table: unknown('a parameter decides', ['Test.Table']) })
    .table('RtA1', 'A', [])
    .gatewayEndpoint('S3', 'A', 's3', { routeTables: ['RtA1'] })
    .group('Out', 'A')
    .interface('Ward', 'A1', { groups: ['Out'] })
    .build(),
  [['Ward', 'aws:s3@S3', 'tcp 443', 'unknown']],
);

/** Three VPCs with a transit gateway that no template shows; the third is attached to another, and knows the way back. */
const imported = network()
  .vpc('A', '10.1.0.0/16')
  .vpc('B', '10.2.0.0/16')
  .vpc('C', '10.3.0.0/16')
  .transitGateway('Theirs', { external: true })
  .transitGateway('Ours')
  .table('RtA', 'A', ['0.0.0.0/0 -> tgw:Theirs'])
  .table('RtB', 'B', ['10.0.0.0/8 -> tgw:Theirs'])
  .table('RtC', 'C', ['10.0.0.0/8 -> tgw:Ours'])
  .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA' })
  .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB' })
  .subnet('C1', 'C', '10.3.1.0/24', { table: 'RtC' })
  .attachment('AtA', 'Theirs', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'Rt' })
  .attachment('AtB', 'Theirs', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'Rt' })
  .attachment(
    'AtC',
    'Ours',
    { kind: 'vpc', vpc: 'C', subnets: ['C1'] },
    { association: unknown('a parameter decides', []) },
  )
  .attachment(
    'AtAToo',
    'Ours',
    { kind: 'vpc', vpc: 'A', subnets: ['A1'] },
    { association: unknown('a parameter decides', []) },
  )
  .group('Out', 'A')
  .group('ChartB', 'B', ['tcp 443 from 10.0.0.0/8', 'tcp 22 from 10.9.0.0/16'])
  .group('ChartC', 'C', ['tcp 443 from 10.0.0.0/8'])
  .interface('Ward', 'A1', { groups: ['Out'] })
  .interface('StoreB', 'B1', { groups: ['ChartB'] })
  .interface('StoreC', 'C1', { groups: ['ChartC'] })
  .build();

fact('15: a transit gateway that no template shows may lead to the internet, and be any that one shows', imported, [
  ['Ward', 'internet', 'tcp 443', 'unknown'],
  ['Ward', 'StoreB', 'tcp 443', 'unknown'],
  ['Ward', 'StoreC', 'tcp 443', 'unknown'],
  ['StoreB', 'internet', 'tcp 443', 'blocked'],
  ['internet', 'Ward', 'tcp 443', 'blocked'],
]);

fact('23: nor is it taken for one that translates', imported, [['Ward', 'StoreB', 'tcp 22', 'blocked']]);

fact(
  '23: where an association is not decided, the gateway sends to its attachments, and not to others nor the internet',
  network()
    .vpc('A', '10.1.0.0/16')
    .vpc('B', '10.2.0.0/16')
    .vpc('C', '10.3.0.0/16')
    .transitGateway('Tgw')
    .table('RtA', 'A', ['0.0.0.0/0 -> tgw:Tgw'])
    .table('RtB', 'B', ['10.0.0.0/8 -> tgw:Tgw'])
    .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA' })
    .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB' })
    .subnet('C1', 'C', '10.3.1.0/24')
    .attachment(
      'AtA',
      'Tgw',
      { kind: 'vpc', vpc: 'A', subnets: ['A1'] },
      { association: unknown('a parameter decides', []) },
    )
    .attachment('AtB', 'Tgw', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'Rt' })
    .transitGatewayTable('Rt', 'Tgw', [], ['AtA', 'AtB'])
    .group('Out', 'A')
    .group('ChartB', 'B', ['tcp 443 from 10.0.0.0/8'])
    .group('ChartC', 'C', ['udp 53 from 10.0.0.0/8'])
    .interface('Ward', 'A1', { groups: ['Out'] })
    .interface('StoreB', 'B1', { groups: ['ChartB'] })
    .interface('StoreC', 'C1', { groups: ['ChartC'] })
    .build(),
  [
    ['Ward', 'StoreB', 'tcp 443', 'unknown'],
    ['Ward', 'StoreC', 'udp 53', 'blocked'],
    ['Ward', 'internet', 'tcp 443', 'blocked'],
  ],
);

describe('sites behind what nobody knows', () => {
  const model = network()
    .vpc('A', '10.1.0.0/16')
    .transitGateway('Tgw')
    .table('RtA1', 'A', UNKNOWN)
    .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1' })
    .vpnGateway('Vgw', 'A')
    .attachment('Dx', 'Tgw', { kind: 'direct-connect', id: 'DxGateway' })
    .group('Out', 'A')
    .interface('Ward', 'A1', { groups: ['Out'] })
    .build();
  test.each(['site:Vgw', 'site:Dx'])('28: an unknown route may lead to %s', (site) => {
    const { reaches } = new ReachabilityEngine(model, 'may').reachFrom(endOf('interface:Ward'));
    expect(reaches.map(({ to }) => endKey(to))).toContain(site);
  });
});
