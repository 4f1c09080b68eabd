import type { SegmentationRule } from '../../rule';
import { booleanAt } from '../../subject';

/** Where absent does not mean private: it depends on the subnets' routes (RDS), or is on by default (DMS). */
const MUST_SAY_NO = new Set(['AWS::RDS::DBInstance', 'AWS::DMS::ReplicationInstance', 'AWS::Redshift::Cluster']);

export const DatabaseNotPublic: SegmentationRule = {
  name: 'DatabaseNotPublic',
  types: [
    ...MUST_SAY_NO,
    'AWS::RDS::DBCluster',
    'AWS::Neptune::DBInstance',
    'AWS::AmazonMQ::Broker',
    'AWS::RedshiftServerless::Workgroup',
  ],
  info: 'The data store is, or may become, publicly accessible. Set `PubliclyAccessible: false`.',
  explanation: 'With the flag on, or left to a default, a route and a rule are all that is missing (SEMANTICS 39).',
  findings: ({ properties, type }) => {
    const flag = booleanAt(properties, 'PubliclyAccessible');
    if (flag === undefined) return MUST_SAY_NO.has(type) ? ['PubliclyAccessible not set'] : [];
    return flag ? ['PubliclyAccessible'] : [];
  },
};
