/** Answers: where they enter the network, and where they are home. Groups are stateful and let them through. */
import { ANY_GATEWAY, type ForwardingGraph, isTerminal, type Location, type Terminal } from '../forwarding';
import type { LegOrigin } from './certificate';
import type { LegRules } from './legs';

/** An appliance passes packets on, and those that it passes them to answer: nothing that arrives there is answered there. */
export type Answering = Exclude<Terminal, { readonly kind: 'forwarder' }>;

export function isAnswering(at: Location): at is Answering {
  return isTerminal(at) && at.kind !== 'forwarder';
}

/** Where the answers to what has arrived at a place enter the network. */
export function answerEntries({ index, entrances }: ForwardingGraph, at: Answering): Location[] {
  const leaving = (subnet: string): Location => ({ kind: 'leaving', subnet });
  const into = (vpc: string): Location => ({ kind: 'peering-ingress', vpc });
  switch (at.kind) {
    case 'delivered':
      return [leaving(at.subnet)];
    case 'internet':
      // Behind a route that nobody knows, an answer may come back in anywhere.
      return at.gateway === ANY_GATEWAY ? [...index.vpcs.keys()].map(into) : entrances.internetEntrances('reply');
    case 'nat':
      return [leaving(index.natGateways.get(at.id)?.subnet ?? '')];
    case 'site':
      return entrances.siteEntrances(at.id);
    case 'external':
      return entrances.externalEntrances(at.id);
    case 'gateway-endpoint':
      return [into(index.vpcEndpoints.get(at.id)?.vpc ?? '')];
  }
}

/** Whether an answer there has, or may have, come back to who began. */
export function isHome({ graph, parties }: LegRules, origin: LegOrigin, at: Location): boolean {
  if (!isTerminal(at)) return false;
  // What an appliance does with an answer is not known; with the check on it takes none.
  if (at.kind === 'forwarder') return graph.index.interfaces.get(at.id)?.sourceDestCheck !== true;
  if (origin.kind === 'nat')
    return at.kind === 'delivered' && at.subnet === graph.index.natGateways.get(origin.id)?.subnet;
  if (origin.kind === 'internet') return at.kind === 'internet';
  if (origin.kind === 'site' || origin.kind === 'external') return at.kind === origin.kind && at.id === origin.id;
  if (origin.kind === 'preserving') return false;
  return at.kind === 'delivered' && (parties.of(origin)?.subnets.some(({ id }) => id === at.subnet) ?? false);
}
