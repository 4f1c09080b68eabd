/** Service names and spelled-out services → Channels, from the catalogue and the estate's own `services:`. */
import type { SourceSpan } from '../../base/diagnostics';
import type { DiagnosticLog } from './diagnostic-codes';
import { cut, listed } from './resolve-addresses';
import { SERVICE_CATALOGUE } from './service-catalogue';
import type { ServiceDraft, SpelledServiceDraft } from './shape';
import { formatTraffic, parseSpelled, type Spelled, spell } from './spelled-service';
import { didYouMean } from './suggest';
import { compareText, type Entry } from './zone-document';
import type { Channel, Service, ServiceTraffic } from './zone-model';

export class ServiceNames {
  readonly #own: ReadonlyMap<string, Service>;
  readonly #used = new Map<string, Service>();

  constructor(
    entries: readonly Entry<ServiceDraft>[],
    private readonly log: DiagnosticLog,
  ) {
    this.#own = new Map(entries.map((entry) => [entry.name, ownService(entry, log)]));
  }

  /** the services that conduits allow and assets serve, sorted by name */
  used(): Service[] {
    return [...this.#used.values()].sort((a, b) => compareText(a.name, b.name));
  }

  isUsed(name: string): boolean {
    return this.#used.has(name);
  }

  /** A service by name or spelled out; undefined, and reported, where it is neither. `place` says who names it. */
  resolve(text: string, span: SourceSpan, place: string): Service | undefined {
    const named = this.#own.get(text) ?? SERVICE_CATALOGUE.get(text);
    const service = named ?? this.#spelled(text, parseSpelled(text), span, place);
    return service && this.#use(service);
  }

  resolveSpelled(draft: SpelledServiceDraft, span: SourceSpan, place: string): Service | undefined {
    const spelled = spell(draft.protocol, portTexts(draft));
    const service = this.#spelled(draft.protocol, spelled, span, place);
    if (!service) return undefined;
    if (draft.encrypted === undefined) return this.#use(service);
    const suffix = draft.encrypted ? ' encrypted' : ' clear text';
    return this.#use({
      ...service,
      name: `${service.name}${suffix}`,
      encrypted: draft.encrypted,
      encryption: draft.encrypted ? 'always' : 'never',
    });
  }

  #use(service: Service): Service {
    const earlier = this.#used.get(service.name);
    if (earlier) return earlier;
    this.#used.set(service.name, service);
    return service;
  }

  #spelled(text: string, spelled: Spelled, span: SourceSpan, place: string): Service | undefined {
    if (spelled.kind === 'traffic') return spelledService(spelled.traffic);
    if (spelled.kind === 'name') {
      const known = [...this.#own.keys(), ...SERVICE_CATALOGUE.keys()];
      const port = /^\d{1,5}$/.test(text.trim()) ? `write \`tcp/${text.trim()}\` or \`udp/${text.trim()}\`` : undefined;
      this.log.report('SERVICE_UNKNOWN', span, `unknown service \`${cut(text)}\` in ${place}`, {
        help: port ?? didYouMean(text, known) ?? 'spell it out as `tcp/8443`, or declare it under `services:`',
      });
    } else reportSpelling(spelled, text, span, place, this.log);
    return undefined;
  }
}

function spelledService(traffic: readonly ServiceTraffic[]): Service {
  const name = formatTraffic(traffic);
  const isEcho = traffic.every(({ protocol }) => protocol === 'icmp' || protocol === 'icmpv6');
  return {
    name,
    description: `spelled out: ${name}`,
    traffic,
    encrypted: false,
    encryption: isEcho ? 'never' : 'unknown',
    carriesPatientData: !isEcho,
  };
}

function reportSpelling(
  spelled: Exclude<Spelled, { kind: 'traffic' | 'name' }>,
  text: string,
  span: SourceSpan,
  place: string,
  log: DiagnosticLog,
): void {
  if (spelled.kind === 'any') {
    log.report('CONDUIT_ANY_SERVICE', span, `\`${cut(text)}\` in ${place} means every port`, {
      help: 'name each service it needs, e.g. `[https, dicom-tls]`, or spell ports out: `tcp/8443`; there is no any',
    });
  } else if (spelled.kind === 'bad-port') {
    log.report('PORT_INVALID', span, `\`${cut(spelled.port)}\` in ${place} is not a port`, { help: spelled.help });
  } else {
    const protocols = ['tcp', 'udp', 'icmp', 'icmpv6'];
    log.report('PROTOCOL_INVALID', span, `\`${cut(spelled.protocol)}\` in ${place} is not a protocol`, {
      help: didYouMean(spelled.protocol, protocols) ?? 'write `tcp`, `udp`, `icmp` or `icmpv6`',
    });
  }
}

function portTexts(draft: Pick<SpelledServiceDraft, 'port' | 'ports'>): string[] {
  return [...listed(draft.port, 'port'), ...listed(draft.ports, 'ports')].flatMap(({ item }) =>
    String(item).split(','),
  );
}

function ownService(entry: Entry<ServiceDraft>, log: DiagnosticLog): Service {
  const { draft, name } = entry;
  const traffic = ownTraffic(entry, log);
  if (SERVICE_CATALOGUE.has(name)) {
    log.report('SERVICE_REDEFINED', entry.source, `\`${name}\` also is a service of the catalogue`, {
      help: 'choose another name, so that readers are not misled',
    });
  }
  if (parseSpelled(name).kind !== 'name') {
    log.report('NAME_RESERVED', entry.source, `\`${name}\` cannot be the name of a service`, {
      help: 'choose another name',
    });
  }
  const encrypted = draft.encrypted ?? false;
  return {
    name,
    description: draft.description ?? '',
    traffic,
    encrypted,
    encryption: encrypted ? 'always' : 'never',
    ...(draft.reference === undefined ? {} : { reference: draft.reference }),
    source: entry.source,
  };
}

function ownTraffic(entry: Entry<ServiceDraft>, log: DiagnosticLog): ServiceTraffic[] {
  const { draft, name } = entry;
  const place = `service \`${name}\``;
  const parts = listed(draft.traffic, 'traffic').map(({ item, path }) => ({
    text: item,
    path,
    spelled: parseSpelled(item),
  }));
  if (draft.protocol !== undefined) {
    const key = draft.port === undefined ? 'ports' : 'port';
    const spelled = spell(draft.protocol, portTexts(draft));
    const path = spelled.kind === 'bad-port' || spelled.kind === 'any' ? [key] : ['protocol'];
    parts.push({ text: draft.protocol, path, spelled });
  }
  if (parts.length === 0) {
    log.report('SERVICE_INVALID', entry.source, `${place} does not say what it is on the wire`, {
      help: 'add `protocol: tcp` and `port: 8443`, or `traffic: [tcp/8443, udp/8443]`',
    });
  }
  return parts.flatMap(({ text, path, spelled }) => {
    if (spelled.kind === 'traffic') return spelled.traffic;
    if (spelled.kind === 'name') {
      log.report('SERVICE_INVALID', entry.span(...path), `\`${cut(text)}\` in ${place} is not spelled-out traffic`, {
        help: 'write `tcp/8443`',
      });
    } else reportSpelling(spelled, text, entry.span(...path), place, log);
    return [];
  });
}

export function channelOf(service: Service, source: SourceSpan): Channel {
  const { name, traffic, encrypted, encryption } = service;
  return { service: name, source, traffic, encrypted, ...(encryption && { encryption }) };
}
