/**
 * One VPC of the plan, from the legs inside it.
 */
import { comparePrefixes, formatPrefix, type Prefix, parsePrefix } from '../../base/net';
import type { Zone } from '../zones';
import { placesOf, sharedTransitRange, type VpcPlace } from './address-plan';
import { subnetsOf } from './block-layout';
import { balancerKey, endpointKey } from './conduit-legs';
import { describe, type Leg, type Party } from './leg';
import { aclOf, transitAcl } from './network-acl';
import type {
  GroupKey,
  InterfaceEndpointPlan,
  ListenerPlan,
  LoadBalancerPlan,
  RoutePlan,
  SecurityGroupPlan,
  SubnetGroupPlan,
  SubnetRole,
  VpcPlan,
} from './network-plan';
import type { PlanParts } from './plan-parts';
import { rulesByGroup } from './security-group-rules';
import type { ServiceLegs } from './service-legs';

export function planVpc(vpc: VpcPlace, legs: readonly Leg[], services: ServiceLegs, parts: PlanParts): VpcPlan {
  const crossings = parts.crossing.flatMap((part) => part.crossings);
  const attached = crossings.some(({ from, to }) =>
    [from.at, to.at].some((at) => at.kind === 'vpc' && at.name === vpc.name),
  );
  const loadBalancers = balancersOf(vpc, parts);
  const subnetGroups = subnetGroupsOf(vpc, legs, services, attached, parts);
  return {
    name: vpc.name,
    shared: vpc.shared,
    cidr: vpc.cidr,
    zones: vpc.zones.map(({ name }) => name).sort(),
    subnetGroups,
    securityGroups: securityGroupsOf(vpc, legs, services, parts),
    serviceEndpoints: services.endpoints,
    loadBalancers,
    interfaceEndpoints: interfaceEndpointsOf(vpc, parts),
    internet: loadBalancers.some(({ scheme }) => scheme === 'public'),
    attached,
  };
}

// ------------------------------------------------------------------------------------------------- subnet groups

interface GroupDraft {
  readonly key: GroupKey;
  readonly role: SubnetRole;
  readonly zone?: string;
  readonly asset?: string;
  readonly cidr: Prefix;
}

function subnetGroupsOf(
  vpc: VpcPlace,
  legs: readonly Leg[],
  services: ServiceLegs,
  attached: boolean,
  parts: PlanParts,
): SubnetGroupPlan[] {
  const drafts = [
    ...vpc.zones.flatMap((zone) => placesOf(parts.addresses, zone).map((place) => assetDraft(place.key, zone, place))),
    ...usedRoles(vpc, legs, attached, parts),
  ].sort((a, b) => (a.key < b.key ? -1 : 1));
  const balancers = new Set(
    drafts.filter(({ role }) => role === 'load-balancer' || role === 'public').map(({ key }) => key),
  );
  return drafts.map((draft): SubnetGroupPlan => {
    const acl =
      draft.role === 'transit'
        ? transitAcl(transitPeers(legs))
        : aclOf({ key: draft.key, vpcCidr: vpc.cidr, legs, balancers });
    const subnets = subnetsOf(draft.cidr, parts.model.availabilityZones) ?? [];
    const gatewayServices = [...(services.gateways.get(draft.key) ?? [])].sort();
    return { ...draft, subnets, routes: routesOf(draft, legs), gatewayServices, acl };
  });
}

function assetDraft(key: GroupKey, zone: Zone, place: { cidr: Prefix; asset?: { name: string } }): GroupDraft {
  return { key, role: 'asset', zone: zone.name, asset: place.asset?.name, cidr: place.cidr };
}

/** Only the roles that a leg uses are built; where they lie is fixed long before. */
function usedRoles(vpc: VpcPlace, legs: readonly Leg[], attached: boolean, parts: PlanParts): GroupDraft[] {
  const used = new Set(legs.flatMap(({ initiator, responder }) => [initiator, responder]).flatMap(subnetGroupOf));
  const roles: SubnetRole[] = ['endpoint', 'load-balancer', 'public'];
  const ofZones = vpc.zones.flatMap((zone) =>
    roles.flatMap((role) => {
      const group = parts.groupOf(role, zone);
      return group && used.has(group.key) ? [{ ...group, role, zone: zone.name }] : [];
    }),
  );
  const transit = attached ? transitGroup(vpc, parts) : undefined;
  return transit ? [...ofZones, transit] : ofZones;
}

/** A VPC is attached once, by subnets of its own; those of a shared VPC belong to none of its zones. */
function transitGroup(vpc: VpcPlace, parts: PlanParts): GroupDraft | undefined {
  if (vpc.shared) {
    const cidr = sharedTransitRange(vpc.cidr, parts.model.availabilityZones);
    return cidr && { key: `vpc:${vpc.name}/#transit`, role: 'transit', cidr };
  }
  const [owner] = vpc.zones;
  const group = owner && parts.groupOf('transit', owner);
  return group && { ...group, role: 'transit', zone: owner.name };
}

function subnetGroupOf(party: Party): GroupKey[] {
  return party.kind === 'group' ? [party.subnetGroup] : [];
}

function transitPeers(legs: readonly Leg[]): Map<string, { cidr: Prefix; conduits: Set<string> }> {
  const peers = new Map<string, { cidr: Prefix; conduits: Set<string> }>();
  for (const { initiator, responder, conduit } of legs.filter(crossesTransit)) {
    for (const cidr of [initiator, responder].flatMap((party) =>
      party.kind === 'group' ? [party.cidr] : party.kind === 'ranges' ? party.prefixes : [],
    )) {
      const known = peers.get(formatPrefix(cidr)) ?? { cidr, conduits: new Set<string>() };
      known.conduits.add(conduit);
      peers.set(formatPrefix(cidr), known);
    }
  }
  return peers;
}

function crossesTransit({ initiator, responder }: Leg): boolean {
  return [initiator, responder].some((party) => party.kind === 'ranges' && party.across === 'transit');
}

function routesOf(group: GroupDraft, legs: readonly Leg[]): RoutePlan[] {
  if (group.role === 'public')
    return [
      { destination: parsePrefix('0.0.0.0/0'), target: 'internet-gateway', conduits: publicConduits(group, legs) },
    ];
  const routes = new Map<string, RoutePlan>();
  for (const { initiator, responder, conduit } of legs.filter(crossesTransit)) {
    const [here, there] = initiator.kind === 'group' ? [initiator, responder] : [responder, initiator];
    if (here.kind !== 'group' || here.subnetGroup !== group.key || there.kind !== 'ranges') continue;
    for (const destination of there.prefixes) {
      const known = routes.get(formatPrefix(destination));
      const conduits = [...new Set([...(known?.conduits ?? []), conduit])].sort();
      routes.set(formatPrefix(destination), { destination, target: 'transit', conduits });
    }
  }
  return [...routes.values()].sort((a, b) => comparePrefixes(a.destination, b.destination));
}

function publicConduits(group: GroupDraft, legs: readonly Leg[]): string[] {
  const own = legs.filter(({ responder }) => responder.kind === 'group' && responder.subnetGroup === group.key);
  return [...new Set(own.map(({ conduit }) => conduit))].sort();
}

// ------------------------------------------------------------------------------- groups, balancers, endpoints

function securityGroupsOf(
  vpc: VpcPlace,
  legs: readonly Leg[],
  services: ServiceLegs,
  parts: PlanParts,
): SecurityGroupPlan[] {
  const rules = rulesByGroup(legs);
  const groups = new Map<GroupKey, Omit<SecurityGroupPlan, 'rules'>>();
  for (const zone of vpc.zones) {
    for (const { key, asset } of placesOf(parts.addresses, zone)) {
      const description = describe(asset ? `asset ${asset.name}` : 'every host of the zone');
      groups.set(key, { key, zone: zone.name, asset: asset?.name, role: 'asset', description });
    }
  }
  for (const part of parts.crossing) {
    for (const { responder, scheme } of part.balancers) {
      if (responder.vpc !== vpc.name) continue;
      const key = balancerKey(responder, scheme);
      const role = scheme === 'public' ? 'public' : 'load-balancer';
      groups.set(key, {
        key,
        zone: responder.zone.name,
        role,
        description: describe(`${scheme} load balancer of ${responder.asset?.name ?? 'the zone'}`),
      });
    }
    for (const { initiator, responder } of part.endpoints) {
      if (initiator.vpc !== vpc.name) continue;
      const key = endpointKey(initiator.zone.name, responder);
      groups.set(key, {
        key,
        zone: initiator.zone.name,
        role: 'endpoint',
        description: describe(`endpoint to ${responder.key}`),
      });
    }
  }
  for (const { service, zone, securityGroup } of services.endpoints) {
    if (securityGroup === undefined) continue;
    const description = describe(`endpoint of AWS ${service}`);
    groups.set(securityGroup, { key: securityGroup, zone, role: 'endpoint', description });
  }
  return [...groups.values()]
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((group) => ({ ...group, rules: rules.get(group.key) ?? [] }));
}

function balancersOf(vpc: VpcPlace, parts: PlanParts): LoadBalancerPlan[] {
  const balancers = new Map<GroupKey, LoadBalancerPlan & { listeners: ListenerPlan[] }>();
  const demands = parts.crossing
    .flatMap((part) => part.balancers)
    .filter(({ responder }) => responder.vpc === vpc.name);
  for (const { responder, scheme, protocol, port, service } of demands) {
    const key = balancerKey(responder, scheme);
    const group = parts.groupOf(scheme === 'public' ? 'public' : 'load-balancer', responder.zone);
    if (!group) continue;
    const { zone, asset } = responder;
    const known = balancers.get(key) ?? {
      key,
      zone: zone.name,
      asset: asset?.name,
      scheme,
      subnetGroup: group.key,
      securityGroup: key,
      listeners: [],
    };
    balancers.set(key, { ...known, listeners: withListener(known.listeners, protocol, port, service) });
  }
  return [...balancers.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function withListener(
  listeners: readonly ListenerPlan[],
  protocol: 'tcp' | 'udp',
  port: number,
  service: string,
): ListenerPlan[] {
  const known = listeners.find((listener) => listener.port === port);
  const merged: ListenerPlan = {
    protocol: known && known.protocol !== protocol ? 'tcp_udp' : protocol,
    port,
    services: [...new Set([...(known?.services ?? []), service])].sort(),
  };
  return [...listeners.filter((listener) => listener.port !== port), merged].sort((a, b) => a.port - b.port);
}

function interfaceEndpointsOf(vpc: VpcPlace, parts: PlanParts): InterfaceEndpointPlan[] {
  const endpoints = new Map<GroupKey, InterfaceEndpointPlan>();
  const demands = parts.crossing
    .flatMap((part) => part.endpoints)
    .filter(({ initiator }) => initiator.vpc === vpc.name);
  for (const { initiator, responder, conduit } of demands) {
    const key = endpointKey(initiator.zone.name, responder);
    const group = parts.groupOf('endpoint', initiator.zone);
    if (!group) continue;
    endpoints.set(key, {
      key,
      zone: initiator.zone.name,
      loadBalancer: balancerKey(responder, 'internal'),
      responderVpc: responder.vpc,
      subnetGroup: group.key,
      securityGroup: key,
      conduits: [...new Set([...(endpoints.get(key)?.conduits ?? []), conduit])].sort(),
    });
  }
  return [...endpoints.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}
