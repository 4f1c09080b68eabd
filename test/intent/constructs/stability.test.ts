import { planNetwork } from '../../../lib/intent/plan';
import type { ZoneModel } from '../../../lib/intent/zones';
import { atSite, conduit, estate, inVpc, ownVpc, zone } from '../plan/estate-builder';
import { Synthesized } from './synthesized';

const zones = [
  zone('ehr', {
    assets: { app: { serves: ['fhir'] }, database: { serves: ['postgres'], from: ['app'] } },
    uses: { kms: [], s3: ['charts'] },
  }),
  zone('pacs', { assets: { archive: { serves: ['https'] } } }),
  zone('lab', { at: inVpc('core'), assets: { lis: { serves: ['https'] } } }),
  zone('ward', { at: atSite('campus', '10.130.0.0/17') }),
];
const conduits = [
  conduit('ward -> ehr/app', 'fhir'),
  conduit('ehr/app -> pacs/archive', 'https'),
  conduit('pacs/archive -> ehr/app', 'fhir'),
  conduit('lab/lis -> ehr/app', 'fhir'),
];
const sketch = { zones, conduits, vpcs: { core: 20 }, sites: { campus: true } };
const before = estate(sketch);

/** Stacks whose templates differ, are new or are gone. */
function changed(after: ZoneModel): string[] {
  const { plan } = planNetwork(before);
  const old = new Synthesized(before);
  const now = new Synthesized(after, { ledger: plan?.ledger });
  const names = [...new Set([...old.texts.keys(), ...now.texts.keys()])].sort();
  return names.filter((name) => old.texts.get(name) !== now.texts.get(name));
}

describe('adding changes nobody who is not concerned, byte for byte', () => {
  test('the same estate synthesizes to the same bytes', () => {
    expect(changed(estate(sketch))).toEqual([]);
  });

  test('a zone with a VPC of its own adds one stack', () => {
    expect(changed(estate({ ...sketch, zones: [...zones, zone('aaa')] }))).toEqual(['riverside-aaa']);
  });

  test('ten zones, larger and smaller, earlier and later in the alphabet, add ten stacks', () => {
    const added = Array.from({ length: 10 }, (_, index) =>
      zone(`${'amz'[index % 3]}zone-${index}`, { at: ownVpc(20 + (index % 5)) }),
    );
    expect(changed(estate({ ...sketch, zones: [...zones, ...added] }))).toEqual(
      added.map(({ name }) => `riverside-${name}`).sort(),
    );
  });

  test('a zone in a shared VPC adds its stack, and its groups to the VPC; its neighbours stay as they are', () => {
    const added = zone('blood-bank', { at: inVpc('core'), uses: { s3: [] } });
    const after = estate({ ...sketch, zones: [...zones, added] });
    expect(changed(after)).toEqual(['riverside-blood-bank', 'riverside-core']);
  });

  test('an endpoint conduit changes its two ends, and what the initiator needs of others', () => {
    const added = conduit('lab/lis -> pacs/archive', 'https');
    expect(changed(estate({ ...sketch, conduits: [...conduits, added] }))).toEqual([
      'riverside-core',
      'riverside-core-links',
      'riverside-lab',
      'riverside-pacs',
    ]);
  });

  test('a transit conduit of a site changes the VPC alone, not the hub', () => {
    const added = conduit('ward -> pacs/archive', 'https');
    const after = changed(estate({ ...sketch, conduits: [...conduits, added] }));
    expect(after.filter((stack) => stack !== 'riverside-hub')).toEqual(['riverside-pacs']);
  });

  test('an asset changes its own zone alone', () => {
    const [ehr, ...others] = zones;
    const grown = zone('ehr', {
      assets: { aaa: {}, app: { serves: ['fhir'] }, database: { serves: ['postgres'], from: ['app'] } },
      uses: { kms: [], s3: ['charts'] },
    });
    expect(ehr?.name).toBe('ehr');
    expect(changed(estate({ ...sketch, zones: [grown, ...others] }))).toEqual(['riverside-ehr']);
  });

  test('an asset keeps its subnets and its group when another one comes first in the alphabet', () => {
    const model = estate({
      ...sketch,
      zones: [zone('ehr', { assets: { aaa: {}, app: { serves: ['fhir'] }, database: {} } }), ...zones.slice(1)],
    });
    const ledger = planNetwork(before).plan?.ledger;
    const now = new Synthesized(model, { ledger }).template('riverside-ehr').Resources;
    const old = new Synthesized(before).template('riverside-ehr').Resources;
    for (const id of ['AppSubnet1', 'AppSubnet2', 'DatabaseSubnet1', 'AppRoutes', 'AppAcl'])
      expect(now[id]).toEqual(old[id]);
  });
});

test('the order of zones and conduits never changes a byte', () => {
  const shuffled = { ...before, zones: [...before.zones].reverse(), conduits: [...before.conduits].reverse() };
  expect(changed(shuffled)).toEqual([]);
});

test('a renamed zone keeps its stack and every resource, once the ledger says what it was called', () => {
  const renamed = estate({
    ...sketch,
    zones: [
      zone('radiology', { assets: { archive: { serves: ['https'] } } }),
      ...zones.filter(({ name }) => name !== 'pacs'),
    ],
    conduits: conduits.slice(0, 1),
  });
  const former = estate({ ...sketch, conduits: conduits.slice(0, 1) });
  const ledger = Object.entries(planNetwork(former).plan?.ledger ?? {}).map(([key, value]) => [
    key.replace('pacs', 'radiology'),
    value,
  ]);
  const now = new Synthesized(renamed, { ledger: { ...Object.fromEntries(ledger), 'stack:radiology': 'pacs' } });
  const withoutTags = (text: string | undefined) => text?.replaceAll('radiology', 'pacs');
  expect(withoutTags(now.texts.get('riverside-pacs'))).toBe(new Synthesized(former).texts.get('riverside-pacs'));
  expect(Object.keys(now.template('riverside-pacs').Resources).join()).not.toMatch(/radiology|pacs/i);
});
