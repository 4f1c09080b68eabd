/**
 * Makes a failing network small: leaves out one noun after another as long as it still fails, so that a person can see
 * at a glance what the two semantics disagree about.
 */
import { type Prefix, prefixContains } from '../../lib/base/net';
import { isKnown, type NetworkModel, type Value } from '../../lib/evidence/network';

type Lists = {
  [Key in keyof NetworkModel]: NetworkModel[Key] extends readonly unknown[] ? Key : never;
}[keyof NetworkModel];

function listsOf(network: NetworkModel): Lists[] {
  return (Object.keys(network) as (keyof NetworkModel)[])
    .filter((key): key is Lists => Array.isArray(network[key]))
    .sort();
}

function without(network: NetworkModel, list: Lists, at: number): NetworkModel {
  return { ...network, [list]: (network[list] as readonly unknown[]).filter((_, index) => index !== at) };
}

/** Rules, routes and entries inside a noun go too. */
function withoutPart(network: NetworkModel, list: Lists, at: number): NetworkModel[] {
  const nouns: readonly object[] = network[list];
  const noun = nouns[at];
  if (!noun) return [];
  return Object.entries(noun).flatMap(([key, value]) =>
    Array.isArray(value)
      ? value.map((_, index) => {
          const smaller = { ...noun, [key]: value.filter((__, other) => other !== index) };
          return { ...network, [list]: nouns.map((other, position) => (position === at ? smaller : other)) };
        })
      : [],
  );
}

/** What a network must keep to be one: ranges, and everything that its parts name. */
function isWhole(network: NetworkModel): boolean {
  const ids = new Set(listsOf(network).flatMap((list) => network[list].map(({ id }) => id)));
  const has = (id: unknown) => typeof id !== 'string' || ids.has(id);
  return (
    network.vpcs.every(({ cidrs }) => cidrs.length > 0) &&
    network.subnets.every(
      ({ vpc, cidrs, routeTable, networkAcl }) => cidrs.length > 0 && [vpc, routeTable, networkAcl].every(has),
    ) &&
    network.interfaces.every((one) => one.subnets.length > 0 && [...one.subnets, ...one.securityGroups].every(has)) &&
    network.interfaces.every((one) => !one.filtered || one.securityGroups.length > 0) &&
    network.interfaces.every((one) => one.addresses.every((address) => isWithin(network, one.subnets, address))) &&
    network.natGateways.every(({ subnet }) => has(subnet)) &&
    [...network.internetGateways, ...network.egressOnlyGateways].every(({ vpc }) => has(vpc)) &&
    network.firewalls.every((one) => one.subnets.length > 0 && one.subnets.every(has)) &&
    network.routeTables.every((table) => table.routes.every(({ target }) => !('id' in target) || has(target.id))) &&
    network.transitGatewayAttachments.every(({ association }) => association === undefined || has(association)) &&
    [...network.transitGatewayAttachments, ...network.transitGatewayRouteTables].every((one) =>
      has(one.transitGateway),
    ) &&
    network.peeringConnections.every(({ requester, accepter }) => [requester, accepter].every(has)) &&
    network.vpnConnections.every(({ gateway }) => has(gateway.id)) &&
    network.loadBalancers.every(
      (one) => has(one.interface) && one.listeners.every((each) => each.targetGroups.every(has)),
    ) &&
    network.targetGroups.every(({ targets }) => targets.every(({ to }) => !('id' in to) || has(to.id))) &&
    network.endpointServices.every(({ loadBalancers }) => loadBalancers.every(has)) &&
    network.vpcEndpoints.every(
      (one) => has(one.interface) && (one.service.kind !== 'private' || has(one.service.id)),
    ) &&
    network.transitGatewayRouteTables.every(({ propagations }) => propagations.every((one) => has(one.attachment))) &&
    network.securityGroups.every(({ ingress, egress }) =>
      [...ingress, ...egress].every(({ peer }) => !('id' in peer) || has(peer.id)),
    ) &&
    network.transitGatewayAttachments.every(
      ({ attached }) => attached.kind !== 'vpc' || (attached.subnets.length > 0 && attached.subnets.every(has)),
    )
  );
}

/** Whether an address is one of some subnets. */
function isWithin({ subnets }: NetworkModel, ids: readonly string[], address: Value<Prefix>): boolean {
  const ranges = subnets.filter(({ id }) => ids.includes(id)).flatMap(({ cidrs }) => cidrs);
  return !isKnown(address) || ranges.some((range) => !isKnown(range) || prefixContains(range, address));
}

/** The smallest network found, by leaving things out, for which `fails` still holds. */
export function shrink(network: NetworkModel, fails: (candidate: NetworkModel) => boolean): NetworkModel {
  const stillFails = (candidate: NetworkModel): boolean => {
    try {
      return isWhole(candidate) && fails(candidate);
    } catch {
      // A network that lacks what another part names is not a smaller example of anything.
      return false;
    }
  };
  let current = network;
  for (let progress = true; progress; ) {
    progress = false;
    for (const list of listsOf(current)) {
      for (let at = current[list].length - 1; at >= 0; at--) {
        const smaller = [without(current, list, at), ...withoutPart(current, list, at)].find(stillFails);
        if (!smaller) continue;
        current = smaller;
        progress = true;
      }
    }
  }
  return current;
}
