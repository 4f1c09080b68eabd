/**
 * Which firewall endpoint a property names. CloudFormation gives the endpoints of a firewall as a list of
 * `zone:endpoint` texts "in no particular order" (AWS::NetworkFirewall::Firewall, EndpointIds), so which subnet an
 * element stands for is known only where there is one subnet, or where a lookup names the zone.
 */
import { type ResourceId, type RouteTarget, unknown, type Value } from '../../network';
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
    return { kind: 'firewall-endpoint', id: source.id, subnet: onlySubnet(source, reading) };
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
