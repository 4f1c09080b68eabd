/**
 * NAT64: a NAT gateway sends what is addressed to 64:ff9b::/96 on as IPv4, to the address in the last 32 bits (SEMANTICS 21;
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html). So a host that has IPv6 only reaches
 * IPv4 hosts, private ones too.
 */
import { AddressSet, ICMP, ICMPV6, PacketSet, type Prefix, parsePrefix, TCP, UDP } from '../../base/net';

const WELL_KNOWN = parsePrefix('64:ff9b::/96');
const HEAD = WELL_KNOWN.words.slice(0, 3);
export const NAT64_ADDRESSES: AddressSet = AddressSet.of(WELL_KNOWN);
const TO_IPV4 = PacketSet.of({ protocols: [TCP, UDP, ICMPV6], destinations: NAT64_ADDRESSES });

/** What a NAT gateway carries on as IPv4. */
export function throughNat64(packets: PacketSet): PacketSet {
  return packets.intersect(TO_IPV4);
}

/** The same packets as IPv4, from anywhere; at most, because which ports go with which address is not kept. */
export function asIpv4(packets: PacketSet): PacketSet {
  const found = throughNat64(packets);
  if (found.isEmpty()) return PacketSet.EMPTY;
  const destinations = AddressSet.ofAll(
    found
      .destinations()
      .prefixes()
      .map(
        ({ words, length }): Prefix => ({
          family: 4,
          words: words.slice(3),
          length: length - 96,
        }),
      ),
  );
  const pings = found.intersect(PacketSet.of({ protocols: [ICMPV6] })).isEmpty()
    ? PacketSet.EMPTY
    : PacketSet.of({ protocols: [ICMP], destinations });
  const ported = found.intersect(PacketSet.of({ protocols: [TCP, UDP] }));
  return ported.withAnyAddresses().intersect(PacketSet.of({ destinations })).union(pings);
}

/** The packets to 64:ff9b::/96 that may have become these. */
export function asNat64(packets: PacketSet): PacketSet {
  const four = packets.intersect(PacketSet.of({ destinations: AddressSet.ALL_IPV4 }));
  if (four.isEmpty()) return PacketSet.EMPTY;
  const destinations = AddressSet.ofAll(
    four
      .destinations()
      .prefixes()
      .map(
        ({ words, length }): Prefix => ({
          family: 6,
          words: [...HEAD, ...words],
          length: length + 96,
        }),
      ),
  );
  const pings = four.intersect(PacketSet.of({ protocols: [ICMP] })).isEmpty()
    ? PacketSet.EMPTY
    : PacketSet.of({ protocols: [ICMPV6], destinations });
  const ported = four.intersect(PacketSet.of({ protocols: [TCP, UDP] }));
  return ported.withAnyAddresses().intersect(PacketSet.of({ destinations })).union(pings);
}
