/**
 * Certificates against both semantics: of what the engine calls isolated there is one, and the checker takes it; of what
 * trace lets through there is none that it takes, neither an honest one nor one that leaves the very packet out.
 */
import { PacketSet, PacketTable, parsePacketTable, TCP } from '../../lib/base/net';
import type { Certificates } from '../../lib/evidence/certificate';
import {
  type Approximation,
  BEYOND,
  type End,
  endKey,
  type Flow,
  type NetworkModel,
  type Packet,
} from '../../lib/evidence/network';
import { ReachabilityEngine } from '../../lib/evidence/reachability';
import { certify, type Wanted } from '../../lib/evidence/reachability/certify';
import { indexNetwork, traceFlow } from '../../lib/evidence/trace';
import {
  asRead,
  check,
  claimOf,
  engineSays,
  isolation,
  provedBy,
  resealed,
  sha256,
  wantAll,
} from '../evidence/certificate/made';
import { complete, probesOf } from './completions';
import { type Disagreement, show } from './differential';
import { Dice } from './random-network';

const FORGED = 3;
/** What a forger changes. */
const PARTS = ['hops', 'answers', 'legs'] as const;
const INTERNET: End = { kind: 'internet' };

interface Delivery extends Flow {
  /** as it arrives, after every translation */
  readonly arrived: Packet;
  readonly trace: unknown;
}

export function compareCertificates(network: NetworkModel, seed: number): Disagreement[] {
  return [...againstEngine(network), ...againstTrace(network, seed)];
}

/** The checker takes what the engine says, and nothing else: but for whoever may call a balancer, of which it asks less. */
function againstEngine(network: NetworkModel): Disagreement[] {
  const ends = new ReachabilityEngine(network, 'may').ends();
  const reached = engineSays(network);
  const mayReach = (from: End, to: End) => reached.has(claimOf(from, to));
  const { file, without } = certify(network, wantAll(network), sha256);
  const shown = new Set(provedBy(file, network));
  const doors = ends.filter((end) => end.kind === 'interface' && isDoor(network, end.id));
  return ends.flatMap((from) =>
    ends.flatMap((to): Disagreement[] => {
      const id = claimOf(from, to);
      const note = (law: string) => [
        { ...told(law, { from, to, packet: reached.get(id)?.sample() }), trace: without.get(id) },
      ];
      if (mayReach(from, to)) return shown.has(id) ? note('what the engine reaches has no certificate') : [];
      // Over the internet and back goes what both ways let go, even where no packet fits both.
      const isAround = mayReach(from, INTERNET) && mayReach(INTERNET, to);
      if (shown.has(id) || isAround || doors.some((door) => door === from || mayReach(from, door))) return [];
      return note('what the engine calls isolated has a certificate');
    }),
  );
}

/** Whether a balancer is behind an interface. */
function isDoor({ loadBalancers, vpcEndpoints }: NetworkModel, id: string): boolean {
  return [...loadBalancers, ...vpcEndpoints].some((one) => one.interface === id);
}

/** Every packet that trace delivers, in this network or in one that it may turn out to be. */
function againstTrace(network: NetworkModel, seed: number): Disagreement[] {
  const ends = new ReachabilityEngine(network, 'may').ends();
  // What no template shows may lead to anyone.
  const places: Wanted['places'] = new Map(
    ends.map((end) => [endKey(end), { kind: 'zone', senders: [{ end }], receivers: [{ end }, { end: BEYOND }] }]),
  );
  const delivered = [
    ...deliveriesIn(network, network, 'may', seed),
    ...deliveriesIn(network, complete(network, seed), 'must', seed),
  ];
  const claims = delivered.map((one, at) => denied(one, `${at}`));
  const taken = new Set(certify(network, { places, claims }, sha256).file.claims.map(({ id }) => id));
  const honest = asRead(certify(network, { places, claims: [] }, sha256).file);
  const dice = new Dice(seed + 11);
  const forged = delivered.length === 0 ? [] : Array.from({ length: FORGED }, () => dice.pick(delivered));
  const note = (law: string) => (one: Delivery) => ({ ...told(law, one), trace: one.trace });
  return [
    ...delivered.filter((_, at) => taken.has(`${at}`)).map(note('what trace delivers has no certificate')),
    ...forged
      .filter((one) => PARTS.some((part) => check(forge(honest, one, part), network).problems.length === 0))
      .map(note('no certificate leaves out a packet that trace delivers')),
  ];
}

function denied({ from, to, arrived }: Delivery, id: string) {
  return isolation(from, to, PacketSet.ofOne(arrived), id);
}

/** Of `network` as it is, or with its unknowns decided, which of the packets that are tried get there. */
function deliveriesIn(
  network: NetworkModel,
  decided: NetworkModel,
  approximation: Approximation,
  seed: number,
): Delivery[] {
  const ends = new ReachabilityEngine(network, 'may').ends().filter(({ kind }) => kind !== 'external');
  const index = indexNetwork(decided);
  return probesOf(decided, ends, seed).flatMap((flow) => {
    const trace = traceFlow(index, flow, approximation);
    const isThere = trace.forward.delivered && (trace.reply.delivered || flow.packet.protocol !== TCP);
    // What it gave up on, it has not delivered.
    const isWhole = trace.unknowns.every(({ resource }) => resource !== 'trace');
    return isThere && isWhole && trace.arrived ? [{ ...flow, arrived: trace.arrived, trace }] : [];
  });
}

/** As a forger would: the packet is in none of the sets of a part, the claim is made, and the seal fits. */
function forge(honest: Certificates, delivery: Delivery, part: (typeof PARTS)[number]): Certificates {
  const file = structuredClone(honest);
  const sets = parsePacketTable(file.sets);
  const table = new PacketTable();
  const own = PacketSet.ofOne(delivery.packet).union(PacketSet.ofOne(delivery.arrived));
  const without = (number: number) => table.numberOf((sets[number] ?? PacketSet.EMPTY).subtract(own));
  const legs = file.senders.flatMap((sender) => Object.values(sender.legs));
  for (const [name, records] of [
    ['hops', Object.values(file.hops)],
    ['answers', Object.values(file.answers)],
    ['legs', legs],
  ] as const) {
    const write = name === part ? without : (number: number) => table.numberOf(sets[number] ?? PacketSet.EMPTY);
    for (const record of records) {
      for (const [key, number] of Object.entries(record)) record[key] = write(number);
    }
  }
  const forbidden = table.numberOf(PacketSet.ofOne(delivery.arrived));
  const { from, to } = delivery;
  const claim = { kind: 'isolation', id: 'forged', from: endKey(from), to: endKey(to), forbidden } as const;
  return resealed({ ...file, sets: table.lines, claims: [claim] });
}

function told(
  law: string,
  { from, to, packet }: Partial<Flow> & Pick<Flow, 'from' | 'to'>,
): Omit<Disagreement, 'trace'> {
  return { law, approximation: 'may', from: endKey(from), to: endKey(to), packet: packet ? show(packet) : 'none' };
}
