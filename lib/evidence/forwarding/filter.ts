/**
 * What security groups and network ACLs let pass, as packet sets, for one approximation.
 *
 * `may` over-approximates (unknown passes), `must` under-approximates (unknown stops). A filter keeps beside its set the
 * parts that are in it only because something is unknown, so that a verdict can name what it hangs on.
 */
import { AddressSet, ICMP, ICMPV6, PacketSet, type Prefix, TCP, UDP } from '../../base/net';
import {
  type Approximation,
  isUnknown,
  mayNotExist,
  type NetworkAcl,
  type NetworkAclEntry,
  type Peer,
  type ResourceId,
  type SecurityGroupRule,
  type Traffic,
  type Unknown,
  type UnknownUse,
  type Value,
} from '../network';
import type { NetworkIndex } from './network-index';
import { openAddresses, rangesOfService } from './special-addresses';

/** A part of a `may` set that is there (or of a `must` set that is not there) because of something unknown. */
export interface Doubt {
  readonly packets: PacketSet;
  readonly use: UnknownUse;
}

export interface Filter {
  readonly passes: PacketSet;
  readonly doubts: readonly Doubt[];
}

export const NOTHING: Filter = { passes: PacketSet.EMPTY, doubts: [] };
export const EVERYTHING: Filter = { passes: PacketSet.ALL, doubts: [] };

export function use(resource: ResourceId, unknown: Pick<Unknown, 'reason' | 'parameters'>): UnknownUse {
  return { resource, reason: unknown.reason, parameters: unknown.parameters };
}

/** Traffic and ranges recur in thousands of rules; each is turned into a set once. */
const TRAFFIC = new WeakMap<Traffic, PacketSet>();
const RANGES = { sources: new WeakMap<Prefix, PacketSet>(), destinations: new WeakMap<Prefix, PacketSet>() };

function once<Key extends object, Found>(known: WeakMap<Key, Found>, key: Key, make: () => Found): Found {
  let found = known.get(key);
  if (!found) {
    found = make();
    known.set(key, found);
  }
  return found;
}

function packetsIn(range: Prefix, side: Side): PacketSet {
  return once(RANGES[side], range, () => PacketSet.of({ [side]: AddressSet.of(range) }));
}

/** Packets from or for a range; of one that is not known, at most those of its family. */
function inRange(range: Value<Prefix>, side: Side, approximation: Approximation): PacketSet {
  if (!isUnknown(range)) return packetsIn(range, side);
  return approximation === 'may' ? PacketSet.of({ [side]: openAddresses([range]) }) : PacketSet.EMPTY;
}

/** Packets of the given traffic, whatever their addresses. */
export function packetsOf(traffic: Traffic): PacketSet {
  return once(TRAFFIC, traffic, () => toPackets(traffic));
}

function toPackets(traffic: Traffic): PacketSet {
  if (traffic.protocol === 'all') return PacketSet.ALL;
  const protocols = [traffic.protocol];
  if (traffic.protocol === ICMP || traffic.protocol === ICMPV6) {
    // Type in the destination port, code in the source port.
    const { type, code } = traffic.icmp ?? { type: undefined, code: undefined };
    return PacketSet.of({
      protocols,
      destinationPorts: type === undefined ? undefined : [{ from: type, to: type }],
      sourcePorts: code === undefined ? undefined : [{ from: code, to: code }],
    });
  }
  const hasPorts = traffic.protocol === TCP || traffic.protocol === UDP;
  return PacketSet.of({ protocols, destinationPorts: hasPorts && traffic.ports ? [traffic.ports] : undefined });
}

/** What a value stands for in this approximation: itself if known, else all or nothing. */
export function approximate<T>(
  value: Value<T>,
  approximation: Approximation,
  known: (value: T) => PacketSet,
): PacketSet {
  if (!isUnknown(value)) return known(value);
  return approximation === 'may' ? PacketSet.ALL : PacketSet.EMPTY;
}

/** The addresses of a prefix list. An AWS-managed one holds some of its service's public ranges; which, AWS decides. */
export function addressesOfPrefixList(
  index: NetworkIndex,
  id: ResourceId,
  approximation: Approximation,
): { addresses: AddressSet; doubt?: UnknownUse } {
  const list = index.prefixLists.get(id);
  const may = approximation === 'may';
  if (!list) return { addresses: may ? AddressSet.ALL : AddressSet.EMPTY };
  if (list.service) {
    const reason = `the ranges of AWS-managed prefix list \`${list.service}\` change with AWS`;
    return {
      addresses: may ? rangesOfService(list.service) : AddressSet.EMPTY,
      doubt: { resource: id, reason, parameters: [] },
    };
  }
  if (list.external) {
    const reason = `no template shows the entries of prefix list \`${id}\``;
    return { addresses: may ? AddressSet.ALL : AddressSet.EMPTY, doubt: { resource: id, reason, parameters: [] } };
  }
  const known = AddressSet.ofAll(list.entries.flatMap((entry) => (isUnknown(entry) ? [] : [entry])));
  const unknown = list.entries.find((entry) => isUnknown(entry));
  const most = unknown ? known.union(openAddresses(list.entries)) : known;
  if (!list.certain) {
    return { addresses: may ? most : AddressSet.EMPTY, doubt: use(id, mayNotExist('the prefix list', list.origin)) };
  }
  if (!unknown || !isUnknown(unknown)) return { addresses: known };
  return { addresses: may ? most : known, doubt: use(id, unknown) };
}

/** Which side of a packet a rule's peer is on. */
export type Side = 'sources' | 'destinations';

/** A rule's CIDR, prefix-list or unknown peer as a packet set; group peers are asked for by membership instead. */
function packetsOfPeer(
  index: NetworkIndex,
  peer: Exclude<Peer, { kind: 'security-group' }>,
  side: Side,
  approximation: Approximation,
): { packets: PacketSet; doubt?: Pick<Unknown, 'reason' | 'parameters'> } {
  switch (peer.kind) {
    case 'cidr':
      if (isUnknown(peer.cidr)) {
        return { packets: inRange(peer.cidr, side, approximation), doubt: peer.cidr };
      }
      return { packets: packetsIn(peer.cidr, side) };
    case 'prefix-list': {
      const { addresses, doubt } = addressesOfPrefixList(index, peer.id, approximation);
      return { packets: PacketSet.of({ [side]: addresses }), doubt };
    }
    case 'unknown':
      return { packets: approximation === 'may' ? PacketSet.ALL : PacketSet.EMPTY, doubt: peer };
  }
}

/**
 * The packets that a set of rules admits from (or to) an end, given which groups that end is a member of.
 * `isMember` answers per group: true, false, or an unknown that decides it.
 */
export function filterOfRules(
  index: NetworkIndex,
  rules: readonly SecurityGroupRule[],
  side: Side,
  approximation: Approximation,
  isMember: (group: ResourceId) => Value<boolean>,
): Filter {
  const passes: PacketSet[] = [];
  const doubts: Doubt[] = [];
  for (const rule of rules) {
    const traffic = approximate(rule.traffic, approximation, packetsOf);
    const reasons: Pick<Unknown, 'reason' | 'parameters'>[] = [];
    if (isUnknown(rule.traffic)) reasons.push(rule.traffic);
    if (!rule.certain) reasons.push(mayNotExist('the rule', rule.origin));
    let packets: PacketSet;
    if (rule.peer.kind === 'security-group') {
      const member = isMember(rule.peer.id);
      if (isUnknown(member)) reasons.push(member);
      const counts = isUnknown(member) ? approximation === 'may' : member;
      packets = counts ? traffic : PacketSet.EMPTY;
    } else {
      const peer = packetsOfPeer(index, rule.peer, side, approximation);
      if (peer.doubt) reasons.push(peer.doubt);
      packets = traffic.intersect(peer.packets);
    }
    if (!rule.certain && approximation === 'must') packets = PacketSet.EMPTY;
    if (!packets.isEmpty()) passes.push(packets);
    if (reasons.length > 0 && approximation === 'may' && !packets.isEmpty()) {
      for (const reason of reasons) doubts.push({ packets, use: use(rule.origin.resource, reason) });
    }
  }
  return { passes: PacketSet.unionAll(passes), doubts };
}

type Direction = 'ingress' | 'egress';

/** What is wholly known is the same in both approximations, and worked out once. */
const EXACT: Readonly<Record<Direction, WeakMap<NetworkAcl, Filter>>> = {
  ingress: new WeakMap(),
  egress: new WeakMap(),
};

/** The lowest number that matches decides; the end is a deny. */
export function filterOfAcl(acl: NetworkAcl, direction: Direction, approximation: Approximation): Filter {
  const entries = acl.entries.filter((entry) => entry.direction === direction);
  if (!entries.every((entry) => doubtOf(entry) === undefined)) return filterInDoubt(entries, direction, approximation);
  return once(EXACT[direction], acl, () => exactFilter(entries, direction));
}

/** From the last entry to the first: each overrules, for the packets that it matches, what those after it say. */
function exactFilter(entries: readonly NetworkAclEntry[], direction: Direction): Filter {
  const side = sideOf(direction);
  let passes = PacketSet.EMPTY;
  for (const entry of [...entries].sort((a, b) => numberOf(a) - numberOf(b)).reverse()) {
    const match = matchOf(entry, side, 'must');
    passes = entry.action === 'allow' ? passes.union(match) : passes.subtract(match);
  }
  return { passes, doubts: [] };
}

function filterInDoubt(
  entries: readonly NetworkAclEntry[],
  direction: Direction,
  approximation: Approximation,
): Filter {
  const side = sideOf(direction);
  const numbered = entries.filter((entry) => !isUnknown(entry.number));
  const ordered = [...numbered].sort((a, b) => numberOf(a) - numberOf(b));
  // An entry whose place is not known may be the first to match.
  const floating = entries.filter((entry) => isUnknown(entry.number));
  let undecided = PacketSet.ALL;
  let passes = PacketSet.EMPTY;
  const doubts: Doubt[] = [];
  for (const entry of [...floating, ...ordered]) {
    const most = matchOf(entry, side, 'may');
    const least = matchOf(entry, side, 'must');
    const doubt = doubtOf(entry);
    const certain = entry.certain && !isUnknown(entry.number) && !isUnknown(entry.action);
    const mayAllow = isUnknown(entry.action) || entry.action === 'allow';
    const mayDeny = isUnknown(entry.action) || entry.action === 'deny';
    if (approximation === 'may') {
      const admitted = mayAllow ? undecided.intersect(most) : PacketSet.EMPTY;
      passes = passes.union(admitted);
      if (doubt && !admitted.isEmpty()) doubts.push({ packets: admitted, use: doubt });
      if (certain) undecided = undecided.subtract(least);
    } else {
      if (certain && !mayDeny) passes = passes.union(undecided.intersect(least));
      if (mayDeny) undecided = undecided.subtract(most);
      else if (certain) undecided = undecided.subtract(least);
    }
  }
  return { passes, doubts };
}

function sideOf(direction: Direction): Side {
  return direction === 'ingress' ? 'sources' : 'destinations';
}

function numberOf(entry: NetworkAclEntry): number {
  return isUnknown(entry.number) ? 0 : entry.number;
}

function matchOf(entry: NetworkAclEntry, side: Side, approximation: Approximation): PacketSet {
  const traffic = approximate(entry.traffic, approximation, packetsOf);
  const addresses = inRange(entry.cidr, side, approximation);
  return traffic.intersect(addresses);
}

function doubtOf(entry: NetworkAclEntry): UnknownUse | undefined {
  for (const value of [entry.number, entry.action, entry.traffic, entry.cidr]) {
    if (isUnknown(value)) return use(entry.origin.resource, value);
  }
  if (entry.certain) return undefined;
  return use(entry.origin.resource, mayNotExist('the entry', entry.origin));
}
