import { NetworkBuilder } from '../fixtures/network-builder';
import { claim, conduits, GOVERNED, verify } from './scenario';

/** guest -> portal -> chart, each in a VPC of its own, peered in a row: a walk of two hops. */
const THREE_ZONES = (gate: string, never: string) => `
cordon: 1
estate: clinic
region: eu-west-2
zones:
  guest: { purpose: Visitors, at: { template: { vpcs: [Guest] } }, trust: untrusted, data: none }
  portal: { purpose: Portal, at: { template: { vpcs: [Portal] } }, trust: restricted, data: internal${gate} }
  chart: { purpose: Chart, at: { template: { vpcs: [Chart] } }, trust: trusted, data: internal }
never:
  - ${never}
${conduits(
  `guest-to-portal: { from: guest, to: portal, allow: [https], ${GOVERNED} }`,
  `portal-to-chart: { from: portal, to: chart, allow: [https], ${GOVERNED} }`,
)}`;

function inARow(chart: readonly string[] = ['tcp 443 from 10.2.0.0/16']) {
  const builder = new NetworkBuilder();
  for (const [at, id] of ['Guest', 'Portal', 'Chart'].entries()) builder.vpc(id, `10.${at + 1}.0.0/16`);
  return builder
    .peering('First', 'Guest', 'Portal')
    .peering('Second', 'Portal', 'Chart')
    .table('GuestTable', 'Guest', ['10.2.0.0/16 -> pcx:First'])
    .table('PortalTable', 'Portal', ['10.1.0.0/16 -> pcx:First', '10.3.0.0/16 -> pcx:Second'])
    .table('ChartTable', 'Chart', ['10.2.0.0/16 -> pcx:Second'])
    .subnet('GuestSubnet', 'Guest', '10.1.0.0/24', { table: 'GuestTable' })
    .subnet('PortalSubnet', 'Portal', '10.2.0.0/24', { table: 'PortalTable' })
    .subnet('ChartSubnet', 'Chart', '10.3.0.0/24', { table: 'ChartTable' })
    .group('PortalGroup', 'Portal', ['tcp 443 from 10.1.0.0/16'])
    .group('ChartGroup', 'Chart', chart);
}

describe('an obligation holds, directly and through hosts', () => {
  test.each([
    ['a hop through a permitted conduit offends', '', '{ from: guest, to: chart }', 'violated'],
    ['a gate stops the walk', ', gate: The portal', '{ from: guest, to: chart, except: [portal] }', 'proved'],
    ['a hop is no direct path', '', '{ from: guest, to: chart, through: direct }', 'proved'],
    ['no path leads back', '', '{ from: chart, to: guest }', 'proved'],
  ])('%s', (_, gate, never, verdict) => {
    // the zone language refuses what conduits alone contradict; here the evidence is asked
    const text = THREE_ZONES(gate, never);
    const declared = verdict === 'violated' ? text.replace(/ {2}portal-to-chart: .*\n/, '') : text;
    const result = verify(declared, inARow().build());
    const found = result.claims.find(({ kind, id }) => kind === 'never' && !id.includes('standing'));
    expect(found?.verdict).toBe(verdict);
  });

  test('the counterexample is a chain, each leg a packet that trace delivers', () => {
    const text = THREE_ZONES('', '{ name: no-guests, from: guest, to: chart }').replace(
      / {2}portal-to-chart: .*\n/,
      '',
    );
    const { counterexample, because, fix } = claim(verify(text, inARow().build()), 'never/no-guests');
    expect(counterexample?.chain?.map(({ from, to }) => `${from} -> ${to}`)).toEqual([
      'guest -> portal',
      'portal -> chart',
    ]);
    for (const leg of counterexample?.chain ?? []) expect(leg.hops.at(-1)?.decision).toBe('delivered');
    expect(because).toEqual(['guest -> portal -> chart']);
    expect(fix).toContain('close one step of guest -> portal -> chart');
  });

  test('a step that hangs on something unknown leaves the obligation unknown', () => {
    const text = THREE_ZONES('', '{ name: no-guests, from: guest, to: chart }').replace(
      / {2}portal-to-chart: .*\n/,
      '',
    );
    const { verdict, because } = claim(verify(text, inARow(['tcp 443 from ?']).build()), 'never/no-guests');
    expect(verdict).toBe('unknown');
    expect(because.join('\n')).toContain('perhaps: guest -> portal -> chart');
  });

  test('the blast radius of a zone is all that its hosts get to by hopping', () => {
    const text = THREE_ZONES('', '{ from: chart, to: guest }');
    const { blastRadius } = verify(text, inARow().build());
    expect(blastRadius).toEqual([
      { zone: 'chart', reaches: [] },
      { zone: 'guest', reaches: ['chart', 'portal'] },
      { zone: 'portal', reaches: ['chart'] },
    ]);
  });
});
