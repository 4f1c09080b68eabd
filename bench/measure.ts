/**
 * Measures one stage in a process of its own, so that its peak memory is its own:
 * `node -r ./bench/register.js bench/measure.ts (synthesize|synthesize-app|verify) (<zones>|<estate folder>) <assembly>`.
 * Prints one JSON document.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkCertificates } from '../lib/evidence/certificate';
import { certify } from '../lib/evidence/reachability/certify';
import { readAssembly, readNetwork, type TemplateFile } from '../lib/evidence/template';
import { readEstate, type ZoneModel } from '../lib/intent/zones';
import { gatherEvidence, verifyEstate } from '../lib/verdict';
import { certifiable } from '../lib/verdict/certifiable';
import { generateEstate } from './generate-estate';

/** The day that the generated conduits are judged at; they are all in order then. */
const AS_OF = '2026-11-23';

/** Parsing is short: the mean of a few, after one that warms up. */
const PARSES = 5;

export interface SynthesizeMeasure {
  readonly zones: number;
  readonly conduits: number;
  /** zone file to model, model to cloud assembly */
  readonly milliseconds: { readonly zones: number; readonly synthesize: number };
  readonly peakMegabytes: number;
}

export interface VerifyMeasure {
  readonly resources: number;
  readonly locations: number;
  readonly megabytes: number;
  readonly claims: Readonly<Record<string, number>>;
  readonly milliseconds: {
    /** `JSON.parse` of the same templates: what everything is compared with */
    readonly parse: number;
    readonly read: number;
    readonly verify: number;
    /** certificates for what is proved: their making, until they are text, and their checking, from that text on */
    readonly certify: number;
    readonly check: number;
    readonly stages: Readonly<Record<string, number>>;
  };
  /** claims that certificates show, and the size of the file that holds them */
  readonly certificates: { readonly claims: number; readonly megabytes: number };
  readonly peakMegabytes: number;
}

/** In CPU time of this process: what else runs on the machine makes no difference to it. */
function timed<T>(work: () => T): [result: T, milliseconds: number] {
  const start = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(start);
  return [result, (user + system) / 1000];
}

function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

function openModel(subject: string): ZoneModel {
  const { model, diagnostics } = readEstate(zoneFiles(subject), { today: AS_OF });
  if (!model) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return model;
}

function zoneFiles(subject: string): { file: string; text: string }[] {
  if (/^\d+$/.test(subject)) return [{ file: `group-${subject}.yaml`, text: generateEstate(Number(subject)).text }];
  const names = fs.readdirSync(subject).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((name) => {
    const file = path.join(subject, name);
    return { file, text: fs.readFileSync(file, 'utf8') };
  });
}

function synthesize(subject: string, assembly: string): SynthesizeMeasure {
  const [model, zones] = timed(() => openModel(subject));
  // loading CDK is a part of it: no synthesis goes without
  const [, synthesizing] = timed(() => {
    const { synthesizeEstate } = require('../lib/intent/constructs') as typeof import('../lib/intent/constructs');
    return synthesizeEstate(model, assembly);
  });
  return {
    zones: model.zones.length,
    conduits: model.conduits.length,
    milliseconds: { zones, synthesize: synthesizing },
    peakMegabytes: peakMegabytes(),
  };
}

/** As the CDK app of `cdk.json` does, our checks left out: CDK then validates every template against its own rules. */
function synthesizeApp(subject: string, assembly: string): number {
  const model = openModel(subject);
  const [, milliseconds] = timed(() => {
    const { App } = require('aws-cdk-lib') as typeof import('aws-cdk-lib');
    const constructs = require('../lib/intent/constructs') as typeof import('../lib/intent/constructs');
    const app = new App({ ...constructs.QUIET_APP, builtinCloudFormationValidation: true, outdir: assembly });
    new constructs.Estate(app, 'Estate', { model });
    app.synth();
  });
  return milliseconds;
}

function verify(subject: string, assembly: string): VerifyMeasure {
  const model = openModel(subject);
  const [files, reading] = timed(() => openAssembly(assembly));
  parseAll(files);
  const [, parses] = timed(() => Array.from({ length: PARSES }, () => parseAll(files)));
  const parse = parses / PARSES;
  const [{ network }, building] = timed(() => readNetwork(files, { region: model.region }));
  const stages: Record<string, number> = {};
  const stage = <T>(name: string, work: () => T): T => {
    const [result, milliseconds] = timed(work);
    stages[name] = (stages[name] ?? 0) + milliseconds;
    return result;
  };
  const [{ evidence, result }, verifying] = timed(() => {
    const evidence = stage('build graph', () => gatherEvidence(network));
    return { evidence, result: verifyEstate({ model, network, evidence, asOf: AS_OF, latent: true, stage }) };
  });
  const [proof, certifying] = timed(() => {
    const { wanted } = certifiable(model, network, evidence.may.ends(), result.claims);
    return JSON.stringify(certify(network, wanted, sha256).file);
  });
  const [checked, checking] = timed(() => checkCertificates(JSON.parse(proof), network, sha256));
  if (checked.problems.length > 0) throw new Error(`a certificate does not hold: ${checked.problems[0]}`);
  const claims: Record<string, number> = {};
  for (const { verdict } of result.claims) claims[verdict] = (claims[verdict] ?? 0) + 1;
  return {
    resources: network.resourceCount,
    locations: result.statistics.locations,
    megabytes: files.reduce((sum, { text }) => sum + text.length, 0) / 1e6,
    claims,
    milliseconds: {
      parse,
      read: reading + building,
      // what is one edit away is no part of a verdict; its own stage tells what it costs
      verify: verifying - (stages.latent ?? 0),
      certify: certifying,
      check: checking,
      stages,
    },
    certificates: { claims: new Set(checked.claims.map(({ id }) => id)).size, megabytes: proof.length / 1e6 },
    peakMegabytes: peakMegabytes(),
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

function openAssembly(assembly: string): readonly TemplateFile[] {
  const { files } = readAssembly((file) => {
    const full = path.join(assembly, file);
    return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
  });
  return files;
}

function parseAll(files: readonly TemplateFile[]): number {
  return files.map(({ text }) => JSON.parse(text) as unknown).length;
}

const JOBS: Readonly<Record<string, (subject: string, assembly: string) => unknown>> = {
  synthesize,
  'synthesize-app': synthesizeApp,
  verify,
};

const [job = '', subject = '', assembly = ''] = process.argv.slice(2);
const work = JOBS[job];
if (!work) throw new Error(`\`${job}\` is none of ${Object.keys(JOBS).join(', ')}`);
// CDK prints to the console; the last line is ours
process.stdout.write(`\n${JSON.stringify(work(subject, assembly))}`);
