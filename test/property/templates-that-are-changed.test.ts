/**
 * Templates that are changed at random (`npm run fuzz -- --templates` does so for as long as one likes): nothing crashes,
 * and what makes less known makes no answer surer. That the two semantics agree on what is odd is told by the fuzzer.
 */
import * as path from 'node:path';
import { subjectsIn, tryTemplate } from './template-laws';

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
