/**
 * The hall, in one place: bind zones to locations, compute what may flow, state the claims, judge them.
 */
import { formatProtocol } from '../base/net';
import type { NetworkModel } from '../evidence/network';
import type { Wanted } from '../evidence/reachability/certify';
import type { ZoneModel } from '../intent/zones';
import { assumptionsOf } from './assumptions';
import { verifyAwsDoors } from './aws-doors';
import { type Binding, bindZones } from './binding';
import { certifiable } from './certifiable';
import { VerdictContext } from './context';
import { verifyDataPerimeters } from './data-perimeter';
import { verifyDataTransfers } from './data-transfers';
import type { Engine, Evidence } from './evidence';
import { FlowTable, Places } from './flows';
import { gatherEvidence } from './gather-evidence';
import { verifyGovernance } from './governance';
import { verifyIsolation } from './isolation';
import { findLatent } from './latent';
import { verifyObligations } from './never';
import { PivotGraph } from './pivots';
import { type Claim, compareClaims, gravest, placeOf, type VerifyResult, type ZoneReach } from './result';
import { verifyService } from './service';

/** Runs one stage of the work. */
export type Stage = <T>(name: string, work: () => T) => T;

export interface VerifyInput {
  readonly model: ZoneModel;
  readonly network: NetworkModel;
  readonly evidence: Evidence;
  /** ISO date that reviews and expiries are judged at */
  readonly asOf: string;
  /** also looks for what is one edit away, which costs some of what verifying costs and changes no verdict */
  readonly latent?: boolean;
  /** also says what is proved in the words of the network, for certificates */
  readonly certificates?: boolean;
  /** runs one stage; a surface that has a clock times it and shows progress */
  readonly stage?: Stage;
  /** milliseconds of the stages before this one, and of these, read when all are done */
  readonly milliseconds?: () => Readonly<Record<string, number>>;
}

export function verifyEstate(input: VerifyInput): VerifyResult {
  return judgeEstate(input).result;
}

/**
 * The same, with what certificates have to show. What it was judged from is not handed on: in a large estate that is most
 * of all memory, and certificates are made without it.
 */
export function judgeEstate(input: VerifyInput): { readonly result: VerifyResult; readonly wanted?: Wanted } {
  const { model, network, evidence, asOf } = input;
  const stage: Stage = input.stage ?? ((_, work) => work());

  const binding = stage('bind', () => bindZones(model, network));
  const flows = stage('reach', () => new FlowTable(new Places(model, network, binding), evidence.may));
  // The table holds what follows; in a large estate the way to it is a good part of all memory.
  evidence.may.forget?.();
  const context = new VerdictContext({ model, network, binding, evidence, flows, asOf });
  const isolation = stage('isolation', () => verifyIsolation(context));
  const service = stage('service', () => verifyService(context));
  evidence.must.forget?.();
  context.mustReach.forget();
  const { never, blastRadius } = walkThrough(context, stage);
  evidence.may.forget?.();
  context.mayReach.forget();
  const governance = verifyGovernance(context);

  const claims = [
    ...bindingClaims(binding, model),
    ...isolation,
    ...verifyAwsDoors(context),
    ...verifyDataPerimeters(context),
    ...verifyDataTransfers(context),
    ...service.claims,
    ...never,
    ...governance.claims,
  ].sort(compareClaims);
  const latent = input.latent ? stage('latent', () => findLatent(context, claims)) : undefined;
  const result: VerifyResult = {
    cordon: 1,
    estate: model.name,
    asOf,
    verdict: gravest(claims.map(({ verdict }) => verdict)),
    claims,
    reach: reachOf(flows),
    blastRadius,
    binding: binding.locations,
    unknowns: flows.unknowns,
    ...(latent ? { latent: latent.paths } : {}),
    warnings: [...governance.warnings, ...(latent?.warnings ?? [])],
    assumptions: [...assumptionsOf(context), ...service.assumptions],
    statistics: {
      resources: network.resourceCount,
      locations: binding.locations.length,
      milliseconds: input.milliseconds?.() ?? {},
    },
  };
  if (!input.certificates) return { result };
  return { result, wanted: stage('state', () => certifiable(context, evidence.may.ends(), claims)) };
}

/** What can be got to by hopping: what never may be, and how far each zone gets. */
function walkThrough(context: VerdictContext, stage: Stage) {
  const pivots = stage('never', () => new PivotGraph(context));
  return stage('never', () => ({
    never: verifyObligations(context, pivots),
    blastRadius: context.model.zones.map(({ name }) => ({ zone: name, reaches: pivots.reachable(name) })),
  }));
}

/** What claims are stated from, where nothing is judged: nobody is asked what flows. */
export function openContext(model: ZoneModel, network: NetworkModel): VerdictContext {
  const binding = bindZones(model, network);
  const evidence = gatherEvidence(network);
  const idle: Engine = { ...IDLE, addressesOf: (end) => evidence.may.addressesOf(end) };
  const flows = new FlowTable(new Places(model, network, binding), idle);
  return new VerdictContext({ model, network, binding, evidence, flows, asOf: '' });
}

const IDLE = { ends: () => [], reachFrom: () => ({ reaches: [], unknowns: [] }) };

/** A location without a zone, or with two, is a violation and not a gap. */
function bindingClaims(binding: Binding, model: ZoneModel): Claim[] {
  if (binding.problems.length === 0) {
    const because = [`${binding.locations.length} locations, each in exactly one zone`];
    return [{ ...bindingClaim('binding', model), verdict: 'proved', because }];
  }
  return binding.problems.map(({ resource, zones, message, fix }) => {
    const zone = model.zones.find(({ name }) => zones.includes(name));
    return {
      ...bindingClaim(`binding/${resource}${zones.length > 0 ? `/${zones.join('+')}` : ''}`, model),
      verdict: 'violated' as const,
      source: placeOf(zone?.source ?? model.source),
      because: [message],
      fix,
    };
  });
}

function bindingClaim(id: string, model: ZoneModel) {
  const says = 'every subnet and interface belongs to exactly one zone, by tag and by address';
  return { id, kind: 'isolation' as const, says, source: placeOf(model.source) };
}

function reachOf(flows: FlowTable): ZoneReach[] {
  return flows
    .pairs()
    .filter(({ from, to }) => from !== to)
    .map(({ from, to }) => {
      const packets = flows
        .between(from, to)
        .map(({ received }) => received)
        .reduce((set, next) => set.union(next));
      const channels = new Map<string, Map<string, readonly [number, number]>>();
      for (const { protocol, destinationPorts } of packets.channels()) {
        const name = protocol === 'other' ? 'other' : formatProtocol(protocol);
        const ports = channels.get(name) ?? new Map<string, readonly [number, number]>();
        for (const range of destinationPorts) ports.set(`${range.from}-${range.to}`, [range.from, range.to]);
        channels.set(name, ports);
      }
      return {
        from,
        to,
        channels: [...channels].map(([protocol, ports]) => ({ protocol, ports: [...ports.values()] })),
      };
    });
}
