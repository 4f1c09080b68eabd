/**
 * Nouns that no template shows. They are made when something refers to them, with every property unknown, so that no
 * reference dangles and nothing that hangs on them is taken for known.
 */
import { TCP, UDP } from '../../../base/net';
import type { ResourceId, Unknown } from '../../network';
import type { DraftNouns, NounKind } from './drafts';

/** Makes the noun `id` of a kind. What it refers to in turn is made when the references are closed. */
type MakeExternal<K extends NounKind> = (id: ResourceId, because: Unknown) => DraftNouns[K];

function noun(id: ResourceId) {
  return { id, origin: { resource: id, type: '' }, certain: true, external: true };
}

const openRule = (id: ResourceId, because: Unknown) => ({
  origin: { resource: id, type: '' },
  certain: false,
  traffic: because,
  peer: { kind: 'unknown' as const, reason: because.reason, parameters: because.parameters },
});

const openTarget = (because: Unknown) => ({
  kind: 'unknown' as const,
  reason: because.reason,
  parameters: because.parameters,
});

const openRoute = (id: ResourceId, because: Unknown) => ({
  origin: { resource: id, type: '' },
  certain: false,
  destination: because,
  target: openTarget(because),
});

const openEntry = (id: ResourceId, because: Unknown, direction: 'ingress' | 'egress') => ({
  origin: { resource: id, type: '' },
  certain: false,
  number: because,
  direction,
  action: because,
  traffic: because,
  cidr: because,
});

const openListener = (id: ResourceId, because: Unknown) => ({
  origin: { resource: id, type: '' },
  certain: false,
  protocols: [TCP, UDP],
  ports: because,
  targetGroups: [],
  unknownTargets: { reason: because.reason, parameters: because.parameters },
});

/** The VPC of an external noun is an external noun too, until a use of it gives the VPC away. */
export function vpcOfExternal(id: ResourceId): ResourceId {
  return `${id}${NAMELESS}`;
}

/** Whether a VPC is only known as that of something. */
export function isNamelessVpc(id: ResourceId): boolean {
  return id.endsWith(NAMELESS);
}

const NAMELESS = '#vpc';

export const MAKE_EXTERNAL: { readonly [K in NounKind]: MakeExternal<K> } = {
  vpcs: (id, because) => ({ ...noun(id), cidrs: [because] }),
  subnets: (id, because) => ({
    ...noun(id),
    vpc: vpcOfExternal(id),
    cidrs: [because],
    availabilityZone: because,
    autoPublicIpv4: because,
    autoIpv6: because,
    routeTable: because,
    networkAcl: because,
  }),
  routeTables: (id, because) => ({
    ...noun(id),
    vpc: vpcOfExternal(id),
    main: false,
    routes: [openRoute(id, because)],
    propagatingGateways: [],
  }),
  networkAcls: (id, because) => ({
    ...noun(id),
    vpc: vpcOfExternal(id),
    isDefault: false,
    entries: [openEntry(id, because, 'ingress'), openEntry(id, because, 'egress')],
  }),
  securityGroups: (id, because) => ({
    ...noun(id),
    vpc: vpcOfExternal(id),
    isDefault: false,
    ingress: [openRule(id, because)],
    egress: [openRule(id, because)],
  }),
  prefixLists: (id, because) => ({ ...noun(id), entries: [because] }),
  interfaces: (id, because) => ({
    ...noun(id),
    kind: 'unknown',
    subnets: [`${id}#subnet`],
    securityGroups: [`${id}#security-group`],
    filtered: true,
    addresses: [],
    publicIpv4: because,
    ipv6: because,
    sourceDestCheck: because,
    behaviour: 'unknown',
    reason: because.reason,
  }),
  internetGateways: (id, because) => ({ ...noun(id), vpc: because }),
  egressOnlyGateways: (id) => ({ ...noun(id), vpc: vpcOfExternal(id) }),
  natGateways: (id, because) => ({ ...noun(id), subnet: `${id}#subnet`, connectivity: because }),
  vpnGateways: (id, because) => ({ ...noun(id), vpc: because }),
  vpnConnections: (id, because) => ({
    ...noun(id),
    gateway: { kind: 'unknown', id: `${id}#gateway` },
    routing: because,
    routes: [because],
  }),
  peeringConnections: (id) => ({ ...noun(id), requester: `${id}#requester`, accepter: `${id}#accepter` }),
  transitGateways: (id, because) => ({
    ...noun(id),
    defaultAssociation: because,
    defaultPropagation: because,
    autoAccept: because,
    securityGroupReferencing: because,
  }),
  transitGatewayAttachments: (id, because) => ({
    ...noun(id),
    transitGateway: `${id}#transit-gateway`,
    attached: { kind: 'unknown', reason: because.reason, parameters: because.parameters },
    association: because,
    applianceMode: because,
    securityGroupReferencing: because,
  }),
  transitGatewayRouteTables: (id, because) => ({
    ...noun(id),
    transitGateway: `${id}#transit-gateway`,
    routes: [openRoute(id, because)],
    propagations: [],
  }),
  vpcEndpoints: (id, because) => ({
    ...noun(id),
    vpc: vpcOfExternal(id),
    type: 'unknown',
    service: openTarget(because),
    routeTables: [],
    policy: because,
  }),
  endpointServices: (id, because) => ({
    ...noun(id),
    loadBalancers: [],
    allowedPrincipals: [because],
    acceptanceRequired: because,
  }),
  loadBalancers: (id, because) => ({
    ...noun(id),
    type: 'network',
    scheme: because,
    interface: `${id}#interface`,
    listeners: [openListener(id, because)],
    crossZone: because,
    filtersPrivateLink: because,
  }),
  targetGroups: (id, because) => ({
    ...noun(id),
    targetType: because,
    protocols: [],
    port: because,
    preserveClientIp: because,
    targets: [],
    unknownTargets: { reason: because.reason, parameters: because.parameters },
  }),
  firewalls: (id, because) => ({ ...noun(id), vpc: vpcOfExternal(id), subnets: [`${id}#subnet`], policy: because }),
  dataStores: (id, because) => ({
    ...noun(id),
    service: 'unknown',
    name: because,
    policies: [because],
    refusesEveryone: because,
    openToEveryone: because,
  }),
  bridges: (id, because) => ({ ...noun(id), reason: because.reason, from: [], to: [], open: false }),
  transfers: (id, because) => ({ ...noun(id), says: because.reason, to: [] }),
  unmodelled: (id, because) => ({ ...noun(id), reason: because.reason, touches: [] }),
};
