/**
 * What a Network Firewall lets pass (SEMANTICS 34): stateless rules first, then stateful ones. Exact for 5-tuple and
 * prefix rules; a Suricata text, a domain list or a managed group *may* pass anything and *must* pass nothing.
 */
import { AddressSet, PacketSet } from '../../base/net';
import { type Approximation, type Firewall, type FirewallPolicy, type FirewallRule, isUnknown } from '../network';
import { approximate, type Doubt, type Filter, packetsOf, use } from './filter';

function matchOf(rule: FirewallRule, approximation: Approximation): PacketSet {
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
    undecided = undecided.subtract(matchOf(rule, may ? 'must' : 'may'));
  }
  const last = policy.statelessDefault;
  if (last === 'pass' || (last === 'unknown' && may)) passed = passed.union(undecided);
  if (last === 'forward') forwarded = forwarded.union(undecided);
  return { passed, forwarded };
}

/** What the stateful engine lets a new flow do. */
function passStateful(policy: FirewallPolicy, approximation: Approximation): PacketSet {
  const may = approximation === 'may';
  if (policy.opaque.length > 0) return may ? PacketSet.ALL : PacketSet.EMPTY;
  const strict = policy.order === 'strict';
  // Without strict order, AWS evaluates pass rules before drop rules, whatever their place.
  const rank = (rule: FirewallRule) => (strict ? rule.priority : rule.action === 'pass' ? 0 : 1);
  let undecided = PacketSet.ALL;
  let passed = PacketSet.EMPTY;
  for (const rule of [...policy.stateful].sort((a, b) => rank(a) - rank(b))) {
    const matched = undecided.intersect(matchOf(rule, approximation));
    if (rule.action === 'pass' || (rule.action === 'unknown' && may)) passed = passed.union(matched);
    undecided = undecided.subtract(matchOf(rule, may ? 'must' : 'may'));
  }
  const passesRest = policy.statefulDefault === 'pass' || (policy.statefulDefault === 'unknown' && may);
  return passesRest ? passed.union(undecided) : passed;
}

/** `reply`: the stateful engine lets the replies of what it passed through. */
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
  const stateful = direction === 'reply' ? PacketSet.ALL : passStateful(policy, approximation);
  const doubts = policy.opaque.map(
    (one): Doubt => ({ packets: forwarded, use: { resource: one.id, reason: one.reason, parameters: [] } }),
  );
  return { passes: passed.union(forwarded.intersect(stateful)), doubts: direction === 'reply' ? [] : doubts };
}
