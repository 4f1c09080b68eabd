/**
 * Values that pass from template to template by Systems Manager: one writes an `AWS::SSM::Parameter`, another reads it as
 * the type of a parameter or as a dynamic reference. Landing zones and CDK apps hand their VPCs on this way.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html: the name is exact, the
 * parameter is one of the stack's own account and region.
 */
import { unknown } from '../../network';
import { isRecord } from '../parse';
import { ReferenceValue } from '../resource';
import { type Evaluated, idOf, isScalar, makeChoice } from './evaluation';
import { Memo } from './memo';
import type { StackResolver } from './stack-resolver';

interface Writer {
  readonly stack: StackResolver;
  readonly logicalId: string;
}

/** What the given templates write. */
export class WrittenParameters {
  private readonly values = new Memo<Evaluated>((key) => unknown(`Systems Manager parameter \`${key}\` reads itself`));
  private byName: ReadonlyMap<string, readonly Writer[]> | undefined;

  constructor(private readonly stacks: () => readonly StackResolver[]) {}

  /** The value of a parameter by its name, or by a reference to it; undefined where no given template writes it. */
  value(name: Evaluated, reader: StackResolver): Evaluated {
    const writers = name instanceof ReferenceValue ? this.referred(name) : this.called(name, reader);
    if (writers.length === 0) return undefined;
    const values = writers.map((each) => this.writtenBy(each));
    return makeChoice(values, `Systems Manager parameter \`${String(name)}\` is written ${writers.length} times`, []);
  }

  private called(name: Evaluated, { region, account }: StackResolver): readonly Writer[] {
    if (!isScalar(name)) return [];
    const all = this.named().get(String(name)) ?? [];
    return all.filter(({ stack }) => stack.region === region && stack.account === account);
  }

  private referred({ reference }: ReferenceValue): readonly Writer[] {
    if (reference.attribute !== undefined || reference.part !== undefined) return [];
    return [...this.named().values()]
      .flat()
      .filter(({ stack, logicalId }) => idOf(stack.name, logicalId) === reference.resource);
  }

  private writtenBy({ stack, logicalId }: Writer): Evaluated {
    return this.values.get(idOf(stack.name, logicalId), () => stack.attribute(logicalId, 'Value'));
  }

  private named(): ReadonlyMap<string, readonly Writer[]> {
    if (this.byName) return this.byName;
    const writers = new Map<string, Writer[]>();
    // a name that is itself read from a parameter finds none
    this.byName = writers;
    for (const stack of this.stacks()) {
      if (stack.exists() === false) continue;
      for (const [logicalId, raw] of stack.resources) {
        if (!isRecord(raw) || raw.Type !== WRITTEN || stack.resourceExists(logicalId) === false) continue;
        const name = isRecord(raw.Properties) ? stack.evaluate(raw.Properties.Name) : undefined;
        const key = isScalar(name) ? String(name) : `\n${idOf(stack.name, logicalId)}`;
        writers.set(key, [...(writers.get(key) ?? []), { stack, logicalId }]);
      }
    }
    return writers;
  }
}

const WRITTEN = 'AWS::SSM::Parameter';
