/**
 * A value as written -> a value with its intrinsics resolved, within one stack.
 */
import { isUnknown, unknown } from '../../network';
import { isRecord } from '../parse';
import type { Resolved } from '../resource';
import { decide } from './conditions';
import { isDynamic, readDynamicReferences } from './dynamic-reference';
import { type Evaluated, fromUnknown, mergeUnknowns, overOptions, type StackView, settle } from './evaluation';
import { expandLoops, FOR_EACH } from './for-each';
import { INTRINSICS } from './intrinsics';

/** Deeper than any template that AWS accepts, shallower than our stack. */
export const MAX_DEPTH = 400;

export class Evaluator {
  constructor(
    private readonly stack: StackView,
    /** shared by all stacks: values of one are asked for by others */
    private readonly depth: { level: number },
  ) {}

  evaluate(raw: unknown): Evaluated {
    if (typeof raw === 'string') return this.text(raw);
    if (typeof raw === 'number' || typeof raw === 'boolean' || raw === null) return raw;
    if (typeof raw !== 'object') return undefined;
    const { depth } = this;
    if (depth.level > MAX_DEPTH) {
      this.stack.report('TEMPLATE_TOO_DEEP', 'a value is nested too deeply to be read');
      return unknown('a value is nested too deeply to be read');
    }
    depth.level++;
    const value = Array.isArray(raw) ? this.list(raw) : this.object(raw as Readonly<Record<string, unknown>>);
    depth.level--;
    return value;
  }

  private text(value: Evaluated): Evaluated {
    return isDynamic(value) ? overOptions(value, (each) => readDynamicReferences(each, this.stack)) : value;
  }

  /** The list itself where nothing in it needs resolving: most of a template is shared, not copied. */
  private list(raw: readonly unknown[]): Resolved {
    let copy: Resolved[] | undefined;
    for (let index = 0; index < raw.length; index++) {
      const value = this.resolve(raw[index]);
      if (copy === undefined && value !== raw[index]) copy = raw.slice(0, index) as Resolved[];
      if (copy !== undefined && value !== undefined) copy.push(value);
    }
    return copy ?? (raw as readonly Resolved[]);
  }

  private object(raw: Readonly<Record<string, unknown>>): Evaluated {
    const keys = Object.keys(raw);
    const first = keys[0];
    if (first !== undefined && keys.length === 1) {
      const intrinsic = isIntrinsicName(first) ? this.intrinsic(first, raw[first]) : NOT_AN_INTRINSIC;
      // a name may be put together: `!Sub '{{resolve:ssm:/${Stage}/vpc}}'`
      if (intrinsic !== NOT_AN_INTRINSIC) return this.text(intrinsic);
    }
    let copy: Record<string, Resolved | undefined> | undefined;
    for (const key of keys) {
      if (key.startsWith('Fn::')) return this.mixed(raw);
      const value = this.resolve(raw[key]);
      if (copy === undefined && value !== raw[key]) copy = { ...raw } as Record<string, Resolved | undefined>;
      if (copy === undefined || value === raw[key]) continue;
      if (value === undefined) delete copy[key];
      else copy[key] = value;
    }
    return copy ?? (raw as Readonly<Record<string, Resolved>>);
  }

  private intrinsic(name: string, argument: unknown): Evaluated | typeof NOT_AN_INTRINSIC {
    if (name === 'Ref' && typeof argument !== 'string' && !isRecord(argument)) return NOT_AN_INTRINSIC;
    const intrinsic = INTRINSICS.get(name);
    if (intrinsic) return intrinsic(argument, this.stack);
    if (name.startsWith(FOR_EACH)) return NOT_AN_INTRINSIC;
    if (name === 'Fn::Equals' || name === 'Fn::And' || name === 'Fn::Or' || name === 'Fn::Not') {
      const decision = decide({ [name]: argument }, this.stack);
      return isUnknown(decision) ? fromUnknown(decision) : decision;
    }
    this.stack.report('TEMPLATE_INTRINSIC', `\`${name}\` is no intrinsic function that is known`);
    return unknown(`\`${name}\` is not known`);
  }

  /** An object with loops in it, or with a function beside other keys, which only a macro may write. */
  private mixed(raw: Readonly<Record<string, unknown>>): Evaluated {
    const other = Object.keys(raw).find((key) => key.startsWith('Fn::') && !key.startsWith(FOR_EACH));
    if (other !== undefined) {
      if (other !== 'Fn::Transform') this.stack.report('TEMPLATE_INTRINSIC', `\`${other}\` stands beside other keys`);
      return unknown(`\`${other}\` beside other keys is not understood`);
    }
    const { entries, opaque } = expandLoops(Object.entries(raw), this.stack);
    if (opaque.length > 0) return mergeUnknowns(opaque.map(({ why }) => why));
    return this.object(Object.fromEntries(entries.map(({ key, value }) => [key, value])));
  }

  private resolve(raw: unknown): Resolved | undefined {
    return settle(this.evaluate(raw));
  }
}

const NOT_AN_INTRINSIC = Symbol('not an intrinsic');

function isIntrinsicName(key: string): boolean {
  return key === 'Ref' || key.startsWith('Fn::');
}
