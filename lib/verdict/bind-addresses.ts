/**
 * The second half of binding: what the tags say must agree with the address ranges of the zone file.
 */
import { AddressSet, comparePrefixes, formatPrefix, type Prefix, prefixesOverlap } from '../base/net';
import { isKnown, type NetworkModel, type ResourceId } from '../evidence/network';
import type { ZoneModel } from '../intent/zones';
import type { BindingProblem } from './binding-problem';
import type { Place } from './place';

interface Range {
  readonly prefix: Prefix;
  readonly zone: string;
  readonly resource: ResourceId;
}

export function checkAddresses(
  model: ZoneModel,
  network: NetworkModel,
  subnets: ReadonlyMap<ResourceId, Place>,
): BindingProblem[] {
  const problems: BindingProblem[] = [];
  const zones = new Map(model.zones.map((zone) => [zone.name, zone]));
  const ranges: Range[] = [];
  for (const subnet of network.subnets) {
    const place = subnets.get(subnet.id);
    const zone = place && zones.get(place.zone);
    if (!place || !zone || zone.placement.kind === 'template') continue;
    const fixed =
      (zone.placement.kind === 'vpc' || zone.placement.kind === 'shared-vpc') && zone.placement.cidr
        ? zone.placement.cidr
        : model.addressing.pool;
    for (const prefix of subnet.cidrs.filter(isKnown)) {
      if (prefix.family === fixed?.family && !AddressSet.of(prefix).isSubsetOf(AddressSet.of(fixed))) {
        problems.push(outsideOfZone(subnet.id, prefix, zone.name, fixed));
      }
      ranges.push({ prefix, zone: zone.name, resource: subnet.id });
    }
  }
  for (const zone of model.zones) {
    if (zone.placement.kind !== 'site') continue;
    for (const prefix of zone.placement.cidrs) ranges.push({ prefix, zone: zone.name, resource: zone.name });
  }
  return [...problems, ...overlaps(ranges)];
}

/** Sorted, two ranges overlap only if a neighbour on the stack does: prefixes nest or stand apart. */
function overlaps(ranges: readonly Range[]): BindingProblem[] {
  const problems: BindingProblem[] = [];
  const open: Range[] = [];
  for (const range of [...ranges].sort((a, b) => comparePrefixes(a.prefix, b.prefix))) {
    while (open.length > 0 && !prefixesOverlap((open.at(-1) as Range).prefix, range.prefix)) open.pop();
    const other = open.find(({ zone }) => zone !== range.zone);
    if (other) problems.push(overlap(other, range));
    open.push(range);
  }
  return problems;
}

function outsideOfZone(resource: ResourceId, prefix: Prefix, zone: string, fixed: Prefix): BindingProblem {
  return {
    resource,
    zones: [zone],
    message: `\`${resource}\` is tagged as zone \`${zone}\`, but its range ${formatPrefix(prefix)} is not inside ${formatPrefix(fixed)}`,
    fix: `give \`${resource}\` a range of its zone, or correct the zone's`,
  };
}

function overlap(a: Range, b: Range): BindingProblem {
  return {
    resource: b.resource,
    zones: [a.zone, b.zone].sort(),
    message: `${formatPrefix(b.prefix)} of zone \`${b.zone}\` overlaps ${formatPrefix(a.prefix)} of zone \`${a.zone}\``,
    fix: 'give each zone ranges of its own: an address must tell its zone',
  };
}
