/**
 * Latent paths: what is one edit away. Isolation between two zones holds, and only one thing makes it hold: a missing
 * public address, a missing route, an association, one rule.
 *
 * Each kind of edit is made everywhere at once, each for itself uncertain, and everything that may then flow is worked out
 * as for any other network: cost follows what would be allowed. What turns up undeclared is only a suspicion, since it may
 * take two edits. So one of the edits on its way is made for certain, alone, and one packet is replayed; it is listed only
 * if it arrives.
 *
 * Where a conduit joins two places, rules are what separates the rest of them, and one more rule always lets more pass:
 * that is no news, and is left out. So are zones that only groups tell apart.
 */
import { type Edit, isRuleEdit, LIFTS, type Lift } from '../evidence/edits';
import { endKey, type Flow, type NetworkModel } from '../evidence/network';
import { indexNetwork, type Trace, traceFlow } from '../evidence/trace';
import { type Uncovered, VerdictContext } from './context';
import { candidates, showPacket } from './counterexample';
import { FlowTable, Places } from './flows';
import { gatherEvidence } from './gather-evidence';
import { uncoveredBetween } from './isolation';
import { INTERNET, isDeclaredName } from './place';
import { type Claim, type LatentPath, placeOf, type Verdict } from './result';

/** Pairs of zones that are followed up for each kind of edit. */
const PAIRS_FOLLOWED = 100;
/** Flows of a pair that are followed up. */
const FLOWS_FOLLOWED = 12;
/** Edits that are tried for one packet. */
const EDITS_TRIED = 24;

export interface Latent {
  readonly paths: readonly LatentPath[];
  readonly warnings: readonly string[];
}

export function findLatent(context: VerdictContext, claims: readonly Claim[]): Latent {
  const isolated = new Isolated(claims);
  const paths: LatentPath[] = [];
  const warnings: string[] = [];
  for (const liftOf of LIFTS) {
    const lift = liftOf(context.network);
    if (!lift) continue;
    const suspects = suspectPairs(lift, context, isolated);
    const followed = suspects.slice(0, PAIRS_FOLLOWED);
    const openings = new Openings(lift, context.network);
    paths.push(...followed.flatMap((suspect) => follow(suspect, openings, context) ?? []));
    if (suspects.length > followed.length) {
      const rest = suspects.length - followed.length;
      warnings.push(`${rest} more pairs of zones may be one edit (${lift.kind}) apart: they were not followed up`);
    }
  }
  return { paths: paths.sort(compare), warnings };
}

/** Which pairs are proved to be apart. */
class Isolated {
  private readonly verdicts = new Map<string, Verdict>();

  constructor(claims: readonly Claim[]) {
    for (const { id, kind, verdict } of claims) if (kind === 'isolation') this.verdicts.set(id, verdict);
  }

  has(from: string, to: string): boolean {
    const verdict = this.verdicts.get(`isolation/${from}/${to}`) ?? this.verdicts.get(`isolation/*/${to}`);
    return verdict === 'proved';
  }
}

interface Suspect {
  readonly from: string;
  readonly to: string;
  readonly uncovered: readonly Uncovered[];
}

/** Pairs between which something undeclared might flow if edits of the kind were made. */
function suspectPairs(lift: Lift, context: VerdictContext, isolated: Isolated): Suspect[] {
  const edited = contextOf(lift.network, context);
  return edited.flows
    .pairs()
    .filter(({ from, to }) => from !== to && isTold(from) && isTold(to) && isolated.has(from, to))
    .map(({ from, to }) => ({ from, to, uncovered: tellingOf(uncoveredBetween(from, to, edited), lift, context) }))
    .filter(({ uncovered }) => uncovered.length > 0);
}

/** The same zones, bound to the same things, in a network where something is edited. */
function contextOf(network: NetworkModel, { model, binding, asOf }: VerdictContext): VerdictContext {
  const evidence = gatherEvidence(network);
  const flows = new FlowTable(new Places(model, network, binding), evidence.may);
  return new VerdictContext({ model, network, binding, evidence, flows, asOf });
}

/** Between the zones of the file, the internet and the sites. */
function isTold(zone: string): boolean {
  return zone === INTERNET || zone.startsWith('site:') || isDeclaredName(zone);
}

function tellingOf(uncovered: readonly Uncovered[], { kind }: Lift, context: VerdictContext): readonly Uncovered[] {
  if (!isRuleEdit(kind)) return uncovered;
  const { allowance, binding } = context;
  return uncovered.filter(({ flow: { from, to } }) => {
    if (binding.isDecidedByGroup(from.end) || binding.isDecidedByGroup(to.end)) return false;
    const declared = [allowance.permissions(from.place, to.place), allowance.permissions(to.place, from.place)];
    return declared.every((permissions) => permissions.length === 0);
  });
}

interface Opening {
  readonly edit: Edit;
  readonly flow: Flow;
  readonly trace: Trace;
}

/** Makes edits for certain, one at a time, and replays packets. */
class Openings {
  private readonly suspected: ReturnType<typeof indexNetwork>;
  private readonly made = new Map<Edit, ReturnType<typeof indexNetwork>>();

  constructor(
    private readonly lift: Lift,
    private readonly network: NetworkModel,
  ) {
    this.suspected = indexNetwork(lift.network);
  }

  /** An edit that lets one of the uncovered packets pass, all by itself. */
  find({ flow, packets }: Uncovered): Opening | undefined {
    for (const candidate of candidates(flow, packets)) {
      const suspicion = traceFlow(this.suspected, candidate, 'may');
      if (suspicion.verdict !== 'reachable' || !packets.has(suspicion.arrived ?? candidate.packet)) continue;
      const edits = new Set(suspicion.unknowns.flatMap((use) => this.lift.editsBehind(use)));
      for (const edit of [...edits].slice(0, EDITS_TRIED)) {
        const trace = traceFlow(this.indexWith(edit), candidate, 'may');
        const isCertain = trace.verdict === 'reachable' && trace.unknowns.length === 0;
        if (isCertain && packets.has(trace.arrived ?? candidate.packet)) return { edit, flow: candidate, trace };
      }
    }
    return undefined;
  }

  private indexWith(edit: Edit): ReturnType<typeof indexNetwork> {
    const known = this.made.get(edit) ?? indexNetwork(edit.apply(this.network));
    this.made.set(edit, known);
    return known;
  }
}

function follow({ from, to, uncovered }: Suspect, openings: Openings, context: VerdictContext): LatentPath | undefined {
  const found = declaredFirst(uncovered)
    .slice(0, FLOWS_FOLLOWED)
    .flatMap((one) => openings.find(one) ?? []);
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
    says: `${from} would reach ${to} undeclared with one edit of ${resource}: ${what}`,
    edit: { resource, kind, what },
    also: [...new Set(found.map(({ edit }) => edit.resource))].filter((id) => id !== resource).sort(),
    flow: showPacket(first.flow.packet),
    hops: first.trace.forward.hops,
    source: { file, line, column },
    zones,
  };
}

/** What exists today before what may be launched some day. */
function declaredFirst(uncovered: readonly Uncovered[]): Uncovered[] {
  const rank = ({ flow }: Uncovered) => Number(flow.from.potential) + Number(flow.to.potential);
  return [...uncovered].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      compareText(endKey(a.flow.from.end), endKey(b.flow.from.end)) ||
      compareText(endKey(a.flow.to.end), endKey(b.flow.to.end)),
  );
}

function compare(a: LatentPath, b: LatentPath): number {
  const key = ({ level, from, to, edit }: LatentPath) =>
    [level === 'warning' ? 0 : 1, from, to, edit.kind, edit.resource, edit.what].join('\n');
  return compareText(key(a), key(b));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
