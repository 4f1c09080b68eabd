import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseDocument, stringify } from 'yaml';
import { hasErrors } from '../../../lib/base/diagnostics';
import { readEstate, ZONE_DIAGNOSTICS, type ZoneFileText } from '../../../lib/intent/zones';
import { HEADER, ZONES } from './marked';

const RIVERSIDE = estateOf('riverside');

function estateOf(name: string): ZoneFileText[] {
  const folder = join(__dirname, '../../../zones', name);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }));
}

/** The model without its places: order may move words, never what they mean. */
function meaning(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(meaning);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== 'source' && key !== 'files');
  return Object.fromEntries(kept.map(([key, item]) => [key, meaning(item)]));
}

/** Shuffles the keys of every mapping and the entries of lists that are sets, by a stream of numbers. */
function shuffled(value: unknown, next: () => number): unknown {
  if (Array.isArray(value))
    return shuffle(
      value.map((item) => shuffled(item, next)),
      next,
    );
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item, next)] as const);
  return Object.fromEntries(shuffle(entries, next));
}

function shuffle<T>(items: readonly T[], next: () => number): T[] {
  return items
    .map((item) => ({ item, rank: next() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

function randomStream(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('order', () => {
  const expected = meaning(readEstate(RIVERSIDE).model);

  test('of files never changes the model', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(RIVERSIDE, { minLength: RIVERSIDE.length }), (files) => {
        expect(meaning(readEstate(files).model)).toEqual(expected);
      }),
      { numRuns: 5 },
    );
  });

  test('of keys and of list items never changes the model, nor does moving sections between files', () => {
    const parsed = RIVERSIDE.map(({ text }) => parseDocument(text).toJS() as Record<string, unknown>);
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const next = randomStream(seed);
        const files = parsed.map((content, index) => ({
          file: `${Math.floor(next() * 1e6)}-${index}.yaml`,
          text: stringify(shuffled(content, next)),
        }));
        const { model, diagnostics } = readEstate(files);
        expect(diagnostics).toEqual([]);
        expect(meaning(model)).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  test('the same files give the same bytes', () => {
    expect(JSON.stringify(readEstate(RIVERSIDE))).toBe(JSON.stringify(readEstate(RIVERSIDE)));
  });
});

describe('whatever the text', () => {
  /** A model or an error, never both, never neither, never an exception; and every span lies in a file. */
  function expectAnswer(files: readonly ZoneFileText[]): void {
    const { model, diagnostics } = readEstate(files, { today: '2026-11-23' });
    expect(model === undefined).toBe(hasErrors(diagnostics));
    for (const { code, message, span } of diagnostics) {
      expect(Object.keys(ZONE_DIAGNOSTICS)).toContain(code);
      expect(message).not.toMatch(/undefined|\[object/);
      if (!span) continue;
      const lines = files.find(({ file }) => file === span.file)?.text.split('\n') ?? [];
      expect(span.line).toBeGreaterThanOrEqual(1);
      expect(span.line).toBeLessThanOrEqual(Math.max(1, lines.length));
      expect(span.column).toBeLessThanOrEqual((lines[span.line - 1] ?? '').length + 1);
      expect(span.length ?? 1).toBeGreaterThanOrEqual(1);
    }
  }

  const small = `${HEADER}${ZONES}conduits:\n  visit: { from: portal/web, to: ehr/app, allow: [https], why: x, approved: { by: [a], on: 2026-10-01 } }\n  list: { from: lab, to: ehr, allow: [{ protocol: tcp, ports: [443, 8000-8100] }], cleartext: y }\nnever:\n  - { from: [guest], to: { data: phi, not: [lab] }, except: [portal] }\nservices: { mine: { traffic: [tcp/1, udp/2] } }\nvpcs: { core: { size: 20 } }\n`;
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ':',
    ': ',
    ',',
    '- ',
    '\n',
    '\t',
    '  ',
    '#',
    '&a ',
    '*a',
    '!!str ',
    '!x ',
    '"',
    "'",
    '|\n',
    '>',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '? ',
    '<<: ',
    '~',
    'null',
    'true',
    '0',
    '-1',
    '1e999',
    '.nan',
    '0x10',
    '70000',
    '10.0.0.0/8',
    '10.64.0.0/12',
    '::/0',
    '2027-02-30',
    'internet',
    'anything',
    'any',
    'tcp/',
    'tcp/443',
    '__proto__',
    'constructor',
    'toString',
    'ehr/app',
    'at',
    'vpc',
    'zones',
    '\u0000',
    '\ud800',
    '😀',
  ];
  const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 12 }), insert: fc.constantFrom('', ...pieces) });
  const mutate = (text: string, edits: readonly { at: number; remove: number; insert: string }[]) =>
    edits.reduce((rest, { at, remove, insert }) => {
      const start = at % (rest.length + 1);
      return rest.slice(0, start) + insert + rest.slice(start + remove);
    }, text);

  test('a mutated estate draws an answer', () => {
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) =>
        expectAnswer([{ file: 'a.yaml', text: mutate(small, edits) }]),
      ),
      { numRuns: 300 },
    );
  });

  test('a mutated file among good ones draws an answer', () => {
    const [first, ...others] = RIVERSIDE;
    if (!first) throw new Error('riverside has no files');
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) =>
        expectAnswer([{ ...first, text: mutate(first.text, edits) }, ...others]),
      ),
      { numRuns: 10 },
    );
  });

  test('an estate whose values are any JSON draws an answer', () => {
    const word = fc.constantFrom(
      'cordon',
      'estate',
      'region',
      'zones',
      'conduits',
      'never',
      'sites',
      'vpcs',
      'services',
      'addressing',
      'a',
      'b',
      'at',
      'vpc',
      'site',
      'from',
      'to',
      'allow',
      'data',
      'gate',
      'assets',
      'serves',
      'except',
      'cidr',
      'template',
      'name',
      'protocol',
      'ports',
      'toString',
    );
    const leaf = fc.oneof(fc.constantFrom(...pieces), fc.integer(), fc.boolean(), fc.constant(null), fc.double(), word);
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(word, tie('tree'), { maxKeys: 4 }),
      ),
    }));
    const sections = fc.dictionary(word, tree, { maxKeys: 8 });
    fc.assert(
      fc.property(sections, (content) =>
        expectAnswer([{ file: 'a.yaml', text: JSON.stringify({ cordon: 1, estate: 'x', ...content }) }]),
      ),
      { numRuns: 300 },
    );
  });

  test('any text at all draws an answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => expectAnswer([{ file: 'a.yaml', text }])),
      { numRuns: 300 },
    );
  });
});
