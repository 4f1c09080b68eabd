/**
 * A function in the VPC of the chart, before which tests set what brings it events.
 */
import { readNetwork } from '../../lib/evidence/template';
import { claim, verify } from './scenario';

export type Resources = Readonly<Record<string, object>>;

const ZONES = `
cordon: 1
estate: clinic
region: eu-west-2
zones:
  guest: { purpose: Visitors, at: { template: { vpcs: [Guest] } }, trust: restricted, data: none }
  ehr: { purpose: The chart, at: { template: { vpcs: [Ehr] } }, trust: trusted, data: phi }
`;

export const resource = (Type: string, Properties: object = {}) => ({ Type, Properties });
export const arn = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
export const ref = (Ref: string) => ({ Ref });
export const placed = { SubnetIds: [ref('EhrSubnet')], SecurityGroupIds: [ref('EhrGroup')] };

const BASE: Resources = {
  Guest: resource('AWS::EC2::VPC', { CidrBlock: '10.1.0.0/16' }),
  GuestSubnet: resource('AWS::EC2::Subnet', { VpcId: ref('Guest'), CidrBlock: '10.1.0.0/24' }),
  Ehr: resource('AWS::EC2::VPC', { CidrBlock: '10.2.0.0/16' }),
  EhrSubnet: resource('AWS::EC2::Subnet', { VpcId: ref('Ehr'), CidrBlock: '10.2.0.0/24' }),
  EhrGroup: resource('AWS::EC2::SecurityGroup', { VpcId: ref('Ehr'), GroupDescription: 'chart' }),
  Fn: resource('AWS::Lambda::Function', { FunctionName: 'intake', VpcConfig: placed }),
};

export const ACCOUNT = '111122223333';
export const OTHER = '444455556666';

export function verdictOf(resources: Resources, from = 'internet', parameters: object = {}) {
  const text = JSON.stringify({ ...parameters, Resources: { ...BASE, ...resources } });
  const { network } = readNetwork([{ stack: 'S', file: 's.json', text, account: ACCOUNT }], { region: 'eu-west-2' });
  const { verdict, because } = claim(verify(ZONES, network), `isolation/${from}/ehr`);
  return { verdict, because: because.join('\n') };
}

export const policy = (...Statement: object[]) => ({ PolicyDocument: { Version: '2012-10-17', Statement } });
export const lets = (Action: string, Principal: unknown, Condition?: object) => ({
  ...{ Effect: 'Allow', Principal, Action, Resource: '*' },
  ...(Condition && { Condition }),
});

/** A topic before the function, under a policy. */
export const topic = (...statements: object[]): Resources => ({
  Topic: resource('AWS::SNS::Topic'),
  Policy: resource('AWS::SNS::TopicPolicy', { Topics: [ref('Topic')], ...policy(...statements) }),
  Way: resource('AWS::SNS::Subscription', { TopicArn: ref('Topic'), Protocol: 'lambda', Endpoint: arn('Fn') }),
});

/** The function reads from there. */
export const mapping = (EventSourceArn: unknown, more: object = {}): Resources => ({
  Way: resource('AWS::Lambda::EventSourceMapping', { EventSourceArn, FunctionName: ref('Fn'), ...more }),
});
