/**
 * Packets in the words of the zone language. What it has no word for (every port, every protocol, the kinds of ICMP that
 * are no echo) stays without one: that is a finding for a person, and no conduit should bless it.
 */
import { formatProtocol, ICMP, ICMPV6, type PacketSet, type PortRange, TCP, UDP } from '../base/net';
import { SERVICE_CATALOGUE } from '../intent/zones';
import { packetsOf } from './allowance';

export interface Wording {
  /** for `allow:` */
  readonly words: readonly string[];
  /** what has no word, for people; empty = everything has */
  readonly unsaid: readonly string[];
}

const MAX_PORT = 65535;

export function wordingOf(packets: PacketSet): Wording {
  const words = new Set<string>();
  const unsaid = new Set<string>();
  for (const { protocol, destinationPorts } of packets.channels()) {
    if (protocol === 'all') unsaid.add('every protocol and port');
    else if (protocol === 'other') unsaid.add('protocols other than tcp, udp and icmp');
    else if (protocol === ICMP || protocol === ICMPV6) sayEcho(protocol, packets, words, unsaid);
    else if (protocol === TCP || protocol === UDP) {
      for (const range of destinationPorts) sayPorts(protocol, range, words, unsaid);
    } else unsaid.add(formatProtocol(protocol));
  }
  return { words: [...words], unsaid: [...unsaid] };
}

function sayPorts(protocol: number, range: PortRange, words: Set<string>, unsaid: Set<string>): void {
  const name = protocol === TCP ? 'tcp' : 'udp';
  if (range.from <= 1 && range.to === MAX_PORT) {
    unsaid.add(`every ${name} port`);
    return;
  }
  if (range.from === 0) unsaid.add(`${name} port 0`);
  const from = Math.max(1, range.from);
  if (from <= range.to) words.add(nameOf(name, { from, to: range.to }));
}

/** A service of the catalogue that is exactly this; the first of several, which is the plainest. */
function nameOf(protocol: 'tcp' | 'udp', { from, to }: PortRange): string {
  for (const { name, traffic } of SERVICE_CATALOGUE.values()) {
    const [only] = traffic;
    if (traffic.length !== 1 || only?.protocol !== protocol) continue;
    if (only.ports?.from === from && only.ports.to === to) return name;
  }
  return from === to ? `${protocol}/${from}` : `${protocol}/${from}-${to}`;
}

function sayEcho(protocol: number, packets: PacketSet, words: Set<string>, unsaid: Set<string>): void {
  const name = protocol === ICMP ? 'icmp' : 'icmpv6';
  const echo = packetsOf([{ protocol: name }]);
  if (!packets.intersect(echo).isEmpty()) words.add(name);
  const rest = packets.subtract(echo).channels();
  if (rest.some((channel) => channel.protocol === protocol)) unsaid.add(`${name} other than echo`);
}
