/**
 * Addresses, ports, protocols and packets as sets with one algebra, IPv4 and IPv6. Imports nothing of ours.
 * The ladder: interval diagrams ← addresses ← packets. Every set has
 * `union intersect subtract isSubsetOf equals isEmpty sample`, `EMPTY` and `ALL`.
 */
export * from './address';
export { AddressSet } from './address-set';
export { type ChannelSummary, type PacketPattern, type PacketSample, PacketSet } from './packet-set';
export { PacketTable, parsePacketTable } from './packet-table';
export { formatPackets } from './packet-text';
export * from './port-range';
export * from './protocol';
