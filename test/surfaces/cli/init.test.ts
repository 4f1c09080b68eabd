import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { Console, FROM_WARD, template } from './console';

const cli = new Console();
afterAll(() => cli.remove());

const NET = template([FROM_WARD]);

const clean = () => {
  for (const name of fs.readdirSync(cli.folder)) fs.rmSync(path.join(cli.folder, name), { recursive: true });
};
beforeEach(clean);

describe('cordon init --from', () => {
  test('prints a zone file that validates and verifies, but for the missing reasons', async () => {
    const proposed = await cli.write('net.json', NET).run('init', '--from', 'net.json', '--region', 'eu-west-2');
    expect(proposed.code).toBe(0);
    expect(parse(proposed.stdout)).toMatchObject({ cordon: 1, estate: 'net', region: 'eu-west-2' });
    cli.write('zones.yaml', proposed.stdout);
    expect((await cli.run('validate', 'zones.yaml')).code).toBe(0);
    const { stdout } = await cli.run('verify', '--template', 'net.json', '--zones', 'zones.yaml', '--json');
    const claims: { kind: string; verdict: string; id: string }[] = JSON.parse(stdout).claims;
    const announced: string[] = proposed.stdout.split('\n').filter((line) => line.startsWith('# - '));
    for (const { kind, verdict, id } of claims) {
      if (kind === 'governance' || verdict !== 'violated') continue;
      expect(announced).toContainEqual(expect.stringContaining(id));
    }
  });

  test('takes several templates, together or each with its own --from', async () => {
    cli.write('a.json', NET).write('b.json', NET);
    const together = await cli.run('init', '--from', 'a.json', 'b.json');
    const apart = await cli.run('init', '--from', 'a.json', '--from', 'b.json');
    expect(together.code).toBe(0);
    expect(apart.stdout).toBe(together.stdout);
    const zones: { at: { template: object } }[] = Object.values(parse(apart.stdout).zones);
    const vpcs = zones.filter(({ at }) => at.template).map(({ at }) => at.template);
    expect(vpcs).toEqual([{ vpcs: ['a.Vpc'] }, { vpcs: ['b.Vpc'] }]);
  });

  test('writes to a file, with the schema found from there, and overwrites it only with --force', async () => {
    cli.write('net.json', NET);
    const write = (...more: string[]) => cli.run('init', '--from', 'net.json', '-o', 'out/zones.yaml', ...more);
    const first = await write();
    expect({ code: first.code, stdout: first.stdout }).toEqual({ code: 0, stdout: '' });
    const [modeline = ''] = cli.read('out/zones.yaml').split('\n');
    const schema = modeline.replace('# yaml-language-server: $schema=', '');
    expect(fs.existsSync(path.resolve(cli.folder, 'out', schema))).toBe(true);
    cli.write('out/zones.yaml', 'mine');
    const second = await write();
    expect({ code: second.code, stderr: second.stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining('FILE_EXISTS'),
    });
    expect(cli.read('out/zones.yaml')).toBe('mine');
    expect((await write('--force')).code).toBe(0);
    expect(parse(cli.read('out/zones.yaml')).cordon).toBe(1);
  });

  test('--json holds the text and what it could not declare', async () => {
    const { stdout } = await cli.write('net.json', NET).run('init', '--from', 'net.json', '--json');
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ cordon: 1, findings: expect.any(Array), zones: expect.any(Number) });
    expect(parse(document.text).estate).toBe('net');
  });

  test.each([
    ['a template that is not there', ['--from', 'nowhere.json'], 'FILE_NOT_FOUND'],
    ['templates without a subnet', ['--from', 'empty.json'], 'PROPOSAL_EMPTY'],
    ['a folder beside --from', ['here', '--from', 'net.json'], 'CLI_USAGE'],
    ['a profile beside --from', ['--profile', 'clinic', '--from', 'net.json'], 'CLI_USAGE'],
  ])('%s is a mistake in the input', async (_, argv, code) => {
    const topic = { Type: 'AWS::SNS::Topic', Properties: {} };
    cli.write('net.json', NET).write('empty.json', JSON.stringify({ Resources: { Topic: topic } }));
    const outcome = await cli.run('init', ...argv, '--json');
    expect({ code: outcome.code, said: JSON.parse(outcome.stdout).diagnostics[0].code }).toEqual({
      code: 3,
      said: code,
    });
  });
});

describe('cordon init [dir]', () => {
  test.each(['clinic', 'hospital', 'group'])('a %s verifies as it is', async (profile) => {
    const { code, stdout } = await cli.run('init', 'mine', '--profile', profile);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('Next: cordon verify mine/zones') });
    const verified = await cli.run('verify', 'mine/zones', '--json');
    const { verdict, diagnostics } = JSON.parse(verified.stdout);
    expect({ code: verified.code, verdict, diagnostics }).toEqual({ code: 0, verdict: 'proved', diagnostics: [] });
  });

  test('its zone file points at the schema that is written beside it', async () => {
    await cli.run('init', 'mine');
    const schema = /\$schema=(\S+)/.exec(cli.read('mine/zones/estate.yaml'))?.[1] ?? '';
    expect(fs.existsSync(path.resolve(cli.folder, 'mine/zones', schema))).toBe(true);
  });

  test('its CDK app is the one that the package brings, pointed at its zones', async () => {
    await cli.run('init', 'mine');
    const { app, context } = JSON.parse(cli.read('mine/cdk.json'));
    const { dependencies } = JSON.parse(cli.read('mine/package.json'));
    const root = path.resolve(cli.folder, 'mine', dependencies.cordon.replace('file:', ''));
    expect(JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')).name).toBe('cordon');
    expect(app).toBe('node node_modules/cordon/dist/bin/app.js');
    expect(fs.existsSync(path.join(root, 'bin/app.ts'))).toBe(true);
    expect(context.estate).toBe('zones');
  });

  test('overwrites nothing, and writes nothing where it would', async () => {
    cli.write('mine/cdk.json', '{}');
    const { code, stderr } = await cli.run('init', 'mine');
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('`mine/cdk.json` is there already') });
    expect(cli.files()).toEqual(['mine', 'mine/cdk.json']);
  });

  test.each([
    ['a profile that is not there', ['mine', '--profile', 'spaceship'], 'CLI_OPTION'],
    ['a name that objects have of themselves', ['mine', '--profile', 'constructor'], 'CLI_OPTION'],
    ['an output without --from', ['mine', '-o', 'zones.yaml'], 'CLI_USAGE'],
  ])('%s is a mistake in the input', async (_, argv, code) => {
    const outcome = await cli.run('init', ...argv, '--json');
    expect({ code: outcome.code, said: JSON.parse(outcome.stdout).diagnostics[0].code }).toEqual({
      code: 3,
      said: code,
    });
  });
});
