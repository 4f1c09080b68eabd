/**
 * Estates that look like hospital groups, of any size, the same every time: hospitals of ten zones each, with a campus
 * behind a VPN, four VPCs of a zone's own, three zones that share one, some six conduits a zone by mixed mechanisms, and a
 * few conduits from each hospital to the next.
 */
import { stringify } from 'yaml';

export interface GeneratedEstate {
  readonly name: string;
  readonly zones: number;
  readonly conduits: number;
  /** a zone file, as a person would write it */
  readonly text: string;
}

interface ZoneKind {
  readonly name: string;
  readonly declare: (hospital: number) => object;
}

const ZONES_PER_HOSPITAL = 10;
/** a /21 of 172.16.0.0/12 for each campus */
const MOST_HOSPITALS = 512;

const HTTPS = ['https'];
const HL7 = ['hl7-mllp-tls'];

const KINDS: readonly ZoneKind[] = [
  atVpc('ehr', { app: { serves: ['https', 'hl7-mllp-tls'] }, database: { serves: ['postgres'], from: ['app'] } }),
  atVpc('pacs', { archive: { serves: ['https', 'dicom-tls'] }, index: { serves: ['postgres'], from: ['archive'] } }),
  atCampus('workstations', 'trusted', 'phi', 0),
  atCampus('devices', 'restricted', 'phi', 2),
  atVpc('integration', { engine: { serves: ['https', 'hl7-mllp-tls'] } }),
  inCore('identity', 'secrets', { idp: { serves: ['https'] } }),
  inCore('shared', 'none', { collector: { serves: ['syslog-tls'] }, mirror: { serves: ['https'] } }),
  atVpc('lab', { lis: { serves: ['https', 'hl7-mllp-tls'] } }),
  inCore('pharmacy', 'phi', { server: { serves: ['https', 'hl7-mllp-tls'] } }),
  atCampus('guest', 'untrusted', 'none', 4),
];

/** initiator, responder, services; within one hospital */
const WITHIN: readonly (readonly [from: string, to: string, services: readonly string[]])[] = [
  ['workstations', 'ehr/app', HTTPS],
  ['workstations', 'pacs/archive', ['https', 'dicom-tls']],
  ['workstations', 'lab/lis', HTTPS],
  ['workstations', 'pharmacy/server', HTTPS],
  ['workstations', 'identity/idp', HTTPS],
  ['workstations', 'shared/mirror', HTTPS],
  ['workstations', 'integration/engine', HTTPS],
  ['devices', 'pacs/archive', ['dicom-tls']],
  ['devices', 'integration/engine', HL7],
  ['devices', 'shared/mirror', HTTPS],
  ['pacs/archive', 'devices', ['dicom-tls']],
  ['pacs/archive', 'workstations', ['dicom-tls']],
  ['integration/engine', 'devices', HL7],
  ...pairs(['ehr/app', 'integration/engine', 'lab/lis', 'pharmacy/server'], HL7),
  ...['ehr/app', 'pacs/archive', 'integration/engine', 'lab/lis', 'pharmacy/server'].flatMap((from) => [
    [from, 'identity/idp', HTTPS] as const,
    [from, 'shared/collector', ['syslog-tls']] as const,
    [from, 'shared/mirror', HTTPS] as const,
  ]),
  ['identity/idp', 'shared/collector', ['syslog-tls']],
  ['identity/idp', 'shared/mirror', HTTPS],
  ['shared/mirror', 'identity/idp', HTTPS],
  ['ehr/app', 'pacs/archive', HTTPS],
  ['pacs/archive', 'ehr/app', HTTPS],
  ['pacs/archive', 'integration/engine', HTTPS],
  ['integration/engine', 'pacs/archive', HTTPS],
  ['lab/lis', 'pacs/archive', HTTPS],
  ['pharmacy/server', 'pacs/archive', HTTPS],
];

/** from a hospital to the next one of the group */
const ACROSS: typeof WITHIN = [
  ['ehr/app', 'ehr/app', HTTPS],
  ['integration/engine', 'integration/engine', HL7],
  ['ehr/app', 'pacs/archive', HTTPS],
  ['lab/lis', 'lab/lis', HTTPS],
];

export function generateEstate(zoneCount: number): GeneratedEstate {
  const hospitals = Math.ceil(zoneCount / ZONES_PER_HOSPITAL);
  if (hospitals > MOST_HOSPITALS) throw new RangeError(`at most ${MOST_HOSPITALS * ZONES_PER_HOSPITAL} zones`);
  const zones: Record<string, object> = {};
  for (let index = 0; index < zoneCount; index++) {
    const hospital = Math.floor(index / ZONES_PER_HOSPITAL);
    const kind = KINDS[index % ZONES_PER_HOSPITAL];
    if (kind) zones[nameIn(hospital, kind.name)] = kind.declare(hospital);
  }
  const conduits: Record<string, object> = {};
  for (let hospital = 0; hospital < hospitals; hospital++) {
    for (const [from, to, allow] of WITHIN)
      addConduit(conduits, zones, nameIn(hospital, from), nameIn(hospital, to), allow);
    for (const [from, to, allow] of ACROSS) {
      addConduit(conduits, zones, nameIn(hospital, from), nameIn(hospital + 1, to), allow);
    }
  }
  const everyHospital = Array.from({ length: hospitals }, (_, hospital) => hospital);
  const estate = {
    cordon: 1,
    estate: `group-${zoneCount}`,
    region: 'eu-west-2',
    availabilityZones: 2,
    addressing: { pool: '10.0.0.0/8' },
    sites: Object.fromEntries(everyHospital.map((hospital) => [nameIn(hospital, 'campus'), campus(hospital)])),
    vpcs: Object.fromEntries(everyHospital.map((hospital) => [nameIn(hospital, 'core'), { size: 21 }])),
    zones,
    conduits,
    never: everyHospital.flatMap((hospital) => {
      const guest = nameIn(hospital, 'guest');
      return zones[guest] ? [{ from: guest, to: { data: 'phi' }, through: 'anything' }] : [];
    }),
  };
  return { name: estate.estate, zones: zoneCount, conduits: Object.keys(conduits).length, text: stringify(estate) };
}

function addConduit(
  conduits: Record<string, object>,
  zones: Record<string, object>,
  from: string,
  to: string,
  allow: readonly string[],
): void {
  const isThere = (end: string) => zones[end.split('/')[0] ?? ''] !== undefined;
  if (!isThere(from) || !isThere(to)) return;
  const name = `${from}-to-${to}-${allow[0]}`.replaceAll('/', '-');
  conduits[name] = {
    from,
    to,
    allow: [...allow],
    why: `Staff of ${from} work with ${to}`,
    who: 'Service account of the application',
    owner: 'Clinical systems',
    approved: { by: ['Segmentation board', 'Clinical safety'], on: '2026-10-01', requestedBy: 'Architecture' },
    review: '2027-06-01',
  };
}

function nameIn(hospital: number, name: string): string {
  return `h${String(hospital).padStart(3, '0')}-${name}`;
}

function campus(hospital: number): object {
  const ip = `198.18.${hospital >> 7}.${(hospital & 127) + 1}`;
  return { connect: 'vpn', gateway: { ip, asn: 64512 + hospital }, filtersSources: true };
}

/** `third` is the third octet within the campus's /21. */
function atCampus(name: string, trust: string, data: string, third: number): ZoneKind {
  const declare = (hospital: number) => {
    const number = hospital * 8 + third;
    const cidr = `172.${16 + (number >> 8)}.${number & 255}.0/23`;
    return {
      purpose: `${name} of the campus`,
      owner: 'Networks',
      at: { site: nameIn(hospital, 'campus'), cidr },
      trust,
      data,
    };
  };
  return { name, declare };
}

function atVpc(name: string, assets: object): ZoneKind {
  const declare = () => {
    const zone = { purpose: `${name} of the hospital`, owner: 'Clinical systems', at: { vpc: { size: 22 } } };
    return { ...zone, trust: 'trusted', data: 'phi', assets, awsServices: ['kms', 'logs'] };
  };
  return { name, declare };
}

function inCore(name: string, data: string, assets: object): ZoneKind {
  const declare = (hospital: number) => {
    const zone = { purpose: `${name} of the hospital`, owner: 'Platform' };
    return { ...zone, at: { vpc: nameIn(hospital, 'core'), size: 23 }, trust: 'trusted', data, assets };
  };
  return { name, declare };
}

function pairs(ends: readonly string[], services: readonly string[]): (readonly [string, string, readonly string[]])[] {
  return ends.flatMap((from) => ends.filter((to) => to !== from).map((to) => [from, to, services] as const));
}
