/**
 * What is not known may turn out to be anything: must ⊆ concrete ⊆ may, for every completion of the unknowns that is tried.
 *
 * A completion decides each unknown of a network on its own. The engine is asked about the network with its unknowns, trace
 * about the completed one.
 */
import { type Address, addressAt, type Prefix, parsePrefix, prefixContains, prefixEquals } from '../../lib/base/net';
import {
  type End,
  endKey,
  type Firewall,
  type Flow,
  isKnown,
  isUnknown,
  type NetworkModel,
  type Packet,
  type ResourceId,
  type Route,
  type RouteTarget,
  type Value,
} from '../../lib/evidence/network';
import { ReachabilityEngine } from '../../lib/evidence/reachability';
import { indexNetwork, traceFlow } from '../../lib/evidence/trace';
import { type Disagreement, show } from './differential';
import { Dice } from './random-network';

const OUTSIDE = ['0.0.0.0/0', '10.0.0.0/8', '128.0.0.0/1', '192.168.0.0/16'].map(parsePrefix);

/** The network with each of its unknowns decided; the same for the same seed, whatever else the network loses. */
export function complete(network: NetworkModel, seed: number): NetworkModel {
  const diceOf = (id: string) =>
    new Dice(seed + [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7));
  const ranges = [...OUTSIDE, ...network.subnets.flatMap(({ cidrs }) => cidrs.filter(isKnown))];
  const range = (value: Value<Prefix>, id: string): Prefix => (isUnknown(value) ? diceOf(id).pick(ranges) : value);
  const exists = ({ origin, certain }: { origin: { resource: string }; certain: boolean }) =>
    certain || diceOf(`exists ${origin.resource}`).chance(50);
  const decided = <T extends { origin: { resource: string }; certain: boolean }>(nouns: readonly T[]): T[] =>
    nouns.filter(exists).map((noun) => ({ ...noun, certain: true }));
  const peer = (rule: NetworkModel['securityGroups'][number]['ingress'][number]) => {
    const { resource } = rule.origin;
    if (rule.peer.kind === 'cidr') return { ...rule, peer: { ...rule.peer, cidr: range(rule.peer.cidr, resource) } };
    if (rule.peer.kind !== 'unknown') return rule;
    return { ...rule, peer: { kind: 'cidr' as const, cidr: diceOf(resource).pick(ranges) } };
  };
  const chosen = <T extends string>(value: Value<T>, id: string, all: readonly T[]): Value<T> =>
    isUnknown(value) ? diceOf(id).pick(all) : value;
  const flag = (value: Value<boolean>, id: string) => (isUnknown(value) ? diceOf(id).chance(50) : value);
  const number = (value: Value<number>, id: string) => (isUnknown(value) ? diceOf(id).pick([22, 80, 443]) : value);
  const there = <T extends { readonly id: ResourceId; readonly certain: boolean }>(nouns: readonly T[]): T[] =>
    nouns
      .filter(({ id, certain }) => certain || diceOf(`there ${id}`).chance(50))
      .map((one) => ({ ...one, certain: true }));
  const inVpc = (nouns: readonly { readonly id: ResourceId; readonly vpc: ResourceId }[], vpc: ResourceId) =>
    nouns.filter((one) => one.vpc === vpc).map(({ id }) => id);
  const withFamily = ({ carries, ...one }: NetworkModel['vpnConnections'][number]) => {
    if (carries === undefined) return one;
    return { ...one, carries: isUnknown(carries) ? diceOf(`family ${one.id}`).pick([4, 6] as const) : carries };
  };
  const isInForce = ({ id, edgeOpen }: NetworkModel['routeTables'][number]) =>
    edgeOpen === undefined || diceOf(`edge ${id}`).chance(50);
  const attached = new Set(there(network.transitGatewayAttachments).map(({ id }) => id));
  return {
    ...network,
    subnets: network.subnets.map((subnet) => ({
      ...subnet,
      autoPublicIpv4: flag(subnet.autoPublicIpv4, `public ${subnet.id}`),
      routeTable: chosen(subnet.routeTable, `table ${subnet.id}`, inVpc(network.routeTables, subnet.vpc)),
      networkAcl: chosen(subnet.networkAcl, `acl ${subnet.id}`, inVpc(network.networkAcls, subnet.vpc)),
    })),
    transitGatewayAttachments: there(network.transitGatewayAttachments).map(
      ({ association, ipv6Open: _, applianceMode, ...other }) => {
        const one = { ...other, applianceMode: flag(applianceMode, `appliance mode ${other.id}`) };
        if (association === undefined) return one;
        const tables = network.transitGatewayRouteTables.map(({ id }) => id);
        return { ...one, association: chosen(association, `association ${one.id}`, tables) };
      },
    ),
    natGateways: there(network.natGateways).map((nat) => ({
      ...nat,
      connectivity: chosen(nat.connectivity, `connectivity ${nat.id}`, ['public', 'private']),
    })),
    internetGateways: there(network.internetGateways),
    egressOnlyGateways: there(network.egressOnlyGateways),
    peeringConnections: there(network.peeringConnections),
    vpcEndpoints: there(network.vpcEndpoints),
    loadBalancers: network.loadBalancers.map((one) => ({
      ...one,
      crossZone: flag(one.crossZone, `cross-zone ${one.id}`),
    })),
    targetGroups: network.targetGroups.map(({ unknownTargets: _, ...one }) => ({
      ...one,
      port: number(one.port, `port ${one.id}`),
      preserveClientIp: flag(one.preserveClientIp, `preserves ${one.id}`),
      ...(one.healthCheckPort !== undefined && { healthCheckPort: number(one.healthCheckPort, `health ${one.id}`) }),
      ...(one.ipv6 !== undefined && { ipv6: flag(one.ipv6, `family ${one.id}`) }),
      ...(one.crossZone !== undefined && { crossZone: flag(one.crossZone, `cross-zone ${one.id}`) }),
      targets: one.targets
        .filter((target, at) => target.certain || diceOf(`target ${at} ${one.id}`).chance(50))
        .map((target) => ({ ...target, certain: true })),
    })),
    interfaces: there(network.interfaces).map(({ admits, ...noun }) => ({
      ...noun,
      publicIpv4: flag(noun.publicIpv4, `public ${noun.id}`),
      ipv6: flag(noun.ipv6, `ipv6 ${noun.id}`),
      sourceDestCheck: flag(noun.sourceDestCheck, `check ${noun.id}`),
      ...(noun.publicIpv6 !== undefined && { publicIpv6: flag(noun.publicIpv6, `public ipv6 ${noun.id}`) }),
      ...(admits && {
        admits: decided(admits).map((one) => ({ ...one, destination: range(one.destination, one.origin.resource) })),
      }),
    })),
    firewalls: network.firewalls.map((firewall) => ({ ...firewall, policy: asWhole(firewall, diceOf) })),
    prefixLists: network.prefixLists.map((list) => ({
      ...list,
      entries: list.entries.map((entry, at) => range(entry, `${list.id} ${at}`)),
    })),
    securityGroups: network.securityGroups.map((group) => ({
      ...group,
      ingress: decided(group.ingress).map(peer),
      egress: decided(group.egress).map(peer),
    })),
    networkAcls: network.networkAcls.map((acl) => ({
      ...acl,
      entries: decided(acl.entries).map((entry) => ({ ...entry, cidr: range(entry.cidr, entry.origin.resource) })),
    })),
    routeTables: network.routeTables.filter(isInForce).map(({ edgeOpen: _, ...table }) => ({
      ...table,
      routes: asAwsTakes(
        network,
        table.vpc,
        decided(table.routes).map((route) => ({
          ...route,
          target:
            route.target.kind === 'unknown'
              ? diceOf(`target ${route.origin.resource}`).pick(targetsIn(network, table.vpc))
              : route.target,
          destination:
            'prefixList' in route.destination ? route.destination : range(route.destination, route.origin.resource),
        })),
      ),
    })),
    transitGatewayRouteTables: network.transitGatewayRouteTables.map((table) => ({
      ...table,
      routes: onePerRange(decided(table.routes)),
      // What is not there announces nothing.
      propagations: table.propagations.filter(({ attachment }) => attached.has(attachment)),
    })),
    vpnConnections: there(network.vpnConnections)
      .map(withFamily)
      .map((connection) =>
        connection.routing === 'static'
          ? connection
          : { ...connection, routing: 'static', routes: [diceOf(connection.id).pick(ranges)] },
      ),
  };
}

/** What looks into packets sees all of a flow's that it is after, or none. */
function asWhole({ policy }: Firewall, diceOf: (id: string) => Dice): Firewall['policy'] {
  if (isUnknown(policy)) return policy;
  const matches = policy.stateful.filter(
    ({ partial, priority }) => partial === undefined || diceOf(`rule ${priority}`).chance(50),
  );
  return { ...policy, stateful: matches.map(({ partial: _, ...rule }) => rule) };
}

/** Whatever a route of this VPC may be made to lead to. */
function targetsIn(network: NetworkModel, vpc: ResourceId): RouteTarget[] {
  const subnets = network.subnets.filter((subnet) => subnet.vpc === vpc).map(({ id }) => id);
  const attached = network.transitGatewayAttachments.filter(
    (one) => one.attached.kind === 'vpc' && one.attached.vpc === vpc,
  );
  return [
    { kind: 'blackhole' },
    ...network.internetGateways
      .filter((one) => one.vpc === vpc)
      .map(({ id }) => ({ kind: 'internet-gateway', id }) as const),
    ...network.vpnGateways.filter((one) => one.vpc === vpc).map(({ id }) => ({ kind: 'vpn-gateway', id }) as const),
    ...network.peeringConnections
      .filter((one) => one.requester === vpc || one.accepter === vpc)
      .map(({ id }) => ({ kind: 'peering', id }) as const),
    ...attached.map(({ transitGateway }) => ({ kind: 'transit-gateway', id: transitGateway }) as const),
    ...network.natGateways
      .filter(({ subnet }) => subnets.includes(subnet))
      .map(({ id }) => ({ kind: 'nat-gateway', id }) as const),
  ];
}

const INSIDE: readonly RouteTarget['kind'][] = ['nat-gateway', 'firewall-endpoint', 'interface', 'blackhole'];

/** A range within the VPC only for what inspects or translates, and no range twice: AWS refuses other routes. */
function asAwsTakes(network: NetworkModel, vpc: ResourceId, routes: readonly Route[]): Route[] {
  const own = (network.vpcs.find(({ id }) => id === vpc)?.cidrs ?? []).filter(isKnown);
  const isInside = ({ destination }: Route) =>
    !('prefixList' in destination) && isKnown(destination) && own.some((cidr) => prefixContains(cidr, destination));
  return onePerRange(routes.filter((route) => !isInside(route) || INSIDE.includes(route.target.kind)));
}

function onePerRange<T extends Pick<Route, 'destination'>>(routes: readonly T[]): T[] {
  const rangeOf = ({ destination }: T) =>
    'prefixList' in destination || isUnknown(destination) ? undefined : destination;
  return routes.filter((route, at) => {
    const own = rangeOf(route);
    return !routes.slice(0, at).some((before) => {
      const other = rangeOf(before);
      return own !== undefined && other !== undefined && prefixEquals(own, other);
    });
  });
}

/** `completions` of one network, each asked what the engine says that it must and may do. */
export function compareCompletions(network: NetworkModel, seed: number, completions: number): Disagreement[] {
  const found: Disagreement[] = [];
  const may = new ReachabilityEngine(network, 'may');
  const must = new ReachabilityEngine(network, 'must');
  const ends = may.ends().filter((end) => end.kind !== 'external');
  const open = new Map(ends.map((from) => [endKey(from), may.reachFrom(from).reaches]));
  const certain = ends.flatMap((from) => must.reachFrom(from).reaches.map(({ sample }) => sample));
  const mayReach = (from: End, to: End, packet: Packet) =>
    (open.get(endKey(from)) ?? []).some((reach) => endKey(reach.to) === endKey(to) && reach.sent.has(packet));
  for (let at = 0; at < completions; at++) {
    const completed = complete(network, seed + at * 1009);
    const index = indexNetwork(completed);
    const note = (law: string, approximation: 'may' | 'must', from: End, to: End, packet: Packet) => {
      const trace = traceFlow(index, { from, to, packet }, approximation);
      found.push({ law, approximation, from: endKey(from), to: endKey(to), packet: show(packet), trace });
    };
    for (const flow of certain) {
      const { forward, reply } = traceFlow(index, flow, 'must');
      if (!forward.delivered || !reply.delivered) {
        note('what must work, works in every completion', 'must', flow.from, flow.to, flow.packet);
      }
    }
    for (const { from, to, packet } of probesOf(completed, ends, seed + at)) {
      const { forward, reply } = traceFlow(index, { from, to, packet }, 'must');
      const works = forward.delivered && (reply.delivered || packet.protocol !== 6);
      if (works && !mayReach(from, to, packet)) note('what works in a completion, may work', 'may', from, to, packet);
    }
  }
  return found;
}

/** What the engine finds in the completed network, and packets at random. */
export function probesOf(completed: NetworkModel, ends: readonly End[], seed: number): Flow[] {
  const engine = new ReachabilityEngine(completed, 'may');
  const found = ends.flatMap((from) => engine.reachFrom(from).reaches.map(({ sample }) => sample));
  const dice = new Dice(seed);
  const addressOf = (end: End): Address | undefined => {
    const prefixes = engine.addressesOf(end).prefixes();
    const prefix = prefixes.length > 0 ? dice.pick(prefixes) : undefined;
    return prefix && addressAt(prefix, prefix.length === 32 ? 0 : dice.pick([7, 8, 130]));
  };
  const random = Array.from({ length: 40 }, () => {
    const [from, to] = [dice.pick(ends), dice.pick(ends)];
    const [source, destination] = [addressOf(from), addressOf(to)];
    const destinationPort = dice.pick([22, 80, 443, 5432]);
    if (!source || !destination || source.family !== destination.family || endKey(from) === endKey(to)) return [];
    return [{ from, to, packet: { protocol: 6, source, destination, sourcePort: 50000, destinationPort } }];
  });
  return [...found, ...random.flat()];
}
