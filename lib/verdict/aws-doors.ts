/**
 * What packets alone do not show: who may connect to an endpoint service, and whose resources an endpoint of AWS leads
 * to. Claims appear where something is open, or not understood.
 */
import { PacketSet } from '../base/net';
import { type EndpointService, isKnown, isUnknown, type LoadBalancer, type VpcEndpoint } from '../evidence/network';
import type { VerdictContext } from './context';
import { type Scope, scopesOf, withoutFips } from './endpoint-scope';
import { perhapsServed, zonesOfEndpoint, zonesOfInterface } from './endpoint-users';
import { holdsPatientData, isOneOf, namedBy } from './named-resources';
import { INTERNET, isDeclaredName } from './place';
import { type Claim, placeOf } from './result';

/** Services in which anybody may have resources that data can be left in, by endpoint name. */
const HOLDS_DATA: readonly string[] = [
  's3',
  's3express',
  's3tables',
  'dynamodb',
  'dynamodb-streams',
  'healthlake',
  'medical-imaging',
  'dicom-medical-imaging',
  'runtime-medical-imaging',
  'secretsmanager',
  'backup',
  'kinesis-streams',
  'sqs',
  'sns',
  // a private API of anybody's, which may ask for no credentials
  'execute-api',
];

/**
 * Services by which data leaves with a stranger's credentials: into the log group, the image or the function of the
 * stranger's own account, or under a key of it. What they hold is its account's alone, so that asking whose credentials
 * they are is enough.
 */
const TAKES_DATA: readonly string[] = [
  'kms',
  'logs',
  'monitoring',
  'events',
  'kinesis-firehose',
  'lambda',
  'states',
  'ecr.api',
  'ecr.dkr',
  'ssm',
  'ebs',
  'cassandra',
  'git-codecommit',
  'codeartifact.api',
  'codeartifact.repositories',
  'athena',
  'glue',
  'rds-data',
  'redshift-data',
  'bedrock-runtime',
  'sagemaker.runtime',
  'textract',
  'transcribe',
  'comprehendmedical',
];

export function verifyAwsDoors(context: VerdictContext): Claim[] {
  const services = context.network.endpointServices.flatMap((service) => claimsOfService(service, context));
  return [...services, ...claimsOfPolicies(context)];
}

type Openness = 'open' | 'unknown' | 'closed';

// ------------------------------------------------------------------------------------------------ endpoint services

/** `*` without acceptance: anyone in AWS makes an endpoint, in a VPC with any addresses (SEMANTICS 31). */
function claimsOfService(service: EndpointService, context: VerdictContext): Claim[] {
  const openness = opennessOf(service);
  if (openness === 'closed') return [];
  const balancers = context.network.loadBalancers.filter(({ id }) => service.loadBalancers.includes(id));
  const zones = new Set(balancers.flatMap(({ interface: at }) => zonesOfInterface(at, context)));
  return [...zones].filter(isDeclaredName).flatMap((zone): Claim[] => {
    const heard = PacketSet.unionAll(balancers.map(heardBy));
    if (heard.isSubsetOf(context.allowance.packets({ zone: INTERNET }, { zone }))) return [];
    const from = `external:${service.id}`;
    const reasons = service.allowedPrincipals.flatMap((one) => (isUnknown(one) ? [one.reason] : []));
    const who =
      openness === 'open'
        ? 'anyone in AWS may make an endpoint to it'
        : ['who may make an endpoint to it is open', ...reasons].join(': ');
    return [
      {
        id: `isolation/${from}/${zone}`,
        kind: 'isolation',
        verdict: openness === 'open' ? 'violated' : 'unknown',
        from,
        to: zone,
        says: `nobody whom no template shows reaches ${zone} through endpoint service ${service.id}`,
        source: placeOf(context.zones.get(zone)?.source ?? context.model.source),
        because: [`${service.id} leads to ${zone}, asks nobody before it connects, and ${who}`],
        fix: `name the principals that may use ${service.id}, or require acceptance`,
      },
    ];
  });
}

function opennessOf({ allowedPrincipals, acceptanceRequired, external }: EndpointService): Openness {
  if (external || acceptanceRequired === true || allowedPrincipals.length === 0) return 'closed';
  const isAnyone = allowedPrincipals.some((principal) => isKnown(principal) && /^\*$|:iam::\*:/.test(principal));
  if (isAnyone) return isUnknown(acceptanceRequired) ? 'unknown' : 'open';
  return allowedPrincipals.some(isUnknown) ? 'unknown' : 'closed';
}

function heardBy({ listeners }: LoadBalancer): PacketSet {
  return PacketSet.unionAll(
    listeners.map(({ protocols, ports }) =>
      PacketSet.of({ protocols, ...(isKnown(ports) ? { destinationPorts: [ports] } : {}) }),
    ),
  );
}

// ----------------------------------------------------------------------------------------------- endpoint policies

/** What is wrong with an endpoint for a zone, in the words of a claim. */
interface Finding {
  readonly openness: Exclude<Openness, 'closed'>;
  readonly because: string;
}

/**
 * An endpoint without a policy leads to everyone's buckets and tables (SEMANTICS 29, 30), and a zone that names a
 * service means its own; one that names buckets means those. Claimed of zones that hold patient data.
 */
function claimsOfPolicies(context: VerdictContext): Claim[] {
  const found = new Map<string, { zone: string; service: string; findings: Finding[] }>();
  for (const endpoint of context.network.vpcEndpoints) {
    if (endpoint.external || endpoint.service.kind !== 'aws') continue;
    const { name: service } = endpoint.service;
    const zones = zonesOfEndpoint(endpoint, context);
    for (const zone of [...zones.all, ...perhapsServed(endpoint, context)]) {
      if (!holdsPatientData(zone, context) || !isJudged(zone, service, context)) continue;
      const isCertain = endpoint.certain && zones.all.includes(zone);
      const users = zones.own.includes(zone) || !isCertain ? [zone] : zones.all;
      const all = findingsOf(endpoint, service, users, context);
      const findings = isCertain ? all : all.map((one) => perhaps(one, endpoint, zone));
      if (findings.length === 0) continue;
      const known = found.get(`${zone} ${service}`) ?? { zone, service, findings: [] };
      known.findings.push(...findings);
      found.set(`${zone} ${service}`, known);
    }
  }
  return [...found.values()].map(({ zone, service, findings }) => {
    const isOpen = findings.some(({ openness }) => openness === 'open');
    return {
      id: `policy/${zone}/aws:${service}`,
      kind: 'isolation',
      verdict: isOpen ? 'violated' : 'unknown',
      from: zone,
      to: `aws:${service}`,
      says: `${zone} reaches through its endpoints of ${service} only resources that are its own`,
      source: placeOf(context.zones.get(zone)?.source ?? context.model.source),
      because: [...new Set(findings.map(({ because }) => because))],
      fix: fixOf(namedBy(zone, service, context)),
    };
  });
}

function perhaps({ because }: Finding, { id }: VpcEndpoint, zone: string): Finding {
  return { openness: 'unknown', because: `${because}, and ${zone} may come by ${id}` };
}

function fixOf(names: readonly string[]): string {
  return names.length > 0
    ? `give the endpoint a policy that names ${names.join(', ')} and nothing else`
    : 'give the endpoint a policy that names the resources, the account or the organization';
}

function isJudged(zone: string, service: string, context: VerdictContext): boolean {
  const plain = withoutFips(service);
  return HOLDS_DATA.includes(plain) || TAKES_DATA.includes(plain) || namedBy(zone, service, context).length > 0;
}

/** `users`: zones that the endpoint serves; where one of them names no resources, it means all of the account. */
function findingsOf(
  endpoint: VpcEndpoint,
  service: string,
  users: readonly string[],
  context: VerdictContext,
): Finding[] {
  const lists = users.map((zone) => namedBy(zone, service, context));
  const names = lists.some((list) => list.length === 0) ? [] : [...new Set(lists.flat())].sort();
  const pulls = users.some((zone) => context.zones.get(zone)?.awsServices.some((use) => use.service.startsWith('ecr')));
  const options = { callersDecide: TAKES_DATA.includes(withoutFips(service)) };
  return scopesOf(endpoint.policy, service, options).flatMap((scope) =>
    judgeScope(scope, endpoint, names, pulls, context),
  );
}

function judgeScope(
  scope: Scope,
  { id, policy, service }: VpcEndpoint,
  names: readonly string[],
  pullsImages: boolean,
  context: VerdictContext,
): Finding[] {
  const of = service.kind === 'aws' ? service.name : 'it';
  switch (scope.kind) {
    case 'everyone': {
      const because =
        policy === undefined
          ? `${id} has no policy: it leads to everyone's resources in ${of}`
          : `the policy of ${id} allows everyone's resources in ${of}`;
      return [{ openness: 'open', because }];
    }
    case 'unknown':
      return [{ openness: 'unknown', because: `not understood: the policy of ${id}: ${scope.reason}` }];
    case 'own': {
      if (names.length === 0) return [];
      return [
        { openness: 'open', because: `the policy of ${id} allows more than ${names.join(', ')}: all of the account` },
      ];
    }
    case 'named':
      if (names.length === 0) return [];
      return scope.names.flatMap((name): Finding[] => {
        const shown = typeof name === 'string' ? name : name.id;
        if (pullsImages && IMAGE_LAYERS.test(shown)) return [];
        const match = isOneOf(name, names, context);
        if (match === 'yes') return [];
        return match === 'no'
          ? [{ openness: 'open', because: `the policy of ${id} allows ${shown}, which the zone does not name` }]
          : [
              {
                openness: 'unknown',
                because: `not understood: the policy of ${id}: whether ${shown} is one of ${names.join(', ')}`,
              },
            ];
      });
  }
}

/** ECR keeps image layers in a bucket of AWS's own (ECR user guide, "Amazon S3 gateway endpoint permissions"). */
const IMAGE_LAYERS = /^prod-[a-z0-9-]+-starport-layer-bucket$/;
