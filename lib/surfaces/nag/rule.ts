/**
 * What a resource rule is: a claim about single resources, named after the good state. The proof is not made of these:
 * they catch early, at the line of code that made the resource, what the whole-assembly claims would find later.
 */
import type { Subject } from './subject';

export interface SegmentationRule {
  /** the good state, and the name of its file, e.g. `SubnetDoesNotAutoAssignPublicAddress` */
  readonly name: string;
  /** the CloudFormation types it speaks of */
  readonly types: readonly string[];
  /** what is wrong where it does not hold, and what mends it */
  readonly info: string;
  /** why the rule exists */
  readonly explanation: string;
  /**
   * One finding for each thing that is wrong with the resource; none where the good state holds. A finding is short and
   * stable, since it is what people acknowledge: `Rule[finding]`. Throws `UndecidedProperty` where the answer hangs on a
   * value that the template leaves open; that is a violation too, never a pass.
   */
  findings(subject: Subject): readonly string[];
}
