import { formatPrefix } from '../../../lib/base/net';
import { obligationPairs, readEstate, selectedZones, type ZoneModel } from '../../../lib/intent/zones';
import { HEADER, ZONES } from './marked';

function modelOf(text: string): ZoneModel {
  const { model, diagnostics } = readEstate([{ file: 'estate.yaml', text }]);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  if (!model) throw new Error('no model');
  return model;
}

function placementOf(at: string) {
  const text = `${HEADER}vpcs: { core: { size: 20 }, pinned: { cidr: 10.8.0.0/20 } }\nsites: { campus: {} }\nzones: { x: { at: ${at} } }\n`;
  const placement = modelOf(text).zones[0]?.placement;
  return (
    placement &&
    JSON.parse(
      JSON.stringify(placement, (key, value) =>
        key === 'cidr' ? formatPrefix(value) : key === 'cidrs' ? value.map(formatPrefix) : value,
      ),
    )
  );
}

describe('where a zone lives', () => {
  const template = { kind: 'template', vpcs: [], subnets: [], securityGroups: [], cidrs: [] };
  test.each([
    ['vpc', { kind: 'vpc', size: 22 }],
    ['{ vpc: {} }', { kind: 'vpc', size: 22 }],
    ['{ vpc: { size: 24 } }', { kind: 'vpc', size: 24 }],
    ['{ vpc: { cidr: 10.9.0.0/24 } }', { kind: 'vpc', size: 24, cidr: '10.9.0.0/24' }],
    ['{ vpc: { cidr: 10.64.8.0/24 } }', { kind: 'vpc', size: 24, cidr: '10.64.8.0/24' }],
    ['{ vpc: core }', { kind: 'shared-vpc', vpc: 'core', size: 24 }],
    ['{ vpc: core, size: 25 }', { kind: 'shared-vpc', vpc: 'core', size: 25 }],
    ['{ vpc: pinned, cidr: 10.8.1.0/24 }', { kind: 'shared-vpc', vpc: 'pinned', size: 24, cidr: '10.8.1.0/24' }],
    ['{ site: campus, cidr: 10.1.0.0/24 }', { kind: 'site', site: 'campus', cidrs: ['10.1.0.0/24'] }],
    [
      '{ site: campus, cidrs: [10.2.0.0/24, 10.1.0.0/24] }',
      { kind: 'site', site: 'campus', cidrs: ['10.1.0.0/24', '10.2.0.0/24'] },
    ],
    ['{ site: campus, cidr: "2001:db8:1::/48" }', { kind: 'site', site: 'campus', cidrs: ['2001:db8:1::/48'] }],
    ['outside', { kind: 'outside', cidrs: [] }],
    ['{ outside: 198.51.100.0/24 }', { kind: 'outside', cidrs: ['198.51.100.0/24'] }],
    ['{ outside: { cidrs: [198.51.100.0/24] } }', { kind: 'outside', cidrs: ['198.51.100.0/24'] }],
    ['{ template: { vpcs: Net.Vpc } }', { ...template, vpcs: ['Net.Vpc'] }],
    ['{ template: { subnets: [B, A, A] } }', { ...template, subnets: ['A', 'B'] }],
    [
      '{ template: { securityGroups: [Sg], cidrs: "fd00::/16" } }',
      { ...template, securityGroups: ['Sg'], cidrs: ['fd00::/16'] },
    ],
  ])('%s', (at, expected) => {
    expect(placementOf(at)).toEqual(expected);
  });
});

describe('a minimal estate', () => {
  test('of template zones needs neither region nor addressing nor sites, and draws no warning', () => {
    const text =
      'cordon: 1\nestate: adopted\nzones:\n  a: { at: { template: { vpcs: [VpcA] } } }\n  b: { at: { template: { subnets: SubnetB } }, data: phi }\n';
    const { model, diagnostics } = readEstate([{ file: 'z.yaml', text }]);
    expect(diagnostics).toEqual([]);
    expect(model?.addressing.pool).toBeUndefined();
    expect(model?.zones).toMatchObject([
      { name: 'a', purpose: '', trust: 'restricted', data: ['none'], assets: [], awsServices: [] },
      { name: 'b', data: ['phi'] },
    ]);
  });

  test('of VPC zones takes a region, a pool and two availability zones, and says so', () => {
    const { model, diagnostics } = readEstate([
      { file: 'z.yaml', text: 'cordon: 1\nestate: x\nzones: { a: { at: vpc } }\n' },
    ]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['POOL_DEFAULTED', 'REGION_DEFAULTED']);
    expect(model).toMatchObject({ region: 'us-east-1', availabilityZones: 2 });
    expect(model?.addressing.pool && formatPrefix(model.addressing.pool)).toBe('10.64.0.0/12');
  });

  test('may be written on Windows, and under YAML 1.1', () => {
    const text = `${HEADER}${ZONES}conduits: { x: { from: lab, to: guest, allow: https, review: 2027-04-01 } }\n`;
    const expected = JSON.stringify(modelOf(text).conduits);
    expect(JSON.stringify(modelOf(text.replaceAll('\n', '\r\n')).conduits)).toBe(expected);
    expect(modelOf(`%YAML 1.1\n---\n${text}`).conduits[0]?.review).toBe('2027-04-01');
  });

  test('may leave sections empty', () => {
    const model = modelOf(`${HEADER}zones:\n  a:\n    at: vpc\n    owner:\n    assets:\nconduits:\nnever:\n`);
    expect([model.zones.length, model.conduits.length]).toEqual([1, 0]);
    expect(model.zones[0]?.owner).toBeUndefined();
  });
});

describe('conduits', () => {
  const channelsOf = (allow: string) =>
    modelOf(`${HEADER}${ZONES}conduits: { x: { from: lab, to: guest, allow: ${allow} } }\n`).conduits[0]?.channels.map(
      ({ service, traffic, encrypted }) => ({ service, traffic, encrypted }),
    );
  const tcp = (from: number, to = from) => ({ protocol: 'tcp', ports: { from, to } });
  const udp = (from: number) => ({ protocol: 'udp', ports: { from, to: from } });

  test.each([
    ['https', [{ service: 'https', traffic: [tcp(443)], encrypted: true }]],
    ['[dns]', [{ service: 'dns', traffic: [tcp(53), udp(53)], encrypted: false }]],
    ['tcp/8443', [{ service: 'tcp/8443', traffic: [tcp(8443)], encrypted: false }]],
    ['[tcp/8000-8100]', [{ service: 'tcp/8000-8100', traffic: [tcp(8000, 8100)], encrypted: false }]],
    ['["TCP/443,80"]', [{ service: 'tcp/80,443', traffic: [tcp(80), tcp(443)], encrypted: false }]],
    ['[udp/53, udp/53]', [{ service: 'udp/53', traffic: [udp(53)], encrypted: false }]],
    ['icmp', [{ service: 'icmp', traffic: [{ protocol: 'icmp' }], encrypted: false }]],
    ['{ protocol: tcp, port: 8443 }', [{ service: 'tcp/8443', traffic: [tcp(8443)], encrypted: false }]],
    [
      '[{ protocol: tcp, ports: [1-2, 3, 5] }]',
      [{ service: 'tcp/1-3,5', traffic: [tcp(1, 3), tcp(5)], encrypted: false }],
    ],
    [
      '{ protocol: tcp, port: 8443, encrypted: true }',
      [{ service: 'tcp/8443 encrypted', traffic: [tcp(8443)], encrypted: true }],
    ],
  ])('allow %s', (allow, expected) => {
    expect(channelsOf(allow)).toEqual(expected);
  });

  test('written as a list have their names inside, or are named by their ends', () => {
    const list = `${HEADER}${ZONES}conduits:\n  - { name: b, from: lab, to: guest, allow: https }\n  - { from: portal/web, to: ehr/app, allow: https }\n`;
    expect(modelOf(list).conduits.map(({ name }) => name)).toEqual(['b', 'portal-web-to-ehr-app']);
  });

  test('an own service is used like one of the catalogue', () => {
    const own = `${HEADER}${ZONES}services: { alarms: { protocol: tcp, port: 8446, encrypted: true } }\nconduits: { x: { from: lab, to: ward, allow: alarms } }\n`;
    expect(modelOf(own).conduits[0]?.channels).toMatchObject([
      { service: 'alarms', encrypted: true, traffic: [tcp(8446)] },
    ]);
  });

  test.each([
    ['approved: Board', { by: ['Board'] }],
    ['approved: [Safety, Board]', { by: ['Board', 'Safety'] }],
    ['approved: { on: 2026-10-01 }', { by: [], on: '2026-10-01' }],
    ['approved: { by: Board, requestedBy: Ward }', { by: ['Board'], requestedBy: 'Ward' }],
  ])('%s', (approved, expected) => {
    const text = `${HEADER}${ZONES}conduits: { x: { from: lab, to: guest, allow: https, ${approved}, ticket: 4711 } }\n`;
    expect(modelOf(text).conduits[0]).toMatchObject({ approved: expected, ticket: '4711' });
  });

  test('a stated reason lets patient data cross in clear text', () => {
    const stated = `${HEADER}${ZONES}conduits: { x: { from: lab, to: ward, allow: dicom, cleartext: { why: old scanners } } }\n`;
    expect(modelOf(stated).conduits[0]?.cleartext?.why).toBe('old scanners');
  });

  test('names, time and echo carry no patient data, so they need no reason', () => {
    expect(
      modelOf(`${HEADER}${ZONES}conduits: { x: { from: ward, to: lab, allow: [dns, ntp, icmp] } }\n`).conduits,
    ).toHaveLength(1);
  });

  test('two assets of one zone may have one', () => {
    const inner = modelOf(
      `${HEADER}${ZONES}conduits: { x: { from: ehr/database, to: ehr/app, allow: https, via: local } }\n`,
    );
    expect(inner.conduits).toHaveLength(1);
  });
});

describe('obligations', () => {
  const zones = `${HEADER}zones:
  guest: { at: { outside: 198.51.100.0/24 }, trust: untrusted }
  ward: { at: vpc, data: phi }
  db: { at: vpc, data: [phi-bulk, secrets] }
  pumps: { at: vpc, data: safety }
  edge: { at: vpc, data: phi, gate: patients sign in }
`;
  const all = ['db', 'edge', 'guest', 'internet', 'pumps', 'ward'];

  test.each([
    ['ward', ['ward']],
    ['[ward, db]', ['db', 'ward']],
    ['internet', ['internet']],
    ['anything', all],
    ['{ data: phi }', ['db', 'edge', 'ward']],
    ['{ data: phi-bulk }', ['db']],
    ['{ data: [safety, secrets] }', ['db', 'pumps']],
    ['{ trust: untrusted }', ['guest']],
    ['{ zones: [ward, guest, internet] }', ['guest', 'internet', 'ward']],
    ['{ data: phi, not: db }', ['edge', 'ward']],
    ['{ data: phi, zones: [db, guest] }', ['db']],
    ['{ not: [ward, internet] }', ['db', 'edge', 'guest', 'pumps']],
    ['{}', all],
  ])('%s selects', (selector, expected) => {
    const model = modelOf(`${zones}never: [{ name: x, from: ${selector}, to: ward }]\n`);
    const obligation = model.obligations.find(({ id }) => id === 'x');
    expect(obligation && selectedZones(obligation.from, model.zones)).toEqual(expected);
  });

  test('never keep a zone apart from itself', () => {
    const model = modelOf(`${zones}never: [{ name: x, from: anything, to: ward }]\n`);
    const obligation = model.obligations.find(({ id }) => id === 'x');
    expect(obligation && obligationPairs(obligation, model.zones).map(({ from }) => from)).toEqual(
      all.filter((name) => name !== 'ward'),
    );
  });

  test('that always hold are there without being written, point at the estate, and respect gates', () => {
    const standing = modelOf(zones).obligations.filter(({ origin }) => origin === 'standing');
    expect(standing.map(({ id, except, through, source }) => [id, except, through, source.line])).toEqual([
      ['standing-internet-to-patient-data', ['edge'], 'anything', 2],
      ['standing-patient-data-to-internet', ['edge'], 'anything', 2],
      ['standing-untrusted-to-patient-data', ['edge'], 'anything', 2],
    ]);
  });

  test.each([
    ['the internet to a gate', '{ from: internet, to: edge, allow: https }', true],
    ['a gate to patient data', '{ from: edge, to: ward, allow: https }', true],
    ['a gate to the internet', '{ from: edge, to: internet, allow: https }', true],
    [
      'patient data to the internet through inspection',
      '{ from: ward, to: internet, allow: https, via: inspected }',
      true,
    ],
    ['patient data to the internet', '{ from: ward, to: internet, allow: https }', false],
    ['the internet to patient data', '{ from: internet, to: ward, allow: https }', false],
    ['untrusted to safety', '{ from: guest, to: pumps, allow: https }', false],
    ['untrusted to a gate', '{ from: guest, to: edge, allow: https }', true],
    ['patient data to untrusted', '{ from: ward, to: guest, allow: https }', true],
  ])('a conduit from %s: allowed is %s', (_claim, conduit, isAllowed) => {
    const { diagnostics } = readEstate([{ file: 'z.yaml', text: `${zones}conduits: { x: ${conduit} }\n` }]);
    expect(diagnostics.some(({ code }) => code === 'CONDUIT_CONTRADICTS_NEVER')).toBe(!isAllowed);
  });

  test('a direct one is contradicted by a conduit, and a chain is left to the verdict', () => {
    const chain = `${zones}conduits:\n  one: { from: guest, to: edge, allow: https }\n  two: { from: edge, to: db, allow: https }\nnever: [{ from: guest, to: db }]\n`;
    expect(modelOf(chain).conduits).toHaveLength(2);
  });
});
