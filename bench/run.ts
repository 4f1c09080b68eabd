/**
 * `npm run bench [-- --zones 10,100,500] [--save]`: how long synthesis and verification take for generated hospital
 * groups and for riverside, a batch of questions, and the engine's answers when trace gives them; in CPU time, as ratios
 * within one run, beside the committed baseline. `--growth [--zones 250,500,1000,2000,4000]`: how cost grows with size.
 * `--save` makes this run the baseline.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { measure, type Verified, verified } from './child';
import {
  explainRatios,
  measureAllPairs,
  measureExplain,
  meetsTraceTarget,
  renderAllPairs,
  renderExplain,
  traceCosts,
} from './comparisons';
import { measureGrowth, meetsGrowthTargets, renderGrowth } from './growth';
import type { SynthesizeMeasure } from './measure';
import { isGenerated } from './subject';

const RESULTS = path.join(__dirname, 'results');
/** what issue 2 asks of riverside: verification costs less than a quarter of synthesis */
const RIVERSIDE_SHARE = 0.25;
const DEFAULT_ZONES = '10,100,500';
const GROWTH_ZONES = '250,500,1000,2000,4000';

interface Run extends Verified {
  readonly subject: string;
  readonly synthesize: SynthesizeMeasure;
  /** milliseconds that the CDK app of an estate takes, its own validation included */
  readonly app?: number;
}

function runSubject(subject: string): Run {
  const assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-bench-'));
  try {
    const synthesize = measure<SynthesizeMeasure>('synthesize', subject, assembly);
    const run = { subject, synthesize, ...verified(subject, assembly) };
    return isGenerated(subject) ? run : { ...run, app: measure<number>('synthesize-app', subject, assembly) };
  } finally {
    fs.rmSync(assembly, { recursive: true, force: true });
  }
}

/** read + reach + verify + certify, against parsing and against synthesizing the same templates */
function ratiosOf({ synthesize, verify }: Run) {
  // baselines older than the certificates have none
  const { read, verify: verifying, certify = 0 } = verify.milliseconds;
  const cost = read + verifying + certify;
  return { toParse: cost / verify.milliseconds.parse, toSynthesis: cost / synthesize.milliseconds.synthesize };
}

const COLUMNS = [
  'estate',
  'zones',
  'conduits',
  'resources',
  'synthesize',
  'parse',
  'read',
  'verify',
  'certify',
  'check',
  '× parse',
  '% of synth',
  'peak MB',
  'claims',
];

function rowOf(run: Run): string[] {
  const { synthesize, verify, check } = run;
  const ratios = ratiosOf(run);
  const seconds = (milliseconds: number) =>
    milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
  return [
    isGenerated(run.subject) ? 'generated' : path.basename(run.subject),
    String(synthesize.zones),
    String(synthesize.conduits),
    String(verify.resources),
    seconds(synthesize.milliseconds.synthesize),
    seconds(verify.milliseconds.parse),
    seconds(verify.milliseconds.read),
    seconds(verify.milliseconds.verify),
    seconds(verify.milliseconds.certify),
    seconds(check.milliseconds),
    ratios.toParse.toFixed(1),
    (100 * ratios.toSynthesis).toFixed(1),
    [synthesize, verify, check].map((one) => one.peakMegabytes).join(' / '),
    Object.entries(verify.claims)
      .map(([verdict, count]) => `${count} ${verdict}`)
      .join(', '),
  ];
}

function printTable(rows: readonly string[][]): void {
  const widths = COLUMNS.map((column, at) => Math.max(column.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]) => cells.map((cell, at) => cell.padStart(widths[at] ?? 0)).join('  ');
  process.stdout.write(`${[COLUMNS, ...rows].map(line).join('\n')}\n`);
}

function baselineFile(run: Run): string {
  return path.join(RESULTS, `${isGenerated(run.subject) ? `zones-${run.subject}` : path.basename(run.subject)}.json`);
}

function compareWithBaseline(run: Run): string {
  const file = baselineFile(run);
  if (!fs.existsSync(file)) return 'no baseline';
  const before = ratiosOf(JSON.parse(fs.readFileSync(file, 'utf8')) as Run).toParse;
  const change = (100 * (ratiosOf(run).toParse - before)) / before;
  return `${change >= 0 ? '+' : ''}${change.toFixed(0)} % against the baseline's ${before.toFixed(1)} × parse`;
}

/** Against what `cdk synth` costs a user, and against the bare synthesis that `cordon verify` runs. */
function reportShare(run: Run): void {
  const cost = run.verify.milliseconds.read + run.verify.milliseconds.verify;
  const percent = (whole: number) => `${((100 * cost) / whole).toFixed(0)} %`;
  const app = run.app ?? run.synthesize.milliseconds.synthesize;
  const bare = run.synthesize.milliseconds.synthesize;
  process.stdout.write(
    `verifying riverside costs ${percent(app)} of synthesizing its CDK app (must be less than ${100 * RIVERSIDE_SHARE} %), ` +
      `and ${percent(bare)} of the bare synthesis in \`cordon verify\`\n`,
  );
  if (cost >= RIVERSIDE_SHARE * app) process.exitCode = 1;
}

/** A line of its own, compared with its baseline by one number; `--save` makes it the baseline. */
function conclude<T>(name: string, measured: T, line: string, ratio: (measured: T) => number, save: boolean): void {
  const file = path.join(RESULTS, `${name}.json`);
  const before = fs.existsSync(file) ? ratio(JSON.parse(fs.readFileSync(file, 'utf8')) as T) : undefined;
  const compared = before === undefined ? 'no baseline' : `the baseline's was ${before.toPrecision(3)}`;
  process.stdout.write(`${line}; ${compared}\n`);
  if (!save) return;
  fs.mkdirSync(RESULTS, { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify(measured, undefined, 2)}\n`);
}

function compareWithOthers(save: boolean): void {
  const explained = measureExplain();
  conclude('explain', explained, renderExplain(explained), (one) => explainRatios(one).toParse, save);
  const pairs = measureAllPairs();
  if (pairs) conclude('all-pairs', pairs, renderAllPairs(pairs), traceCosts, save);
  if (!pairs || !meetsTraceTarget(pairs)) process.exitCode = 1;
}

function grow(sizes: readonly number[], save: boolean): void {
  const growth = measureGrowth(sizes);
  conclude('growth', growth, renderGrowth(growth), ({ exponents }) => exponents.time, save);
  if (!meetsGrowthTargets(growth)) process.exitCode = 1;
}

function main(): void {
  const { values } = parseArgs({
    options: { zones: { type: 'string' }, save: { type: 'boolean', default: false }, growth: { type: 'boolean' } },
  });
  const zones = (values.zones ?? (values.growth ? GROWTH_ZONES : DEFAULT_ZONES)).split(',').map((size) => size.trim());
  if (values.growth) return grow(zones.map(Number), values.save);
  const riverside = path.join('zones', 'riverside');
  const subjects = [riverside, ...zones];
  const runs = subjects.map((subject) => {
    process.stderr.write(`measuring ${subject} …\n`);
    return runSubject(subject);
  });
  process.stdout.write('CPU time; peak memory of synthesizing / of verifying and certifying / of checking\n');
  printTable(runs.map(rowOf));
  for (const run of runs) {
    const stages = Object.entries(run.verify.milliseconds.stages).map(
      ([name, time]) => `${name} ${time.toFixed(0)} ms`,
    );
    process.stdout.write(`${run.subject}: ${stages.join(', ')}; ${compareWithBaseline(run)}\n`);
    if (values.save) {
      fs.mkdirSync(RESULTS, { recursive: true });
      fs.writeFileSync(baselineFile(run), `${JSON.stringify(run, undefined, 2)}\n`);
    }
  }
  const riversideRun = runs.find(({ subject }) => subject === riverside);
  if (riversideRun) reportShare(riversideRun);
  compareWithOthers(values.save);
}

main();
