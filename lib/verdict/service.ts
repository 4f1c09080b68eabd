/**
 * Service: every declared channel works, both ways. A blocked infusion pump is an incident too.
 * Judged on what must get through; where that fails but something may, the claim is unknown and says what it hangs on.
 */
import {
  AddressSet,
  ALL_IPV4,
  ALL_IPV6,
  addressAt,
  firstAddress,
  hostPrefix,
  ICMP,
  ICMPV6,
  PacketSet,
  type Prefix,
  TCP,
  UDP,
} from '../base/net';
import { type End, type Flow, isKnown, type UnknownUse } from '../evidence/network';
import type { Reach } from '../evidence/reachability/reach';
import type { Channel, Conduit, ServiceTraffic } from '../intent/zones';
import { packetsOf } from './allowance';
import { channelEnds, type EndClass } from './channel-ends';
import type { VerdictContext } from './context';
import { type FrontDoor, portsBehind } from './front-doors';
import type { MemberReach } from './member-reach';
import { nounsOf } from './nouns';
import { type Party, showEnd } from './place';
import { type Claim, placeOf } from './result';

export function verifyService(context: VerdictContext): { claims: Claim[]; assumptions: string[] } {
  const claims: Claim[] = [];
  const assumptions: string[] = [];
  for (const conduit of context.model.conduits) {
    if (!context.isInAws(conduit.from.zone) && !context.isInAws(conduit.to.zone)) {
      assumptions.push(
        `conduit ${conduit.name} runs outside AWS (${conduit.from.zone} to ${conduit.to.zone}): nothing here can judge it`,
      );
      continue;
    }
    const senders = channelEnds(conduit.from, context);
    const receivers = channelEnds(conduit.to, context);
    for (const channel of conduit.channels) claims.push(claimOf(conduit, channel, senders, receivers, context));
  }
  return { claims, assumptions };
}

/** One sender and receiver between which the channel should work. */
interface Pair {
  readonly sender: Party;
  readonly receiver: Party;
}

interface Outcome {
  readonly senders: EndClass;
  readonly receivers: EndClass;
  /** pairs between which it does not work, with what of the channel is missing; empty = it works */
  readonly failing: readonly Pair[];
  /** some pair was judged up to a target that nobody has registered yet */
  readonly upToTarget: boolean;
}

function claimOf(
  conduit: Conduit,
  channel: Channel,
  senders: readonly EndClass[],
  receivers: readonly EndClass[],
  context: VerdictContext,
): Claim {
  const from = showConduitEnd(conduit.from);
  const to = showConduitEnd(conduit.to);
  const base = {
    id: `service/${conduit.name}/${channel.service}`,
    kind: 'service' as const,
    from,
    to,
    conduit: conduit.name,
    says: `${from} can use ${channel.service} of ${to}, and is answered`,
    source: placeOf(channel.source),
  };
  if (senders.length === 0 || receivers.length === 0) {
    const missing = senders.length === 0 ? from : to;
    const because = [`the plan has no place where ${missing} could be`];
    return { ...base, verdict: 'violated', because, fix: `give \`${missing}\` a place in the plan` };
  }
  const must = attemptAny(channel, senders, receivers, context.mustReach, context);
  if (must.failing.length === 0) return { ...base, verdict: 'proved', because: howItWorks(must) };
  const may = attemptAny(channel, senders, receivers, context.mayReach, context);
  if (may.failing.length === 0) {
    const because = doubtsOf(channel, must.failing, context).map(
      ({ resource, reason, parameters }) =>
        `not understood: ${resource}: ${reason}${parameters.length > 0 ? ` (parameters: ${parameters.join(', ')})` : ''}`,
    );
    return { ...base, verdict: 'unknown', because: because.length > 0 ? because : ['it may work, and need not'] };
  }
  const because = blockersOf(channel, may.failing, context);
  return {
    ...base,
    verdict: 'violated',
    because,
    fix: `open ${channel.service} from \`${from}\` to \`${to}\` on that path`,
  };
}

function showConduitEnd(end: Conduit['from']): string {
  return end.asset === undefined ? end.zone : `${end.zone}/${end.asset}`;
}

/** One class of senders and one of receivers are enough; where none are, those that come nearest say why. */
function attemptAny(
  channel: Channel,
  from: readonly EndClass[],
  to: readonly EndClass[],
  reach: MemberReach,
  context: VerdictContext,
): Outcome {
  let best: Outcome | undefined;
  for (const senders of from) {
    for (const receivers of to) {
      const outcome = attempt(channel, senders, receivers, reach, context);
      if (outcome.failing.length === 0) return outcome;
      if (!best || shareFailing(outcome) < shareFailing(best)) best = outcome;
    }
  }
  return best ?? { senders: [], receivers: [], failing: [], upToTarget: false };
}

function shareFailing({ failing, senders, receivers }: Outcome): number {
  return failing.length / (senders.length * receivers.length);
}

/** Each sender gets to some receiver, each receiver is got to by some sender; addresses of a site each by each. */
function attempt(
  channel: Channel,
  senders: EndClass,
  receivers: EndClass,
  reach: MemberReach,
  context: VerdictContext,
): Outcome {
  const failing: Pair[] = [];
  const served = new Set<Party>();
  let upToTarget = false;
  for (const sender of senders) {
    const reached: Party[] = [];
    for (const receiver of receivers) {
      const outcome = works(channel, { sender, receiver }, reach, context);
      if (!outcome.works) continue;
      upToTarget ||= outcome.upToTarget;
      reached.push(receiver);
      served.add(receiver);
    }
    const required = receivers.filter(({ addresses }) => addresses !== undefined);
    failing.push(...required.filter((party) => !reached.includes(party)).map((receiver) => ({ sender, receiver })));
    const [first] = receivers;
    if (reached.length === 0 && required.length === 0 && first) failing.push({ sender, receiver: first });
  }
  const [first] = senders;
  for (const receiver of receivers) {
    if (!served.has(receiver) && first && !failing.some((pair) => pair.receiver === receiver)) {
      failing.push({ sender: first, receiver });
    }
  }
  return { senders, receivers, failing, upToTarget };
}

function works(
  channel: Channel,
  { sender, receiver }: Pair,
  reach: MemberReach,
  context: VerdictContext,
): { works: boolean; upToTarget: boolean } {
  const sources = addressesOf(sender, context);
  const destinations = addressesOf(receiver, context);
  const reaches = reach.between(sender, receiver.end);
  if (sources.isEmpty() || destinations.isEmpty()) {
    // addresses that only deployment decides: what may get there is enough for a doubt, and nothing for a proof
    const mayBe = PacketSet.unionAll(reaches.map(({ sent }) => sent)).intersect(wantedOf(channel));
    return { works: reach.approximation === 'may' && !mayBe.isEmpty(), upToTarget: false };
  }
  const wanted = wantedOf(channel).intersect(PacketSet.of({ sources }));
  const to = PacketSet.of({ destinations });
  const direct = PacketSet.unionAll(reaches.filter(({ via }) => via.length === 0).map(({ sent }) => sent));
  if (covers(direct, wanted.intersect(to))) return { works: true, upToTarget: false };
  const indirect = reaches.filter(({ via }) => via.length > 0);
  const passedOn = PacketSet.unionAll(indirect.map(({ sent }) => sent));
  if (covers(passedOn.withAnyDestination(), wanted)) return { works: true, upToTarget: false };
  if (covers(heardElsewhere(indirect, channel), wanted)) return { works: true, upToTarget: false };
  const doors = PacketSet.unionAll(
    doorsFor(receiver, context).map((door) => context.frontDoors.through(door, sender, receiver, wanted, reach)),
  );
  return { works: covers(doors.withAnyDestination(), wanted), upToTarget: true };
}

/** What arrives as the channel's own, though whoever passes it on listens to another port. */
function heardElsewhere(reaches: readonly Reach[], channel: Channel): PacketSet {
  const asked = packetsOf(channel.traffic);
  const translated = reaches.filter(({ received }) => !received.intersect(asked).isEmpty());
  const arriving = PacketSet.unionAll(translated.map(({ received }) => received))
    .withAnyAddresses()
    .withAnySourcePort();
  if (!asked.isSubsetOf(arriving)) return PacketSet.EMPTY;
  const sent = PacketSet.unionAll(translated.map((one) => one.sent));
  return sent.withAnyDestination().withAnyDestinationPort().intersect(asked.withAnyDestinationPort());
}

/** Whichever address it gets: all of them must work. */
function addressesOf({ end, addresses }: Party, context: VerdictContext): AddressSet {
  const all = context.evidence.must.addressesOf(end);
  return addresses ? all.intersect(addresses) : all;
}

/** Every packet, in one family of addresses at least. */
function covers(covered: PacketSet, required: PacketSet): boolean {
  return FAMILIES.some((family) => {
    const part = required.intersect(family);
    return !part.isEmpty() && part.isSubsetOf(covered);
  });
}

/** Any client's source port: Linux takes them from 32768 up, Windows from 49152. */
const EPHEMERAL = PacketSet.of({ protocols: [TCP, UDP], sourcePorts: [{ from: 32768, to: 65535 }] });
const PINGS = PacketSet.of({ protocols: [ICMP, ICMPV6] });

function wantedOf(channel: Channel): PacketSet {
  const traffic = packetsOf(channel.traffic);
  return traffic.intersect(EPHEMERAL).union(traffic.intersect(PINGS));
}

function doorsFor(receiver: Party, context: VerdictContext): readonly FrontDoor[] {
  return context.isInAws(receiver.place.zone) ? context.frontDoors.of(receiver.place.zone) : [];
}

/** What is not understood on the way between those for whom it may work and need not. */
function doubtsOf(channel: Channel, failing: readonly Pair[], context: VerdictContext): UnknownUse[] {
  const doubts = new Map<string, UnknownUse>();
  for (const { sender, receiver } of failing.slice(0, 4)) {
    const to = [receiver.end, ...doorsFor(receiver, context).map(({ entry }) => entry)];
    const packets = wantedOf(channel);
    for (const use of context.evidence.may.reachFrom(sender.end, { to, packets }).unknowns) {
      doubts.set(`${use.resource}\n${use.reason}`, use);
    }
  }
  return [...doubts.values()];
}

const FAMILIES = [ALL_IPV4, ALL_IPV6].map((family) => PacketSet.of({ destinations: AddressSet.of(family) }));

function howItWorks({ senders, receivers, upToTarget }: Outcome): string[] {
  const potential = [...senders, ...receivers].some((party) => party.potential);
  const because = [`from ${senders.length} and to ${receivers.length} places, in both directions`];
  if (upToTarget) {
    because.push(
      'judged up to the listener and on to a target that would be registered: no workload is registered yet',
    );
  } else if (potential) because.push('for whatever is launched there with the groups of its asset');
  return because;
}

const BLOCKERS_SHOWN = 12;

/** All that stands in the way, for each pair that fails: a packet is replayed and everything that stops it is listed. */
function blockersOf(channel: Channel, failing: readonly Pair[], context: VerdictContext): string[] {
  const because = new Set<string>();
  for (const pair of failing.slice(0, 4)) {
    const replays = representatives(channel, pair, context).map((flow) => context.evidence.replay(flow));
    const blockers = replays.flatMap((replay) => replay.blockers);
    for (const { resource, kind, reason, direction } of blockers) {
      because.add(`${resource} (${kind}, ${direction}): ${reason}`);
    }
    const { sender, receiver } = pair;
    const wanted = wantedOf(channel).intersect(PacketSet.of({ sources: addressesOf(sender, context) }));
    const behind = doorsBetween(sender, receiver, context).filter(({ endpoint }) => endpoint !== undefined);
    const faults = behind.flatMap((door) => context.frontDoors.faults(door, wanted));
    for (const fault of faults) because.add(fault);
    if (blockers.length === 0 && faults.length === 0)
      because.add(`not all of it leads from ${showEnd(sender.end)} to ${showEnd(receiver.end)}`);
  }
  const all = [...because];
  if (all.length <= BLOCKERS_SHOWN) return all;
  return [...all.slice(0, BLOCKERS_SHOWN), `and ${all.length - BLOCKERS_SHOWN} more`];
}

/** One packet straight to the receiver, or, where only a front door leads there, one for each leg of that way. */
function representatives(channel: Channel, { sender, receiver }: Pair, context: VerdictContext): Flow[] {
  const doors = doorsBetween(sender, receiver, context);
  if (doors.length === 0) return flowsBetween(channel.traffic, sender, receiver, context);
  return doors.flatMap(({ entry, loadBalancer }) => {
    const door: Party = { end: entry, place: sender.place, potential: false };
    const balancer: Party = {
      end: { kind: 'interface', id: loadBalancer.interface },
      place: receiver.place,
      potential: false,
    };
    const passedOn = passedOnBy(loadBalancer, receiver, channel, context);
    return [
      ...flowsBetween(channel.traffic, sender, door, context),
      ...flowsBetween(passedOn, balancer, receiver, context),
    ];
  });
}

/** Endpoints beside the sender, and, for the internet, the balancers before the receiver. */
function doorsBetween(sender: Party, receiver: Party, context: VerdictContext): readonly FrontDoor[] {
  return doorsFor(receiver, context).filter(({ endpoint, entry }) => {
    if (endpoint === undefined) return sender.end.kind === 'internet' && mayBePublic(entry, context);
    const places = entry.kind === 'interface' ? (context.binding.interfaces.get(entry.id) ?? []) : [];
    return places.some(({ zone }) => zone === sender.place.zone);
  });
}

function mayBePublic(entry: End, context: VerdictContext): boolean {
  const noun = entry.kind === 'interface' ? context.interfaceOf(entry.id) : undefined;
  return noun !== undefined && (noun.publicIpv4 !== false || noun.ipv6 !== false);
}

/** What a target hears: the ports of the target groups; the channel's own where there is none. */
function passedOnBy(
  { listeners }: FrontDoor['loadBalancer'],
  { end }: Party,
  channel: Channel,
  context: VerdictContext,
) {
  const ids = new Set(listeners.flatMap(({ targetGroups }) => targetGroups));
  const known = nounsOf(context.network).targetGroups;
  const groups = [...ids].flatMap((id) => known.get(id) ?? []);
  const ports = new Set(groups.flatMap((group) => portsBehind(group, end)));
  const traffic = [...ports].map((port): ServiceTraffic => ({ protocol: 'tcp', ports: { from: port, to: port } }));
  return traffic.length > 0 ? traffic : channel.traffic;
}

function flowsBetween(
  traffic: readonly ServiceTraffic[],
  sender: Party,
  receiver: Party,
  context: VerdictContext,
): Flow[] {
  const source = addressOf(sender, context);
  const destination = addressOf(receiver, context);
  if (!source || !destination) return [];
  return traffic.flatMap((item): Flow[] => {
    const sample = packetsOf([item])
      .intersect(PacketSet.of({ sources: AddressSet.of(source), destinations: AddressSet.of(destination) }))
      .sample();
    return sample ? [{ from: sender.end, to: receiver.end, packet: sample }] : [];
  });
}

/** An address that the end could have: not the first few of a subnet, which AWS keeps for itself. */
function addressOf(party: Party, context: VerdictContext): Prefix | undefined {
  const { end } = party;
  if (party.addresses) {
    const [prefix] = addressesOf(party, context).prefixes();
    return prefix && hostPrefix(prefix.length < 31 ? addressAt(prefix, 1) : firstAddress(prefix));
  }
  if (end.kind !== 'subnet' && end.kind !== 'interface') return undefined;
  const iface = context.interfaceOf(end.id);
  const [fixed] = (iface?.addresses ?? []).filter(isKnown);
  if (fixed) return hostPrefix(firstAddress(fixed));
  const id = end.kind === 'subnet' ? end.id : iface?.subnets[0];
  const [cidr] = ((id === undefined ? undefined : context.subnetOf(id))?.cidrs ?? []).filter(isKnown);
  return cidr && hostPrefix(addressAt(cidr, 10));
}
