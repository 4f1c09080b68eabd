import type { ResourceId } from '../evidence/network';

/** A location that is in no zone, in two, or whose tag and addresses disagree. */
export interface BindingProblem {
  readonly resource: ResourceId;
  /** zones that claim it; empty = none */
  readonly zones: readonly string[];
  readonly message: string;
  readonly fix: string;
}
