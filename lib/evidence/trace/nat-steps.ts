/**
 * NAT gateways (SEMANTICS 21): tcp, udp and icmp; the source becomes the gateway's private address and any port from 1024
 * up; nothing unsolicited; the gateway's subnet has its say on both legs.
 */
import { type Address, formatAddress, ICMP, ICMPV6, TCP, UDP } from '../../base/net';
import { isKnown, type NatGateway, type Packet, type ResourceId, type Subnet } from '../network';
import { settleEgress } from './groups-step';
import { addressesIn, isRangeKnown } from './hosts';
import { asIpv4 } from './internet-addresses';
import { isOneZone, type NetworkIndex } from './network-index';
import {
  block,
  type Context,
  decide,
  doubt,
  type Fork,
  type Host,
  hop,
  lazily,
  type Next,
  requireCertain,
  type State,
  translatedBy,
} from './state';
import { lost, passAcl, unseen } from './subnet-steps';
import { eitherOf } from './ternary';

/** A translator picks ports from here up. */
const FIRST_PORT = 1024;

export function natHost(gateway: NatGateway, subnet: Subnet): Host {
  return {
    id: gateway.id,
    name: `NAT gateway ${gateway.id}`,
    subnet,
    groups: undefined,
    publicIpv4: isKnown(gateway.connectivity) ? gateway.connectivity === 'public' : gateway.connectivity,
  };
}

export function followNatGateway(
  context: Context,
  state: State,
  id: ResourceId,
  vpc: ResourceId,
  from: Subnet | undefined,
): Fork {
  const location = `NAT gateway ${id}`;
  const gateway = context.index.natGateways.get(id);
  const subnet = gateway ? context.index.subnets.get(gateway.subnet) : undefined;
  if (!gateway || !subnet) return unseen(context, state, 'gateway', location, id);
  const note = { location, resource: id };
  let next = requireCertain(context, state, gateway, 'gateway', location);
  if (subnet.vpc !== vpc) return lost(block(next, 'gateway', { ...note, reason: `${location} is not in VPC ${vpc}` }));
  next = from ? needZone(context, next, gateway, from) : next;
  next = from?.id === subnet.id ? next : passAcl(context, next, subnet, 'ingress');
  if (state.direction === 'reply') {
    return lost(
      block(next, 'gateway', { ...note, reason: `${location} knows no connection that this reply belongs to` }),
    );
  }
  if (translatedBy(state, id)) {
    return lost(block(next, 'gateway', { ...note, reason: `${location} would send the packet to itself` }));
  }
  const pings = state.packet.source.family === 4 ? ICMP : ICMPV6;
  if (![TCP, UDP, pings].includes(state.packet.protocol)) {
    next = block(next, 'gateway', { ...note, reason: `${location} carries tcp, udp and icmp only` });
  }
  const destination = asIpv4(state.packet.destination);
  if (!destination) {
    return lost(block(next, 'gateway', { ...note, reason: `${location} carries IPv6 only to 64:ff9b::/96` }));
  }
  const host = natHost(gateway, subnet);
  return translateSource(context, needRange(context, settleEgress(context, next, undefined), host), host, destination);
}

/** A regional one may serve some zones alone: REGIONAL_NGW_ROUTE_AZ_RESTRICTION of Reachability Analyzer. */
function needZone(context: Context, state: State, { id, zones }: NatGateway, from: Subnet): State {
  if (!zones) return state;
  const location = `NAT gateway ${id}`;
  const note = { location, resource: id };
  return decide(context, state, eitherOf(zones.map((zone) => isOneZone(zone, from.availabilityZone))), 'gateway', {
    denied: { ...note, reason: `${location} does not serve the availability zone of subnet ${from.id}` },
    open: { ...note, reason: `whether ${location} serves the availability zone of subnet ${from.id} is not known` },
  });
}

/** What has an address of a subnet whose range no template shows may have any that stands for it here, and certainly none. */
export function needRange(context: Context, state: State, host: Host): State {
  if (isRangeKnown(host.subnet)) return state;
  const reason = `the address of ${host.name} is not known: no template shows the range of subnet ${host.subnet.id}`;
  return doubt(context, state, 'address', { location: host.name, resource: host.id, reason });
}

/** Nobody chooses which port and, where filters tell them apart, which address of its subnet the gateway has. */
function translateSource(context: Context, state: State, host: Host, destination: Address): Fork {
  const before = state.packet;
  const addresses = addressesIn(context.index, host.subnet, 4);
  if (addresses.length === 0) {
    const reason = `the address of ${host.name} is not known`;
    return lost(doubt(context, state, 'address', { location: host.name, resource: host.id, reason }));
  }
  const protocol = before.protocol === ICMPV6 ? ICMP : before.protocol;
  // An echo request is one in both families, under another number.
  const isPing = before.protocol === ICMPV6 && before.destinationPort === 128;
  const destinationPort = isPing ? 8 : before.destinationPort;
  const isAlikeForward = !context.index.seesSourcePorts;
  const ports = portsFrom(context.index, state);
  const options = addresses.map((source): Fork => {
    const fromPort = (sourcePort: number): Next => {
      const packet: Packet = { ...before, protocol, source, sourcePort, destination, destinationPort };
      const reason = `replaces the source with its own address ${formatAddress(source)}`;
      const translated = hop(state, 'translated', { location: host.name, resource: host.id, reason }, packet);
      const session = { kind: 'nat' as const, host, before, resume: host, preserved: false };
      const next: State = {
        ...translated,
        packet,
        holder: host,
        referent: undefined,
        entered: 'own',
        sessions: [...state.sessions, session],
      };
      return { place: { kind: 'route', subnet: host.subnet }, state: next };
    };
    return { quantifier: 'every', options: lazily(ports, fromPort), isAlikeForward };
  });
  return { quantifier: 'every', options };
}

/**
 * Ports that stand for all those a translator may choose from (1024–65535): one for each way in which network ACLs tell them
 * apart, wherever an answer may meet one. The packet's own port comes first, so that it is the one a reader sees.
 */
export function portsFrom(index: NetworkIndex, { packet, stopped }: State): readonly number[] {
  if (packet.protocol !== TCP && packet.protocol !== UDP) return [packet.sourcePort];
  let others = PORTS_TOLD_APART.get(index);
  if (!others) {
    others = portsToldApart(index);
    PORTS_TOLD_APART.set(index, others);
  }
  const { sourcePort } = packet;
  const ports = sourcePort < FIRST_PORT ? others : [sourcePort, ...others.filter((port) => port !== sourcePort)];
  // What is stopped gets nowhere from any of them: one shows what else is in its way.
  return stopped ? ports.slice(0, 1) : ports;
}

const PORTS_TOLD_APART = new WeakMap<NetworkIndex, readonly number[]>();

function portsToldApart(index: NetworkIndex): number[] {
  const edges = index.model.networkAcls.flatMap(({ entries }) =>
    entries.flatMap(({ traffic }) =>
      isKnown(traffic) && traffic.ports ? [traffic.ports.from, traffic.ports.to + 1] : [],
    ),
  );
  const ports = new Set([FIRST_PORT, ...edges].filter((port) => port >= FIRST_PORT && port <= 65535));
  return [...ports].sort((a, b) => a - b);
}
