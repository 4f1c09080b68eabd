import { isUnknown, type NetworkModel, unknown, type Value } from '../../../../lib/evidence/network';
import { networkOf, noun, securityGroup, subnet, VPC, type Written } from './fixture';

const of = (Type: string, Properties: Readonly<Record<string, unknown>> = {}): Written => ({ Type, Properties });
const plain = <T>(value: Value<T>) => (isUnknown<T>(value) ? 'unknown' : value);
const BASE = { Vpc: VPC, A: subnet(), Group: securityGroup() };
const V2 = 'AWS::ElasticLoadBalancingV2';
const balancer = (more: object = {}) => of(`${V2}::LoadBalancer`, { Subnets: [{ Ref: 'A' }], ...more });
const listener = (more: object = {}) =>
  of(`${V2}::Listener`, {
    LoadBalancerArn: { Ref: 'Lb' },
    Port: 443,
    Protocol: 'TCP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Tg' } }],
    ...more,
  });
const targetGroup = (more: object = {}) =>
  of(`${V2}::TargetGroup`, { Port: 8443, Protocol: 'TCP', VpcId: { Ref: 'Vpc' }, ...more });
const build = (more: Readonly<Record<string, Written>>): NetworkModel => networkOf({ ...BASE, ...more });

describe('what filters a balancer and who sees it (facts 32, 33)', () => {
  test.each<[string, object, object]>([
    [
      'an application balancer without groups has the default one',
      {},
      { filtered: true, securityGroups: ['S.Vpc#default-security-group'] },
    ],
    ['a network balancer without groups is not filtered', { Type: 'network' }, { filtered: false, securityGroups: [] }],
    [
      'a network balancer with groups is',
      { Type: 'network', SecurityGroups: [{ Ref: 'Group' }] },
      { filtered: true, securityGroups: ['S.Group'] },
    ],
    ['internet-facing unless it says otherwise', {}, { publicIpv4: true }],
    ['internal', { Scheme: 'internal' }, { publicIpv4: false }],
    ['subnets by mapping', { Subnets: undefined, SubnetMappings: [{ SubnetId: { Ref: 'A' } }] }, { subnets: ['S.A'] }],
    ['dual stack', { IpAddressType: 'dualstack' }, { ipv6: true }],
    [
      'dual stack without public IPv4',
      { IpAddressType: 'dualstack-without-public-ipv4' },
      { ipv6: true, publicIpv4: false },
    ],
  ])('%s', (_, more, expected) => {
    const network = build({ Lb: balancer(more) });
    expect(noun(network.interfaces, 'S.Lb#interface')).toMatchObject({ ...expected, aliases: ['S.Lb'] });
  });

  test.each<[string, object, object]>([
    ['an application balancer crosses zones', {}, { type: 'application', crossZone: true }],
    ['a network balancer does not', { Type: 'network' }, { type: 'network', crossZone: false }],
    [
      'unless told to',
      { Type: 'network', LoadBalancerAttributes: [{ Key: 'load_balancing.cross_zone.enabled', Value: 'true' }] },
      { crossZone: true },
    ],
    ['groups filter PrivateLink by default (fact 31)', { Type: 'network' }, { filtersPrivateLink: true }],
    [
      'unless turned off',
      { EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: 'off' },
      { filtersPrivateLink: false },
    ],
  ])('%s', (_, more, expected) => {
    expect(noun(build({ Lb: balancer(more) }).loadBalancers, 'S.Lb')).toMatchObject(expected);
  });
});

test.each([
  ['TCP', [6]],
  ['TLS', [6]],
  ['HTTP', [6]],
  ['HTTPS', [6]],
  ['UDP', [17]],
  ['TCP_UDP', [6, 17]],
])('a listener of %s answers on %j (fact 32)', (Protocol, protocols) => {
  const [only] = noun(
    build({ Lb: balancer(), L: listener({ Protocol }), Tg: targetGroup() }).loadBalancers,
    'S.Lb',
  ).listeners;
  expect(only).toMatchObject({ protocols, ports: { from: 443, to: 443 }, targetGroups: ['S.Tg'], certain: true });
});

test('a listener forwards to whatever any of its rules forwards to (fact 32)', () => {
  const Rule = of(`${V2}::ListenerRule`, {
    ListenerArn: { Ref: 'L' },
    Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups: [{ TargetGroupArn: { Ref: 'Other' } }] } }],
  });
  const network = build({ Lb: balancer(), L: listener(), Rule, Tg: targetGroup(), Other: targetGroup() });
  expect(noun(network.loadBalancers, 'S.Lb').listeners[0]?.targetGroups).toEqual(['S.Other', 'S.Tg']);
});

test('a rule of a listener that no template shows is named, not dropped', () => {
  const Rule = of(`${V2}::ListenerRule`, {
    ListenerArn: 'arn:x',
    Actions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Tg' } }],
  });
  expect(noun(build({ Rule, Tg: targetGroup() }).unmodelled, 'S.Rule').touches).toEqual(['S.Tg']);
});

const preserve = (value: string) => ({ TargetGroupAttributes: [{ Key: 'preserve_client_ip.enabled', Value: value }] });
test.each<[string, object, unknown]>([
  ['instance targets over TCP: the client', {}, true],
  ['ip targets over TCP: the balancer', { TargetType: 'ip' }, false],
  ['ip targets over TLS: the balancer', { TargetType: 'ip', Protocol: 'TLS' }, false],
  ['ip targets over UDP: the client', { TargetType: 'ip', Protocol: 'UDP' }, true],
  ['ip targets that preserve it', { TargetType: 'ip', ...preserve('true') }, true],
  ['instance targets that do not', preserve('false'), false],
  ['a proxy: itself', { Protocol: 'HTTP' }, false],
  ['an unknown type of target over TCP', { TargetType: unknown('p', ['S.P']) }, 'unknown'],
])('whose address the target sees, %s (fact 32)', (_, more, expected) => {
  expect(plain(noun(build({ Tg: targetGroup(more) }).targetGroups, 'S.Tg').preserveClientIp)).toBe(expected);
});

describe('what is registered', () => {
  const instance = of('AWS::EC2::Instance', { SubnetId: { Ref: 'A' } });
  const targets = (more: Readonly<Record<string, Written>>) => noun(build(more).targetGroups, 'S.Tg');

  test('an instance, with a port of its own', () => {
    const Tg = targetGroup({ Targets: [{ Id: { Ref: 'I' }, Port: 9000 }] });
    expect(targets({ I: instance, Tg }).targets).toEqual([
      { to: { kind: 'interface', id: 'S.I' }, port: 9000, certain: true },
    ]);
  });

  test('an address', () => {
    const Tg = targetGroup({ TargetType: 'ip', Targets: [{ Id: '10.0.1.7' }] });
    expect(targets({ Tg }).targets).toMatchObject([{ to: { kind: 'address', cidr: { length: 32 } } }]);
  });

  test('an application balancer behind a network balancer', () => {
    const Tg = targetGroup({ TargetType: 'alb', Targets: [{ Id: { Ref: 'Lb' } }] });
    expect(targets({ Lb: balancer(), Tg }).targets).toMatchObject([
      { to: { kind: 'interface', id: 'S.Lb#interface' } },
    ]);
  });

  test('what an auto scaling group and an ECS service register', () => {
    const Asg = of('AWS::AutoScaling::AutoScalingGroup', {
      VPCZoneIdentifier: [{ Ref: 'A' }],
      TargetGroupARNs: [{ Ref: 'Tg' }],
    });
    const Service = of('AWS::ECS::Service', {
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: [{ Ref: 'A' }], SecurityGroups: [{ Ref: 'Group' }] } },
      LoadBalancers: [{ TargetGroupArn: { Ref: 'Tg' }, ContainerPort: 8080 }],
    });
    expect(targets({ Asg, Service, Tg: targetGroup() }).targets.map(({ to, port }) => [to, port])).toEqual([
      [{ kind: 'interface', id: 'S.Asg' }, undefined],
      [{ kind: 'interface', id: 'S.Service' }, 8080],
    ]);
  });

  test('a service whose tasks have no interface leaves the targets open', () => {
    const Service = of('AWS::ECS::Service', {
      LoadBalancers: [{ TargetGroupArn: { Ref: 'Tg' }, ContainerPort: 8080 }],
    });
    expect(targets({ Service, Tg: targetGroup() }).unknownTargets?.reason).toContain('S.Service');
  });

  test('an empty group is there for something that no template shows', () => {
    expect(targets({ Tg: targetGroup() }).unknownTargets?.reason).toContain('S.Tg');
    expect(targets({ Tg: targetGroup({ TargetType: 'lambda' }) }).unknownTargets).toBeUndefined();
  });

  test('a target that only a parameter knows', () => {
    const Tg = targetGroup({ Targets: [{ Id: unknown('parameter', ['S.Target']) }] });
    expect(targets({ Tg }).unknownTargets?.parameters).toEqual(['S.Target']);
  });
});

test('a classic balancer has its listeners and instances within itself', () => {
  const Lb = of('AWS::ElasticLoadBalancing::LoadBalancer', {
    Subnets: [{ Ref: 'A' }],
    SecurityGroups: [{ Ref: 'Group' }],
    Instances: [{ Ref: 'I' }],
    Listeners: [{ LoadBalancerPort: '80', InstancePort: '8080', Protocol: 'http' }],
  });
  const network = build({ Lb, I: of('AWS::EC2::Instance', { SubnetId: { Ref: 'A' } }) });
  expect(noun(network.loadBalancers, 'S.Lb')).toMatchObject({ type: 'classic', scheme: 'internet-facing' });
  const [group] = noun(network.loadBalancers, 'S.Lb').listeners[0]?.targetGroups ?? [];
  expect(noun(network.targetGroups, group ?? '')).toMatchObject({
    port: 8080,
    targets: [{ to: { kind: 'interface', id: 'S.I' } }],
  });
});
