/**
 * The packet on its way: what it looks like now, what has happened to it, and what will happen to its reply.
 * A State is never changed; every step makes a new one, so that alternatives can be followed one after the other.
 */
import type { Address } from '../../base/net';
import {
  type Approximation,
  type Blocker,
  type BlockerKind,
  type End,
  type Hop,
  type HopDecision,
  type Interface,
  mayNotExist,
  type Origin,
  type Packet,
  type ResourceId,
  type RouteTarget,
  type Subnet,
  type UnknownUse,
  type Value,
} from '../network';
import type { NetworkIndex } from './network-index';
import type { Ternary } from './ternary';

/** Something with an address in one subnet: a declared or potential interface, a balancer's node, a NAT gateway. */
export interface Host {
  readonly id: ResourceId;
  /** `instance Net.Web`, `a host in subnet Net.App` */
  readonly name: string;
  readonly subnet: Subnet;
  /** undefined: no group filters it */
  readonly groups: readonly ResourceId[] | undefined;
  readonly publicIpv4: Value<boolean>;
  readonly interface?: Interface;
}

/** Whose address the packet's destination is, and what it does with what reaches it. */
export interface Receiver {
  readonly host: Host;
  readonly role: 'end' | 'balancer' | 'endpoint' | 'session';
  /** the packet carries its public IPv4 address, of which no template knows more than that it is on the internet */
  readonly publicly?: true;
}

/** The VPC, and the subnet of it if it was one, that a route led a packet out of. */
export interface Departed {
  readonly vpc: ResourceId;
  readonly subnet?: Subnet;
}

/** Where a packet left the network that the templates show; its reply comes back the same way. */
export type Exit =
  | { readonly kind: 'host'; readonly host: Host }
  | { readonly kind: 'internet'; readonly gateway: ResourceId; readonly vpc: ResourceId }
  | {
      readonly kind: 'aws-service';
      readonly name: string;
      readonly endpoint: ResourceId;
      readonly host?: Host;
      readonly vpc: ResourceId;
    }
  | { readonly kind: 'site'; readonly ids: readonly ResourceId[]; readonly entry: Place }
  | { readonly kind: 'external'; readonly ids: readonly ResourceId[]; readonly entry: Place }
  /** somewhere that is not known: any end at all. `from`: where the route is that leads there, if it is one */
  | { readonly kind: 'anywhere'; readonly reason: string; readonly from?: Departed };

/** What the packet came into its present VPC by; decides where it may leave again (SEMANTICS 18). */
export type Entered = 'own' | 'transit-gateway' | 'middlebox' | 'edge';

/** The next thing that happens. */
export type Place =
  /** an interface sends */
  | { readonly kind: 'send'; readonly host: Host }
  /** it leaves the subnet: its ACL first */
  | { readonly kind: 'route'; readonly subnet: Subnet }
  /** then its route table */
  | { readonly kind: 'look-up'; readonly subnet: Subnet }
  | {
      readonly kind: 'follow';
      readonly target: RouteTarget;
      readonly rule: string;
      readonly vpc: ResourceId;
      readonly subnet?: Subnet;
    }
  /** the VPC's router delivers it to the subnet that holds its destination */
  | { readonly kind: 'deliver'; readonly vpc: ResourceId }
  /** it has reached the subnet that holds its destination */
  | { readonly kind: 'arrive'; readonly subnet: Subnet }
  /** it comes in from a gateway of the VPC, which may have an edge table */
  | { readonly kind: 'enter'; readonly vpc: ResourceId; readonly gateway: ResourceId; readonly name: string }
  | { readonly kind: 'transit'; readonly attachment: ResourceId }
  | { readonly kind: 'attachment'; readonly attachment: ResourceId; readonly origin?: Subnet }
  | { readonly kind: 'balance'; readonly host: Host; readonly balancer: ResourceId; readonly endpoint?: Host }
  /** a consumer outside all templates uses an endpoint service */
  | { readonly kind: 'consume'; readonly service: ResourceId }
  | { readonly kind: 'exit'; readonly exit: Exit };

/** Something that remembers the conversation and turns the reply back into what the initiator expects. */
export interface Session {
  readonly kind: 'nat' | 'balancer' | 'private-link' | 'internet';
  readonly host: Host;
  /** the packet before it was translated */
  readonly before: Packet;
  /** where the reply goes on: NAT and balancer from their own subnet, PrivateLink from the consumer's endpoint */
  readonly resume: Host;
  /** the client's address reached the target: the reply finds the balancer without a route */
  readonly preserved: boolean;
  /** of the internet between two of our own hosts: the gateway by which the packet left; absent where it is not known */
  readonly gateway?: { readonly gateway: ResourceId; readonly vpc: ResourceId };
}

/** The sender's group check, which waits until it is known who receives the packet. */
export interface PendingEgress {
  readonly host: Host;
  readonly packet: Packet;
  /** where its hop belongs */
  readonly at: number;
}

/** A packet at a place, after so many translations. */
export interface Visit {
  readonly where: string;
  readonly packet: Packet;
  readonly sessions: number;
}

export interface State {
  readonly packet: Packet;
  readonly direction: 'forward' | 'reply';
  readonly hops: readonly Hop[];
  /** something has stopped it: what follows is looked at only to find everything else that would */
  readonly stopped: boolean;
  readonly blockers: readonly Blocker[];
  readonly unknowns: readonly UnknownUse[];
  /** nothing carries it on: its destination's filters are looked at all the same, once */
  readonly isLost?: boolean;
  /** whose address the source is */
  readonly holder?: Host;
  /** whose groups a reference to a security group sees: the sender's, or the balancer's that passed it on */
  readonly referent?: Host;
  readonly expected?: Receiver;
  /** the host that began the conversation, if it is one of the model's */
  readonly initiator?: Host;
  readonly entered: Entered;
  /** whether a reference to a security group can still see the sender, for ingress and for egress rules */
  readonly ingressReference: Ternary;
  readonly egressReference: Ternary;
  readonly sessions: readonly Session[];
  readonly pending?: PendingEgress;
  /** firewalls whose stateful engine has seen the conversation, as `firewall@subnet` */
  readonly inspected: readonly string[];
  /** `attachment@subnet`: where an attachment in appliance mode let the packet into its VPC, and lets the reply in too */
  readonly doors: readonly string[];
  /** places and packets already seen: a loop ends the journey */
  readonly seen: readonly Visit[];
}

/** `some`: the flow may be the one that takes it. `every`: nobody chooses; *must* needs all of them. */
export interface Fork {
  readonly quantifier: 'some' | 'every';
  /** looked at in this order; often not to the end */
  readonly options: Iterable<Next | Ended | Fork>;
  /** the options differ in the source port alone, which nothing on the way forward looks at: only replies tell them apart */
  readonly isAlikeForward?: boolean;
}

/** Options that are made only when their turn comes. */
export function lazily<Item>(items: readonly Item[], optionOf: (item: Item) => Next | Fork): Iterable<Next | Fork> {
  return {
    *[Symbol.iterator]() {
      for (const item of items) yield optionOf(item);
    },
  };
}

export interface Next {
  readonly place: Place;
  readonly state: State;
}

/** The journey is over: at an exit, or nowhere. */
export interface Ended {
  readonly ended: true;
  readonly state: State;
  readonly exit?: Exit;
}

export interface Context {
  readonly index: NetworkIndex;
  readonly mode: Approximation;
  /** where this direction should end */
  readonly to: End;
  readonly direction: 'forward' | 'reply';
  /** endpoints and balancers begin only what they are set up to begin */
  readonly asBuilt?: boolean;
}

export function go(place: Place, state: State): Fork {
  return { quantifier: 'some', options: [{ place, state }] };
}

export function end(state: State, exit?: Exit): Fork {
  return { quantifier: 'some', options: [exit ? { ended: true, state, exit } : { ended: true, state }] };
}

export interface Note {
  readonly location: string;
  readonly resource: ResourceId;
  readonly reason: string;
  readonly rule?: string;
}

export function hop(state: State, decision: HopDecision, note: Note, packet?: Packet): State {
  if (state.stopped) return state;
  return { ...state, hops: [...state.hops, { ...note, decision, ...(packet ? { packet } : {}) }] };
}

/** Something stops the packet for certain. */
export function block(state: State, kind: BlockerKind, note: Note, decision: HopDecision = 'dropped'): State {
  const hops = state.stopped ? state.hops : [...state.hops, { ...note, decision }];
  const reason = note.rule ? `${note.reason} (${note.rule})` : note.reason;
  const blocker: Blocker = { resource: note.resource, kind, reason, direction: state.direction };
  return { ...state, hops, stopped: true, blockers: addBlocker(state.blockers, blocker) };
}

export function addBlocker(blockers: readonly Blocker[], blocker: Blocker): readonly Blocker[] {
  const isSame = (other: Blocker) =>
    other.resource === blocker.resource &&
    other.kind === blocker.kind &&
    other.direction === blocker.direction &&
    other.reason === blocker.reason;
  return blockers.some(isSame) ? blockers : [...blockers, blocker];
}

/** Equal uses of what is not known have equal keys. */
export function unknownKey({ resource, reason, parameters }: UnknownUse): string {
  return [resource, reason, ...parameters].join('\n');
}

export function recordUnknown(
  state: State,
  resource: ResourceId,
  reason: string,
  parameters: readonly string[],
): State {
  const key = unknownKey({ resource, reason, parameters });
  if (state.unknowns.some((use) => unknownKey(use) === key)) return state;
  return { ...state, unknowns: [...state.unknowns, { resource, reason, parameters }] };
}

/** What is not known lets pass in *may* and stops in *must*; it is named either way. */
export function doubt(
  context: Context,
  state: State,
  kind: BlockerKind,
  note: Note,
  parameters: readonly string[] = [],
): State {
  const named = recordUnknown(state, note.resource, note.reason, parameters);
  return context.mode === 'may' ? hop(named, 'unknown', note) : block(named, kind, note, 'unknown');
}

/** A noun that may not exist. */
export function requireCertain(
  context: Context,
  state: State,
  noun: { readonly id: ResourceId; readonly certain: boolean; readonly origin: Origin },
  kind: BlockerKind,
  location: string,
): State {
  if (noun.certain) return state;
  const { reason, parameters } = mayNotExist(location, noun.origin);
  return doubt(context, state, kind, { location, resource: noun.id, reason }, parameters);
}

/** A three-valued answer as a step: allowed, denied, or in doubt. */
export function decide(
  context: Context,
  state: State,
  answer: Ternary,
  kind: BlockerKind,
  notes: {
    readonly allowed?: Note;
    readonly denied: Note;
    readonly open: Note;
    readonly parameters?: readonly string[];
  },
): State {
  if (answer === 'yes') return notes.allowed ? hop(state, 'allowed', notes.allowed) : state;
  if (answer === 'no') return block(state, kind, notes.denied, 'denied');
  return doubt(context, state, kind, notes.open, notes.parameters);
}

/** A balancer that sent in its own name began a new conversation. */
function isNew({ kind, preserved }: Session): boolean {
  return (kind === 'balancer' || kind === 'private-link') && !preserved;
}

/** What translated the packet since a balancer last sent it in its own name. */
export function translatedBy({ sessions }: State, id: ResourceId): boolean {
  return sessions.slice(sessions.findLastIndex(isNew) + 1).some(({ host }) => host.id === id);
}

/**
 * Whether a balancer had the packet already, and would make of it what it made before. `isKept`: the one that sends it there
 * keeps its client's address.
 */
export function balancedBy({ sessions }: State, id: ResourceId, isKept: boolean): boolean {
  const last = isKept ? sessions.findLastIndex(isNew) : sessions.length;
  return sessions.some((session, at) => session.host.id === id && (at >= last || isNew(session)));
}

/** Whether this very packet was in a place before: it would take the same way for ever. */
export function wasAt({ packet, sessions, seen }: State, where: string): boolean {
  return seen.some((one) => one.where === where && one.sessions === sessions.length && isSame(one.packet, packet));
}

function isSame(one: Packet, other: Packet): boolean {
  const isAddress = (a: Address, b: Address) => a.words.every((word, at) => word === b.words[at]);
  return (
    one === other ||
    (one.sourcePort === other.sourcePort &&
      one.destinationPort === other.destinationPort &&
      isAddress(one.source, other.source) &&
      isAddress(one.destination, other.destination))
  );
}
