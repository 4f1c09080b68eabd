/**
 * Legs -> network ACLs, one per subnet group. A security group follows its members wherever someone launches them; the
 * ACL stays with the subnet, so it repeats the boundary in the one place that a wrong group cannot change.
 *
 * ACLs keep no state (SEMANTICS 6, 11): each conversation needs its reply let through, to any port from 1024 up, and
 * that opening would let the same peer start conversations of its own. So between what is declared and the replies
 * stands a denial of every port that something in the VPC listens on.
 */
import {
  formatPortRange,
  formatPrefix,
  type PortRange,
  type Prefix,
  parsePrefix,
  prefixContains,
  prefixesOverlap,
} from '../../base/net';
import type { Leg, Party } from './leg';
import type { AclEntryPlan, GroupKey, RuleProtocol } from './network-plan';
import { mergePorts, mergePrefixes } from './range-merging';
import { stableHash } from './stable-hash';

/** Clients, Lambda and load balancers between them use all of it (VPC user guide, "Ephemeral ports"). */
const EPHEMERAL: PortRange = { from: 1024, to: 65535 };
/** Linux takes reply ports from 32768, Windows from 49152: a denial below breaks no reply of theirs. */
const LOWEST_CLIENT_PORT = 32768;
const PRIVATE = ['10.0.0.0/8', '100.64.0.0/10', '172.16.0.0/12', '192.168.0.0/16'].map(parsePrefix);

/** Bands of rule numbers, lowest first: what decides between two entries is the band, never the place in it. */
const BANDS = {
  declared: { from: 100, size: 9900 },
  balancerReply: { from: 10000, size: 1000 },
  denyListening: { from: 11000, size: 1000 },
  reply: { from: 12000, size: 10000 },
  denyPrivate: { from: 22000, size: 1000 },
  anywhere: { from: 23000, size: 9000 },
} as const;
type Band = keyof typeof BANDS;

interface Draft {
  readonly direction: 'ingress' | 'egress';
  readonly band: Band;
  readonly action: 'allow' | 'deny';
  readonly protocol: RuleProtocol | 'all';
  readonly ports?: PortRange;
  readonly icmpType?: number;
  readonly cidr: Prefix;
  readonly conduits: ReadonlySet<string>;
}

export interface AclContext {
  readonly key: GroupKey;
  readonly vpcCidr: Prefix;
  /** every leg of the VPC */
  readonly legs: readonly Leg[];
  /** subnet groups that hold load balancers, whose replies come to any port from 1024 */
  readonly balancers: ReadonlySet<GroupKey>;
}

export interface Acl {
  readonly ingress: AclEntryPlan[];
  readonly egress: AclEntryPlan[];
}

export function aclOf(context: AclContext): Acl {
  const drafts = context.legs.flatMap((leg) => entriesOf(leg, context));
  return number([...drafts, ...denials(drafts, context)]);
}

/** The transit gateway's own subnets: whoever crosses the gateway passes here, and is filtered at the asset's subnets. */
export function transitAcl(peers: ReadonlyMap<string, { cidr: Prefix; conduits: ReadonlySet<string> }>): Acl {
  const drafts = [...peers.values()].flatMap(({ cidr, conduits }) =>
    (['ingress', 'egress'] as const).map(
      (direction): Draft => ({ direction, band: 'declared', action: 'allow', protocol: 'all', cidr, conduits }),
    ),
  );
  return number(drafts);
}

function entriesOf(leg: Leg, context: AclContext): Draft[] {
  const { initiator, responder } = leg;
  const drafts: Draft[] = [];
  if (isHere(initiator, context)) drafts.push(...passing(leg, responder, 'egress', context));
  if (isHere(responder, context)) drafts.push(...passing(leg, initiator, 'ingress', context));
  return drafts;
}

function isHere(party: Party, context: AclContext): boolean {
  return party.kind === 'group' && party.subnetGroup === context.key;
}

/** Requests in one direction, replies in the other. */
function passing(leg: Leg, peer: Party, direction: 'ingress' | 'egress', context: AclContext): Draft[] {
  const back = direction === 'ingress' ? 'egress' : 'ingress';
  const conduits = new Set([leg.conduit]);
  const isBalancer = peer.kind === 'group' && context.balancers.has(peer.subnetGroup);
  return rangesOf(peer).flatMap((cidr): Draft[] => {
    const anywhere = PRIVATE.some((range) => cidr.length < range.length && prefixContains(cidr, range));
    const there: Band = anywhere ? 'anywhere' : 'declared';
    const reply: Band = anywhere ? 'anywhere' : isBalancer ? 'balancerReply' : 'reply';
    const base = { action: 'allow', protocol: leg.protocol, cidr, conduits } as const;
    if (leg.protocol === 'icmp' || leg.protocol === 'icmpv6') {
      const [request, answer] = leg.protocol === 'icmp' ? [8, 0] : [128, 129];
      return [
        { ...base, direction, band: there, icmpType: request },
        { ...base, direction: back, band: there, icmpType: answer },
      ];
    }
    return [
      { ...base, direction, band: there, ports: leg.ports },
      { ...base, direction: back, band: reply, ports: EPHEMERAL },
    ];
  });
}

function rangesOf(party: Party): readonly Prefix[] {
  switch (party.kind) {
    case 'group':
      return [party.cidr];
    case 'ranges':
      return party.prefixes;
    case 'service':
      return [parsePrefix('0.0.0.0/0')];
  }
}

/** What must be denied because a reply's opening would let it through. */
function denials(drafts: readonly Draft[], context: AclContext): Draft[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const mine = drafts.filter((draft) => draft.direction === direction);
    const replies = mine.filter((draft) => draft.band === 'reply');
    const denied = replies.flatMap((reply) => listening(reply, direction, context));
    const open = mine.some((draft) => draft.band === 'anywhere');
    const shut = open ? PRIVATE.map((cidr) => deny(direction, 'denyPrivate', 'all', cidr)) : [];
    return [...denied, ...shut];
  });
}

/** Ports that something in the VPC listens on, or calls, at the far end of this opening. */
function listening(reply: Draft, direction: 'ingress' | 'egress', context: AclContext): Draft[] {
  const inside = prefixContains(context.vpcCidr, reply.cidr);
  const [far, near] =
    direction === 'ingress' ? (['initiator', 'responder'] as const) : (['responder', 'initiator'] as const);
  return context.legs.flatMap((leg): Draft[] => {
    if (leg.protocol !== reply.protocol || !leg.ports || leg[near].kind !== 'group') return [];
    const { from, to } = leg.ports;
    if (to < EPHEMERAL.from || from >= LOWEST_CLIENT_PORT) return [];
    const ports = { from: Math.max(from, EPHEMERAL.from), to: Math.min(to, LOWEST_CLIENT_PORT - 1) };
    const concerned = inside
      ? leg[far].kind === 'group'
      : leg[far].kind === 'ranges' && rangesOf(leg[far]).some((cidr) => prefixesOverlap(cidr, reply.cidr));
    return concerned
      ? [deny(direction, 'denyListening', leg.protocol, inside ? context.vpcCidr : reply.cidr, ports)]
      : [];
  });
}

function deny(
  direction: 'ingress' | 'egress',
  band: Band,
  protocol: Draft['protocol'],
  cidr: Prefix,
  ports?: PortRange,
): Draft {
  return { direction, band, action: 'deny', protocol, cidr, ports, conduits: new Set() };
}

// ---------------------------------------------------------------------------------- merging and numbering

function number(drafts: readonly Draft[]): Acl {
  const of = (direction: 'ingress' | 'egress') =>
    numbered(compact(drafts.filter((draft) => draft.direction === direction)));
  return { ingress: of('ingress'), egress: of('egress') };
}

/** Fewer entries for exactly the same packets: equal ones, touching ports, sibling ranges. */
function compact(drafts: readonly Draft[]): Draft[] {
  const byCidr = group(drafts, (draft) => [draft.band, draft.protocol, draft.icmpType, formatPrefix(draft.cidr)]);
  const portsMerged = byCidr.flatMap(([first, all]) => {
    const conduits = conduitsOf(all);
    const ports = all.flatMap((draft) => draft.ports ?? []);
    if (ports.length === 0) return [{ ...first, conduits }];
    return mergePorts(ports).map((range) => ({
      ...first,
      ports: range,
      conduits: conduitsOf(all.filter(({ ports: part }) => part && part.from >= range.from && part.to <= range.to)),
    }));
  });
  const byPorts = group(portsMerged, (draft) => [
    draft.band,
    draft.protocol,
    draft.icmpType,
    draft.ports?.from,
    draft.ports?.to,
  ]);
  return byPorts.flatMap(([first, all]) =>
    mergePrefixes(all.map((draft) => draft.cidr)).map((cidr) => ({
      ...first,
      cidr,
      conduits: conduitsOf(all.filter((draft) => prefixContains(cidr, draft.cidr))),
    })),
  );
}

function group(drafts: readonly Draft[], keyOf: (draft: Draft) => unknown[]): [Draft, Draft[]][] {
  const groups = new Map<string, [Draft, Draft[]]>();
  for (const draft of drafts) {
    const key = keyOf(draft).join('|');
    const known = groups.get(key);
    if (known) known[1].push(draft);
    else groups.set(key, [draft, [draft]]);
  }
  return [...groups.values()];
}

function conduitsOf(drafts: readonly Draft[]): Set<string> {
  return new Set(drafts.flatMap((draft) => [...draft.conduits]));
}

function numbered(drafts: readonly Draft[]): AclEntryPlan[] {
  const taken = new Set<number>();
  const ordered = drafts.map((draft) => ({ draft, key: contentKey(draft) })).sort((a, b) => (a.key < b.key ? -1 : 1));
  const entries = ordered.map(({ draft, key }): AclEntryPlan => {
    const band = BANDS[draft.band];
    let place = stableHash(key) % band.size;
    while (taken.has(band.from + place)) place = (place + 1) % band.size;
    taken.add(band.from + place);
    const { action, protocol, ports, icmpType, cidr } = draft;
    const conduits = [...draft.conduits].sort();
    return { number: band.from + place, action, protocol, ports, icmpType, cidr, conduits };
  });
  return entries.sort((a, b) => a.number - b.number);
}

function contentKey({ band, protocol, ports, icmpType, cidr }: Draft): string {
  return `${band} ${protocol} ${ports ? formatPortRange(ports) : (icmpType ?? '')} ${formatPrefix(cidr)}`;
}
