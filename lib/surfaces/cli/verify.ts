/**
 * `cordon verify`: an estate against the plan that is synthesized from it, against a given cloud assembly, or against
 * templates that Cordon did not make.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { EMPTY_NETWORK, type NetworkModel } from '../../evidence/network';
import type { AddressLedger, NetworkPlan } from '../../intent/plan';
import type { ZoneModel } from '../../intent/zones';
import { gatherEvidence, judgeEstate, unknownNames, type VerifyResult } from '../../verdict';
import { renderJunit, renderMarkdown, renderSarif, renderVerdictLine, renderVerification } from '../report';
import { printWritten, writeCertificates } from './certificate';
import type { Invocation, SharedOptions } from './command';
import { openEstate } from './estate';
import { codeOf, type ExitCode } from './exit-code';
import { asInputError, writeAtomically } from './files';
import { InputError } from './input-error';
import { readLedger } from './ledger';
import { openPlan } from './plan';
import { openNetwork, type TemplateOptions } from './templates';

export interface VerifyOptions extends SharedOptions, TemplateOptions {
  readonly zones?: string;
  readonly sarif?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly certificates?: string;
}

export function verify(estate: string | undefined, options: VerifyOptions, invocation: Invocation): ExitCode {
  const zones = zoneFilesOf(estate, options);
  const model = openEstate(zones, invocation);
  const subject = openSubject(zones, model, options, invocation);
  const mistaken = unknownNames(model, subject.network);
  if (mistaken.length > 0) throw new InputError(mistaken, { estate: model.name });
  const { result, wanted } = judgeEstate({
    model,
    network: subject.network,
    evidence: invocation.stopwatch.stage('build graph', () => gatherEvidence(subject.network)),
    asOf: invocation.asOf,
    latent: true,
    certificates: options.certificates !== undefined,
    stage: invocation.stopwatch.stage,
    milliseconds: invocation.stopwatch.milliseconds,
  });
  writeReports(result, options, invocation);
  const folder = options.certificates;
  const certificates =
    folder === undefined || !wanted
      ? undefined
      : writeCertificates(folder, { network: subject.network, wanted, claims: result.claims }, invocation);
  if (invocation.options.json) {
    invocation.printJson({
      ...result,
      ...(certificates ? { certificates } : {}),
      diagnostics: invocation.diagnostics(),
    });
    return codeOf(result.verdict);
  }
  if (certificates && !invocation.options.quiet) printWritten(certificates, invocation);
  print(result, model, subject, invocation);
  return codeOf(result.verdict);
}

function zoneFilesOf(estate: string | undefined, options: VerifyOptions): string {
  if (estate !== undefined && options.zones !== undefined) {
    throw InputError.of('CLI_TWO_INPUTS', 'both an estate and `--zones` are given', 'give one of the two');
  }
  const zones = estate ?? options.zones;
  if (zones === undefined) {
    throw InputError.of('CLI_USAGE', 'no estate is given', 'name a folder of zone files, or one file');
  }
  return zones;
}

/** What is judged. */
interface Subject {
  readonly network: NetworkModel;
  /** shown to the reader */
  readonly place: string;
  readonly plan?: NetworkPlan;
  /** where it is deployed; absent where nobody says */
  readonly region?: string;
}

function openSubject(zones: string, model: ZoneModel, options: VerifyOptions, invocation: Invocation): Subject {
  if (options.assembly !== undefined || (options.template?.length ?? 0) > 0) {
    const network = openNetwork(options, invocation, model.regionIsDefault ? undefined : model.region);
    const region = network.region === EMPTY_NETWORK.region ? {} : { region: network.region };
    return { network, place: options.assembly ?? (options.template ?? []).join(', '), ...region };
  }
  const ledger = readLedger(zones, invocation.terminal.cwd);
  const plan = openPlan(model, ledger, invocation);
  const place = synthesize(model, ledger, invocation);
  const network = openNetwork({ assembly: place }, invocation, model.region);
  return { network, place, plan, region: model.region };
}

/**
 * Synthesizes into `.cordon/<estate>/cdk.out`, beside it first: what lies there is always a whole plan.
 * CDK takes a second to load, so only a command that synthesizes loads it.
 */
function synthesize(model: ZoneModel, ledger: AddressLedger, invocation: Invocation): string {
  const place = path.join('.cordon', model.name, 'cdk.out');
  const full = path.resolve(invocation.terminal.cwd, place);
  const partial = `${full}.${process.pid}.partial`;
  try {
    fs.mkdirSync(path.dirname(full), { recursive: true });
    invocation.stopwatch.stage('synthesize', () => {
      const { synthesizeEstate } = require('../../intent/constructs') as typeof import('../../intent/constructs');
      synthesizeEstate(model, partial, { ledger });
    });
    fs.rmSync(full, { recursive: true, force: true });
    fs.renameSync(partial, full);
  } catch (error) {
    throw asInputError(error, place);
  } finally {
    fs.rmSync(partial, { recursive: true, force: true });
  }
  return place;
}

function writeReports(result: VerifyResult, options: VerifyOptions, invocation: Invocation): void {
  const { cwd } = invocation.terminal;
  if (options.sarif !== undefined) writeAtomically(options.sarif, renderSarif(result), cwd);
  if (options.junit !== undefined) writeAtomically(options.junit, renderJunit(result), cwd);
  if (options.markdown !== undefined) writeAtomically(options.markdown, renderMarkdown(result), cwd);
}

function print(result: VerifyResult, model: ZoneModel, subject: Subject, invocation: Invocation): void {
  if (invocation.options.quiet) return invocation.print(renderVerdictLine(result, invocation.colors));
  const { place, plan, region } = subject;
  const mechanisms = new Map((plan?.conduits ?? []).map(({ name, mechanism }) => [name, mechanism]));
  invocation.print(renderVerification(result, { model, mechanisms, plan: place, region }, invocation.colors));
}
