/**
 * Security groups: effective rules, with AWS's defaults written out or already gone (facts 1, 2, 4, 5, 7, 8).
 */
import { ALL_IPV4, ALL_IPV6 } from '../../../base/net';
import {
  isUnknown,
  type Origin,
  ofFamily,
  type Peer,
  type ResourceId,
  type SecurityGroupRule,
  unknown,
} from '../../network';
import { changedOrigin } from '../lazy-origin';
import type { Resource } from '../resource';
import type { DraftNouns } from './drafts';
import { alternatives, at, type Item, isAbsent, itemsOf, type Property, plainText } from './property';
import { originOf, originOfItems, type Reader, type Readers, type Reading } from './reading';
import { readTraffic } from './traffic';

type Direction = 'ingress' | 'egress';

const DEFAULT_EGRESS = 'egress that AWS allows by default';
const IPV6_BY_DEFAULT = unknown(
  'AWS may leave IPv6 out of the egress that it allows by default; an egress rule would say',
);

/**
 * Everything out. CloudFormation's reference says that the default lets out IPv4 and IPv6; deployed groups were seen
 * with the IPv4 rule only (cloudformation-coverage-roadmap, issue 2241), so IPv6 may and need not be let out.
 */
export function defaultEgress(origin: Origin, certain = true): SecurityGroupRule[] {
  return [ALL_IPV4, ALL_IPV6].map((cidr) => ({
    origin: cidr.family === 4 || origin.doubt ? origin : changedOrigin(origin, { doubt: IPV6_BY_DEFAULT }),
    certain: certain && cidr.family === 4,
    traffic: { protocol: 'all' },
    peer: { kind: 'cidr', cidr },
    description: DEFAULT_EGRESS,
  }));
}

/** Everything in from the members of a group, as a VPC's default group has it. */
export function ruleWithinGroup(origin: Origin, group: ResourceId): SecurityGroupRule {
  return {
    origin,
    certain: true,
    traffic: { protocol: 'all' },
    peer: { kind: 'security-group', id: group },
    description: 'members of the default group, by AWS default',
  };
}

const securityGroup: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const vpc =
      reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId') ?? reading.defaultVpc(resource).id;
    const name = plainText(properties.GroupName);
    const noun = {
      id,
      origin: originOf(resource),
      certain,
      vpc,
      isDefault: false,
      ...(name !== undefined && { name }),
      ingress: [],
      egress: [],
    };
    reading.add('securityGroups', noun);
    reading.name('securityGroups', properties.GroupName, id);
  },
  attach(resource, reading) {
    const noun = reading.obtain('securityGroups', resource.id);
    for (const direction of ['ingress', 'egress'] as const) {
      const property = direction === 'ingress' ? 'SecurityGroupIngress' : 'SecurityGroupEgress';
      for (const item of itemsOf(at(resource.properties, property))) addRules(noun, direction, item, resource, reading);
    }
  },
};

function standalone(direction: Direction): Reader {
  return {
    model: 'exact',
    attach(resource, reading) {
      const { properties } = resource;
      const group = isAbsent(at(properties, 'GroupId')) ? at(properties, 'GroupName') : at(properties, 'GroupId');
      for (const { value, certain, because } of reading.changed('securityGroups', group, resource, 'GroupId')) {
        const item: Item = { value: properties, certain: certain && resource.certain, ...(because && { because }) };
        addRules(reading.obtain('securityGroups', value), direction, item, resource, reading);
      }
    },
  };
}

function addRules(
  group: DraftNouns['securityGroups'],
  direction: Direction,
  item: Item,
  resource: Resource,
  reading: Reading,
): void {
  const { value, certain } = item;
  const traffic = readTraffic(
    { protocol: at(value, 'IpProtocol'), from: at(value, 'FromPort'), to: at(value, 'ToPort') },
    resource,
    reading,
  );
  const description = plainText(at(value, 'Description'));
  for (const peer of peersOf(value, direction, resource, reading)) {
    group[direction].push({
      origin: originOfItems(resource, item, peer),
      certain: certain && peer.certain,
      traffic,
      peer: peer.value,
      ...(description !== undefined && { description }),
    });
  }
}

/** Everything that the rule names as its other side; a rule that names nothing has an unknown one (fact 8). */
function peersOf(rule: Property, direction: Direction, resource: Resource, reading: Reading): Item<Peer>[] {
  if (isUnknown(rule)) return [{ value: unknownPeer(rule.reason, rule.parameters), certain: true }];
  const peers = [
    ...cidrPeers(rule, resource, reading),
    ...groupPeers(rule, direction, resource, reading),
    ...listPeers(rule, direction, resource, reading),
  ];
  if (peers.length > 0) return peers;
  const side = direction === 'ingress' ? 'source' : 'destination';
  return [
    { value: unknownPeer(`the rule names no ${side}: it deploys, and AWS creates nothing for it`), certain: false },
  ];
}

function unknownPeer(reason: string, parameters: readonly string[] = []): Peer {
  return { kind: 'unknown', reason, parameters };
}

const RANGES = [
  ['CidrIp', 4],
  ['CidrIpv6', 6],
] as const;

function cidrPeers(rule: Property, resource: Resource, reading: Reading): Item<Peer>[] {
  return RANGES.flatMap(([name, family]) =>
    alternatives(at(rule, name)).flatMap((item) => {
      const cidr = reading.prefix(item.value, resource);
      return cidr === undefined ? [] : [{ ...item, value: { kind: 'cidr' as const, cidr: ofFamily(cidr, family) } }];
    }),
  );
}

function groupPeers(rule: Property, direction: Direction, resource: Resource, reading: Reading): Item<Peer>[] {
  const names =
    direction === 'ingress' ? ['SourceSecurityGroupId', 'SourceSecurityGroupName'] : ['DestinationSecurityGroupId'];
  return names.flatMap((name) =>
    reading.references('securityGroups', at(rule, name), resource, name).map((item) => ({
      ...item,
      value: { kind: 'security-group' as const, id: item.value },
    })),
  );
}

function listPeers(rule: Property, direction: Direction, resource: Resource, reading: Reading): Item<Peer>[] {
  const name = direction === 'ingress' ? 'SourcePrefixListId' : 'DestinationPrefixListId';
  return reading.references('prefixLists', at(rule, name), resource, name).map((item) => ({
    ...item,
    value: { kind: 'prefix-list' as const, id: item.value },
  }));
}

/**
 * Adds the default egress to groups that keep it (fact 2). A rule that certainly exists removes it; one that may exist
 * leaves it open. An empty list is like an absent one: deployed groups with `SecurityGroupEgress: []` let everything out
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-securitygroup.html: "if you do not
 * add egress rules, we add egress rules that allow all").
 */
export function settleDefaultEgress(reading: Reading): void {
  for (const group of reading.drafts.securityGroups.values()) {
    if (group.isDefault && !group.external) settleIpv6(group, reading);
    if (group.isDefault || group.external || group.origin.type !== 'AWS::EC2::SecurityGroup') continue;
    if (group.egress.some((rule) => rule.certain)) continue;
    group.egress.push(...defaultEgress(group.origin, group.egress.length === 0));
  }
}

/**
 * A VPC's default group lets IPv6 out where the VPC has a range of it
 * (https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html). Of groups that CloudFormation makes the
 * same is documented, and was seen not to be so: see `defaultEgress`.
 */
function settleIpv6(group: DraftNouns['securityGroups'], reading: Reading): void {
  const ranges = reading.get('vpcs', group.vpc)?.cidrs ?? [];
  if (!group.certain || !ranges.some((range) => !isUnknown(range) && range.family === 6)) return;
  group.egress = group.egress.map((rule) => (rule.description === DEFAULT_EGRESS ? { ...rule, certain: true } : rule));
}

/** A group that may also be used in another VPC: its members there are not known to the model. */
const vpcAssociation: Reader = {
  model: 'may-must',
  attach(resource, reading) {
    const { properties } = resource;
    const group = reading.reference('securityGroups', at(properties, 'GroupId'), resource, 'GroupId');
    const vpc = reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId');
    if (group === undefined || vpc === undefined) return;
    reading.place('securityGroups', group, vpc);
    reading.unmodelled(resource, `\`${group}\` may also be given to interfaces of \`${vpc}\``, [group, vpc]);
  },
};

export const securityGroupReaders: Readers = {
  'AWS::EC2::SecurityGroup': securityGroup,
  'AWS::EC2::SecurityGroupIngress': standalone('ingress'),
  'AWS::EC2::SecurityGroupEgress': standalone('egress'),
  'AWS::EC2::SecurityGroupVpcAssociation': vpcAssociation,
};
