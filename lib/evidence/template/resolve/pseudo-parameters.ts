/**
 * `AWS::Region` and its kin. What nothing says is a placeholder that stays text, or unknown.
 */
import { unknown } from '../../network';
import type { Evaluated } from './evaluation';

interface Place {
  readonly name: string;
  readonly region: string;
  readonly account: string;
}

/** undefined = `AWS::NoValue`; `null` = there is no such pseudo parameter. */
export function pseudoParameter(name: string, stack: Place): Evaluated {
  switch (name) {
    case 'AWS::Region':
      return stack.region;
    case 'AWS::AccountId':
      return stack.account;
    case 'AWS::StackName':
      return stack.name;
    case 'AWS::Partition':
      return partitionOf(stack.region);
    case 'AWS::URLSuffix':
      return URL_SUFFIXES[partitionOf(stack.region)] ?? 'amazonaws.com';
    case 'AWS::NoValue':
      return undefined;
    case 'AWS::StackId':
      return unknown('AWS gives a stack its id at deployment');
    case 'AWS::NotificationARNs':
      return unknown('who is notified is said at deployment');
    default:
      return null;
  }
}

const URL_SUFFIXES: Readonly<Record<string, string>> = {
  'aws-cn': 'amazonaws.com.cn',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
};

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  if (region.startsWith('us-isob-')) return 'aws-iso-b';
  if (region.startsWith('us-iso-')) return 'aws-iso';
  return 'aws';
}
