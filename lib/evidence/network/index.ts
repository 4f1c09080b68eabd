/**
 * NetworkModel: plain AWS nouns, with what is not known written down. Imports `base` only.
 */
export * from './address-index';
export * from './beyond-packets';
export * from './existence';
export * from './firewall';
export * from './flow';
export * from './gateway';
export * from './load-balancer';
export * from './network-hash';
export * from './network-model';
export * from './noun';
export * from './policy-statement';
export * from './security-group';
export * from './transit-gateway';
export * from './value';
export * from './vpc';
