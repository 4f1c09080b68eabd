/** Finding templates: a cloud assembly's directory, or template files with what is nested in them. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { hasErrors } from '../../base/diagnostics';
import type { NetworkModel } from '../../evidence/network';
import { type ReadNetwork, readAssembly, readNetwork, type TemplateFile } from '../../evidence/template';
import type { Invocation } from './command';
import { asInputError, decoded, readText } from './files';
import { InputError } from './input-error';
import { withNested } from './nested-templates';
import { stackNameOf, stackNamesOf } from './stack-names';

export interface TemplateOptions {
  readonly assembly?: string;
  readonly template?: readonly string[];
  /** `LogicalId=file` or `Stack.LogicalId=file` */
  readonly nested?: readonly string[];
}

/** Reads everything and returns the network; what cannot be read ends the command with exit code 3. */
export function openNetwork(options: TemplateOptions, invocation: Invocation, region?: string): NetworkModel {
  return readTemplates(options, invocation, region).network;
}

/** As `openNetwork`, with the resources as they are written. */
export function readTemplates(options: TemplateOptions, invocation: Invocation, region?: string): ReadNetwork {
  const { stopwatch } = invocation;
  const files = stopwatch.stage('read files', () => openTemplates(options, invocation));
  invocation.remember(files);
  const read = stopwatch.stage('read templates', () =>
    readNetwork(files, {
      parameters: parametersOf(invocation.options.parameter ?? []),
      ...(invocation.options.region === undefined
        ? region === undefined
          ? {}
          : { region }
        : { region: invocation.options.region }),
    }),
  );
  if (hasErrors(read.diagnostics)) throw new InputError(read.diagnostics);
  invocation.printDiagnostics(read.diagnostics);
  return read;
}

function openTemplates(options: TemplateOptions, invocation: Invocation): readonly TemplateFile[] {
  const { cwd } = invocation.terminal;
  const given = options.template ?? [];
  if (options.assembly !== undefined && given.length > 0) {
    throw InputError.of('CLI_TWO_INPUTS', 'both `--assembly` and `--template` are given', 'give one of the two');
  }
  if (options.assembly !== undefined) return openAssembly(options.assembly, cwd);
  const assemblies = given.filter((file) => isAssembly(file, cwd));
  const [only] = assemblies;
  if (only !== undefined && given.length === 1) return openAssembly(only, cwd);
  const paths = given.map((file) => path.resolve(cwd, file));
  const again = given.find((_, at) => paths.indexOf(paths[at] as string) !== at);
  if (again !== undefined) {
    throw InputError.of('CLI_TEMPLATE_TWICE', `\`${again}\` is given twice`, 'give each template once');
  }
  const names = stackNamesOf(paths);
  const files = given.map(
    (file, at): TemplateFile => ({ stack: names[at] ?? stackNameOf(file), file, text: readText(file, cwd) }),
  );
  const nested = (options.nested ?? []).map((text) => splitPair(text, '--nested', 'LogicalId=file'));
  const unfolded = withNested(files, nested, cwd);
  invocation.printDiagnostics(unfolded.missing);
  return unfolded.files;
}

function isAssembly(file: string, cwd: string): boolean {
  return fs.existsSync(path.join(path.resolve(cwd, file), 'manifest.json'));
}

export function openAssembly(directory: string, cwd: string): readonly TemplateFile[] {
  const root = path.resolve(cwd, directory);
  if (!isAssembly(directory, cwd)) {
    throw InputError.of(
      'ASSEMBLY_NOT_FOUND',
      `\`${directory}\` is no cloud assembly: it holds no manifest.json`,
      'give the folder that `cdk synth` wrote, by default cdk.out',
    );
  }
  const read = (relative: string) => tryRead(path.isAbsolute(relative) ? relative : path.join(root, relative));
  const { files, diagnostics } = readAssembly(read);
  if (hasErrors(diagnostics)) throw new InputError(diagnostics);
  if (files.length === 0) {
    throw InputError.of(
      'ASSEMBLY_EMPTY',
      `\`${directory}\` holds no stack`,
      'an assembly without stacks proves nothing',
    );
  }
  return files;
}

function tryRead(file: string): string | undefined {
  try {
    return decoded(fs.readFileSync(file), file);
  } catch (error) {
    const known = asInputError(error, file);
    if (known.diagnostics.some(({ code }) => code === 'FILE_NOT_FOUND')) return undefined;
    throw known;
  }
}

/** `[Stack.]Name=value` → by name. */
export function parametersOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((text) => splitPair(text, '--parameter', '[Stack.]Name=value')));
}

function splitPair(text: string, option: string, form: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0)
    throw InputError.of('CLI_OPTION', `\`${option} ${text}\` is not of the form ${form}`, `write ${option} ${form}`);
  return [text.slice(0, at), text.slice(at + 1)];
}
