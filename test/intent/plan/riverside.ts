/** The committed estates, read from their files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEstate, type ZoneModel } from '../../../lib/intent/zones';

export function committedEstate(name: string): ZoneModel {
  const folder = join('zones', name);
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .map((file) => ({ file: join(folder, file), text: readFileSync(join(folder, file), 'utf8') }));
  const { model, diagnostics } = readEstate(files, { today: '2026-11-23' });
  if (!model) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return model;
}
