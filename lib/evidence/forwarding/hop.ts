/**
 * The words that every kind of hop shares.
 */
import { AddressSet, PacketSet } from '../../base/net';
import { isUnknown, type ResourceId, type Shut, type UnknownUse, type VpnConnection } from '../network';
import type { Doubt } from './filter';
import type { Location } from './location';

const IPV4 = PacketSet.of({ sources: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ sources: AddressSet.ALL_IPV6 });

/** What each firewall endpoint saw of a leg, by location key: its stateful engine lets the replies to that through. */
export type Sessions = ReadonlyMap<string, PacketSet>;

/** For whoever asks what answers may pass: a firewall may have seen whatever they answer. */
class AnySession extends Map<string, PacketSet> {
  override get(): PacketSet {
    return PacketSet.ALL;
  }
}
export const ANY_SESSION: Sessions = new AnySession();

/** What was seen of a leg, some packets of which went where nobody knows: any firewall may have seen those. */
export class WanderingSessions extends Map<string, PacketSet> {
  constructor(
    seen: Sessions,
    private readonly wandered: PacketSet,
  ) {
    super([...seen, ['anywhere', wandered]]);
  }

  override get(key: string): PacketSet {
    return this.wandered.union(super.get(key) ?? PacketSet.EMPTY);
  }
}

/** Takes what a hop sends on. */
export type Sink = (next: Location, packets: PacketSet) => void;

/** Collects what was not understood and mattered, by its own text. */
export class Uses {
  private readonly found = new Map<string, UnknownUse>();
  /** those that are among them already */
  private readonly doubts = new Set<Doubt>();

  add(use: UnknownUse): void {
    this.found.set(`${use.resource} ${use.reason}`, use);
  }

  addWhere(doubts: readonly Doubt[], packets: PacketSet): void {
    for (const doubt of doubts) {
      if (this.doubts.has(doubt) || doubt.packets.intersect(packets).isEmpty()) continue;
      this.doubts.add(doubt);
      this.add(doubt.use);
    }
  }

  isEmpty(): boolean {
    return this.found.size === 0;
  }

  get size(): number {
    return this.found.size;
  }

  list(): UnknownUse[] {
    return [...this.found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
  }
}

/** For whoever asks only what passes, and not what that hangs on. */
class NoUses extends Uses {
  override add(): void {}
  override addWhere(): void {}
}
export const NO_USES: Uses = new NoUses();

/** Stands for a gateway that nobody knows, behind a route whose target is not known. */
export const ANY_GATEWAY: ResourceId = '#any-gateway';

/** Whether no template shows a noun. */
export function isExternal(noun: { readonly external?: boolean } | undefined): boolean {
  return noun === undefined || noun.external === true;
}

/** The part of an unknown, or of a target, that a verdict prints. */
export function why(open: { readonly reason: string; readonly parameters: readonly string[] }) {
  return { reason: open.reason, parameters: open.parameters };
}

/** What the tunnels of a VPN connection carry. */
export function carriedBy({ carries }: Pick<VpnConnection, 'carries'>, may: boolean): PacketSet {
  if (carries === undefined || (isUnknown(carries) && may)) return PacketSet.ALL;
  if (isUnknown(carries)) return PacketSet.EMPTY;
  return carries === 4 ? IPV4 : IPV6;
}

/** Shut to everyone by Block Public Access, whatever the subnet. */
export function isClosed(shut: Shut | undefined): boolean {
  return shut?.to === 'everything' && shut.except === undefined;
}

/** Whether a gateway carries what no NAT gateway sends, of some subnet at least. */
export function isOpen(shut: Shut | undefined): boolean {
  return shut === undefined || shut.except !== undefined;
}

/** What a gateway that is shut to all but some subnets carries from or to those. */
export function excepted(shut: Shut | undefined, packets: PacketSet, side: 'sources' | 'destinations'): PacketSet {
  return shut?.except ? packets.intersect(PacketSet.of({ [side]: AddressSet.ofAll(shut.except) })) : packets;
}
