/**
 * Three-valued matching: whether a rule, an entry or a range speaks of one concrete packet, where parts of it may be
 * unknown. `maybe` is never rounded: the caller decides what it means under *may* and *must*.
 */
import {
  type Address,
  formatPortRange,
  formatPrefix,
  formatProtocol,
  ICMP,
  ICMPV6,
  type Prefix,
  parsePrefix,
  prefixContainsAddress,
} from '../../base/net';
import { isUnknown, type Packet, type PrefixList, type Traffic, type Value } from '../network';

export type Ternary = 'yes' | 'no' | 'maybe';

export function both(a: Ternary, b: Ternary): Ternary {
  if (a === 'no' || b === 'no') return 'no';
  return a === 'yes' && b === 'yes' ? 'yes' : 'maybe';
}

export function either(a: Ternary, b: Ternary): Ternary {
  if (a === 'yes' || b === 'yes') return 'yes';
  return a === 'no' && b === 'no' ? 'no' : 'maybe';
}

export function eitherOf(values: readonly Ternary[]): Ternary {
  return values.reduce(either, 'no');
}

/** What exists only perhaps can match only perhaps. */
export function ifCertain(certain: boolean, value: Ternary): Ternary {
  return certain || value === 'no' ? value : 'maybe';
}

export function contains(range: Value<Prefix>, address: Address): Ternary {
  if (isUnknown(range)) return range.family === undefined || range.family === address.family ? 'maybe' : 'no';
  return holds(range, address) ? 'yes' : 'no';
}

/** Word by word, without making anything: a batch of queries asks this millions of times. */
function holds(range: Prefix, address: Address): boolean {
  if (range.family !== address.family) return false;
  for (let at = 0, left = range.length; left > 0; at++, left -= 32) {
    const difference = (range.words[at] ?? 0) ^ (address.words[at] ?? 0);
    if (left < 32) return difference >>> (32 - left) === 0;
    if (difference !== 0) return false;
  }
  return true;
}

export function containsAny(ranges: readonly Value<Prefix>[], address: Address): Ternary {
  return eitherOf(ranges.map((range) => contains(range, address)));
}

/**
 * A prefix list counts as its entries. An AWS-managed one whose ranges nobody wrote down, or one that no template shows,
 * may hold any address (SEMANTICS 7).
 */
export function listContains(list: PrefixList | undefined, address: Address): Ternary {
  if (!list) return 'maybe';
  const written = ifCertain(list.certain, containsAny(list.entries, address));
  const unwritten = list.service !== undefined && list.entries.length === 0;
  // Services have public addresses, except VPC Lattice, whose are link-local.
  if (unwritten && isPrivate(address) && !list.service?.includes('lattice')) return written;
  return list.external === true || unwritten ? either(written, 'maybe') : written;
}

const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'].map(parsePrefix);

/** RFC 1918, RFC 6598, RFC 4193. */
export function isPrivate(address: Address): boolean {
  return PRIVATE.some((range) => prefixContainsAddress(range, address));
}

/** Ports are destination ports; for icmp and icmpv6 the packet carries its type there and its code as source port. */
export function matchesTraffic(traffic: Value<Traffic>, packet: Packet): Ternary {
  if (isUnknown(traffic)) return 'maybe';
  if (traffic.protocol === 'all') return 'yes';
  if (traffic.protocol !== packet.protocol) return 'no';
  if (packet.protocol === ICMP || packet.protocol === ICMPV6) {
    if (!traffic.icmp) return 'yes';
    const type = traffic.icmp.type === packet.destinationPort;
    return type && (traffic.icmp.code === undefined || traffic.icmp.code === packet.sourcePort) ? 'yes' : 'no';
  }
  if (!traffic.ports) return 'yes';
  return traffic.ports.from <= packet.destinationPort && packet.destinationPort <= traffic.ports.to ? 'yes' : 'no';
}

export function formatTraffic(traffic: Value<Traffic>): string {
  if (isUnknown(traffic)) return 'unknown traffic';
  const name = formatProtocol(traffic.protocol);
  if (traffic.icmp) {
    return `${name} type ${traffic.icmp.type}${traffic.icmp.code === undefined ? '' : ` code ${traffic.icmp.code}`}`;
  }
  return traffic.ports ? `${name} ${formatPortRange(traffic.ports)}` : name;
}

export function formatRange(range: Value<Prefix>): string {
  return isUnknown(range) ? 'an unknown range' : formatPrefix(range);
}
