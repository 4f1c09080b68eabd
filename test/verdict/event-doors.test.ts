/**
 * Facts 36 and 37, from the template to the claim: the ways by which an event gets to what stands in a VPC.
 */
import {
  ACCOUNT,
  arn,
  lets,
  mapping,
  OTHER,
  placed,
  policy,
  type Resources,
  ref,
  resource,
  topic,
  verdictOf,
} from './event-estate';

const ANYONE = '*';
const bus = (Condition?: object): Resources => ({
  Open: resource('AWS::Events::EventBusPolicy', {
    StatementId: 'all',
    Action: 'events:PutEvents',
    Principal: '*',
    ...(Condition && { Condition }),
  }),
});
const rule = (more: object = {}): Resources => ({
  Way: resource('AWS::Events::Rule', {
    EventPattern: { source: ['intake'] },
    Targets: [{ Id: 'a', Arn: arn('Fn') }],
    ...more,
  }),
});
const queue = (...statements: object[]): Resources => ({
  Queue: resource('AWS::SQS::Queue', { QueueName: 'orders' }),
  Policy: resource('AWS::SQS::QueuePolicy', { Queues: [ref('Queue')], ...policy(...statements) }),
});
const bucket = (properties: object, ...statements: object[]): Resources => ({
  Bucket: resource('AWS::S3::Bucket', properties),
  Policy: resource('AWS::S3::BucketPolicy', { Bucket: ref('Bucket'), ...policy(...statements) }),
});
const OPEN_QUEUE = queue(lets('sqs:SendMessage', ANYONE));
const CUSTOM: Resources = { Bus: resource('AWS::Events::EventBus', { Name: 'intake' }) };
const onBus = (EventBusName: unknown) => rule({ EventBusName });
const openBus = (more: object) =>
  resource('AWS::Events::EventBusPolicy', { StatementId: 'x', EventBusName: 'intake', ...more });
const TABLE = (ResourcePolicy: object) => ({
  Table: resource('AWS::DynamoDB::Table', { StreamSpecification: { StreamViewType: 'NEW_IMAGE' }, ResourcePolicy }),
});
const STREAM: Resources = { Stream: resource('AWS::Kinesis::Stream', { Name: 'vitals' }) };
const MACHINE = (DefinitionString: unknown) => resource('AWS::StepFunctions::StateMachine', { DefinitionString });
const sub = (text: string) => ({ 'Fn::Sub': text });

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html */
describe('each way on which an event gets to a function is followed to where it begins', () => {
  test.each<[string, Resources, string]>([
    ['the default bus', rule(), 'proved'],
    ['the default bus, open to everyone', { ...rule(), ...bus() }, 'unknown'],
    [
      'the default bus, open to an organization',
      { ...rule(), ...bus({ Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-abc1234567' }) },
      'proved',
    ],
    // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutPermission.html
    [
      'an open bus, and a rule that asks for another account',
      { ...rule({ EventPattern: { account: [ACCOUNT, OTHER] } }), ...bus() },
      'unknown',
    ],
    [
      'an open bus, and a rule that asks for whatever is not the account',
      { ...rule({ EventPattern: { account: [{ 'anything-but': ACCOUNT }] } }), ...bus() },
      'unknown',
    ],
    [
      'an open bus, and a rule that asks for the account',
      { ...rule({ EventPattern: { account: [ACCOUNT] } }), ...bus() },
      'proved',
    ],
    ['an open bus, and a rule that is off', { ...rule({ State: 'DISABLED' }), ...bus() }, 'proved'],
    [
      'an open bus, and a schedule',
      { ...rule({ EventPattern: undefined, ScheduleExpression: 'rate(1 hour)' }), ...bus() },
      'proved',
    ],
    ['a bus of its own', { ...CUSTOM, ...onBus(ref('Bus')), ...bus() }, 'proved'],
    [
      'a bus of its own, open by a statement',
      { ...CUSTOM, ...onBus(ref('Bus')), Open: openBus({ Statement: lets('events:PutEvents', ANYONE) }) },
      'unknown',
    ],
    [
      'a bus of its own, open to another account',
      { ...CUSTOM, ...onBus('intake'), Open: openBus({ Action: 'events:PutEvents', Principal: OTHER }) },
      'unknown',
    ],
    [
      'a bus of its own, open by its own policy',
      {
        Bus: resource('AWS::Events::EventBus', {
          Name: 'b',
          Policy: policy(lets('events:PutEvents', ANYONE)).PolicyDocument,
        }),
        ...onBus(ref('Bus')),
      },
      'unknown',
    ],
    [
      "a partner's bus",
      { Bus: resource('AWS::Events::EventBus', { Name: 'p', EventSourceName: 'aws.partner/x' }), ...onBus(ref('Bus')) },
      'unknown',
    ],
    [
      'a bus that starts tasks',
      {
        ...bus(),
        ...rule({
          Targets: [
            {
              Id: 'a',
              Arn: 'x',
              EcsParameters: {
                NetworkConfiguration: {
                  AwsVpcConfiguration: { Subnets: placed.SubnetIds, SecurityGroups: placed.SecurityGroupIds },
                },
              },
            },
          ],
        }),
      },
      'unknown',
    ],
    ['a queue', { ...queue(), ...mapping(arn('Queue')) }, 'proved'],
    ['an open queue', { ...OPEN_QUEUE, ...mapping(arn('Queue')) }, 'unknown'],
    ['an open queue, by name', { ...OPEN_QUEUE, ...mapping(`arn:aws:sqs:eu-west-2:${ACCOUNT}:orders`) }, 'unknown'],
    [
      'an open queue, and a mapping that is off',
      { ...OPEN_QUEUE, ...mapping(arn('Queue'), { Enabled: false }) },
      'proved',
    ],
    [
      'an open queue, by an inline policy',
      {
        Queue: resource('AWS::SQS::Queue'),
        Open: resource('AWS::SQS::QueueInlinePolicy', { Queue: ref('Queue'), ...policy(lets('sqs:*', ANYONE)) }),
        ...mapping(arn('Queue')),
      },
      'unknown',
    ],
    ['a queue of its own account, in no template', mapping(`arn:aws:sqs:eu-west-2:${ACCOUNT}:elsewhere`), 'proved'],
    ['a queue of another account', mapping(`arn:aws:sqs:eu-west-2:${OTHER}:elsewhere`), 'unknown'],
    [
      'a queue that an open topic fills',
      {
        ...queue(),
        ...mapping(arn('Queue')),
        ...Object.fromEntries(
          Object.entries(topic(lets('sns:Publish', ANYONE))).map(([id, one]) => [
            `T${id}`.replace('TTopic', 'Topic'),
            one,
          ]),
        ),
        TWay: resource('AWS::SNS::Subscription', { TopicArn: ref('Topic'), Protocol: 'sqs', Endpoint: arn('Queue') }),
      },
      'unknown',
    ],
    [
      'a queue that an API fills',
      {
        ...queue(),
        ...mapping(arn('Queue')),
        Api: resource('AWS::ApiGatewayV2::Integration', {
          ApiId: 'abc',
          IntegrationSubtype: 'SQS-SendMessage',
          RequestParameters: { QueueUrl: ref('Queue') },
        }),
      },
      'unknown',
    ],
    [
      'the letters that an open queue could not deliver',
      {
        Dead: resource('AWS::SQS::Queue'),
        ...OPEN_QUEUE,
        Queue: resource('AWS::SQS::Queue', { RedrivePolicy: { deadLetterTargetArn: arn('Dead') } }),
        ...mapping(arn('Dead')),
      },
      'unknown',
    ],
    ['a stream', { ...STREAM, ...mapping(arn('Stream')) }, 'proved'],
    [
      'a stream that another account writes',
      {
        ...STREAM,
        Open: resource('AWS::Kinesis::ResourcePolicy', {
          ResourceArn: arn('Stream'),
          ResourcePolicy: policy(lets('kinesis:PutRecord*', { AWS: OTHER })).PolicyDocument,
        }),
        ...mapping(arn('Stream')),
      },
      'unknown',
    ],
    ['a table', { ...TABLE(policy()), ...mapping({ 'Fn::GetAtt': ['Table', 'StreamArn'] }) }, 'proved'],
    [
      'a table that another account writes',
      {
        ...TABLE(policy(lets('dynamodb:PutItem', { AWS: `arn:aws:iam::${OTHER}:role/x` }))),
        ...mapping({ 'Fn::GetAtt': ['Table', 'StreamArn'] }),
      },
      'unknown',
    ],
    [
      'brokers that a template shows',
      {
        Brokers: resource('AWS::MSK::Cluster', {
          BrokerNodeGroupInfo: { ClientSubnets: placed.SubnetIds, SecurityGroups: placed.SecurityGroupIds },
        }),
        ...mapping(ref('Brokers')),
      },
      'proved',
    ],
    [
      'brokers that no template shows',
      mapping(undefined, {
        SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ['kafka.example.com:9092'] } },
      }),
      'unknown',
    ],
    [
      'a bucket',
      bucket({
        NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arn('Fn') }] },
      }),
      'proved',
    ],
    [
      'a bucket that everyone may fill',
      bucket(
        { NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arn('Fn') }] } },
        lets('s3:Put*', ANYONE),
      ),
      'unknown',
    ],
    [
      'a bucket that everyone may fill, told of by CDK',
      {
        ...bucket({}, lets('s3:Put*', ANYONE)),
        Way: resource('Custom::S3BucketNotifications', {
          ServiceToken: 'x',
          BucketName: ref('Bucket'),
          NotificationConfiguration: { LambdaFunctionConfigurations: [{ LambdaFunctionArn: arn('Fn') }] },
        }),
      },
      'unknown',
    ],
    [
      'a bucket that everyone may fill, by the bus',
      {
        ...rule({ EventPattern: { source: ['aws.s3'] } }),
        ...bucket(
          { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
          lets('s3:Put*', ANYONE),
        ),
      },
      'unknown',
    ],
    [
      'a pipe',
      { ...queue(), Way: resource('AWS::Pipes::Pipe', { Source: arn('Queue'), Target: arn('Fn') }) },
      'proved',
    ],
    [
      'a pipe from an open queue',
      { ...OPEN_QUEUE, Way: resource('AWS::Pipes::Pipe', { Source: arn('Queue'), Target: arn('Fn') }) },
      'unknown',
    ],
    [
      'a pipe that asks the function on its way',
      {
        ...OPEN_QUEUE,
        Way: resource('AWS::Pipes::Pipe', { Source: arn('Queue'), Enrichment: arn('Fn'), Target: 'arn:aws:sns:x' }),
      },
      'unknown',
    ],
    [
      'a log',
      {
        Log: resource('AWS::Logs::LogGroup'),
        Way: resource('AWS::Logs::SubscriptionFilter', { LogGroupName: ref('Log'), DestinationArn: arn('Fn') }),
      },
      'proved',
    ],
    [
      'a log that another account writes',
      {
        Log: resource('AWS::Logs::LogGroup'),
        Open: resource('AWS::Logs::ResourcePolicy', {
          PolicyName: 'x',
          PolicyDocument: JSON.stringify(policy(lets('logs:PutLogEvents', { AWS: OTHER })).PolicyDocument),
        }),
        Way: resource('AWS::Logs::SubscriptionFilter', { LogGroupName: ref('Log'), DestinationArn: arn('Fn') }),
      },
      'unknown',
    ],
    [
      'a state machine',
      { ...rule({ Targets: [{ Id: 'a', Arn: ref('Way2') }] }), Way2: MACHINE(sub('{"Resource": "$' + '{Fn.Arn}"}')) },
      'proved',
    ],
    [
      'a state machine that an open bus starts',
      {
        ...rule({ Targets: [{ Id: 'a', Arn: ref('Machine') }] }),
        ...bus(),
        Machine: MACHINE(sub('{"Resource": "$' + '{Fn.Arn}"}')),
      },
      'unknown',
    ],
    [
      'a state machine that an open bus starts, and that names the function',
      {
        ...rule({ Targets: [{ Id: 'a', Arn: ref('Machine') }] }),
        ...bus(),
        Machine: MACHINE(`{"Resource": "arn:aws:lambda:eu-west-2:${ACCOUNT}:function:intake"}`),
      },
      'unknown',
    ],
    [
      'what devices publish',
      {
        Way: resource('AWS::IoT::TopicRule', {
          TopicRulePayload: { Actions: [{ Lambda: { FunctionArn: arn('Fn') } }] },
        }),
      },
      'unknown',
    ],
    [
      'what devices publish, by a queue',
      {
        ...queue(),
        ...mapping(arn('Queue')),
        Devices: resource('AWS::IoT::TopicRule', {
          TopicRulePayload: { Actions: [{ Sqs: { QueueUrl: ref('Queue') } }] },
        }),
      },
      'unknown',
    ],
  ])('%s', (_, resources, verdict) => {
    expect(verdictOf(resources).verdict).toBe(verdict);
    expect(verdictOf(resources, 'guest').verdict).toBe('proved');
  });

  test('what goes round in a circle still begins where it begins', () => {
    const circle = (open: Resources): Resources => ({
      ...open,
      A: resource('AWS::SNS::Topic', { Subscription: [{ Protocol: 'sqs', Endpoint: arn('B') }] }),
      B: resource('AWS::SQS::Queue'),
      Back: resource('AWS::Pipes::Pipe', { Source: arn('B'), Target: ref('A') }),
      ...mapping(arn('B')),
    });
    const fills = { Fills: resource('AWS::Pipes::Pipe', { Source: arn('Queue'), Target: ref('A') }) };
    expect(verdictOf(circle({ ...queue(), ...fills })).verdict).toBe('proved');
    expect(verdictOf(circle({ ...OPEN_QUEUE, ...fills })).verdict).toBe('unknown');
  });

  test('a channel that only a parameter names may be anybody’s', () => {
    const open = { Parameters: { Source: { Type: 'String' } } };
    expect(verdictOf(mapping(ref('Source')), 'internet', open).verdict).toBe('unknown');
  });

  test('a private API lets in who is in a VPC with its endpoint, and not the internet', () => {
    const endpoint = {
      VpcId: ref('Guest'),
      VpcEndpointType: 'Interface',
      SubnetIds: [ref('GuestSubnet')],
      ServiceName: 'com.amazonaws.eu-west-2.execute-api',
    };
    const resources = {
      ...queue(),
      ...mapping(arn('Queue')),
      Api: resource('AWS::ApiGateway::RestApi', { EndpointConfiguration: { Types: ['PRIVATE'] } }),
      Send: resource('AWS::ApiGateway::Method', {
        RestApiId: ref('Api'),
        Integration: { Uri: { 'Fn::Sub': 'arn:aws:apigateway:eu-west-2:sqs:path/1/$' + '{Queue.QueueName}' } },
      }),
      Endpoint: resource('AWS::EC2::VPCEndpoint', endpoint),
    };
    expect(verdictOf(resources, 'guest').verdict).toBe('unknown');
    expect(verdictOf(resources).verdict).toBe('proved');
  });
});
