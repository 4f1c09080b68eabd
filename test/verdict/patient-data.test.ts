import type { PolicyDocument } from '../../lib/evidence/network';
import { unknown } from '../../lib/evidence/network';
import { scopesOf } from '../../lib/verdict/endpoint-scope';
import { NetworkBuilder } from '../fixtures/network-builder';
import { claim, verify } from './scenario';

/** Two zones, each with a gateway endpoint of S3; the chart keeps patient data in one bucket. */
const ZONES = (named: string) => `
cordon: 1
estate: clinic
region: eu-west-2
zones:
  guest:
    purpose: Visitors' phones
    at: { template: { vpcs: [Guest] } }
    trust: restricted
    data: none
    awsServices: [s3]
  ehr:
    purpose: The chart
    at: { template: { vpcs: [Ehr] } }
    trust: trusted
    data: phi
    awsServices: [${named}]
`;
const NAMED = ZONES('{ s3: [chart-archive] }');
const ANY = ZONES('s3');

/** A reference inside of a text, as the reader leaves it; `?` before a parameter without a value. */
const hole = (inside: string) => `$\{${inside}}`;
const policy = (...Statement: object[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const OWN = 'arn:aws:s3:::chart-archive/*';
const CALLERS = hole('aws:PrincipalOrgID');
const allow = (Resource: unknown, Condition?: object) => ({
  Effect: 'Allow',
  Principal: '*',
  Action: 's3:*',
  Resource,
  ...(Condition ? { Condition } : {}),
});
const deny = (Resource: unknown, Condition?: object, more: object = {}) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource,
  ...(Condition ? { Condition } : {}),
  ...more,
});

function estate(endpoint: PolicyDocument | undefined, bucket?: readonly PolicyDocument[], name = 'chart-archive') {
  const builder = new NetworkBuilder()
    .vpc('Guest', '10.1.0.0/16')
    .vpc('Ehr', '10.2.0.0/16')
    .table('GuestTable', 'Guest', [])
    .table('EhrTable', 'Ehr', [])
    .subnet('GuestSubnet', 'Guest', '10.1.0.0/24', { table: 'GuestTable' })
    .subnet('EhrSubnet', 'Ehr', '10.2.0.0/24', { table: 'EhrTable' })
    .gatewayEndpoint('GuestS3', 'Guest', 's3', { routeTables: ['GuestTable'] })
    .gatewayEndpoint('EhrS3', 'Ehr', 's3', { routeTables: ['EhrTable'], ...(endpoint ? { policy: endpoint } : {}) });
  if (bucket) builder.dataStore('Net.Archive', 's3', { name, policies: bucket });
  return builder.build();
}

/** `proved` where no claim is made of the endpoints: there is nothing to say against them. */
function endpointVerdict(zones: string, endpoint: PolicyDocument | undefined, bucket?: readonly PolicyDocument[]) {
  const { claims } = verify(zones, estate(endpoint, bucket));
  return claims.find(({ id }) => id === 'policy/ehr/aws:s3')?.verdict ?? 'proved';
}

describe("fact 38: an endpoint's policy leads to the resources that the zone names and to no others", () => {
  test.each([
    ['no policy', undefined, 'violated', 'violated'],
    ['everything', policy(allow('*')), 'violated', 'violated'],
    ['every bucket, by ARN', policy(allow('arn:aws:s3:::*')), 'violated', 'violated'],
    ['the bucket', policy(allow(['arn:aws:s3:::chart-archive', OWN])), 'proved', 'proved'],
    ['another bucket', policy(allow([OWN, 'arn:aws:s3:::public-drop/*'])), 'violated', 'proved'],
    ['buckets of that beginning, anybody’s', policy(allow('arn:aws:s3:::chart-*')), 'violated', 'violated'],
    [
      'all of the account',
      policy(allow('*', { StringEquals: { 'aws:ResourceAccount': '111122223333' } })),
      'violated',
      'proved',
    ],
    [
      'all of the organization',
      policy(allow('*', { StringEquals: { 'aws:ResourceOrgID': 'o-1' } })),
      'violated',
      'proved',
    ],
    [
      'everyone’s, for our own principals',
      policy(allow('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } })),
      'violated',
      'violated',
    ],
    [
      'everyone’s, in one region',
      policy(allow('*', { StringEquals: { 'aws:RequestedRegion': 'eu-west-2' } })),
      'violated',
      'violated',
    ],
    [
      'everything, and a denial of what is not the account’s',
      policy(allow('*'), deny('*', { StringNotEquals: { 'aws:ResourceAccount': '1' } })),
      'violated',
      'proved',
    ],
    [
      'everything, and a denial of all but the bucket',
      policy(allow('*'), {
        Effect: 'Deny',
        Principal: '*',
        Action: '*',
        NotResource: ['arn:aws:s3:::chart-archive', OWN],
      }),
      'proved',
      'proved',
    ],
    [
      'everything, and a denial of deleting',
      policy(allow('*'), deny('*', undefined, { Action: 's3:DeleteObject' })),
      'violated',
      'violated',
    ],
    [
      'all but one bucket',
      policy({ Effect: 'Allow', Principal: '*', Action: '*', NotResource: 'arn:aws:s3:::secrets/*' }),
      'violated',
      'violated',
    ],
    ['by a tag', policy(allow('*', { StringEquals: { 's3:ExistingObjectTag/team': 'chart' } })), 'unknown', 'unknown'],
    ['a bucket that a parameter names', policy(allow(`arn:aws:s3:::${hole('?Net.Name')}/*`)), 'unknown', 'unknown'],
    ['whose condition is not known', policy(allow('*', unknown('not given') as object)), 'unknown', 'unknown'],
    [
      'with a denial that is not understood',
      policy(allow('*'), deny('*', { StringNotEquals: { 'aws:ResourceAccount': '1', 'aws:PrincipalTag/x': 'y' } })),
      'unknown',
      'unknown',
    ],
  ] as const)('%s', (_, endpoint, whereNamed, whereNot) => {
    expect([endpointVerdict(NAMED, endpoint), endpointVerdict(ANY, endpoint)]).toEqual([whereNamed, whereNot]);
  });

  test('a bucket of the templates is known by the name that the template gives it', () => {
    const byReference = policy(allow([{ 'Fn::GetAtt': ['Net.Archive', 'Arn'] }, `${hole('Net.Archive.Arn')}/*`]));
    expect(endpointVerdict(NAMED, byReference, [])).toBe('proved');
    const other = claim(verify(NAMED, estate(byReference, [], 'public-drop')), 'policy/ehr/aws:s3');
    expect(other.verdict).toBe('violated');
    expect(other.because.join()).toContain('Net.Archive');
  });

  test('tables and secrets are named with their account', () => {
    const table = (account: string) =>
      scopesOf(
        policy({
          Effect: 'Allow',
          Principal: '*',
          Action: '*',
          Resource: `arn:aws:dynamodb:eu-west-2:${account}:table/visits`,
        }),
        'dynamodb',
      );
    expect(table('111122223333')).toEqual([{ kind: 'named', names: ['visits'] }]);
    expect(table('*')).toEqual([{ kind: 'everyone' }]);
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html, and …_condition_operators.html */
describe('fact 38: a condition on whose a resource is makes it ours where it names the owner in full, whatever is missing', () => {
  const like = (key: string, value: string) => policy(allow('*', { StringLike: { [key]: value } }));
  const denied = (operator: string, key: string, value: unknown) =>
    policy(allow('*'), deny('*', { [operator]: { [key]: value } }));
  test.each([
    ['accounts that begin so', like('aws:ResourceAccount', '1*'), 'unknown'],
    ['any organization', like('aws:ResourceOrgID', 'o-*'), 'unknown'],
    ['a unit of any organization', like('aws:ResourceOrgPaths', '*/ou-1/*'), 'unknown'],
    [
      'a unit of ours',
      policy(allow('*', { 'ForAnyValue:StringLike': { 'aws:ResourceOrgPaths': 'o-1/r-1/*' } })),
      'proved',
    ],
    [
      'an organization, where the owner has one',
      policy(allow('*', { StringEqualsIfExists: { 'aws:ResourceOrgID': 'o-1' } })),
      'unknown',
    ],
    [
      'the organization of whoever calls',
      policy(allow('*', { StringEquals: { 'aws:ResourceOrgID': CALLERS } })),
      'unknown',
    ],
    [
      'the organization of whoever calls, and that is ours',
      policy(allow('*', { StringEquals: { 'aws:ResourceOrgID': CALLERS, 'aws:PrincipalOrgID': 'o-1' } })),
      'proved',
    ],
    ['a denial of other organizations', denied('StringNotEquals', 'aws:ResourceOrgID', 'o-1'), 'proved'],
    [
      'a denial that asks for any value: a stranger of no organization has none',
      denied('ForAnyValue:StringNotLike', 'aws:ResourceOrgPaths', 'o-1/r-1/*'),
      'unknown',
    ],
    [
      'a denial that excepts accounts that begin so',
      denied('StringNotLike', 'aws:ResourceAccount', ['111122223333', '9*']),
      'unknown',
    ],
  ] as const)('%s', (_, endpoint, verdict) => {
    expect(endpointVerdict(ANY, endpoint)).toBe(verdict);
  });
});

/** https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
describe('fact 38: an ARN in the policy of an endpoint is as wide as it is written', () => {
  test.each([
    ['anything', 'arn:*', 'everyone'],
    ['anything of S3', 'arn:aws:s3*', 'everyone'],
    ['anything, twice', '**', 'everyone'],
    ["anyone's access points", 'arn:aws:s3:*:*:accesspoint/*', 'everyone'],
    ['buckets that begin like ours', `${hole('Net.Archive.Arn')}*`, 'everyone'],
    ['an access point of ours', 'arn:aws:s3:eu-west-2:111122223333:accesspoint/wards/object/*', 'named'],
  ])('%s', (_, resource, kind) => {
    expect(scopesOf(policy(allow(resource)), 's3')).toMatchObject([{ kind }]);
  });

  const ours = (service: string, rest: string, account = '111122223333') =>
    scopesOf(
      policy({ ...allow(`arn:aws:${service}:eu-west-2:${account}:${rest}`), Action: '*' }),
      service === 'kinesis' ? 'kinesis-streams' : service,
    );
  test.each([
    ['dynamodb', 'table/visits/index/*', 'visits'],
    ['secretsmanager', 'secret:database-??????', 'database'],
    ['sqs', 'orders', 'orders'],
    ['sns', 'results', 'results'],
    ['kinesis', 'stream/vitals', 'vitals'],
    ['healthlake', 'datastore/fhir/0abc', '0abc'],
    ['medical-imaging', 'datastore/0abc/imageset/*', '0abc'],
  ])('%s %s is called %s', (service, rest, name) => {
    expect(ours(service, rest)).toEqual([{ kind: 'named', names: [name] }]);
    expect(ours(service, rest, '1*')).toEqual([{ kind: 'everyone' }]);
  });

  test("all tables of our account are ours, and what tells nothing but names is nobody's data", () => {
    expect(ours('dynamodb', 'table/*')).toMatchObject([{ kind: 'named' }]);
    const lists = { ...allow('*'), Action: 's3:ListAllMyBuckets' };
    expect(endpointVerdict(NAMED, policy(allow(OWN), lists))).toBe('proved');
    expect(endpointVerdict(NAMED, policy(allow(OWN), { ...allow('*'), Action: 'dynamodb:*' }))).toBe('proved');
    expect(endpointVerdict(NAMED, policy(allow(OWN), { ...allow('*'), Action: '?3:*' }))).toBe('violated');
  });

  test('a name that holds the account, which nothing says, may be the one that the zone names', () => {
    const named = (name: string) =>
      endpointVerdict(ZONES(`{ s3: [${name}] }`), policy(allow('arn:aws:s3:::chart-unknown-account/*')));
    expect(named('chart-111122223333')).toBe('unknown');
    expect(named('chart-archive')).toBe('violated');
  });
});

test('fact 38: log groups and functions are those of whoever calls: everyone but some, or nobody knows who, is anyone', () => {
  const scope = (Principal: object) =>
    scopesOf(policy({ ...allow('*'), Principal: undefined, ...Principal }), 'logs', { callersDecide: true });
  const role = { AWS: 'arn:aws:iam::111122223333:role/chart' };
  expect(scope({ Principal: role })).toEqual([{ kind: 'own' }]);
  expect(scope({ NotPrincipal: role })).toEqual([{ kind: 'everyone' }]);
  expect(scope({ Principal: { AWS: unknown('not given') } })).toMatchObject([{ kind: 'unknown' }]);
});

describe("fact 38: a bucket's own policy asks where a call comes from", () => {
  const CLOSED = policy(allow(OWN));
  const by = (key: string, value: unknown, operator = 'StringNotEquals') =>
    policy(deny([OWN, 'arn:aws:s3:::chart-archive'], { [operator]: { [key]: value } }));
  const everything = policy(allow(OWN));

  test.each([
    ['no policy: credentials are all it takes', [], 'violated'],
    ['everyone who does not come by the zone’s endpoint is denied', [by('aws:SourceVpce', { Ref: 'EhrS3' })], 'proved'],
    ['everyone from outside of the zone’s VPC is denied', [by('aws:SourceVpc', { Ref: 'Ehr' })], 'proved'],
    [
      'either will do',
      [
        policy(
          deny('*', {
            StringNotEqualsIfExists: { 'aws:SourceVpce': [{ Ref: 'EhrS3' }], 'aws:SourceVpc': { Ref: 'Ehr' } },
          }),
        ),
      ],
      'proved',
    ],
    [
      'AWS’s own calls may pass',
      [
        policy(
          deny(OWN, {
            StringNotEquals: { 'aws:SourceVpce': { Ref: 'EhrS3' } },
            Bool: { 'aws:PrincipalIsAWSService': 'false' },
          }),
        ),
      ],
      'proved',
    ],
    [
      'another zone’s endpoint is let in too',
      [by('aws:SourceVpce', [{ Ref: 'EhrS3' }, { Ref: 'GuestS3' }])],
      'violated',
    ],
    ['an endpoint that no template shows', [by('aws:SourceVpce', 'vpce-0abc')], 'unknown'],
    ['a parameter says which', [by('aws:SourceVpce', hole('?Net.Endpoint'))], 'unknown'],
    ['the whole policy is not known', [unknown('a condition decides') as unknown as PolicyDocument], 'unknown'],
    [
      'a permission that asks is no gate',
      [policy(allow(OWN, { StringEquals: { 'aws:SourceVpce': { Ref: 'EhrS3' } } }))],
      'violated',
    ],
    [
      'who calls is not where from',
      [policy(deny(OWN, { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } }))],
      'violated',
    ],
    [
      'only reading is denied',
      [policy(deny(OWN, { StringNotEquals: { 'aws:SourceVpce': { Ref: 'EhrS3' } } }, { Action: 's3:GetObject' }))],
      'unknown',
    ],
    [
      'some principals are excepted',
      [
        policy(
          deny(OWN, {
            StringNotEquals: { 'aws:SourceVpce': { Ref: 'EhrS3' } },
            ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::1:role/Admin' },
          }),
        ),
      ],
      'unknown',
    ],
    [
      'another bucket’s objects',
      [policy(deny('arn:aws:s3:::other/*', { StringNotEquals: { 'aws:SourceVpce': { Ref: 'EhrS3' } } }))],
      'unknown',
    ],
    ['everyone is let in', [everything], 'violated'],
  ] as const)('%s', (_, policies, verdict) => {
    const found = claim(verify(NAMED, estate(CLOSED, policies)), 'data/ehr/s3:chart-archive');
    expect(found.verdict).toBe(verdict);
  });

  test('a public bucket is said to be one, unless AWS refuses to make it so', () => {
    const because = (refusesEveryone: boolean) => {
      const network = estate(CLOSED, [everything]);
      const dataStores = network.dataStores.map((store) => ({ ...store, refusesEveryone }));
      return claim(verify(NAMED, { ...network, dataStores }), 'data/ehr/s3:chart-archive').because.join();
    };
    expect(because(false)).toContain('everyone on the internet');
    expect(because(true)).not.toContain('everyone on the internet');
  });

  test('what no template shows is an assumption, and named', () => {
    const { assumptions } = verify(NAMED, estate(CLOSED));
    expect(assumptions.join('\n')).toContain('chart-archive');
  });
});
