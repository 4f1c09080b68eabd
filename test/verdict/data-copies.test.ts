/**
 * Facts 38 and 39, from the template to the claim: what stands in a zone and AWS itself copies, past every packet.
 */
import {
  ACCOUNT,
  ASKED,
  type Asked,
  arn,
  cache,
  GATED,
  JOINED,
  letsIn,
  mount,
  OTHER,
  placed,
  type Resources,
  ref,
  resource,
  verdictOf,
  warehouse,
} from './copied-estate';

const integration = (TargetArn: unknown): Resources => ({
  Way: resource('AWS::RDS::Integration', { SourceArn: arn('Chart', 'DBClusterArn'), TargetArn }),
});
const away = 'arn:aws:redshift-serverless:eu-west-2:444455556666:namespace/studies';
const inLab: Resources = { Warehouse: warehouse('Lab'), ...integration(arn('Warehouse', 'ClusterNamespaceArn')) };

const CHOICE = {
  Parameters: { P: { Type: 'String' } },
  Conditions: { C: { 'Fn::Equals': [ref('P'), 'a'] } },
};

describe('where a copy goes decides: to the zone itself, to one that a conduit leads to, to another, or where nobody sees', () => {
  test.each<[string, Resources, Asked, string]>([
    [
      'a warehouse of the zone',
      { Warehouse: warehouse('Ehr'), ...integration(arn('Warehouse', 'ClusterNamespaceArn')) },
      {},
      'proved',
    ],
    ['a warehouse of another zone', inLab, {}, 'violated'],
    ['a warehouse of a zone that a conduit leads to', inLab, { conduits: JOINED }, 'proved'],
    ['a warehouse of a zone that may only ask', inLab, { conduits: ASKED }, 'unknown'],
    ['a warehouse that no template shows', integration(away), {}, 'unknown'],
    ['one that the zone names as its own', integration(away), { uses: '{ redshift-serverless: [studies] }' }, 'proved'],
    [
      'one that only a parameter names',
      integration(ref('Target')),
      { parameters: { Parameters: { Target: { Type: 'String' } } } },
      'unknown',
    ],
    [
      'of a database that another zone has',
      {
        Other: resource('AWS::RDS::DBCluster', placed('Lab')),
        Way: resource('AWS::RDS::Integration', { SourceArn: arn('Other', 'DBClusterArn'), TargetArn: away }),
      },
      {},
      'proved',
    ],
    [
      'of a database by name',
      {
        Way: resource('AWS::Glue::Integration', {
          SourceArn: `arn:aws:rds:eu-west-2:${ACCOUNT}:cluster:chart`,
          TargetArn: away,
        }),
      },
      {},
      'unknown',
    ],
    [
      'of what only a parameter names',
      { Way: resource('AWS::RDS::Integration', { SourceArn: ref('Source'), TargetArn: away }) },
      { parameters: { Parameters: { Source: { Type: 'String' } } } },
      'unknown',
    ],
    [
      'to the zone, or where no template shows',
      {
        Warehouse: warehouse('Ehr'),
        ...integration({ 'Fn::If': ['C', arn('Warehouse', 'ClusterNamespaceArn'), away] }),
      },
      { parameters: CHOICE },
      'unknown',
    ],
    [
      'to the zone, or to another',
      {
        Own: warehouse('Ehr'),
        ...inLab,
        ...integration({ 'Fn::If': ['C', arn('Own', 'ClusterNamespaceArn'), arn('Warehouse', 'ClusterNamespaceArn')] }),
      },
      { parameters: CHOICE },
      'unknown',
    ],
    [
      'a replica of what only a parameter names',
      { Two: resource('AWS::RDS::DBCluster', { ReplicationSourceIdentifier: ref('Source'), ...placed('Lab') }) },
      { parameters: { Parameters: { Source: { Type: 'String' } } } },
      'unknown',
    ],
    [
      'perhaps, to another zone',
      { ...inLab, Way: { ...inLab.Way, Condition: 'C' } },
      { parameters: { Parameters: { P: { Type: 'String' } }, Conditions: { C: { 'Fn::Equals': [ref('P'), 'a'] } } } },
      'unknown',
    ],
  ])('%s', (_, resources, asked, verdict) => {
    expect(verdictOf(resources, asked)).toBe(verdict);
  });
});

const namespace: Resources = {
  Space: resource('AWS::RedshiftServerless::Namespace', { NamespaceName: 'studies' }),
  Work: resource('AWS::RedshiftServerless::Workgroup', {
    NamespaceName: 'studies',
    SubnetIds: [ref('EhrSubnet')],
    SecurityGroupIds: [ref('EhrGroup')],
  }),
};
const replicated = (destination: object) =>
  resource('AWS::EFS::FileSystem', { ReplicationConfiguration: { Destinations: [destination] } });
const LUSTRE = resource('AWS::FSx::FileSystem', {
  FileSystemType: 'LUSTRE',
  SubnetIds: [ref('EhrSubnet')],
  SecurityGroupIds: [ref('EhrGroup')],
});
const USES = { uses: '{ s3: [archive] }' };
const exported = (more: object = {}) => ({
  Disk: LUSTRE,
  Way: resource('AWS::FSx::DataRepositoryAssociation', {
    FileSystemId: ref('Disk'),
    S3: { AutoExportPolicy: { Events: ['NEW'] } },
    ...more,
  }),
});
const location = (type: string, properties: object) => resource(`AWS::DataSync::Location${type}`, properties);
const copied = (to: object): Resources => ({
  From: location('EFS', {
    EfsFilesystemArn: arn('Files'),
    Ec2Config: { SubnetArn: arn('EhrSubnet'), SecurityGroupArns: [arn('EhrGroup')] },
  }),
  To: to,
  Way: resource('AWS::DataSync::Task', { SourceLocationArn: ref('From'), DestinationLocationArn: ref('To') }),
});
const global = (type: string, more: object = {}) =>
  resource(`AWS::${type}::GlobalCluster`, {
    GlobalClusterIdentifier: 'world',
    SourceDBClusterIdentifier: ref('Chart'),
    ...more,
  });
const datastore = (...groups: unknown[]) =>
  resource('AWS::ElastiCache::GlobalReplicationGroup', {
    Members: groups.map((ReplicationGroupId) => ({ ReplicationGroupId })),
  });
const database = (name: string, more: object) =>
  resource('AWS::RDS::DBInstance', {
    PubliclyAccessible: false,
    VPCSecurityGroups: [ref(`${name}Group`)],
    DBSubnetGroupName: ref(`${name}Databases`),
    ...more,
  });
const plan = (
  DestinationBackupVaultArn: unknown,
  selection: object = { Resources: [arn('Chart', 'DBClusterArn')] },
): Resources => ({
  Way: resource('AWS::Backup::BackupPlan', {
    BackupPlan: { BackupPlanRule: [{ TargetBackupVault: 'here', CopyActions: [{ DestinationBackupVaultArn }] }] },
  }),
  What: resource('AWS::Backup::BackupSelection', { BackupPlanId: ref('Way'), BackupSelection: selection }),
});
const vault = (AccessPolicy?: object) => ({
  Vault: resource('AWS::Backup::BackupVault', { BackupVaultName: 'far', ...(AccessPolicy && { AccessPolicy }) }),
});
const far = `arn:aws:backup:us-east-1:${OTHER}:backup-vault:far`;
const shares = (TargetAccounts: string[]) => ({
  Way: resource('AWS::DLM::LifecyclePolicy', {
    PolicyDetails: { ResourceTypes: ['VOLUME'], Schedules: [{ ShareRules: [{ TargetAccounts }] }] },
  }),
});
const share = (id: string, attribute: string) => ({
  Way: resource('AWS::RAM::ResourceShare', { Name: 'x', Principals: [OTHER], ResourceArns: [arn(id, attribute)] }),
});

describe('each way in which AWS copies what stands in a zone', () => {
  const ways: readonly (readonly [string, Resources, string, Asked?])[] = [
    ['nothing', {}, 'proved'],
    ['a namespace of the zone', { ...namespace, ...integration(arn('Space', 'Namespace.NamespaceArn')) }, 'proved'],
    ['files, to another region', { Files: replicated({ Region: 'us-east-1' }) }, 'unknown'],
    [
      'files, to files of the zone',
      {
        Files: replicated({ FileSystemId: ref('Twin') }),
        Twin: resource('AWS::EFS::FileSystem'),
        TwinIn: mount('Ehr', 'Twin'),
      },
      'proved',
    ],
    [
      'files, to files of another zone',
      {
        Files: replicated({ FileSystemId: ref('Twin') }),
        Twin: resource('AWS::EFS::FileSystem'),
        TwinIn: mount('Lab', 'Twin'),
      },
      'violated',
    ],
    ['files of Lustre', { Disk: LUSTRE }, 'proved'],
    ['files of Lustre, exported', exported({ DataRepositoryPath: 's3://elsewhere/x' }), 'unknown'],
    [
      'files of Lustre, exported to a bucket of the zone',
      { ...GATED, ...exported({ DataRepositoryPath: { 'Fn::Sub': 's3://$' + '{Archive}/x' } }) },
      'proved',
      USES,
    ],
    [
      'files of Lustre, imported',
      exported({ DataRepositoryPath: 's3://elsewhere', S3: { AutoImportPolicy: {} } }),
      'proved',
    ],
    [
      'files behind an access point',
      {
        Disk: LUSTRE,
        Way: resource('AWS::FSx::S3AccessPointAttachment', {
          OpenZFSConfiguration: { VolumeId: arn('Disk', 'RootVolumeId') },
        }),
      },
      'unknown',
    ],
    [
      'a task to a bucket that no template shows',
      copied(location('S3', { S3BucketArn: 'arn:aws:s3:::elsewhere' })),
      'unknown',
    ],
    [
      'a task to a bucket of the zone',
      { ...GATED, ...copied(location('S3', { S3BucketArn: arn('Archive') })) },
      'proved',
      USES,
    ],
    ['a task to a server somewhere', copied(location('NFS', { ServerHostname: 'nas.example.com' })), 'unknown'],
    ['a global cluster', { Way: global('RDS') }, 'unknown'],
    [
      'a global cluster whose members are in the zone',
      {
        Way: global('RDS'),
        Twin: resource('AWS::RDS::DBCluster', { GlobalClusterIdentifier: 'world', ...placed('Ehr') }),
      },
      'proved',
    ],
    [
      'a global cluster with a member in another zone',
      {
        Way: global('Neptune'),
        Twin: resource('AWS::Neptune::DBCluster', { GlobalClusterIdentifier: ref('Way'), ...placed('Lab') }),
      },
      'violated',
    ],
    [
      'a global cluster of another zone',
      {
        Other: resource('AWS::RDS::DBCluster', placed('Lab')),
        Way: global('DocDB', { SourceDBClusterIdentifier: ref('Other') }),
      },
      'proved',
    ],
    ['a global datastore', { Way: datastore(ref('Cache'), 'elsewhere') }, 'unknown'],
    ['a global datastore of the zone', { Twin: cache('Ehr'), Way: datastore(ref('Cache'), ref('Twin')) }, 'proved'],
    [
      'a global datastore with another zone',
      { Twin: cache('Lab'), Way: datastore(ref('Cache'), ref('Twin')) },
      'violated',
    ],
    [
      'a replica',
      { One: database('Ehr', {}), Two: database('Ehr', { SourceDBInstanceIdentifier: ref('One') }) },
      'proved',
    ],
    [
      'a replica in another zone',
      { One: database('Ehr', {}), Two: database('Lab', { SourceDBInstanceIdentifier: ref('One') }) },
      'violated',
    ],
    [
      'a clone in another zone',
      { Two: resource('AWS::RDS::DBCluster', { SourceDBClusterIdentifier: 'chart', ...placed('Lab') }) },
      'violated',
    ],
    [
      'what is restored in another zone',
      {
        Snap: resource('AWS::RDS::ClusterSnapshot', { DBClusterIdentifier: ref('Chart') }),
        Two: resource('AWS::RDS::DBCluster', { SnapshotIdentifier: ref('Snap'), ...placed('Lab') }),
      },
      'violated',
    ],
    [
      'what is restored from a snapshot of nobody known',
      { Two: resource('AWS::RDS::DBCluster', { SnapshotIdentifier: 'demo', ...placed('Lab') }) },
      'proved',
    ],
    [
      'backups of another region, for IAM to hand out',
      { One: database('Ehr', { AutomaticBackupReplicationRegion: 'us-east-1' }) },
      'proved',
    ],
    ['backups, copied to a vault that no template shows', plan(far), 'unknown'],
    ['backups, copied to a vault that the zone names', plan(far), 'proved', { uses: '{ backup: [far] }' }],
    ['backups, copied to a vault', { ...vault(), ...plan(arn('Vault', 'BackupVaultArn')) }, 'proved'],
    [
      'backups of what tags tell',
      plan(far, { ListOfTags: [{ ConditionKey: 'backup', ConditionValue: 'yes' }] }),
      'unknown',
    ],
    [
      'backups of another zone',
      {
        Other: resource('AWS::RDS::DBCluster', placed('Lab')),
        ...plan(far, { Resources: [arn('Other', 'DBClusterArn')] }),
      },
      'proved',
    ],
    ['a vault that is open', vault(letsIn('*', 'backup:*')), 'unknown'],
    ['a vault that takes copies of others', vault(letsIn({ AWS: OTHER }, 'backup:CopyIntoBackupVault')), 'proved'],
    [
      'a vault that refuses to delete',
      vault({ Statement: [{ Effect: 'Deny', Principal: '*', Action: 'backup:DeleteRecoveryPoint', Resource: '*' }] }),
      'proved',
    ],
    ['snapshots, shared', shares([OTHER]), 'unknown'],
    ['snapshots, of the account', shares([ACCOUNT]), 'proved'],
    ['a cluster, shared to be cloned', share('Chart', 'DBClusterArn'), 'unknown'],
    ['a file server for everyone', { Way: resource('AWS::Transfer::Server') }, 'unknown'],
    [
      'a file server in the VPC',
      {
        Way: resource('AWS::Transfer::Server', {
          EndpointType: 'VPC',
          EndpointDetails: { VpcId: ref('Ehr'), SubnetIds: [ref('EhrSubnet')], SecurityGroupIds: [ref('EhrGroup')] },
        }),
      },
      'proved',
    ],
    [
      'a file server of another zone, for the files',
      {
        Server: resource('AWS::Transfer::Server', {
          EndpointType: 'VPC',
          Domain: 'EFS',
          EndpointDetails: { VpcId: ref('Lab'), SubnetIds: [ref('LabSubnet')], SecurityGroupIds: [ref('LabGroup')] },
        }),
        Way: resource('AWS::Transfer::User', {
          ServerId: arn('Server', 'ServerId'),
          HomeDirectory: { 'Fn::Sub': '/$' + '{Files}/x' },
        }),
      },
      'violated',
    ],
  ];
  test.each(ways.map((way) => ({ way, name: way[0] })))('$name', ({ way: [, resources, verdict, asked] }) => {
    expect(verdictOf(resources, asked)).toBe(verdict);
  });
});
