/**
 * Who can be worth asking about at all: of each zone, the zones that its groups, ACLs and tables let it send to, and whose
 * own let it in and answer. Whatever stands in between can only take away. Everything is over-approximated, addresses
 * alone are looked at, and what is not known is everything.
 */
import { AddressSet, firstAddress, lastAddress, type Prefix, prefixesOverlap } from '../base/net';
import { type End, isKnown, type NetworkModel, type ResourceId, type Route, type Value } from '../evidence/network';
import type { VerdictContext } from './context';
import { INTERNET } from './place';

/** What a zone's own end of a conversation lets through. */
interface Openness {
  /** destinations that it may send to */
  readonly out: AddressSet;
  /** sources that it admits, and can answer */
  readonly in: AddressSet;
}

const OPEN: Openness = { out: AddressSet.ALL, in: AddressSet.ALL };

export class Neighbours {
  private readonly layers: Layers;
  private readonly addresses = new Map<string, AddressSet>();
  private readonly partners = new Map<string, AddressSet>();
  private readonly senders: RangeIndex;
  private readonly receivers: RangeIndex;
  private readonly isUnbounded: boolean;

  constructor(
    network: NetworkModel,
    private readonly context: VerdictContext,
    isTold: (from: string, to: string) => boolean,
  ) {
    this.layers = new Layers(network);
    this.isUnbounded = leadsOn(network, context) || context.binding.decidingGroups.size > 0;
    const declared = [...context.zones.keys()];
    const zones = [...new Set([...declared, INTERNET, ...context.undeclaredSites, ...sitesOfEnds(context)])];
    const known = AddressSet.unionAll(declared.map((zone) => context.addressesOf(zone)));
    for (const zone of zones) this.addresses.set(zone, this.addressesOf(zone, known));
    this.receivers = new RangeIndex(this.addresses);
    // what no zone declares of a site may send from anywhere
    const isAnywhere = (zone: string) => zone !== INTERNET && !context.zones.has(zone);
    this.senders = new RangeIndex(
      new Map([...this.addresses].map(([zone, set]) => [zone, isAnywhere(zone) ? AddressSet.ALL : set])),
    );
    if (!this.isUnbounded) this.findPartners(zones, isTold);
  }

  /** Where packets of the end go that may tell something; undefined: anywhere. */
  destinationsOf(end: End): AddressSet | undefined {
    if (this.isUnbounded) return undefined;
    const zones = this.context.flows.places.parties([end]).map(({ place }) => place.zone);
    return AddressSet.unionAll(zones.map((zone) => this.partners.get(zone) ?? AddressSet.EMPTY));
  }

  private addressesOf(zone: string, known: AddressSet): AddressSet {
    if (zone === INTERNET) return this.context.evidence.may.addressesOf({ kind: 'internet' });
    if (!this.context.zones.has(zone)) return AddressSet.ALL.subtract(known);
    const subnets = this.context.subnetsOf(zone).map(([id]) => this.context.subnetOf(id));
    const isOpen = subnets.some((subnet) => subnet === undefined || !subnet.cidrs.every(isKnown));
    const addresses = this.context.addressesOf(zone);
    return isOpen || addresses.isEmpty() ? AddressSet.ALL : addresses;
  }

  /** Of two ends at least one is in AWS, and what that one lets through says which others there are. */
  private findPartners(zones: readonly string[], isTold: (from: string, to: string) => boolean): void {
    const openness = new Map(zones.map((zone) => [zone, this.opennessOf(zone)]));
    const translated = this.layers.translators();
    const [inside, outside] = [true, false].map((isInAws) =>
      zones.filter((zone) => this.context.isInAws(zone) === isInAws),
    );
    const note = (from: string, to: string) => {
      const reached = (openness.get(from) ?? OPEN).out.intersect(this.addresses.get(to) ?? AddressSet.ALL);
      if (from === to || reached.isEmpty() || !isTold(from, to)) return;
      this.partners.set(from, (this.partners.get(from) ?? AddressSet.EMPTY).union(reached));
    };
    for (const to of inside ?? []) {
      const admitted = (openness.get(to) ?? OPEN).in;
      // what comes through a NAT gateway has its address
      const isForAll = !admitted.intersect(translated).isEmpty();
      for (const from of isForAll ? zones : this.senders.touching(admitted)) note(from, to);
    }
    const isOutside = new Set(outside);
    for (const from of inside ?? []) {
      const sent = (openness.get(from) ?? OPEN).out;
      for (const to of this.receivers.touching(sent)) if (isOutside.has(to)) note(from, to);
    }
  }

  private opennessOf(zone: string): Openness {
    const subnets = this.context.subnetsOf(zone).map(([id]) => id);
    if (!this.context.isInAws(zone) || subnets.length === 0) return OPEN;
    return this.layers.opennessOf(subnets);
  }
}

/** Sites that nobody declared, as the ends that stand for them are called. */
function sitesOfEnds({ evidence, flows, zones }: VerdictContext): string[] {
  const sites = evidence.may.ends().filter(({ kind }) => kind === 'site');
  return flows.places
    .parties(sites)
    .map(({ place }) => place.zone)
    .filter((zone) => !zones.has(zone));
}

/** A balancer that sends on to another zone, or an endpoint that leads to one: what is sent to it arrives elsewhere. */
function leadsOn(
  { vpcEndpoints, loadBalancers, targetGroups, interfaces }: NetworkModel,
  context: VerdictContext,
): boolean {
  if (vpcEndpoints.some(({ type }) => type === 'interface' || type === 'unknown')) return true;
  const zonesAt = new Map(
    interfaces.map(({ id }) => [id, (context.binding.interfaces.get(id) ?? []).map((place) => place.zone)]),
  );
  const groups = new Map(targetGroups.map((group) => [group.id, group]));
  return loadBalancers.some((balancer) => {
    const own = zonesAt.get(balancer.interface) ?? [];
    const targets = balancer.listeners
      .flatMap((listener) => listener.targetGroups)
      .flatMap((id) => groups.get(id)?.targets ?? []);
    return targets.some(({ to }) => {
      if (to.kind === 'interface') return (zonesAt.get(to.id) ?? []).some((zone) => !own.includes(zone));
      return !isKnown(to.cidr) || !own.some((zone) => isWithin(to.cidr, context.addressesOf(zone)));
    });
  });
}

function isWithin(cidr: Value<Prefix>, addresses: AddressSet): boolean {
  return isKnown(cidr) && AddressSet.of(cidr).isSubsetOf(addresses);
}

/** Groups, ACLs and tables as sets of addresses, each made once. */
class Layers {
  private readonly vpcs: ReadonlyMap<ResourceId, AddressSet>;
  private readonly groupsOfVpc = new Map<ResourceId, Openness>();
  private readonly acls = new Map<ResourceId, Openness>();
  private readonly tables = new Map<ResourceId, AddressSet>();
  private readonly subnets;
  private readonly lists: ReadonlyMap<ResourceId, AddressSet>;

  constructor(private readonly network: NetworkModel) {
    this.subnets = new Map(network.subnets.map((subnet) => [subnet.id, subnet]));
    this.vpcs = new Map(network.vpcs.map(({ id, cidrs, external }) => [id, external ? AddressSet.ALL : setOf(cidrs)]));
    this.lists = new Map(
      network.prefixLists.map(({ id, entries, service, external }) => [
        id,
        service !== undefined || external ? AddressSet.ALL : setOf(entries),
      ]),
    );
    this.readGroups();
    for (const { id, entries, external } of network.networkAcls) {
      const allowed = entries.filter(({ action }) => action !== 'deny');
      const side = (direction: 'ingress' | 'egress') =>
        setOf(allowed.filter((entry) => entry.direction === direction).map(({ cidr }) => cidr));
      this.acls.set(id, external ? OPEN : { in: side('ingress'), out: side('egress') });
    }
    for (const table of network.routeTables) {
      const isOpen = table.external === true || table.propagatingGateways.length > 0;
      const routes = table.routes.map((route) => this.routed(route));
      this.tables.set(table.id, isOpen ? AddressSet.ALL : AddressSet.unionAll([this.rangesOf(table.vpc), ...routes]));
    }
  }

  /** Somebody may be launched in a subnet with any groups of its VPC, so all of them count for each subnet. */
  opennessOf(subnets: readonly ResourceId[]): Openness {
    const each = subnets.map((id): Openness => {
      const subnet = this.subnets.get(id);
      if (!subnet) return OPEN;
      const groups = this.groupsOfVpc.get(subnet.vpc) ?? OPEN;
      const acl = (isKnown(subnet.networkAcl) ? this.acls.get(subnet.networkAcl) : undefined) ?? OPEN;
      const routed = (isKnown(subnet.routeTable) ? this.tables.get(subnet.routeTable) : undefined) ?? AddressSet.ALL;
      return {
        out: groups.out.intersect(acl.out).intersect(routed),
        in: groups.in.intersect(acl.in).intersect(routed),
      };
    });
    return {
      out: AddressSet.unionAll(each.map((one) => one.out)),
      in: AddressSet.unionAll(each.map((one) => one.in)),
    };
  }

  /** Addresses that NAT gateways put in place of their clients'. */
  translators(): AddressSet {
    return AddressSet.unionAll(
      this.network.natGateways.map(({ subnet }) => setOf(this.subnets.get(subnet)?.cidrs ?? [])),
    );
  }

  private rangesOf(vpc: ResourceId): AddressSet {
    return this.vpcs.get(vpc) ?? AddressSet.ALL;
  }

  private routed({ destination, target }: Route): AddressSet {
    if (target.kind === 'blackhole' || target.kind === 'gateway-endpoint') return AddressSet.EMPTY;
    if ('prefixList' in destination) return this.lists.get(destination.prefixList) ?? AddressSet.ALL;
    return setOf([destination]);
  }

  private readGroups(): void {
    const { securityGroups, interfaces } = this.network;
    const vpcOf = new Map(securityGroups.map(({ id, vpc, external }) => [id, external ? '' : vpc]));
    const unfiltered = new Set(
      interfaces
        .filter(({ filtered }) => !filtered)
        .flatMap(({ subnets }) => subnets.map((id) => this.subnets.get(id)?.vpc)),
    );
    const sides = new Map<ResourceId, { in: Value<Prefix>[]; out: Value<Prefix>[]; whole: Set<AddressSet>[] }>();
    for (const { vpc, external, ingress, egress } of securityGroups) {
      const known = sides.get(vpc) ?? { in: [], out: [], whole: [new Set<AddressSet>(), new Set<AddressSet>()] };
      sides.set(vpc, known);
      for (const [at, rules] of [ingress, egress].entries()) {
        const whole = known.whole[at];
        if (external) whole?.add(AddressSet.ALL);
        for (const { peer } of rules) {
          if (peer.kind === 'cidr') (at === 0 ? known.in : known.out).push(peer.cidr);
          else if (peer.kind === 'prefix-list') whole?.add(this.lists.get(peer.id) ?? AddressSet.ALL);
          else if (peer.kind === 'security-group') whole?.add(this.rangesOf(vpcOf.get(peer.id) ?? ''));
          else whole?.add(AddressSet.ALL);
        }
      }
    }
    for (const [vpc, { in: sources, out: destinations, whole }] of sides) {
      const isOpen = unfiltered.has(vpc) || unfiltered.has(undefined);
      const side = (given: Value<Prefix>[], at: number) =>
        isOpen ? AddressSet.ALL : AddressSet.unionAll([setOf(given), ...(whole[at] ?? [])]);
      this.groupsOfVpc.set(vpc, { in: side(sources, 0), out: side(destinations, 1) });
    }
  }
}

function setOf(ranges: readonly Value<Prefix>[]): AddressSet {
  const known = ranges.filter(isKnown);
  return known.length < ranges.length ? AddressSet.ALL : AddressSet.ofAll(known);
}

/** Which zones have addresses in a set, without asking every zone. */
class RangeIndex {
  private readonly starts: { readonly from: number; readonly to: number; readonly zone: string }[] = [];
  /** the furthest end of all ranges up to here */
  private readonly furthest: number[] = [];
  private readonly others: { readonly prefix: Prefix; readonly zone: string }[] = [];

  constructor(addresses: ReadonlyMap<string, AddressSet>) {
    for (const [zone, set] of addresses) {
      for (const prefix of set.prefixes()) {
        if (prefix.family === 4) this.starts.push({ ...spanOf(prefix), zone });
        else this.others.push({ prefix, zone });
      }
    }
    this.starts.sort((a, b) => a.from - b.from);
    let furthest = -1;
    for (const { to } of this.starts) {
      furthest = Math.max(furthest, to);
      this.furthest.push(furthest);
    }
  }

  touching(set: AddressSet): ReadonlySet<string> {
    const found = new Set<string>();
    for (const prefix of set.prefixes()) {
      if (prefix.family === 4) this.touchingSpan(spanOf(prefix), found);
      else for (const { prefix: own, zone } of this.others) if (prefixesOverlap(own, prefix)) found.add(zone);
    }
    return found;
  }

  private touchingSpan({ from, to }: { from: number; to: number }, found: Set<string>): void {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle]?.from ?? 0) <= to) low = middle + 1;
      else high = middle;
    }
    for (let at = low - 1; at >= 0 && (this.furthest[at] ?? -1) >= from; at--) {
      const range = this.starts[at];
      if (range && range.to >= from) found.add(range.zone);
    }
  }
}

function spanOf(prefix: Prefix): { from: number; to: number } {
  return { from: firstAddress(prefix).words[0] ?? 0, to: lastAddress(prefix).words[0] ?? 0 };
}
