/**
 * Certificates -> checked: claims of what nobody receives, each with the invariants that show it. Imports `base`,
 * `network` and `forwarding`; never `reachability`, whose word it does not take.
 */
export { type CheckResult, checkCertificates } from './check';
export { Claims, entryOf } from './claims';
export { type Certificates, CertificatesShape, type Claim, sealOf } from './format';
