/**
 * `Fn::Cidr`: a range cut into equal blocks. Source: CloudFormation template reference, Fn::Cidr.
 */
import { type Address, formatPrefix, type Prefix, prefixOf, tryParsePrefix } from '../../../base/net';
import { unknown } from '../../network';
import { ReferenceValue } from '../resource';
import {
  type Evaluated,
  fromUnknown,
  isScalar,
  isUnknownValue,
  OpenList,
  overAllOptions,
  type StackView,
} from './evaluation';

const MAX_COUNT = 256;

/** `[ipBlock, count, cidrBits]`; `cidrBits` counts the bits that a block leaves free, 8 makes a /24. */
export function cidr(argument: unknown, stack: StackView): Evaluated {
  if (!Array.isArray(argument) || argument.length < 2 || argument.length > 3) {
    stack.report('TEMPLATE_CIDR', '`Fn::Cidr` needs a range, a count and the bits of a block');
    return unknown('`Fn::Cidr` is not well written');
  }
  const values = argument.map((each) => stack.evaluate(each));
  return overAllOptions(values, ([block, count, bits]) => blocksOf(block, count, bits, stack));
}

function blocksOf(block: Evaluated, count: Evaluated, bits: Evaluated, stack: StackView): Evaluated {
  const hole = [block, count, bits].find(isUnknownValue);
  if (hole) return new OpenList(() => fromUnknown(hole), hole.reason, hole.parameters);
  if (block instanceof ReferenceValue) {
    const reason = `AWS gives \`${block.reference.resource}\` its range at deployment`;
    return new OpenList(() => unknown(reason), reason);
  }
  const prefix = typeof block === 'string' ? tryParsePrefix(block) : undefined;
  const number = wholeNumber(count);
  const free = wholeNumber(bits ?? (prefix?.family === 6 ? 64 : undefined));
  if (!prefix || number === undefined || free === undefined || number < 1 || number > MAX_COUNT) {
    return refuse(`\`Fn::Cidr\` of ${JSON.stringify([block, count, bits])} is no list of ranges`, stack);
  }
  const length = (prefix.family === 4 ? 32 : 128) - free;
  if (length < prefix.length || free < 0 || BigInt(number) > 1n << BigInt(length - prefix.length)) {
    return refuse(`\`${block}\` does not hold ${number} blocks of ${free} bits`, stack);
  }
  return Array.from({ length: number }, (_, index) => formatPrefix(blockAt(prefix, length, index)));
}

function refuse(message: string, stack: StackView): Evaluated {
  stack.report('TEMPLATE_CIDR', message);
  return unknown(message);
}

function wholeNumber(value: Evaluated): number | undefined {
  return isScalar(value) && /^\d+$/.test(String(value)) ? Number(value) : undefined;
}

/** The `index`-th block of this length. */
function blockAt(prefix: Prefix, length: number, index: number): Prefix {
  const size = prefix.family === 4 ? 32 : 128;
  const first = prefix.words.reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
  const start = first + (BigInt(index) << BigInt(size - length));
  const words = prefix.words.map((_, at) => Number((start >> BigInt(size - 32 * (at + 1))) & 0xffffffffn));
  const address: Address = { family: prefix.family, words };
  return prefixOf(address, length);
}
