/**
 * Transit gateways, their attachments and tables (facts 23–26, 28, 41). AWS's defaults are written out: an attachment
 * without an explicit association is in the default table, and propagates there, unless the gateway turns that off.
 */
import {
  isUnknown,
  type ResourceId,
  type TransitGatewayAttachment,
  type TransitGatewayRoute,
  type Unknown,
  unknown,
  type Value,
} from '../../network';
import type { Resource } from '../resource';
import { alternatives, at, flagOf, type Item, isAbsent, isUnknownProperty, type Property } from './property';
import { orDefault, originOf, originOfItems, type Reader, type Readers, type Reading, undecided } from './reading';

const transitGateway: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const flag = (name: string, fallback: boolean) => orDefault(flagOf(at(properties, name)), fallback);
    reading.add('transitGateways', {
      id,
      origin: originOf(resource),
      certain,
      defaultAssociation: flag('DefaultRouteTableAssociation', true),
      defaultPropagation: flag('DefaultRouteTablePropagation', true),
      autoAccept: flag('AutoAcceptSharedAttachments', false),
      securityGroupReferencing: flag('SecurityGroupReferencingSupport', false),
    });
    // Routes may be written into the table that AWS makes, so it has to be there before they are read.
    const isMade = (use: string) =>
      flag(`DefaultRouteTable${use}`, true) !== false && isAbsent(at(properties, `${use}DefaultRouteTableId`));
    if (isMade('Association') || isMade('Propagation')) addDefaultTable(resource, reading);
  },
};

function addDefaultTable(gateway: Resource, reading: Reading): void {
  reading.add('transitGatewayRouteTables', {
    id: `${gateway.id}#default-route-table`,
    origin: originOf(gateway),
    certain: gateway.certain,
    transitGateway: gateway.id,
    routes: [],
    propagations: [],
  });
}

const vpcAttachment: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { properties } = resource;
    const vpc =
      reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId') ?? reading.defaultVpc(resource).id;
    addAttachment(resource, reading, { kind: 'vpc', vpc, subnets: [] });
  },
  attach(resource, reading) {
    const { properties } = resource;
    const noun = reading.get('transitGatewayAttachments', resource.id);
    if (noun?.attached.kind !== 'vpc') return;
    const { vpc } = noun.attached;
    const removed = new Set(subnetsOf(resource, 'RemoveSubnetIds', reading).map((item) => item.value));
    const named = [...subnetsOf(resource, 'SubnetIds', reading), ...subnetsOf(resource, 'AddSubnetIds', reading)];
    const subnets = named.filter((item) => !removed.has(item.value));
    for (const { value } of subnets) reading.place('subnets', value, vpc);
    noun.attached = { kind: 'vpc', vpc, subnets: [...new Set(subnets.map((item) => item.value))] };
    const open = subnets.filter((item) => !item.certain);
    if (open.length > 0)
      reading.unmodelled(resource, 'a condition decides which subnets it has', [
        resource.id,
        ...open.map((item) => item.value),
      ]);
    const options = at(properties, 'Options');
    noun.applianceMode = orDefault(flagOf(at(options, 'ApplianceModeSupport')), false);
    noun.securityGroupReferencing = orDefault(flagOf(at(options, 'SecurityGroupReferencingSupport')), true);
    const ipv6Open = openIpv6(resource.id, at(options, 'Ipv6Support'));
    if (ipv6Open) noun.ipv6Open = ipv6Open;
  },
};

/**
 * Off unless it is asked for; what becomes of IPv6 then, AWS does not say but that the attachment has to have addresses of it
 * (https://docs.aws.amazon.com/whitepapers/latest/ipv6-on-aws/amazon-vpc-connectivity-options-for-ipv6.html).
 */
function openIpv6(id: ResourceId, property: Property): Unknown | undefined {
  const supported = flagOf(property) ?? false;
  if (supported === true) return undefined;
  if (isUnknown<boolean>(supported)) return supported;
  return unknown(`\`${id}\` does not enable \`Ipv6Support\``);
}

function subnetsOf(resource: Resource, name: string, reading: Reading): Item<ResourceId>[] {
  return reading.references('subnets', at(resource.properties, name), resource, name);
}

/** Adds an attachment; `part` where it comes with something else, such as a VPN connection. */
export function addAttachment(
  resource: Resource,
  reading: Reading,
  attached: TransitGatewayAttachment['attached'],
  part = '',
  gateway = at(resource.properties, 'TransitGatewayId'),
): ResourceId {
  const id = `${resource.id}${part}`;
  const transitGateway =
    reading.reference('transitGateways', gateway, resource, 'TransitGatewayId') ?? `${id}#transit-gateway`;
  reading.add('transitGatewayAttachments', {
    id,
    origin: originOf(resource),
    certain: resource.certain,
    transitGateway,
    attached,
    applianceMode: false,
    securityGroupReferencing: attached.kind === 'vpc',
  });
  return id;
}

/** Both ends of a peering between gateways are attachments; the second is in the model where its gateway is. */
const peeringAttachment: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const peerGateway = at(resource.properties, 'PeerTransitGatewayId');
    const peer = reading.reference('transitGateways', peerGateway, resource, 'PeerTransitGatewayId');
    const shown = peer !== undefined && reading.resource(peer) !== undefined;
    addAttachment(resource, reading, { kind: 'peering', ...(shown && { peer: `${resource.id}#accepter` }) });
    if (shown) addAttachment(resource, reading, { kind: 'peering', peer: resource.id }, '#accepter', peerGateway);
  },
};

const routeTable: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const gateway = reading.reference(
      'transitGateways',
      at(properties, 'TransitGatewayId'),
      resource,
      'TransitGatewayId',
    );
    const transitGateway = gateway ?? `${id}#transit-gateway`;
    reading.add('transitGatewayRouteTables', {
      id,
      origin: originOf(resource),
      certain,
      transitGateway,
      routes: [],
      propagations: [],
    });
  },
};

const TABLE = 'TransitGatewayRouteTableId';
const ATTACHMENT = 'TransitGatewayAttachmentId';

const route: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const { properties } = resource;
    const destinations = alternatives(at(properties, 'DestinationCidrBlock'));
    for (const table of tablesChanged(resource, reading)) {
      for (const target of targetsOf(resource, table.value, reading)) {
        for (const destination of destinations) {
          reading.obtain('transitGatewayRouteTables', table.value).routes.push({
            origin: originOfItems(resource, table, target, destination),
            certain: resource.certain && table.certain && target.certain && destination.certain,
            destination: reading.prefix(destination.value, resource) ?? unknown('the route names no destination'),
            target: target.value,
          });
        }
      }
    }
  },
};

/** A route by prefix list; AWS calls it a reference. */
const prefixListReference: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const { properties } = resource;
    const list = reading.reference('prefixLists', at(properties, 'PrefixListId'), resource, 'PrefixListId');
    if (list === undefined) return;
    for (const table of tablesChanged(resource, reading)) {
      for (const target of targetsOf(resource, table.value, reading)) {
        const certain = resource.certain && table.certain && target.certain;
        const noun = reading.obtain('transitGatewayRouteTables', table.value);
        noun.routes.push({
          origin: originOfItems(resource, table, target),
          certain,
          destination: { prefixList: list },
          target: target.value,
        });
      }
    }
  },
};

function targetsOf(resource: Resource, table: ResourceId, reading: Reading): Item<TransitGatewayRoute['target']>[] {
  const { properties } = resource;
  const blackhole = flagOf(at(properties, 'Blackhole')) ?? false;
  if (blackhole === true) return [{ value: { kind: 'blackhole' }, certain: true }];
  const attachments = attachmentsIn(at(properties, ATTACHMENT), table, resource, reading);
  if (isUnknown<boolean>(blackhole)) {
    const { reason, parameters } = blackhole;
    return [{ value: { kind: 'unknown', reason, parameters }, certain: true }];
  }
  if (attachments.length > 0) {
    return attachments.map((item) => ({ ...item, value: { kind: 'attachment', id: item.value } }));
  }
  return [{ value: { kind: 'unknown', reason: 'the route names no attachment', parameters: [] }, certain: true }];
}

/** The tables that a resource adds to; those that AWS makes with a gateway among them, where it may be any of them. */
function tablesChanged(resource: Resource, reading: Reading): Item<ResourceId>[] {
  const property = at(resource.properties, TABLE);
  if (isUnknownProperty(property)) {
    for (const { id, external } of [...reading.drafts.transitGateways.values()])
      if (!external && reading.resource(id)?.stack !== resource.stack)
        defaultTable(id, 'AssociationDefaultRouteTableId', reading);
  }
  return reading.changed('transitGatewayRouteTables', property, resource, TABLE);
}

/** The attachments that a property names, as the gateway of a table knows them: a peering has one on each side. */
function attachmentsIn(
  property: Property,
  table: ResourceId,
  resource: Resource,
  reading: Reading,
): Item<ResourceId>[] {
  const gateway = reading.obtain('transitGatewayRouteTables', table).transitGateway;
  return reading.references('transitGatewayAttachments', property, resource, ATTACHMENT).map((item) => {
    const other = reading.get('transitGatewayAttachments', `${item.value}#accepter`);
    return other?.transitGateway === gateway ? { ...item, value: other.id } : item;
  });
}

const association: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const { properties } = resource;
    const table = reading.referenceValue('transitGatewayRouteTables', at(properties, TABLE), resource, TABLE);
    if (table === undefined) return;
    const gateway = isUnknown<string>(table) ? undefined : table;
    const attachments =
      gateway === undefined
        ? reading.references('transitGatewayAttachments', at(properties, ATTACHMENT), resource, ATTACHMENT)
        : attachmentsIn(at(properties, ATTACHMENT), gateway, resource, reading);
    for (const { value, certain } of attachments) {
      reading.obtain('transitGatewayAttachments', value).association =
        certain && resource.certain ? table : undecided(resource);
    }
  },
};

const propagation: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const { properties } = resource;
    for (const table of tablesChanged(resource, reading)) {
      for (const attachment of attachmentsIn(at(properties, ATTACHMENT), table.value, resource, reading)) {
        const certain = resource.certain && table.certain && attachment.certain;
        const noun = reading.obtain('transitGatewayRouteTables', table.value);
        const origin = originOfItems(resource, table, attachment);
        noun.propagations.push({ attachment: attachment.value, certain, origin });
      }
    }
  },
};

const connect: Reader = {
  model: 'unknown',
  attach(resource, reading) {
    const transport = at(resource.properties, 'TransportTransitGatewayAttachmentId');
    const over = reading.reference(
      'transitGatewayAttachments',
      transport,
      resource,
      'TransportTransitGatewayAttachmentId',
    );
    const reason = 'a Connect attachment carries what its appliances send';
    const gateway = over === undefined ? undefined : reading.get('transitGatewayAttachments', over)?.transitGateway;
    const id = addAttachment(resource, reading, { kind: 'unknown', reason });
    if (gateway !== undefined) reading.obtain('transitGatewayAttachments', id).transitGateway = gateway;
    reading.unmodelled(resource, reason, [id]);
  },
};

/**
 * Writes the defaults of each gateway into its attachments and its default table, and gives gateways that others may
 * attach to an attachment that stands for them (fact 26).
 */
export function settleTransitGateways(reading: Reading): void {
  for (const gateway of [...reading.drafts.transitGateways.values()]) {
    if (gateway.external || gateway.autoAccept !== false) addUnseenAttachments(gateway.id, reading);
  }
  for (const attachment of reading.drafts.transitGatewayAttachments.values()) {
    if (attachment.external) continue;
    const gateway = reading.obtain('transitGateways', attachment.transitGateway);
    attachment.association ??= whereDefault(gateway.defaultAssociation, () =>
      defaultTable(gateway.id, 'AssociationDefaultRouteTableId', reading),
    );
    if (gateway.defaultPropagation === false) continue;
    const certain = gateway.defaultPropagation === true && attachment.certain;
    const table = defaultTable(gateway.id, 'PropagationDefaultRouteTableId', reading);
    const { origin } = attachment;
    reading
      .obtain('transitGatewayRouteTables', table)
      .propagations.push({ attachment: attachment.id, certain, origin });
  }
}

function whereDefault(flag: Value<boolean>, table: () => ResourceId): Value<ResourceId> | undefined {
  if (isUnknown<boolean>(flag)) return flag;
  return flag ? table() : undefined;
}

/** The table that AWS makes with a gateway, or the one that the gateway names in its place. */
function defaultTable(gateway: ResourceId, property: string, reading: Reading): ResourceId {
  const resource = reading.resource(gateway);
  const named = resource && !isAbsent(at(resource.properties, property));
  const chosen = named
    ? reading.reference('transitGatewayRouteTables', at(resource.properties, property), resource, property)
    : undefined;
  const id = chosen ?? `${gateway}#default-route-table`;
  if (reading.get('transitGatewayRouteTables', id)) return id;
  if (resource && chosen === undefined) addDefaultTable(resource, reading);
  else reading.obtain('transitGatewayRouteTables', id).transitGateway = gateway;
  return id;
}

/** Attachments that no template shows: other accounts' and other templates'. */
export function addUnseenAttachments(gateway: ResourceId, reading: Reading): void {
  const id = `${gateway}#unseen-attachments`;
  if (reading.get('transitGatewayAttachments', id)) return;
  const noun = reading.get('transitGateways', gateway);
  const reason = `\`${gateway}\` may have attachments that no template shows`;
  const origin = noun?.origin ?? { resource: gateway, type: '' };
  reading.add('transitGatewayAttachments', {
    id,
    origin,
    certain: false,
    transitGateway: gateway,
    attached: { kind: 'unknown', reason },
    applianceMode: unknown(reason),
    securityGroupReferencing: unknown(reason),
  });
}

export const transitGatewayReaders: Readers = {
  'AWS::EC2::TransitGateway': transitGateway,
  'AWS::EC2::TransitGatewayAttachment': vpcAttachment,
  'AWS::EC2::TransitGatewayVpcAttachment': vpcAttachment,
  'AWS::EC2::TransitGatewayPeeringAttachment': peeringAttachment,
  'AWS::EC2::TransitGatewayConnect': connect,
  'AWS::EC2::TransitGatewayRouteTable': routeTable,
  'AWS::EC2::TransitGatewayRoute': route,
  'AWS::EC2::TransitGatewayPrefixListReference': prefixListReference,
  'AWS::EC2::TransitGatewayRouteTableAssociation': association,
  'AWS::EC2::TransitGatewayRouteTablePropagation': propagation,
};
