/** Latent paths of random networks, told by zone files that Cordon proposes for them. */
import type { NetworkModel } from '../../lib/evidence/network';
import { readEstate, type ZoneModel } from '../../lib/intent/zones';
import { gatherEvidence, type LatentPath, proposeEstate, verifyEstate } from '../../lib/verdict';
import { Neighbours } from '../../lib/verdict/neighbours';
import { randomNetwork } from '../property/random-network';

const TODAY = '2026-11-23';
const NETWORKS = 14;

function proposedFor(network: NetworkModel): ZoneModel {
  const { text } = proposeEstate({ network, name: 'random', asOf: TODAY, schema: 's' });
  const { model } = readEstate([{ file: 'zones.yaml', text }], { today: TODAY });
  if (!model) throw new Error('the proposal is not valid');
  return model;
}

function verified(model: ZoneModel, network: NetworkModel) {
  return verifyEstate({ model, network, evidence: gatherEvidence(network), asOf: TODAY, latent: true });
}

const told = (paths: readonly LatentPath[] | undefined) =>
  paths?.map(({ from, to, edit }) => `${from} -> ${to}: ${edit.kind}`);

describe('latent paths of random networks', () => {
  test('who is left out as no neighbour would have told nothing', () => {
    const found: string[] = [];
    for (let seed = 1; seed <= NETWORKS; seed++) {
      const network = randomNetwork(seed, { unknown: seed % 2 === 0 ? 6 : 0 });
      const model = proposedFor(network);
      const { latent, claims } = verified(model, network);
      const everyone = jest.spyOn(Neighbours.prototype, 'destinationsOf').mockReturnValue(undefined);
      expect({ seed, latent: told(latent) }).toEqual({ seed, latent: told(verified(model, network).latent) });
      everyone.mockRestore();
      for (const { from, to, edit, hops } of latent ?? []) {
        const claim = claims.find(({ id }) => id === `isolation/${from}/${to}`);
        expect({ seed, from, to, last: hops.at(-1)?.decision }).toMatchObject({ last: 'delivered' });
        expect(['proved', 'unknown']).toContain(claim?.verdict);
        found.push(edit.kind);
      }
    }
    expect(new Set(found).size).toBeGreaterThan(2);
  });
});
