import type { SegmentationRule } from '../../rule';
import { textAt } from '../../subject';

/** Both defaults are on where a template says nothing (SEMANTICS 23). */
export const TransitGatewayDefaultsOff: SegmentationRule = {
  name: 'TransitGatewayDefaultsOff',
  types: ['AWS::EC2::TransitGateway'],
  info: 'The transit gateway joins attachments by default. Disable default association, default propagation and auto-accept.',
  explanation: 'With the defaults on, every attachment reaches every other one from the moment it is made.',
  findings: ({ properties }) => [
    ...(textAt(properties, 'DefaultRouteTableAssociation') === 'disable' ? [] : ['DefaultRouteTableAssociation']),
    ...(textAt(properties, 'DefaultRouteTablePropagation') === 'disable' ? [] : ['DefaultRouteTablePropagation']),
    ...(textAt(properties, 'AutoAcceptSharedAttachments') === 'enable' ? ['AutoAcceptSharedAttachments'] : []),
  ],
};
