/**
 * An engine keeps what it works out on the way to answers. Whatever it was asked before, it must answer as if it had been
 * asked nothing: every question is put to an engine of its own, and then all of them, shuffled, to one engine and, the
 * other way round, to another, so that each is asked before and after each of the others.
 */
import { PacketSet } from '../../lib/base/net';
import { NetworkIndex } from '../../lib/evidence/forwarding';
import { type Approximation, type End, endKey, type NetworkModel } from '../../lib/evidence/network';
import { ReachabilityEngine, type Restriction } from '../../lib/evidence/reachability';
import { type Disagreement, show } from './differential';
import { Dice } from './random-network';

interface Question {
  readonly name: string;
  readonly approximation: Approximation;
  readonly from: End;
  readonly restriction: Restriction;
}

/** What is reached, by end, and what was not understood. */
interface Answer {
  readonly received: ReadonlyMap<string, PacketSet>;
  readonly sent: ReadonlyMap<string, PacketSet>;
  readonly unknowns: readonly string[];
}

const PORTS = [22, 80, 443, 5432];

/** Every end about all that it reaches, and about who wears a group or takes a port; the same when the network shrinks. */
function questionsOf(network: NetworkModel, seed: number): Question[] {
  const ends = new ReachabilityEngine(network, 'may').ends();
  const wearers = network.subnets.flatMap(({ id, vpc }) =>
    network.securityGroups
      .filter((group) => group.vpc === vpc)
      .map((group): End => ({ kind: 'subnet', id, securityGroups: [group.id] })),
  );
  const questions = [...ends, ...wearers].flatMap((from) => {
    const name = endKey(from);
    const isWearer = from.kind === 'subnet' && from.securityGroups !== undefined;
    const to = lowest([...ends, ...wearers], (end) => rank(seed, `${name} to ${endKey(end)}`));
    const port = new Dice(rank(seed, name)).pick(PORTS);
    const packets = PacketSet.of({ protocols: [6], destinationPorts: [{ from: port, to: port }] });
    return (['may', 'must'] as const).flatMap((approximation): Question[] => {
      const ask = (what: string, restriction: Restriction): Question => {
        return { name: `${approximation} ${name} ${what}`, approximation, from, restriction };
      };
      const someone = ask(`to ${to ? endKey(to) : 'nobody'}`, { to: to ? [to] : [] });
      return isWearer ? [someone] : [someone, ask('to anyone', {}), ask(`on ${port}`, { packets })];
    });
  });
  return questions.sort((a, b) => rank(seed, a.name) - rank(seed, b.name));
}

/** A number for a name, the same whatever else there is. */
function rank(seed: number, name: string): number {
  return new Dice(seed + [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7)).next(2 ** 31);
}

function lowest<T>(items: readonly T[], of: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>((low, item) => (low === undefined || of(item) < of(low) ? item : low), undefined);
}

/** Engines that share a network, as those of one verdict do. */
function enginesOf(network: NetworkModel, asBuilt: boolean) {
  const index = new NetworkIndex(network);
  const engine = (approximation: Approximation) => new ReachabilityEngine(index, approximation, { asBuilt });
  return { may: engine('may'), must: engine('must') };
}

function answerOf(engines: ReturnType<typeof enginesOf>, { approximation, from, restriction }: Question): Answer {
  const { reaches, unknowns } = engines[approximation].reachFrom(from, restriction);
  const received = new Map<string, PacketSet>();
  const sent = new Map<string, PacketSet>();
  for (const reach of reaches) {
    const key = endKey(reach.to);
    received.set(key, reach.received.union(received.get(key) ?? PacketSet.EMPTY));
    sent.set(key, reach.sent.union(sent.get(key) ?? PacketSet.EMPTY));
  }
  return { received, sent, unknowns: unknowns.map((use) => JSON.stringify(use)).sort() };
}

/** Of two answers, the first end that they do not say the same of, and a packet of it. */
function difference(alone: Answer, later: Answer): { readonly to: string; readonly packet: string } | undefined {
  for (const sets of ['received', 'sent'] as const) {
    for (const to of [...new Set([...alone[sets].keys(), ...later[sets].keys()])].sort()) {
      const one = alone[sets].get(to) ?? PacketSet.EMPTY;
      const other = later[sets].get(to) ?? PacketSet.EMPTY;
      const packet = one.subtract(other).sample() ?? other.subtract(one).sample();
      if (packet) return { to, packet: `${sets} ${show(packet)}` };
    }
  }
  const other =
    alone.unknowns.find((use) => !later.unknowns.includes(use)) ??
    later.unknowns.find((use) => !alone.unknowns.includes(use));
  return other === undefined ? undefined : { to: 'anyone', packet: `not understood: ${other}` };
}

export function compareOrders(network: NetworkModel, seed: number): Disagreement[] {
  const asBuilt = seed % 2 === 0;
  const questions = questionsOf(network, seed);
  const alone = new Map(questions.map((question) => [question.name, answerOf(enginesOf(network, asBuilt), question)]));
  const found: Disagreement[] = [];
  for (const order of [questions, [...questions].reverse()]) {
    const engines = enginesOf(network, asBuilt);
    for (const question of order) {
      const expected = alone.get(question.name);
      const differs = expected && difference(expected, answerOf(engines, question));
      if (!differs) continue;
      const { approximation, from, name } = question;
      const law = 'an answer does not hang on what was asked before';
      found.push({ law, approximation, from: endKey(from), ...differs, trace: { question: name } });
    }
  }
  return found;
}
