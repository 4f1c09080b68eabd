/**
 * From a set of packets that should not exist to one packet that certainly does: sampled, replayed in trace, and only
 * then shown. What hangs on something unknown is unknown, and where engine and trace disagree nobody is believed.
 */
import { formatAddress, formatPortRange, formatProtocol, type PacketSample, PacketSet } from '../base/net';
import { endKey, type Flow, type Hop, type Packet, type UnknownUse } from '../evidence/network';
import { OVER_INTERNET, type Reach } from '../evidence/reachability/reach';
import type { Uncovered } from './context';
import type { Evidence, Replay } from './evidence';
import { familiarPacket } from './familiar-packet';
import { sourceRestriction, type ZoneFlow } from './flows';
import type { Counterexample, ShownFlow } from './result';

export type Judgement =
  | { readonly kind: 'certain'; readonly counterexample: Counterexample; readonly flow: ZoneFlow }
  | { readonly kind: 'uncertain'; readonly unknowns: readonly UnknownUse[]; readonly flow: ZoneFlow }
  | { readonly kind: 'disagreement'; readonly packet: ShownFlow; readonly reason: string; readonly flow: ZoneFlow };

/** Whether a packet of `offending` (as received) certainly flows. `offending` is not empty and part of the flow's received. */
function judge(flow: ZoneFlow, offending: PacketSet, evidence: Evidence): Judgement {
  let uncertain: Replay | undefined;
  let elsewhere: Replay | undefined;
  let left = UNCERTAIN_TRIED;
  let refused: { readonly flow: Flow; readonly replay: Replay } | undefined;
  const wanted = asArriving(flow.reach, offending);
  for (const candidate of candidates(flow, offending)) {
    const replay = evidence.replay(candidate);
    if (!replay.delivered || !wanted.has(replay.arrived ?? candidate.packet)) {
      refused ??= { flow: candidate, replay };
      // Among ways that something unknown leaves open, trace shows another one than the engine speaks of.
      if (replay.delivered && replay.unknowns.length > 0) elsewhere ??= replay;
      continue;
    }
    if (replay.unknowns.length === 0) {
      return { kind: 'certain', flow, counterexample: { flow: showPacket(candidate.packet), hops: replay.hops } };
    }
    uncertain ??= replay;
    // Where one hangs on something unknown most others do; those that do not, the certain answers below know, too.
    if (--left === 0) break;
  }
  uncertain ??= elsewhere;
  if (!uncertain) return disagreement(flow, offending, refused);
  return (
    certainAmong([{ flow, packets: offending }], evidence) ?? { kind: 'uncertain', flow, unknowns: uncertain.unknowns }
  );
}

/** So many flows of a pair are judged one by one, and told of. */
export const FLOWS_JUDGED = 6;

/** The first of some flows, up to one that certainly happens; where none of them does, also one of the others that does. */
export function judgeSome(uncovered: readonly Uncovered[], evidence: Evidence): Judgement[] {
  const judgements: Judgement[] = [];
  for (const { flow, packets } of uncovered.slice(0, FLOWS_JUDGED)) {
    const judgement = judge(flow, packets, evidence);
    judgements.push(judgement);
    if (judgement.kind === 'certain') return judgements;
  }
  const certain = certainAmong(uncovered.slice(FLOWS_JUDGED), evidence);
  return certain ? [...judgements, certain] : judgements;
}

/** So many senders are asked what they certainly reach, each of them once. */
const SENDERS_ASKED = 32;

/** One that certainly happens: something unknown stands in the way of others, or of other packets of the same flow. */
function certainAmong(uncovered: readonly Uncovered[], evidence: Evidence): Judgement | undefined {
  const bySender = new Map<ZoneFlow['from'], Uncovered[]>();
  for (const one of uncovered) {
    const { from } = one.flow;
    bySender.set(from, [...(bySender.get(from) ?? []), one]);
  }
  for (const [from, ofSender] of [...bySender].slice(0, SENDERS_ASKED)) {
    const to = ofSender.map(({ flow }) => flow.reach.to);
    const { reaches } = evidence.must.reachFrom(from.end, { ...sourceRestriction(from), to });
    for (const one of ofSender) {
      const own = endKey(one.flow.reach.to);
      const found = certainOf(
        one,
        reaches.filter((reach) => endKey(reach.to) === own),
        evidence,
      );
      if (found) return found;
    }
  }
  return undefined;
}

function certainOf({ flow, packets }: Uncovered, reaches: readonly Reach[], evidence: Evidence): Judgement | undefined {
  for (const reach of reaches) {
    const certain = reach.received.intersect(packets);
    if (certain.isEmpty()) continue;
    const wanted = asArriving(reach, certain);
    for (const candidate of candidates({ ...flow, reach }, certain)) {
      const replay = evidence.replay(candidate);
      if (!replay.delivered || !wanted.has(replay.arrived ?? candidate.packet)) continue;
      return { kind: 'certain', flow, counterexample: { flow: showPacket(candidate.packet), hops: replay.hops } };
    }
  }
  return undefined;
}

/**
 * On the internet a packet comes from a public address that no template knows (the one by which trace shows it may lie in a
 * range of somebody's, and AWS's choice does not), and which of several NAT gateways it took is no matter there.
 */
function asArriving({ via, to }: ZoneFlow['reach'], offending: PacketSet): PacketSet {
  const isPublic = via.includes(OVER_INTERNET) || (to.kind === 'internet' && via.length > 0);
  return isPublic ? offending.withAnySource() : offending;
}

/** Packets as sent that may arrive as offending ones, the likeliest first. */
export function* candidates({ from, reach }: ZoneFlow, offending: PacketSet): Generator<Flow> {
  const asFlow = (packet: PacketSample): Flow => ({ from: from.end, to: reach.to, packet });
  const untranslated = familiarPacket(reach.sent.intersect(offending));
  if (untranslated) yield asFlow(untranslated);
  // behind a NAT gateway only the source is another
  const elsewhere = familiarPacket(reach.sent.intersect(offending.withAnySource().withAnySourcePort()));
  if (elsewhere) yield asFlow(elsewhere);
  const translated = familiarPacket(reach.sent);
  if (translated) yield asFlow(translated);
  yield { ...reach.sample, from: from.end };
  // translated on the way, so nobody knows which sent packet arrives as which: try one of each channel
  let left = CHANNELS_TRIED;
  for (const { protocol, destinationPorts } of reach.sent.channels()) {
    if (typeof protocol !== 'number') continue;
    for (const range of destinationPorts) {
      if (left-- <= 0) return;
      const packet = PacketSet.of({ protocols: [protocol], destinationPorts: [range] })
        .intersect(reach.sent)
        .sample();
      if (packet) yield asFlow(packet);
    }
  }
}

const CHANNELS_TRIED = 8;
const UNCERTAIN_TRIED = 2;

function disagreement(
  flow: ZoneFlow,
  offending: PacketSet,
  refused: { readonly flow: Flow; readonly replay: Replay } | undefined,
): Judgement {
  const blocker = refused?.replay.blockers[0];
  const last: Hop | undefined = refused?.replay.hops.at(-1);
  const why = blocker
    ? `${blocker.resource}: ${blocker.reason}`
    : last
      ? `${last.resource}: ${last.reason}`
      : `no packet could be drawn from ${showChannels(offending)}`;
  const packet = showPacket(refused?.flow.packet ?? flow.reach.sample.packet);
  return { kind: 'disagreement', flow, packet, reason: why };
}

export function showPacket(packet: Packet): ShownFlow {
  return {
    protocol: formatProtocol(packet.protocol),
    source: formatAddress(packet.source),
    sourcePort: packet.sourcePort,
    destination: formatAddress(packet.destination),
    destinationPort: packet.destinationPort,
  };
}

/** `tcp 443, 8443; udp 53` */
export function showChannels(packets: PacketSet): string {
  const words = new Map<string, string>();
  for (const { protocol, destinationPorts } of packets.channels()) {
    const ports = destinationPorts.map(formatPortRange).join(', ');
    words.set(
      protocol === 'other' ? 'other protocols' : formatProtocol(protocol),
      ports === '0-65535' ? '' : ` ${ports}`,
    );
  }
  return [...words].map(([name, ports]) => `${name}${ports}`).join('; ');
}
