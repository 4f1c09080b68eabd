/**
 * Packet sets as lines that people read, and back: `tcp 443 from 10.0.0.0/24 port 1024-65535 to 10.1.0.0/16`.
 *
 * A set is the union of its lines. A line is a product: protocols (with ports, or icmp types), sources (with ports, or
 * icmp codes), destinations; each a comma-separated list, and what is left out is not restricted. Equal sets have equal
 * lines, because how a set is cut depends on nothing but what is in it.
 */
import { formatPrefix, type Prefix, tryParsePrefix } from './address';
import { AddressSet } from './address-set';
import { PacketSet } from './packet-set';
import { formatPortRange, isPort, type PortRange } from './port-range';
import { formatProtocol, ICMP, ICMPV6, TCP, tryParseProtocol, UDP } from './protocol';

/** Protocols apart that rules tell apart; the rest in runs. */
const PROTOCOLS: readonly PortRange[] = [
  { from: 0, to: ICMP - 1 },
  { from: ICMP, to: ICMP },
  { from: ICMP + 1, to: TCP - 1 },
  { from: TCP, to: TCP },
  { from: TCP + 1, to: UDP - 1 },
  { from: UDP, to: UDP },
  { from: UDP + 1, to: ICMPV6 - 1 },
  { from: ICMPV6, to: ICMPV6 },
  { from: ICMPV6 + 1, to: 255 },
];
const ALL_PORTS: PortRange = { from: 0, to: 65535 };

/** What sets without addresses look like, where many sets are written: few of those differ. */
export type KnownChannels = { readonly bare: PacketSet; readonly channels: readonly [string, string][] }[];

export function formatPackets(set: PacketSet, known: KnownChannels = []): string[] {
  if (set.isEmpty()) return [];
  if (set.equals(PacketSet.ALL)) return ['any'];
  const lines: string[] = [];
  for (const family of [AddressSet.ALL_IPV4, AddressSet.ALL_IPV6]) {
    for (const [destinations, rest] of cut(set.intersect(PacketSet.of({ destinations: family })), 'destinations')) {
      for (const [sources, bare] of cut(rest, 'sources')) {
        for (const [protocols, sourcePorts] of onceChannelsOf(bare, known)) {
          const from = `${sources.join(',')}${sourcePorts === '' ? '' : ` port ${sourcePorts}`}`;
          lines.push(`${protocols} from ${from} to ${destinations.join(',')}`);
        }
      }
    }
  }
  return lines.sort();
}

type Side = 'sources' | 'destinations';

/** Cuts a set of one family by one of its addresses: runs of prefixes, each with what remains when they are forgotten. */
function cut(set: PacketSet, side: Side): [string[], PacketSet][] {
  const free = (part: PacketSet) => (side === 'sources' ? part.withAnySource() : part.withAnyDestination());
  const classes: { runs: (readonly Prefix[])[]; rest: PacketSet }[] = [];
  const visit = (prefixes: readonly Prefix[]): void => {
    const within = PacketSet.of({ [side]: AddressSet.ofAll(prefixes) });
    const part = set.intersect(within);
    if (part.isEmpty()) return;
    const rest = free(part);
    if (!rest.intersect(within).equals(part)) return split(prefixes).forEach(visit);
    const known = classes.find((one) => one.rest.equals(rest));
    if (known) known.runs.push(prefixes);
    else classes.push({ runs: [prefixes], rest });
  };
  visit((side === 'sources' ? set.sources() : set.destinations()).prefixes());
  return classes.map(({ runs, rest }) => {
    const [only = []] = runs;
    const prefixes = runs.length === 1 ? only : AddressSet.ofAll(runs.flat()).prefixes();
    return [prefixes.map(formatPrefix), rest];
  });
}

function split(prefixes: readonly Prefix[]): Prefix[][] {
  const [only] = prefixes;
  if (prefixes.length === 1 && only) return halves(only).map((half) => [half]);
  const middle = prefixes.length >> 1;
  return [prefixes.slice(0, middle), prefixes.slice(middle)];
}

function halves({ family, words, length }: Prefix): Prefix[] {
  const upper = words.map((word, at) => (at === length >> 5 ? (word | (1 << (31 - (length & 31)))) >>> 0 : word));
  return [words, upper].map((half) => ({ family, words: half, length: length + 1 }));
}

const MOST_KNOWN = 256;

function onceChannelsOf(bare: PacketSet, known: KnownChannels): readonly [string, string][] {
  const found = known.find((one) => one.bare.equals(bare));
  if (found) return found.channels;
  const channels = channelsOf(bare);
  if (known.length < MOST_KNOWN) known.push({ bare, channels });
  return channels;
}

/** Protocols with their ports, and the source ports where they matter, of a set whose addresses are forgotten. */
function channelsOf(bare: PacketSet): [string, string][] {
  const all = PacketSet.of({ destinations: bare.destinations() });
  if (all.isSubsetOf(bare)) return [['any', '']];
  const visit = (run: PortRange): [string, string][] => {
    const part = bare.intersect(PacketSet.of({ protocols: [run] }));
    if (part.isEmpty()) return [];
    const boxes = portsOf(bare.intersect(PacketSet.of({ protocols: [run.from] })));
    const asRun = boxes.map((box) => PacketSet.of({ ...box, protocols: [run] }).intersect(all));
    if (!PacketSet.unionAll(asRun).equals(part)) return halvesOf(run).flatMap(visit);
    const name = run.from === run.to ? formatProtocol(run.from) : formatPortRange(run);
    return boxes.map(({ destinationPorts, sourcePorts }) => {
      const ports = formatRanges(destinationPorts);
      return [ports === '' ? name : `${name} ${ports}`, formatRanges(sourcePorts)];
    });
  };
  return PROTOCOLS.flatMap(visit);
}

interface Ports {
  readonly destinationPorts: readonly PortRange[];
  readonly sourcePorts: readonly PortRange[];
}

/** The ports of a set of one family and one protocol whose addresses are forgotten. */
function portsOf(set: PacketSet): Ports[] {
  const found = new Map<string, { destinationPorts: PortRange[]; sourcePorts: readonly PortRange[] }>();
  const visit = (range: PortRange): void => {
    const within = PacketSet.of({ destinationPorts: [range] });
    const part = set.intersect(within);
    if (part.isEmpty()) return;
    if (!part.withAnyDestinationPort().intersect(within).equals(part)) return halvesOf(range).forEach(visit);
    const sourcePorts = sourcePortsOf(part);
    const known = found.get(formatRanges(sourcePorts));
    if (known) known.destinationPorts.push(range);
    else found.set(formatRanges(sourcePorts), { destinationPorts: [range], sourcePorts });
  };
  for (const { destinationPorts } of set.channels()) destinationPorts.forEach(visit);
  return [...found.values()];
}

function sourcePortsOf(part: PacketSet): PortRange[] {
  if (part.withAnySourcePort().equals(part)) return [ALL_PORTS];
  const reversed = part.reversed().channels();
  return reversed.flatMap(({ destinationPorts }) => destinationPorts);
}

function halvesOf({ from, to }: PortRange): PortRange[] {
  const middle = from + Math.floor((to - from) / 2);
  return [
    { from, to: middle },
    { from: middle + 1, to },
  ];
}

/** Empty where every port is meant. */
function formatRanges(ranges: readonly PortRange[]): string {
  const runs: PortRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = runs.at(-1);
    if (last && range.from <= last.to + 1) runs[runs.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else runs.push(range);
  }
  const [only] = runs;
  if (runs.length === 1 && only?.from === 0 && only.to === ALL_PORTS.to) return '';
  return runs.map(formatPortRange).join(',');
}

const LINE = /^(\S+)(?: (\S+))? from (\S+)(?: port (\S+))? to (\S+)$/;

/** Throws a RangeError that names the line where it says nothing. */
export function parsePackets(lines: readonly string[]): PacketSet {
  return PacketSet.unionAll(lines.map((line) => (line === 'any' ? PacketSet.ALL : parseLine(line))));
}

function parseLine(line: string): PacketSet {
  const match = LINE.exec(line);
  if (!match) throw new RangeError(`\`${line}\` describes no packets`);
  const [, protocol = '', ports, sources = '', sourcePorts, destinations = ''] = match;
  return PacketSet.of({
    protocols: protocol === 'any' ? undefined : parseProtocols(protocol),
    destinationPorts: ports === undefined ? undefined : ports.split(',').map((text) => parseRange(text, 65535)),
    sourcePorts: sourcePorts === undefined ? undefined : sourcePorts.split(',').map((text) => parseRange(text, 65535)),
    sources: AddressSet.ofAll(sources.split(',').map(parseExactPrefix)),
    destinations: AddressSet.ofAll(destinations.split(',').map(parseExactPrefix)),
  });
}

function parseProtocols(text: string): (number | PortRange)[] {
  const known = tryParseProtocol(text);
  return [typeof known === 'number' ? known : parseRange(text, 255)];
}

function parseRange(text: string, most: number): PortRange {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const range = { from: Number(match?.[1]), to: Number(match?.[2] ?? match?.[1]) };
  if (!match || !isPort(range.from) || range.to > most || range.to < range.from) {
    throw new RangeError(`\`${text}\` is no range of 0-${most}`);
  }
  return range;
}

function parseExactPrefix(text: string): Prefix {
  const prefix = tryParsePrefix(text);
  if (!prefix) throw new RangeError(`\`${text}\` is no address range`);
  return prefix;
}
