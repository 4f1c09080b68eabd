import { network } from '../../fixtures/network-builder';
import { answer, ask, certainly } from './ask';

const OPEN = ['any from 0.0.0.0/0'];

/** VPCs A, B and C, each with one subnet per zone a (x.1) and b (x.2), and a host in each. */
function three(tables: { a?: string[]; b?: string[]; c?: string[] } = {}) {
  const net = network();
  for (const [at, id] of ['A', 'B', 'C'].entries()) {
    const routes = tables[id.toLowerCase() as 'a' | 'b' | 'c'] ?? [];
    net
      .vpc(id, `10.${at}.0.0/16`)
      .table(`${id}Rt`, id, routes)
      .subnet(`${id}1`, id, `10.${at}.1.0/24`, { table: `${id}Rt`, az: 'a' })
      .subnet(`${id}2`, id, `10.${at}.2.0/24`, { table: `${id}Rt`, az: 'b' })
      .group(`${id}Sg`, id, OPEN)
      .interface(`${id}Host`, `${id}1`, { groups: [`${id}Sg`] })
      .interface(`${id}Host2`, `${id}2`, { groups: [`${id}Sg`] });
  }
  return net;
}

const A_TO_B = 'interface:AHost 10.0.1.5 -> interface:BHost 10.1.1.5 tcp 443';
const A_TO_C = 'interface:AHost 10.0.1.5 -> interface:CHost 10.2.1.5 tcp 443';

describe('fact 27: peering', () => {
  const peered = (a: string[], b: string[]) => three({ a, b }).peering('Pcx', 'A', 'B');
  it.each([
    ['routes on both sides', ['10.1.0.0/16 -> pcx:Pcx'], ['10.0.0.0/16 -> pcx:Pcx'], 'reachable'],
    ['no route back', ['10.1.0.0/16 -> pcx:Pcx'], [], 'route BRt (reply)'],
    ['no route there', [], ['10.0.0.0/16 -> pcx:Pcx'], 'route ARt'],
    ['host-narrow routes', ['10.1.1.5/32 -> pcx:Pcx'], ['10.0.1.5/32 -> pcx:Pcx'], 'reachable'],
    ['a narrow route for someone else', ['10.1.1.6/32 -> pcx:Pcx'], ['10.0.1.5/32 -> pcx:Pcx'], 'route ARt'],
  ])('%s', (_, a, b, expected) => {
    expect(certainly(peered(a, b), A_TO_B)).toBe(expected);
  });

  it('a group of the peer may be named', () => {
    const net = peered(['10.1.0.0/16 -> pcx:Pcx'], ['10.0.0.0/16 -> pcx:Pcx'])
      .group('Named', 'B', ['tcp 443 from sg:ASg'])
      .interface('N', 'B1', { groups: ['Named'] });
    expect(certainly(net, 'interface:AHost 10.0.1.5 -> interface:N 10.1.1.9 tcp 443')).toBe('reachable');
  });

  it('fact 18: no transit through the peer to another peer', () => {
    const net = three({
      a: ['10.0.0.0/8 -> pcx:Ab'],
      b: ['10.0.0.0/16 -> pcx:Ab', '10.2.0.0/16 -> pcx:Bc'],
      c: ['10.0.0.0/8 -> pcx:Bc'],
    })
      .peering('Ab', 'A', 'B')
      .peering('Bc', 'B', 'C');
    expect(certainly(net, A_TO_C)).toContain('peering Ab');
  });

  it('fact 18: no way out through the internet gateway or NAT gateway of the peer', () => {
    const net = three({ a: ['0.0.0.0/0 -> pcx:Pcx'] })
      .peering('Pcx', 'A', 'B')
      .internetGateway('Igw', 'B')
      .natGateway('Nat', 'B1');
    expect(certainly(net, 'interface:AHost 10.0.1.5 -> internet 198.51.100.1 tcp 443')).toBe('peering Pcx');
  });

  it('a peer that no template shows is unknown, both ways', () => {
    const net = network()
      .vpc('A', '10.0.0.0/16')
      .vpc('Them', '?', { external: true })
      .peering('Pcx', 'A', 'Them')
      .table('Rt', 'A', ['10.9.0.0/16 -> pcx:Pcx'])
      .subnet('A1', 'A', '10.0.1.0/24', { table: 'Rt' })
      .group('Sg', 'A', OPEN)
      .interface('X', 'A1', { groups: ['Sg'] });
    const out = 'interface:X 10.0.1.5 -> external:Them 10.9.1.1 tcp 443';
    const back = 'external:Them 10.9.1.1 -> interface:X 10.0.1.5 tcp 443';
    expect([answer(net, out, 'may'), answer(net, back, 'may')]).toEqual(['reachable', 'reachable']);
    expect(answer(net, out, 'must')).not.toBe('reachable');
    expect(answer(net, back, 'must')).not.toBe('reachable');
    expect(ask(net, back).unknowns.length).toBeGreaterThan(0);
    expect(certainly(net, 'external:Them 10.8.1.1 -> interface:X 10.0.1.5 tcp 443')).toContain('route Rt (reply)');
  });
});

describe('facts 23–26: transit gateways', () => {
  const TO_TGW = ['10.0.0.0/8 -> tgw:Hub'];
  const hub = (
    routes: string[],
    propagations: string[],
    options: { association?: string } = { association: 'Table' },
  ) =>
    three({ a: TO_TGW, b: TO_TGW, c: TO_TGW })
      .transitGateway('Hub')
      .attachment('Aa', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, options)
      .attachment('Ba', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'Table' })
      .attachment('Ca', 'Hub', { kind: 'vpc', vpc: 'C', subnets: ['C1', 'C2'] }, { association: 'Table' })
      .transitGatewayTable('Table', 'Hub', routes, propagations);

  it.each([
    ['propagated ranges of both', [], ['Aa', 'Ba'], 'reachable'],
    ['static routes to both', ['10.1.0.0/16 -> Ba', '10.0.0.0/16 -> Aa'], [], 'reachable'],
    ['no way back', [], ['Ba'], 'transit-gateway Table (reply)'],
    ['nothing', [], [], 'transit-gateway Table, transit-gateway Table (reply)'],
    [
      'a blackhole of the same length: static beats propagated',
      ['10.1.0.0/16 -> blackhole'],
      ['Aa', 'Ba'],
      'transit-gateway Table',
    ],
    ['a shorter blackhole', ['10.0.0.0/8 -> blackhole'], ['Aa', 'Ba'], 'reachable'],
    ['a longer blackhole', ['10.1.1.0/24 -> blackhole'], ['Aa', 'Ba'], 'transit-gateway Table'],
    ['a propagation that may not exist', [], ['Aa', 'maybe Ba'], 'may: reachable; must: transit-gateway Table'],
    ['an unknown attachment', ['10.1.0.0/16 -> ?'], ['Aa'], 'may: reachable; must: transit-gateway Table'],
  ])('one table with %s', (_, routes, propagations, expected) => {
    expect(certainly(hub(routes, propagations), A_TO_B)).toBe(expected);
  });

  it('fact 23: without an association it cannot send, but may be sent to', () => {
    const net = hub([], ['Aa', 'Ba'], {});
    expect(certainly(net, A_TO_B)).toBe('transit-gateway Aa');
    const trace = ask(net, 'interface:BHost 10.1.1.5 -> interface:AHost 10.0.1.5 udp 53', 'must');
    expect(trace).toMatchObject({ forward: { delivered: true }, reply: { delivered: false } });
  });

  it('fact 25: only zones with an attachment subnet can send; all can be delivered to', () => {
    const net = hub([], ['Aa', 'Ba', 'Ca']);
    expect(certainly(net, 'interface:AHost2 10.0.2.5 -> interface:BHost 10.1.1.5 udp 53')).toBe('transit-gateway Aa');
    expect(ask(net, 'interface:AHost 10.0.1.5 -> interface:BHost2 10.1.2.5 udp 53', 'must').forward.delivered).toBe(
      true,
    );
    expect(certainly(net, 'interface:CHost2 10.2.2.5 -> interface:BHost 10.1.1.5 tcp 443')).toBe('reachable');
  });

  it('fact 25: the attachment subnet has its own ACL and its own table', () => {
    const net = (entries: string[], routes: string[]) =>
      three({ a: TO_TGW, b: TO_TGW })
        .transitGateway('Hub')
        .acl('Tgw', 'B', entries)
        .table('TgwRt', 'B', routes)
        .subnet('B9', 'B', '10.1.9.0/28', { acl: 'Tgw', table: 'TgwRt', az: 'a' })
        .attachment('Aa', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'T' })
        .attachment('Ba', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B9'] }, { association: 'T' })
        .transitGatewayTable('T', 'Hub', [], ['Aa', 'Ba']);
    const all = ['1 ingress allow any 0.0.0.0/0', '1 egress allow any 0.0.0.0/0'];
    expect(certainly(net(all, []), A_TO_B)).toBe('reachable');
    expect(certainly(net(all.slice(1), []), A_TO_B)).toBe('network-acl Tgw (reply)');
    expect(certainly(net(all.slice(0, 1), []), A_TO_B)).toBe('network-acl Tgw');
    expect(certainly(net(all, ['10.1.1.0/24 -> blackhole']), A_TO_B)).toBe('route B9');
  });

  it('fact 26: a group is seen across it only where gateway and attachments say so, and only in ingress rules', () => {
    const net = (here: boolean, there: boolean) =>
      three({ a: TO_TGW, b: TO_TGW })
        .transitGateway('Hub', { securityGroupReferencing: here })
        .attachment(
          'Aa',
          'Hub',
          { kind: 'vpc', vpc: 'A', subnets: ['A1'] },
          { association: 'T', securityGroupReferencing: true },
        )
        .attachment(
          'Ba',
          'Hub',
          { kind: 'vpc', vpc: 'B', subnets: ['B1'] },
          { association: 'T', securityGroupReferencing: there },
        )
        .transitGatewayTable('T', 'Hub', [], ['Aa', 'Ba'])
        .group('Named', 'B', ['tcp 443 from sg:ASg'])
        .group('Out', 'A', [], ['tcp 443 to sg:Named'])
        .interface('N', 'B1', { groups: ['Named'] })
        .interface('M', 'A1', { groups: ['Out', 'ASg'] })
        .interface('O', 'A1', { groups: ['Out'] });
    const flow = 'interface:AHost 10.0.1.5 -> interface:N 10.1.1.9 tcp 443';
    expect(certainly(net(true, true), flow)).toBe('reachable');
    expect(certainly(net(true, false), flow)).toBe('security-group Named');
    expect(certainly(net(false, true), flow)).toBe('security-group Named');
    expect(certainly(net(true, true), 'interface:O 10.0.1.6 -> interface:BHost 10.1.1.5 tcp 443')).toBe(
      'security-group Out',
    );
  });

  it('central egress: an attachment subnet that routes to a NAT gateway', () => {
    const net = (target: string) =>
      network()
        .vpc('A', '10.0.0.0/16')
        .table('ARt', 'A', ['0.0.0.0/0 -> tgw:Hub'])
        .subnet('A1', 'A', '10.0.1.0/24', { table: 'ARt' })
        .interface('X', 'A1', { publicIpv4: true })
        .vpc('E', '10.9.0.0/16')
        .internetGateway('Igw', 'E')
        .table('Tgw', 'E', [`0.0.0.0/0 -> ${target}`])
        .table('Pub', 'E', ['0.0.0.0/0 -> igw:Igw', '10.0.0.0/8 -> tgw:Hub'])
        .subnet('E1', 'E', '10.9.1.0/28', { table: 'Tgw' })
        .subnet('E2', 'E', '10.9.2.0/24', { table: 'Pub' })
        .natGateway('Nat', 'E2')
        .transitGateway('Hub')
        .attachment('Aa', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'Spokes' })
        .attachment('Ea', 'Hub', { kind: 'vpc', vpc: 'E', subnets: ['E1'] }, { association: 'Core' })
        .transitGatewayTable('Spokes', 'Hub', ['0.0.0.0/0 -> Ea'])
        .transitGatewayTable('Core', 'Hub', [], ['Aa']);
    const flow = 'interface:X 10.0.1.5 -> internet 198.51.100.1 tcp 443';
    expect(certainly(net('nat:Nat'), flow)).toBe('reachable');
    // The same page of the documentation: an internet gateway drops what has no public address in its own VPC.
    expect(certainly(net('igw:Igw'), flow)).toContain('public-address X');
  });

  it('a default route that hairpins through an egress attachment joins two spokes', () => {
    const net = three({ a: ['0.0.0.0/0 -> tgw:Hub'], b: ['0.0.0.0/0 -> tgw:Hub'], c: ['10.0.0.0/8 -> tgw:Hub'] })
      .transitGateway('Hub')
      .attachment('Aa', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'Spokes' })
      .attachment('Ba', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'Spokes' })
      .attachment('Ca', 'Hub', { kind: 'vpc', vpc: 'C', subnets: ['C1'] }, { association: 'Core' })
      .transitGatewayTable('Spokes', 'Hub', ['0.0.0.0/0 -> Ca'])
      .transitGatewayTable('Core', 'Hub', [], ['Aa', 'Ba']);
    expect(certainly(net, A_TO_B)).toBe('reachable');
  });

  it('fact 18: what came in through it is not carried on by peering', () => {
    const net = three({
      a: TO_TGW,
      b: ['10.2.0.0/16 -> pcx:Bc', '10.0.0.0/16 -> tgw:Hub'],
      c: ['10.0.0.0/8 -> pcx:Bc'],
    })
      .peering('Bc', 'B', 'C')
      .transitGateway('Hub')
      .attachment('Aa', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'T' })
      .attachment('Ba', 'Hub', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'T' })
      .transitGatewayTable('T', 'Hub', ['10.2.0.0/16 -> Ba'], ['Aa', 'Ba']);
    expect(certainly(net, A_TO_C)).toContain('gateway Bc');
  });

  it('fact 24: between two gateways, the table of the receiving peering attachment decides', () => {
    const net = (back: string[]) =>
      three({ a: ['10.0.0.0/8 -> tgw:West'], b: ['10.0.0.0/8 -> tgw:East'] })
        .transitGateway('West')
        .transitGateway('East')
        .attachment('Aa', 'West', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'W' })
        .attachment('Ba', 'East', { kind: 'vpc', vpc: 'B', subnets: ['B1'] }, { association: 'E' })
        .attachment('Wp', 'West', { kind: 'peering', peer: 'Ep' }, { association: 'W' })
        .attachment('Ep', 'East', { kind: 'peering', peer: 'Wp' }, { association: 'E' })
        .transitGatewayTable('W', 'West', ['10.1.0.0/16 -> Wp'], ['Aa'])
        .transitGatewayTable('E', 'East', back, ['Ba']);
    expect(certainly(net(['10.0.0.0/16 -> Ep']), A_TO_B)).toBe('reachable');
    expect(certainly(net([]), A_TO_B)).toBe('transit-gateway E (reply)');
  });
});

describe('fact 28: sites', () => {
  const vgw = (routes: string[] | undefined, propagate: boolean, edge: string[] = []) =>
    network()
      .vpc('A', '10.0.0.0/16')
      .vpnGateway('Vgw', 'A')
      .vpnConnection('Vpn', 'vgw:Vgw', routes)
      .table('Rt', 'A', edge, { propagatingGateways: propagate ? ['Vgw'] : [] })
      .subnet('A1', 'A', '10.0.1.0/24', { table: 'Rt' })
      .group('Sg', 'A', OPEN)
      .interface('X', 'A1', { groups: ['Sg'] });
  const IN = 'site:Vpn 192.168.1.9 -> interface:X 10.0.1.5 tcp 443';
  const OUT = 'interface:X 10.0.1.5 -> site:Vpn 192.168.1.9 tcp 443';

  it.each([
    ['static routes, propagated', ['192.168.0.0/16'], true, 'reachable'],
    ['static routes, in no table', ['192.168.0.0/16'], false, 'route Rt (reply)'],
    ['other static routes', ['172.16.0.0/12'], true, 'route Rt (reply)'],
    ['BGP, propagated', undefined, true, 'may: reachable; must: vpn Vpn (reply)'],
  ])('behind a VPN gateway with %s', (_, routes, propagate, expected) => {
    expect(certainly(vgw(routes, propagate), IN)).toBe(expected);
  });

  it('is reached by what routes to it', () => {
    expect(certainly(vgw(['192.168.0.0/16'], true), OUT)).toBe('reachable');
    expect(certainly(vgw(['192.168.0.0/16'], false, ['192.168.1.0/24 -> vgw:Vgw']), OUT)).toBe('reachable');
    expect(certainly(vgw(['192.168.0.0/16'], false), OUT)).toBe('route Rt');
  });

  it('may send from any source address', () => {
    expect(certainly(vgw(['192.168.0.0/16'], true), IN.replace('192.168.1.9', '8.8.8.8').replace('tcp', 'udp'))).toBe(
      'reachable',
    );
  });

  it('a propagated route never beats local', () => {
    const net = vgw(['10.0.1.0/28'], true)
      .subnet('A2', 'A', '10.0.2.0/24', { table: 'Rt' })
      .interface('Y', 'A2', { groups: ['Sg'] });
    expect(certainly(net, 'interface:Y 10.0.2.5 -> interface:X 10.0.1.5 tcp 1')).toBe('reachable');
  });

  it('fact 18: never reaches the internet through the VPC', () => {
    const net = vgw(['192.168.0.0/16'], true, ['0.0.0.0/0 -> igw:Igw']).internetGateway('Igw', 'A');
    expect(certainly(net, 'site:Vpn 192.168.1.9 -> internet 198.51.100.1 tcp 443')).toBe('route A');
  });

  it('two sites that announce themselves to one VPN gateway may reach each other (VPN CloudHub)', () => {
    const net = (routes: string[] | undefined) => vgw(routes, true).vpnConnection('Other', 'vgw:Vgw', routes);
    const flow = 'site:Vpn 192.168.1.9 -> site:Other 192.168.200.9 tcp 443';
    expect(answer(net(undefined), flow, 'may')).toBe('reachable');
    expect(answer(net(undefined), flow, 'must')).toContain('vpn Vgw');
    expect(answer(net(['192.168.0.0/16']), flow, 'may')).toBe('route A');
  });

  it('on a transit gateway, its attachment is looked up in its own table', () => {
    const net = (campus: string[]) =>
      three({ a: ['192.168.0.0/16 -> tgw:Hub'] })
        .transitGateway('Hub')
        .vpnConnection('Vpn', 'tgw:Hub', ['192.168.0.0/16'])
        .attachment('Va', 'Hub', { kind: 'vpn', id: 'Vpn' }, { association: 'Campus' })
        .attachment('Aa', 'Hub', { kind: 'vpc', vpc: 'A', subnets: ['A1'] }, { association: 'Cloud' })
        .transitGatewayTable('Campus', 'Hub', campus)
        .transitGatewayTable('Cloud', 'Hub', ['192.168.0.0/16 -> Va']);
    const flow = 'site:Vpn 192.168.1.9 -> interface:AHost 10.0.1.5 tcp 443';
    expect(certainly(net(['10.0.0.0/16 -> Aa']), flow)).toBe('reachable');
    expect(certainly(net(['10.0.0.0/16 -> Aa']), flow.replace('site:Vpn', 'site:Va'))).toBe('reachable');
    expect(certainly(net([]), flow)).toBe('transit-gateway Campus');
    expect(certainly(net([]), 'interface:AHost 10.0.1.5 -> site:Vpn 192.168.7.7 udp 514')).toBe('reachable');
  });
});
