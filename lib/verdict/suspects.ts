/**
 * Which pairs of zones something undeclared might join if edits of one kind were made: an over-approximation, since it may
 * take two of them.
 */

import { type AddressSet, PacketSet } from '../base/net';
import { isRuleEdit, type Lift } from '../evidence/edits';
import {
  type End,
  endKey,
  isKnown,
  type NetworkModel,
  type ResourceId,
  type RouteTable,
  type RouteTarget,
  type Subnet,
} from '../evidence/network';
import { type Uncovered, VerdictContext } from './context';
import type { Engine } from './evidence';
import { FlowTable, Places, type ZoneFlow } from './flows';
import { gatherEvidence } from './gather-evidence';
import { uncoveredBetween, uncoveredOfAssets, uncoveredOfEveryone } from './isolation';
import { Neighbours } from './neighbours';
import { INTERNET, isDeclaredName } from './place';
import type { Claim, Verdict } from './result';

export interface Suspect {
  readonly from: string;
  readonly to: string;
  readonly uncovered: readonly Uncovered[];
}

type Told = (from: string, to: string) => boolean;

export class Suspicion {
  private readonly verdicts = new Map<string, Verdict>();
  private readonly initiators: readonly End[];
  /** what the edits are made in */
  readonly network: NetworkModel;

  constructor(
    private readonly context: VerdictContext,
    claims: readonly Claim[],
  ) {
    for (const { id, kind, verdict } of claims) if (kind === 'isolation') this.verdicts.set(id, verdict);
    this.initiators = initiatorsOf(context);
    this.network = tellingParts(context);
  }

  /** Apart today, and now perhaps not. */
  suspects(lift: Lift): Suspect[] {
    const isTold = memoized((from: string, to: string) => this.isTold(from, to, lift));
    const asked = this.asked(lift, isTold);
    if (asked.size === 0) return [];
    const edited = this.edited(lift.network, asked);
    const told = edited.flows.pairs().filter(({ from, to }) => isTold(from, to));
    return told.flatMap(({ from, to }) => {
      const uncovered = this.uncovered(from, to, lift, edited);
      return uncovered.length > 0 ? [{ from, to, uncovered }] : [];
    });
  }

  /** Whom the edits concern, and where their packets go that may tell something; undefined: anywhere. */
  private asked({ network, concerns }: Lift, isTold: Told): ReadonlyMap<End, AddressSet | undefined> {
    const leaves = leavesHome(network, this.context);
    const neighbours = new Neighbours(network, this.context, isTold);
    const asked = new Map<End, AddressSet | undefined>();
    for (const end of this.initiators) {
      if (!concerns(end) || !leaves(end)) continue;
      const destinations = neighbours.destinationsOf(end);
      if (!destinations?.isEmpty()) asked.set(end, destinations);
    }
    return asked;
  }

  /** The same zones, bound to the same things, in another network, as far as it is asked about. */
  private edited(network: NetworkModel, asked: ReadonlyMap<End, AddressSet | undefined>): VerdictContext {
    const { model, binding, asOf } = this.context;
    const evidence = gatherEvidence(network);
    const { may } = evidence;
    const engine: Engine = {
      ends: () => [...asked.keys()],
      addressesOf: may.addressesOf.bind(may),
      reachFrom: (end, restriction = {}) => {
        const destinations = asked.get(end);
        if (!destinations) return may.reachFrom(end, restriction);
        const packets = PacketSet.of({ destinations }).intersect(restriction.packets ?? PacketSet.ALL);
        return may.reachFrom(end, { ...restriction, packets });
      },
    };
    const flows = new FlowTable(new Places(model, network, binding), engine);
    return new VerdictContext({ model, network, binding, evidence, flows, asOf });
  }

  /** Between the zones of the file, the internet and the sites; where a conduit joins two, not what rules decide. */
  private isTold(from: string, to: string, { kind }: Lift): boolean {
    const isNamed = (zone: string) => zone === INTERNET || zone.startsWith('site:') || isDeclaredName(zone);
    if (from === to || !isNamed(from) || !isNamed(to) || !this.isApart(from, to)) return false;
    const { allowance } = this.context;
    return !isRuleEdit(kind) || (allowance.between(from, to).length === 0 && allowance.between(to, from).length === 0);
  }

  /**
   * Nothing undeclared between the two: proved, or unknown only because something in one of them is not understood. What AWS
   * carries between two places outside of it is claimed only where it carries something.
   */
  private isApart(from: string, to: string): boolean {
    const isCarried = this.context.isInAws(from) || this.context.isInAws(to);
    const rest = isCarried ? this.verdicts.get(`isolation/*/${to}`) : undefined;
    const claimed = this.verdicts.get(`isolation/${from}/${to}`) ?? rest;
    if (claimed === 'unknown') return uncoveredBetween(from, to, this.context).length === 0;
    return claimed === 'proved';
  }

  /** A rule that somebody adds and a host that wears another zone's group are two mistakes: rules count for members only. */
  private uncovered(from: string, to: string, { kind }: Lift, edited: VerdictContext): readonly Uncovered[] {
    const fresh = this.fresh(edited.flows.between(from, to), from, to);
    if (fresh.length === 0) return [];
    const { binding } = this.context;
    const isByGroup = (end: End) => binding.isDecidedByGroup(end);
    if (isRuleEdit(kind)) {
      const told = fresh.filter((flow) => !isByGroup(flow.from.end) && !isByGroup(flow.to.end));
      return uncoveredOfAssets(told, edited);
    }
    const ofEveryone = uncoveredOfEveryone(fresh, edited);
    return ofEveryone.length > 0 ? ofEveryone : uncoveredOfAssets(fresh, edited);
  }

  /** Flows that the network as it is does not have, or not all of. */
  private fresh(flows: readonly ZoneFlow[], from: string, to: string): ZoneFlow[] {
    const before = new Map<string, PacketSet>();
    for (const flow of this.context.flows.between(from, to)) {
      const key = keyOf(flow);
      before.set(key, (before.get(key) ?? PacketSet.EMPTY).union(flow.received));
    }
    return flows.filter((flow) => !flow.received.isSubsetOf(before.get(keyOf(flow)) ?? PacketSet.EMPTY));
  }
}

function memoized(ask: Told): Told {
  const known = new Map<string, boolean>();
  return (from, to) => {
    const key = `${from}\n${to}`;
    const answer = known.get(key) ?? ask(from, to);
    known.set(key, answer);
    return answer;
  };
}

function keyOf({ from, to, reach }: ZoneFlow): string {
  return `${endKey(from.end)} ${endKey(to.end)} ${reach.via.join(' ')}`;
}

/**
 * Who is asked: sites, the internet, and whatever may be launched, once for all subnets of a place that no table, no ACL
 * and no attachment tells apart. A declared interface begins nothing that such a host in its subnet could not, unless it
 * has a public address that the host has not, or stands between others.
 */
function initiatorsOf({ network, binding, evidence }: VerdictContext): End[] {
  const looks = new Map<string, ResourceId>();
  const alike = lookOf(network);
  for (const subnet of network.subnets) {
    const { zone, asset, oneOf } = binding.subnets.get(subnet.id) ?? { zone: subnet.id };
    const key = [zone, asset, oneOf?.join('+'), alike(subnet)].join('\n');
    if (!looks.has(key)) looks.set(key, subnet.id);
  }
  const asked = new Set(looks.values());
  const hidden = new Set(
    network.interfaces
      .filter(
        ({ publicIpv4, sourceDestCheck, filtered }) => publicIpv4 === false && sourceDestCheck === true && filtered,
      )
      .map(({ id }) => id),
  );
  return evidence.may.ends().filter((end) => {
    if (end.kind === 'subnet') return asked.has(end.id);
    return end.kind === 'interface' ? !hidden.has(end.id) : end.kind === 'internet' || end.kind === 'site';
  });
}

/**
 * The network without what tells nothing. Endpoints of AWS's services, and endpoints between zones that a conduit joins,
 * lead to what is declared. What is behind a balancer and not known is on no path that anybody could show.
 */
function tellingParts({ network, binding, allowance }: VerdictContext): NetworkModel {
  const zonesOf = (id: ResourceId) => (binding.interfaces.get(id) ?? []).map(({ zone }) => zone);
  const fronts = new Map(network.loadBalancers.map(({ id, interface: front }) => [id, front]));
  const providers = new Map(
    network.endpointServices.map(({ id, loadBalancers }) => [
      id,
      loadBalancers.flatMap((balancer) => zonesOf(fronts.get(balancer) ?? '')),
    ]),
  );
  const vpcEndpoints = network.vpcEndpoints.filter(({ type, service, interface: at }) => {
    if (type !== 'interface' || at === undefined) return true;
    if (service.kind !== 'private') return service.kind !== 'aws' && service.kind !== 'lattice';
    const [from, to] = [zonesOf(at), providers.get(service.id) ?? []];
    return to.length === 0 || from.some((one) => to.some((other) => allowance.between(one, other).length === 0));
  });
  const loadBalancers = network.loadBalancers.map((balancer) => ({
    ...balancer,
    listeners: balancer.listeners.map(({ unknownTargets, ...listener }) => listener),
  }));
  const targetGroups = network.targetGroups.map(({ unknownTargets, ...group }) => group);
  return { ...network, vpcEndpoints, loadBalancers, targetGroups };
}

/**
 * Whether anything can go from an end to another zone at all: what is launched in a subnet without any route, alone in its
 * VPC with its own zone and without an endpoint, reaches nobody else whatever rules say.
 */
function leavesHome(network: NetworkModel, { binding }: VerdictContext): (end: End) => boolean {
  const zones = new Map<ResourceId, Set<string>>();
  for (const { id, vpc } of network.subnets) {
    zones.set(vpc, (zones.get(vpc) ?? new Set()).add(binding.subnets.get(id)?.zone ?? id));
  }
  const interfaces = new Map(network.interfaces.map(({ id, subnets }) => [id, subnets]));
  const withDoors = new Set(network.vpcEndpoints.filter(({ type }) => type !== 'gateway').map(({ vpc }) => vpc));
  const withWays = new Set(network.routeTables.filter(hasWayOut).map(({ id }) => id));
  const leaving = network.subnets.filter(({ vpc, routeTable }) => {
    if (!isKnown(routeTable) || withWays.has(routeTable)) return true;
    return withDoors.has(vpc) || (zones.get(vpc)?.size ?? 0) > 1 || binding.decidingGroups.has(vpc);
  });
  const ids = new Set(leaving.map(({ id }) => id));
  return (end) => {
    if (end.kind === 'subnet') return ids.has(end.id);
    return end.kind !== 'interface' || interfaces.get(end.id)?.some((id) => ids.has(id)) === true;
  };
}

const NO_WAY_OUT: readonly RouteTarget['kind'][] = ['local', 'blackhole', 'gateway-endpoint'];

function hasWayOut({ external, routes, propagatingGateways }: RouteTable): boolean {
  return (
    external === true ||
    propagatingGateways.length > 0 ||
    routes.some(({ target }) => !NO_WAY_OUT.includes(target.kind))
  );
}

/** Equal for subnets from which everything goes the same ways. */
function lookOf(network: NetworkModel): (subnet: Subnet) => string {
  const tables = new Map(
    network.routeTables.map(({ id, routes, propagatingGateways }) => [
      id,
      JSON.stringify([
        routes.map(({ certain, destination, target }) => [certain, destination, target]),
        propagatingGateways,
      ]),
    ]),
  );
  const subnets = new Map(network.subnets.map((subnet) => [subnet.id, subnet]));
  const zones = new Map<ResourceId, [ResourceId, ReadonlySet<string>][]>();
  for (const { id, attached } of network.transitGatewayAttachments) {
    if (attached.kind !== 'vpc') continue;
    const served = new Set(attached.subnets.map((at) => zoneOf(subnets.get(at))));
    zones.set(attached.vpc, [...(zones.get(attached.vpc) ?? []), [id, served]]);
  }
  return (subnet) => {
    const { vpc, routeTable, networkAcl, autoPublicIpv4, cidrs, certain } = subnet;
    const routes = isKnown(routeTable) ? (tables.get(routeTable) ?? routeTable) : subnet.id;
    const attachments = (zones.get(vpc) ?? []).filter(([, served]) => served.has(zoneOf(subnet))).map(([id]) => id);
    const families = cidrs.map((cidr) => (isKnown(cidr) ? cidr.family : subnet.id));
    return JSON.stringify([vpc, routes, networkAcl, autoPublicIpv4, families, certain, attachments]);
  };
}

function zoneOf(subnet: Subnet | undefined): string {
  return subnet === undefined || !isKnown(subnet.availabilityZone) ? '' : subnet.availabilityZone;
}
