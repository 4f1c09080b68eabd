/**
 * What one VPC needs of others: interface endpoints to their services, and routes between two VPCs at the transit
 * gateway. It depends on both sides and neither depends on it, so any graph of conduits synthesizes, cycles included.
 */
import { Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { formatPrefix } from '../../base/net';
import type { InterfaceEndpointPlan, NetworkPlan, TransitRoutePlan, VpcPlan } from '../plan';
import { contentId, idOf, localName } from './logical-id';
import { tagsOf } from './tags';
import type { VpcStack } from './vpc-stack';

export interface LinksStackProps extends StackProps {
  readonly estatePlan: NetworkPlan;
  readonly vpcPlan: VpcPlan;
  readonly vpcs: ReadonlyMap<string, VpcStack>;
}

/** Routes of a VPC's transit table that lead to other VPCs. */
export function routesToVpcs(plan: NetworkPlan, vpc: string): TransitRoutePlan[] {
  const table = plan.transit?.tables.find(({ of }) => of.kind === 'vpc' && of.name === vpc);
  return (table?.routes ?? []).filter(({ to }) => to !== 'blackhole' && to.kind === 'vpc');
}

export class LinksStack extends Stack {
  /** by key of the endpoint */
  readonly endpoints = new Map<string, ec2.CfnVPCEndpoint>();

  constructor(scope: Construct, id: string, { estatePlan, vpcPlan, vpcs, ...props }: LinksStackProps) {
    super(scope, id, props);
    const here = vpcs.get(vpcPlan.name);
    if (!here) return;
    for (const endpoint of vpcPlan.interfaceEndpoints)
      this.createEndpoint(endpoint, estatePlan, here, vpcs.get(endpoint.responderVpc));
    for (const { destination, to } of routesToVpcs(estatePlan, vpcPlan.name)) {
      const range = formatPrefix(destination);
      new ec2.CfnTransitGatewayRoute(this, idOf('transit', 'to', range), {
        transitGatewayRouteTableId: here.transitTableId ?? '',
        destinationCidrBlock: range,
        transitGatewayAttachmentId: to === 'blackhole' ? undefined : vpcs.get(to.name)?.attachment?.ref,
      });
    }
  }

  private createEndpoint(plan: InterfaceEndpointPlan, estate: NetworkPlan, here: VpcStack, there?: VpcStack): void {
    const serviceName = there?.balancers.get(plan.loadBalancer)?.serviceName;
    if (!serviceName)
      throw new RangeError(`endpoint \`${plan.key}\` leads to \`${plan.loadBalancer}\`, which has no service`);
    const label = localName(plan.key, here.soleZone);
    const endpoint = new ec2.CfnVPCEndpoint(this, contentId(idOf(label), plan.key), {
      vpcId: here.vpcId,
      vpcEndpointType: 'Interface',
      serviceName,
      subnetIds: [...(here.subnetGroups.get(plan.subnetGroup)?.subnetIds ?? [])],
      securityGroupIds: [here.groupId(plan.securityGroup)],
      privateDnsEnabled: false,
      tags: tagsOf({ estate: estate.estate, vpc: here.plan.name, zone: plan.zone, role: 'endpoint', name: plan.key }),
    });
    this.endpoints.set(plan.key, endpoint);
  }
}
