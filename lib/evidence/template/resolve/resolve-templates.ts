/**
 * resolve: TemplateFile[] -> ResolvedTemplates. The pipeline reads from top to bottom in `resolveTemplates`.
 */
import { compareDiagnostics, type Diagnostic } from '../../../base/diagnostics';
import { isUnknown, type Origin } from '../../network';
import { originAt } from '../lazy-origin';
import { isRecord, type ParsedTemplate, parseTemplate, type RawRecord } from '../parse';
import {
  type AbsentResource,
  ChoiceValue,
  type OpaquePart,
  type ReadOptions,
  ReferenceValue,
  type Resolved,
  type ResolvedObject,
  type ResolvedTemplates,
  type Resource,
  type TemplateFile,
  TextWithReferences,
  UNKNOWN_REGION,
} from '../resource';
import { Estate } from './estate';
import { type Decision, idOf, isUnknownValue } from './evaluation';
import { typesIn } from './for-each';
import { both, type StackResolver } from './stack-resolver';
import { opaqueInclusion, opaqueModule, opaqueTransforms, readServerless } from './transforms';

const NO_METADATA: RawRecord = {};

export function resolveTemplates(files: readonly TemplateFile[], options: ReadOptions): ResolvedTemplates {
  const parsed = files.map((file) => ({ file, ...parseTemplate(file) }));
  const readable = parsed.flatMap(({ file, template }) => (template ? [{ file, template }] : []));
  const estate = new Estate(readable, options);
  const unread = parsed.filter(({ template }) => !template).map(({ file }) => unreadTemplate(file));
  const readings = estate.stacks.map((stack) => new StackReading(stack, estate).read());
  return {
    resources: readings.flatMap((reading) => reading.resources),
    absent: readings.flatMap((reading) => reading.absent),
    opaque: [...unread, ...readings.flatMap((reading) => reading.opaque)],
    region:
      options.region ??
      estate.stacks.map((stack) => stack.region).find((region) => region !== UNKNOWN_REGION) ??
      UNKNOWN_REGION,
    parameters: estate.stacks.flatMap((stack) => stack.parameterUses()),
    diagnostics: [
      ...parsed.flatMap(({ diagnostics }) => diagnostics),
      ...estate.diagnostics,
      ...unusedParameters(estate, options),
      ...estate.stacks.flatMap((stack) => stack.diagnostics),
      ...readings.flatMap((reading) => reading.diagnostics),
    ].sort(compareDiagnostics),
  };
}

/** A value for a parameter that no template has is a slip, and the parameter that was meant keeps its default. */
function unusedParameters(estate: Estate, options: ReadOptions): Diagnostic[] {
  const names = new Set(
    estate.stacks.flatMap(({ name, template }) =>
      [...template.sections.Parameters.keys()].flatMap((parameter) => [parameter, idOf(name, parameter)]),
    ),
  );
  return Object.keys(options.parameters ?? {})
    .filter((given) => !names.has(given))
    .map((given) => ({
      code: 'PARAMETER_UNKNOWN',
      severity: 'warning',
      message: `a value is given for parameter \`${given}\`, which no template has`,
    }));
}

function unreadTemplate(file: TemplateFile): OpaquePart {
  const place = { file: file.file, line: 1, column: 1 };
  const origin: Origin = { resource: file.stack, type: '', place };
  return {
    id: file.stack,
    stack: file.stack,
    kind: 'resource',
    reason: 'the template cannot be read',
    parameters: [],
    origin,
  };
}

/** The resources of one stack, and what of it cannot be read. */
class StackReading {
  readonly resources: Resource[] = [];
  readonly absent: AbsentResource[] = [];
  readonly opaque: OpaquePart[] = [];
  readonly diagnostics: Diagnostic[] = [];
  private readonly exists: Decision;

  constructor(
    private readonly stack: StackResolver,
    private readonly estate: Estate,
  ) {
    this.exists = stack.exists();
  }

  read(): this {
    if (this.exists === false) return this;
    const { template, name } = this.stack;
    for (const { kind, reason } of opaqueTransforms(template)) this.hide(name, kind, reason, [], this.originOf(name));
    for (const section of ['Conditions', 'Resources'] as const) {
      for (const { loop, why, fragment } of this.stack.expansion(section).opaque) {
        const id = idOf(name, loop);
        const origin = this.originOf(id, '', this.placeOf(template, `Fn::ForEach::${loop}`));
        const types = section === 'Resources' ? typesIn(fragment) : undefined;
        const part = { id, stack: name, kind: 'for-each' as const, reason: why.reason, parameters: why.parameters };
        this.opaque.push({ ...part, ...(types && { types }), origin });
      }
    }
    for (const [logicalId, raw] of this.stack.resources) this.entry(logicalId, raw);
    return this;
  }

  private entry(logicalId: string, raw: unknown): void {
    if (logicalId === 'Fn::Transform') {
      const { kind, reason } = opaqueInclusion(raw);
      this.hide(idOf(this.stack.name, logicalId), kind, reason, [], this.originOf(idOf(this.stack.name, logicalId)));
      return;
    }
    if (!isRecord(raw) || typeof raw.Type !== 'string' || raw.Type === '') {
      this.refuse(logicalId, 'TEMPLATE_RESOURCE_TYPE', `resource \`${logicalId}\` has no \`Type\``);
      return;
    }
    const serverless = readServerless(logicalId, raw, this.stack.template.globals);
    if (serverless?.opaque) this.hideResource(logicalId, raw.Type, 'macro', serverless.opaque, []);
    for (const each of serverless?.resources ?? [{ logicalId, raw }])
      this.resource(each.logicalId, each.raw, logicalId);
  }

  private resource(logicalId: string, raw: RawRecord, written: string): void {
    const { stack } = this;
    const type = String(raw.Type);
    const condition = both(this.exists, stack.resourceExists(written));
    if (condition === false) {
      const name = typeof raw.Condition === 'string' ? { condition: raw.Condition } : {};
      this.absent.push({ id: idOf(stack.name, logicalId), type, ...name });
      return;
    }
    this.recordNested(logicalId, type, condition);
    const properties = stack.within('Resources', written, () => stack.resolve(raw.Properties ?? {}));
    if (!isPlainObject(properties)) {
      const why = isUnknownValue(properties) ? properties.reason : '`Properties` is not an object';
      const parameters = isUnknownValue(properties) || properties instanceof ChoiceValue ? properties.parameters : [];
      if (isRecord(raw.Properties)) this.hideResource(logicalId, type, 'resource', why, parameters);
      else
        this.refuse(
          logicalId,
          'TEMPLATE_RESOURCE_PROPERTIES',
          `\`Properties\` of \`${logicalId}\` is not an object`,
          type,
        );
      return;
    }
    const id = stack.idOf(logicalId);
    const metadata = isRecord(raw.Metadata) ? raw.Metadata : NO_METADATA;
    const path = typeof metadata['aws:cdk:path'] === 'string' ? metadata['aws:cdk:path'] : undefined;
    const doubt = isUnknown(condition) ? condition : undefined;
    this.resources.push({
      id,
      stack: stack.name,
      ...(stack.parent && { outermost: outermostOf(stack).name }),
      logicalId,
      type,
      properties,
      certain: condition === true,
      condition: doubt,
      region: stack.region,
      account: stack.account,
      origin: originAt(
        { resource: id, type, path, tags: tagsOf(properties.Tags), doubt },
        stack.template.placeOf,
        written,
      ),
      metadata,
    });
  }

  private recordNested(logicalId: string, type: string, condition: Decision): void {
    const why = opaqueModule(this.stack.name, logicalId, type);
    if (why) this.hideResource(logicalId, type, 'include', why.reason, []);
    const isNested = type === 'AWS::CloudFormation::Stack';
    if (!isNested || this.estate.nested(this.stack.name, logicalId)) return;
    const reason = `the template of nested stack \`${idOf(this.stack.name, logicalId)}\` is not given`;
    this.hideResource(logicalId, type, 'nested-stack', reason, isUnknown(condition) ? condition.parameters : []);
  }

  private refuse(logicalId: string, code: string, message: string, type = ''): void {
    const span = this.stack.template.placeOf('Resources', logicalId) ?? {
      file: this.stack.template.file,
      line: 1,
      column: 1,
    };
    this.diagnostics.push({ code, severity: 'error', message, span });
    this.hideResource(logicalId, type, 'resource', message, []);
  }

  private hideResource(
    logicalId: string,
    type: string,
    kind: OpaquePart['kind'],
    reason: string,
    parameters: readonly string[],
  ): void {
    const id = idOf(this.stack.name, logicalId);
    this.hide(id, kind, reason, parameters, this.originOf(id, type, this.placeOf(this.stack.template, logicalId)));
  }

  private hide(
    id: string,
    kind: OpaquePart['kind'],
    reason: string,
    parameters: readonly string[],
    origin: Origin,
  ): void {
    this.opaque.push({ id, stack: this.stack.name, kind, reason, parameters, origin });
  }

  private originOf(resource: string, type = '', place = this.placeOf(this.stack.template)): Origin {
    return { resource, type, place };
  }

  private placeOf(template: ParsedTemplate, entry?: string) {
    const found = entry === undefined ? undefined : template.placeOf('Resources', entry);
    return found ?? { file: template.file, line: 1, column: 1 };
  }
}

/** Tags whose key and value are known texts; a list of `Key` and `Value`, or an object of names. */
function tagsOf(tags: Resolved | undefined): Readonly<Record<string, string>> | undefined {
  const found = new Map<string, string>();
  if (Array.isArray(tags)) {
    for (const tag of tags) {
      if (isRecord(tag) && typeof tag.Key === 'string' && typeof tag.Value === 'string') found.set(tag.Key, tag.Value);
    }
  } else if (isPlainObject(tags)) {
    for (const [key, value] of Object.entries(tags)) if (typeof value === 'string') found.set(key, value);
  }
  return found.size > 0 ? Object.fromEntries(found) : undefined;
}

function isPlainObject(value: Resolved | undefined): value is ResolvedObject {
  if (!isRecord(value) || isUnknownValue(value as Resolved)) return false;
  return !(value instanceof ReferenceValue || value instanceof TextWithReferences || value instanceof ChoiceValue);
}

function outermostOf(stack: StackResolver): StackResolver {
  let outermost = stack;
  for (let around = stack.parent; around; around = around.stack.parent) outermost = around.stack;
  return outermost;
}
