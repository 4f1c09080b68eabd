/**
 * Ways to and from the internet.
 */
import { type Hole, hole, OPEN_ASSETS } from './hole';
import { addIngress, addInstance, addRoute, GROUP, groupId, rulesOf, SUBNET, subnetOf, tableOf } from './words';

export const INTERNET: readonly Hole[] = [
  hole(
    'the public subnets give everyone a public address',
    'isolation/internet/portal',
    (templates) => {
      templates.pick(SUBNET, { zone: 'portal', role: 'public' }).resource.Properties.MapPublicIpOnLaunch = true;
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'a host with a public address stands in the public subnet',
    'isolation/internet/portal',
    (templates) => {
      const subnet = templates.pick(SUBNET, { zone: 'portal', role: 'public' });
      const group = templates.pick(GROUP, { zone: 'portal', asset: 'web' });
      addInstance(templates, subnet, {
        NetworkInterfaces: [
          {
            DeviceIndex: '0',
            AssociatePublicIpAddress: true,
            SubnetId: { Ref: subnet.logicalId },
            GroupSet: [groupId(group)],
          },
        ],
      });
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the public balancer listens on one more port',
    'isolation/internet/portal',
    (templates) => {
      const type = 'AWS::ElasticLoadBalancingV2::Listener';
      const listener = templates.pick(type, {}, (hit) => hit.stack === 'mutant-portal');
      templates.add(listener, 'Second', type, { ...listener.resource.Properties, Port: 8080 });
      const everyone = { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080 };
      addIngress(templates.pick(GROUP, { zone: 'portal', role: 'public' }), everyone);
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the portal goes out to the internet through a NAT gateway',
    'isolation/portal/internet',
    (templates) => {
      const subnet = templates.pick(SUBNET, { zone: 'portal', role: 'public' });
      templates.add(subnet, 'Address', 'AWS::EC2::EIP', { Domain: 'vpc' });
      templates.add(subnet, 'Nat', 'AWS::EC2::NatGateway', {
        SubnetId: { Ref: subnet.logicalId },
        AllocationId: { 'Fn::GetAtt': ['Address', 'AllocationId'] },
        Tags: [{ Key: 'cordon:zone', Value: 'portal' }],
      });
      addRoute(templates, tableOf(templates, 'portal', 'web'), '0.0.0.0/0', { NatGatewayId: { Ref: 'Nat' } });
      rulesOf(templates.pick(GROUP, { zone: 'portal', asset: 'web' }), 'Egress').push({
        CidrIp: '0.0.0.0/0',
        IpProtocol: '-1',
      });
    },
    'violated',
    'without network ACLs',
  ),
  hole(
    'the chart gets an internet gateway and public addresses',
    'isolation/internet/ehr',
    (templates) => {
      const table = tableOf(templates, 'ehr', 'app');
      templates.add(table, 'Gateway', 'AWS::EC2::InternetGateway', {});
      templates.add(table, 'Attached', 'AWS::EC2::VPCGatewayAttachment', {
        VpcId: table.resource.Properties.VpcId,
        InternetGatewayId: { Ref: 'Gateway' },
      });
      addRoute(templates, table, '0.0.0.0/0', { GatewayId: { Ref: 'Gateway' } });
      subnetOf(templates, 'ehr', 'app').resource.Properties.MapPublicIpOnLaunch = true;
    },
    'violated',
    OPEN_ASSETS,
  ),
  hole(
    'the default route of the chart leads to something nobody models',
    'isolation/',
    (templates) => {
      const core = { CoreNetworkArn: 'arn:aws:networkmanager::111122223333:core-network/core-network-0a' };
      addRoute(templates, tableOf(templates, 'ehr', 'app'), '0.0.0.0/0', core);
    },
    'unknown',
    OPEN_ASSETS,
  ),
];
