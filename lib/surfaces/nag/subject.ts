/**
 * A resource as its template will say it: an L1 construct, rendered, with overrides applied and tokens resolved.
 * What stays a token after that (a parameter, an import) is not guessed at: reading it throws `UndecidedProperty`.
 */
import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The answer to a rule hangs on a value that the template leaves open. */
export class UndecidedProperty extends Error {
  constructor(
    readonly property: string,
    readonly value: unknown,
  ) {
    super(`undecided: ${property} is ${describeValue(value)}`);
  }
}

/** A property bag of a template; keys as CloudFormation spells them. */
export type Properties = Readonly<Record<string, unknown>>;

export class Subject {
  private constructor(
    readonly node: CfnResource,
    readonly logicalId: string,
    readonly properties: Properties,
    private readonly scope: SubjectScope,
  ) {}

  /** Undefined for what does not get into the template, e.g. a resource whose synthesis is switched off. */
  static tryRender(node: CfnResource, scope: SubjectScope): Subject | undefined {
    const stack = Stack.of(node);
    // the one rendering that applies property overrides, which cdk-nag's own rules do not see
    const rendered: unknown = stack.resolve(node._toCloudFormation());
    const resources = isRecord(rendered) && isRecord(rendered.Resources) ? rendered.Resources : {};
    const [entry] = Object.entries(resources);
    if (!entry || !isRecord(entry[1])) return undefined;
    const properties = entry[1].Properties;
    return new Subject(node, entry[0], isRecord(properties) ? properties : {}, scope);
  }

  get type(): string {
    return this.node.cfnResourceType;
  }

  /** The resources of the same stack with one of these types, this one included. */
  neighbours(...types: readonly string[]): readonly Subject[] {
    return this.scope.ofStack(Stack.of(this.node)).filter((subject) => types.includes(subject.type));
  }

  /** Whether a value refers to this resource, by `Ref` or `GetAtt`, from the same stack. */
  isReferredToBy(value: unknown): boolean {
    return referredLogicalId(value) === this.logicalId;
  }
}

/** All resources below a construct, rendered once. */
export class SubjectScope {
  private readonly rendered = new Map<CfnResource, Subject | undefined>();
  private readonly stacks = new Map<Stack, readonly Subject[]>();
  private readonly nodes: readonly CfnResource[];

  constructor(root: IConstruct) {
    this.nodes = root.node.findAll().filter((node) => CfnResource.isCfnResource(node));
  }

  subjectOf(node: CfnResource): Subject | undefined {
    if (!this.rendered.has(node)) this.rendered.set(node, Subject.tryRender(node, this));
    return this.rendered.get(node);
  }

  ofStack(stack: Stack): readonly Subject[] {
    const known = this.stacks.get(stack);
    if (known) return known;
    const own = this.nodes.filter((node) => Stack.of(node) === stack);
    const subjects = own.flatMap((node) => this.subjectOf(node) ?? []);
    this.stacks.set(stack, subjects);
    return subjects;
  }
}

// ------------------------------------------------------------------------------------------------ reading properties

export function isRecord(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `{ Ref }`, `{ Fn::… }`: something that CloudFormation computes. */
export function isIntrinsic(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === 'Ref' || (keys[0] ?? '').startsWith('Fn::'));
}

/** The logical id that a `Ref` or `GetAtt` names. */
export function referredLogicalId(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  if (typeof value.Ref === 'string') return value.Ref;
  const attribute = value['Fn::GetAtt'];
  if (Array.isArray(attribute) && typeof attribute[0] === 'string') return attribute[0];
  return typeof attribute === 'string' ? attribute.split('.')[0] : undefined;
}

/** A bag below `properties`; empty where it is absent. */
export function bagAt(properties: Properties, property: string): Properties {
  const value = properties[property];
  if (value === undefined || value === null) return {};
  if (!isRecord(value) || isIntrinsic(value)) throw new UndecidedProperty(property, value);
  return value;
}

/** A list below `properties`; empty where it is absent. Its members may still be tokens. */
export function listAt(properties: Properties, property: string): readonly unknown[] {
  const value = properties[property];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new UndecidedProperty(property, value);
  return value;
}

/** Bags of a list of bags. */
export function bagsAt(properties: Properties, property: string): readonly Properties[] {
  return listAt(properties, property).map((value) => {
    if (!isRecord(value) || isIntrinsic(value)) throw new UndecidedProperty(property, value);
    return value;
  });
}

export function booleanAt(properties: Properties, property: string): boolean | undefined {
  const value = properties[property];
  if (value === undefined || value === null) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new UndecidedProperty(property, value);
}

export function textAt(properties: Properties, property: string): string | undefined {
  const value = properties[property];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new UndecidedProperty(property, value);
}

/** The text as far as it is known: what CloudFormation fills in shows as `${…}`. Enough for a prefix, not for equality. */
export function outlineOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isRecord(value)) return String(value);
  const join = value['Fn::Join'];
  if (Array.isArray(join) && Array.isArray(join[1])) return join[1].map(outlineOf).join(String(join[0]));
  const sub = value['Fn::Sub'];
  if (typeof sub === 'string') return sub;
  if (Array.isArray(sub) && typeof sub[0] === 'string') return sub[0];
  return `\${${describeValue(value)}}`;
}

export function describeValue(value: unknown): string {
  const referred = referredLogicalId(value);
  if (referred) return `a reference to ${referred}`;
  if (isIntrinsic(value) && isRecord(value)) return String(Object.keys(value)[0]);
  return typeof value === 'object' ? 'a value of unexpected form' : `\`${String(value)}\``;
}
