/**
 * Latent paths: isolation holds, and one edit would end it. Each network here is shut by one thing, or by two.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { NetworkModel } from '../../lib/evidence/network';
import { readNetwork } from '../../lib/evidence/template';
import { gatherEvidence, type LatentPath, type VerifyResult, verifyEstate } from '../../lib/verdict';
import { NetworkBuilder } from '../fixtures/network-builder';
import { AS_OF, claim, conduits, GOVERNED, modelOf } from './scenario';

const ONE_ZONE = `
cordon: 1
estate: clinic
region: eu-west-2
zones:
  ehr: { purpose: The chart, at: { template: { vpcs: [Ehr] } }, trust: trusted, data: internal }
`;
const TWO_ZONES = `${ONE_ZONE}  guest: { purpose: Phones, at: { template: { vpcs: [Guest] } }, trust: untrusted, data: none }
`;

/** tcp alone: of udp one packet needs no answer, and so one edit less. */
const OUT = ['tcp 0-65535 to 0.0.0.0/0'];
const IN = ['tcp 443 from 0.0.0.0/0'];

/** Nobody wears the default group to any effect. */
function build(builder: NetworkBuilder): NetworkModel {
  const network = builder.build();
  const empty = { ingress: [], egress: [] };
  return {
    ...network,
    securityGroups: network.securityGroups.map((group) => (group.isDefault ? { ...group, ...empty } : group)),
  };
}

function verify(text: string, network: NetworkModel): VerifyResult {
  return verifyEstate({ model: modelOf(text), network, evidence: gatherEvidence(network), asOf: AS_OF, latent: true });
}

function pathsOf(result: VerifyResult): readonly LatentPath[] {
  if (!result.latent) throw new Error('nobody looked for latent paths');
  return result.latent;
}

/** `warning guest -> ehr: GuestTable gets a route 10.2.0.0/16 -> Peering` */
function told(network: NetworkModel, text = TWO_ZONES): string[] {
  return pathsOf(verify(text, network)).map(
    ({ from, to, level, edit }) => `${level} ${from} -> ${to}: ${edit.resource} gets ${edit.what}`,
  );
}

describe('a public address away', () => {
  interface Shut {
    readonly routes?: readonly string[];
    readonly ingress?: readonly string[];
    readonly egress?: readonly string[];
    readonly public?: boolean;
  }
  const inVpc = (shut: Shut) =>
    new NetworkBuilder()
      .vpc('Ehr', '10.2.0.0/16')
      .internetGateway('Igw', 'Ehr')
      .table('Table', 'Ehr', shut.routes ?? ['0.0.0.0/0 -> igw:Igw'])
      .subnet('Subnet', 'Ehr', '10.2.1.0/24', { table: 'Table', autoPublicIpv4: shut.public ?? false })
      .group('Group', 'Ehr', shut.ingress ?? [], shut.egress ?? []);
  const address = 'a public address for what is launched there, asked for or by `MapPublicIpOnLaunch: true`';

  test('a subnet with a default route and an open group lacks only the address', () => {
    expect(told(build(inVpc({ ingress: IN })), ONE_ZONE)).toEqual([`warning internet -> ehr: Subnet gets ${address}`]);
  });

  test('so does one whose hosts may send', () => {
    expect(told(build(inVpc({ egress: OUT })), ONE_ZONE)).toEqual([`warning ehr -> internet: Subnet gets ${address}`]);
  });

  test('what exists today is named before what may be launched some day', () => {
    const network = build(
      inVpc({ ingress: IN }).interface('Database', 'Subnet', { kind: 'database', groups: ['Group'] }),
    );
    expect(pathsOf(verify(ONE_ZONE, network))).toMatchObject([
      { edit: { resource: 'Database', kind: 'public-address', what: '`PubliclyAccessible: true`' }, also: ['Subnet'] },
    ]);
  });

  test('a function has no public address to get', () => {
    const network = build(
      inVpc({ ingress: IN, public: false }).interface('Function', 'Subnet', { kind: 'function', groups: ['Group'] }),
    );
    expect(pathsOf(verify(ONE_ZONE, network)).flatMap(({ edit, also }) => [edit.resource, ...also])).toEqual([
      'Subnet',
    ]);
  });

  test.each<[string, Shut]>([
    ['the group is shut as well', {}],
    ['the table is empty as well', { routes: [], ingress: IN }],
  ])('two obstacles are none: %s', (_, shut) => {
    expect(told(build(inVpc(shut)), ONE_ZONE)).toEqual([]);
  });

  test('with an address, the missing default route is what is left', () => {
    expect(told(build(inVpc({ routes: [], ingress: IN, public: true })), ONE_ZONE)).toEqual([
      'warning internet -> ehr: Table gets a route 0.0.0.0/0 -> Igw',
    ]);
  });

  test('with both, the group alone is left, and that is a note', () => {
    expect(told(build(inVpc({ public: true })), ONE_ZONE)).toEqual([
      'note ehr -> internet: Group gets an egress rule that allows it',
      'note internet -> ehr: Group gets an ingress rule that allows it',
    ]);
  });
});

test('a gateway that is routed to lacks only its attachment', () => {
  const network = new NetworkBuilder()
    .vpc('Ehr', '10.2.0.0/16')
    .table('Table', 'Ehr', ['0.0.0.0/0 -> igw:Igw'])
    .subnet('Subnet', 'Ehr', '10.2.1.0/24', { table: 'Table', autoPublicIpv4: true })
    .group('Group', 'Ehr', IN, [])
    .build();
  const unattached = { id: 'Igw', origin: { resource: 'Igw', type: 'AWS::EC2::InternetGateway' }, certain: true };
  expect(told({ ...network, internetGateways: [unattached] }, ONE_ZONE)).toContain(
    'warning internet -> ehr: Igw gets an attachment to VPC Ehr',
  );
});

describe('a route away', () => {
  const peered = (guestRoutes: readonly string[], ehrRoutes: readonly string[]) =>
    new NetworkBuilder()
      .vpc('Guest', '10.1.0.0/16')
      .vpc('Ehr', '10.2.0.0/16')
      .peering('Peering', 'Guest', 'Ehr')
      .table('GuestTable', 'Guest', guestRoutes)
      .table('EhrTable', 'Ehr', ehrRoutes)
      .subnet('GuestSubnet', 'Guest', '10.1.1.0/24', { table: 'GuestTable' })
      .subnet('EhrSubnet', 'Ehr', '10.2.1.0/24', { table: 'EhrTable' })
      .group('GuestGroup', 'Guest', [], OUT)
      .group('EhrGroup', 'Ehr', IN, []);

  test('a peering connection with a route on one side lacks the other', () => {
    expect(told(build(peered([], ['10.1.0.0/16 -> pcx:Peering'])))).toEqual([
      'warning guest -> ehr: GuestTable gets a route 10.2.0.0/16 -> Peering',
    ]);
    expect(told(build(peered(['10.2.0.0/16 -> pcx:Peering'], [])))).toEqual([
      'warning guest -> ehr: EhrTable gets a route 10.1.0.0/16 -> Peering',
    ]);
  });

  test('one without routes lacks two', () => {
    expect(told(build(peered([], [])))).toEqual([]);
  });

  test('an empty table in a VPC that has a NAT gateway lacks a default route', () => {
    const network = new NetworkBuilder()
      .vpc('Ehr', '10.2.0.0/16')
      .internetGateway('Igw', 'Ehr')
      .table('Public', 'Ehr', ['0.0.0.0/0 -> igw:Igw'])
      .subnet('PublicSubnet', 'Ehr', '10.2.0.0/24', { table: 'Public' })
      .natGateway('Nat', 'PublicSubnet')
      .subnet('Subnet', 'Ehr', '10.2.1.0/24')
      .group('Group', 'Ehr', [], OUT);
    expect(told(build(network), ONE_ZONE)).toContain(
      'warning ehr -> internet: Ehr#main-route-table gets a route 0.0.0.0/0 -> Nat',
    );
  });
});

describe('at a transit gateway', () => {
  interface Hub {
    /** what is propagated into the tables that the two are associated with */
    readonly guest?: readonly string[];
    readonly ehr?: readonly string[];
    readonly guestRoutes?: readonly string[];
    readonly associated?: boolean;
    /** routes of the guests' VPC */
    readonly vpcRoutes?: readonly string[];
  }
  const BOTH = ['GuestAttachment', 'EhrAttachment'];
  const hub = ({ guest = BOTH, ehr = BOTH, guestRoutes = [], associated = true, vpcRoutes }: Hub) =>
    new NetworkBuilder()
      .vpc('Guest', '10.1.0.0/16')
      .vpc('Ehr', '10.2.0.0/16')
      .transitGateway('Hub')
      .table('GuestTable', 'Guest', vpcRoutes ?? ['10.0.0.0/8 -> tgw:Hub'])
      .table('EhrTable', 'Ehr', ['10.0.0.0/8 -> tgw:Hub'])
      .subnet('GuestSubnet', 'Guest', '10.1.1.0/24', { table: 'GuestTable' })
      .subnet('EhrSubnet', 'Ehr', '10.2.1.0/24', { table: 'EhrTable' })
      .attachment(
        'GuestAttachment',
        'Hub',
        { kind: 'vpc', vpc: 'Guest', subnets: ['GuestSubnet'] },
        associated ? { association: 'Guests' } : {},
      )
      .attachment(
        'EhrAttachment',
        'Hub',
        { kind: 'vpc', vpc: 'Ehr', subnets: ['EhrSubnet'] },
        { association: 'Charts' },
      )
      .transitGatewayTable('Guests', 'Hub', guestRoutes, guest)
      .transitGatewayTable('Charts', 'Hub', [], ehr)
      .group('GuestGroup', 'Guest', [], OUT)
      .group('EhrGroup', 'Ehr', IN, []);

  test('the fixture is open where nothing is missing', () => {
    expect(claim(verify(TWO_ZONES, build(hub({}))), 'isolation/guest/ehr').verdict).toBe('violated');
  });

  test('an attachment without association lacks one, and any table with the routes will do', () => {
    expect(told(build(hub({ associated: false })))).toEqual([
      'warning guest -> ehr: GuestAttachment gets an association with route table Guests',
    ]);
  });

  test('a propagation is missing on the way there, or on the way back', () => {
    expect(told(build(hub({ guest: [] })))).toEqual([
      'warning guest -> ehr: Guests gets a propagation of EhrAttachment',
    ]);
    expect(told(build(hub({ ehr: [] })))).toEqual([
      'warning guest -> ehr: Charts gets a propagation of GuestAttachment',
    ]);
  });

  test('one on either way is two', () => {
    expect(told(build(hub({ guest: [], ehr: [] })))).toEqual([]);
  });

  test('a blackhole is all that is in the way', () => {
    expect(told(build(hub({ guestRoutes: ['10.2.0.0/16 -> blackhole'] })))).toEqual([
      'warning guest -> ehr: Guests gets its blackhole for 10.2.0.0/16 taken away',
    ]);
  });

  test('the VPC itself does not route there', () => {
    expect(told(build(hub({ vpcRoutes: [] })))).toEqual([
      'warning guest -> ehr: GuestTable gets a route 10.2.0.0/16 -> Hub',
    ]);
  });
});

test('a site that the hub does not let in lacks a propagation', () => {
  const sited = ONE_ZONE.replace(
    'zones:',
    'sites: { campus: { connect: vpn, gateway: { ip: 203.0.113.10 } } }\nzones:\n  ward: { purpose: Wards, at: { site: campus, cidr: 192.168.1.0/24 }, trust: untrusted, data: none }',
  );
  const network = build(
    new NetworkBuilder()
      .vpc('Ehr', '10.2.0.0/16')
      .transitGateway('Hub')
      .table('EhrTable', 'Ehr', ['192.168.0.0/16 -> tgw:Hub'])
      .subnet('EhrSubnet', 'Ehr', '10.2.1.0/24', { table: 'EhrTable' })
      .vpnConnection('Vpn', 'tgw:Hub', ['192.168.0.0/16'], { customerGatewayIp: '203.0.113.10' })
      .attachment(
        'EhrAttachment',
        'Hub',
        { kind: 'vpc', vpc: 'Ehr', subnets: ['EhrSubnet'] },
        { association: 'Charts' },
      )
      .attachment('Campus', 'Hub', { kind: 'vpn', id: 'Vpn' }, { association: 'Sites' })
      .transitGatewayTable('Sites', 'Hub', [], [])
      .transitGatewayTable('Charts', 'Hub', [], ['Campus'])
      .group('EhrGroup', 'Ehr', ['tcp 443 from 192.168.0.0/16'], []),
  );
  expect(told(network, sited)).toEqual([
    'warning site:campus -> ehr: Sites gets a propagation of EhrAttachment',
    'warning ward -> ehr: Sites gets a propagation of EhrAttachment',
  ]);
});

describe('a rule away', () => {
  interface Shut {
    readonly ingress?: readonly string[];
    readonly acl?: readonly string[];
  }
  const peered = ({
    ingress = [],
    acl = ['100 ingress allow any 0.0.0.0/0', '100 egress allow any 0.0.0.0/0'],
  }: Shut) =>
    new NetworkBuilder()
      .vpc('Guest', '10.1.0.0/16')
      .vpc('Ehr', '10.2.0.0/16')
      .peering('Peering', 'Guest', 'Ehr')
      .table('GuestTable', 'Guest', ['10.2.0.0/16 -> pcx:Peering'])
      .table('EhrTable', 'Ehr', ['10.1.0.0/16 -> pcx:Peering'])
      .acl('EhrAcl', 'Ehr', acl)
      .subnet('GuestSubnet', 'Guest', '10.1.1.0/24', { table: 'GuestTable' })
      .subnet('EhrSubnet', 'Ehr', '10.2.1.0/24', { table: 'EhrTable', acl: 'EhrAcl' })
      .group('GuestGroup', 'Guest', [], OUT)
      .group('EhrGroup', 'Ehr', ingress, []);
  const SHUT_ACL = [
    '100 ingress deny any 10.1.0.0/16',
    '200 ingress allow any 0.0.0.0/0',
    '100 egress allow any 0.0.0.0/0',
  ];

  test('only a group stops it, or only a network ACL: a note', () => {
    expect(told(build(peered({})))).toEqual(['note guest -> ehr: EhrGroup gets an ingress rule that allows it']);
    expect(told(build(peered({ ingress: IN, acl: SHUT_ACL })))).toEqual([
      'note guest -> ehr: EhrAcl gets an ingress entry that allows it, before all others',
    ]);
  });

  test('an ACL that shuts both ways is one association away: without it, the default one allows everything', () => {
    expect(told(build(peered({ ingress: IN, acl: ['100 ingress allow any 10.2.0.0/16'] })))).toEqual([
      'note guest -> ehr: EhrSubnet gets the default network ACL of its VPC in place of EhrAcl',
    ]);
  });

  test('an ACL behind the group is a second layer', () => {
    expect(told(build(peered({ acl: SHUT_ACL })))).toEqual([]);
  });

  test('where a conduit joins the two, that another rule would let more pass is no news', () => {
    const joined = TWO_ZONES.replace('internal }', 'internal, assets: { app: { serves: [https] } } }');
    const text = joined + conduits(`portal: { from: guest, to: ehr/app, allow: [https], ${GOVERNED} }`);
    expect(told(build(peered({})), text)).toEqual([]);
  });
});

describe('what is no latent path', () => {
  const peered = (ehrRoutes: readonly string[]) =>
    new NetworkBuilder()
      .vpc('Guest', '10.1.0.0/16')
      .vpc('Ehr', '10.2.0.0/16')
      .peering('Peering', 'Guest', 'Ehr')
      .table('GuestTable', 'Guest', ['10.2.0.0/16 -> pcx:Peering'])
      .table('EhrTable', 'Ehr', ehrRoutes)
      .subnet('GuestSubnet', 'Guest', '10.1.1.0/24', { table: 'GuestTable' })
      .subnet('EhrSubnet', 'Ehr', '10.2.1.0/24', { table: 'EhrTable' })
      .group('GuestGroup', 'Guest', [], OUT)
      .group('EhrGroup', 'Ehr', IN, []);
  const DECLARED =
    TWO_ZONES.replace('internal }', 'internal, assets: { app: { serves: [https] } } }') +
    conduits(`portal: { from: guest, to: ehr/app, allow: [https], ${GOVERNED} }`);

  test('a declared conduit that is blocked is a violated service', () => {
    const result = verify(DECLARED, build(peered([])));
    expect(claim(result, 'service/portal/https').verdict).toBe('violated');
    expect(pathsOf(result)).toEqual([]);
  });

  test('a path that is open is a violation, not told again', () => {
    const result = verify(TWO_ZONES, build(peered(['10.1.0.0/16 -> pcx:Peering'])));
    expect(claim(result, 'isolation/guest/ehr').verdict).toBe('violated');
    expect(pathsOf(result)).toEqual([]);
  });

  test('one that hangs on something unknown besides the edit cannot be shown', () => {
    const builder = new NetworkBuilder()
      .vpc('Ehr', '10.2.0.0/16')
      .internetGateway('Igw', 'Ehr')
      .table('Table', 'Ehr', ['maybe 0.0.0.0/0 -> igw:Igw'])
      .subnet('Subnet', 'Ehr', '10.2.1.0/24', { table: 'Table' })
      .group('Group', 'Ehr', IN, []);
    expect(told(build(builder), ONE_ZONE)).toEqual([]);
  });
});

describe('a latent path', () => {
  const network = build(
    new NetworkBuilder()
      .vpc('Ehr', '10.2.0.0/16')
      .internetGateway('Igw', 'Ehr')
      .table('Table', 'Ehr', ['0.0.0.0/0 -> igw:Igw'])
      .subnet('Subnet', 'Ehr', '10.2.1.0/24', { table: 'Table' })
      .group('Group', 'Ehr', IN, []),
  );

  test('comes with a packet that would arrive, the hops that let it, and the line of the zone', () => {
    expect(pathsOf(verify(ONE_ZONE, network))).toMatchObject([
      {
        flow: { protocol: 'tcp', destinationPort: 443 },
        hops: [{ decision: 'translated' }, { decision: 'allowed' }, { decision: 'allowed' }, { decision: 'delivered' }],
        source: { file: 'clinic.yaml', line: 6 },
        zones: [{ zone: 'ehr', file: 'clinic.yaml', line: 6 }],
      },
    ]);
  });

  test('is told too where something else in the zone is not understood', () => {
    const doubted = {
      ...network,
      unmodelled: new NetworkBuilder().unmodelled('Odd', 'no idea', ['Ehr']).build().unmodelled,
    };
    const result = verify(ONE_ZONE, doubted);
    expect(claim(result, 'isolation/internet/ehr').verdict).toBe('unknown');
    expect(pathsOf(result)).toHaveLength(1);
  });

  test('changes no verdict and no claim', () => {
    const input = { model: modelOf(ONE_ZONE), network, evidence: gatherEvidence(network), asOf: AS_OF };
    const { latent, ...looked } = verifyEstate({ ...input, latent: true });
    expect(latent).toHaveLength(1);
    expect(looked).toEqual(verifyEstate(input));
  });
});

const SHARED = path.resolve(__dirname, '../../../shared/templates');
/** skipped where the folder is not beside the project: others' templates are read in place and never copied */
const DMS = path.join(SHARED, 'dms-aurora-to-s3.json');

(fs.existsSync(DMS) ? test : test.skip)('aurora in a public subnet lacks only a public address', () => {
  const text = fs.readFileSync(DMS, 'utf8');
  const { network } = readNetwork([{ stack: 'Dms', file: 'dms.json', text }], { region: 'eu-west-2' });
  const zones = ONE_ZONE.replace('[Ehr]', '[VPC]');
  expect(told(network, zones)).toContain('warning internet -> ehr: Dms.AuroraCluster gets `PubliclyAccessible: true`');
});
