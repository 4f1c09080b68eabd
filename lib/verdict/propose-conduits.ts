/** What may flow and nobody declared, as conduits, as far as the zone language has words for it. */
import { PacketSet } from '../base/net';
import { OVER_INTERNET } from '../evidence/reachability';
import { assetFlows } from './asset-flows';
import type { Uncovered, VerdictContext } from './context';
import { showChannels } from './counterexample';
import { crossing } from './crossing';
import { uncoveredBetween } from './isolation';
import { INTERNET, isDeclaredName, type Place, showEnd } from './place';
import { wordingOf } from './propose-channels';
import { type Draft, freshName, type ProposedConduit, type ProposedZone } from './propose-draft';
import { labelsOf } from './propose-names';
import type { Claim } from './result';

export function openBetween(from: string, to: string, context: VerdictContext): PacketSet {
  return PacketSet.unionAll(uncoveredBetween(from, to, context).map(({ packets }) => packets));
}

/** The draft with a conduit for everything that is open in the context, which knows none yet. */
export function withOpenings(draft: Draft, context: VerdictContext): Draft {
  const conduits: ProposedConduit[] = [];
  const services = new Map<string, Set<string>>();
  const taken = new Set<string>();
  const label = labelsOf(draft.zones);
  for (const { from, to } of context.flows.pairs()) {
    if (to.startsWith('aws:')) {
      if (isDeclaredName(from)) services.set(from, (services.get(from) ?? new Set()).add(to.slice('aws:'.length)));
      continue;
    }
    if (!isSayable(from) || !isSayable(to)) continue;
    for (const opening of openingsBetween(from, to, context)) {
      const { words, unsaid } = wordingOf(PacketSet.unionAll(opening.found.map(({ packets }) => packets)));
      if (words.length === 0) continue;
      const name = freshName(`${label(opening.from)}-to-${label(opening.to)}`, taken);
      taken.add(name);
      const notes = notesOf(opening.found, unsaid);
      const used = [from, to].every((zone) => isPeopled(zone, context)) ? usedIn(opening.found) : words;
      conduits.push({ name, from: opening.from, to: opening.to, allow: words, used, notes });
    }
  }
  const zones = draft.zones.map((zone) => ({ ...zone, awsServices: [...(services.get(zone.name) ?? [])].sort() }));
  return withoutIdlePartners({ ...draft, zones: withNotes(withServed(zones, conduits), conduits), conduits });
}

/** Of a zone in which nothing stands yet, all that is open is for what will. */
function isPeopled(zone: string, context: VerdictContext): boolean {
  return !context.isInAws(zone) || context.interfacesOf(zone).some(([id]) => context.isWorkload(id));
}

/** What is open between things that are there, and on a way of their own. */
function usedIn(found: readonly Uncovered[]): readonly string[] {
  const real = found.filter(
    ({ flow }) => !flow.from.potential && !flow.to.potential && !flow.reach.via.includes(OVER_INTERNET),
  );
  return wordingOf(PacketSet.unionAll(real.map(({ packets }) => packets))).words;
}

/**
 * The draft without words that work for nobody who is there: to declare them would promise what does not hold. What they
 * name stays open, and is told as that.
 */
export function withoutEmptyPromises(draft: Draft, violated: readonly Claim[]): Draft {
  const broken = new Set(violated.filter(({ kind }) => kind === 'service').map(({ id }) => id));
  const conduits = draft.conduits.flatMap((conduit): ProposedConduit[] => {
    const isPromise = (word: string) => broken.has(`service/${conduit.name}/${word}`) && !conduit.used.includes(word);
    const allow = conduit.allow.filter((word) => !isPromise(word));
    return allow.length > 0 ? [{ ...conduit, allow }] : [];
  });
  return { ...draft, conduits };
}

function isSayable(zone: string): boolean {
  return zone === INTERNET || isDeclaredName(zone);
}

/** What one conduit would open. */
interface Opening {
  readonly from: string;
  readonly to: string;
  readonly found: readonly Uncovered[];
}

/** Between assets as far as the zones have them; what only other groups open is open to the zones as wholes. */
function openingsBetween(from: string, to: string, context: VerdictContext): Opening[] {
  const everything = uncoveredBetween(from, to, context);
  if (!hasAssets(from, context) && !hasAssets(to, context)) return from === to ? [] : [{ from, to, found: everything }];
  const precise = new Map<string, Opening & { readonly found: Uncovered[] }>();
  for (const one of from === to ? everything : ofMembers(from, to, context)) {
    const ends = { from: showOf(one.flow.from.place, context), to: showOf(one.flow.to.place, context) };
    if (ends.from === undefined || ends.to === undefined) continue;
    const key = `${ends.from}\n${ends.to}`;
    const known = precise.get(key) ?? { from: ends.from, to: ends.to, found: [] };
    known.found.push(one);
    precise.set(key, known);
  }
  const openings = [...precise.values()];
  if (from === to) return openings;
  const said = PacketSet.unionAll(openings.flatMap(({ found }) => found.map(({ packets }) => packets)))
    .withAnySource()
    .withAnyDestination()
    .withAnySourcePort();
  const rest = everything.flatMap(({ flow, packets }): Uncovered[] => {
    const left = packets.subtract(said);
    return left.isEmpty() ? [] : [{ flow, packets: left }];
  });
  return rest.length === 0 ? openings : [...openings, { from, to, found: rest }];
}

function hasAssets(zone: string, context: VerdictContext): boolean {
  return (context.zones.get(zone)?.assets.length ?? 0) > 0;
}

function ofMembers(from: string, to: string, context: VerdictContext): Uncovered[] {
  return assetFlows(context.flows.between(from, to), context).map((flow) => ({
    flow,
    packets: crossing(flow, context),
  }));
}

/** `zone/asset`; the zone where it has no assets; undefined where nobody can tell which asset it is. */
function showOf(place: Place, context: VerdictContext): string | undefined {
  if (!hasAssets(place.zone, context)) return place.zone;
  return place.asset ? `${place.zone}/${place.asset}` : undefined;
}

function notesOf(uncovered: readonly Uncovered[], unsaid: readonly string[]): string[] {
  const isPotential = ({ flow }: Uncovered) => Number(flow.from.potential || flow.to.potential);
  const found = [...uncovered].sort((a, b) => isPotential(a) - isPotential(b));
  const shown = found.slice(0, 2).map(({ flow, packets }) => {
    const via = flow.reach.via.length > 0 ? ` via ${flow.reach.via.join(', ')}` : '';
    return `found: ${showEnd(flow.from.end)} may send ${showChannels(packets)} to ${showEnd(flow.to.end)}${via}`;
  });
  const left = found.length - shown.length;
  const more = left > 0 ? [`and ${left} more ${left === 1 ? 'way' : 'ways'} between the two`] : [];
  const rest = unsaid.length > 0 ? [`also open, and no conduit can name it: ${unsaid.join(', ')}`] : [];
  return [...shown, ...more, ...rest];
}

function zoneOf(end: string): string {
  return end.split('/')[0] ?? end;
}

function withServed(zones: readonly ProposedZone[], conduits: readonly ProposedConduit[]): ProposedZone[] {
  return zones.map((zone) => ({
    ...zone,
    assets: zone.assets.map((asset) => {
      const into = conduits.filter(({ to }) => to === `${zone.name}/${asset.name}` || to === zone.name);
      return { ...asset, serves: [...new Set(into.flatMap(({ allow }) => allow))] };
    }),
  }));
}

function withNotes(zones: readonly ProposedZone[], conduits: readonly ProposedConduit[]): ProposedZone[] {
  const reached = new Set(conduits.filter(({ from }) => from === INTERNET).map(({ to }) => zoneOf(to)));
  const calling = new Set(conduits.filter(({ to }) => to === INTERNET).map(({ from }) => zoneOf(from)));
  return zones.map((zone) => {
    const notes = [...zone.notes];
    if (reached.has(zone.name)) {
      notes.push('a gate? the internet reaches it: if it holds patient data, it must say why, with `gate: <why>`');
    } else if (calling.has(zone.name)) {
      notes.push('a gate? it calls the internet: if it holds patient data, that takes `gate: <why>`, or closing');
    }
    return { ...zone, notes };
  });
}

/** A partner to whom only that is open which is open to the whole internet needs no zone. */
function withoutIdlePartners(draft: Draft): Draft {
  const { conduits } = draft;
  const isOpenToAll = (one: ProposedConduit, partner: string) => {
    const [from, to] = [one.from, one.to].map((end) => (end === partner ? INTERNET : end));
    const same = conduits.filter((other) => other.from === from && other.to === to).flatMap(({ allow }) => allow);
    return one.allow.every((word) => same.includes(word));
  };
  const isIdle = ({ name, at }: ProposedZone) =>
    at.kind === 'outside' && conduits.every((one) => (one.from !== name && one.to !== name) || isOpenToAll(one, name));
  const idle = new Set(draft.zones.filter(isIdle).map(({ name }) => name));
  return {
    ...draft,
    zones: draft.zones.filter(({ name }) => !idle.has(name)),
    conduits: conduits.filter(({ from, to }) => !idle.has(from) && !idle.has(to)),
  };
}
