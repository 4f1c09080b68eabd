import type { SegmentationRule } from '../../rule';
import { booleanAt } from '../../subject';

export const SubnetDoesNotAutoAssignPublicAddress: SegmentationRule = {
  name: 'SubnetDoesNotAutoAssignPublicAddress',
  types: ['AWS::EC2::Subnet'],
  info: 'The subnet gives a public address to whatever is launched in it. Leave `MapPublicIpOnLaunch` off.',
  explanation: 'An address that comes by default is one that nobody decided on; with a route it is a way in.',
  findings: ({ properties }) => (booleanAt(properties, 'MapPublicIpOnLaunch') ? ['MapPublicIpOnLaunch'] : []),
};
