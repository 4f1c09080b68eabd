/**
 * AWS services that zones use -> endpoints, and the legs that lead to them.
 */
import type { Diagnostic } from '../../base/diagnostics';
import type { Zone } from '../zones';
import { type AddressPlan, placesOf, type VpcPlace } from './address-plan';
import { partyOf } from './conduit-legs';
import type { GroupParty, Leg } from './leg';
import type { GroupKey, ServiceEndpointPlan } from './network-plan';

/** The services that a route reaches; all others have an interface endpoint (AWS PrivateLink guide, "Gateway endpoints"). */
const GATEWAY_SERVICES: ReadonlySet<string> = new Set(['s3', 'dynamodb']);
const HTTPS = { from: 443, to: 443 };

export interface ServiceLegs {
  readonly legs: Leg[];
  readonly endpoints: ServiceEndpointPlan[];
  /** subnet group -> gateway services that its route table leads to */
  readonly gateways: Map<GroupKey, Set<string>>;
  readonly diagnostics: Diagnostic[];
}

export function serviceSecurityGroup(vpc: VpcPlace, service: string): GroupKey {
  return `vpc:${vpc.name}#${service}`;
}

/** `standing` finds the subnets in which a VPC's service endpoints stand; undefined where there is no room for them. */
export function legsOfServices(
  vpc: VpcPlace,
  addresses: AddressPlan,
  standing: (securityGroup: GroupKey) => GroupParty | undefined,
): ServiceLegs {
  const out: ServiceLegs = { legs: [], endpoints: [], gateways: new Map(), diagnostics: [] };
  const services = [...new Set(vpc.zones.flatMap((zone) => zone.awsServices.map(({ service }) => service)))].sort();
  for (const service of services) {
    const zones = vpc.zones.filter((zone) => zone.awsServices.some((use) => use.service === service));
    if (GATEWAY_SERVICES.has(service)) gatewayEndpoint(service, vpc, zones, addresses, out);
    else interfaceEndpoint(service, vpc, zones, addresses, standing(serviceSecurityGroup(vpc, service)), out);
  }
  return out;
}

function gatewayEndpoint(
  service: string,
  vpc: VpcPlace,
  zones: Zone[],
  addresses: AddressPlan,
  out: ServiceLegs,
): void {
  for (const { zone, place } of usersOf(zones, addresses)) {
    out.gateways.set(place.key, (out.gateways.get(place.key) ?? new Set()).add(service));
    out.legs.push({
      vpc: vpc.name,
      initiator: partyOf(place),
      responder: { kind: 'service', service },
      protocol: 'tcp',
      ports: HTTPS,
      ...nameOf(zone, service),
    });
  }
  for (const zone of zones) {
    const imageLayers = service === 's3' && zone.awsServices.some((use) => use.service.startsWith('ecr'));
    const resources = resourcesOf([zone], service);
    out.endpoints.push({ service, type: 'gateway', zones: [zone.name], resources, imageLayers });
  }
}

function interfaceEndpoint(
  service: string,
  vpc: VpcPlace,
  zones: Zone[],
  addresses: AddressPlan,
  endpoint: GroupParty | undefined,
  out: ServiceLegs,
): void {
  if (!endpoint) {
    out.diagnostics.push({
      code: 'PLAN_NO_ROOM',
      severity: 'error',
      message: `VPC \`${vpc.name}\` has no room for an endpoint of \`${service}\``,
      help: 'give the VPC a larger block',
      span: zones[0]?.awsServices.find((use) => use.service === service)?.source ?? vpc.source,
    });
    return;
  }
  for (const { zone, place } of usersOf(zones, addresses)) {
    const initiator = partyOf(place);
    out.legs.push({
      vpc: vpc.name,
      initiator,
      responder: endpoint,
      protocol: 'tcp',
      ports: HTTPS,
      ...nameOf(zone, service),
    });
  }
  out.endpoints.push({
    service,
    type: 'interface',
    zones: namesOf(zones),
    subnetGroup: endpoint.subnetGroup,
    securityGroup: endpoint.securityGroup,
    resources: resourcesOf(zones, service),
    imageLayers: false,
  });
}

function usersOf(zones: readonly Zone[], addresses: AddressPlan) {
  return zones.flatMap((zone) => placesOf(addresses, zone).map((place) => ({ zone, place })));
}

function nameOf(zone: Zone, service: string): { conduit: string; text: string } {
  return { conduit: `${zone.name} awsServices ${service}`, text: `${zone.name} uses AWS ${service} privately` };
}

function namesOf(zones: readonly Zone[]): string[] {
  return zones.map(({ name }) => name).sort();
}

/** One zone that names nothing opens the endpoint to the whole account: the list is then empty. */
function resourcesOf(zones: readonly Zone[], service: string): string[] {
  const uses = zones.flatMap((zone) => zone.awsServices.filter((use) => use.service === service));
  if (uses.some((use) => use.resources.length === 0)) return [];
  return [...new Set(uses.flatMap((use) => use.resources))].sort();
}
