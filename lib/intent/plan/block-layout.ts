/**
 * How a block is cut: assets from the front, what mechanisms need from the end. Sizes follow from the block's size
 * alone, so that nothing that is added later can change them.
 */
import type { Prefix } from '../../base/net';
import { slotOf } from './address-book';
import type { SubnetRole } from './network-plan';

/** AWS takes five addresses of every subnet, and allows none smaller than this (VPC user guide, "Subnet CIDR blocks"). */
const SMALLEST_SUBNET = 28;
/** 59 endpoints or balancers per availability zone are enough for any block. */
const LARGEST_ROLE_SUBNET = 26;

/** In the order in which they lie, from the end of the block. */
const ZONE_ROLES: readonly SubnetRole[] = ['endpoint', 'transit', 'load-balancer', 'public'];

export interface BlockLayout {
  /** length of the aligned range that holds all subnets of one asset */
  readonly assetLength: number;
  /** where each role's subnets lie, if the block has room for them */
  readonly roles: Readonly<Partial<Record<SubnetRole, Prefix>>>;
  /** the ranges of all roles: assets take them last */
  readonly tail: readonly Prefix[];
}

/** Bits needed to number the availability zones. */
export function zoneBits(availabilityZones: number): number {
  return Math.ceil(Math.log2(Math.max(1, availabilityZones)));
}

export function layoutBlock(block: Prefix, availabilityZones: number): BlockLayout {
  const bits = zoneBits(availabilityZones);
  const assetSubnet = Math.min(SMALLEST_SUBNET, block.length + 3 + bits);
  const roleSubnet = Math.min(SMALLEST_SUBNET, Math.max(LARGEST_ROLE_SUBNET, block.length + 5));
  const roleLength = roleSubnet - bits;
  const roles: Partial<Record<SubnetRole, Prefix>> = {};
  const slots = 2 ** Math.max(0, roleLength - block.length);
  ZONE_ROLES.forEach((role, index) => {
    if (roleLength >= block.length && index < slots) roles[role] = slotOf(block, roleLength, slots - 1 - index);
  });
  // In the smallest blocks the last roles share their places with assets: whoever is there, the other must do without.
  const tail = Object.values(roles).filter((range) => range.words[0] !== block.words[0]);
  return { assetLength: Math.max(block.length, assetSubnet - bits), roles, tail };
}

/** One subnet per availability zone in the range; undefined where they would be smaller than AWS allows. */
export function subnetsOf(range: Prefix, availabilityZones: number): Prefix[] | undefined {
  const length = range.length + zoneBits(availabilityZones);
  if (length > SMALLEST_SUBNET) return undefined;
  return Array.from({ length: availabilityZones }, (_, index) => slotOf(range, length, index));
}

/** How many interfaces fit in a subnet. */
export function usableAddresses(subnet: Prefix): number {
  return 2 ** (32 - subnet.length) - 5;
}
