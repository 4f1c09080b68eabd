/**
 * `Fn::ForEach` written out: the fragment once per entry of the collection, the identifier replaced as text.
 * Source: CloudFormation template reference, Fn::ForEach (AWS::LanguageExtensions).
 */
import { isUnknown, type Unknown, unknown } from '../../network';
import { isRecord } from '../parse';
import { type Evaluated, isScalar, isUnknownValue, OpenList, type StackView } from './evaluation';

export const FOR_EACH = 'Fn::ForEach::';

/** CloudFormation accepts 500 resources; more than this many entries of one loop are not a template. */
const MAX_ENTRIES = 20_000;
const MAX_DEPTH = 500;

export interface Entry {
  readonly key: string;
  readonly value: unknown;
}

export interface Expansion {
  readonly entries: readonly Entry[];
  /** loops that could not be written out, by name */
  readonly opaque: readonly OpaqueLoop[];
}

export interface OpaqueLoop {
  readonly loop: string;
  readonly why: Unknown;
  /** what it repeats */
  readonly fragment?: unknown;
}

/** The entries of a section or an object, loops written out. */
export function expandLoops(entries: Iterable<readonly [string, unknown]>, stack: StackView): Expansion {
  const expander = new LoopExpander(stack);
  for (const [key, value] of entries) expander.add(key, value, 0);
  return { entries: expander.entries, opaque: expander.opaque };
}

class LoopExpander {
  readonly entries: Entry[] = [];
  readonly opaque: OpaqueLoop[] = [];
  private full = false;

  constructor(private readonly stack: StackView) {}

  add(key: string, value: unknown, depth: number): void {
    // only loops multiply what is written
    if (depth === 0 && !key.startsWith(FOR_EACH)) {
      this.entries.push({ key, value });
      return;
    }
    if (this.full) return;
    if (this.entries.length >= MAX_ENTRIES) this.cut(key);
    else if (key.startsWith(FOR_EACH)) this.loop(key.slice(FOR_EACH.length), value, depth);
    else this.entries.push({ key, value });
  }

  private cut(loop: string): void {
    if (!this.full) this.opaque.push({ loop, why: unknown('loops write out too much') });
    this.full = true;
  }

  private loop(loop: string, value: unknown, depth: number): void {
    const [identifier, written, fragment] = Array.isArray(value) ? value : [];
    if (typeof identifier !== 'string' || !isRecord(fragment) || depth > 20) {
      this.stack.report('TEMPLATE_FOR_EACH', `loop \`${loop}\` needs an identifier, a collection and a fragment`);
      this.opaque.push({ loop, why: unknown(`loop \`${loop}\` is not well written`) });
      return;
    }
    const collection = collectionOf(written, this.stack);
    if (isUnknown(collection)) {
      const why = unknown(`loop \`${loop}\`: ${collection.reason}`, collection.parameters);
      this.opaque.push({ loop, why, fragment });
      return;
    }
    for (const item of collection) {
      if (!this.stack.spend()) this.cut(loop);
      if (this.full) return;
      const replace = replacer(identifier, item, this.stack);
      for (const [key, each] of Object.entries(fragment)) this.add(replace.text(key), replace.value(each), depth + 1);
    }
  }
}

/** The types of the resources in a loop's fragment, inner loops too; undefined where one is not written out. */
export function typesIn(fragment: unknown, depth = 0): readonly string[] | undefined {
  if (!isRecord(fragment) || depth > 20) return undefined;
  const types: string[] = [];
  for (const [key, value] of Object.entries(fragment)) {
    const inner = Array.isArray(value) ? typesIn(value[2], depth + 1) : undefined;
    const own = isRecord(value) && typeof value.Type === 'string' ? [value.Type] : undefined;
    const found = key.startsWith(FOR_EACH) ? inner : own;
    if (!found?.every((type) => !/[$&]\{/.test(type))) return undefined;
    types.push(...found);
  }
  return types;
}

function collectionOf(written: unknown, stack: StackView): readonly string[] | Unknown {
  const values: Evaluated = stack.evaluate(written);
  if (isUnknownValue(values)) return values;
  if (values instanceof OpenList) return unknown(values.reason, values.parameters);
  if (!Array.isArray(values)) return unknown('the collection is not a list of texts');
  const hole = values.find(isUnknownValue);
  if (hole) return hole;
  return values.every(isScalar) ? values.map(String) : unknown('the collection is not a list of texts');
}

/** `${Id}` becomes the item, `&{Id}` the item's letters and digits, `{ Ref: Id }` the item. */
function replacer(identifier: string, item: string, stack: StackView) {
  const whole = `\${${identifier}}`;
  const stripped = `&{${identifier}}`;
  const alphanumeric = item.replace(/[^a-zA-Z0-9]/g, '');
  const text = (source: string) => source.split(whole).join(item).split(stripped).join(alphanumeric);
  const value = (raw: unknown, depth = 0): unknown => {
    if (!stack.spend()) return null;
    if (typeof raw === 'string') return text(raw);
    // what is nested deeper is reported when it is resolved
    if (typeof raw !== 'object' || raw === null || depth > MAX_DEPTH) return raw;
    if (Array.isArray(raw)) return raw.map((each) => value(each, depth + 1));
    if (!isRecord(raw)) return raw;
    const entries = Object.entries(raw);
    if (entries.length === 1 && raw.Ref === identifier) return item;
    return Object.fromEntries(entries.map(([key, each]) => [text(key), value(each, depth + 1)]));
  };
  return { text, value };
}
