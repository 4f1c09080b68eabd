/**
 * What a Network Firewall lets pass (SEMANTICS 34): stateless rules first, then stateful ones. Exact for 5-tuple and
 * prefix rules; one that looks into packets matches some of its header's traffic in *may* and none of it in *must*.
 */
import { AddressSet, PacketSet } from '../../base/net';
import { type Approximation, type Firewall, type FirewallPolicy, type FirewallRule, isUnknown } from '../network';
import { approximate, type Doubt, type Filter, packetsOf, use } from './filter';

function matchOf(rule: FirewallRule, approximation: Approximation): PacketSet {
  if (rule.partial !== undefined && approximation === 'must') return PacketSet.EMPTY;
  const traffic = approximate(rule.traffic, approximation, packetsOf);
  const addresses = (list: FirewallRule['sources']): AddressSet => {
    if (list.length === 0) return AddressSet.ALL;
    const known = AddressSet.ofAll(list.flatMap((one) => (isUnknown(one) ? [] : [one])));
    return list.some((one) => isUnknown(one)) && approximation === 'may' ? AddressSet.ALL : known;
  };
  const oneWay = traffic.intersect(
    PacketSet.of({
      sources: addresses(rule.sources),
      destinations: addresses(rule.destinations),
      sourcePorts: rule.sourcePorts ? [rule.sourcePorts] : undefined,
    }),
  );
  return rule.bothWays ? oneWay.union(oneWay.reversed()) : oneWay;
}

interface Sorted {
  readonly passed: PacketSet;
  readonly forwarded: PacketSet;
}

/** First match by priority. */
function sortStateless(policy: FirewallPolicy, approximation: Approximation): Sorted {
  let undecided = PacketSet.ALL;
  let passed = PacketSet.EMPTY;
  let forwarded = PacketSet.EMPTY;
  const may = approximation === 'may';
  for (const rule of [...policy.stateless].sort((a, b) => a.priority - b.priority)) {
    const matched = undecided.intersect(matchOf(rule, approximation));
    if (rule.action === 'pass' || (rule.action === 'unknown' && may)) passed = passed.union(matched);
    if (rule.action === 'forward') forwarded = forwarded.union(matched);
    // what a pass rule perhaps matches goes on where it does not
    undecided = undecided.subtract(matchOf(rule, may || rule.action === 'pass' ? 'must' : 'may'));
  }
  const last = policy.statelessDefault;
  if (last === 'pass' || (last === 'unknown' && may)) passed = passed.union(undecided);
  if (last === 'forward') forwarded = forwarded.union(undecided);
  return { passed, forwarded };
}

/** What the stateful engine lets pass by a rule, and what else it lets pass. */
interface Judged {
  readonly byRule: PacketSet;
  readonly otherwise: PacketSet;
}

/** Without strict order AWS evaluates pass rules before drop rules, whatever their place; some may be either. */
const RANKS = { pass: 0, forward: 0, unknown: 1, drop: 2 } as const;

/** First match. */
function judgeStateful(
  { order, stateful }: FirewallPolicy,
  last: FirewallPolicy['statefulDefault'],
  approximation: Approximation,
): Judged {
  const may = approximation === 'may';
  const rank = (rule: FirewallRule) => (order === 'strict' ? rule.priority : RANKS[rule.action]);
  let undecided = PacketSet.ALL;
  let byRule = PacketSet.EMPTY;
  for (const rule of [...stateful].sort((a, b) => rank(a) - rank(b))) {
    const isPass = rule.action === 'pass';
    if (isPass || (rule.action === 'unknown' && may)) {
      byRule = byRule.union(undecided.intersect(matchOf(rule, approximation)));
    }
    // what a pass rule perhaps matches goes on where it does not
    undecided = undecided.subtract(matchOf(rule, may || isPass ? 'must' : 'may'));
  }
  const passesRest = last === 'pass' || (last === 'unknown' && may);
  return { byRule, otherwise: passesRest ? undecided : PacketSet.EMPTY };
}

/** What the stateful engine lets a new flow do. */
function passStateful(policy: FirewallPolicy, approximation: Approximation): PacketSet {
  if (policy.opaque.length > 0) return approximation === 'may' ? PacketSet.ALL : PacketSet.EMPTY;
  const { byRule, otherwise } = judgeStateful(policy, policy.statefulDefault, approximation);
  return byRule.union(otherwise);
}

/**
 * What answers to a flow that was let pass. A pass rule speaks for the whole flow; what only no rule stopped is looked at
 * again, from the other side, by all rules that do not ask for requests.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
 */
function passReplies(policy: FirewallPolicy, approximation: Approximation): PacketSet {
  if (policy.opaque.length > 0) return PacketSet.ALL;
  const begun = judgeStateful(policy, policy.statefulDefault, approximation).byRule.reversed();
  const stateful = policy.stateful.filter(({ isRequestsOnly }) => !isRequestsOnly);
  const { byRule, otherwise } = judgeStateful({ ...policy, stateful }, 'pass', approximation);
  return PacketSet.unionAll([begun, byRule, otherwise]);
}

/** `reply`: the answers to what it passed. */
export function filterOfFirewall(
  firewall: Firewall,
  approximation: Approximation,
  direction: 'forward' | 'reply',
): Filter {
  const may = approximation === 'may';
  if (isUnknown(firewall.policy)) {
    const doubts: Doubt[] = [{ packets: PacketSet.ALL, use: use(firewall.id, firewall.policy) }];
    return { passes: may ? PacketSet.ALL : PacketSet.EMPTY, doubts };
  }
  const policy = firewall.policy;
  const { passed, forwarded } = sortStateless(policy, approximation);
  const stateful = direction === 'reply' ? passReplies(policy, approximation) : passStateful(policy, approximation);
  const doubts = direction === 'reply' ? [] : doubtsOf(policy, forwarded, passed);
  return { passes: passed.union(forwarded.intersect(stateful)), doubts };
}

function doubtsOf({ opaque, stateful, stateless }: FirewallPolicy, forwarded: PacketSet, passed: PacketSet): Doubt[] {
  const looked = passed.union(forwarded);
  const inDoubt = (rules: readonly FirewallRule[], packets: PacketSet) =>
    rules.flatMap((rule) =>
      rule.partial === undefined
        ? []
        : [named(packets.intersect(matchOf(rule, 'may')), rule.origin.resource, rule.partial)],
    );
  const named = (packets: PacketSet, resource: string, reason: string): Doubt => ({
    packets,
    use: { resource, reason, parameters: [] },
  });
  return [
    ...opaque.map(({ id, reason }) => named(forwarded, id, reason)),
    ...inDoubt(stateless, looked),
    ...inDoubt(stateful, forwarded),
  ];
}
