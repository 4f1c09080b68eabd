/** Conduits: each leads somewhere else, to something that is served, by a mechanism that can carry it, encrypted. */
import type { DiagnosticLog } from './diagnostic-codes';
import { INTERNET } from './resolve-conduits';
import { trafficCovers } from './spelled-service';
import type { Channel, Conduit, ConduitEnd, Mechanism, Service, Site, Zone, ZoneModel } from './zone-model';

interface Lookup {
  readonly zones: ReadonlyMap<string, Zone>;
  readonly sites: ReadonlyMap<string, Site>;
  readonly services: ReadonlyMap<string, Service>;
}

export function validateConduits(model: ZoneModel, log: DiagnosticLog): void {
  const lookup: Lookup = {
    zones: new Map(model.zones.map((zone) => [zone.name, zone])),
    sites: new Map(model.sites.map((site) => [site.name, site])),
    services: new Map(model.services.map((service) => [service.name, service])),
  };
  for (const conduit of model.conduits) {
    if (isSelf(conduit, log)) continue;
    reportNotServed(conduit, lookup, log);
    reportOutsideAws(conduit, lookup, log);
    reportNoRanges(conduit, lookup, log);
    reportVia(conduit, lookup, log);
    reportCleartext(conduit, lookup, log);
  }
}

export function formatEnd({ zone, asset }: ConduitEnd): string {
  return asset === undefined ? zone : `${zone}/${asset}`;
}

/** Two assets of one zone may have a conduit; a zone with itself, or an asset with itself, may not. */
function isSelf({ name, from, to }: Conduit, log: DiagnosticLog): boolean {
  const isWithin =
    from.zone === to.zone && (from.asset === undefined || to.asset === undefined || from.asset === to.asset);
  if (!isWithin) return false;
  log.report(
    'CONDUIT_SELF',
    to.source,
    `conduit \`${name}\` leads from \`${formatEnd(from)}\` to \`${formatEnd(to)}\`, which is itself`,
    {
      help: 'inside a zone, name two assets, or write `from:` under the asset that serves',
      related: [{ message: 'the initiator', span: from.source }],
    },
  );
  return true;
}

function reportNotServed({ name, to, channels }: Conduit, { zones, services }: Lookup, log: DiagnosticLog): void {
  const assets =
    zones
      .get(to.zone)
      ?.assets.filter((asset) => (to.asset === undefined ? asset.serves.length > 0 : asset.name === to.asset)) ?? [];
  if (assets.length === 0) return;
  const served = assets.flatMap((asset) => asset.serves.flatMap((service) => services.get(service)?.traffic ?? []));
  for (const channel of channels) {
    if (trafficCovers(served, channel.traffic)) continue;
    log.report(
      'CONDUIT_NOT_SERVED',
      channel.source,
      `\`${formatEnd(to)}\` does not serve \`${channel.service}\`, which conduit \`${name}\` allows`,
      {
        help: `add \`${channel.service}\` to \`serves\` of asset \`${assets.map((asset) => asset.name).join('` or `')}\``,
        related: assets.slice(0, 1).map((asset) => ({ message: 'declared here', span: asset.source })),
      },
    );
  }
}

type Place = 'vpc' | 'site' | 'outside' | 'template';

function placeOf(end: ConduitEnd, zones: Lookup['zones']): Place {
  const kind = zones.get(end.zone)?.placement.kind ?? 'outside';
  return kind === 'shared-vpc' ? 'vpc' : kind;
}

function reportOutsideAws(conduit: Conduit, { zones, sites }: Lookup, log: DiagnosticLog): void {
  const { name, from, to, source } = conduit;
  const [start, end] = [zones.get(from.zone)?.placement, zones.get(to.zone)?.placement];
  if (start?.kind === 'site' && end?.kind === 'site' && start.site === end.site) {
    log.report('CONDUIT_SAME_SITE', source, `conduit \`${name}\` stays inside site \`${start.site}\``, {
      help: "AWS enforces nothing there: it is reported as an assumption about the site's own network",
    });
  } else if (placeOf(from, zones) === 'outside' || placeOf(to, zones) === 'outside') {
    const inner = placeOf(from, zones) === 'outside' ? to : from;
    const place = placeOf(inner, zones);
    if (place !== 'site' && place !== 'outside') return;
    log.report(
      'CONDUIT_OUTSIDE_AWS',
      source,
      `conduit \`${name}\` between \`${formatEnd(from)}\` and \`${formatEnd(to)}\` does not touch AWS`,
      {
        help: 'AWS neither carries nor enforces it: it is reported as an assumption',
      },
    );
  } else {
    const unconnected = [start, end].find(
      (placement) => placement?.kind === 'site' && sites.get(placement.site)?.connect === 'none',
    );
    if (unconnected?.kind !== 'site') return;
    log.report(
      'CONDUIT_VIA_IMPOSSIBLE',
      source,
      `conduit \`${name}\` needs site \`${unconnected.site}\`, which has no connection`,
      {
        help: 'give the site `connect: vpn` and a `gateway`',
        related: [{ message: 'the site', span: sites.get(unconnected.site)?.source ?? source }],
      },
    );
  }
}

/** A partner without ranges is anybody: no obligation about the internet would see such a conduit. */
function reportNoRanges({ name, from, to }: Conduit, { zones }: Lookup, log: DiagnosticLog): void {
  for (const end of [from, to]) {
    const zone = zones.get(end.zone);
    const asset = zone?.assets.find((candidate) => candidate.name === end.asset);
    if (zone?.placement.kind !== 'outside' || zone.placement.cidrs.length > 0 || (asset && asset.cidrs.length > 0))
      continue;
    log.report(
      'CONDUIT_OUTSIDE_WITHOUT_RANGES',
      end.source,
      `zone \`${zone.name}\` is outside and has no ranges, so conduit \`${name}\` is open to the whole internet`,
      {
        help: `give zone \`${zone.name}\` its ranges, \`at: { outside: [198.51.100.0/24] }\`, or say \`internet\` if that is meant`,
        related: [{ message: 'the zone', span: zone.source }],
      },
    );
  }
}

/** Why a mechanism that was asked for cannot carry a conduit; undefined where it can, as far as zones tell. */
function objection(via: Mechanism, conduit: Conduit, lookup: Lookup): string | undefined {
  const ends = [placeOf(conduit.from, lookup.zones), placeOf(conduit.to, lookup.zones)];
  if (ends.includes('template')) return undefined;
  const areVpcs = ends.every((end) => end === 'vpc');
  const isOneVpc = areVpcs && vpcOf(conduit.from, lookup) === vpcOf(conduit.to, lookup);
  const beyondTcp = conduit.channels.find((channel) => channel.traffic.some(({ protocol }) => protocol !== 'tcp'));
  if (via === 'local') return isOneVpc ? undefined : 'its ends are not in one VPC';
  if (via === 'inspected') return undefined;
  if (via === 'internet') return ends.includes('outside') ? undefined : 'neither end is `internet` or outside';
  if (ends.includes('outside')) return 'one end is outside, which it does not reach';
  if (isOneVpc) return 'its ends are in one VPC, where traffic is local';
  if (via === 'transit') return undefined;
  if (!areVpcs) return 'both ends must live in VPCs';
  if (via !== 'peering' && beyondTcp) return `\`${beyondTcp.service}\` is more than tcp; \`via: transit\` carries it`;
  return undefined;
}

function vpcOf(end: ConduitEnd, { zones }: Lookup): string {
  const placement = zones.get(end.zone)?.placement;
  return placement?.kind === 'shared-vpc' ? `shared ${placement.vpc}` : `own ${end.zone}`;
}

function reportVia(conduit: Conduit, lookup: Lookup, log: DiagnosticLog): void {
  const { via, name, source } = conduit;
  const reason = via && objection(via, conduit, lookup);
  if (!reason) return;
  log.report('CONDUIT_VIA_IMPOSSIBLE', source, `\`via: ${via}\` cannot carry conduit \`${name}\`: ${reason}`, {
    help: 'leave out `via`, and the plan takes the narrowest mechanism that works',
  });
}

function holdsPhi(end: ConduitEnd, zones: Lookup['zones']): boolean {
  const data = zones.get(end.zone)?.data ?? [];
  return data.includes('phi') || data.includes('phi-bulk');
}

function reportCleartext(conduit: Conduit, { zones, services }: Lookup, log: DiagnosticLog): void {
  const { name, from, to, cleartext } = conduit;
  const end = [from, to].find((candidate) => candidate.zone !== INTERNET && holdsPhi(candidate, zones));
  if (!end || cleartext) return;
  const zone = zones.get(end.zone);
  const related = zone ? [{ message: `zone \`${zone.name}\` holds patient data`, span: zone.source }] : [];
  const carries = (channel: Channel) =>
    !channel.encrypted && services.get(channel.service)?.carriesPatientData !== false;
  for (const channel of conduit.channels.filter(carries)) {
    if (channel.encryption === 'unknown') {
      log.report(
        'CONDUIT_ENCRYPTION_UNKNOWN',
        channel.source,
        `nobody says whether \`${channel.service}\` in conduit \`${name}\` is encrypted`,
        {
          help: 'name a service of the catalogue, declare one under `services:` with `encrypted: true`, or give `cleartext: <why>`',
          related,
        },
      );
    } else {
      log.report(
        'CONDUIT_CLEARTEXT_PHI',
        channel.source,
        `\`${channel.service}\` in conduit \`${name}\` carries patient data in clear text`,
        {
          help: `${encryptedTwin(channel.service)}or give \`cleartext: <why it cannot be encrypted>\``,
          related,
        },
      );
    }
  }
}

const TWIN_OF: Readonly<Record<string, string>> = {
  http: 'https',
  dicom: 'dicom-tls',
  'hl7-mllp': 'hl7-mllp-tls',
  ldap: 'ldaps',
  syslog: 'syslog-tls',
  telnet: 'ssh',
  ftp: 'sftp',
  mqtt: 'mqtt-tls',
  amqp: 'amqp-tls',
  kafka: 'kafka-tls',
  sip: 'sip-tls',
};

function encryptedTwin(service: string): string {
  const twin = TWIN_OF[service];
  return twin ? `use \`${twin}\`, ` : 'use an encrypted service, ';
}
