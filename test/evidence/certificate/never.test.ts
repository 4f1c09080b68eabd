import { PacketSet } from '../../../lib/base/net';
import type { Claim } from '../../../lib/evidence/certificate';
import type { End } from '../../../lib/evidence/network';
import { certify, type Wanted } from '../../../lib/evidence/reachability/certify';
import { network } from '../../fixtures/network-builder';
import { asRead, check, everything, provedBy, resealed, sha256 } from './made';

import { anyone, host, tcp } from './networks';

/** Who may be launched in a subnet with the given groups. */
const wearing = (id: string, ...securityGroups: string[]): End => ({ kind: 'subnet', id, securityGroups });

/** Web reaches the app, the app the database; nothing leads from web to the database directly. */
const tiers = network()
  .vpc('Net', '10.0.0.0/16')
  .subnet('Web', 'Net', '10.0.1.0/24')
  .subnet('App', 'Net', '10.0.2.0/24')
  .subnet('Data', 'Net', '10.0.3.0/24')
  .group('WebGroup', 'Net', [], ['tcp 443 to sg:AppGroup'])
  .group('AppGroup', 'Net', ['tcp 443 from sg:WebGroup'], ['tcp 5432 to sg:DataGroup'])
  .group('DataGroup', 'Net', ['tcp 5432 from sg:AppGroup'], [])
  .build();

const TIERS: Wanted['places'] = new Map(
  [
    ['web', wearing('Web', 'WebGroup')],
    ['app', wearing('App', 'AppGroup')],
    ['data', wearing('Data', 'DataGroup')],
  ].map(([name, end]) => [
    name as string,
    { kind: 'zone', senders: [{ end: end as End }], receivers: [{ end: end as End }] },
  ]),
);

describe('never, through hosts that are taken over', () => {
  const claim = (from: string, toZone: string, stops: string[] = [], isDirect = false): Wanted => ({
    places: TIERS,
    claims: [{ kind: 'never', id: 'never', from: [from], to: [toZone], stops, isDirect }],
  });
  const make = (wanted: Wanted) => certify(tiers, wanted, sha256);

  test.each<[string, Wanted, boolean]>([
    ['a host that is reached starts afresh', claim('web', 'data'), false],
    ['unless it is a gate', claim('web', 'data', ['app']), true],
    ['directly, nothing is reached', claim('web', 'data', [], true), true],
    ['the app reaches the database', claim('app', 'data'), false],
    ['nobody reaches the web from behind', claim('app', 'web'), true],
    ['nor from behind that', claim('data', 'web'), true],
  ])('%s', (_, wanted, isProved) => {
    const { file, without } = make(wanted);
    expect(provedBy(file, tiers)).toEqual(isProved ? ['never'] : []);
    expect(without.size).toBe(isProved ? 0 : 1);
  });

  const forged = (change: (claim: Extract<Claim, { kind: 'never' }>) => void) => {
    const file = asRead(make(claim('app', 'web')).file);
    for (const one of file.claims) if (one.kind === 'never') change(one);
    return check(resealed(file), tiers).problems.join();
  };

  test('all that may be taken over is named, or the certificate is refused', () => {
    expect(forged(() => {})).toBe('');
    expect(forged((one) => one.taken.splice(one.taken.indexOf('data'), 1))).toMatch(/never: closure: app reaches data/);
    expect(forged((one) => one.taken.splice(one.taken.indexOf('app'), 1))).toMatch(/never: entry: app may be taken/);
    expect(forged((one) => one.to.push('data'))).toMatch(/never: exclusion: app reaches data/);
    expect(forged((one) => one.from.push('web'))).toMatch(/never: entry: web/);
    expect(forged((one) => one.to.push('nowhere'))).toMatch(/no place `nowhere`/);
  });
});

describe('behind a balancer where nothing is registered yet', () => {
  const vacant = network()
    .vpc('V', '10.0.0.0/16')
    .subnet('A', 'V', '10.0.1.0/24')
    .subnet('B', 'V', '10.0.2.0/24')
    .group('Any', 'V', ['any from 10.0.2.0/24'])
    .interface('Server', 'B', { groups: ['Any'] })
    .loadBalancer('Nlb', 'network', 'B', ['tcp 443 -> Tg'], { interface: { filtered: false, groups: [] } })
    .targetGroup('Tg', 'tcp', 8443, [], { unknownTargets: { reason: 'registered later', parameters: [] } })
    .build();
  const balancer = vacant.loadBalancers[0]?.interface ?? '';
  const wanted = (assumes: boolean, forbidden: PacketSet): Wanted => ({
    places: new Map([
      ['clients', { kind: 'zone', senders: [{ end: anyone('A') }], receivers: [] }],
      [
        'servers',
        {
          kind: 'zone',
          senders: [],
          receivers: [{ end: host('Server') }, { end: host(balancer) }],
          ...(assumes ? { vacant: [balancer] } : {}),
        },
      ],
    ]),
    claims: [{ kind: 'isolation', id: 'x', from: 'clients', to: 'servers', forbidden }],
  });
  const certified = (assumes: boolean, forbidden: PacketSet) =>
    provedBy(certify(vacant, wanted(assumes, forbidden), sha256).file, vacant);

  test('a call counts at the port where the balancer hears it, if the zone assumes so', () => {
    expect(certified(true, PacketSet.ALL.subtract(tcp(443)))).toEqual(['x']);
    expect(certified(true, tcp(443))).toEqual([]);
    expect(certified(false, PacketSet.ALL.subtract(tcp(443)))).toEqual([]);
  });

  test('once something is registered, the assumption is refused', () => {
    const { file } = certify(vacant, wanted(true, PacketSet.ALL.subtract(tcp(443))), sha256);
    const registered = {
      ...vacant,
      targetGroups: vacant.targetGroups.map((group) => ({
        ...group,
        targets: [{ to: { kind: 'interface' as const, id: 'Server' }, certain: true }],
      })),
    };
    const { network: hash } = certify(registered, wanted(false, everything), sha256).file;
    expect(check(resealed({ ...asRead(file), network: hash }), registered).problems.join()).toMatch(/stands behind/);
  });
});
