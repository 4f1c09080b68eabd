/**
 * Fact 38, from the template to the claim: who gets at what a zone keeps behind an AWS API past the policy that closes it.
 */
import { readNetwork } from '../../lib/evidence/template';
import { claim, verify } from './scenario';

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: object }>>;

const zones = (uses: string, ofGuests = '[]') => `
cordon: 1
estate: clinic
region: eu-west-2
zones:
  guest: { purpose: Visitors, at: { template: { vpcs: [Guest] } }, trust: restricted, data: none, awsServices: ${ofGuests} }
  ehr: { purpose: The chart, at: { template: { vpcs: [Ehr] } }, trust: trusted, data: phi, awsServices: [${uses}] }
`;

const resource = (Type: string, Properties: object = {}) => ({ Type, Properties });
const VPCS: Resources = {
  Guest: resource('AWS::EC2::VPC', { CidrBlock: '10.1.0.0/16' }),
  GuestSubnet: resource('AWS::EC2::Subnet', { VpcId: { Ref: 'Guest' }, CidrBlock: '10.1.0.0/24' }),
  Ehr: resource('AWS::EC2::VPC', { CidrBlock: '10.2.0.0/16' }),
  EhrSubnet: resource('AWS::EC2::Subnet', { VpcId: { Ref: 'Ehr' }, CidrBlock: '10.2.0.0/24' }),
};
const GATED = { StringNotEquals: { 'aws:SourceVpc': { Ref: 'Ehr' } } };
/** Lets services of AWS pass that call in their own name. */
const BUT_FOR_AWS = { ...GATED, Bool: { 'aws:PrincipalIsAWSService': 'false' } };
const gate = (action: string, more: object = {}) => ({
  ...{ Effect: 'Deny', Principal: '*', Action: action, Resource: '*', Condition: GATED },
  ...more,
});
const document = (...Statement: object[]) => ({ PolicyDocument: { Version: '2012-10-17', Statement } });

function judged(
  uses: string,
  resources: Resources,
  id: string,
  options: { parameters?: object; guests?: string } = {},
) {
  const { parameters, guests } = options;
  const text = JSON.stringify({ ...parameters, Resources: { ...VPCS, ...resources } });
  const { network } = readNetwork([{ stack: 'S', file: 's.json', text }], { region: 'eu-west-2' });
  const result = verify(zones(uses, guests), network);
  return { result, claim: () => claim(result, `data/ehr/${id}`) };
}

const archive = (properties: object, ...statements: object[]): Resources => ({
  Archive: resource('AWS::S3::Bucket', { BucketName: 'archive', ...properties }),
  Policy: resource('AWS::S3::BucketPolicy', { Bucket: { Ref: 'Archive' }, ...document(...statements) }),
});
const ofArchive = (resources: Resources, parameters?: object) =>
  judged('{ s3: [archive] }', resources, 's3:archive', { parameters }).claim();

/** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html */
describe('what AWS itself is let past a gate', () => {
  const lets = (Principal: unknown, Action = 's3:GetObject') => ({ Effect: 'Allow', Principal, Action, Resource: '*' });
  const service = (name: string) => ({ Service: `${name}.amazonaws.com` });
  const open = gate('s3:*', { Condition: BUT_FOR_AWS });
  test.each([
    ['nobody', [open], 'proved'],
    ['CloudFront hands what it reads to the internet', [open, lets(service('cloudfront'))], 'violated'],
    ['CloudFront, where the gate excepts nobody', [gate('s3:*'), lets(service('cloudfront'))], 'proved'],
    ['a service that reads for whoever uses it', [open, lets(service('appflow'))], 'unknown'],
    ['everyone, and so any service', [open, lets('*')], 'unknown'],
    ['logs are written', [open, lets(service('logging.s3'), 's3:PutObject')], 'proved'],
    ['the trail is written', [open, lets(service('cloudtrail'), 's3:GetBucketAcl')], 'proved'],
  ])('%s', (_, statements, verdict) => {
    expect(ofArchive(archive({}, ...statements)).verdict).toBe(verdict);
  });
});

describe('a gate is one in whatever words it stands, where it certainly stands', () => {
  const Parameters = { Which: { Type: 'String' } };
  const Conditions = { Perhaps: { 'Fn::Equals': [{ Ref: 'Which' }, 'a'] } };
  const perhaps = (value: unknown, other: unknown) => ({ 'Fn::If': ['Perhaps', value, other] });
  const open = { Parameters, Conditions };
  const text = JSON.stringify(
    document(gate('s3:*', { Condition: { StringNotEquals: { 'aws:SourceVpc': `$\{Ehr}` } } })).PolicyDocument,
  );

  test('written as a text, and told by a pattern without wildcards', () => {
    const asText = {
      ...archive({}),
      Policy: resource('AWS::S3::BucketPolicy', { Bucket: 'archive', PolicyDocument: { 'Fn::Sub': text } }),
    };
    expect(ofArchive(asText).verdict).toBe('proved');
    const like = gate('s3:*', { Condition: { StringNotLike: { 'aws:SourceVpc': { Ref: 'Ehr' } } } });
    expect(ofArchive(archive({}, like)).verdict).toBe('proved');
    const anyVpc = gate('s3:*', { Condition: { StringNotLike: { 'aws:SourceVpc': 'vpc-*' } } });
    expect(ofArchive(archive({}, anyVpc)).verdict).toBe('unknown');
  });

  test('a statement that a condition decides is not certain, nor is a policy that may be another bucket’s', () => {
    const statement = archive({}, perhaps(gate('s3:*'), { Ref: 'AWS::NoValue' }));
    expect(ofArchive(statement, open).verdict).toBe('unknown');
    const elsewhere = {
      ...archive({}),
      Other: resource('AWS::S3::Bucket'),
      Policy: resource('AWS::S3::BucketPolicy', {
        Bucket: perhaps({ Ref: 'Archive' }, { Ref: 'Other' }),
        ...document(gate('s3:*')),
      }),
    };
    expect(ofArchive(elsewhere, open).verdict).toBe('unknown');
  });
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html */
describe('what AWS copies is no better kept than the copy', () => {
  const to = (Bucket: unknown, Status = 'Enabled') =>
    archive({ ReplicationConfiguration: { Role: 'r', Rules: [{ Status, Destination: { Bucket } }] } }, gate('s3:*'));
  const Copy = resource('AWS::S3::Bucket', { BucketName: 'copy' });
  const copied = { 'Fn::GetAtt': ['Copy', 'Arn'] };
  test.each<[string, Resources, string]>([
    ['to a bucket that no template shows', to('arn:aws:s3:::elsewhere'), 'unknown'],
    ['to one that is open', { ...to(copied), Copy }, 'violated'],
    ['to one that is open, by name', { ...to('arn:aws:s3:::copy'), Copy }, 'violated'],
    [
      'to one that is closed',
      { ...to(copied), Copy, Closed: resource('AWS::S3::BucketPolicy', { Bucket: 'copy', ...document(gate('s3:*')) }) },
      'proved',
    ],
    ['no more', to('arn:aws:s3:::elsewhere', 'Disabled'), 'proved'],
  ])('a bucket, %s', (_, resources, verdict) => {
    expect(ofArchive(resources).verdict).toBe(verdict);
  });

  /** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/access-control-resource-based.html */
  const closed = { ResourcePolicy: document(gate('dynamodb:*')) };
  const StreamSpecification = { StreamViewType: 'NEW_IMAGE' };
  const ARN = 'arn:aws:dynamodb:eu-west-2:111122223333:table/visits';
  const indexed = (...Resource: string[]) => ({
    GlobalSecondaryIndexes: [{ IndexName: 'byPatient' }],
    ResourcePolicy: document(gate('dynamodb:*', { Resource })),
  });
  const home = { Region: 'eu-west-2', ...closed };
  const global = (...Replicas: object[]) => resource('AWS::DynamoDB::GlobalTable', { TableName: 'visits', Replicas });
  const table = (properties: object) => resource('AWS::DynamoDB::Table', { TableName: 'visits', ...properties });
  test.each([
    ['alone', table(closed), 'proved'],
    ['and its stream, with no policy of its own', table({ ...closed, StreamSpecification }), 'violated'],
    [
      'and its stream, with one',
      table({ ...closed, StreamSpecification: { ...StreamSpecification, ...closed } }),
      'proved',
    ],
    ['and Kinesis', table({ ...closed, KinesisStreamSpecification: { StreamArn: 'x' } }), 'unknown'],
    ['and not its indexes', table(indexed(ARN)), 'unknown'],
    ['and its indexes', table(indexed(ARN, `${ARN}/index/*`)), 'proved'],
    ['in one region', global(home), 'proved'],
    ['in one region, open', global({ Region: 'eu-west-2' }), 'violated'],
    ['and a replica that is open', global({ Region: 'eu-west-1' }, home), 'violated'],
    ['and a replica that is closed', global({ Region: 'eu-west-1', ...closed }, home), 'proved'],
  ])('a table, %s', (_, Visits, verdict) => {
    expect(judged('{ dynamodb: [visits] }', { Visits }, 'dynamodb:visits').claim().verdict).toBe(verdict);
  });
});

describe('queues and topics are kept as buckets are', () => {
  test.each([
    ['sqs', 'AWS::SQS::Queue', 'QueueName', 'AWS::SQS::QueuePolicy', 'Queues'],
    ['sns', 'AWS::SNS::Topic', 'TopicName', 'AWS::SNS::TopicPolicy', 'Topics'],
  ])('%s', (service, type, name, policyType, list) => {
    const Orders = resource(type, { [name]: 'orders' });
    const of = (resources: Resources) =>
      judged(`{ ${service}: [orders] }`, { Orders, ...resources }, `${service}:orders`);
    const policy = (statement: object) => resource(policyType, { [list]: [{ Ref: 'Orders' }], ...document(statement) });
    expect(of({}).claim().verdict).toBe('violated');
    expect(of({ Policy: policy(gate(`${service}:*`)) }).claim().verdict).toBe('proved');
    const anyone = of({ Policy: policy({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }) }).claim();
    expect(anyone).toMatchObject({ verdict: 'violated', because: [expect.stringContaining('everyone')] });
  });
});

describe('what a queue cannot deliver, and what a key of another region decrypts, is kept there', () => {
  const DeadLetters = resource('AWS::SQS::Queue');
  const closed = (...ids: string[]) => ({
    Policy: resource('AWS::SQS::QueuePolicy', { Queues: ids.map((Ref) => ({ Ref })), ...document(gate('sqs:*')) }),
  });
  const orders = (deadLetterTargetArn: unknown) =>
    resource('AWS::SQS::Queue', { QueueName: 'orders', RedrivePolicy: { deadLetterTargetArn } });
  const shown = { 'Fn::GetAtt': ['DeadLetters', 'Arn'] };
  test.each<[string, Resources, string]>([
    ['in one that is open', { Orders: orders(shown), DeadLetters, ...closed('Orders') }, 'violated'],
    ['in one that is closed', { Orders: orders(shown), DeadLetters, ...closed('Orders', 'DeadLetters') }, 'proved'],
    [
      'in one that no template shows',
      { Orders: orders('arn:aws:sqs:eu-west-2:1:lost'), ...closed('Orders') },
      'unknown',
    ],
  ])('a queue, %s', (_, resources, verdict) => {
    expect(judged('{ sqs: [orders] }', resources, 'sqs:orders').claim().verdict).toBe(verdict);
  });

  test('a key', () => {
    const KeyPolicy = document(gate('kms:*')).PolicyDocument;
    const replica = (more: object) => ({
      Key: resource('AWS::KMS::Key', { KeyPolicy, MultiRegion: true }),
      Twin: resource('AWS::KMS::ReplicaKey', { PrimaryKeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] }, ...more }),
    });
    const ofKey = (more: object) => judged('{ kms: [Key] }', replica(more), 'kms:S.Key').claim().verdict;
    expect(ofKey({ KeyPolicy })).toBe('proved');
    expect(
      ofKey({ KeyPolicy: { Statement: [{ Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' }] } }),
    ).toBe('violated');
  });
});

describe('what may be what a zone keeps is not passed over', () => {
  test('a bucket whose name only a parameter says may be the one that the zone names', () => {
    const parameters = { Parameters: { Name: { Type: 'String' } } };
    const named = (...statements: object[]) =>
      judged('{ s3: [archive] }', archive({ BucketName: { Ref: 'Name' } }, ...statements), 's3:S.Archive', {
        parameters,
      });
    expect(named().claim().verdict).toBe('unknown');
    const { claims, assumptions } = named(gate('s3:*')).result;
    expect(claims.filter(({ id }) => id.startsWith('data/'))).toEqual([]);
    expect(assumptions.join()).toContain('no template shows the policy of s3 archive');
  });

  test('a zone that names no bucket may keep its data in one that is open to everyone, unless another zone names that', () => {
    const everyone = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: '*' };
    const site = archive({ PublicAccessBlockConfiguration: {} }, everyone);
    expect(judged('s3', site, 's3:archive').claim().verdict).toBe('unknown');
    const claims = (resources: Resources, guests: string) =>
      judged('s3', resources, '', { guests }).result.claims.filter(({ id }) => id.startsWith('data/'));
    expect(claims(site, '[{ s3: [archive] }]')).toEqual([]);
    expect(claims(archive({}, everyone), '[]')).toEqual([]);
  });
});

describe('what answers the internet in no VPC is in no zone, and is not passed over', () => {
  const inVpc = { VPCOptions: { SubnetIds: [{ Ref: 'EhrSubnet' }] } };
  const network = (AllowFromPublic: boolean) => ({
    ...{ Name: 'charts', Type: 'network' },
    Policy: JSON.stringify([{ Rules: [], AllowFromPublic }]),
  });
  test.each([
    ['a domain of OpenSearch', resource('AWS::OpenSearchService::Domain'), ['data/es:S.Index']],
    ['a domain in subnets', resource('AWS::OpenSearchService::Domain', inVpc), []],
    [
      'a public graph',
      resource('AWS::NeptuneGraph::Graph', { PublicConnectivity: true }),
      ['data/neptune-graph:S.Index'],
    ],
    ['a private graph', resource('AWS::NeptuneGraph::Graph', { PublicConnectivity: false }), []],
    ['a cluster of Aurora DSQL', resource('AWS::DSQL::Cluster'), ['data/dsql:S.Index']],
    ['public collections', resource('AWS::OpenSearchServerless::SecurityPolicy', network(true)), ['data/aoss:S.Index']],
    [
      'public collections, if it is of that type',
      resource('AWS::OpenSearchServerless::SecurityPolicy', {
        ...network(true),
        Type: { 'Fn::ImportValue': 'TypeOfAnotherStack' },
      }),
      ['data/aoss:S.Index'],
    ],
    ['private collections', resource('AWS::OpenSearchServerless::SecurityPolicy', network(false)), []],
  ])('%s', (_, Index, expected) => {
    const of = (guests: string) =>
      judged('s3', { Index }, '', { guests }).result.claims.filter(({ id }) => id.startsWith('data/'));
    expect(of('[]').map(({ id }) => id)).toEqual(expected);
    expect(of('[]').every(({ verdict }) => verdict === 'unknown')).toBe(true);
    expect(of('[{ es: [Index] }, { neptune-graph: [Index] }, { dsql: [Index] }, { aoss: [Index] }]')).toEqual([]);
  });
});

describe('an endpoint is judged for whoever may come by it', () => {
  const perhaps = {
    Parameters: { Which: { Type: 'String' } },
    Conditions: { C: { 'Fn::Equals': [{ Ref: 'Which' }, 'a'] } },
  };
  const Table = resource('AWS::EC2::RouteTable', { VpcId: { Ref: 'Ehr' } });
  const On = resource('AWS::EC2::SubnetRouteTableAssociation', {
    SubnetId: { Ref: 'EhrSubnet' },
    RouteTableId: { Ref: 'Table' },
  });
  const gateway = (RouteTableIds: unknown[], more: object = {}) => ({
    ...resource('AWS::EC2::VPCEndpoint', {
      VpcId: { Ref: 'Ehr' },
      ServiceName: 'com.amazonaws.eu-west-2.s3',
      RouteTableIds,
    }),
    ...more,
  });
  const verdictOf = (Endpoint: Resources[string]) =>
    judged('s3', { Table, On, Endpoint }, '', { parameters: perhaps }).result.claims.find(
      ({ id }) => id === 'policy/ehr/aws:s3',
    )?.verdict ?? 'proved';
  test.each([
    ['in the table', gateway([{ Ref: 'Table' }]), 'violated'],
    ['in no table', gateway([]), 'proved'],
    ['perhaps in the table', gateway([{ 'Fn::If': ['C', { Ref: 'Table' }, { Ref: 'AWS::NoValue' }] }]), 'unknown'],
    ['perhaps', gateway([{ Ref: 'Table' }], { Condition: 'C' }), 'unknown'],
  ])('a gateway endpoint without a policy, %s', (_, endpoint, verdict) => {
    expect(verdictOf(endpoint)).toBe(verdict);
  });

  test('an interface endpoint of another VPC, where packets get to it', () => {
    const peer = { VpcPeeringConnectionId: { Ref: 'Peering' } };
    const central: Resources = {
      Table,
      On,
      Peering: resource('AWS::EC2::VPCPeeringConnection', { VpcId: { Ref: 'Guest' }, PeerVpcId: { Ref: 'Ehr' } }),
      There: resource('AWS::EC2::Route', {
        RouteTableId: { Ref: 'Table' },
        DestinationCidrBlock: '10.1.0.0/16',
        ...peer,
      }),
      Central: resource('AWS::EC2::VPCEndpoint', {
        ...{ VpcId: { Ref: 'Guest' }, VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.eu-west-2.s3' },
        ...{ SubnetIds: [{ Ref: 'GuestSubnet' }], SecurityGroupIds: [{ Ref: 'Admits' }] },
      }),
      Admits: resource('AWS::EC2::SecurityGroup', {
        ...{ VpcId: { Ref: 'Guest' }, GroupDescription: 'Endpoints' },
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.2.0.0/16' }],
      }),
    };
    const back = {
      Back: resource('AWS::EC2::RouteTable', { VpcId: { Ref: 'Guest' } }),
      Again: resource('AWS::EC2::Route', {
        RouteTableId: { Ref: 'Back' },
        DestinationCidrBlock: '10.2.0.0/16',
        ...peer,
      }),
      OnBack: resource('AWS::EC2::SubnetRouteTableAssociation', {
        ...{ SubnetId: { Ref: 'GuestSubnet' }, RouteTableId: { Ref: 'Back' } },
      }),
    };
    const policies = (resources: Resources) =>
      judged('s3', resources, '').result.claims.filter(({ id }) => id === 'policy/ehr/aws:s3');
    const { There, ...rest } = central;
    const apart: Resources = { ...rest, ...back };
    expect(policies({ ...central, ...back })).toMatchObject([{ verdict: 'unknown', from: 'ehr' }]);
    expect(policies(apart)).toEqual([]);
  });
});
