/** What every noun of the model has. */
import type { Unknown } from './value';

/** `Stack.LogicalId`, with `#part` where one resource makes several nouns. */
export type ResourceId = string;

export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where a noun comes from. */
export interface Origin {
  readonly resource: ResourceId;
  /** CloudFormation type, e.g. `AWS::EC2::Subnet`; empty for what no template shows */
  readonly type: string;
  /** CDK's `aws:cdk:path` */
  readonly path?: string;
  readonly place?: SourcePlace;
  readonly tags?: Readonly<Record<string, string>>;
  /** why what comes from here may not exist: the condition that is not decided, and its parameters */
  readonly doubt?: Unknown;
}

export interface Noun {
  readonly id: ResourceId;
  readonly origin: Origin;
  /** false: may or may not exist (undecided condition) */
  readonly certain: boolean;
  /** true: no template shows it, so its properties are what is known of it and the rest is unknown */
  readonly external?: boolean;
}
