import * as net from '../../../lib/base/net';
import { type AddressSet, PacketSet, parsePrefix } from '../../../lib/base/net';
import { type Certificates, formatPackets, parsePackets } from '../../../lib/evidence/certificate';
import { type End, endKey, type NetworkModel } from '../../../lib/evidence/network';
import { certify } from '../../../lib/evidence/reachability/certify';
import { network } from '../../fixtures/network-builder';
import { Dice, randomNetwork } from '../../property/random-network';
import { asRead, check, claimOf, engineSays, everything, never, resealed, sha256, wantAll } from './made';

const host = (id: string): End => ({ kind: 'interface', id });
const anyone = (id: string): End => ({ kind: 'subnet', id });
const tcp = (port: number) => PacketSet.of({ protocols: [6], destinationPorts: [{ from: port, to: port }] });
const to = (range: string): AddressSet => net.AddressSet.of(parsePrefix(range));

/** Two VPCs that peer; the chart's ACL answers nobody but 10.1.1.0/24. */
const peered = network()
  .vpc('Ward', '10.1.0.0/16')
  .vpc('Chart', '10.2.0.0/16')
  .peering('Peer', 'Ward', 'Chart')
  .table('WardTable', 'Ward', ['10.2.0.0/16 -> pcx:Peer'])
  .table('ChartTable', 'Chart', ['10.1.0.0/16 -> pcx:Peer'])
  .acl('ChartAcl', 'Chart', ['100 ingress allow any 10.1.0.0/16', '100 egress allow any 10.1.1.0/24'])
  .subnet('Ward1', 'Ward', '10.1.1.0/24', { table: 'WardTable' })
  .subnet('Ward2', 'Ward', '10.1.2.0/24', { table: 'WardTable' })
  .subnet('Chart1', 'Chart', '10.2.1.0/24', { table: 'ChartTable', acl: 'ChartAcl' })
  .group('Fhir', 'Chart', ['tcp 443 from 10.1.0.0/16', 'udp 53 from 10.1.0.0/16'])
  .interface('App', 'Chart1', { groups: ['Fhir'] })
  .build();

/** A guest's endpoint leads through PrivateLink to one target; a balancer with a NAT gateway behind it leads out. */
const linked = network()
  .vpc('Guest', '10.1.0.0/16')
  .vpc('Chart', '10.2.0.0/16')
  .subnet('Guest1', 'Guest', '10.1.1.0/24')
  .subnet('Chart1', 'Chart', '10.2.1.0/24')
  .subnet('Chart2', 'Chart', '10.2.2.0/24')
  .group('Open', 'Chart', ['any from 10.2.0.0/16'])
  .group('Closed', 'Chart', ['tcp 5432 from sg:Open'])
  .interface('App', 'Chart1', { groups: ['Open'] })
  .interface('Database', 'Chart2', { groups: ['Closed'] })
  .loadBalancer('Nlb', 'network', 'Chart1', ['tcp 443 -> Tg'], { interface: { filtered: false, groups: [] } })
  .targetGroup('Tg', 'tcp', 8443, ['App'])
  .endpointService('Svc', ['Nlb'])
  .interfaceEndpoint('Door', 'Guest1', { kind: 'private', id: 'Svc' })
  .build();

const CASES: readonly [string, NetworkModel, End, End, PacketSet, boolean][] = [
  [
    'nothing leads from a chart to an endpoint that leads to it',
    linked,
    host('App'),
    anyone('Guest1'),
    everything,
    true,
  ],
  ['what an endpoint leads to is reached', linked, anyone('Guest1'), host('App'), everything, false],
  ['on its target port only', linked, anyone('Guest1'), host('App'), PacketSet.ALL.subtract(tcp(8443)), true],
  ['a host beside the target is not reached', linked, anyone('Guest1'), host('Database'), everything, true],
  ['nor is anyone else there', linked, anyone('Guest1'), anyone('Chart1'), everything, true],
  ['tcp that is answered arrives', peered, anyone('Ward1'), host('App'), tcp(443), false],
  ['tcp that is not answered was never a conversation', peered, anyone('Ward2'), host('App'), tcp(443), true],
  ['udp needs no answer', peered, anyone('Ward2'), host('App'), everything, false],
  ['and what no group admits does not arrive', peered, anyone('Ward1'), host('App'), tcp(22), true],
  [
    'only what is addressed there',
    peered,
    anyone('Ward1'),
    host('App'),
    PacketSet.of({ destinations: to('10.3.0.0/16') }),
    true,
  ],
  ['the internet has no way in', peered, { kind: 'internet' }, host('App'), everything, true],
  ['an end that the network does not have', peered, anyone('Ward1'), host('Nobody'), everything, false],
  ['from an end that the network does not have', peered, host('Nobody'), host('App'), everything, false],
];

describe('a certificate is made, and checks, where nothing forbidden arrives', () => {
  test.each(CASES)('%s', (_, model, from, end, forbidden, isProved) => {
    const { file, without } = never(model, from, end, forbidden);
    const result = check(asRead(file), model);
    expect(result.problems).toEqual([]);
    expect(result.claims).toEqual(
      isProved ? [{ id: claimOf(from, end), from, to: [end], forbidden: formatPackets(forbidden) }] : [],
    );
    expect(without).toHaveLength(isProved ? 0 : 1);
  });

  test('answers are followed only where forward sets do not suffice', () => {
    const hasReplies = ({ file }: { file: Certificates }) =>
      file.certificates.flatMap(({ legs }) => legs).some(({ replies }) => replies !== undefined);
    expect(hasReplies(never(peered, anyone('Ward2'), host('App'), tcp(443)))).toBe(true);
    expect(hasReplies(never(peered, anyone('Ward1'), host('App'), tcp(22)))).toBe(false);
  });

  test('the same network and claims give the same bytes, in whatever order they are listed', () => {
    const turned = {
      ...peered,
      subnets: [...peered.subnets].reverse(),
      securityGroups: [...peered.securityGroups].reverse(),
    };
    const bytes = (model: NetworkModel, wanted: ReturnType<typeof wantAll>) =>
      JSON.stringify(certify(model, wanted, sha256).file);
    const wanted = wantAll(peered);
    expect(bytes(turned, [...wanted].reverse())).toBe(bytes(peered, wanted));
  });
});

/** Every place of every invariant, replies too. */
function placesIn(file: Certificates) {
  const legs = file.certificates.flatMap((one) => one.legs);
  return legs.flatMap((leg) => [leg.invariant, ...(leg.replies ?? []).map(({ invariant }) => invariant)]);
}

/** Makes the set at one place smaller by one of its packets. */
function shrink(file: Certificates, places: ReturnType<typeof placesIn>[number], at: number): void {
  const place = places[at];
  const set = parsePackets(file.sets[place?.packets ?? 0] ?? []);
  const packet = set.sample();
  if (!place || !packet) throw new Error('an invariant holds no empty set');
  file.sets.push(formatPackets(set.subtract(PacketSet.ofOne(packet))));
  place.packets = file.sets.length - 1;
}

const certified = (model: NetworkModel, most = 100) =>
  asRead(certify(model, wantAll(model).slice(0, most), sha256).file);

describe.each([
  ['peered', peered],
  ['linked', linked],
  ['random', randomNetwork(7, { unknown: 0 })],
])('a forger who seals again is found out (%s)', (_, model) => {
  const original = certified(model, 4);
  const count = placesIn(original).flat().length;

  test('nothing changed: it checks', () => {
    expect(check(resealed(original), model).problems).toEqual([]);
    expect(count).toBeGreaterThan(10);
  });

  test('each place removed', () => {
    for (const [list, places] of placesIn(original).entries()) {
      for (const at of places.keys()) {
        const file = structuredClone(original);
        placesIn(file)[list]?.splice(at, 1);
        expect({ list, at, found: check(resealed(file), model).problems.length > 0 }).toEqual({
          list,
          at,
          found: true,
        });
      }
    }
  });

  test('each set smaller by one packet', () => {
    for (const [list, places] of placesIn(original).entries()) {
      for (const at of places.keys()) {
        const file = structuredClone(original);
        const forged = placesIn(file)[list];
        if (forged) shrink(file, forged, at);
        expect({ list, at, found: check(resealed(file), model).problems.length > 0 }).toEqual({
          list,
          at,
          found: true,
        });
      }
    }
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

  test('not because a template moved or was tagged', () => {
    const moved = structuredClone(peered) as NetworkModel;
    for (const subnet of moved.subnets) Object.assign(subnet.origin, { place: { file: 'b.json', line: 9, column: 1 } });
    expect(problems(file, moved)).toBe('');
  });

  test('where more is forbidden than it shows, and sealed again', () => {
    const forged = structuredClone(asRead(file));
    forged.sets.push(formatPackets(tcp(443)));
    for (const { claims } of forged.certificates) for (const one of claims) one.forbidden = forged.sets.length - 1;
    expect(problems(resealed(forged))).toMatch(/exclusion/);
  });

  test('where less is forbidden than was, and not sealed again', () => {
    const forged = structuredClone(asRead(file));
    forged.sets.push([]);
    for (const { claims } of forged.certificates) for (const one of claims) one.forbidden = forged.sets.length - 1;
    expect(problems(forged)).toMatch(/seal/);
  });

  test.each([
    ['no JSON object', 7],
    ['an empty object', {}],
    ['an unknown field', { ...file, extra: 1 }],
    [
      'a set that is not there',
      resealed({ ...file, certificates: file.certificates.map((one) => ({ ...one, sent: 999 })) }),
    ],
    ['packets that are none', resealed({ ...file, sets: file.sets.map(() => ['anything at all']) })],
  ])('that is malformed: %s', (_, input) => {
    expect(problems(input)).toMatch(/not a certificate/);
  });

  test('that sends back answers for a balancer that keeps its client', () => {
    const forged = structuredClone(asRead(file));
    const leg = forged.certificates[0]?.legs[0];
    if (leg) {
      forged.certificates[0]?.legs.push({
        origin: { kind: 'preserving', id: 'App' },
        invariant: [],
        replies: [{ to: { kind: 'delivered', subnet: 'Chart1', path: 'local' }, invariant: [] }],
      });
    }
    expect(problems(resealed(forged))).toMatch(/replies/);
  });
});

describe('200 random mutations that change what is claimed', () => {
  const model = randomNetwork(12, { unknown: 0 });
  const original = certified(model);
  const reached = engineSays(model);
  const ends = wantAll(model).map(({ from }) => from);
  const ids = new Set(original.certificates.flatMap(({ claims }) => claims.map(({ id }) => id)));

  /** Another end, another origin, other packets: a claim that was not certified. */
  function mutate(seed: number): { forged: Certificates; isTrue: boolean } {
    const dice = new Dice(seed);
    const forged = structuredClone(original);
    const certificate = dice.pick(forged.certificates);
    const claim = dice.pick(certificate.claims);
    const toOf = (one: typeof claim) => forged.ends[one.to]?.[0] ?? certificate.from;
    const before = claimOf(certificate.from, toOf(claim));
    do {
      if (dice.chance(50)) claim.to = forged.ends.push([dice.pick(ends)]) - 1;
      else certificate.from = dice.pick(ends);
      if (dice.chance(30)) {
        claim.forbidden = forged.sets.push(formatPackets(tcp(dice.pick([22, 80, 443, 5432])))) - 1;
      }
    } while (claimOf(certificate.from, toOf(claim)) === before);
    const isTrue = certificate.claims.every((one) => {
      const forbidden = parsePackets(forged.sets[one.forbidden] ?? []);
      const received = reached.get(claimOf(certificate.from, toOf(one))) ?? PacketSet.EMPTY;
      return received.intersect(forbidden).isEmpty();
    });
    return { forged, isTrue };
  }

  test('each is refused as it stands, and each that is false even when it is sealed again', () => {
    expect(ids.size).toBeGreaterThan(20);
    let falseOnes = 0;
    for (let seed = 1; seed <= 200; seed++) {
      const { forged, isTrue } = mutate(seed);
      expect({ seed, problems: check(forged, model).problems }).toEqual({
        seed,
        problems: ['the seal is broken: this was changed after it was made'],
      });
      if (isTrue) continue;
      falseOnes++;
      expect({ seed, refused: check(resealed(forged), model).problems.length > 0 }).toEqual({ seed, refused: true });
    }
    expect(falseOnes).toBeGreaterThan(50);
  });
});

test('what is sent at most, and what nobody models, is told to whoever checks', () => {
  const model = network()
    .vpc('A', '10.0.0.0/16')
    .subnet('A1', 'A', '10.0.1.0/24')
    .subnet('A2', 'A', '10.0.2.0/24')
    .interface('Box', 'A2', { behaviour: 'unknown' })
    .unmodelled('Odd', 'a type that nobody models', ['A'])
    .build();
  const wanted = { from: anyone('A1'), sent: tcp(22), claims: [{ id: 'x', to: [anyone('A2')], forbidden: tcp(443) }] };
  const result = check(asRead(certify(model, [wanted], sha256).file), model);
  expect(result.problems).toEqual([]);
  expect(result.claims[0]?.sent).toEqual(formatPackets(tcp(22)));
  expect(result.notUnderstood).toEqual(['Box', 'Odd']);
});

test('what a claim says is told to whoever checks it', () => {
  const { file } = never(peered, anyone('Ward1'), host('App'), tcp(22));
  expect(
    check(file, peered).claims.map(({ from, to: end, forbidden }) => [endKey(from), end.map(endKey), forbidden]),
  ).toEqual([['subnet:Ward1', ['interface:App'], ['tcp 22 from 0.0.0.0/0 to 0.0.0.0/0', 'tcp 22 from ::/0 to ::/0']]]);
});
