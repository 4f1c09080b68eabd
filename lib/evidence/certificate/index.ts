/**
 * Certificates -> checked: claims that no packet of a set gets from one end to another, each with an invariant that shows
 * it. Imports `base`, `network` and `forwarding`; never `reachability`, whose word it does not take.
 */

export { type Answering, answerEntries, isAnswering, isHome } from './answers';
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
export { type Entry, type LegHead, LegRules } from './legs';
export { formatPackets, type KnownChannels, parsePackets } from './packet-text';
