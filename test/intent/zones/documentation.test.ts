import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEstate, SERVICE_CATALOGUE, ZONE_DIAGNOSTICS } from '../../../lib/intent/zones';
import * as limits from '../../../lib/intent/zones/limits';
import { formatTraffic } from '../../../lib/intent/zones/spelled-service';

const PAGE = join(__dirname, '../../../docs/zone-language.md');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const GENERATED: Readonly<Record<string, string>> = {
  services: table(
    ['service', 'traffic', 'encrypted', 'what it is', 'reference'],
    [...SERVICE_CATALOGUE.values()].map(({ name, traffic, encryption, description, reference, carriesPatientData }) => [
      `\`${name}\``,
      `\`${formatTraffic(traffic).replace(';', ' ')}\``,
      `${encryption}${carriesPatientData === false ? ', infrastructure' : ''}`,
      description,
      reference ?? '',
    ]),
  ),
  limits: table(
    ['what', 'at most'],
    [
      ['files in an estate', limits.MAX_FILES],
      ['characters in a file', limits.MAX_FILE_LENGTH],
      ['characters in an estate', limits.MAX_ESTATE_LENGTH],
      ['levels of nesting', limits.MAX_DEPTH],
      ['values in a file', limits.MAX_NODES],
      [
        'values from aliases',
        `${limits.MAX_ALIAS_NODES.toLocaleString('en')} and ${limits.MAX_ALIAS_FACTOR} times what is written out`,
      ],
    ].map(([what = '', most = '']) => [String(what), most.toLocaleString('en')]),
  ),
  diagnostics: table(
    ['code', 'severity', 'means that'],
    Object.entries(ZONE_DIAGNOSTICS).map(([code, { severity, meaning }]) => [`\`${code}\``, severity, meaning]),
  ),
};

function generate(page: string): string {
  return page.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_all, begin, name, end) => `${begin}${GENERATED[name]}\n${end}`,
  );
}

describe('the reference of the zone language', () => {
  test('has the tables that the code generates (UPDATE_GOLDEN=1 writes them anew)', () => {
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(PAGE, generate(readFileSync(PAGE, 'utf8')));
    const page = readFileSync(PAGE, 'utf8');
    expect(page).toBe(generate(page));
    for (const name of Object.keys(GENERATED)) expect(page).toContain(`<!-- generated: ${name} -->`);
  });

  const examples = [...readFileSync(PAGE, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);

  test('has examples', () => expect(examples.length).toBeGreaterThanOrEqual(6));

  test.each(examples.map((text) => [/^estate: (.*)$/m.exec(text)?.[1] ?? '?', text]))(
    'example `%s` draws no diagnostic',
    (_name, text) => {
      const { model, diagnostics } = readEstate([{ file: 'example.yaml', text }], { today: '2026-11-23' });
      expect(diagnostics).toEqual([]);
      expect(model).toBeDefined();
    },
  );
});
