/**
 * What nobody can judge from these templates: unknown, by name, and never proved.
 */
import { type Hole, hole, OPEN_ASSETS } from './hole';
import { ATTACHMENT, addRoute, arn, GROUP, groupId, store, subnetOf, tableOf } from './words';

export const NOT_UNDERSTOOD: readonly Hole[] = [
  hole(
    'something of a type that nobody models stands in the chart',
    'isolation/',
    (templates) => {
      const subnet = subnetOf(templates, 'ehr', 'database');
      templates.add(subnet, 'Appliance', 'Custom::Appliance', {
        ServiceToken: 'arn:aws:lambda:eu-west-2:111122223333:function:appliance',
        SubnetId: { Ref: subnet.logicalId },
        SecurityGroupIds: [groupId(templates.pick(GROUP, { zone: 'ehr', asset: 'database' }))],
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'a file system gateway of AWS stands in the archive',
    'isolation/',
    (templates) => {
      const subnet = subnetOf(templates, 'archive', 'store');
      templates.add(subnet, 'Mover', 'AWS::DataSync::Agent', {
        SubnetArns: [arn('subnet', { Ref: subnet.logicalId })],
        SecurityGroupArns: [arn('security-group', groupId(store(templates)))],
        VpcEndpointId: 'vpce-0123456789abcdef0',
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'a nested stack comes from elsewhere',
    '',
    (templates) => {
      templates.add(subnetOf(templates, 'ehr', 'app'), 'Elsewhere', 'AWS::CloudFormation::Stack', {
        TemplateURL: 'https://example.com/network.json',
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'a VPC Lattice network reaches into the chart',
    '',
    (templates) => {
      const subnet = subnetOf(templates, 'ehr', 'app');
      templates.add(subnet, 'Mesh', 'AWS::VpcLattice::ServiceNetworkVpcAssociation', {
        ServiceNetworkIdentifier: 'sn-0123456789abcdef0',
        VpcIdentifier: subnet.resource.Properties.VpcId,
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'a Client VPN ends in the chart',
    '',
    (templates) => {
      const subnet = subnetOf(templates, 'ehr', 'app');
      templates.add(subnet, 'Association', 'AWS::EC2::ClientVpnTargetNetworkAssociation', {
        ClientVpnEndpointId: 'cvpn-endpoint-0123456789abcdef0',
        SubnetId: { Ref: subnet.logicalId },
      });
    },
    'unknown',
    'as synthesized',
  ),
  hole(
    'the chart VPC is attached to a hub of another team',
    '',
    (templates) => {
      const subnet = subnetOf(templates, 'ehr', 'app');
      templates.add(subnet, 'OtherHub', ATTACHMENT, {
        TransitGatewayId: 'tgw-0123456789abcdef0',
        VpcId: subnet.resource.Properties.VpcId,
        SubnetIds: [{ Ref: subnet.logicalId }],
      });
      addRoute(templates, tableOf(templates, 'ehr', 'app'), '10.250.0.0/16', {
        TransitGatewayId: 'tgw-0123456789abcdef0',
      });
    },
    'unknown',
    OPEN_ASSETS,
  ),
];
