/**
 * Values of parameters: given, passed by the parent stack, by default, or not known and then named.
 */
import { unknown } from '../../network';
import { isRecord, type RawRecord } from '../parse';
import type { ParameterUse, ReadOptions } from '../resource';
import { type Evaluated, idOf, isScalar, MAX_OPTIONS, makeChoice, overOptions, unknownWithToken } from './evaluation';
import { splitList } from './text';

export interface ParameterValue {
  readonly value: Evaluated;
  readonly use: ParameterUse;
  /** why CloudFormation would not accept the value */
  readonly refused?: string;
}

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.*)>$/;

export interface ParameterSources {
  /** what the parent stack passes; undefined where it passes nothing, or where there is no parent */
  readonly passed: Evaluated;
  /** by the caller, for `Stack.Name` or `Name` */
  readonly given: ReadOptions['parameters'];
  /** by what came with the template, for `Name` */
  readonly ofTemplate: ReadOptions['parameters'];
}

/** A value given for `Stack.Name` beats everything, one given for `Name` speaks of stacks to which nothing is passed. */
export function parameterValue(
  stack: string,
  name: string,
  declaration: unknown,
  { passed, given, ofTemplate }: ParameterSources,
): ParameterValue {
  const id = idOf(stack, name);
  const declared: RawRecord = isRecord(declaration) ? declaration : {};
  const written = typeof declared.Type === 'string' ? declared.Type : 'String';
  const type = SSM_VALUE.exec(written)?.[1] ?? written;
  const isFromSsm = type !== written;
  const use = (from: ParameterUse['from']): ParameterUse => ({ id, type: written, from });
  const byName = passed === undefined ? (ownValue(given, name) ?? ownValue(ofTemplate, name)) : undefined;
  const byCaller = ownValue(given, id) ?? byName;
  if (byCaller !== undefined && !(isFromSsm && byCaller.startsWith('/'))) {
    const value = convert(byCaller, type);
    return { value, use: use('given'), refused: refusal(id, value, declared.AllowedValues, type) };
  }
  if (isFromSsm) {
    const reason = `parameter \`${id}\` is read from Systems Manager at deployment`;
    return { value: unknownWithToken(reason, [id], id), use: use('none') };
  }
  if (passed !== undefined) return { value: convert(passed, type), use: use('passed') };
  const fallback = declared.Default;
  if (isScalar(fallback)) return { value: convert(fallback, type), use: use('default') };
  if (Array.isArray(fallback) && fallback.every(isScalar)) {
    return { value: convert(fallback.join(','), type), use: use('default') };
  }
  return { value: anyValue(id, declared.AllowedValues, type), use: use('none') };
}

function refusal(id: string, value: Evaluated, allowed: unknown, type: string): string | undefined {
  const words = (Array.isArray(value) ? value : [value]).filter(isScalar);
  if (/Number>?$/.test(type) && words.some((word) => typeof word !== 'number')) {
    return `parameter \`${id}\` is a number, \`${words.join(',')}\` is none`;
  }
  if (!Array.isArray(allowed)) return undefined;
  const texts = new Set(allowed.filter(isScalar).map(String));
  const wrong = words.find((word) => !texts.has(String(word)));
  return wrong === undefined ? undefined : `parameter \`${id}\` does not allow \`${wrong}\``;
}

function ownValue(values: ReadOptions['parameters'], key: string): string | undefined {
  return values && Object.hasOwn(values, key) ? String(values[key]) : undefined;
}

/** A parameter without a value is one of its allowed ones: CloudFormation accepts no other. */
function anyValue(id: string, allowed: unknown, type: string): Evaluated {
  const reason = `parameter \`${id}\` has no value`;
  const few = Array.isArray(allowed) && allowed.length > 0 && allowed.length <= MAX_OPTIONS && allowed.every(isScalar);
  if (!few || isListType(type)) return unknownWithToken(reason, [id], id);
  return makeChoice(
    allowed.map((value) => convert(value, type)),
    reason,
    [id],
  );
}

function isListType(type: string): boolean {
  return type === 'CommaDelimitedList' || type.startsWith('List<');
}

function convert(value: Evaluated, type: string): Evaluated {
  return overOptions(value, (each) => {
    if (type === 'CommaDelimitedList') return splitList(isScalar(each) ? String(each) : each);
    if (type.startsWith('List<')) return numbersOf(splitList(isScalar(each) ? String(each) : each), type);
    if (!isScalar(each)) return Array.isArray(each) ? unknown('a list is passed where one value is needed') : each;
    return type === 'Number' ? numberOf(each) : String(each);
  });
}

function numbersOf(list: Evaluated, type: string): Evaluated {
  if (type !== 'List<Number>' || !Array.isArray(list)) return list;
  return list.map((entry) => (isScalar(entry) ? numberOf(entry) : entry));
}

function numberOf(value: string | number | boolean): string | number {
  const text = String(value).trim();
  return /^-?\d+(\.\d+)?$/.test(text) && Number.isFinite(Number(text)) ? Number(text) : String(value);
}
