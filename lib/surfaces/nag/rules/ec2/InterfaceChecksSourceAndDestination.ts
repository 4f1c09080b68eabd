import type { SegmentationRule } from '../../rule';
import { booleanAt } from '../../subject';

export const InterfaceChecksSourceAndDestination: SegmentationRule = {
  name: 'InterfaceChecksSourceAndDestination',
  types: ['AWS::EC2::Instance', 'AWS::EC2::NetworkInterface'],
  info: 'The source/destination check is off. Leave it on unless the host is an appliance that a conduit goes through.',
  explanation: 'With the check off, a host forwards packets of others: a router that no route table shows.',
  findings: ({ properties }) => (booleanAt(properties, 'SourceDestCheck') === false ? ['SourceDestCheck'] : []),
};
