/**
 * What `npm run fuzz` has found of balancers whose targets are addresses, other balancers, or endpoints that lead to others.
 */
import { PacketSet } from '../../lib/base/net';
import type { Approximation, End, NetworkModel, Packet, Value } from '../../lib/evidence/network';
import { ReachabilityEngine } from '../../lib/evidence/reachability';
import { traceFlow } from '../../lib/evidence/trace';
import { never, provedBy } from '../evidence/certificate/made';
import { type InterfaceOptions, network } from '../fixtures/network-builder';
import { answers, anyoneIn, at, tcp } from './find';

describe('found by fuzzing, of balancers', () => {
  describe('a target that is registered by its address', () => {
    const drawn = (egress: string) =>
      network()
        .vpc('A', '10.1.0.0/16')
        .acl('Acl', 'A', [
          '100 ingress allow any 0.0.0.0/0',
          '100 egress allow any 10.1.3.0/24',
          `110 egress allow any ${egress}`,
        ])
        .subnet('Hosts', 'A', '10.1.2.0/24')
        .subnet('Wards', 'A', '10.1.3.0/24')
        .subnet('Fronts', 'A', '10.1.4.0/24', { acl: 'Acl' })
        .group('Web', 'A', ['tcp 443 from 0.0.0.0/0'])
        .interface('Host', 'Hosts', { groups: ['Web'] })
        .loadBalancer('Nlb', 'network', 'Fronts', ['tcp 443 -> Tg'], {
          crossZone: true,
          interface: { filtered: false },
        })
        .targetGroup('Tg', 'tcp', 443, ['10.1.2.20'], { targetType: 'ip' })
        .build();
    const called = tcp('10.1.3.10', '10.1.4.10', 443);

    test.each([
      ['10.1.2.20/32', true],
      ['10.1.2.4/32', false],
    ])('is sent to there, and at no other address that its holder may have (%s open: %s)', (egress, isOpen) => {
      expect(answers(drawn(egress), anyoneIn('Wards'), at('Host'), called)).toEqual({ engine: isOpen, trace: isOpen });
    });

    test.each([
      ['10.1.2.20', true],
      ['10.1.2.130', false],
    ])('is the one to whom the balancer turns by itself (%s: %s)', (address, isOpen) => {
      const packet = tcp('10.1.4.10', address, 443);
      const asked = answers(drawn('0.0.0.0/0'), at('Nlb#interface'), at('Host'), packet, { asBuilt: true });
      expect(asked).toEqual({ engine: isOpen, trace: isOpen });
    });
  });

  test('what a balancer sends to another does not come back to it at another address (seed 479935077)', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .subnet('A1', 'A', '10.1.1.0/24')
      .group('Narrow', 'A', ['tcp 443 from 10.1.1.7/32'])
      .interface('Host', 'A1', { groups: ['Narrow'] })
      .loadBalancer('One', 'network', 'A1', ['tcp 80 -> ToHost'], { interface: { filtered: false } })
      .targetGroup('ToHost', 'tcp', 443, ['10.1.1.21'], { targetType: 'ip' })
      .loadBalancer('Other', 'network', 'A1', ['tcp 80 -> ToOne'], { interface: { filtered: false } })
      .targetGroup('ToOne', 'tcp', 80, ['10.1.1.20'], { targetType: 'ip', preserveClientIp: true })
      .build();
    const packet = tcp('10.1.1.10', '10.1.1.11', 80);
    expect(answers(model, at('One#interface'), at('Host'), packet)).toEqual({ engine: false, trace: false });
    // Nor does it send in its own name from another address than the one at which the other called it.
    expect(answers(model, anyoneIn('A1'), at('Host'), packet)).toEqual({ engine: false, trace: false });
  });

  test('an address that another host is given is no target in front of anybody else (seed 486191575)', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .subnet('A2', 'A', '10.1.2.0/24')
      .group('Web', 'A', ['tcp 443 from 10.1.2.0/25'])
      .interface('Given', 'A2', { groups: ['Web'], address: '10.1.2.21' })
      .interface('Other', 'A2', { groups: ['Web'] })
      .loadBalancer('Nlb', 'network', 'A2', ['tcp 80 -> Tg'], { interface: { filtered: false } })
      .targetGroup('Tg', 'tcp', 443, ['10.1.2.21'], { targetType: 'ip' })
      .build();
    const packet = tcp('10.1.2.40', '10.1.2.39', 80);
    expect(answers(model, anyoneIn('A2'), at('Given'), packet)).toEqual({ engine: true, trace: true });
    expect(answers(model, anyoneIn('A2'), at('Other'), packet)).toEqual({ engine: false, trace: false });
  });

  test('a balancer gets nothing back from another that keeps its address (seed 486306787)', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .subnet('A1', 'A', '10.1.1.0/24')
      .subnet('A2', 'A', '10.1.2.0/24')
      .group('Web', 'A', ['tcp 443 from 10.0.0.0/8'])
      .interface('Host', 'A2', { groups: ['Web'] })
      .loadBalancer('Back', 'network', 'A2', ['tcp 80 -> ToFront'], { crossZone: true, interface: { filtered: false } })
      .targetGroup('ToFront', 'tcp', 80, ['Front#interface'], { preserveClientIp: true })
      .loadBalancer('Front', 'network', 'A1', ['tcp 80 -> ToHost'], { crossZone: true, interface: { filtered: false } })
      .targetGroup('ToHost', 'tcp', 443, ['10.1.2.20'], { targetType: 'ip' })
      .build();
    const packet = tcp('10.1.1.21', '10.1.2.20', 80);
    expect(answers(model, at('Front#interface'), at('Host'), packet)).toEqual({ engine: false, trace: false });
  });

  describe('balancers that call each other at registered addresses', () => {
    const drawn = (near: InterfaceOptions, far: InterfaceOptions) =>
      network()
        .vpc('A', '10.1.0.0/16')
        .vpnGateway('Vgw', 'A')
        .vpnConnection('Vpn', 'vgw:Vgw', ['192.168.0.0/16'])
        .table('RtA1', 'A', [], { propagatingGateways: ['Vgw'] })
        .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1' })
        .subnet('A2', 'A', '10.1.2.0/24')
        .group('Own', 'A', ['tcp 443 from 10.1.0.0/16'])
        .loadBalancer('Near', 'network', 'A1', ['tcp 443 -> ToFar'], { interface: { filtered: false, ...near } })
        .targetGroup('ToFar', 'tcp', 443, ['10.1.2.20'], { targetType: 'ip', preserveClientIp: true })
        .loadBalancer('Far', 'network', 'A2', ['tcp 443 -> ToNear'], { interface: { filtered: false, ...far } })
        .targetGroup('ToNear', 'tcp', 443, ['10.1.1.21'], { targetType: 'ip' })
        .build();
    const reaches = (model: NetworkModel, approximation: Approximation) =>
      new ReachabilityEngine(model, approximation)
        .reachFrom({ kind: 'site', id: 'Vpn' })
        .reaches.filter(({ to }) => to.kind === 'subnet' && to.id === 'A2');

    test('send to no address what comes from that address (seed 483746092)', () => {
      const found = reaches(drawn({}, {}), 'may');
      expect(found.filter(({ received }) => received.has(tcp('10.1.2.20', '10.1.2.20', 443)))).toEqual([]);
    });

    test('certainly send nothing on twice (seed 483755669)', () => {
      const found = reaches(drawn({ address: '10.1.1.21' }, { address: '10.1.2.20' }), 'must');
      expect(found.map(({ via }) => via)).not.toContainEqual(['Near', 'Far', 'Near']);
    });
  });

  test('balancers that all send to each other are each asked once, not by every way through the others', () => {
    const names = Array.from({ length: 6 }, (_, at) => `Lb${at}`);
    const built = network()
      .vpc('A', '10.1.0.0/16')
      .subnet('A1', 'A', '10.1.1.0/24')
      .subnet('A2', 'A', '10.1.2.0/24')
      .group('Web', 'A', ['tcp 443 from 10.1.1.0/24'])
      .interface('Host', 'A2', { groups: ['Web'] });
    for (const name of names) {
      const others = names.filter((other) => other !== name).map((other) => `${other}#interface`);
      const targets = name === 'Lb5' ? [...others, 'Host'] : others;
      built
        .loadBalancer(name, 'network', 'A1', [`tcp 443 -> ${name}Tg`], { interface: { filtered: false } })
        .targetGroup(`${name}Tg`, 'tcp', 443, targets, { targetType: 'ip' });
    }
    const ways = (approximation: Approximation) =>
      new ReachabilityEngine(built.build(), approximation)
        .reachFrom(anyoneIn('A2'), { to: [at('Host')] })
        .reaches.map(({ via }) => via);
    // Of what may be, the way that no other is shorter than says it all; certain are those that pass nobody twice.
    expect(ways('may')).toEqual([['Lb5']]);
    expect(ways('must')).toContainEqual(['Lb0', 'Lb5']);
  });

  describe('a balancer whose target is', () => {
    const called = tcp('10.1.2.10', '10.1.1.21', 443);
    /** Whoever is in A2 may call the first of two only. */
    const drawn = (target: string, options = {}) =>
      network()
        .vpc('A', '10.1.0.0/16')
        .vpc('B', '10.2.0.0/16')
        .vpnGateway('Vgw', 'A')
        .vpnConnection('Vpn', 'vgw:Vgw', ['192.168.0.0/16'])
        .table('Rt', 'A', ['192.168.0.0/16 -> vgw:Vgw'])
        .subnet('A1', 'A', '10.1.1.0/24', { table: 'Rt' })
        .subnet('A2', 'A', '10.1.2.0/24')
        .subnet('B1', 'B', '10.2.1.0/24')
        .group('Clients', 'A', [])
        .group('FromFirst', 'A', ['tcp 443 from 10.1.1.21/32'])
        .group('FromSecond', 'A', ['tcp 443 from 10.1.1.22/32'])
        .group('Far', 'B', ['tcp 443 from 10.2.1.0/24'])
        .interface('Host', 'A1', { groups: ['FromSecond'], address: '10.1.1.9' })
        .interface('Chart', 'B1', { groups: ['Far'], address: '10.2.1.9' })
        .loadBalancer('First', 'network', 'A1', ['tcp 443 -> FirstTg'], {
          interface: { filtered: false, address: '10.1.1.21' },
        })
        .targetGroup('FirstTg', 'tcp', 443, [target], { targetType: 'ip', ...options })
        .loadBalancer('Second', 'network', 'A1', ['tcp 443 -> SecondTg'], {
          interface: { groups: ['FromFirst'], address: '10.1.1.22' },
        })
        .targetGroup('SecondTg', 'tcp', 443, ['Host'], { targetType: 'ip' })
        .loadBalancer('Theirs', 'network', 'B1', ['tcp 443 -> TheirsTg'], { interface: { filtered: false } })
        .targetGroup('TheirsTg', 'tcp', 443, ['Chart'], { targetType: 'ip' })
        .endpointService('Svc', ['Theirs'])
        .interfaceEndpoint(
          'Door',
          'A1',
          { kind: 'private', id: 'Svc' },
          { groups: ['FromFirst'], address: '10.1.1.30' },
        )
        .build();
    const site: End = { kind: 'site', id: 'Vpn' };

    test.each([
      ['another balancer, by name', 'Second#interface', at('Host'), true],
      ['another balancer, by address', '10.1.1.22', at('Host'), true],
      ['an endpoint to a service behind another', '10.1.1.30', at('Chart'), true],
      ['an address at a site', '192.168.0.9', site, true],
      ['an address at no site', '192.0.2.9', site, false],
      ['neither', '10.1.1.9', at('Chart'), false],
    ])('%s', (_, target, to, isOpen) => {
      expect(answers(drawn(target), anyoneIn('A2'), to, called)).toEqual({ engine: isOpen, trace: isOpen });
      const must = new ReachabilityEngine(drawn(target), 'must').reachFrom(anyoneIn('A2'), { to: [to] }).reaches;
      expect(must.some(({ sent }) => sent.has(called))).toBe(isOpen);
    });

    test('itself in the end reaches nobody', () => {
      const model = drawn('First#interface');
      expect(answers(model, anyoneIn('A2'), at('Host'), called)).toEqual({ engine: false, trace: false });
    });
  });

  test('what a node sends round a circle it sends from the address at which it was called, all the same', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .table('Rt', 'A', ['10.1.2.0/25 -> blackhole'])
      .subnet('A2', 'A', '10.1.2.0/24')
      .subnet('A3', 'A', '10.1.3.0/24', { table: 'Rt' })
      .loadBalancer('Lb0', 'network', 'A3', ['tcp 443 -> Tg0'], { interface: { filtered: false } })
      .loadBalancer('Lb1', 'network', 'A2', ['tcp 80 -> Tg1'], { interface: { filtered: false } })
      .targetGroup('Tg0', 'tcp', 80, ['Lb1#interface'], { targetType: 'ip' })
      .targetGroup('Tg1', 'tcp', 443, ['Lb0#interface'], { targetType: 'ip' })
      .build();
    const asked = (address: string) =>
      answers(model, anyoneIn('A2'), at('Lb0#interface'), tcp('10.1.2.9', address, 80));
    expect(asked('10.1.2.10')).toEqual({ engine: false, trace: false });
    expect(asked('10.1.2.140')).toEqual({ engine: true, trace: true });
  });

  test('an address in another VPC is in all availability zones', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .vpc('B', '10.2.0.0/16')
      .peering('P', 'A', 'B')
      .table('RtA', 'A', ['10.2.0.0/16 -> pcx:P'])
      .table('RtB', 'B', ['10.1.0.0/16 -> pcx:P'])
      .subnet('A1', 'A', '10.1.1.0/24', { az: 'a', table: 'RtA' })
      .subnet('B1', 'B', '10.2.1.0/24', { az: 'b', table: 'RtB' })
      .group('Web', 'B', ['tcp 443 from 10.1.1.0/24'])
      .interface('Host', 'B1', { groups: ['Web'], address: '10.2.1.9' })
      .loadBalancer('Nlb', 'network', 'A1', ['tcp 443 -> Tg'], { crossZone: false, interface: { filtered: false } })
      .targetGroup('Tg', 'tcp', 443, ['10.2.1.9'], { targetType: 'ip' })
      .build();
    const packet = tcp('10.1.1.9', '10.1.1.10', 443);
    expect(answers(model, anyoneIn('A1'), at('Host'), packet)).toEqual({ engine: true, trace: true });
  });

  test.each([
    ['keeps', true, { may: true, must: false }],
    ['replaces', false, { may: true, must: true }],
  ])(
    'a balancer that %s the address of its client: what is certain across a transit gateway',
    (_, preserve, expected) => {
      const model = network()
        .vpc('A', '10.1.0.0/16')
        .vpc('B', '10.2.0.0/16')
        .transitGateway('Hub')
        .table('RtA', 'A', ['10.2.0.0/16 -> tgw:Hub'])
        .table('RtB', 'B', ['10.1.0.0/16 -> tgw:Hub'])
        .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA' })
        .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB' })
        .attachment('AttA', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'T' })
        .attachment('AttB', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'T' })
        .transitGatewayTable('T', 'Hub', [], ['AttA', 'AttB'])
        .group('Web', 'B', ['tcp 443 from 10.1.0.0/16'])
        .group('Clients', 'A', [])
        .interface('Host', 'B1', { groups: ['Web'], address: '10.2.1.9' })
        .loadBalancer('Nlb', 'network', 'A1', ['tcp 443 -> Tg'], {
          interface: { filtered: false, address: '10.1.1.10' },
        })
        .targetGroup('Tg', 'tcp', 443, ['10.2.1.9'], { targetType: 'ip', preserveClientIp: preserve })
        .build();
      const packet = tcp('10.1.1.20', '10.1.1.10', 443);
      const flow = { from: anyoneIn('A1'), to: at('Host'), packet };
      for (const approximation of ['may', 'must'] as const) {
        const { reaches } = new ReachabilityEngine(model, approximation).reachFrom(flow.from, { to: [flow.to] });
        expect(reaches.some(({ sent }) => sent.has(packet))).toBe(expected[approximation]);
        expect(traceFlow(model, flow, approximation).verdict === 'reachable').toBe(expected[approximation]);
      }
    },
  );

  describe('a balancer of both families', () => {
    const drawn = (range: string, group: { readonly preserveClientIp: boolean; readonly ipv6?: Value<boolean> }) =>
      network()
        .vpc('A', '10.1.0.0/16 2001:db8:1::/56')
        .subnet('Clients', 'A', '10.1.1.0/24 2001:db8:1:1::/64')
        .subnet('Hosts', 'A', '10.1.2.0/24 2001:db8:1:2::/64')
        .group('Any', 'A', [])
        .group('Web', 'A', [`tcp 443 from ${range}`])
        .interface('Client', 'Clients', { groups: ['Any'], ipv6: true })
        .interface('Host', 'Hosts', { groups: ['Web'], ipv6: true })
        .loadBalancer('Nlb', 'network', 'Hosts', ['tcp 80 -> Tg'], { interface: { filtered: false, ipv6: true } })
        .targetGroup('Tg', 'tcp', 443, ['Host'], group)
        .build();
    const six = tcp('2001:db8:1:1::9', '2001:db8:1:2::9', 80);
    const four = tcp('10.1.1.9', '10.1.2.9', 80);
    const [client4, client6, node4, node6] = ['10.1.1.0/24', '2001:db8:1:1::/64', '10.1.2.0/24', '2001:db8:1:2::/64'];
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html has this table.
    test.each([
      ['IPv4', true, false, client4, node4],
      ['IPv6', true, true, node6, client6],
      ['IPv4', false, false, node4, node4],
      ['IPv6', false, true, node6, node6],
    ] as const)(
      'calls targets by %s whoever its clients are (preserving: %s)',
      (_, preserveClientIp, ipv6, by4, by6) => {
        const seenBy = (packet: Packet) =>
          [client4, client6, node4, node6].filter((range) => {
            const model = drawn(range, { preserveClientIp, ipv6 });
            const { engine, trace } = answers(model, at('Client'), at('Host'), packet);
            expect({ range, engine }).toEqual({ range, engine: trace });
            return engine;
          });
        expect([four, six].map(seenBy)).toEqual([[by4], [by6]]);
      },
    );

    test('has certificates for what it does not do, and none for what it does', () => {
      const proved = (range: string, preserveClientIp: boolean) => {
        const model = drawn(range, { preserveClientIp });
        const arrived = PacketSet.of({ protocols: [6], destinationPorts: [{ from: 443, to: 443 }] });
        return provedBy(never(model, at('Client'), at('Host'), arrived).file, model).length;
      };
      expect([node6, node4].map((range) => proved(range, true))).toEqual([1, 0]);
      expect([node6, node4].map((range) => proved(range, false))).toEqual([1, 0]);
    });
  });
});
