/**
 * Addresses, ports, protocols and packets as sets with one algebra, IPv4 and IPv6. Imports nothing of ours.
 * The ladder: words ← addresses ← packets. Every set has `union intersect subtract isSubsetOf equals isEmpty sample`.
 */
export * from './address';
export * from './address-set';
export * from './packet-set';
export * from './port-range';
export * from './protocol';
