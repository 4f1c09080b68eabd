import { claim, conduits, GUEST_TO_APP, TWO_ZONES, twoVpcs, verify } from './scenario';

describe('everything that may flow between two zones is covered by declared conduits', () => {
  test.each([
    ['groups admit nobody', {}, 'proved'],
    ['a group admits the other zone by range', { app: ['tcp 443 from 10.1.0.0/16'] }, 'violated'],
    ['a group admits /0 in halves', { app: ['tcp 443 from 0.0.0.0/1', 'tcp 443 from 128.0.0.0/1'] }, 'violated'],
    ['a group admits the other zone by its group', { app: ['tcp 443 from sg:GuestGroup'] }, 'violated'],
    ['a group admits, and no route leads there', { app: ['tcp 443 from 10.1.0.0/16'], guestRoutes: [] }, 'proved'],
    ['a group admits, and no reply returns', { app: ['tcp 443 from 10.1.0.0/16'], ehrRoutes: [] }, 'proved'],
    ['a udp packet needs no reply', { app: ['udp 53 from 10.1.0.0/16'], ehrRoutes: [] }, 'violated'],
    ['a rule with an open peer', { app: ['tcp 443 from ?'] }, 'unknown'],
    [
      'a route with an open target',
      { app: ['tcp 443 from 10.1.0.0/16'], guestRoutes: ['10.2.0.0/16 -> ?'] },
      'unknown',
    ],
    ['a group that may exist', { app: ['maybe tcp 443 from 10.1.0.0/16'] }, 'unknown'],
  ] as const)('%s', (_, options, verdict) => {
    const result = verify(TWO_ZONES, twoVpcs(options).build());
    expect(claim(result, 'isolation/guest/ehr').verdict).toBe(verdict);
  });

  test('a violation shows a packet that trace delivers, the hops it takes, and the rule to change', () => {
    const result = verify(TWO_ZONES, twoVpcs({ app: ['tcp 443 from 10.1.0.0/16'] }).build());
    const { counterexample, fix, source, because } = claim(result, 'isolation/guest/ehr');
    expect(counterexample?.flow).toMatchObject({ protocol: 'tcp', destinationPort: 443 });
    expect(counterexample?.flow.source).toMatch(/^10\.1\.0\./);
    expect(counterexample?.flow.destination).toMatch(/^10\.2\./);
    expect(counterexample?.hops.at(-1)?.decision).toBe('delivered');
    expect(fix).toContain('AppGroup');
    expect(because.join()).toContain('potential');
    expect(source).toMatchObject({ file: 'clinic.yaml', line: 11 });
    expect(result.verdict).toBe('violated');
  });

  test('an unknown names what is not understood and the parameter that would decide it', () => {
    const result = verify(TWO_ZONES, twoVpcs({ app: ['tcp 443 from ?'] }).build());
    const { because } = claim(result, 'isolation/guest/ehr');
    expect(because.join('\n')).toContain('not understood: AppGroup');
    expect(result.verdict).toBe('unknown');
  });

  test('one certain flow among many that hang on something unknown is a violation', () => {
    const network = twoVpcs({ app: ['tcp 443 from 10.1.0.0/16'] })
      .table('OpenTable', 'Guest', ['10.2.0.0/16 -> ?'])
      .subnet('Annex', 'Guest', '10.1.1.0/24', { table: 'OpenTable' });
    const inAnnex = Array.from({ length: 9 }, (_, at) => `Annex${at}`);
    for (const id of inAnnex) network.interface(id, 'Annex', { groups: ['GuestGroup'] });
    network
      .interface('App', 'AppSubnet', { groups: ['AppGroup'] })
      .interface('Ward', 'GuestSubnet', { groups: ['GuestGroup'] });
    const { verdict, because, counterexample } = claim(verify(TWO_ZONES, network.build()), 'isolation/guest/ehr');
    expect(because.slice(0, 6).every((reason) => reason.includes('Annex'))).toBe(true);
    expect(verdict).toBe('violated');
    expect(counterexample?.hops[0]).toMatchObject({ resource: 'Ward', decision: 'sent' });
  });

  test('what a conduit declares is no violation, and nothing beside it is covered', () => {
    const text = TWO_ZONES + conduits(GUEST_TO_APP);
    const isolated = (...app: string[]) => claim(verify(text, twoVpcs({ app }).build()), 'isolation/guest/ehr').verdict;
    expect(isolated('tcp 443 from 10.1.0.0/16')).toBe('proved');
    expect(isolated('tcp 443 from 10.1.0.0/16', 'tcp 22 from 10.1.0.0/16')).toBe('violated');
    expect(isolated('udp 443 from 10.1.0.0/16')).toBe('violated');
  });

  test('a conduit to one asset covers no other asset of the zone on the same port', () => {
    const text = TWO_ZONES + conduits(GUEST_TO_APP);
    const network = twoVpcs({ app: ['tcp 443 from 10.1.0.0/16'], database: ['tcp 443 from 10.1.0.0/16'] })
      .interface('Database', 'DatabaseSubnet', { groups: ['DatabaseGroup'], kind: 'database' })
      .build();
    const { verdict, because } = claim(verify(text, network), 'isolation/guest/ehr');
    expect(verdict).toBe('violated');
    expect(because.join('\n')).toContain('ehr/database');
  });

  test('a conduit covers only the direction that it is declared in', () => {
    const text = TWO_ZONES + conduits(GUEST_TO_APP);
    const network = twoVpcs({ app: ['tcp 443 from 10.1.0.0/16'] })
      .group('OpenGroup', 'Guest', ['tcp 443 from 10.2.0.0/16'])
      .build();
    const result = verify(text, network);
    expect(claim(result, 'isolation/guest/ehr').verdict).toBe('proved');
    expect(claim(result, 'isolation/ehr/guest').verdict).toBe('violated');
  });

  test('declared and potential interfaces are told apart', () => {
    const network = twoVpcs({ app: ['tcp 443 from 10.1.0.0/16'] })
      .interface('Kiosk', 'GuestSubnet', { groups: ['GuestGroup'] })
      .interface('App', 'AppSubnet', { groups: ['AppGroup'] })
      .build();
    const { because, holdsFor } = claim(verify(TWO_ZONES, network), 'isolation/guest/ehr');
    expect(holdsFor).toEqual({ declared: 'violated', potential: 'violated' });
    expect(because.some((reason) => reason.startsWith('declared: Kiosk (guest) may send tcp 443 to App'))).toBe(true);
    expect(because.some((reason) => reason.startsWith('potential: '))).toBe(true);
  });
});

describe('the claim says for whom it holds', () => {
  const hosts = (appGroup: string) =>
    twoVpcs({ app: ['tcp 443 from 10.1.0.0/16'] })
      .group('ShutGroup', 'Ehr')
      .interface('Kiosk', 'GuestSubnet', { groups: ['GuestGroup'] })
      .interface('App', 'AppSubnet', { groups: [appGroup] })
      .build();

  test('an open group that nothing wears fails for what may be launched later, and for nothing that there is', () => {
    const { verdict, holdsFor } = claim(verify(TWO_ZONES, hosts('ShutGroup')), 'isolation/guest/ehr');
    expect({ verdict, holdsFor }).toEqual({
      verdict: 'violated',
      holdsFor: { declared: 'proved', potential: 'violated' },
    });
  });

  test('where nothing flows, it holds for both', () => {
    expect(claim(verify(TWO_ZONES, twoVpcs().build()), 'isolation/guest/ehr').holdsFor).toEqual({
      declared: 'proved',
      potential: 'proved',
    });
  });

  test('where something is not understood, it is proved for neither', () => {
    const doubted = twoVpcs({ app: ['tcp 443 from 10.1.0.0/16'] })
      .interface('App', 'AppSubnet', { groups: ['DatabaseGroup'] })
      .unmodelled('Strange', 'nobody knows what it does', ['AppSubnet'])
      .build();
    expect(claim(verify(TWO_ZONES, doubted), 'isolation/guest/ehr').holdsFor).toEqual({
      declared: 'unknown',
      potential: 'violated',
    });
  });
});

describe('inside a zone, an asset reaches only what `from` says', () => {
  test.each([
    ['the declared service', ['tcp 5432 from sg:AppGroup'], 'proved'],
    ['another port', ['tcp 5432 from sg:AppGroup', 'tcp 22 from sg:AppGroup'], 'violated'],
  ] as const)('%s', (_, database, verdict) => {
    const result = verify(TWO_ZONES, twoVpcs({ database: [...database] }).build());
    expect(claim(result, 'isolation/ehr/within').verdict).toBe(verdict);
  });

  test('nothing is allowed back', () => {
    const network = twoVpcs({ app: ['tcp 443 from sg:DatabaseGroup'] }).build();
    const opened = {
      ...network,
      securityGroups: network.securityGroups.map((group) =>
        group.id === 'DatabaseGroup'
          ? {
              ...group,
              egress:
                group.ingress.length > 0
                  ? (network.securityGroups.find(({ id }) => id === 'AppGroup')?.egress ?? [])
                  : [],
            }
          : group,
      ),
    };
    expect(claim(verify(TWO_ZONES, opened), 'isolation/ehr/within').verdict).toBe('violated');
  });
});

describe('nothing unknown is folded into proved', () => {
  test('a resource that is not modelled and touches a zone leaves its claims unknown, and says why', () => {
    const network = twoVpcs().build();
    const origin = { resource: 'Robot', type: 'AWS::RoboMaker::Fleet' };
    const unmodelled = [
      { id: 'Robot', origin, certain: true, reason: 'its type is not modelled', touches: ['AppSubnet'] },
    ];
    const result = verify(TWO_ZONES, { ...network, unmodelled });
    const { verdict, because } = claim(result, 'isolation/guest/ehr');
    expect(verdict).toBe('unknown');
    expect(because).toEqual(['not understood: Robot: its type is not modelled']);
  });

  test('a part of the templates that could not be read may make anything: every claim is unknown', () => {
    const network = twoVpcs().build();
    const origin = { resource: 'Macro', type: 'AWS::CloudFormation::Macro' };
    const unmodelled = [{ id: 'Macro', origin, certain: true, reason: 'a macro rewrites it', touches: [] }];
    const result = verify(TWO_ZONES, { ...network, unmodelled });
    const isolation = result.claims.filter(({ id }) => id.startsWith('isolation/'));
    expect(new Set(isolation.map(({ verdict }) => verdict))).toEqual(new Set(['unknown']));
  });

  test('an interface of unknown behaviour does the same', () => {
    const network = twoVpcs()
      .interface('Box', 'AppSubnet', { groups: ['AppGroup'], behaviour: 'unknown' })
      .build();
    expect(claim(verify(TWO_ZONES, network), 'isolation/ehr/guest').verdict).toBe('unknown');
  });

  test('where engine and trace disagree, the claim is unknown and not shown as violated', () => {
    const network = twoVpcs({ app: ['tcp 443 from 10.1.0.0/16'] }).build();
    const replay = () => ({ delivered: false, answered: false, hops: [], blockers: [], unknowns: [] });
    const { verdict, because, counterexample } = claim(verify(TWO_ZONES, network, { replay }), 'isolation/guest/ehr');
    expect(verdict).toBe('unknown');
    expect(because.join('\n')).toContain('the engine and trace disagree');
    expect(counterexample).toBeUndefined();
  });
});

describe('the internet is a zone', () => {
  const open = () =>
    twoVpcs({ app: ['tcp 443 from 0.0.0.0/0'], ehrRoutes: ['0.0.0.0/0 -> igw:Gateway'] }).internetGateway(
      'Gateway',
      'Ehr',
    );

  test.each([
    ['a host with a public address behind a gateway', true, 'violated'],
    ['a host without one', false, 'proved'],
  ] as const)('%s', (_, publicIpv4, verdict) => {
    const network = open()
      .interface('App', 'AppSubnet', { groups: ['AppGroup'], publicIpv4 })
      .build();
    expect(claim(verify(TWO_ZONES, network), 'isolation/internet/ehr').verdict).toBe(verdict);
  });
});

describe('a zone outside that names no addresses', () => {
  // the zone language lets no conduit lead to it
  const SAAS = '  saas: { purpose: Somewhere on the internet, at: outside, trust: untrusted, data: none }\n';
  const network = twoVpcs({ app: ['tcp 443 from 0.0.0.0/0'], ehrRoutes: ['0.0.0.0/0 -> igw:Gateway'] })
    .internetGateway('Gateway', 'Ehr')
    .interface('App', 'AppSubnet', { groups: ['AppGroup'], publicIpv4: true })
    .build();

  test('is the internet to every claim, and the report says so', () => {
    const result = verify(TWO_ZONES + SAAS, network);
    expect(claim(result, 'isolation/internet/ehr').verdict).toBe('violated');
    expect(result.claims.some(({ from, to }) => from === 'saas' && to === 'guest')).toBe(false);
    expect(result.assumptions.join('\n')).toContain('zone saas names no addresses');
  });

  test('is spoken of by obligations as the internet is', () => {
    const never = 'never:\n  - { name: no-saas, from: saas, to: ehr, through: direct }\n';
    expect(claim(verify(TWO_ZONES + SAAS + never, network), 'never/no-saas').verdict).toBe('violated');
  });
});
