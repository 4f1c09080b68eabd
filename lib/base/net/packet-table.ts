/**
 * Many packet sets as one table of lines, as long as what they share allows, that a person can look a packet up in.
 *
 * A line asks one question of a packet and says which line to go on with: `to 10.0.1.0-10.0.1.255:7 10.0.3.0:1` sends
 * packets for 10.0.1.0/24 on to line 7, and those for 10.0.3.0 to line 1. Line 1 is every packet, line 0 none; a value
 * that a line does not name leads to 0. The first line that is written has number 2, and leads only to lines before it.
 *
 * Questions, in this order: `family` (4 or 6); `to` and `from`, the address, for IPv6 its first 32 bits (the others are
 * `to.2` … `from.4`); `protocol`; `port`, of the destination (icmp: type); `source-port` (icmp: code).
 */
import { formatAddress, tryParseAddress } from './address';
import { childOf, type Diagram, FALSE, split, TRUE } from './diagram';
import { intervalAt } from './diagram-paths';
import { maxOf, PacketSet } from './packet-set';

const FIELDS: readonly string[] = [
  'family',
  ...['to', 'from'].flatMap((side) => [side, `${side}.2`, `${side}.3`, `${side}.4`]),
  'protocol',
  'port',
  'source-port',
];
const FIRST_WORD = 1;
const LAST_WORD = 8;

const isWord = (level: number) => level >= FIRST_WORD && level <= LAST_WORD;

function formatValue(level: number, value: number): string {
  if (isWord(level)) return formatAddress({ family: 4, words: [value] });
  return String(level === 0 ? 4 + 2 * value : value);
}

function parseValue(level: number, text: string): number {
  const value = isWord(level) ? tryParseAddress(text)?.words[0] : /^\d{1,5}$/.test(text) ? Number(text) : undefined;
  const found = level === 0 && value !== undefined ? (value - 4) / 2 : value;
  if (found === undefined || !Number.isInteger(found) || found < 0 || found > maxOf(level)) {
    throw new RangeError(`\`${text}\` is no ${FIELDS[level]} of a packet`);
  }
  return found;
}

/** Numbers sets, each line once, in the order in which they are asked for. */
export class PacketTable {
  readonly lines: string[] = [];
  private readonly numbers = new Map<Diagram, number>([
    [FALSE, 0],
    [TRUE, 1],
  ]);

  numberOf(set: PacketSet): number {
    return this.write(set.diagram);
  }

  private write(diagram: Diagram): number {
    const known = this.numbers.get(diagram);
    if (known !== undefined) return known;
    const { level } = diagram;
    let line = FIELDS[level] ?? '';
    for (let at = 0; at < diagram.width; at++) {
      const number = this.write(childOf(diagram, at));
      if (number === 0) continue;
      const { from, to } = intervalAt(diagram, at, maxOf);
      line += ` ${formatValue(level, from)}${from === to ? '' : `-${formatValue(level, to)}`}:${number}`;
    }
    const number = this.lines.push(line) + 1;
    this.numbers.set(diagram, number);
    return number;
  }
}

/** The sets by number. Throws a RangeError that says what is wrong where a line is none. */
export function parsePacketTable(lines: readonly string[]): PacketSet[] {
  const diagrams: Diagram[] = [FALSE, TRUE];
  for (const line of lines) diagrams.push(parseLine(line, diagrams));
  return diagrams.map((diagram) => PacketSet.ofDiagram(diagram));
}

function parseLine(line: string, before: readonly Diagram[]): Diagram {
  const [field = '', ...parts] = line.split(' ');
  const level = FIELDS.indexOf(field);
  if (level < 0) throw new RangeError(`\`${line}\` asks nothing of a packet`);
  return split(
    level,
    maxOf(level),
    parts.map((part) => {
      const [, first = '', last = first, number = ''] = /^([\d.]+)(?:-([\d.]+))?:(\d+)$/.exec(part) ?? [];
      const child = before[Number(number)];
      if (number === '' || !child) throw new RangeError(`\`${part}\` leads to no line before it`);
      return [parseValue(level, first), parseValue(level, last), child];
    }),
  );
}
