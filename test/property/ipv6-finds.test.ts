/**
 * What `npm run fuzz` has found of IPv6 over the internet, made small: where no address is translated, one gateway of ours
 * may bring what another has let out.
 */
import { PacketSet, parseAddress } from '../../lib/base/net';
import { never, provedBy } from '../evidence/certificate/made';
import { type NetworkBuilder, network } from '../fixtures/network-builder';
import { answers, anyoneIn, at, certainly, tcp } from './find';

/** Two VPCs whose hosts have IPv6 addresses, and each a way to the internet. */
function overInternet(): NetworkBuilder {
  return network()
    .vpc('A', '2001:db8:1::/56')
    .vpc('B', '2001:db8:2::/56')
    .internetGateway('IgwA', 'A')
    .internetGateway('IgwB', 'B')
    .table('RtA', 'A', ['::/0 -> igw:IgwA'])
    .table('RtB', 'B', ['::/0 -> igw:IgwB'])
    .subnet('A1', 'A', '2001:db8:1:1::/64', { table: 'RtA' })
    .subnet('B1', 'B', '2001:db8:2:1::/64', { table: 'RtB' })
    .group('Any', 'A', ['any from ::/0'])
    .group('Open', 'B', ['any from ::/0']);
}

describe('found by fuzzing', () => {
  test('an internet gateway carries on only what its own VPC sends, and no IPv6 of a site (seed 482862382)', () => {
    const model = network()
      .vpc('B', '2001:db8:2::/56')
      .vpc('C', '2001:db8:3::/56')
      .internetGateway('IgwB', 'B')
      .internetGateway('IgwC', 'C')
      .transitGateway('Hub')
      .transitGatewayTable('T', 'Hub', ['::/0 -> AttC'])
      .attachment('AttC', 'Hub', { kind: 'vpc', vpc: 'C', subnets: ['C1'] })
      .vpnConnection('Vpn', 'tgw:Hub')
      .attachment('AttVpn', 'Hub', { kind: 'vpn', id: 'Vpn' }, { association: 'T' })
      .table('RtC1', 'C', ['::/0 -> igw:IgwC'])
      .subnet('C1', 'C', '2001:db8:3:1::/64', { table: 'RtC1' })
      .subnet('B1', 'B', '2001:db8:2:1::/64')
      .group('Open', 'B', ['any from ::/0'])
      .build();
    const packet = { ...tcp('2001:db8:9::a', '2001:db8:2:1::a', 53), protocol: 17 };
    const asked = answers(model, { kind: 'site', id: 'Vpn' }, anyoneIn('B1'), packet);
    expect(asked).toEqual({ engine: false, trace: false });
  });

  test('an internet gateway carries no IPv6 of a site that takes the address of a host (seed 487248190)', () => {
    const model = overInternet()
      .transitGateway('Hub')
      .transitGatewayTable('T', 'Hub', ['::/0 -> AttA'])
      .attachment('AttA', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'T' })
      .vpnConnection('Vpn', 'tgw:Hub')
      .attachment('AttVpn', 'Hub', { kind: 'vpn', id: 'Vpn' }, { association: 'T' })
      .build();
    const packet = { ...tcp('2001:db8:1:1::a', '2001:db8:2:1::a', 53), protocol: 17 };
    const closed = { engine: false, trace: false };
    expect(answers(model, anyoneIn('A1'), anyoneIn('B1'), packet)).toEqual({ engine: true, trace: true });
    expect(answers(model, { kind: 'site', id: 'Vpn' }, anyoneIn('B1'), packet)).toEqual(closed);
    const never_ = never(model, { kind: 'site', id: 'Vpn' }, anyoneIn('B1'), PacketSet.ofOne(packet));
    expect(provedBy(never_.file, model)).toHaveLength(1);
  });

  describe('what refuses internet gateways (seed 7001147)', () => {
    const packet = tcp('2001:db8:1:1::a', '2001:db8:2:1::b', 443);
    const drawn = (publicIpv6: boolean) =>
      overInternet().interface('Inner', 'B1', { groups: ['Open'], address: '2001:db8:2:1::b', ipv6: true, publicIpv6 });

    test('is reached over the internet by no host of another VPC either', () => {
      const asked = (publicIpv6: boolean) => {
        const model = drawn(publicIpv6).build();
        return {
          ...answers(model, anyoneIn('A1'), at('Inner'), packet),
          certain: certainly(model, anyoneIn('A1'), at('Inner'), packet),
        };
      };
      expect(asked(true)).toEqual({ engine: true, trace: true, certain: { engine: true, trace: true } });
      expect(asked(false)).toEqual({ engine: false, trace: false, certain: { engine: false, trace: false } });
    });

    test('is not reached past the firewall that an edge table leads to', () => {
      const asked = (publicIpv6: boolean) =>
        answers(
          drawn(publicIpv6)
            .subnet('B2', 'B', '2001:db8:2:2::/64')
            .firewall('Fw', 'B', 'B2', { statefulDefault: 'pass' })
            .table('Edge', 'B', ['2001:db8:2:1::/64 -> firewall:Fw@B2'], { edgeOf: 'IgwB' })
            .build(),
          anyoneIn('A1'),
          at('Inner'),
          packet,
        );
      expect(asked(true)).toEqual({ engine: true, trace: true });
      expect(asked(false)).toEqual({ engine: false, trace: false });
    });

    test('may send by them, which nothing documents, and need not', () => {
      const model = drawn(false).build();
      const sent = { ...tcp('2001:db8:2:1::b', '2001:db8:1:1::a', 53), protocol: 17 };
      expect(answers(model, at('Inner'), anyoneIn('A1'), sent)).toEqual({ engine: true, trace: true });
      expect(certainly(model, at('Inner'), anyoneIn('A1'), sent)).toEqual({ engine: false, trace: false });
      const out = { ...sent, destination: parseAddress('2600::a') };
      expect(answers(model, at('Inner'), { kind: 'internet' }, out)).toEqual({ engine: true, trace: true });
    });
  });

  describe('what an egress-only gateway', () => {
    const packet = tcp('2001:db8:1:1::a', '2001:db8:2:1::a', 443);
    const drawn = (a: string, b: string) =>
      overInternet()
        .egressOnlyGateway('EigwA', 'A')
        .egressOnlyGateway('EigwB', 'B')
        .table('OutA', 'A', [`::/0 -> ${a}`])
        .table('OutB', 'B', [`::/0 -> ${b}`])
        .subnet('A2', 'A', '2001:db8:1:2::/64', { table: 'OutA' })
        .subnet('B2', 'B', '2001:db8:2:2::/64', { table: 'OutB' })
        .build();
    const asked = (a: string, b: string) => {
      const model = drawn(a, b);
      const own = { ...packet, source: parseAddress('2001:db8:1:2::a'), destination: parseAddress('2001:db8:2:2::a') };
      const [may, must] = [answers, certainly].map((ask) => ask(model, anyoneIn('A2'), anyoneIn('B2'), own));
      return { may, must };
    };
    const all = (isOpen: boolean) => ({ engine: isOpen, trace: isOpen });

    test('lets out is answered by what an internet gateway lets out', () => {
      expect(asked('eigw:EigwA', 'igw:IgwB')).toEqual({ may: all(true), must: all(true) });
    });

    test('lets out answers nothing that an internet gateway let out', () => {
      expect(asked('igw:IgwA', 'eigw:EigwB')).toEqual({ may: all(false), must: all(false) });
    });

    test('brings is an answer: it lets nobody in', () => {
      const alone = { ...drawn('eigw:EigwA', 'eigw:EigwB'), internetGateways: [] };
      const udp = { ...packet, protocol: 17, source: parseAddress('2001:db8:1:2::a') };
      expect(answers(alone, anyoneIn('A2'), anyoneIn('B1'), udp)).toEqual(all(false));
    });
  });

  test('Block Public Access leaves an internet gateway to NAT gateways alone, and those send no IPv6 by it (seed 491039508)', () => {
    const model = overInternet().build();
    const packet = { ...tcp('2001:db8:1:1::a', '2001:db8:2:1::a', 53), protocol: 17 };
    const shut = { by: 'Bpa', to: 'all-but-nat' } as const;
    const asked = (ids: readonly string[]) => {
      const internetGateways = model.internetGateways.map((one) => (ids.includes(one.id) ? { ...one, shut } : one));
      return answers({ ...model, internetGateways }, anyoneIn('A1'), anyoneIn('B1'), packet);
    };
    expect(asked([])).toEqual({ engine: true, trace: true });
    expect([['IgwA'], ['IgwB']].map(asked)).toEqual([
      { engine: false, trace: false },
      { engine: false, trace: false },
    ]);
  });
});
