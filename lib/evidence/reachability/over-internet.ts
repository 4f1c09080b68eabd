/**
 * Over the internet and back (SEMANTICS 20): what leaves for the public address of one of our own hosts comes in again
 * from the internet. Put together from two answers, what one end sends to the internet and what the internet sends to the
 * other, so that nobody has to ask it of every pair of ends.
 *
 * IPv4 is translated twice: the receiver sees the sender's public address, of which no template knows more than that the
 * internet has it, and never the sender's groups. IPv6 carries the addresses that the two have.
 */
import { AddressSet, PacketSet, parsePrefix } from '../../base/net';
import { asNat64, FROM_CHOSEN_PORTS, INTERNET, OF_EXAMPLES } from '../forwarding';
import {
  type Approximation,
  endKey,
  type Flow,
  type InterfaceKind,
  type NetworkModel,
  type ResourceId,
} from '../network';
import { OVER_INTERNET, type Reach } from './reach';
import { forEveryAddress } from './whichever';

const PUBLIC_IPV4 = INTERNET.intersect(AddressSet.ALL_IPV4);
const GIVEN_BY_AWS = PUBLIC_IPV4.subtract(OF_EXAMPLES);
const IPV4 = PacketSet.of({ destinations: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ destinations: AddressSet.ALL_IPV6 });
/** Where any public address would do, a reader sees one that is nobody's. */
const DOCUMENTED = PacketSet.of({ destinations: AddressSet.of(parsePrefix('203.0.113.0/24')) });

/** What sends on to where its own targets are. */
const DOORS: readonly InterfaceKind[] = ['load-balancer', 'vpc-endpoint'];

export interface Crossing {
  readonly reach: Reach;
  /** the packets on the internet, with the receiver's private IPv4 address in place of its public one */
  readonly between: PacketSet;
}

/**
 * `out` ends at the internet and `into` starts there; undefined where nothing of the one is part of the other.
 * `keepsGoal` tells NAT gateways and appliances, which keep where a packet is for, from what else it goes through.
 */
export function overInternet(
  out: Reach,
  into: Reach,
  approximation: Approximation,
  keepsGoal: (id: ResourceId) => boolean,
): Crossing | undefined {
  const between = translated(out, into, approximation).union(out.received.intersect(into.sent).intersect(IPV6));
  const sent = sentAs(between, out, approximation, keepsGoal);
  const received = receivedAs(between, into, approximation);
  if (sent.isEmpty() || received.isEmpty()) return undefined;
  const { from } = out;
  const { to } = into;
  const via = [...out.via, OVER_INTERNET, ...into.via];
  return {
    between,
    reach: {
      from,
      to,
      sent,
      received,
      via,
      get sample() {
        return sampleOf({ from, to }, sent);
      },
    },
  };
}

/** Every way from what reaches the internet to what the internet reaches, to other ends than the sender itself. */
export function reachesOverInternet(
  out: readonly Reach[],
  into: readonly Reach[],
  approximation: Approximation,
  { natGateways, interfaces }: Pick<NetworkModel, 'natGateways' | 'interfaces'>,
): Reach[] {
  const appliances = interfaces.filter((one) => one.sourceDestCheck !== true && !DOORS.includes(one.kind));
  const keepers = new Set([...natGateways, ...appliances].map(({ id }) => id));
  const leaving = out.filter(({ from, to }) => from.kind !== 'internet' && to.kind === 'internet');
  return leaving.flatMap((one) =>
    into.flatMap((other) => {
      if (endKey(one.from) === endKey(other.to)) return [];
      return overInternet(one, other, approximation, (id) => keepers.has(id))?.reach ?? [];
    }),
  );
}

/** Which public address either end has, AWS decides: in `must` only what holds for all of them, in `may` for some. */
function translated(out: Reach, into: Reach, approximation: Approximation): PacketSet {
  const decided = approximation === 'must' ? forEveryPublic : forSomePublic;
  const leaving = decided(out.received.intersect(IPV4), 'destination');
  return decided(into.sent.intersect(IPV4).intersect(leaving.withAnyAddresses()), 'source');
}

function forEveryPublic(packets: PacketSet, side: 'source' | 'destination'): PacketSet {
  return forEveryAddress(packets, [PUBLIC_IPV4], side);
}

/** What works for an address of an example works for one that AWS may give, or for none. */
function forSomePublic(packets: PacketSet, side: 'source' | 'destination'): PacketSet {
  const given = packets.intersect(
    PacketSet.of(side === 'source' ? { sources: GIVEN_BY_AWS } : { destinations: GIVEN_BY_AWS }),
  );
  return packets.intersect(side === 'source' ? given.withAnySource() : given.withAnyDestination());
}

/** The packets of the initiator that become those on the internet. */
function sentAs(between: PacketSet, out: Reach, approximation: Approximation, keepsGoal: (id: ResourceId) => boolean) {
  const families = [
    { own: between.intersect(IPV4).withAnyAddresses(), sent: out.sent.intersect(IPV4) },
    { own: between.intersect(IPV6), sent: out.sent.intersect(IPV6) },
  ];
  if (out.via.length === 0) return PacketSet.unionAll(families.map(({ own, sent }) => sent.intersect(own)));
  if (out.via.every(keepsGoal)) {
    const before = (set: PacketSet) => set.withAnySource().withAnySourcePort();
    // The first of them may have carried IPv6 on as IPv4.
    const asIpv6 = asNat64(between.intersect(IPV4).withAnyAddresses());
    const all = [...families, { own: asIpv6, sent: out.sent }];
    return PacketSet.unionAll(all.map(({ own, sent }) => sent.intersect(before(own))));
  }
  // What else made new packets of them, nobody can ask in reverse.
  return approximation === 'may' && !between.isEmpty() ? out.sent : PacketSet.EMPTY;
}

function receivedAs(between: PacketSet, into: Reach, approximation: Approximation): PacketSet {
  if (between.isEmpty() || into.via.length === 0) return between;
  if (approximation === 'may') return into.received;
  // Which of the packets sent arrives as which is not known, so all of them have to be there, but for the port.
  const isWhole = into.sent.withAnySourcePort().isSubsetOf(between.withAnySourcePort());
  return isWhole ? into.received.intersect(FROM_CHOSEN_PORTS) : PacketSet.EMPTY;
}

function sampleOf(ends: Pick<Flow, 'from' | 'to'>, sent: PacketSet): Flow {
  const packet = sent.intersect(DOCUMENTED).sample() ?? sent.sample();
  if (!packet) throw new Error('a reach holds no packet');
  return { ...ends, packet };
}
