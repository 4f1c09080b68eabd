/**
 * What holds data behind an AWS API, the policies that decide who may call (fact 38), and the copies that AWS keeps of it.
 */
import { type DataCopy, type DataStore, isUnknown, type ResourceId, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import { openVault } from './copies';
import { holdersIn } from './data-holders';
import { handingOn } from './event-doors';
import { policyOf } from './policy';
import {
  alternatives,
  at,
  flagOf,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  type Property,
  plainText,
  resourcesNamed,
  textOf,
} from './property';
import { originOf, type Reader, type Readers, type Reading } from './reading';
import { strangerLetBy } from './stranger-grants';

type More = Partial<
  Pick<DataStore, 'refusesEveryone' | 'openToEveryone' | 'isOutside' | 'indexed' | 'copies' | 'byIam' | 'opensTo'>
> & {
  readonly policy?: Property;
  /** of something that is kept beside the resource itself */
  readonly part?: string;
};

function declare(resource: Resource, reading: Reading, service: string, name: Property, more: More = {}): ResourceId {
  const { certain } = resource;
  const id = `${resource.id}${more.part ?? ''}`;
  const known = nameOf(name);
  const policy = policyOf(more.policy);
  reading.add('dataStores', {
    id,
    origin: originOf(resource),
    certain,
    service,
    ...(known !== undefined && { name: known }),
    policies: policy === undefined ? [] : [policy],
    refusesEveryone: more.refusesEveryone ?? false,
    openToEveryone: more.openToEveryone ?? false,
    ...(more.isOutside && { isOutside: true }),
    ...(more.indexed && { indexed: true }),
    ...(more.copies?.length && { copies: [...more.copies] }),
    ...(more.byIam && { byIam: true }),
    ...(more.opensTo !== undefined && { opensTo: more.opensTo }),
  });
  if (POLICIES_BY_NAME.includes(service)) reading.name('dataStores', name, id);
  return id;
}

/** A policy that is a resource of its own may name what it is for, which is unique among all that may be so named. */
const POLICIES_BY_NAME: readonly string[] = ['s3', 's3express', 'secretsmanager'];

function nameOf(property: Property): Value<string> | undefined {
  return isUnknownProperty(property) ? property : textOf(property);
}

// ---------------------------------------------------------------------------------------------------------- buckets

const LETS_EVERYONE_IN: readonly string[] = ['PublicRead', 'PublicReadWrite', 'AuthenticatedRead'];

const bucket: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { properties } = resource;
    const acl = textOf(at(properties, 'AccessControl')) ?? 'Private';
    const isOpen = isUnknown<string>(acl) ? acl : LETS_EVERYONE_IN.includes(acl);
    const ignoresAcls = blocked(properties, 'IgnorePublicAcls');
    declare(resource, reading, 's3', at(properties, 'BucketName'), {
      refusesEveryone: blocked(properties, 'RestrictPublicBuckets'),
      openToEveryone: isOpen === false || ignoresAcls === true ? false : isUnknown(ignoresAcls) ? ignoresAcls : isOpen,
    });
  },
  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html */
  attach(resource, reading) {
    const rules = itemsOf(at(resource.properties, 'ReplicationConfiguration', 'Rules'));
    const copies = rules
      .filter(({ value }) => plainText(at(value, 'Status')) !== 'Disabled')
      .flatMap(({ value }) => replicaOf(at(value, 'Destination', 'Bucket'), reading));
    if (copies.length > 0) reading.obtain('dataStores', resource.id).copies = copies;
  },
};

function replicaOf(destination: Property, reading: Reading): DataCopy[] {
  const referred = resourcesNamed(destination).filter((id) => reading.get('dataStores', id) !== undefined);
  const name = plainText(destination)?.split(':').pop();
  const ids = referred.length > 0 ? referred : name === undefined ? [] : reading.named('dataStores', name);
  if (ids.length === 0)
    return [
      { says: `it is replicated to ${name ?? 'a bucket that is not known'}`, ...(name !== undefined && { name }) },
    ];
  return ids.map((id) => ({ id, says: `it is replicated to ${id}` }));
}

/**
 * On for new buckets unless the template says otherwise; where it says anything, what it leaves out is off
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
 */
export function blocked(properties: Property, setting: string): Value<boolean> {
  const configuration = at(properties, 'PublicAccessBlockConfiguration');
  if (isAbsent(configuration)) return true;
  return flagOf(at(configuration, setting)) ?? false;
}

// ----------------------------------------------------------------------------------------------------------- tables

/**
 * A stream of a table has a policy of its own, indexes are named apart from it, and Kinesis gets what no policy of the
 * table speaks of (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html).
 */
function declareTable(resource: Resource, reading: Reading, own: Property, stream: Property, more: More): ResourceId {
  const { part = '', copies = [] } = more;
  const found = [...copies];
  if (!isAbsent(stream)) {
    const policy = at(stream, 'ResourcePolicy', 'PolicyDocument');
    const id = declare(resource, reading, 'dynamodb', undefined, { part: `${part}#stream`, policy });
    found.push({ id, says: 'its stream holds what changes in it' });
  }
  const kinesis = at(own, 'KinesisStreamSpecification');
  if (!isAbsent(kinesis)) found.push({ says: 'a stream of Kinesis gets what changes in it' });
  const { properties } = resource;
  const indexed = ['GlobalSecondaryIndexes', 'LocalSecondaryIndexes'].some((name) => !isAbsent(at(properties, name)));
  const policy = at(own, 'ResourcePolicy', 'PolicyDocument');
  const name = part === '' ? at(properties, 'TableName') : undefined;
  return declare(resource, reading, 'dynamodb', name, { part, policy, indexed, copies: found });
}

const table: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { properties } = resource;
    declareTable(resource, reading, properties, at(properties, 'StreamSpecification'), {});
  },
};

/** The same table in several regions, each with a policy of its own; that of the stack's region is the one that is named. */
const globalTable: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { properties, region } = resource;
    const replicas = itemsOf(at(properties, 'Replicas')).map(({ value }) => value);
    const home = replicas.find((each) => plainText(at(each, 'Region')) === region) ?? replicas[0];
    const streams = !isAbsent(at(properties, 'StreamSpecification'));
    const streamOf = (replica: Property) => (streams ? (at(replica, 'ReplicaStreamSpecification') ?? {}) : undefined);
    const copies = replicas
      .filter((each) => each !== home)
      .map((each, index) => {
        const where = plainText(at(each, 'Region')) ?? `replica ${index}`;
        const id = declareTable(resource, reading, each, streamOf(each), { part: `#${where}` });
        return { id, says: `it is kept in ${where}, too` };
      });
    declareTable(resource, reading, home, streamOf(home), { copies });
  },
};

// ------------------------------------------------------------------------------------------------- queues and keys

/** What is called by a name, and whose policy is a resource of its own. */
function namedStore(service: string, name: string): Reader {
  return {
    model: 'exact',
    declare: (resource, reading) => void declare(resource, reading, service, at(resource.properties, name)),
  };
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
const queue: Reader = {
  ...namedStore('sqs', 'QueueName'),
  attach(resource, reading) {
    const target = at(resource.properties, 'RedrivePolicy', 'deadLetterTargetArn');
    if (isAbsent(target)) return;
    const shown = resourcesNamed(target).filter((id) => reading.get('dataStores', id) !== undefined);
    const says = 'what it cannot deliver is kept in a dead-letter queue';
    reading.obtain('dataStores', resource.id).copies =
      shown.length > 0 ? shown.map((id) => ({ id, says })) : [{ says }];
  },
};

/** What one encrypts the other decrypts (https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html). */
const replicaKey: Reader = {
  model: 'exact',
  declare: (resource, reading) =>
    void declare(resource, reading, 'kms', undefined, { policy: at(resource.properties, 'KeyPolicy') }),
  attach(resource, reading) {
    const copy = { id: resource.id, says: `${resource.id} decrypts the same in another region` };
    for (const id of resourcesNamed(at(resource.properties, 'PrimaryKeyArn'))) {
      const primary = reading.get('dataStores', id);
      if (primary) primary.copies = [...(primary.copies ?? []), copy];
    }
  },
};

// --------------------------------------------------------------------------------------------- outside of every VPC

/**
 * Where no subnets are named, its endpoint is public, and its policy decides alone.
 * https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html
 */
export function declareDomain(resource: Resource, reading: Reading): void {
  const { properties } = resource;
  if (!alternatives(at(properties, 'VPCOptions')).some(({ value }) => isAbsent(value))) return;
  const policy = at(properties, 'AccessPolicies');
  declare(resource, reading, 'es', at(properties, 'DomainName'), { policy, isOutside: true });
}

/**
 * A file server that names no VPC answers the internet.
 * https://docs.aws.amazon.com/transfer/latest/userguide/create-server-in-vpc.html
 */
export function declareServer(resource: Resource, reading: Reading): void {
  const type = plainText(at(resource.properties, 'EndpointType') ?? 'PUBLIC');
  if (type === 'VPC' || type === 'VPC_ENDPOINT') return;
  declare(resource, reading, 'transfer', undefined, { isOutside: true });
}

/** https://docs.aws.amazon.com/neptune-analytics/latest/userguide/create-graph-using-console.html */
const graph: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const isOutside = (flagOf(at(resource.properties, 'PublicConnectivity')) ?? false) !== false;
    declare(resource, reading, 'neptune-graph', at(resource.properties, 'GraphName'), { isOutside });
  },
};

/** https://docs.aws.amazon.com/aurora-dsql/latest/userguide/resource-based-policies.html */
const dsql: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const policy = at(resource.properties, 'PolicyDocument');
    declare(resource, reading, 'dsql', undefined, { policy, isOutside: true });
  },
};

/** https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-network.html */
const collectionPolicy: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { properties } = resource;
    // one that only deployment tells may be of this type
    if ((plainText(at(properties, 'Type')) ?? 'network') !== 'network') return;
    const text = plainText(at(properties, 'Policy'));
    const isOutside = text === undefined || /"AllowFromPublic"\s*:\s*true/.test(text);
    if (isOutside) declare(resource, reading, 'aoss', at(properties, 'Name'), { isOutside });
  },
};

// ------------------------------------------------------------------------------------- where IAM alone says who calls

export function declareDelivery(resource: Resource, reading: Reading): void {
  declare(resource, reading, 'kinesis-firehose', at(resource.properties, 'DeliveryStreamName'), { byIam: true });
}

const RESTORES = ['backup:startrestorejob', 'backup:startcopyjob', 'backup:copyfrombackupvault'];

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html */
const vault: Reader = {
  model: 'may-must',
  declare(resource, reading) {
    const { properties, account } = resource;
    const policy = policyOf(at(properties, 'AccessPolicy'));
    const opensTo = policy && strangerLetBy(policy, RESTORES, account);
    const name = at(properties, 'BackupVaultName');
    declare(resource, reading, 'backup', name, { byIam: true, ...(opensTo !== undefined && { opensTo }) });
  },
  connect: openVault,
};

const READS = ['kinesis:getrecords', 'kinesis:subscribetoshard'];

/** Whoever IAM admits reads it; what its own policy lets in more is read apart. */
function ofIam(service: string, name: string): Reader {
  return {
    model: 'may-must',
    declare: (resource, reading) =>
      void declare(resource, reading, service, at(resource.properties, name), { byIam: true }),
  };
}

/** https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html */
const streamPolicy: Reader = {
  model: 'may-must',
  attach({ properties, account }, reading) {
    const policy = policyOf(at(properties, 'ResourcePolicy'));
    const stranger = policy && strangerLetBy(policy, READS, account);
    if (stranger === undefined) return;
    for (const id of holdersIn(at(properties, 'ResourceArn'), reading)) {
      const store = reading.get('dataStores', id);
      if (store) store.opensTo = stranger;
    }
  },
};

// --------------------------------------------------------------------------------------------------------- policies

/** A policy that is a resource of its own names what it is for by reference or by name. */
function policyFor(target: string, document: string): Reader {
  return {
    model: 'exact',
    attach(resource, reading) {
      const policy = policyOf(at(resource.properties, document));
      if (policy === undefined) return;
      for (const item of itemsOf(at(resource.properties, target))) {
        const ids = resourcesNamed(item.value);
        const named = ids.length > 0 ? ids : reading.named('dataStores', item.value);
        const open = item.because ?? resource.condition ?? unknown(`whether \`${resource.id}\` exists is not decided`);
        for (const id of named)
          reading.get('dataStores', id)?.policies.push(resource.certain && item.certain ? policy : open);
      }
    },
  };
}

export const dataStoreReaders: Readers = {
  'AWS::S3::Bucket': handingOn(bucket),
  'AWS::S3::BucketPolicy': policyFor('Bucket', 'PolicyDocument'),
  'AWS::S3Express::DirectoryBucket': namedStore('s3express', 'BucketName'),
  'AWS::S3Express::BucketPolicy': policyFor('Bucket', 'PolicyDocument'),
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': globalTable,
  'AWS::Backup::BackupVault': vault,
  'AWS::Backup::LogicallyAirGappedBackupVault': vault,
  'AWS::Kinesis::ResourcePolicy': streamPolicy,
  'AWS::Kinesis::Stream': ofIam('kinesis-streams', 'Name'),
  'AWS::Events::EventBus': ofIam('events', 'Name'),
  'AWS::Logs::LogGroup': ofIam('logs', 'LogGroupName'),
  'AWS::NeptuneGraph::Graph': graph,
  'AWS::DSQL::Cluster': dsql,
  'AWS::OpenSearchServerless::SecurityPolicy': collectionPolicy,
  'AWS::KMS::Key': {
    model: 'exact',
    declare: (resource, reading) =>
      void declare(resource, reading, 'kms', undefined, { policy: at(resource.properties, 'KeyPolicy') }),
  },
  'AWS::KMS::ReplicaKey': replicaKey,
  'AWS::SecretsManager::Secret': namedStore('secretsmanager', 'Name'),
  'AWS::SecretsManager::ResourcePolicy': policyFor('SecretId', 'ResourcePolicy'),
  'AWS::SQS::Queue': handingOn(queue),
  'AWS::SQS::QueuePolicy': policyFor('Queues', 'PolicyDocument'),
  'AWS::SQS::QueueInlinePolicy': policyFor('Queue', 'PolicyDocument'),
  'AWS::SNS::Topic': handingOn(namedStore('sns', 'TopicName')),
  'AWS::SNS::TopicPolicy': policyFor('Topics', 'PolicyDocument'),
  'AWS::SNS::TopicInlinePolicy': policyFor('TopicArn', 'PolicyDocument'),
};
