/**
 * Whose resources the policy of an endpoint leads to (SEMANTICS 29, 30, 38). Read exactly: resources by ARN, conditions on
 * the account or organization of the resource, and the denials of a data perimeter. Conditions on who calls narrow no
 * resource. Anything else is not understood, and said to be.
 */
import {
  isAbout,
  type PolicyCondition,
  type PolicyDocument,
  type PolicyStatement,
  type PolicyText,
  speaksOfAll,
  statementsOf,
  type Value,
} from '../evidence/network';
import { isCallersOnly, isOthersOnly, isOwnersOnly, OWNER_KEYS } from './owner-condition';
import { isAnyones, type Named, namedIn } from './resource-pattern';

export type Scope =
  /** anybody's resources */
  | { readonly kind: 'everyone' }
  /** those of named accounts or organizations */
  | { readonly kind: 'own' }
  /** these, by name or by the id of the resource in the templates; a name may hold wildcards */
  | { readonly kind: 'named'; readonly names: readonly Named[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** Where the prefix of IAM actions is not the endpoint's name. Source: Service Authorization Reference. */
const PREFIXES: Readonly<Record<string, string>> = {
  'kinesis-streams': 'kinesis',
  'kinesis-firehose': 'firehose',
  monitoring: 'cloudwatch',
  'dynamodb-streams': 'dynamodb',
  'git-codecommit': 'codecommit',
  'bedrock-runtime': 'bedrock',
  'dicom-medical-imaging': 'medical-imaging',
  'runtime-medical-imaging': 'medical-imaging',
};

export function actionPrefixOf(service: string): string {
  const plain = withoutFips(service);
  return PREFIXES[plain] ?? plain.split('.')[0] ?? plain;
}

/** `sqs-fips`: the same service by other ciphers. */
export function withoutFips(service: string): string {
  return service.replace(/-fips$/, '');
}

/**
 * One for each statement that allows something; none where nothing is allowed. `callersDecide`: whoever is of an account
 * gets at the resources of that account only.
 */
export function scopesOf(
  policy: Value<PolicyDocument> | undefined,
  service: string,
  { callersDecide = false } = {},
): Scope[] {
  if (policy === undefined) return [{ kind: 'everyone' }];
  const statements = statementsOf(policy);
  if (!statements) return [{ kind: 'unknown', reason: 'its document is not known' }];
  const bound = boundOf(statements, service);
  const allows = statements.filter((one) => one.effect === 'allow' && mayGiveAway(one, service));
  return allows
    .map((statement) => narrow(scopeOfAllow(statement, service), bound))
    .map((scope, at) => (callersDecide && scope.kind === 'everyone' && isForOwn(allows[at]) ? { kind: 'own' } : scope));
}

/** What tells the names of what the caller's own account has, and nothing that is in it. */
const LISTS_NAMES: Readonly<Record<string, readonly string[]>> = {
  s3: ['s3:listallmybuckets'],
  dynamodb: ['dynamodb:listtables'],
  kms: ['kms:listkeys', 'kms:listaliases'],
  secretsmanager: ['secretsmanager:listsecrets', 'secretsmanager:getrandompassword'],
  sqs: ['sqs:listqueues'],
  sns: ['sns:listtopics'],
};

/** Whether it allows anything of the service that has to do with what somebody keeps there. */
function mayGiveAway(statement: PolicyStatement, service: string): boolean {
  const lists = LISTS_NAMES[service];
  return statement.open !== undefined || !lists || isAbout(statement, actionPrefixOf(service), lists);
}

/** Of principals that it names, or of their accounts and organizations. */
function isForOwn(statement: PolicyStatement | undefined): boolean {
  return statement !== undefined && (statement.isForNamed || statement.conditions.some(isCallersOnly));
}

/** What everything that is allowed stays within, because the rest is denied. */
function boundOf(statements: readonly PolicyStatement[], service: string): Scope {
  const bounds = statements.filter(({ effect }) => effect === 'deny').map((one) => boundOfDeny(one, service));
  const closed = bounds.find(({ kind }) => kind === 'named') ?? bounds.find(({ kind }) => kind === 'own');
  return closed ?? bounds.find(({ kind }) => kind === 'unknown') ?? { kind: 'everyone' };
}

function boundOfDeny(statement: PolicyStatement, service: string): Scope {
  const { isForAnyone, resources, conditions, open } = statement;
  const isWhole = isForAnyone && speaksOfAll(statement, actionPrefixOf(service));
  if (!isWhole) return { kind: 'everyone' };
  if (open !== undefined) return { kind: 'unknown', reason: `a denial of which ${open} is not known` };
  const telling = conditions.filter((condition) => !exceptsAws(condition));
  if (resources.except && telling.length === 0) return named(resources.patterns, service);
  if (resources.except || !resources.patterns.includes('*')) return { kind: 'everyone' };
  const [condition, ...others] = telling;
  if (condition && others.length === 0 && isOthersOnly(condition)) return { kind: 'own' };
  const isOfOwner = telling.some(({ key }) => OWNER_KEYS.has(key));
  return isOfOwner
    ? { kind: 'unknown', reason: 'a denial under conditions that are not understood' }
    : { kind: 'everyone' };
}

function narrow(scope: Scope, bound: Scope): Scope {
  if (scope.kind === 'named' || bound.kind === 'everyone') return scope;
  if (scope.kind === 'own' && bound.kind !== 'named') return scope;
  return bound;
}

function scopeOfAllow({ resources, conditions, open }: PolicyStatement, service: string): Scope {
  if (open !== undefined) return { kind: 'unknown', reason: `a statement of which ${open} is not known` };
  const whole = scopeOfResources(resources, service);
  if (whole.kind === 'named' && !whole.names.some(isAnyones)) return whole;
  if (conditions.some((condition) => isOwnersOnly(condition, conditions))) {
    return whole.kind === 'everyone' ? { kind: 'own' } : whole;
  }
  const strange = conditions.find((condition) => !OF_THE_CALL.test(condition.key) || OWNER_KEYS.has(condition.key));
  if (strange) return { kind: 'unknown', reason: `a condition on \`${strange.key}\` that is not understood` };
  return whole.kind === 'named' && service === 's3' ? { kind: 'everyone' } : whole;
}

function scopeOfResources({ except, patterns }: PolicyStatement['resources'], service: string): Scope {
  if (except || patterns.some((pattern) => pattern === '*')) return { kind: 'everyone' };
  return named(patterns, service);
}

function named(patterns: readonly PolicyText[], service: string): Scope {
  const names = patterns.map((pattern) => namedIn(pattern, service));
  if (names.some((name) => name === '*')) return { kind: 'everyone' };
  return { kind: 'named', names };
}

/** Calls that AWS makes for somebody are let through by most perimeters; they come from no host of ours. */
export function exceptsAws({ operator, key, values }: PolicyCondition): boolean {
  return operator === 'bool' && /^aws:(principalisawsservice|viaawsservice)$/.test(key) && values?.join() === 'false';
}

/** Conditions on who calls, from where and how: they say nothing of whose the resource is. */
const OF_THE_CALL =
  /^aws:(principal|source|calledvia|viaawsservice|securetransport|requestedregion|useragent|referer|currenttime|epochtime|multifactorauth|tokenissuetime|username|userid|vpcsourceip|requesttag|tagkeys|federatedprovider|ec2instancesource)|^s3:(prefix|delimiter|max-keys|signatureversion|signatureage|authtype|tlsversion|x-amz-)|^dynamodb:(leadingkeys|attributes|select|returnvalues|returnconsumedcapacity|enclosingoperation)/;
