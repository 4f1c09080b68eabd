/** Certificates for tests: of everything that one end, or every end, does not reach. */
import { createHash } from 'node:crypto';
import { PacketSet, PacketTable, parsePacketTable } from '../../../lib/base/net';
import { type Certificates, type CheckResult, checkCertificates, sealOf } from '../../../lib/evidence/certificate';
import { type End, endKey, type NetworkModel } from '../../../lib/evidence/network';
import { ReachabilityEngine, reachesOverInternet } from '../../../lib/evidence/reachability';
import { type Certified, certify, type Wanted, type WantedClaim } from '../../../lib/evidence/reachability/certify';

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export const everything = PacketSet.ALL;

/** What a stranger gets: read back from its bytes. */
export const asRead = (file: Certificates): Certificates => JSON.parse(JSON.stringify(file));

export const check = (file: unknown, network: NetworkModel): CheckResult => checkCertificates(file, network, sha256);

/** As a forger would: the seal fits what it now says. */
export const resealed = (file: Certificates): Certificates => ({ ...file, seal: sealOf(file, sha256) });

export const claimOf = (from: End, to: End) => `${endKey(from)} never reaches ${endKey(to)}`;

/** Every end a zone of its own. */
export function zonesOf(ends: readonly End[]): Wanted['places'] {
  return new Map(ends.map((end) => [endKey(end), { kind: 'zone', senders: [{ end }], receivers: [{ end }] }]));
}

export function isolation(from: End, to: End, forbidden = everything, id = claimOf(from, to)): WantedClaim {
  return { kind: 'isolation', id, from: endKey(from), to: endKey(to), forbidden };
}

export function wantAll(network: NetworkModel): Wanted {
  const ends = new ReachabilityEngine(network, 'may').ends();
  return { places: zonesOf(ends), claims: ends.flatMap((from) => ends.map((to) => isolation(from, to))) };
}

export function never(network: NetworkModel, from: End, to: End, forbidden = everything): Certified {
  return certify(network, { places: zonesOf([from, to]), claims: [isolation(from, to, forbidden)] }, sha256);
}

/** What a file proves, by the ids of its claims. */
export function provedBy(file: Certificates, network: NetworkModel): string[] {
  const { problems, proved } = check(asRead(file), network);
  if (problems.length > 0) throw new Error(problems[0]);
  return proved?.claims.map(({ id }) => id) ?? [];
}

/** By claim, what the engine says that may be received, over the internet and back as well. */
export function engineSays(network: NetworkModel, overInternet = true): Map<string, PacketSet> {
  const engine = new ReachabilityEngine(network, 'may');
  const received = new Map<string, PacketSet>();
  const fromInternet = engine.reachFrom({ kind: 'internet' }).reaches;
  for (const from of engine.ends()) {
    const { reaches } = engine.reachFrom(from);
    const around = overInternet ? reachesOverInternet(reaches, fromInternet, 'may', network) : [];
    for (const reach of [...reaches, ...around]) {
      const id = claimOf(from, reach.to);
      received.set(id, (received.get(id) ?? PacketSet.EMPTY).union(reach.received));
    }
  }
  return received;
}

/** The number of a set that is added to a file's table. */
export function addSet(file: Certificates, set: PacketSet): number {
  const table = new PacketTable();
  for (const known of parsePacketTable(file.sets)) table.numberOf(known);
  const number = table.numberOf(set);
  if (JSON.stringify(table.lines.slice(0, file.sets.length)) !== JSON.stringify(file.sets)) {
    throw new Error('a table that is read and written is the same table');
  }
  file.sets = table.lines;
  return number;
}
