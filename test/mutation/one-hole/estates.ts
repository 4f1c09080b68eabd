/**
 * The estates that holes are put into: what Cordon builds from `zones/`, and templates with zone files that people wrote
 * by hand.
 */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { readAssembly, type TemplateFile } from '../../../lib/evidence/template';
import { synthesizeEstate } from '../../../lib/intent/constructs';
import { readEstate, type ZoneModel } from '../../../lib/intent/zones';
import { documentOf } from '../../property/template-mutations';
import { Templates } from '../templates';
import { AS_OF, type MutationSubject } from '../verified';

const BY_HAND = path.join(__dirname, '..', '..', 'fixtures', 'template-estates');
const DECLARED = path.join(__dirname, '..', '..', '..', 'zones');

export const HAND_WRITTEN = fs.readdirSync(BY_HAND).sort();

export function openEstate(name: string): MutationSubject {
  return HAND_WRITTEN.includes(name)
    ? openHandWritten(path.join(BY_HAND, name))
    : synthesize(path.join(DECLARED, name));
}

function openHandWritten(folder: string): MutationSubject {
  const files = yamlFilesIn(folder).filter((file) => file !== 'zones.yaml' && file !== 'cases.yaml');
  const templates = files.map((file): TemplateFile => {
    const text = fs.readFileSync(path.join(folder, file), 'utf8');
    return { stack: file.replace('.yaml', ''), file, text: JSON.stringify(documentOf(file, text)) };
  });
  return { model: modelOf(folder, ['zones.yaml']), templates: Templates.of(templates) };
}

function synthesize(folder: string): MutationSubject {
  const model = modelOf(folder, yamlFilesIn(folder));
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'cordon-one-hole-'));
  try {
    synthesizeEstate(model, outdir);
    const { files } = readAssembly((file) => {
      const full = path.join(outdir, file);
      return fs.existsSync(full) ? fs.readFileSync(full, 'utf8') : undefined;
    });
    return { model, templates: Templates.of(files) };
  } finally {
    fs.rmSync(outdir, { recursive: true, force: true });
  }
}

function modelOf(folder: string, files: readonly string[]): ZoneModel {
  const zones = files.map((file) => ({ file, text: fs.readFileSync(path.join(folder, file), 'utf8') }));
  const { model, diagnostics } = readEstate(zones, { today: AS_OF });
  if (!model) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return model;
}

function yamlFilesIn(folder: string): string[] {
  return fs
    .readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
}
