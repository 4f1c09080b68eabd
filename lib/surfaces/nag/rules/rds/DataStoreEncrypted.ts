import type { SegmentationRule } from '../../rule';
import { booleanAt } from '../../subject';

interface Requirement {
  readonly type: string;
  readonly properties: readonly string[];
  /** what a resource has that inherits its encryption from another one */
  readonly inheritedWith?: string;
}

/** A flag that is off where it is absent. Stores that AWS always encrypts (S3, DynamoDB) need no rule. */
const REQUIREMENTS: readonly Requirement[] = [
  { type: 'AWS::RDS::DBInstance', properties: ['StorageEncrypted'], inheritedWith: 'DBClusterIdentifier' },
  { type: 'AWS::RDS::DBCluster', properties: ['StorageEncrypted'] },
  { type: 'AWS::DocDB::DBCluster', properties: ['StorageEncrypted'] },
  { type: 'AWS::Neptune::DBCluster', properties: ['StorageEncrypted'] },
  { type: 'AWS::Redshift::Cluster', properties: ['Encrypted'] },
  { type: 'AWS::EFS::FileSystem', properties: ['Encrypted'] },
  { type: 'AWS::EC2::Volume', properties: ['Encrypted'] },
  {
    type: 'AWS::ElastiCache::ReplicationGroup',
    properties: ['AtRestEncryptionEnabled', 'TransitEncryptionEnabled'],
  },
];

export const DataStoreEncrypted: SegmentationRule = {
  name: 'DataStoreEncrypted',
  types: REQUIREMENTS.map(({ type }) => type),
  info: 'The data store does not encrypt what it holds or sends. Switch encryption on.',
  explanation: 'Patient data at rest is reached through snapshots and copies that no network filters.',
  findings: ({ properties, type }) => {
    const requirement = REQUIREMENTS.find((each) => each.type === type);
    if (!requirement) return [];
    if (requirement.inheritedWith && properties[requirement.inheritedWith] !== undefined) return [];
    return requirement.properties.filter((property) => booleanAt(properties, property) !== true);
  },
};
