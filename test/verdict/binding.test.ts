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
      'ehr: zone `ehr` has no subnet and no interface in these templates',
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

  test('a name that no template has is a violation: a proof about nothing would prove everything', () => {
    expect(problemsOf(TWO_ZONES.replace('vpcs: [Guest]', 'vpcs: [Guests]'))).toEqual([
      'GuestSubnet: subnet `GuestSubnet` belongs to no zone',
      'Guests: zone `guest` is bound to VPC `Guests`, which no template has',
      'guest: zone `guest` has no subnet and no interface in these templates',
    ]);
  });

  test('a host with an interface in each of two zones is a violation, though each interface is in one', () => {
    const origin = { resource: 'Host', type: 'AWS::EC2::Instance' };
    const network = twoVpcs()
      .interface('Host#0', 'GuestSubnet', { groups: ['GuestGroup'], origin })
      .interface('Host#1', 'AppSubnet', { groups: ['AppGroup'], origin })
      .build();
    expect(problemsOf(TWO_ZONES, network)).toEqual(['Host: interface `Host` belongs to 2 zones: ehr, guest']);
  });

  test('a host that wears the groups of two assets is a violation', () => {
    const network = twoVpcs()
      .interface('Both', 'AppSubnet', { groups: ['AppGroup', 'DatabaseGroup'] })
      .build();
    expect(problemsOf(TWO_ZONES, network)).toEqual([
      'Both: interface `Both` wears the groups of ehr/app and ehr/database, and joins them',
    ]);
  });

  test('a VPN to a site that nobody declared is a violation', () => {
    const network = twoVpcs().vpnGateway('Gateway', 'Ehr').vpnConnection('Vpn', 'vgw:Gateway', ['10.8.0.0/16']).build();
    expect(problemsOf(TWO_ZONES, network)).toEqual(['Vpn: what is behind `Vpn` is no declared site']);
  });
});
