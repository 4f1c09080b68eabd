import { planNetwork } from '../../../lib/intent/plan';
import type { Mechanism } from '../../../lib/intent/zones';
import { atSite, conduit, estate, inVpc, outside, zone } from './estate-builder';

const zones = [
  zone('a', { assets: { x: {}, y: {} } }),
  zone('b'),
  zone('s1', { at: inVpc('core') }),
  zone('s2', { at: inVpc('core') }),
  zone('ward', { at: atSite('campus', '10.130.0.0/17') }),
  zone('lab', { at: atSite('campus', '10.131.0.0/24') }),
  zone('island', { at: atSite('annex', '10.132.0.0/24') }),
  zone('partner', { at: outside('203.0.113.0/24') }),
];

function plan(ends: string, services: string[], via?: Mechanism) {
  const model = estate({
    zones,
    vpcs: { core: 20 },
    sites: { campus: true, annex: false },
    conduits: [conduit(ends, services, via)],
  });
  return planNetwork(model);
}

describe('the narrowest mechanism that works', () => {
  test.each([
    ['local', 'a/x -> a/y', ['https']],
    ['local', 's1 -> s2', ['https', 'syslog']],
    ['endpoint', 'a -> b', ['https']],
    ['endpoint', 's1 -> a/x', ['https', 'fhir']],
    ['transit', 'a -> b', ['syslog']],
    ['transit', 'a -> b', ['https', 'syslog']],
    ['transit', 'a -> b', ['ping']],
    ['transit', 'a -> b', ['rpc']],
    ['transit', 'ward -> a/x', ['https']],
    ['transit', 'a/x -> ward', ['dicom']],
    ['internet', 'internet -> a/x', ['https']],
    ['internet', 'partner -> a/x', ['https']],
    ['none', 'ward -> lab', ['https']],
    ['none', 'ward -> internet', ['https']],
    ['none', 'ward -> island', ['https']],
  ] as const)('%s for %s %j', (mechanism, ends, services) => {
    expect(plan(ends, [...services]).plan?.conduits.map((one) => one.mechanism)).toEqual([mechanism]);
  });

  test('`via` chooses among those that work', () => {
    expect(plan('a -> b', ['https'], 'transit').plan?.conduits[0]?.mechanism).toBe('transit');
  });
});

describe('what cannot be built is an error that points at the conduit', () => {
  test.each([
    ['PLAN_MECHANISM_UNAVAILABLE', 'a -> b', ['https'], 'inspected'],
    ['PLAN_MECHANISM_UNAVAILABLE', 'a -> b', ['https'], 'lattice'],
    ['PLAN_MECHANISM_UNAVAILABLE', 'a -> b', ['https'], 'peering'],
    ['PLAN_MECHANISM_UNAVAILABLE', 'a -> internet', ['https'], undefined],
    ['PLAN_MECHANISM_UNAVAILABLE', 'a -> partner', ['https'], undefined],
    ['PLAN_MECHANISM_UNFIT', 'a -> b', ['syslog'], 'endpoint'],
    ['PLAN_MECHANISM_UNFIT', 'ward -> a/x', ['https'], 'endpoint'],
    ['PLAN_MECHANISM_UNFIT', 's1 -> s2', ['https'], 'transit'],
    ['PLAN_MECHANISM_UNFIT', 'internet -> a/x', ['ping'], undefined],
    ['PLAN_MECHANISM_UNFIT', 'internet -> a/x', ['rpc'], undefined],
    ['PLAN_SITE_NOT_CONNECTED', 'island -> a/x', ['https'], undefined],
    ['PLAN_SITE_NOT_CONNECTED', 'a/x -> island', ['https'], undefined],
  ] as const)('%s: %s %j via %s', (code, ends, services, via) => {
    const result = plan(ends, [...services], via);
    expect(result.plan).toBeUndefined();
    const errors = result.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map((error) => error.code)).toEqual([code]);
    expect(errors[0]?.span).toBeDefined();
    expect(errors[0]?.help).toBeDefined();
  });
});
