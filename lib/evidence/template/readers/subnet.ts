/**
 * Subnets, their ranges, and the table and ACL in force in each (facts 12, 13).
 */
import { ofFamily, type ResourceId, type Unknown, unknown, type Value } from '../../network';
import { ReferenceValue, type Resource } from '../resource';
import { at, flagOf, isAbsent, type Property, textOf } from './property';
import { orDefault, originOf, type Reader, type Readers, type Reading, undecided } from './reading';

const subnet: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const vpc =
      reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId') ?? reading.defaultVpc(resource).id;
    reading.add('subnets', {
      id,
      origin: originOf(resource),
      certain,
      vpc,
      cidrs: rangesOf(resource, reading),
      availabilityZone: zoneOf(properties, reading),
      autoPublicIpv4: orDefault(flagOf(at(properties, 'MapPublicIpOnLaunch')), false),
      autoIpv6: orDefault(
        flagOf(at(properties, 'AssignIpv6AddressOnCreation')) ?? flagOf(at(properties, 'Ipv6Native')),
        false,
      ),
      routeTable: `${vpc}#main-route-table`,
      networkAcl: `${vpc}#default-network-acl`,
    });
    if (reading.get('vpcs', vpc)?.external) leaveDefaultsOpen(id, vpc, reading);
  },
};

/** A VPC that no template shows may have any main table; its default ACL may have been changed. */
function leaveDefaultsOpen(id: ResourceId, vpc: ResourceId, reading: Reading): void {
  const noun = reading.get('subnets', id);
  if (!noun) return;
  noun.routeTable = unknown(`the main route table of \`${vpc}\` is in no template`);
  noun.networkAcl = unknown(`the default network ACL of \`${vpc}\` is in no template`);
}

function rangesOf(resource: Resource, reading: Reading) {
  const { properties } = resource;
  return FAMILIES.flatMap(([family, name, pool]) => {
    const ranges = reading.ranges(at(properties, name), resource);
    const chosen = isAbsent(at(properties, pool))
      ? []
      : [unknown(`the range is taken from an address pool (\`${pool}\`)`)];
    return [...ranges, ...chosen].map((range) => ofFamily(range, family));
  });
}

const FAMILIES = [
  [4, 'CidrBlock', 'Ipv4IpamPoolId'],
  [6, 'Ipv6CidrBlock', 'Ipv6IpamPoolId'],
] as const;

function zoneOf(properties: Property, reading: Reading): Value<string> {
  const zone = at(properties, 'AvailabilityZone');
  if (zone instanceof ReferenceValue && zone.reference.attribute === 'AvailabilityZone') {
    const other = reading.resource(zone.reference.resource);
    if (other && other.properties !== properties) return textOf(other.properties.AvailabilityZone) ?? unchosen();
  }
  return textOf(zone) ?? textOf(at(properties, 'AvailabilityZoneId')) ?? unchosen();
}

function unchosen() {
  return unknown('AWS chooses the availability zone');
}

const cidrBlock: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const id = reading.reference('subnets', at(resource.properties, 'SubnetId'), resource, 'SubnetId');
    if (id === undefined) return;
    const range = reading.prefix(at(resource.properties, 'Ipv6CidrBlock'));
    const chosen = range ?? unknown('the range is taken from an address pool');
    reading.obtain('subnets', id).cidrs.push(ofFamily(chosen, 6));
  },
};

/**
 * An association, and the same for ACLs: replaces the VPC's default for one subnet. `undecided` where a condition leaves
 * open whether, or with what.
 */
function association(
  field: 'routeTable' | 'networkAcl',
  kind: 'routeTables' | 'networkAcls',
  property: string,
): Reader {
  return {
    model: 'exact',
    attach(resource, reading) {
      const target = reading.referenceValue(kind, at(resource.properties, property), resource, property);
      if (target === undefined) return;
      const associated = reading.satellites(resource.type, 'SubnetId');
      const subnets = reading.changed('subnets', at(resource.properties, 'SubnetId'), resource, 'SubnetId');
      for (const { value, certain, because } of subnets) {
        // a subnet has one association: one that has its own is not the one that only a parameter knows
        const hasOwn = associated.get(value)?.some((other) => other !== resource);
        if (!certain && hasOwn && !reading.get('subnets', value)?.external) continue;
        const noun = reading.obtain('subnets', value);
        const rival = associated.get(value)?.find((other) => isRival(other, resource, property));
        if (rival)
          noun[field] = unknown(`\`${resource.id}\` and \`${rival.id}\` are both of it, and the later one wins`);
        else noun[field] = certain && resource.certain ? target : openBy(resource, because);
        // where it only may be this one, nothing says that they stand in one VPC
        if (typeof target !== 'string' || !certain) continue;
        reading.place('subnets', value, reading.get(kind, target)?.vpc);
        reading.place(kind, target, noun.vpc);
      }
    },
  };
}

/**
 * CloudFormation takes over an association that is there already: of two, the one that it makes last is in force
 * (http://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-subnet-route-table-assoc.html).
 */
function isRival(other: Resource, { id, certain, properties }: Resource, name: string): boolean {
  if (other.id === id || !(certain || other.certain)) return false;
  return JSON.stringify(at(other.properties, name)) !== JSON.stringify(at(properties, name));
}

function openBy(resource: Resource, because: Unknown | undefined): Unknown {
  return because && resource.certain ? unknown(because.reason, because.parameters) : undecided(resource);
}

export const subnetReaders: Readers = {
  'AWS::EC2::Subnet': subnet,
  'AWS::EC2::SubnetCidrBlock': cidrBlock,
  'AWS::EC2::SubnetRouteTableAssociation': association('routeTable', 'routeTables', 'RouteTableId'),
  'AWS::EC2::SubnetNetworkAclAssociation': association('networkAcl', 'networkAcls', 'NetworkAclId'),
};
