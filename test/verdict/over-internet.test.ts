import { claim, conduits, GOVERNED, TWO_ZONES, twoVpcs, verify } from './scenario';

/** Both VPCs with a gateway of their own, and no route between them; the application has a public address. */
function onTheInternet(app = 'tcp 443 from 0.0.0.0/0') {
  return twoVpcs({
    guestRoutes: ['0.0.0.0/0 -> igw:GuestGateway'],
    ehrRoutes: ['0.0.0.0/0 -> igw:EhrGateway'],
    app: [app],
  })
    .internetGateway('GuestGateway', 'Guest')
    .internetGateway('EhrGateway', 'Ehr')
    .interface('Kiosk', 'GuestSubnet', { groups: ['GuestGroup'], publicIpv4: true })
    .interface('App', 'AppSubnet', { groups: ['AppGroup'], publicIpv4: true });
}

const OUT = `guest-out: { from: guest, to: internet, allow: [https], ${GOVERNED} }`;
const IN = `portal: { from: internet, to: ehr/app, allow: [https], ${GOVERNED} }`;
const NEVER = 'never:\n  - { name: guests-stay-out, from: guest, to: ehr, through: anything, why: Visitors }\n';

describe('fact 20: over the internet and back', () => {
  test('a public host of one zone reaches the public address of another, and a packet shows how', () => {
    const result = verify(TWO_ZONES + NEVER, onTheInternet().build());
    const { verdict, counterexample, because } = claim(result, 'isolation/guest/ehr');
    expect(verdict).toBe('violated');
    expect(counterexample?.flow).toMatchObject({ protocol: 'tcp', destinationPort: 443 });
    expect(counterexample?.flow.source).toMatch(/^10\.1\./);
    expect(counterexample?.hops.map(({ resource }) => resource)).toEqual(
      expect.arrayContaining(['GuestGateway', 'EhrGateway']),
    );
    expect(because.join()).toContain('via internet');
    expect(claim(result, 'never/guests-stay-out').verdict).toBe('violated');
  });

  test('nobody without a public address is reached, and nobody without a way out reaches', () => {
    const shut = onTheInternet('tcp 443 from 10.0.0.0/8');
    expect(claim(verify(TWO_ZONES, shut.build()), 'isolation/guest/ehr').verdict).toBe('proved');
    const back = claim(verify(TWO_ZONES, onTheInternet().build()), 'isolation/ehr/guest');
    expect(back.verdict).toBe('proved');
  });

  test('IPv6 goes around as it is, and is declared by the same two halves', () => {
    const sixth = (...declared: string[]) => {
      const network = onTheInternet().build();
      const six = (words: readonly number[], length: number) => ({ family: 6 as const, words, length });
      const ranges = { Guest: [0x20010db8, 0x10000, 0, 0], Ehr: [0x20010db8, 0x20000, 0, 0] } as const;
      const rangeOf = (vpc: string, length: number) => six(vpc === 'Ehr' ? ranges.Ehr : ranges.Guest, length);
      const anywhere = [{ kind: 'cidr' as const, cidr: six([0, 0, 0, 0], 0) }];
      return verify(TWO_ZONES + conduits(...declared), {
        ...network,
        vpcs: network.vpcs.map((vpc) => ({ ...vpc, cidrs: [...vpc.cidrs, rangeOf(vpc.id, 56)] })),
        subnets: network.subnets.map((subnet) =>
          subnet.id === 'DatabaseSubnet'
            ? subnet
            : { ...subnet, cidrs: [...subnet.cidrs, rangeOf(subnet.vpc, 64)], autoPublicIpv4: false },
        ),
        interfaces: network.interfaces.map((one) => ({ ...one, publicIpv4: false, ipv6: true })),
        routeTables: network.routeTables.map((table) => ({
          ...table,
          routes: table.routes.map((route) => ({ ...route, destination: six([0, 0, 0, 0], 0) })),
        })),
        securityGroups: network.securityGroups.map((group) => ({
          ...group,
          ingress:
            group.id === 'AppGroup' ? group.ingress.map((rule) => ({ ...rule, peer: anywhere[0] ?? rule.peer })) : [],
          egress:
            group.vpc === 'Guest'
              ? (network.securityGroups.find(({ id }) => id === 'AppGroup')?.ingress ?? []).map((rule) => ({
                  ...rule,
                  peer: anywhere[0] ?? rule.peer,
                }))
              : group.egress,
        })),
      });
    };
    expect(claim(sixth(), 'isolation/guest/ehr').verdict).toBe('violated');
    expect(claim(sixth(OUT, IN), 'isolation/guest/ehr').verdict).toBe('proved');
  });

  test('what conduits declare to the internet and from it is the internet’s to claim', () => {
    const text = (...declared: string[]) => TWO_ZONES + conduits(...declared);
    const verdictOf = (...declared: string[]) => {
      const network = onTheInternet().group('GuestGroup2', 'Guest', [], ['tcp 443 to 0.0.0.0/0']).build();
      // Every group of the guests lets out https alone, so that a conduit can cover it.
      const securityGroups = network.securityGroups.map((group) =>
        group.vpc === 'Guest'
          ? { ...group, egress: network.securityGroups.find(({ id }) => id === 'GuestGroup2')?.egress ?? [] }
          : group,
      );
      return claim(verify(text(...declared), { ...network, securityGroups }), 'isolation/guest/ehr').verdict;
    };
    expect(verdictOf(OUT, IN)).toBe('proved');
    expect(verdictOf(OUT)).toBe('violated');
    expect(verdictOf(IN)).toBe('violated');
  });
});
