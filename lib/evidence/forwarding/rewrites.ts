/**
 * What makes new packets of what reaches it, over-approximated: NAT gateways, appliances, network load balancers, and the
 * endpoints that lead to them (SEMANTICS 9, 21, 31, 32). Where a leg ends, the next one begins with what is made here.
 * For the checker of certificates; the engine has its own.
 */
import { AddressSet, ICMP, PacketSet, TCP, UDP } from '../../base/net';
import {
  type End,
  isUnknown,
  type LoadBalancer,
  type ResourceId,
  type Target,
  type TargetGroup,
  type Value,
} from '../network';
import type { ForwardingGraph } from './forwarding-graph';
import { NO_USES } from './hop';
import type { InterfaceGates } from './interface-gates';
import type { Location } from './location';
import { asIpv4 } from './nat64';
import type { Origin } from './origin';
import { calledAt, type Party } from './party';
import type { PartyBook } from './party-book';
import { FROM_CHOSEN_PORTS } from './special-addresses';

export interface Rewrite {
  /** who sends the new packets; absent: whoever sent the old ones */
  readonly origin?: Origin;
  /** the one interface that they are for, whoever else has the address; absent: as before */
  readonly target?: ResourceId | 'anyone';
  readonly at: readonly Location[];
  readonly make: (packets: PacketSet) => PacketSet;
}

/** What an interface does with what it has received. `hears`: balancers behind an endpoint, and what of it they take. */
export interface Passage {
  readonly hears: readonly { readonly end: End; readonly takes: PacketSet }[];
  readonly rewrites: readonly Rewrite[];
}

const IPV4 = PacketSet.of({ destinations: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ destinations: AddressSet.ALL_IPV6 });
const TRANSLATABLE = PacketSet.of({ protocols: [TCP, UDP, ICMP], destinations: AddressSet.ALL_IPV4 });

export class Rewrites {
  private readonly passages = new Map<ResourceId, Passage | undefined>();

  constructor(
    private readonly graph: ForwardingGraph,
    private readonly book: PartyBook,
    private readonly gates: InterfaceGates,
  ) {}

  /** Same destination, its own address and any port as source. */
  ofNat(id: ResourceId): Rewrite[] {
    const nat = this.graph.index.natGateways.get(id);
    const subnet = this.graph.index.subnets.get(nat?.subnet ?? '');
    if (!nat || !subnet) return [];
    const own = this.graph.addressesOf(subnet).intersect(AddressSet.ALL_IPV4);
    const make = (packets: PacketSet) => renamed(own, packets.intersect(TRANSLATABLE).union(asIpv4(packets)));
    return [{ origin: { kind: 'nat', nat, subnet }, at: [{ kind: 'leaving', subnet: subnet.id }], make }];
  }

  /** An appliance may pass on what it takes, as it is or from its own address. */
  ofAppliance(party: Party): Rewrite[] {
    const at = placesOf(party);
    const out = this.gates.mayLeave(party);
    return [
      { at, make: (packets) => packets.intersect(out) },
      {
        origin: { kind: 'party', party },
        at,
        make: (packets) => unsigned(packets).intersect(party.from).intersect(out),
      },
    ];
  }

  /** Undefined where an interface keeps what it receives. */
  ofInterface(id: ResourceId): Passage | undefined {
    if (!this.passages.has(id)) this.passages.set(id, this.passageThrough(id));
    return this.passages.get(id);
  }

  private passageThrough(id: ResourceId): Passage | undefined {
    const { index } = this.graph;
    const balancer = index.balancerOf(id);
    if (balancer?.type === 'network') {
      return { hears: [], rewrites: this.ofBalancer(balancer, PacketSet.ALL, false) };
    }
    const endpoint = index.endpointOf(id);
    const services = endpoint ? index.servicesOf(endpoint) : [];
    if (services.length === 0) return undefined;
    const balancers = services.flatMap((service) => index.endpointServices.get(service)?.loadBalancers ?? []);
    const called = [...new Set(balancers)].flatMap((one) => {
      const behind = index.loadBalancers.get(one);
      const party = behind && this.book.party({ kind: 'interface', id: behind.interface });
      return party && behind.type === 'network' ? [{ behind, party, takes: this.takenThroughLink(behind, party) }] : [];
    });
    return {
      hears: called.map(({ party, takes }) => ({ end: party.end, takes })),
      rewrites: called.flatMap(({ behind, takes }) => this.ofBalancer(behind, takes, true)),
    };
  }

  /** Whether its groups filter what comes through PrivateLink is a setting; they then see nobody's groups. */
  private takenThroughLink(balancer: LoadBalancer, party: Party): PacketSet {
    const outside: Origin = { kind: 'external', id: balancer.id };
    const isFiltered = balancer.filtersPrivateLink === true;
    const let_ = isFiltered ? this.gates.letIn(party, outside, 'gateway', PacketSet.ALL, NO_USES) : PacketSet.ALL;
    return this.gates.listenedFor(party, let_);
  }

  /** To each target on its port, from the balancer's own address or the client's; from any of its nodes. */
  private ofBalancer(balancer: LoadBalancer, takes: PacketSet, throughLink: boolean): Rewrite[] {
    const party = this.book.party({ kind: 'interface', id: balancer.interface });
    if (!party) return [];
    return balancer.listeners.flatMap((listener) => {
      const heard = takes.intersect(this.gates.heardBy(listener));
      const groups = listener.targetGroups.flatMap((id) => this.graph.index.targetGroups.get(id) ?? []);
      const toTargets = groups.flatMap((group) =>
        group.targets.flatMap((target) => {
          const destinationPorts = portOf(target.port ?? group.port);
          const there = PacketSet.of({ destinations: this.addressesOf(target, group), destinationPorts });
          const who = target.to.kind === 'interface' ? target.to.id : 'anyone';
          return this.sendOn(party, who, heard, there, throughLink ? false : group.preserveClientIp);
        }),
      );
      if (![listener, ...groups].some(({ unknownTargets }) => unknownTargets)) return toTargets;
      const open = { unknown: true, reason: 'nobody knows the target', parameters: [] } as const;
      return [...toTargets, ...this.sendOn(party, 'anyone', heard, PacketSet.ALL, throughLink ? false : open)];
    });
  }

  private sendOn(
    party: Party,
    target: ResourceId | 'anyone',
    heard: PacketSet,
    there: PacketSet,
    preserves: Value<boolean>,
  ): Rewrite[] {
    const at = placesOf(party);
    const out = there.intersect(this.gates.mayLeave(party));
    const asOwn = (packets: PacketSet) =>
      renamed(party.addresses, packets.intersect(heard).withAnyDestination().withAnyDestinationPort()).intersect(out);
    // Clients of one family it calls targets of the other for in its own name, whatever it keeps.
    const asOther = (packets: PacketSet) =>
      PacketSet.unionAll(
        [IPV4, IPV6].map((family) => {
          const calls = packets.intersect(heard).intersect(family).withAnyAddresses().withAnyDestinationPort();
          return renamed(party.addresses, calls).intersect(out).subtract(family);
        }),
      );
    const asClient = (packets: PacketSet) =>
      packets.intersect(heard).withAnyDestination().withAnyDestinationPort().intersect(out);
    const own = { origin: { kind: 'party', party } as const, target, at };
    const isDualStack = !party.addresses.intersect(AddressSet.ALL_IPV6).isEmpty();
    return [
      ...(preserves === true ? [] : [{ ...own, make: asOwn }]),
      ...(isDualStack ? [{ ...own, make: asOther }] : []),
      ...(preserves === false
        ? []
        : [{ origin: { kind: 'preserving-balancer', party } as const, target, at, make: asClient }]),
    ];
  }

  private addressesOf({ to }: Target, group: TargetGroup): AddressSet {
    if (to.kind === 'interface') {
      return (this.book.party(to)?.addresses ?? AddressSet.EMPTY).intersect(calledAt(group, true));
    }
    return isUnknown(to.cidr) ? AddressSet.ALL : AddressSet.of(to.cidr);
  }
}

function placesOf(party: Party): Location[] {
  return party.subnets.map(({ id }) => ({ kind: 'leaving', subnet: id }));
}

function portOf(port: Value<number>) {
  return isUnknown(port) ? undefined : [{ from: port, to: port }];
}

/** The same packets from whatever address and port. */
function unsigned(packets: PacketSet): PacketSet {
  return packets.withAnySource().withAnySourcePort();
}

/** The same packets from one of the given addresses, and any port that a translator takes. */
function renamed(sources: AddressSet, packets: PacketSet): PacketSet {
  return unsigned(packets).intersect(PacketSet.of({ sources })).intersect(FROM_CHOSEN_PORTS);
}
