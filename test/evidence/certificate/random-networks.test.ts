/** Laws, on random networks: what is certified checks, and the engine agrees; what it reaches nobody can certify. */
import fc from 'fast-check';
import { PacketSet } from '../../../lib/base/net';
import { certify } from '../../../lib/evidence/reachability/certify';
import { randomNetwork } from '../../property/random-network';
import { build, spec } from '../trace/random-network';
import { asRead, check, claimOf, engineSays, sha256, wantAll } from './made';

const NETWORKS = [
  ...Array.from({ length: 12 }, (_, at) => ({
    name: `seed ${at + 1}`,
    network: randomNetwork(at + 1, { unknown: 0 }),
  })),
  ...Array.from({ length: 8 }, (_, at) => ({
    name: `seed ${at + 1001}, not all known`,
    network: randomNetwork(at + 1001, { unknown: 12 }),
  })),
  // with appliances, unknown targets and more of what is not known; the 33rd once had a certificate that it should not
  ...fc.sample(spec, { numRuns: 40, seed: 42 }).map((one, at) => ({ name: `sample ${at}`, network: build(one) })),
];

describe('on random networks', () => {
  let proved = 0;
  let certified = 0;

  test.each(NETWORKS)('$name: what is certified checks, and nothing of it is reached', ({ network }) => {
    const wanted = wantAll(network);
    const reached = engineSays(network);
    const { file, without } = certify(network, wanted, sha256);
    const result = check(asRead(file), network);
    expect(result.problems).toEqual([]);
    const ids = result.claims.map(({ id }) => id);
    expect(ids.filter((id) => reached.has(id))).toEqual([]);
    expect([...ids, ...without.map(({ id }) => id)].sort()).toEqual(
      wanted.flatMap(({ claims }) => claims.map(({ id }) => id)).sort(),
    );
    proved += wanted.flatMap(({ claims }) => claims).filter(({ id }) => !reached.has(id)).length;
    certified += ids.length;
  });

  test('nearly all that the engine proves is certified: the checker knows no more than it says', () => {
    expect(certified / proved).toBeGreaterThan(0.99);
  });

  test.each(NETWORKS.slice(6, 30))(
    '$name: all but what is received can be forbidden, and not one packet of it',
    ({ network }) => {
      const reached = engineSays(network);
      const wanted = wantAll(network).map(({ from, claims }) => ({
        from,
        claims: claims.flatMap(({ to }) => {
          const id = claimOf(from, to[0] ?? from);
          const received = reached.get(id);
          const packet = received?.sample();
          if (!received || !packet) return [];
          return [
            { id: `${id} but so`, to, forbidden: PacketSet.ALL.subtract(received) },
            { id: `${id} by one packet`, to, forbidden: PacketSet.ofOne(packet) },
          ];
        }),
      }));
      const { file } = certify(network, wanted, sha256);
      const result = check(asRead(file), network);
      expect(result.problems).toEqual([]);
      const ids = result.claims.map(({ id }) => id);
      expect(ids.filter((id) => id.endsWith('by one packet'))).toEqual([]);
      expect(ids.length).toBeGreaterThanOrEqual(Math.floor(reached.size * 0.95));
    },
  );
});
