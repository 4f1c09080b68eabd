import fc from 'fast-check';
import {
  AddressSet,
  formatPrefix,
  type PacketSample,
  PacketSet,
  type Prefix,
  parseAddress,
  parsePrefix,
  prefixOf,
} from '../../../lib/base/net';

/** Few distinct values, so that sets overlap often; both families; edges of every range. */
const octet = fc.constantFrom(0, 1, 10, 127, 128, 255);
const prefix4: fc.Arbitrary<Prefix> = fc
  .tuple(octet, octet, fc.constantFrom(0, 1, 8, 9, 16, 24, 31, 32))
  .map(([a, d, length]) => prefixOf(parseAddress(`${a}.0.0.${d}`), length));
const prefix6: fc.Arbitrary<Prefix> = fc
  .tuple(fc.constantFrom('2001:db8::', '2001:db8:0:1::', 'fe80::1', '::'), fc.constantFrom(0, 32, 33, 64, 127, 128))
  .map(([text, length]) => prefixOf(parseAddress(text), length));
const prefix = fc.oneof(prefix4, prefix6);
const addresses = fc.array(prefix, { maxLength: 4 }).map((list) => AddressSet.of(...list));
const port = fc.constantFrom(0, 1, 22, 80, 443, 1023, 1024, 65534, 65535);
const portRange = fc.tuple(port, port).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
const protocol = fc.constantFrom(0, 1, 6, 17, 58, 255);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const cube = fc
  .record({
    sources: optional(addresses),
    destinations: optional(addresses),
    protocols: optional(fc.array(protocol, { minLength: 1, maxLength: 3 })),
    sourcePorts: optional(fc.array(portRange, { minLength: 1, maxLength: 2 })),
    destinationPorts: optional(fc.array(portRange, { minLength: 1, maxLength: 2 })),
  })
  .map((pattern) => PacketSet.of(pattern));
const packets: fc.Arbitrary<PacketSet> = fc
  .array(fc.tuple(fc.boolean(), cube), { maxLength: 4 })
  .map((parts) => parts.reduce((set, [add, part]) => (add ? set.union(part) : set.subtract(part)), PacketSet.EMPTY));

const address4 = fc.tuple(octet, octet).map(([a, d]) => parseAddress(`${a}.0.0.${d}`));
const address6 = fc.constantFrom('2001:db8::', '2001:db8:0:1::7', 'fe80::1', '::').map(parseAddress);
const packet: fc.Arbitrary<PacketSample> = fc
  .tuple(fc.oneof(fc.tuple(address4, address4), fc.tuple(address6, address6)), protocol, port, port)
  .map(([[source, destination], number, sourcePort, destinationPort]) => ({
    source,
    destination,
    protocol: number,
    sourcePort,
    destinationPort,
  }));

describe('packet sets obey the laws of sets', () => {
  test('membership follows the operations, packet by packet', () => {
    fc.assert(
      fc.property(packets, packets, packet, (a, b, p) => {
        expect(a.union(b).has(p)).toBe(a.has(p) || b.has(p));
        expect(a.intersect(b).has(p)).toBe(a.has(p) && b.has(p));
        expect(a.subtract(b).has(p)).toBe(a.has(p) && !b.has(p));
      }),
      { numRuns: 150 },
    );
  });

  test('the form is canonical: equal sets are equal however they were built', () => {
    fc.assert(
      fc.property(packets, packets, packets, (a, b, c) => {
        expect(a.union(b).equals(b.union(a))).toBe(true);
        expect(
          a
            .union(b)
            .union(c)
            .equals(a.union(b.union(c))),
        ).toBe(true);
        expect(a.intersect(b.union(c)).equals(a.intersect(b).union(a.intersect(c)))).toBe(true);
        expect(a.subtract(b).union(a.intersect(b)).equals(a)).toBe(true);
        expect(PacketSet.ALL.subtract(PacketSet.ALL.subtract(a)).equals(a)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('subset is what subtraction leaves empty', () => {
    fc.assert(
      fc.property(packets, packets, (a, b) => {
        expect(a.isSubsetOf(b)).toBe(a.subtract(b).isEmpty());
        expect(a.intersect(b).isSubsetOf(a)).toBe(true);
        expect(a.isSubsetOf(a.union(b))).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('a sample is a member, and only the empty set has none', () => {
    fc.assert(
      fc.property(packets, (a) => {
        const found = a.sample();
        expect(found === undefined).toBe(a.isEmpty());
        if (found) expect(a.has(found)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('reversing twice gives the set back, and swaps each packet', () => {
    fc.assert(
      fc.property(packets, packet, (a, p) => {
        expect(a.reversed().reversed().equals(a)).toBe(true);
        const back = {
          ...p,
          source: p.destination,
          destination: p.source,
          sourcePort: p.destinationPort,
          destinationPort: p.sourcePort,
        };
        expect(a.reversed().has(back)).toBe(a.has(p));
      }),
      { numRuns: 100 },
    );
  });

  test('forgetting a field keeps every member and frees that field only', () => {
    fc.assert(
      fc.property(packets, packet, address4, (a, p, other) => {
        if (a.has(p)) {
          expect(a.withAnySource().has(p)).toBe(true);
          expect(a.sources().has(p.source)).toBe(true);
          expect(a.destinations().has(p.destination)).toBe(true);
          if (p.source.family === 4) expect(a.withAnySource().has({ ...p, source: other })).toBe(true);
          expect(a.withAnySourcePort().has({ ...p, sourcePort: 7 })).toBe(true);
        }
        expect(a.withAnySource().destinations().equals(a.destinations())).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('no packet mixes families', () => {
    const mixed = {
      protocol: 6,
      source: parseAddress('10.0.0.1'),
      sourcePort: 1,
      destination: parseAddress('::1'),
      destinationPort: 1,
    };
    expect(PacketSet.ALL.has(mixed)).toBe(false);
    const crossed = PacketSet.of({ sources: AddressSet.ALL_IPV4, destinations: AddressSet.ALL_IPV6 });
    expect(crossed.isEmpty()).toBe(true);
  });

  test('channels list ports by protocol, addresses aside', () => {
    const web = PacketSet.of({
      protocols: [6],
      destinationPorts: [{ from: 443, to: 443 }],
      destinations: AddressSet.ALL_IPV4,
    });
    const dns = PacketSet.of({
      protocols: [6, 17],
      destinationPorts: [{ from: 53, to: 53 }],
      destinations: AddressSet.ALL_IPV4,
    });
    expect(web.union(dns).channels()).toEqual([
      {
        family: 4,
        protocol: 6,
        destinationPorts: [
          { from: 53, to: 53 },
          { from: 443, to: 443 },
        ],
      },
      { family: 4, protocol: 17, destinationPorts: [{ from: 53, to: 53 }] },
    ]);
    expect(PacketSet.ALL.channels().map((summary) => summary.protocol)).toEqual(['all', 'all']);
  });
});

describe('address sets', () => {
  test('the prefixes of a set rebuild it, and none of them overlap', () => {
    fc.assert(
      fc.property(addresses, addresses, (a, b) => {
        const set = a.subtract(b).union(b.subtract(a));
        const listed = set.prefixes();
        expect(AddressSet.of(...listed).equals(set)).toBe(true);
        listed.forEach((one, at) => {
          for (const other of listed.slice(at + 1)) {
            expect(AddressSet.of(one).intersect(AddressSet.of(other)).isEmpty()).toBe(true);
          }
        });
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    [['0.0.0.0/1', '128.0.0.0/1'], ['0.0.0.0/0']],
    [['10.0.0.0/25', '10.0.0.128/25'], ['10.0.0.0/24']],
    [['10.0.0.0/24', '10.0.0.7/32'], ['10.0.0.0/24']],
    [['2001:db8::/33', '2001:db8:8000::/33'], ['2001:db8::/32']],
    [
      ['10.0.1.0/24', '10.0.2.0/24'],
      ['10.0.1.0/24', '10.0.2.0/24'],
    ],
  ])('%j is written %j', (given, expected) => {
    expect(
      AddressSet.of(...given.map(parsePrefix))
        .prefixes()
        .map(formatPrefix),
    ).toEqual(expected);
  });

  test('`0.0.0.0/0` in halves is all of IPv4, whatever a string comparison says', () => {
    const halves = AddressSet.of(parsePrefix('0.0.0.0/1'), parsePrefix('128.0.0.0/1'));
    expect(halves.equals(AddressSet.ALL_IPV4)).toBe(true);
  });
});
