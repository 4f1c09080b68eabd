/**
 * What planning one VPC needs to know of the rest of the estate.
 */
import type { Prefix } from '../../base/net';
import type { Zone, ZoneModel } from '../zones';
import type { AddressPlan } from './address-plan';
import type { ConduitLegs } from './conduit-legs';
import type { GroupKey, SubnetRole } from './network-plan';

export interface PlanParts {
  readonly model: ZoneModel;
  readonly addresses: AddressPlan;
  readonly crossing: readonly ConduitLegs[];
  readonly groupOf: RoleGroups;
}

/** The subnets of a role in a zone's block; undefined where the block has no room for them. */
export type RoleGroups = (role: SubnetRole, zone: Zone) => RoleGroup | undefined;

export interface RoleGroup {
  readonly key: GroupKey;
  readonly cidr: Prefix;
}
