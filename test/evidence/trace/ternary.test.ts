import fc from 'fast-check';
import { type Family, prefixContainsAddress, prefixOf } from '../../../lib/base/net';
import { both, contains, either, ifCertain, type Ternary } from '../../../lib/evidence/trace/ternary';

const address = (family: Family) =>
  fc
    .array(fc.nat(0xffffffff), { minLength: family === 4 ? 1 : 4, maxLength: family === 4 ? 1 : 4 })
    .map((words) => ({ family, words }));

describe('three-valued matching', () => {
  it.each([
    ['yes', 'yes', 'yes', 'yes'],
    ['yes', 'maybe', 'maybe', 'yes'],
    ['yes', 'no', 'no', 'yes'],
    ['maybe', 'maybe', 'maybe', 'maybe'],
    ['maybe', 'no', 'no', 'maybe'],
    ['no', 'no', 'no', 'no'],
  ] as [Ternary, Ternary, Ternary, Ternary][])('%s and %s is %s, or is %s', (a, b, and, or) => {
    expect([both(a, b), both(b, a), either(a, b), either(b, a)]).toEqual([and, and, or, or]);
  });

  it('what may not exist matches only perhaps', () => {
    expect([ifCertain(false, 'yes'), ifCertain(false, 'no'), ifCertain(true, 'yes')]).toEqual(['maybe', 'no', 'yes']);
  });

  it.each([4, 6] as Family[])('a range of IPv%i holds the addresses that base says it holds', (family) => {
    const length = fc.nat(family === 4 ? 32 : 128);
    fc.assert(
      fc.property(address(family), address(family), length, fc.boolean(), (one, other, bits, near) => {
        const range = prefixOf(one, bits);
        const asked = near
          ? { family, words: other.words.map((word, at) => (at * 32 < bits ? (one.words[at] ?? 0) : word)) }
          : other;
        expect(contains(range, asked)).toBe(prefixContainsAddress(range, asked) ? 'yes' : 'no');
      }),
    );
  });

  it('families do not mix', () => {
    expect(contains(prefixOf({ family: 6, words: [0, 0, 0, 0] }, 0), { family: 4, words: [1] })).toBe('no');
  });
});
