/**
 * The command line: one file per command, all file and process access of the project. May import everything; the only
 * other surface it imports is `report`.
 */
import { Command, CommanderError, Option } from 'commander';
import { type CertificateOptions, checkCertificate } from './certificate';
import { conclude, Invocation, type SharedOptions } from './command';
import { DONE, type ExitCode, INPUT_INVALID, TOOL_FAILED } from './exit-code';
import { type ExplainOptions, explain } from './explain';
import { type InitOptions, init } from './init';
import { InputError } from './input-error';
import { packageVersion } from './package-root';
import { plan } from './plan';
import type { Terminal } from './terminal';
import { validate } from './validate';
import { type VerifyOptions, verify } from './verify';

export type { ExitCode } from './exit-code';
export type { Terminal } from './terminal';

/** Runs one command line and returns its exit code; never throws, never exits the process. */
export async function run(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = DONE;
  const program = buildProgram(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return concludeUsage(error, argv, terminal);
    terminal.stderr(`error[CORDON_INTERNAL]: an internal fault of Cordon: ${String(error)}\n`);
    return TOOL_FAILED;
  }
}

/** Help and version are answers; anything else that commander refuses is a mistake in the command line. */
function concludeUsage(
  error: CommanderError,
  argv: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> | ExitCode {
  if (error.exitCode === 0) return DONE;
  if (!argv.includes('--json')) return INPUT_INVALID;
  const message = error.message.replace(/^error: /, '');
  const invocation = new Invocation(terminal, { json: true });
  return conclude(invocation, () => Promise.reject(InputError.of('CLI_USAGE', message)));
}

type Done = (code: ExitCode) => void;

function buildProgram(terminal: Terminal, done: Done): Command {
  const program = new Command('cordon')
    .description('Declared zones become isolated AWS networks, and the plan is proved to open nothing else')
    .version(packageVersion(), '--version', 'the version of Cordon')
    .exitOverride()
    .configureOutput({ writeOut: terminal.stdout, writeErr: terminal.stderr })
    .showHelpAfterError('(run with --help to see what there is)');
  const act =
    <Options extends SharedOptions>(
      work: (estate: string | undefined, options: Options, invocation: Invocation) => ExitCode | Promise<ExitCode>,
    ) =>
    async (estate: string | undefined, options: Options) => {
      const invocation = new Invocation(terminal, options);
      done(
        await conclude(invocation, () => {
          checkDate(options.asOf);
          return work(estate, options, invocation);
        }),
      );
    };

  templates(shared(program.command('init [dir]')))
    .description('write a small estate that verifies as it is, or propose a zone file for templates that already run')
    .option('--profile <profile>', 'what to write: clinic (default), hospital or group')
    .option('--from <file...>', 'propose a zone file from these templates, or from a cloud assembly')
    .option('-o, --output <file>', 'write the proposal there')
    .option('--force', 'overwrite it')
    .action(act<InitOptions>((dir, options, invocation) => init(dir, options, invocation)));

  shared(program.command('validate <estate>'))
    .description('parse, resolve and validate zone files; print every mistake')
    .action(act((estate, _, invocation) => validate(given(estate), invocation)));

  shared(program.command('plan <estate>'))
    .description('addresses, mechanism per conduit, rules, quotas used, monthly cost')
    .action(act((estate, _, invocation) => plan(given(estate), invocation)));

  templates(shared(program.command('verify [estate]')))
    .description('synthesize (or read) the plan and verify it against the estate')
    .option('--zones <file>', 'the zone file or folder that binds zones to the templates')
    .option('--sarif <file>', 'write SARIF for code scanning')
    .option('--junit <file>', 'write JUnit XML for CI')
    .option('--markdown <file>', 'write Markdown for a pull request')
    .option('--certificates <dir>', 'write certificates of what is proved of isolation, and of what never happens')
    .action(act<VerifyOptions>((estate, options, invocation) => verify(estate, options, invocation)));

  const certificate = program.command('certificate').description('certificates that `verify --certificates` wrote');
  templates(shared(certificate.command('check <certificates>')))
    .description('check certificates against templates, without the engine')
    .option('--zones <file>', 'the zone file or folder: check too that the certificates show what their names say')
    .action(act<CertificateOptions>((file, options, invocation) => checkCertificate(given(file), options, invocation)));

  templates(shared(program.command('explain')))
    .description('one flow, hop by hop, with all that blocks it')
    .option('--from <end>', 'where it starts: internet, an address, LogicalId, Stack.LogicalId or zone:<name>')
    .option('--to <end>', 'where it ends')
    .option('--protocol <protocol>', 'tcp, udp, icmp, icmpv6, any, or a number')
    .option('--port <port>', 'destination port; without it, any')
    .option('--source-port <port>', 'source port; without it, some of 1024-65535')
    .option('--queries <file>', 'many flows, one JSON object a line')
    .option('--zones <file>', 'the zone file or folder, for ends such as zone:ehr')
    .action((options: ExplainOptions) =>
      act<ExplainOptions>((_, all, invocation) => explain(all, invocation))(undefined, options),
    );
  return program;
}

function shared(command: Command): Command {
  return command
    .exitOverride()
    .option('--json', 'one JSON document on standard output, nothing else there')
    .option('--as-of <date>', 'YYYY-MM-DD that reviews and expiries are judged at (default: today)')
    .option('--no-color', 'no colour')
    .option('--quiet', 'only what matters');
}

const collect = (value: string, previous: readonly string[] = []) => [...previous, value];

function templates(command: Command): Command {
  return command
    .option('--assembly <dir>', 'a cloud assembly: the folder that `cdk synth` wrote')
    .option('--template <file>', 'a CloudFormation template; repeat for more', collect)
    .addOption(new Option('--nested <LogicalId=file>', 'the template of a nested stack').argParser(collect))
    .addOption(new Option('--parameter <[Stack.]Name=value>', 'a value for a parameter').argParser(collect))
    .option('--region <region>', 'the region, where the templates do not say');
}

function given(estate: string | undefined): string {
  if (estate === undefined)
    throw InputError.of('CLI_USAGE', 'no estate is given', 'name a folder of zone files, or one file');
  return estate;
}

function checkDate(date: string | undefined): void {
  if (date === undefined) return;
  const parsed = /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : undefined;
  if (!parsed || Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 10) !== date) {
    throw InputError.of('CLI_DATE', `\`--as-of ${date}\` is no date`, 'write it as 2026-11-30');
  }
}
