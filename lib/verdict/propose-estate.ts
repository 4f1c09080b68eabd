/**
 * A zone file for CloudFormation that already runs: zones by structure, then whatever the engine finds open between them
 * as conduits, with the reasons left for people. Grown by asking the verdict itself: what isolation calls undeclared is
 * what there is to declare.
 */
import { AddressSet, formatPrefix, PacketSet } from '../base/net';
import { isKnown, type NetworkModel } from '../evidence/network';
import { readEstate } from '../intent/zones';
import { bindZones } from './binding';
import { VerdictContext } from './context';
import { showChannels } from './counterexample';
import type { Evidence } from './evidence';
import { FlowTable, Places } from './flows';
import { gatherEvidence } from './gather-evidence';
import { uncoveredBetween } from './isolation';
import { INTERNET, isDeclaredName, showEnd } from './place';
import { wordingOf } from './propose-channels';
import { type Draft, freshName, type ProposedConduit, type ProposedZone } from './propose-draft';
import { writeDraft } from './propose-text';
import { mergeTiers, partnersOf, sitesOf, type Tier, tiersOf, zonesOfTiers } from './propose-zones';
import { verifyEstate } from './verify-estate';

export interface ProposalInput {
  readonly network: NetworkModel;
  /** the estate's name */
  readonly name: string;
  /** ISO date */
  readonly asOf: string;
  /** where editors find the schema of zone files, from where the proposal will be */
  readonly schema: string;
}

export interface Proposal {
  /** the zone file */
  readonly text: string;
  readonly zones: number;
  readonly conduits: number;
  /** what no zone file can declare away, for people */
  readonly findings: readonly string[];
}

export function proposeEstate({ network, name, asOf, schema }: ProposalInput): Proposal {
  const evidence = gatherEvidence(network);
  const base = baseOf(network, name);
  const zoned = settleTiers(base, network, evidence, asOf);
  const opened = withOpenings(zoned, contextOf(zoned, network, evidence, asOf));
  const draft = { ...opened, findings: findingsOf(opened, network, evidence, asOf) };
  return {
    text: writeDraft(draft, schema),
    zones: draft.zones.length,
    conduits: draft.conduits.length,
    findings: draft.findings,
  };
}

function baseOf(network: NetworkModel, name: string): Draft {
  const region = network.region === 'unknown-region' ? {} : { region: network.region };
  return { name: freshName(name, new Set()), ...region, sites: [], zones: [], conduits: [], findings: [] };
}

/** The draft as the verdict sees it. A draft that the zone language refuses is a fault of ours. */
function contextOf(draft: Draft, network: NetworkModel, evidence: Evidence, asOf: string): VerdictContext {
  const model = modelOf(draft, asOf);
  const binding = bindZones(model, network);
  const flows = new FlowTable(new Places(model, network, binding), evidence.may);
  return new VerdictContext({ model, network, binding, evidence, flows, asOf });
}

function modelOf(draft: Draft, asOf: string) {
  const { model, diagnostics } = readEstate([{ file: 'proposed.yaml', text: writeDraft(draft, 'zones.schema.json') }], {
    today: asOf,
  });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (!model || errors.length > 0) {
    throw new Error(`the proposed zone file is not valid: ${errors.map(({ message }) => message).join('; ')}`);
  }
  return model;
}

// ---------------------------------------------------------------------------------------------------------- zones

/** Parts of one VPC between which something is open that no conduit can name are one zone today. */
function settleTiers(base: Draft, network: NetworkModel, evidence: Evidence, asOf: string): Draft {
  let tiers = tiersOf(network);
  for (;;) {
    const draft = withPlaces(base, tiers, network);
    if (!tiers.some((tier) => sharesVpc(tier, tiers))) return draft;
    const context = contextOf(draft, network, evidence, asOf);
    const at = new Map(draft.zones.map(({ name }, index) => [name, tiers[index]]));
    const found = context.flows.pairs().find(({ from, to }) => {
      const [a, b] = [at.get(from), at.get(to)];
      return a && b && a !== b && isOneVpc(a, b) && wordingOf(openBetween(from, to, context)).unsaid.length > 0;
    });
    const [a, b] = [found && at.get(found.from), found && at.get(found.to)];
    if (!a || !b) return draft;
    tiers = tiers.flatMap((tier) => (tier === a ? [mergeTiers(a, b)] : tier === b ? [] : [tier]));
  }
}

function sharesVpc(tier: Tier, tiers: readonly Tier[]): boolean {
  return tiers.some((other) => other !== tier && isOneVpc(tier, other));
}

function isOneVpc(a: Tier, b: Tier): boolean {
  return a.vpcs.some((vpc) => b.vpcs.includes(vpc));
}

function withPlaces(base: Draft, tiers: readonly Tier[], network: NetworkModel): Draft {
  const inside = zonesOfTiers(tiers, network);
  const taken = new Set(inside.map(({ name }) => name));
  const { sites, zones: behind } = sitesOf(network, taken);
  for (const { name } of behind) taken.add(name);
  const ours = AddressSet.ofAll([...network.vpcs, ...network.subnets].flatMap(({ cidrs }) => cidrs.filter(isKnown)));
  const partners = partnersOf(network, ours).map((prefix): ProposedZone => {
    const range = formatPrefix(prefix);
    const name = freshName(`outside-${range}`, taken);
    taken.add(name);
    return {
      name,
      purpose: `Whoever has ${range}`,
      at: { kind: 'outside', cidrs: [range] },
      awsServices: [],
      notes: ['found from rules that name the range: call it after whose it is'],
    };
  });
  return { ...base, sites, zones: [...inside, ...behind, ...partners] };
}

function openBetween(from: string, to: string, context: VerdictContext): PacketSet {
  return PacketSet.unionAll(uncoveredBetween(from, to, context).map(({ packets }) => packets));
}

// ------------------------------------------------------------------------------------------------------- conduits

/** What is undeclared becomes declared, as far as there are words. */
function withOpenings(draft: Draft, context: VerdictContext): Draft {
  const conduits: ProposedConduit[] = [];
  const services = new Map<string, Set<string>>();
  const taken = new Set<string>();
  for (const { from, to } of context.flows.pairs()) {
    if (from === to) continue;
    if (to.startsWith('aws:')) {
      if (isDeclaredName(from)) services.set(from, (services.get(from) ?? new Set()).add(to.slice('aws:'.length)));
      continue;
    }
    if (!isSayable(from) || !isSayable(to)) continue;
    const { words, unsaid } = wordingOf(openBetween(from, to, context));
    if (words.length === 0) continue;
    const name = freshName(`${from}-to-${to}`, taken);
    taken.add(name);
    conduits.push({ name, from, to, allow: words, notes: notesOf(from, to, unsaid, context) });
  }
  const zones = draft.zones.map((zone) => ({ ...zone, awsServices: [...(services.get(zone.name) ?? [])].sort() }));
  return withoutIdlePartners({ ...draft, zones: markGates(zones, conduits), conduits });
}

function isSayable(zone: string): boolean {
  return zone === INTERNET || isDeclaredName(zone);
}

function notesOf(from: string, to: string, unsaid: readonly string[], context: VerdictContext): string[] {
  const found = [...uncoveredBetween(from, to, context)].sort(
    (a, b) =>
      Number(a.flow.from.potential || a.flow.to.potential) - Number(b.flow.from.potential || b.flow.to.potential),
  );
  const shown = found.slice(0, 2).map(({ flow, packets }) => {
    const via = flow.reach.via.length > 0 ? ` via ${flow.reach.via.join(', ')}` : '';
    return `found: ${showEnd(flow.from.end)} may send ${showChannels(packets)} to ${showEnd(flow.to.end)}${via}`;
  });
  const more = found.length > shown.length ? [`and ${found.length - shown.length} more ways between the two`] : [];
  const rest = unsaid.length > 0 ? [`also open, and no conduit can name it: ${unsaid.join(', ')}`] : [];
  return [...shown, ...more, ...rest];
}

function markGates(zones: readonly ProposedZone[], conduits: readonly ProposedConduit[]): ProposedZone[] {
  const reached = new Set(conduits.filter(({ from }) => from === INTERNET).map(({ to }) => to));
  const calling = new Set(conduits.filter(({ to }) => to === INTERNET).map(({ from }) => from));
  return zones.map((zone) => {
    const notes = [...zone.notes];
    if (reached.has(zone.name)) {
      notes.push('the internet reaches it: if it holds patient data, it must say why it is one: `gate: <why>`');
    } else if (calling.has(zone.name)) {
      notes.push('it calls the internet: if it holds patient data, that takes a `gate: <why>`, or closing');
    }
    return { ...zone, notes };
  });
}

/** A partner to whom only that is open which is open to the whole internet needs no zone. */
function withoutIdlePartners(draft: Draft): Draft {
  const allowed = (from: string, to: string) =>
    draft.conduits.filter((one) => one.from === from && one.to === to).flatMap(({ allow }) => allow);
  const isIdle = ({ name, at }: ProposedZone) =>
    at.kind === 'outside' &&
    draft.zones.every((other) => {
      const [out, back] = [allowed(other.name, INTERNET), allowed(INTERNET, other.name)];
      return (
        allowed(other.name, name).every((word) => out.includes(word)) &&
        allowed(name, other.name).every((word) => back.includes(word))
      );
    });
  const idle = new Set(draft.zones.filter(isIdle).map(({ name }) => name));
  return {
    ...draft,
    zones: draft.zones.filter(({ name }) => !idle.has(name)),
    conduits: draft.conduits.filter(({ from, to }) => !idle.has(from) && !idle.has(to)),
  };
}

/** What is still violated, told beforehand. Missing reasons are not: that is what the file asks for. */
function findingsOf(draft: Draft, network: NetworkModel, evidence: Evidence, asOf: string): string[] {
  const { claims } = verifyEstate({ model: modelOf(draft, asOf), network, evidence, asOf });
  return claims
    .filter(({ kind, verdict }) => kind !== 'governance' && verdict === 'violated')
    .map(({ id, because }) => `${id}: ${because[0] ?? ''}`);
}
