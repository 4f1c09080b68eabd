/**
 * Looking at property values: what is known comes out plain, what is not comes out as Unknown with its reason, and
 * nothing is dropped on the way.
 */
import { hostPrefix, type Prefix, tryParseAddress, tryParsePrefix } from '../../../base/net';
import { isUnknown, type ResourceId, type Unknown, unknown, type Value } from '../../network';
import {
  ChoiceValue,
  type Reference,
  ReferenceValue,
  type Resolved,
  type ResolvedObject,
  TextWithReferences,
} from '../resource';

export type Property = Resolved | undefined;

/** One element of a list, or one alternative; `certain: false` where a condition decides whether it is there. */
export interface Item<T = Resolved> {
  readonly value: T;
  readonly certain: boolean;
  /** what decides, where it is known */
  readonly because?: Unknown;
}

export function isObject(property: Property): property is ResolvedObject {
  if (typeof property !== 'object' || property === null || isUnknownProperty(property)) return false;
  const prototype = Object.getPrototypeOf(property);
  return prototype === Object.prototype || prototype === null;
}

export function isUnknownProperty(property: Property): property is Unknown {
  return (
    typeof property === 'object' &&
    property !== null &&
    !Array.isArray(property) &&
    'unknown' in property &&
    property.unknown === true &&
    typeof (property as { reason?: unknown }).reason === 'string'
  );
}

export function isAbsent(property: Property): property is null | undefined {
  return property === undefined || property === null;
}

/** The value at a path, looked up through undecided conditions. A part of something unknown is unknown. */
export function at(property: Property, ...path: readonly string[]): Property {
  return below(property, path, 0);
}

/** The value at the rest of a path. */
function below(property: Property, path: readonly string[], from: number): Property {
  const head = path[from];
  if (head === undefined || isAbsent(property)) return property;
  if (property instanceof ChoiceValue) {
    const options = property.options.map((option) => below(option, path, from));
    return options.every(isAbsent) ? undefined : new ChoiceValue(options, property.reason, property.parameters);
  }
  if (isObject(property)) return below(property[head], path, from + 1);
  return isUnknownProperty(property) ? property : unknown(`\`${head}\` is asked of something that is not an object`);
}

/** The alternatives of a value; `undefined` among them where it may be absent. One certain item where it is decided. */
export function alternatives(property: Property): Item<Property>[] {
  if (!(property instanceof ChoiceValue)) return [{ value: property, certain: true }];
  return property.options.flatMap((option) =>
    alternatives(option).map((item) => ({
      value: item.value,
      certain: false,
      because: openBy(property, item.because),
    })),
  );
}

/** The value, or another one where it is absent, or may be. */
export function orElse(property: Property, other: Property): Property {
  if (isAbsent(property)) return other;
  if (isAbsent(other) || !(property instanceof ChoiceValue) || !property.options.some(isAbsent)) return property;
  const others = other instanceof ChoiceValue ? other.options : [other];
  const parameters = other instanceof ChoiceValue ? other.parameters : [];
  const named = property.options.filter((option) => !isAbsent(option));
  return new ChoiceValue([...named, ...others], property.reason, [...property.parameters, ...parameters]);
}

/** What decides a choice, and what is chosen in it. */
function openBy({ reason, parameters }: ChoiceValue, inner?: Unknown): Unknown {
  return unknown(reason, [...parameters, ...(inner?.parameters ?? [])]);
}

/**
 * The elements of a list. A single value counts as a list of one, as CloudFormation takes it. A list that is not known
 * is one element that is not known.
 */
export function itemsOf(property: Property, certain = true, because?: Unknown): Item[] {
  if (isAbsent(property)) return [];
  if (Array.isArray(property)) return property.flatMap((element: Resolved) => itemsOf(element, certain, because));
  if (property instanceof ChoiceValue) {
    return property.options.flatMap((option) => itemsOf(option, false, openBy(property, because)));
  }
  return [{ value: property as Resolved, certain, ...(because && { because }) }];
}

/** Decides a scalar: `read` takes the plain value, and answers undefined where it makes no sense of it. */
function scalar<T>(
  property: Property,
  what: string,
  read: (plain: string | number | boolean) => T | undefined,
): Value<T> | undefined {
  if (isAbsent(property)) return undefined;
  if (property instanceof ChoiceValue) return sameOrUnknown(property, what, read);
  if (isUnknownProperty(property)) return property;
  if (property instanceof ReferenceValue) return undeployed(property);
  if (property instanceof TextWithReferences) return undeployed(...referencesIn(property));
  if (typeof property === 'object') return unknown(`${what} is not a plain value`);
  return read(property) ?? unknown(`\`${String(property)}\` is not ${what}`);
}

function undeployed(...references: readonly ReferenceValue[]): Unknown {
  const names = references.map(({ reference }) => `\`${labelOf(reference)}\``);
  return unknown(`${names.join(', ')} ${names.length === 1 ? 'has' : 'have'} no value before deployment`);
}

/** `Net.Vpc`, `Net.Vpc.CidrBlock`, `Net.Firewall.EndpointIds[0]` */
export function labelOf({ resource, attribute, part }: Reference): string {
  return `${resource}${attribute ? `.${attribute}` : ''}${part ?? ''}`;
}

function sameOrUnknown<T>(
  choice: ChoiceValue,
  what: string,
  read: (plain: string | number | boolean) => T | undefined,
): Value<T> {
  const values = choice.options.map((option) => scalar(option, what, read));
  const [first] = values;
  const same = first !== undefined && values.every((value) => JSON.stringify(value) === JSON.stringify(first));
  if (same && !isUnknown<T>(first)) return first;
  const parameters = values.flatMap((value) => (value !== undefined && isUnknown<T>(value) ? value.parameters : []));
  return unknown(choice.reason, [...choice.parameters, ...parameters]);
}

export function textOf(property: Property): Value<string> | undefined {
  return scalar(property, 'text', (plain) => String(plain));
}

/** The text where it is plain and decided, for names that only serve to find things. */
export function plainText(property: Property): string | undefined {
  const text = textOf(property);
  return text === undefined || isUnknown<string>(text) ? undefined : text;
}

export function numberOf(property: Property): Value<number> | undefined {
  return scalar(property, 'a number', (plain) => {
    const number = typeof plain === 'number' ? plain : Number(String(plain).trim() || 'NaN');
    return Number.isInteger(number) ? number : undefined;
  });
}

const TRUE_WORDS = new Set(['true', 'enable', 'enabled', 'on', 'yes']);
const FALSE_WORDS = new Set(['false', 'disable', 'disabled', 'off', 'no']);

/** `true`, `"true"`, `enable`, `ENABLED`, `on` and their opposites: AWS spells flags in all these ways. */
export function flagOf(property: Property): Value<boolean> | undefined {
  return scalar(property, 'true or false', (plain) => {
    const word = String(plain).toLowerCase();
    return TRUE_WORDS.has(word) ? true : FALSE_WORDS.has(word) ? false : undefined;
  });
}

/** An address range; a bare address counts as the range of itself. */
export function prefixOf(property: Property): Value<Prefix> | undefined {
  return scalar(property, 'an address range', (plain) => tryParsePrefix(String(plain)) ?? tryParseHost(String(plain)));
}

function tryParseHost(text: string): Prefix | undefined {
  const address = tryParseAddress(text);
  return address && hostPrefix(address);
}

/** Every reference anywhere inside a value, with those that undecided conditions hold. */
export function referencesIn(property: Property, found: ReferenceValue[] = []): ReferenceValue[] {
  if (property instanceof ReferenceValue) found.push(property);
  else if (property instanceof TextWithReferences) for (const part of property.parts) referencesIn(part, found);
  else if (property instanceof ChoiceValue) for (const option of property.options) referencesIn(option, found);
  else if (Array.isArray(property)) for (const element of property as readonly Resolved[]) referencesIn(element, found);
  else if (isObject(property)) for (const value of Object.values(property)) referencesIn(value, found);
  return found;
}

/** Those that no condition decides about. */
export function decidedReferencesIn(property: Property): ReferenceValue[] {
  if (property instanceof ChoiceValue) return [];
  if (Array.isArray(property)) return (property as readonly Resolved[]).flatMap(decidedReferencesIn);
  return isObject(property) ? Object.values(property).flatMap(decidedReferencesIn) : referencesIn(property);
}

/** The one reference that a value is, or that its text holds; undefined where it holds several, or a condition decides. */
export function onlyReferenceIn(property: Property): ReferenceValue | undefined {
  if (property instanceof ChoiceValue) return undefined;
  const [only, ...others] = referencesIn(property);
  return others.length === 0 ? only : undefined;
}

/** The elements of the lists that the elements of a list hold, with what decides either. */
export function itemsWithin(items: readonly Item[], name: string): Item[] {
  return items.flatMap(({ value, certain, because }) => itemsOf(at(value, name), certain, because));
}

/** The resources that a value refers to, whatever it takes of them. */
export function resourcesNamed(property: Property): ResourceId[] {
  return referencesIn(property).map(({ reference }) => reference.resource);
}

/** Tags as CloudFormation writes them, a list of keys and values or a map; those without a plain value are left out. */
export function tagsOf(property: Property): Record<string, string> | undefined {
  const tags: [string, string][] = [];
  if (isObject(property)) {
    for (const [key, value] of Object.entries(property)) pushTag(tags, key, value);
  } else {
    for (const { value } of itemsOf(property)) {
      const key = plainText(at(value, 'Key'));
      if (key !== undefined) pushTag(tags, key, at(value, 'Value'));
    }
  }
  return tags.length > 0 ? Object.fromEntries(tags.sort(([a], [b]) => (a < b ? -1 : 1))) : undefined;
}

function pushTag(tags: [string, string][], key: string, value: Property): void {
  const text = plainText(value);
  if (text !== undefined) tags.push([key, text]);
}

/** `a,b` as a list: some properties, and joined parameters, write lists as text. */
export function splitList(item: Item): Item[] {
  const { value } = item;
  if (typeof value === 'string' && value.includes(',')) {
    const parts = value.split(',').map((part) => part.trim());
    return parts.filter((part) => part !== '').map((part) => ({ ...item, value: part }));
  }
  if (!(value instanceof TextWithReferences)) return [item];
  const isList = value.parts.every((part) => typeof part !== 'string' || /^[\s,]+$/.test(part));
  return isList ? value.parts.flatMap((part) => (typeof part === 'string' ? [] : [{ ...item, value: part }])) : [item];
}
