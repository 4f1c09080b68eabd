/**
 * Holes that no other layer of defence closes, wherever they are made: ways in that AWS opens past routes and rules, hosts
 * and stores that join two zones, and what nobody can judge from a template. None of them may ever be called proved.
 */
import { type Hit, refersTo, type Templates } from '../templates';
import { add, at, groupIdOf, groupsBeside, idOf, isBeside, type Kind, vpcOf } from './kind';

const SUBNET = 'AWS::EC2::Subnet';
const GROUP = 'AWS::EC2::SecurityGroup';
const CODE = { ZipFile: 'exports.handler = async () => {}' };
const ROLE = 'arn:aws:iam::111122223333:role/hole';
const OPEN_TO_ALL = { Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }] };
const TOKEN = 'arn:aws:lambda:eu-west-2:111122223333:function:hole';

type Placed = { readonly SubnetIds: unknown[]; readonly SecurityGroupIds: unknown[] };

function inSubnet(
  name: string,
  type: string,
  properties: (placed: Placed, subnet: Hit) => Record<string, unknown>,
): Kind {
  return at(SUBNET, name, (templates, subnet) => {
    const placed = { SubnetIds: [idOf(subnet)], SecurityGroupIds: groupsBeside(templates, subnet) };
    add(templates, subnet, type, properties(placed, subnet));
  });
}

function functionIn(templates: Templates, subnet: Hit): { Ref: string } {
  const VpcConfig = { SubnetIds: [idOf(subnet)], SecurityGroupIds: groupsBeside(templates, subnet) };
  return add(templates, subnet, 'AWS::Lambda::Function', { Code: CODE, Role: ROLE, VpcConfig });
}

function behindFunction(
  name: string,
  type: string,
  properties: (arn: { 'Fn::GetAtt': string[] }) => Record<string, unknown>,
): Kind {
  return at(SUBNET, name, (templates, subnet) => {
    const { Ref } = functionIn(templates, subnet);
    add(templates, subnet, type, properties({ 'Fn::GetAtt': [Ref, 'Arn'] }));
  });
}

/** The first subnet of another VPC, in the same template. */
function elsewhere(templates: Templates, { stack, resource }: Hit): Hit | undefined {
  const subnets = templates.all(SUBNET).filter((one) => one.stack === stack);
  const own = subnets.find((one) => refersTo(resource.Properties, one));
  return own && subnets.find((one) => !isBeside(one, own));
}

const SERVED = [
  inSubnet('a Client VPN that admits everyone', 'AWS::EC2::ClientVpnTargetNetworkAssociation', (_, subnet) => ({
    ClientVpnEndpointId: 'cvpn-endpoint-0123456789abcdef0',
    SubnetId: idOf(subnet),
  })),
  inSubnet('an Instance Connect endpoint', 'AWS::EC2::InstanceConnectEndpoint', ({ SecurityGroupIds }, subnet) => ({
    SubnetId: idOf(subnet),
    SecurityGroupIds,
  })),
  inSubnet('a link of API Gateway', 'AWS::ApiGatewayV2::VpcLink', (placed) => ({ Name: 'hole', ...placed })),
  inSubnet('a connector of App Runner', 'AWS::AppRunner::VpcConnector', ({ SubnetIds, SecurityGroupIds }) => ({
    Subnets: SubnetIds,
    SecurityGroups: SecurityGroupIds,
  })),
  inSubnet('streamed desktops', 'AWS::AppStream::Fleet', (VpcConfig) => ({ InstanceType: 'x', Name: 'x', VpcConfig })),
  inSubnet('a notebook with direct internet access', 'AWS::SageMaker::NotebookInstance', (placed, subnet) => ({
    ...{ InstanceType: 'ml.t3.medium', RoleArn: ROLE, SubnetId: idOf(subnet) },
    SecurityGroupIds: placed.SecurityGroupIds,
  })),
  inSubnet('a host that passes packets on', 'AWS::EC2::Instance', ({ SecurityGroupIds }, subnet) => ({
    ...{ ImageId: 'ami-0123456789abcdef0', SubnetId: idOf(subnet), SourceDestCheck: false },
    SecurityGroupIds,
  })),
  inSubnet('a VPC Lattice network of others', 'AWS::VpcLattice::ServiceNetworkVpcAssociation', (_, subnet) => ({
    ServiceNetworkIdentifier: 'sn-0123456789abcdef0',
    VpcIdentifier: vpcOf(subnet),
  })),
  inSubnet('an endpoint to a Lattice network', 'AWS::EC2::VPCEndpoint', (placed, subnet) => ({
    ...{ VpcEndpointType: 'ServiceNetwork', VpcId: vpcOf(subnet), ...placed },
    ServiceNetworkArn: 'arn:aws:vpc-lattice:eu-west-2:111122223333:servicenetwork/sn-0123456789abcdef0',
  })),
];

const CALLED = [
  behindFunction('a function with a public URL', 'AWS::Lambda::Url', (TargetFunctionArn) => ({
    AuthType: 'NONE',
    TargetFunctionArn,
  })),
  behindFunction('a function behind a public API', 'AWS::ApiGatewayV2::Integration', (IntegrationUri) => ({
    ...{ ApiId: 'a1b2c3', IntegrationType: 'AWS_PROXY' },
    IntegrationUri,
  })),
  behindFunction('a function that everyone may call', 'AWS::Lambda::Permission', (FunctionName) => ({
    ...{ Action: 'lambda:InvokeFunction', Principal: '*' },
    FunctionName,
  })),
  at(SUBNET, 'a function behind a topic that is open to everyone', (templates, subnet) => {
    const { Ref } = functionIn(templates, subnet);
    const TopicArn = add(templates, subnet, 'AWS::SNS::Topic', {});
    add(templates, subnet, 'AWS::SNS::TopicPolicy', { Topics: [TopicArn], PolicyDocument: OPEN_TO_ALL });
    const Endpoint = { 'Fn::GetAtt': [Ref, 'Arn'] };
    add(templates, subnet, 'AWS::SNS::Subscription', { TopicArn, Protocol: 'lambda', Endpoint });
  }),
  at(SUBNET, 'a function behind a queue that is open to everyone', (templates, subnet) => {
    const FunctionName = functionIn(templates, subnet);
    const queue = add(templates, subnet, 'AWS::SQS::Queue', {});
    add(templates, subnet, 'AWS::SQS::QueuePolicy', { Queues: [queue], PolicyDocument: OPEN_TO_ALL });
    const EventSourceArn = { 'Fn::GetAtt': [queue.Ref, 'Arn'] };
    add(templates, subnet, 'AWS::Lambda::EventSourceMapping', { EventSourceArn, FunctionName });
  }),
  at(SUBNET, 'a function behind a bus that is open to everyone', (templates, subnet) => {
    const { Ref } = functionIn(templates, subnet);
    add(templates, subnet, 'AWS::Events::EventBusPolicy', { StatementId: 'all', Principal: '*' });
    const Targets = [{ Id: 'hole', Arn: { 'Fn::GetAtt': [Ref, 'Arn'] } }];
    add(templates, subnet, 'AWS::Events::Rule', { EventPattern: { source: ['hole'] }, Targets });
  }),
  behindFunction('a function that any bucket may call', 'AWS::Lambda::Permission', (FunctionName) => ({
    ...{ Action: 'lambda:InvokeFunction', Principal: 's3.amazonaws.com' },
    FunctionName,
  })),
  behindFunction('a function that devices call', 'AWS::IoT::TopicRule', (FunctionArn) => ({
    TopicRulePayload: { Sql: 'SELECT * FROM hole', Actions: [{ Lambda: { FunctionArn } }] },
  })),
  behindFunction('a function that whoever signs up calls', 'AWS::Cognito::UserPool', (PreSignUp) => ({
    LambdaConfig: { PreSignUp },
  })),
  behindFunction('a function behind a balancer', 'AWS::ElasticLoadBalancingV2::TargetGroup', (Id) => ({
    ...{ TargetType: 'lambda', Targets: [{ Id }] },
  })),
];

const JOINED = [
  at('AWS::EC2::Instance', 'a second interface in another VPC', (templates, host) => {
    const other = elsewhere(templates, host);
    const SubnetId = other && idOf(other);
    const GroupSet = other ? groupsBeside(templates, other) : [];
    const NetworkInterfaceId = add(templates, host, 'AWS::EC2::NetworkInterface', { SubnetId, GroupSet });
    const given = { InstanceId: idOf(host), NetworkInterfaceId, DeviceIndex: '1' };
    add(templates, host, 'AWS::EC2::NetworkInterfaceAttachment', given);
  }),
  at('AWS::EC2::Instance', 'a file system shared with another VPC', (templates, host) => {
    const subnets = templates.all(SUBNET).filter(({ stack }) => stack === host.stack);
    const places = [subnets.find((one) => refersTo(host.resource.Properties, one)), elsewhere(templates, host)];
    const FileSystemId = add(templates, host, 'AWS::EFS::FileSystem', {});
    for (const place of places) {
      if (!place) continue;
      const SecurityGroups = groupsBeside(templates, place);
      add(templates, host, 'AWS::EFS::MountTarget', { FileSystemId, SubnetId: idOf(place), SecurityGroups });
    }
  }),
].map((kind): Kind => {
  const isBetween = (templates: Templates) => (host: Hit) => elsewhere(templates, host) !== undefined;
  return { ...kind, places: (templates) => kind.places(templates).filter(isBetween(templates)) };
});

const NOT_UNDERSTOOD = [
  at(GROUP, 'a module of the registry', (templates, group) => {
    add(templates, group, 'Acme::Network::Opener::MODULE', {});
  }),
  at(GROUP, 'a macro', (templates, group) => templates.replaceSection(group, 'Transform', ['Acme'])),
  at(GROUP, 'code of a custom resource that is given a group', (templates, group) => {
    add(templates, group, 'Custom::Opener', { ServiceToken: TOKEN, GroupId: groupIdOf(group) });
  }),
  at(GROUP, 'an SDK call that is given a group', (templates, group) => {
    const Create = {
      'Fn::Join': ['', ['{"service":"EC2","action":"authorizeIngress","id":"', groupIdOf(group), '"}']],
    };
    add(templates, group, 'Custom::AWS', { ServiceToken: TOKEN, Create });
  }),
  at(GROUP, 'a type of nobody known that is given a group', (templates, group) => {
    add(templates, group, 'Acme::Network::Opener', { GroupId: groupIdOf(group) });
  }),
  at(GROUP, 'a nested stack from elsewhere', (templates, group) => {
    const Parameters = { Group: groupIdOf(group) };
    add(templates, group, 'AWS::CloudFormation::Stack', { TemplateURL: 'https://example.com/x.json', Parameters });
  }),
];

const BESIDE = [
  at('AWS::EC2::VPC', 'a VPN that nobody declared', (templates, vpc) => {
    const VpnGatewayId = add(templates, vpc, 'AWS::EC2::VPNGateway', { Type: 'ipsec.1' });
    add(templates, vpc, 'AWS::EC2::VPCGatewayAttachment', { VpcId: idOf(vpc), VpnGatewayId });
    const router = { Type: 'ipsec.1', IpAddress: '198.51.100.77', BgpAsn: 65099 };
    const CustomerGatewayId = add(templates, vpc, 'AWS::EC2::CustomerGateway', router);
    add(templates, vpc, 'AWS::EC2::VPNConnection', { Type: 'ipsec.1', CustomerGatewayId, VpnGatewayId });
  }),
  at('AWS::EC2::VPC', 'a route server', (templates, vpc) => {
    add(templates, vpc, 'AWS::EC2::RouteServerAssociation', { RouteServerId: 'rs-0123', VpcId: idOf(vpc) });
  }),
  at('AWS::EC2::TransitGateway', 'a VPN on the hub that nobody declared', (templates, hub) => {
    const router = { Type: 'ipsec.1', IpAddress: '198.51.100.77', BgpAsn: 65099 };
    const CustomerGatewayId = add(templates, hub, 'AWS::EC2::CustomerGateway', router);
    const ends = { CustomerGatewayId, TransitGatewayId: idOf(hub) };
    add(templates, hub, 'AWS::EC2::VPNConnection', { Type: 'ipsec.1', ...ends });
  }),
  at('AWS::EC2::TransitGateway', 'a share of the hub', (templates, hub) => {
    const arn = { 'Fn::Join': ['/', ['arn:aws:ec2:eu-west-2:111122223333:transit-gateway', idOf(hub)]] };
    add(templates, hub, 'AWS::RAM::ResourceShare', { Name: 'x', Principals: ['444455556666'], ResourceArns: [arn] });
  }),
  at('AWS::EC2::VPCEndpointService', 'an endpoint service that is open to another account', (templates, service) => {
    service.resource.Properties.AcceptanceRequired = false;
    const AllowedPrincipals = ['arn:aws:iam::444455556666:root'];
    add(templates, service, 'AWS::EC2::VPCEndpointServicePermissions', { ServiceId: idOf(service), AllowedPrincipals });
  }),
  at('AWS::ElasticLoadBalancingV2::LoadBalancer', 'an accelerator', (templates, balancer) => {
    add(templates, balancer, 'AWS::GlobalAccelerator::EndpointGroup', {
      ...{ ListenerArn: 'arn:aws:globalaccelerator::1:listener/b', EndpointGroupRegion: 'eu-west-2' },
      EndpointConfigurations: [{ EndpointId: idOf(balancer) }],
    });
  }),
];

export const WAYS_IN: readonly Kind[] = [...SERVED, ...CALLED, ...JOINED, ...NOT_UNDERSTOOD, ...BESIDE];
