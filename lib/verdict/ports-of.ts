import { PacketSet } from '../base/net';

const PORTED = PacketSet.of({ protocols: [6, 17] });

/** Destination port ranges of the sets together, merged and in order; empty where the protocol has no ports. */
export function portsOf(found: readonly { readonly sent: PacketSet }[]): [number, number][] {
  const sent = PacketSet.unionAll(found.map((one) => one.sent)).intersect(PORTED);
  const ranges = sent.channels().flatMap((channel) => channel.destinationPorts);
  const sorted = ranges
    .map((range): [number, number] => [range.from, range.to])
    .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}
