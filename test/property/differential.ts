/**
 * Engine against trace: two semantics written apart must agree on every network.
 *
 * For one network: every reach of the engine is replayed, and random concrete packets are put to both.
 */
import { formatAddress, PacketSet, parseAddress } from '../../lib/base/net';
import { type Approximation, type End, endKey, type NetworkModel, type Packet } from '../../lib/evidence/network';
import { type Reach, ReachabilityEngine, reachesOverInternet } from '../../lib/evidence/reachability';
import { indexNetwork, traceFlow } from '../../lib/evidence/trace';
import { Dice } from './random-network';

export interface Disagreement {
  readonly law: string;
  readonly approximation: Approximation;
  readonly from: string;
  readonly to: string;
  readonly packet: string;
  readonly trace: unknown;
}

export function show(packet: Packet): string {
  const { protocol, source, sourcePort, destination, destinationPort } = packet;
  return `${protocol} ${formatAddress(source)}:${sourcePort} -> ${formatAddress(destination)}:${destinationPort}`;
}

const PROBE_PORTS = [22, 80, 443, 5432, 53, 8, 50000];

export function compare(network: NetworkModel, seed: number, probes: number): Disagreement[] {
  const index = indexNetwork(network);
  // claims take AWS's own interfaces for hosts, explanations do not: every other network is asked about as built
  const options = { asBuilt: seed % 2 === 0 };
  const engine = (approximation: Approximation) => new ReachabilityEngine(network, approximation, options);
  const engines = { may: engine('may'), must: engine('must') };
  const found: Disagreement[] = [];
  const ends = engines.may.ends().filter((end) => end.kind !== 'external');
  const note = (law: string, approximation: Approximation, from: End, to: End, packet: Packet) => {
    const trace = traceFlow(index, { from, to, packet }, approximation, options);
    found.push({ law, approximation, from: endKey(from), to: endKey(to), packet: show(packet), trace });
  };

  const sentSets = new Map<string, PacketSet>();
  for (const approximation of ['may', 'must'] as const) {
    const fromInternet = engines[approximation].reachFrom({ kind: 'internet' }).reaches;
    for (const from of ends) {
      const direct = engines[approximation].reachFrom(from).reaches;
      const around = shortest(reachesOverInternet(direct, fromInternet, approximation, network));
      for (const reach of [...direct, ...around]) {
        const key = `${approximation} ${endKey(from)} ${endKey(reach.to)}`;
        sentSets.set(key, (sentSets.get(key) ?? PacketSet.EMPTY).union(reach.sent));
        const trace = traceFlow(index, reach.sample, approximation, options);
        const answered = trace.reply.delivered || (approximation === 'may' && reach.sample.packet.protocol !== 6);
        if (!trace.forward.delivered || !answered) {
          note('what the engine reaches, trace delivers', approximation, from, reach.to, reach.sample.packet);
        }
      }
    }
  }

  const dice = new Dice(seed + 77);
  const addressed = ends.filter((end) => end.kind !== 'site');
  for (let probe = 0; probe < probes; probe++) {
    const [from, to] = [dice.pick(addressed), dice.pick(addressed)];
    if (endKey(from) === endKey(to)) continue;
    const source = pickAddress(engines.may, from, dice);
    // Now and then by its public address, which any address of the internet may be.
    const isPublic = from.kind !== 'internet' && to.kind !== 'internet' && dice.chance(15);
    const destination = pickAddress(engines.may, isPublic ? { kind: 'internet' } : to, dice);
    if (!source || !destination || source.family !== destination.family) continue;
    const protocol = dice.pick([6, 6, 6, 17, 1]);
    const packet: Packet =
      protocol === 1
        ? { protocol, source, destination, sourcePort: 0, destinationPort: 8 }
        : {
            protocol,
            source,
            destination,
            sourcePort: 50000 + dice.next(1000),
            destinationPort: dice.pick(PROBE_PORTS),
          };
    const key = `${endKey(from)} ${endKey(to)}`;
    const may = sentSets.get(`may ${key}`)?.has(packet) ?? false;
    const must = sentSets.get(`must ${key}`)?.has(packet) ?? false;
    const open = traceFlow(index, { from, to, packet }, 'may', options);
    const strict = traceFlow(index, { from, to, packet }, 'must', options);
    const opens = open.forward.delivered && (open.reply.delivered || protocol !== 6);
    const holds = strict.forward.delivered && strict.reply.delivered;
    if (opens && !may) note('what trace may deliver, the engine may reach', 'may', from, to, packet);
    if (holds && !may) note('what trace must deliver, the engine may reach', 'must', from, to, packet);
    if (must && !may) note('must is within may', 'must', from, to, packet);
    if (must && !holds) note('what the engine must reach, trace must deliver', 'must', from, to, packet);
  }
  return found;
}

/** By few steps rather than many: what no template shows leads over the internet and back in hundreds of ways. */
const MOST_WAYS = 2;

function shortest(reaches: readonly Reach[]): Reach[] {
  const byEnd = new Map<string, Reach[]>();
  for (const reach of reaches) byEnd.set(endKey(reach.to), [...(byEnd.get(endKey(reach.to)) ?? []), reach]);
  return [...byEnd.values()].flatMap((ways) =>
    [...ways].sort((a, b) => a.via.length - b.via.length).slice(0, MOST_WAYS),
  );
}

function pickAddress(engine: ReachabilityEngine, end: End, dice: Dice) {
  if (end.kind === 'internet')
    return parseAddress(dice.pick(['8.8.8.8', '203.0.113.5', '2600::1', '64:ff9b::808:808']));
  const prefixes = engine.addressesOf(end).prefixes();
  const prefix = prefixes[dice.next(Math.max(1, prefixes.length))];
  if (!prefix) return undefined;
  const words = [...prefix.words];
  const last = words.length - 1;
  if (prefix.length < prefix.words.length * 32) words[last] = (words[last] ?? 0) + dice.pick([7, 8, 130]);
  return { family: prefix.family, words };
}
