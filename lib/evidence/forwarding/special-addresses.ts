/**
 * Address ranges that mean something to AWS or to the internet at large.
 * Sources: IANA special-purpose address registries; RFC 6890, RFC 4193.
 */
import { AddressSet, PacketSet, type Prefix, parsePrefix, TCP, UDP } from '../../base/net';
import { isUnknown, type Value } from '../network';

/** Ranges that are never routed on the internet, so that no packet from or to the internet carries them. */
const NOT_ON_THE_INTERNET = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map(parsePrefix);

/** Addresses that internet hosts have: global unicast, both families. */
export const INTERNET: AddressSet = AddressSet.ALL_IPV4.subtract(AddressSet.ofAll(NOT_ON_THE_INTERNET)).union(
  AddressSet.of(parsePrefix('2000::/3')),
);

/** RFC 1918 and RFC 6598. */
export const PRIVATE_IPV4: AddressSet = AddressSet.ofAll(
  ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'].map(parsePrefix),
);

/** RFC 5737: addresses of examples, which nobody has; whoever writes them means hosts of others, never what AWS gives ours. */
export const OF_EXAMPLES: AddressSet = AddressSet.ofAll(
  ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].map(parsePrefix),
);

/** At most what an AWS-managed prefix list holds: public addresses, except those of VPC Lattice, which are link-local. */
export function rangesOfService(service: string): AddressSet {
  return service.includes('lattice') ? AddressSet.ALL : INTERNET;
}

const CHOSEN_PORTS = PacketSet.of({ protocols: [TCP, UDP], sourcePorts: [{ from: 1024, to: 65535 }] });
const WITHOUT_PORTS = PacketSet.ALL.subtract(PacketSet.of({ protocols: [TCP, UDP] }));

/**
 * What a translator sends from ports of its own: 1024–65535
 * (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html, "Ephemeral ports").
 */
export const FROM_CHOSEN_PORTS: PacketSet = CHOSEN_PORTS.union(WITHOUT_PORTS);

/** Where those of some ranges may be that are not known; no ranges at all are not known either. */
export function openAddresses(ranges: readonly Value<Prefix>[]): AddressSet {
  if (ranges.length === 0) return AddressSet.ALL;
  const families = ranges.filter(isUnknown).map(({ family }) => family);
  if (families.includes(undefined)) return AddressSet.ALL;
  const [isFour, isSix] = [families.includes(4), families.includes(6)];
  if (isFour && isSix) return AddressSet.ALL;
  return isFour ? AddressSet.ALL_IPV4 : isSix ? AddressSet.ALL_IPV6 : AddressSet.EMPTY;
}
