import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zoneFileJsonSchema } from '../../../lib/intent/zones';

const ROOT = join(__dirname, '../../..');
const SCHEMA = join(ROOT, 'schema/zones.schema.json');

describe('the JSON Schema that editors complete from', () => {
  test('is what the shape generates (UPDATE_GOLDEN=1 writes it anew)', () => {
    const generated = `${JSON.stringify(zoneFileJsonSchema(), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(SCHEMA, generated);
    expect(readFileSync(SCHEMA, 'utf8')).toBe(generated);
  });

  test('is strict wherever keys are fixed', () => {
    const loose: string[] = [];
    const walk = (schema: unknown, path: string) => {
      if (typeof schema !== 'object' || schema === null) return;
      const { properties, additionalProperties } = schema as { properties?: object; additionalProperties?: unknown };
      if (properties && additionalProperties !== false && !path.endsWith('/properties')) loose.push(path);
      for (const [key, item] of Object.entries(schema)) walk(item, `${path}/${key}`);
    };
    walk(zoneFileJsonSchema(), '');
    expect(loose).toEqual([]);
  });

  test('describes every section', () => {
    const { properties = {} } = zoneFileJsonSchema();
    const undescribed = Object.entries(properties).filter(([, section]) => !section.description);
    expect(undescribed.map(([key]) => key)).toEqual([]);
  });

  test.each(['riverside', 'clinic'])('is named at the top of every file of %s', (estate) => {
    const folder = join(ROOT, 'zones', estate);
    for (const file of readdirSync(folder).filter((file) => file.endsWith('.yaml'))) {
      const [first] = readFileSync(join(folder, file), 'utf8').split('\n');
      expect(first).toBe('# yaml-language-server: $schema=../../schema/zones.schema.json');
    }
  });
});
