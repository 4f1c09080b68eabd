/**
 * A zone file for CloudFormation that already runs: zones by structure, then whatever the engine finds open between them
 * as conduits, with the reasons left for people. Grown by asking the verdict itself: what isolation calls undeclared is
 * what there is to declare.
 */
import { AddressSet, formatPrefix } from '../base/net';
import { isKnown, type NetworkModel } from '../evidence/network';
import { readEstate, type ZoneModel } from '../intent/zones';
import { bindZones } from './binding';
import { VerdictContext } from './context';
import type { Evidence } from './evidence';
import { FlowTable, Places } from './flows';
import { rememberedEvidence } from './gather-evidence';
import { type AssetDepth, withAssets } from './propose-assets';
import { wordingOf } from './propose-channels';
import { openBetween, withOpenings, withoutEmptyPromises } from './propose-conduits';
import { type Draft, freshName, type ProposedZone } from './propose-draft';
import { sitesOf } from './propose-sites';
import { writeDraft } from './propose-text';
import { mergeTiers, partnersOf, type Tier, tiersOf, zonesOfTiers } from './propose-zones';
import type { Claim } from './result';
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
  /** what no zone file can declare away, for people: what verify will report as violated */
  readonly findings: readonly string[];
}

export function proposeEstate({ network, name, asOf, schema }: ProposalInput): Proposal {
  const proposer = new Proposer(network, rememberedEvidence(network), asOf);
  const draft = proposer.propose(name);
  return {
    text: writeDraft(draft, schema),
    zones: draft.zones.length,
    conduits: draft.conduits.length,
    findings: draft.findings,
  };
}

class Proposer {
  /** by gateway: addresses behind it that something is sent to, and that no route of its own tells */
  private readonly sentTo = new Map<string, AddressSet>();

  constructor(
    private readonly network: NetworkModel,
    private readonly evidence: Evidence,
    private readonly asOf: string,
  ) {}

  propose(name: string): Draft {
    const { region } = this.network;
    const base: Draft = {
      name: freshName(name.replace(/\.(cfn|cf|template)$/i, ''), new Set()),
      ...(region === 'unknown-region' ? {} : { region }),
      sites: [],
      zones: [],
      conduits: [],
      findings: [],
    };
    this.findSentTo(this.placed(base, tiersOf(this.network)));
    const split = this.settle(base);
    const fine = this.deepen(base, split);
    const whole = joinInvolved(split, fine);
    const coarse = whole.length < split.length ? this.deepen(base, whole) : fine;
    const { draft, violated } = coarse.violated.length < fine.violated.length ? coarse : fine;
    return { ...draft, findings: violated.map(({ id, because }) => `${id}: ${because[0] ?? ''}`) };
  }

  /** The draft as the verdict sees it. A draft that the zone language refuses is a fault of ours. */
  private model(draft: Draft): ZoneModel {
    const text = writeDraft(draft, 'zones.schema.json');
    const { model, diagnostics } = readEstate([{ file: 'proposed.yaml', text }], { today: this.asOf });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (!model || errors.length > 0) {
      throw new Error(`the proposed zone file is not valid: ${errors.map(({ message }) => message).join('; ')}`);
    }
    return model;
  }

  private context(draft: Draft): VerdictContext {
    const { network, evidence, asOf } = this;
    const model = this.model(draft);
    const binding = bindZones(model, network);
    const flows = new FlowTable(new Places(model, network, binding), evidence.may);
    return new VerdictContext({ model, network, binding, evidence, flows, asOf });
  }

  /** Static routes of a transit gateway may send more to a site than its connection says. */
  private findSentTo(placed: Draft): void {
    if (placed.sites.length === 0) return;
    const { flows } = this.context(placed);
    for (const { name, ip } of placed.sites) {
      const rest = flows.pairs().filter(({ to }) => to === `site:${name}`);
      const received = rest.flatMap(({ from, to }) =>
        flows.between(from, to).map((flow) => flow.received.destinations()),
      );
      this.sentTo.set(ip, AddressSet.unionAll(received));
    }
  }

  /** Parts of one VPC between which something is open that no conduit can name are one zone today. */
  private settle(base: Draft): readonly Tier[] {
    let tiers: readonly Tier[] = tiersOf(this.network);
    for (;;) {
      if (!tiers.some((tier) => tiers.some((other) => other !== tier && isOneVpc(tier, other)))) return tiers;
      const draft = this.placed(base, tiers);
      const context = this.context(draft);
      const at = new Map(draft.zones.map(({ name }, index) => [name, tiers[index]]));
      const found = context.flows.pairs().find(({ from, to }) => {
        const [a, b] = [at.get(from), at.get(to)];
        return a && b && a !== b && isOneVpc(a, b) && wordingOf(openBetween(from, to, context)).unsaid.length > 0;
      });
      const [a, b] = [found && at.get(found.from), found && at.get(found.to)];
      if (!a || !b) return tiers;
      tiers = tiers.flatMap((tier) => (tier === a ? [mergeTiers(a, b)] : tier === b ? [] : [tier]));
    }
  }

  private placed(base: Draft, tiers: readonly Tier[]): Draft {
    const { network } = this;
    const inside = zonesOfTiers(tiers, network);
    const taken = new Set(inside.map(({ name }) => name));
    const { sites, zones: behind } = sitesOf(network, taken, this.sentTo);
    const ours = AddressSet.ofAll([...network.vpcs, ...network.subnets].flatMap(({ cidrs }) => cidrs.filter(isKnown)));
    const partners = partnersOf(network, ours).map((prefix): ProposedZone => {
      const range = formatPrefix(prefix);
      const name = freshName(`outside-${range}`, taken);
      taken.add(name);
      return {
        name,
        purpose: `Whoever has ${range}`,
        at: { kind: 'outside', cidrs: [range] },
        assets: [],
        awsServices: [],
        notes: ['found from rules that name the range: call it after whose it is'],
      };
    });
    return { ...base, sites, zones: [...inside, ...behind, ...partners] };
  }

  /** Assets where they help: a zone in which they leave more violated than it has without them goes without. */
  private deepen(base: Draft, tiers: readonly Tier[]): Judged {
    const placed = this.placed(base, tiers);
    const depths = new Map<string, AssetDepth>();
    const attempt = () => {
      const zones = withAssets(placed.zones, tiers, this.network, (zone) => depths.get(zone) ?? 'worn');
      return this.judged({ ...placed, zones });
    };
    let best = attempt();
    for (const depth of ['every', 'none'] as const) {
      if (best.violated.length === 0) return best;
      const before = new Map(depths);
      for (const { from, to } of best.violated) {
        for (const end of [from, to]) if (end !== undefined) depths.set(end.split('/')[0] ?? end, depth);
      }
      const next = attempt();
      if (next.violated.length < best.violated.length) best = next;
      else {
        depths.clear();
        for (const [zone, known] of before) depths.set(zone, known);
      }
    }
    return best;
  }

  /** Missing reasons are not counted: they are what the file asks for. */
  private judged(placed: Draft): Judged {
    const { network, evidence, asOf } = this;
    const verified = (draft: Draft): Judged => {
      const { claims } = verifyEstate({ model: this.model(draft), network, evidence, asOf });
      return { draft, violated: claims.filter(({ kind, verdict }) => kind !== 'governance' && verdict === 'violated') };
    };
    const first = verified(withOpenings(placed, this.context(placed)));
    const kept = withoutEmptyPromises(first.draft, first.violated);
    return kept.conduits.every(({ allow }, at) => allow.length === first.draft.conduits[at]?.allow.length) &&
      kept.conduits.length === first.draft.conduits.length
      ? first
      : verified(kept);
  }
}

interface Judged {
  readonly draft: Draft;
  readonly violated: readonly Claim[];
}

/** A VPC whose parts are in what is violated may do better as one zone: then what works for some of it works. */
function joinInvolved(tiers: readonly Tier[], { draft, violated }: Judged): readonly Tier[] {
  const names = new Set(violated.flatMap(({ from, to }) => [from, to].map((end) => end?.split('/')[0])));
  const vpcs = new Set(tiers.flatMap((tier, at) => (names.has(draft.zones[at]?.name) ? tier.vpcs : [])));
  let joined: Tier[] = [];
  for (const tier of tiers) {
    const near = joined.filter((other) => isOneVpc(tier, other) && tier.vpcs.some((vpc) => vpcs.has(vpc)));
    joined = [...joined.filter((other) => !near.includes(other)), near.reduce(mergeTiers, tier)];
  }
  return joined;
}

function isOneVpc(a: Tier, b: Tier): boolean {
  return a.vpcs.some((vpc) => b.vpcs.includes(vpc));
}
