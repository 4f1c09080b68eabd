/** Certificates: what `cordon verify --certificates` writes, and `cordon certificate check`, which needs no engine. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { formatPackets } from '../../base/net';
import { type CheckResult, checkCertificates } from '../../evidence/certificate';
import { endKey, type NetworkModel } from '../../evidence/network';
import { certify, type Wanted } from '../../evidence/reachability/certify';
import { openContext, type Verdict, type VerifyResult } from '../../verdict';
import { isOfIsolation, whyBeyond } from '../../verdict/certifiable';
import { notShown } from '../../verdict/certified';
import { Invocation, type SharedOptions } from './command';
import { openEstate } from './estate';
import { codeOf, type ExitCode } from './exit-code';
import { readText, writeAtomically } from './files';
import { InputError } from './input-error';
import { openNetwork, type TemplateOptions } from './templates';

/** The file in the folder that `--certificates` names. */
const FILE = 'certificates.json';

/** What templates alone do not say, so that whoever checks reads the same network; shown, and sealed by its hash. */
interface Inputs {
  readonly region?: string;
  readonly parameters?: readonly string[];
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** What was written, and which proved claims it does not speak of. */
export interface Written {
  readonly file: string;
  readonly certified: number;
  readonly without: readonly { readonly claim: string; readonly because: string }[];
}

export function writeCertificates(
  folder: string,
  {
    network,
    wanted,
    claims,
  }: { readonly network: NetworkModel; readonly wanted: Wanted } & Pick<VerifyResult, 'claims'>,
  invocation: Invocation,
): Written {
  const { file, without } = invocation.stopwatch.stage('certify', () => certify(network, wanted, sha256));
  const inputs: Inputs = { region: network.region, parameters: invocation.options.parameter };
  const place = path.join(folder, FILE);
  writeAtomically(place, `${JSON.stringify({ inputs, certificates: file })}\n`, invocation.terminal.cwd);
  const certified = new Set(file.claims.map(({ id }) => id));
  const lacking = claims.filter((claim) => isOfIsolation(claim) && !certified.has(claim.id));
  return {
    file: place,
    certified: certified.size,
    without: lacking.map((claim) => ({
      claim: claim.id,
      because: whyBeyond(claim) ?? without.get(claim.id) ?? 'nothing states it in the words of the network',
    })),
  };
}

export function printWritten({ file, certified, without }: Written, { terminal }: Invocation): void {
  terminal.stderr(`${file}: certificates for ${certified} of ${certified + without.length} proved claims\n`);
  for (const { claim, because } of without) terminal.stderr(`  none for ${claim}: ${because}\n`);
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
  const context = model && openContext(model, network);
  const unshown = context && checked.proved ? notShown(context, context.evidence.may.ends(), checked.proved) : [];
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
function verdictOf({ problems, proved }: CheckResult): Verdict {
  if (problems.length > 0) return 'violated';
  return proved && proved.claims.length > 0 ? 'proved' : 'unknown';
}

/** Names are explained under `places`, in the words of the network. */
function documentOf({ problems, proved, notUnderstood }: CheckResult) {
  const packets = (set: number | undefined) =>
    set === undefined || !proved ? {} : { packets: formatPackets(proved.packets(set)) };
  const end = (number: number) => {
    const found = proved?.ends[number];
    return found ? endKey(found) : '';
  };
  return {
    cordon: 1,
    verdict: verdictOf({ problems, proved, notUnderstood }),
    problems,
    claims: (problems.length > 0 ? [] : (proved?.claims ?? [])).map((claim) =>
      claim.kind === 'isolation'
        ? { ...claim, forbidden: packets(claim.forbidden).packets ?? [] }
        : { ...claim, forbidden: ['any'] },
    ),
    places: Object.fromEntries(
      Object.entries(proved?.places ?? {}).map(([name, { kind, senders, receivers, hosts, vacant }]) => [
        name,
        {
          kind,
          sends: senders.flatMap((number) => {
            const sender = proved?.senders[number];
            return sender ? [{ end: endKey(sender.from), ...packets(sender.sent) }] : [];
          }),
          receives: receivers.map(([number, there]) => ({ end: end(number), ...packets(there) })),
          ...(hosts ? { hosts } : {}),
          ...(vacant ? { vacant } : {}),
        },
      ]),
    ),
    notUnderstood,
  };
}

function print({ problems, proved, notUnderstood }: CheckResult, invocation: Invocation): void {
  const { colors } = invocation;
  if (problems.length > 0) {
    invocation.print(colors.red('the certificates do not hold'));
    for (const problem of problems) invocation.print(`  ${problem}`);
    return;
  }
  if (!proved || proved.claims.length === 0)
    return invocation.print(colors.yellow('there are no claims in these certificates'));
  const ids = [...new Set(proved.claims.map(({ id }) => id))].sort();
  const isolation = ids.filter((id) => !id.startsWith('never/')).length;
  invocation.print(
    `${colors.green('the certificates hold')}: ${isolation} claims of isolation, ${ids.length - isolation} of what never happens, ${proved.senders.length} senders`,
  );
  if (invocation.options.quiet) return;
  for (const id of ids) invocation.print(`  ${id}`);
  const vacant = new Set(Object.values(proved.places).flatMap((place) => place.vacant ?? []));
  for (const id of [...vacant].sort()) {
    invocation.print(
      `  assumed: what is registered behind ${id} later answers on the port that its target group names`,
    );
  }
  for (const id of notUnderstood) invocation.print(`  not understood, so not spoken of: ${id}`);
}
