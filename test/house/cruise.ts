/**
 * Runs dependency-cruiser, the tool behind `npm run imports`, and gives its violations with the reason of each rule.
 * It runs as a program of its own because it is an ES module and the tests are CommonJS.
 */
import { spawnSync } from 'node:child_process';
import * as path from 'node:path';

export const ROOT = path.resolve(__dirname, '../..');
const PROGRAM = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

export interface ImportViolation {
  readonly rule: string;
  readonly reason: string;
  readonly from: string;
  readonly to: string;
}

interface CruiseOutput {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly to: string; readonly rule: { name: string } }[];
    readonly totalCruised: number;
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string; readonly comment: string }[] };
  };
}

export interface Cruise {
  readonly violations: readonly ImportViolation[];
  readonly files: number;
  readonly rules: readonly { readonly name: string; readonly comment: string }[];
}

/** Cruises `folders` of the tree at `directory` with this repository's rules. */
export function cruise(directory: string, folders: readonly string[]): Cruise {
  const config = path.join(ROOT, '.dependency-cruiser.cjs');
  const run = spawnSync(process.execPath, [PROGRAM, '--config', config, '--output-type', 'json', ...folders], {
    cwd: directory,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (!run.stdout.startsWith('{')) throw new Error(`dependency-cruiser failed: ${run.stderr || run.stdout}`);
  const { summary } = JSON.parse(run.stdout) as CruiseOutput;
  const reasonOf = new Map(summary.ruleSetUsed.forbidden.map((rule) => [rule.name, rule.comment]));
  const violations = summary.violations.map(({ from, to, rule }) => {
    return { rule: rule.name, reason: reasonOf.get(rule.name) ?? '', from, to };
  });
  return { violations, files: summary.totalCruised, rules: summary.ruleSetUsed.forbidden };
}

export function describeViolation({ rule, reason, from, to }: ImportViolation): string {
  return `${from} imports ${to}: ${reason} (${rule})`;
}
