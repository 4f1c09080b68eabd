/**
 * Load balancers in front of assets, and the endpoint services by which other VPCs find them.
 */
import { Aws, Fn } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import type { ListenerPlan, LoadBalancerPlan } from '../plan';
import { idOf, localName } from './logical-id';
import { tagsOf } from './tags';

const PROTOCOL: Readonly<Record<ListenerPlan['protocol'], elbv2.Protocol>> = {
  tcp: elbv2.Protocol.TCP,
  udp: elbv2.Protocol.UDP,
  tcp_udp: elbv2.Protocol.TCP_UDP,
};

export interface BalancerContext {
  readonly estate: string;
  readonly region: string;
  readonly vpc: string;
  readonly soleZone?: string;
  readonly vpcView: ec2.IVpc;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  /** listeners of an internet-facing balancer need the VPC's gateway */
  readonly internetGateway?: ec2.CfnVPCGatewayAttachment;
}

export interface BuiltBalancer {
  readonly plan: LoadBalancerPlan;
  readonly loadBalancer: elbv2.CfnLoadBalancer;
  /** by port */
  readonly targetGroups: ReadonlyMap<number, elbv2.NetworkTargetGroup>;
  /** for an internal balancer: what an interface endpoint asks for */
  readonly serviceName?: string;
}

export function createBalancer(scope: Construct, plan: LoadBalancerPlan, context: BalancerContext): BuiltBalancer {
  const label = localName(plan.key, context.soleZone);
  const { estate, vpc } = context;
  const role = plan.scheme === 'public' ? 'public' : 'load-balancer';
  const tags = tagsOf({ estate, vpc, zone: plan.zone, asset: plan.asset, role, name: plan.key });
  const loadBalancer = new elbv2.CfnLoadBalancer(scope, idOf(label), {
    type: 'network',
    scheme: plan.scheme === 'public' ? 'internet-facing' : 'internal',
    subnets: [...context.subnetIds],
    securityGroups: [context.securityGroupId],
    // The groups are asked for what comes through PrivateLink too, with the client's own address as the source: a
    // consumer that no conduit names is refused here even if it makes an endpoint (decision 0103).
    enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: plan.scheme === 'internal' ? 'on' : undefined,
    loadBalancerAttributes: [
      { key: 'load_balancing.cross_zone.enabled', value: 'true' },
      { key: 'deletion_protection.enabled', value: 'false' },
    ],
    tags,
  });
  if (context.internetGateway) loadBalancer.addResourceDependency(context.internetGateway);
  const targetGroups = new Map<number, elbv2.NetworkTargetGroup>();
  for (const listener of plan.listeners) {
    targetGroups.set(listener.port, createListener(scope, label, loadBalancer, listener, context.vpcView, tags));
  }
  const serviceName =
    plan.scheme === 'internal' ? createEndpointService(scope, label, loadBalancer, context, tags) : undefined;
  return { plan, loadBalancer, targetGroups, serviceName };
}

function createListener(
  scope: Construct,
  label: string,
  loadBalancer: elbv2.CfnLoadBalancer,
  { port, protocol }: ListenerPlan,
  vpc: ec2.IVpc,
  tags: ReturnType<typeof tagsOf>,
): elbv2.NetworkTargetGroup {
  const id = idOf(label, String(port));
  const targets = new elbv2.NetworkTargetGroup(scope, `${id}Targets`, {
    vpc,
    port,
    protocol: PROTOCOL[protocol],
    targetType: elbv2.TargetType.IP,
    // UDP keeps the client's address whatever is said (ELB guide, "Client IP preservation")
    preserveClientIp: protocol === 'tcp' ? false : undefined,
    healthCheck: { protocol: elbv2.Protocol.TCP },
  });
  const resource = targets.node.defaultChild;
  if (resource instanceof elbv2.CfnTargetGroup) for (const { key, value } of tags) resource.tags.setTag(key, value);
  new elbv2.CfnListener(scope, `${id}Listener`, {
    loadBalancerArn: loadBalancer.ref,
    port,
    protocol: PROTOCOL[protocol],
    defaultActions: [{ type: 'forward', targetGroupArn: targets.targetGroupArn }],
  });
  return targets;
}

/** Found only by the own account; who may then connect is for the balancer's group to say. */
function createEndpointService(
  scope: Construct,
  label: string,
  loadBalancer: elbv2.CfnLoadBalancer,
  { region }: BalancerContext,
  tags: ReturnType<typeof tagsOf>,
): string {
  const service = new ec2.CfnVPCEndpointService(scope, idOf(label, 'service'), {
    networkLoadBalancerArns: [loadBalancer.ref],
    acceptanceRequired: false,
    tags,
  });
  new ec2.CfnVPCEndpointServicePermissions(scope, idOf(label, 'service-permissions'), {
    serviceId: service.ref,
    allowedPrincipals: [`arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:root`],
  });
  return Fn.join('', [`com.amazonaws.vpce.${region}.`, service.ref]);
}
