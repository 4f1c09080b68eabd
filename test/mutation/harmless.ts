/**
 * Changes that a rule pack would call a finding and that open nothing. A false alarm is as much a defect as a miss: the
 * estate must stay proved.
 */
import { addIngress, store, subnetOf } from './holes/words';
import type { Templates } from './templates';

export interface Harmless {
  readonly name: string;
  readonly mutate: (templates: Templates) => void;
}

export const HARMLESS: readonly Harmless[] = [
  {
    name: 'a group open to everyone, behind an ACL that is not',
    mutate: (templates) => {
      addIngress(store(templates), { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 22, ToPort: 22 });
    },
  },
  {
    name: 'a database with the public flag, in a VPC without a way to the internet',
    mutate: (templates) => {
      templates.pick('AWS::RDS::DBInstance', {}).resource.Properties.PubliclyAccessible = true;
    },
  },
  {
    name: 'public addresses in a subnet without a route to the internet',
    mutate: (templates) => {
      subnetOf(templates, 'ehr', 'app').resource.Properties.MapPublicIpOnLaunch = true;
    },
  },
  {
    name: 'an internet gateway that no route leads to',
    mutate: (templates) => {
      const subnet = subnetOf(templates, 'archive', 'store');
      templates.add(subnet, 'Unused', 'AWS::EC2::InternetGateway', {});
      templates.add(subnet, 'UnusedAttachment', 'AWS::EC2::VPCGatewayAttachment', {
        VpcId: subnet.resource.Properties.VpcId,
        InternetGatewayId: { Ref: 'Unused' },
      });
    },
  },
  {
    name: 'a function with a public URL that stands in no VPC',
    mutate: (templates) => {
      const subnet = subnetOf(templates, 'archive', 'store');
      templates.add(subnet, 'Outside', 'AWS::Lambda::Function', {
        Code: { ZipFile: 'exports.handler = async () => {}' },
        Role: 'arn:aws:iam::111122223333:role/outside',
      });
      const target = { 'Fn::GetAtt': ['Outside', 'Arn'] };
      templates.add(subnet, 'OutsideUrl', 'AWS::Lambda::Url', { AuthType: 'NONE', TargetFunctionArn: target });
    },
  },
  {
    name: 'resources that touch no network',
    mutate: (templates) => {
      const subnet = subnetOf(templates, 'archive', 'store');
      templates.add(subnet, 'Topic', 'AWS::SNS::Topic', {});
      templates.add(subnet, 'Queue', 'AWS::SQS::Queue', {});
      templates.add(subnet, 'Bucket', 'AWS::S3::Bucket', {});
      templates.add(subnet, 'Role', 'AWS::IAM::Role', { AssumeRolePolicyDocument: {} });
    },
  },
  {
    name: 'a tag and a description',
    mutate: (templates) => {
      const { Properties } = store(templates).resource;
      Properties.GroupDescription = 'the archive, as the segmentation board calls it';
      (Properties.Tags as unknown[]).push({ Key: 'cost-centre', Value: '4711' });
    },
  },
];
