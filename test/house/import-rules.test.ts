/**
 * The house's import rules (DESIGN, section 1): they hold for the code as it stands, and each of them can fail.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type Cruise, cruise, describeViolation, ROOT } from './cruise';

/** One offence per line: the rule, who imports, what. A file that is only imported is made with no imports of its own. */
const OFFENCES: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['intent-never-imports-evidence', 'lib/intent/plan/a.ts', 'lib/evidence/network/x.ts'],
  ['intent-never-imports-evidence', 'lib/intent/constructs/a.ts', 'lib/verdict/x.ts'],
  ['evidence-never-imports-intent', 'lib/evidence/template/a.ts', 'lib/intent/zones/x.ts'],
  ['base-imports-nothing-of-ours', 'lib/base/net/a.ts', 'lib/evidence/network/x.ts'],
  ['verdict-imports-no-plan-and-no-constructs', 'lib/verdict/a.ts', 'lib/intent/plan/x.ts'],
  ['certificate-never-imports-reachability', 'lib/evidence/certificate/a.ts', 'lib/evidence/reachability/x.ts'],
  ['trace-is-a-second-semantics', 'lib/evidence/trace/a.ts', 'lib/evidence/forwarding/x.ts'],
  ['engine-never-imports-trace', 'lib/evidence/reachability/a.ts', 'lib/evidence/trace/x.ts'],
  ['only-constructs-and-surfaces-import-cdk', 'lib/verdict/b.ts', 'aws-cdk-lib'],
  ['no-process-in-the-pure-floors', 'lib/intent/plan/b.ts', 'node:fs'],
  ['surfaces-stand-apart', 'lib/surfaces/nag/a.ts', 'lib/surfaces/jest/x.ts'],
  ['only-cli-imports-report', 'lib/surfaces/nag/b.ts', 'lib/surfaces/report/x.ts'],
  ['no-cycles', 'lib/base/diagnostics/a.ts', 'lib/base/diagnostics/b.ts'],
];

/** Imports that look alike and are allowed. */
const ALLOWED: readonly (readonly [from: string, to: string])[] = [
  ['lib/intent/plan/c.ts', 'lib/base/net/x.ts'],
  ['lib/evidence/trace/c.ts', 'lib/evidence/network/x.ts'],
  ['lib/evidence/certificate/c.ts', 'lib/evidence/forwarding/x.ts'],
  ['lib/verdict/c.ts', 'lib/intent/zones/x.ts'],
  ['lib/verdict/c.ts', 'lib/evidence/trace/x.ts'],
  ['lib/intent/constructs/c.ts', 'aws-cdk-lib'],
  ['lib/surfaces/cli/c.ts', 'lib/surfaces/report/x.ts'],
  ['lib/surfaces/cli/c.ts', 'node:fs'],
];

describe('the house as it stands', () => {
  const house = cruise(
    ROOT,
    ['lib', 'bin'].filter((folder) => fs.existsSync(path.join(ROOT, folder))),
  );

  test('was cruised', () => expect(house.files).toBeGreaterThan(10));
  test('breaks no import rule', () => expect(house.violations.map(describeViolation)).toEqual([]));
  test('gives a reason for every rule', () => {
    expect(house.rules.filter((rule) => rule.comment.length < 20)).toEqual([]);
  });
  test('has no rule that is not shown to fail below', () => {
    expect(new Set(house.rules.map((rule) => rule.name))).toEqual(new Set(OFFENCES.map(([rule]) => rule)));
  });
});

describe('a house with every offence in it', () => {
  let offences: Cruise;
  let directory: string;
  beforeAll(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-import-rules-'));
    writeHouse(directory);
    offences = cruise(directory, ['lib']);
  });
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

  test.each(OFFENCES)('%s: %s may not import %s', (rule, from, to) => {
    const found = offences.violations.filter((violation) => violation.rule === rule && violation.from === from);
    expect(found.map((violation) => violation.to)).toEqual([expect.stringContaining(to.replace('node:', ''))]);
  });
  test.each(ALLOWED)('%s may import %s', (from) => {
    expect(offences.violations.filter((violation) => violation.from === from).map(describeViolation)).toEqual([]);
  });
});

function writeHouse(directory: string): void {
  const imports = new Map<string, string[]>();
  const importsOf = (file: string) => {
    const list = imports.get(file) ?? [];
    imports.set(file, list);
    return list;
  };
  const pairs = [...OFFENCES.map(([, from, to]) => [from, to] as const), ...ALLOWED];
  for (const [from, to] of [...pairs, ['lib/base/diagnostics/b.ts', 'lib/base/diagnostics/a.ts'] as const]) {
    const ours = to.startsWith('lib/');
    if (ours) importsOf(to);
    const relative = path.relative(path.dirname(from), to).replace(/\.ts$/, '');
    importsOf(from).push(ours ? (relative.startsWith('.') ? relative : `./${relative}`) : to);
  }
  for (const [file, targets] of imports) {
    const text = targets.map((target, at) => `import * as i${at} from '${target}';\nexport { i${at} };\n`).join('');
    writeFile(path.join(directory, file), text || 'export const nothing = 1;\n');
  }
  writeFile(path.join(directory, 'package.json'), '{ "name": "offences", "dependencies": { "aws-cdk-lib": "2" } }');
  writeFile(
    path.join(directory, 'node_modules/aws-cdk-lib/package.json'),
    '{ "name": "aws-cdk-lib", "main": "index.js" }',
  );
  writeFile(path.join(directory, 'node_modules/aws-cdk-lib/index.js'), 'module.exports = {};\n');
}

function writeFile(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}
