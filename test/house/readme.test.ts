/**
 * The README says only what holds: its zone file verifies, its commands and links are there, its numbers are right.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { readAssembly, readNetwork } from '../../lib/evidence/template';
import { synthesizeEstate } from '../../lib/intent/constructs';
import { readEstate } from '../../lib/intent/zones';
import { RULES } from '../../lib/surfaces/nag/rules';
import { gatherEvidence, type VerifyResult, verifyEstate } from '../../lib/verdict';
import { ROOT } from './cruise';

const README = fs.readFileSync(path.join(ROOT, 'README.md'), 'utf8');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'docs/architecture.md',
  'docs/zone-language.md',
  'docs/adoption.md',
];

function zoneFile(): string {
  const [, text] = /```yaml\n([\s\S]+?)```/.exec(README) ?? [];
  if (!text) throw new Error('the README shows no zone file');
  return text;
}

function verifyZoneFile(asOf: string): VerifyResult {
  const { model, diagnostics } = readEstate([{ file: 'README.md', text: zoneFile() }], { today: asOf });
  expect(diagnostics).toEqual([]);
  if (!model) throw new Error('it cannot be read');
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-readme-'));
  try {
    synthesizeEstate(model, outdir);
    const { files } = readAssembly((file) => tryRead(path.join(outdir, file)));
    const { network } = readNetwork(files, { region: model.region });
    return verifyEstate({ model, network, evidence: gatherEvidence(network), asOf });
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

test('the zone file in it verifies as it is', () => {
  const result = verifyZoneFile('2026-11-23');
  expect(result.claims.filter(({ verdict }) => verdict !== 'proved')).toEqual([]);
  expect(result.verdict).toBe('proved');
});

test('past its review date it is no longer proved', () => {
  expect(verifyZoneFile('2027-06-01').verdict).toBe('proved');
  expect(verifyZoneFile('2027-06-02').verdict).not.toBe('proved');
});

test('it counts the resource rules right', () => expect(README).toContain(`Its ${RULES.length} resource rules`));

test.each(DOCUMENTS)('every link of %s leads somewhere', (document) => {
  const text = fs.readFileSync(path.join(ROOT, document), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target]) => target ?? '');
  const local = targets.filter((target) => !/^[a-z]+:/.test(target));
  const broken = local.filter((target) => !fs.existsSync(path.resolve(ROOT, path.dirname(document), target)));
  expect(broken).toEqual([]);
});

test.each(DOCUMENTS)('every npm script that %s names is there', (document) => {
  const text = fs.readFileSync(path.join(ROOT, document), 'utf8');
  const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  const named = [...text.matchAll(/npm (?:run )?([a-z]+)/g)].map(([, name]) => name ?? '');
  const known = new Set([...Object.keys(scripts), 'ci', 'registry', 'or', 'run']);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

function tryRead(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}
