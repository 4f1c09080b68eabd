/**
 * What a random network has besides: the properties that most estates leave as they are, so that both semantics are asked
 * about each of them. A network gets some of these details, the same for the same seed.
 */
import { type NetworkModel, type Route, unknown, type Value } from '../../lib/evidence/network';
import { route } from '../fixtures/network-text';
import type { Dice, RandomOptions } from './random-network';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Detail = (network: Mutable<NetworkModel>, dice: Dice, share: number) => void;

const LEFT_OPEN = unknown('it is left open', ['Test.Open']);

/** Mostly one of these, and now and then left open. */
function oneOf<T>(dice: Dice, share: number, items: readonly T[]): Value<T> {
  const item = dice.pick(items);
  return dice.chance(share) ? LEFT_OPEN : item;
}

const hasIpv6 = ({ vpcs }: NetworkModel) => vpcs.some(({ cidrs }) => cidrs.length > 1);

/** Connections on a transit gateway that carry one family. */
const tunnels: Detail = (network, dice, share) => {
  network.vpnConnections = network.vpnConnections.map((one) =>
    one.carries === undefined ? { ...one, carries: oneOf<4 | 6>(dice, share, [4, 6]) } : one,
  );
};

const publicSubnets: Detail = (network, dice, share) => {
  network.subnets = network.subnets.map((one) => ({
    ...one,
    autoPublicIpv4: dice.chance(40) ? oneOf(dice, share, [true]) : one.autoPublicIpv4,
  }));
};

/** Balancers with IPv6 addresses, and those that refuse internet gateways. */
const dualStack: Detail = (network, dice, share) => {
  if (!hasIpv6(network)) return;
  network.interfaces = network.interfaces.map((one) => {
    if (one.kind !== 'load-balancer' || dice.chance(30)) return one;
    const refuses = dice.chance(60) ? { publicIpv6: oneOf(dice, share, [false]) } : {};
    return { ...one, ipv6: oneOf(dice, share, [true]), ...refuses };
  });
  network.targetGroups = network.targetGroups.map((one) =>
    dice.chance(40) ? { ...one, ipv6: oneOf(dice, share, [true]) } : one,
  );
};

const crossZones: Detail = (network, dice, share) => {
  network.targetGroups = network.targetGroups.map((one) =>
    dice.chance(50) ? { ...one, crossZone: oneOf(dice, share, [true, false]) } : one,
  );
  network.loadBalancers = network.loadBalancers.map((one) => ({
    ...one,
    crossZone: oneOf(dice, share, [true, false, one.crossZone === true]),
  }));
};

const attachments: Detail = (network, dice, share) => {
  network.transitGatewayAttachments = network.transitGatewayAttachments.map((one) => ({
    ...one,
    applianceMode: oneOf(dice, share, [true, false]),
    ...(dice.chance(share) && { certain: false }),
    ...(dice.chance(share) && { ipv6Open: unknown('whether it carries IPv6 is left open', ['Test.Ipv6']) }),
  }));
};

/** Routes by which IPv6 goes out and never in. */
const egressOnly: Detail = (network, dice, share) => {
  if (!hasIpv6(network)) return;
  const { id: vpc } = dice.pick(network.vpcs);
  const id = `Eigw${vpc}`;
  network.egressOnlyGateways = [
    { id, origin: { resource: id, type: 'AWS::EC2::EgressOnlyInternetGateway' }, certain: !dice.chance(share), vpc },
  ];
  addRoutes(network, vpc, dice, `::/0 -> eigw:${id}`);
};

/** In some tables of a VPC, in place of whatever they had for the same range. */
function addRoutes(network: Mutable<NetworkModel>, vpc: string, dice: Dice, ...texts: string[]): void {
  network.routeTables = network.routeTables.map((table) => {
    if (table.vpc !== vpc || table.edgeOf !== undefined || dice.chance(50)) return table;
    const own = texts.map((text, at) => route(text, `${table.id}Own${at}`));
    const isOther = (one: Route) => own.every(({ destination }) => !isSame(one.destination, destination));
    return { ...table, routes: [...table.routes.filter(isOther), ...own] };
  });
}

function isSame(one: Route['destination'], other: Route['destination']): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Hosts that may send for others; and tables that lead to one. */
const appliances: Detail = (network, dice, share) => {
  // What they make of packets whose way is not known either, the two semantics say in as many ways as there are.
  if (share > 0) return;
  const chosen = dice.pick(
    network.interfaces.filter(({ kind, subnets }) => kind === 'instance' && subnets.length === 1),
  );
  network.interfaces = network.interfaces.map((one) =>
    one === chosen ? { ...one, sourceDestCheck: oneOf(dice, share, [false]) } : one,
  );
  const vpc = network.subnets.find(({ id }) => chosen.subnets.includes(id))?.vpc ?? '';
  if (dice.chance(60)) addRoutes(network, vpc, dice, `${dice.pick(['0.0.0.0/0', '10.0.0.0/8'])} -> eni:${chosen.id}`);
};

/** A gateway's own table, which leads to a firewall where there is one. */
const edges: Detail = (network, dice, share) => {
  const [gateway] = network.internetGateways;
  const vpc = typeof gateway?.vpc === 'string' ? gateway.vpc : undefined;
  if (!gateway || vpc === undefined) return;
  const [firewall] = network.firewalls.filter((one) => one.vpc === vpc);
  const door = firewall?.subnets[0];
  const others = network.subnets.filter((one) => one.vpc === vpc && one.id !== door);
  const target = firewall && door !== undefined ? `firewall:${firewall.id}@${door}` : 'blackhole';
  const { id, cidrs } = dice.pick(others);
  network.routeTables = [
    ...network.routeTables,
    {
      id: `Edge${vpc}`,
      origin: { resource: `Edge${vpc}`, type: 'AWS::EC2::RouteTable' },
      certain: true,
      vpc,
      main: false,
      propagatingGateways: [],
      routes: cidrs.map((cidr, at) => ({ ...route(`? -> ${target}`, `Edge${id}${at}`), destination: cidr })),
      edgeOf: gateway.id,
      ...(dice.chance(share) && { edgeOpen: LEFT_OPEN }),
    },
  ];
};

const targets: Detail = (network, dice, share) => {
  // Of balancers that are each other's targets the engine says more than trace walks through.
  if (network.loadBalancers.length > 1) return;
  network.targetGroups = network.targetGroups.map((one) => ({
    ...one,
    preserveClientIp: dice.chance(share) ? LEFT_OPEN : one.preserveClientIp,
    ...(dice.chance(30) && { healthCheckPort: oneOf(dice, share, [80, 22]) }),
    targets: one.targets.map((target) => ({ ...target, certain: !dice.chance(share) })),
    ...(dice.chance(share / 2) && { unknownTargets: { reason: 'others may register', parameters: ['Test.Targets'] } }),
  }));
};

const perhapsThere: Detail = (network, dice, share) => {
  const maybe = <T extends { readonly certain: boolean }>(nouns: readonly T[]): T[] =>
    nouns.map((one) => (dice.chance(share) ? { ...one, certain: false } : one));
  network.interfaces = network.interfaces.map((one) => ({
    ...one,
    // What passes packets on is there if the resource is that it belongs to.
    certain: one.certain && !(one.kind === 'instance' && dice.chance(share)),
    publicIpv4: dice.chance(share) ? LEFT_OPEN : one.publicIpv4,
    ipv6: hasIpv6(network) && dice.chance(share) ? LEFT_OPEN : one.ipv6,
  }));
  network.internetGateways = maybe(network.internetGateways);
  network.natGateways = maybe(network.natGateways);
  network.peeringConnections = maybe(network.peeringConnections);
  network.vpnConnections = maybe(network.vpnConnections);
};

const shut: Detail = (network, dice) => {
  const to = dice.pick(['everything', 'all-but-nat'] as const);
  const closed = { shut: { by: 'BlockPublicAccess', to } };
  network.internetGateways = network.internetGateways.map((one) => (dice.chance(60) ? { ...one, ...closed } : one));
};

const gatewayEndpoint: Detail = (network, dice, share) => {
  const { id: vpc } = dice.pick(network.vpcs);
  const tables = network.routeTables.filter((one) => one.vpc === vpc && one.edgeOf === undefined);
  network.vpcEndpoints = [
    ...network.vpcEndpoints,
    {
      id: 'GatewayEp',
      origin: { resource: 'GatewayEp', type: 'AWS::EC2::VPCEndpoint' },
      certain: !dice.chance(share),
      vpc,
      type: 'gateway',
      service: { kind: 'aws', name: 's3' },
      routeTables: dice.some(tables, 2).map(({ id }) => id),
    },
  ];
};

/** Hosts that stand in two subnets of a VPC, as databases and functions do. */
const manyPlaces: Detail = (network, dice) => {
  network.interfaces = network.interfaces.map((one) => {
    const [first] = one.subnets;
    const vpc = network.subnets.find(({ id }) => id === first)?.vpc;
    const others = network.subnets.filter((subnet) => subnet.vpc === vpc && subnet.id !== first);
    const isPlain = one.kind !== 'load-balancer' && one.sourceDestCheck === true && one.addresses.length === 0;
    if (first === undefined || others.length === 0 || !isPlain || dice.chance(60)) return one;
    return { ...one, subnets: [first, dice.pick(others).id] };
  });
};

const DETAILS: readonly Detail[] = [
  publicSubnets,
  dualStack,
  crossZones,
  attachments,
  egressOnly,
  appliances,
  edges,
  targets,
  perhapsThere,
  shut,
  gatewayEndpoint,
  manyPlaces,
  tunnels,
];

/** How many of a hundred networks have a detail. */
const COMMON = 25;

export function addDetails(network: NetworkModel, dice: Dice, { unknown: share }: RandomOptions): NetworkModel {
  const detailed: Mutable<NetworkModel> = { ...network };
  for (const detail of DETAILS) if (dice.chance(COMMON)) detail(detailed, dice, share);
  return detailed;
}
