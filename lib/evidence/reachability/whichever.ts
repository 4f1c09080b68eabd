/**
 * What holds whichever address or port AWS picks, where the template leaves it open.
 */
import { AddressSet, isHostPrefix, PacketSet, TCP, UDP } from '../../base/net';
import { FROM_CHOSEN_PORTS, type Party } from '../forwarding';
import { isKnown } from '../network';

/**
 * The packets that work whichever address the party has: an address that the template leaves to AWS is one of a range,
 * and only what holds for all of the range holds for certain. One subnet of several is enough.
 */
export function forEveryAddress(
  packets: PacketSet,
  ranges: readonly AddressSet[],
  side: 'source' | 'destination',
): PacketSet {
  const parts = ranges.map((range) => {
    const within = PacketSet.of(side === 'source' ? { sources: range } : { destinations: range });
    const part = packets.intersect(within);
    const free = (set: PacketSet) => (side === 'source' ? set.withAnySource() : set.withAnyDestination());
    const missing = free(part).intersect(within).subtract(part);
    return part.subtract(free(missing));
  });
  return PacketSet.unionAll(parts);
}

const PORTED = PacketSet.of({ protocols: [TCP, UDP] });

/** The packets that work whichever port the translator takes. */
export function forEveryChosenPort(packets: PacketSet): PacketSet {
  const part = packets.intersect(FROM_CHOSEN_PORTS);
  const missing = part.withAnySourcePort().intersect(FROM_CHOSEN_PORTS).subtract(part).intersect(PORTED);
  return part.subtract(missing.withAnySourcePort());
}

/** The ranges that an address of a declared interface is taken from, by subnet and family; none where it is a choice. */
export function openRanges(party: Party, rangeOf: (at: number) => AddressSet): readonly AddressSet[] | undefined {
  if (!party.noun) return undefined;
  const families = [AddressSet.ALL_IPV4, AddressSet.ALL_IPV6];
  // It has each of the addresses that the template gives it, so whichever of them works is enough.
  const given = party.noun.addresses.filter(isKnown).filter(isHostPrefix);
  const chosen = AddressSet.ofAll(given);
  const ranges = party.subnets.flatMap((_, at) =>
    families.map((family) => party.addresses.intersect(rangeOf(at)).intersect(family).subtract(chosen)),
  );
  return [...ranges, ...given.map((prefix) => AddressSet.of(prefix))].filter((range) => !range.isEmpty());
}
