/**
 * A channel that is delivered through a load balancer (behind PrivateLink, or reached directly) before any workload is
 * registered: the way in to the listener and the way on to a would-be target are judged apart, and both must hold.
 */
import { AddressSet, PacketSet } from '../base/net';
import {
  type Approximation,
  type End,
  isKnown,
  isUnknown,
  type LoadBalancer,
  type ResourceId,
  type SecurityGroupRule,
} from '../evidence/network';
import type { VerdictContext } from './context';
import type { MemberReach } from './member-reach';
import type { Party } from './place';

export interface FrontDoor {
  readonly loadBalancer: LoadBalancer;
  /** what an initiator addresses: the endpoint's interface, or the balancer's own */
  readonly entry: End;
  readonly endpoint?: ResourceId;
}

/** Balancers in the responder's zone, each with the endpoints that lead to it and itself. */
export function frontDoorsOf(zone: string, context: VerdictContext): FrontDoor[] {
  const doors: FrontDoor[] = [];
  for (const loadBalancer of context.network.loadBalancers) {
    if (!(context.binding.interfaces.get(loadBalancer.interface) ?? []).some((place) => place.zone === zone)) continue;
    doors.push({ loadBalancer, entry: { kind: 'interface', id: loadBalancer.interface } });
    const services = context.network.endpointServices.filter(({ loadBalancers }) =>
      loadBalancers.includes(loadBalancer.id),
    );
    for (const endpoint of context.network.vpcEndpoints) {
      const { service } = endpoint;
      if (service.kind !== 'private' || endpoint.interface === undefined) continue;
      if (!services.some(({ id }) => id === service.id)) continue;
      doors.push({ loadBalancer, entry: { kind: 'interface', id: endpoint.interface }, endpoint: endpoint.id });
    }
  }
  return doors;
}

/** The packets of `wanted` that get from the sender to a listener, and whose target port gets on to the receiver. */
export function throughFrontDoor(
  door: FrontDoor,
  sender: Party,
  receiver: Party,
  wanted: PacketSet,
  reach: MemberReach,
  context: VerdictContext,
): PacketSet {
  const entering = PacketSet.unionAll(reach.between(sender, door.entry).map(({ sent }) => sent))
    .intersect(wanted)
    .intersect(
      door.endpoint === undefined ? PacketSet.ALL : admittedBy(door.loadBalancer, reach.approximation, context),
    );
  if (entering.isEmpty()) return entering;
  let delivered = PacketSet.EMPTY;
  for (const listener of door.loadBalancer.listeners) {
    if (!listener.certain || isUnknown(listener.ports)) continue;
    const heard = entering.intersect(
      PacketSet.of({ protocols: listener.protocols, destinationPorts: [listener.ports] }),
    );
    if (heard.isEmpty()) continue;
    const groups = context.network.targetGroups.filter(({ id }) => listener.targetGroups.includes(id));
    const works = groups.some((group) => {
      if (!isKnown(group.port)) return false;
      const port = { from: group.port, to: group.port };
      const onward = PacketSet.of({ protocols: group.protocols, destinationPorts: [port] });
      const end: End = { kind: 'interface', id: door.loadBalancer.interface };
      const balancer: Party = { end, place: receiver.place, potential: false };
      return reach.between(balancer, receiver.end).some(({ received }) => !received.intersect(onward).isEmpty());
    });
    if (works) delivered = delivered.union(heard);
  }
  return delivered;
}

/**
 * What a balancer's groups admit of what comes through PrivateLink: the client's own address is asked, unless the
 * balancer is told not to ask (SEMANTICS 31).
 */
function admittedBy(balancer: LoadBalancer, approximation: Approximation, context: VerdictContext): PacketSet {
  const isMay = approximation === 'may';
  const asks = isKnown(balancer.filtersPrivateLink) ? balancer.filtersPrivateLink : !isMay;
  const noun = context.network.interfaces.find(({ id }) => id === balancer.interface);
  if (!asks || !noun?.filtered) return PacketSet.ALL;
  const rules = context.network.securityGroups
    .filter(({ id }) => noun.securityGroups.includes(id))
    .flatMap(({ ingress }) => ingress)
    .filter(({ certain }) => certain || isMay);
  return PacketSet.unionAll(rules.map((rule) => packetsOfRule(rule, isMay, context)));
}

function packetsOfRule({ traffic, peer }: SecurityGroupRule, isMay: boolean, context: VerdictContext): PacketSet {
  const entries =
    peer.kind === 'cidr'
      ? [peer.cidr]
      : peer.kind === 'prefix-list'
        ? (context.network.prefixLists.find(({ id }) => id === peer.id)?.entries ?? [])
        : [];
  const isOpen = peer.kind === 'unknown' || !isKnown(traffic) || !entries.every(isKnown);
  if (isOpen && isMay) return PacketSet.ALL;
  if (!isKnown(traffic)) return PacketSet.EMPTY;
  return PacketSet.of({
    sources: AddressSet.of(...entries.filter(isKnown)),
    ...(traffic.protocol === 'all' ? {} : { protocols: [traffic.protocol] }),
    ...(traffic.ports ? { destinationPorts: [traffic.ports] } : {}),
  });
}
