/**
 * A channel that is delivered through a load balancer (behind PrivateLink, or reached directly) before any workload is
 * registered: the way in to the listener and the way on to a would-be target are judged apart, and both must hold.
 */
import { AddressSet, PacketSet, type Prefix, parsePrefix } from '../base/net';
import {
  type Approximation,
  type End,
  isKnown,
  isUnknown,
  type LoadBalancer,
  type NetworkModel,
  type ResourceId,
  type SecurityGroupRule,
  type TargetGroup,
} from '../evidence/network';
import type { Binding } from './binding';
import type { MemberReach } from './member-reach';
import { nounsOf } from './nouns';
import type { Party } from './place';

export interface FrontDoor {
  readonly loadBalancer: LoadBalancer;
  /** what an initiator addresses: the endpoint's interface, or the balancer's own */
  readonly entry: End;
  readonly endpoint?: ResourceId;
}

/** The ways into every zone through a balancer; found once, asked by every channel. */
export class FrontDoors {
  private readonly byZone: ReadonlyMap<string, readonly FrontDoor[]>;
  private readonly admitted = new Map<string, PacketSet>();

  constructor(
    private readonly network: NetworkModel,
    binding: Binding,
  ) {
    const balancers = new Map<string, LoadBalancer[]>();
    for (const balancer of network.loadBalancers) {
      // nobody addresses one that only inspects
      if (balancer.type === 'gateway') continue;
      const zones = (binding.interfaces.get(balancer.interface) ?? []).map(({ zone }) => zone);
      for (const zone of new Set(zones)) balancers.set(zone, [...(balancers.get(zone) ?? []), balancer]);
    }
    this.byZone = new Map([...balancers].map(([zone, own]) => [zone, frontDoorsOf(own, network)]));
  }

  of(zone: string): readonly FrontDoor[] {
    return this.byZone.get(zone) ?? [];
  }

  /** The packets of `wanted` that get from the sender to a listener, and whose target port gets on to the receiver. */
  through(door: FrontDoor, sender: Party, receiver: Party, wanted: PacketSet, reach: MemberReach): PacketSet {
    const sent = PacketSet.unionAll(reach.between(sender, door.entry).map((one) => one.sent)).intersect(wanted);
    if (sent.isEmpty()) return sent;
    const entering = door.endpoint === undefined ? sent : sent.intersect(this.admittedBy(door, reach.approximation));
    return entering.isEmpty() ? entering : onward(door, entering, receiver, reach, this.network);
  }

  /** What stops all of `wanted` at the balancer behind an endpoint, in the words of a blocker. */
  faults({ loadBalancer }: FrontDoor, wanted: PacketSet): string[] {
    const { id, listeners } = loadBalancer;
    const heard = PacketSet.unionAll(
      listeners.map(({ protocols, ports }) =>
        PacketSet.of({ protocols, ...(isKnown(ports) ? { destinationPorts: [ports] } : {}) }),
      ),
    );
    if (wanted.intersect(heard).isEmpty()) return [`${id} (listener, forward): no listener for this protocol and port`];
    const admitted = admittedBy(loadBalancer, 'may', this.network);
    if (!wanted.intersect(admitted).isEmpty()) return [];
    return [`${id} (security-group, forward): no ingress rule of its security groups admits it through PrivateLink`];
  }

  private admittedBy({ loadBalancer }: FrontDoor, approximation: Approximation): PacketSet {
    const key = `${approximation} ${loadBalancer.id}`;
    const known = this.admitted.get(key) ?? admittedBy(loadBalancer, approximation, this.network);
    this.admitted.set(key, known);
    return known;
  }
}

/** The balancers, each with the endpoints that lead to it and itself. */
function frontDoorsOf(balancers: readonly LoadBalancer[], network: NetworkModel): FrontDoor[] {
  const doors: FrontDoor[] = [];
  const { servicesBefore, endpointsTo } = nounsOf(network);
  for (const loadBalancer of balancers) {
    doors.push({ loadBalancer, entry: { kind: 'interface', id: loadBalancer.interface } });
    for (const service of servicesBefore.get(loadBalancer.id) ?? []) {
      for (const endpoint of endpointsTo.get(service.id) ?? []) {
        doors.push({ loadBalancer, entry: { kind: 'interface', id: endpoint.interface }, endpoint: endpoint.id });
      }
    }
  }
  return doors;
}

function onward(
  door: FrontDoor,
  entering: PacketSet,
  receiver: Party,
  reach: MemberReach,
  network: NetworkModel,
): PacketSet {
  let delivered = PacketSet.EMPTY;
  for (const listener of door.loadBalancer.listeners) {
    if (!listener.certain || isUnknown(listener.ports)) continue;
    const heard = entering.intersect(
      PacketSet.of({ protocols: listener.protocols, destinationPorts: [listener.ports] }),
    );
    if (heard.isEmpty()) continue;
    const { targetGroups } = nounsOf(network);
    const groups = listener.targetGroups.flatMap((id) => targetGroups.get(id) ?? []);
    const works = groups.some((group) => {
      const destinationPorts = portsBehind(group, receiver.end).map((port) => ({ from: port, to: port }));
      if (destinationPorts.length === 0) return false;
      const passedOn = PacketSet.of({ protocols: group.protocols, destinationPorts });
      const end: End = { kind: 'interface', id: door.loadBalancer.interface };
      const balancer: Party = { end, place: receiver.place, potential: false };
      return reach.between(balancer, receiver.end).some(({ received }) => !received.intersect(passedOn).isEmpty());
    });
    if (works) delivered = delivered.union(heard);
  }
  return delivered;
}

/**
 * On which ports a target of the group listens: each registration has a port of its own, as that of an ECS service has the
 * container's; the group's is for those that name none, and for whatever would be registered in an empty group.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html
 */
export function portsBehind({ targets, port }: TargetGroup, end: End | undefined): readonly number[] {
  const own = targets.filter(({ to }) => to.kind === 'interface' && end?.kind === 'interface' && to.id === end.id);
  const registered = (own.length > 0 ? own : targets).map((target) => target.port ?? port);
  return [...new Set((registered.length > 0 ? registered : [port]).filter(isKnown))];
}

/**
 * What a balancer's groups admit of what comes through PrivateLink: the client's own address is asked, unless the
 * balancer is told not to ask (SEMANTICS 31).
 */
function admittedBy(balancer: LoadBalancer, approximation: Approximation, network: NetworkModel): PacketSet {
  const isMay = approximation === 'may';
  const asks = isKnown(balancer.filtersPrivateLink) ? balancer.filtersPrivateLink : !isMay;
  const { interfaces, securityGroups } = nounsOf(network);
  const noun = interfaces.get(balancer.interface);
  if (!asks || !noun?.filtered) return PacketSet.ALL;
  const rules = noun.securityGroups
    .flatMap((id) => securityGroups.get(id)?.ingress ?? [])
    .filter(({ certain }) => certain || isMay);
  return packetsOfRules(rules, isMay, network);
}

/** What the managed prefix lists of VPC Lattice hold, at least. */
const LATTICE: readonly Prefix[] = ['169.254.171.0/24', '129.224.0.0/17', 'fd00:ec2:80::/64'].map(parsePrefix);

/** What rules admit by address; a group is no address. */
export function packetsOfRules(rules: readonly SecurityGroupRule[], isMay: boolean, network: NetworkModel): PacketSet {
  return PacketSet.unionAll(
    rules.filter(({ certain }) => certain || isMay).map((rule) => packetsOfRule(rule, isMay, network)),
  );
}

function packetsOfRule({ traffic, peer }: SecurityGroupRule, isMay: boolean, network: NetworkModel): PacketSet {
  const list = peer.kind === 'prefix-list' ? nounsOf(network).prefixLists.get(peer.id) : undefined;
  const entries =
    peer.kind === 'cidr' ? [peer.cidr] : list?.service?.includes('lattice') ? LATTICE : (list?.entries ?? []);
  const isListed = peer.kind !== 'prefix-list' || entries.length > 0;
  const isOpen = peer.kind === 'unknown' || !isListed || !isKnown(traffic) || !entries.every(isKnown);
  if (isOpen && isMay) return PacketSet.ALL;
  if (!isKnown(traffic)) return PacketSet.EMPTY;
  return PacketSet.of({
    sources: AddressSet.of(...entries.filter(isKnown)),
    ...(traffic.protocol === 'all' ? {} : { protocols: [traffic.protocol] }),
    ...(traffic.ports ? { destinationPorts: [traffic.ports] } : {}),
  });
}
