/**
 * Where a flow begins: the interface that sends it, or the gateway by which it comes in from outside.
 */
import { formatAddress } from '../../base/net';
import {
  type BlockerKind,
  type End,
  isKnown,
  isUnknown,
  type ResourceId,
  type TransitGatewayAttachment,
} from '../network';
import { begins } from './begins';
import { translate } from './gateway-steps';
import { hasAddress, hostsOf, potentialHost } from './hosts';
import { isOnInternet } from './internet-addresses';
import { enterFromInternet } from './internet-steps';
import {
  block,
  type Context,
  doubt,
  type Fork,
  type Host,
  type Next,
  type Place,
  requireCertain,
  type State,
} from './state';
import { anywhere, lost, unseen } from './subnet-steps';
import { needFamily } from './tunnels';

export function start(context: Context, state: State, from: End): Fork {
  switch (from.kind) {
    case 'interface':
    case 'subnet':
      return fromHost(context, state, from);
    case 'internet':
      return fromInternet(context, state);
    case 'aws-service':
      if (from.endpoint === undefined) return fromInternet(context, state);
      return nowhere(state, 'gateway', from.endpoint, `endpoint ${from.endpoint} never begins a conversation`);
    case 'site':
      return fromSite(context, state, from.id);
    case 'external':
      return fromExternal(context, state, from.id);
  }
}

function nowhere(state: State, kind: BlockerKind, resource: ResourceId, reason: string): Fork {
  return lost(block(state, kind, { location: resource, resource, reason }));
}

function places(state: State, options: readonly Place[]): Fork {
  return { quantifier: 'every', options: options.map((place): Next => ({ place, state })) };
}

/** In the subnet that its source address names; where that is not known, in any of them. */
function fromHost(context: Context, state: State, from: End): Fork {
  const hosts = hostsOf(context.index, from);
  const own = hosts.filter((host) => hasAddress(context.index, host, state.packet.source) === 'yes');
  const possible = hosts.filter((host) => hasAddress(context.index, host, state.packet.source) === 'maybe');
  const forwards = hosts.filter((host) => host.interface && host.interface.sourceDestCheck !== true);
  const [first = []] = [own, possible, forwards, hosts.slice(0, 1)].filter((some) => some.length > 0);
  // One that sends for others may do so in any of its subnets.
  const chosen = context.mode === 'may' ? [...new Set([...first, ...forwards])] : first;
  const id = from.kind === 'interface' || from.kind === 'subnet' ? from.id : '';
  if (chosen.length === 0) return unseen(context, state, 'address', `a subnet of ${id}`, id);
  return {
    quantifier: 'every',
    options: chosen.map((host): Next => ({ place: { kind: 'send', host }, state: begins(context, state, host) })),
  };
}

/** From the internet, through the gateway of the VPC that the destination is in. */
function fromInternet(context: Context, state: State): Fork {
  const host = state.expected?.host;
  if (!host)
    return nowhere(state, 'address', 'internet', `${formatAddress(state.packet.destination)} is nobody's address here`);
  if (!isOnInternet(state.packet.source)) {
    const reason = `nothing on the internet has the address ${formatAddress(state.packet.source)}`;
    return nowhere(state, 'address', 'internet', reason);
  }
  const entered = enterFromInternet(context, state, host);
  if (entered) return entered;
  const { vpc } = host.subnet;
  const note = { location: vpc, resource: vpc, reason: `VPC ${vpc} has no internet gateway` };
  // If it had one, the address would be asked for.
  return lost(translate(context, block(state, 'gateway', note), host, { vpc, gateway: vpc, way: 'in' }));
}

/** A VPN connection, a VPN gateway, or an attachment that a site is behind. It may send from any address. */
function fromSite(context: Context, state: State, id: ResourceId): Fork {
  const { index } = context;
  if (index.vpnGateways.has(id)) return throughVpnGateway(context, state, id);
  const attachment = index.attachments.get(id);
  if (attachment) return places(state, [{ kind: 'transit', attachment: id }]);
  const connection = index.vpnConnections.get(id);
  if (!connection) return unseen(context, state, 'vpn', `VPN connection ${id}`, id);
  const carried = needFamily(context, state, connection);
  const next = requireCertain(context, carried, connection, 'vpn', `VPN connection ${id}`);
  if (connection.gateway.kind === 'vpn-gateway') return throughVpnGateway(context, next, connection.gateway.id);
  const attachments = index.model.transitGatewayAttachments.filter(
    ({ attached }) => attached.kind === 'vpn' && attached.id === id,
  );
  if (attachments.length > 0)
    return places(
      next,
      attachments.map((own): Place => ({ kind: 'transit', attachment: own.id })),
    );
  const reason = `what VPN connection ${id} ends at is not known`;
  return anywhere(
    context,
    doubt(context, next, 'vpn', { location: `VPN connection ${id}`, resource: id, reason }),
    reason,
  );
}

function throughVpnGateway(context: Context, state: State, id: ResourceId): Fork {
  const location = `VPN gateway ${id}`;
  const gateway = context.index.vpnGateways.get(id);
  if (!gateway) return unseen(context, state, 'vpn', location, id);
  if (gateway.vpc !== undefined && isKnown(gateway.vpc)) {
    return places(state, [{ kind: 'enter', vpc: gateway.vpc, gateway: id, name: location }]);
  }
  if (gateway.vpc === undefined && !gateway.external)
    return nowhere(state, 'vpn', id, `${location} is attached to no VPC`);
  const open = gateway.vpc !== undefined && isUnknown(gateway.vpc) ? gateway.vpc : undefined;
  const reason = open?.reason ?? `no template shows which VPC ${location} is attached to`;
  return anywhere(
    context,
    doubt(context, state, 'vpn', { location, resource: id, reason }, open?.parameters ?? []),
    reason,
  );
}

/** Something that no template shows: the other side of a peering, of a transit gateway, of a PrivateLink service. */
function fromExternal(context: Context, state: State, id: ResourceId): Fork {
  const { index } = context;
  const peerings = index.model.peeringConnections
    .filter((peering) => peering.id === id || peering.requester === id || peering.accepter === id)
    .flatMap((peering) => [peering.requester, peering.accepter])
    .filter((vpc) => vpc !== id && index.vpcs.get(vpc)?.external !== true)
    .map((vpc): Place => ({ kind: 'deliver', vpc }));
  const attachments = index.model.transitGatewayAttachments
    .filter((attachment) => isBehind(context, attachment, id))
    .map((attachment): Place => ({ kind: 'transit', attachment: attachment.id }));
  const service = index.endpointServices.get(id);
  const consumers: readonly Place[] = service ? [{ kind: 'consume', service: id }] : [];
  const entries = [...peerings, ...attachments, ...consumers];
  const next: State = { ...state, entered: 'edge' };
  if (entries.length > 0)
    return { quantifier: 'some', options: entries.map((place): Next => ({ place, state: next })) };
  const reason = `where ${id} comes in is not known`;
  // What a route leads to sends nothing for certain: nobody knows that there is anything (SEMANTICS 15).
  const isThere = !id.endsWith(UNKNOWN_TARGET);
  const open = isThere ? next : doubt(context, next, 'gateway', { location: id, resource: id, reason });
  return anywhere(context, open, reason);
}

const UNKNOWN_TARGET = '#unknown-target';

function isBehind(context: Context, attachment: TransitGatewayAttachment, id: ResourceId): boolean {
  const { attached } = attachment;
  if (attachment.id === id) return attached.kind !== 'vpc' || context.index.vpcs.get(attached.vpc)?.external === true;
  if (attached.kind === 'vpc') return attached.vpc === id;
  if (attached.kind !== 'peering' || attached.peer === undefined) return false;
  return attached.peer === id || context.index.attachments.get(attached.peer)?.transitGateway === id;
}

/** Someone else's endpoint: a consumer that no template shows, in no subnet of ours. */
export function strangerAt(context: Context, service: ResourceId): Host {
  const subnet = {
    id: `${service}#consumer`,
    origin: { resource: service, type: '' },
    certain: true,
    external: true,
    vpc: `${service}#consumer-vpc`,
    cidrs: [],
    availabilityZone: { unknown: true, reason: 'the consumer is outside all templates', parameters: [] },
    autoPublicIpv4: false,
    autoIpv6: false,
    routeTable: { unknown: true, reason: 'the consumer is outside all templates', parameters: [] },
    networkAcl: { unknown: true, reason: 'the consumer is outside all templates', parameters: [] },
  } as const;
  return { ...potentialHost(context.index, subnet, []), name: `a consumer of ${service}` };
}
