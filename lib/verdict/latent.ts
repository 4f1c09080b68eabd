/**
 * Latent paths: what is one edit away. Nothing undeclared flows between two zones as far as anything is understood, and only
 * one thing makes it so: a missing public address, a missing route, an association, one rule.
 *
 * Each kind of edit is made everywhere at once, each for itself uncertain, and everything that may then flow is worked out
 * as for any other network: cost follows what would be allowed. What turns up undeclared is only a suspicion, since it may
 * take two edits. So one of the edits on its way is made for certain, alone, and one packet is replayed; it is listed only
 * if it arrives.
 *
 * Where a conduit joins two zones, rules are what separates the rest of them, and one more rule always lets more pass:
 * that is no news, and is left out. So are zones that only groups tell apart.
 */
import { isRuleEdit, LIFTS } from '../evidence/edits';
import { endKey } from '../evidence/network';
import type { Uncovered, VerdictContext } from './context';
import { candidates, showPacket } from './counterexample';
import { type Opening, Openings } from './openings';
import { type Claim, type LatentPath, placeOf } from './result';
import { type Suspect, Suspicion } from './suspects';

/** Pairs of zones that are followed up for each kind of edit, and those that are listed. */
const PAIRS_FOLLOWED = 400;
const PAIRS_LISTED = 100;
/** Flows of a pair that are followed up. */
const FLOWS_FOLLOWED = 12;

export interface Latent {
  readonly paths: readonly LatentPath[];
  readonly warnings: readonly string[];
}

export function findLatent(context: VerdictContext, claims: readonly Claim[]): Latent {
  const suspicion = new Suspicion(context, claims);
  const paths: LatentPath[] = [];
  const warnings: string[] = [];
  for (const liftOf of LIFTS) {
    const lift = liftOf(suspicion.network);
    if (!lift) continue;
    const suspects = suspicion.suspects(lift);
    if (suspects.length === 0) continue;
    const { found, rest } = followAll(suspects, new Openings(lift, context.network), context);
    paths.push(...found);
    if (rest > 0) warnings.push(`${rest} more pairs of zones may be one edit (${lift.kind}) from each other`);
  }
  return { paths: paths.sort(compare), warnings };
}

function followAll(suspects: readonly Suspect[], openings: Openings, context: VerdictContext) {
  const found: LatentPath[] = [];
  for (const [at, suspect] of suspects.entries()) {
    if (at >= PAIRS_FOLLOWED || found.length >= PAIRS_LISTED) return { found, rest: suspects.length - at };
    const path = follow(suspect, openings, context);
    if (path) found.push(path);
  }
  return { found, rest: 0 };
}

function follow({ from, to, uncovered }: Suspect, openings: Openings, context: VerdictContext): LatentPath | undefined {
  const found = declaredFirst(uncovered)
    .slice(0, FLOWS_FOLLOWED)
    .flatMap((one) => openingOf(one, openings) ?? []);
  const [first] = found;
  if (!first) return undefined;
  const { kind, resource, what } = first.edit;
  const zones = [to, from].flatMap((name) => {
    const zone = context.zones.get(name);
    return zone ? [{ zone: name, ...placeOf(zone.source) }] : [];
  });
  const { file, line, column } = zones[0] ?? placeOf(context.model.source);
  return {
    from,
    to,
    level: isRuleEdit(kind) ? 'note' : 'warning',
    says: `${from} reaches ${to}, which nothing declares, as soon as ${resource} gets ${what}`,
    edit: { resource, kind, what },
    also: [...new Set(found.map(({ edit }) => edit.resource))].filter((id) => id !== resource).sort(),
    flow: showPacket(first.flow.packet),
    hops: first.trace.forward.hops,
    source: { file, line, column },
    zones,
  };
}

/** An edit that lets one of the uncovered packets pass. */
function openingOf({ flow, packets }: Uncovered, openings: Openings): Opening | undefined {
  for (const candidate of candidates(flow, packets)) {
    const opening = openings.find(candidate);
    if (opening && packets.has(opening.trace.arrived ?? candidate.packet)) return opening;
  }
  return undefined;
}

/** What exists today before what may be launched some day. */
function declaredFirst(uncovered: readonly Uncovered[]): Uncovered[] {
  const rank = ({ flow }: Uncovered) => Number(flow.from.potential) + Number(flow.to.potential);
  const name = ({ flow }: Uncovered) => `${endKey(flow.from.end)} ${endKey(flow.to.end)}`;
  return [...uncovered].sort((a, b) => rank(a) - rank(b) || compareText(name(a), name(b)));
}

function compare(a: LatentPath, b: LatentPath): number {
  const key = ({ level, from, to, edit }: LatentPath) =>
    [level === 'warning' ? 0 : 1, from, to, edit.kind, edit.resource, edit.what].join('\n');
  return compareText(key(a), key(b));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
