/**
 * ZoneDocument: everything that the files of an estate say, in their own words, merged and sorted by name, each with
 * its place. Names are not resolved yet, and what was broken is already taken out.
 */
import type { SourceSpan } from '../../base/diagnostics';
import type { DiagnosticLog } from './diagnostic-codes';
import type { ParsedYaml, Path } from './parse-yaml';
import type {
  ConduitDraft,
  NeverDraft,
  ServiceDraft,
  SharedVpcDraft,
  SiteDraft,
  ZoneDraft,
  ZoneFileDraft,
} from './shape';

/** One declaration, and where each of its words stands. */
export interface Entry<T> {
  readonly name: string;
  readonly draft: T;
  /** the words that declare it: its key, or its item in a list */
  readonly source: SourceSpan;
  span(...path: Path): SourceSpan;
  keySpan(...path: Path): SourceSpan;
}

export interface ZoneDocument {
  /** sorted */
  readonly files: readonly string[];
  readonly estate?: Entry<string>;
  readonly region?: Entry<string>;
  readonly availabilityZones?: Entry<number>;
  readonly pool?: Entry<string>;
  /** the keys at the top of the files, even those whose values are broken */
  readonly sections: ReadonlySet<string>;
  readonly sites: readonly Entry<SiteDraft>[];
  readonly vpcs: readonly Entry<SharedVpcDraft>[];
  readonly zones: readonly Entry<ZoneDraft>[];
  readonly conduits: readonly Entry<ConduitDraft>[];
  readonly services: readonly Entry<ServiceDraft>[];
  /** in the order of files and lines; ids are given when they are resolved */
  readonly never: readonly Entry<NeverDraft>[];
}

export interface ZoneFile {
  readonly parsed: ParsedYaml;
  readonly draft: ZoneFileDraft;
}

/** Merges the files of an estate. Two declarations of one name are reported; the first, by file and line, is kept. */
export function mergeFiles(files: readonly ZoneFile[], log: DiagnosticLog): ZoneDocument {
  const ordered = files.toSorted((a, b) => compareText(a.parsed.file, b.parsed.file));
  const all = <T>(list: (file: ZoneFile) => Entry<T>[]) => ordered.flatMap(list);
  const merged = <T>(kind: string, list: (file: ZoneFile) => Entry<T>[]) => unique(kind, all(list), log);
  const once = <T>(key: string, list: (file: ZoneFile) => Entry<T>[]) => single(key, all(list), log);
  return {
    files: ordered.map(({ parsed }) => parsed.file),
    estate: once('estate', (file) => header(file, ['estate'], file.draft.estate)),
    region: once('region', (file) => header(file, ['region'], file.draft.region)),
    availabilityZones: once('availabilityZones', (file) =>
      header(file, ['availabilityZones'], file.draft.availabilityZones),
    ),
    pool: once('addressing.pool', (file) => header(file, ['addressing', 'pool'], file.draft.addressing?.pool)),
    sections: new Set(ordered.flatMap(({ parsed }) => Object.keys(Object(parsed.value)))),
    sites: merged('site', (file) => mapping(file, 'sites', file.draft.sites, {})),
    vpcs: merged('shared VPC', (file) => mapping(file, 'vpcs', file.draft.vpcs, {})),
    zones: merged('zone', (file) => mapping(file, 'zones', file.draft.zones, {})),
    conduits: merged('conduit', conduitsOf),
    services: merged('service', (file) => mapping(file, 'services', file.draft.services, {})),
    never: all((file) =>
      (file.draft.never ?? []).map((draft, index) => entry(file, ['never', index], draft.name ?? '', draft)),
    ),
  };
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function entry<T>(file: ZoneFile, at: Path, name: string, draft: T): Entry<T> {
  const { parsed } = file;
  const isItem = typeof at.at(-1) === 'number';
  return {
    name,
    draft,
    source: isItem ? parsed.span(at) : parsed.keySpan(at),
    span: (...path) => parsed.span([...at, ...path]),
    keySpan: (...path) => parsed.keySpan([...at, ...path]),
  };
}

function header<T>(file: ZoneFile, at: Path, value: T | undefined): Entry<T>[] {
  return value === undefined ? [] : [entry(file, at, String(at.at(-1)), value)];
}

function mapping<T>(
  file: ZoneFile,
  section: string,
  drafts: Readonly<Record<string, T | undefined>> | undefined,
  empty: T,
): Entry<T>[] {
  return Object.entries(drafts ?? {}).map(([name, draft]) => entry(file, [section, name], name, draft ?? empty));
}

function conduitsOf(file: ZoneFile): Entry<ConduitDraft>[] {
  const { conduits } = file.draft;
  if (!Array.isArray(conduits)) return mapping(file, 'conduits', conduits, {});
  return conduits.map((draft, index) => {
    const name = draft.name ?? `${draft.from ?? ''}-to-${draft.to ?? ''}`.replaceAll('/', '-');
    return entry<ConduitDraft>(file, ['conduits', index], name, draft);
  });
}

function unique<T>(kind: string, entries: readonly Entry<T>[], log: DiagnosticLog): Entry<T>[] {
  const first = new Map<string, Entry<T>>();
  for (const candidate of entries) {
    const earlier = first.get(candidate.name);
    if (!earlier) first.set(candidate.name, candidate);
    else {
      log.report('NAME_DUPLICATE', candidate.source, `${kind} \`${candidate.name}\` is declared twice`, {
        help: 'rename one of the two, or merge them',
        related: [{ message: `\`${candidate.name}\` is first declared here`, span: earlier.source }],
      });
    }
  }
  return [...first.values()].sort((a, b) => compareText(a.name, b.name));
}

function single<T>(key: string, entries: readonly Entry<T>[], log: DiagnosticLog): Entry<T> | undefined {
  const [first, ...others] = entries;
  for (const other of others) {
    log.report('DECLARATION_DUPLICATE', other.source, `\`${key}\` is given in two files of the estate`, {
      help: 'keep it in one file',
      related: [{ message: `\`${key}\` is first given here`, span: first?.source ?? other.source }],
    });
  }
  return first;
}
