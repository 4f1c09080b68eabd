import { networkOf, noun } from './fixture';

const DENY = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }] };

test('fact 38: buckets, tables, keys and secrets with the policies that are attached to them', () => {
  const network = networkOf({
    Archive: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'chart-archive' } },
    ByReference: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Archive' }, PolicyDocument: DENY } },
    ByName: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: 'chart-archive', PolicyDocument: DENY } },
    Visits: {
      Type: 'AWS::DynamoDB::Table',
      Properties: { TableName: 'visits', ResourcePolicy: { PolicyDocument: DENY } },
    },
    Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: DENY } },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: {} },
    ForSecret: {
      Type: 'AWS::SecretsManager::ResourcePolicy',
      Properties: { SecretId: { Ref: 'Secret' }, ResourcePolicy: DENY },
    },
  });
  expect(noun(network.dataStores, 'S.Archive')).toMatchObject({
    service: 's3',
    name: 'chart-archive',
    policies: [DENY, DENY],
  });
  expect(noun(network.dataStores, 'S.Visits')).toMatchObject({
    service: 'dynamodb',
    name: 'visits',
    policies: [DENY],
  });
  expect(noun(network.dataStores, 'S.Key').policies).toEqual([DENY]);
  expect(noun(network.dataStores, 'S.Secret')).toMatchObject({ service: 'secretsmanager', policies: [DENY] });
  expect(noun(network.dataStores, 'S.Secret').name).toBeUndefined();
});

test('fact 38: AWS blocks public access to new buckets; what a template leaves out of its own blocks is off', () => {
  const bucket = (properties: object) => ({ Type: 'AWS::S3::Bucket', Properties: { ...properties } });
  const network = networkOf({
    Unset: bucket({ AccessControl: 'PublicRead' }),
    Half: bucket({ AccessControl: 'PublicRead', PublicAccessBlockConfiguration: { BlockPublicAcls: true } }),
    Off: bucket({ PublicAccessBlockConfiguration: { RestrictPublicBuckets: false, IgnorePublicAcls: false } }),
  });
  const found = ['Unset', 'Half', 'Off'].map((id) => {
    const { refusesEveryone, openToEveryone } = noun(network.dataStores, `S.${id}`);
    return [refusesEveryone, openToEveryone];
  });
  expect(found).toEqual([
    [true, false],
    [false, true],
    [false, false],
  ]);
});

test('fact 38: a policy under a condition that is not decided is not known', () => {
  const network = networkOf({
    Archive: { Type: 'AWS::S3::Bucket', Properties: {} },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Archive' }, PolicyDocument: DENY },
      certain: false,
    },
  });
  expect(noun(network.dataStores, 'S.Archive').policies).toMatchObject([{ unknown: true }]);
});

test.each<[string, readonly object[], object]>([
  [
    'one replica, its policy',
    [{ Region: 'eu-west-2', ResourcePolicy: { PolicyDocument: DENY } }],
    { policies: [DENY] },
  ],
  ['replicas without a policy, none', [{ Region: 'eu-west-2' }, { Region: 'eu-west-1' }], { policies: [] }],
  [
    'several replicas, that of one, and the others as copies',
    [{ Region: 'eu-west-2', ResourcePolicy: { PolicyDocument: DENY } }, { Region: 'eu-west-1' }],
    { policies: [DENY], copies: [{ id: 'S.Visits#eu-west-1' }] },
  ],
])('fact 38: a global table with %s', (_, Replicas, expected) => {
  const Properties = { TableName: 'visits', Replicas };
  const network = networkOf({ Visits: { Type: 'AWS::DynamoDB::GlobalTable', Properties } });
  expect(noun(network.dataStores, 'S.Visits')).toMatchObject({ service: 'dynamodb', name: 'visits', ...expected });
});
