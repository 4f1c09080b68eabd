/**
 * What the zone file allows from one place to another: the packets of all declared channels, as they arrive.
 * Addresses are not asked here: a place already says where a packet is from and where it lands.
 */
import { ICMP, ICMPV6, type PacketPattern, PacketSet, TCP, UDP } from '../base/net';
import type { Conduit, ConduitEnd, ServiceTraffic, ZoneModel } from '../intent/zones';
import { mayBeAsset, type Place } from './place';
import { addresslessZones, realmOf } from './realm';

const ECHO_TYPE = { icmp: 8, icmpv6: 128 } as const;

/** For icmp the destination port stands for the type and the source port for the code, as in PacketSet. */
export function patternOf(traffic: ServiceTraffic): PacketPattern {
  switch (traffic.protocol) {
    case 'icmp':
    case 'icmpv6': {
      const type = ECHO_TYPE[traffic.protocol];
      return {
        protocols: [traffic.protocol === 'icmp' ? ICMP : ICMPV6],
        destinationPorts: [{ from: type, to: type }],
        sourcePorts: [{ from: 0, to: 0 }],
      };
    }
    default:
      return {
        protocols: [traffic.protocol === 'tcp' ? TCP : UDP],
        ...(traffic.ports ? { destinationPorts: [traffic.ports] } : {}),
      };
  }
}

export function packetsOf(traffic: readonly ServiceTraffic[]): PacketSet {
  return traffic.reduce((set, item) => set.union(PacketSet.of(patternOf(item))), PacketSet.EMPTY);
}

const PINGS = PacketSet.of({ protocols: [ICMP, ICMPV6] });
const WHOLE_PROTOCOLS: Readonly<Record<string, number>> = { icmp: ICMP, icmpv6: ICMPV6 };

/**
 * What a named service allows. `icmp` names a protocol, so it allows every message of it, though the plan opens echo
 * alone; `ping` allows echo. The code of an echo request means nothing (RFC 792, RFC 4443).
 */
function allowedBy(service: string, traffic: readonly ServiceTraffic[]): PacketSet {
  const whole = WHOLE_PROTOCOLS[service];
  if (whole !== undefined) return PacketSet.of({ protocols: [whole] });
  const packets = packetsOf(traffic);
  return packets.union(packets.intersect(PINGS).withAnySourcePort());
}

export interface Permission {
  readonly from: ConduitEnd;
  readonly to: ConduitEnd;
  /** absent: an asset's `from:` */
  readonly conduit?: Conduit;
  readonly packets: PacketSet;
}

export class Allowance {
  private readonly byPair = new Map<string, Permission[]>();
  private readonly cache = new Map<string, PacketSet>();
  /** zones that a conduit leads from, by the zone that it leads to */
  private readonly sendersTo = new Map<string, Set<string>>();

  constructor(model: ZoneModel) {
    const addressless = addresslessZones(model);
    for (const conduit of model.conduits) {
      const [from, to] = [realmOf(conduit.from, addressless), realmOf(conduit.to, addressless)];
      const packets = PacketSet.unionAll(conduit.channels.map(({ service, traffic }) => allowedBy(service, traffic)));
      this.add({ from, to, conduit, packets });
      this.sendersTo.set(conduit.to.zone, (this.sendersTo.get(conduit.to.zone) ?? new Set()).add(conduit.from.zone));
    }
    for (const zone of model.zones) {
      for (const asset of zone.assets) {
        if (asset.from.length === 0) continue;
        const served = model.services.filter(({ name }) => asset.serves.includes(name));
        const packets = PacketSet.unionAll(served.map(({ name, traffic }) => allowedBy(name, traffic)));
        for (const caller of asset.from) {
          const from = { zone: zone.name, asset: caller, source: asset.source };
          this.add({ from, to: { zone: zone.name, asset: asset.name, source: asset.source }, packets });
        }
      }
    }
  }

  private add(permission: Permission): void {
    const key = `${permission.from.zone}\n${permission.to.zone}`;
    const list = this.byPair.get(key);
    if (list) list.push(permission);
    else this.byPair.set(key, [permission]);
  }

  /** every permission that speaks of these two zones, whatever the assets */
  between(from: string, to: string): readonly Permission[] {
    return this.byPair.get(`${from}\n${to}`) ?? [];
  }

  permissions(from: Place, to: Place): readonly Permission[] {
    return this.between(from.zone, to.zone).filter(
      (permission) => speaksOf(permission.from, from) && speaksOf(permission.to, to),
    );
  }

  packets(from: Place, to: Place): PacketSet {
    const key = [from, to]
      .map((place) => `${place.zone}/${place.asset ?? '*'}/${place.oneOf?.join('+') ?? ''}`)
      .join('\n');
    const known = this.cache.get(key);
    if (known) return known;
    const packets = this.permissions(from, to).reduce(
      (set, permission) => set.union(permission.packets),
      PacketSet.EMPTY,
    );
    this.cache.set(key, packets);
    return packets;
  }

  /** what any conduit delivers to a place, whomever it is from */
  deliveredTo(place: Place): PacketSet {
    const senders = this.sendersTo.get(place.zone) ?? [];
    return PacketSet.unionAll([...senders].map((zone) => this.packets({ zone }, place)));
  }

  covers(from: Place, to: Place, received: PacketSet): boolean {
    return received.isSubsetOf(this.packets(from, to));
  }
}

function speaksOf(end: ConduitEnd, place: Place): boolean {
  return end.zone === place.zone && (end.asset === undefined || mayBeAsset(place, end.asset));
}
