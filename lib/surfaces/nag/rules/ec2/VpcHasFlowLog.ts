import type { SegmentationRule } from '../../rule';
import { textAt } from '../../subject';

export const VpcHasFlowLog: SegmentationRule = {
  name: 'VpcHasFlowLog',
  types: ['AWS::EC2::VPC'],
  info: 'The VPC keeps no log of all its traffic. Add a flow log with `TrafficType: ALL`.',
  explanation: 'What a plan allows and what happened are different questions; an incident asks the second one.',
  findings: (subject) => {
    const logs = subject.neighbours('AWS::EC2::FlowLog');
    const own = logs.filter((log) => subject.isReferredToBy(log.properties.ResourceId));
    return own.some((log) => textAt(log.properties, 'TrafficType') === 'ALL') ? [] : ['no flow log'];
  },
};
