/**
 * What `npm run fuzz -- --splits` has found: templates in two halves that nobody tied, of which a question was answered more
 * surely than of the whole.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { splitAt } from './random-splits';
import { asker } from './template-laws';
import { type Document, documentOf } from './template-mutations';

const FIXTURES = path.join(__dirname, '../fixtures');

function documentIn(file: string): Document {
  const document = documentOf(file, fs.readFileSync(path.join(FIXTURES, file), 'utf8'));
  if (!document) throw new Error(`${file} is no template`);
  return document;
}

/** The verdict on the whole, and on the halves, of which the second makes what is `moved`. */
function verdicts(file: string, moved: readonly string[], from: string, to: string) {
  const document = documentIn(file);
  const split = splitAt(document, new Set(moved), 'parameter');
  if (!split) throw new Error(`${file} cannot be split there`);
  const name = (id: string) => (id === 'internet' ? id : `${split.moved.has(id) ? 'U' : 'T'}.${id}`);
  const whole = asker({ T: document }).ask(
    from === 'internet' ? from : `T.${from}`,
    to === 'internet' ? to : `T.${to}`,
  );
  const halves = asker({ T: split.first, U: split.second }).ask(name(from), name(to));
  return { whole: whole?.verdict, halves: halves?.verdict, blockers: whole?.blockers };
}

test('a VPC that only a parameter names may be one that Block Public Access leaves out (seed 10403)', () => {
  const file = 'strangers/reachability-analyzer/block-public-access.yaml';
  const moved = ['FreeIgw', 'FreeIgwAttach', 'FreeTRoute1'];
  expect(verdicts(file, moved, 'FreeHost', 'internet')).toMatchObject({ whole: 'reachable', halves: 'unknown' });
});

test.each([
  ['custom-resource.yaml', 'A', ['A', 'I', 'J']],
  ['handed-over.yaml', 'B', ['Sub', 'A', 'B', 'C']],
])('%s: who may add a gateway to the VPC gives %s no public address (seeds 10725, 10751)', (file, to, moved) => {
  const { whole, halves, blockers } = verdicts(`templates/${file}`, moved, 'internet', to);
  expect({ whole, halves }).toEqual({ whole: 'blocked', halves: 'blocked' });
  expect(blockers?.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['gateway', 'public-address']));
});

test('a subnet that only a parameter names may be the one that is excluded (seed 495160195)', () => {
  const file = 'templates/block-public-access-subnet.yaml';
  expect(verdicts(file, ['Ex'], 'internet', 'Edge')).toMatchObject({ whole: 'reachable', halves: 'unknown' });
});

test('a subnet that another template makes may be the one that is lent to other accounts (seed 495160260)', () => {
  const { halves } = verdicts('templates/lent-subnet.yaml', ['Share'], 'App', 'Lent');
  expect(halves).toBe('unknown');
});

test('a group that only a parameter names is all that says where a scaling group without subnets launches', () => {
  const { whole, halves } = verdicts(
    'strangers/cloudrail/scaling-groups.yaml',
    ['UnexposedLaunch', 'Unexposed'],
    'Zoned',
    'Unexposed',
  );
  expect({ whole, halves }).toEqual({ whole: 'unknown', halves: 'unknown' });
});
