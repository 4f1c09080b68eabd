/**
 * What intrinsics compute with: values, lists of unknown length, decisions, and the stack they stand in.
 */
import type { ResourceId, Unknown, Value } from '../../network';
import { isUnknown, unknown } from '../../network';
import { ChoiceValue, ReferenceValue, type Resolved, TextWithReferences } from '../resource';

/** A list whose length is not known: `Fn::GetAZs`, `Fn::Split` of a reference. It lives only inside of intrinsics. */
export class OpenList {
  constructor(
    readonly elementAt: (index: number) => Evaluated,
    readonly reason: string,
    readonly parameters: readonly string[] = [],
  ) {}
}

/** `undefined` = absent (`AWS::NoValue`). */
export type Evaluated = Resolved | OpenList | undefined;

/** A condition: decided, or not, and then by what. */
export type Decision = Value<boolean>;

/** A mapping's entries by their two keys: texts, numbers and lists of them, as CloudFormation allows. */
export type Mapping = ReadonlyMap<string, ReadonlyMap<string, Resolved>>;

/** One stack as its intrinsics see it. */
export interface StackView {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** resolves as an argument of an intrinsic */
  evaluate(raw: unknown): Evaluated;
  /** resolves as a value that a resource sees */
  resolve(raw: unknown): Resolved | undefined;
  ref(name: string): Evaluated;
  attribute(logicalId: string, attribute: string): Evaluated;
  condition(name: string): Decision;
  mapping(name: string): Mapping | undefined;
  importValue(name: string): Evaluated;
  /** notes that the name of an import is not known */
  openImport(name: Unknown): void;
  stackOutput(stack: string, output: string, region: string): Evaluated;
  /** what a given template writes to Systems Manager under this name; undefined where none does */
  systemsParameter(name: Evaluated): Evaluated;
  /** whether one more node may be written out by a loop; a loop in a loop must not fill the memory */
  spend(): boolean;
  /** says what is wrong at the place that is being resolved */
  report(code: string, message: string, help?: string): void;
}

export type Intrinsic = (argument: unknown, stack: StackView) => Evaluated;

/** As many alternatives as are worth telling apart. */
export const MAX_OPTIONS = 64;

export function idOf(stack: string, logicalId: string): ResourceId {
  return `${stack}.${logicalId}`;
}

/** What a property or a list may hold: a list of unknown length is unknown there. */
export function settle(value: Evaluated): Resolved | undefined {
  return value instanceof OpenList ? unknown(value.reason, value.parameters) : value;
}

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

export function isUnknownValue(value: Evaluated): value is Unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && isUnknown(value as Value<object>);
}

export function unknownWithToken(reason: string, parameters: readonly string[], token: string | undefined): Unknown {
  const plain = unknown(reason, parameters);
  return token === undefined ? plain : { ...plain, token };
}

/** What is computed from an unknown is unknown for the same reason, but it is not the same value: it has no token. */
export function fromUnknown(hole: Unknown): Unknown {
  return unknown(hole.reason, hole.parameters);
}

/** One unknown for several: the first reason, all parameters. */
export function mergeUnknowns(unknowns: readonly Unknown[], token?: string): Unknown {
  return unknownWithToken(
    unknowns[0]?.reason ?? 'not known',
    unknowns.flatMap((each) => each.parameters),
    token,
  );
}

/** The alternatives of a value; a value that is no choice is its only one. */
export function optionsOf(value: Evaluated): readonly Evaluated[] {
  return value instanceof ChoiceValue ? value.options : [value];
}

/** One of several values, flattened and without repetition: fewer than two different ones are no choice. */
export function makeChoice(options: readonly Evaluated[], reason: string, parameters: readonly string[]): Evaluated {
  const distinct: (Resolved | undefined)[] = [];
  const names = new Set(parameters);
  for (const option of options) {
    if (option instanceof ChoiceValue) for (const name of option.parameters) names.add(name);
    for (const each of optionsOf(option)) {
      const settled = settle(each);
      if (!distinct.some((other) => sameValue(other, settled))) distinct.push(settled);
    }
    if (distinct.length > MAX_OPTIONS) return unknown(reason, [...names]);
  }
  if (distinct.length <= 1) return distinct[0];
  return new ChoiceValue(distinct, reason, [...names].sort());
}

/** Applies a function to each alternative of its argument. */
export function overOptions(value: Evaluated, apply: (option: Evaluated) => Evaluated): Evaluated {
  if (!(value instanceof ChoiceValue)) return apply(value);
  return makeChoice(value.options.map(apply), value.reason, value.parameters);
}

/** Applies a function to each combination of alternatives; too many combinations are unknown. */
export function overAllOptions(
  values: readonly Evaluated[],
  apply: (options: readonly Evaluated[]) => Evaluated,
): Evaluated {
  const choices = values.filter((value) => value instanceof ChoiceValue);
  const first = choices[0];
  if (!first) return apply(values);
  const parameters = choices.flatMap((choice) => choice.parameters);
  const count = choices.reduce((product, choice) => product * choice.options.length, 1);
  if (count > MAX_OPTIONS) return unknown(first.reason, parameters);
  let rows: Evaluated[][] = [[]];
  for (const value of values) {
    // rows are copied only where they part
    if (value instanceof ChoiceValue) rows = rows.flatMap((row) => value.options.map((option) => [...row, option]));
    else for (const row of rows) row.push(value);
  }
  return makeChoice(rows.map(apply), first.reason, parameters);
}

/** Whether two values are certainly the same. Structural; never says yes of unknowns without a common token. */
export function sameValue(a: Evaluated, b: Evaluated): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof OpenList || b instanceof OpenList || a instanceof ChoiceValue || b instanceof ChoiceValue)
    return false;
  if (a instanceof ReferenceValue || b instanceof ReferenceValue) {
    return a instanceof ReferenceValue && b instanceof ReferenceValue && referenceKey(a) === referenceKey(b);
  }
  if (a instanceof TextWithReferences || b instanceof TextWithReferences) {
    return a instanceof TextWithReferences && b instanceof TextWithReferences && sameList(a.parts, b.parts);
  }
  if (isUnknownValue(a) || isUnknownValue(b)) {
    return isUnknownValue(a) && isUnknownValue(b) && a.token !== undefined && a.token === b.token;
  }
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameList(a, b);
  const left = a as Readonly<Record<string, Resolved | undefined>>;
  const right = b as Readonly<Record<string, Resolved | undefined>>;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]));
}

function sameList(a: readonly Resolved[], b: readonly Resolved[]): boolean {
  return a.length === b.length && a.every((value, index) => sameValue(value, b[index]));
}

function referenceKey({ reference }: ReferenceValue): string {
  return `${reference.resource}\n${reference.attribute ?? ''}\n${reference.part ?? ''}`;
}

/** What of a list or text that only AWS knows is taken: see `Reference.part`. */
export function partOf({ reference }: ReferenceValue, step: string): ReferenceValue {
  return new ReferenceValue({ ...reference, part: reference.part ? `${reference.part} ${step}` : step });
}
