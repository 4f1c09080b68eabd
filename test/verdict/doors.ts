/**
 * AWS's own doors to what stands in a zone with patient data: each made open and made closed, beside a database, a file
 * system and a cache of the chart.
 */
import { ACCOUNT, arn, GATED, letsIn, OTHER, type Resources, ref, resource } from './copied-estate';

export interface Door {
  readonly group: string;
  readonly name: string;
  /** what the zone declares to use of AWS, in both cases */
  readonly uses?: string;
  readonly open: readonly [says: string, resources: Resources];
  /** absent: it has no closed form that the model knows */
  readonly closed?: readonly [says: string, resources: Resources];
  /** of the open form; `unknown` where IAM or something else that no template shows decides of the rest */
  readonly verdict: 'violated' | 'unknown';
}

const SubnetIds = [ref('EhrSubnet')];
const SecurityGroupIds = [ref('EhrGroup')];
const placed = { SubnetIds, SecurityGroupIds };
const named = { Subnets: SubnetIds, SecurityGroups: SecurityGroupIds };
const inVpc = { VpcId: ref('Ehr'), Subnets: SubnetIds, SecurityGroupIds };
const one = (Type: string, Properties: object = {}): Resources => ({ Way: resource(Type, Properties) });
const Fn = resource('AWS::Lambda::Function', { VpcConfig: placed });

const service = (EnableExecuteCommand: boolean) =>
  one('AWS::ECS::Service', {
    ...{ LaunchType: 'FARGATE', EnableExecuteCommand },
    NetworkConfiguration: { AwsvpcConfiguration: named },
  });
const onInstances = (EnableExecuteCommand: boolean): Resources => ({
  Cluster: resource('AWS::ECS::Cluster', { ClusterName: 'wards' }),
  Recipe: resource('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: {
      SecurityGroupIds,
      UserData: { 'Fn::Base64': 'echo ECS_CLUSTER=wards >> /etc/ecs/ecs.config' },
    },
  }),
  Hosts: resource('AWS::AutoScaling::AutoScalingGroup', {
    ...{ VPCZoneIdentifier: SubnetIds, LaunchTemplate: { LaunchTemplateId: ref('Recipe'), Version: '1' } },
  }),
  Way: resource('AWS::ECS::Service', { Cluster: ref('Cluster'), LaunchType: 'EC2', EnableExecuteCommand }),
});
const scheduled = (EnableExecuteCommand: boolean) =>
  one('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(1 hour)',
    Target: { EcsParameters: { EnableExecuteCommand, NetworkConfiguration: { AwsvpcConfiguration: named } } },
  });
const build = (more: object) =>
  one('AWS::CodeBuild::Project', { VpcConfig: inVpc, Source: { Type: 'GITHUB' }, ...more });
const hooked = (...filters: object[]) =>
  build({ Triggers: { Webhook: true, ...(filters[0] && { FilterGroups: [filters] }) } });
const notebook = (more: object) =>
  one('AWS::SageMaker::NotebookInstance', { SubnetId: ref('EhrSubnet'), SecurityGroupIds, ...more });
const emr = (more: object) => one('AWS::EMRServerless::Application', { NetworkConfiguration: placed, ...more });
const airflow = (WebserverAccessMode: string) =>
  one('AWS::MWAA::Environment', { WebserverAccessMode, NetworkConfiguration: placed });
const kubernetes = (EndpointPublicAccess: boolean) =>
  one('AWS::EKS::Cluster', { ResourcesVpcConfig: { ...placed, EndpointPublicAccess, EndpointPrivateAccess: true } });
const desktops = (more: Resources): Resources => ({
  Users: resource('AWS::DirectoryService::MicrosoftAD', { VpcSettings: { VpcId: ref('Ehr'), SubnetIds } }),
  ...more,
});

const SHELLS = 'Shells, desktops and builds that stand in a VPC';
const CALLS = 'What is called from beyond the VPC';
const APIS = 'What is reached through APIs';

const shells: readonly Omit<Door, 'group'>[] = [
  { name: 'ECS Exec', open: ['on', service(true)], closed: ['off', service(false)], verdict: 'unknown' },
  {
    name: 'ECS Exec, tasks on instances',
    open: ['on', onInstances(true)],
    closed: ['off', onInstances(false)],
    verdict: 'unknown',
  },
  {
    name: 'ECS Exec, scheduled tasks',
    open: ['on', scheduled(true)],
    closed: ['off', scheduled(false)],
    verdict: 'unknown',
  },
  {
    name: 'Instance Connect endpoint',
    open: ['one', one('AWS::EC2::InstanceConnectEndpoint', { SubnetId: ref('EhrSubnet'), SecurityGroupIds })],
    verdict: 'unknown',
  },
  {
    name: 'Systems Manager sessions',
    open: [
      'an endpoint that the zone does not declare',
      {
        Agents: resource('AWS::EC2::SecurityGroup', {
          ...{ VpcId: ref('Ehr'), GroupDescription: 'agents' },
          SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.2.0.0/16' }],
        }),
        ...one('AWS::EC2::VPCEndpoint', {
          ...{ VpcId: ref('Ehr'), VpcEndpointType: 'Interface', SubnetIds, SecurityGroupIds: [ref('Agents')] },
          ServiceName: 'com.amazonaws.eu-west-2.ssmmessages',
        }),
      },
    ],
    closed: [
      'a role for sessions, and no way to the service',
      one('AWS::IAM::Role', { ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore'] }),
    ],
    verdict: 'violated',
  },
  {
    name: 'CodeBuild',
    open: ['a webhook that anybody’s pull request triggers', hooked()],
    closed: ['one that only pushes trigger', hooked({ Type: 'EVENT', Pattern: 'PUSH' })],
    verdict: 'unknown',
  },
  {
    name: 'CodeBuild, by whom',
    open: ['pull requests of everyone', hooked({ Type: 'EVENT', Pattern: 'PULL_REQUEST_CREATED, PUSH' })],
    closed: [
      'of those who are named',
      hooked({ Type: 'EVENT', Pattern: 'PULL_REQUEST_CREATED' }, { Type: 'ACTOR_ACCOUNT_ID', Pattern: '^12345$' }),
    ],
    verdict: 'unknown',
  },
  {
    name: 'CodeBuild, what it tells',
    open: ['public builds', build({ Visibility: 'PUBLIC_READ' })],
    closed: ['private ones', build({})],
    verdict: 'unknown',
  },
  {
    name: 'Cloud9',
    open: ['any', one('AWS::Cloud9::EnvironmentEC2', { SubnetId: ref('EhrSubnet') })],
    verdict: 'unknown',
  },
  {
    name: 'Glue development endpoint',
    open: ['any', one('AWS::Glue::DevEndpoint', { SubnetId: ref('EhrSubnet'), SecurityGroupIds })],
    verdict: 'unknown',
  },
  {
    name: 'SageMaker notebook',
    open: ['with a way out of its own', notebook({})],
    closed: ['without', notebook({ DirectInternetAccess: 'Disabled' })],
    verdict: 'unknown',
  },
  {
    name: 'SageMaker Studio',
    open: ['any', one('AWS::SageMaker::Domain', { AppNetworkAccessType: 'VpcOnly', VpcId: ref('Ehr'), SubnetIds })],
    verdict: 'unknown',
  },
  {
    name: 'EMR Studio',
    open: ['any', one('AWS::EMR::Studio', { VpcId: ref('Ehr'), SubnetIds, WorkspaceSecurityGroupId: ref('EhrGroup') })],
    verdict: 'unknown',
  },
  {
    name: 'EMR Serverless',
    open: ['notebooks', emr({ InteractiveConfiguration: { StudioEnabled: true } })],
    closed: ['jobs', emr({})],
    verdict: 'unknown',
  },
  { name: 'Grafana', open: ['any', one('AWS::Grafana::Workspace', { VpcConfiguration: placed })], verdict: 'unknown' },
  {
    name: 'Managed Airflow',
    open: ['public web pages', airflow('PUBLIC_ONLY')],
    closed: ['private ones', airflow('PRIVATE_ONLY')],
    verdict: 'unknown',
  },
  {
    name: 'WorkSpaces',
    open: ['a desktop', desktops({ Way: resource('AWS::WorkSpaces::Workspace', { DirectoryId: ref('Users') }) })],
    closed: ['the directory alone', desktops({})],
    verdict: 'unknown',
  },
  { name: 'AppStream', open: ['any', one('AWS::AppStream::Fleet', { VpcConfig: placed })], verdict: 'unknown' },
  {
    name: 'EKS',
    open: ['a public endpoint', kubernetes(true)],
    closed: ['a private one', kubernetes(false)],
    verdict: 'unknown',
  },
  { name: 'QuickSight', open: ['a connection', one('AWS::QuickSight::VPCConnection', placed)], verdict: 'unknown' },
];

const permission = (Principal: string, more: object = {}): Resources => ({
  Fn,
  ...one('AWS::Lambda::Permission', { Action: 'lambda:InvokeFunction', Principal, FunctionName: ref('Fn'), ...more }),
});
const topic = (PolicyDocument: object): Resources => ({
  Fn,
  Topic: resource('AWS::SNS::Topic'),
  Policy: resource('AWS::SNS::TopicPolicy', { Topics: [ref('Topic')], PolicyDocument }),
  Way: resource('AWS::SNS::Subscription', { TopicArn: ref('Topic'), Protocol: 'lambda', Endpoint: arn('Fn') }),
});
const queue = (PolicyDocument: object): Resources => ({
  Fn,
  Queue: resource('AWS::SQS::Queue'),
  Policy: resource('AWS::SQS::QueuePolicy', { Queues: [ref('Queue')], PolicyDocument }),
  Way: resource('AWS::Lambda::EventSourceMapping', { EventSourceArn: arn('Queue'), FunctionName: ref('Fn') }),
});
const privateApi = (more: Resources): Resources => ({
  ...more,
  Gateway: resource('AWS::VpcLattice::ResourceGateway', { VpcIdentifier: ref('Ehr'), ...placed }),
  Inside: resource('AWS::VpcLattice::ResourceConfiguration', {
    ...{ ResourceConfigurationType: 'SINGLE', ResourceGatewayId: ref('Gateway'), PortRanges: ['443'] },
  }),
  Connection: resource('AWS::Events::Connection', {
    InvocationConnectivityParameters: { ResourceParameters: { ResourceConfigurationArn: arn('Inside') } },
  }),
  Api: resource('AWS::Events::ApiDestination', { ConnectionArn: arn('Connection') }),
  Way: resource('AWS::Events::Rule', { EventPattern: { source: ['x'] }, Targets: [{ Id: 'a', Arn: arn('Api') }] }),
});
const rule = (more: Resources): Resources => ({
  Fn,
  ...more,
  Way: resource('AWS::Events::Rule', { EventPattern: { source: ['x'] }, Targets: [{ Id: 'a', Arn: arn('Fn') }] }),
});
const BUS = (Principal: string, more: object = {}) => ({
  Bus: resource('AWS::Events::EventBusPolicy', { StatementId: 'x', Action: 'events:PutEvents', Principal, ...more }),
});
const OURS = { Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-abc1234567' } };

const calls: readonly Omit<Door, 'group'>[] = [
  {
    name: 'Function URL',
    open: ['any', { Fn, ...one('AWS::Lambda::Url', { TargetFunctionArn: arn('Fn'), AuthType: 'NONE' }) }],
    closed: ['none', { Fn }],
    verdict: 'unknown',
  },
  {
    name: 'Permission for a service',
    open: ['S3, for anybody’s bucket', permission('s3.amazonaws.com')],
    closed: ['S3, for a bucket of the account', permission('s3.amazonaws.com', { SourceAccount: ACCOUNT })],
    verdict: 'unknown',
  },
  {
    name: 'SNS topic before a function',
    open: ['open to everyone', topic(letsIn('*', 'sns:Publish'))],
    closed: ['open to the account', topic(letsIn({ AWS: ACCOUNT }, 'sns:Publish'))],
    verdict: 'unknown',
  },
  {
    name: 'SQS queue before a function',
    open: ['open to another account', queue(letsIn({ AWS: OTHER }, 'sqs:SendMessage'))],
    closed: ['open to the account', queue(letsIn({ AWS: ACCOUNT }, 'sqs:SendMessage'))],
    verdict: 'unknown',
  },
  {
    name: 'EventBridge bus before a function',
    open: ['open to everyone', rule(BUS('*'))],
    closed: ['open to an organization', rule(BUS('*', OURS))],
    verdict: 'unknown',
  },
  {
    name: 'EventBridge to a private API',
    uses: '{ events: [other] }',
    open: ['from a bus that is open to everyone', privateApi(BUS('*'))],
    closed: ['from the account’s own', privateApi({})],
    verdict: 'unknown',
  },
  {
    name: 'RDS Data API',
    open: [
      'on',
      one('AWS::RDS::DBCluster', {
        ...{ EnableHttpEndpoint: true, DBSubnetGroupName: ref('EhrDatabases'), VpcSecurityGroupIds: SecurityGroupIds },
      }),
    ],
    closed: [
      'off',
      one('AWS::RDS::DBCluster', { DBSubnetGroupName: ref('EhrDatabases'), VpcSecurityGroupIds: SecurityGroupIds }),
    ],
    verdict: 'unknown',
  },
];

const pointed = (more: object): Resources => ({
  Site: resource('AWS::S3::Bucket', { PublicAccessBlockConfiguration: {} }),
  Leaves: resource('AWS::S3::BucketPolicy', {
    Bucket: ref('Site'),
    PolicyDocument: {
      Statement: [
        {
          ...{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
          Condition: { StringEquals: { 's3:DataAccessPointAccount': ACCOUNT } },
        },
      ],
    },
  }),
  Way: resource('AWS::S3::AccessPoint', { Bucket: ref('Site'), Policy: letsIn('*', 's3:GetObject'), ...more }),
});
const key = (KeyPolicy: object) => one('AWS::KMS::Key', { KeyPolicy });
const secret = (ResourcePolicy: object): Resources => ({
  Secret: resource('AWS::SecretsManager::Secret'),
  Way: resource('AWS::SecretsManager::ResourcePolicy', { SecretId: ref('Secret'), ResourcePolicy }),
});
const inRegions = (more: Resources): Resources => ({
  Caches: resource('AWS::MemoryDB::SubnetGroup', { SubnetIds }),
  World: resource('AWS::MemoryDB::MultiRegionCluster', { MultiRegionClusterNameSuffix: 'x' }),
  One: resource('AWS::MemoryDB::Cluster', {
    ...{ SubnetGroupName: ref('Caches'), SecurityGroupIds, MultiRegionClusterName: ref('World') },
  }),
  ...more,
});
const member = (GlobalClusterIdentifier?: string) =>
  one('AWS::RDS::DBCluster', {
    ...{ DBSubnetGroupName: ref('EhrDatabases'), VpcSecurityGroupIds: SecurityGroupIds },
    ...(GlobalClusterIdentifier && { GlobalClusterIdentifier }),
  });

const apis: readonly Omit<Door, 'group'>[] = [
  {
    name: 'S3 access point',
    uses: 's3',
    open: ['open to everyone, where the bucket leaves it to that', pointed({ PublicAccessBlockConfiguration: {} })],
    closed: ['the same, and public access blocked', pointed({})],
    verdict: 'unknown',
  },
  {
    name: 'S3 access point of a VPC',
    uses: 's3',
    open: ['of none', pointed({ PublicAccessBlockConfiguration: {} })],
    closed: ['of the zone', pointed({ PublicAccessBlockConfiguration: {}, VpcConfiguration: { VpcId: ref('Ehr') } })],
    verdict: 'unknown',
  },
  {
    name: 'S3 access point to a gated bucket',
    uses: '{ s3: [archive] }',
    open: [
      'and no gate',
      { Archive: GATED.Archive ?? {}, Way: resource('AWS::S3::AccessPoint', { Bucket: ref('Archive') }) },
    ],
    closed: [
      'open to everyone, behind the gate',
      { ...GATED, Way: resource('AWS::S3::AccessPoint', { Bucket: ref('Archive'), Policy: letsIn('*', 's3:*') }) },
    ],
    verdict: 'violated',
  },
  {
    name: 'KMS key',
    uses: 'kms',
    open: ['open to everyone', key(letsIn('*', 'kms:*'))],
    closed: ['open to the account', key(letsIn({ AWS: ACCOUNT }, 'kms:*'))],
    verdict: 'unknown',
  },
  {
    name: 'Secret',
    uses: 'secretsmanager',
    open: ['open to everyone', secret(letsIn('*', 'secretsmanager:*'))],
    closed: ['open to the account', secret(letsIn({ AWS: ACCOUNT }, 'secretsmanager:*'))],
    verdict: 'unknown',
  },
  {
    name: 'MemoryDB in several regions',
    open: ['the others in no template', inRegions({})],
    closed: [
      'the others in the zone',
      inRegions({
        Two: resource('AWS::MemoryDB::Cluster', {
          ...{ SubnetGroupName: ref('Caches'), SecurityGroupIds, MultiRegionClusterName: ref('World') },
        }),
      }),
    ],
    verdict: 'unknown',
  },
  {
    name: 'Member of a global cluster',
    open: ['that no template shows', member('world')],
    closed: ['of none', member()],
    verdict: 'unknown',
  },
  {
    name: 'Kendra',
    open: [
      'an index of a database',
      one('AWS::Kendra::DataSource', {
        DataSourceConfiguration: { DatabaseConfiguration: { VpcConfiguration: { SubnetIds, SecurityGroupIds } } },
      }),
    ],
    closed: ['an index of something else', one('AWS::Kendra::DataSource', { DataSourceConfiguration: {} })],
    verdict: 'unknown',
  },
];

const of = (group: string, doors: readonly Omit<Door, 'group'>[]) => doors.map((door): Door => ({ group, ...door }));
export const DOORS: readonly Door[] = [...of(SHELLS, shells), ...of(CALLS, calls), ...of(APIS, apis)];
