/**
 * docs/model.md lists what the model knows, from the code itself, so that it cannot lie.
 * `UPDATE_GOLDEN=1 npx jest test/evidence/template/model-document` writes it anew.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { MODELLED, WITHOUT_EFFECT } from '../../../lib/evidence/template/readers';

const FILE = path.resolve(__dirname, '../../../docs/model.md');

const MEANING: readonly (readonly [(typeof MODELLED)[string], string])[] = [
  ['exact', 'What the resource does to packets is modelled as AWS documents it.'],
  [
    'may-must',
    'Modelled from both sides: what it *may* let pass and what it *must*; where the two differ, a verdict is unknown and names it.',
  ],
  [
    'unknown',
    'It holds a place in the network and is not modelled: an interface of unknown behaviour, or a reason why a claim is unknown. Never ignored.',
  ],
];

function render(): string {
  const lines = [
    '# What the model knows',
    '',
    'Generated from the readers by `test/evidence/template/model-document.test.ts`; do not edit.',
    '',
    'The set of types that hold a subnet, a security group, a VPC, an endpoint, a transit gateway or an exposure flag comes',
    'from `@aws-cdk/aws-service-spec` (`scripts/generate-resource-types.js`), so that a type added by AWS is *unknown* until',
    'somebody models it. A type in none of these tables has no place in the network, unless a property of it refers to a',
    'noun of the network: then it is unknown too.',
    '',
    '| how | types | meaning |',
    '| --- | ---: | --- |',
  ];
  const harmless = Object.keys(WITHOUT_EFFECT).filter((type) => MODELLED[type] !== 'unknown');
  const typesOf = (how: string) =>
    Object.keys(MODELLED).filter((type) => MODELLED[type] === how && !harmless.includes(type));
  for (const [how, meaning] of MEANING) lines.push(`| ${how} | ${typesOf(how).length} | ${meaning} |`);
  for (const [how] of MEANING) lines.push('', `## ${how}`, '', ...typesOf(how).map((type) => `- \`${type}\``));
  lines.push('', '## Without effect', '', 'They refer to the network and change nothing of what can be reached.', '');
  lines.push('| type | why |', '| --- | --- |');
  for (const type of harmless.sort()) lines.push(`| \`${type}\` | ${WITHOUT_EFFECT[type]} |`);
  return `${lines.join('\n')}\n`;
}

test('docs/model.md says of every type what the readers do with it', () => {
  const expected = render();
  if (process.env.UPDATE_GOLDEN) fs.writeFileSync(FILE, expected);
  expect(fs.readFileSync(FILE, 'utf8')).toBe(expected);
});
