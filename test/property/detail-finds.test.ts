/**
 * What `npm run fuzz` has found since random networks have what most estates leave as it is (`random-details.ts`), made small.
 */
import { PacketSet } from '../../lib/base/net';
import { type End, type Packet, unknown } from '../../lib/evidence/network';
import { ReachabilityEngine, reachesOverInternet } from '../../lib/evidence/reachability';
import { traceFlow } from '../../lib/evidence/trace';
import { never, provedBy } from '../evidence/certificate/made';
import { type NetworkBuilder, network } from '../fixtures/network-builder';
import { answers, anyoneIn, at, certainly, tcp } from './find';

const INTERNET: End = { kind: 'internet' };
const CLOSED = { engine: false, trace: false };
const OPEN = { engine: true, trace: true };

describe('found by fuzzing', () => {
  describe('what may send for others', () => {
    /** An appliance in A2, to which the hosts of A1 send all that is not for their VPC. */
    const withAppliance = (): NetworkBuilder =>
      network()
        .vpc('A', '10.1.0.0/16')
        .internetGateway('Igw', 'A')
        .table('RtA1', 'A', ['0.0.0.0/0 -> eni:Box'])
        .table('RtA2', 'A', ['0.0.0.0/0 -> igw:Igw'])
        .subnet('A1', 'A', '10.1.1.0/24', { table: 'RtA1', autoPublicIpv4: true })
        .subnet('A2', 'A', '10.1.2.0/24', { table: 'RtA2' })
        .group('Any', 'A', ['any from 10.0.0.0/8'])
        .group('Web', 'A', ['tcp 443 from 0.0.0.0/0'])
        .interface('Box', 'A2', { groups: ['Any'], sourceDestCheck: false });

    test('sends to a gateway endpoint under addresses of its VPC alone (seed 491039518)', () => {
      const model = withAppliance()
        .gatewayEndpoint('Ep', 'A', 's3', { routeTables: ['RtA2'] })
        .build();
      const service: End = { kind: 'aws-service', name: 's3', endpoint: 'Ep' };
      const ping = { protocol: 1, sourcePort: 0, destinationPort: 8 };
      const asked = (source: string) =>
        answers(model, at('Box'), service, { ...tcp(source, '192.0.2.10', 443), ...ping });
      expect(asked('10.1.1.10')).toEqual(OPEN);
      expect(asked('10.9.1.10')).toEqual(CLOSED);
    });

    test('keeps where a packet is for: over the internet goes what the receiver admits (seed 491302174)', () => {
      const model = withAppliance()
        .interface('Host', 'A2', { groups: ['Web'], publicIpv4: true })
        .build();
      const engine = new ReachabilityEngine(model, 'may');
      const [out, into] = [anyoneIn('A1'), INTERNET].map((end) => engine.reachFrom(end).reaches);
      const around = reachesOverInternet(out ?? [], into ?? [], 'may', model);
      const sent = PacketSet.unionAll(around.flatMap((one) => (one.to.kind === 'interface' ? [one.sent] : [])));
      const packet = (port: number) => tcp('10.1.1.10', '8.8.8.8', port);
      expect([443, 80].map((port) => sent.has(packet(port)))).toEqual([true, false]);
      const flow = (port: number) => ({ from: anyoneIn('A1'), to: at('Host'), packet: packet(port) });
      expect([443, 80].map((port) => traceFlow(model, flow(port), 'may').verdict)).toEqual(['reachable', 'blocked']);
    });

    test('brings no answer home by a way on which it has none itself (seed 491302089)', () => {
      const drawn = (onward: string) =>
        withAppliance()
          .table('RtA2', 'A', [])
          .table('RtBox', 'A', [onward])
          .subnet('A3', 'A', '10.1.3.0/24', { table: 'RtBox' })
          .interface('Firewall', 'A3', { groups: ['Any'], sourceDestCheck: false })
          .table('RtHosts', 'A', ['0.0.0.0/0 -> eni:Firewall'])
          .subnet('A4', 'A', '10.1.4.0/24', { table: 'RtHosts' })
          .interface('Host', 'A4', { groups: ['Web'], publicIpv4: true })
          .build();
      const packet = tcp('8.8.8.8', '10.1.4.10', 443);
      const forbidden = PacketSet.ofOne(packet);
      const [closed, open] = [drawn('0.0.0.0/0 -> blackhole'), drawn('0.0.0.0/0 -> igw:Igw')];
      expect(answers(closed, INTERNET, at('Host'), packet)).toEqual(CLOSED);
      expect(provedBy(never(closed, INTERNET, at('Host'), forbidden).file, closed)).toHaveLength(1);
      expect(answers(open, INTERNET, at('Host'), packet)).toEqual(OPEN);
      expect(provedBy(never(open, INTERNET, at('Host'), forbidden).file, open)).toEqual([]);
    });

    test('may do so in any of its subnets, under the address that it has in another (seed 491039534)', () => {
      const model = network()
        .vpc('A', '10.1.0.0/16')
        .acl('Shut', 'A', ['100 ingress allow any 0.0.0.0/0'])
        .subnet('A1', 'A', '10.1.1.0/24', { acl: 'Shut' })
        .subnet('A2', 'A', '10.1.2.0/24')
        .interface('Box', 'A1 A2', { sourceDestCheck: false })
        .interface('Host', 'A2', {})
        .build();
      expect(answers(model, at('Box'), at('Host'), tcp('10.1.1.10', '10.1.2.10', 443))).toEqual(OPEN);
    });
  });

  test('a host of two subnets sends from each under the addresses that it has there (seed 491302353)', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .acl('Shut', 'A', [])
      .subnet('A1', 'A', '10.1.1.0/24', { acl: 'Shut' })
      .subnet('A2', 'A', '10.1.2.0/24')
      .group('FromA1', 'A', ['any from 10.1.1.0/24'])
      .group('Any', 'A', [])
      .interface('Host', 'A1 A2', { groups: ['Any'] })
      .interface('Store', 'A2', { groups: ['FromA1'] })
      .build();
    const packet: Packet = { ...tcp('10.1.1.10', '10.1.2.10', 53), protocol: 17 };
    expect(answers(model, at('Host'), at('Store'), packet)).toEqual(CLOSED);
    expect(provedBy(never(model, at('Host'), at('Store'), PacketSet.ofOne(packet)).file, model)).toHaveLength(1);
  });

  test('what a VPN gateway hears by BGP may be more specific than the routes to a gateway endpoint (seed 491874173)', () => {
    const drawn = (routes?: readonly string[]) =>
      network()
        .vpc('A', '10.1.0.0/16')
        .vpnGateway('Vgw', 'A')
        .vpnConnection('Vpn', 'vgw:Vgw', routes)
        .table('Rt', 'A', [], { propagatingGateways: ['Vgw'] })
        .subnet('A1', 'A', '10.1.1.0/24', { table: 'Rt' })
        .group('Any', 'A', [])
        .gatewayEndpoint('Ep', 'A', 's3', { routeTables: ['Rt'] })
        .build();
    const service: End = { kind: 'aws-service', name: 's3', endpoint: 'Ep' };
    const asked = (routes?: readonly string[]) =>
      certainly(drawn(routes), anyoneIn('A1'), service, tcp('10.1.1.10', '52.95.1.1', 443));
    expect(asked(['192.168.0.0/16'])).toEqual(OPEN);
    expect(asked()).toEqual(CLOSED);
  });

  test('a balancer that is called at the address of its target has that address itself (seed 491302289)', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .subnet('A1', 'A', '10.1.1.0/24')
      .subnet('A2', 'A', '10.1.2.0/24')
      .group('Any', 'A', [])
      .interface('Host', 'A1', { groups: ['Any'], address: '10.1.1.7' })
      .interface('Target', 'A2', { groups: ['Web'] })
      .group('Web', 'A', ['tcp 443 from 0.0.0.0/0'])
      .loadBalancer('Nlb', 'network', 'A2', ['tcp 80 -> Tg'], { crossZone: true, interface: { filtered: false } })
      .targetGroup('Tg', 'tcp', 443, ['10.1.2.20'], { targetType: 'ip' })
      .build();
    expect(certainly(model, at('Host'), at('Target'), tcp('10.1.1.7', '10.1.2.20', 80))).toEqual(CLOSED);
    expect(certainly(model, at('Host'), at('Target'), tcp('10.1.1.7', '10.1.2.21', 80)).trace).toBe(true);
  });

  test('an address that is registered is called at its own family, whichever the target group is said to have', () => {
    const model = network()
      .vpc('A', '10.1.0.0/16')
      .subnet('A1', 'A', '10.1.1.0/24')
      .interface('Client', 'A1', { address: '10.1.1.5' })
      .interface('Host', 'A1', { filtered: false, address: '10.1.1.9' })
      .loadBalancer('Nlb', 'network', 'A1', ['tcp 80 -> Tg'], { interface: { filtered: false, address: '10.1.1.7' } })
      .targetGroup('Tg', 'tcp', 443, ['10.1.1.9'], { targetType: 'ip', ipv6: unknown('a parameter says') })
      .build();
    expect(certainly(model, at('Client'), at('Host'), tcp('10.1.1.5', '10.1.1.7', 80))).toEqual(OPEN);
  });
});
