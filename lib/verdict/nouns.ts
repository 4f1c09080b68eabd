/**
 * The nouns of a network by their ids, and what leads to what, found once: claims ask for them thousands of times.
 */
import {
  type EndpointService,
  type Interface,
  isKnown,
  type LoadBalancer,
  type NetworkModel,
  type PrefixList,
  type ResourceId,
  type SecurityGroup,
  type Subnet,
  type TargetGroup,
  type VpcEndpoint,
} from '../evidence/network';

export interface Nouns {
  readonly interfaces: ReadonlyMap<ResourceId, Interface>;
  readonly subnets: ReadonlyMap<ResourceId, Subnet>;
  readonly securityGroups: ReadonlyMap<ResourceId, SecurityGroup>;
  readonly prefixLists: ReadonlyMap<ResourceId, PrefixList>;
  readonly targetGroups: ReadonlyMap<ResourceId, TargetGroup>;
  readonly endpointServices: ReadonlyMap<ResourceId, EndpointService>;
  /** by its own id and by its interface's */
  readonly balancers: ReadonlyMap<ResourceId, LoadBalancer>;
  /** by the balancer's id */
  readonly servicesBefore: ReadonlyMap<ResourceId, readonly EndpointService[]>;
  /** those whose route table is known, by it */
  readonly subnetsByTable: ReadonlyMap<ResourceId, readonly Subnet[]>;
  /** endpoints that have interfaces, by the endpoint service that they lead to */
  readonly endpointsTo: ReadonlyMap<ResourceId, readonly PrivateEndpoint[]>;
}

export type PrivateEndpoint = VpcEndpoint & { readonly interface: ResourceId };

const KNOWN = new WeakMap<NetworkModel, Nouns>();

export function nounsOf(network: NetworkModel): Nouns {
  let found = KNOWN.get(network);
  if (!found) {
    found = collect(network);
    KNOWN.set(network, found);
  }
  return found;
}

function collect(network: NetworkModel): Nouns {
  const endpoints = network.vpcEndpoints.filter(
    (endpoint): endpoint is PrivateEndpoint => endpoint.interface !== undefined,
  );
  return {
    interfaces: byId(network.interfaces),
    subnets: byId(network.subnets),
    securityGroups: byId(network.securityGroups),
    prefixLists: byId(network.prefixLists),
    targetGroups: byId(network.targetGroups),
    endpointServices: byId(network.endpointServices),
    balancers: new Map(
      network.loadBalancers.flatMap((noun) => [[noun.interface, noun] as const, [noun.id, noun] as const]),
    ),
    servicesBefore: grouped(network.endpointServices, ({ loadBalancers }) => loadBalancers),
    subnetsByTable: grouped(network.subnets, ({ routeTable }) => (isKnown(routeTable) ? [routeTable] : [])),
    endpointsTo: grouped(endpoints, ({ service }) => (service.kind === 'private' ? [service.id] : [])),
  };
}

function byId<Noun extends { readonly id: ResourceId }>(nouns: readonly Noun[]): Map<ResourceId, Noun> {
  return new Map(nouns.map((noun) => [noun.id, noun]));
}

function grouped<Noun>(nouns: readonly Noun[], keysOf: (noun: Noun) => readonly ResourceId[]): Map<ResourceId, Noun[]> {
  const groups = new Map<ResourceId, Noun[]>();
  for (const noun of nouns) {
    for (const key of new Set(keysOf(noun))) {
      const group = groups.get(key);
      if (group) group.push(noun);
      else groups.set(key, [noun]);
    }
  }
  return groups;
}
