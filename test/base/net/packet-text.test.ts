import { AddressSet, PacketSet, parsePrefix } from '../../../lib/base/net';
import { formatPackets, parsePackets } from '../../../lib/base/net/packet-text';
import { Dice } from '../../property/random-network';

const RANGES = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.1.2.0/25',
  '10.1.2.77/32',
  '::/0',
  '2001:db8::/33',
  '2001:db8:1::7/128',
];
const PORTS = [
  { from: 443, to: 443 },
  { from: 0, to: 1023 },
  { from: 1024, to: 65535 },
  { from: 7, to: 4000 },
  undefined,
];

function randomSet(dice: Dice): PacketSet {
  let set = PacketSet.EMPTY;
  for (let count = 1 + dice.next(5); count > 0; count--) {
    const ports = () => {
      const range = dice.pick(PORTS.map((one) => one ?? 'all'));
      return range === 'all' ? undefined : [range];
    };
    const family = dice.chance(70) ? RANGES.slice(0, 5) : RANGES.slice(5);
    const part = PacketSet.of({
      sources: dice.chance(70) ? AddressSet.of(parsePrefix(dice.pick(family))) : undefined,
      destinations: dice.chance(70) ? AddressSet.of(parsePrefix(dice.pick(family))) : undefined,
      protocols: dice.chance(70) ? [dice.pick([0, 1, 6, 17, 47, 58, 255])] : undefined,
      destinationPorts: ports(),
      sourcePorts: ports(),
    });
    set = dice.chance(75) ? set.union(part) : set.subtract(part);
  }
  return set;
}

describe('packets as text', () => {
  test.each([
    ['nothing', PacketSet.EMPTY, []],
    ['everything', PacketSet.ALL, ['any']],
    [
      'one channel',
      PacketSet.of({
        sources: AddressSet.of(parsePrefix('10.0.0.0/24')),
        destinations: AddressSet.of(parsePrefix('10.1.0.0/16')),
        protocols: [6],
        destinationPorts: [{ from: 443, to: 443 }],
        sourcePorts: [{ from: 1024, to: 65535 }],
      }),
      ['tcp 443 from 10.0.0.0/24 port 1024-65535 to 10.1.0.0/16'],
    ],
    [
      'a protocol without addresses, in both families',
      PacketSet.of({ protocols: [17] }),
      ['udp from 0.0.0.0/0 to 0.0.0.0/0', 'udp from ::/0 to ::/0'],
    ],
    [
      'a protocol taken out',
      PacketSet.of({ sources: AddressSet.of(parsePrefix('10.0.0.0/8')) }).subtract(PacketSet.of({ protocols: [6] })),
      [
        '0 from 10.0.0.0/8 to 0.0.0.0/0',
        '18-57 from 10.0.0.0/8 to 0.0.0.0/0',
        '2-5 from 10.0.0.0/8 to 0.0.0.0/0',
        '59-255 from 10.0.0.0/8 to 0.0.0.0/0',
        '7-16 from 10.0.0.0/8 to 0.0.0.0/0',
        'icmp from 10.0.0.0/8 to 0.0.0.0/0',
        'icmpv6 from 10.0.0.0/8 to 0.0.0.0/0',
        'udp from 10.0.0.0/8 to 0.0.0.0/0',
      ],
    ],
  ])('%s', (_, set, lines) => {
    expect(formatPackets(set)).toEqual(lines);
    expect(parsePackets(lines).equals(set)).toBe(true);
  });

  test('what is written is read back exactly, and equal sets are written equally', () => {
    for (let seed = 0; seed < 80; seed++) {
      const set = randomSet(new Dice(seed));
      const lines = formatPackets(set);
      const back = parsePackets(lines);
      expect({ seed, same: back.equals(set) }).toEqual({ seed, same: true });
      const rebuilt = set
        .subtract(PacketSet.of({ protocols: [6] }))
        .union(set.intersect(PacketSet.of({ protocols: [6] })));
      expect(formatPackets(rebuilt)).toEqual(lines);
    }
  });

  test.each([
    '',
    'tcp',
    'tcp 70000 from 10.0.0.0/8 to 0.0.0.0/0',
    'tcp 5-4 from 10.0.0.0/8 to 0.0.0.0/0',
    'tcp from 10.0.0/8 to 0.0.0.0/0',
    '300 from 10.0.0.0/8 to 0.0.0.0/0',
  ])('`%s` describes no packets', (line) => {
    expect(() => parsePackets([line])).toThrow(RangeError);
  });
});
