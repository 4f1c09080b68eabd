/**
 * Ways into the chart that AWS opens past routes and rules, or for people that no template names: unknown, by name.
 * One resource each, beside what is there already.
 */
import type { Hit, Templates } from '../templates';
import { type Hole, hole, naming } from './hole';
import { app, arn, groupId, type Properties, subnetOf } from './words';

interface WayIn {
  readonly name: string;
  readonly type: string;
  /** of the resource that is added; `subnet` is one of the chart's, `balancer` the chart's internal one */
  readonly properties: (parts: { subnet: Hit; group: unknown; balancer: unknown }) => Properties;
}

const SHARED = { Name: 'shared', Principals: ['111122223333'] };

const WAYS_IN: readonly WayIn[] = [
  {
    name: 'an Instance Connect endpoint',
    type: 'AWS::EC2::InstanceConnectEndpoint',
    properties: ({ subnet, group }) => ({ SubnetId: { Ref: subnet.logicalId }, SecurityGroupIds: [group] }),
  },
  {
    name: 'an API Gateway link to the balancer, which names no subnet',
    type: 'AWS::ApiGateway::VpcLink',
    properties: ({ balancer }) => ({ Name: 'link', TargetArns: [balancer] }),
  },
  {
    name: 'an API Gateway link to the subnets',
    type: 'AWS::ApiGatewayV2::VpcLink',
    properties: ({ subnet, group }) => ({
      Name: 'link',
      SubnetIds: [{ Ref: subnet.logicalId }],
      SecurityGroupIds: [group],
    }),
  },
  {
    name: 'an accelerator in front of the internal balancer',
    type: 'AWS::GlobalAccelerator::EndpointGroup',
    properties: ({ balancer }) => ({
      ListenerArn: 'arn:aws:globalaccelerator::111122223333:accelerator/a/listener/b',
      EndpointGroupRegion: 'eu-west-2',
      EndpointConfigurations: [{ EndpointId: balancer }],
    }),
  },
  {
    name: 'a CloudFront origin that is the internal balancer',
    type: 'AWS::CloudFront::VpcOrigin',
    properties: ({ balancer }) => ({
      VpcOriginEndpointConfig: {
        Arn: balancer,
        Name: 'chart',
        HTTPPort: 80,
        HTTPSPort: 443,
        OriginProtocolPolicy: 'https-only',
      },
    }),
  },
  {
    name: 'a Verified Access endpoint',
    type: 'AWS::EC2::VerifiedAccessEndpoint',
    properties: ({ subnet, group, balancer }) => ({
      VerifiedAccessGroupId: 'vagr-0123456789abcdef0',
      EndpointType: 'load-balancer',
      AttachmentType: 'vpc',
      SecurityGroupIds: [group],
      LoadBalancerOptions: {
        LoadBalancerArn: balancer,
        SubnetIds: [{ Ref: subnet.logicalId }],
        Port: 443,
        Protocol: 'https',
      },
    }),
  },
  {
    name: 'a Lattice resource gateway',
    type: 'AWS::VpcLattice::ResourceGateway',
    properties: ({ subnet, group }) => ({
      Name: 'gateway',
      VpcIdentifier: subnet.resource.Properties.VpcId,
      SubnetIds: [{ Ref: subnet.logicalId }],
      SecurityGroupIds: [group],
    }),
  },
  {
    name: 'an attachment to a Cloud WAN',
    type: 'AWS::NetworkManager::VpcAttachment',
    properties: ({ subnet }) => ({
      CoreNetworkId: 'core-network-0123456789abcdef0',
      VpcArn: arn('vpc', subnet.resource.Properties.VpcId),
      SubnetArns: [arn('subnet', { Ref: subnet.logicalId })],
    }),
  },
  {
    name: 'a share of its subnet with another account',
    type: 'AWS::RAM::ResourceShare',
    properties: ({ subnet }) => ({ ...SHARED, ResourceArns: [arn('subnet', { Ref: subnet.logicalId })] }),
  },
];

function wayInto(templates: Templates, { type, properties }: WayIn): void {
  const subnet = subnetOf(templates, 'ehr', 'app');
  const balancer = templates.pick('AWS::ElasticLoadBalancingV2::LoadBalancer', { zone: 'ehr' });
  const parts = { subnet, group: groupId(app(templates)), balancer: { Ref: balancer.logicalId } };
  templates.add(subnet, 'WayIn', type, properties(parts));
}

export const INTO_THE_CHART: readonly Hole[] = [
  ...WAYS_IN.map((way) => {
    const mutate = (templates: Templates) => wayInto(templates, way);
    return naming('WayIn', hole(`the chart gets ${way.name}`, 'isolation/', mutate, 'unknown', 'as synthesized'));
  }),
  hole(
    'anyone on the internet may call a function that stands in the chart',
    'isolation/internet/ehr',
    (templates) => {
      const subnet = subnetOf(templates, 'ehr', 'app');
      templates.add(subnet, 'Bridge', 'AWS::Lambda::Function', {
        Code: { ZipFile: 'exports.handler = async () => {}' },
        Role: 'arn:aws:iam::111122223333:role/bridge',
        VpcConfig: { SubnetIds: [{ Ref: subnet.logicalId }], SecurityGroupIds: [groupId(app(templates))] },
      });
      const target = { 'Fn::GetAtt': ['Bridge', 'Arn'] };
      templates.add(subnet, 'BridgeUrl', 'AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: target });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'the hub is shared with another account',
    'isolation/',
    (templates) => {
      const hub = templates.pick('AWS::EC2::TransitGateway', {});
      const arns = [arn('transit-gateway', { Ref: hub.logicalId })];
      templates.add(hub, 'Shared', 'AWS::RAM::ResourceShare', { ...SHARED, ResourceArns: arns });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'the hub lets attachments of others in by itself',
    'isolation/external:',
    (templates) => {
      const { Properties } = templates.pick('AWS::EC2::TransitGateway', {}).resource;
      Properties.AutoAcceptSharedAttachments = 'enable';
    },
    'violated',
    'as synthesized',
  ),
];
