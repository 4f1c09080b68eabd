/** Conduits: drafts → Conduit, ends and services resolved. */
import type { SourceSpan } from '../../base/diagnostics';
import type { DiagnosticLog } from './diagnostic-codes';
import { cut, listed } from './resolve-addresses';
import { sortedTexts } from './resolve-placement';
import { channelOf, type ServiceNames } from './resolve-services';
import type { ConduitDraft } from './shape';
import { wholeProtocols } from './spelled-service';
import { didYouMean, oneOf } from './suggest';
import { compareText, type Entry } from './zone-document';
import type { Channel, Conduit, ConduitEnd } from './zone-model';

/** What there is to name: zones and their assets. */
export interface ZoneNames {
  readonly assetsOf: ReadonlyMap<string, readonly string[]>;
  readonly sites: readonly string[];
}

export const INTERNET = 'internet';

/** Undefined where an end or every service is missing or unknown: reported already. */
export function resolveConduit(
  entry: Entry<ConduitDraft>,
  names: ZoneNames,
  services: ServiceNames,
  log: DiagnosticLog,
): Conduit | undefined {
  const { draft, name } = entry;
  const from = endOf(draft.from, entry.span('from'), names, log);
  const to = endOf(draft.to, entry.span('to'), names, log);
  const channels = channelsOf(entry, services, log);
  const approved = approvalOf(entry, log);
  const review = dateOf(draft.review, entry.span('review'), log);
  const expires = dateOf(draft.expires, entry.span('expires'), log);
  const cleartext = typeof draft.cleartext === 'object' ? draft.cleartext.why : draft.cleartext;
  if (!from || !to || channels.length === 0) return undefined;
  return {
    name,
    source: entry.source,
    from,
    to,
    channels,
    ...given('via', draft.via),
    ...given('why', draft.why),
    ...given('who', draft.who),
    ...given('owner', draft.owner),
    ...given('approved', approved),
    ...given('review', review),
    ...given('expires', expires),
    ...(cleartext?.trim() ? { cleartext: { why: cleartext, source: entry.keySpan('cleartext') } } : {}),
    ...given('ticket', draft.ticket === undefined ? undefined : String(draft.ticket)),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

function endOf(
  text: string | undefined,
  source: SourceSpan,
  names: ZoneNames,
  log: DiagnosticLog,
): ConduitEnd | undefined {
  if (text === undefined) return undefined;
  const [zone = '', asset, ...rest] = text.trim().split('/');
  if (rest.length > 0 || (zone === INTERNET && asset !== undefined)) {
    log.report('ASSET_UNKNOWN', source, `\`${cut(text)}\` is not an end of a conduit`, {
      help: 'write `zone`, `zone/asset` or `internet`',
    });
    return undefined;
  }
  if (zone === INTERNET) return { zone, source };
  const assets = names.assetsOf.get(zone);
  if (!assets) {
    reportUnknownZone(zone, source, names, log);
    return undefined;
  }
  if (asset === undefined) return { zone, source };
  if (assets.includes(asset)) return { zone, asset, source };
  log.report('ASSET_UNKNOWN', source, `zone \`${zone}\` has no asset \`${cut(asset)}\``, {
    help:
      didYouMean(asset, assets) ??
      (assets.length > 0 ? `expected ${oneOf(assets)}` : `declare it: \`assets: { ${asset}: {} }\``),
  });
  return undefined;
}

export function reportUnknownZone(zone: string, source: SourceSpan, names: ZoneNames, log: DiagnosticLog): void {
  const known = [...names.assetsOf.keys(), INTERNET];
  const help = names.sites.includes(zone)
    ? `\`${zone}\` is a site: name one of the zones that live there`
    : (didYouMean(zone, known) ?? (known.length > 1 ? `expected ${oneOf(known)}` : 'declare it under `zones:`'));
  log.report('ZONE_UNKNOWN', source, `unknown zone \`${cut(zone)}\``, { help });
}

function channelsOf(entry: Entry<ConduitDraft>, services: ServiceNames, log: DiagnosticLog): Channel[] {
  const { allow } = entry.draft;
  const place = `conduit \`${entry.name}\``;
  if (allow !== undefined && Array.isArray(allow) && allow.length === 0) {
    log.report('CONDUIT_NO_SERVICE', entry.keySpan('allow'), `${place} allows nothing`, {
      help: 'name the services it needs, e.g. `allow: [https]`; there is no silent any',
    });
  }
  const channels = new Map<string, Channel>();
  for (const { item, path } of listed(allow, 'allow')) {
    const span = entry.span(...path);
    const service =
      typeof item === 'string' ? services.resolve(item, span, place) : services.resolveSpelled(item, span, place);
    if (service && !channels.has(service.name)) channels.set(service.name, channelOf(service, span));
  }
  const found = [...channels.values()];
  for (const protocol of wholeProtocols(found.flatMap(({ traffic }) => traffic))) {
    log.report('CONDUIT_ANY_SERVICE', entry.keySpan('allow'), `${place} allows every ${protocol} port, in parts`, {
      help: 'name each service it needs, e.g. `[https, dicom-tls]`; there is no any',
    });
  }
  return found.sort((a, b) => compareText(a.service, b.service));
}

function approvalOf(entry: Entry<ConduitDraft>, log: DiagnosticLog): Conduit['approved'] {
  const { approved } = entry.draft;
  if (approved === undefined) return undefined;
  if (typeof approved === 'string' || Array.isArray(approved)) return { by: approvers(approved) };
  const on = dateOf(approved.on, entry.span('approved', 'on'), log);
  return { by: approvers(approved.by), ...given('on', on), ...given('requestedBy', approved.requestedBy) };
}

function approvers(names: string | readonly string[] | undefined): string[] {
  return sortedTexts(listed(names, 'by').map(({ item }) => item));
}

/** A day of the calendar, YYYY-MM-DD; anything else is reported. */
function dateOf(text: string | undefined, span: SourceSpan, log: DiagnosticLog): string | undefined {
  if (text === undefined || isDay(text)) return text;
  log.report('DATE_INVALID', span, `\`${cut(text)}\` is not a day of the calendar`, {
    help: 'write YYYY-MM-DD, e.g. `2027-04-01`',
  });
  return undefined;
}

export function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (lengths[month - 1] ?? 0);
}
