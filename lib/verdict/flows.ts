/**
 * Everything that may flow, told in places: the engine's answers, split where one end holds several zones (a site, the
 * internet), and sorted by pair of zones.
 */
import { AddressSet, PacketSet } from '../base/net';
import {
  type End,
  endKey,
  isUnknown,
  type LoadBalancer,
  type NetworkModel,
  type ResourceId,
  type UnknownUse,
} from '../evidence/network';
import { partOf, type Reach } from '../evidence/reachability/reach';
import type { ZoneModel } from '../intent/zones';
import { partsOfZone, type SitePart } from './bind-sites';
import type { Binding } from './binding';
import type { Engine } from './evidence';
import { nounsOf } from './nouns';
import { INTERNET, type Party } from './place';

/** Packets that may go from one place to another. */
export interface ZoneFlow {
  readonly from: Party;
  readonly to: Party;
  /** as they arrive, those only that land at `to` */
  readonly received: PacketSet;
  /** what the engine said; `reach.to` is where a packet of it is replayed to: the endpoint, where `to` is behind one */
  readonly reach: Reach;
}

/** A load balancer that an endpoint leads to, and what it listens for: targets may be registered any day. */
interface Behind {
  readonly balancer: ResourceId;
  readonly heard: PacketSet;
}

export class FlowTable {
  private readonly byPair = new Map<string, ZoneFlow[]>();
  private readonly lost = new Map<string, ZoneFlow[]>();
  private readonly bySender = new Map<string, ZoneFlow[]>();
  readonly unknowns: readonly UnknownUse[];

  constructor(
    readonly places: Places,
    engine: Engine,
  ) {
    const unknowns = new Map<string, UnknownUse>();
    for (const [end, parties] of byEnd(places.parties(engine.ends()))) {
      if (places.neverInitiates(end)) continue;
      const answer = engine.reachFrom(end);
      for (const use of answer.unknowns) unknowns.set(`${use.resource}\n${use.reason}`, use);
      for (const party of parties) {
        const reaches = answer.reaches.flatMap((reach) => narrowToSources(party, reach) ?? []);
        for (const flow of reaches.flatMap((reach) => places.land(party, reach))) {
          for (const exact of narrowToGroups(flow, engine)) this.add(exact);
        }
      }
    }
    // A list that grew has room for more; these are many, and most are short.
    for (const lists of [this.byPair, this.bySender]) for (const [key, list] of lists) lists.set(key, [...list]);
    this.unknowns = [...unknowns.keys()].sort().flatMap((key) => unknowns.get(key) ?? []);
  }

  /** flows that start at an end; at a subnet, whatever groups are worn there */
  from(end: End): readonly ZoneFlow[] {
    return this.bySender.get(senderKey(end)) ?? [];
  }

  private add(flow: ZoneFlow): void {
    if (flow.to.end.kind === 'external') {
      const { zone } = flow.from.place;
      const known = this.lost.get(zone);
      if (known) known.push(flow);
      else this.lost.set(zone, [flow]);
    }
    const sender = senderKey(flow.from.end);
    const sent = this.bySender.get(sender);
    if (sent) sent.push(flow);
    else this.bySender.set(sender, [flow]);
    const key = pairKey(flow.from.place.zone, flow.to.place.zone);
    const list = this.byPair.get(key);
    if (list) list.push(flow);
    else this.byPair.set(key, [flow]);
  }

  between(from: string, to: string): readonly ZoneFlow[] {
    return this.byPair.get(pairKey(from, to)) ?? [];
  }

  /** flows of a zone that end at something that no template shows */
  toNowhereKnown(from: string): readonly ZoneFlow[] {
    return this.lost.get(from) ?? [];
  }

  /** pairs of zones between which something flows, sorted */
  pairs(): readonly { readonly from: string; readonly to: string }[] {
    return [...this.byPair.keys()].sort().map((key) => {
      const [from = '', to = ''] = key.split('\n');
      return { from, to };
    });
  }
}

/** The engine spoke of everyone in the subnet; this place is only those who wear certain groups. */
function narrowToGroups(flow: ZoneFlow, engine: Engine): ZoneFlow[] {
  if (flow.to.end.kind !== 'subnet' || endKey(flow.to.end) === endKey(flow.reach.to)) return [flow];
  const { reaches } = engine.reachFrom(flow.from.end, { ...sourceRestriction(flow.from), to: [flow.to.end] });
  return reaches.map((reach) => ({ ...flow, reach, received: reach.received }));
}

function senderKey(end: End): string {
  return end.kind === 'subnet' ? `subnet:${end.id}` : endKey(end);
}

function pairKey(from: string, to: string): string {
  return `${from}\n${to}`;
}

function byEnd(parties: readonly Party[]): Map<End, Party[]> {
  const ends = new Map<string, [End, Party[]]>();
  for (const party of parties) {
    const known = ends.get(endKey(party.end));
    if (known) known[1].push(party);
    else ends.set(endKey(party.end), [party.end, [party]]);
  }
  return new Map(ends.values());
}

/** The part of a reach that starts from the party's own addresses; undefined where there is none. */
export function narrowToSources(party: Party, reach: Reach): Reach | undefined {
  if (!party.addresses) return reach;
  const own = PacketSet.of({ sources: party.addresses });
  const sent = reach.sent.intersect(own);
  if (sent.isEmpty()) return undefined;
  // translated packets no longer show who sent them: all that arrives may be this party's
  const received = reach.via.length === 0 ? reach.received.intersect(own) : reach.received;
  return received.isEmpty() ? undefined : partOf(reach, sent, received);
}

/** A party that is only some addresses of its end may send from those only. */
export function sourceRestriction(party: Party): { packets?: PacketSet } {
  return party.addresses ? { packets: PacketSet.of({ sources: party.addresses }) } : {};
}

/** From ends to places and back. */
export class Places {
  private readonly outside: readonly SitePart[];
  private readonly vpcOfSubnet: ReadonlyMap<ResourceId, ResourceId>;
  private readonly groupsOfVpc = new Map<ResourceId, ResourceId[]>();
  /** interfaces of interface endpoints whose service is known */
  private readonly endpoints: ReadonlySet<ResourceId>;
  /** by the interface of the endpoint */
  private readonly behind: ReadonlyMap<ResourceId, readonly Behind[]>;

  constructor(
    model: ZoneModel,
    network: NetworkModel,
    readonly binding: Binding,
  ) {
    const parts: SitePart[] = [];
    let rest = AddressSet.ALL;
    for (const zone of model.zones) {
      if (zone.placement.kind !== 'outside' || zone.placement.cidrs.length === 0) continue;
      const whole = AddressSet.of(...zone.placement.cidrs);
      rest = rest.subtract(whole);
      parts.push(...partsOfZone(zone, whole));
    }
    this.outside = [...parts, { place: { zone: INTERNET }, addresses: rest, sends: true }];
    this.behind = findBehind(network);
    const known = network.vpcEndpoints.filter(({ service }) => ['aws', 'private', 'lattice'].includes(service.kind));
    this.endpoints = new Set(known.flatMap((endpoint) => endpoint.interface ?? []));
    this.vpcOfSubnet = new Map(network.subnets.map(({ id, vpc }) => [id, vpc]));
    for (const { id, vpc } of network.securityGroups) {
      const known = this.groupsOfVpc.get(vpc);
      if (known) known.push(id);
      else this.groupsOfVpc.set(vpc, [id]);
    }
  }

  /** What an endpoint leads to answers through it and never calls back (SEMANTICS 31). */
  neverInitiates(end: End): boolean {
    return end.kind === 'interface' && this.endpoints.has(end.id);
  }

  /** Every place that the ends stand for: what a conversation may start from. */
  parties(ends: readonly End[]): Party[] {
    return ends.flatMap((end) => this.partiesOf(end).filter(({ addresses }) => !addresses?.isEmpty()));
  }

  private partiesOf(end: End): Party[] {
    switch (end.kind) {
      case 'subnet':
        return this.subnetParties(end.id);
      case 'interface':
        return (this.binding.interfaces.get(end.id) ?? [{ zone: `unbound:${end.id}` }]).map((place) => ({
          end,
          place,
          potential: false,
        }));
      case 'internet':
        return splitParty(end, this.outside);
      case 'site':
        return splitParty(
          end,
          this.partsOfSite(end.id).filter(({ sends }) => sends),
        );
      case 'aws-service':
        return [{ end, place: { zone: `aws:${end.name}` }, potential: false }];
      default:
        return [{ end, place: { zone: `external:${end.id}` }, potential: false }];
    }
  }

  /** Where a group alone decides the zone, its wearers in a subnet are one place, and everyone else there another. */
  private subnetParties(id: ResourceId): Party[] {
    const wearers = this.wearersIn(id);
    if (this.binding.leftToGroups.has(id)) return wearers;
    const place = this.binding.subnets.get(id) ?? { zone: `unbound:${id}` };
    const vpc = this.vpcOfSubnet.get(id);
    const deciding = vpc === undefined ? [] : (this.binding.decidingGroups.get(vpc) ?? []);
    if (vpc === undefined || deciding.length === 0) return [{ end: { kind: 'subnet', id }, place, potential: true }];
    const others = (this.groupsOfVpc.get(vpc) ?? []).filter((group) => !deciding.includes(group));
    return [{ end: { kind: 'subnet', id, securityGroups: others }, place, potential: true }, ...wearers];
  }

  private wearersIn(id: ResourceId): Party[] {
    const vpc = this.vpcOfSubnet.get(id);
    const deciding = vpc === undefined ? [] : (this.binding.decidingGroups.get(vpc) ?? []);
    return deciding.flatMap((group): Party[] => {
      const place = this.binding.groups.get(group);
      return place ? [{ end: { kind: 'subnet', id, securityGroups: [group] }, place, potential: true }] : [];
    });
  }

  /** Everyone whose zone a group alone decides, in every subnet of the group's VPC. */
  wearers(): Party[] {
    if (this.binding.decidingGroups.size === 0) return [];
    return [...this.vpcOfSubnet.keys()].flatMap((id) => this.wearersIn(id));
  }

  partsOfSite(id: ResourceId): readonly SitePart[] {
    return (
      this.binding.sites.get(id)?.parts ?? [{ place: { zone: `site:${id}` }, addresses: AddressSet.ALL, sends: true }]
    );
  }

  /** Splits what arrives at an end over the places that the end holds. */
  land(from: Party, reach: Reach): ZoneFlow[] {
    const { to, received } = reach;
    if (to.kind === 'internet' || to.kind === 'site') {
      const parts = to.kind === 'internet' ? this.outside : this.partsOfSite(to.id);
      return parts.flatMap(({ place, addresses }) => {
        const there = received.intersect(PacketSet.of({ destinations: addresses }));
        return there.isEmpty()
          ? []
          : [{ from, to: { end: to, place, addresses, potential: false }, received: there, reach }];
      });
    }
    // Whoever reaches an endpoint is taken to reach the balancer behind it, whether anyone has accepted it yet or not.
    if (this.isBehindLast(reach)) return [];
    const behind = to.kind === 'interface' ? (this.behind.get(to.id) ?? []) : [];
    return [
      ...this.partiesOf(to).map((party) => ({ from, to: party, received, reach })),
      ...behind.flatMap(({ balancer, heard }) => this.landBehind(from, reach, balancer, heard)),
    ];
  }

  private isBehindLast({ to, via }: Reach): boolean {
    const behind = this.behind.get(via.at(-1) ?? '') ?? [];
    return to.kind === 'interface' && behind.some(({ balancer }) => balancer === to.id);
  }

  private landBehind(from: Party, reach: Reach, balancer: ResourceId, heard: PacketSet): ZoneFlow[] {
    const received = reach.received.intersect(heard);
    if (received.isEmpty()) return [];
    return this.partiesOf({ kind: 'interface', id: balancer }).map((to) => ({ from, to, received, reach }));
  }
}

function findBehind(network: NetworkModel): Map<ResourceId, Behind[]> {
  const behind = new Map<ResourceId, Behind[]>();
  for (const endpoint of network.vpcEndpoints) {
    const { service } = endpoint;
    if (service.kind !== 'private' || endpoint.interface === undefined) continue;
    const { endpointServices, balancers } = nounsOf(network);
    const before = new Set(endpointServices.get(service.id)?.loadBalancers);
    const found = [...before].flatMap((id) => balancers.get(id) ?? []);
    behind.set(
      endpoint.interface,
      found.map(({ interface: balancer, listeners }) => ({ balancer, heard: heardBy(listeners) })),
    );
  }
  return behind;
}

function heardBy(listeners: LoadBalancer['listeners']): PacketSet {
  return listeners.reduce((set, { protocols, ports }) => {
    const destinationPorts = isUnknown(ports) ? {} : { destinationPorts: [ports] };
    return set.union(PacketSet.of({ protocols, ...destinationPorts }));
  }, PacketSet.EMPTY);
}

function splitParty(end: End, parts: readonly SitePart[]): Party[] {
  return parts.map(({ place, addresses }) => ({ end, place, addresses, potential: false }));
}
