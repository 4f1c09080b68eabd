/** `cordon verify` on a terminal: what is violated first, with the packet; then what a reviewer asks about the rest. */

import { formatPrefix } from '../../base/net';
import type { Zone, ZoneModel } from '../../intent/zones';
import type { Claim, ClaimKind, Counterexample, LatentPath, ShownFlow, Verdict, VerifyResult } from '../../verdict';
import { type Cell, count, cut, type Paint, table } from './text';

export interface VerificationContext {
  readonly model: ZoneModel;
  /** conduit → how it crosses, where a plan says so */
  readonly mechanisms: ReadonlyMap<string, string>;
  /** where the judged plan lies */
  readonly plan: string;
  /** where it is deployed; undefined where nobody says */
  readonly region?: string | undefined;
}

const OPEN_CLAIMS_SHOWN = 20;
const LATENT_SHOWN = 20;
const NAMES_SHOWN = 3;
const KINDS: readonly ClaimKind[] = ['isolation', 'service', 'never', 'governance'];

export function renderVerification(result: VerifyResult, context: VerificationContext, paint: Paint): string {
  const sections = [
    heading(result, context, paint),
    openClaims(result, 'violated', paint),
    openClaims(result, 'unknown', paint),
    zoneTable(context.model, result, paint),
    conduitTable(result, context, paint),
    claimTable(result, paint),
    latentPaths(result, paint),
    list('Warnings', result.warnings, paint.yellow, paint),
    list('Not checked, and assumed', result.assumptions, (text) => text, paint),
    closing(result, context, paint),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** One line, for `--quiet`. */
export function renderVerdictLine(result: VerifyResult, paint: Paint): string {
  const open = result.claims.filter(({ verdict }) => verdict === result.verdict).length;
  const claims = result.verdict === 'proved' ? count(result.claims.length, 'claim') : count(open, 'claim');
  return `${paintVerdict(result.verdict, paint)} ${result.estate}: ${claims}\n`;
}

function heading(result: VerifyResult, { model, region }: VerificationContext, paint: Paint): string[] {
  const sites = model.sites.length > 0 ? `, ${count(model.sites.length, 'site')}` : '';
  const size = `${count(model.zones.length, 'zone')}${sites}, ${count(model.conduits.length, 'conduit')}`;
  return [
    `${paint.bold(`Estate ${result.estate}`)}${region === undefined ? '' : ` in ${region}`}, as of ${result.asOf}: ${size}`,
    `Verdict: ${paint.bold(paintVerdict(result.verdict, paint))}${meaning(result.verdict)}`,
  ];
}

function meaning(verdict: Verdict): string {
  switch (verdict) {
    case 'proved':
      return ', the plan opens nothing undeclared and everything declared works';
    case 'violated':
      return ', the plan does not do what the zone file says';
    default:
      return ', something that is not understood decides';
  }
}

function paintVerdict(verdict: Verdict, paint: Paint): string {
  if (verdict === 'proved') return paint.green(verdict);
  return verdict === 'violated' ? paint.red(verdict) : paint.yellow(verdict);
}

function openClaims(result: VerifyResult, verdict: Verdict, paint: Paint): string[] {
  const claims = result.claims.filter((claim) => claim.verdict === verdict);
  if (claims.length === 0) return [];
  const shown = claims.slice(0, OPEN_CLAIMS_SHOWN).flatMap((claim) => renderClaim(claim, paint));
  const more =
    claims.length > OPEN_CLAIMS_SHOWN ? [`  … and ${claims.length - OPEN_CLAIMS_SHOWN} more: see --json`] : [];
  const title = verdict === 'violated' ? 'Violated' : 'Unknown';
  return [paint.bold(`${title} (${claims.length})`), ...shown, ...more];
}

export function renderClaim(claim: Claim, paint: Paint): string[] {
  const { file, line, column } = claim.source;
  const lines = [
    `  ${paintVerdict(claim.verdict, paint)} ${paint.bold(claim.id)}  ${paint.dim(`${file}:${line}:${column}`)}`,
    `    claimed: ${claim.says}`,
  ];
  if (claim.holdsFor) lines.push(`    apart:   ${sayApart(claim.holdsFor)}`);
  for (const reason of claim.because) lines.push(`    because: ${reason}`);
  if (claim.counterexample) lines.push(...renderCounterexample(claim.counterexample, paint));
  if (claim.fix) lines.push(`    ${paint.cyan('fix:')} ${claim.fix}`);
  return lines;
}

/** Which of the two fails decides who has to act: whoever runs what there is, or whoever launches what comes. */
export function sayApart({ declared, potential }: NonNullable<Claim['holdsFor']>): string {
  return `${declared} for the interfaces that the templates create, ${potential} for what may be launched later`;
}

function renderCounterexample(counterexample: Counterexample, paint: Paint): string[] {
  const legs = counterexample.chain ?? [{ from: '', to: '', flow: counterexample.flow, hops: counterexample.hops }];
  return legs.flatMap(({ from, to, flow, hops }) => {
    const leg = legs.length > 1 ? `${from} -> ${to}: ` : '';
    const rows = hops.map((hop): Cell[] => [
      { text: hop.decision, paint: paint.dim },
      hop.location,
      hop.rule ? `${hop.reason} [${hop.rule}]` : hop.reason,
    ]);
    return [`    packet:  ${leg}${showFlow(flow)}`, ...table(rows, '      ')];
  });
}

export function showFlow(flow: ShownFlow): string {
  const end = (address: string, port: number) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  if (flow.protocol.startsWith('icmp')) {
    return `${flow.protocol} type ${flow.destinationPort} ${flow.source} -> ${flow.destination}`;
  }
  return `${flow.protocol} ${end(flow.source, flow.sourcePort)} -> ${end(flow.destination, flow.destinationPort)}`;
}

function zoneTable(model: ZoneModel, result: VerifyResult, paint: Paint): string[] {
  const reaches = new Map(result.blastRadius.map(({ zone, reaches: zones }) => [zone, zones.length]));
  const rows = model.zones.map((zone): Cell[] => [
    zone.name,
    zone.trust,
    zone.data.join(','),
    whereOf(zone),
    `${reaches.get(zone.name) ?? 0}${zone.gate ? '  gate' : ''}`,
  ]);
  const head = ['zone', 'trust', 'data', 'where', 'reaches'].map((text): Cell => ({ text, paint: paint.dim }));
  return [paint.bold(`Zones (${model.zones.length})`), ...table([head, ...rows])];
}

function whereOf({ placement }: Zone): string {
  switch (placement.kind) {
    case 'vpc':
      return 'vpc of its own';
    case 'shared-vpc':
      return `vpc ${placement.vpc}`;
    case 'site':
      return `${placement.site} ${placement.cidrs.map(formatPrefix).join(' ')}`;
    case 'outside':
      return `outside ${placement.cidrs.map(formatPrefix).join(' ')}`.trimEnd();
    default:
      return 'given templates';
  }
}

function conduitTable(result: VerifyResult, context: VerificationContext, paint: Paint): string[] {
  const service = new Map<string, Verdict[]>();
  for (const claim of result.claims) {
    if (claim.kind !== 'service' || !claim.conduit) continue;
    service.set(claim.conduit, [...(service.get(claim.conduit) ?? []), claim.verdict]);
  }
  const rows = context.model.conduits.map((conduit): Cell[] => {
    const verdicts = service.get(conduit.name) ?? [];
    const worst = verdicts.includes('violated') ? 'violated' : verdicts.includes('unknown') ? 'unknown' : 'proved';
    const end = ({ zone, asset }: typeof conduit.from) => (asset === undefined ? zone : `${zone}/${asset}`);
    const works: Cell =
      verdicts.length === 0
        ? { text: 'not in AWS', paint: paint.dim }
        : { text: worst === 'proved' ? 'works' : worst, paint: (text) => paintWord(worst, text, paint) };
    return [
      cut(conduit.name, 40),
      works,
      context.mechanisms.get(conduit.name) ?? conduit.via ?? '',
      conduit.channels.map((channel) => channel.service).join(','),
      `${end(conduit.from)} -> ${end(conduit.to)}`,
    ];
  });
  const head = ['conduit', 'service', 'mechanism', 'channels', 'initiator -> responder'];
  return [
    paint.bold(`Conduits (${context.model.conduits.length})`),
    ...table([head.map((text): Cell => ({ text, paint: paint.dim })), ...rows], '  ', 40),
  ];
}

function paintWord(verdict: Verdict, word: string, paint: Paint): string {
  if (verdict === 'proved') return paint.green(word);
  return verdict === 'violated' ? paint.red(word) : paint.yellow(word);
}

function claimTable(result: VerifyResult, paint: Paint): string[] {
  const verdicts: readonly Verdict[] = ['proved', 'violated', 'unknown'];
  const head = ['claim', ...verdicts].map((text): Cell => ({ text, paint: paint.dim }));
  const rows = KINDS.map((kind): Cell[] => [
    kind,
    ...verdicts.map((verdict): Cell => {
      const number = result.claims.filter((claim) => claim.kind === kind && claim.verdict === verdict).length;
      const text = String(number).padStart(verdict.length);
      return { text, paint: number === 0 ? paint.dim : (word) => paintWord(verdict, word, paint) };
    }),
  ]);
  return [paint.bold(`Claims (${result.claims.length})`), ...table([head, ...rows])];
}

/** What holds today by one thing only. */
function latentPaths({ latent = [] }: VerifyResult, paint: Paint): string[] {
  if (latent.length === 0) return [];
  const shown = latent.slice(0, LATENT_SHOWN).flatMap((path) => renderLatent(path, paint));
  const more = latent.length > LATENT_SHOWN ? [`  … and ${latent.length - LATENT_SHOWN} more: see --json`] : [];
  return [paint.bold(`One edit away (${latent.length}): one thing alone keeps each of them shut`), ...shown, ...more];
}

function renderLatent({ level, from, to, edit, also, flow, source }: LatentPath, paint: Paint): string[] {
  const { file, line, column } = source;
  return [
    `  ${level === 'warning' ? paint.yellow(level) : paint.dim(level)} ${paint.bold(`${from} -> ${to}`)}  ${paint.dim(`${file}:${line}:${column}`)}`,
    `    opens if: ${edit.resource} gets ${edit.what}`,
    ...(also.length > 0 ? [`    or if:    the same is done to ${sayMany(also)}`] : []),
    `    packet:   ${showFlow(flow)}`,
  ];
}

function sayMany(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function list(title: string, items: readonly string[], each: (text: string) => string, paint: Paint): string[] {
  if (items.length === 0) return [];
  return [paint.bold(title), ...items.map((item) => `  - ${each(item)}`)];
}

function closing(result: VerifyResult, context: VerificationContext, paint: Paint): string[] {
  const { resources, locations, milliseconds } = result.statistics;
  const stages = Object.entries(milliseconds).map(([name, time]) => `${name} ${time} ms`);
  return [
    `${paint.bold('Plan')} ${context.plan}: ${count(resources, 'resource')}, ${count(locations, 'bound location')}`,
    ...(stages.length > 0 ? [`${paint.bold('Time')} ${stages.join(', ')}`] : []),
  ];
}
