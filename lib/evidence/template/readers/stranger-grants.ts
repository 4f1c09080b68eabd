/**
 * Whether a resource's own policy lets somebody beyond its account do something. Whoever is of the account needs no such
 * policy: what IAM says of them is an assumption, and so is who is of an organization that is named.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html.
 */
import {
  type PolicyCondition,
  type PolicyDocument,
  type PolicyStatement,
  statementsOf,
  UNKNOWN_ACCOUNT,
  type Value,
} from '../../network';

/** Who, in the words of a verdict; undefined where nobody is let in. `actions`: in lower case. */
export function strangerLetBy(
  policy: Value<PolicyDocument>,
  actions: readonly string[],
  account = UNKNOWN_ACCOUNT,
): string | undefined {
  const statements = statementsOf(policy);
  if (!statements) return 'whom a policy lets that is not known';
  if (statements.some((one) => shutsOthersOut(one, actions, account))) return undefined;
  for (const statement of statements) {
    const stranger = strangerIn(statement, actions, account);
    if (stranger !== undefined) return stranger;
  }
  return undefined;
}

function strangerIn(statement: PolicyStatement, actions: readonly string[], account: string): string | undefined {
  if (statement.effect === 'deny' && !statement.isOpenEffect) return undefined;
  if (statement.open !== undefined) return `whom a statement lets of which ${statement.open} is not known`;
  if (!speaksOfAny(statement, actions)) return undefined;
  if (statement.conditions.some((condition) => isOfOwn(condition, account))) return undefined;
  return strangerAmong(statement, account);
}

function strangerAmong({ isForAnyone, services, identities }: PolicyStatement, account: string): string | undefined {
  if (isForAnyone) return 'everyone';
  const others = (identities ?? []).filter((one) => isStranger(one, account));
  const isOpenName = others.some((one) => /[*?]/.test(one));
  if (others.length > 0) return isOpenName ? 'everyone' : `${others.join(', ')} of another account`;
  const deputies = (services ?? []).filter((one) => DEPUTIES.has(one) || one.includes('*'));
  if (deputies.length > 0) return `${deputies.join(', ')} on behalf of any account`;
  const isNobody = (identities ?? []).length === 0 && (services ?? []).length === 0;
  return isNobody ? 'whomever it does not name' : undefined;
}

/** Services that act for whoever of any account sets them up, unless a condition says for whom. */
export const DEPUTIES: ReadonlySet<string> = new Set(['s3.amazonaws.com', 'sns.amazonaws.com', 'ses.amazonaws.com']);

/** A principal: an account, or an identity in one. */
export function isStranger(principal: string, account = UNKNOWN_ACCOUNT): boolean {
  if (principal === '*') return true;
  // what the templates make is of the account
  if (principal.startsWith('${')) return false;
  const theirs = principal.startsWith('arn:') ? principal.split(':')[4] : /^[^.]+$/.exec(principal)?.[0];
  return theirs !== undefined && theirs !== account && !theirs.startsWith('${');
}

function speaksOfAny({ actions: { except, patterns } }: PolicyStatement, actions: readonly string[]): boolean {
  const matches = (action: string) => patterns.some((pattern) => globOf(pattern).test(action));
  return except ? !actions.every(matches) : actions.some(matches);
}

function globOf(pattern: string): RegExp {
  const parts = pattern.toLowerCase().split('*');
  return new RegExp(`^${parts.map((part) => part.replace(/[^\w?]/g, '\\$&').replaceAll('?', '.')).join('.*')}$`);
}

// ------------------------------------------------------------------------------------------------------- conditions

const POSITIVE: ReadonlySet<string> = new Set([
  ...['stringequals', 'stringequalsignorecase', 'stringlike', 'arnequals', 'arnlike'],
]);
const NEGATED: ReadonlySet<string> = new Set([
  ...['stringnotequals', 'stringnotequalsignorecase', 'stringnotlike', 'arnnotequals', 'arnnotlike'],
]);
const ACCOUNTS: ReadonlySet<string> = new Set([
  ...['aws:sourceaccount', 'aws:sourceowner', 'aws:principalaccount', 'kms:calleraccount'],
]);
const ARNS: ReadonlySet<string> = new Set(['aws:sourcearn', 'aws:principalarn']);
const NAMES: ReadonlySet<string> = new Set([
  ...['aws:principalorgid', 'aws:sourceorgid', 'aws:sourcevpce', 'aws:sourcevpc'],
]);
const PATHS: ReadonlySet<string> = new Set(['aws:principalorgpaths', 'aws:sourceorgpaths']);

/** Holds only for callers of the account, of what it has, or of an organization or network that is named. */
function isOfOwn(condition: PolicyCondition, account: string): boolean {
  const { operator, quantifier, ifExists } = condition;
  return POSITIVE.has(operator) && quantifier !== 'all' && !ifExists && areOwn(condition, account);
}

function areOwn({ key, values }: PolicyCondition, account: string): boolean {
  return values !== undefined && values.length > 0 && values.every((value) => isOwn(key, value, account));
}

function isOwn(key: string, value: string, account: string): boolean {
  if (value.includes('${aws:')) return false;
  if (ACCOUNTS.has(key)) return isOwnAccount(value, account);
  if (ARNS.has(key)) return isOwnArn(value, account);
  if (NAMES.has(key)) return value !== '' && !/[*?]/.test(value);
  return PATHS.has(key) && /^[^*?/]+\//.test(value);
}

/** An account that is named in full is ours, unless ours is known to be another. */
export function isOwnAccount(theirs: string, account = UNKNOWN_ACCOUNT): boolean {
  return /^[^*?]+$/.test(theirs) && (account.startsWith('unknown') || theirs === account || theirs.startsWith('${'));
}

/** Of what the templates make, of the account, or a bucket that is named. */
export function isOwnArn(arn: string, account = UNKNOWN_ACCOUNT): boolean {
  if (arn.startsWith('${')) return true;
  const [, , service = '', , theirs = '', ...rest] = arn.split(':');
  // the names of buckets are taken once in the world
  if (service === 's3') return /^[^*?]{3}/.test(rest.join(':'));
  return theirs !== '' && isOwnAccount(theirs, account);
}

/** A denial of all that is asked to all others: of the account, of an organization. */
function shutsOthersOut(statement: PolicyStatement, actions: readonly string[], account: string): boolean {
  const { effect, isOpenEffect, isForAnyone, open, conditions } = statement;
  const [only, ...more] = conditions;
  if (effect !== 'deny' || isOpenEffect || !isForAnyone || open !== undefined || !only || more.length > 0) return false;
  const isNegated = NEGATED.has(only.operator) && only.quantifier === undefined && areOwn(only, account);
  return isNegated && actions.every((action) => speaksOfAny(statement, [action])) && isWhole(statement);
}

function isWhole({ resources }: PolicyStatement): boolean {
  return !resources.except && resources.patterns.length > 0;
}
