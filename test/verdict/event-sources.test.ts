/**
 * Facts 36 and 37: where events begin that are told in other words than those of queues, topics and buses.
 */
import { arn, lets, mapping, OTHER, policy, type Resources, ref, resource, topic, verdictOf } from './event-estate';

const GLOBAL = (ResourcePolicy: object): Resources => ({
  Table: resource('AWS::DynamoDB::GlobalTable', { Replicas: [{ Region: 'eu-west-2', ResourcePolicy }] }),
  ...mapping({ 'Fn::GetAtt': ['Table', 'StreamArn'] }),
});
const CONSUMED = (more: Resources): Resources => ({
  ...more,
  Stream: resource('AWS::Kinesis::Stream'),
  Reader: resource('AWS::Kinesis::StreamConsumer', { StreamARN: arn('Stream') }),
  ...mapping({ 'Fn::GetAtt': ['Reader', 'ConsumerARN'] }),
});
describe('where an event begins', () => {
  test.each<[string, Resources, string]>([
    ['a table of several regions', GLOBAL(policy()), 'proved'],
    [
      'a table of several regions that another account writes',
      GLOBAL(policy(lets('dynamodb:PutItem', { AWS: OTHER }))),
      'unknown',
    ],
    ['a stream, by a registration of its own', CONSUMED({}), 'proved'],
    [
      'an open stream, by a registration of its own',
      CONSUMED({
        Open: resource('AWS::Kinesis::ResourcePolicy', {
          ...{ ResourceArn: arn('Stream'), ResourcePolicy: policy(lets('kinesis:*', '*')).PolicyDocument },
        }),
      }),
      'unknown',
    ],
    [
      'a pipe from brokers that no template shows',
      { Way: resource('AWS::Pipes::Pipe', { Source: 'smk://kafka.example.com:9092', Target: arn('Fn') }) },
      'unknown',
    ],
    [
      'text messages',
      { ...topic(), Number: resource('AWS::SMSVOICE::PhoneNumber', { TwoWay: { ChannelArn: ref('Topic') } }) },
      'unknown',
    ],
    [
      'a function that admits the clients of an API',
      { Way: resource('AWS::AppSync::GraphQLApi', { LambdaAuthorizerConfig: { AuthorizerUri: arn('Fn') } }) },
      'unknown',
    ],
  ])('%s', (_, resources, verdict) => {
    expect(verdictOf(resources).verdict).toBe(verdict);
  });

  test('what is written to brokers of another zone comes from that zone', () => {
    const brokers = (zone: string): Resources => ({
      ...mapping(ref('Brokers')),
      Brokers: resource('AWS::MSK::Cluster', { BrokerNodeGroupInfo: { ClientSubnets: [ref(`${zone}Subnet`)] } }),
    });
    expect(verdictOf(brokers('Guest'), 'guest').verdict).toBe('unknown');
    expect(verdictOf(brokers('Guest')).verdict).toBe('proved');
    expect(verdictOf(brokers('Ehr'), 'guest').verdict).toBe('proved');
  });
});
