import { isDefaultGroup } from '../../groups';
import type { SegmentationRule } from '../../rule';
import { listAt, textAt } from '../../subject';

export const VpcEndpointNamesSecurityGroup: SegmentationRule = {
  name: 'VpcEndpointNamesSecurityGroup',
  types: ['AWS::EC2::VPCEndpoint'],
  info: "The interface endpoint names no security group, so it gets the VPC's default one. Give it a group of its own.",
  explanation:
    'The default group admits its members: what can reach the endpoint is then decided by nobody (SEMANTICS 30).',
  findings: ({ properties }) => {
    if (textAt(properties, 'VpcEndpointType') !== 'Interface') return [];
    const groups = listAt(properties, 'SecurityGroupIds');
    if (groups.length === 0) return ['no group'];
    return groups.some(isDefaultGroup) ? ['default group'] : [];
  },
};
