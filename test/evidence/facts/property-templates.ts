/** What templates about single properties are made of: a VPC with a host, another one beside it, and a way to the internet. */
import type { Resources } from './fact-of-template';

export const resource = (Type: string, Properties: object = {}) => ({ Type, Properties });
export const inVpc = (properties: object, vpc = 'Vpc') => ({ VpcId: { Ref: vpc }, ...properties });
export const group = (vpc = 'Vpc', ingress: readonly object[] = [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]) =>
  resource('AWS::EC2::SecurityGroup', inVpc({ GroupDescription: 'a group', SecurityGroupIngress: ingress }, vpc));
export const subnet = (CidrBlock: string, vpc = 'Vpc', more: object = {}) =>
  resource('AWS::EC2::Subnet', inVpc({ CidrBlock, ...more }, vpc));
export const instance = (place: string, securityGroup: string) =>
  resource('AWS::EC2::Instance', { SubnetId: { Ref: place }, SecurityGroupIds: [{ Ref: securityGroup }] });
export const when = (yes: unknown, no: unknown) => ({ 'Fn::If': ['Decided', yes, no] });
export const OPEN_CONDITION = {
  Parameters: { Choice: { Type: 'String' } },
  Conditions: { Decided: { 'Fn::Equals': [{ Ref: 'Choice' }, 'yes'] } },
};

/** A host in the VPC, one in another VPC, and nothing between them. */
export const APART: Resources = {
  Other: resource('AWS::EC2::VPC', { CidrBlock: '10.9.0.0/16' }),
  Far: subnet('10.9.1.0/24', 'Other'),
  Open: group(),
  FarOpen: group('Other'),
  Host: instance('Subnet', 'Open'),
  FarHost: instance('Far', 'FarOpen'),
};

/** What is public in the VPC is reached from the internet. */
export const GATEWAY: Resources = {
  Igw: resource('AWS::EC2::InternetGateway'),
  Attached: resource('AWS::EC2::VPCGatewayAttachment', inVpc({ InternetGatewayId: { Ref: 'Igw' } })),
  Table: resource('AWS::EC2::RouteTable', inVpc({})),
  Out: resource('AWS::EC2::Route', {
    RouteTableId: { Ref: 'Table' },
    DestinationCidrBlock: '0.0.0.0/0',
    GatewayId: { Ref: 'Igw' },
  }),
  In: resource('AWS::EC2::SubnetRouteTableAssociation', {
    SubnetId: { Ref: 'Subnet' },
    RouteTableId: { Ref: 'Table' },
  }),
};
