/**
 * Templates that are changed at random (`npm run fuzz -- --templates` does so for as long as one likes): nothing crashes,
 * and what makes less known makes no answer surer. That the two semantics agree on what is odd is told by the fuzzer.
 */
import * as path from 'node:path';
import { subjectsIn, tryTemplate } from './template-laws';
import { documentOf } from './template-mutations';

const FIXTURES = path.join(__dirname, '../fixtures');
const SEEDS = 250;

test('no change crashes, and none that hides a value decides what was open or turns an answer round', () => {
  const subjects = ['templates', 'template-estates'].flatMap((folder) => subjectsIn(path.join(FIXTURES, folder)));
  const finds = Array.from({ length: SEEDS }, (_, seed) => {
    const subject = subjects[seed % subjects.length];
    return subject ? tryTemplate(subject, seed + 1) : [];
  });
  expect(subjects.length).toBeGreaterThan(100);
  expect(finds.flatMap((find) => find ?? []).filter(({ law }) => law !== 'the two semantics agree')).toEqual([]);
});

test('what is nested deeper than anybody writes is not changed: the fuzzer would run out of stack before Cordon is asked', () => {
  const nested = (depth: number) =>
    `{"Resources":{"A":{"Type":"AWS::EC2::VPC","Properties":{"Tags":${'['.repeat(depth)}${']'.repeat(depth)}}}}}`;
  expect(documentOf('a.json', nested(5000))).toBeUndefined();
  const document = documentOf('a.json', nested(100));
  const tried = Array.from({ length: 20 }, (_, seed) => document && tryTemplate({ name: 'a', document }, seed));
  expect(Object.keys(document ?? {})).toEqual(['Resources']);
  expect(tried).toEqual(tried.map(() => undefined));
});
