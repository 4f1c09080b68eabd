/**
 * Statements of IAM policies, as far as they can be told apart: who, what, on which resources, under which conditions.
 * What is not understood stays visible as `open`, with the reason; nothing is taken for narrower than it is.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html.
 */
import type { PolicyDocument } from './beyond-packets';
import { isUnknown, type Value } from './value';

/** `${Stack.Bucket.Arn}/*`: a text in which references to resources of the templates stand by their labels. */
export type PolicyText = string;

export interface PolicyCondition {
  /** lower case, without `IfExists`, `ForAnyValue:` and `ForAllValues:` */
  readonly operator: string;
  readonly quantifier?: 'any' | 'all';
  readonly ifExists: boolean;
  /** lower case: `aws:sourcevpce` */
  readonly key: string;
  /** undefined: not known */
  readonly values: readonly PolicyText[] | undefined;
}

export interface PolicyStatement {
  readonly effect: 'allow' | 'deny';
  /** it speaks of every principal */
  readonly isForAnyone: boolean;
  /** it speaks of principals that it names, and of no others */
  readonly isForNamed: boolean;
  /** services of AWS that it names as principals; undefined: not known */
  readonly services: readonly PolicyText[] | undefined;
  /** accounts and identities that it names as principals; undefined: not known */
  readonly identities: readonly PolicyText[] | undefined;
  readonly actions: { readonly except: boolean; readonly patterns: readonly PolicyText[] };
  readonly resources: { readonly except: boolean; readonly patterns: readonly PolicyText[] };
  /** all of them have to hold */
  readonly conditions: readonly PolicyCondition[];
  /** a part of it could not be read */
  readonly open?: string;
  /** whether it allows or denies, or is there at all, could not be read */
  readonly isOpenEffect: boolean;
}

/** A part that may be unknown; undefined where it is no text, or a text that is not known. */
function textOf(value: unknown): PolicyText | undefined {
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.includes('${?') ? undefined : value;
  if (!isRecord(value)) return undefined;
  if (typeof value.Ref === 'string') return `\${${value.Ref}}`;
  const attribute = value['Fn::GetAtt'];
  return Array.isArray(attribute) ? `\${${attribute.join('.')}}` : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

/** Undefined where one of them is not known. */
function textsOf(value: unknown): PolicyText[] | undefined {
  const texts = listOf(value).map(textOf);
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

/** Undefined where the document as a whole is not known. */
export function statementsOf(policy: Value<PolicyDocument>): PolicyStatement[] | undefined {
  if (isUnknown<PolicyDocument>(policy)) return undefined;
  return listOf(policy.Statement).map(statementOf);
}

function statementOf(value: unknown): PolicyStatement {
  const statement = isRecord(value) ? value : {};
  const actions = setOf(statement, 'Action');
  const resources = setOf(statement, 'Resource');
  const conditions = conditionsOf(statement.Condition);
  const effect = statement.Effect === 'Allow' ? 'allow' : statement.Effect === 'Deny' ? 'deny' : undefined;
  const unread = [
    ...(effect === undefined ? ['its effect'] : []),
    ...(arePrincipalsKnown(statement) ? [] : ['its principals']),
    ...(actions === undefined ? ['its actions'] : []),
    ...(resources === undefined ? ['its resources'] : []),
    ...(conditions === undefined ? ['its conditions'] : []),
  ];
  return {
    effect: effect ?? 'allow',
    isForAnyone: isAnyone(statement),
    isForNamed: isNamed(statement),
    services: isRecord(statement.Principal) ? textsOf(statement.Principal.Service) : [],
    identities: isRecord(statement.Principal) ? textsOf(statement.Principal.AWS) : [],
    actions: actions ?? { except: false, patterns: [] },
    resources: resources ?? { except: false, patterns: [] },
    conditions: conditions ?? [],
    isOpenEffect: effect === undefined,
    ...(unread.length > 0 ? { open: unread.join(' and ') } : {}),
  };
}

/** `Action` or `NotAction`. Absent: everything, as in a policy that leaves its resource to the place where it hangs. */
function setOf(statement: Readonly<Record<string, unknown>>, name: 'Action' | 'Resource') {
  const except = statement[`Not${name}`] !== undefined;
  const patterns = textsOf(statement[except ? `Not${name}` : name] ?? '*');
  return patterns === undefined ? undefined : { except, patterns };
}

function isAnyone({ Principal }: Readonly<Record<string, unknown>>): boolean {
  if (Principal === '*') return true;
  return isRecord(Principal) && listOf(Principal.AWS).includes('*');
}

function arePrincipalsKnown({ Principal }: Readonly<Record<string, unknown>>): boolean {
  return !isRecord(Principal) || Object.values(Principal).every((texts) => textsOf(texts) !== undefined);
}

/** `NotPrincipal` speaks of everyone else. */
function isNamed({ Principal, NotPrincipal }: Readonly<Record<string, unknown>>): boolean {
  if (NotPrincipal !== undefined || !isRecord(Principal)) return false;
  const named = Object.values(Principal).map(textsOf);
  return named.length > 0 && named.every((texts) => texts?.every((text) => !text.includes('*')));
}

function conditionsOf(value: unknown): PolicyCondition[] | undefined {
  if (value === undefined) return [];
  if (!isRecord(value)) return undefined;
  const blocks = Object.entries(value).map(([written, keys]) => conditionsOfOperator(written, keys));
  return blocks.every((block) => block !== undefined) ? blocks.flat() : undefined;
}

function conditionsOfOperator(written: string, keys: unknown): PolicyCondition[] | undefined {
  const match = /^(?:for(any|all)values?:)?([a-z]+?)(ifexists)?$/i.exec(written.replace('Value:', 'Values:'));
  if (!match || !isRecord(keys) || keys.unknown === true) return undefined;
  const [, quantifier, operator = '', ifExists] = match;
  return Object.entries(keys).map(([key, values]) => ({
    operator: operator.toLowerCase(),
    ...(quantifier ? { quantifier: quantifier.toLowerCase() === 'any' ? ('any' as const) : ('all' as const) } : {}),
    ifExists: ifExists !== undefined,
    key: key.toLowerCase(),
    values: textsOf(values),
  }));
}

/** Whether a statement speaks of every action of a service (by the prefix of its actions). */
export function speaksOfAll({ actions }: PolicyStatement, prefix: string): boolean {
  return (
    !actions.except && actions.patterns.some((pattern) => pattern === '*' || pattern.toLowerCase() === `${prefix}:*`)
  );
}

/** Whether a statement speaks of any action of a service beside these (in lower case). */
export function isAbout({ actions }: PolicyStatement, prefix: string, beside: readonly string[]): boolean {
  if (actions.except) return true;
  return actions.patterns
    .map((pattern) => pattern.toLowerCase())
    .some(
      (pattern) => !beside.includes(pattern) && (/[*?$]/.test(serviceOf(pattern)) || serviceOf(pattern) === prefix),
    );
}

function serviceOf(action: string): string {
  return action.split(':')[0] ?? action;
}
