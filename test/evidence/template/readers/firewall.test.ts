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
  const action = rule.partial === undefined ? rule.action : `${rule.action}?`;
  return `${action} ${what} ${list(rule.sources)} ${rule.bothWays ? '<->' : '->'} ${list(rule.destinations)}`;
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

test.each<[string, string, string, readonly string[]]>([
  ['pass what rules would look at', 'aws:forward_to_sfe', 'aws:pass', ['pass? 17 0.0.0.0/0,::/0 -> 0.0.0.0/0,::/0']],
  [
    'are looked at where the rest is dropped',
    'aws:drop',
    'aws:forward_to_sfe',
    ['forward? 17 0.0.0.0/0,::/0 -> 0.0.0.0/0,::/0'],
  ],
  ['are dropped where the rest is not, and whole datagrams go on', 'aws:forward_to_sfe', 'aws:drop', []],
  ['do as all others', 'aws:forward_to_sfe', 'aws:forward_to_sfe', []],
  ['add nothing where everything passes', 'aws:pass', 'aws:forward_to_sfe', []],
])('fragments of UDP %s (fact 34)', (_, whole, fragments, rules) => {
  const document = { StatelessDefaultActions: [whole], StatelessFragmentDefaultActions: [fragments] };
  expect(policyOf(document).stateless.map(written)).toEqual(rules);
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
    { Action: 'PASS', Header: header({ Destination: '$SERVERS' }) },
    ['pass 6/443-443 10.0.0.0/8 -> unknown'],
  ],
  [
    'the home network that nobody sets, which is that of the firewall',
    { Action: 'PASS', Header: header({ Destination: '$HOME_NET' }) },
    ['pass 6/443-443 10.0.0.0/8 -> 10.0.0.0/16'],
  ],
  [
    'a negation',
    { Action: 'DROP', Header: header({ Source: '!128.0.0.0/1' }) },
    ['drop 6/443-443 0.0.0.0/1,::/0 -> 0.0.0.0/0,::/0'],
  ],
  [
    'a negation of what is not known',
    { Action: 'DROP', Header: header({ Source: '!$SERVERS' }) },
    ['drop 6/443-443 unknown -> 0.0.0.0/0,::/0'],
  ],
  [
    'a list that does not end',
    { Action: 'DROP', Header: header({ Source: '[' }) },
    ['drop 6/443-443 unknown -> 0.0.0.0/0,::/0'],
  ],
  [
    'a list with a list in it',
    { Action: 'DROP', Header: header({ Source: '[[10.1.0.0/16,10.2.0.0/16],!10.1.0.0/17]' }) },
    ['drop 6/443-443 10.1.128.0/17,10.2.0.0/16 -> 0.0.0.0/0,::/0'],
  ],
  [
    'a list with a negation in it',
    { Action: 'DROP', Header: header({ Source: '[10.0.0.0/8, !10.128.0.0/9]' }) },
    ['drop 6/443-443 10.0.0.0/9 -> 0.0.0.0/0,::/0'],
  ],
  [
    'an option that narrows',
    { Action: 'PASS', Header: header(), RuleOptions: [{ Keyword: 'content', Settings: ['x'] }] },
    ['pass? 6/443-443 10.0.0.0/8 -> 0.0.0.0/0,::/0'],
  ],
  [
    'a protocol above transport',
    { Action: 'PASS', Header: header({ Protocol: 'TLS', DestinationPort: 'ANY' }) },
    ['pass? 6 10.0.0.0/8 -> 0.0.0.0/0,::/0', 'pass? 17 10.0.0.0/8 -> 0.0.0.0/0,::/0'],
  ],
  ['an alert decides nothing', { Action: 'ALERT', Header: header() }, []],
  [
    'requests only, which are all that opens a flow',
    { Action: 'DROP', Header: header(), RuleOptions: [{ Keyword: 'flow', Settings: ['to_server'] }] },
    ['drop 6/443-443 10.0.0.0/8 -> 0.0.0.0/0,::/0'],
  ],
  ['replies only', { Action: 'DROP', Header: header(), RuleOptions: [{ Keyword: 'flow:to_client' }] }, []],
  [
    'what is established',
    { Action: 'DROP', Header: header(), RuleOptions: [{ Keyword: 'flow', Settings: ['established,to_server'] }] },
    ['drop? 6/443-443 10.0.0.0/8 -> 0.0.0.0/0,::/0'],
  ],
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

test("a range that may be the VPC's leaves its home network open", () => {
  const G = stateful({ Action: 'DROP', Header: header({ Destination: '$HOME_NET' }) });
  const more = of('AWS::EC2::VPCCidrBlock', { VpcId: unknown('parameter'), CidrBlock: '10.1.0.0/16' });
  const { stateful: rules } = policyOf({ StatefulRuleGroupReferences: references('G') }, { G, more });
  expect(rules.map(written)).toEqual(['drop 6/443-443 10.0.0.0/8 -> unknown']);
});

test.each(['constructor', 'toString', '__proto__'])(
  '`%s` is a protocol that looks into packets, not a transport',
  (name) => {
    const G = stateful({ Action: 'DROP', Header: header({ Protocol: name }) });
    const { stateful: rules } = policyOf({ StatefulRuleGroupReferences: references('G') }, { G });
    expect(rules.map(({ partial }) => partial)).toEqual(rules.map(() => 'a rule of it looks into the packets'));
    expect(rules).toHaveLength(2);
  },
);

const text = (RulesString: unknown, RuleVariables?: object) => group({ RulesSource: { RulesString }, RuleVariables });
const HOME = { PolicyVariables: { RuleVariables: { HOME_NET: { Definition: ['10.0.0.0/8'] } } } };

test.each<[string, string, string[]]>([
  ['comments and alerts decide nothing', '# none\n\nalert ip any any -> any any (msg:"x"; sid:1;)', []],
  [
    'a drop by its header is a drop',
    'drop tcp any any -> 10.9.0.0/16 22 (sid:1;)',
    ['drop 6/22-22 any -> 10.9.0.0/16'],
  ],
  ['a reject, too', 'reject udp any any -> any 53 (msg:"no; really"; sid:1;)', ['drop 17/53-53 any -> any']],
  [
    'a drop of what the packets hold is one of some',
    'drop tls any any -> any 443 (tls.sni; content:".example"; endswith; sid:1;)',
    ['drop? 6/443-443 any -> any', 'drop? 17/443-443 any -> any'],
  ],
  ['a pass is never certain', 'pass tcp any any -> any 443 (sid:1;)', ['pass? 6/443-443 any -> any']],
  [
    'both ways',
    'drop icmp any any <> 10.9.0.0/16 any (sid:1;)',
    ['drop 1 any <-> 10.9.0.0/16', 'drop 58 any <-> 10.9.0.0/16'],
  ],
  [
    "the policy's home network, and everything else",
    'drop ip $EXTERNAL_NET any -> $HOME_NET any (flow:to_server; sid:1;)',
    [
      'drop all 0.0.0.0/5,8.0.0.0/7,11.0.0.0/8,12.0.0.0/6,16.0.0.0/4,32.0.0.0/3,64.0.0.0/2,128.0.0.0/1,::/0 -> 10.0.0.0/8',
    ],
  ],
  ['what only answers match', 'drop tcp any 443 -> any any (flow:to_client; sid:1;)', []],
  ['one rule on two lines', 'drop tcp any any -> \\\n any 22 (sid:1;)', ['drop 6/22-22 any -> any']],
])('Suricata text: %s (fact 34)', (_, rules, expected) => {
  const policy = policyOf({ ...HOME, StatefulRuleGroupReferences: references('G') }, { G: text(rules) });
  const short = (rule: FirewallRule) => written(rule).replaceAll('0.0.0.0/0,::/0', 'any');
  expect(policy.opaque).toEqual([]);
  expect(policy.stateful.map(short)).toEqual(expected);
});

test('sets of a rule group come before those of the policy', () => {
  const G = text('drop ip any any -> $HOME_NET any (sid:1;)', {
    IPSets: { HOME_NET: { Definition: ['10.9.0.0/16'] } },
  });
  const { stateful } = policyOf({ ...HOME, StatefulRuleGroupReferences: references('G') }, { G });
  expect(stateful.map(written)).toEqual(['drop all 0.0.0.0/0,::/0 -> 10.9.0.0/16']);
});

test.each<[string, unknown]>([
  ['that is no rule', 'drop everything'],
  ['with an action of its own', 'bypass tcp any any -> any any (sid:1;)'],
  ['that a parameter holds', unknown('parameter')],
])('Suricata text %s is opaque, and named', (_, rules) => {
  const { opaque } = policyOf({ StatefulRuleGroupReferences: references('G') }, { G: text(rules) });
  expect(opaque.map(({ id }) => id)).toEqual(['S.G']);
});

test.each<[string, string[]]>([
  ['ALLOWLIST', ['pass? 6 10.0.0.0/8 -> 0.0.0.0/0,::/0', 'drop? 6 10.0.0.0/8 -> 0.0.0.0/0,::/0']],
  ['DENYLIST', ['drop? 6 10.0.0.0/8 -> 0.0.0.0/0,::/0']],
  ['ALERTLIST', []],
])('a list of domains sees web traffic of the home network: %s (fact 34)', (GeneratedRulesType, expected) => {
  const RulesSourceList = { TargetTypes: ['TLS_SNI'], Targets: ['example.com'], GeneratedRulesType };
  const G = group({ RulesSource: { RulesSourceList } });
  const { stateful, opaque } = policyOf({ ...HOME, StatefulRuleGroupReferences: references('G') }, { G });
  expect(opaque).toEqual([]);
  expect(stateful.map(written)).toEqual(expected);
});

test('a managed rule group drops what AWS knows, by its ARN, unless it is only to tell', () => {
  const ResourceArn = 'arn:aws:network-firewall:eu-west-2:aws-managed:stateful-rulegroup/ThreatSignaturesBotnet';
  const of = (reference: object) => policyOf({ StatefulRuleGroupReferences: [{ ResourceArn, ...reference }] });
  expect(of({}).stateful).toMatchObject([
    { action: 'drop', partial: 'AWS manages what it drops', origin: { resource: ResourceArn } },
  ]);
  expect(of({ Override: { Action: 'DROP_TO_ALERT' } }).stateful).toEqual([]);
  expect(of({}).opaque).toEqual([]);
});

test('a rule group of somebody else is opaque, by its ARN', () => {
  const arn = 'arn:aws:network-firewall:eu-west-2:111122223333:stateful-rulegroup/Ours';
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
