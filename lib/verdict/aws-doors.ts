/**
 * What packets alone do not show: who may connect to an endpoint service, and whose resources an endpoint of AWS leads
 * to. Claims appear where something is open, or not understood.
 */
import { PacketSet } from '../base/net';
import {
  type EndpointService,
  isKnown,
  isUnknown,
  type LoadBalancer,
  type PolicyDocument,
  type ResourceId,
  type VpcEndpoint,
} from '../evidence/network';
import type { VerdictContext } from './context';
import { INTERNET, isDeclaredName } from './place';
import { type Claim, placeOf } from './result';

/** Services in which anybody may have resources that data can be left in, by endpoint name. */
const HOLDS_DATA: readonly string[] = [
  's3',
  's3express',
  'dynamodb',
  'healthlake',
  'medical-imaging',
  'secretsmanager',
  'backup',
  'kinesis-streams',
  'sqs',
  'sns',
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
    const who =
      openness === 'open' ? 'anyone in AWS may make an endpoint to it' : 'who may make an endpoint to it is open';
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

/**
 * An endpoint without a policy leads to everyone's buckets and tables (SEMANTICS 29, 30), and a zone that names a
 * service means its own. Claimed of zones that hold patient data.
 */
function claimsOfPolicies(context: VerdictContext): Claim[] {
  const found = new Map<string, { zone: string; service: string; endpoints: [VpcEndpoint, Openness][] }>();
  for (const endpoint of context.network.vpcEndpoints) {
    if (endpoint.external || endpoint.service.kind !== 'aws') continue;
    const { name: service } = endpoint.service;
    const openness = opennessOfPolicy(endpoint);
    if (openness === 'closed') continue;
    for (const zone of zonesOfEndpoint(endpoint, context)) {
      if (!holdsPatientData(zone, context) || !isJudged(zone, service, context)) continue;
      const known = found.get(`${zone} ${service}`) ?? { zone, service, endpoints: [] };
      known.endpoints.push([endpoint, openness]);
      found.set(`${zone} ${service}`, known);
    }
  }
  return [...found.values()].map(({ zone, service, endpoints }) => {
    const isOpen = endpoints.some(([, openness]) => openness === 'open');
    return {
      id: `policy/${zone}/aws:${service}`,
      kind: 'isolation',
      verdict: isOpen ? 'violated' : 'unknown',
      from: zone,
      to: `aws:${service}`,
      says: `${zone} reaches through its endpoints of ${service} only resources that are its own`,
      source: placeOf(context.zones.get(zone)?.source ?? context.model.source),
      because: endpoints.map(([{ id, policy }, openness]) => {
        if (openness === 'unknown') return `not understood: the policy of ${id}`;
        return policy === undefined
          ? `${id} has no policy: it leads to everyone's resources in ${service}`
          : `the policy of ${id} allows everyone's resources in ${service}`;
      }),
      fix: 'give the endpoint a policy that names the resources, the account or the organization',
    };
  });
}

function isJudged(zone: string, service: string, context: VerdictContext): boolean {
  const uses = context.zones.get(zone)?.awsServices.filter((use) => use.service === service) ?? [];
  return HOLDS_DATA.includes(service) || uses.some(({ resources }) => resources.length > 0);
}

function opennessOfPolicy({ policy }: VpcEndpoint): Openness {
  if (policy === undefined) return 'open';
  if (isUnknown<PolicyDocument>(policy)) return 'unknown';
  return listOf(policy.Statement).some(allowsEverything) ? 'open' : 'closed';
}

/** An Allow for every resource that asks nothing else. */
function allowsEverything(statement: unknown): boolean {
  if (typeof statement !== 'object' || statement === null) return false;
  const { Effect, Resource, Condition } = statement as Readonly<Record<string, unknown>>;
  return Effect === 'Allow' && Condition === undefined && listOf(Resource).includes('*');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function holdsPatientData(zone: string, context: VerdictContext): boolean {
  return context.zones.get(zone)?.data.some((data) => data === 'phi' || data === 'phi-bulk') === true;
}

/** Where its interface stands, or whose route tables it is in; in a VPC that zones share, whoever uses the service. */
function zonesOfEndpoint({ interface: at, routeTables, service }: VpcEndpoint, context: VerdictContext): string[] {
  const bySubnet = context.network.subnets
    .filter(({ routeTable }) => isKnown(routeTable) && routeTables.includes(routeTable))
    .flatMap(({ id }) => context.binding.subnets.get(id)?.zone ?? []);
  const own = new Set([...(at === undefined ? [] : zonesOfInterface(at, context)), ...bySubnet]);
  const users = context.model.zones.filter(
    ({ name }) =>
      [...own].some((place) => context.isOfSharedVpc(name, place)) &&
      context.usesService(name, service.kind === 'aws' ? `aws:${service.name}` : ''),
  );
  return [...new Set([...own, ...users.map(({ name }) => name)])].filter(isDeclaredName).sort();
}

function zonesOfInterface(id: ResourceId, context: VerdictContext): string[] {
  return (context.binding.interfaces.get(id) ?? []).map(({ zone }) => zone);
}
