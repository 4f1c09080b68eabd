import type { SegmentationRule } from '../../rule';
import { booleanAt } from '../../subject';

export const DatabaseHasNoDataApi: SegmentationRule = {
  name: 'DatabaseHasNoDataApi',
  types: ['AWS::RDS::DBCluster'],
  info: 'The Data API is on. Leave `EnableHttpEndpoint` off and reach the database over its conduit.',
  explanation: "The Data API answers SQL from any place that reaches AWS's endpoints: no group or route filters it.",
  findings: ({ properties }) => (booleanAt(properties, 'EnableHttpEndpoint') ? ['EnableHttpEndpoint'] : []),
};
