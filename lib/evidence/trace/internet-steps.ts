/**
 * The internet between two of our own hosts (SEMANTICS 19, 20), and the gateways by which it is entered and left.
 *
 * IPv4: a packet for a public address leaves by the default route, even to a sibling in the same subnet. The gateway of the
 * sender puts its public address in place of the source, that of the receiver the private one in place of the destination.
 * Whoever receives it sees an address of the internet, and no groups
 * (https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html: "your instance is only aware of the private
 * (internal) IP address space"). IPv6 addresses are the same on both sides.
 */
import {
  type Address,
  addressAt,
  firstAddress,
  formatAddress,
  formatPrefix,
  lastAddress,
  type Prefix,
  parseAddress,
  prefixContainsAddress,
} from '../../base/net';
import { isUnknown, type Packet, type ResourceId } from '../network';
import { translate } from './gateway-steps';
import { hideReferences } from './groups-step';
import { targetAddresses } from './hosts';
import { isOnInternet, mayBeGiven, NOT_ON_INTERNET } from './internet-addresses';
import type { NetworkIndex } from './network-index';
import {
  type Context,
  type Exit,
  type Fork,
  go,
  type Host,
  hop,
  type Next,
  type Session,
  type State,
  wasAt,
} from './state';
import { anywhere, lost, unseen } from './subnet-steps';

/** The internet gateways by which the internet reaches a VPC; replies also come back through an egress-only one. */
export function internetEntries(context: Context, vpc: ResourceId): Next['place'][] {
  const { internetGateways, egressOnlyGateways } = context.index.model;
  const isOf = ({ vpc: of }: (typeof internetGateways)[number]) => of === vpc || (of !== undefined && isUnknown(of));
  const replies = context.direction === 'reply' ? egressOnlyGateways.filter((gateway) => gateway.vpc === vpc) : [];
  return [
    ...internetGateways
      .filter(isOf)
      .map(({ id }): Next['place'] => ({ kind: 'enter', vpc, gateway: id, name: `internet gateway ${id}` })),
    ...replies.map(({ id }): Next['place'] => ({
      kind: 'enter',
      vpc,
      gateway: id,
      name: `egress-only internet gateway ${id}`,
    })),
  ];
}

/** Undefined: the internet reaches this host's VPC by no gateway. */
export function enterFromInternet(context: Context, state: State, host: Host): Fork | undefined {
  const { vpc } = host.subnet;
  const entries = internetEntries(context, vpc);
  if (entries.length > 0) return { quantifier: 'some', options: entries.map((place): Next => ({ place, state })) };
  if (!context.index.vpcs.get(vpc)?.external) return undefined;
  // Whichever gateway it has, it translates only for a public address.
  const translated = translate(context, state, host, { vpc, gateway: vpc, way: 'in' });
  return unseen(context, translated, 'gateway', `an internet gateway of VPC ${vpc}`, vpc);
}

const ACROSS = 'across the internet';

/** From where the packet left for the internet to the host that it is for; undefined where that is not one of ours. */
export function acrossInternet(
  context: Context,
  state: State,
  exit: Extract<Exit, { kind: 'internet' | 'anywhere' }>,
): Fork | undefined {
  const outside = hideReferences(state);
  const last = state.sessions.at(-1);
  if (state.direction === 'reply' && last?.kind === 'internet') return backAcross(context, outside, last);
  const { expected } = state;
  if (!expected) return undefined;
  const gateway = exit.kind === 'internet' ? { gateway: exit.gateway, vpc: exit.vpc } : undefined;
  const host = state.holder ?? expected.host;
  const session: Session = { kind: 'internet', host, before: state.packet, resume: host, preserved: false, gateway };
  if (state.packet.destination.family === 6) {
    // From where nobody knows, the reply goes back to where nobody knows.
    const isLost = exit.kind === 'anywhere' && isOnInternet(state.packet.destination);
    const sessions = isLost && state.direction === 'forward' ? [...state.sessions, session] : state.sessions;
    // A gateway that nobody knows leads anywhere, to the internet too.
    if (wasAt(state, ACROSS)) return undefined;
    const seen = [...state.seen, { where: ACROSS, packet: state.packet, sessions: sessions.length }];
    return enterFromInternet(context, { ...outside, sessions, seen }, expected.host);
  }
  if (!expected.publicly) return undefined;
  const forks = translations(context, state.packet, expected.host).map((packet): Fork | undefined => {
    const reason = `${formatAddress(packet.source)} stands for the public address of ${host.name}, and ${formatAddress(state.packet.destination)} is that of ${expected.host.name}`;
    const translated = hop(outside, 'translated', { location: 'the internet', resource: host.id, reason }, packet);
    return enterFromInternet(
      context,
      {
        ...translated,
        packet,
        holder: undefined,
        expected: { host: expected.host, role: expected.role },
        sessions: [...state.sessions, session],
      },
      expected.host,
    );
  });
  const options = forks.filter((fork) => fork !== undefined);
  return options.length > 0 ? { quantifier: 'every', options } : undefined;
}

/** Nobody chooses which public address the sender has, nor which private one the receiver. */
function translations(context: Context, packet: Packet, receiver: Host): Packet[] {
  return publicAddresses(context.index).flatMap((source) =>
    targetAddresses(context.index, receiver, 4).map((destination) => ({ ...packet, source, destination })),
  );
}

/** One for each way in which the filters and routes of the network tell public addresses apart. */
function publicAddresses(index: NetworkIndex): readonly Address[] {
  const known = PUBLIC_ADDRESSES.get(index);
  if (known) return known;
  const ranges = publicRanges(index);
  const edges = [...ranges, ...NOT_ON_INTERNET].flatMap((range) => [
    firstAddress(range),
    addressAt({ ...lastAddress(range), length: 0 }, 1),
  ]);
  const alike = (address: Address) =>
    ranges.map((range) => (prefixContainsAddress(range, address) ? '1' : '0')).join('');
  const found = new Map<string, Address>();
  // A part that filters treat alike begins at an edge.
  for (const address of edges.filter(mayBeGiven)) {
    if (!found.has(alike(address))) found.set(alike(address), address);
  }
  // Where filters see no difference, a reader sees an address that is nobody's.
  const example = parseAddress('203.0.113.10');
  const isOne = found.delete(alike(example));
  const chosen = [...(isOne ? [example] : []), ...found.values()].slice(0, 32);
  PUBLIC_ADDRESSES.set(index, chosen);
  return chosen;
}

/** Ranges that hold addresses of the internet, but not all of them. */
function publicRanges({ filterRanges, model }: NetworkIndex): Prefix[] {
  const routed = model.routeTables.flatMap(({ routes }) =>
    routes.flatMap(({ destination }) => ('prefixList' in destination || isUnknown(destination) ? [] : [destination])),
  );
  const isPrivate = (range: Prefix) =>
    NOT_ON_INTERNET.some((other) => other.length <= range.length && prefixContainsAddress(other, firstAddress(range)));
  const open = [...filterRanges, ...routed].filter(({ family, length }) => family === 4 && length > 0);
  const distinct = new Map(open.filter((range) => !isPrivate(range)).map((range) => [formatPrefix(range), range]));
  return [...distinct.values()].slice(0, 256);
}

const PUBLIC_ADDRESSES = new WeakMap<NetworkIndex, readonly Address[]>();

/** The reply is for the public address that the sender had, and comes back by the gateway that gave it. */
function backAcross(context: Context, state: State, { before, gateway }: Session): Fork {
  const sessions = state.sessions.slice(0, -1);
  const last = sessions.at(-1);
  const host = last?.host ?? state.initiator;
  const packet: Packet = {
    ...state.packet,
    source: before.destination,
    destination: before.source,
  };
  const back: State = {
    ...state,
    packet,
    sessions,
    expected: host ? { host, role: last ? 'session' : 'end' } : undefined,
  };
  if (!gateway) return anywhere(context, back, 'where the packet left for the internet is not known');
  if (!host) return lost(back);
  const name = `internet gateway ${gateway.gateway}`;
  return go({ kind: 'enter', vpc: gateway.vpc, gateway: gateway.gateway, name }, back);
}
