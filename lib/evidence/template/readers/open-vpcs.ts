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
  for (const association of reading.ofType(ASSOCIATION)) openEdges(association, reading);
}

const ASSOCIATION = 'AWS::EC2::GatewayRouteTableAssociation';

/** The tables, and the gateways, that an edge association may speak of where only parameters name them. */
function openEdges(association: Resource, reading: Reading): void {
  const { properties } = association;
  const named = [
    reading.reference('routeTables', properties.RouteTableId, association, 'RouteTableId'),
    reading.reference('internetGateways', properties.GatewayId, association, 'GatewayId'),
  ];
  const [table, gateway] = named;
  if (table === undefined || gateway === undefined) return;
  const because = named.map((id) => id !== undefined && reading.whyOpen(id)).find((open) => open);
  if (!because || because.parameters.length === 0) return;
  const meant = <T extends { readonly id: ResourceId }>(id: ResourceId, nouns: readonly T[]) =>
    nouns.filter((noun) => (reading.whyOpen(id) ? mayBeOne([association], noun.id, reading) : noun.id === id));
  const { routeTables, internetGateways, vpnGateways } = reading.drafts;
  const edges = new Set([...routeTables.values()].flatMap(({ edgeOf }) => edgeOf ?? []));
  for (const { id, vpc } of meant(gateway, [...internetGateways.values(), ...vpnGateways.values()])) {
    if (edges.has(id) && id !== gateway) continue;
    for (const one of meant(table, [...routeTables.values()])) {
      if ((one.id === table && id === gateway) || one.vpc !== (isUnknown(vpc) ? one.vpc : vpc)) continue;
      const edgeOpen = unknown(`\`${one.id}\` may be the edge table of \`${id}\``, because.parameters);
      reading.add('routeTables', { ...one, id: `${one.id}@${id}`, main: false, edgeOf: id, edgeOpen });
    }
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
    const because = subnet.external ? (openness(subnet.id, reading) ?? openName(subnet.id)) : undefined;
    if (because && !reading.resource(subnet.vpc) && !reasons.has(subnet.vpc)) reasons.set(subnet.vpc, because);
  }
  for (const group of reading.drafts.securityGroups.values()) {
    use(group.vpc, group.id);
    // It may be all that says where its bearer is launched.
    const because = group.external ? openness(group.id, reading) : undefined;
    if (because && !reading.resource(group.vpc) && !reasons.has(group.vpc)) reasons.set(group.vpc, because);
  }
  for (const { subnets, origin, certain } of reading.drafts.interfaces.values()) {
    const maker = reading.resource(origin.resource)?.stack;
    for (const subnet of subnets) {
      // one that another template puts there, perhaps, names nothing
      if (!certain && (reading.resource(subnet)?.stack ?? maker) !== maker) continue;
      use(reading.get('subnets', subnet)?.vpc ?? '', origin.resource);
    }
  }
  return [...reasons].map(([id, because]) => ({ id, because, users: [...(users.get(id) ?? [])] }));
}

/** The VPCs that a VPC may be which `user` names by a parameter without a value, or by an id. */
export function vpcsMeant(open: ResourceId, user: Resource, reading: Reading): Vpc[] {
  if (!openness(open, reading)) return [];
  return [...reading.drafts.vpcs.values()].filter(({ id, external }) => !external && mayBeOne([user], id, reading));
}

/** A parameter without a value, or an id that is written out. */
export function openness(id: ResourceId, reading: Reading): Unknown | undefined {
  const open = reading.whyOpen(id);
  if (open && open.parameters.length > 0) return open;
  return /^(vpc|subnet)-[0-9a-z]/.test(id) ? unknown(`no template shows \`${id}\``) : undefined;
}

/** A subnet group, or a cluster that a database belongs to, may be written out by its name. */
function openName(id: ResourceId): Unknown | undefined {
  return /[.#]/.test(id) ? undefined : unknown(`no template shows \`${id}\``);
}

/** Inside its own stack nobody needs a parameter for what the stack itself makes. */
export function mayBeOne(users: readonly Resource[], shown: ResourceId, reading: Reading): boolean {
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
  const bridge = {
    origin: changedOrigin(user.origin, { doubt }),
    certain: false,
    reason: `${doubt.reason}: give the value of what names it`,
    open: false,
    seenAs: [ALL_IPV4, ALL_IPV6],
  };
  const anywhere = (at: ResourceId) => [{ kind: 'address' as const, vpc: at, cidr: doubt }];
  reading.add('bridges', { ...bridge, id: `${id}@${vpc.id}`, from: [id], to: anywhere(vpc.id) });
  reading.add('bridges', { ...bridge, id: `${vpc.id}@${id}`, from: [vpc.id], to: anywhere(id) });
  const shown = [...reading.drafts.vpcs.values()].filter(({ external }) => !external).map((one) => one.id);
  if (passesOn(id, reading)) {
    // What passes on there what it gets brings it to its neighbours, whoever sent it.
    const inside = [...reading.drafts.interfaces.values()].filter((one) => standsIn(one, vpc.id, reading));
    const to = inside.map((one) => ({ kind: 'interface' as const, id: one.id }));
    reading.add('bridges', { ...bridge, id: `${id}@${vpc.id}#into`, from: 'internet', to });
    reading.add('bridges', { ...bridge, id: `${id}@${vpc.id}#through`, from: shown.sort(), to: anywhere(vpc.id) });
  }
  // An endpoint there leads its neighbours to what is behind a service.
  const provided = leadsTo(id, reading);
  if (provided.length > 0)
    reading.add('bridges', { ...bridge, id: `${vpc.id}@${id}#beyond`, from: [vpc.id], to: provided.flatMap(anywhere) });
  lendGroups(id, vpc.id, doubt, reading);
}

/** What may be launched in the VPC may wear the groups that are made for it elsewhere, and is let in as their members are. */
function lendGroups(open: ResourceId, vpc: ResourceId, doubt: Unknown, reading: Reading): void {
  const lent = new Set<ResourceId>();
  for (const group of [...reading.drafts.securityGroups.values()]) {
    if (group.vpc !== open || group.external || group.isDefault) continue;
    const origin = changedOrigin(group.origin, { doubt });
    reading.add('securityGroups', { ...group, id: `${group.id}@${vpc}`, vpc, certain: false, origin });
    lent.add(group.id);
  }
  if (lent.size === 0) return;
  const withLent = (rules: DraftNouns['securityGroups']['ingress']) => {
    const more = rules.flatMap((rule) => {
      if (rule.peer.kind !== 'security-group' || !lent.has(rule.peer.id)) return [];
      const peer = { ...rule.peer, id: `${rule.peer.id}@${vpc}` };
      return [{ ...rule, certain: false, origin: changedOrigin(rule.origin, { doubt }), peer }];
    });
    return more.length > 0 ? [...rules, ...more] : rules;
  };
  for (const group of reading.drafts.securityGroups.values()) {
    group.ingress = withLent(group.ingress);
    group.egress = withLent(group.egress);
  }
}

/** Whether something stands in a VPC that passes on what it gets, such as a balancer. */
function passesOn(vpc: ResourceId, reading: Reading): boolean {
  return [...reading.drafts.interfaces.values()].some(
    (one) => (one.kind === 'load-balancer' || one.behaviour === 'unknown') && standsIn(one, vpc, reading),
  );
}

/** The VPCs behind the services that endpoints in a VPC lead to, or may lead to. */
function leadsTo(vpc: ResourceId, reading: Reading): ResourceId[] {
  const { vpcEndpoints, endpointServices, interfaces } = reading.drafts;
  const led = [...vpcEndpoints.values()].filter((one) => one.vpc === vpc).map(({ service }) => service);
  const isMeant = (id: ResourceId) =>
    led.some((service) => service.kind === 'unknown' || (service.kind === 'private' && service.id === id));
  const fronts = [...endpointServices.values()].filter(({ id }) => isMeant(id)).flatMap((one) => one.loadBalancers);
  const subnets = fronts.flatMap((id) => interfaces.get(`${id}#interface`)?.subnets ?? []);
  return [...new Set(subnets.flatMap((id) => reading.get('subnets', id)?.vpc ?? []))].sort();
}

function standsIn({ subnets }: DraftNouns['interfaces'], vpc: ResourceId, reading: Reading): boolean {
  return subnets.some((subnet) => reading.get('subnets', subnet)?.vpc === vpc);
}
