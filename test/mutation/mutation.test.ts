/**
 * Break the plan, and see whether anyone notices: every hole must be found, every broken conduit reported, and nothing
 * that was broken may be called proved.
 */
import type { Claim, VerifyResult } from '../../lib/verdict';
import { BREAKS } from './breaks';
import { HARMLESS } from './harmless';
import { HOLES } from './holes';
import { LAYERS, type Layer } from './layers';
import type { Templates } from './templates';
import { type MutationSubject, synthesizeSubject, verify } from './verified';

let subject: MutationSubject;
const bases = new Map<Layer, { readonly templates: Templates; readonly result: VerifyResult }>();

/** The estate in one layer, synthesized and verified once. */
function baseOf(layer: Layer): { readonly templates: Templates; readonly result: VerifyResult } {
  const known = bases.get(layer);
  if (known) return known;
  const templates = subject.templates.clone();
  LAYERS[layer](templates);
  const base = { templates, result: verify({ ...subject, templates }) };
  bases.set(layer, base);
  return base;
}

function verifyMutated(layer: Layer, mutate: (templates: Templates) => void): VerifyResult {
  const templates = baseOf(layer).templates.clone();
  const before = JSON.stringify(templates.files());
  mutate(templates);
  if (JSON.stringify(templates.files()) === before) throw new Error('the mutation changed nothing');
  return verify({ ...subject, templates });
}

/** Claims below a prefix that hold no longer, though they did in the layer before the mutation. */
function fallen(result: VerifyResult, base: VerifyResult, prefix: string): Claim[] {
  const notProvedBefore = new Set(base.claims.filter(({ verdict }) => verdict !== 'proved').map(({ id }) => id));
  return result.claims.filter(
    ({ id, verdict }) => id.startsWith(prefix) && verdict !== 'proved' && !notProvedBefore.has(id),
  );
}

beforeAll(() => {
  subject = synthesizeSubject();
}, 60_000);

describe('the estate before anything is broken', () => {
  test('is proved as synthesized', () => {
    const { result } = baseOf('as synthesized');
    const open = result.claims.filter(({ verdict }) => verdict !== 'proved');
    expect(open.map(({ id, verdict, because }) => ({ id, verdict, because }))).toEqual([]);
    expect(result.verdict).toBe('proved');
  });
});

describe('a hole is found', () => {
  test('in at least forty ways', () => expect(HOLES.length).toBeGreaterThanOrEqual(40));

  describe.each(Object.keys(LAYERS) as Layer[])('%s', (layer) => {
    for (const { name, claim, verdict, mutate, names = '' } of HOLES.filter((hole) => hole.layer === layer)) {
      test(`${name}: ${verdict}`, () => {
        const result = verifyMutated(layer, mutate);
        const found = fallen(result, baseOf(layer).result, claim);
        expect(result.verdict).not.toBe('proved');
        expect(found.map((each) => each.verdict)).toContain(verdict);
        expect(found.flatMap(({ because }) => because).join('\n')).toContain(names);
        for (const each of found) expectReason(each);
      });
    }
  });
});

describe('what opens nothing stays proved', () => {
  test.each(HARMLESS)('$name', ({ mutate }) => {
    const { claims } = verifyMutated('as synthesized', mutate);
    expect(claims.filter(({ verdict }) => verdict !== 'proved').map(({ id, because }) => ({ id, because }))).toEqual(
      [],
    );
  });
});

describe('a broken conduit is reported', () => {
  test('in at least ten ways', () => expect(BREAKS.length).toBeGreaterThanOrEqual(10));

  test.each(BREAKS)('$name: $claim', ({ claim, mutate }) => {
    const before = baseOf('as synthesized').result.claims.find(({ id }) => id === claim);
    expect(before?.verdict).toBe('proved');
    const result = verifyMutated('as synthesized', mutate);
    const broken = result.claims.find(({ id }) => id === claim);
    expect(broken).toMatchObject({ verdict: 'violated', source: { file: 'mutant.yaml' } });
    expect(broken?.because).not.toEqual([]);
    expect(result.verdict).toBe('violated');
  });
});

/** A violated isolation shows a packet that trace delivered, hop by hop; an unknown says what is not understood. */
function expectReason({ id, kind, verdict, because, counterexample, source }: Claim): void {
  expect({ id, because }).not.toEqual({ id, because: [] });
  expect(source.file).toBe('mutant.yaml');
  const isPath = verdict === 'violated' && kind === 'isolation' && !id.startsWith('binding');
  if (!isPath) return;
  expect(counterexample?.flow.source).toMatch(/^[0-9a-f.:]+$/);
  expect(counterexample?.hops.length).toBeGreaterThan(0);
  expect(counterexample?.hops.map(({ decision }) => decision)).not.toContain('denied');
  expect(counterexample?.hops.at(-1)?.decision).not.toBe('dropped');
}
