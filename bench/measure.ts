/**
 * Measures one stage in a process of its own, so that its peak memory is its own:
 * `node -r ./bench/register.js bench/measure.ts JOB (<zones>|<estate folder>) <assembly> [<certificates>]`.
 * Prints one JSON document.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { checkCertificates } from '../lib/evidence/certificate';
import { certify, type Wanted } from '../lib/evidence/reachability/certify';
import { readNetwork } from '../lib/evidence/template';
import { gatherEvidence, judgeEstate } from '../lib/verdict';
import { allPairs } from './all-pairs-by-trace';
import { explainBatch } from './explain-batch';
import { AS_OF, openAssembly, openModel, parseTime, peakMegabytes, timed } from './subject';

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
    /** certificates for what is proved: their making, until they are text */
    readonly certify: number;
    readonly stages: Readonly<Record<string, number>>;
  };
  /** claims that certificates show, and the size of the file that holds them */
  readonly certificates: { readonly claims: number; readonly megabytes: number };
  readonly peakMegabytes: number;
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

/** From their text on, in a process of its own, as whoever checks them has; with V8 warm. */
export interface CheckMeasure {
  readonly claims: number;
  readonly milliseconds: number;
  readonly peakMegabytes: number;
}

/** Leaves the certificates at `proof`. */
function verify(subject: string, assembly: string, proof: string): VerifyMeasure {
  const model = openModel(subject);
  const [files, reading] = timed(() => openAssembly(assembly));
  const parse = parseTime(files);
  const [{ network }, building] = timed(() => readNetwork(files, { region: model.region }));
  const stages: Record<string, number> = {};
  const stage = <T>(name: string, work: () => T): T => {
    const [result, milliseconds] = timed(work);
    stages[name] = (stages[name] ?? 0) + milliseconds;
    return result;
  };
  const [{ result, wanted }, verifying] = timed(() => {
    const evidence = stage('build graph', () => gatherEvidence(network));
    return judgeEstate({ model, network, evidence, asOf: AS_OF, latent: true, certificates: true, stage });
  });
  const [certified, certifying] = timed(() => {
    const { file } = certify(network, wanted ?? NOTHING_WANTED, sha256);
    return { claims: new Set(file.claims.map(({ id }) => id)).size, text: JSON.stringify(file) };
  });
  fs.writeFileSync(proof, certified.text);
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
      verify: verifying - (stages.latent ?? 0) - (stages.state ?? 0),
      // what is to be certified is stated while what it is judged from is at hand
      certify: certifying + (stages.state ?? 0),
      stages,
    },
    certificates: { claims: certified.claims, megabytes: certified.text.length / 1e6 },
    peakMegabytes: peakMegabytes(),
  };
}

const NOTHING_WANTED: Wanted = { places: new Map(), claims: [] };

/** characters of certificates that take seconds to check */
const LONG = 30e6;

function check(subject: string, assembly: string, proof: string): CheckMeasure {
  const { network } = readNetwork(openAssembly(assembly), { region: openModel(subject).region });
  const text = fs.readFileSync(proof, 'utf8');
  const checked = () => checkCertificates(JSON.parse(text), network, sha256);
  // Certificates are made when verifying has warmed V8 up, so they are compared with a check that is warm as well. A long one
  // warms up by itself.
  if (text.length < LONG) checked();
  const [{ problems, proved }, milliseconds] = timed(checked);
  if (problems.length > 0) throw new Error(`a certificate does not hold: ${problems[0]}`);
  const claims = new Set(proved?.claims.map(({ id }) => id)).size;
  return { claims, milliseconds, peakMegabytes: peakMegabytes() };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const JOBS: Readonly<Record<string, (subject: string, assembly: string, proof: string) => unknown>> = {
  synthesize,
  'synthesize-app': synthesizeApp,
  verify,
  check,
  explain: explainBatch,
  'all-pairs': allPairs,
};

const [job = '', subject = '', assembly = '', proof = ''] = process.argv.slice(2);
const work = JOBS[job];
if (!work) throw new Error(`\`${job}\` is none of ${Object.keys(JOBS).join(', ')}`);
// CDK prints to the console; the last line is ours
void Promise.resolve(work(subject, assembly, proof)).then((result) =>
  process.stdout.write(`\n${JSON.stringify(result)}`),
);
