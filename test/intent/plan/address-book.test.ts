import * as fc from 'fast-check';
import { formatPrefix, parsePrefix, prefixContains, prefixesOverlap } from '../../../lib/base/net';
import { naturalRange, placeRanges, type RangeRequest } from '../../../lib/intent/plan/address-book';

const pool = parsePrefix('10.64.0.0/14');
const request = fc.record({ key: fc.stringMatching(/^[a-z]{1,6}$/), length: fc.integer({ min: 20, max: 26 }) });
const requests = fc.uniqueArray(request, { selector: ({ key }) => key, minLength: 1, maxLength: 40 });

function recorded(asked: readonly RangeRequest[], ledger = {}): Record<string, string> {
  const { ranges } = placeRanges(pool, asked, ledger);
  return Object.fromEntries([...ranges].map(([key, range]) => [key, formatPrefix(range)]));
}

describe('the law: adding one never moves another', () => {
  test('with a ledger, every name keeps its range, whatever is added', () => {
    fc.assert(
      fc.property(requests, fc.nat({ max: 40 }), (all, count) => {
        const before = recorded(all.slice(0, count));
        const after = recorded(all, before);
        for (const [key, range] of Object.entries(before)) expect(after[key]).toBe(range);
      }),
    );
  });

  test('without a ledger, whoever was not displaced is where it would be alone', () => {
    fc.assert(
      fc.property(requests, (all) => {
        const { ranges, displaced, unplaced } = placeRanges(pool, all, {});
        for (const one of all) {
          if (displaced.includes(one.key) || unplaced.includes(one.key)) continue;
          expect(ranges.get(one.key)).toEqual(naturalRange(pool, one));
        }
      }),
    );
  });

  test('so without a displacement before and after, nothing moved', () => {
    fc.assert(
      fc.property(requests, fc.nat({ max: 40 }), (all, count) => {
        const before = placeRanges(pool, all.slice(0, count), {});
        const after = placeRanges(pool, all, {});
        fc.pre(before.displaced.length === 0 && after.displaced.length === 0);
        for (const [key, range] of before.ranges) expect(after.ranges.get(key)).toEqual(range);
      }),
    );
  });
});

test('ranges lie in the pool, have the length asked for, and never overlap', () => {
  fc.assert(
    fc.property(requests, (all) => {
      const { ranges } = placeRanges(pool, all, {});
      const placed = [...ranges];
      placed.forEach(([key, range], index) => {
        expect(prefixContains(pool, range)).toBe(true);
        expect(range.length).toBe(all.find((one) => one.key === key)?.length);
        for (const [, other] of placed.slice(index + 1)) expect(prefixesOverlap(range, other)).toBe(false);
      });
    }),
  );
});

test('the order of requests never changes the result', () => {
  fc.assert(
    fc.property(requests, (all) => {
      expect(recorded([...all].reverse())).toEqual(recorded(all));
    }),
  );
});

test('a pinned range is kept, and others are placed around it', () => {
  const pinned = naturalRange(pool, { key: 'b', length: 22 });
  const { ranges, displaced } = placeRanges(
    pool,
    [
      { key: 'a', length: 22, pinned },
      { key: 'b', length: 22 },
    ],
    {},
  );
  expect(ranges.get('a')).toEqual(pinned);
  expect(ranges.get('b')).not.toEqual(pinned);
  expect(displaced).toEqual(['b']);
});

test('two pinned ranges that overlap are named', () => {
  const asked = ['10.64.0.0/22', '10.64.2.0/24'].map((text, index) => ({
    key: `z${index}`,
    length: parsePrefix(text).length,
    pinned: parsePrefix(text),
  }));
  expect(placeRanges(pool, asked, {}).overlaps).toEqual([['z0', 'z1']]);
});

test('a recorded range of another length, or outside of the pool, no longer counts', () => {
  const asked = [
    { key: 'a', length: 22 },
    { key: 'b', length: 22 },
  ];
  const { ranges } = placeRanges(pool, asked, { a: '10.64.0.0/24', b: '192.168.0.0/22' });
  expect(ranges.get('a')).toEqual(naturalRange(pool, asked[0] ?? { key: '', length: 0 }));
  expect(prefixContains(pool, ranges.get('b') ?? parsePrefix('0.0.0.0/0'))).toBe(true);
});

test('what finds no room is named, and the rest is placed', () => {
  const small = parsePrefix('10.64.0.0/24');
  const asked = ['a', 'b', 'c'].map((key) => ({ key, length: 25 }));
  const { ranges, unplaced } = placeRanges(small, asked, {});
  expect(ranges.size).toBe(2);
  expect(unplaced).toEqual(['c']);
});

test('what fits by its size is placed, whatever the mixture: no pool is lost to gaps', () => {
  const lengths = fc.array(fc.integer({ min: 17, max: 24 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(lengths, (all) => {
      const asked = all.map((length, index) => ({ key: `z${index}`, length }));
      const size = asked.reduce((sum, { length }) => sum + 2 ** (32 - length), 0);
      fc.pre(size <= 2 ** 16);
      expect(placeRanges(parsePrefix('10.64.0.0/16'), asked, {}).unplaced).toEqual([]);
    }),
  );
});
