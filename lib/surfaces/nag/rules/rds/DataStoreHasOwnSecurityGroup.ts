import { isDefaultGroup } from '../../groups';
import type { SegmentationRule } from '../../rule';
import { bagAt, listAt } from '../../subject';

/** Which property names the groups; `within` is the bag that holds it, and its absence means no VPC at all. */
const GROUPS_OF: Readonly<
  Record<string, { readonly property: string; readonly within?: string; readonly unless?: string }>
> = {
  'AWS::RDS::DBInstance': { property: 'VPCSecurityGroups', unless: 'DBClusterIdentifier' },
  'AWS::RDS::DBCluster': { property: 'VpcSecurityGroupIds' },
  'AWS::RDS::DBProxy': { property: 'VpcSecurityGroupIds' },
  'AWS::DocDB::DBCluster': { property: 'VpcSecurityGroupIds' },
  'AWS::Neptune::DBCluster': { property: 'VpcSecurityGroupIds' },
  'AWS::Redshift::Cluster': { property: 'VpcSecurityGroupIds' },
  'AWS::ElastiCache::ReplicationGroup': { property: 'SecurityGroupIds', unless: 'GlobalReplicationGroupId' },
  'AWS::ElastiCache::CacheCluster': { property: 'VpcSecurityGroupIds' },
  'AWS::EFS::MountTarget': { property: 'SecurityGroups' },
  'AWS::OpenSearchService::Domain': { property: 'SecurityGroupIds', within: 'VPCOptions' },
};

export const DataStoreHasOwnSecurityGroup: SegmentationRule = {
  name: 'DataStoreHasOwnSecurityGroup',
  types: Object.keys(GROUPS_OF),
  info: 'The data store is not in a security group of its own. Name the group of its asset.',
  explanation: "Without one it gets the VPC's default group, which is everybody's (SEMANTICS 1).",
  findings: ({ properties, type }) => {
    const where = GROUPS_OF[type];
    if (!where || (where.unless && properties[where.unless] !== undefined)) return [];
    if (where.within && properties[where.within] === undefined) return ['not in a VPC'];
    const groups = listAt(where.within ? bagAt(properties, where.within) : properties, where.property);
    if (groups.length === 0) return ['no group'];
    return groups.some(isDefaultGroup) ? ['default group'] : [];
  },
};
