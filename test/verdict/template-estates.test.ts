/**
 * Estates that Cordon did not make: plain CloudFormation and a zone file that binds zones to it, end to end. Each folder
 * holds the templates, `zones.yaml`, and `cases.yaml`: changes, each with the claim that decides and its verdict. A
 * change is a JSON merge patch (null removes), so that a case reads as what somebody edited.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse, stringify } from 'yaml';
import { readNetwork, type TemplateFile } from '../../lib/evidence/template';
import { readEstate } from '../../lib/intent/zones';
import { gatherEvidence, type VerifyResult, verifyEstate } from '../../lib/verdict';
import { HARMLESS_EDITS, type HarmlessEdit } from '../property/harmless-edits';
import { documentOf } from '../property/template-mutations';

const ROOT = path.join(__dirname, '..', 'fixtures', 'template-estates');
const TODAY = '2026-11-23';

interface Case {
  readonly name: string;
  readonly verdict: 'proved' | 'violated' | 'unknown';
  /** a claim's id, or the beginning of it: the gravest of these has the verdict; absent: the estate's */
  readonly claim?: string;
  /** text that the claim's reasons hold */
  readonly because?: string;
  /** resources added to, changed in or removed from the first template */
  readonly resources?: Patch;
  /** changes to whole templates, by stack */
  readonly templates?: Readonly<Record<string, Patch>>;
  readonly zones?: Patch;
  readonly parameters?: Readonly<Record<string, string>>;
}

type Patch = Readonly<Record<string, unknown>>;

interface Estate {
  readonly stacks: ReadonlyMap<string, string>;
  readonly zones: string;
}

function readFolder(name: string): Estate {
  const folder = path.join(ROOT, name);
  const files = fs.readdirSync(folder).filter((file) => !['zones.yaml', 'cases.yaml'].includes(file));
  const text = (file: string) => fs.readFileSync(path.join(folder, file), 'utf8');
  return {
    stacks: new Map(files.sort().map((file) => [file.replace('.yaml', ''), text(file)])),
    zones: text('zones.yaml'),
  };
}

function isMapping(value: unknown): value is Patch {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** RFC 7396. */
function merged(value: unknown, patch: unknown): unknown {
  if (!isMapping(patch)) return patch;
  const result: Record<string, unknown> = isMapping(value) ? { ...value } : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete result[key];
    else result[key] = merged(result[key], change);
  }
  return result;
}

function verify({ stacks, zones }: Estate, change: Partial<Case> = {}, edit?: HarmlessEdit): VerifyResult {
  const files = [...stacks].map(([stack, text], at): TemplateFile => {
    const patch = change.templates?.[stack] ?? (at === 0 && change.resources ? { Resources: change.resources } : {});
    const isUnchanged = Object.keys(patch).length === 0;
    if (isUnchanged && !edit) return { stack, file: `${stack}.yaml`, text };
    const document = { ...documentOf(`${stack}.yaml`, text) };
    const patched = { ...document, ...(isUnchanged ? {} : (merged(document, patch) as Patch)) };
    return { stack, file: `${stack}.yaml`, text: JSON.stringify(edit ? edit(patched) : patched) };
  });
  const zoneText = change.zones ? stringify(merged(parse(zones), change.zones)) : zones;
  const { model, diagnostics } = readEstate([{ file: 'zones.yaml', text: zoneText }], { today: TODAY });
  if (!model) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  const { network } = readNetwork(files, { parameters: { ...change.parameters }, region: 'eu-west-2' });
  return verifyEstate({ model, network, evidence: gatherEvidence(network), asOf: TODAY });
}

const GRAVEST_FIRST = ['violated', 'unknown', 'proved'];

function deciding({ claims }: VerifyResult, id: string) {
  const named = claims.filter((claim) => claim.id.startsWith(id));
  const [gravest] = named.sort((a, b) => GRAVEST_FIRST.indexOf(a.verdict) - GRAVEST_FIRST.indexOf(b.verdict));
  if (!gravest) throw new Error(`no claim \`${id}\` among ${claims.map((claim) => claim.id).join(', ')}`);
  return gravest;
}

describe.each(fs.readdirSync(ROOT).sort())('%s', (name) => {
  const estate = readFolder(name);
  const cases = parse(fs.readFileSync(path.join(ROOT, name, 'cases.yaml'), 'utf8')) as Case[];

  test('is proved as it is', () => {
    const { claims, verdict } = verify(estate);
    expect(claims.filter((claim) => claim.verdict !== 'proved')).toEqual([]);
    expect(verdict).toBe('proved');
  });

  test.each(Object.entries(HARMLESS_EDITS))('is proved in other words: %s', (_, edit) => {
    const { claims } = verify(estate, {}, edit);
    expect(claims.filter((claim) => claim.verdict !== 'proved')).toEqual([]);
  });

  test.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const result = verify(estate, one);
    const { verdict, because } = one.claim === undefined ? { ...result, because: [] } : deciding(result, one.claim);
    expect({ verdict, because }).toEqual({ verdict: one.verdict, because: expect.anything() });
    if (one.because !== undefined) expect(because.join('\n')).toContain(one.because);
    expect(result.verdict).toBe(one.verdict);
  });
});
