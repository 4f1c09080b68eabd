import { claim, conduits, GUEST_TO_APP, type Options, TWO_ZONES, twoVpcs, verify } from './scenario';

const TEXT = TWO_ZONES + conduits(GUEST_TO_APP);
const OPEN: Options = { app: ['tcp 443 from 10.1.0.0/16'] };
const ID = 'service/guest-to-app/https';

describe('every declared channel works, both ways', () => {
  test.each([
    ['route there, group open, route back', OPEN, 'proved'],
    ['the group admits nobody', {}, 'violated'],
    ['the group admits another port', { app: ['tcp 444 from 10.1.0.0/16'] }, 'violated'],
    ['the group admits half of the initiator', { app: ['tcp 443 from 10.1.0.0/25'] }, 'violated'],
    ['no route there', { ...OPEN, guestRoutes: [] }, 'violated'],
    ['no route back', { ...OPEN, ehrRoutes: [] }, 'violated'],
    ['an ACL that lets no reply out', { ...OPEN, ehrAcl: ['100 ingress allow any 0.0.0.0/0'] }, 'violated'],
    [
      'an ACL that lets replies out to some clients only',
      { ...OPEN, ehrAcl: ['100 ingress allow any 0.0.0.0/0', '100 egress allow tcp 1024-2000 0.0.0.0/0'] },
      'violated',
    ],
    [
      'an ACL that lets replies out to every ephemeral port',
      { ...OPEN, ehrAcl: ['100 ingress allow tcp 443 0.0.0.0/0', '100 egress allow tcp 1024-65535 0.0.0.0/0'] },
      'proved',
    ],
    ['a rule that may not exist', { app: ['maybe tcp 443 from 10.1.0.0/16'] }, 'unknown'],
    ['a route to nobody knows where', { ...OPEN, guestRoutes: ['10.2.0.0/16 -> ?'] }, 'unknown'],
  ] as const)('%s: %#', (_, options, verdict) => {
    expect(claim(verify(TEXT, twoVpcs(options).build()), ID).verdict).toBe(verdict);
  });

  test('a violation names all that stands in the way, not the first', () => {
    const { because } = claim(verify(TEXT, twoVpcs({ guestRoutes: [], app: [] }).build()), ID);
    const text = because.join('\n');
    expect(text).toContain('(route, forward)');
  });

  test('the claim points at the channel in the zone file', () => {
    const { source } = claim(verify(TEXT, twoVpcs(OPEN).build()), ID);
    expect(TEXT.split('\n')[source.line - 1]?.slice(source.column - 1)).toMatch(/^https/);
  });

  test('a conduit between two places outside AWS is an assumption, not a claim', () => {
    const text = `${TWO_ZONES.replace('zones:', 'sites: { main: { connect: none } }\nzones:')}
  ward: { purpose: Ward, at: { site: main, cidr: 10.130.0.0/20 }, trust: restricted, data: internal }
  monitors: { purpose: Monitors, at: { site: main, cidr: 10.131.0.0/20 }, trust: restricted, data: internal }
${conduits(GUEST_TO_APP.replace('guest-to-app', 'ward-sees-monitors').replace('from: guest, to: ehr/app', 'from: ward, to: monitors'))}`;
    const { claims, assumptions } = verify(text, twoVpcs().build());
    expect(claims.some(({ id }) => id.startsWith('service/'))).toBe(false);
    expect(assumptions.join('\n')).toContain('conduit ward-sees-monitors runs outside AWS');
  });
});
