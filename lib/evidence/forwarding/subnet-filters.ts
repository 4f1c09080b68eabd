/**
 * Subnets: their addresses, and what their network ACLs let in and out.
 */
import { AddressSet, isHostPrefix, PacketSet } from '../../base/net';
import {
  type Approximation,
  isKnown,
  isUnknown,
  mayNotExist,
  type Origin,
  type ResourceId,
  type Subnet,
  type Value,
} from '../network';
import { EVERYTHING, type Filter, filterOfAcl, NOTHING } from './filter';
import { type Uses, why } from './hop';
import type { NetworkIndex } from './network-index';
import { openAddresses } from './special-addresses';

export class SubnetFilters {
  private readonly acls = { ingress: new Map<ResourceId, Filter>(), egress: new Map<ResourceId, Filter>() };
  private readonly subnetAddresses = new Map<ResourceId, AddressSet>();
  private readonly freeAddresses = new Map<ResourceId, AddressSet>();
  private readonly subnetPackets = new Map<ResourceId, PacketSet>();

  constructor(
    readonly index: NetworkIndex,
    readonly approximation: Approximation,
  ) {}

  get may(): boolean {
    return this.approximation === 'may';
  }

  /** The addresses of a subnet; what is not known is the VPC's ranges, or anything, in `may`, and nothing in `must`. */
  addressesOf(subnet: Subnet): AddressSet {
    let addresses = this.subnetAddresses.get(subnet.id);
    if (!addresses) {
      addresses = this.rangesOf(subnet);
      this.subnetAddresses.set(subnet.id, addresses);
    }
    return addresses;
  }

  /**
   * Those that AWS may pick for whoever is given none: no address that somebody who stands there is given. In `must`, nor one
   * that somebody is given who may stand there.
   */
  freeIn(subnet: Subnet): AddressSet {
    let free = this.freeAddresses.get(subnet.id);
    if (!free) {
      const given = this.index
        .interfacesIn(subnet.id)
        .flatMap(({ certain, addresses }) =>
          certain || !this.may ? addresses.filter(isKnown).filter(isHostPrefix) : [],
        );
      free = this.addressesOf(subnet).subtract(AddressSet.ofAll(given));
      this.freeAddresses.set(subnet.id, free);
    }
    return free;
  }

  private rangesOf(subnet: Subnet): AddressSet {
    const known = AddressSet.ofAll(subnet.cidrs.flatMap((cidr) => (isUnknown(cidr) ? [] : [cidr])));
    const open = openAddresses(subnet.cidrs);
    if (open.isEmpty() || !this.may) return known;
    const ranges = this.index.vpcs.get(subnet.vpc)?.cidrs ?? [];
    const around = openAddresses(ranges).union(
      AddressSet.ofAll(ranges.flatMap((one) => (isUnknown(one) ? [] : [one]))),
    );
    const possible = around.intersect(open);
    return known.union(subnet.external ? possible : possible.subtract(this.takenBeside(subnet)));
  }

  /** Subnets of one VPC do not overlap; one that no template shows may be any that one shows. */
  private takenBeside(subnet: Subnet): AddressSet {
    const others = this.index
      .subnetsOf(subnet.vpc)
      .filter(({ id, certain, external }) => id !== subnet.id && certain && !external);
    return AddressSet.ofAll(others.flatMap(({ cidrs }) => cidrs.flatMap((cidr) => (isUnknown(cidr) ? [] : [cidr]))));
  }

  /** Packets addressed into a subnet. */
  packetsTo(subnet: Subnet): PacketSet {
    let packets = this.subnetPackets.get(subnet.id);
    if (!packets) {
      packets = PacketSet.of({ destinations: this.addressesOf(subnet) });
      this.subnetPackets.set(subnet.id, packets);
    }
    return packets;
  }

  /** What stays inside a subnet, and what leaves it. Where its range is not known, what may stay may also leave. */
  split(subnet: Subnet, packets: PacketSet): { readonly own: PacketSet; readonly leaving: PacketSet } {
    const own = packets.intersect(this.packetsTo(subnet));
    const open = PacketSet.of({ destinations: openAddresses(subnet.cidrs) });
    return { own, leaving: packets.subtract(own.subtract(open)) };
  }

  aclOf(subnet: Subnet, direction: 'ingress' | 'egress'): Filter {
    const id = subnet.networkAcl;
    if (isUnknown(id)) return this.unknownFilter(subnet.id, id);
    const acls = this.acls[direction];
    let filter = acls.get(id);
    if (!filter) {
      const acl = this.index.networkAcls.get(id);
      if (!acl || acl.external) {
        filter = this.unknownFilter(id, { reason: `no template shows network ACL \`${id}\``, parameters: [] });
      } else {
        filter = filterOfAcl(acl, direction, this.approximation);
      }
      acls.set(id, filter);
    }
    return filter;
  }

  private unknownFilter(resource: ResourceId, open: { reason: string; parameters: readonly string[] }): Filter {
    if (!this.may) return NOTHING;
    return { passes: PacketSet.ALL, doubts: [{ packets: PacketSet.ALL, use: { resource, ...why(open) } }] };
  }

  pass(filter: Filter, packets: PacketSet, uses: Uses): PacketSet {
    if (filter === EVERYTHING) return packets;
    const passed = packets.intersect(filter.passes);
    if (filter.doubts.length > 0 && !passed.isEmpty()) uses.addWhere(filter.doubts, passed);
    return passed;
  }

  passAcl(subnet: ResourceId, direction: 'ingress' | 'egress', packets: PacketSet, uses: Uses): PacketSet {
    const noun = this.index.subnets.get(subnet);
    return noun ? this.pass(this.aclOf(noun, direction), packets, uses) : PacketSet.EMPTY;
  }

  /** Whether a noun counts: one that may not exist does in `may`, and is named, and does not in `must`. */
  counts(
    noun: { readonly id: ResourceId; readonly certain: boolean; readonly origin: Origin } | undefined,
    uses: Uses,
  ): boolean {
    if (!noun) return false;
    if (noun.certain) return true;
    if (this.may) uses.add({ resource: noun.id, ...mayNotExist('it', noun.origin) });
    return this.may;
  }

  /** Whether two subnets are in one availability zone; what is not known may be. */
  sameZone(a: Subnet, b: Subnet): boolean {
    return a.id === b.id || this.isOneZone(a.availabilityZone, b.availabilityZone);
  }

  isOneZone(one: Value<string>, other: Value<string>): boolean {
    if (isUnknown(one) || isUnknown(other)) {
      // One parameter in both places is one zone, whatever its value.
      const isOne = isUnknown(one) && isUnknown(other) && one.token !== undefined && one.token === other.token;
      return isOne || this.may;
    }
    if (one === other) return true;
    // A zone by name, one by its index in GetAZs and one by its id may be the same.
    return this.may && formOf(one) !== formOf(other);
  }
}

/** Whether a zone is given by its index, such as `GetAZs(eu-west-2)[0]`, its id (`euw2-az1`) or its name (`eu-west-2a`). */
function formOf(zone: string): 'index' | 'id' | 'name' {
  if (zone.includes('[')) return 'index';
  return /-az\d+$/.test(zone) ? 'id' : 'name';
}
