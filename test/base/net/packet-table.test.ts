import fc from 'fast-check';
import { AddressSet, PacketSet, PacketTable, parsePacketTable, parsePrefix } from '../../../lib/base/net';

const range = (text: string) => AddressSet.of(parsePrefix(text));
const PARTS = [
  PacketSet.of({ sources: range('10.0.0.0/8'), destinations: range('10.1.0.0/16') }),
  PacketSet.of({ destinations: range('10.1.2.0/24'), protocols: [6], destinationPorts: [{ from: 443, to: 443 }] }),
  PacketSet.of({ sources: range('2001:db8::/33'), protocols: [58] }),
  PacketSet.of({ destinations: range('2001:db8:1::/48'), sourcePorts: [{ from: 1024, to: 65535 }] }),
  PacketSet.of({ protocols: [17], destinationPorts: [{ from: 0, to: 53 }] }),
  PacketSet.of({ sources: range('255.255.255.255/32') }),
];
const sets = fc
  .array(fc.tuple(fc.constantFrom(...PARTS), fc.boolean()), { maxLength: 6 })
  .map((steps) =>
    steps.reduce((set, [part, isAdded]) => (isAdded ? set.union(part) : set.subtract(part)), PacketSet.EMPTY),
  );

describe('a table of packet sets', () => {
  test('gives back every set that was written to it', () => {
    fc.assert(
      fc.property(fc.array(sets, { maxLength: 5 }), (written) => {
        const table = new PacketTable();
        const numbers = written.map((set) => table.numberOf(set));
        const read = parsePacketTable(JSON.parse(JSON.stringify(table.lines)));
        expect(numbers.map((number, at) => read[number]?.equals(written[at] ?? PacketSet.EMPTY))).toEqual(
          written.map(() => true),
        );
      }),
    );
  });

  test('is read as a person looks a packet up', () => {
    const table = new PacketTable();
    expect([PacketSet.EMPTY, PacketSet.ALL].map((set) => table.numberOf(set))).toEqual([0, 1]);
    expect(table.numberOf(PARTS[1] ?? PacketSet.EMPTY)).toBe(5);
    expect(table.lines).toEqual(['port 443:1', 'protocol 6:2', 'to 10.1.2.0-10.1.2.255:3', 'family 4:4']);
  });

  test('writes what sets share once', () => {
    const table = new PacketTable();
    const [a = PacketSet.EMPTY, b = PacketSet.EMPTY] = PARTS;
    table.numberOf(a);
    const before = table.lines.length;
    table.numberOf(a.union(b));
    table.numberOf(a);
    expect(table.lines.length - before).toBeLessThan(before + 4);
  });

  test.each([
    ['colour 1:1', /asks nothing/],
    ['port 70000:1', /is no port/],
    ['protocol 256:1', /is no protocol/],
    ['family 5:1', /is no family/],
    ['to 10.0.0.256:1', /is no to/],
    ['port 5-4:1', /out of order/],
    ['port 5:1 4:1', /out of order/],
    ['port 443:2', /no line before it/],
    ['port 443', /no line before it/],
    ['port x:1', /no line before it/],
  ])('refuses `%s`', (line, reason) => {
    expect(() => parsePacketTable([line])).toThrow(reason);
  });

  test('refuses a line that asks what was asked before', () => {
    expect(() => parsePacketTable(['protocol 6:1', 'port 443:2'])).toThrow(/out of order/);
  });
});
