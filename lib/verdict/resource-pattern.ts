/**
 * Which bucket, table, queue or secret an ARN in a policy names, and what part of a name stays open.
 * Source: the resource types of the Service Authorization Reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
 */
import type { PolicyText, ResourceId } from '../evidence/network';

/** By name, or by the id of the resource in the templates. */
export type Named = string | { readonly id: ResourceId };

/** What stands before the name in the last part of an ARN; a service without is not told apart by names. */
const BEFORE_NAME: Readonly<Record<string, RegExp>> = {
  dynamodb: /^table\//,
  secretsmanager: /^secret:/,
  sqs: /^/,
  sns: /^/,
  'kinesis-streams': /^stream\//,
  healthlake: /^datastore\/(?:fhir\/)?/,
  'medical-imaging': /^datastore\//,
  'dicom-medical-imaging': /^datastore\//,
  'runtime-medical-imaging': /^datastore\//,
};

/** The bucket, table or the like that an ARN names; `*`: it may be anybody's. */
export function namedIn(pattern: PolicyText, service: string): Named {
  const reference = /^(?:arn:[^$]*)?\$\{([^}?]+?)(?:\.(?:Arn|Name|Id))?\}(?:\/.*)?$/.exec(pattern)?.[1];
  if (reference !== undefined) return { id: reference };
  const [, , , , account = '', ...rest] = pattern.split(':');
  const resource = rest.join(':');
  const isOfNobody = account === '' || /[*?]/.test(account);
  // Names of buckets are everybody's, without an account; an access point is of one.
  if (service === 's3') return isOfNobody ? bucketIn(resource, pattern) : pattern;
  return isOfNobody ? '*' : nameOf(resource, service, pattern);
}

/** An ARN that breaks off before its name speaks of everything that begins so. */
function bucketIn(resource: string, pattern: PolicyText): string {
  if (resource === '' || resource.startsWith('accesspoint')) return '*';
  return resource.split('/')[0] || pattern;
}

function nameOf(resource: string, service: string, pattern: PolicyText): string {
  const before = BEFORE_NAME[service];
  if (!before?.test(resource)) return pattern;
  const name = resource.replace(before, '');
  // Secrets Manager adds six characters to a name that nobody knows beforehand.
  const whole = service === 'secretsmanager' ? name.replace(/-\?{6}$/, '') : (name.split('/')[0] ?? '');
  return /[*?]/.test(whole) || whole === '' ? pattern : whole;
}

/** A name in a zone file, which may be an ARN, as a policy's ARN would name it. */
export function plainName(name: string, service: string): string {
  if (!name.startsWith('arn:')) return name;
  const named = namedIn(name, service);
  return typeof named === 'string' && named !== '*' ? named : name;
}

/** Names of buckets are everybody's: one with a wildcard may be a stranger's. */
export function isAnyones(name: Named): boolean {
  return typeof name === 'string' && !name.startsWith('arn:') && /[*?]/.test(name);
}
