/**
 * Whether certificates show what their names say. A certificate speaks of ends and packets, and its names are only labels:
 * with the zone file at hand, each claim is stated anew from the binding and the conduits, and must be shown in full.
 */
import type { PacketSet } from '../base/net';
import type { Certificates, CheckResult } from '../evidence/certificate';
import { type End, endKey } from '../evidence/network';
import type { WantedClaim, WantedPlace } from '../evidence/reachability/certify';
import { type CertifiableClaim, certifiable } from './certifiable';
import type { VerdictContext } from './context';
import { undeclaredBridges } from './undeclared-bridges';

type Proved = NonNullable<CheckResult['proved']>;

/** Of the claims named, why each that is not shown is not; sorted. */
export function notShown(context: VerdictContext, ends: readonly End[], proved: Proved): string[] {
  const ids = [...new Set(proved.claims.map(({ id }) => id))];
  const wanted = certifiable(context, ends, ids.map(claimOf));
  const stated = new Set(wanted.claims.map(({ id }) => id));
  const problems = ids.flatMap((id) =>
    stated.has(id) ? [] : `${id}: the estate makes no claim of that name that certificates can show`,
  );
  const shown = new Map<string, Proved['claims']>();
  for (const claim of proved.claims) shown.set(keyOf(claim), [...(shown.get(keyOf(claim)) ?? []), claim]);
  for (const claim of wanted.claims) {
    const found = shown.get(keyOf(claim)) ?? [];
    const isShown =
      claim.kind === 'isolation'
        ? found.some((one) => one.kind === 'isolation' && claim.forbidden.isSubsetOf(proved.packets(one.forbidden)))
        : claim.from.every((from) => found.some((one) => one.kind === 'never' && one.from.includes(from)));
    if (!isShown) problems.push(`${claim.id}: it is not shown in full`);
    for (const name of namesIn(claim)) {
      const place = wanted.places.get(name);
      if (!place || !isSame(place, proved.places[name], proved)) {
        problems.push(`${claim.id}: ${name} is not what the estate binds to that name`);
      }
    }
  }
  for (const claim of ids.map(claimOf)) problems.push(...leftOpen(claim, context).map((why) => `${claim.id}: ${why}`));
  return [...new Set(problems)].sort();
}

/** What certificates do not speak of, and what leaves a claim open all the same: what nobody understands, and bridges. */
function leftOpen({ kind, from = '', to = '' }: CertifiableClaim, context: VerdictContext): string[] {
  if (kind !== 'isolation') return [];
  const bridged = from === '*' ? [] : undeclaredBridges(from, to, context).map(({ because }) => because);
  return [...context.doubts.about(from === '*' ? [to] : [from, to]), ...bridged];
}

function claimOf(id: string): CertifiableClaim {
  const [, from, named] = /^isolation\/([^/]+)\/([^/]+)$/.exec(id) ?? [];
  const kind = id.startsWith('never/') ? 'never' : 'isolation';
  return { id, kind, verdict: 'proved', from, to: named === 'within' ? from : named };
}

/** What a claim says, but for its packets, and for who never reaches: that may be said of each apart. */
function keyOf(claim: WantedClaim | Proved['claims'][number]): string {
  if (claim.kind === 'isolation') {
    const from = typeof claim.from === 'string' ? claim.from : { allBut: [...claim.from.allBut].sort() };
    return JSON.stringify([claim.kind, claim.id, from, claim.to]);
  }
  const isEverywhere = 'isDirect' in claim ? claim.isDirect : claim.stops === 'everywhere';
  const stops = isEverywhere ? 'everywhere' : [...claim.stops].sort();
  return JSON.stringify([claim.kind, claim.id, [...claim.to].sort(), stops]);
}

function namesIn({ kind, from, to }: WantedClaim): readonly string[] {
  if (kind === 'never') return [...from, ...to];
  return [to, ...(typeof from === 'string' ? [from] : from.allBut)];
}

function isSame(wanted: WantedPlace, found: Certificates['places'][string] | undefined, proved: Proved): boolean {
  if (!found || found.kind !== wanted.kind || !equal(found.hosts ?? [], wanted.hosts ?? [])) return false;
  if (!(found.vacant ?? []).every((id) => wanted.vacant?.includes(id))) return false;
  const senders = new Map(
    found.senders.flatMap((number) => {
      const sender = proved.senders[number];
      return sender ? [[endKey(sender.from), sender.sent] as const] : [];
    }),
  );
  const receivers = new Map(
    found.receivers.flatMap(([number, there]) => {
      const end = proved.ends[number];
      return end ? [[endKey(end), there] as const] : [];
    }),
  );
  // It may show more than it must: whatever is sent, or received, is in the sets of the certificate.
  const covers = (set: number | undefined, packets: PacketSet | undefined) =>
    set === undefined || packets?.isSubsetOf(proved.packets(set)) === true;
  return (
    wanted.senders.every(({ end, sent }) => senders.has(endKey(end)) && covers(senders.get(endKey(end)), sent)) &&
    wanted.receivers.every(({ end, there }) => receivers.has(endKey(end)) && covers(receivers.get(endKey(end)), there))
  );
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && [...a].sort().every((name, at) => name === [...b].sort()[at]);
}
