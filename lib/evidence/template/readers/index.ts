/**
 * Readers: resources with their intrinsics resolved -> NetworkModel, one reader per AWS noun. Defaults that AWS applies
 * are written out, references are ids of nouns, and what is not understood is there as unknown. Imports `base`,
 * `network` and the resources it reads; no files, no CDK.
 */
export { buildNetwork } from './build-network';
export { MODELLED, WITHOUT_EFFECT } from './modelled';
export { resourcesNamed } from './property';
