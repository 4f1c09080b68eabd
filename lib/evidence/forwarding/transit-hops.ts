/**
 * Hops through transit gateways (SEMANTICS 23–26): in through an attachment, looked up in the one table associated with
 * it, out through another, and into a VPC through the subnets of its attachment.
 */
import { AddressSet, PacketSet } from '../../base/net';
import { isUnknown, type ResourceId, type Subnet, type TransitGatewayAttachment } from '../network';
import type { BeyondHops } from './beyond-hops';
import { carriedBy, isExternal, type Sessions, type Sink, type Uses, why } from './hop';
import type { InspectionHops } from './inspection-hops';
import { isTransit, type Location, type Path } from './location';
import { compileTransitGatewayTable, type RouteCell, type TransitTarget } from './route-lookup';
import type { SubnetFilters } from './subnet-filters';

type Entering = Extract<Location, { kind: 'attachment' }>;
type Leaving = Extract<Location, { kind: 'attachment-egress' }>;

const IPV4 = PacketSet.of({ sources: AddressSet.ALL_IPV4 });
const IPV6 = PacketSet.of({ sources: AddressSet.ALL_IPV6 });

/** Once something has inspected a packet, its sender's groups are hidden, whatever comes after (SEMANTICS 3). */
function hide(hidden: boolean | undefined): { hidden?: true } {
  return hidden ? { hidden: true } : {};
}

export class TransitHops {
  private readonly transitTables = new Map<ResourceId, readonly RouteCell<TransitTarget>[]>();

  constructor(
    private readonly filters: SubnetFilters,
    private readonly inspection: InspectionHops,
    private readonly beyond: BeyondHops,
  ) {}

  private get index() {
    return this.filters.index;
  }

  private get approximation() {
    return this.filters.approximation;
  }

  private get may() {
    return this.filters.may;
  }

  /** An attachment serves only zones in which it has a subnet; that subnet's ACL is asked on the way (SEMANTICS 25). */
  enterTransit(gateway: ResourceId, subnet: Subnet, path: Path, packets: PacketSet, uses: Uses, send: Sink): void {
    // Straight back out of the subnet that it came in through: nothing documents that it works, or that it does not.
    if (isTransit(path) && !this.may) return;
    const isHidden = path.startsWith('inspected') || path === 'unknown';
    const attachments = this.index.attachmentsOf(subnet.vpc, gateway);
    const isUnseen = attachments.length === 0 && isExternal(this.index.transitGateways.get(gateway));
    if (isUnseen && this.may) return this.enterUnseen(gateway, packets, uses, send);
    for (const attachment of attachments) {
      if (attachment.attached.kind !== 'vpc' || !this.filters.counts(attachment, uses)) continue;
      for (const doorId of attachment.attached.subnets) {
        const door = this.index.subnets.get(doorId);
        if (!door || !this.filters.sameZone(door, subnet)) continue;
        const admitted = this.filters.pass(this.filters.aclOf(door, 'ingress'), packets, uses);
        send({ kind: 'attachment', id: attachment.id, ...hide(isHidden) }, this.carried(attachment, admitted, uses));
      }
    }
  }

  /** Not every attachment carries IPv6 for certain. */
  private carried({ id, ipv6Open }: TransitGatewayAttachment, packets: PacketSet, uses: Uses): PacketSet {
    if (!ipv6Open) return packets;
    if (!this.may) return packets.intersect(IPV4);
    uses.addWhere([{ packets: IPV6, use: { resource: id, ...why(ipv6Open) } }], packets);
    return packets;
  }

  /** A route to a gateway that no template shows gives away that its VPC is attached to it. */
  private enterUnseen(gateway: ResourceId, packets: PacketSet, uses: Uses, send: Sink): void {
    uses.add({ resource: gateway, reason: 'no template shows how this VPC is attached to it', parameters: [] });
    send({ kind: 'external', id: gateway }, packets);
    this.beyond.spread(packets, uses, send);
  }

  transit(at: Entering, packets: PacketSet, uses: Uses, send: Sink): void {
    const attachment = this.index.attachments.get(at.id);
    if (!attachment) return;
    const gateway = this.index.transitGateways.get(attachment.transitGateway);
    if (isExternal(gateway)) return this.crossUnknownGateway(attachment, at, packets, uses, send);
    if (attachment.association === undefined) return;
    // the table may be one that no template shows
    if (isUnknown(attachment.association) && this.may) this.crossTo(attachment, at, packets, send);
    for (const table of this.associatedTables(attachment, uses)) {
      for (const cell of this.transitCells(table)) {
        const part = packets.intersect(cell.packets);
        if (part.isEmpty()) continue;
        if (cell.doubt) uses.add(cell.doubt);
        if (cell.target.kind === 'attachment') {
          send({ kind: 'attachment-egress', id: cell.target.id, ...hide(at.hidden) }, part);
          // which attachment it is, or what is behind it, is not known: it may be any, or lead back to any
          const target = this.index.attachments.get(cell.target.id);
          if (this.may && target?.attached.kind === 'unknown') this.crossBeyond(attachment, at, part, send);
        }
        if (cell.target.kind === 'unknown' && this.may) {
          uses.add({ resource: table, ...why(cell.target) });
          this.crossBeyond(attachment, at, part, send);
        }
      }
    }
  }

  private associatedTables(attachment: TransitGatewayAttachment, uses: Uses): readonly ResourceId[] {
    const association = attachment.association;
    if (association === undefined) return [];
    if (!isUnknown(association)) return [association];
    if (!this.may) return [];
    uses.add({ resource: attachment.id, ...why(association) });
    return this.index.tablesAt(attachment.transitGateway).map((table) => table.id);
  }

  private transitCells(id: ResourceId): readonly RouteCell<TransitTarget>[] {
    let cells = this.transitTables.get(id);
    if (!cells) {
      const table = this.index.transitGatewayRouteTables.get(id);
      if (!table || table.external) {
        const open = { reason: `no template shows transit gateway route table \`${id}\``, parameters: [] };
        cells = this.may ? [{ target: { kind: 'unknown', ...open }, packets: PacketSet.ALL }] : [];
      } else {
        cells = compileTransitGatewayTable(this.index, table, this.approximation);
      }
      this.transitTables.set(id, cells);
    }
    return cells;
  }

  /** A transit gateway that no template shows may connect its attachments in any way, and have others. */
  private crossUnknownGateway(
    attachment: TransitGatewayAttachment,
    at: Entering,
    packets: PacketSet,
    uses: Uses,
    send: Sink,
  ): void {
    if (!this.may) return;
    const gateway = attachment.transitGateway;
    uses.add({
      resource: gateway,
      reason: 'no template shows the route tables of this transit gateway',
      parameters: [],
    });
    this.crossTo(attachment, at, packets, send);
    this.beyond.spread(packets, uses, send);
  }

  /** To an attachment that no template shows, behind which the internet may be, or to any that one shows. */
  private crossBeyond(from: TransitGatewayAttachment, at: Entering, packets: PacketSet, send: Sink): void {
    this.crossTo(from, at, packets, send);
    this.beyond.toInternet(packets, send);
  }

  /** To wherever the gateway may lead. */
  private crossTo(from: TransitGatewayAttachment, at: Entering, packets: PacketSet, send: Sink): void {
    send({ kind: 'external', id: from.transitGateway }, packets);
    for (const other of this.index.attachmentsAt(from.transitGateway)) {
      send({ kind: 'attachment-egress', id: other.id, ...hide(at.hidden) }, packets);
    }
  }

  leaveTransit(at: Leaving, packets: PacketSet, answering: Sessions | undefined, uses: Uses, send: Sink): void {
    const { id } = at;
    const attachment = this.index.attachments.get(id);
    if (!attachment || !this.filters.counts(attachment, uses)) return;
    const attached = attachment.attached;
    switch (attached.kind) {
      case 'vpc':
        for (const door of this.doorsOf(at)) send(door, this.carried(attachment, packets, uses));
        return;
      case 'vpn': {
        const connection = this.index.vpnConnections.get(attached.id);
        if (!connection) return send({ kind: 'site', id: attached.id }, packets);
        if (!this.filters.counts(connection, uses)) return;
        if (isUnknown(connection.carries)) uses.add({ resource: connection.id, ...why(connection.carries) });
        return send({ kind: 'site', id: attached.id }, packets.intersect(carriedBy(connection, this.may)));
      }
      case 'direct-connect':
        return send({ kind: 'site', id }, packets);
      case 'peering':
        if (attached.peer) return send({ kind: 'attachment', id: attached.peer, ...hide(at.hidden) }, packets);
        return send({ kind: 'external', id }, packets);
      case 'firewall': {
        const firewall = this.index.firewalls.get(attached.id);
        if (!firewall) return;
        const passed = this.inspection.passed(firewall, at, packets, answering, uses);
        return send({ kind: 'attachment', id, hidden: true }, passed);
      }
      default:
        if (!this.may) return;
        uses.add({ resource: id, reason: attached.reason, parameters: attached.parameters ?? [] });
        return send({ kind: 'external', id }, packets);
    }
  }

  /** The subnets through which a VPC attachment lets packets into its VPC; AWS picks one of them. */
  doorsOf(location: Location): Location[] {
    if (location.kind !== 'attachment-egress') return [];
    const attached = this.index.attachments.get(location.id)?.attached;
    return attached?.kind === 'vpc'
      ? attached.subnets.map((subnet) => ({ kind: 'door', subnet, ...hide(location.hidden) }))
      : [];
  }

  /** Out of the attachment's subnet: its ACL is asked where the packet goes on to another subnet, then its route table. */
  leaveDoor(door: Subnet, hidden: true | undefined, packets: PacketSet, uses: Uses, send: Sink): void {
    const path: Path = hidden ? 'inspected-transit-gateway' : 'transit-gateway';
    const { own, leaving } = this.filters.split(door, packets);
    send({ kind: 'delivered', subnet: door.id, path }, own);
    const rest = this.filters.pass(this.filters.aclOf(door, 'egress'), leaving, uses);
    send({ kind: 'routing', subnet: door.id, path }, rest);
  }
}
