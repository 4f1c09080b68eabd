/**
 * What stands between resolving intrinsics (templates -> Resource) and reading nouns (Resource -> NetworkModel).
 */
import type { Origin, ResourceId, Unknown } from '../network';

/**
 * A reference to a resource of the templates, left as a reference: `Ref` has no attribute, `GetAtt` has one.
 * Across stacks (exports, imports, nested parameters and outputs, CDK's cross-stack references) it is already followed
 * to the resource that it ends at.
 */
export interface Reference {
  readonly resource: ResourceId;
  readonly attribute?: string;
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
  | ChoiceValue
  | Unknown;

export interface ResolvedObject {
  readonly [key: string]: Resolved | undefined;
}

/** Tagged so that a user's own keys cannot be mistaken for it. */
export class ReferenceValue {
  constructor(readonly reference: Reference) {}
}

/** One of several values, by conditions that are not decided. `undefined` = the property is absent (`AWS::NoValue`). */
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
  readonly logicalId: string;
  readonly type: string;
  readonly properties: ResolvedObject;
  /** false: its condition is undecided. A resource whose condition is false is not listed at all. */
  readonly certain: boolean;
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
  readonly text: string;
  readonly region?: string;
  readonly account?: string;
  readonly parent?: { readonly stack: string; readonly logicalId: string };
}

export interface ReadOptions {
  /** `Name` (every stack that has it) or `Stack.Name` */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly region?: string;
}
