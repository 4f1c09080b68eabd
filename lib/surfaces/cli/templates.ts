/** Finding templates: a cloud assembly's directory, or template files with what is nested in them. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Diagnostic, hasErrors } from '../../base/diagnostics';
import type { NetworkModel } from '../../evidence/network';
import {
  makesStack,
  NESTED_STACK_TYPES,
  nestedStackName,
  parseTemplate,
  type ReadNetwork,
  readAssembly,
  readNetwork,
  type TemplateFile,
} from '../../evidence/template';
import type { Invocation } from './command';
import { asInputError, readText } from './files';
import { InputError } from './input-error';

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
  const files = given.map((file): TemplateFile => ({ stack: stackNameOf(file), file, text: readText(file, cwd) }));
  const names = new Set<string>();
  for (const { stack, file } of files) {
    if (names.has(stack)) {
      throw InputError.of(
        'CLI_STACK_TWICE',
        `two templates are called \`${stack}\`, the second is \`${file}\``,
        'rename one of the files',
      );
    }
    names.add(stack);
  }
  return withNested(files, options.nested ?? [], invocation);
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
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    const known = asInputError(error, file);
    if (known.diagnostics.some(({ code }) => code === 'FILE_NOT_FOUND')) return undefined;
    throw known;
  }
}

/** `net/core.template.json` → `core`; `net.yaml` → `net`: the name without its extension, CDK's double one included. */
export function stackNameOf(file: string): string {
  return path.basename(file).replace(/\.template\.(json|ya?ml)$|\.[^.]+$/i, '');
}

/** Nested templates by `--nested`, else by the path that CDK leaves on the resource, or that is written for the URL. */
function withNested(files: readonly TemplateFile[], nested: readonly string[], invocation: Invocation): TemplateFile[] {
  const { cwd } = invocation.terminal;
  const given = nested.map((text) => splitPair(text, '--nested', 'LogicalId=file'));
  const used = new Set<string>();
  const missing: Diagnostic[] = [];
  const all: TemplateFile[] = [];
  const queue = [...files];
  for (let file = queue.shift(); file; file = queue.shift()) {
    all.push(file);
    for (const { logicalId, asset } of nestedIn(file)) {
      const option = given.find(([name]) => name === `${file?.stack}.${logicalId}` || name === logicalId);
      if (option) used.add(option[0]);
      const found = option?.[1] ?? (asset === undefined ? undefined : path.join(path.dirname(file.file), asset));
      if (found === undefined || (!option && !fs.existsSync(path.resolve(cwd, found)))) {
        missing.push(notGiven(file, logicalId));
        continue;
      }
      const stack = nestedStackName(file.stack, logicalId);
      if (stack.split('/').length > 12)
        throw InputError.of('CLI_NESTED_TOO_DEEP', `nested stack \`${stack}\` holds itself`);
      queue.push({ stack, file: found, text: readText(found, cwd), parent: { stack: file.stack, logicalId } });
    }
  }
  const unused = given.find(([name]) => !used.has(name));
  if (unused) {
    throw InputError.of(
      'CLI_NESTED_UNKNOWN',
      `no template has a nested stack \`${unused[0]}\``,
      'name the AWS::CloudFormation::Stack resource',
    );
  }
  invocation.printDiagnostics(missing);
  return all;
}

function notGiven({ stack, file }: TemplateFile, logicalId: string): Diagnostic {
  return {
    code: 'CLI_NESTED_NOT_GIVEN',
    severity: 'warning',
    message: `the template of nested stack \`${nestedStackName(stack, logicalId)}\` is not given: what it makes is not known`,
    help: `give it with \`--nested ${logicalId}=<file>\``,
    span: { file, line: 1, column: 1 },
  };
}

function nestedIn({ stack, file, text }: TemplateFile): { logicalId: string; asset?: string }[] {
  if (![...NESTED_STACK_TYPES].some((type) => text.includes(type))) return [];
  const { template } = parseTemplate({ stack, file, text });
  return [...(template?.sections.Resources ?? [])].flatMap(([logicalId, resource]) => {
    if (!makesStack(fieldOf(resource, 'Type'))) return [];
    const properties = fieldOf(resource, 'Properties');
    const written = [
      fieldOf(fieldOf(resource, 'Metadata'), 'aws:asset:path'),
      fieldOf(properties, 'TemplateURL'),
      fieldOf(properties, 'Location'),
    ];
    const asset = written.find((each) => typeof each === 'string' && !each.includes('://'));
    return [{ logicalId, ...(typeof asset === 'string' ? { asset } : {}) }];
  });
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

/** `[Stack.]Name=value` → by name. */
export function parametersOf(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(given.map((text) => splitPair(text, '--parameter', '[Stack.]Name=value')));
}

function splitPair(text: string, option: string, form: string): [string, string] {
  const at = text.indexOf('=');
  if (at <= 0) throw InputError.of('CLI_OPTION', `\`${option} ${text}\` is not of the form ${form}`);
  return [text.slice(0, at), text.slice(at + 1)];
}
