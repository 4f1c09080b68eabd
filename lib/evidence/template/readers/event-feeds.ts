/**
 * What brings events to functions: topics, queues, buses, streams and the like, and what hands on from one to the other. No
 * packet shows an event; who may send one, the policy at the beginning of the way decides.
 */
import type { ResourceId } from '../../network';
import { ReferenceValue, type Resolved, type Resource } from '../resource';
import { callersOf, isPrivate, privateCallers } from './api-callers';
import { type Callers, isOpen, madeElsewhere, resourcesCalled } from './called-functions';
import { policyOf } from './policy';
import {
  at,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  type Property,
  plainText,
  referencesIn,
  resourcesNamed,
} from './property';
import { type Reading, unique } from './reading';
import { isOwnAccount, isOwnArn, strangerLetBy } from './stranger-grants';

/** Whose events a channel brings beside those of its own account. */
export interface Stranger {
  readonly says: string;
  readonly from: Callers;
  /** nothing says whose the channel is */
  readonly isUnseen?: true;
}

interface Channel {
  /** the property by which others may name it */
  readonly name: string;
  /** what puts something into it, in lower case */
  readonly sends: readonly string[];
}

const WRITES = ['dynamodb:putitem', 'dynamodb:updateitem', 'dynamodb:deleteitem', 'dynamodb:batchwriteitem'];

/** What holds events, or hands them on. Actions: the Service Authorization Reference. */
const CHANNELS: Readonly<Record<string, Channel>> = {
  'AWS::SNS::Topic': { name: 'TopicName', sends: ['sns:publish'] },
  'AWS::SQS::Queue': { name: 'QueueName', sends: ['sqs:sendmessage'] },
  'AWS::Events::EventBus': { name: 'Name', sends: ['events:putevents'] },
  'AWS::Kinesis::Stream': { name: 'Name', sends: ['kinesis:putrecord', 'kinesis:putrecords'] },
  'AWS::S3::Bucket': { name: 'BucketName', sends: ['s3:putobject'] },
  'AWS::DynamoDB::Table': { name: 'TableName', sends: WRITES },
  'AWS::DynamoDB::GlobalTable': { name: 'TableName', sends: WRITES },
  'AWS::Logs::LogGroup': { name: 'LogGroupName', sends: ['logs:putlogevents'] },
  'AWS::StepFunctions::StateMachine': { name: 'StateMachineName', sends: [] },
  'AWS::KinesisFirehose::DeliveryStream': { name: 'DeliveryStreamName', sends: [] },
};

/** A policy of a channel, as a resource of its own or as a property. */
const POLICIES: readonly { type: string; of?: string; policy: readonly string[]; kind: string }[] = [
  { type: 'AWS::SNS::TopicPolicy', of: 'Topics', policy: ['PolicyDocument'], kind: 'AWS::SNS::Topic' },
  { type: 'AWS::SNS::TopicInlinePolicy', of: 'TopicArn', policy: ['PolicyDocument'], kind: 'AWS::SNS::Topic' },
  { type: 'AWS::SQS::QueuePolicy', of: 'Queues', policy: ['PolicyDocument'], kind: 'AWS::SQS::Queue' },
  { type: 'AWS::SQS::QueueInlinePolicy', of: 'Queue', policy: ['PolicyDocument'], kind: 'AWS::SQS::Queue' },
  { type: 'AWS::S3::BucketPolicy', of: 'Bucket', policy: ['PolicyDocument'], kind: 'AWS::S3::Bucket' },
  { type: 'AWS::Kinesis::ResourcePolicy', of: 'ResourceArn', policy: ['ResourcePolicy'], kind: 'AWS::Kinesis::Stream' },
  { type: 'AWS::Events::EventBus', policy: ['Policy'], kind: 'AWS::Events::EventBus' },
  { type: 'AWS::DynamoDB::Table', policy: ['ResourcePolicy', 'PolicyDocument'], kind: 'AWS::DynamoDB::Table' },
];

/** The bus that every account has, in no template. */
const DEFAULT_BUS = 'default-event-bus';

/** One way on: what comes from there is handed to what is named here. */
interface Feed {
  readonly from: Property;
  readonly to: readonly Property[];
  /** it begins, or ends, at the bus that every account has */
  readonly bus?: 'from' | 'to';
  /** it begins at what no template shows */
  readonly unseen?: string;
}

interface Way {
  readonly feed: Feed;
  readonly by: Resource;
  /** the channels it ends at */
  readonly to: readonly ResourceId[];
}

type FeedsOf = (resource: Resource) => readonly Feed[];

const self = ({ id }: Resource) => new ReferenceValue({ resource: id });

function between(from: string, ...to: readonly string[]): FeedsOf {
  return ({ properties }) => [{ from: at(properties, from), to: to.map((name) => at(properties, name)) }];
}

function fromItself(...to: readonly string[]): FeedsOf {
  return (resource) => [{ from: self(resource), to: to.map((name) => at(resource.properties, name)) }];
}

/** A rule that is on and hears events; one that asks for its own account alone hears nobody else's. */
const ofRule: FeedsOf = ({ properties, account }) => {
  const isOff = plainText(at(properties, 'State')) === 'DISABLED';
  const pattern = at(properties, 'EventPattern');
  const asked = itemsOf(at(pattern, 'account')).map(({ value }) => plainText(value));
  const isOwn = asked.length > 0 && asked.every((one) => one !== undefined && isOwnAccount(one, account));
  if (isOff || isAbsent(pattern) || isOwn) return [];
  const bus = at(properties, 'EventBusName');
  const isDefault = isAbsent(bus) || plainText(bus) === 'default';
  const to = itemsOf(at(properties, 'Targets')).map(({ value }) => at(value, 'Arn'));
  return [{ from: bus, to, ...(isDefault && { bus: 'from' }) }];
};

const UNSEEN_BROKERS = 'whoever reaches its brokers, which no template shows, writes there';

const ofMapping: FeedsOf = ({ properties }) => {
  if (String(plainText(at(properties, 'Enabled'))) === 'false') return [];
  const to = [at(properties, 'FunctionName')];
  const isKafka = !isAbsent(at(properties, 'SelfManagedEventSource'));
  return [{ from: at(properties, 'EventSourceArn'), to, ...(isKafka && { unseen: UNSEEN_BROKERS }) }];
};

const ofTopic: FeedsOf = (resource) => {
  const to = itemsOf(at(resource.properties, 'Subscription')).map(({ value }) => at(value, 'Endpoint'));
  return to.length > 0 ? [{ from: self(resource), to }] : [];
};

const ofBucket: FeedsOf = (resource) => {
  const notifies = at(resource.properties, 'NotificationConfiguration');
  if (isAbsent(notifies)) return [];
  const tellsBus = !isAbsent(at(notifies, 'EventBridgeConfiguration'));
  return [
    { from: self(resource), to: [notifies] },
    ...(tellsBus ? [{ from: self(resource), to: [], bus: 'to' as const }] : []),
  ];
};

const ofPipe: FeedsOf = (resource) => {
  const isOff = plainText(at(resource.properties, 'DesiredState')) === 'STOPPED';
  return isOff ? [] : between('Source', 'Target', 'Enrichment')(resource);
};

const ofDelivery: FeedsOf = (resource) => [
  {
    from: at(resource.properties, 'KinesisStreamSourceConfiguration', 'KinesisStreamARN'),
    to: [self(resource), resource.properties],
  },
  { from: self(resource), to: [resource.properties] },
];

/** By the type that hands on. */
export const FEEDS: Readonly<Record<string, FeedsOf>> = {
  'AWS::SNS::Subscription': between('TopicArn', 'Endpoint'),
  'AWS::SNS::Topic': ofTopic,
  'AWS::SQS::Queue': fromItself('RedrivePolicy'),
  'AWS::Events::Rule': ofRule,
  'AWS::Lambda::EventSourceMapping': ofMapping,
  'AWS::Pipes::Pipe': ofPipe,
  'AWS::S3::Bucket': ofBucket,
  'Custom::S3BucketNotifications': between('BucketName', 'NotificationConfiguration'),
  'AWS::Logs::SubscriptionFilter': between('LogGroupName', 'DestinationArn'),
  'AWS::StepFunctions::StateMachine': fromItself('DefinitionString', 'Definition', 'DefinitionSubstitutions'),
  'AWS::KinesisFirehose::DeliveryStream': ofDelivery,
};

/** What hands on what strangers ask, whatever policies say. */
const FRONTS: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'clients of an API',
  'AWS::ApiGateway::Method': 'clients of an API',
  'AWS::ApiGatewayV2::Api': 'clients of an API',
  'AWS::ApiGatewayV2::Integration': 'clients of an API',
  'AWS::AppSync::DataSource': 'clients of an API',
  'AWS::AppSync::Resolver': 'clients of an API',
  'AWS::IoT::TopicRule': 'devices, wherever they are,',
  'AWS::SES::ReceiptRule': 'whoever writes an e-mail',
  'AWS::SES::MailManagerRuleSet': 'whoever writes an e-mail',
  'AWS::SMSVOICE::PhoneNumber': 'whoever writes a text message',
};

/** Found once, asked by whatever hands on. */
export class EventFeeds {
  /** by channel; those that no policy and no way on gives any have none */
  private readonly strangers = new Map<ResourceId, Stranger>();

  constructor(private readonly reading: Reading) {
    for (const policy of POLICIES)
      for (const resource of reading.ofType(policy.type)) this.readPolicy(resource, policy);
    for (const resource of reading.ofType('AWS::DynamoDB::GlobalTable')) this.readReplicas(resource);
    for (const resource of reading.ofType('AWS::Events::EventBusPolicy')) this.readBusPolicy(resource);
    for (const resource of reading.ofType('AWS::Logs::ResourcePolicy')) this.readLogPolicy(resource);
    for (const resource of reading.ofType('AWS::S3::Bucket')) this.readAcl(resource);
    for (const resource of reading.ofType('AWS::Events::EventBus')) this.readPartner(resource);
    for (const type of Object.keys(FRONTS)) for (const resource of reading.ofType(type)) this.readFront(resource);
    const ways: Way[] = [];
    for (const [type, feedsOf] of Object.entries(FEEDS))
      for (const resource of reading.ofType(type))
        for (const feed of feedsOf(resource)) ways.push({ feed, by: resource, to: this.endsOf(feed, resource) });
    this.follow(ways.filter(({ to }) => to.length > 0));
  }

  static of(reading: Reading): EventFeeds {
    return reading.cached('event feeds', (one) => new EventFeeds(one));
  }

  /** Whose events come from there; undefined where they are the account's own. */
  behind({ from, bus, unseen }: Feed, resource: Resource): Stranger | undefined {
    if (unseen !== undefined) return { says: unseen, from: 'internet', isUnseen: true };
    return bus === 'from' ? this.strangers.get(busOf(resource)) : this.named(from, resource);
  }

  /** The same of what a property names. */
  named(source: Property, { account }: Resource): Stranger | undefined {
    const channels = channelsIn(source, this.reading);
    for (const id of channels) {
      const stranger = this.strangers.get(id);
      if (stranger) return stranger;
    }
    return channels.length > 0 ? undefined : unseen(source, account);
  }

  private grant(id: ResourceId, says: string, from: Callers = 'internet'): void {
    if (!this.strangers.has(id)) this.strangers.set(id, { says, from });
  }

  private readPolicy(resource: Resource, { of, policy, kind }: (typeof POLICIES)[number]): void {
    const document = policyOf(at(resource.properties, ...policy));
    const { sends = [] } = CHANNELS[kind] ?? {};
    const stranger = document && strangerLetBy(document, sends, resource.account);
    if (stranger === undefined) return;
    const named = of === undefined ? self(resource) : at(resource.properties, of);
    const others = isOpen(named) ? madeElsewhere(kind, resource, this.reading) : [];
    for (const id of [...channelsIn(named, this.reading), ...others])
      this.grant(id, `the policy of ${id} lets ${stranger} send to it`);
  }

  private readReplicas({ id, account, properties }: Resource): void {
    for (const { value } of itemsOf(at(properties, 'Replicas'))) {
      const document = policyOf(at(value, 'ResourcePolicy', 'PolicyDocument'));
      const stranger = document && strangerLetBy(document, WRITES, account);
      if (stranger !== undefined) this.grant(id, `a policy of ${id} lets ${stranger} write into it`);
    }
  }

  /** In one of two forms: a principal with at most one condition, or a statement. */
  private readBusPolicy(resource: Resource): void {
    const { properties, account } = resource;
    const name = at(properties, 'EventBusName');
    const isDefault = isAbsent(name) || plainText(name) === 'default';
    const buses = isDefault ? [busOf(resource)] : channelsIn(name, this.reading);
    const document = policyOf({ Statement: [busStatement(properties)] });
    const stranger = document && strangerLetBy(document, ['events:putevents'], account);
    if (stranger === undefined) return;
    for (const id of buses) this.grant(id, `the policy of ${isDefault ? 'the default bus' : id} lets ${stranger} send`);
  }

  /** It names its log groups itself: those that it does not name may be among them. */
  private readLogPolicy({ id, properties, account }: Resource): void {
    const document = policyOf(at(properties, 'PolicyDocument'));
    const stranger = document && strangerLetBy(document, ['logs:putlogevents'], account);
    if (stranger === undefined) return;
    for (const group of this.reading.ofType('AWS::Logs::LogGroup'))
      this.grant(group.id, `${id} lets ${stranger} write into ${group.id}`);
  }

  private readAcl({ id, properties }: Resource): void {
    if (plainText(at(properties, 'AccessControl')) === 'PublicReadWrite')
      this.grant(id, `the access control list of ${id} lets everyone write into it`);
  }

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html */
  private readPartner({ id, properties }: Resource): void {
    if (!isAbsent(at(properties, 'EventSourceName'))) this.grant(id, `a partner of AWS sends to ${id}`);
  }

  private readFront(resource: Resource): void {
    const { type, id, properties } = resource;
    const api = ['RestApiId', 'ApiId'].map((name) => at(properties, name)).find((one) => !isAbsent(one));
    const callers = isPrivate(resource) ? privateCallers(this.reading) : callersOf(api, this.reading);
    for (const channel of channelsIn(properties, this.reading))
      this.grant(channel, `${id} hands on to ${channel} what ${FRONTS[type]} send`, callers);
  }

  private endsOf(feed: Feed, by: Resource): readonly ResourceId[] {
    if (feed.bus === 'to') return [busOf(by)];
    return unique(feed.to.flatMap((property) => channelsIn(property, this.reading)));
  }

  /** What begins with a stranger goes on as one's, in circles too: each channel is gone on from once. */
  private follow(ways: readonly Way[]): void {
    const onward = new Map<ResourceId, Way[]>();
    for (const way of ways) {
      for (const id of this.startsOf(way)) {
        const known = onward.get(id);
        if (known) known.push(way);
        else onward.set(id, [way]);
      }
    }
    const found = [...this.strangers.keys()];
    for (const { feed, by, to } of ways) found.push(...this.handOn(this.behind(feed, by), to));
    for (let id = found.pop(); id !== undefined; id = found.pop())
      for (const { to } of onward.get(id) ?? []) found.push(...this.handOn(this.strangers.get(id), to));
  }

  private startsOf({ feed, by }: Way): readonly ResourceId[] {
    return feed.bus === 'from' ? [busOf(by)] : channelsIn(feed.from, this.reading);
  }

  /** Those to whom it is news. */
  private handOn(stranger: Stranger | undefined, to: readonly ResourceId[]): readonly ResourceId[] {
    if (!stranger) return [];
    const fresh = to.filter((id) => !this.strangers.has(id));
    for (const id of fresh) this.strangers.set(id, stranger);
    return fresh;
  }
}

function busOf({ account, region }: Resource): ResourceId {
  return [DEFAULT_BUS, account, region].join(':');
}

function busStatement(properties: Property): Resolved {
  const whole = at(properties, 'Statement');
  if (!isAbsent(whole)) return whole;
  const principal = at(properties, 'Principal');
  const condition = at(properties, 'Condition');
  const [type, key] = ['Type', 'Key'].map((name) => plainText(at(condition, name)));
  const isRead = type !== undefined && key !== undefined;
  return {
    Effect: 'Allow',
    Principal: plainText(principal) === '*' ? '*' : { AWS: principal },
    Action: at(properties, 'Action') ?? 'events:PutEvents',
    ...(isRead && { Condition: { [type]: { [key]: at(condition, 'Value') } } }),
  };
}

/** The channels that a property names: by reference, or as they name themselves. */
function channelsIn(property: Property, reading: Reading): ResourceId[] {
  if (isAbsent(property)) return [];
  const referred = referencesIn(property)
    .flatMap(({ reference }) => [reference.resource, ...streamsOf(reference.resource, reading)])
    .filter((id) => Object.hasOwn(CHANNELS, reading.resource(id)?.type ?? ''));
  const named = Object.entries(CHANNELS).flatMap(([type, { name }]) => resourcesCalled(type, name, property, reading));
  return unique([...referred, ...named]);
}

/** Who consumes a stream by a registration of its own. */
function streamsOf(consumer: ResourceId, reading: Reading): ResourceId[] {
  const { type, properties } = reading.resource(consumer) ?? {};
  return type === 'AWS::Kinesis::StreamConsumer' ? resourcesNamed(at(properties, 'StreamARN')) : [];
}

/** A channel that no template shows: of another account, or of nobody knows whose. */
function unseen(source: Property, account: string | undefined): Stranger | undefined {
  if (isUnknownProperty(source)) {
    const says = `who sends to what it hears is not known: ${source.reason}`;
    return { says, from: 'internet', isUnseen: true };
  }

  const text = plainText(source);
  // a Kafka of somebody's own, by its brokers' addresses
  if (text?.startsWith('smk://')) return { says: UNSEEN_BROKERS, from: 'internet', isUnseen: true };
  if (text?.startsWith('arn:') !== true || isOwnArn(text, account)) return undefined;
  return { says: `it is ${text}, of another account, and who sends to that is not known`, from: 'internet' };
}
