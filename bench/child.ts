/** Measurements in processes of their own, and assemblies that several of them share. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { generateEstate } from './generate-estate';
import type { CheckMeasure, SynthesizeMeasure, VerifyMeasure } from './measure';

const ROOT = path.resolve(__dirname, '..');

/**
 * V8 takes what it is given before it collects: without a limit, a large estate takes three times the memory that it needs.
 * Verifying and checking are measured in what they may have: 4,000 zones fit, and the process with all its rest into 1.5 GB.
 */
const HEAP_MEGABYTES: Readonly<Partial<Record<Job, number>>> = { verify: 1150, check: 1150 };

export type Job = 'synthesize' | 'synthesize-app' | 'verify' | 'check' | 'explain' | 'all-pairs';

/** Runs one job of `measure.ts`; throws with what it said where it fails. */
export function measure<T>(job: Job, subject: string, assembly: string, proof = ''): T {
  const script = [path.join(__dirname, 'measure.ts'), job, subject, assembly, proof];
  const heap = `--max-old-space-size=${HEAP_MEGABYTES[job] ?? 8192}`;
  const run = spawnSync(process.execPath, [heap, '-r', path.join(__dirname, 'register.js'), ...script], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) throw new Error(`${job} ${subject} failed: ${run.stderr}`);
  return JSON.parse(run.stdout.slice(run.stdout.lastIndexOf('\n'))) as T;
}

export interface Verified {
  readonly verify: VerifyMeasure;
  readonly check: CheckMeasure;
}

/** Verifies and certifies, and has a process of its own check the certificates. */
export function verified(subject: string, assembly: string): Verified {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-proof-'));
  const proof = path.join(folder, 'certificates.json');
  try {
    const verify = measure<VerifyMeasure>('verify', subject, assembly, proof);
    return { verify, check: measure<CheckMeasure>('check', subject, assembly, proof) };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

export interface Synthesized {
  /** folder of the cloud assembly */
  readonly assembly: string;
  readonly measure: SynthesizeMeasure;
}

/**
 * The assembly of a generated estate, and what synthesizing it took; made once for as long as neither the estate nor what
 * synthesizes it changes.
 */
export function synthesized(zones: number): Synthesized {
  const sources = sourcesIn(path.join(ROOT, 'lib', 'intent')).map((file) => fs.readFileSync(file, 'utf8'));
  const hash = createHash('sha256');
  for (const text of [generateEstate(zones).text, ...sources]) hash.update(text);
  const folder = path.join(os.tmpdir(), 'cordon-bench', `zones-${zones}-${hash.digest('hex').slice(0, 12)}`);
  const assembly = path.join(folder, 'assembly');
  const taken = path.join(folder, 'synthesize.json');
  if (!fs.existsSync(taken)) {
    fs.mkdirSync(assembly, { recursive: true });
    const result = measure<SynthesizeMeasure>('synthesize', String(zones), assembly);
    fs.writeFileSync(taken, JSON.stringify(result));
  }
  return { assembly, measure: JSON.parse(fs.readFileSync(taken, 'utf8')) as SynthesizeMeasure };
}

function sourcesIn(folder: string): string[] {
  const entries = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return entries
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => path.join(folder, name));
}
