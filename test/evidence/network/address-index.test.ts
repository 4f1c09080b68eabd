import fc from 'fast-check';
import { type Address, parseAddress, parsePrefix, prefixContainsAddress, prefixOf } from '../../../lib/base/net';
import { AddressIndex, unknown } from '../../../lib/evidence/network';

const words = (family: 4 | 6) =>
  fc.array(fc.integer({ min: 0, max: 3 }), { minLength: family === 4 ? 1 : 4, maxLength: family === 4 ? 1 : 4 });
/** few bits that differ, at both ends of a word, so that ranges and addresses often meet */
const address = fc
  .constantFrom<4 | 6>(4, 6)
  .chain((family) =>
    words(family).map((low): Address => ({ family, words: low.map((word) => ((word << 30) >>> 0) + word) })),
  );
const range = address.chain((one) =>
  fc.integer({ min: 0, max: one.family === 4 ? 32 : 128 }).map((length) => prefixOf(one, length)),
);

describe('an index of nouns by address', () => {
  test('finds what asking each of them finds, in the same order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(range, { minLength: 1, maxLength: 3 }), { maxLength: 12 }),
        address,
        (nouns, asked) => {
          const items = nouns.map((ranges, id) => ({ id, ranges }));
          const found = new AddressIndex(items, ({ ranges }) => ranges).mayHold(asked);
          const expected = items.filter(({ ranges }) => ranges.some((one) => prefixContainsAddress(one, asked)));
          expect(found).toEqual(expected);
        },
      ),
    );
  });

  test('takes what has no known range for a possible owner of any address', () => {
    const items = [
      { id: 'known', ranges: [parsePrefix('10.0.0.0/24')] },
      { id: 'open', ranges: [parsePrefix('10.0.0.0/24'), unknown('a parameter')] },
      { id: 'none', ranges: [] },
    ];
    const found = new AddressIndex(items, ({ ranges }) => ranges).mayHold(parseAddress('192.0.2.1'));
    expect(found.map(({ id }) => id)).toEqual(['open', 'none']);
  });
});
