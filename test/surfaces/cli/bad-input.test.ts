/**
 * Input that nobody can use: every command refuses it with exit code 3, and says what is wrong, where, and what to do.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { withFix } from '../../../lib/evidence/template/fixes';
import { Console, FROM_WARD, template, ZONES } from './console';

const GOOD = template([FROM_WARD]);
const LINES = GOOD.split('\n');
const YAML = `Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
`;
/** A list of nine of the list before, and so on. */
const BOMB = [...'bcdefghi'].reduce(
  (text, name, at) => `${text}${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`)}]\n`,
  'a: &a [x, x, x, x, x, x, x, x, x]\n',
);

let cli: Console;
beforeEach(() => {
  cli = new Console().write('net.json', GOOD).write('zones.yaml', ZONES);
});
afterEach(() => cli.remove());

interface Told {
  readonly code: string;
  readonly line?: number;
  readonly help?: string;
  readonly severity: string;
}

async function told(...argv: string[]): Promise<{ readonly exit: number; readonly first: Told | undefined }> {
  const { code, stdout } = await cli.run(...argv, '--json');
  const found: Told[] = JSON.parse(stdout).diagnostics;
  for (const { help } of found) expect(help).toEqual(expect.stringMatching(/.{5}/));
  return { exit: code, first: found.find(({ severity }) => severity === 'error') };
}

const COMMANDS: readonly (readonly [string, (file: string) => string[]])[] = [
  [
    'explain',
    (file) => ['explain', '--template', file, '--from', 'WardHost', '--to', 'ChartHost', '--protocol', 'tcp'],
  ],
  ['verify', (file) => ['verify', '--template', file, '--zones', 'zones.yaml']],
  ['init --from', (file) => ['init', '--from', file]],
];

const FILES: readonly (readonly [string, string | Buffer, string, number])[] = [
  ['JSON that breaks off', LINES.slice(0, 8).join('\n'), 'TEMPLATE_NOT_JSON', 8],
  ['JSON without a colon', GOOD.replace('"Type": "AWS::EC2::VPC"', '"Type" "AWS::EC2::VPC"'), 'TEMPLATE_NOT_JSON', 9],
  ['YAML that is indented wrongly', YAML.replace('    Type', '   Type'), 'TEMPLATE_NOT_YAML', 3],
  ['YAML with a tab', YAML.replace('    Type', '\tType'), 'TEMPLATE_NOT_YAML', 3],
  ['YAML that leaves a brace open', YAML.replace('/16 }', '/16'), 'TEMPLATE_NOT_YAML', 5],
  ['two documents', `${YAML}---\n${YAML}`, 'TEMPLATE_NOT_YAML', 5],
  ['an alias bomb', `${BOMB}${YAML}`, 'TEMPLATE_ALIAS_BOMB', 7],
  ['an alias inside of itself', 'Resources: &all\n  Vpc: *all\n', 'TEMPLATE_ALIAS', 2],
  [
    'YAML thousands of levels deep',
    `${YAML}Metadata: ${'['.repeat(5000)}${']'.repeat(5000)}\n`,
    'TEMPLATE_TOO_DEEP',
    5,
  ],
  ['an empty file', '', 'TEMPLATE_EMPTY', 1],
  ['a list', '[]', 'TEMPLATE_NOT_AN_OBJECT', 1],
  ['a text', 'hello', 'TEMPLATE_NOT_AN_OBJECT', 1],
  ['no resources', 'Parameters: {}\n', 'TEMPLATE_WITHOUT_RESOURCES', 1],
  ['resources in a list', 'Resources: []\n', 'TEMPLATE_SECTION', 1],
  ['a resource that is nothing', `${YAML}  Other:\n`, 'TEMPLATE_RESOURCE_TYPE', 5],
  ['a resource without a type', `${YAML}  Other: { Properties: {} }\n`, 'TEMPLATE_RESOURCE_TYPE', 5],
  [
    'properties in a list',
    `${YAML}  Other: { Type: AWS::EC2::VPC, Properties: [1] }\n`,
    'TEMPLATE_RESOURCE_PROPERTIES',
    5,
  ],
  ['UTF-16', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'), 'FILE_NOT_UTF8', 1],
  ['Latin-1', Buffer.from(`${YAML}Description: für alle\n`, 'latin1'), 'FILE_NOT_UTF8', 5],
];

describe.each(COMMANDS)('%s refuses', (_, argv) => {
  test.each(FILES)('%s', async (_, text, code, line) => {
    fs.writeFileSync(path.join(cli.folder, 'bad'), text);
    const { exit, first } = await told(...argv('bad'));
    expect({ exit, code: first?.code, line: first?.line }).toEqual({ exit: 3, code, line });
  });

  test('a folder, and a file that is not there', async () => {
    fs.mkdirSync(path.join(cli.folder, 'folder'));
    expect(await told(...argv('folder'))).toMatchObject({ exit: 3, first: { code: 'FILE_IS_FOLDER' } });
    expect(await told(...argv('nowhere'))).toMatchObject({ exit: 3, first: { code: 'FILE_NOT_FOUND' } });
  });
});

describe('certificate check refuses', () => {
  test.each([
    ['text', 'nonsense'],
    ['JSON that breaks off', '{'],
    ['a list', '[]'],
    ['something else', GOOD],
  ])('%s', async (_, text) => {
    cli.write('bad', text);
    const { exit, first } = await told('certificate', 'check', 'bad', '--template', 'net.json');
    expect({ exit, code: first?.code }).toEqual({ exit: 3, code: 'CERTIFICATE_NOT_JSON' });
  });
});

describe('an assembly is refused', () => {
  const asked = (folder: string) => told('verify', '--assembly', folder, '--zones', 'zones.yaml');
  const stack = { type: 'aws:cloudformation:stack', properties: { templateFile: 'gone.json' } };

  test.each([
    ['without a manifest', 'other.json', '{}', 'ASSEMBLY_NOT_FOUND', undefined],
    ['with a manifest that breaks off', 'manifest.json', '{\n  "artifacts": {', 'ASSEMBLY_NOT_JSON', 2],
    [
      'without the template of a stack',
      'manifest.json',
      JSON.stringify({ artifacts: { stack } }),
      'ASSEMBLY_FILE_MISSING',
      1,
    ],
  ])('%s', async (_, file, text, code, line) => {
    cli.write(`out/${file}`, text);
    const { exit, first } = await asked('out');
    expect({ exit, code: first?.code, line: first?.line }).toEqual({ exit: 3, code, line });
  });
});

test.each([
  ['a byte order mark', `\uFEFF${GOOD}`],
  ['the line ends of Windows', GOOD.replaceAll('\n', '\r\n')],
  ['numbers and truth values as texts', GOOD.replaceAll('443', '"443"')],
])('%s is read like any other', async (_, text) => {
  const asked = ['--from', 'WardHost', '--to', 'ChartHost', '--protocol', 'tcp', '--port', '443', '--json'];
  const { code, stdout } = await cli.write('bad', text).run('explain', '--template', 'bad', ...asked);
  expect({ code, verdict: JSON.parse(stdout).verdict }).toEqual({ code: 0, verdict: 'reachable' });
});

test('every code that a template may draw has a fix', () => {
  const folder = path.join(__dirname, '../../../lib/evidence/template');
  const sources = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const codes = sources.flatMap((file) =>
    [...fs.readFileSync(path.join(folder, file), 'utf8').matchAll(/'((?:TEMPLATE|ASSEMBLY|PARAMETER)_[A-Z_]+)'/g)].map(
      ([, code = '']) => code,
    ),
  );
  expect(codes.length).toBeGreaterThan(30);
  const bare = codes.filter((code) => withFix({ code, severity: 'error', message: '' }).help === undefined);
  expect(bare).toEqual([]);
});
