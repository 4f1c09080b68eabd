import { compareCertificates } from './certificates';
import { randomNetwork } from './random-network';

/** `npm run fuzz` tries more of them. */
const NETWORKS = 40;

describe('what is isolated has a certificate that the checker takes, and what gets through has none', () => {
  test('on random networks, some with balancers that send to each other', () => {
    for (let seed = 5001; seed <= 5000 + NETWORKS; seed++) {
      const unknown = seed % 2 === 0 ? 12 : 0;
      const balancers = seed % 3 === 0 ? 2 : 0;
      const found = compareCertificates(randomNetwork(seed, { unknown, tables: unknown, balancers }), seed);
      expect({ seed, found }).toEqual({ seed, found: [] });
    }
  });
});
