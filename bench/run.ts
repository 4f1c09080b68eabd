/**
 * `npm run bench [-- --zones 10,100,500] [--save]`: how long synthesis and verification take for generated hospital
 * groups and for riverside, in CPU time, as ratios within one run, beside the committed baseline. `--save` makes this run
 * the baseline.
 */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import type { SynthesizeMeasure, VerifyMeasure } from './measure';

const ROOT = path.resolve(__dirname, '..');
const RESULTS = path.join(__dirname, 'results');
/** what issue 2 asks of riverside: verification costs less than a quarter of synthesis */
const RIVERSIDE_SHARE = 0.25;

interface Run {
  readonly subject: string;
  readonly synthesize: SynthesizeMeasure;
  readonly verify: VerifyMeasure;
  /** milliseconds that the CDK app of an estate takes, its own validation included */
  readonly app?: number;
}

function measure<T>(job: 'synthesize' | 'synthesize-app' | 'verify', subject: string, assembly: string): T {
  const script = [path.join(__dirname, 'measure.ts'), job, subject, assembly];
  const heap = '--max-old-space-size=8192';
  const run = spawnSync(process.execPath, [heap, '-r', path.join(__dirname, 'register.js'), ...script], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) throw new Error(`${job} ${subject} failed: ${run.stderr}`);
  return JSON.parse(run.stdout.slice(run.stdout.lastIndexOf('\n'))) as T;
}

function isGenerated(subject: string): boolean {
  return /^\d+$/.test(subject);
}

function runSubject(subject: string): Run {
  const assembly = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-bench-'));
  try {
    const synthesize = measure<SynthesizeMeasure>('synthesize', subject, assembly);
    const verify = measure<VerifyMeasure>('verify', subject, assembly);
    if (isGenerated(subject)) return { subject, synthesize, verify };
    return { subject, synthesize, verify, app: measure<number>('synthesize-app', subject, assembly) };
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
  const { synthesize, verify } = run;
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
    seconds(verify.milliseconds.check),
    ratios.toParse.toFixed(1),
    (100 * ratios.toSynthesis).toFixed(1),
    `${synthesize.peakMegabytes} / ${verify.peakMegabytes}`,
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

function main(): void {
  const { values } = parseArgs({
    options: { zones: { type: 'string', default: '10,100,500' }, save: { type: 'boolean' } },
  });
  const riverside = path.join('zones', 'riverside');
  const subjects = [riverside, ...values.zones.split(',').map((size) => size.trim())];
  const runs = subjects.map((subject) => {
    process.stderr.write(`measuring ${subject} …\n`);
    return runSubject(subject);
  });
  process.stdout.write('CPU time; peak memory of synthesizing / of verifying\n');
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
}

main();
