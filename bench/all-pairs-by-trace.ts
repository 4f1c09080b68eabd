/**
 * Job `all-pairs`: who may reach whom, asked once of the engine and once of trace, which follows representative packets
 * between every pair of ends. What the engine is worth is how much longer trace takes for the same answer.
 */
import {
  type Address,
  AddressSet,
  addressAt,
  formatPrefix,
  ICMP,
  type Prefix,
  parseAddress,
  prefixesOverlap,
  TCP,
  UDP,
} from '../lib/base/net';
import { type End, endKey, isKnown, type LoadBalancer, type NetworkModel, type Packet } from '../lib/evidence/network';
import { ReachabilityEngine } from '../lib/evidence/reachability';
import { readNetwork } from '../lib/evidence/template';
import { indexNetwork, traceFlow } from '../lib/evidence/trace';
import { openAssembly, openModel, timed } from './subject';

/** Trace is given a minute of CPU time. */
const LIMIT = 60_000;
/** as the kernel of a client picks one */
const SOURCE_PORT = 50_000;

export interface AllPairsMeasure {
  readonly zones: number;
  readonly ends: number;
  readonly pairs: number;
  readonly traces: number;
  /** pairs with an open path; of the engine's, those within what trace was asked */
  readonly open: { readonly engine: number; readonly trace: number };
  /** false: trace ran out of its minute */
  readonly finished: boolean;
  readonly milliseconds: { readonly engine: number; readonly trace: number };
}

export function allPairs(subject: string, assembly: string): AllPairsMeasure {
  const model = openModel(subject);
  const { network } = readNetwork(openAssembly(assembly), { region: model.region });
  const open = new Set<string>();
  const [engine, engineTime] = timed(() => {
    const built = new ReachabilityEngine(network, 'may');
    for (const from of built.ends()) {
      for (const { to } of built.reachFrom(from).reaches) open.add(pairKey(from, to));
    }
    return built;
  });
  const ends = engine.ends().filter(({ kind }) => kind !== 'external');
  const addresses = new Map(ends.map((end) => [endKey(end), addressesOf(engine, end, network)]));
  const known = new Set(addresses.keys());
  const asked = [...open].filter((pair) => pair.split('\n').every((key) => known.has(key)));
  const fronts = frontsOf(network, addresses);
  const services = servicesOf(network);
  const traced = new Set<string>();
  const index = indexNetwork(network);
  const start = process.cpuUsage();
  const taken = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  let traces = 0;
  for (const from of ends) {
    for (const to of ends) {
      if (taken() > LIMIT) break;
      if (from === to && from.kind !== 'subnet') continue;
      const sources = addresses.get(endKey(from)) ?? [];
      const destinations = [...(addresses.get(endKey(to)) ?? []), ...(fronts.get(endKey(to)) ?? [])];
      const isOpen = [...packetsBetween(sources, destinations, services)].map((packet) => {
        traces++;
        return traceFlow(index, { from, to, packet }, 'may').verdict === 'reachable';
      });
      if (isOpen.includes(true)) traced.add(pairKey(from, to));
    }
  }
  const trace = taken();
  return {
    zones: model.zones.length,
    ends: ends.length,
    pairs: ends.length ** 2,
    traces,
    open: { engine: asked.length, trace: traced.size },
    finished: trace <= LIMIT,
    milliseconds: { engine: engineTime, trace },
  };
}

function pairKey(from: End, to: End): string {
  return `${endKey(from)}\n${endKey(to)}`;
}

/** One address stands for all of an end in a subnet; of a site, one of each range that the network speaks of. */
function addressesOf(engine: ReachabilityEngine, end: End, network: NetworkModel): Address[] {
  if (end.kind === 'internet') return [parseAddress('203.0.113.5')];
  if (end.kind === 'site') return sitedRanges(network).map((range) => addressAt(range, 7));
  const own = engine.addressesOf(end);
  const ranges = network.subnets.flatMap(({ cidrs }) =>
    own.intersect(AddressSet.ofAll(cidrs.filter(isKnown))).prefixes(),
  );
  return ranges.map((range) => addressAt(range, range.length === 32 ? 0 : 7));
}

function sitedRanges(network: NetworkModel): Prefix[] {
  const routed = network.transitGatewayRouteTables.flatMap(({ routes }) =>
    routes.flatMap(({ destination }) => ('prefixList' in destination || !isKnown(destination) ? [] : [destination])),
  );
  const own = network.vpcs.flatMap(({ cidrs }) => cidrs.filter(isKnown));
  const outside = routed.filter((range) => !own.some((cidr) => prefixesOverlap(cidr, range)));
  return [...new Map(outside.map((range) => [formatPrefix(range), range])).values()];
}

/** Addresses of balancers, and of endpoints before them, that pass on to an end what is sent to them. */
function frontsOf(network: NetworkModel, addresses: ReadonlyMap<string, readonly Address[]>): Map<string, Address[]> {
  const fronts = new Map<string, Address[]>();
  const at = (id: string) => addresses.get(endKey({ kind: 'interface', id })) ?? [];
  for (const balancer of network.loadBalancers) {
    const services = network.endpointServices.filter(({ loadBalancers }) => loadBalancers.includes(balancer.id));
    const endpoints = network.vpcEndpoints.filter(
      ({ service }) => service.kind === 'private' && services.some(({ id }) => id === service.id),
    );
    const called = [balancer.interface, ...endpoints.flatMap((endpoint) => endpoint.interface ?? [])].flatMap(at);
    for (const key of targetsOf(network, balancer)) fronts.set(key, [...(fronts.get(key) ?? []), ...called]);
  }
  return fronts;
}

/** What is registered, and anything in the balancer's VPC where that may be registered some day. */
function targetsOf(network: NetworkModel, { interface: own, listeners }: LoadBalancer): string[] {
  const groups = network.targetGroups.filter(({ id }) =>
    listeners.some(({ targetGroups }) => targetGroups.includes(id)),
  );
  const registered = groups.flatMap(({ targets }) =>
    targets.flatMap(({ to }) => (to.kind === 'interface' ? to.id : [])),
  );
  if (groups.every(({ unknownTargets }) => !unknownTargets)) {
    return registered.map((id) => endKey({ kind: 'interface', id }));
  }
  const home = network.interfaces.find(({ id }) => id === own)?.subnets ?? [];
  const vpcs = network.subnets.filter(({ id }) => home.includes(id)).map(({ vpc }) => vpc);
  const subnets = network.subnets.filter(({ vpc }) => vpcs.includes(vpc)).map(({ id }) => id);
  const there = network.interfaces.filter((one) => one.subnets.some((id) => subnets.includes(id)));
  return [
    ...subnets.map((id) => endKey({ kind: 'subnet', id })),
    ...there.map(({ id }) => endKey({ kind: 'interface', id })),
  ];
}

type Service = Omit<Packet, 'source' | 'destination'>;

function* packetsBetween(
  sources: readonly Address[],
  destinations: readonly Address[],
  services: readonly Service[],
): Generator<Packet> {
  for (const source of sources) {
    for (const destination of destinations) {
      for (const service of services) yield { ...service, source, destination };
    }
  }
}

/** One packet for each protocol and port that any rule of the network begins at, and an echo request. */
function servicesOf(network: NetworkModel): Service[] {
  const rules = network.securityGroups.flatMap(({ ingress, egress }) => [...ingress, ...egress]);
  const ports = [TCP, UDP].flatMap((protocol) => {
    const spokenOf = rules.flatMap(({ traffic }) =>
      isKnown(traffic) && traffic.protocol === protocol && traffic.ports ? [traffic.ports.from] : [],
    );
    const distinct = [...new Set(spokenOf)].sort((a, b) => a - b);
    return (distinct.length > 0 ? distinct : [443]).map((destinationPort) => ({ protocol, destinationPort }));
  });
  const echo = { protocol: ICMP, sourcePort: 0, destinationPort: 8 };
  return [...ports.map((service) => ({ ...service, sourcePort: SOURCE_PORT })), echo];
}
