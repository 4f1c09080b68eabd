import * as path from 'node:path';
import { Console, FROM_WARD, template } from './console';

const cli = new Console().write('net.json', template([FROM_WARD]));
afterAll(() => cli.remove());

const ask = (from: string, to: string, ...more: string[]) =>
  cli.run('explain', '--template', 'net.json', '--from', from, '--to', to, '--json', ...more);

describe('explain answers one flow', () => {
  test.each([
    ['WardHost', 'ChartHost', ['--protocol', 'tcp', '--port', '443'], 'reachable', 0],
    ['net.WardHost', 'net.ChartHost', ['--protocol', '6', '--port', '443'], 'reachable', 0],
    ['WardHost', 'ChartHost', ['--protocol', 'tcp', '--port', '22'], 'blocked', 0],
    ['WardHost', 'ChartHost', ['--protocol', 'udp', '--port', '443'], 'blocked', 0],
    ['ChartHost', 'WardHost', ['--protocol', 'any'], 'blocked', 0],
    ['internet', 'ChartHost', ['--protocol', 'tcp'], 'blocked', 0],
    ['WardGroup', 'ChartGroup', ['--protocol', 'tcp', '--port', '443'], 'reachable', 0],
    ['WardSubnet', 'ChartHost', ['--protocol', 'tcp', '--port', '443'], 'reachable', 0],
    ['10.0.0.77', 'ChartHost', ['--protocol', 'tcp', '--port', '443'], 'reachable', 0],
  ] as const)('%s -> %s %j is %s', async (from, to, more, verdict, code) => {
    const outcome = await ask(from, to, ...more);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ from, to, verdict });
    expect(outcome.code).toBe(code);
  });

  test('without a port the answer lists the ports that work', async () => {
    const { stdout } = await ask('WardHost', 'ChartHost', '--protocol', 'tcp');
    expect(JSON.parse(stdout).forward.ports).toEqual([[443, 443]]);
  });

  test('on a terminal the way there and back is told hop by hop', async () => {
    const { stdout } = await cli.run(
      'explain',
      '--template',
      'net.json',
      '--from',
      'WardHost',
      '--to',
      'ChartHost',
      '--protocol',
      'tcp',
    );
    expect(stdout).toMatch(/^reachable WardHost -> ChartHost tcp\n {2}ports: 443\n/);
    expect(stdout).toContain('there: reachable');
    expect(stdout).toContain('back: reachable');
  });
});

test('udp that gets there and is not answered is neither, and the reason says so: no address or port would change it', async () => {
  const oneWay = path.resolve(__dirname, '../../fixtures/templates/peering-oneway.json');
  const flow = ['--from', 'A', '--to', 'B', '--protocol', 'udp', '--port', '53'];
  const { stdout } = await cli.run('explain', '--template', oneWay, ...flow, '--json');
  const answer = JSON.parse(stdout);
  expect(answer).toMatchObject({
    ...{ verdict: 'unknown', forward: { verdict: 'reachable' }, reply: { verdict: 'blocked' } },
    ...{ blockers: [{ kind: 'route', direction: 'reply' }], unknowns: [{ resource: 'peering-oneway.B' }] },
  });
  expect(answer.unknowns[0].reason).toContain('packets get there and no answer comes back');
});

describe('of a blocked flow, the one edit that would let it pass is told', () => {
  test('a rule of the receiver is all that is missing', async () => {
    const { stdout } = await ask('WardHost', 'ChartHost', '--protocol', 'tcp', '--port', '22');
    expect(JSON.parse(stdout).oneEditAway).toEqual({
      resource: 'net.ChartGroup',
      kind: 'security-group',
      what: 'an ingress rule that allows it',
    });
    const flow = ['--from', 'WardHost', '--to', 'ChartHost', '--protocol', 'tcp', '--port', '22'];
    const shown = await cli.run('explain', '--template', 'net.json', ...flow);
    expect(shown.stdout).toContain('One edit away: it passes as soon as net.ChartGroup gets an ingress rule');
  });

  test('where it takes more than one, nothing is said', async () => {
    const { stdout } = await ask('internet', 'ChartHost', '--protocol', 'tcp');
    expect(JSON.parse(stdout)).not.toHaveProperty('oneEditAway');
  });

  test('of an open flow there is nothing to say either', async () => {
    const { stdout } = await ask('WardHost', 'ChartHost', '--protocol', 'tcp', '--port', '443');
    expect(JSON.parse(stdout)).not.toHaveProperty('oneEditAway');
  });
});

describe('what cannot be asked is invalid input, exit code 3', () => {
  test.each([
    ['WardHots', 'ChartHost', ['--protocol', 'tcp'], 'END_UNKNOWN', 'did you mean `WardHost`?'],
    ['WardHost', 'zone:ward', ['--protocol', 'tcp'], 'END_NO_ZONES', 'give one with `--zones`'],
    ['WardHost', 'ChartHost', ['--protocol', 'tpc'], 'QUERY_PROTOCOL', 'tcp, udp'],
    ['WardHost', 'ChartHost', ['--protocol', 'tcp', '--port', '70000'], 'QUERY_PORT', ''],
    ['WardHost', 'ChartHost', [], 'QUERY_PROTOCOL', ''],
  ] as const)('%s -> %s %j: %s', async (from, to, more, code, help) => {
    const outcome = await ask(from, to, ...more);
    const { diagnostics } = JSON.parse(outcome.stdout);
    expect(diagnostics[0].code).toBe(code);
    expect(diagnostics[0].help ?? '').toContain(help);
    expect(outcome.code).toBe(3);
  });

  test.each([
    ['Igw', 'only passes packets on', '`internet`'],
    ['Nat', 'takes nothing that is addressed to it', 'name its subnet'],
    ['NatAddress', 'is given to nothing', 'name what it is for'],
    ['OnInstances', 'its tasks answer at the addresses of instances', 'Auto Scaling group'],
    ['Outside', 'is in no VPC', 'VpcConfig'],
    ['Unused', 'launches nothing by itself', 'what is launched from it'],
    ['Bucket', '(AWS::S3::Bucket) has no interface in a VPC', 'subnet'],
    ['Perhaps', 'is not created: condition `IsProd` is false', '--parameter'],
    ['Made', 'makes what no template shows', ''],
    ['Catalogue', 'is reached through VPC Lattice', 'its target groups lead to'],
  ])('%s is no end, and the message says what to name instead', async (name, message, help) => {
    const file = path.resolve(__dirname, '../../fixtures/templates/names-for-ends.yaml');
    const outcome = await cli.run(
      'explain',
      '--template',
      file,
      '--from',
      'Web',
      '--to',
      name,
      '--protocol',
      'tcp',
      '--json',
    );
    const [diagnostic] = JSON.parse(outcome.stdout).diagnostics;
    expect(diagnostic).toMatchObject({ code: 'END_UNKNOWN', message: expect.stringContaining(message) });
    expect(diagnostic.help).toContain(help);
    expect(outcome.code).toBe(3);
  });

  test('nested templates are found by the path that is written for their URL, and by --nested', async () => {
    const nested = (Type: string, url: object) => ({
      Type,
      Properties: { ...url, Parameters: { Cidr: '10.9.0.0/16' } },
    });
    const net = {
      Parameters: { Cidr: { Type: 'String' } },
      Resources: {
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: { Ref: 'Cidr' } } },
        Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: { Ref: 'Cidr' } } },
      },
    };
    const root = {
      Transform: 'AWS::Serverless-2016-10-31',
      Resources: {
        Beside: nested('AWS::CloudFormation::Stack', { TemplateURL: './parts/net.json' }),
        App: nested('AWS::Serverless::Application', { Location: 'parts/net.json' }),
        Far: nested('AWS::CloudFormation::Stack', { TemplateURL: 'https://example.com/net.json' }),
      },
    };
    cli.write('root.json', JSON.stringify(root)).write('parts/net.json', JSON.stringify(net));
    const within = (stack: string, ...more: string[]) =>
      cli.run(
        'explain',
        '--template',
        'root.json',
        '--from',
        `${stack}.Vpc`,
        '--to',
        `${stack}.Subnet`,
        '--protocol',
        'icmp',
        ...more,
      );
    expect((await within('root/Beside')).stdout).toContain('reachable root/Beside.Vpc -> root/Beside.Subnet');
    expect((await within('root/App')).stdout).toContain('reachable root/App.Vpc -> root/App.Subnet');
    const missing = await within('root/Far');
    expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining('--nested Far=<file>') });
    expect((await within('root/Far', '--nested', 'Far=parts/net.json')).stdout).toContain('reachable root/Far.Vpc');
  });

  test('a subnet group is what stands in its subnets', async () => {
    const file = path.resolve(__dirname, '../../fixtures/templates/names-for-ends.yaml');
    const { stdout } = await cli.run(
      'explain',
      '--template',
      file,
      '--from',
      'Balancer',
      '--to',
      'DbGroup',
      '--protocol',
      'tcp',
      '--port',
      '8080',
      '--json',
    );
    expect(JSON.parse(stdout).verdict).toBe('reachable');
  });

  test('a group of a VPC without subnets is nowhere', async () => {
    const Resources = {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'x', VpcId: { Ref: 'Vpc' } } },
    };
    cli.write('bare.json', JSON.stringify({ Resources }));
    const outcome = await cli.run(
      'explain',
      '--template',
      'bare.json',
      '--from',
      'internet',
      '--to',
      'Group',
      '--protocol',
      'tcp',
      '--json',
    );
    expect(outcome.code).toBe(3);
    expect(JSON.parse(outcome.stdout).diagnostics).toMatchObject([{ code: 'END_NOWHERE' }]);
  });

  test('one name for two things asks for the stack', async () => {
    cli.write('other.json', template([]));
    const outcome = await cli.run(
      'explain',
      '--template',
      'net.json',
      '--template',
      'other.json',
      '--from',
      'WardHost',
      '--to',
      'internet',
      '--protocol',
      'tcp',
      '--json',
    );
    expect(JSON.parse(outcome.stdout).diagnostics[0]).toMatchObject({
      code: 'END_AMBIGUOUS',
      message: '`WardHost` may be `net.WardHost` or `other.WardHost`',
    });
  });

  test('a missing file is named, without a stack trace', async () => {
    const outcome = await cli.run(
      'explain',
      '--template',
      'gone.json',
      '--from',
      'a',
      '--to',
      'b',
      '--protocol',
      'tcp',
    );
    expect(outcome.stderr).toContain('error[FILE_NOT_FOUND]: there is no `gone.json`');
    expect(outcome.stderr).not.toContain('    at ');
    expect(outcome.code).toBe(3);
  });
});

describe('many queries in one run', () => {
  const lines = (...queries: object[]) => `${queries.map((query) => JSON.stringify(query)).join('\n')}\n`;

  test('one answer a line, in order, each repeating its query', async () => {
    cli.write(
      'queries.jsonl',
      lines(
        { from: 'WardHost', to: 'ChartHost', protocol: 'tcp', port: 443 },
        { from: 'WardHost', to: 'ChartHost', protocol: 17 },
        { from: 'internet', to: 'ChartHost', protocol: 'tcp', port: 443 },
      ),
    );
    const { stdout, code } = await cli.run('explain', '--template', 'net.json', '--queries', 'queries.jsonl');
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ from, protocol, verdict }) => [from, protocol, verdict])).toEqual([
      ['WardHost', 'tcp', 'reachable'],
      ['WardHost', 17, 'blocked'],
      ['internet', 'tcp', 'blocked'],
    ]);
    expect(code).toBe(0);
  });

  test('a line that cannot be asked gets its diagnostic, the others their answers, and the run exits 3', async () => {
    cli.write(
      'queries.jsonl',
      `{"from":\n${lines({ from: 'WardHost', to: 'Nobody', protocol: 'tcp' }, { from: 'WardHost', to: 'ChartHost', protocol: 'tcp' })}`,
    );
    const { stdout, code } = await cli.run('explain', '--template', 'net.json', '--queries', 'queries.jsonl');
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers[0].diagnostics[0]).toMatchObject({ code: 'QUERY_NOT_JSON', file: 'queries.jsonl', line: 1 });
    expect(answers[1].diagnostics[0]).toMatchObject({ code: 'END_UNKNOWN', line: 2 });
    expect(answers[2].verdict).toBe('reachable');
    expect(code).toBe(3);
  });
});

describe('templates of one name in several folders', () => {
  const several = new Console()
    .write('a/net.json', template([FROM_WARD]))
    .write('b/net.json', template([]))
    .write('b/net.yaml', template([]));
  afterAll(() => several.remove());
  const explain = (files: readonly string[], from: string, to: string) => {
    const templates = files.flatMap((file) => ['--template', file]);
    return several.run(
      'explain',
      ...templates,
      '--from',
      from,
      '--to',
      to,
      '--protocol',
      'tcp',
      '--port',
      '443',
      '--json',
    );
  };

  test.each([
    ['a/net', 'reachable'],
    ['b/net', 'blocked'],
  ])('are called by their folders too: %s', async (stack, verdict) => {
    const { stdout } = await explain(['a/net.json', 'b/net.json'], `${stack}.WardHost`, `${stack}.ChartHost`);
    expect(JSON.parse(stdout)).toMatchObject({ verdict });
  });

  test('are called by their whole names where only the extension differs', async () => {
    const { stdout } = await explain(['b/net.json', 'b/net.yaml'], 'net.yaml.WardHost', 'net.yaml.ChartHost');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'blocked' });
  });

  test('a name that two of them have is told with both', async () => {
    const { code, stdout } = await explain(['a/net.json', 'b/net.json'], 'WardHost', 'a/net.ChartHost');
    expect(code).toBe(3);
    expect(stdout).toContain('a/net.WardHost');
    expect(stdout).toContain('b/net.WardHost');
  });

  test('a file that is given twice is refused', async () => {
    const { code, stdout } = await explain(['a/net.json', './a/net.json'], 'WardHost', 'ChartHost');
    expect(code).toBe(3);
    expect(stdout).toContain('CLI_TEMPLATE_TWICE');
  });
});
