/**
 * A conversation: the packet forward, then its reply, through every alternative that the network leaves open.
 * The pipeline in one place: start → step … step → exit → reply → step … step → exit.
 */
import type { Approximation, End, Flow, Packet } from '../network';
import { arrive, leave, receiverOfReply, replyPacket, replyToBalancer } from './arrival-steps';
import { balance } from './balancer-steps';
import { followBalancerEndpoint, followFirewall, followInterface } from './firewall-steps';
import {
  enter,
  type Following,
  followEgressOnlyGateway,
  followGatewayEndpoint,
  followInternetGateway,
  followPeering,
  followUnknown,
  followVpnGateway,
} from './gateway-steps';
import { settleEgress } from './groups-step';
import { finalReceivers, readingsOf } from './hosts';
import { followNatGateway } from './nat-steps';
import type { NetworkIndex } from './network-index';
import { intoService } from './private-link-steps';
import {
  type Bounds,
  begun,
  completed,
  FEW,
  FURTHER,
  holds,
  isBetter,
  isOver,
  isPlain,
  isPruned,
  type Journey,
  type Search,
} from './search';
import { start, strangerAt } from './starts';
import {
  block,
  type Context,
  doubt,
  type Ended,
  type Exit,
  end,
  type Fork,
  go,
  type Next,
  type Place,
  type Receiver,
  type State,
  wasAt,
} from './state';
import { anywhere, deliver, lookUp, lost, route, send } from './subnet-steps';
import { followTransitGateway, leaveAttachment, transit } from './transit-steps';

export interface TraceOptions {
  /** how many steps to follow before an honest unknown; default 20,000 */
  readonly limit?: number;
  /** what AWS's own interfaces begin is what they are set up to begin (`begins.ts`); else they are hosts like any */
  readonly asBuilt?: boolean;
}

/** Short ways first: in *may*, any that holds will do, and what hangs on less is shown rather than what hangs on more. */
export function travel(index: NetworkIndex, flow: Flow, mode: Approximation, options: TraceOptions): Journey {
  const { limit = 20_000, asBuilt } = options;
  const context: Context = { index, mode, to: flow.to, direction: 'forward', ...(asBuilt && { asBuilt }) };
  const attempt = (bounds: Bounds) => {
    const search = begun(mode, flow, bounds);
    const best = explore(search, context, begin(context, flow), (ended) => answer(search, index, ended));
    return { search, best: best ?? { forward: blank(flow.packet) } };
  };
  if (mode === 'may') {
    const { search, best } = attempt({ limit: Math.min(limit, FURTHER), most: FEW });
    if (!search.isCut || search.found !== undefined) return best;
  }
  return attempt({ limit, most: Number.POSITIVE_INFINITY }).best;
}

export function blank(packet: Packet): State {
  return {
    packet,
    direction: 'forward',
    hops: [],
    stopped: false,
    blockers: [],
    unknowns: [],
    isLost: false,
    holder: undefined,
    referent: undefined,
    expected: undefined,
    initiator: undefined,
    entered: 'own',
    ingressReference: 'yes',
    egressReference: 'yes',
    sessions: [],
    pending: undefined,
    inspected: [],
    doors: [],
    seen: [],
  };
}

/** One start for each reading of the destination: the end itself, or something in front of it. */
function begin(context: Context, flow: Flow): Fork {
  const state = blank(flow.packet);
  const receivers = finalReceivers(context.index, flow.to);
  const isInside = flow.to.kind === 'interface' || flow.to.kind === 'subnet';
  // What sends to itself is not its own client: a balancer's node has no other node pass its packets on.
  const isOther = ({ host, role, publicly }: Receiver) =>
    publicly || role === 'end' || flow.from.kind !== 'interface' || flow.from.id !== host.id;
  const isToSomeone = receivers.length > 0 || !isInside;
  const all = isToSomeone ? readingsOf(context.index, flow.to, flow.packet.destination).filter(isOther) : [];
  // From the internet, a packet carries the private address already.
  const readings = flow.from.kind === 'internet' ? all.filter(({ publicly }) => !publicly) : all;
  const starts = readings.map((expected) => start(context, { ...state, expected }, flow.from));
  if (!isInside) starts.push(start(context, state, flow.from));
  if (starts.length > 0) return { quantifier: 'some', options: starts };
  const [first] = receivers;
  const id = flow.to.kind === 'interface' || flow.to.kind === 'subnet' ? flow.to.id : flow.to.kind;
  const note = { location: id, resource: id, reason: `the destination is not an address of ${id}` };
  if (!first) return anywhere(context, doubt(context, state, 'address', note), note.reason);
  const misaddressed = block(state, 'address', note);
  return start(context, { ...misaddressed, stopped: true, expected: first }, flow.from);
}

// ------------------------------------------------------------------------------------------------------- exploration

/** Where one direction has ended: the journey, or undefined where it was given up. */
interface Finish {
  (ended: Ended): Journey | undefined;
  /** while a reply is on its way: what it answers */
  readonly forward?: State;
}

/** Follows every option; `every` needs all of them in *must*, anything else takes the best. */
function explore(search: Search, context: Context, fork: Fork, finish: Finish): Journey | undefined {
  const needsAll = fork.quantifier === 'every' && context.mode === 'must';
  let best: Journey | undefined;
  for (const option of fork.options) {
    const { replies } = search;
    const journey = follow(search, context, option, finish);
    if (!journey && fork.isAlikeForward && search.replies === replies) break;
    if (!journey) continue;
    const isGood = holds(journey, search.flow);
    if (needsAll && !isGood) return journey;
    if (!needsAll && isGood && isPlain(journey)) return journey;
    if (!best || (!needsAll && isBetter(search, journey, best))) best = journey;
  }
  return best;
}

function follow(search: Search, context: Context, option: Next | Ended | Fork, finish: Finish): Journey | undefined {
  if ('quantifier' in option) return explore(search, context, option, finish);
  if ('ended' in option) return finish(settled(context, option));
  if (isPruned(search, option.state, finish.forward)) {
    search.pruned++;
    return undefined;
  }
  const next = isOver(search) ? giveUp(context, option.state) : step(context, option.place, option.state);
  search.steps++;
  search.depth++;
  const journey = explore(search, context, next, finish);
  search.depth--;
  return journey;
}

/** Where nobody receives the packet, the sender's groups are asked at the end: they are a blocker like any other. */
function settled(context: Context, ended: Ended): Ended {
  if (!ended.state.pending) return ended;
  return { ...ended, state: settleEgress(context, ended.state, ended.state.expected?.host) };
}

/** Too many alternatives to look at: an honest unknown, within bounded time. */
function giveUp(context: Context, state: State): Fork {
  const note = {
    location: 'trace',
    resource: 'trace',
    reason: 'the network leaves more alternatives open than were followed',
  };
  const doubted = doubt(context, state, 'route', note);
  return context.mode === 'may' && !state.stopped
    ? end(doubted, { kind: 'anywhere', reason: note.reason })
    : end(doubted);
}

// -------------------------------------------------------------------------------------------------------------- steps

function step(context: Context, place: Place, state: State): Fork {
  switch (place.kind) {
    case 'send': {
      const last = state.sessions.at(-1);
      if (state.direction === 'reply' && last?.preserved) return replyToBalancer(context, state, place.host, last);
      return send(context, state, place.host);
    }
    case 'route':
      return onceOnly(state, `subnet ${place.subnet.id}`, (next) => route(context, next, place.subnet));
    case 'look-up':
      return lookUp(context, state, place.subnet);
    case 'follow':
      return followRoute(context, state, place);
    case 'deliver':
      return deliver(context, state, place.vpc);
    case 'arrive':
      return arrive(context, state, place.subnet);
    case 'enter':
      return enter(context, state, place.vpc, place.gateway, place.name);
    case 'transit':
      return onceOnly(state, `attachment ${place.attachment}`, (next) => transit(context, next, place.attachment));
    case 'attachment':
      return leaveAttachment(context, state, place.attachment);
    case 'balance':
      return balance(context, state, place.host, place.balancer, place.endpoint);
    case 'consume': {
      const service = context.index.endpointServices.get(place.service);
      const stranger = strangerAt(context, place.service);
      const location = `endpoint service ${place.service}`;
      return intoService(context, state, stranger, service?.loadBalancers ?? [], location, place.service);
    }
    case 'exit':
      return leave(context, state, place.exit);
  }
}

/** The same packet in the same place again will take the same way for ever. */
function onceOnly(state: State, where: string, then: (state: State) => Fork): Fork {
  const { packet, sessions, seen } = state;
  if (!wasAt(state, where)) return then({ ...state, seen: [...seen, { where, packet, sessions: sessions.length }] });
  return lost(
    block(state, 'route', {
      location: where,
      resource: where.split(' ')[1] ?? where,
      reason: `the packet goes round in a loop at ${where}`,
    }),
  );
}

function followRoute(context: Context, state: State, following: Following): Fork {
  const { target, vpc, subnet } = following;
  switch (target.kind) {
    case 'local':
      return go({ kind: 'deliver', vpc }, state);
    case 'internet-gateway':
      return followInternetGateway(context, state, target.id, vpc);
    case 'egress-only-gateway':
      return followEgressOnlyGateway(context, state, target.id, vpc);
    case 'nat-gateway':
      return followNatGateway(context, state, target.id, vpc, subnet);
    case 'transit-gateway':
      return followTransitGateway(context, state, target.id, vpc, subnet);
    case 'peering':
      return followPeering(context, state, target.id, vpc);
    case 'vpn-gateway':
      return followVpnGateway(context, state, target.id, vpc);
    case 'gateway-endpoint':
      return followGatewayEndpoint(context, state, target.id, vpc);
    case 'gateway-load-balancer-endpoint':
      return followBalancerEndpoint(context, state, target.id, subnet);
    case 'firewall-endpoint':
      return followFirewall(context, state, target.id, target.subnet, subnet);
    case 'interface':
      return followInterface(context, state, target.id, subnet);
    case 'blackhole': {
      const location = subnet ? `subnet ${subnet.id}` : `VPC ${vpc}`;
      const note = { location, resource: subnet?.id ?? vpc, reason: 'the route is a blackhole', rule: following.rule };
      return lost(block(state, 'route', note));
    }
    case 'unknown':
      return followUnknown(context, state, following);
  }
}

// -------------------------------------------------------------------------------------------------------------- reply

function answer(search: Search, index: NetworkIndex, { state: forward, exit }: Ended): Journey | undefined {
  search.replies++;
  const packet = replyPacket(forward.packet);
  if (!exit || !packet) return completed(search, exit ? { forward, exit } : { forward });
  const { from } = search.flow;
  const context: Context = { index, mode: search.mode, to: from, direction: 'reply' };
  const state: State = {
    ...forward,
    packet,
    direction: 'reply',
    hops: [],
    stopped: false,
    blockers: [],
    unknowns: [],
    isLost: false,
    holder: exit.kind === 'host' ? exit.host : undefined,
    referent: undefined,
    expected: receiverOfReply(forward.sessions, forward.initiator),
    entered: 'own',
    pending: undefined,
    seen: [],
  };
  const finish = ({ state: reply, exit: replyExit }: Ended) =>
    completed(search, { forward, exit, reply, ...(replyExit ? { replyExit } : {}) });
  const { pruned } = search;
  const best = explore(
    search,
    context,
    returnFrom(context, state, exit, search.flow.to),
    Object.assign(finish, { forward }),
  );
  if (best || search.pruned > pruned) return best;
  return completed(search, { forward, exit });
}

function returnFrom(context: Context, state: State, exit: Exit, to: End): Fork {
  switch (exit.kind) {
    case 'host':
      return go({ kind: 'send', host: exit.host }, state);
    case 'internet':
      return go({ kind: 'enter', vpc: exit.vpc, gateway: exit.gateway, name: `gateway ${exit.gateway}` }, state);
    case 'aws-service':
      if (exit.host) return go({ kind: 'send', host: exit.host }, { ...state, holder: exit.host });
      return go({ kind: 'deliver', vpc: exit.vpc }, { ...state, entered: 'edge' });
    case 'site':
    case 'external':
      return go(exit.entry, { ...state, entered: 'edge' });
    case 'anywhere': {
      const back = anywhere(context, state, exit.reason);
      // Whoever a site is, it comes back by what it is behind.
      if (to.kind !== 'site') return back;
      return { quantifier: 'some', options: [back, start(context, { ...state, entered: 'edge' }, to)] };
    }
  }
}
