import { network } from '../../fixtures/network-builder';
import { answer, ask, certainly } from './ask';

const OPEN = ['any from 0.0.0.0/0'];

/** Two subnets of one VPC, a host in each. */
function pair(web: string[] = OPEN, db: string[] = OPEN) {
  return network()
    .vpc('A', '10.0.0.0/16')
    .subnet('A1', 'A', '10.0.1.0/24')
    .subnet('A2', 'A', '10.0.2.0/24')
    .group('WebSg', 'A', web)
    .group('DbSg', 'A', db)
    .interface('Web', 'A1', { groups: ['WebSg'] })
    .interface('Db', 'A2', { groups: ['DbSg'] });
}

const WEB_TO_DB = 'interface:Web 10.0.1.5 -> interface:Db 10.0.2.5 tcp 5432';

describe('security groups (facts 1–6)', () => {
  it.each([
    ['a CIDR that holds the source', ['tcp 5432 from 10.0.1.0/24'], 'reachable'],
    ['a CIDR that does not', ['tcp 5432 from 10.0.9.0/24'], 'security-group DbSg'],
    ['another port', ['tcp 443 from 0.0.0.0/0'], 'security-group DbSg'],
    ['a port range around it', ['tcp 1024-65535 from 0.0.0.0/0'], 'reachable'],
    ['another protocol', ['udp 5432 from 0.0.0.0/0'], 'security-group DbSg'],
    ['every protocol', ['any from 10.0.0.0/8'], 'reachable'],
    ['the protocol as a number', ['6 5432 from 10.0.0.0/8'], 'reachable'],
    ['the group of the sender', ['tcp 5432 from sg:WebSg'], 'reachable'],
    ['a group that the sender is not in', ['tcp 5432 from sg:DbSg'], 'security-group DbSg'],
    ['IPv6 only', ['any from ::/0'], 'security-group DbSg'],
    ['nothing', [], 'security-group DbSg'],
  ])('an ingress rule for %s', (_, rules, expected) => {
    expect(certainly(pair(OPEN, rules), WEB_TO_DB)).toBe(expected);
  });

  it('fact 1: the filter is the union of all groups', () => {
    const net = pair()
      .group('Extra', 'A', ['tcp 5432 from 10.0.1.5/32'])
      .interface('Db2', 'A2', { groups: ['DbSg', 'Extra'] });
    expect(certainly(net, 'interface:Web 10.0.1.5 -> interface:Db2 10.0.2.6 tcp 5432')).toBe('reachable');
  });

  it('fact 1: the default group admits its own members and nobody else', () => {
    const net = pair().interface('X', 'A1').interface('Y', 'A2');
    expect(certainly(net, 'interface:X 10.0.1.6 -> interface:Y 10.0.2.6 tcp 80')).toBe('reachable');
    expect(certainly(net, 'interface:Web 10.0.1.5 -> interface:Y 10.0.2.6 tcp 80')).toBe(
      'security-group A#default-security-group',
    );
  });

  it('fact 2: without an egress rule nothing is sent', () => {
    const net = pair()
      .group('Mute', 'A', [], [])
      .interface('M', 'A1', { groups: ['Mute'] });
    expect(certainly(net, 'interface:M 10.0.1.9 -> interface:Db 10.0.2.5 tcp 5432')).toBe('security-group Mute');
  });

  it('an egress rule may name the group of the receiver', () => {
    const net = pair()
      .group('ToDb', 'A', [], ['tcp 5432 to sg:DbSg'])
      .interface('M', 'A1', { groups: ['ToDb'] });
    expect(certainly(net, 'interface:M 10.0.1.9 -> interface:Db 10.0.2.5 tcp 5432')).toBe('reachable');
    expect(certainly(net, 'interface:M 10.0.1.9 -> interface:Web 10.0.1.5 tcp 5432')).toBe('security-group ToDb');
  });

  it('fact 4: being in the same group allows nothing by itself', () => {
    const net = pair(OPEN, []).interface('Db2', 'A1', { groups: ['DbSg'] });
    expect(certainly(net, 'interface:Db2 10.0.1.7 -> interface:Db 10.0.2.5 tcp 5432')).toBe('security-group DbSg');
  });

  it.each([
    ['its type', ['icmp 8 from 0.0.0.0/0'], 'reachable'],
    ['type and code', ['icmp 8/0 from 0.0.0.0/0'], 'reachable'],
    ['another code', ['icmp 8/1 from 0.0.0.0/0'], 'security-group DbSg'],
    ['another type', ['icmp 0 from 0.0.0.0/0'], 'security-group DbSg'],
    ['every type', ['icmp from 0.0.0.0/0'], 'reachable'],
    ['tcp', ['tcp from 0.0.0.0/0'], 'security-group DbSg'],
  ])('fact 5: an echo request meets a rule for %s', (_, rules, expected) => {
    expect(certainly(pair(OPEN, rules), 'interface:Web 10.0.1.5 -> interface:Db 10.0.2.5 icmp')).toBe(expected);
  });

  it('fact 6: groups are stateful, so the reply needs no rule', () => {
    const net = pair(['tcp 1 from 10.9.9.9/32'], ['tcp 5432 from 10.0.1.5/32']);
    expect(ask(net, WEB_TO_DB, 'must').reply.delivered).toBe(true);
  });

  it('fact 7: a prefix list counts as its entries', () => {
    const net = (list: string[]) => pair(OPEN, ['tcp 5432 from pl:List']).prefixList('List', list);
    expect(certainly(net(['10.0.1.0/28', '10.7.0.0/16']), WEB_TO_DB)).toBe('reachable');
    expect(certainly(net(['10.7.0.0/16']), WEB_TO_DB)).toBe('security-group DbSg');
    expect(answer(net(['?']), WEB_TO_DB, 'may')).toBe('reachable');
    expect(answer(net(['?']), WEB_TO_DB, 'must')).toBe('security-group DbSg');
  });

  it('fact 9: an interface sends only from its own addresses, unless the check is off', () => {
    const spoofed = (id: string) => `interface:${id} 10.9.9.9 -> interface:Db 10.0.2.5 udp 53`;
    const net = pair().interface('Router', 'A1', { groups: ['WebSg'], sourceDestCheck: false });
    expect(certainly(net, spoofed('Web'))).toBe('source-destination-check Web');
    expect(certainly(net, spoofed('Router'))).toBe('reachable');
  });

  it('an address fixed by the template is the only one', () => {
    const net = pair().interface('Fixed', 'A1', { groups: ['WebSg'], address: '10.0.1.77' });
    expect(certainly(net, 'interface:Fixed 10.0.1.77 -> interface:Db 10.0.2.5 tcp 1')).toBe('reachable');
    expect(certainly(net, 'interface:Fixed 10.0.1.78 -> interface:Db 10.0.2.5 tcp 1')).toBe(
      'source-destination-check Fixed',
    );
    expect(certainly(net, 'interface:Db 10.0.2.5 -> interface:Fixed 10.0.1.78 tcp 1')).toContain('address Fixed');
  });
});

describe('potential interfaces', () => {
  it('anything launched in a subnet may be in any group of its VPC', () => {
    const net = pair(OPEN, ['tcp 5432 from sg:WebSg']);
    expect(certainly(net, 'subnet:A1 10.0.1.99 -> interface:Db 10.0.2.5 tcp 5432')).toBe('reachable');
    expect(certainly(net, 'subnet:A1[DbSg] 10.0.1.99 -> interface:Db 10.0.2.5 tcp 5432')).toBe('security-group DbSg');
    expect(certainly(net, 'interface:Web 10.0.1.5 -> subnet:A2[DbSg] 10.0.2.99 tcp 5432')).toBe('reachable');
  });

  it('it has an address of its subnet and no other', () => {
    expect(certainly(pair(), 'subnet:A1 10.0.2.99 -> interface:Db 10.0.2.5 tcp 5432')).toContain(
      'source-destination-check A1',
    );
  });
});

describe('subnets and network ACLs (facts 10–12)', () => {
  const filtered = (
    entries: string[],
    other: string[] = ['1 ingress allow any 0.0.0.0/0', '1 egress allow any 0.0.0.0/0'],
  ) =>
    network()
      .vpc('A', '10.0.0.0/16')
      .acl('Near', 'A', other)
      .acl('Far', 'A', entries)
      .subnet('A1', 'A', '10.0.1.0/24', { acl: 'Near' })
      .subnet('A2', 'A', '10.0.2.0/24', { acl: 'Far' })
      .group('Sg', 'A', OPEN)
      .interface('Web', 'A1', { groups: ['Sg'] })
      .interface('Db', 'A2', { groups: ['Sg'] })
      .interface('Db2', 'A2', { groups: ['Sg'] });
  const EGRESS = '1 egress allow any 0.0.0.0/0';

  it('fact 10: traffic inside one subnet meets no ACL and no route table', () => {
    expect(certainly(filtered([]), 'interface:Db 10.0.2.5 -> interface:Db2 10.0.2.6 tcp 5432')).toBe('reachable');
  });

  it.each([
    ['an allow', ['100 ingress allow tcp 5432 10.0.1.0/24', EGRESS], 'reachable'],
    ['no entry: the end is a deny', [EGRESS], 'network-acl Far'],
    [
      'a lower-numbered deny',
      ['90 ingress deny tcp 5432 10.0.1.5/32', '100 ingress allow any 0.0.0.0/0', EGRESS],
      'network-acl Far',
    ],
    [
      'a higher-numbered deny',
      ['110 ingress deny any 0.0.0.0/0', '100 ingress allow any 0.0.0.0/0', EGRESS],
      'reachable',
    ],
    ['an allow for another source', ['100 ingress allow any 10.0.9.0/24', EGRESS], 'network-acl Far'],
    ['an allow for another port', ['100 ingress allow tcp 443 0.0.0.0/0', EGRESS], 'network-acl Far'],
    ['an egress entry, which says nothing of ingress', ['100 egress allow any 0.0.0.0/0'], 'network-acl Far'],
  ])('fact 12: on the way in it meets %s', (_, entries, expected) => {
    expect(certainly(filtered(entries), WEB_TO_DB)).toBe(expected);
  });

  it('fact 11: the reply needs the ephemeral port open, both ways', () => {
    const ingress = '100 ingress allow tcp 5432 10.0.1.0/24';
    const back = '100 egress allow tcp 1024-65535 10.0.1.0/24';
    expect(certainly(filtered([ingress]), WEB_TO_DB)).toBe('network-acl Far (reply)');
    expect(certainly(filtered([ingress, back]), WEB_TO_DB)).toBe('reachable');
    expect(certainly(filtered([ingress, back], ['1 egress allow any 0.0.0.0/0']), WEB_TO_DB)).toBe(
      'network-acl Near (reply)',
    );
    expect(certainly(filtered([ingress, '100 egress allow tcp 50000-65535 0.0.0.0/0']), WEB_TO_DB)).toBe(
      'network-acl Far (reply)',
    );
  });

  it('a udp packet that arrives has arrived, whether or not it is answered', () => {
    const net = filtered(['100 ingress allow udp 53 10.0.1.0/24']);
    const trace = ask(net, 'interface:Web 10.0.1.5 -> interface:Db 10.0.2.5 udp 53', 'must');
    expect(trace).toMatchObject({ verdict: 'reachable', forward: { delivered: true }, reply: { delivered: false } });
    expect(trace.blockers).toMatchObject([{ kind: 'network-acl', direction: 'reply' }]);
  });

  it('all that blocks is named, not the first', () => {
    const net = filtered([], [])
      .group('Shut', 'A', [], [])
      .interface('X', 'A1', { groups: ['Shut'] })
      .interface('Y', 'A2', { groups: ['Shut'] });
    expect(answer(net, 'interface:X 10.0.1.8 -> interface:Y 10.0.2.8 tcp 80')).toBe(
      'security-group Shut, network-acl Near, network-acl Far, security-group Shut, network-acl Far (reply), network-acl Near (reply)',
    );
  });

  it.each([
    [
      'an entry that may not exist allows',
      ['maybe 100 ingress allow any 0.0.0.0/0', EGRESS],
      'reachable',
      'network-acl Far',
    ],
    [
      'an entry that may not exist denies',
      ['maybe 90 ingress deny any 0.0.0.0/0', '100 ingress allow any 0.0.0.0/0', EGRESS],
      'reachable',
      'network-acl Far',
    ],
    [
      'an unknown range is denied',
      ['90 ingress deny any ?', '100 ingress allow any 0.0.0.0/0', EGRESS],
      'reachable',
      'network-acl Far',
    ],
    [
      'an unknown number is denied',
      ['? ingress deny any 10.0.1.0/24', '100 ingress allow any 0.0.0.0/0', EGRESS],
      'reachable',
      'network-acl Far',
    ],
    [
      'all that may decide agree',
      ['? ingress allow any 10.0.1.0/24', '100 ingress allow any 0.0.0.0/0', EGRESS],
      'reachable',
      'reachable',
    ],
    ['the action is unknown', ['100 ingress ? any 0.0.0.0/0', EGRESS], 'reachable', 'network-acl Far'],
  ])('what is not known lets pass in may and stops in must: %s', (_, entries, may, must) => {
    expect(answer(filtered(entries), WEB_TO_DB, 'may')).toBe(may);
    expect(answer(filtered(entries), WEB_TO_DB, 'must')).toBe(must);
  });

  it('what is not known is named, with the parameters that would decide it', () => {
    const trace = ask(filtered(['100 ingress allow any ?', EGRESS]), WEB_TO_DB, 'may');
    expect(trace.unknowns).toMatchObject([{ resource: 'Far', parameters: ['Test.Cidr'] }]);
  });
});

describe('an address of the VPC that lies in no subnet is dropped (fact 14)', () => {
  it('and never takes the default route', () => {
    const net = network()
      .vpc('A', '10.0.0.0/16')
      .internetGateway('Igw', 'A')
      .table('Rt', 'A', ['0.0.0.0/0 -> igw:Igw'])
      .subnet('A1', 'A', '10.0.1.0/24', { table: 'Rt' })
      .interface('Web', 'A1', { publicIpv4: true });
    expect(certainly(net, 'interface:Web 10.0.1.5 -> internet 10.0.77.1 tcp 80')).toContain('route A');
    expect(certainly(net, 'interface:Web 10.0.1.5 -> internet 198.51.100.1 tcp 80')).toBe('reachable');
  });
});

describe('hops read in the order of travel', () => {
  it('with the rule that let the packet pass at each', () => {
    const trace = ask(pair(OPEN, ['tcp 5432 from sg:WebSg']), WEB_TO_DB, 'must');
    expect(trace.forward.hops.map(({ decision, resource, rule }) => [decision, resource, rule ?? ''])).toEqual([
      ['sent', 'Web', ''],
      ['allowed', 'WebSg', 'egress rule any to 0.0.0.0/0'],
      ['allowed', 'A#default-network-acl', 'entry 100 egress allow any to 0.0.0.0/0'],
      ['routed', 'A#main-route-table', 'route 10.0.0.0/16 -> local'],
      ['allowed', 'A#default-network-acl', 'entry 100 ingress allow any from 0.0.0.0/0'],
      ['allowed', 'DbSg', 'ingress rule tcp 5432 from WebSg'],
      ['delivered', 'Db', ''],
    ]);
    expect(trace.reply.hops.map(({ decision, resource }) => [decision, resource])).toEqual([
      ['sent', 'Db'],
      ['allowed', 'A#default-network-acl'],
      ['routed', 'A#main-route-table'],
      ['allowed', 'A#default-network-acl'],
      ['allowed', 'Web'],
      ['delivered', 'Web'],
    ]);
  });

  it('they end where the packet is stopped', () => {
    const trace = ask(pair(OPEN, []), WEB_TO_DB, 'may');
    expect(trace.forward.hops.at(-1)).toMatchObject({ decision: 'denied', location: 'instance Db' });
    expect(trace.reply).toEqual({ delivered: false, hops: [] });
  });
});
