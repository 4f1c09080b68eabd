/**
 * Templates that are given together, and that nobody has tied: one is attached to a transit gateway, or peered by a
 * connection, that only a parameter or a literal id names, and another shows one. They may be the same. What would be, if
 * they are, is added beside what is known, and is not certain: attachments at the gateway shown, connections between the
 * VPCs, and the routes that lead there. Inside one stack nobody needs a parameter for what the stack itself makes.
 */
import { type ResourceId, type Unknown, unknown } from '../../network';
import { changedOrigin } from '../lazy-origin';
import type { Resource } from '../resource';
import type { DraftNouns } from './drafts';
import { vpcsMeant } from './open-vpcs';
import { referencesIn } from './property';
import type { Reading } from './reading';
import { isCustomResource } from './reference';

type Attachment = DraftNouns['transitGatewayAttachments'];
type Peering = DraftNouns['peeringConnections'];
type Target = DraftNouns['routeTables']['routes'][number]['target'];

export function settleOpenTies(reading: Reading): void {
  const attachments = () => [...reading.drafts.transitGatewayAttachments.values()].filter(({ external }) => !external);
  for (const attachment of attachments()) attachVpcs(attachment, reading);
  for (const attachment of attachments()) attachElsewhere(attachment, reading);
  tieAttachments(reading);
  for (const attachment of attachments()) peerGateways(attachment, reading);
  new OpenPeerings(reading).settle();
}

// ------------------------------------------------------------------------------------------------ transit gateways

/** The attachment, once more, of every VPC that its own may be. */
function attachVpcs(attachment: Attachment, reading: Reading): void {
  const { attached, origin } = attachment;
  const user = reading.resource(origin.resource);
  if (!user || attached.kind !== 'vpc') return;
  for (const { id: vpc } of vpcsMeant(attached.vpc, user, reading)) {
    const inside = [...reading.drafts.subnets.values()].filter((subnet) => subnet.vpc === vpc).map(({ id }) => id);
    const named = attached.subnets.filter((subnet) => inside.includes(subnet));
    const id = `${attachment.id}@${vpc}`;
    const doubtful = changedOrigin(origin, { doubt: mayBe(attached.vpc, vpc, reading) });
    const subnets = named.length > 0 ? named : inside;
    const noun = { ...attachment, id, origin: doubtful, certain: false };
    reading.add('transitGatewayAttachments', { ...noun, attached: { kind: 'vpc', vpc, subnets } });
    for (const table of reading.drafts.transitGatewayRouteTables.values()) repeat(attachment.id, id, table, doubtful);
  }
}

/** What a table says of one attachment it may say of another. */
function repeat(
  attachment: ResourceId,
  other: ResourceId,
  table: DraftNouns['transitGatewayRouteTables'],
  origin: Attachment['origin'],
): void {
  if (table.propagations.some((one) => one.attachment === attachment))
    table.propagations.push({ attachment: other, certain: false, origin });
  for (const route of [...table.routes]) {
    if (route.target.kind !== 'attachment' || route.target.id !== attachment) continue;
    table.routes.push({ ...route, certain: false, origin, target: { kind: 'attachment', id: other } });
  }
}

/** The attachment, once more, at every gateway that its own may be. */
function attachElsewhere(attachment: Attachment, reading: Reading): void {
  const { transitGateway, origin, attached } = attachment;
  const user = reading.resource(origin.resource);
  const open = reading.get('transitGateways', transitGateway);
  if (!user || !open?.external || attached.kind === 'peering') return;
  for (const gateway of [...reading.drafts.transitGateways.values()]) {
    const maker = reading.resource(gateway.id);
    if (!maker || !isBeside(user, maker)) continue;
    const because = mayBe(transitGateway, gateway.id, reading);
    const id = `${attachment.id}@${gateway.id}`;
    const doubtful = changedOrigin(origin, { doubt: because });
    const noun = { ...attachment, id, origin: doubtful, certain: false, transitGateway: gateway.id };
    reading.add('transitGatewayAttachments', { ...noun, association: because });
    for (const table of reading.drafts.transitGatewayRouteTables.values()) {
      if (table.transitGateway !== gateway.id) continue;
      table.propagations.push({ attachment: id, certain: false, origin: doubtful });
    }
    if (attached.kind !== 'vpc') continue;
    const isOpen = (target: Target) => target.kind === 'transit-gateway' && target.id === transitGateway;
    leadAlso(isOpen, attached.vpc, { kind: 'transit-gateway', id: gateway.id }, because, reading);
  }
}

const ATTACHMENT = 'TransitGatewayAttachmentId';

/**
 * A table of a gateway may speak of an attachment that only a parameter names, which is one of another stack's, or of one
 * that a custom resource has looked up, which may be any: CloudFormation does not hand out that of a VPN connection.
 */
function tieAttachments(reading: Reading): void {
  const all = [...reading.drafts.transitGatewayAttachments.values()].filter(({ external }) => !external);
  const meant = (open: ResourceId, writer: ResourceId, table: DraftNouns['transitGatewayRouteTables']) => {
    if (reading.get('transitGatewayAttachments', open)?.external !== true) return [];
    const user = reading.resource(writer);
    return all
      .filter((one) => one.transitGateway === table.transitGateway && user && mayName(user, one, reading))
      .map(({ id }) => ({ id, because: mayBe(open, id, reading) }));
  };
  for (const table of reading.drafts.transitGatewayRouteTables.values()) {
    for (const { target, origin, ...route } of [...table.routes]) {
      if (target.kind !== 'attachment') continue;
      for (const { id, because } of meant(target.id, origin.resource, table)) {
        const doubtful = changedOrigin(origin, { doubt: because });
        table.routes.push({ ...route, certain: false, origin: doubtful, target: { kind: 'attachment', id } });
      }
    }
    for (const { attachment, origin } of [...table.propagations]) {
      for (const { id, because } of meant(attachment, origin.resource, table)) {
        table.propagations.push({ attachment: id, certain: false, origin: changedOrigin(origin, { doubt: because }) });
      }
    }
  }
  for (const user of reading.ofType('AWS::EC2::TransitGatewayRouteTableAssociation'))
    openAssociations(user, all, reading);
}

/** Of more, none is tried: each would be peered with all others. */
const MOST_GATEWAYS = 6;

/** A peering between gateways that only parameters name may be one between any two that another template makes. */
function peerGateways(peering: Attachment, reading: Reading): void {
  const user = reading.resource(peering.origin.resource);
  const because = reading.whyOpen(peering.transitGateway);
  if (peering.attached.kind !== 'peering' || peering.attached.peer !== undefined || !user || !because) return;
  const meant = [...reading.drafts.transitGateways.values()].flatMap(({ id }) => {
    const maker = reading.resource(id);
    return maker && isBeside(user, maker) ? [id] : [];
  });
  if (meant.length > MOST_GATEWAYS) return;
  const origin = changedOrigin(peering.origin, { doubt: because });
  for (const near of meant) {
    for (const far of meant.filter((id) => id !== near)) {
      const ends = [near, far].map((gateway) => ({ gateway, id: `${peering.id}@${near}@${far}@${gateway}` }));
      for (const [at, { gateway, id }] of ends.entries()) {
        const peer = ends[1 - at]?.id;
        const attached = { kind: 'peering', ...(peer !== undefined && { peer }) } as const;
        const noun = { ...peering, id, origin, certain: false, transitGateway: gateway, attached };
        reading.add('transitGatewayAttachments', { ...noun, association: because });
        const tables = [...reading.drafts.transitGatewayRouteTables.values()];
        for (const table of tables) if (table.transitGateway === gateway) repeat(peering.id, id, table, origin);
      }
    }
  }
}

/** Which attachment it puts into a table is not known: those without a table of their own may be meant. */
function openAssociations(user: Resource, all: readonly Attachment[], reading: Reading): void {
  const named = reading.references('transitGatewayAttachments', user.properties[ATTACHMENT], user, ATTACHMENT);
  const open = named.find(({ value }) => reading.get('transitGatewayAttachments', value)?.external === true);
  if (!open) return;
  for (const attachment of all) {
    if (attachment.association !== undefined || !mayName(user, attachment, reading)) continue;
    attachment.association = mayBe(open.value, attachment.id, reading);
  }
}

/** Whether what a resource says of an attachment that is not known may be said of this one. */
function mayName(user: Resource, { origin }: Attachment, reading: Reading): boolean {
  const maker = reading.resource(origin.resource);
  if (!maker) return false;
  const lookups = referencesIn(user.properties[ATTACHMENT]).map(({ reference }) =>
    reading.resource(reference.resource),
  );
  return isBeside(user, maker) || lookups.some((lookup) => lookup !== undefined && isCustomResource(lookup.type));
}

// ---------------------------------------------------------------------------------------------------------- peering

class OpenPeerings {
  /** the VPCs whose tables lead to a connection */
  private readonly users = new Map<ResourceId, Set<ResourceId>>();

  constructor(private readonly reading: Reading) {
    for (const table of reading.drafts.routeTables.values()) {
      for (const { target } of table.routes) {
        if (target.kind !== 'peering') continue;
        this.users.set(target.id, (this.users.get(target.id) ?? new Set()).add(table.vpc));
      }
    }
  }

  settle(): void {
    const sides = [...this.users].flatMap(([id, vpcs]) => [...vpcs].map((vpc) => ({ id, vpc })));
    for (const peering of [...this.reading.drafts.peeringConnections.values()]) {
      if (peering.external) continue;
      this.giveAway(peering);
      for (const side of ['requester', 'accepter'] as const) this.joinOpen(peering, side);
    }
    for (const [at, one] of sides.entries()) {
      for (const other of sides.slice(at + 1))
        if (this.mayBeOne(one.id, other.id, one.vpc, other.vpc)) this.join(one, other);
    }
  }

  /** AWS takes a route to a connection only in a VPC that is peered by it: it is the side that no template names. */
  private giveAway(peering: Peering): void {
    const others = [...(this.users.get(peering.id) ?? [])].filter(
      (vpc) => vpc !== peering.requester && vpc !== peering.accepter,
    );
    const [only] = others;
    if (only === undefined || others.length > 1) return;
    if (this.isUnseen(peering.accepter)) peering.accepter = only;
    else if (this.isUnseen(peering.requester)) peering.requester = only;
  }

  /** The connection, once more, with every VPC that a side of it may be. */
  private joinOpen(peering: Peering, side: 'requester' | 'accepter'): void {
    const { reading } = this;
    const user = reading.resource(peering.id);
    const other = side === 'requester' ? peering.accepter : peering.requester;
    if (!user) return;
    for (const { id: vpc } of vpcsMeant(peering[side], user, reading)) {
      const because = mayBe(peering[side], vpc, reading);
      const origin = changedOrigin(peering.origin, { doubt: because });
      const id = `${peering.id}@${vpc}`;
      reading.add('peeringConnections', { ...peering, id, origin, certain: false, [side]: vpc });
      const isIt = (target: Target) => target.kind === 'peering' && target.id === peering.id;
      for (const end of [vpc, other]) leadAlso(isIt, end, { kind: 'peering', id }, because, reading);
    }
  }

  private isUnseen(vpc: ResourceId): boolean {
    return this.reading.resource(vpc) === undefined;
  }

  /** Two connections of which each lacks a side: one that a template makes is no other one that a template makes. */
  private mayBeOne(a: ResourceId, b: ResourceId, ofA: ResourceId, ofB: ResourceId): boolean {
    const [one, other] = [a, b].map((id) => this.reading.get('peeringConnections', id));
    const isMade = (peering: Peering | undefined) => peering !== undefined && !peering.external;
    if (a === b || ofA === ofB || (isMade(one) && isMade(other)) || [a, b].every((id) => id.startsWith('pcx-')))
      return false;
    const [user, maker] = [ofA, ofB].map((vpc) => this.reading.resource(vpc));
    if (!user || !maker || user.stack === maker.stack) return false;
    const lacks = (peering: Peering | undefined, own: ResourceId) =>
      !isMade(peering) ||
      [peering?.requester, peering?.accepter].some((vpc) => vpc !== own && vpc !== undefined && this.isUnseen(vpc));
    return lacks(one, ofA) && lacks(other, ofB);
  }

  private join(a: { id: ResourceId; vpc: ResourceId }, b: { id: ResourceId; vpc: ResourceId }): void {
    const because = mayBe(a.id, b.id, this.reading);
    const made = this.reading.get('peeringConnections', a.id) ?? this.reading.get('peeringConnections', b.id);
    const origin = changedOrigin(made?.origin ?? { resource: a.id, type: '' }, { doubt: because });
    const id = `${a.id}@${b.id}`;
    this.reading.add('peeringConnections', { id, origin, certain: false, requester: a.vpc, accepter: b.vpc });
    for (const side of [a, b]) {
      const isSide = (target: Target) => target.kind === 'peering' && target.id === side.id;
      leadAlso(isSide, side.vpc, { kind: 'peering', id }, because, this.reading);
    }
  }
}

// ------------------------------------------------------------------------------------------------------------- both

/** Routes of a VPC to one target may lead to another, too. */
function leadAlso(
  isOpen: (target: Target) => boolean,
  vpc: ResourceId,
  target: Target,
  because: Unknown,
  reading: Reading,
) {
  for (const table of reading.drafts.routeTables.values()) {
    if (table.vpc !== vpc) continue;
    const routes = table.routes.filter((route) => isOpen(route.target));
    const more = routes.map((route) => {
      return { ...route, target, certain: false, origin: changedOrigin(route.origin, { doubt: because }) };
    });
    if (more.length > 0) table.routes = [...table.routes, ...more];
  }
}

/** Of another stack, in the same region and account as far as that is known. */
function isBeside(one: Resource, other: Resource): boolean {
  return one.stack !== other.stack && one.region === other.region && one.account === other.account;
}

function mayBe(open: ResourceId, shown: ResourceId, reading: Reading): Unknown {
  return unknown(
    `\`${open}\` may be \`${shown}\``,
    reading.whyOpen(open)?.parameters ?? reading.whyOpen(shown)?.parameters,
  );
}
