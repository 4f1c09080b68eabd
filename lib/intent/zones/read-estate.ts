/** The pipeline of this folder, top to bottom: text → ZoneDocument → names → rules → ZoneModel. */
import { type Diagnostic, hasErrors } from '../../base/diagnostics';
import { checkShape } from './check-shape';
import { DiagnosticLog } from './diagnostic-codes';
import { MAX_ESTATE_LENGTH, MAX_FILES } from './limits';
import { parseYaml, type ZoneFileText } from './parse-yaml';
import { resolveEstate } from './resolve-estate';
import { validateEstate } from './validate-estate';
import { mergeFiles, type ZoneDocument, type ZoneFile } from './zone-document';
import type { ZoneModel } from './zone-model';

export interface ReadOptions {
  /** YYYY-MM-DD; approvals dated after it draw a warning */
  readonly today?: string;
}

export interface EstateReading {
  /** only where no diagnostic is an error */
  readonly model?: ZoneModel;
  /** every mistake found, sorted by file, line and column */
  readonly diagnostics: Diagnostic[];
}

/** Reads an estate: one or more zone files, in any order. Never throws for what is in them. */
export function readEstate(files: readonly ZoneFileText[], options: ReadOptions = {}): EstateReading {
  const log = new DiagnosticLog();
  const document = parseFiles(files, log);
  if (!document) return { diagnostics: log.sorted() };
  const resolved = resolveEstate(document, log);
  validateEstate(resolved, document, options, log);
  const diagnostics = log.sorted();
  return hasErrors(diagnostics) ? { diagnostics } : { model: resolved.model, diagnostics };
}

/** Undefined where a file cannot be read at all: names that it may declare would all look unknown. */
function parseFiles(files: readonly ZoneFileText[], log: DiagnosticLog): ZoneDocument | undefined {
  if (!isReadable(files, log)) return undefined;
  const parsed: ZoneFile[] = [];
  for (const file of files) {
    const yaml = parseYaml(file, log);
    if (!yaml) continue;
    if (yaml.value === undefined) {
      log.report('FILE_EMPTY', { file: file.file, line: 1, column: 1 }, `\`${file.file}\` declares nothing`, {
        help: 'remove it, or fill it',
      });
      continue;
    }
    parsed.push({ parsed: yaml, draft: checkShape(yaml, log) });
  }
  const document = mergeFiles(parsed, log);
  const isWhole = !log.sorted().some(({ code }) => UNREADABLE.has(code));
  if (isWhole && !document.sections.has('cordon')) {
    log.report(
      'KEY_MISSING',
      { file: document.files[0] ?? files[0]?.file ?? '', line: 1, column: 1 },
      'no file of the estate has `cordon`',
      {
        help: 'begin with `cordon: 1`, the version of the zone language',
      },
    );
  }
  return isWhole ? document : undefined;
}

const UNREADABLE: ReadonlySet<string> = new Set([
  'YAML_SYNTAX',
  'YAML_MULTIPLE_DOCUMENTS',
  'YAML_ALIAS_BOMB',
  'YAML_TOO_DEEP',
  'YAML_TOO_MANY_NODES',
  'YAML_FILE_TOO_LARGE',
]);

function isReadable(files: readonly ZoneFileText[], log: DiagnosticLog): boolean {
  const length = files.reduce((sum, { text }) => sum + text.length, 0);
  if (files.length === 0) {
    log.report('ESTATE_NO_FILES', undefined, 'there is no zone file', {
      help: 'write one, or let `cordon init` write it',
    });
  } else if (files.length > MAX_FILES) {
    log.report('ESTATE_TOO_LARGE', undefined, `the estate has ${files.length} files, more than ${MAX_FILES}`, {
      help: 'split it into several estates',
    });
  } else if (length > MAX_ESTATE_LENGTH) {
    log.report('ESTATE_TOO_LARGE', undefined, `the estate has ${length} characters, more than ${MAX_ESTATE_LENGTH}`, {
      help: 'split it into several estates',
    });
  } else return true;
  return false;
}
