/**
 * Decision 312 for doors: what one template opens and only a parameter without a value names may be what another one makes.
 */
import { readNetwork } from '../../lib/evidence/template';
import { ACCOUNT, arn, BASE, letsIn, OTHER, type Resources, ref, resource, ZONES } from './copied-estate';
import { verify } from './scenario';

const Fn = resource('AWS::Lambda::Function', {
  VpcConfig: { SubnetIds: [ref('EhrSubnet')], SecurityGroupIds: [ref('EhrGroup')] },
});
const told = { Fn, Told: resource('AWS::SNS::Topic', { Subscription: [{ Protocol: 'lambda', Endpoint: arn('Fn') }] }) };

function verdictOf(other: Resources, own: Resources = { Fn }) {
  const parameters = { Named: { Type: 'String' } };
  const files = [
    { stack: 'Net', file: 'net.json', text: JSON.stringify({ Resources: { ...BASE, ...own } }) },
    { stack: 'App', file: 'app.json', text: JSON.stringify({ Parameters: parameters, Resources: other }) },
  ].map((file) => ({ ...file, account: ACCOUNT, region: 'eu-west-2' }));
  const { claims } = verify(ZONES('', ''), readNetwork(files, { region: 'eu-west-2' }).network);
  const open = claims.filter(({ id, verdict }) => verdict !== 'proved' && /^(?:copy|isolation)\//.test(id));
  return { verdict: open[0]?.verdict ?? 'proved', because: open.flatMap(({ because }) => because).join() };
}

const named = ref('Named');
const topic = (policy?: object): Resources => ({
  Topic: resource('AWS::SNS::Topic'),
  ...(policy && { Policy: resource('AWS::SNS::TopicPolicy', { Topics: [ref('Topic')], PolicyDocument: policy }) }),
  Way: resource('AWS::SNS::Subscription', { TopicArn: ref('Topic'), Protocol: 'lambda', Endpoint: named }),
});
const integrated = (Type: string): Resources => ({
  Way: resource('AWS::ApiGatewayV2::Integration', { ApiId: 'abc', IntegrationType: Type, IntegrationUri: named }),
});

interface Row {
  readonly name: string;
  readonly other: Resources;
  readonly verdict: 'proved' | 'unknown';
  readonly own?: Resources;
}
const row = (name: string, other: Resources, verdict: Row['verdict'], own?: Resources): Row => ({
  ...{ name, other, verdict },
  ...(own && { own }),
});

test.each<Row>([
  row('a URL', { Way: resource('AWS::Lambda::Url', { TargetFunctionArn: named, AuthType: 'NONE' }) }, 'unknown'),
  row(
    'a permission for everyone',
    {
      Way: resource('AWS::Lambda::Permission', {
        Action: 'lambda:InvokeFunction',
        Principal: '*',
        FunctionName: named,
      }),
    },
    'unknown',
  ),
  row('an API before a function', integrated('AWS_PROXY'), 'unknown'),
  row('an API before a server', integrated('HTTP_PROXY'), 'proved'),
  row('sign-ups', { Way: resource('AWS::Cognito::UserPool', { LambdaConfig: { PreSignUp: named } }) }, 'unknown'),
  row('a name that is no function', { Way: resource('AWS::Cognito::UserPool', { UserPoolName: named }) }, 'proved'),
  row('a topic that is open', topic(letsIn('*', 'sns:Publish')), 'unknown'),
  row('a topic', topic(), 'proved'),
  row(
    'a policy that is open',
    { Way: resource('AWS::SNS::TopicPolicy', { Topics: [named], PolicyDocument: letsIn('*', 'sns:Publish') }) },
    'unknown',
    told,
  ),
  row(
    'a policy that is closed',
    {
      Way: resource('AWS::SNS::TopicPolicy', {
        Topics: [named],
        PolicyDocument: letsIn({ AWS: ACCOUNT }, 'sns:Publish'),
      }),
    },
    'proved',
    told,
  ),
  row(
    'a global cluster',
    { Way: resource('AWS::RDS::GlobalCluster', { SourceDBClusterIdentifier: named }) },
    'unknown',
  ),
  row(
    'a task from files',
    {
      From: resource('AWS::DataSync::LocationEFS', { EfsFilesystemArn: named }),
      To: resource('AWS::DataSync::LocationS3', { S3BucketArn: `arn:aws:s3:::elsewhere-${OTHER}` }),
      Way: resource('AWS::DataSync::Task', { SourceLocationArn: ref('From'), DestinationLocationArn: ref('To') }),
    },
    'unknown',
  ),
  row(
    'a user of a file server',
    {
      Server: resource('AWS::Transfer::Server', { EndpointType: 'VPC', Domain: 'EFS' }),
      Way: resource('AWS::Transfer::User', { ServerId: arn('Server', 'ServerId'), HomeDirectory: named }),
    },
    'unknown',
  ),
  row(
    'a user of a server of buckets',
    {
      Server: resource('AWS::Transfer::Server', { EndpointType: 'VPC' }),
      Way: resource('AWS::Transfer::User', { ServerId: arn('Server', 'ServerId'), HomeDirectory: named }),
    },
    'proved',
  ),
])('$name', ({ other, verdict, own }) => {
  expect(verdictOf(other, own).verdict).toBe(verdict);
});

test('the parameter is named', () => {
  const { because } = verdictOf({ Way: resource('AWS::Lambda::Url', { TargetFunctionArn: named, AuthType: 'NONE' }) });
  expect(because).toMatch(/App\.Way.*Named/);
});
