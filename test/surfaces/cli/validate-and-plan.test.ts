import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Console, ZONES } from './console';

const ROOT = join(__dirname, '../../..');
const cli = new Console();
afterAll(() => cli.remove());

describe('validate', () => {
  test('a sound estate is valid, exit code 0', async () => {
    const { code, stdout, stderr } = await cli.write('good.yaml', ZONES).run('validate', 'good.yaml');
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^valid small: 2 zones, 0 conduits, \d+ obligations\n$/),
      stderr: '',
    });
  });

  test('every mistake in one run, each with its line, a caret and the likely fix', async () => {
    const text = ZONES.replace('purpose: Ward', 'pourpose: Ward').replace('trust: trusted', 'trust: sometimes');
    const { code, stderr, stdout } = await cli.write('bad.yaml', text).run('validate', 'bad.yaml');
    expect(code).toBe(3);
    expect(stderr).toContain('--> bad.yaml:6:5');
    expect(stderr).toMatch(/6 \| {5}pourpose: Ward computers\n {2}\| {5}\^+/);
    expect(stderr).toContain('--> bad.yaml:13:12');
    expect(stdout).toMatch(/^invalid bad\.yaml: [2-9] errors in 1 file\n$/);
  });

  test('--json is one document on standard output and nothing else', async () => {
    const { code, stdout, stderr } = await cli.write('bad.yaml', 'cordon: 2\n').run('validate', 'bad.yaml', '--json');
    const document = JSON.parse(stdout);
    expect(document.valid).toBe(false);
    expect(document.diagnostics.length).toBeGreaterThan(0);
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
  });

  test.each([
    ['gone', 'FILE_NOT_FOUND'],
    ['empty', 'ESTATE_EMPTY'],
  ])('%s: %s', async (estate, diagnostic) => {
    cli.write('empty/readme.txt', '');
    const { code, stderr } = await cli.run('validate', estate);
    expect(code).toBe(3);
    expect(stderr).toContain(`error[${diagnostic}]`);
  });
});

describe('plan', () => {
  test('tells where each zone lies, how conduits cross, what it uses and what it costs', async () => {
    const { code, stdout } = await cli.run('plan', join(ROOT, 'zones/clinic'));
    expect(code).toBe(0);
    for (const section of ['Plan of', 'VPCs (', 'Conduits (', 'Quotas', 'Cost about USD'])
      expect(stdout).toContain(section);
  });

  test('--json gives ranges as text', async () => {
    const { stdout } = await cli.run('plan', join(ROOT, 'zones/clinic'), '--json');
    expect(JSON.parse(stdout).vpcs[0].cidr).toMatch(/^\d+\.\d+\.\d+\.\d+\/\d+$/);
  });
});

test.each([
  ['--help', 'verify'],
  ['--version', JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version],
])('%s is an answer, exit code 0', async (option, told) => {
  const { code, stdout } = await cli.run(option);
  expect(code).toBe(0);
  expect(stdout).toContain(told);
});
