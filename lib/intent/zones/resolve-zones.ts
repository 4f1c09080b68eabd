/** Sites, shared VPCs, zones and assets: drafts → the nouns of the ZoneModel, names resolved and defaults filled in. */
import { comparePrefixes, type Prefix, prefixContains, tryParseAddress } from '../../base/net';
import { AWS_SERVICES } from './aws-services';
import type { DiagnosticLog } from './diagnostic-codes';
import { listed, resolveCidr } from './resolve-addresses';
import {
  DEFAULT_SHARED_VPC_SIZE,
  type PlacementContext,
  rangesOf,
  resolvePlacement,
  sizeOf,
  sortedTexts,
} from './resolve-placement';
import type { ServiceNames } from './resolve-services';
import type { AssetDraft, SharedVpcDraft, SiteDraft, ZoneDraft } from './shape';
import { didYouMean } from './suggest';
import { compareText, type Entry } from './zone-document';
import type { Asset, AwsServiceUse, Placement, SharedVpc, Site, Zone } from './zone-model';

/** Words of the zone language that no zone may take as its name. */
export const RESERVED_ZONE_NAMES: readonly string[] = ['internet', 'anything', 'any', 'all', 'everything', 'unbound'];

const DEFAULT_ASN = 65000;

export function resolveSite(site: Entry<SiteDraft>, log: DiagnosticLog): Site {
  const { gateway, connect, filtersSources } = site.draft;
  const connects = connect ?? (gateway ? 'vpn' : 'none');
  if (connects === 'vpn' && !gateway) {
    log.report(
      'SITE_GATEWAY_MISSING',
      site.keySpan('connect'),
      `site \`${site.name}\` is connected by VPN and has no gateway`,
      {
        help: 'add `gateway: { ip: 203.0.113.10, asn: 65010 }`, or write `connect: none`',
      },
    );
  }
  if (gateway && tryParseAddress(gateway.ip)?.family !== 4) {
    log.report('GATEWAY_INVALID', site.span('gateway', 'ip'), `\`${gateway.ip}\` is not an IPv4 address`, {
      help: "write the customer gateway's public address, e.g. `203.0.113.10`",
    });
  }
  const asn = gateway?.asn ?? DEFAULT_ASN;
  if (asn < 1 || asn > 4294967294) {
    log.report('GATEWAY_INVALID', site.span('gateway', 'asn'), `\`${asn}\` is not a BGP AS number`, {
      help: 'private AS numbers are 64512–65534',
    });
  }
  return {
    name: site.name,
    source: site.source,
    connect: connects,
    ...(gateway && { gateway: { ip: gateway.ip, asn } }),
    filtersSources: filtersSources ?? false,
  };
}

export function resolveSharedVpc(vpc: Entry<SharedVpcDraft>, context: Omit<PlacementContext, 'vpcs'>): SharedVpc {
  const cidrSpan = vpc.span('cidr');
  const cidr =
    vpc.draft.cidr === undefined ? undefined : resolveCidr(vpc.draft.cidr, cidrSpan, context.log, { ipv4Only: true });
  if (cidr)
    context.claims.push({
      prefix: cidr,
      owner: `shared VPC \`${vpc.name}\``,
      kind: 'vpc',
      within: vpc.name,
      span: cidrSpan,
    });
  const size = sizeOf(vpc.draft.size, cidr, DEFAULT_SHARED_VPC_SIZE, vpc.span('size'), cidrSpan, context.log);
  return { name: vpc.name, source: vpc.source, size, ...(cidr && { cidr }) };
}

export function resolveZone(zone: Entry<ZoneDraft>, services: ServiceNames, context: PlacementContext): Zone {
  const { draft, name } = zone;
  if (RESERVED_ZONE_NAMES.includes(name)) {
    context.log.report('NAME_RESERVED', zone.source, `\`${name}\` cannot be the name of a zone`, {
      help: 'choose another name',
    });
  }
  const placement = resolvePlacement(zone, context);
  const gate = gateOf(zone, context.log);
  const data = listed(draft.data, 'data').map(({ item }) => item);
  return {
    name,
    source: zone.source,
    purpose: draft.purpose ?? '',
    ...(draft.owner === undefined ? {} : { owner: draft.owner }),
    placement,
    trust: draft.trust ?? 'restricted',
    data: data.length === 0 ? ['none'] : [...new Set(data)].sort(compareText),
    ...(gate && { gate }),
    assets: assetsOf(zone, placement, services, context.log),
    awsServices: awsServicesOf(zone, context.log),
  };
}

function gateOf(zone: Entry<ZoneDraft>, log: DiagnosticLog): Zone['gate'] {
  const { gate } = zone.draft;
  if (gate === undefined) return undefined;
  const why = (typeof gate === 'string' ? gate : (gate.why ?? '')).trim();
  const source = zone.keySpan('gate');
  if (why === '') {
    log.report('GATE_WITHOUT_REASON', source, `zone \`${zone.name}\` says that it is a gate and not why`, {
      help: 'write `gate: <why paths may pass through this zone>`',
    });
  }
  return { why, source };
}

function assetsOf(zone: Entry<ZoneDraft>, placement: Placement, services: ServiceNames, log: DiagnosticLog): Asset[] {
  const drafts = zone.draft.assets ?? {};
  const names = Object.keys(drafts).sort(compareText);
  return names.map((name) => assetOf(zone, name, drafts[name] ?? {}, names, placement, services, log));
}

function assetOf(
  zone: Entry<ZoneDraft>,
  name: string,
  draft: AssetDraft,
  siblings: readonly string[],
  placement: Placement,
  services: ServiceNames,
  log: DiagnosticLog,
): Asset {
  const place = `asset \`${zone.name}/${name}\``;
  const at = (path: readonly (string | number)[]) => zone.span('assets', name, ...path);
  const serves = listed(draft.serves, 'serves').flatMap(
    ({ item, path }) => services.resolve(item, at(path), place)?.name ?? [],
  );
  for (const { item, path } of listed(draft.from, 'from')) checkSibling(item, name, siblings, place, at(path), log);
  const from = listed(draft.from, 'from').map(({ item }) => item);
  if (from.length > 0 && draft.serves === undefined) {
    log.report('ASSET_FROM_WITHOUT_SERVES', at(['from']), `${place} admits others and serves nothing`, {
      help: 'add `serves: [...]`',
    });
  }
  const template = draft.template;
  if (template && placement.kind !== 'template') {
    log.report(
      'ASSET_TEMPLATE_MISPLACED',
      zone.keySpan('assets', name, 'template'),
      `${place} is bound to a template though its zone is not`,
      {
        help: 'bind the zone: `at: { template: … }`',
      },
    );
  }
  return {
    name,
    source: zone.keySpan('assets', name),
    zone: zone.name,
    cidrs: assetRanges(zone, name, draft, placement, log),
    serves: sortedTexts(serves),
    from: sortedTexts(from),
    ...(template && {
      template: {
        subnets: sortedTexts(listed(template.subnets, 'subnets').map(({ item }) => item.trim())),
        securityGroups: sortedTexts(listed(template.securityGroups, 'securityGroups').map(({ item }) => item.trim())),
      },
    }),
  };
}

function checkSibling(
  sibling: string,
  name: string,
  siblings: readonly string[],
  place: string,
  span: Zone['source'],
  log: DiagnosticLog,
): void {
  if (sibling === name) {
    log.report('ASSET_FROM_SELF', span, `${place} names itself under \`from\``, {
      help: 'members of an asset do not call each other; make two assets if they must',
    });
  } else if (!siblings.includes(sibling)) {
    log.report('ASSET_UNKNOWN', span, `unknown asset \`${sibling}\` under \`from\` of ${place}`, {
      help: didYouMean(sibling, siblings) ?? '`from` names assets of the same zone; other zones come in by a conduit',
    });
  }
}

function assetRanges(
  zone: Entry<ZoneDraft>,
  name: string,
  draft: AssetDraft,
  placement: Placement,
  log: DiagnosticLog,
): Prefix[] {
  const prefixes: Prefix[] = [];
  for (const { item, path } of rangesOf(draft, ['assets', name])) {
    const span = zone.span(...path);
    if (placement.kind === 'vpc' || placement.kind === 'shared-vpc') {
      log.report('ASSET_CIDR_MISPLACED', span, `asset \`${zone.name}/${name}\` has addresses of its own in a VPC`, {
        help: 'remove them: Cordon lays out subnets, and security groups tell assets apart',
      });
      continue;
    }
    const prefix = resolveCidr(item, span, log);
    if (!prefix) continue;
    prefixes.push(prefix);
    if (!isInside(prefix, placement)) {
      log.report(
        'ASSET_CIDR_OUTSIDE_ZONE',
        span,
        `\`${item}\` of asset \`${zone.name}/${name}\` is not among the addresses of its zone`,
        {
          help: 'widen the zone, or correct the asset',
          related: [{ message: 'the addresses of the zone', span: zone.span('at') }],
        },
      );
    }
  }
  return prefixes.sort(comparePrefixes);
}

function isInside(prefix: Prefix, placement: Placement): boolean {
  if (placement.kind === 'vpc' || placement.kind === 'shared-vpc' || placement.cidrs.length === 0) return true;
  return placement.cidrs.some((outer) => prefixContains(outer, prefix));
}

function awsServicesOf(zone: Entry<ZoneDraft>, log: DiagnosticLog): AwsServiceUse[] {
  const uses = new Map<string, AwsServiceUse>();
  const add = (service: string, resources: readonly string[], path: (string | number)[]) => {
    const source = zone.span(...path);
    if (!AWS_SERVICES.includes(service)) {
      log.report('AWS_SERVICE_UNKNOWN', source, `\`${service}\` is not an AWS endpoint that Cordon knows`, {
        help:
          didYouMean(service, AWS_SERVICES) ??
          'write the endpoint name without `com.amazonaws.<region>.`, e.g. `kms`, `ecr.api`',
      });
    }
    const earlier = uses.get(service);
    uses.set(service, {
      service,
      source: earlier?.source ?? source,
      resources: sortedTexts([...(earlier?.resources ?? []), ...resources]),
    });
  };
  for (const { item, path } of listed<string | Record<string, string | string[] | undefined>>(
    zone.draft.awsServices,
    'awsServices',
  )) {
    if (typeof item === 'string') add(item, [], path);
    else
      for (const [service, named] of Object.entries(item))
        add(
          service,
          listed(named, '').map((one) => one.item),
          [...path, service],
        );
  }
  return [...uses.values()].sort((a, b) => compareText(a.service, b.service));
}
