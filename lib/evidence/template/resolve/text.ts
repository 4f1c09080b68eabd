/**
 * Texts with holes: joining and splitting them without losing what the holes are.
 */
import type { Unknown } from '../../network';
import { unknown } from '../../network';
import { type Reference, ReferenceValue, TextWithReferences } from '../resource';
import {
  type Evaluated,
  fromUnknown,
  isScalar,
  isUnknownValue,
  mergeUnknowns,
  OpenList,
  overAllOptions,
  partOf,
  unknownWithToken,
} from './evaluation';

/** Longer than any template may be; a text that doubles through nested stacks must end somewhere. */
const MAX_LENGTH = 1_000_000;

type Part = string | ReferenceValue | Unknown;

/** The texts one after the other. Alternatives multiply; `refuse` answers where something cannot be text. */
export function concatenate(values: readonly Evaluated[], refuse: () => Evaluated): Evaluated {
  return overAllOptions(values, (options) => {
    const parts = options.map(partsOf);
    return parts.every((each) => each !== undefined) ? textOf(parts.flat()) : refuse();
  });
}

function partsOf(value: Evaluated): readonly Part[] | undefined {
  if (isScalar(value)) return [String(value)];
  if (value === undefined || value === null) return [];
  if (value instanceof ReferenceValue) return [value];
  if (value instanceof TextWithReferences) return value.parts;
  if (isUnknownValue(value)) return [value];
  if (value instanceof OpenList) return [unknown(value.reason, value.parameters)];
  return undefined;
}

/** The simplest value that these parts make. */
export function textOf(parts: readonly Part[]): Evaluated {
  const merged: Part[] = [];
  let length = 0;
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part !== 'string') merged.push(part);
    else if (typeof last === 'string') merged[merged.length - 1] = last + part;
    else if (part !== '') merged.push(part);
    length += typeof part === 'string' ? part.length : 1;
    if (length > MAX_LENGTH) return unknown('a text is too long');
  }
  const only = merged[0];
  if (only === undefined) return '';
  if (merged.length === 1) return only;
  if (merged.some((part) => part instanceof ReferenceValue)) return new TextWithReferences(merged);
  return mergeUnknowns(
    merged.filter((part): part is Unknown => typeof part !== 'string' && !(part instanceof ReferenceValue)),
    tokenOf(merged),
  );
}

/** Texts of equal known parts and equal unknowns are equal. */
function tokenOf(parts: readonly Part[]): string | undefined {
  let token = '';
  for (const part of parts) {
    if (typeof part === 'string') token += part.replaceAll('$', '$$$$');
    else if (part instanceof ReferenceValue || part.token === undefined) return undefined;
    else token += `\${${part.token}}`;
  }
  return token;
}

/** The token of an unknown list as a text; split at the same delimiter it is that list again. */
export function joinToken(delimiter: string, list: string): string {
  return `join(${delimiter}) ${list}`;
}

/** Ids and names of resources hold none of these, so a text splits between its references. ARNs hold `:` and `/`. */
const NEVER_IN_A_REFERENCE = /^[,;|\s]+$/;

/** A list that only AWS knows, as one text: CDK hands such lists from stack to stack. */
export function joinedList(delimiter: string, list: ReferenceValue): ReferenceValue {
  return partOf(list, `join(${delimiter})`);
}

/** The list that a text was joined of. */
function listJoinedBy(delimiter: string, { reference }: ReferenceValue): ReferenceValue | undefined {
  const { part = '', ...whole } = reference;
  const joined = `join(${delimiter})`;
  if (!NEVER_IN_A_REFERENCE.test(delimiter)) return undefined;
  if (part === joined) return new ReferenceValue(whole);
  return part.endsWith(` ${joined}`)
    ? new ReferenceValue({ ...whole, part: part.slice(0, -joined.length - 1) })
    : undefined;
}

/** What `Ref` gives of a resource is one id or name; an attribute of it may be any text. */
function isOneId({ attribute, part }: Reference): boolean {
  return attribute === undefined && part === undefined;
}

export function split(delimiter: string, source: Evaluated): Evaluated {
  if (isScalar(source)) return String(source).split(delimiter);
  if (source instanceof ReferenceValue) {
    const list = listJoinedBy(delimiter, source);
    if (list) return list;
    if (isOneId(source.reference) && NEVER_IN_A_REFERENCE.test(delimiter)) return [source] as Evaluated;
    const pieces = partOf(source, `split(${delimiter})`);
    return new OpenList(
      (index) => partOf(pieces, `[${index}]`),
      `what \`${describe(source)}\` holds is known to AWS only`,
    );
  }
  if (source instanceof TextWithReferences) return splitParts(delimiter, source.parts);
  if (isUnknownValue(source)) {
    const { reason, parameters, token } = source;
    const joined = joinToken(delimiter, '');
    // No entry of a list that is a parameter holds a comma; it may hold anything else.
    if (delimiter === ',' && token?.startsWith(joined))
      return unknownWithToken(reason, parameters, token.slice(joined.length));
    const elementAt = (index: number) =>
      unknownWithToken(reason, parameters, token && `${token} split(${delimiter}) [${index}]`);
    return new OpenList(elementAt, reason, parameters);
  }
  return unknown('only a text can be split');
}

function splitParts(delimiter: string, parts: readonly Part[]): Evaluated {
  const hole = parts.find((part): part is Unknown => typeof part !== 'string' && !(part instanceof ReferenceValue));
  if (hole) return fromUnknown(hole);
  if (!NEVER_IN_A_REFERENCE.test(delimiter)) return unknown(`a reference may hold \`${delimiter}\` itself`);
  const pieces: Part[][] = [[]];
  for (const part of parts) {
    if (typeof part !== 'string') pieces.at(-1)?.push(part);
    else {
      part.split(delimiter).forEach((text, index) => {
        if (index > 0) pieces.push([]);
        if (text !== '') pieces.at(-1)?.push(text);
      });
    }
  }
  return pieces.map((piece) => textOf(piece) ?? '') as Evaluated;
}

function describe({ reference }: ReferenceValue): string {
  return reference.attribute ? `${reference.resource}.${reference.attribute}` : reference.resource;
}

/** A list parameter's value: at commas, each entry without the spaces around it. The empty text is the empty list. */
export function splitList(value: Evaluated): Evaluated {
  if (Array.isArray(value) || value instanceof OpenList) return value;
  if (value === '' || value === null) return [];
  const list = split(',', value);
  if (!Array.isArray(list)) return list;
  return list.map((entry) => (typeof entry === 'string' ? entry.trim() : entry));
}
