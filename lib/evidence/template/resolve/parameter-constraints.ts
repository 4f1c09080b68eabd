/**
 * What a parameter's declaration says of its value. CloudFormation refuses a value that breaks it, so an answer for such
 * a value is an answer about a stack that nobody can deploy.
 * Source: CloudFormation template reference, "Parameters section, syntax and properties".
 */
import type { RawRecord } from '../parse';
import { type Evaluated, isScalar } from './evaluation';

/** Patterns that may take for ever are tried on short values only. */
const MAX_LENGTH_OF_REPEATED_GROUP = 20;
const MAX_PATTERN_INPUT = 1000;

/** How ids of AWS begin, by the type of the parameter. */
const ID_OF_TYPE: Readonly<Record<string, RegExp>> = {
  'AWS::EC2::VPC::Id': /^vpc-/,
  'AWS::EC2::Subnet::Id': /^subnet-/,
  'AWS::EC2::SecurityGroup::Id': /^sg-/,
  'AWS::EC2::Instance::Id': /^i-/,
  'AWS::EC2::Image::Id': /^(ami-|\/)/,
  'AWS::EC2::Volume::Id': /^vol-/,
  'AWS::Route53::HostedZone::Id': /^[A-Z0-9]+$/,
};

/** Whether values are ids that AWS gives, or lists of them. */
export function isIdType(type: string): boolean {
  return Object.hasOwn(ID_OF_TYPE, elementOf(type));
}

function elementOf(type: string): string {
  return type.replace(/^List<(.*)>$/, '$1');
}

/** Why CloudFormation would not accept a value; undefined where it would. References are fine everywhere. */
export function refusal(id: string, value: Evaluated, declared: RawRecord, type: string): string | undefined {
  const words = (Array.isArray(value) ? value : [value]).filter(isScalar);
  const whole = words.map(String).join(',');
  if (/Number>?$/.test(type) && words.some((word) => typeof word !== 'number')) {
    return `parameter \`${id}\` is a number, \`${whole}\` is none`;
  }
  const element = elementOf(type);
  for (const word of words) {
    const text = String(word);
    if (ID_OF_TYPE[element]?.test(text) === false) return `parameter \`${id}\` is an ${element}, \`${text}\` is none`;
    const why = broken(text, declared, type);
    if (why !== undefined) return `parameter \`${id}\` ${why}`;
  }
  return undefined;
}

function broken(text: string, declared: RawRecord, type: string): string | undefined {
  const { AllowedValues, AllowedPattern } = declared;
  if (Array.isArray(AllowedValues) && !AllowedValues.filter(isScalar).map(String).includes(text)) {
    return `does not allow \`${text}\``;
  }
  const [least, most] = [numberIn(declared.MinValue), numberIn(declared.MaxValue)];
  if (/Number>?$/.test(type)) {
    if (least !== undefined && Number(text) < least) return `is at least ${least}, \`${text}\` is less`;
    if (most !== undefined && Number(text) > most) return `is at most ${most}, \`${text}\` is more`;
    return undefined;
  }
  if (type !== 'String') return undefined;
  const [shortest, longest] = [numberIn(declared.MinLength), numberIn(declared.MaxLength)];
  if (shortest !== undefined && text.length < shortest) return `has at least ${shortest} characters, \`${text}\` fewer`;
  if (longest !== undefined && text.length > longest) return `has at most ${longest} characters, \`${text}\` more`;
  if (typeof AllowedPattern !== 'string' || matches(AllowedPattern, text)) return undefined;
  return `does not allow \`${text}\`, which does not match \`${AllowedPattern}\``;
}

function numberIn(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** The whole value must match. Patterns are Java's: one that JavaScript reads otherwise, or not at all, decides nothing. */
function matches(pattern: string, text: string): boolean {
  const repeatsGroup = /\)(?:[+*]|\{\d+,\})/.test(pattern);
  if (text.length > (repeatsGroup ? MAX_LENGTH_OF_REPEATED_GROUP : MAX_PATTERN_INPUT)) return true;
  try {
    return new RegExp(`^(?:${pattern})$`, 's').test(text);
  } catch {
    return true;
  }
}
