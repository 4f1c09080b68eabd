/**
 * Who lives where: locations without a zone, with two, or with the wrong one.
 */
import type { Hit } from '../templates';
import type { Hole } from './hole';
import { addInstance, GROUP, SUBNET, setTag, subnetOf } from './words';

export const BINDING: readonly Hole[] = [
  {
    name: 'a subnet of the chart is tagged as research',
    layer: 'as synthesized',
    claim: 'isolation/research/',
    verdict: 'violated',
    mutate: (templates) => setTag(subnetOf(templates, 'ehr', 'database'), 'cordon:zone', 'research'),
  },
  {
    name: 'a subnet of the chart says no zone',
    layer: 'as synthesized',
    claim: 'binding',
    verdict: 'violated',
    mutate: (templates) => setTag(subnetOf(templates, 'ehr', 'app'), 'cordon:zone', undefined),
  },
  {
    name: 'a subnet of the shared VPC takes the tag of its neighbour',
    layer: 'as synthesized',
    claim: 'service/pharmacy-checks-lab/',
    verdict: 'violated',
    mutate: (templates) => setTag(subnetOf(templates, 'pharmacy', 'server'), 'cordon:zone', 'lab'),
  },
  {
    name: 'a subnet that nobody tagged appears in the chart VPC',
    layer: 'as synthesized',
    claim: 'binding',
    verdict: 'violated',
    mutate: (templates) => {
      const sibling = subnetOf(templates, 'ehr', 'app');
      const cidr = String(sibling.resource.Properties.CidrBlock).replace(/\.\d+\/\d+$/, '.240/28');
      templates.add(sibling, 'Forgotten', SUBNET, { VpcId: sibling.resource.Properties.VpcId, CidrBlock: cidr });
    },
  },
  {
    name: 'a second range of research overlaps the ward',
    layer: 'as synthesized',
    claim: 'binding',
    verdict: 'violated',
    mutate: (templates) => {
      const sibling = subnetOf(templates, 'research', 'notebooks');
      const { VpcId } = sibling.resource.Properties;
      templates.add(sibling, 'Second', 'AWS::EC2::VPCCidrBlock', { VpcId, CidrBlock: '10.130.0.0/24' });
      templates.add(sibling, 'Overlap', SUBNET, { ...sibling.resource.Properties, CidrBlock: '10.130.0.0/26' });
    },
  },
  {
    name: 'an instance stands in two zones at once',
    layer: 'as synthesized',
    claim: 'binding',
    verdict: 'violated',
    mutate: (templates) => {
      const [lab, pharmacy] = [subnetOf(templates, 'lab', 'lis'), subnetOf(templates, 'pharmacy', 'server')];
      const groupOf = (zone: string, asset: string) => templates.pick(GROUP, { zone, asset });
      const [lis, server] = [groupOf('lab', 'lis'), groupOf('pharmacy', 'server')];
      const wears = (group: Hit) => ({ GroupSet: [templates.reference(lab, group, 'GroupId')] });
      addInstance(templates, lab, {
        NetworkInterfaces: [
          { DeviceIndex: '0', SubnetId: { Ref: lab.logicalId }, ...wears(lis) },
          { DeviceIndex: '1', SubnetId: templates.reference(lab, pharmacy), ...wears(server) },
        ],
      });
    },
  },
  {
    name: 'the laboratory database spreads into the pharmacy',
    layer: 'as synthesized',
    claim: 'binding',
    verdict: 'violated',
    mutate: (templates) => {
      const [group] = templates.all('AWS::RDS::DBSubnetGroup');
      if (!group) throw new Error('the estate has no database');
      const pharmacy = subnetOf(templates, 'pharmacy', 'server');
      (group.resource.Properties.SubnetIds as unknown[]).push(templates.reference(group, pharmacy));
    },
  },
];
