/**
 * Facts 36 and 37, from the template to the claim: whom a policy lets send to what stands in a VPC, past every packet.
 */
import { ACCOUNT, arn, lets, OTHER, type Resources, ref, resource, topic, verdictOf } from './event-estate';

/** https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html */
describe("whose events a channel brings, its policy decides: who is of the account needs none, and is IAM's affair", () => {
  const publish = (Principal: unknown, Condition?: object) => lets('sns:Publish', Principal, Condition);
  const mine = { StringEquals: { 'AWS:SourceOwner': ACCOUNT } };
  test.each<[string, object[], string]>([
    ['no statement', [], 'proved'],
    ['everyone', [publish('*')], 'unknown'],
    ['everyone, in a list', [publish({ AWS: ['*'] })], 'unknown'],
    ['everyone of the account', [publish('*', mine)], 'proved'],
    [
      'everyone of the account, as AWS calls it',
      [publish('*', { StringEquals: { 'AWS:SourceOwner': { Ref: 'AWS::AccountId' } } })],
      'proved',
    ],
    ['everyone of another account', [publish('*', { StringEquals: { 'AWS:SourceOwner': OTHER } })], 'unknown'],
    ['everyone, over TLS', [publish('*', { Bool: { 'aws:SecureTransport': 'true' } })], 'unknown'],
    [
      'everyone of the account, if AWS says',
      [publish('*', { StringEqualsIfExists: { 'aws:SourceAccount': ACCOUNT } })],
      'unknown',
    ],
    [
      'everyone of an organization',
      [publish('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-abc1234567' } })],
      'proved',
    ],
    ['everyone of any organization', [publish('*', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } })], 'unknown'],
    ['another account', [publish({ AWS: `arn:aws:iam::${OTHER}:root` })], 'unknown'],
    ['its own account', [publish({ AWS: { 'Fn::Sub': 'arn:aws:iam::$' + '{AWS::AccountId}:root' } })], 'proved'],
    ['buckets of anybody', [publish({ Service: 's3.amazonaws.com' })], 'unknown'],
    [
      'a bucket',
      [publish({ Service: 's3.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::scans' } })],
      'proved',
    ],
    [
      'any bucket, by a pattern',
      [publish({ Service: 's3.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::*' } })],
      'unknown',
    ],
    [
      'a bucket, as S3 documents it',
      [publish({ Service: 's3.amazonaws.com' }, { ArnLike: { 'aws:SourceArn': 'arn:aws:s3:*:*:scans' } })],
      'proved',
    ],
    ['rules', [publish({ Service: 'events.amazonaws.com' })], 'proved'],
    ['everyone but one', [{ ...publish(undefined), NotPrincipal: { AWS: `arn:aws:iam::${OTHER}:root` } }], 'unknown'],
    ['everyone, to look', [lets('sns:GetTopicAttributes', '*')], 'proved'],
    ['everyone, by a pattern', [lets('SNS:Pub*', '*')], 'unknown'],
    [
      'everyone, and a denial of all others',
      [
        publish('*'),
        { ...publish('*', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abc1234567' } }), Effect: 'Deny' },
      ],
      'proved',
    ],
  ])('%s', (_, statements, verdict) => {
    expect(verdictOf(topic(...statements)).verdict).toBe(verdict);
    expect(verdictOf(topic(...statements), 'guest').verdict).toBe('proved');
  });

  test('it names the way and the policy', () => {
    expect(verdictOf(topic(publish('*'))).because).toMatch(/S\.Way.*policy of S\.Topic lets everyone send/);
  });
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html */
describe('a service that calls a function for whoever sets it up is told for whom', () => {
  const called = (Principal: string, more: object = {}) => ({
    Way: resource('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal,
      FunctionName: ref('Fn'),
      ...more,
    }),
  });
  test.each<[string, Resources, string]>([
    ['any bucket', called('s3.amazonaws.com'), 'unknown'],
    ['a bucket', called('s3.amazonaws.com', { SourceArn: 'arn:aws:s3:::scans' }), 'proved'],
    ['buckets of the account', called('s3.amazonaws.com', { SourceAccount: { Ref: 'AWS::AccountId' } }), 'proved'],
    ['buckets of another account', called('s3.amazonaws.com', { SourceAccount: OTHER }), 'unknown'],
    [
      'a bucket by parameter, of the account',
      called('s3.amazonaws.com', { SourceArn: { 'Fn::ImportValue': 'B' }, SourceAccount: { Ref: 'AWS::AccountId' } }),
      'proved',
    ],
    ['a bucket by parameter', called('s3.amazonaws.com', { SourceArn: { 'Fn::ImportValue': 'B' } }), 'unknown'],
    ['any topic', called('sns.amazonaws.com'), 'unknown'],
    [
      'a topic of another account',
      called('sns.amazonaws.com', { SourceArn: `arn:aws:sns:eu-west-2:${OTHER}:x` }),
      'unknown',
    ],
    [
      'an open topic',
      { ...topic(lets('sns:Publish', '*')), ...called('sns.amazonaws.com', { SourceArn: ref('Topic') }) },
      'unknown',
    ],
    ['a topic', { ...topic(), ...called('sns.amazonaws.com', { SourceArn: ref('Topic') }) }, 'proved'],
    ['a rule', called('events.amazonaws.com'), 'proved'],
    ['everyone', called('*'), 'unknown'],
    ['everyone of an organization', called('*', { PrincipalOrgID: 'o-abc1234567' }), 'proved'],
  ])('%s', (_, resources, verdict) => {
    expect(verdictOf(resources).verdict).toBe(verdict);
  });
});

describe('what calls functions for its own clients lets in whoever they are', () => {
  test.each<[string, Resources, string]>([
    [
      'e-mail',
      { Way: resource('AWS::SES::ReceiptRule', { Rule: { Actions: [{ LambdaAction: { FunctionArn: arn('Fn') } }] } }) },
      'unknown',
    ],
    [
      'whoever signs up',
      { Way: resource('AWS::Cognito::UserPool', { LambdaConfig: { PreSignUp: arn('Fn') } }) },
      'unknown',
    ],
    ['a user pool that asks nobody', { Way: resource('AWS::Cognito::UserPool') }, 'proved'],
    [
      'whoever talks to a bot',
      {
        Way: resource('AWS::Lex::BotAlias', {
          BotAliasLocaleSettings: [
            { BotAliasLocaleSetting: { CodeHookSpecification: { LambdaCodeHook: { LambdaArn: arn('Fn') } } } },
          ],
        }),
      },
      'unknown',
    ],
    [
      'whoever signs in to a file server',
      {
        Way: resource('AWS::Transfer::Server', {
          EndpointType: 'VPC',
          IdentityProviderDetails: { Function: arn('Fn') },
        }),
      },
      'unknown',
    ],
  ])('%s', (_, resources, verdict) => {
    expect(verdictOf(resources).verdict).toBe(verdict);
  });
});
