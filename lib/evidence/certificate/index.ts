/**
 * Certificates -> checked: claims that no packet of a set gets from one end to another, each with an invariant that shows
 * it. Imports `base`, `network` and `forwarding`; never `reachability`, whose word it does not take.
 */
export {
  type Certificate,
  type CertificateClaim,
  type CertificateLeg,
  type Certificates,
  hashNetwork,
  type LegOrigin,
  type Sha256,
  sealOf,
} from './certificate';
export { type CheckResult, checkCertificate, checkCertificates, legKey } from './check';
export { type Entry, type LegHead, LegRules } from './check-legs';
export { answerEntries, isHome } from './check-replies';
export { formatPackets, parsePackets } from './packet-text';
