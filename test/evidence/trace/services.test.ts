import { unknown } from '../../../lib/evidence/network';
import { network } from '../../fixtures/network-builder';
import { answer, ask, certainly } from './ask';

const OPEN = ['any from 0.0.0.0/0', 'any from ::/0'];

describe('fact 29: gateway endpoints', () => {
  const net = (routes: string[], list: string[] = []) =>
    network()
      .vpc('A', '10.0.0.0/16')
      .prefixList('S3List', list, { service: 's3' })
      .gatewayEndpoint('S3', 'A', 's3')
      .table('Rt', 'A', routes)
      .subnet('A1', 'A', '10.0.1.0/24', { table: 'Rt' })
      .group('Narrow', 'A', [], ['tcp 443 to pl:S3List'])
      .interface('X', 'A1')
      .interface('N', 'A1', { groups: ['Narrow'] });
  const flow = 'interface:X 10.0.1.5 -> aws:s3@S3 52.95.1.1 tcp 443';

  it('is a route to the service by its prefix list', () => {
    expect(certainly(net(['pl:S3List -> vpce:S3']), flow)).toBe('reachable');
    expect(certainly(net(['pl:S3List -> vpce:S3', '0.0.0.0/0 -> blackhole']), flow)).toBe('reachable');
    expect(certainly(net([]), flow)).toBe('route Rt');
  });

  it('is also there when the endpoint names the table', () => {
    const named = network()
      .vpc('A', '10.0.0.0/16')
      .gatewayEndpoint('S3', 'A', 's3', { routeTables: ['Rt'] })
      .table('Rt', 'A', [])
      .subnet('A1', 'A', '10.0.1.0/24', { table: 'Rt' })
      .interface('X', 'A1');
    expect(certainly(named, flow)).toBe('reachable');
  });

  it('groups still apply', () => {
    const narrow = 'interface:N 10.0.1.6 -> aws:s3@S3 52.95.1.1 tcp 443';
    expect(certainly(net(['pl:S3List -> vpce:S3'], ['52.95.0.0/16']), narrow)).toBe('reachable');
    expect(certainly(net(['pl:S3List -> vpce:S3'], ['52.95.0.0/16']), narrow.replace('443', '80'))).toBe(
      'security-group Narrow',
    );
  });

  it('without an endpoint the service is on the internet', () => {
    const open = network()
      .vpc('A', '10.0.0.0/16')
      .internetGateway('Igw', 'A')
      .table('Rt', 'A', ['0.0.0.0/0 -> igw:Igw'])
      .subnet('A1', 'A', '10.0.1.0/24', { table: 'Rt' })
      .interface('X', 'A1', { publicIpv4: true });
    expect(certainly(open, 'interface:X 10.0.1.5 -> aws:s3 52.95.1.1 tcp 443')).toBe('reachable');
    expect(certainly(open, flow)).toContain('route Igw');
  });

  it('it serves only its own VPC', () => {
    const far = net(['pl:S3List -> vpce:S3', '10.1.0.0/16 -> tgw:Hub'])
      .vpc('B', '10.1.0.0/16')
      .table('Out', 'B', ['0.0.0.0/0 -> tgw:Hub'])
      .subnet('B1', 'B', '10.1.1.0/24', { table: 'Out' })
      .interface('Y', 'B1')
      .transitGateway('Hub')
      .attachment('Aa', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'T' })
      .attachment('Ba', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'T' })
      .transitGatewayTable('T', 'Hub', ['0.0.0.0/0 -> Aa'], ['Ba']);
    expect(certainly(far, 'interface:Y 10.1.1.5 -> aws:s3@S3 52.95.1.1 tcp 443')).toContain('gateway S3');
  });
});

describe('fact 30: interface endpoints', () => {
  const net = (rules: string[]) =>
    network()
      .vpc('A', '10.0.0.0/16')
      .subnet('A1', 'A', '10.0.1.0/24')
      .subnet('A2', 'A', '10.0.2.0/24')
      .group('Ep', 'A', rules)
      .interfaceEndpoint('Kms', 'A2', { kind: 'aws', name: 'kms' }, { groups: ['Ep'] })
      .interface('X', 'A1');

  it('its groups apply', () => {
    expect(certainly(net(['tcp 443 from 10.0.1.0/24']), 'interface:X 10.0.1.5 -> aws:kms@Kms 10.0.2.9 tcp 443')).toBe(
      'reachable',
    );
    expect(certainly(net(['tcp 443 from 10.0.9.0/24']), 'interface:X 10.0.1.5 -> aws:kms@Kms 10.0.2.9 tcp 443')).toBe(
      'security-group Ep',
    );
    expect(
      certainly(net(['tcp 443 from 10.0.1.0/24']), 'interface:X 10.0.1.5 -> interface:Kms#interface 10.0.2.9 tcp 443'),
    ).toBe('reachable');
  });

  it('it never begins a conversation', () => {
    expect(certainly(net(OPEN), 'aws:kms@Kms 10.0.2.9 -> interface:X 10.0.1.5 tcp 443')).toContain('gateway Kms');
  });
});

/** Clients in A; a balancer in B1 (zone a) and B2 (zone b); a target in B3 (zone a). */
function balanced(options: {
  target?: string[];
  groups?: string[];
  preserve?: boolean;
  targetType?: 'instance' | 'ip';
  targets?: string[];
  crossZone?: boolean;
  filters?: boolean;
  accept?: boolean;
}) {
  return network()
    .vpc('B', '10.1.0.0/16')
    .subnet('B1', 'B', '10.1.1.0/24', { az: 'a' })
    .subnet('B2', 'B', '10.1.2.0/24', { az: 'b' })
    .subnet('B3', 'B', '10.1.3.0/24', { az: 'a' })
    .group('NlbSg', 'B', options.groups ?? OPEN)
    .group('AppSg', 'B', options.target ?? OPEN)
    .interface('App', 'B3', { groups: ['AppSg'] })
    .interface('Other', 'B3', { groups: ['AppSg'] })
    .interface('Client', 'B1')
    .loadBalancer('Nlb', 'network', 'B1 B2', ['tcp 443 -> Tg', 'udp 53 -> Dns'], {
      interface: { groups: ['NlbSg'] },
      crossZone: options.crossZone ?? false,
      filtersPrivateLink: options.filters ?? true,
    })
    .targetGroup('Tg', 'tcp', 8443, options.targets ?? ['App'], {
      targetType: options.targetType ?? 'instance',
      preserveClientIp: options.preserve ?? true,
    })
    .targetGroup('Dns', 'udp', 53, ['App'])
    .endpointService('Service', ['Nlb'], { acceptanceRequired: options.accept ?? false })
    .vpc('A', '10.0.0.0/16')
    .subnet('A1', 'A', '10.0.1.0/24', { az: 'a' })
    .subnet('A2', 'A', '10.0.2.0/24', { az: 'b' })
    .group('EpSg', 'A', OPEN)
    .interfaceEndpoint('Ep', 'A1 A2', { kind: 'private', id: 'Service' }, { groups: ['EpSg'] })
    .interface('Consumer', 'A1');
}

const DIRECT = 'interface:Client 10.1.1.5 -> interface:App 10.1.1.99 tcp 443';

describe('fact 32: network load balancers', () => {
  it('answer only on their listeners, and send to the port of the target group', () => {
    expect(certainly(balanced({}), DIRECT)).toBe('reachable');
    expect(ask(balanced({}), DIRECT).arrived).toMatchObject({ destinationPort: 8443, sourcePort: 40000 });
    expect(certainly(balanced({}), DIRECT.replace('443', '80'))).toContain('listener Nlb');
    expect(certainly(balanced({}), 'interface:Client 10.1.1.5 -> interface:Nlb#interface 10.1.1.99 tcp 443')).toBe(
      'reachable',
    );
    expect(certainly(balanced({}), 'interface:Client 10.1.1.5 -> interface:Nlb#interface 10.1.1.99 tcp 80')).toBe(
      'listener Nlb',
    );
  });

  it.each([
    ['the client, where its address is kept', true, ['tcp 8443 from 10.1.1.5/32'], 'reachable'],
    ["someone else, where the client's address is kept", true, ['tcp 8443 from 10.1.9.0/24'], 'security-group AppSg'],
    ['the balancer, where its own address is used', false, ['tcp 8443 from 10.1.1.99/32'], 'reachable'],
    ["the client, where the balancer's address is used", false, ['tcp 8443 from 10.1.1.5/32'], 'security-group AppSg'],
    ["the balancer's group, where the client's address is kept", true, ['tcp 8443 from sg:NlbSg'], 'reachable'],
    ["the balancer's group, where its own address is used", false, ['tcp 8443 from sg:NlbSg'], 'reachable'],
    ["the client's group", true, ['tcp 8443 from sg:B#default-security-group'], 'security-group AppSg'],
    ["the listener's port only", true, ['tcp 443 from 0.0.0.0/0'], 'security-group AppSg'],
  ])('the target admits %s', (_, preserve, target, expected) => {
    expect(certainly(balanced({ preserve, target }), DIRECT)).toBe(expected);
  });

  it('its own groups filter the client', () => {
    expect(certainly(balanced({ groups: ['tcp 443 from 10.1.9.0/24'] }), DIRECT)).toBe('security-group NlbSg');
    expect(certainly(balanced({ groups: ['tcp 443 from sg:B#default-security-group'] }), DIRECT)).toBe('reachable');
  });

  it('a node sends to targets of its own zone, unless cross-zone is on', () => {
    const flow = 'interface:Client 10.1.1.5 -> interface:App 10.1.2.99 tcp 443';
    expect(certainly(balanced({}), flow)).toBe('load-balancer Nlb');
    expect(certainly(balanced({ crossZone: true }), flow)).toBe('reachable');
  });

  it('who is no target is not reached through it', () => {
    expect(certainly(balanced({}), 'interface:Client 10.1.1.5 -> interface:Other 10.1.1.99 tcp 443')).toBe(
      'load-balancer Nlb',
    );
  });

  it('a target may be an address', () => {
    const flow = 'interface:Client 10.1.1.5 -> subnet:B3[AppSg] 10.1.1.99 tcp 443';
    expect(certainly(balanced({ targetType: 'ip', preserve: false, targets: ['10.1.3.7'] }), flow)).toBe('reachable');
    expect(certainly(balanced({ targetType: 'ip', preserve: false, targets: ['10.1.2.7'] }), flow)).toContain(
      'load-balancer Nlb',
    );
    expect(answer(balanced({ targetType: 'ip', preserve: false, targets: ['maybe 10.1.3.7'] }), flow, 'may')).toBe(
      'reachable',
    );
    expect(answer(balanced({ targetType: 'ip', preserve: false, targets: ['maybe 10.1.3.7'] }), flow, 'must')).not.toBe(
      'reachable',
    );
  });

  it('udp goes through it too', () => {
    expect(ask(balanced({}), 'interface:Client 10.1.1.5 -> interface:App 10.1.1.99 udp 53', 'must')).toMatchObject({
      verdict: 'reachable',
      reply: { delivered: true },
    });
  });

  it('fact 33: internet-facing targets need no route to the internet of their own', () => {
    const net = network()
      .vpc('B', '10.1.0.0/16')
      .internetGateway('Igw', 'B')
      .table('Pub', 'B', ['0.0.0.0/0 -> igw:Igw'])
      .subnet('B1', 'B', '10.1.1.0/24', { table: 'Pub' })
      .subnet('B3', 'B', '10.1.3.0/24')
      .group('Sg', 'B', OPEN)
      .interface('App', 'B3', { groups: ['Sg'] })
      .loadBalancer('Nlb', 'network', 'B1', ['tcp 443 -> Tg'], {
        scheme: 'internet-facing',
        interface: { groups: ['Sg'], publicIpv4: true },
      })
      .loadBalancer('Alb', 'application', 'B1', ['tcp 443 -> Tg'], {
        scheme: 'internet-facing',
        interface: { groups: ['Sg'], publicIpv4: true },
      })
      .targetGroup('Tg', 'tcp', 8443, ['App']);
    expect(certainly(net, 'internet 198.51.100.7 -> interface:App 10.1.1.99 tcp 443')).toBe('reachable');
    expect(certainly(net, 'internet 198.51.100.7 -> interface:Alb#interface 10.1.1.98 tcp 443')).toBe('reachable');
    expect(certainly(net, 'internet 198.51.100.7 -> interface:Alb#interface 10.1.1.98 tcp 80')).toContain(
      'listener Alb',
    );
    expect(certainly(net, 'internet 198.51.100.7 -> interface:App 10.1.3.5 tcp 443')).toContain('public-address App');
  });

  it('what may be registered later may be reached', () => {
    const net = balanced({}).loadBalancer('Open', 'network', 'B1', ['tcp 8080 -> ?'], {
      interface: { groups: ['NlbSg'] },
    });
    const flow = 'interface:Client 10.1.1.5 -> interface:Other 10.1.1.98 tcp 8080';
    expect(answer(net, flow, 'may')).toBe('reachable');
    expect(answer(net, flow, 'must')).not.toBe('reachable');
  });
});

describe('fact 31: PrivateLink', () => {
  const flow = 'interface:Consumer 10.0.1.5 -> interface:App 10.0.1.99 tcp 443';

  it('the endpoint leads to the balancer and from there to its targets, without any route', () => {
    const trace = ask(balanced({ target: ['tcp 8443 from 10.1.1.0/24'] }), flow, 'must');
    expect(trace).toMatchObject({
      verdict: 'reachable',
      reply: { delivered: true },
      arrived: { destinationPort: 8443 },
    });
  });

  it('targets always see the balancer', () => {
    expect(certainly(balanced({ target: ['tcp 8443 from 10.0.0.0/16'] }), flow)).toBe('security-group AppSg');
    expect(certainly(balanced({ target: ['tcp 8443 from sg:NlbSg'] }), flow)).toBe('reachable');
  });

  it('it leads nowhere else, and one way', () => {
    expect(certainly(balanced({}), flow.replace('interface:App', 'interface:Other'))).toContain('load-balancer Nlb');
    expect(certainly(balanced({}), 'interface:App 10.1.3.5 -> interface:Consumer 10.0.1.5 tcp 443')).toContain(
      'route B#main-route-table',
    );
    expect(certainly(balanced({}), 'interface:Ep#interface 10.0.1.99 -> interface:App 10.1.3.5 tcp 8443')).toContain(
      'route A#main-route-table',
    );
  });

  it("whether the balancer's groups filter it is a setting of its own", () => {
    const shut = ['tcp 443 from 10.1.0.0/16'];
    expect(certainly(balanced({ groups: shut }), flow)).toBe('security-group NlbSg');
    expect(certainly(balanced({ groups: shut, filters: false }), flow)).toBe('reachable');
    expect(certainly(balanced({ groups: ['tcp 443 from 10.0.0.0/16'] }), flow)).toBe('reachable');
  });

  it('the balancer is reached by the endpoint, where one of its listeners hears it, and answers', () => {
    const linked = flow.replace('interface:App', 'interface:Nlb#interface');
    expect(certainly(balanced({}), linked)).toBe('reachable');
    expect(certainly(balanced({}), linked.replace('443', '80'))).toContain('listener Nlb');
    expect(certainly(balanced({ groups: ['tcp 1 from 0.0.0.0/0'] }), linked)).toContain('security-group NlbSg');
    expect(certainly(balanced({ target: ['tcp 1 from 0.0.0.0/0'] }), linked)).toBe('reachable');
    expect(certainly(balanced({ accept: true }), linked)).toBe('may: reachable; must: gateway Service');
  });

  it('a connection that someone must accept is not certain', () => {
    expect([answer(balanced({ accept: true }), flow, 'may'), answer(balanced({ accept: true }), flow, 'must')]).toEqual(
      ['reachable', 'gateway Service'],
    );
  });

  it('an endpoint in another zone leads to the node of that zone', () => {
    expect(certainly(balanced({}), flow.replace('10.0.1.99', '10.0.2.99'))).toContain('load-balancer Nlb');
    expect(certainly(balanced({ crossZone: true }), flow.replace('10.0.1.99', '10.0.2.99'))).toBe('reachable');
  });

  it('a consumer that no template shows may use an open service', () => {
    const stranger = 'external:Service 10.77.0.1 -> interface:App 10.1.1.99 tcp 443';
    expect(answer(balanced({}), stranger, 'may')).toBe('reachable');
    expect(answer(balanced({ target: ['tcp 1 from 0.0.0.0/0'] }), stranger, 'may')).toContain('security-group AppSg');
    expect(answer(balanced({}), stranger, 'must')).not.toBe('reachable');
  });

  it("someone else's service is outside", () => {
    const net = balanced({}).interfaceEndpoint(
      'Saas',
      'A1',
      { kind: 'external', name: 'com.example' },
      { groups: ['EpSg'] },
    );
    expect(answer(net, 'interface:Consumer 10.0.1.5 -> external:Saas 10.0.1.98 tcp 443', 'may')).toBe('reachable');
    expect(answer(net, 'interface:Consumer 10.0.1.5 -> external:Saas 10.0.1.98 tcp 443', 'must')).not.toBe('reachable');
  });
});

describe('gateway load balancer endpoints', () => {
  it('what the appliances let pass is not known', () => {
    const net = network()
      .vpc('A', '10.0.0.0/16')
      .table('Out', 'A', ['10.0.2.0/24 -> gwlbe:Gw'])
      .subnet('Mid', 'A', '10.0.9.0/28')
      .subnet('A1', 'A', '10.0.1.0/24', { table: 'Out' })
      .subnet('A2', 'A', '10.0.2.0/24')
      .group('Sg', 'A', OPEN)
      .endpoint('Gw', 'A', 'gateway-load-balancer', { subnets: ['Mid'] })
      .interface('X', 'A1', { groups: ['Sg'] })
      .interface('Y', 'A2', { groups: ['Sg'] });
    const flow = 'interface:X 10.0.1.5 -> interface:Y 10.0.2.5 tcp 443';
    expect([answer(net, flow, 'may'), answer(net, flow, 'must')]).toEqual(['reachable', 'firewall Gw']);
  });
});

describe('nouns that may not exist', () => {
  it.each([
    ['an interface', 'Db'],
    ['a subnet', 'A2'],
  ])('%s lets pass in may and stops in must', (kind) => {
    const net = network()
      .vpc('A', '10.0.0.0/16')
      .subnet('A1', 'A', '10.0.1.0/24')
      .subnet('A2', 'A', '10.0.2.0/24', { certain: kind !== 'a subnet' })
      .group('Sg', 'A', OPEN)
      .interface('X', 'A1')
      .interface('Db', 'A2', { groups: ['Sg'], certain: kind !== 'an interface' });
    const flow = 'interface:X 10.0.1.5 -> interface:Db 10.0.2.5 tcp 443';
    expect(answer(net, flow, 'may')).toBe('reachable');
    expect(answer(net, flow, 'must')).toContain('address');
  });

  it('an unknown route table or ACL', () => {
    const net = network()
      .vpc('A', '10.0.0.0/16')
      .subnet('A1', 'A', '10.0.1.0/24', { table: unknown('no value', ['P']), acl: unknown('no value', ['Q']) })
      .subnet('A2', 'A', '10.0.2.0/24')
      .group('Sg', 'A', OPEN)
      .interface('X', 'A1')
      .interface('Db', 'A2', { groups: ['Sg'] });
    const flow = 'interface:X 10.0.1.5 -> interface:Db 10.0.2.5 tcp 443';
    expect(answer(net, flow, 'may')).toBe('reachable');
    expect(answer(net, flow, 'must')).toContain('network-acl A1');
    expect(ask(net, flow).unknowns.flatMap(({ parameters }) => parameters)).toEqual(expect.arrayContaining(['P', 'Q']));
  });

  it('a subnet, a VPC or a group that no template shows', () => {
    const net = network()
      .vpc('Theirs', '', { external: true })
      .subnet('Somewhere', 'Theirs', '', {
        table: unknown('no value', ['SubnetId']),
        acl: unknown('no value', ['SubnetId']),
        external: true,
      })
      .group('Sg', 'Theirs', OPEN)
      .interface('X', 'Somewhere', { groups: ['Sg'] })
      .interface('Y', 'Somewhere', { groups: ['sg-0abc'] });
    for (const flow of [
      'interface:X 10.0.1.5 -> interface:Y 10.0.2.5 tcp 443',
      'interface:X 10.0.1.5 -> subnet:Somewhere 10.0.2.5 tcp 443',
      'internet 198.51.100.1 -> interface:X 10.0.1.5 udp 53',
      'interface:X 10.0.1.5 -> internet 198.51.100.1 tcp 443',
      'interface:X 10.0.1.5 -> aws:s3 198.51.100.1 tcp 443',
    ]) {
      expect([flow, answer(net, flow, 'may') === 'reachable']).toEqual([flow, !flow.startsWith('internet')]);
      expect([flow, answer(net, flow, 'must') === 'reachable']).toEqual([flow, false]);
    }
  });
});
