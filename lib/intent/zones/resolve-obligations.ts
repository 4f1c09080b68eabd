/** `never:` → Obligations, and those that always hold without being written. */
import type { SourceSpan } from '../../base/diagnostics';
import type { DiagnosticLog } from './diagnostic-codes';
import { listed } from './resolve-addresses';
import { INTERNET, reportUnknownZone, type ZoneNames } from './resolve-conduits';
import { sortedTexts } from './resolve-placement';
import type { NeverDraft, SelectorDraft } from './shape';
import { didYouMean, oneOf } from './suggest';
import { compareText, type Entry } from './zone-document';
import type { Conduit, DataClass, Obligation, Zone, ZoneSelector } from './zone-model';

const ANYTHING = new Set(['anything', 'any', 'all', 'everything']);

export function resolveObligations(
  entries: readonly Entry<NeverDraft>[],
  zones: readonly Zone[],
  names: ZoneNames,
  log: DiagnosticLog,
): Obligation[] {
  const byId = new Map<string, Obligation>();
  for (const entry of entries) {
    const obligation = resolveObligation(entry, zones, names, log);
    if (!obligation) continue;
    const earlier = byId.get(obligation.id);
    if (!earlier) byId.set(obligation.id, obligation);
    else {
      log.report('NAME_DUPLICATE', obligation.source, `obligation \`${obligation.id}\` is declared twice`, {
        help: 'remove one, or give each a `name`',
        related: [{ message: 'first declared here', span: earlier.source }],
      });
    }
  }
  return [...byId.values()];
}

function resolveObligation(
  entry: Entry<NeverDraft>,
  zones: readonly Zone[],
  names: ZoneNames,
  log: DiagnosticLog,
): Obligation | undefined {
  const { draft } = entry;
  const from = selectorOf(entry, 'from', names, log);
  const to = selectorOf(entry, 'to', names, log);
  const except = exceptOf(entry, zones, names, log);
  if (!from || !to) return undefined;
  const through = draft.through ?? 'anything';
  const id = draft.name ?? `${said(from)}-to-${said(to)}${through === 'direct' ? '-direct' : ''}`;
  if (id.startsWith('standing-')) {
    log.report('NAME_RESERVED', entry.span('name'), `\`${id}\` begins with \`standing-\``, {
      help: 'choose another name',
    });
  }
  return {
    id,
    source: entry.source,
    from,
    to,
    through,
    except,
    ...(draft.why === undefined ? {} : { why: draft.why }),
    origin: 'written',
  };
}

function selectorOf(
  entry: Entry<NeverDraft>,
  key: 'from' | 'to',
  names: ZoneNames,
  log: DiagnosticLog,
): ZoneSelector | undefined {
  const draft: SelectorDraft | undefined = entry.draft[key];
  if (draft === undefined) return undefined;
  const source = entry.span(key);
  if (typeof draft === 'string' || Array.isArray(draft)) {
    const zones = zoneNames(entry, listed(draft, key), names, log);
    if (zones === 'anything') return { source, any: true };
    return { source, zones };
  }
  const below = <T>(value: T | T[] | undefined, field: string) =>
    listed(value, field).map(({ item, path }) => ({ item, path: [key, ...path] }));
  const zones = draft.zones === undefined ? undefined : zoneNames(entry, below(draft.zones, 'zones'), names, log);
  const not = draft.not === undefined ? undefined : zoneNames(entry, below(draft.not, 'not'), names, log);
  const data = withBulk(listed(draft.data, 'data').map(({ item }) => item));
  const trust = sortedTexts(listed(draft.trust, 'trust').map(({ item }) => item)) as ZoneSelector['trust'];
  const isAny = zones === 'anything' || (zones === undefined && data.length === 0 && trust?.length === 0);
  return {
    source,
    ...(isAny ? { any: true as const } : {}),
    ...(zones === undefined || zones === 'anything' ? {} : { zones }),
    ...(data.length === 0 ? {} : { data }),
    ...(trust?.length === 0 ? {} : { trust }),
    ...(not === undefined || not === 'anything' ? {} : { not }),
  };
}

/** Patient data is patient data, in bulk or not. */
function withBulk(data: readonly DataClass[]): DataClass[] {
  const all = data.includes('phi') ? [...data, 'phi-bulk' as const] : [...data];
  return [...new Set(all)].sort(compareText);
}

function zoneNames(
  entry: Entry<NeverDraft>,
  items: readonly { readonly item: string; readonly path: (string | number)[] }[],
  names: ZoneNames,
  log: DiagnosticLog,
): string[] | 'anything' {
  if (items.some(({ item }) => ANYTHING.has(item))) return 'anything';
  for (const { item, path } of items) {
    if (item !== INTERNET && !names.assetsOf.has(item)) reportUnknownZone(item, entry.span(...path), names, log);
  }
  return sortedTexts(items.map(({ item }) => item));
}

function exceptOf(entry: Entry<NeverDraft>, zones: readonly Zone[], names: ZoneNames, log: DiagnosticLog): string[] {
  const gates = gatesOf(zones);
  const items = listed(entry.draft.except, 'except');
  for (const { item, path } of items) {
    const span = entry.span(...path);
    if (gates.includes(item)) continue;
    const zone = zones.find(({ name }) => name === item);
    if (!zone) {
      reportUnknownZone(item, span, names, log);
      continue;
    }
    const known = didYouMean(item, gates) ?? (gates.length > 0 ? `gates are ${oneOf(gates)}` : 'no zone is a gate yet');
    log.report('NEVER_EXCEPT_NOT_GATE', span, `\`${item}\` is excepted and is not a gate`, {
      help: `add \`gate: <why>\` to zone \`${item}\`, or except a gate (${known})`,
      related: [{ message: `zone \`${item}\``, span: zone.source }],
    });
  }
  return sortedTexts(items.map(({ item }) => item));
}

function gatesOf(zones: readonly Zone[]): string[] {
  return zones.filter(({ gate }) => gate).map(({ name }) => name);
}

/** A selector in a word, for ids that explain themselves. */
function said(selector: ZoneSelector): string {
  const words = [
    ...(selector.any ? ['anything'] : []),
    ...(selector.zones ?? []),
    ...(selector.data ? selector.data.filter((data) => data !== 'phi-bulk' || !selector.data?.includes('phi')) : []),
    ...(selector.trust ?? []),
  ];
  const but = selector.not && selector.not.length > 0 ? `-but-${selector.not.join('-')}` : '';
  return `${words.join('-')}${but}`;
}

/**
 * What holds in every estate. Gates may be passed, since a gate has said why; patient data may start out for the
 * internet only from a gate, or from a zone whose egress is declared through inspection. All speak of who initiates:
 * replies are no business of theirs.
 */
export function standingObligations(
  zones: readonly Zone[],
  conduits: readonly Conduit[],
  source: SourceSpan,
): Obligation[] {
  const gates = gatesOf(zones);
  const inspected = conduits
    .filter(({ via, to }) => via === 'inspected' && to.zone === INTERNET)
    .map(({ from }) => from.zone);
  const phi: ZoneSelector = { source, data: ['phi', 'phi-bulk'] };
  const internet: ZoneSelector = { source, zones: [INTERNET] };
  const standing = { source, through: 'anything', except: gates, origin: 'standing' } as const;
  return [
    {
      ...standing,
      id: 'standing-untrusted-to-patient-data',
      from: { source, trust: ['untrusted'] },
      to: { source, data: ['phi', 'phi-bulk', 'safety'] },
      why: 'untrusted zones never reach patient data, nor what can hurt a patient, except through a gate',
    },
    {
      ...standing,
      id: 'standing-internet-to-patient-data',
      from: internet,
      to: phi,
      why: 'the internet never reaches patient data except through a gate',
    },
    {
      ...standing,
      id: 'standing-patient-data-to-internet',
      from: phi,
      to: internet,
      except: sortedTexts([...gates, ...inspected]),
      why: 'patient data never starts out for the internet except from a gate or through declared inspection',
    },
  ];
}
