import type { Address, Family } from './address';
import { AddressSet, FAMILY_LEVEL, WORD_LEVEL } from './address-set';
import {
  type Diagram,
  FALSE,
  forget,
  intersect,
  interval,
  isSubset,
  same,
  shift,
  subtract,
  TRUE,
  union,
  unionAll,
  within,
} from './diagram';
import { firstPath, holds, type Interval, paths, pathsTo } from './diagram-paths';
import type { PortRange } from './port-range';
import { ICMP, ICMPV6, TCP, UDP } from './protocol';

/*
 * Levels: family, destination words, source words, protocol, destination port, source port. The destination comes
 * first because routes and deliveries slice by it.
 */
const DESTINATION = WORD_LEVEL;
const SOURCE = WORD_LEVEL + 4;
const PROTOCOL = SOURCE + 4;
const DESTINATION_PORT = PROTOCOL + 1;
const SOURCE_PORT = PROTOCOL + 2;
const MAX_PORT = 65535;
const MAX_PROTOCOL = 255;
const MAX_WORD = 0xffffffff;

/** The greatest value of a level. For the table of sets. */
export function maxOf(level: number): number {
  if (level === FAMILY_LEVEL) return 1;
  if (level < PROTOCOL) return MAX_WORD;
  return level === PROTOCOL ? MAX_PROTOCOL : MAX_PORT;
}

/** Absent = all. For icmp and icmpv6 the destination port stands for the type and the source port for the code. */
export interface PacketPattern {
  readonly sources?: AddressSet;
  readonly destinations?: AddressSet;
  readonly protocols?: readonly (number | PortRange)[];
  readonly sourcePorts?: readonly PortRange[];
  readonly destinationPorts?: readonly PortRange[];
}

/** One packet of a set: addresses, protocol, ports. */
export interface PacketSample {
  readonly protocol: number;
  readonly source: Address;
  readonly sourcePort: number;
  readonly destination: Address;
  readonly destinationPort: number;
}

/**
 * What a set looks like to a reader: the destination ports (icmp: types) in it, by family and protocol, addresses aside.
 * `all` = every protocol with all ports; `other` = protocols besides tcp, udp, icmp and icmpv6.
 */
export interface ChannelSummary {
  readonly family: Family;
  readonly protocol: number | 'all' | 'other';
  readonly destinationPorts: readonly PortRange[];
}

/** A set of packets, exact and canonical: source and destination address, protocol, source and destination port. */
export class PacketSet {
  static readonly EMPTY = new PacketSet(FALSE);
  static readonly ALL = new PacketSet(TRUE);

  private constructor(readonly diagram: Diagram) {}

  /** For the table of sets; everyone else uses `of`. */
  static ofDiagram(diagram: Diagram): PacketSet {
    return new PacketSet(diagram);
  }

  static of(pattern: PacketPattern): PacketSet {
    let result: Diagram = TRUE;
    if (pattern.sourcePorts) result = intersect(result, ports(SOURCE_PORT, pattern.sourcePorts));
    if (pattern.destinationPorts) result = intersect(result, ports(DESTINATION_PORT, pattern.destinationPorts));
    if (pattern.protocols) {
      const numbers = pattern.protocols.map((protocol): [number, number] =>
        typeof protocol === 'number' ? [protocol, protocol] : [protocol.from, protocol.to],
      );
      result = intersect(within(PROTOCOL, MAX_PROTOCOL, numbers), result);
    }
    if (pattern.sources) result = intersect(shift(pattern.sources.diagram, DESTINATION, SOURCE - DESTINATION), result);
    if (pattern.destinations) result = intersect(pattern.destinations.diagram, result);
    return new PacketSet(result);
  }

  static ofOne(packet: PacketSample): PacketSet {
    const port = (value: number) => [{ from: value, to: value }];
    const host = (address: Address) => AddressSet.of({ ...address, length: address.family === 4 ? 32 : 128 });
    return PacketSet.of({
      sources: host(packet.source),
      destinations: host(packet.destination),
      protocols: [packet.protocol],
      sourcePorts: port(packet.sourcePort),
      destinationPorts: port(packet.destinationPort),
    });
  }

  static unionAll(sets: readonly PacketSet[]): PacketSet {
    const [first] = sets;
    if (!first) return PacketSet.EMPTY;
    return sets.length === 1 ? first : new PacketSet(unionAll(sets.map((set) => set.diagram)));
  }

  union(other: PacketSet): PacketSet {
    return this.or(other, union(this.diagram, other.diagram));
  }

  intersect(other: PacketSet): PacketSet {
    return this.or(other, intersect(this.diagram, other.diagram));
  }

  subtract(other: PacketSet): PacketSet {
    return this.or(other, subtract(this.diagram, other.diagram));
  }

  /** The set of a diagram; itself or the other one, where it is theirs. */
  private or(other: PacketSet, diagram: Diagram): PacketSet {
    if (diagram === this.diagram) return this;
    if (diagram === FALSE) return PacketSet.EMPTY;
    return diagram === other.diagram ? other : new PacketSet(diagram);
  }

  isSubsetOf(other: PacketSet): boolean {
    return isSubset(this.diagram, other.diagram);
  }

  equals(other: PacketSet): boolean {
    return same(this.diagram, other.diagram);
  }

  isEmpty(): boolean {
    return this.diagram === FALSE;
  }

  has(packet: PacketSample): boolean {
    if (packet.source.family !== packet.destination.family) return false;
    return holds(this.diagram, (level) => {
      if (level === FAMILY_LEVEL) return packet.destination.family === 4 ? 0 : 1;
      if (level < SOURCE) return packet.destination.words[level - DESTINATION] ?? 0;
      if (level < PROTOCOL) return packet.source.words[level - SOURCE] ?? 0;
      if (level === PROTOCOL) return packet.protocol;
      return level === DESTINATION_PORT ? packet.destinationPort : packet.sourcePort;
    });
  }

  /** One packet, the same for equal sets: tcp first, an ephemeral source port, an address a host could have. */
  sample(): PacketSample | undefined {
    if (this.isEmpty()) return undefined;
    const family: Family = this.intersect(IPV4).isEmpty() ? 6 : 4;
    let rest = this.intersect(family === 4 ? IPV4 : IPV6).diagram;
    const preferred = [TCP, UDP, ICMP, ICMPV6].find((protocol) => intersect(rest, protocolIs(protocol)) !== FALSE);
    if (preferred !== undefined) rest = intersect(rest, protocolIs(preferred));
    const ephemeral = intersect(rest, within(SOURCE_PORT, MAX_PORT, [[49152, MAX_PORT]]));
    const unprivileged = intersect(rest, within(SOURCE_PORT, MAX_PORT, [[1024, MAX_PORT]]));
    const isPing = preferred === ICMP || preferred === ICMPV6;
    const echo = intersect(rest, isPing ? echoOf(preferred) : FALSE);
    if (echo !== FALSE) rest = echo;
    if (!isPing && ephemeral !== FALSE) rest = ephemeral;
    else if (!isPing && unprivileged !== FALSE) rest = unprivileged;
    const chosen = new Map<number, Interval>();
    for (const taken of firstPath(rest, maxOf) ?? []) chosen.set(taken.level, taken);
    const valueAt = (level: number) => chosen.get(level)?.from ?? 0;
    const words = (level: number) => {
      const count = family === 4 ? 1 : 4;
      return Array.from({ length: count }, (_, index) => {
        const range = chosen.get(level + index) ?? { from: 0, to: MAX_WORD };
        return index === count - 1 ? hostLike(range.from, range.to) : range.from;
      });
    };
    return {
      protocol: valueAt(PROTOCOL),
      source: { family, words: words(SOURCE) },
      sourcePort: valueAt(SOURCE_PORT),
      destination: { family, words: words(DESTINATION) },
      destinationPort: valueAt(DESTINATION_PORT),
    };
  }

  sources(): AddressSet {
    const addresses = forget(forget(this.diagram, PROTOCOL, SOURCE_PORT), DESTINATION, SOURCE - 1);
    return new AddressSet(shift(addresses, SOURCE, DESTINATION - SOURCE));
  }

  destinations(): AddressSet {
    return new AddressSet(forget(this.diagram, SOURCE, SOURCE_PORT));
  }

  /** The same packets with any source address. */
  withAnySource(): PacketSet {
    return new PacketSet(forget(this.diagram, SOURCE, PROTOCOL - 1));
  }

  /** The same packets with any destination address. */
  withAnyDestination(): PacketSet {
    return new PacketSet(forget(this.diagram, DESTINATION, SOURCE - 1));
  }

  /** The same protocols and ports between any addresses, of either family. */
  withAnyAddresses(): PacketSet {
    return new PacketSet(forget(this.diagram, FAMILY_LEVEL, PROTOCOL - 1));
  }

  withAnySourcePort(): PacketSet {
    return new PacketSet(forget(this.diagram, SOURCE_PORT, SOURCE_PORT));
  }

  withAnyDestinationPort(): PacketSet {
    return new PacketSet(forget(this.diagram, DESTINATION_PORT, DESTINATION_PORT));
  }

  /** Source and destination changed places, ports too. */
  reversed(): PacketSet {
    // Few different answers to protocol and ports belong to many pairs of addresses.
    const turned = pathsTo(this.diagram, PROTOCOL, maxOf).map(({ path, rest }) => swapped(path, reversedPorts(rest)));
    return new PacketSet(unionAll(turned));
  }

  /** Destination ports by family and protocol, sorted. */
  channels(): ChannelSummary[] {
    const bare = forget(forget(this.diagram, DESTINATION, PROTOCOL - 1), SOURCE_PORT, SOURCE_PORT);
    const summaries: ChannelSummary[] = [];
    for (const family of [4, 6] as const) {
      const part = intersect(bare, (family === 4 ? IPV4 : IPV6).diagram);
      if (part === FALSE) continue;
      if (same(part, (family === 4 ? IPV4 : IPV6).diagram)) {
        summaries.push({ family, protocol: 'all', destinationPorts: [{ from: 0, to: MAX_PORT }] });
        continue;
      }
      for (const protocol of [ICMP, TCP, UDP, ICMPV6]) {
        const found = portsOf(intersect(part, protocolIs(protocol)));
        if (found.length > 0) summaries.push({ family, protocol, destinationPorts: found });
      }
      const others = portsOf(intersect(part, OTHER_PROTOCOLS));
      if (others.length > 0) summaries.push({ family, protocol: 'other', destinationPorts: others });
    }
    return summaries;
  }
}

const IPV4 = PacketSet.of({ destinations: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ destinations: AddressSet.ALL_IPV6 });
const OTHER_PROTOCOLS = within(PROTOCOL, MAX_PROTOCOL, [
  [0, ICMP - 1],
  [ICMP + 1, TCP - 1],
  [TCP + 1, UDP - 1],
  [UDP + 1, ICMPV6 - 1],
  [ICMPV6 + 1, MAX_PROTOCOL],
]);

function protocolIs(protocol: number): Diagram {
  return within(PROTOCOL, MAX_PROTOCOL, [[protocol, protocol]]);
}

/** An echo request: what a person means by a ping. */
function echoOf(protocol: number): Diagram {
  const type = protocol === ICMP ? 8 : 128;
  return intersect(protocolIs(protocol), within(DESTINATION_PORT, MAX_PORT, [[type, type]]));
}

function ports(level: number, ranges: readonly PortRange[]): Diagram {
  return within(
    level,
    MAX_PORT,
    ranges.map((range): [number, number] => [range.from, range.to]),
  );
}

/** One path with source and destination changed places, over what comes after it. */
function swapped(path: readonly Interval[], rest: Diagram): Diagram {
  const turned = path.map((taken) => ({ ...taken, level: opposite(taken.level) }));
  turned.sort((a, b) => b.level - a.level);
  return turned.reduce((result, { level, from, to }) => interval(level, maxOf(level), from, to, result), rest);
}

/** Of diagrams that speak of protocol and ports only. */
const REVERSED_PORTS = new WeakMap<Diagram, Diagram>();

function reversedPorts(diagram: Diagram): Diagram {
  let found = REVERSED_PORTS.get(diagram);
  if (!found) {
    found = unionAll(paths(diagram, maxOf).map((path) => swapped(path, TRUE)));
    REVERSED_PORTS.set(diagram, found);
  }
  return found;
}

function opposite(level: number): number {
  if (level === FAMILY_LEVEL || level === PROTOCOL) return level;
  if (level < SOURCE) return level + (SOURCE - DESTINATION);
  if (level < PROTOCOL) return level - (SOURCE - DESTINATION);
  return level === DESTINATION_PORT ? SOURCE_PORT : DESTINATION_PORT;
}

/** Destination ports of a diagram that speaks of family, protocol and destination port only. */
function portsOf(diagram: Diagram): PortRange[] {
  const bare = forget(forget(diagram, PROTOCOL, PROTOCOL), FAMILY_LEVEL, FAMILY_LEVEL);
  const found: PortRange[] = [];
  for (const path of paths(bare, maxOf)) found.push({ from: path[0]?.from ?? 0, to: path[0]?.to ?? MAX_PORT });
  return found;
}

/** Subnets keep their first four addresses for AWS: pick one that a host could have, if the range has room. */
function hostLike(from: number, to: number): number {
  return to - from >= 16 ? from + 10 : from;
}
