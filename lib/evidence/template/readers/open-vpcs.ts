/**
 * Templates that are given together, of which one stands in a VPC or subnet that only a parameter or a literal id names.
 * It may be a VPC that another of them makes: what is in one may then be beside what is in the other, and no packet set
 * shows it. So it is told as a way that may be open, until somebody says which VPC it is.
 */
import { ALL_IPV4, ALL_IPV6 } from '../../../base/net';
import { isUnknown, type ResourceId, type Unknown, unknown } from '../../network';
import { changedOrigin } from '../lazy-origin';
import type { Resource } from '../resource';
import type { DraftNouns } from './drafts';
import type { Reading } from './reading';

type Vpc = DraftNouns['vpcs'];

interface OpenVpc {
  readonly id: ResourceId;
  /** what stands in it */
  readonly users: readonly Resource[];
  readonly because: Unknown;
}

export function settleOpenVpcs(reading: Reading): void {
  const shown = [...reading.drafts.vpcs.values()].filter(({ external }) => !external);
  for (const open of openVpcs(reading)) {
    for (const vpc of shown.filter(({ id }) => mayBeOne(open.users, id, reading))) tie(open, vpc, reading);
  }
  for (const gateway of [...reading.drafts.internetGateways.values(), ...reading.drafts.vpnGateways.values()])
    openGateway(gateway, reading);
  for (const table of [...reading.drafts.routeTables.values()]) openEdge(table, reading);
}

/** An edge table of a gateway that only a parameter names may be that of any other template's gateway without one. */
function openEdge(table: DraftNouns['routeTables'], reading: Reading): void {
  const { edgeOf } = table;
  const user = reading.resource(table.id);
  const because = edgeOf !== undefined && reading.whyOpen(edgeOf);
  if (!because || !user || because.parameters.length === 0) return;
  const edges = new Set([...reading.drafts.routeTables.values()].map((one) => one.edgeOf));
  for (const { id } of [...reading.drafts.internetGateways.values(), ...reading.drafts.vpnGateways.values()]) {
    if (edges.has(id) || !mayBeOne([user], id, reading)) continue;
    const edgeOpen = unknown(`\`${edgeOf}\` may be \`${id}\``, because.parameters);
    reading.add('routeTables', { ...table, id: `${table.id}@${id}`, main: false, edgeOf: id, edgeOpen });
  }
}

/** A gateway that a template attaches for others: where nothing of its own stands in the VPC, it may be any of theirs. */
function openGateway(gateway: DraftNouns['internetGateways' | 'vpnGateways'], reading: Reading): void {
  const { vpc } = gateway;
  const maker = reading.resource(gateway.id);
  if (vpc === undefined || isUnknown(vpc) || !maker) return;
  const isOwn = [...reading.drafts.subnets.values()].some((subnet) => subnet.vpc === vpc && !subnet.external);
  const because = openness(vpc, reading);
  if (because && !isOwn && vpcsMeant(vpc, maker, reading).length > 0)
    gateway.vpc = unknown(`which VPC \`${gateway.id}\` is attached to is left open`, because.parameters);
}

/** VPCs that no template makes and that one of them stands in, by what leaves open which it is. */
function openVpcs(reading: Reading): OpenVpc[] {
  const users = new Map<ResourceId, Set<Resource>>();
  const reasons = new Map<ResourceId, Unknown>();
  const use = (vpc: ResourceId, id: ResourceId) => {
    const user = reading.resource(id);
    if (user) users.set(vpc, (users.get(vpc) ?? new Set()).add(user));
  };
  for (const { id, external } of reading.drafts.vpcs.values()) {
    const because = external ? openness(id, reading) : undefined;
    if (because) reasons.set(id, because);
  }
  for (const subnet of reading.drafts.subnets.values()) {
    use(subnet.vpc, subnet.id);
    const because = subnet.external ? openness(subnet.id, reading) : undefined;
    if (because && !reading.resource(subnet.vpc) && !reasons.has(subnet.vpc)) reasons.set(subnet.vpc, because);
  }
  for (const group of reading.drafts.securityGroups.values()) use(group.vpc, group.id);
  for (const { subnets, origin } of reading.drafts.interfaces.values()) {
    for (const subnet of subnets) use(reading.get('subnets', subnet)?.vpc ?? '', origin.resource);
  }
  return [...reasons].map(([id, because]) => ({ id, because, users: [...(users.get(id) ?? [])] }));
}

/** The VPCs that a VPC may be which `user` names by a parameter without a value, or by an id. */
export function vpcsMeant(open: ResourceId, user: Resource, reading: Reading): Vpc[] {
  if (!openness(open, reading)) return [];
  return [...reading.drafts.vpcs.values()].filter(({ id, external }) => !external && mayBeOne([user], id, reading));
}

/** A parameter without a value, or an id that is written out. */
function openness(id: ResourceId, reading: Reading): Unknown | undefined {
  const open = reading.whyOpen(id);
  if (open && open.parameters.length > 0) return open;
  return /^(vpc|subnet)-[0-9a-z]/.test(id) ? unknown(`no template shows \`${id}\``) : undefined;
}

/** Inside its own stack nobody needs a parameter for what the stack itself makes. */
function mayBeOne(users: readonly Resource[], shown: ResourceId, reading: Reading): boolean {
  const maker = reading.resource(shown);
  if (!maker || users.length === 0) return false;
  return users.every((user) => {
    const isElsewhere = user.region !== maker.region || user.account !== maker.account;
    return user.stack !== maker.stack && !isElsewhere;
  });
}

function tie({ id, users, because }: OpenVpc, vpc: Vpc, reading: Reading): void {
  const [user] = users;
  if (!user) return;
  const doubt = unknown(`\`${id}\` may be \`${vpc.id}\`, which another template makes`, because.parameters);
  for (const [from, to] of [
    [id, vpc.id],
    [vpc.id, id],
  ] as const) {
    reading.add('bridges', {
      id: `${from}@${to}`,
      origin: changedOrigin(user.origin, { doubt }),
      certain: false,
      reason: `${doubt.reason}: give the value of what names it`,
      from: [from],
      open: false,
      to: [{ kind: 'address', vpc: to, cidr: doubt }],
      seenAs: [ALL_IPV4, ALL_IPV6],
    });
  }
  // What may be launched in the VPC may wear the groups that are made for it elsewhere.
  for (const group of [...reading.drafts.securityGroups.values()]) {
    if (group.vpc !== id || group.external || group.isDefault) continue;
    const origin = changedOrigin(group.origin, { doubt });
    reading.add('securityGroups', { ...group, id: `${group.id}@${vpc.id}`, vpc: vpc.id, certain: false, origin });
  }
}
