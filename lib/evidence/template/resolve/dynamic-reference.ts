/**
 * `{{resolve:ssm:/net/vpc}}` in a text. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html:
 * without a version the latest value is taken; a version that is written may be one from before the templates.
 */
import { unknown } from '../../network';
import { ChoiceValue, UNKNOWN_ACCOUNT, UNKNOWN_REGION } from '../resource';
import { type Evaluated, type StackView, unknownWithToken } from './evaluation';
import { concatenate } from './text';

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

const OPENING = '{{resolve:';
const DYNAMIC_REFERENCE = /(\{\{resolve:[^{}]*\}\})/;
/** without a version */
const LATEST = /^\{\{resolve:ssm:([^{}:]+)\}\}$/;
