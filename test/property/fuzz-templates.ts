/**
 * `npm run fuzz -- --templates` and `--splits`: random changes to real templates, or random halves of them, until the time
 * is over or there are enough finds.
 */
import * as path from 'node:path';
import { type Find, type Subject, subjectsIn } from './template-laws';

export interface Bounds {
  /** the clock's time at which it ends */
  readonly end: number;
  readonly first: number;
  /** only the first seed, to see a find again */
  readonly isOne: boolean;
  readonly finds: number;
}

const FIXTURES = path.join(__dirname, '../fixtures');
const OF_OTHERS = path.resolve(__dirname, '../../../shared/templates');

export function fuzzTemplates(
  folders: readonly string[],
  { end, first, isOne, finds: most }: Bounds,
  attempt: (subject: Subject, seed: number) => Find | undefined,
): void {
  const own = [...['templates', 'template-estates', 'strangers'].map((name) => path.join(FIXTURES, name)), OF_OTHERS];
  const subjects = [...own, ...folders].flatMap(subjectsIn);
  let tried = 0;
  let finds = 0;
  let odd = 0;
  for (let seed = first; tried === 0 || (!isOne && Date.now() < end && finds < most); seed++, tried++) {
    const subject = subjects[seed % subjects.length];
    const find = subject && attempt(subject, seed);
    // an answer that says it is unknown, for a reason of ours: worth a look, and no harm
    if (find?.law === 'the two semantics agree') odd++;
    if (!find || (find.law === 'the two semantics agree' && !isOne)) continue;
    finds++;
    process.exitCode = 2;
    process.stdout.write(`seed ${seed}, ${find.subject}: ${find.law}\n${find.note}\n${find.detail}\n`);
    process.stdout.write(`${JSON.stringify(find.document, undefined, 1)}\n`);
  }
  process.stdout.write(`${tried} tries at ${subjects.length} templates, ${finds} finds (seeds from ${first}), `);
  process.stdout.write(`${odd} unknown because the two semantics differ\n`);
}
