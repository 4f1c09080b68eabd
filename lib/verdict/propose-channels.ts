/**
 * Packets in the words of the zone language. What it has no word for (every port, every protocol) stays without one: that
 * is a finding for a person, and no conduit should bless it.
 */
import { formatProtocol, ICMP, ICMPV6, PacketSet, type PortRange, TCP, UDP } from '../base/net';
import { SERVICE_CATALOGUE } from '../intent/zones';

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
    else if (protocol === ICMP || protocol === ICMPV6) sayIcmp(protocol, packets, words);
    else if (protocol === TCP || protocol === UDP) {
      for (const range of destinationPorts) sayPorts(protocol, range, words, unsaid);
    } else unsaid.add(formatProtocol(protocol));
  }
  return { words: joined([...words]), unsaid: [...unsaid] };
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

/** `tcp/53` and `udp/53` are `dns`: a service of several parts is said where all of its parts are there. */
function joined(words: readonly string[]): string[] {
  let left = words;
  for (const { name, traffic } of SERVICE_CATALOGUE.values()) {
    const parts = traffic.flatMap(({ protocol, ports }) =>
      ports && (protocol === 'tcp' || protocol === 'udp')
        ? [nameOf(protocol, { from: Math.max(1, ports.from), to: ports.to })]
        : [],
    );
    if (parts.length < 2 || parts.length < traffic.length || !parts.every((part) => left.includes(part))) continue;
    left = [...left.filter((word) => !parts.includes(word)), name];
  }
  return [...left];
}

function sayIcmp(protocol: number, packets: PacketSet, words: Set<string>): void {
  if (protocol === ICMPV6) {
    words.add('icmpv6');
    return;
  }
  const messages = packets.intersect(PacketSet.of({ protocols: [ICMP] }));
  words.add(messages.isSubsetOf(ECHO) ? 'ping' : 'icmp');
}

const ECHO = PacketSet.of({ protocols: [ICMP], destinationPorts: [{ from: 8, to: 8 }] });
