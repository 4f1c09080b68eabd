/**
 * Security groups and their rules. A rule that names a range is written inline; one that names a group stands alone,
 * because two groups that name each other could not both be created first.
 */
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { formatPrefix } from '../../base/net';
import { type GroupKey, type RulePlan, ruleKey, type SecurityGroupPlan } from '../plan';
import { contentId, idOf, localName } from './logical-id';
import { tagsOf } from './tags';

/**
 * A group without any egress rule gets AWS's allow-all (SEMANTICS 2). One rule that matches nothing takes it away; it is
 * the rule that CDK itself writes for `allowAllOutbound: false`.
 */
const NOTHING: ec2.CfnSecurityGroup.EgressProperty = {
  cidrIp: '255.255.255.255/32',
  description: 'Disallow all traffic',
  ipProtocol: 'icmp',
  fromPort: 252,
  toPort: 86,
};

export interface GroupContext {
  readonly estate: string;
  readonly vpc: string;
  readonly vpcId: string;
  /** the zone whose name the ids leave out: the VPC is its own */
  readonly soleZone?: string;
  readonly prefixListId: (service: string) => string;
}

export function createSecurityGroup(
  scope: Construct,
  group: SecurityGroupPlan,
  context: GroupContext,
): ec2.CfnSecurityGroup {
  const { estate, vpc, soleZone, vpcId } = context;
  const inline = (direction: RulePlan['direction']) =>
    group.rules.flatMap((rule) => (rule.direction === direction ? inlineRule(rule, context) : []));
  const egress = inline('egress');
  return new ec2.CfnSecurityGroup(scope, idOf(localName(group.key, soleZone), 'group'), {
    vpcId,
    groupDescription: group.description,
    securityGroupIngress: inline('ingress'),
    securityGroupEgress: egress.length > 0 ? egress : [NOTHING],
    tags: tagsOf({ estate, vpc, zone: group.zone, asset: group.asset, role: group.role, name: group.key }),
  });
}

function inlineRule(rule: RulePlan, context: GroupContext): ec2.CfnSecurityGroup.EgressProperty[] {
  const traffic = { ...protocolAndPorts(rule), description: rule.description };
  switch (rule.peer.kind) {
    case 'cidr':
      return rule.peer.cidr.family === 4
        ? [{ ...traffic, cidrIp: formatPrefix(rule.peer.cidr) }]
        : [{ ...traffic, cidrIpv6: formatPrefix(rule.peer.cidr) }];
    case 'service':
      return [{ ...traffic, destinationPrefixListId: context.prefixListId(rule.peer.service) }];
    case 'group':
      return [];
  }
}

/** The rules of a group that name other groups. */
export function createGroupRules(
  scope: Construct,
  group: SecurityGroupPlan,
  soleZone: string | undefined,
  groupId: (key: GroupKey) => string,
): void {
  for (const rule of group.rules) {
    if (rule.peer.kind !== 'group') continue;
    const label = idOf(
      localName(group.key, soleZone),
      rule.direction,
      localName(rule.peer.key, soleZone),
      rule.protocol,
    );
    const id = contentId(label, `${group.key} ${ruleKey(rule)}`);
    const common = { groupId: groupId(group.key), ...protocolAndPorts(rule), description: rule.description };
    const peer = groupId(rule.peer.key);
    if (rule.direction === 'ingress')
      new ec2.CfnSecurityGroupIngress(scope, id, { ...common, sourceSecurityGroupId: peer });
    else new ec2.CfnSecurityGroupEgress(scope, id, { ...common, destinationSecurityGroupId: peer });
  }
}

function protocolAndPorts({ protocol, ports }: RulePlan): { ipProtocol: string; fromPort: number; toPort: number } {
  if (ports) return { ipProtocol: protocol, fromPort: ports.from, toPort: ports.to };
  return { ipProtocol: protocol, fromPort: protocol === 'icmpv6' ? 128 : 8, toPort: protocol === 'icmpv6' ? 0 : -1 };
}
