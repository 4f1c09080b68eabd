import { formatPrefix } from '../../../../lib/base/net';
import { type FirewallPolicy, type FirewallRule, isUnknown, unknown } from '../../../../lib/evidence/network';
import { networkOf, noun, subnet, VPC, type Written } from './fixture';

const of = (Type: string, Properties: Readonly<Record<string, unknown>> = {}): Written => ({ Type, Properties });
const NF = 'AWS::NetworkFirewall';
const Fw = of(`${NF}::Firewall`, {
  VpcId: { Ref: 'Vpc' },
  SubnetMappings: [{ SubnetId: { Ref: 'A' } }],
  FirewallPolicyArn: { 'Fn::GetAtt': ['Policy', 'FirewallPolicyArn'] },
});
const BASE = { Vpc: VPC, A: subnet(), Fw };

function policyOf(document: object, more: Readonly<Record<string, Written>> = {}): FirewallPolicy {
  const network = networkOf({ ...BASE, Policy: of(`${NF}::FirewallPolicy`, { FirewallPolicy: document }), ...more });
  const { policy } = noun(network.firewalls, 'S.Fw');
  if (isUnknown(policy)) throw new Error(policy.reason);
  return policy;
}

function written(rule: FirewallRule): string {
  const { traffic } = rule;
  const what = isUnknown(traffic)
    ? 'unknown'
    : `${traffic.protocol}${traffic.ports ? `/${traffic.ports.from}-${traffic.ports.to}` : ''}`;
  const list = (ranges: FirewallRule['sources']) =>
    ranges.map((one) => (isUnknown(one) ? 'unknown' : formatPrefix(one))).join(',');
  return `${rule.action} ${what} ${list(rule.sources)} ${rule.bothWays ? '<->' : '->'} ${list(rule.destinations)}`;
}

test.each<[string, object, object]>([
  ['action order passes what no rule matches', {}, { order: 'action', statefulDefault: 'pass' }],
  [
    'strict order without a default action passes, too',
    { StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' } },
    { order: 'strict', statefulDefault: 'pass' },
  ],
  [
    'strict order that drops',
    { StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' }, StatefulDefaultActions: ['aws:drop_strict'] },
    { statefulDefault: 'drop' },
  ],
  [
    'dropping what is established lets a connection open: neither',
    { StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' }, StatefulDefaultActions: ['aws:drop_established'] },
    { statefulDefault: 'unknown' },
  ],
  [
    'only alerting passes',
    { StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' }, StatefulDefaultActions: ['aws:alert_strict'] },
    { statefulDefault: 'pass' },
  ],
  ['stateless: forward', { StatelessDefaultActions: ['aws:forward_to_sfe'] }, { statelessDefault: 'forward' }],
  ['stateless: pass', { StatelessDefaultActions: ['aws:pass', 'metrics'] }, { statelessDefault: 'pass' }],
  ['stateless: drop', { StatelessDefaultActions: ['aws:drop'] }, { statelessDefault: 'drop' }],
  ['stateless: not known', { StatelessDefaultActions: unknown('p') }, { statelessDefault: 'unknown' }],
])('defaults: %s (fact 34)', (_, document, expected) => {
  expect(policyOf(document)).toMatchObject(expected);
});

const group = (rules: object) => of(`${NF}::RuleGroup`, { RuleGroup: rules });
const stateful = (...rules: object[]) =>
  group({
    RulesSource: { StatefulRules: rules },
    RuleVariables: { IPSets: { HOSTS: { Definition: ['10.9.0.0/16'] } } },
  });
const header = (more: object = {}) => ({
  Protocol: 'TCP',
  Source: '10.0.0.0/8',
  SourcePort: 'ANY',
  Destination: 'ANY',
  DestinationPort: '443',
  Direction: 'FORWARD',
  ...more,
});
const references = (...ids: string[]) =>
  ids.map((id, index) => ({
    ResourceArn: { 'Fn::GetAtt': [id, 'RuleGroupArn'] },
    Priority: 10 * (ids.length - index),
  }));

test.each<[string, object, string[]]>([
  [
    'a 5-tuple',
    { Action: 'PASS', Header: header(), RuleOptions: [{ Keyword: 'sid:1' }] },
    ['pass 6/443-443 10.0.0.0/8 -> 0.0.0.0/0,::/0'],
  ],
  [
    'both ways',
    { Action: 'DROP', Header: header({ Direction: 'ANY', DestinationPort: 'ANY' }) },
    ['drop 6 10.0.0.0/8 <-> 0.0.0.0/0,::/0'],
  ],
  [
    'lists',
    { Action: 'PASS', Header: header({ Source: '[10.1.0.0/16,10.2.0.0/16]', DestinationPort: '[80,443:444]' }) },
    [
      'pass 6/80-80 10.1.0.0/16,10.2.0.0/16 -> 0.0.0.0/0,::/0',
      'pass 6/443-444 10.1.0.0/16,10.2.0.0/16 -> 0.0.0.0/0,::/0',
    ],
  ],
  [
    'a variable',
    { Action: 'PASS', Header: header({ Destination: '$HOSTS' }) },
    ['pass 6/443-443 10.0.0.0/8 -> 10.9.0.0/16'],
  ],
  [
    'a variable set elsewhere',
    { Action: 'PASS', Header: header({ Destination: '$HOME_NET' }) },
    ['pass 6/443-443 10.0.0.0/8 -> unknown'],
  ],
  [
    'a negation',
    { Action: 'DROP', Header: header({ Source: '!10.0.0.0/8' }) },
    ['drop 6/443-443 unknown -> 0.0.0.0/0,::/0'],
  ],
  [
    'an option that narrows',
    { Action: 'PASS', Header: header(), RuleOptions: [{ Keyword: 'content', Settings: ['x'] }] },
    ['unknown 6/443-443 10.0.0.0/8 -> 0.0.0.0/0,::/0'],
  ],
  [
    'a protocol above transport',
    { Action: 'PASS', Header: header({ Protocol: 'TLS', DestinationPort: 'ANY' }) },
    ['unknown 6 10.0.0.0/8 -> 0.0.0.0/0,::/0', 'unknown 17 10.0.0.0/8 -> 0.0.0.0/0,::/0'],
  ],
  ['an alert', { Action: 'ALERT', Header: header() }, ['unknown 6/443-443 10.0.0.0/8 -> 0.0.0.0/0,::/0']],
])('a stateful rule: %s', (_, rule, expected) => {
  const policy = policyOf({ StatefulRuleGroupReferences: references('G') }, { G: stateful(rule) });
  expect(policy.stateful.map(written)).toEqual(expected);
});

test('rules come in the order of their groups, then within each', () => {
  const one = stateful({ Action: 'PASS', Header: header() }, { Action: 'DROP', Header: header() });
  const two = stateful({ Action: 'DROP', Header: header({ DestinationPort: '80' }) });
  const policy = policyOf({ StatefulRuleGroupReferences: references('One', 'Two') }, { One: one, Two: two });
  expect(policy.stateful.map(({ origin, action }) => `${origin.resource} ${action}`)).toEqual([
    'S.Two drop',
    'S.One pass',
    'S.One drop',
  ]);
});

test('stateless rules by priority, with everything that is not named', () => {
  const rule = (Priority: number, Actions: string[], MatchAttributes: object) => ({
    Priority,
    RuleDefinition: { Actions, MatchAttributes },
  });
  const StatelessRules = [
    rule(20, ['aws:drop'], {}),
    rule(10, ['aws:pass'], {
      Protocols: [6],
      Destinations: [{ AddressDefinition: '10.1.0.0/16' }],
      DestinationPorts: [{ FromPort: 443, ToPort: 443 }],
    }),
    rule(15, ['aws:pass'], { Protocols: [6], TCPFlags: [{ Flags: ['SYN'] }] }),
  ];
  const G = group({ RulesSource: { StatelessRulesAndCustomActions: { StatelessRules } } });
  const policy = policyOf({ StatelessRuleGroupReferences: references('G') }, { G });
  expect(policy.stateless.map(written)).toEqual([
    'pass 6/443-443 0.0.0.0/0,::/0 -> 10.1.0.0/16',
    'unknown 6 0.0.0.0/0,::/0 -> 0.0.0.0/0,::/0',
    'drop all 0.0.0.0/0,::/0 -> 0.0.0.0/0,::/0',
  ]);
});

test.each<[string, Readonly<Record<string, Written>>]>([
  ['Suricata text', { G: group({ RulesSource: { RulesString: 'pass tcp any any -> any any (sid:1;)' } }) }],
  [
    'a list of domains',
    {
      G: group({
        RulesSource: {
          RulesSourceList: { TargetTypes: ['TLS_SNI'], Targets: ['example.com'], GeneratedRulesType: 'ALLOWLIST' },
        },
      }),
    },
  ],
])('%s is opaque, and named', (_, more) => {
  expect(policyOf({ StatefulRuleGroupReferences: references('G') }, more).opaque.map(({ id }) => id)).toEqual(['S.G']);
});

test('a managed rule group is opaque, by its ARN', () => {
  const arn = 'arn:aws:network-firewall:eu-west-2:aws-managed:stateful-rulegroup/ThreatSignaturesBotnet';
  expect(policyOf({ StatefulRuleGroupReferences: [{ ResourceArn: arn }] }).opaque.map(({ id }) => id)).toEqual([arn]);
});

test('a policy that no template shows is unknown', () => {
  const Elsewhere = { ...Fw, Properties: { ...Fw.Properties, FirewallPolicyArn: 'arn:aws:network-firewall:x' } };
  expect(isUnknown(noun(networkOf({ ...BASE, Fw: Elsewhere }).firewalls, 'S.Fw').policy)).toBe(true);
});

test('a firewall that is attached to a transit gateway is an attachment', () => {
  const Attached = of(`${NF}::Firewall`, { TransitGatewayId: { Ref: 'Tgw' }, FirewallPolicyArn: 'arn:x' });
  const network = networkOf({ Tgw: of('AWS::EC2::TransitGateway'), Fw: Attached });
  expect(noun(network.transitGatewayAttachments, 'S.Fw#attachment').attached).toEqual({ kind: 'firewall', id: 'S.Fw' });
});
