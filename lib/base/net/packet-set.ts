import type { Address, Family } from './address';
import type { AddressSet } from './address-set';
import type { PortRange } from './port-range';

/** Absent = all. For icmp and icmpv6 the destination port stands for the type and the source port for the code. */
export interface PacketPattern {
  readonly sources?: AddressSet;
  readonly destinations?: AddressSet;
  readonly protocols?: readonly (number | PortRange)[];
  readonly sourcePorts?: readonly PortRange[];
  readonly destinationPorts?: readonly PortRange[];
}

/** One packet of a set: addresses, protocol, ports. */
export interface PacketSample {
  readonly protocol: number;
  readonly source: Address;
  readonly sourcePort: number;
  readonly destination: Address;
  readonly destinationPort: number;
}

/** What a set looks like to a reader: for each protocol, the destination ports in it, addresses aside. */
export interface ChannelSummary {
  readonly family: Family;
  readonly protocol: number;
  readonly destinationPorts: readonly PortRange[];
}

/** A set of packets, exact and canonical: source and destination address, protocol, source and destination port. */
export declare class PacketSet {
  static readonly EMPTY: PacketSet;
  static readonly ALL: PacketSet;
  static of(pattern: PacketPattern): PacketSet;
  union(other: PacketSet): PacketSet;
  intersect(other: PacketSet): PacketSet;
  subtract(other: PacketSet): PacketSet;
  isSubsetOf(other: PacketSet): boolean;
  equals(other: PacketSet): boolean;
  isEmpty(): boolean;
  /** one packet: prefers ports and addresses a reader expects (lowest address, source port from 1024 up) */
  sample(): PacketSample | undefined;
  sources(): AddressSet;
  destinations(): AddressSet;
  /** the same packets with any source (or destination) address */
  withAnySource(): PacketSet;
  withAnyDestination(): PacketSet;
  withAnySourcePort(): PacketSet;
  withAnyDestinationPort(): PacketSet;
  /** source and destination changed places, ports too: what a reply looks like */
  reversed(): PacketSet;
  /** destination ports by family and protocol, sorted */
  channels(): ChannelSummary[];
}
