/** ZoneDocument → ZoneModel: every name resolved, every default filled in. */
import type { SourceSpan } from '../../base/diagnostics';
import { type Prefix, parsePrefix } from '../../base/net';
import type { DiagnosticLog } from './diagnostic-codes';
import { type AddressClaim, resolveCidr } from './resolve-addresses';
import { resolveConduit, type ZoneNames } from './resolve-conduits';
import { resolveObligations, standingObligations } from './resolve-obligations';
import { ServiceNames } from './resolve-services';
import { resolveSharedVpc, resolveSite, resolveZone } from './resolve-zones';
import { compareText, type ZoneDocument } from './zone-document';
import type { Addressing, SharedVpc, Zone, ZoneModel } from './zone-model';

export const DEFAULT_REGION = 'us-east-1';
export const DEFAULT_POOL = '10.64.0.0/12';
const DEFAULT_AVAILABILITY_ZONES = 2;

export interface Resolved {
  readonly model: ZoneModel;
  readonly claims: readonly AddressClaim[];
  readonly services: ServiceNames;
}

export function resolveEstate(document: ZoneDocument, log: DiagnosticLog): Resolved {
  const claims: AddressClaim[] = [];
  const services = new ServiceNames(document.services, log);
  const sites = document.sites.map((site) => resolveSite(site, log));
  const vpcs = document.vpcs.map((vpc) => resolveSharedVpc(vpc, { document, claims, log }));
  const vpcsByName = new Map(vpcs.map((vpc) => [vpc.name, vpc]));
  const zones = document.zones.map((zone) => resolveZone(zone, services, { document, vpcs: vpcsByName, claims, log }));
  const names: ZoneNames = {
    assetsOf: new Map(zones.map((zone) => [zone.name, zone.assets.map(({ name }) => name)])),
    sites: sites.map(({ name }) => name),
  };
  const conduits = document.conduits.flatMap((entry) => resolveConduit(entry, names, services, log) ?? []);
  const { name, source } = estateName(document, log);
  const obligations = [
    ...resolveObligations(document.never, zones, names, log),
    ...standingObligations(zones, conduits, source),
  ].sort((a, b) => compareText(a.id, b.id));
  const model: ZoneModel = {
    name,
    source,
    files: document.files,
    region: regionOf(document, zones, source, log),
    ...(document.region ? {} : { regionIsDefault: true }),
    availabilityZones: document.availabilityZones?.draft ?? DEFAULT_AVAILABILITY_ZONES,
    addressing: addressingOf(document, zones, vpcs, source, claims, log),
    sites,
    vpcs,
    zones,
    conduits,
    obligations,
    services: services.used(),
  };
  return { model, claims, services };
}

function estateName(
  document: ZoneDocument,
  log: DiagnosticLog,
): { readonly name: string; readonly source: SourceSpan } {
  if (document.estate) return { name: document.estate.draft, source: document.estate.source };
  const source: SourceSpan = { file: document.files[0] ?? '', line: 1, column: 1 };
  if (!document.sections.has('estate')) {
    log.report('KEY_MISSING', source, 'no file of the estate has `estate`', {
      help: 'add `estate: <its name>` to one of the files',
    });
  }
  return { name: '', source };
}

function needsVpc(zone: Zone): boolean {
  return zone.placement.kind === 'vpc' || zone.placement.kind === 'shared-vpc';
}

function regionOf(document: ZoneDocument, zones: readonly Zone[], source: SourceSpan, log: DiagnosticLog): string {
  const { region } = document;
  if (!region) {
    if (zones.some(needsVpc)) {
      log.report('REGION_DEFAULTED', source, `no region is given: \`${DEFAULT_REGION}\` is taken`, {
        help: 'add `region: eu-west-2`, or where you are',
      });
    }
    return DEFAULT_REGION;
  }
  if (!/^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region.draft)) {
    log.report('VALUE_INVALID', region.span(), `\`${region.draft}\` is not an AWS region`, {
      help: 'write it as AWS does, e.g. `eu-west-2`',
    });
  }
  return region.draft;
}

function addressingOf(
  document: ZoneDocument,
  zones: readonly Zone[],
  vpcs: readonly SharedVpc[],
  estate: SourceSpan,
  claims: AddressClaim[],
  log: DiagnosticLog,
): Addressing {
  const { pool } = document;
  const isNeeded =
    vpcs.some(({ cidr }) => !cidr) ||
    zones.some(({ placement }) => placement.kind === 'vpc' && placement.cidr === undefined);
  if (pool) {
    const prefix = resolveCidr(pool.draft, pool.span(), log, { ipv4Only: true });
    if (prefix) claims.push({ prefix, owner: 'the pool', kind: 'pool', span: pool.span() });
    return { ...(prefix && { pool: prefix }), source: pool.source };
  }
  if (!isNeeded) return { source: estate };
  log.report('POOL_DEFAULTED', estate, `no address pool is given: \`${DEFAULT_POOL}\` is taken`, {
    help: `add \`addressing: { pool: ${DEFAULT_POOL} }\`, or a range that your sites do not use`,
  });
  const prefix: Prefix = parsePrefix(DEFAULT_POOL);
  claims.push({
    prefix,
    owner: `the pool \`${DEFAULT_POOL}\`, which is taken by default,`,
    kind: 'pool',
    span: estate,
  });
  return { pool: prefix, source: estate };
}
