/**
 * ForwardingGraph: what one hop does to a packet set. Addresses do not change along a leg, so a hop only filters and
 * fans out; translation happens between legs.
 */
import type { AddressSet, PacketSet } from '../../base/net';
import type { Approximation, NetworkModel, ResourceId, Subnet } from '../network';
import { BeyondHops } from './beyond-hops';
import { Entrances } from './entrances';
import type { Sessions, Sink, Uses } from './hop';
import { InspectionHops } from './inspection-hops';
import type { Location } from './location';
import { NetworkIndex } from './network-index';
import { SubnetFilters } from './subnet-filters';
import { TransitHops } from './transit-hops';
import { VpcHops } from './vpc-hops';

export class ForwardingGraph {
  readonly index: NetworkIndex;
  readonly entrances: Entrances;
  private readonly filters: SubnetFilters;
  private readonly inspection: InspectionHops;
  private readonly beyond: BeyondHops;
  private readonly transit: TransitHops;
  private readonly vpc: VpcHops;

  constructor(
    network: NetworkModel | NetworkIndex,
    readonly approximation: Approximation,
  ) {
    this.index = network instanceof NetworkIndex ? network : new NetworkIndex(network);
    this.filters = new SubnetFilters(this.index, approximation);
    this.entrances = new Entrances(this.filters);
    this.inspection = new InspectionHops(this.filters);
    this.beyond = new BeyondHops(this.filters);
    this.transit = new TransitHops(this.filters, this.inspection, this.beyond);
    this.vpc = new VpcHops(this.filters, this.inspection, this.transit, this.entrances, this.beyond);
  }

  /**
   * One hop from a location. Terminal locations have no next hop. `answering`: the sessions of the leg that these packets
   * are replies to; undefined where they start a conversation.
   */
  step(location: Location, packets: PacketSet, answering: Sessions | undefined, uses: Uses, sink: Sink): void {
    const send: Sink = (next, part) => {
      if (!part.isEmpty()) sink(next, part);
    };
    switch (location.kind) {
      case 'leaving':
        return this.vpc.leave(location.subnet, packets, uses, send);
      case 'routing':
        return this.vpc.route(location.subnet, location.path, packets, uses, send);
      case 'gateway-ingress':
        return this.vpc.enterThroughGateway(location, packets, uses, send);
      case 'peering-ingress':
        return this.beyond.deliver(
          location.vpc,
          undefined,
          location.hidden ? 'inspected' : 'peering',
          packets,
          uses,
          send,
        );
      case 'attachment':
        return this.transit.transit(location, packets, uses, send);
      case 'attachment-egress':
        return this.transit.leaveTransit(location, packets, answering, uses, send);
      case 'door': {
        const door = this.index.subnets.get(location.subnet);
        if (door) this.transit.leaveDoor(door, location.hidden, packets, uses, send);
        return;
      }
      case 'firewall':
        return this.inspection.inspect(location, packets, answering, uses, send);
      default:
        return;
    }
  }

  /** Whether a firewall stands here, which knows an answer from any other packet. */
  remembers(location: Location): boolean {
    if (location.kind !== 'attachment-egress') return location.kind === 'firewall';
    return this.index.attachments.get(location.id)?.attached.kind === 'firewall';
  }

  /** The addresses of a subnet. */
  addressesOf(subnet: Subnet): AddressSet {
    return this.filters.addressesOf(subnet);
  }

  /** Those of them that AWS may pick for whoever is given none. */
  freeIn(subnet: Subnet): AddressSet {
    return this.filters.freeIn(subnet);
  }

  /** What the network ACL of a subnet lets pass. */
  passAcl(subnet: ResourceId, direction: 'ingress' | 'egress', packets: PacketSet, uses: Uses): PacketSet {
    return this.filters.passAcl(subnet, direction, packets, uses);
  }

  /** Whether two subnets are in one availability zone; what is not known may be. */
  sameZone(a: Subnet, b: Subnet): boolean {
    return this.filters.sameZone(a, b);
  }

  /** The subnets through which a VPC attachment lets packets into its VPC; AWS picks one of them. */
  doorsOf(location: Location): Location[] {
    return this.transit.doorsOf(location);
  }

  /** Whether both directions of a flow certainly come out at the same door (appliance mode, SEMANTICS 26). */
  keepsFlows(location: Location): boolean {
    return location.kind === 'attachment-egress' && this.index.attachments.get(location.id)?.applianceMode === true;
  }
}
