/**
 * `cordon init`: the way in. Either a small estate of one's own that verifies as it is, or, with `--from`, a proposed
 * zone file for CloudFormation that already runs.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { proposeEstate } from '../../verdict';
import type { Invocation, SharedOptions } from './command';
import { DONE, type ExitCode } from './exit-code';
import { asInputError, readText, writeAtomically } from './files';
import { InputError } from './input-error';
import { packageRoot } from './package-root';
import { stackNameOf } from './stack-names';
import { openNetwork, type TemplateOptions } from './templates';

export interface InitOptions extends SharedOptions, TemplateOptions {
  readonly profile?: string;
  readonly from?: readonly string[];
  readonly output?: string;
  readonly force?: boolean;
}

/** Estates that the package brings along, by profile. */
const PROFILES: Readonly<Record<string, string>> = {
  clinic: 'zones/clinic',
  hospital: 'zones/hospital',
  group: 'zones/group',
};
const SCHEMA = 'schema/zones.schema.json';

export function init(dir: string | undefined, options: InitOptions, invocation: Invocation): ExitCode {
  const given = [...(options.from ?? []), ...(options.template ?? [])];
  if (given.length === 0 && options.assembly === undefined) return writeEstate(dir ?? '.', options, invocation);
  if (dir !== undefined || options.profile !== undefined) {
    const help = 'write the proposal to a file with `--output`; a folder and a profile are for an estate of your own';
    throw InputError.of('CLI_USAGE', 'with `--from` there is no folder and no `--profile` to give', help);
  }
  return propose(given, options, invocation);
}

// ------------------------------------------------------------------------------------------------------- proposals

function propose(given: readonly string[], options: InitOptions, invocation: Invocation): ExitCode {
  const { output, force } = options;
  const { cwd } = invocation.terminal;
  if (output !== undefined && force !== true) refuseExisting([output], cwd, 'add `--force` to overwrite it');
  const network = openNetwork({ ...options, template: given }, invocation);
  const name = stackNameOf(path.resolve(cwd, options.assembly ?? given[0] ?? 'estate'));
  const folder = path.dirname(path.resolve(cwd, output ?? 'zones.yaml'));
  const schema = slashed(path.relative(folder, path.join(packageRoot(), SCHEMA)));
  const proposal = invocation.stopwatch.stage('propose', () =>
    proposeEstate({ network, name, asOf: invocation.asOf, schema }),
  );
  const { text, zones, conduits, findings } = proposal;
  if (zones === 0) {
    const help = 'a zone is bound to VPCs, subnets or groups: give the templates that make them, nested ones included';
    throw InputError.of('PROPOSAL_EMPTY', 'these templates have no subnet, so there is nothing to zone', help);
  }
  if (output !== undefined) writeAtomically(output, text, cwd);
  if (options.json) {
    invocation.printJson({ cordon: 1, ...proposal, ...(output === undefined ? {} : { output }) });
  } else if (output === undefined) invocation.print(text);
  if (!options.quiet && !options.json) {
    const where = output === undefined ? 'proposed' : `wrote ${output}:`;
    const open = findings.length > 0 ? `; ${findings.length} things that no zone file can declare, listed on top` : '';
    invocation.terminal.stderr(
      `${where} ${zones} zones and ${conduits} conduits, each waiting for its reason${open}\n`,
    );
  }
  return DONE;
}

// --------------------------------------------------------------------------------------------------------- estates

function writeEstate(dir: string, options: InitOptions, invocation: Invocation): ExitCode {
  const { cwd } = invocation.terminal;
  const profile = options.profile ?? 'clinic';
  const source = Object.hasOwn(PROFILES, profile) ? PROFILES[profile] : undefined;
  if (source === undefined) {
    const help = `there is \`${Object.keys(PROFILES).join('`, `')}\``;
    throw InputError.of('CLI_OPTION', `there is no profile \`${profile}\``, help);
  }
  if (options.output !== undefined || options.force) {
    const help = 'an estate is written to the folder that you name, and overwrites nothing';
    throw InputError.of('CLI_USAGE', '`--output` and `--force` go with `--from`', help);
  }
  const files = [...filesOfProfile(profile, source), ...filesOfApp(path.resolve(cwd, dir))];
  const written = files.map(({ file, text }) => ({ file: path.join(dir, file), text }));
  refuseExisting(
    written.map(({ file }) => file),
    cwd,
    'choose a folder that does not have it',
  );
  for (const { file, text } of written) writeAtomically(file, text, cwd);
  const names = written.map(({ file }) => slashed(file));
  if (options.json) invocation.printJson({ cordon: 1, profile, files: names });
  else if (!options.quiet) {
    const zones = slashed(path.join(dir, 'zones'));
    invocation.print(`${names.join('\n')}\n\nNext: cordon verify ${zones}`);
  }
  return DONE;
}

interface NewFile {
  readonly file: string;
  readonly text: string;
}

/** The addresses come along: they are part of what was proved. */
function filesOfProfile(profile: string, source: string): NewFile[] {
  const root = packageRoot();
  const folder = path.join(root, source);
  const zones = fs.readdirSync(folder).map((name) => {
    const text = readText(path.join(folder, name), root);
    return { file: path.join('zones', name), text: text.replaceAll(`../../${SCHEMA}`, `../${SCHEMA}`) };
  });
  if (zones.length === 0) throw new Error(`the package has no estate for profile ${profile}`);
  return [...zones, { file: SCHEMA, text: readText(path.join(root, SCHEMA), root) }];
}

/** A CDK app around the zones: Cordon's own, pointed at this folder's zone files. */
function filesOfApp(folder: string): NewFile[] {
  const cordon = slashed(path.relative(folder, packageRoot()));
  const cdk = {
    app: 'node node_modules/cordon/dist/bin/app.js',
    versionReporting: false,
    context: { estate: 'zones', '@aws-cdk/core:stackRelativeExports': true },
  };
  const manifest = {
    private: true,
    scripts: { start: 'cordon verify zones', synth: 'cdk synth' },
    dependencies: { cordon: `file:${cordon}` },
    devDependencies: { 'aws-cdk': '^2.1148.1' },
  };
  return [
    { file: 'cdk.json', text: `${JSON.stringify(cdk, undefined, 2)}\n` },
    { file: 'package.json', text: `${JSON.stringify(manifest, undefined, 2)}\n` },
    { file: '.gitignore', text: 'node_modules/\ncdk.out/\n.cordon/\n' },
  ];
}

// ---------------------------------------------------------------------------------------------------------- shared

function refuseExisting(files: readonly string[], cwd: string, help: string): void {
  const existing = files.find((file) => exists(path.resolve(cwd, file), file));
  if (existing !== undefined) throw InputError.of('FILE_EXISTS', `\`${slashed(existing)}\` is there already`, help);
}

/** A dangling link is there too. */
function exists(full: string, file: string): boolean {
  try {
    fs.lstatSync(full);
    return true;
  } catch (error) {
    const known = asInputError(error, file);
    if (known.diagnostics.some(({ code }) => code === 'FILE_NOT_FOUND')) return false;
    throw known;
  }
}

function slashed(file: string): string {
  return file.split(path.sep).join('/');
}
