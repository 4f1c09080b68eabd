/**
 * Isolation: everything that may flow between two zones is covered by declared conduits. The internet, the undeclared
 * addresses of a site, AWS services and whatever no template shows are zones too.
 *
 * Two questions for each pair. Of everyone: an interface of one zone, whatever groups it wears, reaches of the other
 * only what some conduit between the two allows. Of each asset: what wears the asset's own groups reaches only what
 * this asset's conduits allow.
 */
import { PacketSet, TCP } from '../base/net';
import { endKey } from '../evidence/network';
import type { Conduit, Zone } from '../intent/zones';
import { declaredAround, pairsAroundInternet, uncoveredAroundInternet } from './around-internet';
import { assetFlows } from './asset-flows';
import type { Uncovered, VerdictContext } from './context';
import { FLOWS_JUDGED, type Judgement, judgeSome, showChannels } from './counterexample';
import { crossing } from './crossing';
import type { ZoneFlow } from './flows';
import { INTERNET, isDeclaredName, type Place, SHARED_VPC, showEnd, showPlace } from './place';
import { type Claim, gravest, placeOf, type Verdict } from './result';
import { type Bridged, undeclaredBridges } from './undeclared-bridges';

/** Above this many zones, pairs between which nothing flows are told in one claim per zone. */
const EVERY_PAIR_UP_TO = 100;

/** What AWS's interface endpoints answer to. */
const ENDPOINT_TRAFFIC = PacketSet.of({ protocols: [TCP], destinationPorts: [{ from: 443, to: 443 }] });

export function verifyIsolation(context: VerdictContext): Claim[] {
  const claims = pairsToClaim(context).map(({ from, to }) => claimOfPair(from, to, context));
  if (context.model.zones.length > EVERY_PAIR_UP_TO) claims.push(...claimsOfTheRest(context));
  return claims;
}

/** What may flow from one zone to another and is not declared. */
export function uncoveredBetween(from: string, to: string, context: VerdictContext): readonly Uncovered[] {
  const known = context.uncovered.get(`${from}\n${to}`);
  if (known) return known;
  const found = findUncovered(from, to, context);
  context.uncovered.set(`${from}\n${to}`, found);
  return found;
}

function findUncovered(from: string, to: string, context: VerdictContext): Uncovered[] {
  return [...uncoveredInside(from, to, context), ...uncoveredAroundInternet(from, to, context, uncoveredBetween)];
}

/** What AWS carries, as against what goes over the internet. */
function uncoveredInside(from: string, to: string, context: VerdictContext): Uncovered[] {
  const flows = context.flows.between(from, to);
  if (from === to) {
    // an endpoint or a balancer of the zone is judged by where it leads
    return uncoveredOfAssets(
      flows.filter((flow) => !context.isFrontDoor(flow.to.end)),
      context,
    );
  }
  const ofEveryone = uncoveredOfEveryone(flows, context);
  if (to.startsWith('aws:')) {
    // a zone uses a service as a whole; in a VPC that zones share, groups alone tell its hosts from the others
    return ofEveryone.length > 0 && context.sharesVpc(from) ? uncoveredOfAssets(flows, context) : ofEveryone;
  }
  return ofEveryone.length > 0 ? ofEveryone : uncoveredOfAssets(flows, context);
}

/** Of flows between two zones, what no conduit between the two allows to anyone. */
export function uncoveredOfEveryone(flows: readonly ZoneFlow[], context: VerdictContext): Uncovered[] {
  return uncovered(flows.map(asAnyAsset), context);
}

/** Of the same flows, what the assets' own members may send to each other beyond what their conduits allow. */
export function uncoveredOfAssets(flows: readonly ZoneFlow[], context: VerdictContext): Uncovered[] {
  return uncovered(assetFlows(flows, context), context);
}

function uncovered(flows: readonly ZoneFlow[], context: VerdictContext): Uncovered[] {
  return flows.flatMap((flow): Uncovered[] => {
    const declared = allowed(flow.from.place, flow.to.place, flow, context);
    const packets = crossing(flow, context).subtract(declared).subtract(declaredAround(flow, context));
    return packets.isEmpty() ? [] : [{ flow, packets }];
  });
}

/** Someone may launch in a subnet with any groups of the VPC: which asset it is, only its zone can say. */
function asAnyAsset(flow: ZoneFlow): ZoneFlow {
  const loosen = (party: ZoneFlow['from']) =>
    party.potential ? { ...party, place: { zone: party.place.zone } } : party;
  return { ...flow, from: loosen(flow.from), to: loosen(flow.to) };
}

/** What may go from one zone to another, or to its endpoints where it is a VPC that they share. */
export function allowedBetween(from: Place, to: Place, context: VerdictContext): PacketSet {
  if (to.zone.startsWith('aws:')) return context.usesService(from.zone, to.zone) ? PacketSet.ALL : PacketSet.EMPTY;
  const isShared = to.zone.startsWith(SHARED_VPC) && context.isOfSharedVpc(from.zone, to.zone);
  return isShared ? ENDPOINT_TRAFFIC : context.allowance.packets(from, to);
}

function allowed(from: Place, to: Place, flow: ZoneFlow, context: VerdictContext): PacketSet {
  if (to.zone.startsWith(SHARED_VPC) && context.isOfSharedVpc(from.zone, to.zone)) {
    return flow.to.potential || context.isFrontDoor(flow.to.end) ? ENDPOINT_TRAFFIC : PacketSet.EMPTY;
  }
  if (from.zone === to.zone) {
    // that one asset's own members may talk is an assumption
    if (from.asset !== undefined && from.asset === to.asset) return PacketSet.ALL;
    // so is that the interfaces of one noun may: they are one host's, or one cluster's
    if (!flow.to.potential && endKey(flow.from.end) === endKey(flow.to.end)) return PacketSet.ALL;
    const delivered = context.isFrontDoor(flow.from.end) ? context.deliveredTo(to) : PacketSet.EMPTY;
    return context.allowance.packets(from, to).union(delivered);
  }
  return allowedBetween(from, to, context);
}

function pairsToClaim(context: VerdictContext): { from: string; to: string }[] {
  const { zones } = context.model;
  const hasAssets = (name: string) => (context.zones.get(name)?.assets.length ?? 0) > 1;
  const around = pairsAroundInternet(context, uncoveredBetween);
  const bridged = context.bridges.pairs().filter(({ from, to }) => undeclaredBridges(from, to, context).length > 0);
  const flowing = [...context.flows.pairs(), ...around, ...bridged].filter(
    ({ from, to }) => from !== to || hasAssets(from),
  );
  const pairs = new Map(flowing.map((pair) => [`${pair.from}\n${pair.to}`, pair]));
  if (zones.length > EVERY_PAIR_UP_TO) return [...pairs.values()].filter(({ from, to }) => isJudged(from, to, context));
  const addressed = zones.map(({ name }) => name).filter((name) => !context.addressless.has(name));
  const names = [...addressed, INTERNET, ...context.undeclaredSites];
  for (const from of names) {
    for (const to of names) if (from !== to) pairs.set(`${from}\n${to}`, { from, to });
  }
  for (const zone of zones) {
    if (hasAssets(zone.name)) pairs.set(`${zone.name}\n${zone.name}`, { from: zone.name, to: zone.name });
    for (const { service } of zone.awsServices) {
      pairs.set(`${zone.name}\naws:${service}`, { from: zone.name, to: `aws:${service}` });
    }
  }
  return [...pairs.values()].filter(({ from, to }) => isJudged(from, to, context));
}

/**
 * AWS carries nothing between two places that are both outside of it, unless evidence shows that it does; and what goes
 * on between two places that nobody declared is nobody's claim.
 */
function isJudged(from: string, to: string, context: VerdictContext): boolean {
  if (from === to) return context.isInAws(from);
  if (context.isInAws(from) || context.isInAws(to)) return true;
  const isOurs = context.zones.has(from) || context.zones.has(to);
  return isOurs && context.flows.between(from, to).length > 0;
}

function claimOfPair(from: string, to: string, context: VerdictContext): Claim {
  const conduits = [...new Set(context.allowance.between(from, to).flatMap(({ conduit }) => conduit ?? []))];
  const uncovered = uncoveredBetween(from, to, context);
  const bridged = from === to ? [] : undeclaredBridges(from, to, context);
  const base = {
    id: from === to ? `isolation/${from}/within` : `isolation/${from}/${to}`,
    kind: 'isolation' as const,
    from,
    to,
    says: sayPair(from, to, conduits),
    source: sourceOfPair(from, to, context),
  };
  const rest = bridged.length > 0 ? crossed(bridged) : settled(from, to, conduits, context);
  if (uncovered.length === 0) {
    return { ...base, ...rest, holdsFor: { declared: rest.verdict, potential: rest.verdict } };
  }
  const [declared, potential] = apart(uncovered);
  const judged = { declared: judgeSome(declared, context.evidence), potential: judgeSome(potential, context.evidence) };
  const holdsFor = {
    declared: verdictOf(judged.declared, rest.verdict),
    potential: verdictOf(judged.potential, rest.verdict),
  };
  const judgements = [...judged.declared, ...judged.potential];
  const claim = { ...base, ...refuted(from, to, [...declared, ...potential], judgements), holdsFor };
  if (bridged.length === 0) return claim;
  return { ...claim, verdict: gravest([claim.verdict, rest.verdict]), because: [...claim.because, ...rest.because] };
}

/** `rest`: of the same pair, where none of these interfaces has anything uncovered. */
function verdictOf(judgements: readonly Judgement[], rest: Verdict): Verdict {
  if (judgements.length === 0) return rest;
  return judgements.some(({ kind }) => kind === 'certain') ? 'violated' : 'unknown';
}

/** Past routes and gateways, by what AWS opens. */
function crossed(bridged: readonly Bridged[]) {
  const verdict = bridged.some(({ certain }) => certain) ? ('violated' as const) : ('unknown' as const);
  const ids = [...new Set(bridged.map(({ crossing }) => crossing.bridge.id))].join(', ');
  return { verdict, because: bridged.map(({ because }) => because), fix: `remove ${ids}, or declare what it carries` };
}

/** Nothing is uncovered: proved, unless something of unknown behaviour stands in one of the zones. */
function settled(from: string, to: string, conduits: readonly Conduit[], context: VerdictContext) {
  const touching = [...context.doubts.about([from, to]), ...waysUnknown(from, to, context)];
  if (touching.length > 0) return { verdict: 'unknown' as const, because: touching };
  const declared = conduits.map((conduit) => `conduit ${conduit.name} allows what may flow`);
  const nothing = context.flows.between(from, to).length === 0;
  return { verdict: 'proved' as const, because: nothing ? ['nothing may flow at all', ...declared] : declared };
}

/** What leads from one zone to where nobody knows, with packets for the other zone's addresses: it may lead there. */
export function waysUnknown(from: string, to: string, context: VerdictContext): string[] {
  const lost = context.flows.toNowhereKnown(from);
  // Asked of many pairs, and nearly always this is the answer.
  if (lost.length === 0) return [];
  const addresses = context.addressesOf(to);
  if (addresses.isEmpty()) return [];
  const forThem = PacketSet.of({ destinations: addresses });
  return lost.flatMap((flow) => {
    const packets = flow.received.intersect(forThem).subtract(context.allowance.packets(flow.from.place, { zone: to }));
    return packets.isEmpty()
      ? []
      : [`not understood: ${showEnd(flow.to.end)} may lead to ${to}: ${sayFlow(flow, packets)}`];
  });
}

/** What declared interfaces do today, and what those may do that are launched later. */
function apart(uncovered: readonly Uncovered[]): [declared: Uncovered[], potential: Uncovered[]] {
  const isDeclared = ({ flow }: Uncovered) => !flow.from.potential && !flow.to.potential;
  return [uncovered.filter(isDeclared), uncovered.filter((one) => !isDeclared(one))];
}

function refuted(from: string, to: string, uncovered: readonly Uncovered[], judgements: readonly Judgement[]) {
  const because = uncovered.slice(0, FLOWS_JUDGED).map(({ flow, packets }) => sayFlow(flow, packets));
  if (uncovered.length > FLOWS_JUDGED) because.push(`and ${uncovered.length - FLOWS_JUDGED} more of the same pair`);
  const certain = judgements.find((judgement) => judgement.kind === 'certain');
  if (certain?.kind === 'certain') {
    const { counterexample } = certain;
    return { verdict: 'violated' as const, counterexample, because, fix: fixOf(from, to, counterexample) };
  }
  for (const judgement of judgements) {
    if (judgement.kind === 'uncertain') {
      because.push(
        ...judgement.unknowns.map(
          ({ resource, reason, parameters }) =>
            `not understood: ${resource}: ${reason}${parameters.length > 0 ? ` (parameters: ${parameters.join(', ')})` : ''}`,
        ),
      );
    }
    if (judgement.kind === 'disagreement') {
      because.push(`the engine and trace disagree about ${judgement.flow.from.place.zone}: ${judgement.reason}`);
    }
  }
  return { verdict: gravest(['unknown']), because: [...new Set(because)] };
}

function sayFlow(flow: ZoneFlow, packets: PacketSet): string {
  const who = flow.from.potential || flow.to.potential ? 'potential' : 'declared';
  const via = flow.reach.via.length > 0 ? ` via ${flow.reach.via.join(', ')}` : '';
  const from = `${showEnd(flow.from.end)} (${showPlace(flow.from.place)})`;
  const to = `${showEnd(flow.to.end)} (${showPlace(flow.to.place)})`;
  return `${who}: ${from} may send ${showChannels(packets)} to ${to}${via}`;
}

function fixOf(from: string, to: string, { hops, flow }: NonNullable<Claim['counterexample']>): string {
  const rule = [...hops].reverse().find((hop) => hop.rule !== undefined && hop.decision !== 'delivered');
  const close = !rule
    ? `close ${flow.protocol} ${flow.destinationPort} between \`${from}\` and \`${to}\``
    : rule.resource.endsWith('#default-security-group')
      ? `empty ${rule.resource}, which CloudFormation alone cannot (CDK: restrictDefaultSecurityGroup)`
      : `narrow or remove \`${rule.rule}\` of ${rule.resource}`;
  if (from === to) return `${close}, or say under \`from\` of the asset who may call it`;
  if (to.startsWith('aws:')) return `${close}, or add \`${to.slice('aws:'.length)}\` to the awsServices of \`${from}\``;
  const isDeclarable = [from, to].every((zone) => zone === INTERNET || isDeclaredName(zone));
  return isDeclarable ? `${close}, or declare a conduit from \`${from}\` to \`${to}\`` : close;
}

function sayPair(from: string, to: string, conduits: readonly Conduit[]): string {
  if (from === to) return `inside ${from}, an asset reaches only what another asset's \`from\` allows`;
  if (conduits.length === 0) return `${from} reaches nothing of ${to}`;
  return `${from} reaches of ${to} only what ${conduits.map(({ name }) => name).join(', ')} allow${conduits.length === 1 ? 's' : ''}`;
}

function sourceOfPair(from: string, to: string, context: VerdictContext): Claim['source'] {
  const zone: Zone | undefined = context.zones.get(to) ?? context.zones.get(from);
  return placeOf(zone?.source ?? context.model.source);
}

function claimsOfTheRest(context: VerdictContext): Claim[] {
  return context.model.zones.map((zone) => {
    const ways = context.model.zones.flatMap(({ name }) =>
      name === zone.name ? [] : waysUnknown(name, zone.name, context),
    );
    const touching = [...context.doubts.about([zone.name]), ...ways];
    return {
      id: `isolation/*/${zone.name}`,
      kind: 'isolation' as const,
      verdict: touching.length > 0 ? ('unknown' as const) : ('proved' as const),
      says: `every zone that no other claim names reaches nothing of ${zone.name}`,
      from: '*',
      to: zone.name,
      source: placeOf(zone.source),
      because: touching.length > 0 ? touching : ['nothing may flow at all'],
    };
  });
}
