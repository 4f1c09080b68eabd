import type { SegmentationRule } from '../../rule';
import { bagsAt } from '../../subject';

export const InstanceStaysInOneSubnet: SegmentationRule = {
  name: 'InstanceStaysInOneSubnet',
  types: ['AWS::EC2::Instance'],
  info: 'The instance has interfaces in several subnets. Give each zone a host of its own, and a conduit between them.',
  explanation: 'A host in two zones joins them, whatever the route tables say (SEMANTICS 37).',
  findings: ({ properties }) => {
    const subnets = bagsAt(properties, 'NetworkInterfaces').flatMap((each) => each.SubnetId ?? []);
    const distinct = new Set(subnets.map((subnet) => JSON.stringify(subnet)));
    return distinct.size > 1 ? ['NetworkInterfaces'] : [];
  },
};
