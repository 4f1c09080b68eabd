/**
 * Addresses and prefixes, IPv4 and IPv6, as unsigned 32-bit words: one word for IPv4, four for IPv6, most significant
 * first. No bigint: words are what packet sets branch on.
 */

export type Family = 4 | 6;

export interface Address {
  readonly family: Family;
  /** unsigned 32-bit words, most significant first; 1 for IPv4, 4 for IPv6 */
  readonly words: readonly number[];
}

/** An address range by prefix. Host bits are always zero: AWS masks them too. */
export interface Prefix {
  readonly family: Family;
  readonly words: readonly number[];
  /** 0–32 or 0–128 */
  readonly length: number;
}

export const ALL_IPV4: Prefix = { family: 4, words: [0], length: 0 };
export const ALL_IPV6: Prefix = { family: 6, words: [0, 0, 0, 0], length: 0 };

export function bitsOf(family: Family): number {
  return family === 4 ? 32 : 128;
}

/** Parses `10.0.1.5` or `2001:db8::5`; undefined where the text is neither. */
export function tryParseAddress(text: string): Address | undefined {
  const trimmed = text.trim();
  return trimmed.includes(':') ? tryParseIpv6(trimmed) : tryParseIpv4(trimmed);
}

export function parseAddress(text: string): Address {
  const address = tryParseAddress(text);
  if (!address) throw new RangeError(`\`${text}\` is not an IP address`);
  return address;
}

function tryParseIpv4(text: string): Address | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (!match) return undefined;
  const octets = match.slice(1).map(Number);
  if (octets.some((octet) => octet > 255)) return undefined;
  return { family: 4, words: [octets.reduce((word, octet) => word * 256 + octet, 0)] };
}

function tryParseIpv6(text: string): Address | undefined {
  let source = text;
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(source);
  if (embedded) {
    const word = tryParseIpv4(embedded[2] ?? '')?.words[0];
    if (word === undefined) return undefined;
    source = `${embedded[1]}${Math.floor(word / 65536).toString(16)}:${(word % 65536).toString(16)}`;
  }
  const halves = source.split('::');
  if (halves.length > 2) return undefined;
  const groupsOf = (half: string | undefined) => (half ? half.split(':') : []);
  const head = groupsOf(halves[0]);
  const tail = groupsOf(halves[1]);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(halves.length === 2 ? missing : 0).fill('0'), ...tail];
  if (groups.some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const values = groups.map((group) => Number.parseInt(group, 16));
  const words = [0, 2, 4, 6].map((at) => (values[at] ?? 0) * 65536 + (values[at + 1] ?? 0));
  return { family: 6, words };
}

/** RFC 5952 for IPv6: lower case, the longest run of zeros as `::`. */
export function formatAddress(address: Address): string {
  if (address.family === 4) {
    const word = address.words[0] ?? 0;
    return [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255].join('.');
  }
  const groups = address.words.flatMap((word) => [word >>> 16, word & 65535]);
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (values: number[]) => values.map((value) => value.toString(16)).join(':');
  if (best.start < 0) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}

/** The bits of a word that a prefix of `length` bits fixes, where the word is the `index`-th of its address. */
function maskOfWord(length: number, index: number): number {
  const bits = Math.max(0, Math.min(32, length - index * 32));
  return bits === 0 ? 0 : bits === 32 ? 0xffffffff : (0xffffffff << (32 - bits)) >>> 0;
}

export function prefixOf(address: Address, length: number): Prefix {
  if (!Number.isInteger(length) || length < 0 || length > bitsOf(address.family)) {
    throw new RangeError(`/${length} is not a prefix length of IPv${address.family}`);
  }
  const words = address.words.map((word, index) => (word & maskOfWord(length, index)) >>> 0);
  return { family: address.family, words, length };
}

/** Parses `10.0.0.0/8` or `2001:db8::/32`, masking host bits as AWS does; undefined where the text is neither. */
export function tryParsePrefix(text: string): Prefix | undefined {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text.trim());
  const address = match ? tryParseAddress(match[1] ?? '') : undefined;
  const length = Number(match?.[2]);
  if (!address || length > bitsOf(address.family)) return undefined;
  return prefixOf(address, length);
}

export function parsePrefix(text: string): Prefix {
  const prefix = tryParsePrefix(text);
  if (!prefix) throw new RangeError(`\`${text}\` is not an address range such as 10.0.0.0/8`);
  return prefix;
}

/** Whether the text is a range whose address has bits set behind the prefix, e.g. `10.0.0.7/24`. */
export function hasHostBits(text: string): boolean {
  const prefix = tryParsePrefix(text);
  const address = tryParseAddress(text.trim().split('/')[0] ?? '');
  if (!prefix || !address) return false;
  return address.words.some((word, at) => word !== prefix.words[at]);
}

export function formatPrefix(prefix: Prefix): string {
  return `${formatAddress(prefix)}/${prefix.length}`;
}

/** The single address as a range: /32 or /128. */
export function hostPrefix(address: Address): Prefix {
  return { family: address.family, words: address.words, length: bitsOf(address.family) };
}

/** Whether a range is one address. */
export function isHostPrefix({ family, length }: Prefix): boolean {
  return length === bitsOf(family);
}

export function firstAddress(prefix: Prefix): Address {
  return { family: prefix.family, words: prefix.words };
}

export function lastAddress(prefix: Prefix): Address {
  const words = prefix.words.map((word, index) => (word | ~maskOfWord(prefix.length, index)) >>> 0);
  return { family: prefix.family, words };
}

/** The address `offset` places after the first one of the prefix; `offset` is below 2^32. */
export function addressAt(prefix: Prefix, offset: number): Address {
  const words = [...prefix.words];
  let carry = offset;
  for (let index = words.length - 1; index >= 0 && carry > 0; index--) {
    const sum = (words[index] ?? 0) + carry;
    words[index] = sum % 4294967296;
    carry = Math.floor(sum / 4294967296);
  }
  return { family: prefix.family, words };
}

export function prefixContainsAddress(prefix: Prefix, address: Address): boolean {
  return (
    prefix.family === address.family &&
    prefix.words.every((word, index) => word === ((address.words[index] ?? 0) & maskOfWord(prefix.length, index)) >>> 0)
  );
}

/** Whether every address of `inner` is one of `outer`. */
export function prefixContains(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && prefixContainsAddress(outer, inner);
}

export function prefixesOverlap(a: Prefix, b: Prefix): boolean {
  return prefixContains(a, b) || prefixContains(b, a);
}

export function prefixEquals(a: Prefix, b: Prefix): boolean {
  return a.length === b.length && prefixContains(a, b);
}

/** By family, then address, then length. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  if (a.family !== b.family) return a.family - b.family;
  for (let index = 0; index < a.words.length; index++) {
    const difference = (a.words[index] ?? 0) - (b.words[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
