/**
 * AWS services that zones use -> endpoints, and the legs that lead to them.
 */
import type { Diagnostic } from '../../base/diagnostics';
import type { AwsServiceUse, Zone } from '../zones';
import { type AddressPlan, placesOf, type VpcPlace } from './address-plan';
import { partyOf, type RoleParty } from './conduit-legs';
import type { Leg } from './leg';
import type { AddressLedger, GroupKey, ServiceEndpointPlan } from './network-plan';
import { stableHash } from './stable-hash';

/** The services that a route reaches; all others have an interface endpoint (AWS PrivateLink guide, "Gateway endpoints"). */
const GATEWAY_SERVICES: ReadonlySet<string> = new Set(['s3', 'dynamodb']);
const HTTPS = { from: 443, to: 443 };

export interface ServiceLegs {
  readonly legs: Leg[];
  readonly endpoints: ServiceEndpointPlan[];
  /** subnet group -> gateway services that its route table leads to */
  readonly gateways: Map<GroupKey, Set<string>>;
  /** for the ledger: whose endpoint bears a service's usual name */
  readonly privateNames: Record<string, string>;
  readonly diagnostics: Diagnostic[];
}

export function legsOfServices(
  vpc: VpcPlace,
  addresses: AddressPlan,
  roles: RoleParty,
  ledger: AddressLedger,
): ServiceLegs {
  const out: ServiceLegs = { legs: [], endpoints: [], gateways: new Map(), privateNames: {}, diagnostics: [] };
  for (const zone of vpc.zones) {
    for (const use of zone.awsServices) {
      if (GATEWAY_SERVICES.has(use.service)) gatewayEndpoint(zone, use, vpc, addresses, out);
      else interfaceEndpoint(zone, use, vpc, addresses, roles, bearsName(vpc, zone, use, ledger, out), out);
    }
  }
  out.diagnostics.push(...namesTaken(vpc, out));
  return out;
}

function gatewayEndpoint(
  zone: Zone,
  use: AwsServiceUse,
  vpc: VpcPlace,
  addresses: AddressPlan,
  out: ServiceLegs,
): void {
  const { service, resources } = use;
  for (const place of placesOf(addresses, zone)) {
    out.gateways.set(place.key, (out.gateways.get(place.key) ?? new Set()).add(service));
    const responder = { kind: 'service', service } as const;
    out.legs.push({
      vpc: vpc.name,
      initiator: partyOf(place),
      responder,
      protocol: 'tcp',
      ports: HTTPS,
      ...nameOf(zone, use),
    });
  }
  const imageLayers = service === 's3' && zone.awsServices.some((other) => other.service.startsWith('ecr'));
  out.endpoints.push({ service, type: 'gateway', zone: zone.name, privateDns: false, resources, imageLayers });
}

function interfaceEndpoint(
  zone: Zone,
  use: AwsServiceUse,
  vpc: VpcPlace,
  addresses: AddressPlan,
  roles: RoleParty,
  privateDns: boolean,
  out: ServiceLegs,
): void {
  const { service, resources, source } = use;
  const securityGroup = `${zone.name}#aws-${service}`;
  const endpoint = roles(zone, 'endpoint', securityGroup);
  if (!endpoint) {
    out.diagnostics.push({
      code: 'PLAN_NO_ROOM',
      severity: 'error',
      message: `zone \`${zone.name}\` has no room for an endpoint of \`${service}\``,
      help: 'give the zone a larger block',
      span: source,
    });
    return;
  }
  for (const place of placesOf(addresses, zone)) {
    const initiator = partyOf(place);
    out.legs.push({
      vpc: vpc.name,
      initiator,
      responder: endpoint,
      protocol: 'tcp',
      ports: HTTPS,
      ...nameOf(zone, use),
    });
  }
  const { subnetGroup } = endpoint;
  const common = { service, zone: zone.name, subnetGroup, securityGroup, privateDns, resources };
  out.endpoints.push({ ...common, type: 'interface', imageLayers: false });
}

/** One endpoint of a VPC can bear a service's usual name: whoever did so first, else the same zone in every run. */
function bearsName(vpc: VpcPlace, zone: Zone, use: AwsServiceUse, ledger: AddressLedger, out: ServiceLegs): boolean {
  if (!vpc.shared) return true;
  const key = `dns:${vpc.name}/${use.service}`;
  const users = vpc.zones.filter(({ awsServices }) => awsServices.some(({ service }) => service === use.service));
  const rank = ({ name }: Zone) => stableHash(`dns:${vpc.name} ${name}`);
  const [chosen] = [...users].sort((a, b) => rank(a) - rank(b));
  const bearer = users.find(({ name }) => name === ledger[key]) ?? chosen;
  if (bearer) out.privateNames[key] = bearer.name;
  return bearer === zone;
}

function namesTaken(vpc: VpcPlace, out: ServiceLegs): Diagnostic[] {
  return vpc.zones.flatMap((zone): Diagnostic[] => {
    const nameless = out.endpoints.filter((endpoint) => endpoint.zone === zone.name && isNameless(endpoint));
    const [first] = nameless;
    if (!first) return [];
    const services = nameless.map(({ service }) => `\`${service}\``).join(', ');
    const bearers = new Set(nameless.map(({ service }) => `\`${out.privateNames[`dns:${vpc.name}/${service}`]}\``));
    return [
      {
        code: 'PLAN_PRIVATE_NAME_TAKEN',
        severity: 'warning',
        message: `in VPC \`${vpc.name}\` the names of ${services} lead to the endpoints of ${[...bearers].join(', ')}, not to those of \`${zone.name}\``,
        help: `let workloads of \`${zone.name}\` call their endpoints by their own names (AWS_ENDPOINT_URL_…), or give the zone a VPC of its own`,
        span: zone.awsServices.find(({ service }) => service === first.service)?.source,
      },
    ];
  });
}

function isNameless({ type, privateDns }: ServiceEndpointPlan): boolean {
  return type === 'interface' && !privateDns;
}

function nameOf(zone: Zone, { service }: AwsServiceUse): { conduit: string; text: string } {
  return { conduit: `${zone.name} awsServices ${service}`, text: `${zone.name} uses AWS ${service} privately` };
}
