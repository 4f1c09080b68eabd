/**
 * Values that pass from template to template by Systems Manager: one writes an `AWS::SSM::Parameter`, another reads it as
 * the type of a parameter or as a dynamic reference. Landing zones and CDK apps hand their VPCs on this way.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html: the name is exact, the
 * parameter is one of the stack's own account and region, and without a version the latest is taken. A version that is
 * written may be one from before the templates.
 */
import { unknown } from '../../network';
import { isRecord } from '../parse';
import { ChoiceValue, ReferenceValue, UNKNOWN_ACCOUNT, UNKNOWN_REGION } from '../resource';
import { type Evaluated, idOf, isScalar, makeChoice, type StackView, unknownWithToken } from './evaluation';
import { Memo } from './memo';
import type { StackResolver } from './stack-resolver';
import { concatenate } from './text';

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

/** Whether a text, or one that it may be, holds a dynamic reference. */
export function isDynamic(value: Evaluated): boolean {
  if (typeof value === 'string') return value.includes(OPENING);
  return value instanceof ChoiceValue && value.options.some(isDynamic);
}

/** A text with the dynamic references in it read. What no template writes is the same wherever it is read in one place. */
export function readDynamicReferences(text: Evaluated, stack: StackView): Evaluated {
  if (typeof text !== 'string') return text;
  const pieces = text.split(DYNAMIC_REFERENCE).map((piece) => {
    const [, name] = LATEST.exec(piece) ?? [];
    const known = name === undefined ? undefined : stack.systemsParameter(name);
    if (known !== undefined) return known;
    return piece.startsWith(OPENING) && piece.endsWith('}}')
      ? unknownWithToken(`\`${piece}\` is read at deployment`, [], placed(piece, stack))
      : piece;
  });
  const whole = pieces.filter((piece) => piece !== '');
  const refuse = () => unknown('a dynamic reference gives no text');
  return whole.length === 1 ? whole[0] : concatenate(whole, refuse);
}

/** The token of what a stack reads under this name and no given template writes. */
export function parameterToken(name: string, place: Place): string {
  return placed(`{{resolve:ssm:${name}}}`, place);
}

function placed(reference: string, { account, region }: Place): string {
  const known = [account, region].filter((each) => each !== UNKNOWN_ACCOUNT && each !== UNKNOWN_REGION);
  return [...known, reference].join('/');
}

type Place = Pick<StackView, 'account' | 'region'>;

const WRITTEN = 'AWS::SSM::Parameter';
const OPENING = '{{resolve:';
const DYNAMIC_REFERENCE = /(\{\{resolve:[^{}]*\}\})/;
/** without a version */
const LATEST = /^\{\{resolve:ssm:([^{}:]+)\}\}$/;
