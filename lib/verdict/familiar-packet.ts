import { type PacketSample, PacketSet, TCP } from '../base/net';

const PORTS = [443, 22, 3389, 80, 5432, 53];

/** One packet of a set, to a port that a reader knows where there is one. */
export function familiarPacket(packets: PacketSet): PacketSample | undefined {
  for (const port of PORTS) {
    const familiar = PacketSet.of({ protocols: [TCP], destinationPorts: [{ from: port, to: port }] });
    const found = packets.intersect(familiar).sample();
    if (found) return found;
  }
  return packets.sample();
}
