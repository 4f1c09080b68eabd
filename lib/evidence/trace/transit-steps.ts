/**
 * Transit gateways (SEMANTICS 23–26, 28): into an attachment, through the one table it is associated with, out of another.
 *
 * Network ACLs of attachment subnets follow https://docs.aws.amazon.com/vpc/latest/tgw/tgw-nacls.html: on the way in,
 * the attachment subnet's ingress entries apply (and where the host is in that very subnet, its egress entries too); on
 * the way out, its egress entries, unless the destination is in that very subnet.
 */
import { formatAddress } from '../../base/net';
import {
  isKnown,
  isUnknown,
  type ResourceId,
  type Subnet,
  type TransitGatewayAttachment,
  type Value,
} from '../network';
import { judgeFirewall } from './firewall-steps';
import { sameZone } from './network-index';
import { type Candidate, lookUpTransitRoute, type TransitTarget } from './route-lookup';
import {
  block,
  type Context,
  decide,
  doubt,
  type Fork,
  go,
  hop,
  type Next,
  recordUnknown,
  requireCertain,
  type State,
} from './state';
import { ANYWHERE, anywhere, lost, passAcl, unseen } from './subnet-steps';
import { both, eitherOf, type Ternary } from './ternary';
import { needFamily } from './tunnels';

/** From a subnet of a VPC into the transit gateway: through an attachment subnet of the same zone. */
export function followTransitGateway(
  context: Context,
  state: State,
  id: ResourceId,
  vpc: ResourceId,
  subnet: Subnet | undefined,
): Fork {
  const location = `transit gateway ${id}`;
  const attachments = (context.index.attachmentsOfTransitGateway.get(id) ?? []).filter(
    ({ attached }) => attached.kind === 'vpc' && attached.vpc === vpc,
  );
  if (attachments.length === 0) {
    const gateway = context.index.transitGateways.get(id);
    const reason = `VPC ${vpc} has no attachment to ${location}`;
    const note = { location, resource: id, reason };
    if (gateway && !gateway.external) return lost(block(state, 'transit-gateway', note));
    return anywhere(context, doubt(context, state, 'transit-gateway', note), reason);
  }
  const options = attachments.flatMap((attachment) => [...enterAttachment(context, state, attachment, subnet).options]);
  return { quantifier: 'every', options };
}

/** SEMANTICS 25: hosts of a zone without an attachment subnet cannot send through it. */
function enterAttachment(
  context: Context,
  state: State,
  attachment: TransitGatewayAttachment,
  subnet: Subnet | undefined,
): Fork {
  const { index } = context;
  const location = `transit gateway attachment ${attachment.id}`;
  const note = { location, resource: attachment.id };
  const there = requireCertain(context, state, attachment, 'transit-gateway', location);
  const next = doubtIpv6(context, there, attachment, location);
  const ids = attachment.attached.kind === 'vpc' ? attachment.attached.subnets : [];
  const subnets = ids.flatMap((id) => index.subnets.get(id) ?? []);
  const zones = subnets.map((candidate): readonly [Subnet, Ternary] => [
    candidate,
    subnet ? sameZone(subnet, candidate) : 'maybe',
  ]);
  const place = { kind: 'transit', attachment: attachment.id } as const;
  const zone = eitherOf([
    ...zones.map(([, same]) => same),
    ...(subnets.length < ids.length || ids.length === 0 ? ['maybe' as const] : []),
  ]);
  const judged = decide(context, next, zone, 'transit-gateway', {
    denied: {
      ...note,
      reason: `${location} has no subnet in the availability zone of subnet ${subnet?.id ?? 'unknown'}`,
    },
    open: { ...note, reason: `whether ${location} has a subnet in the availability zone of the sender is not known` },
  });
  const inZone = zones.filter(([, same]) => same === 'yes');
  const through = (inZone.length > 0 ? inZone : zones.filter(([, same]) => same === 'maybe')).map(
    ([candidate]) => candidate,
  );
  if (through.length === 0) return go(place, judged);
  const options = through.map((candidate): Next => ({ place, state: passAcl(context, judged, candidate, 'ingress') }));
  return { quantifier: 'every', options };
}

/** Not every attachment carries IPv6 for certain. */
function doubtIpv6(
  context: Context,
  state: State,
  { id, ipv6Open }: TransitGatewayAttachment,
  location: string,
): State {
  if (!ipv6Open || state.packet.source.family === 4) return state;
  const note = { location, resource: id, reason: ipv6Open.reason };
  return doubt(context, state, 'transit-gateway', note, ipv6Open.parameters);
}

/** The table that packets from this attachment are looked up in, and no other. */
export function transit(context: Context, state: State, id: ResourceId): Fork {
  const attachment = context.index.attachments.get(id);
  const location = `transit gateway attachment ${id}`;
  if (!attachment) return unseen(context, state, 'transit-gateway', location, id);
  const certain = requireCertain(context, state, attachment, 'transit-gateway', location);
  const next = refusePreserved(context, certain, location, id);
  const { association } = attachment;
  if (association === undefined && !attachment.external) {
    const reason = `${location} is associated with no route table, so it cannot send`;
    return lost(block(next, 'transit-gateway', { location, resource: id, reason }));
  }
  const isShown = association !== undefined && isKnown(association);
  const table = isShown ? context.index.transitGatewayRouteTables.get(association) : undefined;
  if (!table) return unknownTable(context, next, attachment);
  const lookup = lookUpTransitRoute(context.index, table, state.packet.destination);
  const options = lookup.candidates.flatMap((candidate) => [
    ...along(context, next, attachment, table.id, candidate).options,
  ]);
  if (!lookup.falls) return { quantifier: 'every', options };
  const at = `transit gateway ${attachment.transitGateway}`;
  const reason = `transit gateway route table ${table.id} has no route for ${formatAddress(state.packet.destination)}`;
  const dropped = lost(block(next, 'transit-gateway', { location: at, resource: table.id, reason }));
  return { quantifier: 'every', options: [...options, ...dropped.options] };
}

/** A balancer keeps the client's address only towards its own VPC or a peer (ELB guide, target group attributes). */
function refusePreserved(context: Context, state: State, location: string, resource: ResourceId): State {
  if (state.direction === 'reply' || state.sessions.at(-1)?.preserved !== true) return state;
  const reason = "a load balancer that keeps the client's address cannot reach a target across a transit gateway";
  return doubt(context, state, 'load-balancer', { location, resource, reason });
}

function along(
  context: Context,
  state: State,
  from: TransitGatewayAttachment,
  table: ResourceId,
  { target, rule, resource, open }: Candidate<TransitTarget>,
): Fork {
  const named = open ? recordUnknown(state, resource, open.reason, open.parameters) : state;
  const note = { location: `transit gateway ${from.transitGateway}`, resource: table, rule };
  const says = `transit gateway route table ${table} sends it`;
  if (target.kind === 'blackhole') return lost(block(named, 'transit-gateway', { ...note, reason: `${says} nowhere` }));
  if (target.kind === 'unknown') {
    const reason = `${says} somewhere unknown: ${target.reason}`;
    const open = doubt(context, named, 'transit-gateway', { ...note, reason }, target.parameters);
    return across(context, open, from, reason, 'beyond');
  }
  const { attached } = context.index.attachments.get(target.id) ?? from;
  if (attached.kind === 'unknown') {
    const reason = `${says} to ${target.id}, and what that is, is not known: ${attached.reason}`;
    const open = doubt(context, named, 'transit-gateway', { ...note, reason }, attached.parameters);
    return across(context, open, from, reason, 'beyond', target.id);
  }
  const routed = hop(named, 'routed', { ...note, reason: `${says} to ${target.id}` });
  return go({ kind: 'attachment', attachment: target.id }, reference(context, routed, from, target.id));
}

function unknownTable(context: Context, state: State, from: TransitGatewayAttachment): Fork {
  const { id, association } = from;
  const location = `transit gateway attachment ${id}`;
  const open = association !== undefined && isUnknown(association) ? association : undefined;
  const reason = open?.reason ?? `no template shows the route table that ${location} is associated with`;
  const next = doubt(context, state, 'transit-gateway', { location, resource: id, reason }, open?.parameters ?? []);
  return across(context, next, from, reason, 'shown');
}

/**
 * Whichever table decides, a gateway that a template shows sends to one of its attachments; `beyond`: or to one that no
 * template shows, behind which the internet may be. One that none shows leads anywhere. `state` is already in doubt.
 */
function across(
  context: Context,
  state: State,
  from: TransitGatewayAttachment,
  reason: string,
  how: 'shown' | 'beyond',
  ...unseenIds: readonly ResourceId[]
): Fork {
  if (context.mode === 'must') return lost(state);
  const gateway = from.transitGateway;
  const noun = context.index.transitGateways.get(gateway);
  if (!noun || noun.external) return anywhere(context, state, reason);
  const isForInternet =
    context.to.kind === 'internet' || state.expected?.publicly === true || state.sessions.at(-1)?.kind === 'internet';
  const wandered: State = { ...state, inspected: [...state.inspected, ANYWHERE] };
  const known = context.index.attachmentsOfTransitGateway.get(gateway) ?? [];
  const attachments = known.map(
    ({ id }): Next => ({
      place: { kind: 'attachment', attachment: id },
      state: reference(context, wandered, from, id),
    }),
  );
  const ids = [gateway, ...unseenIds];
  // What is behind it may answer through any of them.
  const outside = known.map(({ id }): Next => {
    const entry = { kind: 'attachment', attachment: id } as const;
    return { place: { kind: 'exit', exit: { kind: 'external', ids, entry } }, state: wandered };
  });
  const internet = how === 'beyond' && isForInternet ? [anywhere(context, state, reason)] : [];
  return { quantifier: 'some', options: [...attachments, ...outside, ...internet] };
}

/**
 * SEMANTICS 3 and 26: references to groups work between two VPCs only where the gateway and both attachments say so, and
 * in ingress rules alone (AWS, "Introducing security group referencing for AWS Transit Gateway").
 */
function reference(context: Context, state: State, from: TransitGatewayAttachment, toId: ResourceId): State {
  const to = context.index.attachments.get(toId);
  const options: readonly (Value<boolean> | undefined)[] = [
    context.index.transitGateways.get(from.transitGateway)?.securityGroupReferencing,
    from.securityGroupReferencing,
    to?.securityGroupReferencing,
  ];
  const isVpcToVpc = from.attached.kind === 'vpc' && to?.attached.kind === 'vpc';
  const answers = options.map(
    (value): Ternary => (value === undefined || isUnknown(value) ? 'maybe' : value ? 'yes' : 'no'),
  );
  const works = isVpcToVpc ? answers.reduce(both, state.ingressReference) : 'no';
  return { ...state, ingressReference: works, egressReference: 'no' };
}

/** Out of the transit gateway through an attachment. */
export function leaveAttachment(context: Context, state: State, id: ResourceId): Fork {
  const location = `transit gateway attachment ${id}`;
  const attachment = context.index.attachments.get(id);
  if (!attachment) return unseen(context, state, 'transit-gateway', location, id);
  const next = requireCertain(context, state, attachment, 'transit-gateway', location);
  const { attached } = attachment;
  const entry = { kind: 'transit', attachment: id } as const;
  switch (attached.kind) {
    case 'vpc':
      return leaveIntoVpc(context, next, attachment, attached.subnets);
    case 'vpn':
    case 'direct-connect': {
      const connection = context.index.vpnConnections.get(attached.id);
      const carried = connection ? needFamily(context, next, connection) : next;
      return go({ kind: 'exit', exit: { kind: 'site', ids: [id, attached.id], entry } }, carried);
    }
    case 'peering': {
      const peer = attached.peer === undefined ? undefined : context.index.attachments.get(attached.peer);
      if (peer && !peer.external) {
        return go(
          { kind: 'transit', attachment: peer.id },
          hop(next, 'forwarded', { location, resource: id, reason: `carries it to ${peer.id}` }),
        );
      }
      const ids = [id, ...(attached.peer ? [attached.peer] : []), ...(peer ? [peer.transitGateway] : [])];
      return go({ kind: 'exit', exit: { kind: 'external', ids, entry } }, next);
    }
    case 'firewall':
      return go(entry, judgeFirewall(context, next, attached.id, undefined));
    case 'unknown': {
      const reason = `what is behind ${location} is not known: ${attached.reason}`;
      const open = doubt(context, next, 'transit-gateway', { location, resource: id, reason }, attached.parameters);
      return anywhere(context, open, reason);
    }
  }
}

/**
 * Any attachment subnet may be the one: the gateway keeps to the sender's zone where it can, which is no promise. The
 * attachment subnet's own table says where the packet goes from there.
 */
function leaveIntoVpc(
  context: Context,
  state: State,
  attachment: TransitGatewayAttachment,
  subnets: readonly ResourceId[],
): Fork {
  const vpc = attachment.attached.kind === 'vpc' ? attachment.attached.vpc : '';
  const location = `transit gateway attachment ${attachment.id}`;
  const shown = subnets.flatMap((id) => context.index.subnets.get(id) ?? []);
  const doubted = doubtIpv6(context, state, attachment, location);
  const next = hop({ ...doubted, entered: 'transit-gateway' }, 'forwarded', {
    location,
    resource: attachment.id,
    reason: `carries it into VPC ${vpc}`,
  });
  if (shown.length === 0 || context.index.vpcs.get(vpc)?.external) {
    const isKnownVpc = (context.index.subnetsOfVpc.get(vpc) ?? []).length > 0;
    const entry = { kind: 'transit', attachment: attachment.id } as const;
    if (!isKnownVpc) return go({ kind: 'exit', exit: { kind: 'external', ids: [attachment.id, vpc], entry } }, next);
  }
  if (shown.length === 0) {
    const reason = `the subnets of ${location} are not known`;
    return go(
      { kind: 'deliver', vpc },
      doubt(context, next, 'transit-gateway', { location, resource: attachment.id, reason }),
    );
  }
  const isSymmetric = attachment.applianceMode === true;
  const door = (subnet: Subnet) => `${attachment.id}@${subnet.id}`;
  const used = isSymmetric ? shown.filter((subnet) => state.doors.includes(door(subnet))) : [];
  const options = (used.length > 0 ? used : shown).map(
    (subnet): Next => ({
      place: { kind: 'route', subnet },
      state: isSymmetric ? { ...next, doors: [...next.doors, door(subnet)] } : next,
    }),
  );
  return { quantifier: 'every', options };
}
