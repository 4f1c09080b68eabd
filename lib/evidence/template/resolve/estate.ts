/**
 * All stacks together: who is nested in whom, and what is exported to whom.
 */

import { distance, closest as nearestOf } from 'fastest-levenshtein';
import type { Diagnostic } from '../../../base/diagnostics';
import { isUnknown, type Unknown, unknown } from '../../network';
import { makesStack } from '../nested-stack';
import { isRecord, type ParsedTemplate } from '../parse';
import { type ReadOptions, ReferenceValue, type TemplateFile } from '../resource';
import { type Evaluated, idOf, isScalar, makeChoice, unknownWithToken } from './evaluation';
import { Memo } from './memo';
import { type Neighbours, StackResolver } from './stack-resolver';
import { WrittenParameters } from './stored-parameters';

interface Export {
  readonly stack: StackResolver;
  readonly output: string;
}

interface Writer {
  readonly stack: StackResolver;
  readonly region: Evaluated;
  readonly raw: unknown;
}

export class Estate implements Neighbours {
  readonly depth = { level: 0 };
  readonly diagnostics: Diagnostic[] = [];
  readonly stacks: readonly StackResolver[];
  private readonly byName = new Map<string, StackResolver>();
  private readonly children = new Map<string, StackResolver>();
  private exports: ReadonlyMap<string, readonly Export[]> | undefined;
  private hints = 0;
  private crossRegion: ReadonlyMap<string, readonly Writer[]> | undefined;
  private readonly systemsManager = new WrittenParameters(() => this.stacks);
  private readonly written = new Memo<Evaluated>((key) => unknown(`\`${key}\` refers to itself across regions`));

  constructor(
    templates: readonly { readonly file: TemplateFile; readonly template: ParsedTemplate }[],
    readonly options: ReadOptions,
  ) {
    for (const { file, template } of templates) this.add(file, template);
    this.stacks = [...this.byName.values()];
    // stacks made by a loop come last: writing out a loop may ask for parameters, which parents pass
    for (const { file } of templates) this.adopt(file, (above, id) => above.template.sections.Resources.get(id));
    for (const { file } of templates) this.adopt(file, (above, id) => above.resources.get(id));
    for (const { file } of templates) this.orphan(file);
  }

  private add(file: TemplateFile, template: ParsedTemplate): void {
    if (this.byName.has(file.stack)) {
      this.complain('TEMPLATE_STACK_TWICE', 'error', `two templates are called \`${file.stack}\``, file.file);
      return;
    }
    const place = { region: known(file.region), account: known(file.account), parameters: file.parameters };
    this.byName.set(file.stack, new StackResolver(file.stack, template, place, this));
  }

  private adopt(
    { stack, parent, file }: TemplateFile,
    find: (above: StackResolver, logicalId: string) => unknown,
  ): void {
    const child = this.byName.get(stack);
    const above = parent && this.byName.get(parent.stack);
    if (!child || !above || child.parent || child.template.file !== file) return;
    const raw = find(above, parent.logicalId);
    if (!isRecord(raw) || !makesStack(raw.Type)) return;
    for (let each: StackResolver | undefined = above; each; each = each.parent?.stack) {
      if (each !== child) continue;
      this.complain('TEMPLATE_REFERENCE_CYCLE', 'error', `stack \`${stack}\` is nested in itself`, file);
      return;
    }
    child.parent = { stack: above, logicalId: parent.logicalId };
    this.children.set(idOf(parent.stack, parent.logicalId), child);
  }

  private orphan({ stack, parent, file }: TemplateFile): void {
    if (!parent || this.byName.get(stack)?.parent) return;
    const message = `\`${idOf(parent.stack, parent.logicalId)}\`, the parent of \`${stack}\`, is no nested stack`;
    this.complain('TEMPLATE_PARENT', 'error', message, file);
  }

  private complain(code: string, severity: 'error' | 'warning', message: string, file: string): void {
    this.diagnostics.push({ code, severity, message, span: { file, line: 1, column: 1 } });
  }

  resourceCalled(id: string): Evaluated {
    const dot = id.lastIndexOf('.');
    const stack = dot > 0 ? this.byName.get(id.slice(0, dot)) : undefined;
    return stack?.makes(id.slice(dot + 1)) ? new ReferenceValue({ resource: id }) : undefined;
  }

  nested(parent: string, logicalId: string): StackResolver | undefined {
    return this.children.get(idOf(parent, logicalId));
  }

  /**
   * The output that is exported by this name to the importer's region and account. Where conditions leave several, it is
   * one of them; where none has the name, the import comes from outside.
   */
  importValue(name: string, importer: StackResolver): Evaluated {
    const place = [importer.account, importer.region].filter((each) => known(each) !== undefined);
    const token = `import ${[...place, name].join('/')}`;
    const all = this.exported().get(name) ?? [];
    const fitting = all.filter(({ stack }) => stack.region === importer.region && stack.account === importer.account);
    if (fitting.length === 0) {
      const reason =
        all.length === 0
          ? `no given template exports \`${name}\``
          : `\`${name}\` is exported in another region or account than \`${importer.name}\`'s`;
      const near = this.hints++ < MAX_HINTS ? closest(name, [...this.exported().keys()]) : undefined;
      importer.report('TEMPLATE_IMPORT', reason, near && `did you mean \`${near}\`?`);
      return unknownWithToken(reason, [], token);
    }
    const values = fitting.map(({ stack, output }) => stack.output(output));
    return makeChoice(values, `\`${name}\` is exported ${fitting.length} times`, this.deciders(fitting));
  }

  exportsLike(name: Unknown): { readonly stack: string; readonly value: string } | undefined {
    const [, before, after] = /^([^$]*)\$\{[^{}]*\}([^$]*)$/.exec(name.token ?? '') ?? [];
    if (before === undefined || after === undefined || before + after === '') return undefined;
    const found = [...this.exported()].filter(([each]) => each.startsWith(before) && each.endsWith(after));
    const [only] = found;
    const stack = only?.[1][0]?.stack.name;
    if (!only || stack === undefined || found.length > 1 || only[0].length <= before.length + after.length)
      return undefined;
    return { stack, value: only[0].slice(before.length, only[0].length - after.length) };
  }

  /** The parameters that decide which of several exports there is. */
  private deciders(exports: readonly Export[]): string[] {
    return exports.flatMap(({ stack, output }) => {
      const decision = stack.outputExists(output);
      return isUnknown(decision) ? [...decision.parameters] : [];
    });
  }

  private exported(): ReadonlyMap<string, readonly Export[]> {
    if (this.exports) return this.exports;
    const exports = new Map<string, Export[]>();
    // what an export's name imports is from outside: AWS lets no resource decide a name
    this.exports = exports;
    for (const stack of this.stacks) {
      if (stack.exists() === false) continue;
      for (const output of stack.outputNames) {
        const name = stack.exportName(output);
        if (!isScalar(name)) continue;
        const same = exports.get(String(name));
        if (same) same.push({ stack, output });
        else exports.set(String(name), [{ stack, output }]);
      }
    }
    return exports;
  }

  crossRegionExport(name: string, importer: StackResolver): Evaluated {
    const writers = this.writers().get(name) ?? [];
    const near = writers.filter(
      ({ stack, region }) => stack.account === importer.account && region === importer.region,
    );
    const [writer] = near;
    if (!writer || near.length > 1) return undefined;
    return this.written.get(`${importer.region}/${name}`, () => writer.stack.resolve(writer.raw));
  }

  /** CDK's `Custom::CrossRegionExportWriter`: what one stack writes for those of another region. */
  private writers(): ReadonlyMap<string, readonly Writer[]> {
    if (this.crossRegion) return this.crossRegion;
    const writers = new Map<string, Writer[]>();
    this.crossRegion = writers;
    for (const stack of this.stacks) {
      if (stack.exists() === false) continue;
      for (const raw of stack.resources.values()) {
        if (!isRecord(raw) || raw.Type !== 'Custom::CrossRegionExportWriter' || !isRecord(raw.Properties)) continue;
        const { WriterProps } = raw.Properties;
        if (!isRecord(WriterProps) || !isRecord(WriterProps.exports)) continue;
        const region = stack.resolve(WriterProps.region);
        for (const [name, value] of Object.entries(WriterProps.exports)) {
          writers.set(name, [...(writers.get(name) ?? []), { stack, region, raw: value }]);
        }
      }
    }
    return writers;
  }

  systemsParameter(name: Evaluated, reader: StackResolver): Evaluated {
    return this.systemsManager.value(name, reader);
  }

  stackOutput(name: string, output: string, region: string): Evaluated {
    const stack = this.byName.get(name);
    if (stack && stack.region === region) return stack.output(output);
    return unknownWithToken(
      `stack \`${name}\` in \`${region}\` is not given`,
      [],
      `output ${region}/${name}.${output}`,
    );
  }
}

/** The candidate that a slip of the pen may have meant. */
function closest(name: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0 || candidates.length > MAX_CANDIDATES) return undefined;
  const nearest = nearestOf(name, candidates);
  return distance(name, nearest) <= Math.max(2, name.length / 3) ? nearest : undefined;
}

const MAX_CANDIDATES = 1000;
/** Comparing names costs; whoever misses more than this many imports misses a template. */
const MAX_HINTS = 20;

/** An assembly says `unknown-region` where it does not know. */
function known(place: string | undefined): string | undefined {
  return place === undefined || place === '' || place.startsWith('unknown-') ? undefined : place;
}
