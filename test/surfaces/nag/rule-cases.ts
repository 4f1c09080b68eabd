/**
 * For every resource rule: resources for which it holds, resources that break it and the findings, and resources whose
 * answer hangs on a parameter. `{ Ref: 'Open' }` is a parameter without a value.
 */
export interface Resource {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** other resources of the stack, by logical id; the resource itself is `Subject` */
  readonly beside?: Readonly<Record<string, Omit<Resource, 'beside'>>>;
}

export interface RuleCases {
  readonly holds: readonly Resource[];
  readonly breaks: readonly (readonly [Resource, ...findings: string[]])[];
  readonly undecided: readonly Resource[];
}

const OPEN = { Ref: 'Open' };
const DEFAULT_GROUP = { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] };
const OWN_GROUP = { 'Fn::GetAtt': ['Group', 'GroupId'] };
const of = (type: string) => (properties: Resource['properties'], beside?: Resource['beside']) => {
  return { type, properties, beside };
};

const subnet = of('AWS::EC2::Subnet');
const group = of('AWS::EC2::SecurityGroup');
const ingress = of('AWS::EC2::SecurityGroupIngress');
const egress = of('AWS::EC2::SecurityGroupEgress');
const prefixList = of('AWS::EC2::PrefixList');
const instance = of('AWS::EC2::Instance');
const networkInterface = of('AWS::EC2::NetworkInterface');
const launchTemplate = of('AWS::EC2::LaunchTemplate');
const launchConfiguration = of('AWS::AutoScaling::LaunchConfiguration');
const elasticAddress = of('AWS::EC2::EIP');
const peering = of('AWS::EC2::VPCPeeringConnection');
const transitGateway = of('AWS::EC2::TransitGateway');
const endpoint = of('AWS::EC2::VPCEndpoint');
const permissions = of('AWS::EC2::VPCEndpointServicePermissions');
const vpc = of('AWS::EC2::VPC');
const flowLog = of('AWS::EC2::FlowLog');
const logGroup = of('AWS::Logs::LogGroup');
const authorization = of('AWS::EC2::ClientVpnAuthorizationRule');
const instanceConnect = of('AWS::EC2::InstanceConnectEndpoint');
const balancer = of('AWS::ElasticLoadBalancingV2::LoadBalancer');
const database = of('AWS::RDS::DBInstance');
const cluster = of('AWS::RDS::DBCluster');
const cache = of('AWS::ElastiCache::ReplicationGroup');
const domain = of('AWS::OpenSearchService::Domain');
const functionUrl = of('AWS::Lambda::Url');
const share = of('AWS::RAM::ResourceShare');
const lattice = of('AWS::VpcLattice::Service');
const firewallPolicy = of('AWS::NetworkFirewall::FirewallPolicy');
const bucket = of('AWS::S3::Bucket');

const ALLOW_ALL = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const ALLOW_KEY = { Effect: 'Allow', Principal: '*', Action: 'kms:Decrypt', Resource: 'arn:aws:kms:eu-west-2:1:key/a' };
const KMS = 'com.amazonaws.eu-west-2.kms';
const DROPPING = {
  StatelessDefaultActions: ['aws:forward_to_sfe'],
  StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
  StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER' },
  StatefulDefaultActions: ['aws:drop_established'],
};
const BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

export const RULE_CASES: Readonly<Record<string, RuleCases>> = {
  SubnetDoesNotAutoAssignPublicAddress: {
    holds: [subnet({}), subnet({ MapPublicIpOnLaunch: false }), subnet({ MapPublicIpOnLaunch: 'false' })],
    breaks: [
      [subnet({ MapPublicIpOnLaunch: true }), 'MapPublicIpOnLaunch'],
      [subnet({ MapPublicIpOnLaunch: 'true' }), 'MapPublicIpOnLaunch'],
    ],
    undecided: [subnet({ MapPublicIpOnLaunch: OPEN })],
  },
  SecurityGroupHasNoOpenRule: {
    holds: [
      group({ SecurityGroupEgress: [{ CidrIp: '255.255.255.255/32', IpProtocol: 'icmp', FromPort: 252, ToPort: 86 }] }),
      group({ SecurityGroupEgress: [{ CidrIp: '10.0.0.0/8', IpProtocol: '-1' }] }),
      group({}, { Rule: egress({ GroupId: { 'Fn::GetAtt': ['Subject', 'GroupId'] }, CidrIp: '10.1.0.0/16' }) }),
      ingress({ GroupId: OWN_GROUP, SourceSecurityGroupId: OWN_GROUP, IpProtocol: 'tcp', FromPort: 443, ToPort: 443 }),
      egress({ GroupId: OWN_GROUP, CidrIpv6: '2001:db8::/32', IpProtocol: '-1' }),
      ingress({ GroupId: OWN_GROUP, CidrIp: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }, IpProtocol: '-1' }),
    ],
    breaks: [
      [group({}), 'egress by default'],
      [group({}, { Rule: egress({ GroupId: OWN_GROUP, CidrIp: '10.1.0.0/16' }) }), 'egress by default'],
      [ingress({ CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 22, ToPort: 22 }), 'ingress 0.0.0.0/0 tcp/22'],
      [
        ingress({ CidrIp: '128.0.0.0/1', IpProtocol: '6', FromPort: OPEN, ToPort: 9 }),
        expect.stringMatching(/^ingress-128/),
      ],
      [egress({ CidrIpv6: '::/0', IpProtocol: '-1' }), 'egress ::/0 any'],
      [
        group({
          SecurityGroupIngress: [{ CidrIp: '0.0.0.0/1', IpProtocol: 'udp', FromPort: 53, ToPort: 54 }],
          SecurityGroupEgress: [{ CidrIp: '0.0.0.0/0', IpProtocol: '-1' }],
        }),
        'ingress 0.0.0.0/1 udp/53-54',
        'egress 0.0.0.0/0 any',
      ],
    ],
    undecided: [ingress({ CidrIp: OPEN, IpProtocol: '-1' }), group({ SecurityGroupEgress: OPEN })],
  },
  PrefixListHasNoOpenRange: {
    holds: [prefixList({ Entries: [{ Cidr: '10.0.0.0/8' }, { Cidr: '203.0.113.7/32' }] })],
    breaks: [
      [
        prefixList({ Entries: [{ Cidr: '10.0.0.0/8' }, { Cidr: '0.0.0.0/1' }, { Cidr: '128.0.0.0/1' }] }),
        '0.0.0.0/1',
        '128.0.0.0/1',
      ],
    ],
    undecided: [prefixList({ Entries: [{ Cidr: OPEN }] })],
  },
  InstanceHasNoPublicAddress: {
    holds: [
      instance({ SubnetId: OPEN }),
      instance({ NetworkInterfaces: [{ AssociatePublicIpAddress: false }] }),
      launchTemplate({ LaunchTemplateData: {} }),
      launchConfiguration({}),
      elasticAddress({ Domain: 'vpc' }),
    ],
    breaks: [
      [instance({ NetworkInterfaces: [{ AssociatePublicIpAddress: true }] }), 'AssociatePublicIpAddress'],
      [
        launchTemplate({ LaunchTemplateData: { NetworkInterfaces: [{}, { AssociatePublicIpAddress: true }] } }),
        'AssociatePublicIpAddress',
      ],
      [launchConfiguration({ AssociatePublicIpAddress: true }), 'AssociatePublicIpAddress'],
      [elasticAddress({ InstanceId: OPEN }), 'InstanceId'],
      [of('AWS::EC2::EIPAssociation')({ AllocationId: OPEN, NetworkInterfaceId: OPEN }), 'association'],
    ],
    undecided: [instance({ NetworkInterfaces: [{ AssociatePublicIpAddress: OPEN }] })],
  },
  InstanceStaysInOneSubnet: {
    holds: [
      instance({ SubnetId: OPEN }),
      instance({ NetworkInterfaces: [{ SubnetId: { Ref: 'A' } }, { SubnetId: { Ref: 'A' } }] }),
    ],
    breaks: [
      [instance({ NetworkInterfaces: [{ SubnetId: { Ref: 'A' } }, { SubnetId: { Ref: 'B' } }] }), 'NetworkInterfaces'],
    ],
    undecided: [instance({ NetworkInterfaces: OPEN })],
  },
  InterfaceChecksSourceAndDestination: {
    holds: [instance({}), networkInterface({ SourceDestCheck: true })],
    breaks: [
      [instance({ SourceDestCheck: false }), 'SourceDestCheck'],
      [networkInterface({ SourceDestCheck: 'false' }), 'SourceDestCheck'],
    ],
    undecided: [networkInterface({ SourceDestCheck: OPEN })],
  },
  PeeringServesConduit: {
    holds: [peering({ Tags: [{ Key: 'cordon:conduit', Value: 'chart-to-archive' }] })],
    breaks: [
      [peering({}), 'no conduit'],
      [peering({ Tags: [{ Key: 'Name', Value: 'quick fix' }] }), 'no conduit'],
    ],
    undecided: [peering({ Tags: OPEN })],
  },
  TransitGatewayDefaultsOff: {
    holds: [transitGateway({ DefaultRouteTableAssociation: 'disable', DefaultRouteTablePropagation: 'disable' })],
    breaks: [
      [transitGateway({}), 'DefaultRouteTableAssociation', 'DefaultRouteTablePropagation'],
      [
        transitGateway({
          DefaultRouteTableAssociation: 'disable',
          DefaultRouteTablePropagation: 'enable',
          AutoAcceptSharedAttachments: 'enable',
        }),
        'DefaultRouteTablePropagation',
        'AutoAcceptSharedAttachments',
      ],
    ],
    undecided: [transitGateway({ DefaultRouteTableAssociation: OPEN, DefaultRouteTablePropagation: 'disable' })],
  },
  VpcEndpointHasPolicy: {
    holds: [
      endpoint({ ServiceName: KMS, VpcEndpointType: 'Interface', PolicyDocument: { Statement: [ALLOW_KEY] } }),
      endpoint({
        ServiceName: { 'Fn::Join': ['', ['com.amazonaws.', { Ref: 'AWS::Region' }, '.s3']] },
        PolicyDocument: { Statement: { ...ALLOW_ALL, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } } },
      }),
      endpoint({
        ServiceName: { 'Fn::Join': ['', ['com.amazonaws.vpce.', { Ref: 'AWS::Region' }, '.', { Ref: 'Service' }]] },
        VpcEndpointType: 'Interface',
      }),
      endpoint({ ServiceName: 'com.amazonaws.vpce.eu-west-2.vpce-svc-1', VpcEndpointType: 'GatewayLoadBalancer' }),
    ],
    breaks: [
      [endpoint({ ServiceName: KMS, VpcEndpointType: 'Interface' }), 'no policy'],
      [endpoint({ ServiceName: KMS, PolicyDocument: { Statement: [ALLOW_KEY, ALLOW_ALL] } }), 'allows everything'],
      [
        endpoint({ ServiceName: KMS, PolicyDocument: { Statement: [{ ...ALLOW_ALL, Principal: { AWS: '*' } }] } }),
        'allows everything',
      ],
    ],
    undecided: [endpoint({ ServiceName: OPEN }), endpoint({ ServiceName: KMS, PolicyDocument: OPEN })],
  },
  VpcEndpointNamesSecurityGroup: {
    holds: [endpoint({ VpcEndpointType: 'Interface', SecurityGroupIds: [OWN_GROUP] }), endpoint({ ServiceName: KMS })],
    breaks: [
      [endpoint({ VpcEndpointType: 'Interface' }), 'no group'],
      [endpoint({ VpcEndpointType: 'Interface', SecurityGroupIds: [DEFAULT_GROUP] }), 'default group'],
    ],
    undecided: [endpoint({ VpcEndpointType: 'Interface', SecurityGroupIds: OPEN })],
  },
  EndpointServiceRequiresKnownPrincipal: {
    holds: [
      permissions({ AllowedPrincipals: ['arn:aws:iam::111122223333:root'] }),
      permissions({ AllowedPrincipals: [{ 'Fn::Join': ['', ['arn:aws:iam::', { Ref: 'AWS::AccountId' }, ':root']] }] }),
      permissions({}),
    ],
    breaks: [
      [permissions({ AllowedPrincipals: ['*'] }), '*'],
      [permissions({ AllowedPrincipals: ['arn:aws:iam::*:root'] }), 'arn:aws:iam::*:root'],
    ],
    undecided: [permissions({ AllowedPrincipals: OPEN }), permissions({ AllowedPrincipals: [OPEN] })],
  },
  VpcHasFlowLog: {
    holds: [vpc({}, { Log: flowLog({ ResourceId: { Ref: 'Subject' }, TrafficType: 'ALL' }) })],
    breaks: [
      [vpc({}), 'no flow log'],
      [vpc({}, { Log: flowLog({ ResourceId: { Ref: 'Other' }, TrafficType: 'ALL' }) }), 'no flow log'],
      [vpc({}, { Log: flowLog({ ResourceId: { Ref: 'Subject' }, TrafficType: 'REJECT' }) }), 'no flow log'],
    ],
    undecided: [vpc({}, { Log: flowLog({ ResourceId: { Ref: 'Subject' }, TrafficType: OPEN }) })],
  },
  FlowLogsRetained: {
    holds: [
      flowLog({ LogGroupName: { Ref: 'Group' } }, { Group: logGroup({ RetentionInDays: 365, KmsKeyId: OPEN }) }),
      flowLog({ LogDestinationType: 's3', LogDestination: OPEN }),
    ],
    breaks: [
      [flowLog({ LogGroupName: { Ref: 'Group' } }, { Group: logGroup({}) }), 'RetentionInDays', 'KmsKeyId'],
      [
        flowLog({ LogDestination: { 'Fn::GetAtt': ['Group', 'Arn'] } }, { Group: logGroup({ RetentionInDays: 7 }) }),
        'KmsKeyId',
      ],
    ],
    undecided: [
      flowLog({ LogGroupName: OPEN }),
      flowLog({ LogGroupName: 'made-by-hand' }),
      flowLog({ LogDestinationType: OPEN }),
    ],
  },
  ClientVpnAuthorizesNamedGroups: {
    holds: [authorization({ AccessGroupId: 'clinical-engineering', TargetNetworkCidr: '10.64.4.0/22' })],
    breaks: [
      [authorization({ AuthorizeAllGroups: true, TargetNetworkCidr: '10.64.4.0/22' }), 'all groups'],
      [authorization({ TargetNetworkCidr: '10.64.4.0/22' }), 'all groups'],
      [authorization({ AccessGroupId: 'a', TargetNetworkCidr: '0.0.0.0/0' }), '0.0.0.0/0'],
    ],
    undecided: [authorization({ AccessGroupId: 'a', TargetNetworkCidr: OPEN })],
  },
  InstanceConnectEndpointNamesSecurityGroup: {
    holds: [instanceConnect({ SecurityGroupIds: [OWN_GROUP] })],
    breaks: [
      [instanceConnect({}), 'no group'],
      [instanceConnect({ SecurityGroupIds: [DEFAULT_GROUP] }), 'default group'],
    ],
    undecided: [instanceConnect({ SecurityGroupIds: OPEN })],
  },
  LoadBalancerIsInternal: {
    holds: [
      balancer({ Scheme: 'internal', Type: 'network' }),
      balancer({ Type: 'gateway' }),
      of('AWS::ElasticLoadBalancing::LoadBalancer')({ Scheme: 'internal' }),
    ],
    breaks: [
      [balancer({ Scheme: 'internet-facing' }), 'internet-facing'],
      [balancer({}), 'internet-facing'],
      [of('AWS::ElasticLoadBalancing::LoadBalancer')({}), 'internet-facing'],
    ],
    undecided: [balancer({ Scheme: OPEN })],
  },
  DatabaseNotPublic: {
    holds: [
      database({ PubliclyAccessible: false }),
      cluster({}),
      of('AWS::AmazonMQ::Broker')({ PubliclyAccessible: 'false' }),
    ],
    breaks: [
      [database({ PubliclyAccessible: true }), 'PubliclyAccessible'],
      [database({}), 'PubliclyAccessible not set'],
      [of('AWS::DMS::ReplicationInstance')({}), 'PubliclyAccessible not set'],
      [cluster({ PubliclyAccessible: true }), 'PubliclyAccessible'],
    ],
    undecided: [database({ PubliclyAccessible: OPEN })],
  },
  DatabaseHasNoDataApi: {
    holds: [cluster({}), cluster({ EnableHttpEndpoint: false })],
    breaks: [[cluster({ EnableHttpEndpoint: true }), 'EnableHttpEndpoint']],
    undecided: [cluster({ EnableHttpEndpoint: OPEN })],
  },
  DataStoreEncrypted: {
    holds: [
      database({ StorageEncrypted: true }),
      database({ DBClusterIdentifier: OPEN }),
      cache({ AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true }),
    ],
    breaks: [
      [database({}), 'StorageEncrypted'],
      [cluster({ StorageEncrypted: false }), 'StorageEncrypted'],
      [cache({ AtRestEncryptionEnabled: true }), 'TransitEncryptionEnabled'],
      [of('AWS::EFS::FileSystem')({}), 'Encrypted'],
    ],
    undecided: [database({ StorageEncrypted: OPEN })],
  },
  DataStoreHasOwnSecurityGroup: {
    holds: [
      database({ VPCSecurityGroups: [OWN_GROUP] }),
      database({ DBClusterIdentifier: OPEN }),
      cluster({ VpcSecurityGroupIds: [OWN_GROUP] }),
      domain({ VPCOptions: { SecurityGroupIds: [OWN_GROUP] } }),
    ],
    breaks: [
      [database({}), 'no group'],
      [cluster({ VpcSecurityGroupIds: [DEFAULT_GROUP] }), 'default group'],
      [of('AWS::EFS::MountTarget')({ SecurityGroups: [] }), 'no group'],
      [domain({}), 'not in a VPC'],
      [domain({ VPCOptions: {} }), 'no group'],
    ],
    undecided: [database({ VPCSecurityGroups: OPEN })],
  },
  FunctionUrlRequiresIam: {
    holds: [functionUrl({ AuthType: 'AWS_IAM' })],
    breaks: [[functionUrl({ AuthType: 'NONE' }), 'AuthType']],
    undecided: [functionUrl({ AuthType: OPEN })],
  },
  LogGroupRetained: {
    holds: [logGroup({ RetentionInDays: 365 })],
    breaks: [[logGroup({}), 'RetentionInDays']],
    undecided: [logGroup({ RetentionInDays: OPEN })],
  },
  NetworkIsNotShared: {
    holds: [share({ ResourceArns: ['arn:aws:license-manager:eu-west-2:1:license-configuration:lic-1'] }), share({})],
    breaks: [
      [share({ ResourceArns: ['arn:aws:ec2:eu-west-2:1:subnet/subnet-1'] }), 'network resource'],
      [
        share({ ResourceArns: [{ 'Fn::Join': ['', ['arn:aws:ec2:eu-west-2:1:transit-gateway/', OPEN]] }] }),
        'network resource',
      ],
    ],
    undecided: [share({ ResourceArns: OPEN }), share({ ResourceArns: [OPEN] })],
  },
  LatticeRequiresCaller: {
    holds: [lattice({ AuthType: 'AWS_IAM' })],
    breaks: [
      [lattice({}), 'AuthType'],
      [of('AWS::VpcLattice::ServiceNetwork')({ AuthType: 'NONE' }), 'AuthType'],
    ],
    undecided: [lattice({ AuthType: OPEN })],
  },
  FirewallDropsByDefault: {
    holds: [firewallPolicy({ FirewallPolicy: DROPPING })],
    breaks: [
      [
        firewallPolicy({ FirewallPolicy: { ...DROPPING, StatelessDefaultActions: ['aws:pass'] } }),
        'StatelessDefaultActions',
      ],
      [firewallPolicy({ FirewallPolicy: { ...DROPPING, StatefulDefaultActions: [] } }), 'StatefulDefaultActions'],
      [firewallPolicy({ FirewallPolicy: { ...DROPPING, StatefulEngineOptions: {} } }), 'StatefulDefaultActions'],
    ],
    undecided: [firewallPolicy({ FirewallPolicy: { ...DROPPING, StatelessDefaultActions: OPEN } })],
  },
  BucketBlocksPublicAccess: {
    holds: [bucket({ PublicAccessBlockConfiguration: BLOCKED })],
    breaks: [
      [bucket({}), 'BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'],
      [bucket({ PublicAccessBlockConfiguration: { ...BLOCKED, BlockPublicPolicy: false } }), 'BlockPublicPolicy'],
    ],
    undecided: [bucket({ PublicAccessBlockConfiguration: OPEN })],
  },
};
