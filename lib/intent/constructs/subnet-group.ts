/**
 * A subnet group: one subnet per availability zone, and the route table and network ACL that they share.
 */
import { Fn } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { formatPortRange, formatPrefix } from '../../base/net';
import type { AclEntryPlan, SubnetGroupPlan } from '../plan';
import { contentId, idOf, localName } from './logical-id';
import { tagsOf } from './tags';

/** IANA numbers, as network ACLs want them. */
const PROTOCOL_NUMBER: Readonly<Record<AclEntryPlan['protocol'], number>> = {
  all: -1,
  tcp: 6,
  udp: 17,
  icmp: 1,
  icmpv6: 58,
};

export interface SubnetContext {
  readonly estate: string;
  readonly vpc: string;
  readonly vpcId: string;
  readonly soleZone?: string;
  readonly transitGatewayId?: string;
  /** routes to the transit gateway work only once the VPC is attached to it */
  readonly attachment?: ec2.CfnTransitGatewayAttachment;
  readonly internetGateway?: ec2.CfnVPCGatewayAttachment;
  readonly internetGatewayId?: string;
}

export interface BuiltSubnetGroup {
  readonly plan: SubnetGroupPlan;
  readonly subnetIds: readonly string[];
  readonly routeTableId: string;
}

export function createSubnetGroup(scope: Construct, group: SubnetGroupPlan, context: SubnetContext): BuiltSubnetGroup {
  const { estate, vpc, vpcId, soleZone } = context;
  const label = localName(group.key, soleZone);
  const tags = (name: string) => tagsOf({ estate, vpc, zone: group.zone, asset: group.asset, role: group.role, name });
  const table = new ec2.CfnRouteTable(scope, idOf(label, 'routes'), { vpcId, tags: tags(group.key) });
  const acl = new ec2.CfnNetworkAcl(scope, idOf(label, 'acl'), { vpcId, tags: tags(group.key) });
  createEntries(scope, label, acl.ref, group);
  createRoutes(scope, label, table.ref, group, context);
  const subnetIds = group.subnets.map((cidr, index) => {
    const id = `${idOf(label)}Subnet${index + 1}`;
    const subnet = new ec2.CfnSubnet(scope, id, {
      vpcId,
      cidrBlock: formatPrefix(cidr),
      availabilityZone: Fn.select(index, Fn.getAzs()),
      mapPublicIpOnLaunch: false,
      tags: tags(`${group.key} ${index + 1}`),
    });
    new ec2.CfnSubnetRouteTableAssociation(scope, `${id}Routes`, { subnetId: subnet.ref, routeTableId: table.ref });
    new ec2.CfnSubnetNetworkAclAssociation(scope, `${id}Acl`, { subnetId: subnet.ref, networkAclId: acl.ref });
    return subnet.ref;
  });
  return { plan: group, subnetIds, routeTableId: table.ref };
}

function createEntries(scope: Construct, label: string, networkAclId: string, group: SubnetGroupPlan): void {
  for (const direction of ['ingress', 'egress'] as const) {
    for (const entry of group.acl[direction]) {
      const content = [entry.number, entry.action, entry.protocol, entry.icmpType, formatPrefix(entry.cidr)].join(' ');
      const ports = entry.ports ? formatPortRange(entry.ports) : '';
      new ec2.CfnNetworkAclEntry(scope, contentId(idOf(label, 'acl', direction), `${group.key} ${content} ${ports}`), {
        networkAclId,
        egress: direction === 'egress',
        ruleNumber: entry.number,
        ruleAction: entry.action,
        protocol: PROTOCOL_NUMBER[entry.protocol],
        cidrBlock: formatPrefix(entry.cidr),
        portRange: entry.ports,
        icmp: entry.icmpType === undefined ? undefined : { type: entry.icmpType, code: -1 },
      });
    }
  }
}

function createRoutes(
  scope: Construct,
  label: string,
  routeTableId: string,
  group: SubnetGroupPlan,
  context: SubnetContext,
): void {
  for (const { destination, target } of group.routes) {
    const route = new ec2.CfnRoute(scope, idOf(label, 'route', formatPrefix(destination)), {
      routeTableId,
      destinationCidrBlock: formatPrefix(destination),
      transitGatewayId: target === 'transit' ? context.transitGatewayId : undefined,
      gatewayId: target === 'internet-gateway' ? context.internetGatewayId : undefined,
    });
    const first = target === 'transit' ? context.attachment : context.internetGateway;
    if (first) route.addResourceDependency(first);
  }
}
