/**
 * Legs -> the rules of each security group. A group names another group inside one VPC, and a range across VPCs.
 * Equal rules of several conduits become one rule that names them all.
 */
import { formatPortRange, formatPrefix } from '../../base/net';
import { describe, type Leg, type Party } from './leg';
import type { GroupKey, RulePeer, RulePlan } from './network-plan';

export function rulesByGroup(legs: readonly Leg[]): Map<GroupKey, RulePlan[]> {
  const byGroup = new Map<GroupKey, Map<string, { rule: RulePlan; texts: Map<string, string> }>>();
  for (const leg of legs) {
    for (const { group, rule } of rulesOf(leg)) {
      const rules = byGroup.get(group) ?? new Map();
      byGroup.set(group, rules);
      const known = rules.get(ruleKey(rule)) ?? { rule, texts: new Map<string, string>() };
      known.texts.set(leg.conduit, leg.text);
      rules.set(ruleKey(rule), known);
    }
  }
  return new Map(
    [...byGroup].map(([group, rules]) => [group, [...rules].sort(byFirst).map(([, known]) => finish(known))]),
  );
}

/** Tells rules of one group apart, and orders them; logical ids are made from it. */
export function ruleKey(rule: Pick<RulePlan, 'direction' | 'protocol' | 'ports' | 'peer'>): string {
  const ports = rule.ports ? formatPortRange(rule.ports) : 'echo';
  return `${rule.direction} ${peerKey(rule.peer)} ${rule.protocol} ${ports}`;
}

function peerKey(peer: RulePeer): string {
  return peer.kind === 'group' ? peer.key : peer.kind === 'cidr' ? formatPrefix(peer.cidr) : `service:${peer.service}`;
}

function rulesOf(leg: Leg): { group: GroupKey; rule: RulePlan }[] {
  const { protocol, ports } = leg;
  const side = (owner: Party, other: Party, direction: 'ingress' | 'egress') =>
    owner.kind !== 'group'
      ? []
      : peersOf(other).map((peer) => ({
          group: owner.securityGroup,
          rule: { direction, protocol, ports, peer, conduits: [], description: '' } satisfies RulePlan,
        }));
  return [...side(leg.initiator, leg.responder, 'egress'), ...side(leg.responder, leg.initiator, 'ingress')];
}

function peersOf(party: Party): RulePeer[] {
  switch (party.kind) {
    case 'group':
      return [{ kind: 'group', key: party.securityGroup }];
    case 'ranges':
      return party.prefixes.map((cidr) => ({ kind: 'cidr', cidr }));
    case 'service':
      return [{ kind: 'service', service: party.service }];
  }
}

function finish({ rule, texts }: { rule: RulePlan; texts: Map<string, string> }): RulePlan {
  const sorted = [...texts].sort(byFirst);
  const conduits = sorted.map(([conduit]) => conduit);
  const [only] = sorted;
  const text = sorted.length === 1 && only ? `${only[0]}: ${only[1]}` : conduits.join(', ');
  return { ...rule, conduits, description: describe(text) };
}

function byFirst<T>(a: readonly [string, T], b: readonly [string, T]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}
