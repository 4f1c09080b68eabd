/**
 * One stack: its template's values, resolved when first asked for and remembered. What asks for itself ends in a
 * diagnostic, not in recursion.
 */
import type { Diagnostic } from '../../../base/diagnostics';
import { formatPrefix } from '../../../base/net';
import { isUnknown, type ResourceId, type Unknown, unknown } from '../../network';
import { standInRange } from '../amazon-ipv6';
import { makesStack } from '../nested-stack';
import { isRecord, type ParsedTemplate, type SectionName } from '../parse';
import {
  type ParameterUse,
  type ReadOptions,
  ReferenceValue,
  type Resolved,
  UNKNOWN_ACCOUNT,
  UNKNOWN_REGION,
} from '../resource';
import { attributeReader } from './attributes';
import { decide, undecidedCondition } from './conditions';
import {
  type Decision,
  type Evaluated,
  idOf,
  type Mapping,
  mergeUnknowns,
  type StackView,
  settle,
  unknownWithToken,
} from './evaluation';
import { Evaluator, MAX_DEPTH } from './evaluator';
import { type Expansion, expandLoops, FOR_EACH } from './for-each';
import { readMapping } from './mappings';
import { Memo } from './memo';
import { type ParameterValue, parameterValue } from './parameters';
import { pseudoParameter } from './pseudo-parameters';
import { Reporter } from './reporter';

/** What a stack asks of the others. */
export interface Neighbours {
  readonly options: ReadOptions;
  readonly depth: { level: number };
  importValue(name: string, importer: StackResolver): Evaluated;
  /** a value that would complete the name to one that is exported, if there is just one */
  exportsLike(name: Unknown): { readonly stack: string; readonly value: string } | undefined;
  stackOutput(stack: string, output: string, region: string): Evaluated;
  /** a reference to a resource of any given template; undefined where none has the id */
  resourceCalled(id: string): Evaluated;
  nested(parent: string, logicalId: string): StackResolver | undefined;
  /** what a given template writes to Systems Manager for the reader; undefined where none does */
  systemsParameter(name: Evaluated, reader: StackResolver): Evaluated;
  /** what CDK writes for a stack in another region to read; undefined where no given stack writes it */
  crossRegionExport(name: string, importer: StackResolver): Evaluated;
}

export interface StackPlace {
  readonly region?: string;
  readonly account?: string;
  /** values that come with the template, by parameter name */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** As much as loops may write out in one stack; CloudFormation accepts 500 resources. */
const MAX_LOOP_NODES = 300_000;
/** CDK's custom resource whose attributes are values of stacks in other regions */
const CROSS_REGION_READER = 'Custom::CrossRegionExportReader';

export class StackResolver implements StackView {
  parent: { readonly stack: StackResolver; readonly logicalId: string } | undefined;
  private readonly parameterValues: Memo<ParameterValue>;
  private readonly decisions: Memo<Decision>;
  private readonly outputs: Memo<Evaluated>;
  private readonly attributes: Memo<Evaluated>;
  private readonly sections: Memo<Expansion>;
  private readonly entries = new Map<SectionName, ReadonlyMap<string, unknown>>();
  private readonly references = new Map<string, ReferenceValue>();
  private readonly ids = new Map<string, ResourceId>();
  private readonly mappings = new Map<string, Mapping>();
  private existence: Decision | undefined;
  private loopBudget = MAX_LOOP_NODES;
  private readonly reporter: Reporter;
  private readonly evaluator: Evaluator;

  constructor(
    readonly name: string,
    readonly template: ParsedTemplate,
    private readonly place: StackPlace,
    private readonly neighbours: Neighbours,
  ) {
    this.reporter = new Reporter(template);
    this.evaluator = new Evaluator(this, neighbours.depth);
    const cycle = (what: string) => (key: string) => this.cycle(what, key);
    this.decisions = new Memo<Decision>(cycle('condition'));
    this.outputs = new Memo<Evaluated>(cycle('output'));
    this.attributes = new Memo<Evaluated>(cycle('attribute'));
    this.sections = new Memo<Expansion>((key) => ({
      entries: [],
      opaque: [{ loop: key, why: this.cycle('section', key) }],
    }));
    this.parameterValues = new Memo<ParameterValue>((key) => ({
      value: this.cycle('parameter', key),
      use: { id: idOf(this.name, key), type: 'String', from: 'none' },
    }));
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.reporter.diagnostics;
  }

  get region(): string {
    return this.place.region ?? this.parent?.stack.region ?? this.neighbours.options.region ?? UNKNOWN_REGION;
  }

  get account(): string {
    return this.place.account ?? this.parent?.stack.account ?? UNKNOWN_ACCOUNT;
  }

  // ------------------------------------------------------------------------------------------------ the sections

  /** A section with its loops written out. */
  expansion(section: SectionName): Expansion {
    return this.sections.get(section, () =>
      this.within(section, '', () => expandLoops(this.template.sections[section], this)),
    );
  }

  private section(name: SectionName): ReadonlyMap<string, unknown> {
    const raw = this.template.sections[name];
    let known = this.entries.get(name);
    if (known) return known;
    const hasLoops = [...raw.keys()].some((key) => key.startsWith(FOR_EACH));
    known = hasLoops ? new Map(this.expansion(name).entries.map(({ key, value }) => [key, value])) : raw;
    if (!this.sections.isOpen(name)) this.entries.set(name, known);
    return known;
  }

  /** The resources as written, loops written out. */
  get resources(): ReadonlyMap<string, unknown> {
    return this.section('Resources');
  }

  /** Whether a resource is called so; loops are written out only where none is that stands outside of them. */
  makes(logicalId: string): boolean {
    if (this.template.sections.Resources.has(logicalId)) return true;
    return !this.sections.isOpen('Resources') && this.resources.has(logicalId);
  }

  get outputNames(): readonly string[] {
    return [...this.section('Outputs').keys()];
  }

  parameterUses(): ParameterUse[] {
    return [...this.template.sections.Parameters.keys()].map((name) => this.parameter(name).use);
  }

  /** Whether the stack itself exists: a nested one does where its resource does. */
  exists(): Decision {
    const { parent } = this;
    if (!parent) return true;
    this.existence ??= both(parent.stack.exists(), parent.stack.resourceExists(parent.logicalId));
    return this.existence;
  }

  /** The condition of a resource; its stack aside. */
  resourceExists(logicalId: string): Decision {
    const raw = this.resources.get(logicalId);
    return this.conditionOf(raw);
  }

  private conditionOf(raw: unknown): Decision {
    if (!isRecord(raw) || raw.Condition === undefined) return true;
    if (typeof raw.Condition !== 'string') return decide(raw.Condition, this);
    const decision = this.condition(raw.Condition);
    return isUnknown(decision) ? undecidedCondition(raw.Condition, decision) : decision;
  }

  // ------------------------------------------------------------------------------------------------ the stack view

  ref(name: string): Evaluated {
    if (name.startsWith('AWS::')) {
      const value = pseudoParameter(name, this);
      return value === null ? this.nothingCalled(name) : value;
    }
    if (this.template.sections.Parameters.has(name)) return this.parameter(name).value;
    return this.resources.has(name) ? this.reference(name) : this.nothingCalled(name);
  }

  attribute(logicalId: string, attribute: string): Evaluated {
    const raw = this.resources.get(logicalId);
    if (raw === undefined) return this.nothingCalled(logicalId);
    const type = isRecord(raw) ? raw.Type : undefined;
    if (makesStack(type) && attribute.startsWith('Outputs.')) {
      return this.nestedOutput(logicalId, attribute.slice('Outputs.'.length));
    }
    if (type === CROSS_REGION_READER) {
      const value = this.neighbours.crossRegionExport(attribute, this);
      if (value !== undefined) return value;
    }
    if (type === 'AWS::EC2::VPC' && attribute === 'Ipv6CidrBlocks') {
      const ranges = this.amazonRanges(logicalId);
      if (ranges) return ranges;
    }
    const read = attributeReader(type, attribute);
    const known =
      read && this.attributes.get(`${logicalId}.${attribute}`, () => read((name) => this.property(raw, name)));
    if (known !== undefined) return known;
    return this.reference(logicalId, attribute);
  }

  /** The one IPv6 range that Amazon chooses for a VPC, where a range of our own may stand in for it. */
  private amazonRanges(vpc: string): Evaluated {
    if (this.neighbours.options.standsInForAmazon !== true) return undefined;
    const blocks = [...this.resources].filter(([, raw]) => this.isIpv6BlockOf(raw, vpc));
    const exist = blocks.map(([id]) => this.resourceExists(id)).filter((each) => each !== false);
    return exist.length === 1 && exist[0] === true ? [formatPrefix(standInRange(idOf(this.name, vpc)))] : undefined;
  }

  private isIpv6BlockOf(raw: unknown, vpc: string): boolean {
    if (!isRecord(raw) || raw.Type !== 'AWS::EC2::VPCCidrBlock') return false;
    const of = this.property(raw, 'VpcId');
    if (!(of instanceof ReferenceValue) || of.reference.resource !== idOf(this.name, vpc)) return false;
    return ['CidrBlock', 'Ipv4IpamPoolId'].every((name) => this.property(raw, name) === undefined);
  }

  /** The id of one of this stack's resources, always the same text: every map of the network is asked by it. */
  idOf(logicalId: string): ResourceId {
    let id = this.ids.get(logicalId);
    if (id === undefined) {
      id = idOf(this.name, logicalId);
      this.ids.set(logicalId, id);
    }
    return id;
  }

  /** Most references are made many times: they share one value. */
  private reference(logicalId: string, attribute?: string): ReferenceValue {
    const key = attribute === undefined ? logicalId : `${logicalId}.${attribute}`;
    let reference = this.references.get(key);
    if (!reference) {
      const resource = this.idOf(logicalId);
      reference = new ReferenceValue(attribute === undefined ? { resource } : { resource, attribute });
      this.references.set(key, reference);
    }
    return reference;
  }

  private property(raw: unknown, name: string): Evaluated {
    const properties = isRecord(raw) ? raw.Properties : undefined;
    return isRecord(properties) && Object.hasOwn(properties, name) ? this.evaluate(properties[name]) : undefined;
  }

  private nestedOutput(logicalId: string, output: string): Evaluated {
    const nested = this.neighbours.nested(this.name, logicalId);
    const id = idOf(this.name, logicalId);
    if (nested) return nested.output(output);
    return unknownWithToken(`the template of nested stack \`${id}\` is not given`, [], `${id}.Outputs.${output}`);
  }

  condition(name: string): Decision {
    return this.decisions.get(name, () => {
      const conditions = this.section('Conditions');
      if (!conditions.has(name)) return this.nothingCalled(name, 'condition');
      const { depth } = this.neighbours;
      if (depth.level > MAX_DEPTH) return unknown('conditions hang on each other too deeply to be read');
      depth.level += 2;
      const decision = this.within('Conditions', name, () => decide(conditions.get(name), this));
      depth.level -= 2;
      return decision;
    });
  }

  mapping(name: string): Mapping | undefined {
    const known = this.mappings.get(name);
    const raw = this.template.sections.Mappings.get(name);
    if (known || !isRecord(raw)) return known;
    const mapping = this.within('Mappings', name, () => readMapping(raw, this));
    this.mappings.set(name, mapping);
    return mapping;
  }

  spend(): boolean {
    return this.loopBudget-- > 0;
  }

  importValue(name: string): Evaluated {
    return this.neighbours.importValue(name, this);
  }

  openImport(name: Unknown): void {
    const [parameter] = name.parameters;
    if (parameter === undefined) return;
    const fitting = this.neighbours.exportsLike(name);
    const help = fitting && `\`${fitting.stack}\` exports such names: give it the value \`${fitting.value}\``;
    this.report('TEMPLATE_IMPORT', `imports hang on parameter \`${parameter}\`, which has no value`, help);
  }

  stackOutput(stack: string, output: string, region: string): Evaluated {
    return this.neighbours.stackOutput(stack, output, region);
  }

  systemsParameter(name: Evaluated): Evaluated {
    return this.neighbours.systemsParameter(name, this);
  }

  /** The value of an output; unknown where there is none. */
  output(name: string): Evaluated {
    return this.outputs.get(name, () => {
      const raw = this.section('Outputs').get(name);
      if (!isRecord(raw)) return this.nothingCalled(name, 'output');
      if (this.conditionOf(raw) === false)
        return unknown(`output \`${idOf(this.name, name)}\` has a condition that is false`);
      return this.within('Outputs', name, () => this.evaluate(raw.Value));
    });
  }

  outputExists(name: string): Decision {
    return this.conditionOf(this.section('Outputs').get(name));
  }

  /** What the output is exported as; undefined where it is not, or where its condition is false. */
  exportName(output: string): Evaluated {
    const raw = this.section('Outputs').get(output);
    if (!isRecord(raw) || !isRecord(raw.Export) || this.conditionOf(raw) === false) return undefined;
    const { Name } = raw.Export;
    return this.within('Outputs', output, () => this.evaluate(Name));
  }

  private parameter(name: string): ParameterValue {
    return this.parameterValues.get(name, () => {
      const declaration = this.template.sections.Parameters.get(name);
      const { parameters } = this.neighbours.options;
      const sources = {
        passed: this.passed(name),
        given: parameters,
        ofTemplate: this.place.parameters,
        resourceCalled: (id: string) => this.neighbours.resourceCalled(id),
        systemsParameter: (name: Evaluated) => this.systemsParameter(name),
        region: this.region,
        account: this.account,
      };
      const parameter = parameterValue(this.name, name, declaration, sources);
      const { refused } = parameter;
      if (refused) this.within('Parameters', name, () => this.report('PARAMETER_VALUE', refused));
      return parameter;
    });
  }

  private passed(name: string): Evaluated {
    const { parent } = this;
    const raw = parent?.stack.resources.get(parent.logicalId);
    const properties = isRecord(raw) && isRecord(raw.Properties) ? raw.Properties : {};
    if (!parent || properties.Parameters === undefined) return undefined;
    const parameters = properties.Parameters;
    const isPlain = isRecord(parameters) && !Object.keys(parameters).some((key) => key.startsWith('Fn::'));
    if (!isPlain) return unknown(`what is passed to \`${this.name}\` is not known`);
    if (!Object.hasOwn(parameters, name)) return undefined;
    return parent.stack.within('Resources', parent.logicalId, () => parent.stack.evaluate(parameters[name]));
  }

  // ------------------------------------------------------------------------------------------------ evaluation

  resolve(raw: unknown): Resolved | undefined {
    return settle(this.evaluator.evaluate(raw));
  }

  evaluate(raw: unknown): Evaluated {
    return this.evaluator.evaluate(raw);
  }

  // ------------------------------------------------------------------------------------------------ diagnostics

  within<T>(section: SectionName, name: string, work: () => T): T {
    return this.reporter.within(section, name, work);
  }

  report(code: string, message: string, help?: string): void {
    this.reporter.report(code, message, help);
  }

  private cycle(what: string, name: string): Unknown {
    this.report('TEMPLATE_REFERENCE_CYCLE', `${what} \`${idOf(this.name, name)}\` refers to itself`);
    return unknown(`${what} \`${idOf(this.name, name)}\` refers to itself`);
  }

  private nothingCalled(name: string, what = 'parameter or resource'): Unknown {
    const reason = `there is no ${what} \`${name}\` in \`${this.name}\``;
    // a macro may make it
    const isWhole = this.template.transforms.every((each) => each === 'AWS::LanguageExtensions');
    if (isWhole) this.report('TEMPLATE_UNKNOWN_REFERENCE', reason);
    return unknownWithToken(reason, [], idOf(this.name, name));
  }
}

/** Both must hold. */
export function both(a: Decision, b: Decision): Decision {
  if (a === false || b === false) return false;
  const open = [a, b].filter((each): each is Unknown => isUnknown(each));
  return open.length > 0 ? mergeUnknowns(open) : true;
}
