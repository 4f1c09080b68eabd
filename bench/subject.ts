/** What is measured: a generated estate by its number of zones, or an estate folder; and how time and memory are. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readAssembly, type TemplateFile } from '../lib/evidence/template';
import { readEstate, type ZoneModel } from '../lib/intent/zones';
import { generateEstate } from './generate-estate';

/** The day that the generated conduits are judged at; they are all in order then. */
export const AS_OF = '2026-11-23';

/** Parsing is short: the mean of a few, after one that warms up. */
const PARSES = 5;

/** In CPU time of this process: what else runs on the machine makes no difference to it. */
export function timed<T>(work: () => T): [result: T, milliseconds: number] {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return [result, (user + system) / 1000];
}

export function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

export function isGenerated(subject: string): boolean {
  return /^\d+$/.test(subject);
}

export function openModel(subject: string): ZoneModel {
  const { model, diagnostics } = readEstate(zoneFiles(subject), { today: AS_OF });
  if (!model) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return model;
}

function zoneFiles(subject: string): { file: string; text: string }[] {
  if (isGenerated(subject)) return [{ file: `group-${subject}.yaml`, text: generateEstate(Number(subject)).text }];
  const names = fs.readdirSync(subject).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => {
    const file = path.join(subject, name);
    return { file, text: fs.readFileSync(file, 'utf8') };
  });
}

export function openAssembly(assembly: string): readonly TemplateFile[] {
  const { files } = readAssembly((file) => {
    const full = path.join(assembly, file);
    return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
  });
  return files;
}

/** Milliseconds of `JSON.parse` of all templates: what everything is compared with. */
export function parseTime(files: readonly TemplateFile[]): number {
  // one at a time: all of them at once would be the peak of this process's memory
  const parseAll = () => {
    for (const { text } of files) JSON.parse(text);
  };
  parseAll();
  const [, parses] = timed(() => Array.from({ length: PARSES }, parseAll));
  return parses / PARSES;
}
