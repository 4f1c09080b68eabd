/**
 * What stands in something that may not exist may not exist either. A table or list that may not exist holds nothing for
 * certain, and may be replaced by another: it keeps what it holds, and anything beside.
 */
import { type Origin, type ResourceId, type Unknown, unknown } from '../../network';
import { changedOrigin } from '../lazy-origin';
import type { DraftNouns } from './drafts';
import type { Reading } from './reading';

type Noun = { readonly id: ResourceId; readonly origin: Origin; readonly certain: boolean };
type OpenNoun = { -readonly [K in keyof Noun]: Noun[K] };

export function settleExistence(reading: Reading): void {
  const { vpcs, subnets, routeTables, networkAcls, transitGatewayRouteTables } = reading.drafts;
  for (const subnet of subnets.values()) dependOn(subnet, vpcs.get(subnet.vpc));
  for (const attachment of reading.drafts.transitGatewayAttachments.values()) {
    if (attachment.attached.kind === 'vpc') {
      dependOn(attachment, vpcs.get(attachment.attached.vpc));
      standIn(attachment, attachment.attached.subnets, reading);
    }
    dependOn(attachment, reading.get('transitGateways', attachment.transitGateway));
  }
  for (const iface of reading.drafts.interfaces.values()) standIn(iface, iface.subnets, reading);
  for (const gateway of reading.drafts.natGateways.values()) standIn(gateway, [gateway.subnet], reading);
  for (const firewall of reading.drafts.firewalls.values()) standIn(firewall, firewall.subnets, reading);
  for (const endpoint of reading.drafts.vpcEndpoints.values()) standIn(endpoint, endpoint.subnets ?? [], reading);
  for (const table of routeTables.values()) if (!table.certain) openTable(table);
  for (const table of transitGatewayRouteTables.values()) {
    if (table.certain) continue;
    openTable(table);
    table.propagations = table.propagations.map((each) => perhaps(each, table.origin));
  }
  for (const acl of networkAcls.values()) if (!acl.certain) openList(acl);
}

function standIn(noun: OpenNoun, subnets: readonly ResourceId[], reading: Reading): void {
  for (const id of subnets) dependOn(noun, reading.get('subnets', id));
}

function dependOn(noun: OpenNoun, on: Noun | undefined): void {
  if (!on || on.certain || !noun.certain) return;
  Object.assign(noun, perhaps(noun, on.origin));
}

/** The same under somebody's doubt. */
function perhaps<T extends { readonly origin: Origin; readonly certain: boolean }>(part: T, { doubt }: Origin): T {
  const origin = doubt && !part.origin.doubt ? changedOrigin(part.origin, { doubt }) : part.origin;
  return { ...part, certain: false, origin };
}

function whyOpen({ id, origin: { doubt } }: Noun): Unknown {
  return unknown(`\`${id}\` may not exist${doubt ? `: ${doubt.reason}` : ''}`, doubt?.parameters);
}

function openTable(table: DraftNouns['routeTables'] | DraftNouns['transitGatewayRouteTables']): void {
  const { reason, parameters } = whyOpen(table);
  const anywhere = {
    origin: table.origin,
    certain: false,
    destination: unknown(reason, parameters),
    target: { kind: 'unknown', reason, parameters },
  } as const;
  if ('main' in table) table.routes = [...table.routes.map((route) => perhaps(route, table.origin)), anywhere];
  else table.routes = [...table.routes.map((route) => perhaps(route, table.origin)), anywhere];
}

function openList(acl: DraftNouns['networkAcls']): void {
  const why = whyOpen(acl);
  const any = { origin: acl.origin, certain: false, number: why, action: why, traffic: why, cidr: why };
  const entries = acl.entries.map((entry) => perhaps(entry, acl.origin));
  acl.entries = [...entries, { ...any, direction: 'ingress' }, { ...any, direction: 'egress' }];
}
