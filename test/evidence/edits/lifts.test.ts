/**
 * The law that latent paths rest on: whatever one edit opens, the network in which all edits of its kind are open has too.
 * Were it broken, a path would be missed and nobody would know.
 */

import { PacketSet } from '../../../lib/base/net';
import { type Edit, LIFTS, type Lift } from '../../../lib/evidence/edits';
import { type End, endKey, type NetworkModel } from '../../../lib/evidence/network';
import { ReachabilityEngine } from '../../../lib/evidence/reachability';
import { randomNetwork } from '../../property/random-network';

const NETWORKS = 12;
const EDITS_OF_A_LIFT = 4;

function liftsOf(network: NetworkModel): Lift[] {
  return LIFTS.flatMap((liftOf) => liftOf(network) ?? []);
}

function mayReach(network: NetworkModel): { ends: readonly End[]; from(end: End): Map<string, PacketSet> } {
  const engine = new ReachabilityEngine(network, 'may');
  return {
    ends: engine.ends(),
    from: (end) => {
      const found = new Map<string, PacketSet>();
      for (const { to, received } of engine.reachFrom(end).reaches) {
        found.set(endKey(to), (found.get(endKey(to)) ?? PacketSet.EMPTY).union(received));
      }
      return found;
    },
  };
}

/** Ends to which `one` sends what `other` does not. */
function beyond(one: Map<string, PacketSet>, other: Map<string, PacketSet>): string[] {
  return [...one].filter(([to, packets]) => !packets.isSubsetOf(other.get(to) ?? PacketSet.EMPTY)).map(([to]) => to);
}

function spread(edits: readonly Edit[]): Edit[] {
  const step = Math.max(1, Math.floor(edits.length / EDITS_OF_A_LIFT));
  return edits.filter((_, at) => at % step === 0).slice(0, EDITS_OF_A_LIFT);
}

describe('a lift holds every single edit of its kind', () => {
  test('on random networks', () => {
    const kinds = new Set<string>();
    let opened = 0;
    for (let seed = 1; seed <= NETWORKS; seed++) {
      const network = randomNetwork(seed, { unknown: 0 });
      const before = mayReach(network);
      for (const lift of liftsOf(network)) {
        kinds.add(lift.kind);
        const lifted = mayReach(lift.network);
        for (const edit of spread(lift.edits)) {
          const edited = mayReach(edit.apply(network));
          for (const end of before.ends) {
            const after = edited.from(end);
            const missed = beyond(after, lifted.from(end));
            expect({ seed, edit: `${edit.resource}: ${edit.what}`, from: endKey(end), missed }).toMatchObject({
              missed: [],
            });
            if (beyond(after, before.from(end)).length === 0) continue;
            opened++;
            expect({ seed, edit: edit.what, end: endKey(end), concerned: lift.concerns(end) }).toMatchObject({
              concerned: true,
            });
          }
        }
      }
    }
    expect([...kinds].sort()).toEqual([
      'firewall',
      'network-acl',
      'public-address',
      'route',
      'security-group',
      'transit-gateway',
    ]);
    expect(opened).toBeGreaterThan(50);
  });

  test('and every network without an edit has its reach in full', () => {
    for (let seed = 1; seed <= NETWORKS; seed++) {
      const network = randomNetwork(seed, { unknown: 12 });
      const before = mayReach(network);
      for (const lift of liftsOf(network)) {
        const lifted = mayReach(lift.network);
        for (const end of before.ends) {
          expect({ seed, kind: lift.kind, missed: beyond(before.from(end), lifted.from(end)) }).toMatchObject({
            missed: [],
          });
        }
      }
    }
  });
});
