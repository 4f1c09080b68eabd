/**
 * Makes every noun that another noun refers to: no id in a NetworkModel dangles.
 */
import { isUnknown, type ResourceId, type Value } from '../../network';
import type { DraftNouns, NounKind } from './drafts';
import type { Reading } from './reading';

type Wanted = readonly [NounKind, ResourceId];
type Closer<K extends NounKind> = (noun: DraftNouns[K]) => readonly (Wanted | undefined)[];

const known = (kind: NounKind, id: Value<ResourceId> | undefined): Wanted | undefined =>
  id === undefined || isUnknown<string>(id) ? undefined : [kind, id];
const all = (kind: NounKind, ids: readonly ResourceId[]): Wanted[] => ids.map((id) => [kind, id]);
const inVpc = (noun: { vpc: ResourceId }): Wanted[] => [['vpcs', noun.vpc]];

const ROUTE_TARGETS: Readonly<Record<string, NounKind>> = {
  'internet-gateway': 'internetGateways',
  'egress-only-gateway': 'egressOnlyGateways',
  'nat-gateway': 'natGateways',
  'transit-gateway': 'transitGateways',
  peering: 'peeringConnections',
  'vpn-gateway': 'vpnGateways',
  'gateway-endpoint': 'vpcEndpoints',
  'gateway-load-balancer-endpoint': 'vpcEndpoints',
  'firewall-endpoint': 'firewalls',
  interface: 'interfaces',
};

function routeWants(routes: DraftNouns['routeTables']['routes']): (Wanted | undefined)[] {
  return routes.flatMap(({ target, destination }) => [
    'id' in target ? known(ROUTE_TARGETS[target.kind] ?? 'interfaces', target.id) : undefined,
    target.kind === 'firewall-endpoint' ? known('subnets', target.subnet) : undefined,
    'prefixList' in destination ? known('prefixLists', destination.prefixList) : undefined,
  ]);
}

function peerWants(rules: DraftNouns['securityGroups']['ingress']): (Wanted | undefined)[] {
  return rules.map(({ peer }) => {
    if (peer.kind === 'security-group') return known('securityGroups', peer.id);
    return peer.kind === 'prefix-list' ? known('prefixLists', peer.id) : undefined;
  });
}

function attachedWants(attached: DraftNouns['transitGatewayAttachments']['attached']): (Wanted | undefined)[] {
  switch (attached.kind) {
    case 'vpc':
      return [['vpcs', attached.vpc], ...all('subnets', attached.subnets)];
    case 'vpn':
      return [['vpnConnections', attached.id]];
    case 'firewall':
      return [['firewalls', attached.id]];
    case 'peering':
      return [known('transitGatewayAttachments', attached.peer)];
    default:
      return [];
  }
}

const CLOSERS: { readonly [K in NounKind]: Closer<K> } = {
  vpcs: () => [],
  subnets: (noun) => [...inVpc(noun), known('routeTables', noun.routeTable), known('networkAcls', noun.networkAcl)],
  routeTables: (noun) => [...inVpc(noun), ...routeWants(noun.routes), ...all('vpnGateways', noun.propagatingGateways)],
  networkAcls: inVpc,
  securityGroups: (noun) => [...inVpc(noun), ...peerWants(noun.ingress), ...peerWants(noun.egress)],
  prefixLists: () => [],
  interfaces: (noun) => [...all('subnets', noun.subnets), ...all('securityGroups', noun.securityGroups)],
  internetGateways: (noun) => [known('vpcs', noun.vpc)],
  egressOnlyGateways: inVpc,
  natGateways: (noun) => [['subnets', noun.subnet]],
  vpnGateways: (noun) => [known('vpcs', noun.vpc)],
  vpnConnections: ({ gateway }) => [
    gateway.kind === 'vpn-gateway' ? known('vpnGateways', gateway.id) : undefined,
    gateway.kind === 'transit-gateway' ? known('transitGateways', gateway.id) : undefined,
  ],
  peeringConnections: (noun) => all('vpcs', [noun.requester, noun.accepter]),
  transitGateways: () => [],
  transitGatewayAttachments: (noun) => [
    ['transitGateways', noun.transitGateway],
    ...attachedWants(noun.attached),
    known('transitGatewayRouteTables', noun.association),
  ],
  transitGatewayRouteTables: (noun) => [
    ['transitGateways', noun.transitGateway],
    ...noun.routes.map(({ target }) =>
      target.kind === 'attachment' ? known('transitGatewayAttachments', target.id) : undefined,
    ),
    ...noun.routes.map(({ destination }) =>
      'prefixList' in destination ? known('prefixLists', destination.prefixList) : undefined,
    ),
    ...all(
      'transitGatewayAttachments',
      noun.propagations.map(({ attachment }) => attachment),
    ),
  ],
  vpcEndpoints: (noun) => [
    ...inVpc(noun),
    known('interfaces', noun.interface),
    ...all('subnets', noun.subnets ?? []),
    ...all('routeTables', noun.routeTables),
    noun.service.kind === 'private' ? known('endpointServices', noun.service.id) : undefined,
  ],
  endpointServices: (noun) => all('loadBalancers', noun.loadBalancers),
  loadBalancers: (noun) => [
    ['interfaces', noun.interface],
    ...noun.listeners.flatMap(({ targetGroups }) => all('targetGroups', targetGroups)),
  ],
  targetGroups: (noun) =>
    noun.targets.map(({ to }) => (to.kind === 'interface' ? known('interfaces', to.id) : undefined)),
  firewalls: (noun) => [...inVpc(noun), ...all('subnets', noun.subnets)],
  dataStores: () => [],
  bridges: () => [],
  transfers: () => [],
  unmodelled: () => [],
};

/** Runs until nothing is wanted any more: an external noun may want further ones, a few steps deep. */
export function closeReferences(reading: Reading): void {
  let wanted = wantedBy(reading, Object.keys(CLOSERS) as NounKind[]);
  while (wanted.length > 0) {
    const made = wanted.filter(([kind, id]) => {
      if (reading.get(kind, id)) return false;
      reading.obtain(kind, id);
      return true;
    });
    wanted = made.flatMap(([kind, id]) => wantsOf(reading, kind, id));
  }
}

function wantedBy(reading: Reading, kinds: readonly NounKind[]): Wanted[] {
  return kinds.flatMap((kind) => [...reading.drafts[kind].keys()].flatMap((id) => wantsOf(reading, kind, id)));
}

function wantsOf<K extends NounKind>(reading: Reading, kind: K, id: ResourceId): Wanted[] {
  const noun = reading.get(kind, id);
  return noun === undefined ? [] : CLOSERS[kind](noun).filter((wanted) => wanted !== undefined);
}
