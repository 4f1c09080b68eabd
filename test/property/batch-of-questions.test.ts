/**
 * A batch of questions shares what it learns: every answer must be the one that the question gets alone.
 */
import { PacketSet } from '../../lib/base/net';
import { type End, endKey, type NetworkModel } from '../../lib/evidence/network';
import { ReachabilityEngine } from '../../lib/evidence/reachability';
import { FlowExplainer, type FlowQuestion } from '../../lib/verdict';
import { Dice, randomNetwork } from './random-network';

const NETWORKS = 12;
const QUESTIONS = 25;

function endsOf(network: NetworkModel): End[] {
  const potential = network.subnets.map(({ id }): End => ({ kind: 'subnet', id }));
  const wearing = network.subnets.flatMap(({ id, vpc }) =>
    network.securityGroups
      .filter((group) => group.vpc === vpc)
      .map((group): End => ({ kind: 'subnet', id, securityGroups: [group.id] })),
  );
  const declared = network.interfaces.map(({ id }): End => ({ kind: 'interface', id }));
  const sites = network.vpnConnections.map(({ id }): End => ({ kind: 'site', id }));
  return [...potential, ...wearing, ...declared, ...sites, { kind: 'internet' }];
}

function randomQuestion(ends: readonly End[], dice: Dice): FlowQuestion {
  const protocol = dice.pick([6, 6, 17, 1]);
  const port = dice.pick([22, 80, 443, 5432]);
  const ports = dice.chance(50) && protocol !== 1 ? { destinationPorts: [{ from: port, to: port }] } : {};
  const packets = PacketSet.of({ protocols: [protocol], ...ports });
  return { from: [dice.pick(ends), dice.pick(ends)], to: [dice.pick(ends)], packets };
}

describe('a question asked in a batch', () => {
  test('is answered as it is alone, on random networks', () => {
    for (let seed = 1; seed <= NETWORKS; seed++) {
      const balancers = seed % 3 === 0 ? 3 : 0;
      const network = randomNetwork(seed, { unknown: seed % 2 === 0 ? 12 : 0, balancers });
      const dice = new Dice(seed);
      const batch = new FlowExplainer(network);
      for (let at = 0; at < QUESTIONS; at++) {
        const question = randomQuestion(endsOf(network), dice);
        const answer = batch.explain(question);
        expect({ seed, at, answer }).toEqual({ seed, at, answer: new FlowExplainer(network).explain(question) });
      }
    }
  });
});

describe('whoever wears some groups in a subnet', () => {
  const withAnyGroups = (end: End): End => (end.kind === 'subnet' ? { kind: 'subnet', id: end.id } : end);

  test('reaches nobody that one who may wear any group does not reach', () => {
    for (let seed = 101; seed <= 100 + NETWORKS; seed++) {
      const network = randomNetwork(seed, { unknown: seed % 2 === 0 ? 12 : 0 });
      const dice = new Dice(seed);
      const ends = endsOf(network);
      const engine = new ReachabilityEngine(network, 'may');
      for (let at = 0; at < QUESTIONS; at++) {
        const [from, to] = [dice.pick(ends), dice.pick(ends)];
        const narrow = engine.reachFrom(from, { to: [to] }).reaches.map(({ sent }) => sent);
        const wide = engine
          .reachFrom(withAnyGroups(from))
          .reaches.filter((reach) => endKey(reach.to) === endKey(withAnyGroups(to)));
        const isWithin = PacketSet.unionAll(narrow).isSubsetOf(PacketSet.unionAll(wide.map(({ sent }) => sent)));
        expect({ seed, from, to, isWithin }).toEqual({ seed, from, to, isWithin: true });
      }
    }
  });
});
