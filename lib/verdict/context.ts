/**
 * What every claim is judged from: the declared zones, what the evidence says of them, and who lives where.
 */
import { AddressSet, type PacketSet } from '../base/net';
import {
  type End,
  type Interface,
  type InterfaceKind,
  isKnown,
  type LoadBalancer,
  type NetworkModel,
  type ResourceId,
  type Subnet,
  type Target,
} from '../evidence/network';
import type { Zone, ZoneModel } from '../intent/zones';
import { Allowance } from './allowance';
import type { Binding } from './binding';
import { Bridges } from './bridges';
import { Doubts } from './doubts';
import type { Evidence } from './evidence';
import type { FlowTable, ZoneFlow } from './flows';
import { FrontDoors } from './front-doors';
import { MemberReach } from './member-reach';
import { type Nouns, nounsOf } from './nouns';
import { isDeclaredName, type Party, type Place, SHARED_VPC } from './place';
import { addresslessZones } from './realm';

export interface Facts {
  readonly model: ZoneModel;
  readonly network: NetworkModel;
  readonly binding: Binding;
  readonly evidence: Evidence;
  readonly flows: FlowTable;
  /** ISO date that reviews and expiries are judged at */
  readonly asOf: string;
}

/** A flow that no conduit covers, and the packets of it that are not covered. */
export interface Uncovered {
  readonly flow: ZoneFlow;
  readonly packets: PacketSet;
}

const NETWORK_KINDS: readonly InterfaceKind[] = [
  'vpc-endpoint',
  'load-balancer',
  'nat',
  'resolver-endpoint',
  'client-vpn',
];

export class VerdictContext {
  readonly model: ZoneModel;
  readonly network: NetworkModel;
  readonly binding: Binding;
  readonly evidence: Evidence;
  readonly flows: FlowTable;
  readonly asOf: string;
  readonly zones: ReadonlyMap<string, Zone>;
  readonly allowance: Allowance;
  /** zones that the whole internet stands for */
  readonly addressless: ReadonlySet<string>;
  /** `site:<name>` for every connected site that may send from addresses of no zone */
  readonly undeclaredSites: readonly string[];
  /** what members of assets may, and must be able to, reach */
  readonly mayReach: MemberReach;
  readonly mustReach: MemberReach;
  readonly doubts: Doubts;
  readonly frontDoors: FrontDoors;
  readonly bridges: Bridges;
  /** by pair of zones; isolation finds them, obligations ask again */
  readonly uncovered = new Map<string, readonly Uncovered[]>();
  private outsiders?: Map<string, Party[]>;
  private readonly nouns: Nouns;
  /** `zone\nasset` of the assets that have subnets of their own */
  private readonly housed: ReadonlySet<string>;
  private readonly addresses = new Map<string, AddressSet>();
  private readonly subnets = new Map<string, [ResourceId, Place][]>();
  private readonly interfaces = new Map<string, [ResourceId, readonly Place[]][]>();
  private readonly defaultGroups: ReadonlySet<ResourceId>;
  private readonly groups = new Map<string, ResourceId[]>();
  private readonly vpcs: ReadonlyMap<ResourceId, ResourceId>;
  private readonly natGateways: ReadonlySet<ResourceId>;

  constructor(facts: Facts) {
    this.model = facts.model;
    this.network = facts.network;
    this.binding = facts.binding;
    this.evidence = facts.evidence;
    this.flows = facts.flows;
    this.asOf = facts.asOf;
    this.zones = new Map(facts.model.zones.map((zone) => [zone.name, zone]));
    this.addressless = addresslessZones(facts.model);
    this.allowance = new Allowance(facts.model);
    this.nouns = nounsOf(facts.network);
    this.natGateways = new Set(facts.network.natGateways.map(({ id }) => id));
    this.defaultGroups = new Set(facts.network.securityGroups.filter(({ isDefault }) => isDefault).map(({ id }) => id));
    this.housed = new Set(
      [...facts.binding.subnets.values()].flatMap(({ zone, asset, oneOf }) =>
        (oneOf ?? [asset ?? '']).map((name) => `${zone}\n${name}`),
      ),
    );
    this.vpcs = new Map([...facts.network.subnets, ...facts.network.securityGroups].map(({ id, vpc }) => [id, vpc]));
    this.undeclaredSites = facts.model.sites
      .filter(({ connect, filtersSources }) => connect !== 'none' && !filtersSources)
      .map(({ name }) => `site:${name}`);
    for (const [id, place] of facts.binding.subnets) {
      const known = this.subnets.get(place.zone);
      if (known) known.push([id, place]);
      else this.subnets.set(place.zone, [[id, place]]);
    }
    for (const [id, places] of facts.binding.interfaces) {
      for (const zone of new Set(places.map((place) => place.zone))) {
        const known = this.interfaces.get(zone);
        if (known) known.push([id, places]);
        else this.interfaces.set(zone, [[id, places]]);
      }
    }
    for (const [id, place] of facts.binding.groups) {
      const key = `${place.zone}\n${place.asset ?? ''}`;
      this.groups.set(key, [...(this.groups.get(key) ?? []), id]);
    }
    const membersAt = (party: Party) => this.membersAt(party);
    this.mayReach = new MemberReach('may', facts.evidence.may, facts.flows, membersAt);
    this.mustReach = new MemberReach('must', facts.evidence.must, facts.flows, membersAt);
    this.frontDoors = new FrontDoors(facts.network, facts.binding);
    this.bridges = new Bridges(facts.network, facts.binding, facts.flows);
    this.doubts = new Doubts(facts.network, facts.binding);
  }

  /** Declared interfaces with a place in the zone. */
  interfacesOf(zone: string): readonly (readonly [ResourceId, readonly Place[]])[] {
    return this.interfaces.get(zone) ?? [];
  }

  subnetsOf(zone: string): readonly (readonly [ResourceId, Place])[] {
    return this.subnets.get(zone) ?? [];
  }

  /** Parties of a zone at a site or on the internet. */
  outsidersOf(zone: string): readonly Party[] {
    if (!this.outsiders) {
      const ends = this.evidence.must.ends().filter(({ kind }) => kind === 'site' || kind === 'internet');
      this.outsiders = new Map();
      for (const party of this.flows.places.parties(ends)) {
        const known = this.outsiders.get(party.place.zone);
        if (known) known.push(party);
        else this.outsiders.set(party.place.zone, [party]);
      }
    }
    return this.outsiders.get(zone) ?? [];
  }

  isNatGateway(id: ResourceId): boolean {
    return this.natGateways.has(id);
  }

  /** The groups that make an interface a member of the asset. */
  groupsOf(zone: string, asset: string): readonly ResourceId[] {
    return this.groups.get(`${zone}\n${asset}`) ?? [];
  }

  subnetOf(id: ResourceId): Subnet | undefined {
    return this.nouns.subnets.get(id);
  }

  interfaceOf(id: ResourceId): Interface | undefined {
    return this.nouns.interfaces.get(id);
  }

  /** The group of whatever names none. */
  isDefaultGroup(id: ResourceId): boolean {
    return this.defaultGroups.has(id);
  }

  /** A group can be worn only in its own VPC. */
  isGroupIn(group: ResourceId, subnet: ResourceId): boolean {
    return this.vpcs.get(group) === this.vpcs.get(subnet);
  }

  /** An asset lives in its own subnets; one that has none may be launched wherever no other asset of its zone lives. */
  isHomeOf(asset: string, subnet: ResourceId, zone: string): boolean {
    const place = this.binding.subnets.get(subnet);
    if (place?.zone !== zone) return false;
    if (this.isHoused(asset, zone)) return place.asset === asset || place.oneOf?.includes(asset) === true;
    return (place.asset === undefined && !place.oneOf) || this.isFull(zone);
  }

  /** Every subnet of the zone is some asset's: assets that only groups tell apart may be launched in any of them. */
  private isFull(zone: string): boolean {
    return !this.housed.has(`${zone}\n`);
  }

  /** Whether the asset has subnets of its own. */
  isHoused(asset: string, zone: string): boolean {
    return this.housed.has(`${zone}\n${asset}`);
  }

  /**
   * The members of each asset that may be launched at a potential party. Undefined where the party is not potential, or
   * its zone has no assets to tell apart; empty where no asset is at home.
   */
  membersAt(party: Party): Party[] | undefined {
    if (!party.potential || party.end.kind !== 'subnet') return undefined;
    const { zone } = party.place;
    const declared = this.zones.get(zone)?.assets ?? [];
    if (declared.length === 0 || this.binding.isDecidedByGroup(party.end)) return undefined;
    const subnet = party.end.id;
    const assets = declared.map(({ name }) => name).filter((name) => this.isHomeOf(name, subnet, zone));
    return assets.flatMap((name): Party[] => {
      const groups = this.groupsOf(zone, name).filter((id) => this.isGroupIn(id, subnet));
      // without groups of its own, its members may wear any
      const end: End = groups.length > 0 ? { kind: 'subnet', id: subnet, securityGroups: groups } : party.end;
      return [{ end, place: { zone, asset: name }, potential: true }];
    });
  }

  /** What any group of the VPC decides, and no network ACL can: which endpoint of a VPC that zones share a host uses. */
  sharesVpc(zone: string): boolean {
    return this.zones.get(zone)?.placement.kind === 'shared-vpc';
  }

  /** Whether a zone declares that it uses an AWS service (`aws:kms`); a shared VPC's own place uses what its zones use. */
  usesService(from: string, service: string): boolean {
    const uses = ({ awsServices }: Zone) => awsServices.some((use) => `aws:${use.service}` === service);
    if (from.startsWith(SHARED_VPC)) {
      return this.model.zones.some((zone) => this.isOfSharedVpc(zone.name, from) && uses(zone));
    }
    const zone = this.zones.get(from);
    return zone !== undefined && uses(zone);
  }

  /** Whether the zone lives in the shared VPC whose own place (`vpc:core`) is named. */
  isOfSharedVpc(zone: string, place: string): boolean {
    const placement = this.zones.get(zone)?.placement;
    return placement?.kind === 'shared-vpc' && `${SHARED_VPC}${placement.vpc}` === place;
  }

  /** A balancer of the zone behind which nothing is registered yet: which port answers, only its target group says. */
  isVacant(balancer: ResourceId, zone: string): boolean {
    const noun = this.nouns.balancers.get(balancer);
    if (!noun || !(this.binding.interfaces.get(noun.interface) ?? []).some((place) => place.zone === zone))
      return false;
    return this.targetsOf(noun).length === 0;
  }

  /** A balancer whose registered targets all stand outside the zone; one without any leads elsewhere if nothing is here. */
  leadsElsewhere(balancer: ResourceId, zone: string): boolean {
    const noun = this.nouns.balancers.get(balancer);
    const targets = noun ? this.targetsOf(noun) : [];
    if (targets.length > 0) return !targets.some(({ to }) => this.isTargetIn(to, zone));
    return this.subnetsOf(zone).length === 0 && !this.interfacesOf(zone).some(([id]) => this.isWorkload(id));
  }

  private targetsOf({ listeners }: LoadBalancer): Target[] {
    const groups = new Set(listeners.flatMap(({ targetGroups }) => targetGroups));
    return [...groups].flatMap((id) => this.nouns.targetGroups.get(id)?.targets ?? []);
  }

  private isTargetIn(to: Target['to'], zone: string): boolean {
    if (to.kind === 'interface') return (this.binding.interfaces.get(to.id) ?? []).some((place) => place.zone === zone);
    return isKnown(to.cidr) && !AddressSet.of(to.cidr).intersect(this.addressesOf(zone)).isEmpty();
  }

  /** The known addresses of a zone: of its subnets, or of its part of a site. */
  addressesOf(zone: string): AddressSet {
    let found = this.addresses.get(zone);
    if (!found) {
      const { placement } = this.zones.get(zone) ?? {};
      const declared = placement?.kind === 'site' || placement?.kind === 'outside' ? placement.cidrs : [];
      const decided = this.binding.subnetsOfGroups(zone);
      const subnets = [...this.subnetsOf(zone).map(([id]) => id), ...decided].flatMap(
        (id) => this.nouns.subnets.get(id) ?? [],
      );
      found = AddressSet.of(...declared, ...subnets.flatMap(({ cidrs }) => cidrs.filter(isKnown)));
      this.addresses.set(zone, found);
    }
    return found;
  }

  /** An endpoint or a load balancer: what matters is where it leads. */
  isFrontDoor(end: End): boolean {
    if (end.kind !== 'interface') return false;
    const kind = this.nouns.interfaces.get(end.id)?.kind;
    return kind === 'vpc-endpoint' || kind === 'load-balancer';
  }

  /** Something that serves or calls, as against what the network itself is made of. */
  isWorkload(id: ResourceId): boolean {
    const noun = this.nouns.interfaces.get(id);
    // what carries others by rules of its own is a way in
    return noun !== undefined && noun.admits === undefined && !NETWORK_KINDS.includes(noun.kind);
  }

  /** What any conduit delivers to a place: what its own front doors pass on to it. */
  deliveredTo(place: Place): PacketSet {
    return this.allowance.deliveredTo(place);
  }

  isInAws(zone: string): boolean {
    const placement = this.zones.get(zone)?.placement.kind;
    if (placement === 'site' || placement === 'outside') return false;
    return isDeclaredName(zone) || zone.startsWith('unbound:') || zone.startsWith(SHARED_VPC);
  }
}
