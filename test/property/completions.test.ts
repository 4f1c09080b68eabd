import { compareCompletions, complete } from './completions';
import { randomNetwork } from './random-network';

/** `npm run fuzz` tries more of them. */
const NETWORKS = 25;
const COMPLETIONS = 3;

describe('must ⊆ concrete ⊆ may', () => {
  test('for every completion of the unknowns of random networks that is tried', () => {
    for (let seed = 1; seed <= NETWORKS; seed++) {
      const unknown = seed % 2 === 0 ? 12 : 25;
      const found = compareCompletions(randomNetwork(seed, { unknown, tables: 20 }), seed, COMPLETIONS);
      expect({ seed, found }).toEqual({ seed, found: [] });
    }
  });

  test('a completion leaves nothing open', () => {
    for (let seed = 1; seed <= NETWORKS; seed++) {
      const text = JSON.stringify(complete(randomNetwork(seed, { unknown: 25, tables: 25 }), seed));
      expect({ seed, open: /"unknown"|"certain":false/.test(text) }).toEqual({ seed, open: false });
    }
  });
});
