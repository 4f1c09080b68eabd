/**
 * The CDK app that cdk.json points to: zone files -> stacks, with the segmentation checks beside them.
 * `npx cdk synth -c estate=zones/clinic` takes another estate than the default.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { type Diagnostic, renderDiagnostic } from '../lib/base/diagnostics';
import { addressFileOf, Estate, EstateError, QUIET_APP, readAddresses, writeAddresses } from '../lib/intent/constructs';
import { planNetwork } from '../lib/intent/plan';
import { readEstate } from '../lib/intent/zones';
import { addSegmentationChecks } from '../lib/surfaces/nag';

const DEFAULT_ESTATE = 'zones/riverside';
/** what the command line uses for the same (CONTRACTS, "Exit codes") */
const INVALID_INPUT = 3;

function main(): void {
  // synthesized below, or not at all: by itself an app would also leave half of an estate that is wrong
  const app = new App({ ...QUIET_APP, builtinCloudFormationValidation: true, autoSynth: false });
  const estate: unknown = app.node.tryGetContext('estate') ?? process.env.CORDON_ESTATE;
  const folder = typeof estate === 'string' && estate !== '' ? estate : DEFAULT_ESTATE;
  const today = new Date().toISOString().slice(0, 10);
  const { model, diagnostics } = readEstate(readFiles(folder), { today });
  if (!model) throw new EstateError(diagnostics);
  const addresses = addressFileOf(folder);
  const { plan, diagnostics: planned } = planNetwork(model, { ledger: readAddresses(addresses) });
  if (!plan) throw new EstateError([...diagnostics, ...planned]);
  print([...diagnostics, ...planned]);
  new Estate(app, 'Estate', { plan });
  addSegmentationChecks(app, { model, asOf: today });
  app.synth();
  if (writeAddresses(addresses, plan.ledger))
    process.stderr.write(`wrote ${addresses}: commit it, so that no range ever moves\n`);
}

function readFiles(estate: string): { file: string; text: string }[] {
  const found = fs.existsSync(estate);
  const names = !found ? [] : fs.statSync(estate).isDirectory() ? zoneFiles(estate) : [estate];
  if (names.length === 0) {
    const message = found ? `\`${estate}\` holds no zone file` : `there is no \`${estate}\``;
    const help = 'name a folder of *.yaml files, or one file: cdk synth -c estate=<folder>';
    throw new EstateError([{ code: found ? 'ESTATE_EMPTY' : 'FILE_NOT_FOUND', severity: 'error', message, help }]);
  }
  return names.map((file) => ({ file, text: fs.readFileSync(file, 'utf8') }));
}

function zoneFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/i.test(name) && !name.split(path.sep).some((part) => part.startsWith('.')))
    .sort()
    .map((name) => path.join(folder, name));
}

function print(diagnostics: readonly Diagnostic[]): void {
  const textOf = (file: string) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined);
  for (const diagnostic of diagnostics) process.stderr.write(`${renderDiagnostic(diagnostic, textOf)}\n\n`);
}

try {
  main();
} catch (error) {
  if (!(error instanceof EstateError)) throw error;
  print(error.diagnostics);
  process.exitCode = INVALID_INPUT;
}
