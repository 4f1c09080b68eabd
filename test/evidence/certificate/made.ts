/** Certificates for tests: of everything that one end, or every end, does not reach. */
import { createHash } from 'node:crypto';
import { PacketSet } from '../../../lib/base/net';
import { type Certificates, type CheckResult, checkCertificates, sealOf } from '../../../lib/evidence/certificate';
import { type End, endKey, type NetworkModel } from '../../../lib/evidence/network';
import { ReachabilityEngine } from '../../../lib/evidence/reachability';
import { type Certified, certify, type Wanted } from '../../../lib/evidence/reachability/certify';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export const everything = PacketSet.ALL;

/** What a stranger gets: read back from its bytes. */
export const asRead = (file: Certificates): Certificates => JSON.parse(JSON.stringify(file));

export const check = (file: unknown, network: NetworkModel): CheckResult => checkCertificates(file, network, sha256);

/** As a forger would: the seal fits what it now says. */
export const resealed = (file: Certificates): Certificates => ({ ...file, seal: sealOf(file, sha256) });

export const claimOf = (from: End, to: End) => `${endKey(from)} never reaches ${endKey(to)}`;

export function wantAll(network: NetworkModel): Wanted[] {
  const ends = new ReachabilityEngine(network, 'may').ends();
  return ends.map((from) => ({
    from,
    claims: ends.map((to) => ({ id: claimOf(from, to), to: [to], forbidden: everything })),
  }));
}

export function never(network: NetworkModel, from: End, to: End, forbidden = everything): Certified {
  return certify(network, [{ from, claims: [{ id: claimOf(from, to), to: [to], forbidden }] }], sha256);
}

/** By claim, what the engine says that may be received. */
export function engineSays(network: NetworkModel): Map<string, PacketSet> {
  const engine = new ReachabilityEngine(network, 'may');
  const received = new Map<string, PacketSet>();
  for (const from of engine.ends()) {
    for (const reach of engine.reachFrom(from).reaches) {
      const id = claimOf(from, reach.to);
      received.set(id, (received.get(id) ?? PacketSet.EMPTY).union(reach.received));
    }
  }
  return received;
}
