import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { obligationPairs, readEstate, type ZoneModel } from '../../../lib/intent/zones';

const TODAY = '2026-11-23';

function read(estate: string): ZoneModel {
  const folder = join(__dirname, '../../../zones', estate);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({
      file: `zones/${estate}/${file}`,
      text: readFileSync(join(folder, file), 'utf8'),
    }));
  const { model, diagnostics } = readEstate(files, { today: TODAY });
  expect(diagnostics).toEqual([]);
  if (!model) throw new Error(`${estate} has no model`);
  return model;
}

describe.each(['riverside', 'clinic'])('%s', (estate) => {
  const model = read(estate);

  test('gives every conduit a reason, an identity, an owner, an approval in the past and a review in 2027', () => {
    for (const { name, why, who, owner, approved, review } of model.conduits) {
      expect({ name, why, who, owner, by: approved?.by[0] }).toEqual({
        name,
        why: expect.any(String),
        who: expect.any(String),
        owner: expect.any(String),
        by: expect.any(String),
      });
      expect(approved?.on?.localeCompare(TODAY)).toBe(-1);
      expect(review).toMatch(/^2027-/);
    }
  });

  test('gives every zone a purpose and an owner', () => {
    expect(model.zones.filter(({ purpose, owner }) => purpose === '' || !owner).map(({ name }) => name)).toEqual([]);
  });
});

describe('riverside', () => {
  const model = read('riverside');
  const facts = new Map(model.zones.map((zone) => [zone.name, zone]));

  test('is a hospital: two campuses and AWS, at least 16 zones and 40 conduits', () => {
    expect(model.sites.map(({ name }) => name)).toEqual(['east-campus', 'main-campus']);
    expect(model.zones.length).toBeGreaterThanOrEqual(16);
    expect(model.conduits.length).toBeGreaterThanOrEqual(40);
    const kinds = new Set(model.zones.map(({ placement }) => placement.kind));
    expect([...kinds].sort()).toEqual(['shared-vpc', 'site', 'vpc']);
  });

  test('lets the archive call modalities and reading rooms back', () => {
    const reverse = model.conduits.filter(({ from }) => from.zone === 'pacs-vna').map(({ to }) => to.zone);
    expect(reverse).toEqual(expect.arrayContaining(['imaging-modalities', 'east-imaging', 'clinical-workstations']));
  });

  test('opens to the internet at its gates and nowhere else', () => {
    const gates = model.zones.filter(({ gate }) => gate).map(({ name }) => name);
    const entered = new Set(model.conduits.filter(({ from }) => from.zone === 'internet').map(({ to }) => to.zone));
    expect([...entered].sort()).toEqual(gates);
  });

  test('has two approvers, safety among them, wherever bulk records or safety are touched', () => {
    const touches = (name: string) =>
      facts.get(name)?.data.some((data) => data === 'phi-bulk' || data === 'safety') ?? false;
    const alone = model.conduits.filter(
      ({ from, to, approved }) => (touches(from.zone) || touches(to.zone)) && (approved?.by.length ?? 0) < 2,
    );
    expect(alone.map(({ name }) => name)).toEqual([]);
  });

  test('lets manufacturers in for at most ninety days', () => {
    const vendors = model.conduits.filter(({ from }) => from.zone === 'vendor-remote');
    const standing = vendors.filter(
      ({ to, expires }) => to.zone !== 'soc-logging' && !(expires && expires <= '2027-02-21'),
    );
    expect(standing.map(({ name }) => name)).toEqual([]);
  });

  test('keeps udp off private endpoints: between VPCs it says transit', () => {
    const inVpc = (zone: string) => facts.get(zone)?.placement.kind.endsWith('vpc');
    const stuck = model.conduits.filter(
      ({ from, to, via, channels }) =>
        inVpc(from.zone) &&
        inVpc(to.zone) &&
        via !== 'transit' &&
        channels.some(({ traffic }) => traffic.some(({ protocol }) => protocol !== 'tcp')),
    );
    expect(stuck.map(({ name }) => name)).toEqual([]);
  });

  test.each(Array.from({ length: 12 }, (_, index) => `f${index + 1}-`))(
    'keeps obligation %s, and it speaks of someone',
    (prefix) => {
      const written = model.obligations.filter(({ id }) => id.startsWith(prefix));
      expect(written.length).toBeGreaterThanOrEqual(1);
      for (const obligation of written) expect(obligationPairs(obligation, model.zones).length).toBeGreaterThan(0);
    },
  );

  /** A host that can be reached may be compromised and start afresh: what the declared conduits alone let it reach. */
  test('contradicts none of its obligations by chains of conduits either', () => {
    const next = new Map<string, Set<string>>();
    for (const { from, to } of model.conduits) next.set(from.zone, (next.get(from.zone) ?? new Set()).add(to.zone));
    const reaches = (start: string, gates: readonly string[]): Set<string> => {
      const reached = new Set<string>();
      const queue = gates.includes(start) ? [] : [start];
      for (let zone = queue.pop(); zone !== undefined; zone = queue.pop()) {
        for (const neighbour of next.get(zone) ?? []) {
          if (reached.has(neighbour) || gates.includes(neighbour)) continue;
          reached.add(neighbour);
          queue.push(neighbour);
        }
      }
      return reached;
    };
    const broken = model.obligations
      .filter(({ through }) => through === 'anything')
      .flatMap((obligation) =>
        obligationPairs(obligation, model.zones)
          .filter(({ from, to }) => reaches(from, obligation.except).has(to))
          .map(({ from, to }) => `${obligation.id}: ${from} to ${to}`),
      );
    expect(broken).toEqual([]);
  });
});

test('the clinic is small: one site, one shared VPC, four zones', () => {
  const model = read('clinic');
  expect([model.sites.length, model.vpcs.length, model.zones.length]).toEqual([1, 1, 4]);
});
