import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** As `cdk synth` runs it, without the build before. */
function runApp(estate: string) {
  const output = join(folder, 'cdk.out');
  const env = { ...process.env, CORDON_ESTATE: estate, CDK_OUTDIR: output, NODE_ENV: '' };
  const { status, stderr } = spawnSync(process.execPath, ['-r', './bench/register.js', 'bin/app.ts'], {
    env,
    encoding: 'utf8',
  });
  return { status, stderr, hasOutput: existsSync(join(output, 'manifest.json')) };
}

const HEAD = 'cordon: 1\nestate: tiny\nregion: eu-west-2\navailabilityZones: 2\naddressing: { pool: 10.64.0.0/16 }\n';

describe('a mistake of the user ends the synth with its line, and no stack trace', () => {
  test.each([
    [
      'a service that does not exist',
      'zones:\n  a: { purpose: x, at: { vpc: { size: 22 } } }\nconduits:\n  c: { from: a, to: a, allow: [htps], why: w }\n',
      /htps/,
    ],
    [
      'a conduit that cannot be built yet',
      'zones:\n  a: { purpose: x, at: { vpc: { size: 24 } } }\nconduits:\n  out: { from: a, to: internet, allow: [https], why: w }\n',
      /PLAN_MECHANISM_UNAVAILABLE.*conduit `out`/,
    ],
  ])('%s', (_name, text, message) => {
    const file = join(folder, 'estate.yaml');
    writeFileSync(file, HEAD + text);
    const { status, stderr, hasOutput } = runApp(file);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/--> .*estate\.yaml:\d+:\d+/);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(status).toBe(3);
    expect(hasOutput).toBe(false);
  });

  test('a folder that is not there', () => {
    const { status, stderr } = runApp(join(folder, 'nowhere'));
    expect(stderr).toMatch(/FILE_NOT_FOUND.*nowhere/);
    expect(status).toBe(3);
  });
});

test('a sound estate is synthesized, and its addresses are written beside it', () => {
  const file = join(folder, 'estate.yaml');
  writeFileSync(file, `${HEAD}zones:\n  a: { purpose: x, owner: o, at: { vpc: { size: 22 } }, data: internal }\n`);
  const { status, stderr, hasOutput } = runApp(file);
  expect({ status, hasOutput }).toEqual({ status: 0, hasOutput: true });
  expect(stderr).toContain('commit it');
  expect(existsSync(join(folder, 'estate.addresses.json'))).toBe(true);
});
