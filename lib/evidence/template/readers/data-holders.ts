/**
 * What holds data, by what names it: a database, a file system, a bucket, and what is a part of one or stands for it.
 */
import type { ResourceId } from '../../network';
import type { Resource } from '../resource';
import { resourcesCalled } from './called-functions';
import { at, isAbsent, type Property, referencesIn } from './property';
import { type Reading, unique } from './reading';

/** Parts, and what stands for a holder, with the properties that name what they are of. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  'AWS::DataSync::LocationEFS': ['EfsFilesystemArn'],
  'AWS::DataSync::LocationFSxLustre': ['FsxFilesystemArn'],
  'AWS::DataSync::LocationFSxONTAP': ['StorageVirtualMachineArn'],
  'AWS::DataSync::LocationFSxOpenZFS': ['FsxFilesystemArn'],
  'AWS::DataSync::LocationFSxWindows': ['FsxFilesystemArn'],
  'AWS::DataSync::LocationS3': ['S3BucketArn'],
  'AWS::DocDBElastic::ClusterSnapshot': ['ClusterArn'],
  'AWS::EFS::AccessPoint': ['FileSystemId'],
  'AWS::FSx::StorageVirtualMachine': ['FileSystemId'],
  'AWS::FSx::Volume': ['OpenZFSConfiguration', 'OntapConfiguration'],
  'AWS::RDS::ClusterSnapshot': ['DBClusterIdentifier'],
  'AWS::RDS::DBSnapshot': ['DBInstanceIdentifier'],
  'AWS::Redshift::Snapshot': ['ClusterIdentifier'],
  'AWS::RedshiftServerless::Snapshot': ['NamespaceName'],
};

/** Types by the property that names one, in an ARN or alone. */
const NAMES: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::Backup::LogicallyAirGappedBackupVault': 'BackupVaultName',
  'AWS::DocDB::DBCluster': 'DBClusterIdentifier',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::ElastiCache::ReplicationGroup': 'ReplicationGroupId',
  'AWS::Events::EventBus': 'Name',
  'AWS::Kinesis::Stream': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::MSK::Cluster': 'ClusterName',
  'AWS::Neptune::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBCluster': 'DBClusterIdentifier',
  'AWS::RDS::DBInstance': 'DBInstanceIdentifier',
  'AWS::Redshift::Cluster': 'ClusterIdentifier',
  'AWS::RedshiftServerless::Namespace': 'NamespaceName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
};

/** By reference or by name; followed from a part to the whole. */
export function holdersIn(property: Property, reading: Reading, passed = new Set<ResourceId>()): ResourceId[] {
  if (isAbsent(property)) return [];
  const referred = referencesIn(property).map(({ reference }) => reference.resource);
  const named = Object.entries(NAMES).flatMap(([type, name]) => resourcesCalled(type, name, property, reading));
  const shown = unique([...referred, ...named]).flatMap((id) => reading.resource(id) ?? []);
  return unique(shown.flatMap((one) => wholeOf(one, reading, passed))).sort();
}

function wholeOf(part: Resource, reading: Reading, passed: Set<ResourceId>): ResourceId[] {
  const { id, type, properties } = part;
  if (type === NAMESPACE) return workgroupsOf(part, reading);
  const names = PARTS[type];
  if (!names) return [id];
  if (passed.has(id)) return [];
  passed.add(id);
  return names.flatMap((name) => holdersIn(at(properties, name), reading, passed));
}

/** What the parts that a property refers to say they are of. */
export function wholesNamed(property: Property, reading: Reading): Property[] {
  return referencesIn(property).flatMap(({ reference }) => {
    const { type = '', properties } = reading.resource(reference.resource) ?? {};
    return (PARTS[type] ?? []).map((name) => at(properties, name));
  });
}

const NAMESPACE = 'AWS::RedshiftServerless::Namespace';

/** A namespace stands in the network by its workgroups. */
function workgroupsOf(namespace: Resource, reading: Reading): ResourceId[] {
  const own = at(namespace.properties, 'NamespaceName');
  const found = reading.ofType('AWS::RedshiftServerless::Workgroup').filter(({ properties }) => {
    const named = at(properties, 'NamespaceName');
    return referencesIn(named).some(({ reference }) => reference.resource === namespace.id) || named === own;
  });
  return found.length > 0 ? found.map(({ id }) => id) : [namespace.id];
}
