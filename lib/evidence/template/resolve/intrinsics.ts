/**
 * One function per intrinsic. Each says what it makes of values that are known, of references, and of what is not known.
 * Source: CloudFormation template reference, "Intrinsic functions".
 */
import { isUnknown, unknown } from '../../network';
import { isRecord } from '../parse';
import {
  ChoiceValue,
  ReferenceValue,
  type Resolved,
  TextWithReferences,
  UNKNOWN_ACCOUNT,
  UNKNOWN_REGION,
} from '../resource';
import { cidr } from './cidr';
import { undecidedCondition } from './conditions';
import {
  type Evaluated,
  fromUnknown,
  type Intrinsic,
  isScalar,
  isUnknownValue,
  type Mapping,
  makeChoice,
  OpenList,
  overAllOptions,
  overOptions,
  partOf,
  type StackView,
  settle,
  unknownWithToken,
} from './evaluation';
import { concatenate, joinedList, joinToken, split } from './text';

export const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Ref', ref],
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', sub],
  ['Fn::Join', join],
  ['Fn::Select', select],
  ['Fn::Split', splitText],
  ['Fn::FindInMap', findInMap],
  ['Fn::If', choose],
  ['Fn::Cidr', cidr],
  ['Fn::GetAZs', getAzs],
  ['Fn::ImportValue', importValue],
  ['Fn::GetStackOutput', getStackOutput],
  ['Fn::Base64', base64],
  ['Fn::ToJsonString', toJsonString],
  ['Fn::Length', length],
  ['Fn::Transform', transform],
]);

function misuse(name: string, needs: string, stack: StackView): Evaluated {
  stack.report('TEMPLATE_INTRINSIC', `\`${name}\` needs ${needs}`);
  return unknown(`\`${name}\` is not well written`);
}

function ref(argument: unknown, stack: StackView): Evaluated {
  const name = stack.evaluate(argument);
  return overOptions(name, (each) => (typeof each === 'string' ? stack.ref(each) : unclear(each, 'Ref', stack)));
}

function unclear(value: Evaluated, name: string, stack: StackView): Evaluated {
  return isUnknownValue(value) ? fromUnknown(value) : misuse(name, 'a name', stack);
}

/** `["Resource", "Attribute.Of.It"]` or `"Resource.Attribute"`. */
function getAtt(argument: unknown, stack: StackView): Evaluated {
  const written = Array.isArray(argument) ? argument.map((each) => stack.evaluate(each)) : [stack.evaluate(argument)];
  return overAllOptions(written, (parts) => {
    const hole = parts.find(isUnknownValue);
    if (hole) return fromUnknown(hole);
    const path = parts.every((part) => typeof part === 'string') ? parts.join('.') : '';
    const dot = path.indexOf('.');
    if (dot <= 0) return misuse('Fn::GetAtt', 'a resource and an attribute', stack);
    return stack.attribute(path.slice(0, dot), path.slice(dot + 1));
  });
}

const PLACEHOLDER = /\$\{([^{}]*)\}/g;

function sub(argument: unknown, stack: StackView): Evaluated {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, undefined];
  if (typeof template !== 'string') return misuse('Fn::Sub', 'a text', stack);
  if (!template.includes('${')) return template;
  const pieces: Evaluated[] = [];
  let end = 0;
  for (const match of template.matchAll(PLACEHOLDER)) {
    if (match.index > end) pieces.push(template.slice(end, match.index));
    pieces.push(substitute((match[1] ?? '').trim(), variables, stack));
    end = match.index + match[0].length;
  }
  pieces.push(template.slice(end));
  return concatenate(pieces, () => misuse('Fn::Sub', 'texts, not lists', stack));
}

function substitute(name: string, variables: unknown, stack: StackView): Evaluated {
  if (name.startsWith('!')) return `\${${name.slice(1)}}`;
  if (isRecord(variables) && Object.hasOwn(variables, name)) return stack.evaluate(variables[name]);
  const dot = name.indexOf('.');
  return dot > 0 ? stack.attribute(name.slice(0, dot), name.slice(dot + 1)) : stack.ref(name);
}

function join(argument: unknown, stack: StackView): Evaluated {
  if (!Array.isArray(argument) || argument.length !== 2) return misuse('Fn::Join', 'a delimiter and a list', stack);
  const delimiter = stack.evaluate(argument[0]);
  if (!isScalar(delimiter)) return unclear(delimiter, 'Fn::Join', stack);
  return overOptions(stack.evaluate(argument[1]), (list) => {
    if (Array.isArray(list)) return joinList(String(delimiter), list, stack);
    if (list instanceof OpenList) return unknown(list.reason, list.parameters);
    if (isUnknownValue(list)) {
      const token = list.token && joinToken(String(delimiter), list.token);
      return unknownWithToken(list.reason, list.parameters, token);
    }
    if (list instanceof ReferenceValue) return joinedList(String(delimiter), list);
    return misuse('Fn::Join', 'a list', stack);
  });
}

function joinList(delimiter: string, list: readonly Evaluated[], stack: StackView): Evaluated {
  return overAllOptions(list, (entries) => {
    const present = entries.filter((entry) => entry !== undefined);
    const pieces = present.flatMap((entry, index) => (index === 0 ? [entry] : [delimiter, entry]));
    return concatenate(pieces, () => misuse('Fn::Join', 'a list of texts', stack));
  });
}

function select(argument: unknown, stack: StackView): Evaluated {
  if (!Array.isArray(argument) || argument.length !== 2) return misuse('Fn::Select', 'an index and a list', stack);
  return overAllOptions([stack.evaluate(argument[0]), stack.evaluate(argument[1])], ([index, list]) => {
    if (isUnknownValue(index)) return fromUnknown(index);
    if (!isScalar(index) || !/^\d+$/.test(String(index))) return misuse('Fn::Select', 'a whole number', stack);
    return elementAt(list, Number(index), stack);
  });
}

function elementAt(list: Evaluated, index: number, stack: StackView): Evaluated {
  if (list instanceof OpenList) return list.elementAt(index);
  if (list instanceof ReferenceValue) return partOf(list, `[${index}]`);
  if (isUnknownValue(list)) {
    return unknownWithToken(list.reason, list.parameters, list.token && `${list.token}[${index}]`);
  }
  if (!Array.isArray(list)) return misuse('Fn::Select', 'a list', stack);
  const before: readonly Resolved[] = list.slice(0, index + 1);
  const shifting = before.find((entry) => entry instanceof ChoiceValue && entry.options.includes(undefined));
  if (shifting instanceof ChoiceValue) return unknown(shifting.reason, shifting.parameters);
  if (index < list.length) return list[index];
  const message = `\`Fn::Select\` takes entry ${index} of a list of ${list.length}`;
  stack.report('TEMPLATE_SELECT', message);
  return unknown(message);
}

function splitText(argument: unknown, stack: StackView): Evaluated {
  if (!Array.isArray(argument) || argument.length !== 2) return misuse('Fn::Split', 'a delimiter and a text', stack);
  const delimiter = stack.evaluate(argument[0]);
  if (typeof delimiter !== 'string' || delimiter === '') return unclear(delimiter, 'Fn::Split', stack);
  return overOptions(stack.evaluate(argument[1]), (source) => {
    const isText = isScalar(source) || isUnknownValue(source) || isReference(source);
    return isText ? split(delimiter, source) : misuse('Fn::Split', 'a text', stack);
  });
}

function isReference(value: Evaluated): boolean {
  return value instanceof ReferenceValue || value instanceof TextWithReferences;
}

/** `[map, key, key]`, with `{ DefaultValue }` behind by the language extensions. A key that is not known may be any. */
function findInMap(argument: unknown, stack: StackView): Evaluated {
  if (!Array.isArray(argument) || argument.length < 3) return misuse('Fn::FindInMap', 'a map and two keys', stack);
  const options: unknown = argument[3];
  const fallback = () =>
    isRecord(options) && Object.hasOwn(options, 'DefaultValue') ? stack.evaluate(options.DefaultValue) : undefined;
  const values = argument.slice(0, 3).map((each) => stack.evaluate(each));
  return overAllOptions(values, ([mapName, ...keys]) => {
    if (typeof mapName !== 'string') return unclear(mapName, 'Fn::FindInMap', stack);
    const map = stack.mapping(mapName);
    const isKey = (key: Evaluated) => isScalar(key) || isUnknownValue(key);
    if (!keys.every(isKey)) return misuse('Fn::FindInMap', 'keys that are texts', stack);
    const value = map ? lookUp(map, keys, fallback) : fallback();
    if (value !== undefined) return value;
    const path = [mapName, ...keys.map((key) => (isScalar(key) ? String(key) : '?'))].join('.');
    const message = map ? `mapping \`${path}\` has no such entry` : `there is no mapping \`${mapName}\``;
    stack.report('TEMPLATE_MAPPING', message);
    return unknown(message);
  });
}

function lookUp(map: Mapping, [first, second]: readonly Evaluated[], fallback: () => Evaluated): Evaluated {
  const hole = [first, second].map(holeOf).find((each) => each !== undefined);
  if (!hole) {
    const row = map.get(String(first));
    return row?.get(String(second)) ?? fallback();
  }
  const rows = holeOf(first) ? [...map.values()] : [map.get(String(first))];
  const found = rows.flatMap((row): Evaluated[] =>
    holeOf(second) ? [...(row?.values() ?? [])] : [row?.get(String(second))],
  );
  const present = [...found, fallback()].filter((value) => value !== undefined);
  return makeChoice(present, hole.reason, hole.parameters);
}

/** Why a key of a mapping is not known; undefined where it is. */
function holeOf(key: Evaluated): { reason: string; parameters: readonly string[] } | undefined {
  if (key === UNKNOWN_REGION) return { reason: 'the region is not known', parameters: [] };
  if (key === UNKNOWN_ACCOUNT) return { reason: 'the account is not known', parameters: [] };
  return isUnknownValue(key) ? key : undefined;
}

/** `[condition, then, else]`; undecided, it is one of both. */
function choose(argument: unknown, stack: StackView): Evaluated {
  if (!Array.isArray(argument) || argument.length < 2 || argument.length > 3) {
    return misuse('Fn::If', 'a condition and two values', stack);
  }
  const name = stack.evaluate(argument[0]);
  if (typeof name !== 'string') return unclear(name, 'Fn::If', stack);
  const decision = stack.condition(name);
  if (!isUnknown(decision)) return stack.evaluate(argument[decision ? 1 : 2]);
  const branches = [stack.evaluate(argument[1]), stack.evaluate(argument[2])];
  const { reason, parameters } = undecidedCondition(name, decision);
  return makeChoice(branches, reason, parameters);
}

/** Zones by index are equal within a region (SEMANTICS 43); how many there are is not known. */
function getAzs(argument: unknown, stack: StackView): Evaluated {
  return overOptions(stack.evaluate(argument), (value) => {
    if (isUnknownValue(value)) return new OpenList(() => fromUnknown(value), value.reason, value.parameters);
    const region = typeof value === 'string' && value !== '' ? value : stack.region;
    return new OpenList(
      (index) => `GetAZs(${region})[${index}]`,
      `the availability zones of \`${region}\` are known to AWS only`,
    );
  });
}

function importValue(argument: unknown, stack: StackView): Evaluated {
  return overOptions(stack.evaluate(argument), (name) => {
    if (isScalar(name)) return stack.importValue(String(name));
    if (isUnknownValue(name)) {
      stack.openImport(name);
      const token = name.token && `import ${name.token}`;
      return unknownWithToken(`the name of an import is not known: ${name.reason}`, name.parameters, token);
    }
    return misuse('Fn::ImportValue', 'a name that no resource decides', stack);
  });
}

function getStackOutput(argument: unknown, stack: StackView): Evaluated {
  if (!isRecord(argument)) return misuse('Fn::GetStackOutput', '`StackName` and `OutputName`', stack);
  const values = [argument.StackName, argument.OutputName, argument.Region ?? ''].map((each) => stack.evaluate(each));
  return overAllOptions(values, ([name, output, region]) => {
    const hole = [name, output, region].find(isUnknownValue);
    if (hole) return fromUnknown(hole);
    if (typeof name !== 'string' || typeof output !== 'string' || typeof region !== 'string') {
      return misuse('Fn::GetStackOutput', '`StackName` and `OutputName`', stack);
    }
    return stack.stackOutput(name, output, region === '' ? stack.region : region);
  });
}

/** Nothing reads what is encoded; it is kept as it is. */
function base64(argument: unknown, stack: StackView): Evaluated {
  return { 'Fn::Base64': settle(stack.evaluate(argument)) };
}

function toJsonString(argument: unknown, stack: StackView): Evaluated {
  const value = stack.resolve(argument);
  return isPlain(value) ? JSON.stringify(value) : unknown('a text of JSON holds what is known to AWS only');
}

function isPlain(value: Evaluated): boolean {
  if (typeof value !== 'object' || value === null) return value !== undefined;
  if (value instanceof ReferenceValue || value instanceof TextWithReferences || value instanceof ChoiceValue)
    return false;
  if (value instanceof OpenList || isUnknownValue(value)) return false;
  return Object.values(value).every((each) => each === undefined || isPlain(each));
}

function length(argument: unknown, stack: StackView): Evaluated {
  return overOptions(stack.evaluate(argument), (list) => {
    if (list instanceof OpenList || isUnknownValue(list)) return unknown(list.reason, list.parameters);
    if (!Array.isArray(list)) return misuse('Fn::Length', 'a list', stack);
    return overAllOptions(list, (entries) => entries.filter((entry) => entry !== undefined).length);
  });
}

function transform(argument: unknown): Evaluated {
  const name = isRecord(argument) && typeof argument.Name === 'string' ? argument.Name : 'a macro';
  return unknown(`\`${name}\` writes this at deployment`);
}
