/**
 * The estate in the words of the network, for certificates: which ends are a zone, and which are hosts of it that are
 * taken over together. That they are is the binding, which the report lists.
 */
import { PacketSet } from '../base/net';
import { BEYOND, type End, endKey, type ResourceId } from '../evidence/network';
import type { WantedPlace } from '../evidence/reachability/certify';
import type { VerdictContext } from './context';
import { NO_ASSET, type Party, type Place, SHARED_VPC, showPlace } from './place';

/** Hosts of one zone, with the place that conduits are asked about. */
export interface Hosts {
  readonly name: string;
  readonly place: Place;
  /** the one interface that they are, if they are no asset's */
  readonly end?: End;
  readonly isFrontDoor: boolean;
}

interface Draft {
  readonly kind: WantedPlace['kind'];
  readonly senders: Map<string, WantedPlace['senders'][number]>;
  readonly receivers: Map<string, WantedPlace['receivers'][number]>;
}

/** What a shared VPC has for its zones besides endpoints, which answer to them. */
export const othersOf = (sharedVpc: string): string => `${sharedVpc}#others`;

export class CertifiablePlaces {
  private readonly drafts = new Map<string, Draft>();
  private readonly hosts = new Map<string, Map<string, Hosts>>();

  constructor(
    private readonly context: VerdictContext,
    ends: readonly End[],
  ) {
    const { places } = context.flows;
    const senders = places.parties(ends).filter(({ end }) => !places.neverInitiates(end));
    for (const party of senders) this.addSender(party.place.zone, 'zone', party);
    for (const party of [...places.parties([...ends, ...awsEnds(context)]), ...this.wholeSites(ends)]) {
      const { zone } = party.place;
      this.addReceiver(zone, 'zone', party);
      const isOther = zone.startsWith(SHARED_VPC) && !party.potential && !context.isFrontDoor(party.end);
      if (isOther) this.addReceiver(othersOf(zone), 'zone', party);
      if (context.zones.has(zone) && context.isInAws(zone)) this.addHosts(zone, party);
    }
    for (const zone of this.names()) this.addBeyond(zone);
  }

  /** What no template shows may lead to whoever has the address. */
  private addBeyond(zone: string): void {
    const addresses = this.context.addressesOf(zone);
    if (addresses.isEmpty()) return;
    this.addReceiver(zone, 'zone', { end: BEYOND, place: { zone }, addresses, potential: false });
  }

  /** By name. */
  wanted(): Map<string, WantedPlace> {
    const vacant = this.vacantBalancers();
    return new Map(
      [...this.drafts].map(([name, { kind, senders, receivers }]) => {
        const hosts = this.hosts.get(name);
        const behindNothing = vacant.get(name);
        return [
          name,
          {
            kind,
            senders: [...senders.values()],
            receivers: [...receivers.values()],
            ...(hosts ? { hosts: [...hosts.keys()].sort() } : {}),
            ...(behindNothing ? { vacant: behindNothing.sort() } : {}),
          },
        ];
      }),
    );
  }

  /** Interfaces of balancers behind which nothing stands yet, by zone. */
  private vacantBalancers(): Map<string, ResourceId[]> {
    const vacant = new Map<string, ResourceId[]>();
    for (const balancer of this.context.network.loadBalancers) {
      const places = this.context.binding.interfaces.get(balancer.interface) ?? [];
      for (const zone of new Set(places.map((place) => place.zone))) {
        if (!this.context.isVacant(balancer.id, zone)) continue;
        const known = vacant.get(zone);
        if (known) known.push(balancer.interface);
        else vacant.set(zone, [balancer.interface]);
      }
    }
    return vacant;
  }

  has(name: string): boolean {
    return this.drafts.has(name);
  }

  /** Names of zones, sorted. */
  names(): string[] {
    return [...this.drafts].flatMap(([name, { kind }]) => (kind === 'zone' ? name : [])).sort();
  }

  /** Those that conduits tell apart; a zone without assets is its own host. */
  hostsOf(zone: string): readonly Hosts[] {
    const hosts = this.hosts.get(zone);
    return hosts ? [...hosts.values()] : [{ name: zone, place: { zone }, isFrontDoor: false }];
  }

  /**
   * What names no group wears its VPC's default group, which admits its own: for each workload of the zone that does, the
   * names of whatever is launched beside it without naming one, and of itself.
   */
  nameless(
    zone: string,
  ): { readonly from: string; readonly to: string; readonly fromPlace: Place; readonly toPlace: Place }[] {
    const { context } = this;
    const fromPlace: Place = { zone, asset: NO_ASSET };
    return context.interfacesOf(zone).flatMap(([id, [place]]) => {
      if (!place || !context.isWorkload(id)) return [];
      const worn = (context.interfaceOf(id)?.securityGroups ?? []).filter((group) => context.isDefaultGroup(group));
      const from = `${zone}#beside ${id}`;
      for (const [subnet] of context.subnetsOf(zone)) {
        const securityGroups = worn.filter((group) => context.isGroupIn(group, subnet));
        if (securityGroups.length === 0) continue;
        const party: Party = { end: { kind: 'subnet', id: subnet, securityGroups }, place: fromPlace, potential: true };
        this.addSender(from, 'hosts', party);
      }
      if (!this.drafts.has(from)) return [];
      const to = `${zone}#only ${id}`;
      this.addReceiver(to, 'hosts', { end: { kind: 'interface', id }, place, potential: false });
      return [{ from, to, fromPlace, toPlace: place }];
    });
  }

  /** An asset's wearers and what is declared of it are one; whatever else has an address is one of its own. */
  private addHosts(zone: string, party: Party): void {
    const { context } = this;
    if ((context.zones.get(zone)?.assets ?? []).length === 0) return;
    for (const member of context.membersAt(party) ?? [party]) {
      const { end, place } = member;
      const isAsset = place.asset !== undefined && place.asset !== NO_ASSET && place.oneOf === undefined;
      const name = isAsset ? showPlace(place) : `${zone}#${endKey(end)}`;
      const known = this.hosts.get(zone) ?? new Map<string, Hosts>();
      this.hosts.set(zone, known);
      const isFrontDoor = context.isFrontDoor(end);
      if (!known.has(name))
        known.set(name, { name, place, isFrontDoor: isFrontDoor && !isAsset, ...(isAsset ? {} : { end }) });
      if (!context.flows.places.neverInitiates(end)) this.addSender(name, 'hosts', member);
      this.addReceiver(name, 'hosts', member);
    }
  }

  private draft(name: string, kind: Draft['kind']): Draft {
    const draft = this.drafts.get(name) ?? { kind, senders: new Map(), receivers: new Map() };
    this.drafts.set(name, draft);
    return draft;
  }

  private addSender(name: string, kind: Draft['kind'], { end, addresses }: Party): void {
    const { senders } = this.draft(name, kind);
    const own = addresses && PacketSet.of({ sources: addresses });
    const sent = either(senders.get(endKey(end)), senders.get(endKey(end))?.sent, own);
    senders.set(endKey(end), { end, ...(sent ? { sent } : {}) });
  }

  private addReceiver(name: string, kind: Draft['kind'], { end, addresses }: Party): void {
    const { receivers } = this.draft(name, kind);
    const own = addresses && PacketSet.of({ destinations: addresses });
    const there = either(receivers.get(endKey(end)), receivers.get(endKey(end))?.there, own);
    receivers.set(endKey(end), { end, ...(there ? { there } : {}) });
  }

  /** Parts of a site that never send may be sent to. */
  private wholeSites(ends: readonly End[]): Party[] {
    return ends.flatMap((end) =>
      end.kind === 'site'
        ? this.context.flows.places
            .partsOfSite(end.id)
            .filter(({ sends, addresses }) => !sends && !addresses.isEmpty())
            .map(({ place, addresses }) => ({ end, place, addresses, potential: false }))
        : [],
    );
  }
}

/** Several parts of one end are one; undefined is all of it. */
function either(before: object | undefined, known: PacketSet | undefined, own: PacketSet | undefined) {
  if (!before) return own;
  return known && own ? known.union(own) : undefined;
}

/** AWS's services, behind the endpoints that lead to them. */
function awsEnds({ network }: VerdictContext): End[] {
  return network.vpcEndpoints.flatMap(({ id, service }): End[] =>
    service.kind === 'aws' ? [{ kind: 'aws-service', name: service.name, endpoint: id }] : [],
  );
}
