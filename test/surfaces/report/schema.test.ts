import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CertificateCheckShape,
  CertificateFileShape,
  ExplainShape,
  FailureShape,
  InitShape,
  PlanShape,
  PUBLISHED_SHAPES,
  publishedSchema,
  ValidateShape,
  VerifyShape,
} from '../../../lib/surfaces/report/document-shapes';
import { Console, FROM_WARD, template, ZONES } from '../cli/console';

const ROOT = join(__dirname, '../../..');
const cli = new Console()
  .write('net.json', template([FROM_WARD]))
  .write('zones.yaml', ZONES)
  .write('bad.yaml', 'cordon: 1\n');
afterAll(() => cli.remove());

describe('the published JSON Schemas', () => {
  const names = Object.keys(PUBLISHED_SHAPES) as (keyof typeof PUBLISHED_SHAPES)[];

  test.each(names)('%s is what the shape generates (UPDATE_GOLDEN=1 writes it anew)', (name) => {
    const file = join(ROOT, 'schema', name);
    const generated = publishedSchema(name);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, generated);
    expect(readFileSync(file, 'utf8')).toBe(generated);
  });
});

describe('real output has the published shape', () => {
  const templates = ['--template', 'net.json'];
  test.each([
    ['verify', VerifyShape, ['verify', ...templates, '--zones', 'zones.yaml']],
    [
      'explain',
      ExplainShape,
      ['explain', ...templates, '--from', 'WardHost', '--to', 'ChartHost', '--protocol', 'tcp'],
    ],
    ['validate', ValidateShape, ['validate', 'zones.yaml']],
    ['validate, invalid', ValidateShape, ['validate', 'bad.yaml']],
    ['init', InitShape, ['init', 'mine', '--profile', 'clinic']],
    ['init from templates', InitShape, ['init', '--from', 'net.json']],
    ['init from templates, to a file', InitShape, ['init', '--from', 'net.json', '-o', 'proposed.yaml']],
    ['init, mistaken', FailureShape, ['init', '--from', 'nowhere.json']],
    ['plan', PlanShape, ['plan', join(ROOT, 'zones/clinic')]],
    ['verify, invalid', FailureShape, ['verify', 'bad.yaml']],
    ['a mistake in the options', FailureShape, ['verify', 'zones.yaml', '--no-such-thing']],
  ] as const)('%s', async (_, shape, argv) => {
    const { stdout } = await cli.run(...argv, '--json');
    const checked = shape.safeParse(JSON.parse(stdout));
    expect(checked.error?.issues ?? []).toEqual([]);
  });
});

test('certificates, and what their check prints, have the published shape', async () => {
  cli.write('shut.json', template([]));
  const templates = ['--template', 'shut.json'];
  await cli.run('verify', ...templates, '--zones', 'zones.yaml', '--certificates', 'proof');
  expect(CertificateFileShape.safeParse(JSON.parse(cli.read('proof/certificates.json'))).error?.issues ?? []).toEqual(
    [],
  );
  for (const given of [['--zones', 'zones.yaml'], []]) {
    const { stdout } = await cli.run('certificate', 'check', 'proof', ...templates, ...given, '--json');
    expect(CertificateCheckShape.safeParse(JSON.parse(stdout)).error?.issues ?? []).toEqual([]);
    expect(JSON.parse(stdout).verdict).toBe('proved');
  }
});
