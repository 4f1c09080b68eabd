/**
 * What the security groups of two parties let pass between them. Per group, the part that depends on addresses only is
 * computed once; the part that depends on who the other party is, is looked up by its groups.
 */
import { PacketSet } from '../../base/net';
import type { Approximation, ResourceId, SecurityGroup, SecurityGroupRule } from '../network';
import { type Filter, filterOfRules } from './filter';
import { isOverInternet, type OverInternet, type Path } from './location';
import type { NetworkIndex } from './network-index';
import { isMember, type Party } from './party';

type Direction = 'ingress' | 'egress';

interface GroupRules {
  /** by address, prefix list or unknown peer */
  readonly byAddress: Filter;
  /** groups that rules of this group name */
  readonly named: readonly ResourceId[];
}

/** Over the internet, groups are hidden as behind any gateway. */
const PATH: Readonly<Record<Exclude<Path, OverInternet>, number>> = {
  local: 0,
  peering: 1,
  'transit-gateway': 2,
  inspected: 3,
  'inspected-transit-gateway': 4,
  gateway: 5,
  unknown: 6,
};
const PATHS = Object.keys(PATH).length;

export class GroupFilters {
  private readonly rules = { ingress: new Map<ResourceId, GroupRules>(), egress: new Map<ResourceId, GroupRules>() };
  /** by class */
  private readonly byAddress: { readonly [direction in Direction]: Filter[] } = { ingress: [], egress: [] };
  /** by class of the one, then by class of the other, path and direction: asked so often that no key is spelled out */
  private readonly byParty: Map<number, Filter>[] = [];
  private readonly leaving = new Map<string, PacketSet>();
  private readonly classes = new Map<string, number>();

  constructor(
    private readonly index: NetworkIndex,
    private readonly approximation: Approximation,
  ) {}

  /** The packets that `party` admits from (ingress) or lets out to (egress) `other`; `other` may be no party at all.
   * Whether the rules of the one can see the groups of the other hangs on the path between them. */
  between(party: Party, direction: Direction, other: Party | undefined, path: Path): Filter {
    if (!party.filtered) return { passes: PacketSet.ALL, doubts: [] };
    if (!other) return this.byAddressOf(party, direction);
    const own = this.classOf(party);
    const toOthers = this.byParty[own] ?? new Map<number, Filter>();
    this.byParty[own] = toOthers;
    const key =
      (this.classOf(other) * PATHS + PATH[isOverInternet(path) ? 'gateway' : path]) * 2 +
      (direction === 'ingress' ? 0 : 1);
    let found = toOthers.get(key);
    if (!found) {
      found = this.betweenParties(party, direction, other, path);
      toOthers.set(key, found);
    }
    return found;
  }

  /** A short name for what rules can tell of a party. */
  private classOf(party: Party): number {
    let found = this.classes.get(party.groupKey);
    if (found === undefined) {
      found = this.classes.size;
      this.classes.set(party.groupKey, found);
    }
    return found;
  }

  private betweenParties(party: Party, direction: Direction, other: Party, path: Path): Filter {
    const parts: Filter[] = [this.byAddressOf(party, direction)];
    for (const id of party.groups) {
      const group = this.group(id);
      if (this.rulesOf(group, direction).named.length === 0) continue;
      parts.push(this.byMembership(group, direction, other, { vpcs: party.vpcs, path }));
    }
    return merge(parts);
  }

  /** At most what `party` can send, to whomever: group references count in full. For leaving early, refined on arrival. */
  mayLeave(party: Party): PacketSet {
    if (!party.filtered) return PacketSet.ALL;
    let found = this.leaving.get(party.groupKey);
    if (!found) {
      const sets = party.groups.flatMap((id) => {
        const rules = rulesOfGroup(this.group(id), 'egress');
        return filterOfRules(this.index, rules, 'destinations', this.approximation, () => true).passes;
      });
      found = PacketSet.unionAll(sets).union(this.byAddressOf(party, 'egress').passes);
      this.leaving.set(party.groupKey, found);
    }
    return found;
  }

  private group(id: ResourceId): SecurityGroup {
    return this.index.securityGroups.get(id) ?? unseenGroup(id);
  }

  private rulesOf(group: SecurityGroup, direction: Direction): GroupRules {
    const rules = this.rules[direction];
    let found = rules.get(group.id);
    if (!found) {
      found = this.compile(group, direction);
      rules.set(group.id, found);
    }
    return found;
  }

  private compile(group: SecurityGroup, direction: Direction): GroupRules {
    const rules = rulesOfGroup(group, direction);
    const named = new Set(rules.flatMap((rule) => (rule.peer.kind === 'security-group' ? [rule.peer.id] : [])));
    const filter = filterOfRules(this.index, rules, sideOf(direction), this.approximation, () => false);
    if (!group.external) return { byAddress: filter, named: [...named] };
    const reason = `no template shows the rules of security group \`${group.id}\``;
    const passes = this.approximation === 'may' ? PacketSet.ALL : filter.passes;
    const doubts = [...filter.doubts, { packets: PacketSet.ALL, use: { resource: group.id, reason, parameters: [] } }];
    return { byAddress: { passes, doubts }, named: [...named] };
  }

  private byAddressOf(party: Party, direction: Direction): Filter {
    const known = this.byAddress[direction];
    const own = this.classOf(party);
    let found = known[own];
    if (!found) {
      found = merge(party.groups.map((id) => this.rulesOf(this.group(id), direction).byAddress));
      known[own] = found;
    }
    return found;
  }

  /** A group is of the VPC in which it is worn, whatever a template leaves open of it. */
  private byMembership(
    group: SecurityGroup,
    direction: Direction,
    other: Party,
    { vpcs, path }: { readonly vpcs: ReadonlySet<ResourceId>; readonly path: Path },
  ): Filter {
    const rules = rulesOfGroup(group, direction).filter((rule) => rule.peer.kind === 'security-group');
    return filterOfRules(this.index, rules, sideOf(direction), this.approximation, (peer) =>
      isMember(this.index, other, peer, { vpcs, direction }, path),
    );
  }
}

/** A group that no template shows, not even as one that something refers to. */
function unseenGroup(id: ResourceId): SecurityGroup {
  const origin = { resource: id, type: 'AWS::EC2::SecurityGroup' };
  return { id, origin, certain: true, external: true, vpc: '', isDefault: false, ingress: [], egress: [] };
}

/** The rules of a group that may not exist may not exist either. */
function rulesOfGroup(group: SecurityGroup, direction: Direction): readonly SecurityGroupRule[] {
  const rules = direction === 'ingress' ? group.ingress : group.egress;
  return group.certain ? rules : rules.map((rule) => ({ ...rule, certain: false }));
}

function sideOf(direction: Direction): 'sources' | 'destinations' {
  return direction === 'ingress' ? 'sources' : 'destinations';
}

function merge(parts: readonly Filter[]): Filter {
  if (parts.length === 1 && parts[0]) return parts[0];
  return { passes: PacketSet.unionAll(parts.map((part) => part.passes)), doubts: parts.flatMap((part) => part.doubts) };
}
