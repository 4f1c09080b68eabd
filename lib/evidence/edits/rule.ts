/** One more rule of a security group, entry of a network ACL, or rule of a firewall, that admits what nothing admits now. */
import { ALL_IPV4, ALL_IPV6 } from '../../base/net';
import {
  type FirewallPolicy,
  type FirewallRule,
  isKnown,
  type NetworkAcl,
  type NetworkAclEntry,
  type NetworkModel,
  type ResourceId,
  type SecurityGroup,
  type SecurityGroupRule,
  type Traffic,
  unknown,
} from '../network';
import { changed, EditBook, type Lift } from './edit';

type Direction = 'ingress' | 'egress';

const DIRECTIONS: readonly Direction[] = ['ingress', 'egress'];

const EVERYTHING: Traffic = { protocol: 'all' };
const FAMILIES = [ALL_IPV4, ALL_IPV6];

/** Rules both ways at once: that one edit is not enough where both are missing shows when it is made alone. */
export function liftGroups(network: NetworkModel): Lift | undefined {
  const book = new EditBook('security-group');
  const isIdle = idleDefaults(network);
  const securityGroups = network.securityGroups.map((group) => {
    if (group.external || !group.certain || isIdle.has(group.id)) return group;
    const shut = DIRECTIONS.filter((direction) => !admitsAll(group[direction]));
    for (const direction of shut) {
      book.addUnder(group.id, group.id, `an ${direction} rule that allows it`, (given) => ({
        ...given,
        securityGroups: changed(given.securityGroups, group.id, (noun) => openGroup(noun, direction, true)),
      }));
    }
    return shut.reduce((opened, direction) => openGroup(opened, direction, false), group);
  });
  return book.isEmpty ? undefined : book.lift({ ...network, securityGroups });
}

function openGroup(group: SecurityGroup, direction: Direction, certain: boolean): SecurityGroup {
  return { ...group, [direction]: [...group[direction], ...rulesForAll(group, certain)] };
}

/** Default groups that nothing declared wears: who may be launched may wear another group as well. */
function idleDefaults(network: NetworkModel): ReadonlySet<ResourceId> {
  const worn = new Set(network.interfaces.flatMap(({ securityGroups }) => securityGroups));
  const named = new Set(network.securityGroups.flatMap(({ isDefault, vpc }) => (isDefault ? [] : [vpc])));
  const idle = network.securityGroups.filter(({ id, vpc, isDefault }) => isDefault && named.has(vpc) && !worn.has(id));
  return new Set(idle.map(({ id }) => id));
}

function rulesForAll({ origin }: SecurityGroup, certain: boolean): SecurityGroupRule[] {
  return FAMILIES.map((cidr) => ({ origin, certain, traffic: EVERYTHING, peer: { kind: 'cidr', cidr } }));
}

function admitsAll(rules: readonly SecurityGroupRule[]): boolean {
  return FAMILIES.every(({ family }) =>
    rules.some(({ certain, traffic, peer }) => {
      if (!certain || peer.kind !== 'cidr' || !isKnown(traffic) || !isKnown(peer.cidr)) return false;
      return traffic.protocol === 'all' && peer.cidr.family === family && peer.cidr.length === 0;
    }),
  );
}

/** An entry more, or an association less: a subnet without one falls back to the default ACL, which allows everything. */
export function liftAcls(network: NetworkModel): Lift | undefined {
  const book = new EditBook('network-acl');
  const subnetsOf = new Map<ResourceId, ResourceId[]>();
  for (const { id, networkAcl } of network.subnets) {
    if (isKnown(networkAcl)) subnetsOf.set(networkAcl, [...(subnetsOf.get(networkAcl) ?? []), id]);
  }
  const defaults = new Map(network.networkAcls.flatMap(({ id, vpc, isDefault }) => (isDefault ? [[vpc, id]] : [])));
  const networkAcls = network.networkAcls.map((acl) => {
    if (acl.external || !acl.certain || acl.isDefault) return acl;
    for (const direction of DIRECTIONS) {
      book.addUnder(acl.id, acl.id, `an ${direction} entry that allows it, before all others`, (given) => ({
        ...given,
        networkAcls: changed(given.networkAcls, acl.id, (noun) => openAcl(noun, direction, true)),
      }));
    }
    for (const id of subnetsOf.get(acl.id) ?? []) {
      const fallback = defaults.get(acl.vpc);
      if (fallback === undefined) continue;
      book.addUnder(acl.id, id, `the default network ACL of its VPC in place of ${acl.id}`, (given) => ({
        ...given,
        subnets: changed(given.subnets, id, (subnet) => ({ ...subnet, networkAcl: fallback })),
      }));
    }
    return DIRECTIONS.reduce((opened, direction) => openAcl(opened, direction, false), acl);
  });
  return book.isEmpty ? undefined : book.lift({ ...network, networkAcls });
}

function openAcl(acl: NetworkAcl, direction: Direction, certain: boolean): NetworkAcl {
  return { ...acl, entries: [...entriesForAll(acl, direction, certain), ...acl.entries] };
}

function entriesForAll({ origin, entries }: NetworkAcl, direction: Direction, certain: boolean): NetworkAclEntry[] {
  const first = Math.min(1, ...entries.map(({ number }) => (isKnown(number) ? number : 1))) - 1;
  return FAMILIES.map((cidr) => ({
    origin,
    certain,
    number: first,
    direction,
    action: 'allow',
    traffic: EVERYTHING,
    cidr,
  }));
}

export function liftFirewalls(network: NetworkModel): Lift | undefined {
  const book = new EditBook('firewall');
  const firewalls = network.firewalls.map((firewall) => {
    if (firewall.external || !firewall.certain || !isKnown(firewall.policy)) return firewall;
    const name = book.add(firewall.id, 'a rule of its policy that passes it', (given) => ({
      ...given,
      firewalls: changed(given.firewalls, firewall.id, (noun) => ({
        ...noun,
        policy: isKnown(noun.policy) ? passing(noun.policy, noun.origin) : noun.policy,
      })),
    }));
    return { ...firewall, policy: unknown(name) };
  });
  return book.isEmpty ? undefined : book.lift({ ...network, firewalls });
}

function passing(policy: FirewallPolicy, origin: FirewallRule['origin']): FirewallPolicy {
  const first = Math.min(1, ...policy.stateless.map(({ priority }) => priority)) - 1;
  const rule: FirewallRule = {
    origin,
    action: 'pass',
    priority: first,
    traffic: EVERYTHING,
    sources: FAMILIES,
    destinations: FAMILIES,
    bothWays: true,
  };
  return { ...policy, stateless: [rule, ...policy.stateless] };
}
