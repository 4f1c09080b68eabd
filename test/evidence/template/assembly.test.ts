import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, CfnOutput, Fn, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { CfnSubnet, CfnVPC } from 'aws-cdk-lib/aws-ec2';
import { readAssembly, resolveTemplates } from '../../../lib/evidence/template';
import { show } from './resolve/templates';

const artifact = (templateFile: string, more: object = {}) => ({
  type: 'aws:cloudformation:stack',
  environment: 'aws://123456789012/eu-west-2',
  properties: { templateFile },
  ...more,
});
const reading = (files: Readonly<Record<string, unknown>>) =>
  readAssembly((name) => {
    if (!Object.hasOwn(files, name)) return undefined;
    const content = files[name];
    return typeof content === 'string' ? content : JSON.stringify(content);
  });
const EMPTY = { Resources: {} };

describe('a cloud assembly', () => {
  test('gives each stack its name, region and account', () => {
    const manifest = {
      artifacts: {
        Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
        Net: artifact('Net.template.json', {
          properties: { templateFile: 'Net.template.json', parameters: { P: 'v' } },
        }),
        App: artifact('App.template.json', { environment: 'aws://unknown-account/unknown-region' }),
      },
    };
    const { files, diagnostics } = reading({
      'manifest.json': manifest,
      'Net.template.json': EMPTY,
      'App.template.json': EMPTY,
    });
    expect(diagnostics).toEqual([]);
    expect(files).toMatchObject([
      { stack: 'Net', file: 'Net.template.json', region: 'eu-west-2', account: '123456789012', parameters: { P: 'v' } },
      { stack: 'App', file: 'App.template.json', region: undefined, account: undefined },
    ]);
  });

  test('calls two stacks of one name by their paths', () => {
    const stack = (displayName: string) =>
      artifact('t.json', { displayName, properties: { templateFile: 't.json', stackName: 'Same' } });
    const manifest = { artifacts: { A: stack('One/Same'), B: stack('Two/Same'), C: artifact('t.json') } };
    expect(reading({ 'manifest.json': manifest, 't.json': EMPTY }).files.map((file) => file.stack)).toEqual([
      'One/Same',
      'Two/Same',
      'C',
    ]);
  });

  test('finds a nested template by the asset manifest where its resource has no metadata', () => {
    const hash = 'a'.repeat(64);
    const url = { 'Fn::Sub': `https://s3.example.com/assets/${hash}.json` };
    const files = {
      'manifest.json': {
        artifacts: {
          'S.assets': { type: 'cdk:asset-manifest', properties: { file: 'S.assets.json' } },
          S: artifact('S.json'),
        },
      },
      'S.assets.json': { files: { [hash]: { source: { path: 'Child.json', packaging: 'file' } } } },
      'S.json': { Resources: { Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } } } },
      'Child.json': EMPTY,
    };
    expect(reading(files).files).toMatchObject([
      { stack: 'S' },
      { stack: 'S/Child', file: 'Child.json', parent: { stack: 'S', logicalId: 'Child' }, region: 'eu-west-2' },
    ]);
  });

  const nestedInItself = {
    'manifest.json': { artifacts: { S: artifact('S.json') } },
    'S.json': { Resources: { Me: { Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': './S.json' } } } },
  };
  test.each([
    ['no manifest', {}, 'ASSEMBLY_FILE_MISSING'],
    ['a manifest that is no JSON', { 'manifest.json': '{' }, 'ASSEMBLY_NOT_JSON'],
    [
      'a template that is not there',
      { 'manifest.json': { artifacts: { S: artifact('S.json') } } },
      'ASSEMBLY_FILE_MISSING',
    ],
    [
      'a stack without a template',
      { 'manifest.json': { artifacts: { S: artifact('x', { properties: {} }) } } },
      'ASSEMBLY_STACK',
    ],
    ['look-ups without an answer', { 'manifest.json': { missing: [{ key: 'vpc' }] } }, 'ASSEMBLY_CONTEXT_MISSING'],
    ['a stack nested in itself', nestedInItself, 'ASSEMBLY_NESTED_IN_ITSELF'],
    [
      'a stage that holds itself',
      { 'manifest.json': { artifacts: { Me: { type: 'cdk:cloud-assembly', properties: { directoryName: '.' } } } } },
      'ASSEMBLY_TOO_DEEP',
    ],
  ])('with %s is an error', (_, files, code) => {
    expect(reading(files).diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
  });
});

describe('what CDK writes', () => {
  /** A stage with a network, a stack that uses it across stacks, and one nested in that. */
  const assembly = () => {
    const app = new App({ context: { '@aws-cdk/core:newStyleStackSynthesis': true } });
    const stage = new Stage(app, 'Prod', { env: { account: '123456789012', region: 'eu-west-2' } });
    const net = new Stack(stage, 'Net');
    const vpc = new CfnVPC(net, 'Vpc', { cidrBlock: '10.0.0.0/16' });
    const user = new Stack(stage, 'User');
    new CfnSubnet(user, 'Direct', { vpcId: vpc.ref, cidrBlock: Fn.select(3, Fn.cidr(vpc.attrCidrBlock, 4, '8')) });
    const nested = new NestedStack(user, 'Inner');
    const subnet = new CfnSubnet(nested, 'Deep', { vpcId: vpc.ref, availabilityZone: Fn.select(1, Fn.getAzs()) });
    new CfnOutput(user, 'DeepId', { value: subnet.ref });
    return app.synth().directory;
  };

  test('is read back whole: stages, nested stacks, references across stacks', () => {
    const root = assembly();
    const { files, diagnostics } = readAssembly((name) => {
      const file = path.resolve(root, name);
      return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
    });
    expect(diagnostics).toEqual([]);
    const resolved = resolveTemplates(files, {});
    expect(resolved.diagnostics).toEqual([]);
    expect(resolved.opaque).toEqual([]);
    expect(resolved.region).toBe('eu-west-2');
    const lines = resolved.resources
      .filter(({ type }) => type === 'AWS::EC2::Subnet')
      .map(({ stack, properties }) => `${stack} ${show(properties)}`);
    const [direct, deep] = lines;
    expect(direct).toBe('Prod-User {CidrBlock: 10.0.3.0/24, VpcId: <Prod-Net.Vpc>}');
    expect(deep).toMatch(/^Prod-User\/Inner\w+ \{AvailabilityZone: GetAZs\(eu-west-2\)\[1\], VpcId: <Prod-Net.Vpc>\}$/);
  });
});
