import { bindZones } from '../../lib/verdict';
import { modelOf, TWO_ZONES, twoVpcs, verify } from './scenario';

const problemsOf = (text: string, network = twoVpcs().build()) =>
  bindZones(modelOf(text), network).problems.map(({ resource, message }) => `${resource}: ${message}`);

describe('each subnet and interface belongs to exactly one zone', () => {
  test('the report lists every location with its zone', () => {
    const { binding } = verify(
      TWO_ZONES,
      twoVpcs()
        .interface('App', 'AppSubnet', { groups: ['AppGroup'] })
        .build(),
    );
    expect(binding.map(({ resource, zone, asset }) => [resource, zone, asset])).toEqual([
      ['App', 'ehr', 'app'],
      ['AppSubnet', 'ehr', 'app'],
      ['DatabaseSubnet', 'ehr', 'database'],
      ['GuestSubnet', 'guest', undefined],
    ]);
  });

  test('a subnet of no zone is a violation, not a gap', () => {
    const network = twoVpcs().vpc('Forgotten', '10.9.0.0/16').subnet('Lost', 'Forgotten', '10.9.0.0/24').build();
    const result = verify(TWO_ZONES, network);
    const { verdict, because, fix } = result.claims.find(({ id }) => id === 'binding/Lost') ?? {};
    expect({ verdict, because }).toEqual({ verdict: 'violated', because: ['subnet `Lost` belongs to no zone'] });
    expect(fix).toContain('at: { template:');
  });

  test('an interface that stands in two zones is a violation', () => {
    const network = twoVpcs()
      .interface('Bridge', 'GuestSubnet AppSubnet', { groups: ['AppGroup'] })
      .build();
    expect(problemsOf(TWO_ZONES, network)).toEqual(['Bridge: interface `Bridge` belongs to 2 zones: ehr, guest']);
  });

  test('two zones that claim one VPC are a violation', () => {
    const text = TWO_ZONES.replace('vpcs: [Guest]', 'vpcs: [Guest, Ehr]');
    expect(problemsOf(text)).toEqual([
      'AppSubnet: subnet `AppSubnet` belongs to 2 zones: ehr, guest',
      'DatabaseSubnet: subnet `DatabaseSubnet` belongs to 2 zones: ehr, guest',
    ]);
  });

  test('a subnet by name wins over its VPC', () => {
    const text = TWO_ZONES.replace('vpcs: [Guest]', 'vpcs: [Guest], subnets: [DatabaseSubnet]').replace(
      'subnets: [DatabaseSubnet], securityGroups',
      'securityGroups',
    );
    const { subnets, problems } = bindZones(modelOf(text), twoVpcs().build());
    expect(problems).toEqual([]);
    expect(subnets.get('DatabaseSubnet')?.zone).toBe('guest');
    expect(subnets.get('AppSubnet')?.zone).toBe('ehr');
  });

  test('a group that decides puts its wearers into its zone, and nobody else', () => {
    const text = TWO_ZONES.replace('vpcs: [Guest]', 'vpcs: [Guest], securityGroups: [KioskGroup]');
    const network = twoVpcs()
      .group('KioskGroup', 'Ehr')
      .interface('Kiosk', 'AppSubnet', { groups: ['KioskGroup'] })
      .interface('App', 'AppSubnet', { groups: ['AppGroup'] })
      .build();
    const { interfaces, problems } = bindZones(modelOf(text), network);
    expect(problems).toEqual([]);
    expect(interfaces.get('Kiosk')).toEqual([{ zone: 'guest' }]);
    expect(interfaces.get('App')).toEqual([{ zone: 'ehr', asset: 'app' }]);
  });
});
