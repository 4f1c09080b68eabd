/**
 * A VPC: its block, its security groups, its flow log, its emptied default group, its endpoints of AWS services and its
 * place at the transit gateway. A VPC that one zone has for itself holds that zone's subnets as well; of a shared VPC,
 * each zone's subnets are a stack of their own, so that no VPC outgrows a template and zones come and go alone.
 */
import { Stack, type StackProps } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { formatPrefix } from '../../base/net';
import type { GroupKey, NetworkPlan, ServiceEndpointPlan, SubnetGroupPlan, VpcPlan } from '../plan';
import { endpointPolicy } from './endpoint-policy';
import type { HubStack } from './hub-stack';
import { type BuiltBalancer, createBalancer } from './load-balancers';
import { idOf } from './logical-id';
import { createGroupRules, createSecurityGroup } from './security-groups';
import type { SiteStack } from './site-stack';
import { type BuiltSubnetGroup, createSubnetGroup } from './subnet-group';
import { tagsOf } from './tags';

export interface VpcStackProps extends StackProps {
  readonly estatePlan: NetworkPlan;
  readonly vpcPlan: VpcPlan;
  readonly hub: HubStack;
  readonly sites: ReadonlyMap<string, SiteStack>;
}

export class VpcStack extends Stack {
  readonly vpcId: string;
  /** the VPC's own table at the transit gateway */
  readonly transitTableId?: string;
  readonly attachment?: ec2.CfnTransitGatewayAttachment;
  readonly subnetGroups = new Map<GroupKey, BuiltSubnetGroup>();
  readonly balancers = new Map<GroupKey, BuiltBalancer>();
  readonly plan: VpcPlan;
  /** the zone that has this VPC to itself */
  readonly soleZone?: string;
  private readonly estate: NetworkPlan;
  private readonly hub: HubStack;
  private readonly sites: ReadonlyMap<string, SiteStack>;
  private readonly groups = new Map<GroupKey, ec2.CfnSecurityGroup>();
  private readonly internetGateway?: { readonly id: string; readonly attachment: ec2.CfnVPCGatewayAttachment };
  private readonly vpc: ec2.Vpc;

  constructor(scope: Construct, id: string, { estatePlan, vpcPlan, hub, sites, ...props }: VpcStackProps) {
    super(scope, id, props);
    this.estate = estatePlan;
    this.plan = vpcPlan;
    this.hub = hub;
    this.sites = sites;
    this.soleZone = vpcPlan.shared ? undefined : vpcPlan.zones[0];
    this.vpc = this.createVpc();
    this.vpcId = this.vpc.vpcId;
    this.internetGateway = vpcPlan.internet ? this.createInternetGateway() : undefined;
    for (const group of vpcPlan.securityGroups) this.groups.set(group.key, this.createGroup(group));
    const own = vpcPlan.subnetGroups.filter((group) => !vpcPlan.shared || group.role === 'transit');
    const transit = own.find(({ role }) => role === 'transit');
    if (transit) {
      this.createSubnets(this, transit);
      ({ attachment: this.attachment, tableId: this.transitTableId } = this.createAttachment(transit.key));
    }
    for (const group of own) if (group.role !== 'transit') this.createSubnets(this, group);
    if (this.soleZone !== undefined) this.createZone(this, this.soleZone);
    for (const group of vpcPlan.securityGroups) {
      if (!vpcPlan.shared || group.zone === undefined) this.createRules(this, group);
    }
  }

  /** Everything of one zone that is not the VPC's: in this stack, or in the zone's own. */
  createZone(scope: Construct, zone: string): void {
    const { plan } = this;
    if (plan.shared) {
      for (const group of plan.subnetGroups) {
        if (group.zone === zone && group.role !== 'transit') this.createSubnets(scope, group);
      }
      for (const group of plan.securityGroups) if (group.zone === zone) this.createRules(scope, group);
    }
    for (const endpoint of plan.serviceEndpoints) {
      if (endpoint.zone !== zone) continue;
      if (endpoint.type === 'gateway') this.createGatewayEndpoint(scope, endpoint);
      else this.createServiceEndpoint(scope, endpoint);
    }
    for (const balancer of plan.loadBalancers) {
      if (balancer.zone !== zone) continue;
      const built = createBalancer(scope, balancer, {
        estate: this.estate.estate,
        region: this.estate.region,
        vpc: plan.name,
        soleZone: zone,
        vpcView: this.vpc,
        subnetIds: this.subnetGroups.get(balancer.subnetGroup)?.subnetIds ?? [],
        securityGroupId: this.groupId(balancer.securityGroup),
        internetGateway: balancer.scheme === 'public' ? this.internetGateway?.attachment : undefined,
      });
      this.balancers.set(balancer.key, built);
    }
  }

  groupId(key: GroupKey): string {
    const group = this.groups.get(key);
    if (!group) throw new RangeError(`VPC \`${this.plan.name}\` has no security group \`${key}\``);
    return group.attrGroupId;
  }

  private createVpc(): ec2.Vpc {
    // The L2 construct brings CDK's own custom resource that empties the default group; CloudFormation has no other way.
    const vpc = new ec2.Vpc(this, 'Vpc', {
      ipAddresses: ec2.IpAddresses.cidr(formatPrefix(this.plan.cidr)),
      subnetConfiguration: [],
      natGateways: 0,
      createInternetGateway: false,
      maxAzs: this.estate.availabilityZones,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      restrictDefaultSecurityGroup: true,
    });
    const tags = this.belonging({ role: 'vpc', name: `${this.estate.estate} ${this.plan.name}` });
    const resource = vpc.node.defaultChild;
    if (resource instanceof ec2.CfnVPC) for (const { key, value } of tags) resource.tags.setTag(key, value);
    new ec2.CfnFlowLog(this, 'FlowLog', {
      resourceId: vpc.vpcId,
      resourceType: 'VPC',
      trafficType: 'ALL',
      logDestinationType: 's3',
      logDestination: this.hub.flowLogBucketArn,
      maxAggregationInterval: 60,
      tags,
    });
    return vpc;
  }

  private createInternetGateway() {
    const gateway = new ec2.CfnInternetGateway(this, 'InternetGateway', { tags: this.belonging({ role: 'public' }) });
    const attachment = new ec2.CfnVPCGatewayAttachment(this, 'InternetGatewayAttachment', {
      vpcId: this.vpcId,
      internetGatewayId: gateway.ref,
    });
    return { id: gateway.ref, attachment };
  }

  private createGroup(group: VpcPlan['securityGroups'][number]): ec2.CfnSecurityGroup {
    return createSecurityGroup(this, group, {
      estate: this.estate.estate,
      vpc: this.plan.name,
      vpcId: this.vpcId,
      soleZone: this.soleZone,
      prefixListId: (service) => this.hub.prefixListId(service),
    });
  }

  private createRules(scope: Construct, group: VpcPlan['securityGroups'][number]): void {
    createGroupRules(scope, group, this.soleZone ?? group.zone, (key) => this.groupId(key));
  }

  private createSubnets(scope: Construct, group: SubnetGroupPlan): void {
    const built = createSubnetGroup(scope, group, {
      estate: this.estate.estate,
      vpc: this.plan.name,
      vpcId: this.vpcId,
      soleZone: this.soleZone ?? (group.role === 'transit' ? undefined : group.zone),
      transitGatewayId: this.hub.transitGatewayId,
      attachment: this.attachment,
      internetGatewayId: this.internetGateway?.id,
      internetGateway: this.internetGateway?.attachment,
    });
    this.subnetGroups.set(group.key, built);
  }

  /** Attached, associated with a table of its own, and that table knows the declared sites and blackholes. */
  private createAttachment(subnets: GroupKey) {
    const transitGatewayId = this.hub.transitGatewayId ?? '';
    const tags = this.belonging({ role: 'transit', name: this.plan.name });
    const attachment = new ec2.CfnTransitGatewayAttachment(this, 'TransitAttachment', {
      transitGatewayId,
      vpcId: this.vpcId,
      subnetIds: [...(this.subnetGroups.get(subnets)?.subnetIds ?? [])],
      options: {
        DnsSupport: 'enable',
        SecurityGroupReferencingSupport: 'disable',
        Ipv6Support: 'disable',
        ApplianceModeSupport: 'disable',
      },
      tags,
    });
    const table = new ec2.CfnTransitGatewayRouteTable(this, 'TransitTable', { transitGatewayId, tags });
    new ec2.CfnTransitGatewayRouteTableAssociation(this, 'TransitAssociation', {
      transitGatewayAttachmentId: attachment.ref,
      transitGatewayRouteTableId: table.ref,
    });
    this.createTransitRoutes(attachment.ref, table.ref);
    return { attachment, tableId: table.ref };
  }

  /** Between this VPC and sites, both ways. Routes between two VPCs need both stacks, so they are in the links stack. */
  private createTransitRoutes(attachmentId: string, tableId: string): void {
    const tables = this.estate.transit?.tables ?? [];
    const own = tables.find(({ of }) => of.kind === 'vpc' && of.name === this.plan.name);
    for (const { destination, to } of own?.routes ?? []) {
      if (to !== 'blackhole' && to.kind !== 'site') continue;
      const range = formatPrefix(destination);
      new ec2.CfnTransitGatewayRoute(this, idOf('transit', to === 'blackhole' ? 'blackhole' : 'to', range), {
        transitGatewayRouteTableId: tableId,
        destinationCidrBlock: range,
        transitGatewayAttachmentId: to === 'blackhole' ? undefined : this.sites.get(to.name)?.attachmentId,
        blackhole: to === 'blackhole' ? true : undefined,
      });
    }
    for (const { of, routes } of tables) {
      const site = of.kind === 'site' ? this.sites.get(of.name) : undefined;
      if (!site) continue;
      for (const { destination, to } of routes) {
        if (to === 'blackhole' || to.kind !== 'vpc' || to.name !== this.plan.name) continue;
        const range = formatPrefix(destination);
        new ec2.CfnTransitGatewayRoute(this, idOf('transit', 'from', of.name, range), {
          transitGatewayRouteTableId: site.routeTableId,
          destinationCidrBlock: range,
          transitGatewayAttachmentId: attachmentId,
        });
      }
    }
  }

  private createServiceEndpoint(scope: Construct, endpoint: ServiceEndpointPlan): void {
    const { service, subnetGroup, securityGroup, zone, privateDns } = endpoint;
    if (!subnetGroup || !securityGroup) return;
    new ec2.CfnVPCEndpoint(scope, idOf('aws', service), {
      vpcId: this.vpcId,
      vpcEndpointType: 'Interface',
      serviceName: `com.amazonaws.${this.estate.region}.${service}`,
      subnetIds: [...(this.subnetGroups.get(subnetGroup)?.subnetIds ?? [])],
      securityGroupIds: [this.groupId(securityGroup)],
      privateDnsEnabled: privateDns,
      policyDocument: endpointPolicy(endpoint, this.estate.region),
      tags: this.belonging({ zone, role: 'endpoint', name: service }),
    });
  }

  private createGatewayEndpoint(scope: Construct, endpoint: ServiceEndpointPlan): void {
    const { zone } = endpoint;
    const tables = this.plan.subnetGroups.filter(
      (group) => group.zone === zone && group.gatewayServices.includes(endpoint.service),
    );
    new ec2.CfnVPCEndpoint(scope, idOf('aws', endpoint.service), {
      vpcId: this.vpcId,
      vpcEndpointType: 'Gateway',
      serviceName: `com.amazonaws.${this.estate.region}.${endpoint.service}`,
      routeTableIds: tables.flatMap(({ key }) => this.subnetGroups.get(key)?.routeTableId ?? []),
      policyDocument: endpointPolicy(endpoint, this.estate.region),
      tags: this.belonging({ zone, role: 'endpoint', name: endpoint.service }),
    });
  }

  private belonging(more: { zone?: string; role?: string; name?: string }) {
    return tagsOf({ estate: this.estate.estate, vpc: this.plan.name, zone: this.soleZone, ...more });
  }
}
