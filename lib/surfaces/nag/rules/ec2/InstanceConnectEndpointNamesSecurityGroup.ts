import { isDefaultGroup } from '../../groups';
import type { SegmentationRule } from '../../rule';
import { listAt } from '../../subject';

export const InstanceConnectEndpointNamesSecurityGroup: SegmentationRule = {
  name: 'InstanceConnectEndpointNamesSecurityGroup',
  types: ['AWS::EC2::InstanceConnectEndpoint'],
  info: 'The Instance Connect endpoint names no security group, so it may reach whatever the default group reaches.',
  explanation: 'It is a way in from anywhere with AWS credentials; its group is the only filter on where it leads.',
  findings: ({ properties }) => {
    const groups = listAt(properties, 'SecurityGroupIds');
    if (groups.length === 0) return ['no group'];
    return groups.some(isDefaultGroup) ? ['default group'] : [];
  },
};
