/**
 * VPCs, and what AWS makes with each: the default group, the default ACL and the main table (facts 1, 12, 13).
 */
import { ALL_IPV4, ALL_IPV6, type Prefix } from '../../../base/net';
import {
  type NetworkAclEntry,
  type Origin,
  ofFamily,
  type ResourceId,
  type Unknown,
  unknown,
  type Value,
} from '../../network';
import { standInRange } from '../amazon-ipv6';
import type { Resource } from '../resource';
import { at, flagOf, isAbsent, type Property } from './property';
import { originOf, type Reader, type Readers, type Reading, undecided } from './reading';
import { defaultEgress, ruleWithinGroup } from './security-group';

/** Ranges taken from an address pool are chosen by AWS when the VPC is made. */
function ipamRange(properties: Property, pool: string): Value<Prefix>[] {
  const chosen = at(properties, pool);
  const family = pool === 'Ipv4IpamPoolId' ? 4 : 6;
  if (isAbsent(chosen)) return [];
  return [ofFamily<Prefix>(unknown(`the range is taken from an address pool (\`${pool}\`)`), family)];
}

function rangesOf(resource: Resource, names: readonly string[], reading: Reading): Value<Prefix>[] {
  return names.flatMap((name) => {
    const ranges = reading.ranges(at(resource.properties, name), resource);
    return ranges.map((range) => ofFamily(range, name === 'CidrBlock' ? 4 : 6));
  });
}

/** IPv6 ranges that Amazon gives are known only after the VPC is made. */
function amazonIpv6({ properties }: Resource, vpc: ResourceId, reading: Reading): Value<Prefix>[] {
  const wanted = flagOf(at(properties, 'AmazonProvidedIpv6CidrBlock'));
  if (wanted === undefined || wanted === false) return [];
  const blocks = reading.satellites('AWS::EC2::VPCCidrBlock', 'VpcId').get(vpc) ?? [];
  const ofAmazon = blocks.filter((block) => !isAbsent(at(block.properties, 'AmazonProvidedIpv6CidrBlock')));
  const isOnly = wanted === true && ofAmazon.length === 1;
  if (reading.standsInForAmazon && isOnly) return [standInRange(vpc)];
  return [ofFamily<Prefix>(unknown('Amazon chooses the IPv6 range'), 6)];
}

const vpc: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const origin = originOf(resource);
    const ipv4 = [...rangesOf(resource, ['CidrBlock'], reading), ...ipamRange(properties, 'Ipv4IpamPoolId')];
    const cidrs = ipv4.length > 0 ? ipv4 : [unknown(`\`${id}\` has no \`CidrBlock\``)];
    reading.add('vpcs', { id, origin, certain, cidrs });
    addDefaults(resource, origin, reading);
  },
};

function addDefaults({ id, certain }: Resource, origin: Origin, reading: Reading): void {
  const group = `${id}#default-security-group`;
  reading.add('securityGroups', {
    id: group,
    origin,
    certain,
    vpc: id,
    isDefault: true,
    name: 'default',
    ingress: [ruleWithinGroup(origin, group)],
    egress: defaultEgress(origin),
  });
  reading.add('networkAcls', {
    id: `${id}#default-network-acl`,
    origin,
    certain,
    vpc: id,
    isDefault: true,
    entries: defaultEntries(origin),
  });
  reading.add('routeTables', {
    id: `${id}#main-route-table`,
    origin,
    certain,
    vpc: id,
    main: true,
    routes: [],
    propagatingGateways: [],
  });
}

/** Rule 100 for IPv4 and 101 for IPv6, both ways; CloudFormation cannot remove them. */
function defaultEntries(origin: Origin): NetworkAclEntry[] {
  return (['ingress', 'egress'] as const).flatMap((direction) =>
    [ALL_IPV4, ALL_IPV6].map((cidr, index) => ({
      origin,
      certain: true,
      number: 100 + index,
      direction,
      action: 'allow' as const,
      traffic: { protocol: 'all' as const },
      cidr,
    })),
  );
}

const cidrBlock: Reader = {
  model: 'exact',
  attach(resource, reading) {
    for (const { value: id, because } of reading.changed('vpcs', at(resource.properties, 'VpcId'), resource, 'VpcId')) {
      const noun = reading.obtain('vpcs', id);
      const ranges = [
        ...rangesOf(resource, ['CidrBlock', 'Ipv6CidrBlock'], reading),
        ...ipamRange(resource.properties, 'Ipv4IpamPoolId'),
        ...(isAbsent(at(resource.properties, 'Ipv6CidrBlock')) ? ipamRange(resource.properties, 'Ipv6IpamPoolId') : []),
        ...amazonIpv6(resource, id, reading),
      ];
      const doubt = resource.certain ? because : undecided(resource);
      for (const range of ranges) noun.cidrs.push(doubt ? perhaps(range, doubt) : range);
    }
  },
};

function perhaps({ family }: Value<Prefix>, doubt: Unknown): Value<Prefix> {
  return family === undefined ? doubt : ofFamily<Prefix>(doubt, family);
}

export const vpcReaders: Readers = {
  'AWS::EC2::VPC': vpc,
  'AWS::EC2::VPCCidrBlock': cidrBlock,
};
