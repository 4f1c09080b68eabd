import { PacketSet } from '../../../lib/base/net';
import { type End, endKey, type NetworkModel } from '../../../lib/evidence/network';
import { certify, type Wanted } from '../../../lib/evidence/reachability/certify';
import { network } from '../../fixtures/network-builder';
import {
  asRead,
  check,
  claimOf,
  engineSays,
  everything,
  isolation,
  never,
  provedBy,
  sha256,
  wantAll,
  zonesOf,
} from './made';

import { anyone, host, linked, peered, tcp, to } from './networks';

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
    expect(provedBy(file, model)).toEqual(isProved ? [claimOf(from, end)] : []);
    expect([...without.keys()]).toEqual(isProved ? [] : [claimOf(from, end)]);
  });

  test('a claim that gets none is told with the reason', () => {
    const reasonOf = (from: End, end: End) => [...never(peered, from, end).without.values()].join();
    expect(reasonOf(anyone('Ward1'), host('App'))).toMatch(
      /interface:App receives from subnet:Ward1 what is forbidden/,
    );
    expect(reasonOf(anyone('Ward1'), host('Nobody'))).toMatch(/the network has nothing of interface:Nobody/);
  });

  test('the same network and claims give the same bytes, in whatever order they are listed', () => {
    const turned = {
      ...peered,
      subnets: [...peered.subnets].reverse(),
      securityGroups: [...peered.securityGroups].reverse(),
    };
    const bytes = (model: NetworkModel, wanted: Wanted) => JSON.stringify(certify(model, wanted, sha256).file);
    const wanted = wantAll(peered);
    const places = new Map([...wanted.places].reverse());
    expect(bytes(turned, { ...wanted, places })).toBe(bytes(peered, wanted));
  });

  test('every zone but some: nothing is said of those', () => {
    const ends = [anyone('Ward1'), anyone('Ward2'), host('App')];
    const star = (allBut: string[]): Wanted => ({
      places: zonesOf(ends),
      claims: [{ kind: 'isolation', id: 'rest', from: { allBut }, to: 'interface:App', forbidden: tcp(443) }],
    });
    const certified = (allBut: string[]) => provedBy(certify(peered, star(allBut), sha256).file, peered);
    expect(certified(['subnet:Ward1', 'interface:App'])).toEqual(['rest']);
    expect(certified(['subnet:Ward2', 'interface:App'])).toEqual([]);
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
  const wanted: Wanted = {
    places: new Map([
      ['a', { kind: 'zone', senders: [{ end: anyone('A1'), sent: tcp(22) }], receivers: [] }],
      ['b', { kind: 'zone', senders: [], receivers: [{ end: anyone('A2') }] }],
    ]),
    claims: [{ kind: 'isolation', id: 'x', from: 'a', to: 'b', forbidden: tcp(443) }],
  };
  const { problems, proved, notUnderstood } = check(asRead(certify(model, wanted, sha256).file), model);
  expect(problems).toEqual([]);
  expect(proved?.senders.map(({ sent }) => proved.packets(sent ?? 0).equals(tcp(22)))).toEqual([true]);
  expect(notUnderstood).toEqual(['Box', 'Odd']);
});

test('what a claim says is told to whoever checks it', () => {
  const { file } = never(peered, anyone('Ward1'), host('App'), tcp(22));
  const { proved } = check(file, peered);
  expect(proved?.claims).toEqual([expect.objectContaining({ from: 'subnet:Ward1', to: 'interface:App' })]);
  expect(proved?.places['interface:App']?.receivers).toEqual([
    [proved?.ends.findIndex((end) => endKey(end) === 'interface:App')],
  ]);
  const [claim] = proved?.claims ?? [];
  expect(claim?.kind === 'isolation' && proved?.packets(claim.forbidden).equals(tcp(22))).toBe(true);
});

test('claims of everything that the engine proves of two small networks are certified', () => {
  for (const model of [peered, linked]) {
    const reached = engineSays(model);
    const { claims, places } = wantAll(model);
    const proved = claims.filter(({ id }) => !reached.has(id));
    const { without } = certify(model, { places, claims: proved }, sha256);
    expect([...without]).toEqual([]);
    expect(proved.map(({ id }) => id)).not.toContain(isolation(anyone('Ward1'), host('App')).id);
  }
});
