/**
 * Where packets from outside the VPCs come in.
 */
import { PacketSet } from '../../base/net';
import { BEYOND, type EgressOnlyGateway, type End, type InternetGateway, isUnknown, type ResourceId } from '../network';
import { ANY_GATEWAY, carriedBy, isClosed, isExternal, isOpen, type Uses, why } from './hop';
import type { Crossed, Location, Terminal } from './location';
import type { SubnetFilters } from './subnet-filters';

type GatewayIngress = Extract<Location, { kind: 'gateway-ingress' }>;

export class Entrances {
  constructor(private readonly filters: SubnetFilters) {}

  private get index() {
    return this.filters.index;
  }

  private get may() {
    return this.filters.may;
  }

  /** Where packets from the internet come in: every attached internet gateway, and for replies egress-only gateways. */
  internetEntrances(direction: 'forward' | 'reply'): GatewayIngress[] {
    const entrances: GatewayIngress[] = [];
    for (const gateway of this.index.network.internetGateways) {
      if (!gateway.certain && !this.may) continue;
      // Shut by Block Public Access: nothing comes in, or only answers to what a NAT gateway sent.
      if (isClosed(gateway.shut) || (direction === 'forward' && gateway.shut?.to === 'all-but-nat')) continue;
      for (const vpc of this.vpcsOf(gateway.vpc, gateway.external === true)) {
        entrances.push({ kind: 'gateway-ingress', gateway: gateway.id, vpc });
      }
    }
    entrances.push(...this.unseenEntrances());
    if (direction === 'reply') {
      for (const gateway of this.index.network.egressOnlyGateways) {
        if (isClosed(gateway.shut) || gateway.shut?.to === 'all-but-nat') continue;
        entrances.push({ kind: 'gateway-ingress', gateway: gateway.id, vpc: gateway.vpc });
      }
    }
    return entrances;
  }

  /** Into its VPC an answer comes by the gateway that let out what it answers; into another, for whose address it is, by that one's. */
  private backThrough(gateway: ResourceId): GatewayIngress[] {
    const { internetGateways, egressOnlyGateways } = this.index.network;
    const own = [...internetGateways, ...egressOnlyGateways].find(({ id }) => id === gateway)?.vpc;
    return this.internetEntrances('reply').filter((one) => one.vpc !== own || one.gateway === gateway);
  }

  /** Where what one of our own gateways lets out to the internet comes in again. An egress-only one lets only answers in. */
  around(by: InternetGateway | EgressOnlyGateway): { readonly entrance: GatewayIngress; readonly path: Crossed }[] {
    const isEgressOnly = (id: ResourceId) => this.index.network.egressOnlyGateways.some((one) => one.id === id);
    if (isEgressOnly(by.id)) {
      return this.internetEntrances('forward').map((entrance) => ({ entrance, path: 'internet-begun' }));
    }
    return this.internetEntrances('reply')
      .filter(({ gateway }) => isOpen(this.index.internetGateways.get(gateway)?.shut))
      .map((entrance) => ({ entrance, path: isEgressOnly(entrance.gateway) ? 'internet-answer' : 'internet' }));
  }

  /** A VPC that no template shows may have an internet gateway that none shows either; the default VPC has one. */
  private unseenEntrances(): GatewayIngress[] {
    if (!this.may) return [];
    const { vpcs, internetGateways } = this.index.network;
    return vpcs
      .filter(({ id, external }) => external === true && !internetGateways.some(({ vpc }) => vpc === id))
      .map(({ id }) => ({ kind: 'gateway-ingress', gateway: ANY_GATEWAY, vpc: id }));
  }

  private vpcsOf(attachedTo: ResourceId | { readonly unknown: true } | undefined, external: boolean): ResourceId[] {
    if (typeof attachedTo === 'string') return [attachedTo];
    if ((attachedTo === undefined && !external) || !this.may) return [];
    return this.index.network.vpcs.map((vpc) => vpc.id);
  }

  /** Whether a gateway to the internet is that of one of the VPCs; one whose VPC is not known may be. */
  servesInternet(gateway: ResourceId, vpcs: ReadonlySet<ResourceId>): boolean {
    const egressOnly = this.index.network.egressOnlyGateways.find((one) => one.id === gateway);
    if (egressOnly) return vpcs.has(egressOnly.vpc);
    const noun = this.index.internetGateways.get(gateway);
    return this.vpcsOf(noun?.vpc, isExternal(noun)).some((vpc) => vpcs.has(vpc));
  }

  /** No gateway but that of its own VPC knows the public address of whoever answers at a place (SEMANTICS 19). */
  mayAnswerBy(gateway: ResourceId, at: Terminal): boolean {
    const subnet = at.kind === 'delivered' ? this.index.subnets.get(at.subnet) : undefined;
    return !subnet || gateway === ANY_GATEWAY || this.servesInternet(gateway, new Set([subnet.vpc]));
  }

  /** Where packets from a site come in. `id` is a VpnConnection, a VpnGateway, or a TransitGatewayAttachment. */
  siteEntrances(id: ResourceId): Location[] {
    const connection = this.index.vpnConnections.get(id);
    if (connection && !connection.certain && !this.may) return [];
    if (connection && connection.gateway.kind !== 'vpn-gateway') {
      return this.index.network.transitGatewayAttachments
        .filter((one) => one.attached.kind === 'vpn' && one.attached.id === id)
        .map((one) => ({ kind: 'attachment', id: one.id }));
    }
    const gateway = this.index.vpnGateways.get(connection?.gateway.id ?? id);
    if (gateway) {
      const ingress = this.vpcsOf(gateway.vpc, gateway.external === true).map(
        (vpc): Location => ({ kind: 'gateway-ingress', gateway: gateway.id, vpc }),
      );
      return [...ingress, ...this.neighbours(id, gateway.id)];
    }
    return this.index.attachments.has(id) ? [{ kind: 'attachment', id }] : [];
  }

  /** What may come in from a site at all. */
  sentBySite(id: ResourceId, uses: Uses): PacketSet {
    const connection = this.index.vpnConnections.get(id);
    if (!connection) return PacketSet.ALL;
    if (isUnknown(connection.carries)) uses.add({ resource: id, ...why(connection.carries) });
    return carriedBy(connection, this.may);
  }

  /** VPN CloudHub: a VPN gateway passes on between its own connections what their sites announce by BGP (SEMANTICS 28). */
  private neighbours(site: ResourceId, gateway: ResourceId): Location[] {
    const announcing = this.index.connectionsAt(gateway).filter(({ routing }) => routing !== 'static');
    if (!this.may || !announcing.some(({ id }) => id === site)) return [];
    return announcing.filter(({ id }) => id !== site).map(({ id }) => ({ kind: 'site', id }));
  }

  /** Where packets come in from an end that is outside of every VPC. */
  entrancesOf(end: Extract<End, { kind: 'internet' | 'site' | 'external' }>): Location[] {
    if (end.kind === 'internet') return this.internetEntrances('forward');
    return end.kind === 'site' ? this.siteEntrances(end.id) : this.externalEntrances(end.id);
  }

  /** Where packets come in from something that no template shows. */
  externalEntrances(id: ResourceId): Location[] {
    if (id === BEYOND.id) return this.anywhere();
    if (id.endsWith('#unknown-target'))
      return [{ kind: 'peering-ingress', vpc: id.slice(0, -'#unknown-target'.length) }];
    if (this.index.attachments.has(id)) return [{ kind: 'attachment', id }];
    if (this.index.transitGateways.has(id)) {
      return this.index.attachmentsAt(id).map((one) => ({ kind: 'attachment-egress', id: one.id }));
    }
    return this.index.network.peeringConnections
      .filter((one) => one.requester === id || one.accepter === id)
      .map((one) => ({ kind: 'peering-ingress', vpc: one.requester === id ? one.accepter : one.requester }));
  }

  /** Where what no template shows may come in: into any VPC, and out of any transit gateway. */
  private anywhere(): Location[] {
    return [...[...this.index.vpcs.keys()].map((vpc): Location => ({ kind: 'peering-ingress', vpc })), ...this.doors()];
  }

  /** Where any transit gateway lets packets into a VPC. */
  private doors(): Location[] {
    return this.index.network.transitGatewayAttachments
      .filter(({ attached }) => attached.kind === 'vpc')
      .map(({ id }) => ({ kind: 'attachment-egress', id }));
  }

  /** Where the answers to what has arrived somewhere come in. */
  answerEntrances(at: Terminal): Location[] {
    const { index } = this;
    const leaving = (subnet: ResourceId): Location => ({ kind: 'leaving', subnet });
    const into = (vpc: ResourceId): Location => ({ kind: 'peering-ingress', vpc });
    switch (at.kind) {
      case 'delivered':
        return [leaving(at.subnet)];
      case 'internet':
        // An answer from behind a route that nobody knows may come back in anywhere.
        return at.gateway === ANY_GATEWAY ? this.anywhere() : this.backThrough(at.gateway);
      case 'nat':
        return [index.natGateways.get(at.id)].flatMap((nat) => (nat ? leaving(nat.subnet) : []));
      case 'one-of-nats':
        return at.nats.flatMap((id) => this.answerEntrances({ kind: 'nat', id }));
      case 'site':
        return this.siteEntrances(at.id);
      case 'external':
        return [...this.externalEntrances(at.id), ...(at.id.endsWith('#unknown-target') ? this.doors() : [])];
      case 'gateway-endpoint':
        return [index.vpcEndpoints.get(at.id)].flatMap((endpoint) => (endpoint ? into(endpoint.vpc) : []));
      case 'forwarder':
        return (index.interfaces.get(at.id)?.subnets ?? []).map(leaving);
    }
  }
}
