/**
 * Ways between networks that need no internet: endpoints, peering, VPNs.
 */
import type { Hit, Templates } from '../templates';
import { type Hole, hole, OPEN_ASSETS } from './hole';
import { addRoute, GROUP, groupId, store, subnetOf, tableOf } from './words';

export const PRIVATE_PATHS: readonly Hole[] = [
  hole(
    'research makes itself an endpoint to the chart, which asks nobody behind PrivateLink',
    'isolation/research/ehr',
    (templates) => {
      const balancer = templates.pick('AWS::ElasticLoadBalancingV2::LoadBalancer', { zone: 'ehr' });
      balancer.resource.Properties.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic = 'off';
      const subnet = subnetOf(templates, 'research', 'notebooks');
      const service = templates.pick('AWS::EC2::VPCEndpointService', { zone: 'ehr' });
      const name = ['com.amazonaws.vpce.eu-west-2.', templates.reference(subnet, service)];
      templates.add(subnet, 'Shortcut', 'AWS::EC2::VPCEndpoint', {
        VpcId: subnet.resource.Properties.VpcId,
        VpcEndpointType: 'Interface',
        ServiceName: { 'Fn::Join': ['', name] },
        SubnetIds: [{ Ref: subnet.logicalId }],
        SecurityGroupIds: [groupId(templates.pick(GROUP, { zone: 'research', asset: 'notebooks' }))],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'research is peered with the chart, with routes both ways',
    'isolation/research/ehr',
    (templates) => {
      peer(templates, ['mutant-research', 'research', 'notebooks'], ['mutant-ehr', 'ehr', 'database']);
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the archive is peered with the shared VPC',
    'isolation/lab/archive',
    (templates) => {
      peer(templates, ['mutant-core', 'lab', 'lis'], ['mutant-archive', 'archive', 'store']);
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'a VPN that no site declares ends in the chart VPC, which learns its routes',
    'isolation/site:mutant-ehr.VendorVpn/ehr',
    (templates) => {
      const table = tableOf(templates, 'ehr', 'app');
      const { VpcId } = table.resource.Properties;
      templates.add(table, 'VendorGateway', 'AWS::EC2::VPNGateway', { Type: 'ipsec.1' });
      templates.add(table, 'VendorAttached', 'AWS::EC2::VPCGatewayAttachment', {
        VpcId,
        VpnGatewayId: { Ref: 'VendorGateway' },
      });
      templates.add(table, 'VendorVpn', 'AWS::EC2::VPNConnection', {
        Type: 'ipsec.1',
        CustomerGatewayId: 'cgw-0123456789abcdef0',
        VpnGatewayId: { Ref: 'VendorGateway' },
        StaticRoutesOnly: true,
      });
      templates.add(table, 'VendorRoute', 'AWS::EC2::VPNConnectionRoute', {
        VpnConnectionId: { Ref: 'VendorVpn' },
        DestinationCidrBlock: '192.168.40.0/24',
      });
      templates.add(table, 'VendorRoutes', 'AWS::EC2::VPNGatewayRoutePropagation', {
        VpnGatewayId: { Ref: 'VendorGateway' },
        RouteTableIds: [{ Ref: table.logicalId }],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the chart is peered with a VPC that no template shows',
    'isolation/',
    (templates) => {
      const table = tableOf(templates, 'ehr', 'app');
      templates.add(table, 'Vendor', 'AWS::EC2::VPCPeeringConnection', {
        VpcId: table.resource.Properties.VpcId,
        PeerVpcId: 'vpc-0123456789abcdef0',
        PeerOwnerId: '111122223333',
      });
      addRoute(templates, table, '10.250.0.0/16', { VpcPeeringConnectionId: { Ref: 'Vendor' } });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the chart uses an AWS service that its zone does not name',
    'isolation/ehr/aws:dynamodb',
    (templates) => {
      const table = tableOf(templates, 'ehr', 'app');
      templates.add(table, 'Tables', 'AWS::EC2::VPCEndpoint', {
        VpcId: table.resource.Properties.VpcId,
        VpcEndpointType: 'Gateway',
        ServiceName: 'com.amazonaws.eu-west-2.dynamodb',
        RouteTableIds: [{ Ref: table.logicalId }],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the archive gets an interface endpoint to a service it has no use for',
    'isolation/archive/aws:ssm',
    (templates) => {
      const subnet = subnetOf(templates, 'archive', 'store');
      templates.add(subnet, 'Sessions', 'AWS::EC2::VPCEndpoint', {
        VpcId: subnet.resource.Properties.VpcId,
        VpcEndpointType: 'Interface',
        ServiceName: 'com.amazonaws.eu-west-2.ssm',
        SubnetIds: [{ Ref: subnet.logicalId }],
        SecurityGroupIds: [groupId(store(templates))],
        Tags: [{ Key: 'cordon:zone', Value: 'archive' }],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
];

export type PeerEnd = readonly [stack: string, zone: string, asset: string];

export function peer(templates: Templates, [, fromZone, fromAsset]: PeerEnd, [, toZone, toAsset]: PeerEnd): void {
  const [from, to] = [tableOf(templates, fromZone, fromAsset), tableOf(templates, toZone, toAsset)];
  const vpcOf = (table: Hit) => {
    const stack = table.stack === 'mutant-lab' ? 'mutant-core' : table.stack;
    return templates.pick('AWS::EC2::VPC', {}, (hit) => hit.stack === stack);
  };
  const connection = templates.add(from, 'Joined', 'AWS::EC2::VPCPeeringConnection', {
    VpcId: templates.reference(from, vpcOf(from)),
    PeerVpcId: templates.reference(from, vpcOf(to)),
  });
  const rangeOf = (table: Hit) => String(vpcOf(table).resource.Properties.CidrBlock);
  addRoute(templates, from, rangeOf(to), { VpcPeeringConnectionId: { Ref: connection.logicalId } });
  addRoute(templates, to, rangeOf(from), { VpcPeeringConnectionId: templates.reference(to, connection) });
}
