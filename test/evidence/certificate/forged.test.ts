import { PacketSet, parsePacketTable } from '../../../lib/base/net';
import type { Certificates } from '../../../lib/evidence/certificate';
import type { NetworkModel } from '../../../lib/evidence/network';
import { certify } from '../../../lib/evidence/reachability/certify';
import { network } from '../../fixtures/network-builder';
import { Dice, randomNetwork } from '../../property/random-network';
import { addSet, asRead, check, engineSays, never, resealed, sha256, wantAll } from './made';

import { anyone, host, linked, peered, tcp } from './networks';

/** Every set of every invariant: of hops, of answers, of what is sent. */
function recordsIn(file: Certificates): Record<string, number>[] {
  const sent = file.senders.flatMap(({ legs }) => Object.values(legs));
  return [...Object.values(file.hops), ...Object.values(file.answers), ...sent];
}

const certified = (model: NetworkModel) => asRead(certify(model, wantAll(model), sha256).file);

describe.each([
  ['peered', peered],
  ['linked', linked],
  ['with a firewall', randomNetwork(7, { unknown: 0 })],
])('a forger who seals again is found out (%s)', (_, model) => {
  const original = certified(model);
  const places = recordsIn(original).flatMap((record, at) => Object.keys(record).map((key) => ({ at, key })));
  const sets = parsePacketTable(original.sets);
  /** All of a small file, some of a large one. */
  const tried = places.filter((__, at) => places.length < 150 || at % Math.ceil(places.length / 150) === 0);

  test('nothing changed: it checks', () => {
    expect(check(resealed(original), model).problems).toEqual([]);
    expect(places.length).toBeGreaterThan(10);
  });

  test('a place removed', () => {
    for (const { at, key } of tried) {
      const file = structuredClone(original);
      const record = recordsIn(file)[at] ?? {};
      const isEmpty = record[key] === 0;
      delete record[key];
      const problems = check(resealed(file), model).problems;
      expect({ at, key, found: problems.length > 0 }).toEqual({ at, key, found: !isEmpty });
    }
  });

  test('a set smaller by one packet', () => {
    for (const { at, key } of tried) {
      const file = structuredClone(original);
      const record = recordsIn(file)[at] ?? {};
      const set = sets[record[key] ?? 0];
      const packet = set?.sample();
      if (!set || !packet) continue;
      record[key] = addSet(file, set.subtract(PacketSet.ofOne(packet)));
      const problems = check(resealed(file), model).problems;
      expect({ at, key, found: problems.length > 0 }).toEqual({ at, key, found: true });
    }
  });

  test('a place that nothing leads to, or a whole table', () => {
    const [name = ''] = Object.keys(original.hops);
    const more = structuredClone(original);
    Object.assign(more.hops[name] ?? {}, { 'nat:Nowhere': 1 });
    expect(check(resealed(more), model).problems.join()).toMatch(/idle/);
    const less = structuredClone(original);
    delete less.hops[name];
    expect(check(resealed(less), model).problems.join()).toMatch(/closure/);
  });
});

describe('a certificate is refused', () => {
  const file = never(peered, anyone('Ward1'), host('App'), tcp(22)).file;
  const problems = (input: unknown, model = peered) => check(input, model).problems.join();

  test('for another template', () => {
    expect(problems(file, linked)).toMatch(/another network/);
    const opened = {
      ...peered,
      networkAcls: peered.networkAcls.map((acl) => ({ ...acl, entries: acl.entries.slice(1) })),
    };
    expect(problems(file, opened)).toMatch(/another network/);
  });

  test('for a network in which a hole was opened, though its hash and seal are forged', () => {
    const open = network()
      .vpc('Ward', '10.1.0.0/16')
      .vpc('Chart', '10.2.0.0/16')
      .peering('Peer', 'Ward', 'Chart')
      .table('WardTable', 'Ward', ['10.2.0.0/16 -> pcx:Peer'])
      .table('ChartTable', 'Chart', ['10.1.0.0/16 -> pcx:Peer'])
      .acl('ChartAcl', 'Chart', ['100 ingress allow any 10.1.0.0/16', '100 egress allow any 10.1.1.0/24'])
      .subnet('Ward1', 'Ward', '10.1.1.0/24', { table: 'WardTable' })
      .subnet('Ward2', 'Ward', '10.1.2.0/24', { table: 'WardTable' })
      .subnet('Chart1', 'Chart', '10.2.1.0/24', { table: 'ChartTable', acl: 'ChartAcl' })
      .group('Fhir', 'Chart', ['tcp 443 from 10.1.0.0/16', 'udp 53 from 10.1.0.0/16', 'tcp 22 from 0.0.0.0/0'])
      .interface('App', 'Chart1', { groups: ['Fhir'] })
      .build();
    const { network: hash } = never(open, host('App'), anyone('Ward1')).file;
    expect(problems(resealed({ ...asRead(file), network: hash }), open)).toMatch(/exclusion/);
  });

  test('not because a template moved or was tagged', () => {
    const moved = structuredClone(peered) as NetworkModel;
    for (const subnet of moved.subnets) Object.assign(subnet.origin, { place: { file: 'b.json', line: 9, column: 1 } });
    expect(problems(file, moved)).toBe('');
  });

  test('where more is forbidden than it shows, and sealed again', () => {
    const forged = asRead(file);
    const more = addSet(forged, tcp(443));
    for (const one of forged.claims) if (one.kind === 'isolation') one.forbidden = more;
    expect(problems(resealed(forged))).toMatch(/exclusion/);
  });

  test('where less is forbidden than was, and not sealed again', () => {
    const forged = asRead(file);
    for (const one of forged.claims) if (one.kind === 'isolation') one.forbidden = 0;
    expect(problems(forged)).toMatch(/seal/);
  });

  const changed = (change: (copy: Certificates) => void) => {
    const copy = asRead(file);
    change(copy);
    return resealed(copy);
  };
  test.each<[string, unknown]>([
    ['no JSON object', 7],
    ['an empty object', {}],
    ['an unknown field', { ...file, extra: 1 }],
    [
      'a set that is not there',
      changed((copy) => {
        copy.senders = copy.senders.map(({ from, legs }) => ({ from, sent: 9999, legs }));
      }),
    ],
    ['a sender that is not there', changed(({ places }) => places['subnet:Ward1']?.senders.push(9))],
    ['an end that is not there', changed(({ places }) => places['interface:App']?.receivers.push([9]))],
    ['a zone that is not there', changed(({ claims }) => claims.map((one) => Object.assign(one, { to: 'nowhere' })))],
    ['lines that ask nothing', changed((copy) => Object.assign(copy, { sets: ['anything at all'] }))],
  ])('that is malformed: %s', (_, input) => {
    expect(problems(input)).toMatch(/not a certificate/);
  });

  test.each<[string, (copy: Certificates) => void]>([
    ['an end', ({ ends }) => ends.push(host('Nobody'))],
    ['a sender', ({ senders }) => senders.push({ from: host('Nobody'), legs: {} })],
  ])('that speaks of %s which the network does not have', (_, change) => {
    expect(problems(changed(change))).toMatch(/the network has no interface:Nobody/);
  });
});

describe('200 random mutations that change what is claimed', () => {
  const model = randomNetwork(12, { unknown: 0 });
  const original = certified(model);
  const reached = engineSays(model);
  const names = Object.keys(original.places);

  /** Another end, another origin, other packets: a claim that was not certified. */
  function mutate(seed: number): { forged: Certificates; isTrue: boolean } {
    const dice = new Dice(seed);
    const forged = structuredClone(original);
    const claim = dice.pick(forged.claims);
    if (claim.kind !== 'isolation') throw new Error('only isolation is claimed here');
    const before = `${claim.from} ${claim.to}`;
    do {
      if (dice.chance(50)) claim.to = dice.pick(names);
      else claim.from = dice.pick(names);
    } while (`${claim.from} ${claim.to}` === before);
    if (dice.chance(30)) claim.forbidden = addSet(forged, tcp(dice.pick([22, 80, 443, 5432])));
    const received = reached.get(`${claim.from} never reaches ${claim.to}`) ?? PacketSet.EMPTY;
    const forbidden = parsePacketTable(forged.sets)[claim.forbidden] ?? PacketSet.ALL;
    return { forged, isTrue: received.intersect(forbidden).isEmpty() };
  }

  test('each is refused as it stands, and each that is false even when it is sealed again', () => {
    expect(original.claims.length).toBeGreaterThan(20);
    let falseOnes = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const { forged, isTrue } = mutate(seed);
      expect({ seed, problems: check(forged, model).problems }).toEqual({
        seed,
        problems: ['the seal is broken: this was changed after it was made'],
      });
      if (isTrue) continue;
      falseOnes++;
      expect({ seed, problems: check(resealed(forged), model).problems }).toEqual({
        seed,
        problems: [expect.stringMatching(/: exclusion: /)],
      });
    }
    expect(falseOnes).toBeGreaterThan(30);
  });
});
