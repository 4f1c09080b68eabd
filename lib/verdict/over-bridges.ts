/**
 * Conversations that VPC Lattice certainly carries: nobody is asked who calls, nothing is left open, and trace finds every
 * filter at both ends of it open. A question may name the port that clients call, or the one at which the target answers.
 */
import { PacketSet, type PortRange, TCP } from '../base/net';
import {
  type Bridge,
  type BridgeChannel,
  type BridgeEnd,
  type End,
  endKey,
  type Hop,
  isKnown,
  type NetworkModel,
} from '../evidence/network';
import type { ReachabilityEngine } from '../evidence/reachability';
import { type BridgeLeg, type NetworkIndex, offBridge, ontoBridge, traceFlow } from '../evidence/trace';
import { carried } from './bridges';
import type { Explanation, FlowQuestion } from './explanation';

/** What answers are found with. */
export interface Known {
  readonly network: NetworkModel;
  readonly index: NetworkIndex;
  readonly may: ReachabilityEngine;
  readonly must: ReachabilityEngine;
}

export function overBridges(question: FlowQuestion, packets: PacketSet, known: Known): Explanation | undefined {
  // Clients call Lattice's own addresses, and it calls from its own.
  if (question.toAddress || question.fromAddress || question.asksSourcePort) return undefined;
  const open = known.network.bridges.filter(({ certain, entry }) => certain && entry?.asksWho === false);
  for (const bridge of open) {
    for (const from of question.from) {
      for (const to of question.to) {
        const found = crossed(bridge, from, to, packets, known);
        if (found) return found;
      }
    }
  }
  return undefined;
}

function crossed(bridge: Bridge, from: End, to: End, asked: PacketSet, known: Known): Explanation | undefined {
  const end = bridge.to.find((one) => isSame(one, to, known.network));
  const beyond = bridge.beyond?.some((one) => isSame(one, to, known.network)) === true;
  const door = beyond ? bridge.to[0] : end;
  if (door?.kind !== 'interface' || !bridge.channels) return undefined;
  for (const channel of bridge.channels) {
    const ports = askedPorts(channel, asked);
    const [sent] = ports && channel.sentTo && isKnown(channel.sentTo) ? [channel.sentTo] : [];
    if (!ports || !sent) continue;
    const there = legOnto(bridge, from, sent, known);
    const [arriving] = isKnown(channel.ports) ? [channel.ports.from] : [];
    const away = arriving === undefined ? undefined : legOff(bridge, door, beyond ? to : undefined, arriving, known);
    if (there && away) return answered(bridge, ports, there, away);
  }
  return undefined;
}

/** The ports that are asked about: as clients call it, or as it arrives. */
function askedPorts({ protocols, ports, sentTo }: BridgeChannel, asked: PacketSet): PortRange | undefined {
  if (!protocols.includes(TCP)) return undefined;
  return [sentTo, ports].find(
    (range): range is PortRange =>
      range !== undefined &&
      isKnown(range) &&
      !asked.intersect(PacketSet.of({ protocols: [TCP], destinationPorts: [range] })).isEmpty(),
  );
}

/** Certainly the same: an address stands for the one that a template gives it to. */
function isSame(end: BridgeEnd, to: End, { interfaces }: NetworkModel): boolean {
  if (to.kind !== 'interface') return false;
  if (end.kind === 'interface') return end.id === to.id;
  const { cidr } = end;
  const owner = interfaces.find(({ id }) => id === to.id);
  return isKnown(cidr) && owner?.addresses.some((one) => isKnown(one) && sameText(one, cidr)) === true;
}

function sameText(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function legOnto(bridge: Bridge, from: End, sent: PortRange, known: Known): BridgeLeg | undefined {
  const by = bridge.entry?.by;
  if (!by || bridge.from === 'internet') return undefined;
  if (by.kind === 'endpoint') return byNetwork(from, { kind: 'interface', id: by.interface }, sent.from, known);
  const stands = from.kind === 'interface' ? known.index.interfaces.get(from.id)?.subnets : undefined;
  const subnets = from.kind === 'subnet' ? [from.id] : (stands ?? []);
  const isInside = subnets.every((id) => bridge.from.includes(known.index.subnets.get(id)?.vpc ?? ''));
  return isInside ? ontoBridge(known.index, from, sent.from, { id: bridge.id, ...by }) : undefined;
}

/** `to`: what stands behind a gateway of Lattice, if that is meant. */
function legOff(
  bridge: Bridge,
  door: Extract<BridgeEnd, { kind: 'interface' }>,
  to: End | undefined,
  port: number,
  known: Known,
): BridgeLeg | undefined {
  if (to) return byNetwork(door, to, port, known);
  if (!bridge.seenAs) return { forward: [], reply: [] };
  if (carried(bridge, door, 'must', known.network).isEmpty()) return undefined;
  return offBridge(known.index, door, port, bridge.seenAs);
}

/** A flow of the network itself, which engine and trace both find certain. */
function byNetwork(from: End, to: End, port: number, { must, index }: Known): BridgeLeg | undefined {
  const packets = PacketSet.of({
    protocols: [TCP],
    sourcePorts: [{ from: 1024, to: 65535 }],
    destinationPorts: [{ from: port, to: port }],
  });
  for (const { to: end, sent } of must.reachFrom(from, { to: [to], packets }).reaches) {
    const packet = endKey(end) === endKey(to) ? sent.intersect(packets).sample() : undefined;
    const trace = packet && traceFlow(index, { from, to, packet }, 'must');
    if (trace?.forward.delivered && trace.reply.delivered)
      return { forward: trace.forward.hops, reply: trace.reply.hops };
  }
  return undefined;
}

function answered(bridge: Bridge, { from, to }: PortRange, there: BridgeLeg, away: BridgeLeg): Explanation {
  const location = 'VPC Lattice';
  const { id: resource, reason } = bridge;
  const carries: Hop = { location, resource, decision: 'forwarded', reason };
  const returns: Hop = { location, resource, decision: 'forwarded', reason: 'VPC Lattice carries the answer back' };
  return {
    verdict: 'reachable',
    forward: { verdict: 'reachable', ports: [[from, to]], hops: [...there.forward, carries, ...away.forward] },
    reply: { verdict: 'reachable', hops: [...away.reply, returns, ...there.reply] },
    blockers: [],
    unknowns: [],
    parameters: [],
  };
}
