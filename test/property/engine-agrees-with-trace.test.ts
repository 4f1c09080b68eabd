import { compare } from './differential';
import { randomNetwork } from './random-network';

/** `npm run fuzz` runs the same for as long as one likes, from random seeds. */
const NETWORKS = 150;

describe('the symbolic engine and the concrete trace agree', () => {
  test('on random networks where everything is known', () => {
    for (let seed = 1; seed <= NETWORKS; seed++) {
      const balancers = seed % 4 === 0 ? 3 : 0;
      expect({ seed, found: compare(randomNetwork(seed, { unknown: 0, balancers }), seed, 60) }).toEqual({
        seed,
        found: [],
      });
    }
  });

  test('on random networks with parts that are not known', () => {
    for (let seed = 1001; seed <= 1000 + NETWORKS; seed++) {
      const options = { unknown: 12, tables: seed % 2 === 0 ? 20 : 0, balancers: seed % 5 === 0 ? 3 : 0 };
      expect({ seed, found: compare(randomNetwork(seed, options), seed, 60) }).toEqual({ seed, found: [] });
    }
  });
});
