/**
 * What a team attaches with the CDK's own constructs is verified with the rest: a database, a Fargate service behind the
 * zone's balancer and a function, in zones of their own; and what would be wrong with them is found.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type App, Stack } from 'aws-cdk-lib';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as rds from 'aws-cdk-lib/aws-rds';
import { readAssembly, readNetwork } from '../../lib/evidence/template';
import { type Estate, synthesizeEstate } from '../../lib/intent/constructs';
import { readEstate, type ZoneModel } from '../../lib/intent/zones';
import { gatherEvidence, verifyEstate } from '../../lib/verdict';

const conduit = (from: string, to: string, service: string) =>
  `{ from: ${from}, to: ${to}, allow: [${service}], why: Care, who: Staff, owner: Clinical, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }`;

const TEXT = `cordon: 1
estate: attached
region: eu-west-2
availabilityZones: 2
addressing: { pool: 10.64.0.0/12 }
zones:
  ehr:
    purpose: The chart
    at: { vpc: { size: 22 } }
    trust: trusted
    data: phi
    assets:
      app: { serves: [fhir] }
      database: { serves: [postgres], from: [app] }
    awsServices: [kms, logs]
  integration:
    purpose: The engine
    at: { vpc: { size: 24 } }
    trust: trusted
    data: phi
    assets: { engine: {} }
conduits:
  engine-to-chart: ${conduit('integration/engine', 'ehr/app', 'fhir')}
`;

function attach(app: App, estate: Estate, wrong?: 'service-among-databases'): void {
  const stack = new Stack(app, 'workloads', { env: { region: 'eu-west-2' } });
  const ehr = estate.zone('ehr');
  new rds.DatabaseInstance(stack, 'Database', {
    engine: rds.DatabaseInstanceEngine.postgres({ version: rds.PostgresEngineVersion.VER_16 }),
    vpc: ehr.vpc,
    vpcSubnets: ehr.subnets('database'),
    securityGroups: [ehr.securityGroup('database')],
    storageEncrypted: true,
  });
  const task = new ecs.FargateTaskDefinition(stack, 'Task');
  const image = ecs.ContainerImage.fromRegistry('public.ecr.aws/docker/library/httpd:2.4');
  task.addContainer('App', { image, portMappings: [{ containerPort: 443 }] });
  const service = new ecs.FargateService(stack, 'Service', {
    cluster: new ecs.Cluster(stack, 'Cluster', { vpc: ehr.vpc }),
    taskDefinition: task,
    vpcSubnets: ehr.subnets(wrong ? 'database' : 'app'),
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

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-workloads-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function verify(name: string, wrong?: 'service-among-databases') {
  const { model } = readEstate([{ file: 'estate.yaml', text: TEXT }], { today: '2026-11-23' });
  const assembly = path.join(folder, name);
  synthesizeEstate(model as ZoneModel, assembly, { extend: (app, estate) => attach(app, estate, wrong) });
  const { files } = readAssembly((file) => {
    const full = path.join(assembly, file);
    return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
  });
  const { network } = readNetwork(files, { region: 'eu-west-2' });
  const evidence = gatherEvidence(network);
  const result = verifyEstate({ model: model as ZoneModel, network, evidence, asOf: '2026-11-23' });
  return { network, result, failing: result.claims.filter(({ verdict }) => verdict !== 'proved') };
}

test('a database, a Fargate service and a function in their zones are covered, and all is proved', () => {
  const { network, failing } = verify('right');
  const kinds = network.interfaces.filter(({ id }) => id.includes('workloads.')).map(({ kind }) => kind);
  expect(kinds.sort()).toEqual(['database', 'function', 'task']);
  expect(failing).toEqual([]);
}, 60_000);

test('a service that stands among the databases gets no calls, and the verdict says what blocks them', () => {
  const { failing } = verify('wrong', 'service-among-databases');
  const claim = failing.find(({ id }) => id === 'service/engine-to-chart/fhir');
  expect(claim?.verdict).toBe('violated');
  expect(claim?.because.join()).toContain('network ACL');
}, 60_000);
