/** Certificates: what `cordon verify --certificates` writes, and `cordon certificate check`, which needs no engine. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type CheckResult, checkCertificates } from '../../evidence/certificate';
import { endKey, type NetworkModel } from '../../evidence/network';
import { ReachabilityEngine } from '../../evidence/reachability';
import { certify } from '../../evidence/reachability/certify';
import type { ZoneModel } from '../../intent/zones';
import type { Engine, Verdict, VerifyResult } from '../../verdict';
import { certifiable } from '../../verdict/certifiable';
import { notShown } from '../../verdict/certified';
import { Invocation, type SharedOptions } from './command';
import { openEstate } from './estate';
import { codeOf, type ExitCode } from './exit-code';
import { readText, writeAtomically } from './files';
import { InputError } from './input-error';
import { openNetwork, type TemplateOptions } from './templates';

/** The file in the folder that `--certificates` names. */
const FILE = 'isolation.json';

/** What templates alone do not say, so that whoever checks reads the same network; shown, and sealed by its hash. */
interface Inputs {
  readonly region?: string;
  readonly parameters?: readonly string[];
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

export function writeCertificates(
  folder: string,
  model: ZoneModel,
  network: NetworkModel,
  engine: Engine,
  result: VerifyResult,
  invocation: Invocation,
): void {
  const { wanted, beyond } = certifiable(model, network, engine.ends(), result.claims);
  const { file, without } = invocation.stopwatch.stage('certify', () => certify(network, wanted, sha256));
  const lacking = new Set([...without.map(({ id }) => id), ...beyond]);
  const ids = new Set(wanted.flatMap(({ claims }) => claims.map(({ id }) => id)).filter((id) => !lacking.has(id)));
  const inputs: Inputs = { region: network.region, parameters: invocation.options.parameter };
  writeAtomically(
    path.join(folder, FILE),
    `${JSON.stringify({ inputs, certificates: file })}\n`,
    invocation.terminal.cwd,
  );
  const missing = lacking.size === 0 ? '' : `; without one: ${[...lacking].sort().join(', ')}`;
  if (invocation.options.json !== true && invocation.options.quiet !== true) {
    invocation.terminal.stderr(`${path.join(folder, FILE)}: certificates for ${ids.size} isolation claims${missing}\n`);
  }
}

export interface CertificateOptions extends SharedOptions, TemplateOptions {
  /** the estate that the names of the claims come from */
  readonly zones?: string;
}

export function checkCertificate(given: string, options: CertificateOptions, invocation: Invocation): ExitCode {
  if (options.assembly === undefined && (options.template?.length ?? 0) === 0) {
    throw InputError.of('CLI_USAGE', 'no templates are given', 'give `--assembly <dir>` or `--template <file>`');
  }
  const { inputs, certificates } = readCertificates(given, invocation);
  const asMade = new Invocation(invocation.terminal, {
    ...invocation.options,
    parameter: invocation.options.parameter ?? inputs.parameters,
    region: invocation.options.region ?? inputs.region,
  });
  const model = options.zones === undefined ? undefined : openEstate(options.zones, invocation);
  const network = openNetwork(options, asMade);
  const checked = checkCertificates(certificates, network, sha256);
  const unshown = model ? notShown(model, network, new ReachabilityEngine(network, 'may').ends(), checked.claims) : [];
  const result = { ...checked, problems: [...checked.problems, ...unshown] };
  if (invocation.options.json) invocation.printJson(documentOf(result));
  else print(result, invocation);
  return codeOf(verdictOf(result));
}

function readCertificates(given: string, invocation: Invocation): { inputs: Inputs; certificates: unknown } {
  const { cwd } = invocation.terminal;
  const full = path.resolve(cwd, given);
  const isFolder = fs.existsSync(full) && fs.statSync(full).isDirectory();
  const text = readText(isFolder ? path.join(given, FILE) : given, cwd);
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read === 'object' && read !== null && 'certificates' in read) {
      return { inputs: inputsOf('inputs' in read ? read.inputs : undefined), certificates: read.certificates };
    }
  } catch {
    // told below, as any other text that holds no certificates
  }
  throw InputError.of(
    'CERTIFICATE_NOT_JSON',
    `\`${given}\` holds no certificates`,
    'give what `cordon verify --certificates` wrote',
  );
}

function inputsOf(value: unknown): Inputs {
  if (typeof value !== 'object' || value === null) return {};
  const region = 'region' in value && typeof value.region === 'string' ? value.region : undefined;
  const given = 'parameters' in value && Array.isArray(value.parameters) ? value.parameters : [];
  const parameters = given.filter((one): one is string => typeof one === 'string');
  return { region, ...(parameters.length > 0 ? { parameters } : {}) };
}

/** A file without claims shows nothing. */
function verdictOf({ problems, claims }: Pick<CheckResult, 'problems' | 'claims'>): Verdict {
  if (problems.length > 0) return 'violated';
  return claims.length > 0 ? 'proved' : 'unknown';
}

function documentOf({ problems, claims, notUnderstood }: CheckResult) {
  return {
    cordon: 1,
    verdict: verdictOf({ problems, claims }),
    problems,
    claims: claims.map(({ id, from, sent, to, forbidden }) => ({
      id,
      from: endKey(from),
      ...(sent ? { sent } : {}),
      to: to.map(endKey),
      forbidden,
    })),
    notUnderstood,
  };
}

function print({ problems, claims, notUnderstood }: CheckResult, invocation: Invocation): void {
  const { colors } = invocation;
  if (problems.length > 0) {
    invocation.print(colors.red('the certificates do not hold'));
    for (const problem of problems) invocation.print(`  ${problem}`);
    return;
  }
  if (claims.length === 0) return invocation.print(colors.yellow('there are no claims in these certificates'));
  const ids = [...new Set(claims.map(({ id }) => id))].sort();
  invocation.print(
    `${colors.green('the certificates hold')}: ${ids.length} isolation claims, ${new Set(claims.map(({ from }) => endKey(from))).size} senders`,
  );
  if (invocation.options.quiet) return;
  for (const id of ids) invocation.print(`  ${id}`);
  for (const id of notUnderstood) invocation.print(`  not understood, so not spoken of: ${id}`);
}
