import type { SegmentationRule } from '../../rule';
import { textAt } from '../../subject';

export const FunctionUrlRequiresIam: SegmentationRule = {
  name: 'FunctionUrlRequiresIam',
  types: ['AWS::Lambda::Url'],
  info: 'Anyone on the internet may call the function. Set `AuthType: AWS_IAM`, or leave the URL out.',
  explanation: 'A function with a URL and a VPC is a bridge from the internet into the zone (SEMANTICS 36).',
  findings: ({ properties }) => (textAt(properties, 'AuthType') === 'AWS_IAM' ? [] : ['AuthType']),
};
