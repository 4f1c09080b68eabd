/**
 * Hops into a VPC, and out of what nobody knows, which may lead into any.
 */
import { PacketSet } from '../../base/net';
import type { ResourceId } from '../network';
import { ANY_GATEWAY, type Sink, type Uses } from './hop';
import type { Path } from './location';
import { NAT64_ADDRESSES } from './nat64';
import { INTERNET } from './special-addresses';
import type { SubnetFilters } from './subnet-filters';

const PERHAPS_TO_INTERNET = PacketSet.of({ destinations: INTERNET.union(NAT64_ADDRESSES) });

export class BeyondHops {
  constructor(private readonly filters: SubnetFilters) {}

  private get index() {
    return this.filters.index;
  }

  /** Delivery asks the destination subnet's ACL, and the source's was asked before; a route table is not asked. */
  deliver(vpc: ResourceId, from: ResourceId | undefined, path: Path, packets: PacketSet, uses: Uses, send: Sink): void {
    for (const subnet of this.index.subnetsOf(vpc)) {
      const part = packets.intersect(this.filters.packetsTo(subnet));
      if (part.isEmpty() || !this.filters.counts(subnet, uses)) continue;
      const passed = subnet.id === from ? part : this.filters.pass(this.filters.aclOf(subnet, 'ingress'), part, uses);
      send({ kind: 'delivered', subnet: subnet.id, path }, passed);
    }
  }

  /** A NAT gateway that no template shows may be what nobody knows. */
  toInternet(packets: PacketSet, send: Sink): void {
    send({ kind: 'internet', gateway: ANY_GATEWAY }, packets.intersect(PERHAPS_TO_INTERNET));
  }

  /**
   * To every subnet, to the internet and to every site; and, if it was a transit gateway after all, to what sends on from an
   * address of its own, by the tables of the subnets that the gateway lets packets out in.
   */
  spread(packets: PacketSet, uses: Uses, send: Sink): void {
    this.toInternet(packets, send);
    for (const site of this.index.sites) send({ kind: 'site', id: site }, packets);
    for (const vpc of this.index.vpcs.keys()) this.deliver(vpc, undefined, 'unknown', packets, uses, send);
    for (const door of this.index.doors) {
      const subnet = this.index.subnets.get(door);
      if (!subnet) continue;
      // What comes out in the receiver's own subnet meets no ACL of it.
      send({ kind: 'delivered', subnet: door, path: 'unknown' }, packets.intersect(this.filters.packetsTo(subnet)));
      if (this.index.translates(subnet.vpc)) send({ kind: 'door', subnet: door }, packets);
    }
  }
}
