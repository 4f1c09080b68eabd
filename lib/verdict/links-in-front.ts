/** Endpoints of PrivateLink by which an end is reached, whatever its own address: packets for it are sent to theirs. */
import { AddressSet } from '../base/net';
import { type End, isKnown, type LoadBalancer, type NetworkModel, type ResourceId } from '../evidence/network';

/** Built once for many questions about one network. */
export class LinksInFront {
  /** addresses of endpoints, by the interface that they lead to */
  private readonly addresses = new Map<ResourceId, AddressSet>();

  constructor(network: NetworkModel) {
    if (network.endpointServices.length === 0) return;
    const services = new Map(network.endpointServices.map((service) => [service.id, service.loadBalancers]));
    const balancers = new Map(network.loadBalancers.map((balancer) => [balancer.id, balancer]));
    for (const { service, interface: door } of network.vpcEndpoints) {
      if (service.kind !== 'private' || door === undefined) continue;
      const own = addressesOf(door, network);
      const fronted = (services.get(service.id) ?? []).flatMap((id) => balancers.get(id) ?? []);
      const ends = fronted.flatMap((balancer) => [balancer.interface, ...targetsOf(balancer, network)]);
      for (const id of new Set(ends)) this.addresses.set(id, own.union(this.addresses.get(id) ?? AddressSet.EMPTY));
    }
  }

  before(end: End): AddressSet {
    return end.kind === 'interface' ? (this.addresses.get(end.id) ?? AddressSet.EMPTY) : AddressSet.EMPTY;
  }
}

function addressesOf(door: ResourceId, { interfaces, subnets }: NetworkModel): AddressSet {
  const iface = interfaces.find(({ id }) => id === door);
  const fixed = iface?.addresses.filter(isKnown) ?? [];
  const ranges = subnets.filter(({ id }) => iface?.subnets.includes(id)).flatMap(({ cidrs }) => cidrs.filter(isKnown));
  return AddressSet.ofAll(fixed.length > 0 ? fixed : ranges);
}

function targetsOf({ listeners }: LoadBalancer, { targetGroups }: NetworkModel): ResourceId[] {
  const groups = new Set(listeners.flatMap((listener) => listener.targetGroups));
  const targets = targetGroups.filter(({ id }) => groups.has(id)).flatMap((group) => group.targets);
  return targets.flatMap(({ to }) => (to.kind === 'interface' ? [to.id] : []));
}
