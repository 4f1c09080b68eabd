/**
 * Which template a nested stack is made of: TemplateFile[] -> TemplateFile[] with parents and with what is nested in them.
 *
 * One that is named by `--nested` comes first, then the path that CDK leaves on the resource or that is written for the
 * URL, then a given template of the name that the URL ends with: whoever has a quick start's files gives them all. A given
 * template that makes one nested stack keeps its name; one that makes several is read once for each of them.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Diagnostic } from '../../base/diagnostics';
import {
  makesStack,
  NESTED_STACK_TYPES,
  nestedStackName,
  parseTemplate,
  type TemplateFile,
} from '../../evidence/template';
import { readText } from './files';
import { InputError } from './input-error';

/** A resource that makes a stack, and what it says of its template. */
interface NestedStack {
  readonly logicalId: string;
  /** a path beside the template */
  readonly asset?: string;
  /** the end of a URL, as far as it is written out */
  readonly url?: string;
}

export interface NestedTemplates {
  readonly files: readonly TemplateFile[];
  readonly missing: readonly Diagnostic[];
}

export function withNested(
  given: readonly TemplateFile[],
  options: readonly (readonly [name: string, file: string])[],
  cwd: string,
): NestedTemplates {
  return new Nesting(given, options, cwd).unfold();
}

const MAX_LEVELS = 12;

class Nesting {
  private readonly used = new Set<string>();
  private readonly stacksIn = new Map<string, readonly NestedStack[]>();

  constructor(
    private readonly given: readonly TemplateFile[],
    private readonly options: readonly (readonly [name: string, file: string])[],
    private readonly cwd: string,
  ) {}

  unfold(): NestedTemplates {
    const claimed = new Set(
      this.given.flatMap((file) => this.nestedIn(file).map((stack) => this.templateOf(file, stack)?.given)),
    );
    const roots = this.given.filter((file) => !claimed.has(file));
    const counts = new Map<TemplateFile, number>();
    for (const root of roots) this.walk(root, (template) => counts.set(template, (counts.get(template) ?? 0) + 1));
    // templates that nest each other have no root
    const loose = this.given.filter((file) => claimed.has(file) && !counts.has(file));
    const files = [...roots, ...loose];
    const missing: Diagnostic[] = [];
    for (let at = 0; at < files.length; at++) {
      const file = files[at];
      if (file) files.push(...this.children(file, counts, missing));
    }
    const unused = this.options.find(([name]) => !this.used.has(name));
    if (unused) {
      const help = 'name the AWS::CloudFormation::Stack resource';
      throw InputError.of('CLI_NESTED_UNKNOWN', `no template has a nested stack \`${unused[0]}\``, help);
    }
    return { files, missing };
  }

  /** Counts how many stacks each given template makes. */
  private walk(file: TemplateFile, count: (template: TemplateFile) => void, level = 0): void {
    if (level > MAX_LEVELS) return;
    for (const stack of this.nestedIn(file)) {
      const given = this.templateOf(file, stack)?.given;
      if (!given) continue;
      count(given);
      this.walk(given, count, level + 1);
    }
  }

  private children(file: TemplateFile, counts: ReadonlyMap<TemplateFile, number>, missing: Diagnostic[]) {
    return this.nestedIn(file).flatMap((nested): TemplateFile[] => {
      const found = this.templateOf(file, nested);
      if (!found) {
        missing.push(notGiven(file, nested.logicalId));
        return [];
      }
      const parent = { stack: file.stack, logicalId: nested.logicalId };
      const { given } = found;
      if (given && counts.get(given) === 1) return [{ ...given, parent }];
      const stack = nestedStackName(file.stack, nested.logicalId);
      if (stack.split('/').length > MAX_LEVELS)
        throw InputError.of(
          'CLI_NESTED_TOO_DEEP',
          `nested stack \`${stack}\` holds itself`,
          'give each template its own nested ones',
        );
      return [{ stack, file: found.path, text: given?.text ?? readText(found.path, this.cwd), parent }];
    });
  }

  private templateOf(
    file: TemplateFile,
    { logicalId, asset, url }: NestedStack,
  ): { readonly path: string; readonly given?: TemplateFile } | undefined {
    const option = this.options.find(([name]) => name === `${file.stack}.${logicalId}` || name === logicalId);
    if (option) {
      this.used.add(option[0]);
      return { path: option[1] };
    }
    const beside = asset === undefined ? undefined : path.join(path.dirname(file.file), asset);
    const others = this.given.filter((each) => each.file !== file.file);
    if (beside !== undefined && fs.existsSync(path.resolve(this.cwd, beside))) {
      const given = others.find((each) => path.resolve(this.cwd, each.file) === path.resolve(this.cwd, beside));
      return { path: beside, ...(given && { given }) };
    }
    const given = url === undefined ? undefined : this.namedAs(url, others);
    return given && { path: given.file, given };
  }

  /** The one whose path ends most like a URL does. */
  private namedAs(url: string, templates: readonly TemplateFile[]): TemplateFile | undefined {
    const alike = templates.map((template) => commonEnd(url.split('/'), path.resolve(this.cwd, template.file)));
    const most = Math.max(...alike);
    const found = most > 0 ? templates.filter((_, at) => alike[at] === most) : [];
    return found.length === 1 ? found[0] : undefined;
  }

  private nestedIn({ stack, file, text }: TemplateFile): readonly NestedStack[] {
    let known = this.stacksIn.get(file);
    if (!known) {
      known = nestedStacks({ stack, file, text });
      this.stacksIn.set(file, known);
    }
    return known;
  }
}

/** How many names a URL and a path have in common at their end. */
function commonEnd(url: readonly string[], file: string): number {
  const names = file.split(path.sep).reverse();
  const differs = url.toReversed().findIndex((name, at) => name !== names[at]);
  return differs === -1 ? url.length : differs;
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

function nestedStacks({ stack, file, text }: TemplateFile): NestedStack[] {
  if (![...NESTED_STACK_TYPES].some((type) => text.includes(type))) return [];
  const { template } = parseTemplate({ stack, file, text });
  return [...(template?.sections.Resources ?? [])].flatMap(([logicalId, resource]) => {
    if (!makesStack(fieldOf(resource, 'Type'))) return [];
    const properties = fieldOf(resource, 'Properties');
    const local = fieldOf(fieldOf(resource, 'Metadata'), 'aws:asset:path');
    const written = [local, fieldOf(properties, 'TemplateURL'), fieldOf(properties, 'Location')];
    const asset = written.find((each) => typeof each === 'string' && !each.includes('://'));
    const url = written.map(writtenEnd).find((each) => each !== undefined);
    return [{ logicalId, ...(typeof asset === 'string' && { asset }), ...(url !== undefined && { url }) }];
  });
}

/** What is written out at the end of a text: behind its last placeholder, before a query. */
function writtenEnd(value: unknown): string | undefined {
  const sub = fieldOf(value, 'Fn::Sub');
  const join = fieldOf(value, 'Fn::Join');
  const text = typeof value === 'string' ? value : Array.isArray(sub) ? sub[0] : (sub ?? joined(join));
  if (typeof text !== 'string') return undefined;
  const end = text.slice(text.lastIndexOf('}') + 1).replace(/\?.*$/, '');
  return /\.[a-z]+$/i.test(end) ? end : undefined;
}

function joined(join: unknown): string | undefined {
  const [delimiter, parts]: readonly unknown[] = Array.isArray(join) ? join : [];
  if (typeof delimiter !== 'string' || !Array.isArray(parts)) return undefined;
  return parts.map((part) => (typeof part === 'string' ? part : '{}')).join(delimiter);
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}
