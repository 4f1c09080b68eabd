import type { SegmentationRule } from '../../rule';
import { bagAt, booleanAt } from '../../subject';

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

export const BucketBlocksPublicAccess: SegmentationRule = {
  name: 'BucketBlocksPublicAccess',
  types: ['AWS::S3::Bucket'],
  info: 'The bucket may be made public by a policy or an ACL. Switch all four public access blocks on.',
  explanation: 'A public bucket is reached over the internet, whatever the network looks like (SEMANTICS 38).',
  findings: ({ properties }) => {
    const blocks = bagAt(properties, 'PublicAccessBlockConfiguration');
    return BLOCKS.filter((block) => booleanAt(blocks, block) !== true);
  },
};
