/**
 * Things that traffic is routed through: Network Firewall endpoints, gateway load balancer endpoints, appliances
 * (SEMANTICS 9, 34). They pass a packet on from their own subnet, by its table, or not at all.
 */
import { formatAddress } from '../../base/net';
import {
  type FirewallPolicy,
  type FirewallRule,
  isKnown,
  isUnknown,
  type Packet,
  type ResourceId,
  type Subnet,
  type Value,
} from '../network';
import { forwardThroughGroups, hideReferences, receiveThroughGroups } from './groups-step';
import { interfaceHost, targetAddresses } from './hosts';
import {
  block,
  type Context,
  decide,
  doubt,
  type Fork,
  go,
  type Host,
  hop,
  type Next,
  recordUnknown,
  requireCertain,
  type State,
  translatedBy,
} from './state';
import { ANYWHERE, anywhere, passAcl } from './subnet-steps';
import { both, containsAny, eitherOf, formatTraffic, matchesTraffic, type Ternary } from './ternary';

type Verdict = 'pass' | 'drop' | 'forward' | 'unknown';

function matchesOneWay(rule: FirewallRule, packet: Packet): Ternary {
  const ports = rule.sourcePorts;
  const fromPorts = !ports || (ports.from <= packet.sourcePort && packet.sourcePort <= ports.to) ? 'yes' : 'no';
  const addresses = both(containsAny(rule.sources, packet.source), containsAny(rule.destinations, packet.destination));
  return both(both(matchesTraffic(rule.traffic, packet), fromPorts), addresses);
}

function reversed(packet: Packet): Packet {
  const { source, sourcePort, destination, destinationPort } = packet;
  return {
    ...packet,
    source: destination,
    sourcePort: destinationPort,
    destination: source,
    destinationPort: sourcePort,
  };
}

/** A rule that looks into packets is never certain of them. */
function matches(rule: FirewallRule, packet: Packet): Ternary {
  const there = matchesOneWay(rule, packet);
  const either = rule.bothWays ? eitherOf([there, matchesOneWay(rule, reversed(packet))]) : there;
  return either === 'yes' && rule.partial !== undefined ? 'maybe' : either;
}

/** What one look at the rules may end in. */
interface Decision {
  readonly verdict: Verdict;
  /** undefined: no rule matched, the default decides */
  readonly by?: FirewallRule;
}

interface Decisions {
  readonly verdicts: readonly Decision[];
  readonly rule: string;
}

/** All that may be decided, with the rule that does: the first certain match is the last. */
function decisions(rules: readonly FirewallRule[], packet: Packet, otherwise: Verdict): Decisions {
  const verdicts: Decision[] = [];
  let text: string | undefined;
  for (const rule of rules) {
    const answer = matches(rule, packet);
    if (answer === 'no') continue;
    verdicts.push({ verdict: rule.action, by: rule });
    text ??= `rule ${rule.priority} ${rule.action} ${formatTraffic(rule.traffic)}`;
    if (answer === 'yes') return { verdicts, rule: text };
  }
  return { verdicts: [...verdicts, { verdict: otherwise }], rule: text ?? `default action ${otherwise}` };
}

const byPriority = (a: FirewallRule, b: FirewallRule) => a.priority - b.priority;
/** Default action order: pass rules come before drop rules, and what may be either stands between. */
const ACTIONS: readonly FirewallRule['action'][] = ['pass', 'unknown', 'drop'];
const byAction = (a: FirewallRule, b: FirewallRule) => ACTIONS.indexOf(a.action) - ACTIONS.indexOf(b.action);

function inOrder({ order, stateful }: FirewallPolicy): FirewallRule[] {
  return [...stateful].sort(order === 'strict' ? byPriority : byAction);
}

const isByPass = ({ verdict, by }: Decision) => verdict === 'pass' && by !== undefined;

function judgeOpening(policy: FirewallPolicy, packet: Packet): Decisions {
  const known = decisions(inOrder(policy), packet, policy.statefulDefault);
  if (policy.opaque.length === 0) return known;
  const isPassedFirst = policy.order === 'action' && known.verdicts.every(isByPass);
  return isPassedFirst ? known : { verdicts: [...known.verdicts, { verdict: 'unknown' }], rule: known.rule };
}

/** A flow that a pass rule let through is not looked at again; any other is, and an answer may meet a drop of its own. */
function judgeAnswer(policy: FirewallPolicy, packet: Packet): Decisions {
  const rule = 'an established conversation';
  const opening = decisions(inOrder(policy), reversed(packet), policy.statefulDefault).verdicts;
  const passed: Decision = { verdict: 'pass' };
  if (policy.opaque.length > 0 || opening.every(isByPass)) return { verdicts: [passed], rule };
  const both = inOrder(policy).filter(({ isRequestsOnly }) => !isRequestsOnly);
  const again = decisions(both, packet, 'pass');
  const certainly = again.verdicts.every(({ verdict }) => verdict === 'pass');
  return { verdicts: [...again.verdicts, ...opening.filter(isByPass)], rule: certainly ? rule : again.rule };
}

export interface Ruling {
  readonly passes: Ternary;
  readonly rule: string;
  readonly stateful: boolean;
  /** rules that look into packets, and may have decided */
  readonly partial: readonly FirewallRule[];
}

/** Stateless rules first; what they forward meets the stateful ones. */
export function judgePolicy(policy: FirewallPolicy, packet: Packet, isEstablished: boolean): Ruling {
  const stateless = decisions([...policy.stateless].sort(byPriority), packet, policy.statelessDefault);
  const isForwarded = ({ verdict }: Decision) => verdict === 'forward';
  const stateful = isEstablished ? judgeAnswer(policy, packet) : judgeOpening(policy, packet);
  const verdicts = stateless.verdicts.flatMap((one) => (isForwarded(one) ? stateful.verdicts : [one]));
  const answers = verdicts.map(
    ({ verdict }): Ternary => (verdict === 'pass' ? 'yes' : verdict === 'drop' ? 'no' : 'maybe'),
  );
  return {
    passes: answers.every((answer) => answer === answers[0]) ? (answers[0] ?? 'maybe') : 'maybe',
    rule: stateless.verdicts[0]?.verdict === 'forward' ? stateful.rule : stateless.rule,
    stateful: stateless.verdicts.some((one) => isForwarded(one) || one.verdict === 'unknown'),
    partial: verdicts.flatMap(({ by }) => (by?.partial === undefined ? [] : [by])),
  };
}

/** `subnet`: the one whose endpoint carries the packet; undefined for a firewall attached to a transit gateway. */
export function judgeFirewall(context: Context, state: State, id: ResourceId, subnet: ResourceId | undefined): State {
  const location = `firewall ${id}`;
  const firewall = context.index.firewalls.get(id);
  const hidden = hideReferences(state);
  if (!firewall)
    return doubt(context, hidden, 'firewall', { location, resource: id, reason: `no template shows ${location}` });
  const next = requireCertain(context, hidden, firewall, 'firewall', location);
  const policy: Value<FirewallPolicy> = firewall.policy;
  if (isUnknown(policy))
    return doubt(context, next, 'firewall', { location, resource: id, reason: policy.reason }, policy.parameters);
  const key = `${id}@${subnet ?? ''}`;
  const isReply = state.direction === 'reply';
  const ruling = judgePolicy(policy, state.packet, isReply && state.inspected.includes(key));
  const inDoubt = [
    ...policy.opaque,
    ...ruling.partial.map(({ origin, partial = '' }) => ({ id: origin.resource, reason: partial })),
  ];
  const named = inDoubt.reduce(
    (known, group) => (ruling.passes === 'maybe' ? recordUnknown(known, group.id, group.reason, []) : known),
    next,
  );
  const seen: State = { ...named, inspected: [...named.inspected, key] };
  const isAsymmetric = isReply && ruling.stateful && !state.inspected.includes(key);
  const reason = isAsymmetric
    ? `${location} has not seen the beginning of this conversation`
    : `what ${location} does with this packet is not modelled exactly`;
  // What nobody followed may have passed here: then this is an answer to what the rules let pass.
  const mayAnswer =
    isAsymmetric &&
    state.inspected.includes(ANYWHERE) &&
    judgePolicy(policy, reversed(state.packet), false).passes !== 'no' &&
    judgePolicy(policy, state.packet, true).passes !== 'no';
  const passes = isAsymmetric && (ruling.passes === 'yes' || mayAnswer) ? 'maybe' : ruling.passes;
  return decide(context, seen, passes, 'firewall', {
    allowed: { location, resource: id, reason: `${location} passes it`, rule: ruling.rule },
    denied: { location, resource: id, reason: `${location} drops it`, rule: ruling.rule },
    open: { location, resource: id, reason, rule: ruling.rule },
  });
}

/** Through the firewall's endpoint in one of its subnets, and on by that subnet's table. */
export function followFirewall(
  context: Context,
  state: State,
  id: ResourceId,
  at: Value<ResourceId>,
  from: Subnet | undefined,
): Fork {
  const firewall = context.index.firewalls.get(id);
  const location = `firewall ${id}`;
  const ids = isKnown(at) ? [at] : (firewall?.subnets ?? []);
  const subnets = ids.flatMap((subnet) => context.index.subnets.get(subnet) ?? []);
  const named = isUnknown(at) && subnets.length !== 1 ? recordUnknown(state, id, at.reason, at.parameters) : state;
  if (subnets.length === 0) {
    const reason = `the subnet of the endpoint of ${location} is not known`;
    const open = doubt(context, named, 'firewall', { location, resource: id, reason });
    return anywhere(context, open, reason);
  }
  const options = subnets.map((subnet): Next => {
    const arrived = from?.id === subnet.id ? named : passAcl(context, named, subnet, 'ingress');
    return { place: { kind: 'route', subnet }, state: judgeFirewall(context, arrived, id, subnet.id) };
  });
  return { quantifier: 'every', options };
}

/** What the appliances behind a gateway load balancer let pass is not known. */
export function followBalancerEndpoint(context: Context, state: State, id: ResourceId, from: Subnet | undefined): Fork {
  const location = `gateway load balancer endpoint ${id}`;
  const endpoint = context.index.vpcEndpoints.get(id);
  const subnets = (endpoint?.subnets ?? []).flatMap((subnet) => context.index.subnets.get(subnet) ?? []);
  const reason = `what the appliances behind ${location} let pass is not known`;
  const open = doubt(context, hideReferences(state), 'firewall', { location, resource: id, reason });
  if (subnets.length === 0) {
    return anywhere(context, open, reason);
  }
  const options = subnets.map((subnet): Next => {
    const arrived = from?.id === subnet.id ? open : passAcl(context, open, subnet, 'ingress');
    return { place: { kind: 'route', subnet }, state: arrived };
  });
  return { quantifier: 'every', options };
}

/** An interface as a route target: it must accept packets for others, and what it forwards is its own affair. */
export function followInterface(context: Context, state: State, id: ResourceId, from: Subnet | undefined): Fork {
  const iface = context.index.interfaces.get(id);
  const location = iface ? `${iface.kind} ${id}` : `interface ${id}`;
  const subnets = (iface?.subnets ?? []).flatMap((subnet) => context.index.subnets.get(subnet) ?? []);
  if (!iface || subnets.length === 0) {
    const reason = `no template shows where ${location} is`;
    const open = doubt(context, state, 'gateway', { location, resource: id, reason });
    return anywhere(context, open, reason);
  }
  const certain = requireCertain(context, state, iface, 'gateway', location);
  const options = subnets.map((subnet): Fork => {
    const host = interfaceHost(iface, subnet);
    const arrived = from?.id === subnet.id ? certain : passAcl(context, certain, subnet, 'ingress');
    // An answer to what it sent under another's address is its own, wherever it says that it goes.
    if (state.direction === 'reply' && state.expected?.host.id === id) {
      return go({ kind: 'exit', exit: { kind: 'host', host } }, takeForOthers(context, arrived, host));
    }
    const passed: Next = { place: { kind: 'route', subnet }, state: forward(context, arrived, host) };
    return { quantifier: 'some', options: [passed, ...asNatInstance(context, passed.state, host)] };
  });
  return { quantifier: 'every', options };
}

/**
 * An appliance may also put its own address in place of the source: a NAT instance (SEMANTICS 9). What leaves it is then
 * its own traffic. Only *may* asks, because nothing says that it does.
 */
function asNatInstance(context: Context, state: State, host: Host): Next[] {
  if (context.mode === 'must' || state.direction === 'reply' || translatedBy(state, host.id)) return [];
  // What is for itself it keeps.
  if (state.expected?.host.id === host.id && !state.expected.publicly) return [];
  const before = state.packet;
  return targetAddresses(context.index, host, before.source.family).map((source): Next => {
    const packet: Packet = { ...before, source };
    const reason = `may replace the source with its own address ${formatAddress(source)}`;
    const translated = hop(state, 'translated', { location: host.name, resource: host.id, reason }, packet);
    const session = { kind: 'nat' as const, host, before, resume: host, preserved: false };
    const next: State = {
      ...translated,
      packet,
      holder: host,
      referent: host,
      entered: 'own',
      ingressReference: 'yes',
      sessions: [...state.sessions, session],
    };
    return { place: { kind: 'route', subnet: host.subnet }, state: next };
  });
}

/** SEMANTICS 9: with the check on, it takes only what is addressed to itself. */
function takeForOthers(context: Context, state: State, host: Host): State {
  const note = { location: host.name, resource: host.id };
  const check = host.interface?.sourceDestCheck ?? true;
  if (check === true) {
    const reason = `the source/destination check of ${host.name} is on, so it takes nothing for others`;
    return block(state, 'source-destination-check', { ...note, reason });
  }
  if (!isUnknown(check)) return state;
  return doubt(context, state, 'source-destination-check', { ...note, reason: check.reason }, check.parameters);
}

function forward(context: Context, state: State, host: Host): State {
  const note = { location: host.name, resource: host.id };
  const accepted = takeForOthers(context, state, host);
  const isTracked = state.direction === 'forward' || state.inspected.includes(host.id);
  const received = isTracked ? receiveThroughGroups(context, accepted, host, state.ingressReference) : accepted;
  const open = doubt(context, received, 'gateway', { ...note, reason: `what ${host.name} forwards is not known` });
  const sent = forwardThroughGroups(context, open, host, state.packet);
  const forwarded = hop(sent, 'forwarded', { ...note, reason: 'passes it on' });
  return { ...hideReferences(forwarded), entered: 'middlebox', inspected: [...forwarded.inspected, host.id] };
}
