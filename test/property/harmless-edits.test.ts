/**
 * What says the same in other words has the same answers: every network of the fixtures, edited as people edit templates
 * without meaning anything by it. Each network takes its turn at some of the edits in a run; `CORDON_ALL_EDITS=1` tries all.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { nestedStackName, readNetwork, type TemplateFile } from '../../lib/evidence/template';
import { asker, type Case, linesOf, parseLine, readFlowTable, stackOf } from '../evidence/flow-table';
import { HARMLESS_EDITS } from './harmless-edits';
import { HARMLESS_SPLITS, type HarmlessSplit, UNTIED_SPLIT } from './harmless-splits';
import { documentOf } from './template-mutations';

const FIXTURES = path.join(__dirname, '../fixtures');
const FOLDERS = [
  path.join(FIXTURES, 'templates'),
  ...fs.readdirSync(path.join(FIXTURES, 'strangers')).map((name) => path.join(FIXTURES, 'strangers', name)),
];
const EDITS: Readonly<Record<string, HarmlessSplit>> = {
  ...HARMLESS_SPLITS,
  ...Object.fromEntries(
    Object.entries(HARMLESS_EDITS).map(([name, edit]): [string, HarmlessSplit] => [
      name,
      (stack, document) => ({ [stack]: edit(document) }),
    ]),
  ),
};
const NAMES = Object.keys(EDITS);
/** of this many edits a network takes one, another in its turn */
const TURNS = process.env.CORDON_ALL_EDITS ? 1 : 16;

const CASES = FOLDERS.flatMap((folder) =>
  Object.values(readFlowTable(folder))
    .flat()
    .map((one) => ({ folder, one })),
);

test.each(NAMES.map((name, at) => [name, at] as const))('%s', (name, at) => {
  const edit = EDITS[name];
  const taken = CASES.filter((_, index) => (index + at) % TURNS === 0);
  const changed = taken.flatMap(({ folder, one }) => (edit ? answersThatChange(folder, one, edit) : [name]));
  expect(changed).toEqual([]);
});

test('foundations in a template that nobody tied: no answer is surer, and none is turned round', () => {
  const changed = CASES.flatMap(({ folder, one }) => answersThatChange(folder, one, UNTIED_SPLIT));
  expect(changed.filter((each) => !each.endsWith('became unknown'))).toEqual([]);
});

function answersThatChange(folder: string, one: Case, edit: HarmlessSplit): string[] {
  const files = edited(folder, one, edit);
  if (!files) return [];
  const { network } = readNetwork(files, {
    parameters: { ...one.parameters },
    ...(one.region && { region: one.region }),
  });
  const ask = asker(network);
  return linesOf(one).flatMap((text) => {
    const line = parseLine(text);
    const { verdict } = ask(line);
    return verdict === line.verdict ? [] : [`${path.basename(folder)}/${one.templates}: ${text} became ${verdict}`];
  });
}

/** undefined where a template is no plain document, or where its parts are named from outside by the stack they are in. */
function edited(folder: string, one: Case, edit: HarmlessSplit): TemplateFile[] | undefined {
  const root = stackOf(one.templates[0] ?? '');
  const given = one.templates.map((file) => ({ stack: stackOf(file), file, more: {} }));
  const nested = Object.entries(one.nested ?? {}).map(([logicalId, file]) => ({
    stack: nestedStackName(root, logicalId),
    file,
    more: { parent: { stack: root, logicalId } },
  }));
  const isSplit = edit === UNTIED_SPLIT || Object.values(HARMLESS_SPLITS).includes(edit);
  const isTied =
    given.length + nested.length > 1 || Object.values(one.parameters ?? {}).some((value) => /\w\.\w/.test(value));
  if (isSplit && isTied) return undefined;
  const files = [...given, ...nested].map(({ stack, file, more }) => {
    const document = documentOf(file, fs.readFileSync(path.join(folder, file), 'utf8'));
    if (!document) return undefined;
    return Object.entries(edit(stack, document)).map(([name, part]): TemplateFile => {
      return { stack: name, file: `${name}.json`, text: JSON.stringify(part), ...more };
    });
  });
  return files.every((each) => each !== undefined) ? files.flat() : undefined;
}
