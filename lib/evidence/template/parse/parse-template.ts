/**
 * parse: text -> ParsedTemplate. Collects what is wrong as diagnostics and never throws.
 */
import type { Diagnostic } from '../../../base/diagnostics';
import type { TemplateFile } from '../resource';
import { type JsonScan, scanJson, startsLikeJson } from './json-scanner';
import {
  type FindPlaces,
  isRecord,
  type ParsedTemplate,
  type Places,
  placeKey,
  type Section,
  type SectionName,
} from './parsed-template';
import { readYaml, type YamlReading } from './yaml-reader';

export interface ParseResult {
  /** absent where the text cannot be read at all */
  readonly template?: ParsedTemplate;
  readonly diagnostics: readonly Diagnostic[];
}

/** CloudFormation refuses more than 1 MB; JSON of any size that fits in memory is read, YAML costs too much for that. */
const MAX_YAML_LENGTH = 8 * 1024 * 1024;
/** Beyond this, nobody wrote the text by hand. */
const MAX_SCANNED_LENGTH = 16 * 1024 * 1024;
/** JSON with comments or trailing commas is YAML; beyond this it is only reported. */
const MAX_LENIENT_LENGTH = 2 * 1024 * 1024;

/** `file.text` as JSON, or else as YAML. */
export function parseTemplate(file: TemplateFile): ParseResult {
  const text = textOf(file);
  if (text.trim() === '') return fault(file, 'TEMPLATE_EMPTY', 'the template is empty', 1, 1);
  return startsLikeJson(text) ? parseJson(file, text) : parseYaml(file, text);
}

function parseJson(file: TemplateFile, text: string): ParseResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return parseAlmostJson(file, text);
  }
  const scan = file.generated === true || text.length > MAX_SCANNED_LENGTH ? undefined : scanJson(text);
  return parseSections(file, value, scan ? found(scan.places) : scannedFor(file), repeatedKeys(file, scan));
}

/** Without a byte order mark. */
function textOf({ text }: TemplateFile): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** What finds places outlives the reading, in every noun's origin: it holds no tree, and no text that can be read again. */
function scannedFor(file: TemplateFile): FindPlaces {
  return () => scanJson(textOf(file)).places;
}

function found(places: Places): FindPlaces {
  return () => places;
}

function repeatedKeys(file: TemplateFile, scan: JsonScan | undefined): Diagnostic[] {
  return (scan?.repeated ?? []).map(({ key, line, column }) => ({
    code: 'TEMPLATE_DUPLICATE_KEY',
    severity: 'warning',
    message: `key \`${key}\` is written twice; the last one counts`,
    span: { file: file.file, line, column },
  }));
}

/** Text that starts with a brace and is not JSON: flow YAML perhaps, else the place where it stops being JSON. */
function parseAlmostJson(file: TemplateFile, text: string): ParseResult {
  if (text.length <= MAX_LENIENT_LENGTH) {
    const reading = readYaml(text);
    if (isRecord(reading.value)) return parseReading(file, reading);
  }
  const error = scanJson(text).error ?? { line: 1, column: 1, message: 'the text is not JSON' };
  return fault(file, 'TEMPLATE_NOT_JSON', `not JSON: ${error.message}`, error.line, error.column);
}

function parseYaml(file: TemplateFile, text: string): ParseResult {
  if (text.length > MAX_YAML_LENGTH) {
    const message = `a YAML template of ${text.length} characters is too large, ${MAX_YAML_LENGTH} are read`;
    return fault(file, 'TEMPLATE_TOO_LARGE', message, 1, 1, 'CloudFormation accepts 1 MB; give larger ones as JSON');
  }
  return parseReading(file, readYaml(text));
}

function parseReading(file: TemplateFile, reading: YamlReading): ParseResult {
  const diagnostics = reading.problems.map(
    ({ code, severity, message, help, line, column }): Diagnostic => ({
      code,
      severity,
      message,
      help,
      span: { file: file.file, line, column },
    }),
  );
  if (reading.value === undefined) return { diagnostics };
  return parseSections(file, reading.value, found(reading.places), diagnostics);
}

function parseSections(
  file: TemplateFile,
  value: unknown,
  findPlaces: FindPlaces,
  before: readonly Diagnostic[],
): ParseResult {
  if (!isRecord(value)) {
    const message = `a template is an object, this is ${describe(value)}`;
    return { diagnostics: [...before, ...fault(file, 'TEMPLATE_NOT_AN_OBJECT', message, 1, 1).diagnostics] };
  }
  const diagnostics: Diagnostic[] = [...before];
  const place = placesIn(file.file, findPlaces);
  const complain = (code: string, message: string, span = { file: file.file, line: 1, column: 1 }, help?: string) =>
    diagnostics.push({ code, severity: 'error', message, help, span });
  const section = (name: SectionName): Section => {
    const raw = Object.hasOwn(value, name) ? value[name] : undefined;
    if (isRecord(raw)) return new Map(Object.entries(raw));
    const isEmpty = raw === undefined || raw === null;
    if (!isEmpty)
      complain('TEMPLATE_SECTION', `\`${name}\` is an object of names, this is ${describe(raw)}`, place(name, ''));
    return new Map();
  };
  if (value.Resources === undefined || value.Resources === null) {
    const help = 'a CloudFormation template has at least one entry in `Resources`';
    complain('TEMPLATE_WITHOUT_RESOURCES', 'no `Resources`', place('Resources', ''), help);
    return { diagnostics };
  }
  const transform = value.Transform;
  const template: ParsedTemplate = {
    file: file.file,
    sections: {
      Parameters: section('Parameters'),
      Mappings: section('Mappings'),
      Conditions: section('Conditions'),
      Resources: section('Resources'),
      Outputs: section('Outputs'),
    },
    transforms: transform === undefined || transform === null ? [] : Array.isArray(transform) ? transform : [transform],
    globals: value.Globals,
    metadata: value.Metadata,
    placeOf: place,
  };
  return { template, diagnostics };
}

function placesIn(file: string, findPlaces: FindPlaces): ParsedTemplate['placeOf'] {
  let places: Places | undefined;
  return (section, entry) => {
    places ??= findPlaces();
    const at = places.get(placeKey(section, entry));
    return at && { file, line: at.line, column: at.column };
  };
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value === 'string' ? 'text' : typeof value}`;
}

function fault(
  file: TemplateFile,
  code: string,
  message: string,
  line: number,
  column: number,
  help?: string,
): ParseResult {
  return { diagnostics: [{ code, severity: 'error', message, help, span: { file: file.file, line, column } }] };
}
