import type { SegmentationRule } from '../../rule';
import { textAt } from '../../subject';

export const LogGroupRetained: SegmentationRule = {
  name: 'LogGroupRetained',
  types: ['AWS::Logs::LogGroup'],
  info: 'The log group does not say how long it keeps its events. Set `RetentionInDays`.',
  explanation:
    'An audit trail needs a duration that somebody chose: long enough to investigate, short enough to defend.',
  findings: ({ properties }) => (textAt(properties, 'RetentionInDays') === undefined ? ['RetentionInDays'] : []),
};
