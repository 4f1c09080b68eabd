/**
 * What holds data behind an AWS API, and the policies that decide who may call (fact 38).
 */
import { type DataStore, isUnknown, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import { policyOf } from './policy';
import { at, flagOf, isAbsent, isUnknownProperty, itemsOf, type Property, referencesIn, textOf } from './property';
import { originOf, type Reader, type Readers, type Reading } from './reading';

function declare(
  resource: Resource,
  reading: Reading,
  service: string,
  name: Property,
  more: Partial<Pick<DataStore, 'refusesEveryone' | 'openToEveryone'>> & { readonly policy?: Property } = {},
): void {
  const { id, certain } = resource;
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
  });
  reading.name('dataStores', name, id);
}

function nameOf(property: Property): Value<string> | undefined {
  return isUnknownProperty(property) ? property : textOf(property);
}

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
};

/**
 * On for new buckets unless the template says otherwise; where it says anything, what it leaves out is off
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html).
 */
function blocked(properties: Property, setting: string): Value<boolean> {
  const configuration = at(properties, 'PublicAccessBlockConfiguration');
  if (isAbsent(configuration)) return true;
  return flagOf(at(configuration, setting)) ?? false;
}

/** A policy that is a resource of its own names what it is for by reference or by name. */
function policyFor(target: string, document: string): Reader {
  return {
    model: 'exact',
    attach(resource, reading) {
      const property = at(resource.properties, target);
      const policy = policyOf(at(resource.properties, document));
      if (policy === undefined) return;
      const ids = referencesIn(property).map(({ reference }) => reference.resource);
      const named = ids.length > 0 ? ids : reading.named('dataStores', property);
      const open = resource.condition ?? unknown(`whether \`${resource.id}\` exists is not decided`);
      for (const id of named) reading.get('dataStores', id)?.policies.push(resource.certain ? policy : open);
    },
  };
}

const table: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { properties } = resource;
    const policy = at(properties, 'ResourcePolicy', 'PolicyDocument');
    declare(resource, reading, 'dynamodb', at(properties, 'TableName'), { policy });
  },
};

/** Each replica has a policy of its own; where there are several, which of them lets whom in is not told apart. */
const globalTable: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const replicas = itemsOf(at(resource.properties, 'Replicas'));
    const policies = replicas
      .map(({ value }) => at(value, 'ResourcePolicy', 'PolicyDocument'))
      .filter((policy) => !isAbsent(policy));
    const isOne = replicas.length === 1 && replicas[0]?.certain === true;
    const policy = isOne || policies.length === 0 ? policies[0] : unknown('its replicas have policies of their own');
    declare(resource, reading, 'dynamodb', at(resource.properties, 'TableName'), { policy });
  },
};

export const dataStoreReaders: Readers = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': policyFor('Bucket', 'PolicyDocument'),
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': globalTable,
  'AWS::KMS::Key': {
    model: 'exact',
    declare: (resource, reading) =>
      declare(resource, reading, 'kms', undefined, { policy: at(resource.properties, 'KeyPolicy') }),
  },
  'AWS::SecretsManager::Secret': {
    model: 'exact',
    declare: (resource, reading) => declare(resource, reading, 'secretsmanager', at(resource.properties, 'Name')),
  },
  'AWS::SecretsManager::ResourcePolicy': policyFor('SecretId', 'ResourcePolicy'),
};
