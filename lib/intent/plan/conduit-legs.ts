/**
 * Conduits -> legs, and what each mechanism puts between them: load balancers, interface endpoints, crossings of the
 * transit gateway.
 */
import type { Diagnostic } from '../../base/diagnostics';
import { ALL_IPV4, formatPortRange, type Prefix } from '../../base/net';
import type { Conduit, ServiceTraffic, Zone } from '../zones';
import { type AddressPlan, type AssetPlace, placesOf } from './address-plan';
import { type GroupParty, type Leg, type Party, trafficOf } from './leg';
import { type MechanismChoice, WIDEST_ENDPOINT_RANGE } from './mechanism';
import type { GroupKey, TransitAttachment } from './network-plan';

/** One listener's worth of demand on a load balancer; equal ports are merged later. */
export interface BalancerDemand {
  readonly responder: AssetPlace;
  readonly scheme: 'internal' | 'public';
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly service: string;
  readonly conduit: string;
}

export interface EndpointDemand {
  readonly initiator: AssetPlace;
  readonly responder: AssetPlace;
  readonly conduit: string;
}

/** Two sides of the transit gateway that may speak: each learns the other's ranges and nothing else. */
export interface Crossing {
  readonly from: { readonly at: TransitAttachment; readonly ranges: readonly Prefix[]; readonly group?: GroupKey };
  readonly to: { readonly at: TransitAttachment; readonly ranges: readonly Prefix[]; readonly group?: GroupKey };
  readonly conduit: string;
}

export interface ConduitLegs {
  readonly legs: Leg[];
  readonly balancers: BalancerDemand[];
  readonly endpoints: EndpointDemand[];
  readonly crossings: Crossing[];
  readonly diagnostics: Diagnostic[];
}

/** Finds the range of a role's subnets in the zone's block. */
export type RoleParty = (
  zone: Zone,
  role: 'endpoint' | 'load-balancer' | 'public',
  securityGroup: GroupKey,
) => GroupParty | undefined;

export function partyOf(place: AssetPlace): GroupParty {
  return { kind: 'group', securityGroup: place.key, subnetGroup: place.key, cidr: place.cidr };
}

export function balancerKey(responder: AssetPlace, scheme: 'internal' | 'public'): GroupKey {
  return `${responder.key}#${scheme}-balancer`;
}

export function endpointKey(initiatorZone: string, responder: AssetPlace): GroupKey {
  return `${initiatorZone}->${responder.key}`;
}

export function legsOfConduit(
  conduit: Conduit,
  choice: MechanismChoice,
  addresses: AddressPlan,
  roles: RoleParty,
): ConduitLegs {
  const out: ConduitLegs = { legs: [], balancers: [], endpoints: [], crossings: [], diagnostics: [] };
  const builder = new LegBuilder(conduit, addresses, roles, out);
  const { from, to } = choice;
  switch (choice.plan.mechanism) {
    case 'local':
      if (from.kind === 'vpc' && to.kind === 'vpc') builder.local(from.zone, to.zone);
      break;
    case 'endpoint':
      if (from.kind === 'vpc' && to.kind === 'vpc') builder.endpoint(from.zone, to.zone);
      break;
    case 'internet':
      if (from.kind === 'internet' && to.kind === 'vpc') builder.internet(from.zone, to.zone);
      break;
    case 'transit':
      builder.transit(choice);
      break;
    default:
      break;
  }
  return out;
}

class LegBuilder {
  private readonly text: string;

  constructor(
    private readonly conduit: Conduit,
    private readonly addresses: AddressPlan,
    private readonly roles: RoleParty,
    private readonly out: ConduitLegs,
  ) {
    this.text = conduit.why ?? `${conduit.from.zone} to ${conduit.to.zone}`;
  }

  local(from: Zone, to: Zone): void {
    for (const initiator of this.initiators(from)) {
      for (const responder of this.responders(to)) {
        for (const { traffic } of this.traffic())
          this.leg(initiator.vpc, partyOf(initiator), partyOf(responder), traffic);
      }
    }
  }

  /** initiator -> interface endpoint | PrivateLink | load balancer -> responder */
  endpoint(from: Zone, to: Zone): void {
    for (const responder of this.responders(to)) {
      const balancer = this.roles(to, 'load-balancer', balancerKey(responder, 'internal'));
      const endpoint = this.roles(from, 'endpoint', endpointKey(from.name, responder));
      if (!balancer || !endpoint) {
        this.noRoom(balancer ? from : to, balancer ? 'interface endpoint' : 'load balancer');
        continue;
      }
      for (const { traffic, service } of this.traffic()) {
        for (const initiator of this.initiators(from)) {
          this.out.endpoints.push({ initiator, responder, conduit: this.conduit.name });
          this.leg(initiator.vpc, partyOf(initiator), endpoint, traffic);
          const consumers: Party = { kind: 'ranges', prefixes: [initiator.cidr], across: 'privatelink' };
          this.leg(responder.vpc, consumers, balancer, traffic);
        }
        this.leg(responder.vpc, balancer, partyOf(responder), traffic);
        this.listen(responder, 'internal', traffic, service);
      }
    }
  }

  /** internet -> public load balancer -> responder, which itself stays private */
  internet(from: Zone | undefined, to: Zone): void {
    const prefixes = from?.placement.kind === 'outside' ? from.placement.cidrs : [ALL_IPV4];
    for (const responder of this.responders(to)) {
      const balancer = this.roles(to, 'public', balancerKey(responder, 'public'));
      if (!balancer) {
        this.noRoom(to, 'public load balancer');
        continue;
      }
      for (const { traffic, service } of this.traffic()) {
        if (traffic.protocol !== 'tcp' && traffic.protocol !== 'udp') {
          this.unfit(
            `\`${traffic.protocol}\` cannot come in through a public load balancer`,
            'allow tcp or udp services only',
          );
          continue;
        }
        if (traffic.ports && traffic.ports.to - traffic.ports.from >= WIDEST_ENDPOINT_RANGE) {
          const range = formatPortRange(traffic.ports);
          this.unfit(
            `ports ${range} are too many for the listeners of a load balancer`,
            'allow the few ports that are needed',
          );
          continue;
        }
        this.leg(
          responder.vpc,
          { kind: 'ranges', prefixes: this.ipv4(prefixes), across: 'internet' },
          balancer,
          traffic,
        );
        this.leg(responder.vpc, balancer, partyOf(responder), traffic);
        this.listen(responder, 'public', traffic, service);
      }
    }
  }

  transit({ from, to }: MechanismChoice): void {
    const sides = (end: 'from' | 'to') => {
      const place = end === 'from' ? from : to;
      if (place.kind === 'vpc') {
        const groups = end === 'from' ? this.initiators(place.zone) : this.responders(place.zone);
        return groups.map((group) => ({ at: { kind: 'vpc', name: place.vpc } as const, ranges: [group.cidr], group }));
      }
      if (place.kind !== 'site') return [];
      const ranges = this.siteRanges(place.zone, this.conduit[end].asset);
      return ranges.length > 0 ? [{ at: { kind: 'site', name: place.site } as const, ranges, group: undefined }] : [];
    };
    for (const initiator of sides('from')) {
      for (const responder of sides('to')) {
        const crossing = {
          from: { ...initiator, group: initiator.group?.key },
          to: { ...responder, group: responder.group?.key },
          conduit: this.conduit.name,
        };
        this.out.crossings.push(crossing);
        for (const { traffic } of this.traffic()) {
          const far = (ranges: readonly Prefix[]): Party => ({ kind: 'ranges', prefixes: ranges, across: 'transit' });
          if (initiator.group) this.leg(initiator.group.vpc, partyOf(initiator.group), far(responder.ranges), traffic);
          if (responder.group) this.leg(responder.group.vpc, far(initiator.ranges), partyOf(responder.group), traffic);
        }
      }
    }
  }

  private initiators(zone: Zone): AssetPlace[] {
    return placesOf(this.addresses, zone, this.conduit.from.asset);
  }

  private responders(zone: Zone): AssetPlace[] {
    return placesOf(this.addresses, zone, this.conduit.to.asset);
  }

  private siteRanges(zone: Zone, asset: string | undefined): Prefix[] {
    const whole = zone.placement.kind === 'site' ? zone.placement.cidrs : [];
    const named = zone.assets.find(({ name }) => name === asset)?.cidrs ?? [];
    return this.ipv4(named.length > 0 ? named : whole);
  }

  private ipv4(prefixes: readonly Prefix[]): Prefix[] {
    const ipv4 = prefixes.filter((prefix) => prefix.family === 4);
    if (ipv4.length < prefixes.length) {
      this.out.diagnostics.push({
        code: 'PLAN_IPV6_UNAVAILABLE',
        severity: ipv4.length === 0 ? 'error' : 'warning',
        message: `conduit \`${this.conduit.name}\` names IPv6 ranges, and the VPCs that Cordon builds have none`,
        help: 'the conduit works for IPv4 ranges only',
        span: this.conduit.source,
      });
    }
    return ipv4;
  }

  private traffic(): { traffic: ServiceTraffic; service: string }[] {
    return this.conduit.channels.flatMap(({ service, traffic }) => traffic.map((part) => ({ traffic: part, service })));
  }

  private leg(vpc: string, initiator: Party, responder: Party, traffic: ServiceTraffic): void {
    const { name } = this.conduit;
    this.out.legs.push({ vpc, initiator, responder, ...trafficOf(traffic), conduit: name, text: this.text });
  }

  private listen(responder: AssetPlace, scheme: 'internal' | 'public', traffic: ServiceTraffic, service: string): void {
    const { protocol, ports } = traffic;
    if ((protocol !== 'tcp' && protocol !== 'udp') || !ports) return;
    for (let port = ports.from; port <= ports.to; port++) {
      this.out.balancers.push({ responder, scheme, protocol, port, service, conduit: this.conduit.name });
    }
  }

  private noRoom(zone: Zone, what: string): void {
    this.out.diagnostics.push({
      code: 'PLAN_NO_ROOM',
      severity: 'error',
      message: `zone \`${zone.name}\` has no room for the ${what} of conduit \`${this.conduit.name}\``,
      help: 'give the zone a larger block, or let the conduit cross `via: transit`',
      span: this.conduit.source,
    });
  }

  private unfit(message: string, help: string): void {
    const { name, source } = this.conduit;
    this.out.diagnostics.push({
      code: 'PLAN_MECHANISM_UNFIT',
      severity: 'error',
      message: `conduit \`${name}\`: ${message}`,
      help,
      span: source,
    });
  }
}
