/**
 * Copies that AWS makes of what is kept: integrations, replicas, global clusters, backups and tasks, and whoever is let at it
 * past the network. Who may read a copy, no rule of the network says. What stays with the account for IAM alone to hand out
 * (snapshots, automated backups of another region) is no copy that anybody else gets at, and not noted.
 */
import type { ResourceId } from '../../network';
import type { Resource } from '../resource';
import { holdersIn } from './data-holders';
import { fromNamed, noteTransfer, takingData } from './data-transfers';
import { at, isAbsent, itemsOf, plainText } from './property';
import type { Reader, Readers, Reading } from './reading';

/** https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/zero-etl.html */
const integration = takingData((resource, reading) => {
  const from = fromNamed(at(resource.properties, 'SourceArn'), reading);
  const to = at(resource.properties, 'TargetArn');
  noteTransfer(resource, reading, { says: 'an integration copies what changes in it', ...from, to });
});

// ------------------------------------------------------------------------------------------------------ file systems

/** https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html */
const replicatedFiles = takingData((resource, reading) => {
  for (const { value } of itemsOf(at(resource.properties, 'ReplicationConfiguration', 'Destinations'))) {
    const where = plainText(at(value, 'Region')) ?? 'another file system';
    const to = at(value, 'FileSystemId');
    const says = `it is replicated to ${where}`;
    noteTransfer(resource, reading, { says, from: [resource.id], to, service: 'elasticfilesystem' });
  }
});

/** https://docs.aws.amazon.com/fsx/latest/LustreGuide/export-changed-data-meta-dra.html */
const exportedFiles = takingData((resource, reading) => {
  const { properties } = resource;
  if (isAbsent(at(properties, 'S3', 'AutoExportPolicy'))) return;
  const to = at(properties, 'DataRepositoryPath');
  const from = fromNamed(at(properties, 'FileSystemId'), reading);
  noteTransfer(resource, reading, { says: 'what changes in it is exported to a bucket', ...from, to, service: 's3' });
});

/** https://docs.aws.amazon.com/fsx/latest/OpenZFSGuide/s3accesspoints-for-FSx.html */
const filesBehindApi: NonNullable<Reader['connect']> = (resource, reading) => {
  const { properties } = resource;
  const names = ['OpenZFSConfiguration', 'OntapConfiguration'].map((name) => at(properties, name, 'VolumeId'));
  const from = names.flatMap((name) => holdersIn(name, reading));
  noteTransfer(resource, reading, {
    says: 'an access point of S3 hands its files to whom IAM and policies admit',
    from,
  });
};

/** https://docs.aws.amazon.com/datasync/latest/userguide/how-datasync-transfer-works.html */
const task = takingData((resource, reading) => {
  const { properties } = resource;
  const { from } = fromNamed(at(properties, 'SourceLocationArn'), reading);
  const all = holdersIn(at(properties, 'DestinationLocationArn'), reading);
  const toIds = all.filter((id) => !isLocation(id, reading));
  const taken = from && { from: from.filter((id) => !isLocation(id, reading)) };
  noteTransfer(resource, reading, {
    says: 'a task copies it',
    ...taken,
    toIds: toIds.length < all.length ? [] : toIds,
  });
});

/** A server somewhere, or storage of somebody else. */
function isLocation(id: ResourceId, reading: Reading): boolean {
  return reading.resource(id)?.type.startsWith('AWS::DataSync::') === true;
}

// --------------------------------------------------------------------------------------------------------- databases

const SOURCES = ['SourceDBInstanceIdentifier', 'SourceDBClusterIdentifier', 'ReplicationSourceIdentifier'];
const SNAPSHOTS = ['DBSnapshotIdentifier', 'DBClusterSnapshotIdentifier', 'SnapshotIdentifier', 'SnapshotArn'];

/** A replica, a clone, or what is restored from a snapshot: the same data in another place. */
export const madeFromAnother: NonNullable<Reader['connect']> = (resource, reading) => {
  const { id, properties } = resource;
  const made = { says: `${id} is made from it`, toIds: [id] };
  for (const name of SOURCES) {
    const { from } = fromNamed(at(properties, name), reading);
    noteTransfer(resource, reading, { ...made, ...(from && { from: from.filter((one) => one !== id) }) });
  }
  for (const name of SNAPSHOTS) {
    const from = holdersIn(at(properties, name), reading).filter((one) => one !== id);
    noteTransfer(resource, reading, { ...made, from });
  }
};

/** A cluster of a global one that no template shows: the others are in other regions. */
export const memberOfWorld: NonNullable<Reader['connect']> = (resource, reading) => {
  const named = at(resource.properties, 'GlobalClusterIdentifier');
  if (isAbsent(named)) return;
  const own = plainText(named);
  const shown = WORLDS.flatMap((type) => reading.ofType(type)).some(
    ({ id, properties }) =>
      holdersIn(named, reading).includes(id) ||
      (own !== undefined && plainText(at(properties, 'GlobalClusterIdentifier')) === own),
  );
  if (!shown) noteTransfer(resource, reading, { says: 'other regions hold the same', from: [resource.id] });
};

const WORLDS: readonly string[] = [
  'AWS::RDS::GlobalCluster',
  'AWS::Neptune::GlobalCluster',
  'AWS::DocDB::GlobalCluster',
];
const CLUSTERS: readonly string[] = ['AWS::RDS::DBCluster', 'AWS::Neptune::DBCluster', 'AWS::DocDB::DBCluster'];

/** Clusters of several regions that hold the same; one that no template shows is not known. */
const globalCluster = takingData((resource, reading) => {
  const { id, properties } = resource;
  const own = plainText(at(properties, 'GlobalClusterIdentifier'));
  const joined = CLUSTERS.flatMap((type) => reading.ofType(type)).filter((cluster) => {
    const named = at(cluster.properties, 'GlobalClusterIdentifier');
    return holdersIn(named, reading).includes(id) || (own !== undefined && plainText(named) === own);
  });
  const source = fromNamed(at(properties, 'SourceDBClusterIdentifier'), reading);
  if (!source.from) noteTransfer(resource, reading, { says: 'other regions hold the same' });
  const first = source.from ?? [];
  const members = [...new Set([...first, ...joined.map((cluster) => cluster.id)])];
  noteMembers(resource, reading, members, members.length < 2);
});

const globalDatastore = takingData((resource, reading) => {
  const members = itemsOf(at(resource.properties, 'Members')).map(({ value }) =>
    holdersIn(at(value, 'ReplicationGroupId'), reading),
  );
  noteMembers(resource, reading, members.flat(), members.length < 2 || members.some((ids) => ids.length === 0));
});

/** https://docs.aws.amazon.com/memorydb/latest/devguide/multi-Region.html */
const multiRegion = takingData((resource, reading) => {
  const members = reading.ofType('AWS::MemoryDB::Cluster').filter(({ properties }) => {
    const named = at(properties, 'MultiRegionClusterName');
    return holdersIn(named, reading).includes(resource.id);
  });
  noteMembers(
    resource,
    reading,
    members.map(({ id }) => id),
    members.length < 2,
  );
});

/** One of several, of which no template shows the others. */
export const memberOfRegions: NonNullable<Reader['connect']> = (resource, reading) => {
  const named = at(resource.properties, 'MultiRegionClusterName');
  if (isAbsent(named) || holdersIn(named, reading).length > 0) return;
  noteTransfer(resource, reading, { says: 'other regions hold the same', from: [resource.id] });
};

function noteMembers(resource: Resource, reading: Reading, members: readonly ResourceId[], isOpen: boolean): void {
  if (isOpen) noteTransfer(resource, reading, { says: 'other regions hold the same', from: members });
  for (const from of members) {
    const toIds = members.filter((id) => id !== from);
    if (toIds.length > 0) noteTransfer(resource, reading, { says: 'other regions hold the same', from: [from], toIds });
  }
}

// ----------------------------------------------------------------------------------------------------------- backups

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/cross-region-backup.html, create-cross-account-backup.html */
const backupPlan = takingData((resource, reading) => {
  const rules = itemsOf(at(resource.properties, 'BackupPlan', 'BackupPlanRule')).map(({ value }) => value);
  const copies = rules.flatMap((rule) => itemsOf(at(rule, 'CopyActions')));
  if (copies.length === 0) return;
  for (const from of selectionsOf(resource, reading)) {
    for (const { value } of copies) {
      const to = at(value, 'DestinationBackupVaultArn');
      noteTransfer(resource, reading, { says: 'its backups are copied to another vault', ...(from && { from }), to });
    }
  }
});

/** What a plan backs up, by selection; undefined: what only tags tell, or what no template shows. */
function selectionsOf(plan: Resource, reading: Reading): (readonly ResourceId[] | undefined)[] {
  const own = reading
    .ofType('AWS::Backup::BackupSelection')
    .filter(({ properties }) => holdersIn(at(properties, 'BackupPlanId'), reading).includes(plan.id));
  if (own.length === 0) return [undefined];
  return own.map(({ properties }) => {
    const selection = at(properties, 'BackupSelection');
    const resources = itemsOf(at(selection, 'Resources')).map(({ value }) => value);
    const isTold = resources.length > 0 && resources.every((one) => holdersIn(one, reading).length > 0);
    return isTold ? resources.flatMap((one) => holdersIn(one, reading)) : undefined;
  });
}

/** https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lifecycle.html: shared with accounts, by tags of volumes */
const lifecycle = takingData((resource, reading) => {
  const { properties } = resource;
  if (plainText(at(properties, 'State')) === 'DISABLED') return;
  const schedules = itemsOf(at(properties, 'PolicyDetails', 'Schedules'));
  const accounts = schedules
    .flatMap(({ value }) => itemsOf(at(value, 'ShareRules')))
    .flatMap(({ value }) => itemsOf(at(value, 'TargetAccounts')))
    .map(({ value }) => plainText(value));
  const strangers = accounts.filter((account) => account === undefined || account !== resource.account);
  if (strangers.length === 0) return;
  const whom = strangers.map((account) => account ?? 'whom a parameter names').join(', ');
  noteTransfer(resource, reading, { says: `snapshots of volumes are shared with ${whom}` });
});

// ------------------------------------------------------------------------------------------------- whoever is let in

/** https://docs.aws.amazon.com/ram/latest/userguide/shareable.html: a cluster is cloned, a vault restored from */
const SHARED: readonly string[] = [
  'AWS::RDS::DBCluster',
  'AWS::Backup::LogicallyAirGappedBackupVault',
  'AWS::FSx::FileSystem',
];

export const shared: NonNullable<Reader['connect']> = (resource, reading) => {
  const named = holdersIn(at(resource.properties, 'ResourceArns'), reading);
  const from = named.filter((id) => SHARED.includes(reading.resource(id)?.type ?? ''));
  noteTransfer(resource, reading, { says: 'other accounts may copy what is in it', from });
};

/** Backups of anything, for whoever is let in. */
export const openVault: NonNullable<Reader['connect']> = (resource, reading) => {
  const stranger = reading.get('dataStores', resource.id)?.opensTo;
  if (stranger === undefined) return;
  noteTransfer(resource, reading, { says: `its policy lets ${stranger} at the backups in it` });
};

/**
 * Files that whoever signs in to a server gets past every mount target.
 * https://docs.aws.amazon.com/transfer/latest/userguide/create-user.html
 */
const fileUser = takingData((resource, reading) => {
  const { properties } = resource;
  const servers = holdersIn(at(properties, 'ServerId'), reading).flatMap((id) => reading.resource(id) ?? []);
  // a server of buckets reads as its role may, which their policies know of
  if (servers.length > 0 && servers.every(({ properties: of }) => (plainText(at(of, 'Domain')) ?? 'S3') === 'S3'))
    return;
  const homes = ['HomeDirectory', 'HomeDirectoryMappings'].map((name) => fromNamed(at(properties, name), reading));
  const isTold = homes.every(({ from }) => from !== undefined);
  const held = homes.flatMap(({ from = [] }) => from);
  const from = held.filter((id) => reading.resource(id)?.type === 'AWS::EFS::FileSystem');
  const toIds = servers.map(({ id }) => id).filter((id) => reading.get('interfaces', id) !== undefined);
  noteTransfer(resource, reading, {
    says: 'whoever signs in to a file server gets at it',
    ...(isTold && { from }),
    toIds,
  });
});

export const copyReaders: Readers = {
  'AWS::RDS::Integration': integration,
  'AWS::Redshift::Integration': integration,
  'AWS::Glue::Integration': integration,
  'AWS::EFS::FileSystem': replicatedFiles,
  'AWS::FSx::DataRepositoryAssociation': exportedFiles,
  'AWS::FSx::S3AccessPointAttachment': takingData(filesBehindApi),
  'AWS::DataSync::Task': task,
  'AWS::RDS::GlobalCluster': globalCluster,
  'AWS::Neptune::GlobalCluster': globalCluster,
  'AWS::DocDB::GlobalCluster': globalCluster,
  'AWS::ElastiCache::GlobalReplicationGroup': globalDatastore,
  'AWS::MemoryDB::MultiRegionCluster': multiRegion,
  'AWS::Backup::BackupPlan': backupPlan,
  'AWS::DLM::LifecyclePolicy': lifecycle,
  'AWS::Transfer::User': fileUser,
};
