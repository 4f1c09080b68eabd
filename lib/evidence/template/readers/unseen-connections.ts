/**
 * AWS takes a route to a peering connection only in a VPC that is peered by it, one to a transit gateway only in a VPC that
 * is attached to it, and one to a NAT gateway, an instance or an interface only in its own VPC
 * (https://docs.aws.amazon.com/vpc/latest/userguide/route-table-options.html). Where no template shows these, a route to them
 * gives them away: they are there, and what is behind them is not known (fact 15).
 */
import { isUnknown, type ResourceId, unknown } from '../../network';
import type { DraftNouns } from './drafts';
import type { Reading } from './reading';

/** Runs when every reference is closed: what is external by then no template shows. */
export function settleUnseenConnections(reading: Reading): void {
  const peered = new Map<ResourceId, Set<ResourceId>>();
  for (const table of reading.drafts.routeTables.values()) {
    for (const { target } of table.routes) {
      if (target.kind === 'transit-gateway') attach(target.id, table.vpc, reading);
      if (target.kind === 'nat-gateway') standIn(reading.get('natGateways', target.id)?.subnet, table.vpc, reading);
      if (target.kind === 'interface') {
        for (const subnet of reading.get('interfaces', target.id)?.subnets ?? []) standIn(subnet, table.vpc, reading);
      }
      if (target.kind === 'peering') peered.set(target.id, (peered.get(target.id) ?? new Set()).add(table.vpc));
    }
  }
  for (const [id, vpcs] of peered) {
    const peering = reading.get('peeringConnections', id);
    if (peering?.external) connect(peering, [...vpcs].sort());
  }
}

function standIn(subnet: ResourceId | undefined, vpc: ResourceId, reading: Reading): void {
  if (subnet !== undefined) reading.place('subnets', subnet, vpc);
}

/** One side of it is the VPC whose table leads there; two VPCs that do are its two sides. */
function connect(peering: DraftNouns['peeringConnections'], vpcs: readonly ResourceId[]): void {
  const [requester, accepter] = vpcs;
  if (requester !== undefined) peering.requester = requester;
  if (accepter !== undefined) peering.accepter = accepter;
}

function attach(gateway: ResourceId, vpc: ResourceId, reading: Reading): void {
  const noun = reading.get('transitGateways', gateway);
  if (!noun?.external) return;
  for (const { transitGateway, attached } of reading.drafts.transitGatewayAttachments.values()) {
    if (transitGateway === gateway && attached.kind === 'vpc' && attached.vpc === vpc) return;
  }
  const parameters = isUnknown(noun.autoAccept) ? noun.autoAccept.parameters : [];
  const because = unknown(
    `no template shows the attachment of \`${vpc}\` to transit gateway \`${gateway}\``,
    parameters,
  );
  const subnets = [...reading.drafts.subnets.values()].filter((subnet) => subnet.vpc === vpc).map(({ id }) => id);
  const id = `${gateway}#attachment of ${vpc}`;
  reading.add('transitGatewayAttachments', {
    id,
    origin: { resource: gateway, type: '' },
    certain: true,
    external: true,
    transitGateway: gateway,
    attached: { kind: 'vpc', vpc, subnets: subnets.sort() },
    association: because,
    applianceMode: because,
    securityGroupReferencing: because,
  });
}
