/**
 * What of unknown behaviour stands in which zone. A resource that is not understood may do anything there: nothing that
 * would otherwise be proved of the zone is.
 */
import type { NetworkModel, ResourceId } from '../evidence/network';
import type { Binding } from './binding';

export class Doubts {
  private readonly byZone = new Map<string, Set<string>>();
  /** parts of the templates that could not be read at all, or touch nobody knows what: they may make anything, anywhere */
  private readonly everywhere = new Set<string>();

  constructor(network: NetworkModel, binding: Binding) {
    const zonesOf = zoneFinder(network, binding);
    for (const { id, reason, touches } of network.unmodelled) {
      const zones = touches.flatMap(zonesOf);
      if (zones.length === 0) this.everywhere.add(`not understood: ${id}: ${reason}`);
      for (const zone of zones) this.note(zone, `not understood: ${id}: ${reason}`);
    }
    for (const { id, behaviour, reason } of network.interfaces) {
      if (behaviour !== 'unknown') continue;
      const why = reason ?? 'what it does with what reaches it is not known';
      for (const zone of zonesOf(id)) this.note(zone, `not understood: ${id}: ${why}`);
    }
  }

  private note(zone: string, reason: string): void {
    this.byZone.set(zone, (this.byZone.get(zone) ?? new Set()).add(reason));
  }

  /** Reasons why nothing can be proved of these zones; sorted. */
  about(zones: readonly string[]): string[] {
    return [...new Set([...this.everywhere, ...zones.flatMap((zone) => [...(this.byZone.get(zone) ?? [])])])].sort();
  }
}

/** A subnet, a group, an interface, or all that is in a VPC. */
function zoneFinder(network: NetworkModel, binding: Binding): (id: ResourceId) => string[] {
  const zonesOfVpc = new Map<ResourceId, Set<string>>();
  for (const { id, vpc } of network.subnets) {
    const zone = binding.subnets.get(id)?.zone;
    if (zone !== undefined) zonesOfVpc.set(vpc, (zonesOfVpc.get(vpc) ?? new Set()).add(zone));
  }
  return (id) => {
    const one = binding.subnets.get(id) ?? binding.groups.get(id);
    if (one) return [one.zone];
    return [...(zonesOfVpc.get(id) ?? (binding.interfaces.get(id) ?? []).map(({ zone }) => zone))];
  };
}
