import {
  AddressSet,
  bitsOf,
  hostPrefix,
  type PacketSample,
  PacketSet,
  prefixContainsAddress,
  prefixOf,
  TCP,
} from '../base/net';

const PORTS = [443, 22, 3389, 80, 5432, 53];

/** One packet of a set, between two hosts, to a port that a reader knows where there is one. */
export function familiarPacket(packets: PacketSet): PacketSample | undefined {
  for (const port of PORTS) {
    const familiar = PacketSet.of({ protocols: [TCP], destinationPorts: [{ from: port, to: port }] });
    const found = betweenTwo(packets.intersect(familiar));
    if (found) return found;
  }
  return betweenTwo(packets);
}

/** Two ends in one subnet would be shown with one address, where the set has another. */
function betweenTwo(packets: PacketSet): PacketSample | undefined {
  const found = packets.sample();
  if (!found || !prefixContainsAddress(hostPrefix(found.source), found.destination)) return found;
  // AWS keeps the first addresses of a subnet to itself, so look away from them first
  const { destination } = found;
  for (const length of [bitsOf(destination.family) - 4, bitsOf(destination.family)]) {
    const others = AddressSet.ALL.subtract(AddressSet.of(prefixOf(destination, length)));
    const sample = packets.intersect(PacketSet.of({ sources: others })).sample();
    if (sample) return sample;
  }
  return found;
}
