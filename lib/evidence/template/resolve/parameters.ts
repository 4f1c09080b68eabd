/**
 * Values of parameters: given, passed by the parent stack, by default, or not known and then named.
 */
import { unknown } from '../../network';
import { isRecord, type RawRecord } from '../parse';
import type { ParameterUse, ReadOptions, Resolved } from '../resource';
import { parameterToken } from './dynamic-reference';
import {
  type Evaluated,
  idOf,
  isScalar,
  MAX_OPTIONS,
  makeChoice,
  overOptions,
  settle,
  unknownWithToken,
} from './evaluation';
import { isIdType, refusal } from './parameter-constraints';
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
  /** a resource of the given templates, by `Stack.LogicalId` */
  readonly resourceCalled: (id: string) => Evaluated;
  /** what a given template writes to Systems Manager under a name; undefined where none does */
  readonly systemsParameter: (name: Evaluated) => Evaluated;
  readonly region: string;
  readonly account: string;
  /** by what came with the template, for `Name` */
  readonly ofTemplate: ReadOptions['parameters'];
}

/** A value given for `Stack.Name` beats everything, one given for `Name` speaks of stacks to which nothing is passed. */
export function parameterValue(
  stack: string,
  name: string,
  declaration: unknown,
  sources: ParameterSources,
): ParameterValue {
  const { passed, given, ofTemplate, resourceCalled, systemsParameter } = sources;
  const id = idOf(stack, name);
  const declared: RawRecord = isRecord(declaration) ? declaration : {};
  const written = typeof declared.Type === 'string' ? declared.Type : 'String';
  const type = SSM_VALUE.exec(written)?.[1] ?? written;
  const isFromSsm = type !== written;
  const use = (from: ParameterUse['from']): ParameterUse => ({ id, type: written, from });
  const byName = passed === undefined ? (ownValue(given, name) ?? ownValue(ofTemplate, name)) : undefined;
  const byCaller = ownValue(given, id) ?? byName;
  const isName = (text: string) => text.startsWith('/') || systemsParameter(text) !== undefined;
  if (byCaller !== undefined && !(isFromSsm && isName(byCaller))) {
    const value = referring(convert(byCaller, type), resourceCalled);
    return { value, use: use('given'), refused: refusal(id, value, declared, type) };
  }
  if (isFromSsm) {
    const source = byCaller ?? passed ?? (isScalar(declared.Default) ? String(declared.Default) : undefined);
    const value = overOptions(source, (each) => fromSystemsManager(id, type, each, sources));
    return { value, use: use('none') };
  }
  // not checked: stacks have names of ours here, and a nested stack that is not created may be passed anything
  if (passed !== undefined) return { value: convert(passed, type), use: use('passed') };
  const fallback = declared.Default;
  // an id of AWS is never empty: the default only shows that one is to be given
  if (isScalar(fallback) && !(fallback === '' && isIdType(type))) {
    const value = convert(fallback, type);
    return { value, use: use('default'), refused: refusal(id, value, declared, type) };
  }
  if (Array.isArray(fallback) && fallback.every(isScalar)) {
    return { value: convert(fallback.join(','), type), use: use('default') };
  }
  return { value: anyValue(id, declared.AllowedValues, type), use: use('none') };
}

/** Whoever reads the same name reads the same value, though no template given writes it. */
function fromSystemsManager(id: string, type: string, name: Evaluated, sources: ParameterSources): Evaluated {
  const written = sources.systemsParameter(name);
  if (written !== undefined) return convert(written, type);
  const reason = `parameter \`${id}\` is read from Systems Manager at deployment`;
  const isPlain = isScalar(name) && !isListType(type);
  return unknownWithToken(reason, [id], isPlain ? parameterToken(String(name), sources) : id);
}

/** A value that is `Stack.LogicalId` ties two templates together, as whoever deploys them does by hand. */
function referring(value: Evaluated, resourceCalled: ParameterSources['resourceCalled']): Evaluated {
  if (Array.isArray(value)) return value.map((each: Resolved) => settle(referring(each, resourceCalled)) ?? each);
  return typeof value === 'string' ? (resourceCalled(value) ?? value) : value;
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
