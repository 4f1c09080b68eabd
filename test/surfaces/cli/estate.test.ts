import * as fs from 'node:fs';
import { join } from 'node:path';
import { Console } from './console';

/** The small clinic, as it is kept under `zones/`: the whole way, from zone file to verdict. */
const CLINIC = join(__dirname, '../../../zones/clinic');
const cli = new Console();
beforeAll(() => {
  for (const file of fs.readdirSync(CLINIC)) cli.write(`clinic/${file}`, fs.readFileSync(join(CLINIC, file), 'utf8'));
});
afterAll(() => cli.remove());

test('an estate is planned, synthesized, read back and proved in one command', async () => {
  const { code, stdout } = await cli.run('verify', 'clinic');
  expect(stdout).toContain('Verdict: proved');
  expect(stdout).toMatch(/Plan \.cordon\/clinic\/cdk\.out: \d+ resources/);
  expect(stdout).toMatch(/Time .*synthesize \d+ ms/);
  expect(code).toBe(0);
  expect(cli.files()).toContain('.cordon/clinic/cdk.out/manifest.json');
  expect(cli.files().filter((file) => file.includes('partial'))).toEqual([]);
}, 60_000);

test('the assembly that it wrote verifies by itself, and explains its flows by zone', async () => {
  const assembly = ['--assembly', '.cordon/clinic/cdk.out'];
  const verified = await cli.run('verify', 'clinic', ...assembly, '--json');
  expect(JSON.parse(verified.stdout).verdict).toBe('proved');
  const ask = async (from: string, to: string) => {
    const flow = ['--from', from, '--to', to, '--protocol', 'tcp', '--port', '443'];
    const { stdout } = await cli.run('explain', ...assembly, '--zones', 'clinic', ...flow, '--json');
    return JSON.parse(stdout).verdict;
  };
  expect(await ask('zone:chart', 'zone:images')).toBe('reachable');
  expect(await ask('zone:guest-wifi', 'zone:chart')).toBe('blocked');
}, 60_000);

test('an assembly that is not of this estate proves nothing of it', async () => {
  cli.write(
    'clinic-other/zones.yaml',
    `cordon: 1
estate: other
region: eu-west-2
addressing: { pool: 10.64.0.0/12 }
zones:
  lonely: { purpose: Nowhere to be found, at: { vpc: { size: 24 } }, trust: trusted, data: internal, assets: { box: {} } }
`,
  );
  const { code, stdout } = await cli.run('verify', 'clinic-other', '--assembly', '.cordon/clinic/cdk.out', '--json');
  const { claims } = JSON.parse(stdout);
  expect(claims.find(({ id }: { id: string }) => id === 'binding/lonely/lonely')?.verdict).toBe('violated');
  expect(code).toBe(2);
});

test.each([
  ['VPCs of their own', '{ vpc: { size: 24 } }', ''],
  ['one VPC', '{ vpc: both, size: 25 }', 'vpcs:\n  both: { size: 23 }\n'],
])(
  'two zones without assets in %s are proved',
  async (_, at, vpcs) => {
    cli.write(
      'bare/zones.yaml',
      `cordon: 1
estate: bare
region: eu-west-2
addressing: { pool: 10.64.0.0/12 }
${vpcs}zones:
  desks: { purpose: They ask, at: ${at}, data: none }
  chart: { purpose: It answers, at: ${at}, data: phi }
conduits:
  desks-to-chart: { from: desks, to: chart, allow: [https], why: The chart, who: Staff, owner: IT, approved: { by: [Board], on: 2026-10-01 }, review: 2027-06-01 }
`,
    );
    const { stdout } = await cli.run('verify', 'bare', '--json', '--as-of', '2026-11-23');
    const { verdict, claims } = JSON.parse(stdout);
    expect(claims.filter((claim: { verdict: string }) => claim.verdict !== 'proved')).toEqual([]);
    expect(verdict).toBe('proved');
  },
  60_000,
);

test.each(['hub', 'chart-links'])(
  'a zone called %s, as another stack is, is refused before CDK would',
  async (name) => {
    cli.write(
      'named/zones.yaml',
      `cordon: 1
estate: named
region: eu-west-2
addressing: { pool: 10.64.0.0/12 }
zones:
  ${name}: { purpose: One, at: { vpc: { size: 24 } }, data: none }
  chart: { purpose: Another, at: { vpc: { size: 24 } }, data: none }
`,
    );
    const { code, stdout } = await cli.run('verify', 'named', '--json');
    const { diagnostics } = JSON.parse(stdout);
    expect(code).toBe(3);
    expect(diagnostics.map(({ code: found }: { code: string }) => found)).toContain('PLAN_NAME_TAKEN');
  },
);

test('an estate that cannot be planned leaves nothing behind', async () => {
  cli.write(
    'tight/zones.yaml',
    `cordon: 1
estate: tight
region: eu-west-2
addressing: { pool: 10.64.0.0/28 }
zones:
  big: { purpose: Larger than the pool, at: { vpc: { size: 20 } }, trust: trusted, data: internal, assets: { box: {} } }
`,
  );
  const { code, stderr } = await cli.run('verify', 'tight');
  expect(code).toBe(3);
  expect(stderr).toMatch(/^error\[/);
  expect(cli.files().filter((file) => file.startsWith('.cordon/tight'))).toEqual([]);
});
