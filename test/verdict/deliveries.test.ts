/**
 * Facts 38 and 39, from the template to the claim: what a zone sends through AWS, and AWS sends on.
 */
import { ACCOUNT, arn, GATED, letsIn, OTHER, type Resources, ref, resource, verdictOf } from './copied-estate';

const STREAM: Resources = { Stream: resource('AWS::Kinesis::Stream', { Name: 'vitals' }) };
const VITALS = '{ kinesis-streams: [vitals] }';
const delivered = (
  more: object,
  from: object = { KinesisStreamSourceConfiguration: { KinesisStreamARN: arn('Stream') } },
): Resources => ({
  Way: resource('AWS::KinesisFirehose::DeliveryStream', { ...from, ...more }),
});
const toApi = { HttpEndpointDestinationConfiguration: { EndpointConfiguration: { Url: 'https://example.com' } } };
const toBucket = (BucketARN: unknown) => ({ ExtendedS3DestinationConfiguration: { BucketARN } });
const rule = (Arn: unknown, more: object = {}): Resources => ({
  Way: resource('AWS::Events::Rule', { EventPattern: { source: ['visits'] }, Targets: [{ Id: 'a', Arn }], ...more }),
});
const busOf = (account: string) => `arn:aws:events:eu-west-2:${account}:event-bus/central`;
const filter = (LogGroupName: unknown, account = OTHER): Resources => ({
  Way: resource('AWS::Logs::SubscriptionFilter', {
    LogGroupName,
    DestinationArn: `arn:aws:logs:eu-west-2:${account}:destination:central`,
  }),
});
const functionIn = (zone: string) =>
  resource('AWS::Lambda::Function', {
    VpcConfig: { SubnetIds: [ref(`${zone}Subnet`)], SecurityGroupIds: [ref(`${zone}Group`)] },
  });
const read = (EventSourceArn: unknown, zone: string): Resources => ({
  Fn: functionIn(zone),
  Way: resource('AWS::Lambda::EventSourceMapping', { EventSourceArn, FunctionName: ref('Fn') }),
});
const published = (zone: string): Resources => ({
  Results: resource('AWS::SNS::Topic', { TopicName: 'results' }),
  Fn: functionIn(zone),
  Way: resource('AWS::SNS::Subscription', { TopicArn: ref('Results'), Protocol: 'lambda', Endpoint: arn('Fn') }),
});
const RESULTS = (zone: string): Resources => ({
  ...published(zone),
  Gate: resource('AWS::SNS::TopicPolicy', {
    Topics: [ref('Results')],
    PolicyDocument: {
      Statement: [
        {
          ...{ Effect: 'Deny', Principal: '*', Action: 'sns:*', Resource: '*' },
          Condition: { StringNotEquals: { 'aws:SourceVpc': ref('Ehr') } },
        },
      ],
    },
  }),
});
const search = (zone: string): Resources => ({
  Index: resource('AWS::OpenSearchService::Domain', {
    VPCOptions: { SubnetIds: [ref(`${zone}Subnet`)], SecurityGroupIds: [ref(`${zone}Group`)] },
  }),
  ...delivered({ AmazonopensearchserviceDestinationConfiguration: { DomainARN: arn('Index') } }),
});
const LOG: Resources = { Log: resource('AWS::Logs::LogGroup', { LogGroupName: 'chart' }) };

describe('what a zone sends through AWS goes where that is sent on', () => {
  test.each<[string, Resources, string, string]>([
    ['a stream', STREAM, VITALS, 'proved'],
    [
      'a stream that everyone may read',
      {
        ...STREAM,
        Open: resource('AWS::Kinesis::ResourcePolicy', {
          ResourceArn: arn('Stream'),
          ResourcePolicy: letsIn('*', 'kinesis:Get*'),
        }),
      },
      VITALS,
      'violated',
    ],
    [
      'a stream that another account may read',
      {
        ...STREAM,
        Open: resource('AWS::Kinesis::ResourcePolicy', {
          ResourceArn: arn('Stream'),
          ResourcePolicy: letsIn({ AWS: OTHER }, 'kinesis:GetRecords'),
        }),
      },
      VITALS,
      'unknown',
    ],
    [
      'a stream that another account may write',
      {
        ...STREAM,
        Open: resource('AWS::Kinesis::ResourcePolicy', {
          ResourceArn: arn('Stream'),
          ResourcePolicy: letsIn({ AWS: OTHER }, 'kinesis:PutRecord'),
        }),
      },
      VITALS,
      'proved',
    ],
    ['a stream, delivered to a service', { ...STREAM, ...delivered(toApi) }, VITALS, 'unknown'],
    [
      'a stream, delivered to a bucket of the zone',
      { ...STREAM, ...GATED, ...delivered(toBucket(arn('Archive'))) },
      `${VITALS}, { s3: [archive] }`,
      'proved',
    ],
    [
      'a stream, delivered to another bucket',
      { ...STREAM, Other: resource('AWS::S3::Bucket'), ...delivered(toBucket(arn('Other'))) },
      VITALS,
      'unknown',
    ],
    ['a stream of nobody in the estate', { ...STREAM, ...delivered(toApi) }, '', 'proved'],
    [
      'brokers of the zone, delivered to a service',
      {
        Brokers: resource('AWS::MSK::Cluster', {
          BrokerNodeGroupInfo: { ClientSubnets: [ref('EhrSubnet')], SecurityGroups: [ref('EhrGroup')] },
        }),
        ...delivered(toApi, { MSKSourceConfiguration: { MSKClusterARN: ref('Brokers') } }),
      },
      '',
      'unknown',
    ],
    ['events to a bus of another account', rule(busOf(OTHER)), 'events', 'unknown'],
    ['a stream, read by a function of the zone', { ...STREAM, ...read(arn('Stream'), 'Ehr') }, VITALS, 'proved'],
    ['a stream, read by a function of another zone', { ...STREAM, ...read(arn('Stream'), 'Lab') }, VITALS, 'violated'],
    [
      'a stream that no zone names, read by a function of another zone',
      { ...STREAM, ...read(arn('Stream'), 'Lab') },
      'kinesis-streams',
      'proved',
    ],
    ['a topic, told to a function of the zone', RESULTS('Ehr'), '{ sns: [results] }', 'proved'],
    ['a topic, told to a function of another zone', RESULTS('Lab'), '{ sns: [results] }', 'violated'],
    ['a stream, delivered to a search domain of the zone', { ...STREAM, ...search('Ehr') }, VITALS, 'proved'],
    ['a stream, delivered to a search domain of another zone', { ...STREAM, ...search('Lab') }, VITALS, 'violated'],
    ['events to a bus of the account', rule(busOf(ACCOUNT)), 'events', 'proved'],
    ['events to an API', { Api: resource('AWS::Events::ApiDestination'), ...rule(arn('Api')) }, 'events', 'unknown'],
    [
      'what AWS itself tells, to a bus of another account',
      rule(busOf(OTHER), { EventPattern: { source: ['aws.guardduty'] } }),
      'events',
      'proved',
    ],
    ['events of nobody in the estate', rule(busOf(OTHER)), '', 'proved'],
    [
      'events of a bus that the zone does not name',
      rule(busOf(OTHER), { EventBusName: 'other' }),
      '{ events: [visits] }',
      'proved',
    ],
    ['logs to another account', { ...LOG, ...filter(ref('Log')) }, 'logs', 'unknown'],
    ['logs to the account', { ...LOG, ...filter(ref('Log'), ACCOUNT) }, 'logs', 'proved'],
    ['logs that the zone does not name', { ...LOG, ...filter(ref('Log')) }, '{ logs: [other] }', 'proved'],
    [
      'logs of what flows',
      {
        ...LOG,
        Flows: resource('AWS::EC2::FlowLog', { LogGroupName: ref('Log'), ResourceId: ref('Ehr') }),
        ...filter(ref('Log')),
      },
      'logs',
      'proved',
    ],
    [
      'all logs',
      {
        Way: resource('AWS::Logs::AccountPolicy', {
          PolicyDocument: JSON.stringify({ DestinationArn: `arn:aws:logs:eu-west-2:${OTHER}:destination:x` }),
        }),
      },
      'logs',
      'unknown',
    ],
  ])('%s', (_, resources, uses, verdict) => {
    expect(verdictOf(resources, { uses })).toBe(verdict);
  });

  const replica = (Bucket: string) =>
    resource('AWS::S3::Bucket', {
      ReplicationConfiguration: { Rules: [{ Status: 'Enabled', Destination: { Bucket } }] },
    });
  test('a bucket that no zone names and that AWS copies where no template shows may be what the zone keeps', () => {
    const Kept = replica('arn:aws:s3:::elsewhere');
    expect(verdictOf({ Kept }, { uses: 's3' })).toBe('unknown');
    expect(verdictOf({ Kept }, { uses: '' })).toBe('proved');
    expect(verdictOf({ Kept: resource('AWS::S3::Bucket') }, { uses: 's3' })).toBe('proved');
  });
});
