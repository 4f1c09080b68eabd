/** Job `explain`: a batch of questions put to the command line, reading the assembly included. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { readNetwork } from '../lib/evidence/template';
import { run } from '../lib/surfaces/cli';
import { generateQueries } from './generate-queries';
import { AS_OF, openAssembly, openModel, parseTime, peakMegabytes, timed } from './subject';

export const QUERIES = 10_000;

export interface ExplainMeasure {
  readonly vpcs: number;
  readonly queries: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly milliseconds: { readonly parse: number; readonly read: number; readonly explain: number };
  readonly peakMegabytes: number;
}

export async function explainBatch(subject: string, assembly: string): Promise<ExplainMeasure> {
  const { region } = openModel(subject);
  const [files, opening] = timed(() => openAssembly(assembly));
  const parse = parseTime(files);
  const [{ network }, reading] = timed(() => readNetwork(files, { region }));
  const queries = generateQueries(network, QUERIES);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-bench-'));
  const verdicts: Record<string, number> = {};
  const count = (line: string) => {
    const { verdict } = JSON.parse(line) as { verdict: string };
    verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  };
  try {
    const file = path.join(folder, 'queries.jsonl');
    fs.writeFileSync(file, queries.map((query) => `${JSON.stringify(query)}\n`).join(''));
    const lines: string[] = [];
    const start = process.cpuUsage();
    await run(['explain', '--assembly', assembly, '--queries', file, '--json'], {
      stdout: (text) => void lines.push(text),
      stderr: (text) => void process.stderr.write(text),
      interactive: false,
      colorful: false,
      cwd: folder,
      env: {},
      today: AS_OF,
      now: () => performance.now(),
    });
    const { user, system } = process.cpuUsage(start);
    const answers = lines.join('').trim().split('\n');
    if (answers.length !== QUERIES) throw new Error(`${answers.length} answers to ${QUERIES} queries`);
    answers.forEach(count);
    return {
      vpcs: network.vpcs.length,
      queries: QUERIES,
      verdicts,
      milliseconds: { parse, read: opening + reading, explain: (user + system) / 1000 },
      peakMegabytes: peakMegabytes(),
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
