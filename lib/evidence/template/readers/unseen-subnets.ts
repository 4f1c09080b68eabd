/**
 * A group of a VPC that no template shows may be given to whatever stands there. Where nothing says in which subnets, one
 * of which nothing is known stands for them: what the group admits is not refused for want of a place.
 */
import { isUnknown, type ResourceId, type Unknown, unknown } from '../../network';
import type { Reading } from './reading';

export function settleUnseenSubnets(reading: Reading): void {
  const { subnets, securityGroups } = reading.drafts;
  const placed = new Set([...subnets.values()].map(({ vpc }) => vpc));
  for (const group of securityGroups.values()) {
    const vpc = reading.get('vpcs', group.vpc);
    if (group.external || group.isDefault || !vpc?.external || placed.has(vpc.id)) continue;
    placed.add(vpc.id);
    const subnet = `${vpc.id}#subnet`;
    reading.obtain('subnets', subnet, whyUnseen(vpc.id, vpc.cidrs.find(isUnknown)));
    reading.place('subnets', subnet, vpc.id);
  }
}

function whyUnseen(vpc: ResourceId, open: Unknown | undefined): Unknown {
  return unknown(`no template shows the subnets of \`${vpc}\``, open?.parameters);
}
