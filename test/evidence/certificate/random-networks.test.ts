/** Laws, on random networks: what the engine proves is certified and checks; what it reaches nobody can certify. */
import { PacketSet } from '../../../lib/base/net';
import { certify } from '../../../lib/evidence/reachability/certify';
import { randomNetwork } from '../../property/random-network';
import { asRead, check, claimOf, engineSays, sha256, wantAll } from './made';

const NETWORKS = [
  ...Array.from({ length: 12 }, (_, at) => ({ seed: at + 1, unknown: 0 })),
  ...Array.from({ length: 8 }, (_, at) => ({ seed: 1001 + at, unknown: 12 })),
];

describe('on random networks', () => {
  test.each(NETWORKS)('$seed: a claim is certified and checks exactly where the engine reaches nothing', (one) => {
    const network = randomNetwork(one.seed, one);
    const wanted = wantAll(network);
    const reached = engineSays(network);
    const { file, without } = certify(network, wanted, sha256);
    const result = check(asRead(file), network);
    expect(result.problems).toEqual([]);
    const proved = wanted.flatMap(({ claims }) => claims.map(({ id }) => id)).filter((id) => !reached.has(id));
    expect(result.claims.map(({ id }) => id).sort()).toEqual(proved.sort());
    expect(without.map(({ id }) => id).sort()).toEqual([...reached.keys()].sort());
  });

  test.each(NETWORKS.slice(6, 16))(
    '$seed: all but what is received can be forbidden, and not one packet of it',
    (one) => {
      const network = randomNetwork(one.seed, one);
      const reached = engineSays(network);
      const wanted = wantAll(network).map(({ from, claims }) => ({
        from,
        claims: claims.flatMap(({ to }) => {
          const received = reached.get(claimOf(from, to));
          const packet = received?.sample();
          if (!received || !packet) return [];
          return [
            { id: 'the rest', to, forbidden: PacketSet.ALL.subtract(received) },
            { id: 'one packet', to, forbidden: PacketSet.ofOne(packet) },
          ];
        }),
      }));
      const { file, without } = certify(network, wanted, sha256);
      expect(new Set(without.map(({ id }) => id))).toEqual(new Set(reached.size > 0 ? ['one packet'] : []));
      const result = check(asRead(file), network);
      expect(result.problems).toEqual([]);
      expect(result.claims.map(({ id }) => id)).toEqual(Array.from({ length: reached.size }, () => 'the rest'));
    },
  );
});
