/** Which addresses hosts on the internet have. */
import { type Address, parsePrefix, prefixContainsAddress } from '../../base/net';

/** IANA's special-purpose registries: private, shared, loopback, link-local, benchmarking, multicast, reserved. */
export const NOT_ON_INTERNET = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
].map(parsePrefix);
const GLOBAL_IPV6 = parsePrefix('2000::/3');

export function isOnInternet(address: Address): boolean {
  if (address.family === 6) return prefixContainsAddress(GLOBAL_IPV6, address);
  return !NOT_ON_INTERNET.some((range) => prefixContainsAddress(range, address));
}

/** RFC 5737: they stand for addresses in examples, and AWS gives none of them. */
const OF_EXAMPLES = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].map(parsePrefix);

/** Whether AWS may give it to a host as its public address. */
export function mayBeGiven(address: Address): boolean {
  return isOnInternet(address) && !OF_EXAMPLES.some((range) => prefixContainsAddress(range, address));
}

/** Well-known NAT64 prefix: a NAT gateway sends what is addressed here on as IPv4. */
const NAT64 = parsePrefix('64:ff9b::/96');

/** The IPv4 address that a packet for this one ends at, if it passes a NAT gateway. */
export function asIpv4(address: Address): Address | undefined {
  if (address.family === 4) return address;
  return prefixContainsAddress(NAT64, address) ? { family: 4, words: address.words.slice(3) } : undefined;
}
