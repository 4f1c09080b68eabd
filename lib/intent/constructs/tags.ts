/**
 * The tags by which a resource says whose it is. Verification binds zones to subnets by them, and by addresses.
 */
import type { CfnTag } from 'aws-cdk-lib';

export interface Belonging {
  readonly estate: string;
  /** the VPC, for what no zone owns */
  readonly vpc?: string;
  readonly zone?: string;
  readonly asset?: string;
  /** asset, endpoint, load-balancer, public, transit, hub */
  readonly role?: string;
  readonly name?: string;
}

export function tagsOf({ estate, vpc, zone, asset, role, name }: Belonging): CfnTag[] {
  const tags: [string, string | undefined][] = [
    // Elastic Load Balancing takes fewer characters than EC2
    ['Name', name?.replaceAll('->', ' to ').replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, ' ')],
    ['cordon:asset', asset],
    ['cordon:estate', estate],
    ['cordon:role', role],
    ['cordon:vpc', vpc],
    ['cordon:zone', zone],
  ];
  return tags.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}
