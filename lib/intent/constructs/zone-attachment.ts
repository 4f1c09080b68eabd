/**
 * How a workload attaches to a zone: ordinary `aws-ec2` types that any L2 construct accepts.
 */
import { Fn, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import type { SubnetGroupPlan } from '../plan';
import type { VpcStack } from './vpc-stack';

export class ZoneAttachment extends Construct {
  /** The zone's VPC, with the zone's asset subnets as its isolated subnets. */
  readonly vpc: ec2.IVpc;
  private readonly selections = new Map<string, ec2.SubnetSelection>();
  private readonly groups = new Map<string, ec2.ISecurityGroup>();

  constructor(
    private readonly stack: VpcStack,
    private readonly zone: string,
    private readonly availabilityZones: number,
  ) {
    super(stack, `zone-${zone}`);
    const groups = this.assetGroups();
    const built = groups.flatMap(({ key }) => stack.subnetGroups.get(key) ?? []);
    this.vpc = ec2.Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: stack.vpcId,
      availabilityZones: this.zones(),
      isolatedSubnetIds: built.flatMap(({ subnetIds }) => subnetIds),
      isolatedSubnetNames: groups.map(({ asset }) => asset ?? 'zone'),
      isolatedSubnetRouteTableIds: built.flatMap(({ subnetIds, routeTableId }) => subnetIds.map(() => routeTableId)),
    });
  }

  /** The subnets of an asset, one per availability zone. Without a name: of the zone's only group. */
  subnets(asset?: string): ec2.SubnetSelection {
    const group = this.groupOf(asset);
    const known = this.selections.get(group.key);
    if (known) return known;
    const built = this.stack.subnetGroups.get(group.key);
    const zones = this.zones();
    const subnets = (built?.subnetIds ?? []).map((subnetId, index) =>
      ec2.Subnet.fromSubnetAttributes(this, `${asset ?? 'zone'}-subnet-${index + 1}`, {
        subnetId,
        availabilityZone: zones[index],
        routeTableId: built?.routeTableId,
      }),
    );
    const selection = { subnets };
    this.selections.set(group.key, selection);
    return selection;
  }

  /**
   * The security group of an asset. Its rules come from conduits alone: a construct that tries to add one, as
   * `connections.allowFrom` does, changes nothing.
   */
  securityGroup(asset?: string): ec2.ISecurityGroup {
    const { key } = this.groupOf(asset);
    const known = this.groups.get(key);
    if (known) return known;
    const group = ec2.SecurityGroup.fromSecurityGroupId(this, `${asset ?? 'zone'}-group`, this.stack.groupId(key), {
      mutable: false,
      allowAllOutbound: false,
    });
    this.groups.set(key, group);
    return group;
  }

  /**
   * Where a workload registers to be reached from other VPCs, or from the internet.
   * @param asset the asset that serves; undefined for a zone without assets
   * @param service a catalogue name that a conduit allows, or a port
   */
  targetGroup(asset: string | undefined, service: string | number): elbv2.NetworkTargetGroup {
    const [first] = this.targetGroups(asset, service);
    if (!first) {
      const name = asset === undefined ? this.zone : `${this.zone}/${asset}`;
      throw new RangeError(
        `no conduit brings \`${service}\` to \`${name}\` through a load balancer, so it has no target group`,
      );
    }
    return first;
  }

  /** All of them: an asset that other VPCs and the internet both call for one service has one for each. */
  targetGroups(asset: string | undefined, service: string | number): elbv2.NetworkTargetGroup[] {
    return [...this.stack.balancers.values()]
      .filter(({ plan }) => plan.zone === this.zone && plan.asset === asset)
      .flatMap(({ plan, targetGroups }) =>
        plan.listeners
          .filter((listener) => listener.port === service || listener.services.some((name) => name === service))
          .flatMap(({ port }) => targetGroups.get(port) ?? []),
      );
  }

  private assetGroups(): SubnetGroupPlan[] {
    return this.stack.plan.subnetGroups.filter(({ role, zone }) => role === 'asset' && zone === this.zone);
  }

  private groupOf(asset?: string): SubnetGroupPlan {
    const groups = this.assetGroups();
    const named = groups.filter((group) => group.asset === asset);
    const found = asset === undefined && named.length === 0 && groups.length === 1 ? groups : named;
    const [group] = found;
    if (group) return group;
    const names = groups.flatMap((candidate) => candidate.asset ?? []).join(', ');
    const got = asset === undefined ? 'no asset was named' : `\`${asset}\` is none of its assets`;
    throw new RangeError(`zone \`${this.zone}\`: ${got}; expected one of: ${names || 'none, call it without a name'}`);
  }

  private zones(): string[] {
    return Array.from({ length: this.availabilityZones }, (_, index) =>
      Fn.select(index, Fn.getAzs(Stack.of(this).region)),
    );
  }
}
