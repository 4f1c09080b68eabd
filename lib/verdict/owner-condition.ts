/**
 * Conditions of a policy that say whose a resource, or a caller, is: of accounts or organizations that are named in full.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (which key is there
 * when), reference_policies_elements_condition_operators.html (what a missing key means), reference_policies_variables.html.
 */
import type { PolicyCondition } from '../evidence/network';

const ACCOUNT_KEYS: ReadonlySet<string> = new Set(['aws:resourceaccount', 's3:resourceaccount']);
export const OWNER_KEYS: ReadonlySet<string> = new Set([...ACCOUNT_KEYS, 'aws:resourceorgid', 'aws:resourceorgpaths']);
const CALLER_KEYS: ReadonlySet<string> = new Set([
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalarn',
]);

const PLAIN: ReadonlySet<string> = new Set(['stringequals', 'stringequalsignorecase', 'stringlike']);
const OF_ARNS: ReadonlySet<string> = new Set([...PLAIN, 'arnequals', 'arnlike']);
const NEGATED: ReadonlySet<string> = new Set(['stringnotequals', 'stringnotequalsignorecase', 'stringnotlike']);

/**
 * Holds only for resources of owners that are named; `others`: the rest of what has to hold beside it. A key that may be
 * missing (a stranger of no organization has none) decides nothing where it is asked of `IfExists`.
 */
export function isOwnersOnly(condition: PolicyCondition, others: readonly PolicyCondition[]): boolean {
  const { operator, key, values, quantifier, ifExists } = condition;
  if (!OWNER_KEYS.has(key) || !PLAIN.has(operator) || !values || quantifier === 'all') return false;
  if (ifExists && !ACCOUNT_KEYS.has(key)) return false;
  // The owner is the caller's own account, and who the caller is is asked beside it.
  const isCallers = values.every((value) => CALLERS_OWN.test(value)) && others.some(isCallersOnly);
  return isCallers || values.every((value) => isInFull(key, value));
}

/** Holds only for callers of accounts and organizations that are named; nobody's call has no such key. */
export function isCallersOnly({ operator, key, values, quantifier, ifExists }: PolicyCondition): boolean {
  const operators = key === 'aws:principalarn' ? OF_ARNS : PLAIN;
  if (!CALLER_KEYS.has(key) || !operators.has(operator) || !values || quantifier === 'all' || ifExists) return false;
  return values.every((value) => isInFull(key, value));
}

/** Holds for everything but resources of owners that are named, and where nobody knows whose one is. */
export function isOthersOnly({ operator, key, values, quantifier }: PolicyCondition): boolean {
  // Of a key that is missing, none of the values differs.
  if (!OWNER_KEYS.has(key) || !NEGATED.has(operator) || !values || quantifier !== undefined) return false;
  return values.every((value) => isInFull(key, value));
}

const CALLERS_OWN = /^\$\{aws:Principal(?:Account|OrgID)\}$/i;

/** No wildcard, and no variable that depends on who calls, stands where the account or the organization is named. */
function isInFull(key: string, value: string): boolean {
  if (value === '' || value.includes('${aws:')) return false;
  if (key.endsWith('orgpaths')) return /^[^*?/]+\//.test(value);
  if (key.endsWith('arn')) return /^(?:[^:*?]+:){3}:[^:*?]+:|^(?:[^:*?]+:){3}[^:*?]+:[^:*?]+:/.test(value);
  return !/[*?]/.test(value);
}
