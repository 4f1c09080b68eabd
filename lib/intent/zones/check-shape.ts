/**
 * ParsedYaml → ZoneFileDraft: every departure from the shape is reported, then taken out, so that what is left can
 * still be resolved and judged in the same run.
 */
import type { z } from 'zod';
import type { DiagnosticLog, Notes, ZoneDiagnosticCode } from './diagnostic-codes';
import { knownKeys } from './json-schema';
import type { ParsedYaml, Path, PlainValue } from './parse-yaml';
import { type ZoneFileDraft, ZoneFileDraftShape, ZoneFileShape } from './shape';
import { didYouMean, oneOf } from './suggest';

type Issue = z.core.$ZodIssue;

export function checkShape(parsed: ParsedYaml, log: DiagnosticLog): ZoneFileDraft {
  const strict = ZoneFileShape.safeParse(parsed.value);
  if (strict.success) return strict.data;
  for (const issue of flatten(strict.error.issues, parsed.value)) reportIssue(issue, parsed, log);
  return draftOf(parsed.value);
}

/** Takes out what departs from the draft shape, until it fits; each round takes out something, so it ends. */
function draftOf(value: PlainValue): ZoneFileDraft {
  let rest: PlainValue = structuredClone(value);
  for (;;) {
    const draft = ZoneFileDraftShape.safeParse(rest);
    if (draft.success) return draft.data;
    for (const issue of flatten(draft.error.issues, rest)) rest = prune(rest, issue);
  }
}

/** Issues with absolute paths; of a union, those of the alternative that the writer most likely meant. */
function flatten(issues: readonly Issue[], root: PlainValue, base: Path = []): Issue[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...(issue.path as Path)];
    if (issue.code === 'invalid_union') {
      const meant = meantAlternative(issue.errors, valueAt(root, path));
      return meant ? flatten(meant, root, path) : [{ ...issue, path }];
    }
    return [{ ...issue, path }];
  });
}

/** The alternative of the same kind as the value: one that does not already fail at its root. */
function meantAlternative(alternatives: Alternatives, value: PlainValue): readonly Issue[] | undefined {
  const fitting = alternatives.filter(
    (issues) => issues.length > 0 && !issues.some((issue) => failsAtRoot(issue, value)),
  );
  return fitting.toSorted((a, b) => a.length - b.length)[0];
}

type Alternatives = readonly (readonly Issue[])[];

function failsAtRoot(issue: Issue, value: PlainValue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return meantAlternative(issue.errors, value) === undefined;
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && typeof value === 'object');
}

function valueAt(root: PlainValue, path: Path): PlainValue {
  let value: PlainValue = root;
  for (const step of path) {
    if (Array.isArray(value)) value = typeof step === 'number' ? value[step] : undefined;
    else if (typeof value === 'object') value = value[String(step)];
    else return undefined;
  }
  return value;
}

function reportIssue(issue: Issue, parsed: ParsedYaml, log: DiagnosticLog): void {
  const path = issue.path as Path;
  const place = placeName(path);
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) reportUnknownKey(key, path, parsed, log);
    return;
  }
  if (issue.code === 'invalid_key') {
    const name = String(path.at(-1));
    log.report('NAME_INVALID', parsed.keySpan(path), `\`${name}\` is not a name`, {
      help: 'use letters, digits, `-` and `_`, at most 64, beginning with a letter or digit',
    });
    return;
  }
  const got = valueAt(parsed.value, path);
  if (got === undefined && path.length > 0) return reportMissing(path, parsed, log);
  const [code, message, notes] = describeIssue(issue, place, got, path);
  log.report(code, parsed.span(path), message, notes);
}

function reportUnknownKey(key: string, path: Path, parsed: ParsedYaml, log: DiagnosticLog): void {
  const known = knownKeys(path);
  log.report('KEY_UNKNOWN', parsed.keySpan([...path, key]), `unknown key \`${key}\` in ${placeName(path)}`, {
    help: didYouMean(key, known) ?? `expected ${oneOf(known)}`,
  });
}

function reportMissing(path: Path, parsed: ParsedYaml, log: DiagnosticLog): void {
  const key = String(path.at(-1));
  const isItem = typeof path.at(-1) === 'number';
  const place = placeName(path.slice(0, -1));
  if (isItem)
    log.report('VALUE_TYPE', parsed.span(path), `an item of ${place} is empty`, {
      help: 'give it a value or remove the `-`',
    });
  else if (key === 'allow') {
    log.report('CONDUIT_NO_SERVICE', parsed.keySpan(path), `${place} allows nothing`, {
      help: 'name the services it needs, e.g. `allow: [https]`; there is no silent any',
    });
  } else if (path.length === 2) {
    log.report('KEY_MISSING', parsed.keySpan(path), `${placeName(path)} says nothing`, {
      help: 'fill it, or remove it',
    });
  } else {
    const help = MISSING_HELP[key] ?? `add \`${key}:\``;
    log.report('KEY_MISSING', parsed.keySpan(path), `${place} has no \`${key}\``, { help });
  }
}

const MISSING_HELP: Readonly<Record<string, string>> = {
  at: 'say where the zone lives: `at: { vpc: { size: 22 } }`, `at: { site: …, cidr: … }`, `at: outside` or `at: { template: … }`',
  from: 'name the initiator: `zone`, `zone/asset` or `internet`',
  to: 'name the responder: `zone`, `zone/asset` or `internet`',
};

function describeIssue(issue: Issue, place: string, got: PlainValue, path: Path): [ZoneDiagnosticCode, string, Notes] {
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const help = (typeof got === 'string' && didYouMean(got, values)) || `write ${oneOf(values)}`;
    return ['VALUE_INVALID', `${place} cannot be ${shown(got)}`, { help }];
  }
  if (issue.code === 'invalid_format' && path.length > 0) {
    const help = 'use letters, digits, `-` and `_`, at most 64, beginning with a letter or digit';
    return ['NAME_INVALID', `${shown(got)} is not a name`, { help }];
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const bound = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
    return [
      'VALUE_INVALID',
      `${place} is ${shown(got)}, expected ${bound}`,
      { help: `write a number that is ${bound}` },
    ];
  }
  const expected = [...new Set(expectedKinds(issue))].join(', or ') || 'a value of another kind';
  return ['VALUE_TYPE', `${place} is ${shown(got)}, expected ${expected}`, { help: `write ${expected} here` }];
}

function expectedKinds(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [kindOf(issue.expected)];
  if (issue.code === 'invalid_value') return issue.values.map((value) => `\`${String(value)}\``);
  if (issue.code === 'invalid_union')
    return issue.errors.flatMap((issues) =>
      issues.flatMap((inner) => (inner.path.length === 0 ? expectedKinds(inner) : [])),
    );
  return [];
}

function kindOf(expected: string): string {
  if (expected === 'string') return 'text';
  if (expected === 'array') return 'a list';
  if (expected === 'object' || expected === 'record') return 'a mapping of keys to values';
  if (expected === 'int') return 'a whole number';
  if (expected === 'boolean') return '`true` or `false`';
  return `a ${expected}`;
}

function shown(value: PlainValue): string {
  if (value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = String(value);
  return `\`${text.length > 60 ? `${text.slice(0, 60)}…` : text}\``;
}

/** `['zones', 'ehr', 'assets', 'app']` → "asset `app` of zone `ehr`", as a reader would say it. */
function placeName(path: Path): string {
  const [section, name, ...rest] = path;
  if (section === undefined) return 'the file';
  const noun = NOUN_OF[String(section)];
  if (name === undefined || !noun) return `\`${path.join('.')}\``;
  const entry = typeof name === 'number' ? `${noun} number ${name + 1}` : `${noun} \`${name}\``;
  if (rest.length === 0) return entry;
  if (rest[0] === 'assets' && rest.length > 1) {
    const asset = `asset \`${String(rest[1])}\` of ${entry}`;
    return rest.length === 2 ? asset : `${placeInside(rest.slice(2))} of ${asset}`;
  }
  return `${placeInside(rest)} of ${entry}`;
}

function placeInside(path: Path): string {
  const last = path.at(-1);
  if (typeof last !== 'number') return `\`${path.join('.')}\``;
  return `item ${last + 1} of ${placeInside(path.slice(0, -1))}`;
}

const NOUN_OF: Readonly<Record<string, string>> = {
  zones: 'zone',
  conduits: 'conduit',
  sites: 'site',
  vpcs: 'shared VPC',
  services: 'service',
  never: 'obligation',
};

function prune(root: PlainValue, issue: Issue): PlainValue {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') return withoutKeys(root, path, issue.keys);
  if (issue.code === 'invalid_key') return without(root, path, false);
  // a required key deep inside is missing: what it belongs to goes
  const isMissingInside = path.length > 2 && valueAt(root, path) === undefined;
  return without(root, isMissingInside ? path.slice(0, -1) : path);
}

/** All at once: a mapping may hold very many unknown keys. */
function withoutKeys(root: PlainValue, path: Path, keys: readonly string[]): PlainValue {
  const parent = valueAt(root, path);
  if (typeof parent !== 'object' || Array.isArray(parent)) return root;
  for (const key of keys) delete parent[key];
  return isLost(parent, path) ? without(root, path, false) : root;
}

function without(root: PlainValue, path: Path, isValidName = true): PlainValue {
  const last = path.at(-1);
  if (last === undefined) return {};
  const above = path.slice(0, -1);
  const parent = valueAt(root, above);
  if (Array.isArray(parent) && typeof last === 'number') {
    // items keep their index, or later spans would point elsewhere: an entry is emptied, a list of values goes whole
    if (!isDeclaration(path) || isEmptyEntry(parent[last])) return without(root, above);
    parent[last] = {};
  } else if (typeof parent === 'object' && !Array.isArray(parent)) {
    // a declaration that is no mapping still declares its name, or all who name it would look mistaken
    const name = String(last);
    if (isDeclaration(path) && isValidName && !isEmptyEntry(parent[name])) parent[name] = {};
    else delete parent[name];
    if (isLost(parent, above)) return without(root, above, false);
  }
  return root;
}

/** What lost all that it said is as good as not said, unless it declares a name. */
function isLost(value: PlainValue, path: Path): boolean {
  return path.length > 2 && !isDeclaration(path) && isEmptyEntry(value);
}

/** `zones.ehr`, `never[3]`, `zones.ehr.assets.app` */
function isDeclaration(path: Path): boolean {
  return path.length === 2 || (path.length === 4 && path[2] === 'assets');
}

function isEmptyEntry(value: PlainValue): boolean {
  return typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length === 0;
}
