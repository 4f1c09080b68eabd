import * as fc from 'fast-check';
import { planNetwork } from '../../../lib/intent/plan';
import { atSite, conduit, estate, hospital, inVpc, zone } from '../plan/estate-builder';
import { committedEstate } from '../plan/riverside';
import { Synthesized } from './synthesized';

function expectWithinLimits(synthesized: Synthesized): void {
  for (const [stack, text] of synthesized.texts) {
    const { Resources, Outputs = {}, Parameters = {} } = synthesized.template(stack);
    expect(Object.keys(Resources).length).toBeLessThanOrEqual(500);
    expect(Object.keys(Outputs).length).toBeLessThanOrEqual(200);
    expect(Object.keys(Parameters).length).toBeLessThanOrEqual(200);
    expect(text.length).toBeLessThanOrEqual(1024 * 1024);
  }
}

describe('no stack is over its limits', () => {
  test.each(['riverside', 'clinic'])('%s', (name) => expectWithinLimits(new Synthesized(committedEstate(name))));
  test('a little of everything', () => expectWithinLimits(new Synthesized(hospital())));
  test('a group of seventy campuses', () => {
    const names = Array.from({ length: 70 }, (_, index) => `campus-${index}`);
    const sites = Object.fromEntries(names.map((name) => [name, true]));
    const wards = names.map((name, index) => zone(`ward-${index}`, { at: atSite(name, `172.16.${index}.0/24`) }));
    const conduits = wards.map(({ name }) => conduit(`${name} -> ehr`, 'https'));
    expectWithinLimits(new Synthesized(estate({ sites, zones: [zone('ehr'), ...wards], conduits })));
  });
});

test('the plan never counts fewer resources than a stack has', () => {
  const model = committedEstate('riverside');
  const counted = planNetwork(model).plan?.quotas.find(({ quota }) => quota === 'stack-resources');
  const synthesized = new Synthesized(model);
  const most = Math.max(
    ...[...synthesized.texts.keys()].map((stack) => Object.keys(synthesized.template(stack).Resources).length),
  );
  expect(counted?.used).toBeGreaterThanOrEqual(most);
});

describe('any graph of conduits synthesizes', () => {
  test('two zones that call each other', () => {
    const model = estate({
      zones: [zone('a'), zone('b')],
      conduits: [conduit('a -> b', 'https'), conduit('b -> a', 'https')],
    });
    expect([...new Synthesized(model).texts.keys()].sort()).toEqual(
      ['a', 'a-links', 'b', 'b-links', 'hub'].map((name) => `riverside-${name}`),
    );
  });

  test('two VPCs that are joined by transit both ways', () => {
    const model = estate({
      zones: [zone('a'), zone('b')],
      conduits: [conduit('a -> b', 'syslog'), conduit('b -> a', 'syslog')],
    });
    const routes = new Synthesized(model).all('AWS::EC2::TransitGatewayRoute');
    expect(routes.filter(([stack]) => stack.endsWith('-links'))).toHaveLength(2);
  });

  const names = ['a', 'b', 'c', 's', 't'];
  const edge = fc.record({
    from: fc.constantFrom(...names),
    to: fc.constantFrom(...names),
    service: fc.constantFrom('https', 'syslog', 'fhir', 'ping'),
  });
  test('random ones, cycles and shared VPCs included', () => {
    fc.assert(
      fc.property(fc.uniqueArray(edge, { selector: (one) => JSON.stringify(one), maxLength: 14 }), (edges) => {
        const zones = names.map((name) => zone(name, name > 'r' ? { at: inVpc('core') } : {}));
        const model = estate({
          zones,
          vpcs: { core: 20 },
          conduits: edges.map(({ from, to, service }) => conduit(`${from} -> ${to}`, service)),
        });
        expect(new Synthesized(model).texts.size).toBeGreaterThanOrEqual(7);
      }),
      { numRuns: 12 },
    );
  });
});
