/**
 * What security groups and network ACLs say of one packet (SEMANTICS 1–8, 11, 12).
 */
import type { Address } from '../../base/net';
import {
  isKnown,
  isUnknown,
  mayNotExist,
  type NetworkAcl,
  type NetworkAclEntry,
  type Packet,
  type Peer,
  type ResourceId,
  type SecurityGroup,
  type SecurityGroupRule,
  type Unknown,
  type Value,
} from '../network';
import type { NetworkIndex } from './network-index';
import {
  both,
  contains,
  formatRange,
  formatTraffic,
  ifCertain,
  listContains,
  matchesTraffic,
  type Ternary,
} from './ternary';

/** What a filter says, which rule says it, and what is not known about it. */
export interface Ruling {
  readonly passes: Ternary;
  readonly rule?: string;
  /** the resource that wrote the rule */
  readonly resource?: ResourceId;
  /** for `maybe`: why */
  readonly reason?: string;
  readonly parameters?: readonly string[];
}

/** Who is at the other end, as far as a reference to a security group can see it. */
export interface OtherEnd {
  readonly address: Address;
  /** ids of the groups that the other interface is in; undefined = no interface, or not one a reference can see */
  readonly groups?: readonly ResourceId[];
  /** whether references to groups work over the way between the two (SEMANTICS 3) */
  readonly referencable: Ternary;
}

function unknownOf(...values: readonly (Value<unknown> | undefined)[]): Unknown | undefined {
  return values.find((value): value is Unknown => value !== undefined && isUnknown(value));
}

function matchesPeer(index: NetworkIndex, peer: Peer, other: OtherEnd): Ternary {
  switch (peer.kind) {
    case 'cidr':
      return contains(peer.cidr, other.address);
    case 'prefix-list':
      return listContains(index.prefixLists.get(peer.id), other.address);
    case 'security-group':
      return both(other.referencable, isMember(index, peer.id, other.groups));
    case 'unknown':
      return 'maybe';
  }
}

/** A group that no template shows may be any group: its members may be anyone, and its bearer may be in any group. */
function isMember(index: NetworkIndex, group: ResourceId, groups: readonly ResourceId[] | undefined): Ternary {
  if (!groups) return 'no';
  if (groups.includes(group)) return 'yes';
  return !isShown(index, group) || groups.some((id) => !isShown(index, id)) ? 'maybe' : 'no';
}

function isShown(index: NetworkIndex, id: ResourceId): boolean {
  const group = index.securityGroups.get(id);
  return group !== undefined && group.external !== true;
}

function formatPeer(peer: Peer): string {
  switch (peer.kind) {
    case 'cidr':
      return formatRange(peer.cidr);
    case 'unknown':
      return 'an unknown source';
    default:
      return peer.id;
  }
}

export function formatRule(rule: SecurityGroupRule, direction: 'ingress' | 'egress'): string {
  const word = direction === 'ingress' ? 'from' : 'to';
  return `${direction} rule ${formatTraffic(rule.traffic)} ${word} ${formatPeer(rule.peer)}`;
}

/** The union of the rules of all groups; allow only. */
export function judgeGroups(
  index: NetworkIndex,
  groups: readonly ResourceId[],
  direction: 'ingress' | 'egress',
  packet: Packet,
  other: OtherEnd,
): Ruling {
  let open: Ruling | undefined;
  for (const id of groups) {
    const ruling = judgeGroup(index, id, direction, packet, other);
    if (ruling.passes === 'yes') return ruling;
    if (ruling.passes === 'maybe') open ??= ruling;
  }
  return open ?? { passes: 'no' };
}

function judgeGroup(
  index: NetworkIndex,
  id: ResourceId,
  direction: 'ingress' | 'egress',
  packet: Packet,
  other: OtherEnd,
): Ruling {
  const group: SecurityGroup | undefined = index.securityGroups.get(id);
  let open: Ruling | undefined;
  for (const rule of group?.[direction] ?? []) {
    const matches = both(matchesTraffic(rule.traffic, packet), matchesPeer(index, rule.peer, other));
    const passes = ifCertain(rule.certain && group?.certain === true, matches);
    if (passes === 'no') continue;
    const why = unknownOf(rule.traffic, rule.peer.kind === 'cidr' ? rule.peer.cidr : undefined);
    const name = rule.origin.resource === id ? 'the rule' : `rule ${rule.origin.resource}`;
    const absent = rule.certain ? undefined : mayNotExist(name, rule.origin);
    const named = rule.peer.kind === 'unknown' ? rule.peer : (why ?? absent);
    const ruling = {
      passes,
      rule: formatRule(rule, direction),
      resource: id,
      reason: named?.reason ?? `whether ${formatPeer(rule.peer)} matches is not known`,
      parameters: named?.parameters ?? [],
    };
    if (passes === 'yes') return ruling;
    open ??= ruling;
  }
  if (!open && (!group || group.external)) {
    return {
      passes: 'maybe',
      resource: id,
      reason: `no template shows the rules of security group ${id}`,
      parameters: [],
    };
  }
  return open ?? { passes: 'no' };
}

// ----------------------------------------------------------------------------------------------------- network ACLs

const ENTRY_TEXTS = new WeakMap<NetworkAclEntry, string>();

export function formatEntry(entry: NetworkAclEntry): string {
  let text = ENTRY_TEXTS.get(entry);
  if (text === undefined) {
    text = textOfEntry(entry);
    ENTRY_TEXTS.set(entry, text);
  }
  return text;
}

function textOfEntry(entry: NetworkAclEntry): string {
  const number = isKnown(entry.number) ? String(entry.number) : 'without a known number';
  const action = isKnown(entry.action) ? entry.action : 'with an unknown action';
  const word = entry.direction === 'ingress' ? 'from' : 'to';
  return `entry ${number} ${entry.direction} ${action} ${formatTraffic(entry.traffic)} ${word} ${formatRange(entry.cidr)}`;
}

/**
 * Lowest number first, the first match decides, the end is a deny. An entry that matches only perhaps may decide or let
 * the next one decide; one without a known number may stand anywhere. If all that may decide agree, the answer is certain.
 */
export function judgeAcl(acl: NetworkAcl, direction: 'ingress' | 'egress', packet: Packet): Ruling {
  const address = direction === 'ingress' ? packet.source : packet.destination;
  const matching: Match[] = [];
  for (const entry of acl.entries) {
    if (entry.direction !== direction) continue;
    const here = contains(entry.cidr, address);
    const matches = here === 'no' ? 'no' : ifCertain(entry.certain, both(here, matchesTraffic(entry.traffic, packet)));
    if (matches !== 'no') matching.push({ entry, matches });
  }
  const deciding = decidingEntries(matching);
  const open = acl.external === true || !acl.certain;
  const rulings = deciding.map((entry) =>
    entry === 'end' || entry.action === 'deny' ? 'no' : entry.action === 'allow' ? 'yes' : 'maybe',
  );
  const [first] = deciding;
  const rule = first === undefined || first === 'end' ? 'no entry matches: the final deny' : formatEntry(first);
  const agreed = rulings.every((ruling) => ruling === rulings[0]) ? rulings[0] : 'maybe';
  if (!open && agreed !== undefined && agreed !== 'maybe') return { passes: agreed, rule, resource: acl.id };
  const why = deciding.flatMap((entry) => {
    if (entry === 'end') return [];
    const value = unknownOf(entry.number, entry.action, entry.traffic, entry.cidr);
    return value ?? (entry.certain ? [] : mayNotExist(`entry ${entry.origin.resource}`, entry.origin));
  })[0];
  const reason = open
    ? `network ACL ${acl.id} is not shown by any template, or may not exist`
    : 'an entry that decides may not exist';
  return {
    passes: 'maybe',
    rule,
    resource: acl.id,
    reason: why?.reason ?? reason,
    parameters: why?.parameters ?? [],
  };
}

interface Match {
  readonly entry: NetworkAclEntry;
  readonly matches: Ternary;
}

function decidingEntries(matching: readonly Match[]): readonly (NetworkAclEntry | 'end')[] {
  if (matching.length === 0) return ['end'];
  const numberOf = ({ entry }: Match) => (isKnown(entry.number) ? entry.number : Number.NaN);
  const anywhere = matching.filter((match) => Number.isNaN(numberOf(match)));
  const ordered = matching.filter((match) => !Number.isNaN(numberOf(match))).sort((a, b) => numberOf(a) - numberOf(b));
  const stop = ordered.find(({ matches }) => matches === 'yes');
  const before = stop ? ordered.filter((match) => numberOf(match) <= numberOf(stop)) : ordered;
  // A certain entry that stands anywhere ends the list there at the latest, so the final deny is out of reach.
  const ends = stop || anywhere.some(({ matches }) => matches === 'yes') ? [] : (['end'] as const);
  return [...before.map(({ entry }) => entry), ...anywhere.map(({ entry }) => entry), ...ends];
}
