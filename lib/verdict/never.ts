/**
 * Never: the obligations, direct and through pivots. A walk that passes a gate does not count; nothing else excuses one.
 */
import { type Obligation, selectedZones, type ZoneSelector } from '../intent/zones';
import { bridgedWays } from './bridged-ways';
import type { VerdictContext } from './context';
import { waysUnknown } from './isolation';
import type { Edge, PivotGraph, WalkOptions } from './pivots';
import { INTERNET } from './place';
import { type Claim, type Counterexample, type Leg, placeOf } from './result';

export function verifyObligations(context: VerdictContext, pivots: PivotGraph): Claim[] {
  return context.model.obligations.map((obligation) => verifyObligation(obligation, context, pivots));
}

interface Offence {
  readonly walk: readonly Edge[];
  readonly certain: boolean;
}

function verifyObligation(obligation: Obligation, context: VerdictContext, pivots: PivotGraph): Claim {
  const froms = select(obligation.from, context);
  const tos = select(obligation.to, context);
  const gates = gatesOf(obligation, context);
  const offences: Offence[] = [];
  const options = { gates, direct: obligation.through === 'direct' };
  const meant = new Set(tos.filter((to) => !gates.has(to)));
  for (const from of froms) {
    if (gates.has(from)) continue;
    // A walk is told where there is one; that there is none is seen for all zones at once.
    if (!options.direct && !pivots.reachable(from, gates).some((zone) => meant.has(zone))) continue;
    const walks = pivots.walksFrom(from, options);
    for (const to of tos) {
      const walk = from === to || gates.has(to) ? undefined : walks.get(to)?.();
      if (walk) offences.push(offenceOf(from, to, walk, options, pivots));
    }
  }
  const through = obligation.through === 'direct' ? 'directly' : 'directly or by hopping through other hosts';
  const except = gates.size > 0 ? `, except through ${[...gates].sort().join(', ')}` : '';
  const base = {
    id: `never/${obligation.id}`,
    kind: 'never' as const,
    from: sayMany(froms),
    to: sayMany(tos),
    says: `${sayMany(froms)} never reach${froms.length === 1 ? 'es' : ''} ${sayMany(tos)}, ${through}${except}`,
    source: placeOf(obligation.source),
  };
  if (offences.length === 0) return { ...base, ...unrefuted(froms, tos, obligation, gates, context, pivots) };
  return { ...base, ...refuted(offences, pivots) };
}

function offenceOf(from: string, to: string, walk: readonly Edge[], options: WalkOptions, pivots: PivotGraph): Offence {
  if (walk.every((edge) => pivots.judgeEdge(edge).kind === 'certain')) return { walk, certain: true };
  const certain = pivots.certainWalk(from, to, options);
  return certain ? { walk: certain, certain: true } : { walk, certain: false };
}

/** A standing obligation may be passed through any zone that declares itself a gate and says why. */
export function gatesOf(obligation: Obligation, context: VerdictContext): Set<string> {
  const gates = new Set(obligation.except);
  if (obligation.origin === 'standing') {
    for (const zone of context.model.zones) if (zone.gate) gates.add(zone.name);
  }
  return gates;
}

/** Nothing offends, as far as is understood: what is not may still, at either end or anywhere on the way. */
function unrefuted(
  froms: readonly string[],
  tos: readonly string[],
  obligation: Obligation,
  gates: ReadonlySet<string>,
  context: VerdictContext,
  pivots: PivotGraph,
) {
  const beyond = obligation.through === 'direct' ? [] : pivots.reachableFromAny(froms, gates);
  const starts = [...new Set([...froms, ...beyond])].filter((zone) => !gates.has(zone) || froms.includes(zone));
  const losing = starts.filter((from) => context.flows.toNowhereKnown(from).length > 0);
  const ways = losing.flatMap((from) => tos.flatMap((to) => (from === to ? [] : waysUnknown(from, to, context))));
  const direct = obligation.through === 'direct';
  const meant = tos.filter((to) => !gates.has(to));
  const bridged = froms
    .filter((from) => !gates.has(from))
    .flatMap((from) => bridgedWays(from, meant, { gates, direct }, context, pivots));
  const doubts = [...new Set([...context.doubts.about([...starts, ...tos]), ...ways, ...bridged])].sort();
  const because = obligation.why ? [obligation.why] : [];
  if (doubts.length > 0) return { verdict: 'unknown' as const, because: [...doubts, ...because] };
  return { verdict: 'proved' as const, because };
}

function refuted(offences: readonly Offence[], pivots: PivotGraph) {
  const because = offences.slice(0, 8).map(({ walk, certain }) => `${certain ? '' : 'perhaps: '}${sayWalk(walk)}`);
  if (offences.length > 8) because.push(`and ${offences.length - 8} more`);
  const certain = offences.find((offence) => offence.certain);
  if (!certain) {
    for (const edge of offences[0]?.walk ?? []) {
      const judgement = pivots.judgeEdge(edge);
      if (judgement.kind === 'uncertain') {
        because.push(...judgement.unknowns.map(({ resource, reason }) => `not understood: ${resource}: ${reason}`));
      } else if (judgement.kind === 'disagreement') {
        because.push(`the engine and trace disagree about ${edge.from} to ${edge.to}: ${judgement.reason}`);
      }
    }
    return { verdict: 'unknown' as const, because: [...new Set(because)] };
  }
  const first = certain.walk[0];
  const fix =
    certain.walk.length > 1
      ? `close one step of ${sayWalk(certain.walk)}, or declare the zone in between a gate, with the reason`
      : `remove what lets ${first?.from} reach ${first?.to}`;
  return { verdict: 'violated' as const, because, counterexample: counterexampleOf(certain.walk, pivots), fix };
}

function counterexampleOf(walk: readonly Edge[], pivots: PivotGraph): Counterexample | undefined {
  const chain = walk.flatMap((edge): Leg[] => {
    const judgement = pivots.judgeEdge(edge);
    if (judgement.kind !== 'certain') return [];
    return [{ from: edge.from, to: edge.to, ...judgement.counterexample }];
  });
  const [first] = chain;
  return first ? { flow: first.flow, hops: first.hops, chain } : undefined;
}

function sayWalk(walk: readonly Edge[]): string {
  return [walk[0]?.from ?? '', ...walk.map(({ to }) => to)].join(' -> ');
}

/** What a selector speaks of: zones as the zone language says, and addresses of a site that nobody declared: they are untrusted. */
export function select(selector: ZoneSelector, context: VerdictContext): string[] {
  const trusted = selector.trust !== undefined && !selector.trust.includes('untrusted');
  const speaksOfAnyone = selector.any === true || selector.trust !== undefined;
  const undeclared = speaksOfAnyone && !trusted && !selector.data && !selector.zones ? context.undeclaredSites : [];
  const declared = selectedZones(selector, context.model.zones);
  const found = declared.map((name) => (context.addressless.has(name) ? INTERNET : name));
  return [...new Set([...found, ...undeclared.filter((name) => !selector.not?.includes(name))])];
}

function sayMany(names: readonly string[]): string {
  if (names.length <= 4) return names.join(', ') || 'nothing';
  return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}
