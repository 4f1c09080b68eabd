/**
 * Firewall policies and rule groups: 5-tuple and stateless rules exactly; what Suricata text and domain lists pass as
 * *may*, what no template shows as opaque (fact 34). Evaluation order:
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
 */
import { type Prefix, UDP } from '../../../base/net';
import { type FirewallPolicy, type FirewallRule, isUnknown, type ResourceId, unknown, type Value } from '../../network';
import { ReferenceValue, type Resource } from '../resource';
import { statelessAction, statelessRules } from './firewall-rule';
import { ANYWHERE, policySets } from './firewall-sets';
import {
  at,
  type Item,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  numberOf,
  onlyReferenceIn,
  type Property,
  plainText,
  textOf,
} from './property';
import { knownOf, originOf, type Reading } from './reading';
import { managedRules, statefulRules } from './stateful-rule';

/** Room for the rules of one group between two priorities of groups. */
const GROUP_STRIDE = 100_000;

/** `vpc`: where the firewall stands. */
export function firewallPolicy(firewall: Resource, vpc: ResourceId, reading: Reading): Value<FirewallPolicy> {
  const property = at(firewall.properties, 'FirewallPolicyArn');
  if (isUnknownProperty(property)) return property;
  const reference = onlyReferenceIn(property);
  const policy = reference && reading.resource(reference.reference.resource);
  if (policy?.type !== 'AWS::NetworkFirewall::FirewallPolicy') {
    return unknown(`the policy of \`${firewall.id}\` is in no template`);
  }
  return policyOf(at(policy.properties, 'FirewallPolicy'), policy, homeOf(vpc, reading), reading);
}

/** What AWS takes for `HOME_NET` where nobody sets it. */
function homeOf(vpc: ResourceId, reading: Reading): readonly Value<Prefix>[] {
  const more = reading.satellites('AWS::EC2::VPCCidrBlock', 'VpcId').get(vpc) ?? [];
  const isOpen = ({ properties }: Resource) => !(at(properties, 'VpcId') instanceof ReferenceValue);
  if (reading.ofType('AWS::EC2::VPCCidrBlock').some(isOpen)) return [unknown('a range of the VPC is left open')];
  const cidrs = more.length === 0 ? (reading.get('vpcs', vpc)?.cidrs ?? []) : [];
  return cidrs.length > 0 ? cidrs : [unknown('`$HOME_NET` is set by AWS')];
}

function policyOf(
  document: Property,
  policy: Resource,
  home: readonly Value<Prefix>[],
  reading: Reading,
): Value<FirewallPolicy> {
  if (isUnknownProperty(document)) return document;
  const order = textOf(at(document, 'StatefulEngineOptions', 'RuleOrder')) ?? 'DEFAULT_ACTION_ORDER';
  if (isUnknown<string>(order)) return order;
  const isStrict = order.toUpperCase() === 'STRICT_ORDER';
  const opaque = new Map<ResourceId, string>();
  const groups = (name: string) => groupsOf(at(document, name), policy, reading, opaque);
  const sets = policySets(document, home);
  const stateless = groups('StatelessRuleGroupReferences').flatMap((group) => rulesOf(group, opaque, statelessRules));
  // what is not known of the stateless rules may come before the others, and pass, drop or forward
  const isOpen = opaque.size > 0;
  const stateful = groups('StatefulRuleGroupReferences').flatMap((group) =>
    rulesOf(group, opaque, (rules, resource) => statefulRules(rules, resource, sets)),
  );
  const statelessDefault = isOpen ? 'unknown' : statelessAction(at(document, 'StatelessDefaultActions'));
  return {
    stateless: isOpen ? [] : [...byPriority(stateless), ...fragmentRules(document, policy, statelessDefault)],
    statelessDefault,
    stateful: byPriority(stateful),
    order: isStrict ? 'strict' : 'action',
    statefulDefault: isStrict ? statefulDefault(at(document, 'StatefulDefaultActions')) : 'pass',
    opaque: [...opaque].map(([id, reason]) => ({ id, reason })).sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/**
 * Whoever sends a UDP datagram in fragments meets a default of its own; fragments of other protocols are dropped.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateless-default-actions.html
 */
function fragmentRules(
  document: Property,
  policy: Resource,
  otherwise: FirewallPolicy['statelessDefault'],
): FirewallRule[] {
  const actions = at(document, 'StatelessFragmentDefaultActions');
  const action = isAbsent(actions) ? otherwise : statelessAction(actions);
  const opensMore = action !== otherwise && action !== 'drop' && otherwise !== 'pass';
  if (!opensMore) return [];
  const partial = `its default for fragments of UDP is ${action}`;
  const priority = Number.MAX_SAFE_INTEGER;
  const any = { sources: ANYWHERE, destinations: ANYWHERE, bothWays: false };
  return [{ origin: originOf(policy), action, priority, partial, traffic: { protocol: UDP }, ...any }];
}

const byPriority = (rules: FirewallRule[]) => rules.sort((a, b) => a.priority - b.priority);

interface Group {
  readonly resource: Resource;
  readonly priority: number;
  /** a group of AWS's: its ARN, and whether the policy lets it do no more than tell */
  readonly managed?: { readonly arn: string; readonly isAlertOnly: boolean };
}

const MANAGED = /:aws-managed:stateful-rulegroup\//;

/** The rule groups that templates show, and AWS's; the rest is opaque. */
function groupsOf(references: Property, policy: Resource, reading: Reading, opaque: Map<ResourceId, string>): Group[] {
  return itemsOf(references).flatMap((item, index) => {
    const resource = shownGroup(item, reading);
    const priority = numberOf(at(item.value, 'Priority')) ?? index;
    const arn = plainText(at(item.value, 'ResourceArn'));
    const place = resource?.id ?? arn ?? `${policy.id}#rule-group-${index}`;
    const override = plainText(at(item.value, 'Override', 'Action'));
    if (arn !== undefined && MANAGED.test(arn) && item.certain && !isUnknown<number>(priority)) {
      return [{ resource: policy, priority, managed: { arn, isAlertOnly: override === 'DROP_TO_ALERT' } }];
    }
    if (!resource) opaque.set(place, 'the rule group is in no template');
    else if (!item.certain || !resource.certain)
      opaque.set(place, 'a condition decides whether the rule group is used');
    else if (isUnknown<number>(priority)) opaque.set(place, 'the priority of the rule group is not known');
    else if (!isAbsent(at(item.value, 'Override'))) opaque.set(place, 'the policy overrides what the rule group does');
    else return [{ resource, priority }];
    return [];
  });
}

function shownGroup(item: Item, reading: Reading): Resource | undefined {
  const reference = onlyReferenceIn(at(item.value, 'ResourceArn'));
  const resource = reference && reading.resource(reference.reference.resource);
  return resource?.type === 'AWS::NetworkFirewall::RuleGroup' ? resource : undefined;
}

type ReadRules = (source: Property, group: Resource) => FirewallRule[] | { readonly opaque: string };

function rulesOf(group: Group, opaque: Map<ResourceId, string>, read: ReadRules): FirewallRule[] {
  const { resource, priority, managed } = group;
  const rules = managed
    ? managedRules(managed.arn, resource, managed.isAlertOnly)
    : read(at(resource.properties, 'RuleGroup'), resource);
  if ('opaque' in rules) {
    opaque.set(resource.id, rules.opaque);
    return [];
  }
  return rules.map((rule) => ({ ...rule, priority: priority * GROUP_STRIDE + rule.priority }));
}

/**
 * In strict order a policy without a default action lets pass what no rule matches. `drop_established` lets the packets
 * through that open a connection and drops what follows: neither a pass nor a drop.
 */
function statefulDefault(actions: Property): FirewallPolicy['statefulDefault'] {
  const words = itemsOf(actions);
  if (words.some((word) => !word.certain || isUnknownProperty(word.value))) return 'unknown';
  const names = words.map((word) => knownOf(textOf(word.value)));
  if (names.includes('aws:drop_strict')) return 'drop';
  return names.some((name) => name === undefined || !name.startsWith('aws:alert_')) ? 'unknown' : 'pass';
}
