/**
 * Which firewall endpoint a property names. CloudFormation gives the endpoints of a firewall as a list of
 * `zone:endpoint` texts "in no particular order" (AWS::NetworkFirewall::Firewall, EndpointIds), so which subnet an
 * element stands for is known only where there is one subnet, or where a lookup names the zone.
 */
import { isUnknown, type ResourceId, type RouteTarget, unknown, type Value } from '../../network';
import { type Reference, ReferenceValue, type Resource } from '../resource';
import { at, itemsOf, type Property, referencesIn } from './property';
import { knownOf, type Reading } from './reading';

const FIREWALL = 'AWS::NetworkFirewall::Firewall';
const ASSOCIATION = 'AWS::NetworkFirewall::VpcEndpointAssociation';

export function firewallEndpoint(property: Property, resource: Resource, reading: Reading): RouteTarget | undefined {
  const [first] = property instanceof ReferenceValue ? [property] : referencesIn(property);
  if (!first) return undefined;
  const source = reading.resource(first.reference.resource);
  if (source?.type === FIREWALL)
    return { kind: 'firewall-endpoint', id: source.id, subnet: listedSubnet(source, first.reference, reading) };
  if (source?.type === ASSOCIATION) return associationEndpoint(source, resource, reading);
  return source?.type === 'Custom::AWS' ? lookedUpEndpoint(first.reference, source, reading) : undefined;
}

export function firewallSubnets(firewall: Resource, reading: Reading): { value: ResourceId; certain: boolean }[] {
  return itemsOf(at(firewall.properties, 'SubnetMappings')).flatMap((item) =>
    reading.references('subnets', at(item.value, 'SubnetId'), firewall, 'SubnetMappings').map((subnet) => ({
      value: subnet.value,
      certain: subnet.certain && item.certain,
    })),
  );
}

function onlySubnet(firewall: Resource, reading: Reading): Value<ResourceId> {
  const subnets = firewallSubnets(firewall, reading);
  const [only] = subnets;
  if (subnets.length === 1 && only?.certain) return only.value;
  return unknown(`AWS lists the endpoints of \`${firewall.id}\` in no particular order`);
}

/** The element of the list keeps its place, for what is settled when all of the network is read. */
function listedSubnet(firewall: Resource, { attribute, part = '' }: Reference, reading: Reading): Value<ResourceId> {
  const subnet = onlySubnet(firewall, reading);
  const index = attribute === 'EndpointIds' ? /^\[(\d+)\]/.exec(part)?.[1] : undefined;
  if (isUnknown<string>(subnet) && index !== undefined) reading.listedEndpoints.set(subnet, Number(index));
  return subnet;
}

/**
 * No order is no trouble where the subnets of a firewall are alike: one route table says the same as the other, and one
 * ACL. Then whichever endpoint comes first, every packet fares the same, and the order of the template will do.
 */
export function settleListedEndpoints(reading: Reading): void {
  const alike = new Map<ResourceId, readonly ResourceId[]>();
  for (const { id } of reading.drafts.firewalls.values()) {
    const resource = reading.resource(id);
    const subnets = resource ? firewallSubnets(resource, reading) : [];
    const ids = subnets.map(({ value }) => value);
    const looks = new Set(ids.map((subnet) => looksOf(subnet, reading)));
    if (subnets.every(({ certain }) => certain) && looks.size === 1 && !looks.has(undefined)) alike.set(id, ids);
  }
  for (const table of reading.drafts.routeTables.values()) {
    table.routes = table.routes.map((route) => ({ ...route, target: settled(route.target, alike, reading) }));
  }
}

function settled(
  target: RouteTarget,
  alike: ReadonlyMap<ResourceId, readonly ResourceId[]>,
  reading: Reading,
): RouteTarget {
  if (target.kind !== 'firewall-endpoint' || !isUnknown<string>(target.subnet)) return target;
  const index = reading.listedEndpoints.get(target.subnet);
  const subnet = index === undefined ? undefined : alike.get(target.id)?.[index];
  return subnet === undefined ? target : { ...target, subnet };
}

/** Where a packet that leaves a subnet goes, as a text to compare; undefined where that is not certain. */
function looksOf(id: ResourceId, reading: Reading): string | undefined {
  const subnet = reading.get('subnets', id);
  if (!subnet || isUnknown<string>(subnet.routeTable) || isUnknown<string>(subnet.networkAcl)) return undefined;
  const table = reading.get('routeTables', subnet.routeTable);
  if (!table || table.external) return undefined;
  const served = table.routes.map(({ target }) =>
    target.kind === 'transit-gateway' ? serves(target.id, id, reading) : true,
  );
  if (served.includes(false)) return undefined;
  const routes = table.routes.map(({ destination, target, certain }) => JSON.stringify([destination, target, certain]));
  return JSON.stringify([subnet.vpc, subnet.networkAcl, routes.sort(), table.propagatingGateways]);
}

/** Whether a gateway's attachment has a subnet in the zone of this one (fact 25). */
function serves(gateway: ResourceId, id: ResourceId, reading: Reading): boolean {
  const zone = (subnet: ResourceId) => knownOf(reading.get('subnets', subnet)?.availabilityZone);
  return [...reading.drafts.transitGatewayAttachments.values()].some(
    ({ transitGateway, attached }) =>
      transitGateway === gateway &&
      attached.kind === 'vpc' &&
      attached.subnets.some((one) => zone(one) !== undefined && zone(one) === zone(id)),
  );
}

function associationEndpoint(source: Resource, resource: Resource, reading: Reading): RouteTarget | undefined {
  const id = reading.reference('firewalls', at(source.properties, 'FirewallArn'), source, 'FirewallArn');
  const subnet = reading.referenceValue(
    'subnets',
    at(source.properties, 'SubnetMapping', 'SubnetId'),
    source,
    'SubnetId',
  );
  if (id === undefined) return undefined;
  return {
    kind: 'firewall-endpoint',
    id,
    subnet: subnet ?? unknown(`\`${resource.id}\` leads to an endpoint without a subnet`),
  };
}

/** An AwsCustomResource that describes a firewall and takes the endpoint of one zone out of the answer. */
function lookedUpEndpoint(reference: Reference, lookup: Resource, reading: Reading): RouteTarget | undefined {
  const zone = /SyncStates\.(.+)\.Attachment\.EndpointId$/.exec(reference.attribute ?? '')?.[1];
  const named = referencesIn(lookup.properties).map((found) => reading.resource(found.reference.resource));
  const firewall = named.find((candidate) => candidate?.type === FIREWALL);
  if (zone === undefined || !firewall) return undefined;
  const inZone = firewallSubnets(firewall, reading).filter(
    ({ value }) => knownOf(reading.get('subnets', value)?.availabilityZone) === zone,
  );
  const [only] = inZone;
  if (inZone.length === 1 && only) return { kind: 'firewall-endpoint', id: firewall.id, subnet: only.value };
  return { kind: 'firewall-endpoint', id: firewall.id, subnet: onlySubnet(firewall, reading) };
}
