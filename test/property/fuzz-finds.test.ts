/**
 * What `npm run fuzz` has found, made small: each a network on which the two semantics disagreed once.
 */
import { PacketSet } from '../../lib/base/net';
import { type End, type Packet, unknown } from '../../lib/evidence/network';
import { ReachabilityEngine, reachesOverInternet } from '../../lib/evidence/reachability';
import { traceFlow } from '../../lib/evidence/trace';
import { never, provedBy } from '../evidence/certificate/made';
import { type NetworkBuilder, network } from '../fixtures/network-builder';
import { answers, anyoneIn, at, tcp } from './find';

/** A balancer in A1 with one target in A2. */
function balanced(port: number): NetworkBuilder {
  return network()
    .vpc('A', '10.1.0.0/16')
    .group('Web', 'A', ['tcp 443 from 0.0.0.0/0'])
    .table('Rt', 'A', [])
    .subnet('A1', 'A', '10.1.1.0/24', { table: 'Rt' })
    .subnet('A2', 'A', '10.1.2.0/24')
    .loadBalancer('Nlb', 'network', 'A1', [`tcp ${port} -> Tg`], { crossZone: true, interface: { filtered: false } });
}

describe('found by fuzzing', () => {
  test('a target may have an address that no blackhole swallows', () => {
    const model = balanced(443)
      .table('Rt', 'A', ['10.1.2.0/25 -> blackhole'])
      .interface('Host', 'A2', { groups: ['Web'] })
      .targetGroup('Tg', 'tcp', 443, ['Host'], { targetType: 'ip' })
      .build();
    const packet = tcp('10.1.1.10', '10.1.1.20', 443);
    expect(answers(model, anyoneIn('A1'), at('Host'), packet)).toEqual({ engine: true, trace: true });
  });

  test('a NAT gateway may have the one address that a route brings replies back to', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .vpc('B', '10.2.0.0/16')
      .peering('P', 'A', 'B')
      .group('Sends', 'A', [])
      .group('Receives', 'B', ['tcp 80 from 10.1.1.0/24'])
      .table('RtA1', 'A', ['10.2.0.0/16 -> pcx:P'])
      .table('RtA2', 'A', ['0.0.0.0/0 -> nat:Nat'])
      .table('RtB1', 'B', ['10.1.1.7/32 -> pcx:P'])
      .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1' })
      .subnet('A2', 'A', '10.1.2.0/24', { table: 'RtA2' })
      .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB1' })
      .natGateway('Nat', 'A1', 'private')
      .build();
    const packet = tcp('10.1.2.10', '10.2.1.10', 80);
    expect(answers(model, anyoneIn('A2'), anyoneIn('B1'), packet)).toEqual({ engine: true, trace: true });
  });

  test("a balancer's node has no other node of its own pass packets on", () => {
    const model = balanced(80)
      .interface('Host', 'A1', { groups: ['Web'], address: '10.1.1.8' })
      .targetGroup('Tg', 'tcp', 443, ['Host'], { targetType: 'ip' })
      .build();
    const packet = tcp('10.1.1.130', '10.1.1.8', 80);
    expect(answers(model, at('Nlb#interface'), at('Host'), packet)).toEqual({ engine: false, trace: false });
  });

  test('an unknown route may be one to a transit gateway, which lets packets out in the very subnet they are for', () => {
    const drawn = (target: string) =>
      network()
        .vpc('A', '10.1.0.0/16')
        .vpc('B', '10.2.0.0/16')
        .transitGateway('Hub')
        .group('Dns', 'A', ['udp 53 from 10.2.0.0/16'])
        .acl('Closed', 'A', [])
        .table('RtB', 'B', [`10.1.0.0/16 -> ${target}`])
        .subnet('A1', 'A', '10.1.1.0/24', { acl: 'Closed' })
        .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB' })
        .attachment('AttA', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'T' })
        .attachment('AttB', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'T' })
        .transitGatewayTable('T', 'Hub', [], ['AttA', 'AttB'])
        .build();
    const packet: Packet = { ...tcp('10.2.1.10', '10.1.1.10', 53), protocol: 17 };
    const open = { engine: true, trace: true };
    expect(answers(drawn('tgw:Hub'), anyoneIn('B1'), anyoneIn('A1'), packet)).toEqual(open);
    expect(answers(drawn('?'), anyoneIn('B1'), anyoneIn('A1'), packet)).toEqual(open);
  });

  test('a firewall has seen what may have wandered past it, and not what certainly went another way', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .table('RtA1', 'A', ['10.0.0.0/8 -> ?'])
      .table('RtA3', 'A', ['10.1.1.7/32 -> firewall:Fw@A1'])
      .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1' })
      .subnet('A3', 'A', '10.1.3.0/24', { table: 'RtA3' })
      .firewall('Fw', 'A', 'A1', { stateful: ['1 drop tcp 1024-65535 from 0.0.0.0/0 to 0.0.0.0/0'], order: 'strict' })
      .build();
    const packet = tcp('10.1.1.7', '10.1.3.10', 443);
    expect(answers(model, anyoneIn('A1'), anyoneIn('A3'), packet)).toEqual({ engine: false, trace: false });
  });

  test('a NAT gateway may choose the one port that the ACL of its receiver lets answers go back to', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .acl('Narrow', 'A', ['100 ingress allow any 0.0.0.0/0', '100 egress allow tcp 5432 0.0.0.0/0'])
      .table('RtOut', 'A', ['10.1.2.0/24 -> nat:Nat'])
      .subnet('A1', 'A', '10.1.1.0/24')
      .subnet('A2', 'A', '10.1.2.0/24', { acl: 'Narrow' })
      .subnet('A3', 'A', '10.1.3.0/24', { table: 'RtOut' })
      .group('Web', 'A', ['tcp 443 from 10.1.1.0/24'])
      .natGateway('Nat', 'A1', 'private')
      .build();
    const packet = tcp('10.1.3.10', '10.1.2.10', 443);
    expect(answers(model, anyoneIn('A3'), anyoneIn('A2'), packet)).toEqual({ engine: true, trace: true });
    expect(traceFlow(model, { from: anyoneIn('A3'), to: anyoneIn('A2'), packet }, 'must').verdict).toBe('blocked');
  });

  test("a balancer's node that nobody can call at an address that its target admits passes nothing on", () => {
    const drawn = (blackhole: string) =>
      balanced(80)
        .group('Narrow', 'A', ['tcp 443 from 10.1.1.0/25'])
        .table('RtA2', 'A', [`${blackhole} -> blackhole`])
        .subnet('A3', 'A', '10.1.3.0/24', { table: 'RtA2' })
        .interface('Host', 'A1', { groups: ['Narrow'] })
        .targetGroup('Tg', 'tcp', 443, ['Host'], { targetType: 'ip' })
        .build();
    const packet = tcp('10.1.3.10', '10.1.1.138', 80);
    const called = tcp('10.1.3.10', '10.1.1.10', 80);
    const closed = { engine: false, trace: false };
    expect(answers(drawn('10.1.1.0/25'), anyoneIn('A3'), at('Host'), packet)).toEqual(closed);
    expect(answers(drawn('10.1.1.128/25'), anyoneIn('A3'), at('Host'), called)).toEqual({ engine: true, trace: true });
  });

  test('a firewall on another way has not seen what came by the one on which the group is seen', () => {
    const model = network()
      .vpc('B', '10.2.0.0/16')
      .table('RtB2', 'B', ['? -> firewall:Fw@B1'])
      .table('RtB3', 'B', ['10.2.2.0/25 -> firewall:Fw@B1'])
      .subnet('B1', 'B', '10.2.1.0/24')
      .subnet('B2', 'B', '10.2.2.0/24', { table: 'RtB2' })
      .subnet('B3', 'B', '10.2.3.0/24', { table: 'RtB3' })
      .group('Peers', 'B', ['tcp from sg:Peers'])
      .firewall('Fw', 'B', 'B1', { stateful: ['1 pass tcp 443 from 0.0.0.0/0 to 0.0.0.0/0'], order: 'strict' })
      .build();
    const packet = tcp('10.2.2.10', '10.2.3.10', 443);
    expect(answers(model, anyoneIn('B2'), anyoneIn('B3'), packet)).toEqual({ engine: false, trace: false });
  });

  test('of attachments that announce one range AWS picks one, and no wider route takes what they share', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .vpc('B', '10.1.0.0/16')
      .vpc('C', '10.1.0.0/16')
      .transitGateway('Hub')
      .vpnConnection('Vpn', 'tgw:Hub', ['10.9.0.0/16'])
      .subnet('A1', 'A', '10.1.1.0/24')
      .subnet('B1', 'B', '10.1.1.0/24')
      .subnet('C1', 'C', '10.1.1.0/24')
      .group('Dns', 'C', ['udp 53 from 10.9.0.0/16'])
      .attachment('AttA', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'T' })
      .attachment('AttB', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'T' })
      .attachment('AttC', 'Hub', { kind: 'vpc', vpc: 'C', subnets: ['C1'] }, { association: 'T' })
      .attachment('AttVpn', 'Hub', { kind: 'vpn', id: 'Vpn' }, { association: 'T' })
      .transitGatewayTable('T', 'Hub', ['10.0.0.0/8 -> AttC'], ['AttA', 'AttB'])
      .build();
    const packet: Packet = { ...tcp('10.9.0.10', '10.1.1.10', 53), protocol: 17 };
    expect(answers(model, { kind: 'site', id: 'Vpn' }, anyoneIn('C1'), packet)).toEqual({
      engine: false,
      trace: false,
    });
  });

  test('an appliance takes what the ACL of its subnet lets in, and sends nothing on to itself', () => {
    const drawn = (entry: string) =>
      network()
        .vpc('A', '10.1.0.0/16')
        .acl('Acl', 'A', [entry, '110 egress allow any 0.0.0.0/0'])
        .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1' })
        .subnet('A2', 'A', '10.1.2.0/24', { acl: 'Acl' })
        .subnet('A3', 'A', '10.1.3.0/24')
        .group('Any', 'A', ['any from 10.0.0.0/8'])
        .group('FromBox', 'A', ['tcp 443 from 10.1.2.0/24'])
        .table('RtA1', 'A', ['10.1.3.0/24 -> eni:Box'])
        .interface('Box', 'A2', { groups: ['Any'], sourceDestCheck: false })
        .interface('Store', 'A3', { groups: ['FromBox'] })
        .interface('Ward', 'A1', { groups: ['Any'] })
        .build();
    const packet = tcp('10.1.1.7', '10.1.3.10', 443);
    const asked = (entry: string) => answers(drawn(entry), at('Ward'), at('Store'), packet);
    expect(asked('100 ingress allow any 0.0.0.0/0')).toEqual({ engine: true, trace: true });
    expect(asked('100 ingress deny any 0.0.0.0/0')).toEqual({ engine: false, trace: false });
  });

  describe('a balancer that NAT lies before and behind', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .group('Any', 'A', ['any from 10.0.0.0/8'])
      .group('FromNat', 'A', ['tcp 443 from 10.1.2.0/24'])
      .table('RtWard', 'A', ['10.1.3.0/24 -> nat:Nat'])
      .table('RtNlb', 'A', ['10.1.4.0/24 -> nat:Nat'])
      .subnet('Wards', 'A', '10.1.1.0/24', { table: 'RtWard' })
      .subnet('Nats', 'A', '10.1.2.0/24')
      .subnet('Fronts', 'A', '10.1.3.0/24', { table: 'RtNlb' })
      .subnet('Hosts', 'A', '10.1.4.0/24')
      .subnet('Offices', 'A', '10.1.5.0/24')
      .natGateway('Nat', 'Nats', 'private')
      .interface('Ward', 'Wards', { groups: ['Any'] })
      .interface('Office', 'Offices', { groups: ['Any'] })
      .interface('Host', 'Hosts', { groups: ['FromNat'] })
      .loadBalancer('Nlb', 'network', 'Fronts', ['tcp 443 -> Tg'], { interface: { filtered: false } })
      .targetGroup('Tg', 'tcp', 443, ['Host'], { targetType: 'ip', preserveClientIp: false })
      .build();

    test('what it sends in its own name is a new conversation, and passes the gateway again', () => {
      const packet = tcp('10.1.1.7', '10.1.3.10', 443);
      expect(answers(model, at('Ward'), at('Host'), packet)).toEqual({ engine: true, trace: true });
    });

    test('whom it serves does not hang on who was asked about first', () => {
      const engine = new ReachabilityEngine(model, 'may');
      const reaches = (from: string) => engine.reachFrom(at(from), { to: [at('Host')] }).reaches.length;
      expect([reaches('Ward'), reaches('Office')]).toEqual([1, 1]);
    });
  });

  describe('a NAT gateway in the subnet of its client, whose table is not known', () => {
    const drawn = (ingress: string, egress: string) =>
      network()
        .vpc('A', '10.1.0.0/16')
        .acl('Narrow', 'A', [`100 ingress allow ${ingress}`, `100 egress allow ${egress}`])
        .subnet('A1', 'A', '10.1.1.0/24', { table: unknown('left open'), acl: 'Narrow' })
        .group('Any', 'A', [])
        .natGateway('Nat', 'A1')
        .build();
    const beyond: End = { kind: 'external', id: 'A#unknown-target' };

    // seeds 463513043 and 466752752, each with 10 % unknown
    test.each([
      ['tcp 5432 0.0.0.0/0', 'tcp 400-500 0.0.0.0/0', tcp('10.1.1.10', '192.0.2.10', 400)],
      ['tcp 5432 10.2.1.0/24', 'tcp 10.2.1.7/32', tcp('10.1.1.10', '10.2.1.7', 80)],
    ])('would have its own packets back: no port that it takes brings answers home (%s)', (ingress, egress, packet) => {
      const model = drawn(ingress, egress);
      expect(answers(model, anyoneIn('A1'), beyond, packet)).toEqual({ engine: false, trace: false });
      const sent: Packet = { ...packet, sourcePort: 5432 };
      expect(answers(model, anyoneIn('A1'), beyond, sent)).toEqual({ engine: true, trace: true });
    });

    test('carries IPv6 on to addresses that the table may lead elsewhere', () => {
      const model = network()
        .vpc('A', '10.1.0.0/16 2001:db8:1::/56')
        .subnet('A1', 'A', '10.1.1.0/24 2001:db8:1:1::/64', { table: unknown('left open') })
        .subnet('A2', 'A', '10.1.2.0/24')
        .group('FromNat', 'A', ['tcp 443 from 10.1.1.0/24'])
        .interface('Host', 'A2', { groups: ['FromNat'], address: '10.1.2.10' })
        .natGateway('Nat', 'A1')
        .build();
      const packet = tcp('2001:db8:1:1::10', '64:ff9b::a01:20a', 443);
      expect(answers(model, anyoneIn('A1'), at('Host'), packet)).toEqual({ engine: true, trace: true });
    });

    test('takes the answers to it that the ACL of the subnet lets in as IPv4 alone', () => {
      const model = network()
        .vpc('A', '10.1.0.0/16 2001:db8:1::/56')
        .acl('FourIn', 'A', [
          '100 ingress allow any 0.0.0.0/0',
          '100 egress allow any 0.0.0.0/0',
          '101 egress allow any ::/0',
        ])
        .subnet('A1', 'A', '10.1.1.0/24 2001:db8:1:1::/64', { table: unknown('left open'), acl: 'FourIn' })
        .group('Any', 'A', [])
        .natGateway('Nat', 'A1')
        .build();
      const asked = (destination: string) =>
        answers(model, anyoneIn('A1'), beyond, tcp('2001:db8:1:1::10', destination, 443));
      expect(asked('64:ff9b::a')).toEqual({ engine: true, trace: true });
      expect(asked('2600::a')).toEqual({ engine: false, trace: false });
    });
  });

  test('IPv6 that a NAT gateway carries on as IPv4 comes back over the internet to whoever has a public address', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16 2001:db8:1::/56')
      .internetGateway('Igw', 'A')
      .table('RtClients', 'A', ['64:ff9b::/96 -> nat:Nat'])
      .table('RtPublic', 'A', ['0.0.0.0/0 -> igw:Igw'])
      .subnet('Clients', 'A', '10.1.1.0/24 2001:db8:1:1::/64', { table: 'RtClients' })
      .subnet('Public', 'A', '10.1.2.0/24', { table: 'RtPublic' })
      .natGateway('Nat', 'Public')
      .group('Web', 'A', ['tcp 443 from 0.0.0.0/0'])
      .interface('Host', 'Public', { groups: ['Web'], publicIpv4: true })
      .build();
    const packet = tcp('2001:db8:1:1::10', '64:ff9b::808:808', 443);
    const engine = new ReachabilityEngine(model, 'may');
    const out = engine.reachFrom(anyoneIn('Clients')).reaches;
    const into = engine.reachFrom({ kind: 'internet' }).reaches;
    const around = reachesOverInternet(out, into, 'may', model).filter(({ to }) => to.kind === 'interface');
    expect(around.map(({ to, sent }) => [to, sent.has(packet)])).toEqual([[at('Host'), true]]);
    const flow = { from: anyoneIn('Clients'), to: at('Host'), packet };
    expect(traceFlow(model, flow, 'may').verdict).toBe('reachable');
  });

  test('a host that comes back to its VPC through a transit gateway may leave by its public address (seed 477428633)', () => {
    const model = network()
      .vpc('B', '10.2.0.0/16')
      .internetGateway('Igw', 'B')
      .transitGateway('Hub')
      .transitGatewayTable('T', 'Hub', ['0.0.0.0/0 -> AttB'])
      .attachment('AttB', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'T' })
      .table('RtB1', 'B', ['0.0.0.0/0 -> igw:Igw'])
      .table('RtB2', 'B', ['0.0.0.0/0 -> tgw:Hub'])
      .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB1' })
      .subnet('B2', 'B', '10.2.2.0/24', { table: 'RtB2' })
      .group('Any', 'B', [])
      .interface('Host', 'B2', { groups: ['Any'], publicIpv4: true, address: '10.2.2.9' })
      .build();
    const packet = tcp('10.2.2.9', '198.51.100.1', 443);
    expect(answers(model, at('Host'), { kind: 'internet' }, packet)).toEqual({ engine: true, trace: true });
  });

  test('what is behind a route that nobody knows may answer a site by a way that no template shows (seed 479063958)', () => {
    const model = network()
      .vpc('C', '10.3.0.0/16')
      .transitGateway('Hub')
      .transitGatewayTable('T', 'Hub', ['10.1.1.0/24 -> AttC'])
      .attachment('AttC', 'Hub', { kind: 'vpc', vpc: 'C', subnets: ['C1'] })
      .vpnConnection('Vpn', 'tgw:Hub')
      .attachment('AttVpn', 'Hub', { kind: 'vpn', id: 'Vpn' }, { association: 'T' })
      .table('RtC1', 'C', ['10.1.1.0/24 -> ?'])
      .subnet('C1', 'C', '10.3.1.0/24', { table: 'RtC1' })
      .build();
    const beyond: End = { kind: 'external', id: 'C#unknown-target' };
    const packet = tcp('172.16.0.9', '10.1.1.7', 443);
    expect(answers(model, { kind: 'site', id: 'Vpn' }, beyond, packet)).toEqual({ engine: true, trace: true });
    const { file } = never(model, { kind: 'site', id: 'Vpn' }, beyond, PacketSet.ofOne(packet));
    expect(provedBy(file, model)).toEqual([]);
  });

  test('what the internet called does not answer by the internet gateway of another VPC (seed 483418096)', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .vpc('B', '10.2.0.0/16')
      .internetGateway('IgwA', 'A')
      .internetGateway('IgwB', 'B')
      .transitGateway('Hub')
      .transitGatewayTable('T', 'Hub', ['0.0.0.0/0 -> AttA'])
      .attachment('AttA', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] })
      .attachment('AttB', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'T' })
      .table('RtA1', 'A', ['0.0.0.0/0 -> igw:IgwA'])
      .table('RtB1', 'B', ['0.0.0.0/0 -> tgw:Hub'])
      .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1' })
      .subnet('B1', 'B', '10.2.1.0/24', { table: 'RtB1' })
      .group('Web', 'B', ['tcp 443 from 0.0.0.0/0'])
      .interface('Host', 'B1', { groups: ['Web'], publicIpv4: true })
      .build();
    const packet = tcp('198.51.100.1', '10.2.1.10', 443);
    const internet: End = { kind: 'internet' };
    expect(answers(model, internet, at('Host'), packet)).toEqual({ engine: false, trace: false });
    expect(provedBy(never(model, internet, at('Host'), PacketSet.ofOne(packet)).file, model)).toHaveLength(1);
  });
});
