import { unknown, type Value } from '../../../lib/evidence/network';
import { network } from '../../fixtures/network-builder';
import { answer, ask, certainly } from './ask';

const OPEN = ['any from 0.0.0.0/0', 'any from ::/0'];

/** A public and a private subnet, an internet gateway, a NAT gateway in the public one. */
function vpc(publicIpv4: Value<boolean> = true, routes: string[] = ['0.0.0.0/0 -> igw:Igw', '::/0 -> igw:Igw']) {
  return network()
    .vpc('A', '10.0.0.0/16 2001:db8:a::/56')
    .internetGateway('Igw', 'A')
    .egressOnlyGateway('Eigw', 'A')
    .table('Public', 'A', routes)
    .table('Private', 'A', ['0.0.0.0/0 -> nat:Nat', '::/0 -> eigw:Eigw'])
    .subnet('Pub', 'A', '10.0.1.0/24 2001:db8:a:1::/64', { table: 'Public' })
    .subnet('Priv', 'A', '10.0.2.0/24 2001:db8:a:2::/64', { table: 'Private' })
    .subnet('Alone', 'A', '10.0.3.0/24')
    .natGateway('Nat', 'Pub')
    .group('Sg', 'A', OPEN)
    .interface('Web', 'Pub', { groups: ['Sg'], publicIpv4, ipv6: true })
    .interface('App', 'Priv', { groups: ['Sg'], publicIpv4, ipv6: true })
    .interface('Db', 'Alone', { groups: ['Sg'], publicIpv4 });
}

describe('fact 19: the internet gateway', () => {
  it.each([
    ['out of a public subnet', 'interface:Web 10.0.1.5 -> internet 198.51.100.7 tcp 443', true, 'reachable'],
    ['into a public subnet', 'internet 198.51.100.7 -> interface:Web 10.0.1.5 tcp 443', true, 'reachable'],
    [
      'out, without a public address',
      'interface:Web 10.0.1.5 -> internet 198.51.100.7 tcp 443',
      false,
      'public-address Web',
    ],
    [
      'in, without a public address',
      'internet 198.51.100.7 -> interface:Web 10.0.1.5 tcp 443',
      false,
      'public-address Web, public-address Web (reply)',
    ],
  ])('%s', (_, flow, publicIpv4, expected) => {
    expect(certainly(vpc(publicIpv4), flow)).toBe(expected);
  });

  it('what comes in needs a route back (fact 17)', () => {
    const flow = 'internet 198.51.100.7 -> interface:Db 10.0.3.5 tcp 443';
    expect(certainly(vpc(), flow)).toBe('route A#main-route-table (reply)');
    expect(ask(vpc(), flow, 'must').forward.delivered).toBe(true);
    expect(certainly(vpc(), flow.replace('tcp', 'udp'))).toBe('reachable');
  });

  it('a reply does not go through a NAT gateway that has not seen the connection', () => {
    expect(certainly(vpc(), 'internet 198.51.100.7 -> interface:App 10.0.2.5 tcp 443')).toContain(
      'gateway Nat (reply)',
    );
  });

  it('a VPC without a gateway is not reached, and has no way out', () => {
    const net = network()
      .vpc('B', '10.1.0.0/16')
      .subnet('B1', 'B', '10.1.1.0/24')
      .group('Sg', 'B', OPEN)
      .interface('X', 'B1', { groups: ['Sg'], publicIpv4: true });
    expect(certainly(net, 'internet 198.51.100.7 -> interface:X 10.1.1.5 tcp 1')).toContain('gateway B');
    expect(certainly(net, 'interface:X 10.1.1.5 -> internet 198.51.100.7 tcp 1')).toBe('route B#main-route-table');
  });

  it('an unknown public address may work and need not', () => {
    const flow = 'internet 198.51.100.7 -> interface:Web 10.0.1.5 tcp 443';
    expect(answer(vpc(unknown('no value', ['Net.Public'])), flow, 'may')).toBe('reachable');
    expect(answer(vpc(unknown('no value', ['Net.Public'])), flow, 'must')).toContain('public-address Web');
    expect(ask(vpc(unknown('no value', ['Net.Public'])), flow).unknowns).toMatchObject([
      { parameters: ['Net.Public'] },
    ]);
  });

  it('a host launched later has a public address where its subnet assigns one', () => {
    const net = vpc()
      .subnet('Auto', 'A', '10.0.8.0/24', { table: 'Public', autoPublicIpv4: true })
      .subnet('Open', 'A', '10.0.9.0/24', { table: 'Public', autoPublicIpv4: unknown('no value', ['P']) });
    expect(certainly(net, 'internet 198.51.100.7 -> subnet:Auto 10.0.8.5 tcp 443')).toBe('reachable');
    expect(certainly(net, 'internet 198.51.100.7 -> subnet:Pub 10.0.1.5 tcp 443')).toContain('public-address Pub');
    expect(answer(net, 'internet 198.51.100.7 -> subnet:Open 10.0.9.5 tcp 443', 'may')).toBe('reachable');
    expect(answer(net, 'internet 198.51.100.7 -> subnet:Open 10.0.9.5 tcp 443', 'must')).toContain(
      'public-address Open',
    );
  });

  it('IPv6 needs no translation: a global address and a route are enough', () => {
    expect(certainly(vpc(false), 'internet 2001:db8:ffff::1 -> interface:Web 2001:db8:a:1::5 tcp 443')).toBe(
      'reachable',
    );
    expect(certainly(vpc(false), 'interface:Web 2001:db8:a:1::5 -> internet 2001:db8:ffff::1 tcp 443')).toBe(
      'reachable',
    );
  });

  it('an egress-only gateway lets only replies in', () => {
    expect(certainly(vpc(), 'interface:App 2001:db8:a:2::5 -> internet 2001:db8:ffff::1 tcp 443')).toBe('reachable');
    const net = vpc(true, ['::/0 -> eigw:Eigw']).table('None', 'A', []);
    expect(certainly(net, 'interface:Web 10.0.1.5 -> internet 198.51.100.7 tcp 443')).toContain('route Public');
  });

  it('IPv6 addresses of one VPC are reached from another over the internet', () => {
    const net = vpc()
      .vpc('B', '10.9.0.0/16 2001:db8:b::/56')
      .internetGateway('IgwB', 'B')
      .table('OutB', 'B', ['::/0 -> igw:IgwB'])
      .subnet('B1', 'B', '10.9.1.0/24 2001:db8:b:1::/64', { table: 'OutB' })
      .group('SgB', 'B', OPEN)
      .interface('Far', 'B1', { groups: ['SgB'], ipv6: true });
    expect(certainly(net, 'interface:Web 2001:db8:a:1::5 -> interface:Far 2001:db8:b:1::5 tcp 443')).toBe('reachable');
  });
});

describe('fact 14, 15, 22: which route', () => {
  const out = 'interface:Web 10.0.1.5 -> internet 198.51.100.7 tcp 443';
  it.each([
    ['two halves are a default route', ['0.0.0.0/1 -> igw:Igw', '128.0.0.0/1 -> igw:Igw'], 'reachable', 'reachable'],
    ['the longest prefix wins', ['0.0.0.0/0 -> igw:Igw', '198.51.100.0/24 -> blackhole'], 'route Pub', 'route Pub'],
    ['a blackhole is a drop, not a fall-through', ['0.0.0.0/0 -> blackhole'], 'route Pub', 'route Pub'],
    [
      'an unknown target leads anywhere or nowhere',
      ['0.0.0.0/0 -> igw:Igw', '198.51.100.0/24 -> ?'],
      'reachable',
      'route Pub',
    ],
    ['an unknown destination may be the longest', ['0.0.0.0/0 -> igw:Igw', '? -> blackhole'], 'reachable', 'route Pub'],
    ['a route that may not exist', ['maybe 0.0.0.0/0 -> igw:Igw'], 'reachable', 'route Public'],
    [
      'a detour that may not exist',
      ['0.0.0.0/0 -> igw:Igw', 'maybe 198.51.100.0/24 -> blackhole'],
      'reachable',
      'route Pub',
    ],
    [
      'alternatives that all work',
      ['0.0.0.0/0 -> igw:Igw', 'maybe 198.51.100.0/24 -> igw:Igw'],
      'reachable',
      'reachable',
    ],
  ])('%s', (_, routes, may, must) => {
    expect(answer(vpc(true, routes), out, 'may')).toBe(may);
    expect(answer(vpc(true, routes), out, 'must')).toBe(must);
  });

  it('fact 16: a static range beats the same range in a prefix list', () => {
    const net = vpc(true, ['pl:List -> blackhole', '198.51.100.0/24 -> igw:Igw']).prefixList('List', [
      '198.51.100.0/24',
    ]);
    expect(certainly(net, out)).toBe('reachable');
    const longer = vpc(true, ['pl:List -> blackhole', '198.51.100.0/24 -> igw:Igw']).prefixList('List', [
      '198.51.100.0/25',
    ]);
    expect(certainly(longer, out)).toBe('route Pub');
  });
});

describe('fact 21: NAT gateways', () => {
  const out = 'interface:App 10.0.2.5 -> internet 198.51.100.7 tcp 443';
  const acl = (...entries: string[]) =>
    network()
      .vpc('A', '10.0.0.0/16')
      .internetGateway('Igw', 'A')
      .table('Public', 'A', ['0.0.0.0/0 -> igw:Igw'])
      .table('Private', 'A', ['0.0.0.0/0 -> nat:Nat'])
      .acl('Acl', 'A', entries)
      .subnet('Pub', 'A', '10.0.1.0/24', { table: 'Public', acl: 'Acl' })
      .subnet('Priv', 'A', '10.0.2.0/24', { table: 'Private' })
      .natGateway('Nat', 'Pub')
      .interface('App', 'Priv');

  it('carries a host without a public address to the internet, and the reply back', () => {
    const trace = ask(vpc(false), out, 'must');
    expect(trace).toMatchObject({ verdict: 'reachable', reply: { delivered: true } });
    expect(
      trace.forward.hops.filter(({ decision }) => decision === 'translated').map(({ resource }) => resource),
    ).toEqual(['Nat', 'Igw']);
    expect(trace.arrived?.source.words).not.toEqual([0x0a000205]);
  });

  it('lets nothing unsolicited in', () => {
    expect(certainly(vpc(false), 'internet 198.51.100.7 -> interface:App 10.0.2.5 tcp 443')).toContain(
      'public-address App',
    );
  });

  it.each([
    ['tcp 443', 'reachable'],
    ['udp 53', 'reachable'],
    ['icmp', 'reachable'],
    ['47', 'gateway Nat'],
  ])('carries %s: %s', (protocol, expected) => {
    expect(certainly(vpc(false), `interface:App 10.0.2.5 -> internet 198.51.100.7 ${protocol}`)).toBe(expected);
  });

  it('a private one has no way through an internet gateway', () => {
    const net = vpc()
      .natGateway('Inner', 'Pub', 'private')
      .table('Via', 'A', ['0.0.0.0/0 -> nat:Inner'])
      .subnet('P2', 'A', '10.0.4.0/24', { table: 'Via' })
      .interface('X', 'P2');
    expect(certainly(net, 'interface:X 10.0.4.5 -> internet 198.51.100.7 tcp 443')).toBe('public-address Inner');
  });

  it('both legs meet the ACL of its subnet, and its port may be any from 1024 up', () => {
    const legs = [
      '1 ingress allow tcp 443 10.0.0.0/16',
      '2 egress allow tcp 443 0.0.0.0/0',
      '3 egress allow tcp 1024-65535 10.0.0.0/16',
    ];
    expect(certainly(acl(...legs, '4 ingress allow tcp 1024-65535 0.0.0.0/0'), out)).toBe('reachable');
    expect(certainly(acl(...legs), out)).toBe('network-acl Acl (reply)');
    expect(answer(acl(...legs, '4 ingress allow tcp 50000-65535 0.0.0.0/0'), out, 'may')).toBe('reachable');
    expect(answer(acl(...legs, '4 ingress allow tcp 50000-65535 0.0.0.0/0'), out, 'must')).toBe(
      'network-acl Acl (reply)',
    );
    expect(certainly(acl(...legs.slice(1), '4 ingress allow tcp 1024-65535 0.0.0.0/0'), out)).toBe('network-acl Acl');
  });

  it('a table that sends the gateway to itself drops', () => {
    const net = network()
      .vpc('A', '10.0.0.0/16')
      .internetGateway('Igw', 'A')
      .table('Rt', 'A', ['0.0.0.0/0 -> nat:Nat'])
      .subnet('S', 'A', '10.0.1.0/24', { table: 'Rt' })
      .natGateway('Nat', 'S')
      .interface('X', 'S');
    expect(certainly(net, 'interface:X 10.0.1.9 -> internet 198.51.100.7 tcp 443')).toContain('gateway Nat');
  });

  it('IPv6 goes through it to 64:ff9b::/96 only, as IPv4', () => {
    const net = vpc(false)
      .table('Nat64', 'A', ['64:ff9b::/96 -> nat:Nat', '2001:db8:ffff::/48 -> nat:Nat'])
      .subnet('V6', 'A', '2001:db8:a:6::/64', { table: 'Nat64' })
      .interface('Six', 'V6', { ipv6: true, groups: ['Sg'] });
    expect(certainly(net, 'interface:Six 2001:db8:a:6::5 -> internet 64:ff9b::c633:6407 tcp 443')).toBe('reachable');
    expect(certainly(net, 'interface:Six 2001:db8:a:6::5 -> internet 2001:db8:ffff::1 tcp 443')).toBe('gateway Nat');
  });
});

describe('edge tables and appliances (facts 14, 17)', () => {
  const inspected = (policy: string[]) =>
    network()
      .vpc('A', '10.0.0.0/16')
      .internetGateway('Igw', 'A')
      .table('Edge', 'A', ['10.0.1.0/24 -> firewall:Fw@FwSubnet'], { edgeOf: 'Igw' })
      .table('FwTable', 'A', ['0.0.0.0/0 -> igw:Igw'])
      .table('Protected', 'A', ['0.0.0.0/0 -> firewall:Fw@FwSubnet'])
      .subnet('FwSubnet', 'A', '10.0.9.0/28', { table: 'FwTable' })
      .subnet('Web', 'A', '10.0.1.0/24', { table: 'Protected' })
      .firewall('Fw', 'A', 'FwSubnet', { stateful: policy })
      .group('Sg', 'A', OPEN)
      .interface('Host', 'Web', { groups: ['Sg'], publicIpv4: true });

  it('what comes in from the internet passes the firewall, and so does the reply', () => {
    const net = inspected(['1 pass tcp 443 from 0.0.0.0/0 to 10.0.1.0/24']);
    const trace = ask(net, 'internet 198.51.100.7 -> interface:Host 10.0.1.5 tcp 443', 'must');
    expect(trace.verdict).toBe('reachable');
    expect([...trace.forward.hops, ...trace.reply.hops].filter(({ resource }) => resource === 'Fw')).toHaveLength(2);
    expect(certainly(net, 'internet 198.51.100.7 -> interface:Host 10.0.1.5 tcp 80')).toBe('firewall Fw');
  });

  it('a reply that misses the firewall is not certain to get through', () => {
    const net = network()
      .vpc('A', '10.0.0.0/16')
      .internetGateway('Igw', 'A')
      .table('FwTable', 'A', ['0.0.0.0/0 -> igw:Igw'])
      .table('Protected', 'A', ['0.0.0.0/0 -> firewall:Fw@FwSubnet'])
      .subnet('FwSubnet', 'A', '10.0.9.0/28', { table: 'FwTable' })
      .subnet('Web', 'A', '10.0.1.0/24', { table: 'Protected' })
      .firewall('Fw', 'A', 'FwSubnet', { stateful: ['1 pass any from 0.0.0.0/0 to 0.0.0.0/0'] })
      .group('Sg', 'A', OPEN)
      .interface('Host', 'Web', { groups: ['Sg'], publicIpv4: true });
    const flow = 'internet 198.51.100.7 -> interface:Host 10.0.1.5 tcp 443';
    expect([answer(net, flow, 'may'), answer(net, flow, 'must')]).toEqual(['reachable', 'firewall Fw (reply)']);
  });

  it.each([
    [
      'strict order: the first match decides',
      {
        order: 'strict' as const,
        stateful: ['1 drop tcp 443 from 0.0.0.0/0 to 0.0.0.0/0', '2 pass any from 0.0.0.0/0 to 0.0.0.0/0'],
      },
      'firewall Fw',
      'firewall Fw',
    ],
    [
      'action order: pass comes first',
      {
        order: 'action' as const,
        stateful: ['1 drop tcp 443 from 0.0.0.0/0 to 0.0.0.0/0', '2 pass any from 0.0.0.0/0 to 0.0.0.0/0'],
      },
      'reachable',
      'reachable',
    ],
    [
      'stateless drop',
      { stateless: ['1 drop any from 0.0.0.0/0 to 0.0.0.0/0'], stateful: ['1 pass any from 0.0.0.0/0 to 0.0.0.0/0'] },
      'firewall Fw, firewall Fw (reply)',
      'firewall Fw, firewall Fw (reply)',
    ],
    [
      'stateless pass skips the rest, and must pass the reply too',
      { stateless: ['1 pass any from 0.0.0.0/0 to 0.0.0.0/0'] },
      'reachable',
      'reachable',
    ],
    ['strict order without a default passes', { statefulDefault: 'pass' as const }, 'reachable', 'reachable'],
    [
      'Suricata rules may pass and need not',
      { opaque: [{ id: 'Rules', reason: 'Suricata text' }] },
      'reachable',
      'firewall Fw',
    ],
    [
      'a rule that looks into packets may pass and need not',
      { stateful: ['1 pass tcp 443 from 0.0.0.0/0 to 0.0.0.0/0 partly'] },
      'reachable',
      'firewall Fw',
    ],
    [
      'a rule that looks into packets may drop and need not',
      { stateful: ['1 drop tcp 443 from 0.0.0.0/0 to 0.0.0.0/0 partly'], statefulDefault: 'pass' as const },
      'reachable',
      'firewall Fw',
    ],
    [
      'what only no rule stopped is looked at again when it answers',
      { stateful: ['1 drop tcp from 10.0.2.0/24 to 0.0.0.0/0'], statefulDefault: 'pass' as const },
      'firewall Fw (reply)',
      'firewall Fw (reply)',
    ],
    [
      'what a rule passed is not',
      {
        stateful: ['1 pass tcp 443 from 10.0.1.0/24 to 0.0.0.0/0', '2 drop tcp from 10.0.2.0/24 to 0.0.0.0/0'],
        statefulDefault: 'pass' as const,
      },
      'reachable',
      'reachable',
    ],
    [
      'nor does a rule for requests stop an answer',
      { stateful: ['1 drop tcp from 10.0.2.0/24 to 0.0.0.0/0 requests'], statefulDefault: 'pass' as const },
      'reachable',
      'reachable',
    ],
  ])('fact 34: %s', (_, policy, may, must) => {
    const net = network()
      .vpc('A', '10.0.0.0/16')
      .table('Out', 'A', ['10.0.2.0/24 -> firewall:Fw@FwSubnet'])
      .table('Back', 'A', ['10.0.1.0/24 -> firewall:Fw@FwSubnet'])
      .subnet('FwSubnet', 'A', '10.0.9.0/28')
      .subnet('A1', 'A', '10.0.1.0/24', { table: 'Out' })
      .subnet('A2', 'A', '10.0.2.0/24', { table: 'Back' })
      .firewall('Fw', 'A', 'FwSubnet', policy)
      .group('Sg', 'A', OPEN)
      .interface('X', 'A1', { groups: ['Sg'] })
      .interface('Y', 'A2', { groups: ['Sg'] });
    const flow = 'interface:X 10.0.1.5 -> interface:Y 10.0.2.5 tcp 443';
    expect([answer(net, flow, 'may'), answer(net, flow, 'must')]).toEqual([may, must]);
  });

  it('a more specific route to an appliance beats local; groups no longer see the sender behind it', () => {
    const net = (rule: string, check: boolean) =>
      network()
        .vpc('A', '10.0.0.0/16')
        .table('Out', 'A', ['10.0.2.0/24 -> eni:Appliance'])
        .subnet('Mid', 'A', '10.0.9.0/28')
        .subnet('A1', 'A', '10.0.1.0/24', { table: 'Out' })
        .subnet('A2', 'A', '10.0.2.0/24')
        .group('Sg', 'A', OPEN)
        .group('Db', 'A', [rule])
        .group('Client', 'A', OPEN)
        .interface('Appliance', 'Mid', { groups: ['Sg'], sourceDestCheck: check })
        .interface('X', 'A1', { groups: ['Client'] })
        .interface('Y', 'A2', { groups: ['Db'] });
    const flow = 'interface:X 10.0.1.5 -> interface:Y 10.0.2.5 tcp 443';
    expect(answer(net('any from 10.0.1.0/24', false), flow, 'may')).toBe('reachable');
    expect(answer(net('any from 10.0.1.0/24', false), flow, 'must')).toBe('gateway Appliance');
    expect(answer(net('any from 10.0.1.0/24', true), flow, 'may')).toBe('source-destination-check Appliance');
    expect(answer(net('any from sg:Client', false), flow, 'may')).toBe('security-group Db');
  });

  it('a NAT instance may carry private hosts to the internet in its own name', () => {
    const net = (publicIpv4: boolean, check: boolean) =>
      network()
        .vpc('A', '10.0.0.0/16')
        .internetGateway('Igw', 'A')
        .table('Out', 'A', ['0.0.0.0/0 -> igw:Igw'])
        .table('Via', 'A', ['0.0.0.0/0 -> eni:Nat'])
        .subnet('Pub', 'A', '10.0.1.0/24', { table: 'Out' })
        .subnet('Priv', 'A', '10.0.2.0/24', { table: 'Via' })
        .group('Sg', 'A', OPEN)
        .interface('Nat', 'Pub', { groups: ['Sg'], publicIpv4, sourceDestCheck: check })
        .interface('X', 'Priv', { groups: ['Sg'] });
    const flow = 'interface:X 10.0.2.5 -> internet 198.51.100.7 tcp 443';
    expect(answer(net(true, false), flow, 'may')).toBe('reachable');
    expect(answer(net(true, false), flow, 'must')).toContain('gateway Nat');
    expect(answer(net(false, false), flow, 'may')).toContain('public-address');
    expect(answer(net(true, true), flow, 'may')).toContain('source-destination-check Nat');
  });
});
