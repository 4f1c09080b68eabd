import type { SegmentationRule } from '../../rule';
import { textAt, UndecidedProperty } from '../../subject';

/** A flow log is only as lasting as the log group it goes to. Buckets keep what they get until a lifecycle rule says else. */
export const FlowLogsRetained: SegmentationRule = {
  name: 'FlowLogsRetained',
  types: ['AWS::EC2::FlowLog'],
  info: 'The flow log goes to a destination whose retention and encryption the template does not show. Send it to a log group with `RetentionInDays` and `KmsKeyId`, or to a bucket.',
  explanation: 'Flow logs hold who talked to whom, in a hospital: they must last, and must not be read by just anyone.',
  findings: (subject) => {
    const { properties } = subject;
    if (textAt(properties, 'LogDestinationType') === 's3') return [];
    const named = properties.LogGroupName ?? properties.LogDestination;
    const group = subject.neighbours('AWS::Logs::LogGroup').find((each) => each.isReferredToBy(named));
    if (!group) throw new UndecidedProperty('LogDestination', named);
    const { RetentionInDays, KmsKeyId } = group.properties;
    return [
      ...(RetentionInDays === undefined ? ['RetentionInDays'] : []),
      ...(KmsKeyId === undefined ? ['KmsKeyId'] : []),
    ];
  },
};
