/** Small estates made by hand, so that a test shows all that it depends on. */
import { parsePrefix } from '../../../lib/base/net';
import type { Asset, Conduit, Mechanism, Placement, Service, Zone, ZoneModel } from '../../../lib/intent/zones';

const source = { file: 'estate.yaml', line: 1, column: 1 };

const SERVICES: Record<string, Service> = {
  https: service('https', 'tcp', 443),
  fhir: service('fhir', 'tcp', 8443),
  'hl7-mllp-tls': service('hl7-mllp-tls', 'tcp', 12575),
  'dicom-tls': service('dicom-tls', 'tcp', 2762),
  dicom: service('dicom', 'tcp', 11112),
  postgres: service('postgres', 'tcp', 5432),
  syslog: service('syslog', 'udp', 514),
  rpc: { ...service('rpc', 'tcp', 49152), traffic: [{ protocol: 'tcp', ports: { from: 49152, to: 65535 } }] },
  ping: { ...service('ping', 'tcp', 0), traffic: [{ protocol: 'icmp' }] },
};

function service(name: string, protocol: 'tcp' | 'udp', port: number): Service {
  const traffic = [{ protocol, ports: { from: port, to: port } }];
  return { name, description: name, traffic, encrypted: true };
}

export interface ZoneSketch {
  readonly at?: Placement;
  /** asset name -> what it serves, and to whom inside the zone */
  readonly assets?: Record<string, { serves?: string[]; from?: string[]; cidrs?: string[] }>;
  readonly uses?: Record<string, string[]>;
  readonly gate?: boolean;
}

export const ownVpc = (size = 22, cidr?: string): Placement => ({
  kind: 'vpc',
  size,
  cidr: cidr ? parsePrefix(cidr) : undefined,
});
export const inVpc = (vpc: string, size = 24, cidr?: string): Placement => ({
  kind: 'shared-vpc',
  vpc,
  size,
  cidr: cidr ? parsePrefix(cidr) : undefined,
});
export const atSite = (site: string, ...cidrs: string[]): Placement => ({
  kind: 'site',
  site,
  cidrs: cidrs.map(parsePrefix),
});
export const outside = (...cidrs: string[]): Placement => ({ kind: 'outside', cidrs: cidrs.map(parsePrefix) });

export function zone(name: string, sketch: ZoneSketch = {}): Zone {
  const assets = Object.entries(sketch.assets ?? {}).map(
    ([asset, { serves = [], from = [], cidrs = [] }]): Asset => ({
      name: asset,
      source,
      zone: name,
      cidrs: cidrs.map(parsePrefix),
      serves,
      from,
    }),
  );
  return {
    name,
    source,
    purpose: name,
    placement: sketch.at ?? ownVpc(),
    trust: 'restricted',
    data: ['internal'],
    gate: sketch.gate ? { why: 'public', source } : undefined,
    assets,
    awsServices: Object.entries(sketch.uses ?? {}).map(([used, resources]) => ({ service: used, source, resources })),
  };
}

/** `conduit('a/x -> b/y', 'https')` */
export function conduit(ends: string, services: string | string[], via?: Mechanism): Conduit {
  const [from = '', to = ''] = ends.split(' -> ');
  const end = (text: string) => {
    const [name = '', asset] = text.split('/');
    return { zone: name, asset, source };
  };
  const channels = [services].flat().map((name) => {
    const found = SERVICES[name];
    if (!found) throw new RangeError(name);
    return { service: name, source, traffic: found.traffic, encrypted: true };
  });
  const name = `${from}-to-${to}-${[services].flat().join('-')}`.replaceAll('/', '-');
  return { name, source, from: end(from), to: end(to), channels, via, why: `${from} needs ${to}` };
}

export interface EstateSketch {
  readonly zones: readonly Zone[];
  readonly conduits?: readonly Conduit[];
  readonly vpcs?: Record<string, number>;
  readonly sites?: Record<string, boolean>;
  readonly pool?: string;
  readonly availabilityZones?: number;
}

export function estate(sketch: EstateSketch): ZoneModel {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
  return {
    name: 'riverside',
    source,
    files: ['estate.yaml'],
    region: 'eu-west-2',
    availabilityZones: sketch.availabilityZones ?? 2,
    addressing: { pool: parsePrefix(sketch.pool ?? '10.64.0.0/12'), source },
    sites: Object.entries(sketch.sites ?? {})
      .map(([name, isConnected], index) => ({
        name,
        source,
        connect: isConnected ? ('vpn' as const) : ('none' as const),
        gateway: isConnected ? { ip: `203.0.113.${index + 10}`, asn: 65010 + index } : undefined,
        filtersSources: false,
      }))
      .sort(byName),
    vpcs: Object.entries(sketch.vpcs ?? {})
      .map(([name, size]) => ({ name, size, source }))
      .sort(byName),
    zones: [...sketch.zones].sort(byName),
    conduits: [...(sketch.conduits ?? [])].sort(byName),
    obligations: [],
    services: Object.values(SERVICES).sort(byName),
  };
}

/** A little of everything: shared and own VPCs, two sites, a public gate, services, cycles. */
export function hospital(): ZoneModel {
  return estate({
    vpcs: { core: 20 },
    sites: { 'main-campus': true, annex: false },
    zones: [
      zone('guest-wifi', { at: atSite('main-campus', '10.200.0.0/18') }),
      zone('clinical-devices', {
        at: atSite('main-campus', '10.130.0.0/17'),
        assets: {
          'monitor-gateway': { cidrs: ['10.130.4.0/26'] },
          modality: { cidrs: ['10.130.8.0/24'], serves: ['dicom'] },
        },
      }),
      zone('ehr', {
        assets: { app: { serves: ['fhir', 'hl7-mllp-tls'] }, database: { serves: ['postgres'], from: ['app'] } },
        uses: { kms: [], logs: [], s3: ['chart-archive'] },
      }),
      zone('integration', {
        at: inVpc('core'),
        assets: { engine: { serves: ['hl7-mllp-tls'] } },
        uses: { kms: [], s3: [] },
      }),
      zone('lab', { at: inVpc('core'), assets: { lis: { serves: ['hl7-mllp-tls'] } }, uses: { kms: [] } }),
      zone('pacs', { assets: { archive: { serves: ['dicom-tls', 'https'] } }, uses: { s3: ['images'] } }),
      zone('portal', { gate: true, assets: { web: { serves: ['https'] } } }),
      zone('soc'),
    ],
    conduits: [
      conduit('clinical-devices/monitor-gateway -> ehr/app', 'hl7-mllp-tls'),
      conduit('clinical-devices/modality -> pacs/archive', 'dicom-tls'),
      conduit('pacs/archive -> clinical-devices/modality', 'dicom'),
      conduit('integration -> ehr/app', 'hl7-mllp-tls'),
      conduit('ehr/app -> integration/engine', 'hl7-mllp-tls'),
      conduit('lab/lis -> integration/engine', 'hl7-mllp-tls'),
      conduit('internet -> portal/web', 'https'),
      conduit('portal/web -> ehr/app', 'fhir'),
      conduit('ehr/app -> pacs/archive', 'https'),
      conduit('ehr -> soc', 'syslog'),
    ],
  });
}
