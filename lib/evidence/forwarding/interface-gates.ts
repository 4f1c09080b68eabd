/**
 * The last step at either end of a leg: what the groups of both parties let pass, and what public addresses carry.
 */
import { AddressSet, PacketSet, TCP } from '../../base/net';
import {
  type Admission,
  isUnknown,
  type Listener,
  mayNotExist,
  type ResourceId,
  unknown,
  type Value,
} from '../network';
import { approximate, type Doubt, EVERYTHING, type Filter, packetsOf, use } from './filter';
import type { ForwardingGraph } from './forwarding-graph';
import { GroupFilters } from './group-filters';
import { ANY_GATEWAY, excepted, type Uses } from './hop';
import { isOverInternet, type Path } from './location';
import type { Origin } from './origin';
import { counts, type Party } from './party';
import { PRIVATE_IPV4 } from './special-addresses';

const NAT_OF_OTHERS = 'whether what a NAT gateway of an excluded subnet sends for others is carried is not documented';
const IPV4 = PacketSet.of({ destinations: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ destinations: AddressSet.ALL_IPV6 });

export class InterfaceGates {
  private readonly groups: GroupFilters;
  private readonly admissions = new Map<ResourceId, Filter>();

  constructor(protected readonly graph: ForwardingGraph) {
    this.groups = new GroupFilters(graph.index, graph.approximation);
  }

  protected get may(): boolean {
    return this.graph.approximation === 'may';
  }

  /** At most what a party's groups let out, to whomever. */
  mayLeave(party: Party): PacketSet {
    return this.groups.mayLeave(party).intersect(this.admitted(party).passes);
  }

  /** At most what a party begins. */
  mayBegin(party: Party): PacketSet {
    return this.mayLeave(party).intersect(this.calledBy(party));
  }

  /**
   * A balancer calls targets alone, now or later, and those have addresses of its VPC or private ones: "You can't specify
   * publicly routable IP addresses".
   * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html#target-type
   */
  private calledBy({ noun, vpcs }: Party): PacketSet {
    const { index } = this.graph;
    if (noun && (noun.answersOnly || index.endpointOf(noun.id))) return PacketSet.EMPTY;
    const balancer = noun && index.balancerOf(noun.id);
    const ranges = [...vpcs].flatMap((id) => index.vpcs.get(id)?.cidrs ?? []);
    if (!balancer || ranges.length === 0 || ranges.some(isUnknown)) return PacketSet.ALL;
    const own = AddressSet.ofAll(ranges.flatMap((range) => (isUnknown(range) ? [] : [range])));
    const destinations = PRIVATE_IPV4.union(own).union(AddressSet.ALL_IPV6);
    const called = PacketSet.of({ destinations });
    return balancer.asksProviders && this.may ? called.union(PacketSet.of({ protocols: [TCP] })) : called;
  }

  /** What a way in lets its clients send through it. */
  private admitted({ noun }: Party): Filter {
    if (noun?.admits === undefined) return EVERYTHING;
    let found = this.admissions.get(noun.id);
    if (!found) {
      const filters = noun.admits.map((admission) => this.filterOf(admission));
      found = {
        passes: PacketSet.unionAll(filters.map(({ passes }) => passes)),
        doubts: filters.flatMap(({ doubts }) => doubts),
      };
      this.admissions.set(noun.id, found);
    }
    return found;
  }

  private filterOf({ origin, certain, destination, traffic }: Admission): Filter {
    const { approximation } = this.graph;
    const inPlace = approximate(destination, approximation, (range) =>
      PacketSet.of({ destinations: AddressSet.of(range) }),
    );
    const packets = packetsOf(traffic);
    const doubt = (why: Parameters<typeof use>[1]): Doubt => ({ packets, use: use(origin.resource, why) });
    const doubts = isUnknown(destination)
      ? [doubt(destination)]
      : certain
        ? []
        : [doubt(mayNotExist('the rule', origin))];
    return { passes: certain || this.may ? inPlace.intersect(packets) : PacketSet.EMPTY, doubts };
  }

  /** A load balancer answers only on its listeners; a gateway load balancer takes what its endpoints bring, and nothing else. */
  listenedFor(party: Party, packets: PacketSet): PacketSet {
    const balancer = party.noun && this.graph.index.balancerOf(party.noun.id);
    if (!balancer) return packets;
    if (balancer.type === 'gateway') return PacketSet.EMPTY;
    return packets.intersect(PacketSet.unionAll(balancer.listeners.map((listener) => this.heardBy(listener))));
  }

  heardBy({ certain, protocols, ports }: Listener): PacketSet {
    if (!this.may && (!certain || isUnknown(ports))) return PacketSet.EMPTY;
    return PacketSet.of({ protocols, destinationPorts: isUnknown(ports) ? undefined : [ports] });
  }

  /** What the groups of the origin let out to a party, or to an end outside all groups. */
  letOut(origin: Origin, to: Party | undefined, path: Path, packets: PacketSet, uses: Uses): PacketSet {
    if (origin.kind !== 'party' && origin.kind !== 'preserving-balancer') return packets;
    const sent = origin.kind === 'party' ? pass(this.admitted(origin.party), packets, uses) : packets;
    return pass(this.groups.between(origin.party, 'egress', to, path), sent, uses);
  }

  /** What the groups of a party let in from an origin. */
  letIn(party: Party, from: Origin, path: Path, packets: PacketSet, uses: Uses): PacketSet {
    const isParty = from.kind === 'party' || from.kind === 'preserving-balancer';
    // Behind a balancer that keeps its client's address, only the balancer's own groups can be named (SEMANTICS 32).
    return pass(this.groups.between(party, 'ingress', isParty ? from.party : undefined, path), packets, uses);
  }

  /** Only what has a public address is carried to the internet (SEMANTICS 19); nothing enters by one gateway to leave by another. */
  toInternet(origin: Origin, gateway: ResourceId, packets: PacketSet, uses: Uses): PacketSet {
    if (gateway === ANY_GATEWAY) return packets;
    const shut = this.graph.index.internetGateways.get(gateway)?.shut;
    if (origin.kind === 'party') {
      if (shut && !shut.except) return PacketSet.EMPTY;
      const isOwn = this.graph.entrances.servesInternet(gateway, origin.party.vpcs);
      const open = excepted(shut, packets, 'sources');
      return isOwn ? this.publicPart(asSender(origin.party), open, uses) : PacketSet.EMPTY;
    }
    if (origin.kind !== 'nat' || !this.graph.entrances.servesInternet(gateway, new Set([origin.subnet.vpc])))
      return PacketSet.EMPTY;
    const { connectivity, id } = origin.nat;
    if (shut?.except) {
      uses.add({ resource: shut.by, reason: NAT_OF_OTHERS, parameters: [] });
      if (!this.may) return PacketSet.EMPTY;
    }
    if (!isUnknown(connectivity)) return connectivity === 'public' ? packets : PacketSet.EMPTY;
    uses.add({ resource: id, reason: connectivity.reason, parameters: connectivity.parameters });
    return this.may ? packets : PacketSet.EMPTY;
  }

  /**
   * Of what arrives at a party, what internet gateways may have brought it (SEMANTICS 19): from the internet itself, or over
   * the internet from one of our own, in the name of whoever owns the address.
   */
  broughtIn(origin: Origin, party: Party, path: Path, packets: PacketSet, uses: Uses): PacketSet {
    const isOver = isOverInternet(path);
    if (origin.kind === 'internet') return isOver ? PacketSet.EMPTY : this.publicPart(party, packets, uses);
    if (!isOver) return packets;
    if ((origin.kind !== 'party' && origin.kind !== 'preserving-balancer') || path.endsWith('answer')) {
      return PacketSet.EMPTY;
    }
    return this.publicPart(party, this.may ? packets : this.publicPart(origin.party, packets, uses), uses);
  }

  /** The packets that a party's public addresses can take part in. */
  publicPart(party: Party, packets: PacketSet, uses: Uses): PacketSet {
    const part = (value: Value<boolean>, family: PacketSet) => {
      if (!counts(value, this.graph.approximation)) return PacketSet.EMPTY;
      const found = packets.intersect(family);
      if (isUnknown(value) && !found.isEmpty()) {
        uses.add({ resource: idOf(party), reason: value.reason, parameters: value.parameters });
      }
      return found;
    };
    return part(party.publicIpv4, IPV4).union(part(party.publicIpv6, IPV6));
  }
}

function pass(filter: Filter, packets: PacketSet, uses: Uses): PacketSet {
  const passed = packets.intersect(filter.passes);
  if (filter.doubts.length > 0 && !passed.isEmpty()) uses.addWhere(filter.doubts, passed);
  return passed;
}

/** What refuses all that internet gateways bring may send by them: nothing says. */
function asSender(party: Party): Party {
  if (party.publicIpv6 !== false || party.noun === undefined || party.noun.ipv6 === false) return party;
  return { ...party, publicIpv6: unknown('whether what refuses internet gateways sends by them is not documented') };
}

function idOf(party: Party): ResourceId {
  return party.noun?.id ?? party.subnets[0]?.id ?? '';
}
