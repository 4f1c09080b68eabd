/**
 * Templates that are split in two at random (`npm run fuzz -- --splits` does so for as long as one likes): tied by imports
 * they answer as the whole does; tied by parameters that nobody has filled in, no answer is surer or turned round.
 */
import * as path from 'node:path';
import { trySplit } from './split-laws';
import { subjectsIn } from './template-laws';

const FIXTURES = path.join(__dirname, '../fixtures');
const SEEDS = 250;

test('no split decides what was open, or turns an answer round', () => {
  const subjects = ['templates', 'template-estates', 'strangers'].flatMap((folder) =>
    subjectsIn(path.join(FIXTURES, folder)),
  );
  const finds = Array.from({ length: SEEDS }, (_, seed) => {
    const subject = subjects[seed % subjects.length];
    return subject ? trySplit(subject, seed) : undefined;
  });
  expect(subjects.length).toBeGreaterThan(200);
  expect(finds.flatMap((find) => find ?? [])).toEqual([]);
});
