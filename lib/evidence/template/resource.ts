/**
 * What stands between resolving intrinsics (templates -> Resource) and reading nouns (Resource -> NetworkModel).
 */
import type { Diagnostic } from '../../base/diagnostics';
import type { NetworkModel, Origin, ResourceId, Unknown } from '../network';

/**
 * A reference to a resource of the templates, left as a reference: `Ref` has no attribute, `GetAtt` has one.
 * Across stacks (exports, imports, nested parameters and outputs, CDK's cross-stack references) it is already followed
 * to the resource that it ends at.
 */
export interface Reference {
  readonly resource: ResourceId;
  readonly attribute?: string;
  /**
   * what `Select` and `Split` took out of it, in order, where it is a list or a text that only AWS knows:
   * `Select 1 of Split ":" of Select 0 of Firewall.EndpointIds` is attribute `EndpointIds`, part `[0] split(:) [1]`
   */
  readonly part?: string;
}

/**
 * A property value after resolving. Where a condition is undecided, a value may be one of several.
 */
export type Resolved =
  | null
  | string
  | number
  | boolean
  | readonly Resolved[]
  | ResolvedObject
  | ReferenceValue
  | TextWithReferences
  | ChoiceValue
  | Unknown;

export interface ResolvedObject {
  readonly [key: string]: Resolved | undefined;
}

/** Tagged so that a user's own keys cannot be mistaken for it. */
export class ReferenceValue {
  constructor(readonly reference: Reference) {}
}

/**
 * A text that names resources inside, e.g. `com.amazonaws.vpce.${AWS::Region}.${EndpointService}` or an ARN.
 * At least one part is a ReferenceValue; a text that is exactly one reference is that ReferenceValue, a text without
 * references is a string, and a text whose only holes are unknown is Unknown. No two strings are neighbours, none is empty.
 */
export class TextWithReferences {
  constructor(readonly parts: readonly (string | ReferenceValue | Unknown)[]) {}
}

/**
 * One of several values, by conditions (or parameters with allowed values) that are not decided; at least two options,
 * all different, none itself a choice. `undefined` = the property, or the list entry, is absent (`AWS::NoValue`).
 */
export class ChoiceValue {
  constructor(
    readonly options: readonly (Resolved | undefined)[],
    readonly reason: string,
    readonly parameters: readonly string[],
  ) {}
}

export interface Resource {
  readonly id: ResourceId;
  readonly stack: string;
  /** of a nested stack: the one around it that is in no other */
  readonly outermost?: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: ResolvedObject;
  /** false: its condition is undecided. A resource whose condition is false is not listed at all. */
  readonly certain: boolean;
  /** why it is not certain, and the parameters that would decide it */
  readonly condition?: Unknown;
  /** of its stack; `unknown-region` and `unknown-account` where nothing says */
  readonly region?: string;
  readonly account?: string;
  readonly origin: Origin;
  /** `aws:asset:path`, `aws:cdk:path` and the like */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** One template, as text. Nested stacks name their parent and the resource that makes them. */
export interface TemplateFile {
  /** the stack's name: from the assembly, or the file's name without its extension */
  readonly stack: string;
  /** shown in diagnostics and origins */
  readonly file: string;
  /** may be read anew each time it is asked for */
  readonly text: string;
  readonly region?: string;
  readonly account?: string;
  readonly parent?: { readonly stack: string; readonly logicalId: string };
  /** written by a tool: no slips of the pen are looked for */
  readonly generated?: true;
  /** values that the assembly gives its parameters; the caller's win over them */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface ReadOptions {
  /** `Name` (every stack that has it) or `Stack.Name` */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly region?: string;
  /** a range of our own stands in for each IPv6 range that Amazon chooses */
  readonly standsInForAmazon?: boolean;
}

/**
 * A part of the templates that could not be read: what it would create or change is not known, so the readers turn each
 * into an `Unmodelled` noun and no verdict ignores it.
 */
export interface OpaquePart {
  /** `Stack` for a whole template, `Stack.LogicalId` for a resource or a loop */
  readonly id: ResourceId;
  readonly stack: string;
  /**
   * `macro`: a transform that may rewrite its whole stack; `include`: text taken from elsewhere;
   * `nested-stack`: its template is not given; `for-each`: its collection is not known; `resource`: it cannot be read
   */
  readonly kind: 'macro' | 'include' | 'nested-stack' | 'for-each' | 'resource';
  readonly reason: string;
  readonly parameters: readonly string[];
  /** of a loop: the types of all that it makes, however often; absent where they are not written out */
  readonly types?: readonly string[];
  readonly origin: Origin;
}

/** Which value a parameter has, and from where. */
export interface ParameterUse {
  /** `Stack.Name` */
  readonly id: string;
  readonly type: string;
  /** `given` by the caller, by its `default`, `passed` by the parent stack, `none`: verdicts may hang on it */
  readonly from: 'given' | 'default' | 'passed' | 'none';
}

/** What resolving hands to the readers: `buildNetwork(input: ReadersInput): BuiltNetwork`. */
export interface ReadersInput {
  /** sorted by file order, then by place in the template */
  readonly resources: readonly Resource[];
  /** the estate's region; `unknown-region` where nothing says */
  readonly region: string;
  readonly opaque: readonly OpaquePart[];
  /** as in ReadOptions */
  readonly standsInForAmazon?: boolean;
}

/** A resource whose condition, or whose stack's, is false: it is not created. */
export interface AbsentResource {
  readonly id: ResourceId;
  readonly type: string;
  readonly condition?: string;
}

export interface ResolvedTemplates extends ReadersInput {
  readonly absent: readonly AbsentResource[];
  readonly parameters: readonly ParameterUse[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface BuiltNetwork {
  readonly network: NetworkModel;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Placeholders for what nothing says. They stay text, so that `com.amazonaws.unknown-region.s3` can be read; conditions
 * never decide by them. Availability zones of `Fn::GetAZs` are texts too: `GetAZs(eu-west-2)[0]`, `GetAZs(eu-west-2)[1]` …,
 * different for different zones. Such a text and a zone's name (`eu-west-2a`) may well be the same zone.
 */
export const UNKNOWN_REGION = 'unknown-region';
export { UNKNOWN_ACCOUNT } from '../network';
