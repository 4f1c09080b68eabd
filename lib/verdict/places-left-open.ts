/**
 * Interfaces of which only a parameter's value knows where they stand. Another of the given templates may show that very
 * place, so a missing route or an address of another network blocks nothing for certain.
 */
import type { Blocker, End, NetworkModel, UnknownUse } from '../evidence/network';
import { isUnknown } from '../evidence/network';

/** What stops a packet wherever the two ends stand. */
export const HOLDS_ANYWHERE: ReadonlySet<Blocker['kind']> = new Set([
  'security-group',
  'network-acl',
  'public-address',
  'listener',
  'load-balancer',
  'firewall',
  'endpoint-policy',
]);

/** Which of the ends stand nobody knows where. */
export function placesLeftOpen(network: NetworkModel, ends: readonly End[]): UnknownUse[] {
  if (network.vpcs.every((vpc) => vpc.external === true)) return [];
  return ends.flatMap((end): UnknownUse[] => {
    const iface = end.kind === 'interface' ? network.interfaces.find(({ id }) => id === end.id) : undefined;
    const subnets = network.subnets.filter(({ id, external }) => external && iface?.subnets.includes(id));
    return subnets.flatMap(({ id, cidrs }) =>
      cidrs
        .filter(isUnknown)
        .filter(({ parameters }) => parameters.length > 0)
        .map(({ reason, parameters }) => ({ resource: id, reason, parameters })),
    );
  });
}
