import { Console } from './console';

/**
 * Quick starts and landing zones: a template whose nested stacks are files of the same repository, behind a URL of a bucket.
 */
const cli = new Console();
afterAll(() => cli.remove());

const nested = (TemplateURL: unknown, Cidr: unknown = '10.9.0.0/16') => ({
  Type: 'AWS::CloudFormation::Stack',
  Properties: { TemplateURL, Parameters: { Cidr } },
});
const write = (file: string, Resources: object, more: object = {}) =>
  cli.write(file, JSON.stringify({ Resources, ...more }));

const Parameters = { Cidr: { Type: 'String' } };
const Outputs = { Id: { Value: { Ref: 'Vpc' } } };
const NET = {
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: { Ref: 'Cidr' } } },
  Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: { Ref: 'Cidr' } } },
};
write('net.yaml', NET, { Parameters, Outputs });

/** What is asked within one VPC, with these templates. */
async function within(stack: string, ...templates: string[]) {
  const given = templates.flatMap((file) => ['--template', file]);
  const flow = ['--from', `${stack}.Vpc`, '--to', `${stack}.Subnet`, '--protocol', 'icmp'];
  const { stdout } = await cli.run('explain', ...given, ...flow, '--json');
  const { verdict, diagnostics } = JSON.parse(stdout);
  return verdict ?? diagnostics[0].code;
}

describe('a given template makes the nested stack whose URL ends with its name', () => {
  const bucket = `https://\${Bucket}.s3.\${AWS::Region}.\${AWS::URLSuffix}`;
  test.each<[string, unknown]>([
    ['a URL', 'https://bucket.s3.amazonaws.com/quickstart/v1/net.yaml'],
    ['a URL of a version', 'https://bucket.s3.amazonaws.com/net.yaml?versionId=x'],
    ['a text with placeholders', { 'Fn::Sub': `${bucket}/\${Prefix}net.yaml` }],
    ['a text with placeholders of its own', { 'Fn::Sub': [`${bucket}/templates/net.yaml`, { Bucket: 'b' }] }],
    ['joined texts', { 'Fn::Join': ['/', ['https://s3.amazonaws.com', { Ref: 'Bucket' }, 'templates/net.yaml']] }],
    ['a path', './net.yaml'],
  ])('%s', async (_, url) => {
    write('root.yaml', { Net: nested(url) });
    // its range is passed by the parent; without it the verdict is unknown
    expect(await within('net', 'root.yaml', 'net.yaml')).toBe('reachable');
    expect(await within('net', 'net.yaml')).toBe('unknown');
  });

  test('of several with that name, the one whose folders are those of the URL', async () => {
    write('own/templates/net.yaml', NET, { Parameters, Outputs });
    write('vpc/templates/net.yaml', NET, { Parameters, Outputs });
    const both = ['own/templates/net.yaml', 'vpc/templates/net.yaml'];
    write('root.yaml', { Net: nested({ 'Fn::Sub': `${bucket}/\${Prefix}submodules/vpc/templates/net.yaml` }) });
    expect(await within('vpc/templates/net', 'root.yaml', ...both)).toBe('reachable');
    expect(await within('own/templates/net', 'root.yaml', ...both)).toBe('unknown');
    write('root.yaml', { Net: nested({ 'Fn::Sub': `${bucket}/\${Prefix}templates/net.yaml` }) });
    expect(await within('vpc/templates/net', 'root.yaml', ...both)).toBe('unknown');
  });

  test('in any order, and nested in one that is nested', async () => {
    write('middle.yaml', { Net: nested('https://bucket/net.yaml', { Ref: 'Cidr' }) }, { Parameters });
    write('root.yaml', { Middle: nested('https://bucket/middle.yaml') });
    expect(await within('net', 'net.yaml', 'middle.yaml', 'root.yaml')).toBe('reachable');
  });

  test('one that makes several stacks is read for each of them', async () => {
    write('root.yaml', { A: nested('https://bucket/net.yaml'), B: nested('https://bucket/net.yaml') });
    for (const stack of ['root/A', 'root/B']) {
      expect(await within(stack, 'root.yaml', 'net.yaml')).toBe('reachable');
    }
    expect(await within('net', 'root.yaml', 'net.yaml')).toBe('END_UNKNOWN');
  });
});

test.each<[string, unknown]>([
  ['of another name', 'https://bucket/vpc.yaml'],
  ['of which the name is not written out', { 'Fn::Sub': `https://bucket/\${Name}` }],
  ['that only a parameter names', { Ref: 'Url' }],
])('a URL %s names no given template', async (_, url) => {
  write('root.yaml', { Net: nested(url) });
  expect(await within('net', 'root.yaml', 'net.yaml')).toBe('unknown');
});

test('templates that are nested in each other are refused', async () => {
  write('ping.yaml', { Pong: nested('https://bucket/pong.yaml') });
  write('pong.yaml', { Ping: nested('https://bucket/ping.yaml') });
  expect(await within('ping', 'ping.yaml', 'pong.yaml')).toBe('CLI_NESTED_TOO_DEEP');
});
