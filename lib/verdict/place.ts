/**
 * A place is where an end lives in the declared world: a zone, and its asset where that is certain.
 * Zones that nobody declares have names with a colon or are `internet`: `site:main-campus` (addresses of a campus that
 * are in no zone), `aws:kms`, `external:Net.Peer`, `unbound:Net.Subnet`, `vpc:core` (what a shared VPC has for all its zones).
 */
import type { AddressSet } from '../base/net';
import type { End } from '../evidence/network';

export interface Place {
  readonly zone: string;
  /** absent: any asset of the zone; `NO_ASSET`: of the zone, and of none of its assets */
  readonly asset?: string;
  /** one of these, and nobody can tell which */
  readonly oneOf?: readonly string[];
}

export const NO_ASSET = '';

/** Whether what is at the place may be the named asset. */
export function mayBeAsset(place: Place, asset: string): boolean {
  if (place.oneOf) return place.oneOf.includes(asset);
  return place.asset === undefined || place.asset === asset;
}

/** An end as the place it stands for. */
export interface Party {
  readonly end: End;
  readonly place: Place;
  /** the addresses that are this place, where an end holds several places (a site, the internet) */
  readonly addresses?: AddressSet;
  /** true: something that someone may launch later, not something that the templates create */
  readonly potential: boolean;
}

export const INTERNET = 'internet';
/** what a subnet of a zone is for: `asset`, or something that the network itself needs */
export const ROLE_TAG = 'cordon:role';
/** before the name of a VPC that zones share: its own subnets, for endpoints and attachments */
export const SHARED_VPC = 'vpc:';

export function showPlace(place: Place): string {
  return !place.asset ? place.zone : `${place.zone}/${place.asset}`;
}

export function isDeclaredName(zone: string): boolean {
  return zone !== INTERNET && !zone.includes(':');
}

/** Whether a walk may start afresh here: a host of the estate, not the outside world. */
export function isPivot(zone: string): boolean {
  return zone !== INTERNET && !zone.startsWith('aws:') && !zone.startsWith('external:');
}

export function showEnd(end: End): string {
  switch (end.kind) {
    case 'internet':
      return 'internet';
    case 'aws-service':
      return `AWS service ${end.name}`;
    case 'subnet':
      return `anything launched in ${end.id}`;
    case 'site':
      return `the site behind ${end.id}`;
    default:
      return end.id;
  }
}
