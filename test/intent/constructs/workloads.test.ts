import { type App, Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import type { Estate } from '../../../lib/intent/constructs';
import { hospital } from '../plan/estate-builder';
import { Synthesized } from './synthesized';

/** What a team writes: its own stack, with the constructs it knows. */
function workloads(app: App, estate: Estate): void {
  const stack = new Stack(app, 'chart', { env: { region: 'eu-west-2' } });
  const ehr = estate.zone('ehr');
  const database = new rds.DatabaseInstance(stack, 'Database', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    vpc: ehr.vpc,
    vpcSubnets: ehr.subnets('database'),
    securityGroups: [ehr.securityGroup('database')],
    storageEncrypted: true,
  });
  database.connections.allowFromAnyIpv4(ec2.Port.tcp(5432));
  const cluster = new ecs.Cluster(stack, 'Cluster', { vpc: ehr.vpc });
  const task = new ecs.FargateTaskDefinition(stack, 'Task');
  task.addContainer('App', {
    image: ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/httpd:2.4'),
    portMappings: [{ containerPort: 8443 }],
  });
  const service = new ecs.FargateService(stack, 'Service', {
    cluster,
    taskDefinition: task,
    vpcSubnets: ehr.subnets('app'),
    securityGroups: [ehr.securityGroup('app')],
  });
  service.attachToNetworkTargetGroup(ehr.targetGroup('app', 'fhir'));
  new lambda.Function(stack, 'Function', {
    runtime: lambda.Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
    vpc: estate.zone('integration').vpc,
    vpcSubnets: estate.zone('integration').subnets('engine'),
    securityGroups: [estate.zone('integration').securityGroup('engine')],
  });
}

const synthesized = new Synthesized(hospital(), { extend: workloads });
const chart = synthesized.template('chart').Resources;
const ofType = (type: string) => Object.values(chart).filter((resource) => resource.Type === type);

describe('workloads attach with ordinary aws-ec2 types', () => {
  test('a database stands in the subnets of its asset, with the group of its asset', () => {
    const [group] = ofType('AWS::RDS::DBSubnetGroup');
    const [instance] = ofType('AWS::RDS::DBInstance');
    expect(JSON.stringify(group?.Properties.SubnetIds)).toMatch(/riverside-ehr:.*DatabaseSubnet1.*DatabaseSubnet2/);
    expect(JSON.stringify(instance?.Properties.VPCSecurityGroups)).toMatch(/riverside-ehr:.*DatabaseGroup/);
  });

  test('a Fargate service stands in its asset, without a public address, and registers behind the balancer', () => {
    const [service] = ofType('AWS::ECS::Service');
    const network = JSON.stringify(service?.Properties.NetworkConfiguration);
    expect(network).toContain('"AssignPublicIp":"DISABLED"');
    expect(network).toMatch(/riverside-ehr:.*AppGroup/);
    expect(JSON.stringify(service?.Properties.LoadBalancers)).toMatch(/AppInternalBalancer8443/);
  });

  test('a function stands in a zone of a shared VPC', () => {
    const [fn] = ofType('AWS::Lambda::Function');
    const network = JSON.stringify(fn?.Properties.VpcConfig);
    expect(network).toMatch(/riverside-integration:.*EngineSubnet1/);
    expect(network).toMatch(/riverside-core:.*IntegrationEngineGroup/);
  });

  test('rules come from conduits alone: `allowFromAnyIpv4` on an asset changes nothing', () => {
    expect(ofType('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(ofType('AWS::EC2::SecurityGroup')).toEqual([]);
    expect(synthesized.texts.get('riverside-ehr')).not.toContain('"CidrIp": "0.0.0.0/0"');
  });
});

describe('a wrong name is answered with the right ones', () => {
  const ask = (question: (estate: Estate) => unknown) => () =>
    new Synthesized(hospital(), { extend: (_app, estate) => void question(estate) });

  test.each([
    ['a zone that is not in AWS', (estate: Estate) => estate.zone('guest-wifi'), /expected one of: ehr, integration/],
    [
      'an asset of another zone',
      (estate: Estate) => estate.zone('ehr').subnets('lis'),
      /expected one of: app, database/,
    ],
    ['no asset where there are two', (estate: Estate) => estate.zone('ehr').securityGroup(), /no asset was named/],
    [
      'a service that no conduit brings',
      (estate: Estate) => estate.zone('ehr').targetGroup('app', 'ssh'),
      /no conduit brings `ssh`/,
    ],
    [
      'an endpoint that no conduit gives',
      (estate: Estate) => estate.endpoint('ehr', 'portal/web'),
      /no conduit gives zone `ehr`/,
    ],
  ])('%s', (_name, question, message) => {
    expect(ask(question)).toThrow(message);
  });
});

test('a zone without assets needs no name', () => {
  new Synthesized(hospital(), {
    extend: (_app, estate) => {
      expect(estate.zone('soc').subnets().subnets).toHaveLength(2);
      expect(estate.zone('soc').securityGroup().securityGroupId).toBeDefined();
    },
  });
});
