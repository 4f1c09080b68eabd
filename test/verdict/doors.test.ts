/**
 * docs/doors.md lists AWS's own doors with what `verify` says of each, from the verdicts themselves, so that it cannot lie.
 * `UPDATE_GOLDEN=1 npx jest test/verdict/doors` writes it anew.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { resultOf } from './copied-estate';
import { DOORS, type Door } from './doors';

const FILE = path.resolve(__dirname, '../../docs/doors.md');

function asked({ uses }: Door, [, resources]: readonly [string, object]) {
  return resultOf(resources as Parameters<typeof resultOf>[0], uses === undefined ? {} : { uses });
}

function render(): string {
  const lines = [
    "# AWS's own doors",
    '',
    'Generated from verdicts by `test/verdict/doors.test.ts`; do not edit.',
    '',
    'What AWS opens to a zone with patient data past routes and groups, made open and made closed beside a database, a file',
    'system and a cache that nothing else touches. `unknown`: it is open, and something that no template shows (IAM, mostly)',
    'decides for whom. Ways by which events reach a function are listed in decision 320, copies of data in decision 321.',
  ];
  for (const group of [...new Set(DOORS.map((door) => door.group))]) {
    lines.push(
      '',
      `## ${group}`,
      '',
      '| door | open | verdict | closed | verdict |',
      '| --- | --- | --- | --- | --- |',
    );
    for (const door of DOORS.filter((one) => one.group === group)) {
      const closed = door.closed ? [door.closed[0], asked(door, door.closed).verdict] : ['', ''];
      lines.push(`| ${[door.name, door.open[0], asked(door, door.open).verdict, ...closed].join(' | ')} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

test.each(DOORS.map((door) => ({ door, name: door.name })))('$name: open is not proved, closed is', ({ door }) => {
  expect(asked(door, door.open).verdict).toBe(door.verdict);
  if (!door.closed) return;
  const left = asked(door, door.closed).claims.filter(({ verdict }) => verdict !== 'proved');
  expect(left.map(({ id, because }) => [id, ...because])).toEqual([]);
});

test('docs/doors.md says the same', () => {
  if (process.env.UPDATE_GOLDEN) fs.writeFileSync(FILE, render());
  expect(fs.readFileSync(FILE, 'utf8')).toBe(render());
});
