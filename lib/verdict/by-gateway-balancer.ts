/**
 * Who asks whether a host reaches a gateway load balancer, or its endpoint service, asks whether its packets are led there:
 * nobody addresses one. Some packet of those that are asked about has to meet a route to one of its endpoints; what the
 * appliances let pass is another question (SEMANTICS 31, 34).
 */
import { AddressSet, PacketSet, type Prefix } from '../base/net';
import {
  type End,
  type Hop,
  isKnown,
  type LoadBalancer,
  type NetworkModel,
  type VpcEndpoint,
} from '../evidence/network';
import { type Trace, traceFlow } from '../evidence/trace';
import { distinct, type Explanation, type FlowQuestion, parametersOf } from './explanation';
import type { Known } from './over-bridges';

/** Ends that are tried behind one route. */
const MAX_TRIED = 4;
const SAMPLED = PacketSet.of({ sourcePorts: [{ from: 1024, to: 65535 }] });

export function byGatewayBalancer(question: FlowQuestion, packets: PacketSet, known: Known): Explanation | undefined {
  if (question.toAddress) return undefined;
  const found: Explanation[] = [];
  for (const { balancer, endpoint } of question.to.flatMap((to) => endpointsBefore(to, known.network))) {
    for (const from of question.from) {
      for (const trace of tracesBy(endpoint, from, packets, known)) {
        const answer = answered(trace, endpoint, balancer, known.network);
        if (answer?.verdict === 'reachable') return answer;
        if (answer) found.push(answer);
      }
    }
  }
  return found[0];
}

interface Led {
  readonly balancer: LoadBalancer;
  readonly endpoint: VpcEndpoint;
}

function endpointsBefore(to: End, { loadBalancers, endpointServices, vpcEndpoints }: NetworkModel): Led[] {
  const asked = loadBalancers.filter(
    (one) => one.type === 'gateway' && to.kind === 'interface' && to.id === one.interface,
  );
  return asked.flatMap((balancer) => {
    const services = endpointServices.filter((service) => service.loadBalancers.includes(balancer.id));
    return vpcEndpoints
      .filter(({ service }) => service.kind === 'private' && services.some(({ id }) => id === service.id))
      .map((endpoint) => ({ balancer, endpoint }));
  });
}

/** Packets to what the routes that lead to the endpoint are for, followed. */
function tracesBy(endpoint: VpcEndpoint, from: End, packets: PacketSet, { network, index, may }: Known): Trace[] {
  const ranges = network.routeTables
    .filter(({ vpc }) => vpc === endpoint.vpc)
    .flatMap(({ routes }) => routes)
    .flatMap(({ target, destination }): Prefix[] => {
      const isLed = target.kind === 'gateway-load-balancer-endpoint' && target.id === endpoint.id;
      return isLed && !('prefixList' in destination) && isKnown(destination) ? [destination] : [];
    });
  const own = packets.intersect(SAMPLED).intersect(PacketSet.of({ sources: may.addressesOf(from) }));
  return ranges.flatMap((range) =>
    [{ kind: 'internet' } as const, ...endsIn(range, from, network)].flatMap((to) => {
      const destinations = may.addressesOf(to).intersect(AddressSet.of(range));
      const packet = own.intersect(PacketSet.of({ destinations })).sample();
      return packet ? [traceFlow(index, { from, to, packet }, 'may', { asBuilt: true })] : [];
    }),
  );
}

function endsIn(range: Prefix, from: End, { subnets }: NetworkModel): End[] {
  const meant = AddressSet.of(range);
  const inside = subnets.filter(({ cidrs }) => !AddressSet.ofAll(cidrs.filter(isKnown)).intersect(meant).isEmpty());
  const others = inside.filter(({ id }) => from.kind !== 'subnet' || from.id !== id);
  return others.slice(0, MAX_TRIED).map(({ id }): End => ({ kind: 'subnet', id }));
}

function answered(
  { forward, unknowns }: Trace,
  endpoint: VpcEndpoint,
  balancer: LoadBalancer,
  { endpointServices }: NetworkModel,
): Explanation | undefined {
  const at = forward.hops.findIndex(({ resource }) => resource === endpoint.id);
  if (at < 0) return undefined;
  const before = forward.hops.slice(0, at);
  const service = endpointServices.find(({ id }) => endpoint.service.kind === 'private' && endpoint.service.id === id);
  const isSure = [endpoint, service, balancer].every((one) => one?.certain) && service?.acceptanceRequired === false;
  const isOpen = !isSure || before.some(({ decision }) => decision === 'unknown');
  const reason = isSure
    ? 'how packets get to the endpoint is not certain'
    : 'whether the connection is accepted, or there, is not certain';
  const met = unknowns.filter(({ resource }) => before.some((hop) => hop.resource === resource));
  const open = isOpen ? distinct([...met, { resource: endpoint.id, reason, parameters: [] }]) : [];
  const verdict = isOpen ? 'unknown' : 'reachable';
  const location = `gateway load balancer ${balancer.id}`;
  const hops: Hop[] = [
    ...before,
    {
      location: `gateway load balancer endpoint ${endpoint.id}`,
      resource: endpoint.id,
      decision: 'forwarded',
      reason: `PrivateLink carries it to ${balancer.id}, whoever it is addressed to`,
    },
    { location, resource: balancer.id, decision: 'delivered', reason: `reaches ${location}` },
  ];
  const back: Hop = {
    location,
    resource: balancer.id,
    decision: 'sent',
    reason: 'gives back to the endpoint what its appliances let pass',
  };
  return {
    verdict,
    forward: { verdict, ports: [], hops },
    reply: { verdict, hops: [back] },
    blockers: [],
    unknowns: open,
    parameters: parametersOf(open),
  };
}
