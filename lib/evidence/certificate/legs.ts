/**
 * The rules that join legs: where the packets of an end enter the network, who receives what arrives somewhere, and what
 * new packets NAT gateways, balancers, endpoints and appliances make of it (SEMANTICS 19, 21, 31, 32). Over-approximated.
 */
import { AddressSet, ICMP, PacketSet, type PortRange, type Prefix, TCP, UDP } from '../../base/net';
import {
  ANY_GATEWAY,
  ForwardingGraph,
  FROM_CHOSEN_PORTS,
  INTERNET,
  type Location,
  type Path,
  type Terminal,
} from '../forwarding';
import { type End, isUnknown, type LoadBalancer, type NetworkModel, type ResourceId, type Value } from '../network';
import type { LegOrigin } from './certificate';
import { Parties, type Party } from './parties';

export interface LegHead {
  readonly origin: LegOrigin;
  readonly intended?: ResourceId;
}

/** Packets that a leg puts on the network. */
export interface Entry extends LegHead {
  readonly location: Location;
  readonly packets: PacketSet;
}

const TRANSLATABLE = PacketSet.of({ protocols: [TCP, UDP, ICMP], destinations: AddressSet.ALL_IPV4 });

export class LegRules {
  readonly graph: ForwardingGraph;
  readonly parties: Parties;
  private readonly receivers = new WeakMap<readonly End[], Map<string, readonly End[]>>();

  constructor(network: NetworkModel) {
    this.graph = new ForwardingGraph(network, 'may');
    this.parties = new Parties(this.graph);
  }

  /** Where the packets of an end enter; undefined: the network has no such end. */
  entries(from: End, sent: PacketSet): Entry[] | undefined {
    const { entrances } = this.graph;
    const at = (locations: readonly Location[], packets: PacketSet) =>
      locations.map((location): Entry => ({ origin: from, location, packets }));
    if (from.kind === 'aws-service' || !this.knows(from)) return undefined;
    if (from.kind === 'site') return at(entrances.siteEntrances(from.id), sent);
    if (from.kind === 'external') return at(entrances.externalEntrances(from.id), sent);
    if (from.kind === 'internet') {
      return at(entrances.internetEntrances('forward'), sent.intersect(ownOf(INTERNET)));
    }
    const party = this.parties.of(from);
    // It sends only from its own addresses, unless its source check is, or may be, off (SEMANTICS 9).
    const isFree = party?.noun !== undefined && party.noun.sourceDestCheck !== true;
    return party && this.leaving({ origin: from }, party, isFree ? sent : sent.intersect(ownOf(party.addresses)));
  }

  /** Whether a claim about it would say anything. */
  knows(end: End): boolean {
    const { index } = this.graph;
    if (end.kind === 'aws-service') {
      const service = index.vpcEndpoints.get(end.endpoint ?? '')?.service;
      return service?.kind === 'aws' && service.name === end.name;
    }
    if (end.kind === 'site' || end.kind === 'external') {
      const id = end.id.replace(/#unknown-target$/, '');
      return [index.vpnConnections, index.vpnGateways, index.attachments, index.transitGateways, index.vpcs].some(
        (nouns) => nouns.has(id) || index.vpcEndpoints.has(id),
      );
    }
    return end.kind === 'internet' || this.parties.of(end) !== undefined;
  }

  private leaving(head: LegHead, party: Party, packets: PacketSet): Entry[] {
    const out = packets.intersect(this.parties.mayLeave(party));
    return party.subnets.map(({ id }) => ({ ...head, location: { kind: 'leaving', subnet: id }, packets: out }));
  }

  /** Those of a list of ends that may receive anything at a place; the others need not be asked. */
  candidates(ends: readonly End[], at: Terminal): readonly End[] {
    let byPlace = this.receivers.get(ends);
    if (!byPlace) {
      byPlace = new Map();
      this.receivers.set(ends, byPlace);
      for (const end of ends) {
        for (const place of this.placesOf(end)) byPlace.set(place, [...(byPlace.get(place) ?? []), end]);
      }
    }
    return byPlace.get(placeOf(at)) ?? [];
  }

  private placesOf(end: End): string[] {
    if (end.kind === 'internet') return ['internet'];
    const id = end.kind === 'aws-service' ? end.endpoint : end.id;
    const subnets = this.parties.of(this.doorOf(end) ?? end)?.subnets ?? [];
    return [`site ${id}`, `external ${id}`, `gateway-endpoint ${id}`, ...subnets.map((one) => `delivered ${one.id}`)];
  }

  /** The interface of an endpoint that stands for an end outside. */
  private doorOf(end: End): End | undefined {
    const endpoint = end.kind === 'external' ? end.id : end.kind === 'aws-service' ? end.endpoint : undefined;
    const id = endpoint === undefined ? undefined : this.graph.index.vpcEndpoints.get(endpoint)?.interface;
    return id === undefined ? undefined : { kind: 'interface', id };
  }

  /** Of the packets at a place where a leg ends, those that `to` may receive. */
  received(leg: LegHead, at: Terminal, packets: PacketSet, to: End): PacketSet {
    if (at.kind === 'delivered') {
      const party = this.parties.of(this.doorOf(to) ?? to);
      const isHere = party?.subnets.some(({ id }) => id === at.subnet);
      if (!party || !isHere || (leg.intended !== undefined && leg.intended !== party.noun?.id)) return PacketSet.EMPTY;
      return this.admitted(leg, party, at.path, packets);
    }
    const isThere =
      to.kind === 'internet' || to.kind === 'site' || to.kind === 'external'
        ? at.kind === to.kind && (to.kind === 'internet' || ('id' in at && at.id === to.id))
        : at.kind === 'gateway-endpoint' && to.kind === 'aws-service' && at.id === to.endpoint;
    if (!isThere) return PacketSet.EMPTY;
    return this.letOut(leg, undefined, 'gateway', at.kind === 'internet' ? this.toInternet(leg, at, packets) : packets);
  }

  private sender({ origin }: LegHead): Party | undefined {
    if (origin.kind === 'preserving') return this.parties.of({ kind: 'interface', id: origin.id });
    return origin.kind === 'nat' ? undefined : this.parties.of(origin);
  }

  private letOut(leg: LegHead, to: Party | undefined, path: Path, packets: PacketSet): PacketSet {
    const sender = this.sender(leg);
    return sender ? packets.intersect(this.parties.admits(sender, 'egress', to, path)) : packets;
  }

  private admitted(leg: LegHead, party: Party, path: Path, packets: PacketSet): PacketSet {
    const addressed = packets.intersect(PacketSet.of({ destinations: party.addresses }));
    const carried = leg.origin.kind === 'internet' ? this.parties.publicPart(party, addressed) : addressed;
    const sent = this.letOut(leg, party, path, this.listenedFor(party, carried));
    return sent.intersect(this.parties.admits(party, 'ingress', this.sender(leg), path));
  }

  /** Only what has a public address is carried to the internet, and only by its own VPC's gateway. */
  private toInternet(leg: LegHead, at: Extract<Terminal, { kind: 'internet' }>, packets: PacketSet): PacketSet {
    if (at.gateway === ANY_GATEWAY) return packets;
    const { origin } = leg;
    const serves = (vpcs: ReadonlySet<ResourceId>) => this.graph.entrances.servesInternet(at.gateway, vpcs);
    if (origin.kind === 'nat') {
      const nat = this.graph.index.natGateways.get(origin.id);
      const vpc = this.graph.index.subnets.get(nat?.subnet ?? '')?.vpc ?? '';
      return nat?.connectivity !== 'private' && serves(new Set([vpc])) ? packets : PacketSet.EMPTY;
    }
    const party = origin.kind === 'preserving' ? undefined : this.parties.of(origin);
    return party && serves(party.vpcs) ? this.parties.publicPart(party, packets) : PacketSet.EMPTY;
  }

  /** A load balancer answers only on its listeners. */
  private listenedFor(party: Party, packets: PacketSet): PacketSet {
    const balancer = party.noun && this.graph.index.balancerOf(party.noun.id);
    if (!balancer || balancer.type === 'gateway') return packets;
    return packets.intersect(PacketSet.unionAll(balancer.listeners.map(heardBy)));
  }

  /** The packets that something makes of what has arrived where a leg ends. */
  onward(leg: LegHead, at: Terminal, packets: PacketSet): Entry[] {
    if (at.kind === 'nat') return this.translated(leg, at.id, packets);
    if (at.kind === 'forwarder') return this.forwarded(leg, at.id, packets);
    if (at.kind !== 'delivered') return [];
    return this.graph.index.interfacesIn(at.subnet).flatMap(({ id }) => {
      const endpoint = this.graph.index.endpointOf(id);
      const balancer = this.graph.index.balancerOf(id);
      if (endpoint?.service.kind !== 'private' && balancer?.type !== 'network') return [];
      // What sends to itself is not its own client.
      if (leg.origin.kind === 'interface' && leg.origin.id === id) return [];
      const received = this.received(leg, at, packets, { kind: 'interface', id });
      if (received.isEmpty()) return [];
      if (balancer?.type === 'network') return this.balanced(balancer, received, false);
      return endpoint?.service.kind === 'private' ? this.enterService(endpoint.service.id, received) : [];
    });
  }

  private translated(leg: LegHead, id: ResourceId, packets: PacketSet): Entry[] {
    const subnet = this.graph.index.subnets.get(this.graph.index.natGateways.get(id)?.subnet ?? '');
    if (!subnet) return [];
    const taken = this.letOut(leg, undefined, 'local', packets.intersect(TRANSLATABLE));
    const own = this.graph.addressesOf(subnet).intersect(AddressSet.ALL_IPV4);
    const location: Location = { kind: 'leaving', subnet: subnet.id };
    return [{ origin: { kind: 'nat', id }, location, packets: from(own, taken).intersect(FROM_CHOSEN_PORTS) }];
  }

  /** An appliance may pass on what it gets, as it is or from its own address. */
  private forwarded(leg: LegHead, id: ResourceId, packets: PacketSet): Entry[] {
    const party = this.parties.of({ kind: 'interface', id });
    if (!party || party.noun?.sourceDestCheck === true) return [];
    const sent = this.letOut(leg, undefined, 'local', packets);
    const admitted = sent.intersect(this.parties.admits(party, 'ingress', this.sender(leg), 'local'));
    const masked: LegHead = { origin: { kind: 'interface', id } };
    return [
      ...this.leaving({ origin: leg.origin }, party, admitted),
      ...this.leaving(masked, party, from(party.addresses, admitted)),
    ];
  }

  /** An endpoint leads to the network load balancers of its service, which see their own address (SEMANTICS 31). */
  private enterService(id: ResourceId, packets: PacketSet): Entry[] {
    const balancers = this.graph.index.endpointServices.get(id)?.loadBalancers ?? [];
    return balancers.flatMap((one) => {
      const balancer = this.graph.index.loadBalancers.get(one);
      const party = balancer && this.parties.of({ kind: 'interface', id: balancer.interface });
      if (!party || balancer?.type !== 'network') return [];
      const guard = this.parties.admits(party, 'ingress', undefined, 'gateway');
      const admitted = balancer.filtersPrivateLink === true ? packets.intersect(guard) : packets;
      return this.balanced(balancer, this.listenedFor(party, admitted), true);
    });
  }

  /** To each target on its port, from the balancer's own address or the client's (SEMANTICS 32); from any of its nodes. */
  private balanced(balancer: LoadBalancer, packets: PacketSet, throughPrivateLink: boolean): Entry[] {
    const { interface: id, listeners } = balancer;
    const party = this.parties.of({ kind: 'interface', id });
    if (!party) return [];
    const own: LegHead = { origin: { kind: 'interface', id } };
    const kept: LegHead = { origin: { kind: 'preserving', id } };
    const send = (intended: ResourceId | undefined, onward: PacketSet, preserves: Value<boolean>) => [
      ...(preserves === true
        ? []
        : this.leaving({ ...own, intended }, party, from(party.addresses, onward).intersect(FROM_CHOSEN_PORTS))),
      ...(preserves === false ? [] : this.leaving({ ...kept, intended }, party, onward)),
    ];
    return listeners.flatMap((listener) => {
      const heard = packets.intersect(heardBy(listener)).withAnyDestination().withAnyDestinationPort();
      if (heard.isEmpty()) return [];
      const preserved = throughPrivateLink ? false : undefined;
      const open = { unknown: true, reason: '', parameters: [] } as const;
      const anywhere = () => send(undefined, heard, preserved ?? open);
      const groups = listener.targetGroups.flatMap((group) => this.graph.index.targetGroups.get(group) ?? []);
      const toGroups = groups.flatMap(({ targets, unknownTargets, port, preserveClientIp }) => [
        ...targets.flatMap((target) => {
          const intended = target.to.kind === 'interface' ? target.to.id : undefined;
          const destinations =
            target.to.kind === 'interface' ? this.addressesOf(target.to.id) : rangeOf(target.to.cidr);
          const there = PacketSet.of({ destinations, destinationPorts: portsOf(target.port ?? port) });
          return send(intended, heard.intersect(there), preserved ?? preserveClientIp);
        }),
        ...(unknownTargets ? anywhere() : []),
      ]);
      return listener.unknownTargets ? [...toGroups, ...anywhere()] : toGroups;
    });
  }

  private addressesOf(id: ResourceId): AddressSet {
    return this.parties.of({ kind: 'interface', id })?.addresses ?? AddressSet.EMPTY;
  }
}

function placeOf(at: Terminal): string {
  if (at.kind === 'internet') return at.kind;
  return `${at.kind} ${at.kind === 'delivered' ? at.subnet : at.id}`;
}

function heardBy({ protocols, ports }: LoadBalancer['listeners'][number]): PacketSet {
  return PacketSet.of({ protocols, destinationPorts: isUnknown(ports) ? undefined : [ports] });
}

function portsOf(port: Value<number>): PortRange[] | undefined {
  return isUnknown(port) ? undefined : [{ from: port, to: port }];
}

function rangeOf(cidr: Value<Prefix>): AddressSet {
  return isUnknown(cidr) ? AddressSet.ALL : AddressSet.of(cidr);
}

function ownOf(sources: AddressSet): PacketSet {
  return PacketSet.of({ sources });
}

/** The same packets from one of the given addresses and any port. */
function from(sources: AddressSet, packets: PacketSet): PacketSet {
  return packets.withAnySource().withAnySourcePort().intersect(ownOf(sources));
}
