import { formatPrefix, prefixContains, prefixesOverlap } from '../../../lib/base/net';
import { planNetwork } from '../../../lib/intent/plan';
import { atSite, conduit, estate, hospital, inVpc, ownVpc, zone } from './estate-builder';
import { committedEstate } from './riverside';

const codesOf = (result: ReturnType<typeof planNetwork>) =>
  result.diagnostics.map(({ severity, code }) => `${severity} ${code}`);

describe('addresses', () => {
  test.each(['riverside', 'clinic'])('%s: every subnet lies in its VPC, and no two overlap', (name) => {
    const { plan } = planNetwork(committedEstate(name));
    const subnets = (plan?.vpcs ?? []).flatMap((vpc) =>
      vpc.subnetGroups.flatMap((group) => group.subnets.map((cidr) => ({ vpc, cidr }))),
    );
    expect(subnets.length).toBeGreaterThanOrEqual(4);
    subnets.forEach(({ vpc, cidr }, index) => {
      expect(prefixContains(vpc.cidr, cidr)).toBe(true);
      for (const other of subnets.slice(index + 1)) expect(prefixesOverlap(cidr, other.cidr)).toBe(false);
    });
  });

  test('a ledger that an earlier plan gave back settles everything', () => {
    const model = committedEstate('riverside');
    const first = planNetwork(model);
    const second = planNetwork(model, { ledger: first.plan?.ledger });
    expect(second.plan).toEqual(first.plan);
    expect(codesOf(second)).not.toContain('warning PLAN_ADDRESS_NOT_RECORDED');
  });

  test("a zone without assets has one group, with the zone's name and no asset", () => {
    const { plan } = planNetwork(estate({ zones: [zone('soc')] }));
    expect(plan?.vpcs[0]?.subnetGroups.map(({ key, role, asset }) => [key, role, asset])).toEqual([
      ['soc', 'asset', undefined],
    ]);
  });

  test('a pinned range is used', () => {
    const { plan } = planNetwork(estate({ zones: [zone('a', { at: ownVpc(22, '10.70.0.0/22') })] }));
    expect(plan?.vpcs.map(({ cidr }) => formatPrefix(cidr))).toEqual(['10.70.0.0/22']);
  });

  test.each([
    ['a pool too small for its VPCs', { pool: '10.64.0.0/22', zones: [zone('a'), zone('b')] }, ['error PLAN_NO_ROOM']],
    [
      'a block too small for its availability zones',
      { zones: [zone('a', { at: ownVpc(28) })] },
      ['error PLAN_BLOCK_TOO_SMALL'],
    ],
    [
      'pinned ranges that overlap',
      { zones: [zone('a', { at: ownVpc(22, '10.70.0.0/22') }), zone('b', { at: ownVpc(24, '10.70.1.0/24') })] },
      ['error PLAN_ADDRESS_OVERLAP'],
    ],
    [
      'more assets than a block holds',
      { zones: [zone('a', { at: ownVpc(26), assets: { w: {}, x: {}, y: {}, z: {} } })] },
      ['error PLAN_NO_ROOM', 'error PLAN_NO_ROOM', 'warning PLAN_ADDRESS_NOT_RECORDED'],
    ],
    [
      'no room for the endpoint of a conduit',
      { zones: [zone('a', { at: ownVpc(27) }), zone('b')], conduits: [conduit('a -> b', 'https')] },
      ['error PLAN_NO_ROOM'],
    ],
  ])('%s is an error, not a smaller network', (_name, sketch, codes) => {
    const result = planNetwork(estate(sketch));
    expect(result.plan).toBeUndefined();
    expect(codesOf(result).sort()).toEqual(codes);
    for (const { help, span } of result.diagnostics) expect([help, span]).not.toContain(undefined);
  });
});

describe('transit tables', () => {
  const { plan } = planNetwork(
    estate({
      zones: [
        zone('a'),
        zone('b'),
        zone('ward', { at: atSite('campus', '10.130.0.0/17') }),
        zone('guest', { at: atSite('campus', '10.200.0.0/18') }),
      ],
      sites: { campus: true, depot: true },
      conduits: [conduit('ward -> a', 'https'), conduit('a -> b', 'syslog')],
    }),
  );
  const tableOf = (kind: string, name: string) =>
    plan?.transit?.tables
      .find(({ of }) => of.kind === kind && of.name === name)
      ?.routes.map(({ destination, to }) => `${formatPrefix(destination)} ${to === 'blackhole' ? to : to.name}`);
  const blackholes = ['10.0.0.0/8 blackhole', '172.16.0.0/12 blackhole', '192.168.0.0/16 blackhole'];

  test.each([
    ['site', 'campus', [`${plan?.ledger['asset:a']} a`]],
    ['vpc', 'a', ['10.130.0.0/17 campus', `${plan?.ledger['asset:b']} b`]],
    ['vpc', 'b', [`${plan?.ledger['asset:a']} a`]],
    ['site', 'depot', []],
  ])('the table of %s %s knows its declared peers and drops the rest', (kind, name, peers) => {
    expect(tableOf(kind, name)?.sort()).toEqual([...peers, ...blackholes].sort());
  });

  test('an estate without sites and crossings has no transit gateway', () => {
    expect(planNetwork(estate({ zones: [zone('a')] })).plan?.transit).toBeUndefined();
  });
});

describe('what a reader of the plan is told', () => {
  test('quotas that must be raised before deploying are warnings with the number to ask for', () => {
    const zones = Array.from({ length: 7 }, (_, index) => zone(`zone-${index}`));
    const result = planNetwork(estate({ zones }));
    expect(result.plan?.quotas.find(({ quota }) => quota === 'vpcs-per-region')).toMatchObject({ used: 7, limit: 5 });
    expect(result.diagnostics.map(({ help }) => help)).toEqual([
      'ask AWS to raise the quota to at least 7 before deploying',
    ]);
  });

  test('the cost is the sum of its lines, each counted from the plan', () => {
    const { plan } = planNetwork(hospital());
    const sum = plan?.cost.lines.reduce((total, { monthly }) => total + monthly, 0);
    expect(plan?.cost.monthly).toBeCloseTo(sum ?? 0, 2);
    const endpoints = plan?.vpcs.flatMap((vpc) => [
      ...vpc.interfaceEndpoints,
      ...vpc.serviceEndpoints.filter(({ type }) => type === 'interface'),
    ]);
    const line = plan?.cost.lines.find(({ item }) => item.startsWith('interface endpoint'));
    expect(line?.quantity).toBe((endpoints?.length ?? 0) * 2);
  });

  test('a clinic in one VPC costs about a hundred dollars, and gateway endpoints nothing', () => {
    const { plan } = planNetwork(committedEstate('clinic'));
    expect(plan?.cost.lines.map(({ item }) => item)).not.toContain('interface endpoint, per availability zone');
    expect(plan?.cost.monthly).toBeLessThan(150);
  });

  test('conduits that AWS never sees are assumptions', () => {
    const { plan } = planNetwork(
      estate({
        zones: [
          zone('ward', { at: atSite('campus', '10.130.0.0/17') }),
          zone('lab', { at: atSite('campus', '10.131.0.0/24') }),
        ],
        sites: { campus: true },
        conduits: [conduit('ward -> lab', 'https')],
      }),
    );
    expect(plan?.assumptions).toContainEqual(expect.stringContaining('is not enforced by AWS'));
  });

  test('in a shared VPC, whose endpoint the name of a service leads to is recorded and never changes', () => {
    const zones = ['m', 'n'].map((name) => zone(name, { at: inVpc('core'), uses: { kms: [] } }));
    const first = planNetwork(estate({ zones, vpcs: { core: 20 } }));
    const more = ['a', 'z', 'q', 'b'].map((name) => zone(name, { at: inVpc('core'), uses: { kms: [] } }));
    const second = planNetwork(estate({ zones: [...zones, ...more], vpcs: { core: 20 } }), {
      ledger: first.plan?.ledger,
    });
    expect(second.plan?.ledger['dns:core/kms']).toBe(first.plan?.ledger['dns:core/kms']);
    expect(codesOf(first)).toContain('warning PLAN_PRIVATE_NAME_TAKEN');
  });
});
