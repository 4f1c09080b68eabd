/**
 * Who may have an address, and what the security groups of two such parties let pass between them, over-approximated.
 * Written for the checker from SEMANTICS 1–9, apart from the engine's own; the two share what a single rule means.
 */
import { AddressSet, PacketSet } from '../../base/net';
import { type ForwardingGraph, filterOfRules, isExternal, type Path } from '../forwarding';
import { type End, type Interface, isKnown, type ResourceId, type Subnet, type Value } from '../network';

export interface Party {
  readonly subnets: readonly Subnet[];
  readonly vpcs: ReadonlySet<ResourceId>;
  readonly addresses: AddressSet;
  readonly groups: readonly ResourceId[];
  readonly publicIpv4: Value<boolean>;
  readonly ipv6: Value<boolean>;
  /** absent: anything that may be launched in the subnet */
  readonly noun?: Interface;
}

type Direction = 'ingress' | 'egress';
const IPV4 = PacketSet.of({ destinations: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ destinations: AddressSet.ALL_IPV6 });

export class Parties {
  private readonly parties = new Map<string, Party | undefined>();
  private readonly filters = new Map<string, PacketSet>();

  constructor(private readonly graph: ForwardingGraph) {}

  of(end: End): Party | undefined {
    if (end.kind !== 'subnet' && end.kind !== 'interface') return undefined;
    const key = end.kind === 'subnet' && end.securityGroups ? JSON.stringify(end) : `${end.kind} ${end.id}`;
    if (!this.parties.has(key))
      this.parties.set(key, end.kind === 'subnet' ? this.anyoneIn(end) : this.declared(end.id));
    return this.parties.get(key);
  }

  private anyoneIn(end: Extract<End, { kind: 'subnet' }>): Party | undefined {
    const subnet = this.graph.index.subnets.get(end.id);
    if (!subnet) return undefined;
    return {
      subnets: [subnet],
      vpcs: new Set([subnet.vpc]),
      addresses: this.graph.addressesOf(subnet),
      groups: end.securityGroups ?? this.graph.index.groupsOf(subnet.vpc).map((group) => group.id),
      publicIpv4: subnet.autoPublicIpv4,
      ipv6: true,
    };
  }

  private declared(id: ResourceId): Party | undefined {
    const noun = this.graph.index.interfaces.get(id);
    if (!noun) return undefined;
    const subnets = noun.subnets.flatMap((one) => this.graph.index.subnets.get(one) ?? []);
    const range = subnets.reduce((all, one) => all.union(this.graph.addressesOf(one)), AddressSet.EMPTY);
    const vpcs = new Set(subnets.map((one) => one.vpc));
    const { publicIpv4, ipv6, securityGroups: groups } = noun;
    return { subnets, vpcs, addresses: addressesOf(noun, range), groups, publicIpv4, ipv6, noun };
  }

  /** What the groups of `party` let in from, or out to, `other`; undefined: an end that is in no group. */
  admits(party: Party, direction: Direction, other: Party | undefined, path: Path): PacketSet {
    if (party.noun?.filtered === false) return PacketSet.ALL;
    return this.filter(party, direction, `${path} ${keyOf(other)}`, (group, vpc) =>
      other === undefined ? false : this.mayBeMember(other, group, { vpc, direction }, path),
    );
  }

  /** What the groups let out at most, to whomever. */
  mayLeave(party: Party): PacketSet {
    return party.noun?.filtered === false ? PacketSet.ALL : this.filter(party, 'egress', 'anyone', () => true);
  }

  private filter(
    party: Party,
    direction: Direction,
    asked: string,
    isMember: (group: ResourceId, vpc: ResourceId) => boolean,
  ): PacketSet {
    const key = `${direction} ${keyOf(party)} ${asked}`;
    let found = this.filters.get(key);
    if (!found) {
      const sets = party.groups.map((id) => {
        const group = this.graph.index.securityGroups.get(id);
        if (!group || isExternal(group)) return PacketSet.ALL;
        const side = direction === 'ingress' ? 'sources' : 'destinations';
        return filterOfRules(this.graph.index, group[direction], side, 'may', (one) => isMember(one, group.vpc)).passes;
      });
      found = PacketSet.unionAll(sets);
      this.filters.set(key, found);
    }
    return found;
  }

  /** By interface, not by address; and only where the path lets the rule see who sent it (SEMANTICS 3). */
  private mayBeMember(
    other: Party,
    group: ResourceId,
    rule: { readonly vpc: ResourceId; readonly direction: Direction },
    path: Path,
  ): boolean {
    if (!other.groups.includes(group)) {
      // A group that no template shows may be given to what is launched in its VPC.
      const noun = this.graph.index.securityGroups.get(group);
      if (!isExternal(noun) || other.noun) return false;
      return !noun || other.vpcs.has(noun.vpc) || isExternal(this.graph.index.vpcs.get(noun.vpc));
    }
    if (path === 'unknown') return true;
    if (path === 'local') return other.vpcs.has(rule.vpc);
    if (path === 'peering') return [...other.vpcs].some((vpc) => vpc !== rule.vpc);
    if (path !== 'transit-gateway' || rule.direction === 'egress') return false;
    return [...other.vpcs].some((vpc) => this.mayReference(vpc, rule.vpc));
  }

  private mayReference(from: ResourceId, to: ResourceId): boolean {
    return this.graph.index.network.transitGateways.some((gateway) => {
      const sides = [from, to].map((vpc) => this.graph.index.attachmentsOf(vpc, gateway.id));
      if (sides.some((side) => side.length === 0)) return false;
      return [gateway, ...sides.flat()].every((one) => one.securityGroupReferencing !== false);
    });
  }

  /** The packets that public addresses can take part in (SEMANTICS 19). */
  publicPart({ publicIpv4, ipv6 }: Party, packets: PacketSet): PacketSet {
    const four = publicIpv4 === false ? PacketSet.EMPTY : packets.intersect(IPV4);
    return ipv6 === false ? four : four.union(packets.intersect(IPV6));
  }
}

/** Equal for parties that no rule of a group can tell apart. */
function keyOf(party: Party | undefined): string {
  return party ? `${party.noun ? 'declared' : 'any'} ${[...party.vpcs].join()} ${party.groups.join()}` : 'no party';
}

/** Fixed by the template where it fixes them, else any of the subnets'. */
function addressesOf(noun: Interface, range: AddressSet): AddressSet {
  const open = noun.ipv6 === false ? range.intersect(AddressSet.ALL_IPV4) : range;
  const fixed = noun.addresses.filter(isKnown);
  const known = AddressSet.ofAll(fixed);
  if (noun.addresses.length === 0 || fixed.length < noun.addresses.length) return known.union(open);
  const families = fixed.map(({ family }) => (family === 4 ? AddressSet.ALL_IPV4 : AddressSet.ALL_IPV6));
  return known.union(families.reduce((rest, family) => rest.subtract(family), open));
}
