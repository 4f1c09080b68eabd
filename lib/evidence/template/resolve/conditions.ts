/**
 * Conditions in three values: what hangs on a parameter without a value is not decided, and says on which.
 */
import type { Unknown } from '../../network';
import { isUnknown, unknown } from '../../network';
import { isRecord } from '../parse';
import { ChoiceValue, ReferenceValue, TextWithReferences, UNKNOWN_ACCOUNT, UNKNOWN_REGION } from '../resource';
import {
  type Decision,
  type Evaluated,
  fromUnknown,
  isScalar,
  isUnknownValue,
  mergeUnknowns,
  OpenList,
  optionsOf,
  type StackView,
  sameValue,
} from './evaluation';

/** The value of a condition as written: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not`, `Condition`. */
export function decide(raw: unknown, stack: StackView, depth = 0): Decision {
  if (depth > MAX_DEPTH) return unknown('a condition is nested too deeply to be read');
  if (typeof raw === 'boolean') return raw;
  if (raw === 'true' || raw === 'false') return raw === 'true';
  if (isRecord(raw)) {
    const [key, argument] = Object.entries(raw)[0] ?? ['', undefined];
    const operator = OPERATORS.get(key);
    if (operator && Object.keys(raw).length === 1) return operator(argument, stack, depth + 1);
    const value = Object.keys(raw).length === 1 && key.startsWith('Fn::') ? stack.evaluate(raw) : undefined;
    if (isUnknownValue(value)) return fromUnknown(value);
    if (typeof value === 'boolean' || value === 'true' || value === 'false') return String(value) === 'true';
  }
  stack.report('TEMPLATE_CONDITION', 'a condition is `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` or `Condition`');
  return unknown('a condition is not well written');
}

type Operator = (argument: unknown, stack: StackView, depth: number) => Decision;

/** Conditions hold conditions; no template nests them like this. */
const MAX_DEPTH = 200;

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['Fn::Equals', equals],
  ['Fn::And', (argument, stack, depth) => combine(argument, stack, depth, false)],
  ['Fn::Or', (argument, stack, depth) => combine(argument, stack, depth, true)],
  ['Fn::Not', not],
  ['Condition', named],
]);

function named(argument: unknown, stack: StackView): Decision {
  const name = stack.evaluate(argument);
  return typeof name === 'string' ? stack.condition(name) : unknown('a condition is named by a text');
}

function not(argument: unknown, stack: StackView, depth: number): Decision {
  const operands = Array.isArray(argument) ? argument : [argument];
  if (operands.length !== 1) return misuse('Fn::Not', 'one condition', stack);
  const decision = decide(operands[0], stack, depth);
  return isUnknown(decision) ? decision : !decision;
}

/** Not decided, and by which name people know it. */
export function undecidedCondition(name: string, { reason, parameters }: Unknown): Unknown {
  return unknown(`condition \`${name}\` is not decided: ${reason}`, parameters);
}

/** `Fn::And` ends at the first false, `Fn::Or` at the first true, whatever else is not decided. */
function combine(argument: unknown, stack: StackView, depth: number, absorbing: boolean): Decision {
  if (!Array.isArray(argument) || argument.length === 0) {
    return misuse(absorbing ? 'Fn::Or' : 'Fn::And', 'a list of conditions', stack);
  }
  const open: Unknown[] = [];
  for (const operand of argument) {
    const decision = decide(operand, stack, depth);
    if (isUnknown(decision)) open.push(decision);
    else if (decision === absorbing) return absorbing;
  }
  return open.length > 0 ? mergeUnknowns(open) : !absorbing;
}

function misuse(name: string, needs: string, stack: StackView): Unknown {
  stack.report('TEMPLATE_CONDITION', `\`${name}\` needs ${needs}`);
  return unknown(`\`${name}\` is not well written`);
}

function equals(argument: unknown, stack: StackView): Decision {
  if (!Array.isArray(argument) || argument.length !== 2) return misuse('Fn::Equals', 'two values', stack);
  const left = stack.evaluate(argument[0]);
  const right = stack.evaluate(argument[1]);
  if (left === right && left instanceof ChoiceValue) return true;
  const parameters = [left, right].flatMap((side) => (side instanceof ChoiceValue ? side.parameters : []));
  let known: boolean | undefined;
  for (const a of optionsOf(left)) {
    for (const b of optionsOf(right)) {
      const decision = areEqual(a, b);
      if (isUnknown(decision)) return unknown(decision.reason, [...parameters, ...decision.parameters]);
      if (known !== undefined && known !== decision) return unknown(reasonOf(left, right), parameters);
      known = decision;
    }
  }
  return known ?? unknown('there is nothing to compare');
}

function reasonOf(left: Evaluated, right: Evaluated): string {
  const choice = left instanceof ChoiceValue ? left : right;
  return choice instanceof ChoiceValue ? choice.reason : 'not known';
}

/** CloudFormation compares texts: `80` equals `"80"`, `true` equals `"true"`. */
function areEqual(a: Evaluated, b: Evaluated): Decision {
  if (isScalar(a) && isScalar(b)) {
    if (String(a) === String(b)) return true;
    const placeholder = [String(a), String(b)].find(holdsPlaceholder);
    return placeholder ? unknown(`\`${placeholder}\` stands for what is not known`) : false;
  }
  if (sameValue(a, b)) return true;
  const holes = [a, b].filter(isUnknownValue);
  if (holes.length > 0) return mergeUnknowns(holes);
  // an id is never empty
  if ((a === '' && isReference(b)) || (b === '' && isReference(a))) return false;
  if (isReference(a) || isReference(b)) return unknown('what a resource is called is known to AWS only');
  if (a instanceof OpenList || b instanceof OpenList) return unknown('a list is known to AWS only');
  if (Array.isArray(a) && Array.isArray(b)) return areListsEqual(a, b);
  return a === undefined || b === undefined ? unknown('an absent value is compared') : false;
}

function areListsEqual(a: readonly Evaluated[], b: readonly Evaluated[]): Decision {
  if (a.length !== b.length) return false;
  const decisions = a.map((each, index) => areEqual(each, b[index]));
  if (decisions.some((decision) => decision === false)) return false;
  return decisions.find((decision) => isUnknown(decision)) ?? true;
}

function isReference(value: Evaluated): boolean {
  return value instanceof ReferenceValue || value instanceof TextWithReferences;
}

function holdsPlaceholder(text: string): boolean {
  return text.includes(UNKNOWN_REGION) || text.includes(UNKNOWN_ACCOUNT);
}
