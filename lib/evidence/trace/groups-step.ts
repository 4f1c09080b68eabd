/**
 * Security groups on the way: the sender's when it is known who receives, the receiver's when the packet arrives.
 * Replies need no rule (SEMANTICS 6).
 */
import type { Packet } from '../network';
import { judgeGroups, type Ruling } from './filters';
import { wornBy } from './hosts';
import { addBlocker, block, type Context, decide, type Host, hop, recordUnknown, type State } from './state';
import type { Ternary } from './ternary';

/** The groups of whoever receives the packet filter it. `reference`: whether its sender can be seen as a member. */
export function receiveThroughGroups(context: Context, state: State, host: Host, reference: Ternary): State {
  const location = host.name;
  if (host.groups === undefined) {
    return hop(state, 'allowed', { location, resource: host.id, reason: 'no security group filters it' });
  }
  if (state.direction === 'reply') {
    return hop(state, 'allowed', {
      location,
      resource: host.id,
      reason: 'its security groups are stateful: the reply needs no rule',
    });
  }
  const ruling = judgeGroups(context.index, host.groups, 'ingress', state.packet, {
    address: state.packet.source,
    groups: state.referent && wornBy(state.referent),
    referencable: reference,
  });
  return applyRuling(context, state, ruling, host, 'ingress');
}

function applyRuling(
  context: Context,
  state: State,
  ruling: Ruling,
  host: Host,
  direction: 'ingress' | 'egress',
): State {
  const location = host.name;
  const resource = ruling.resource ?? host.groups?.[0] ?? host.id;
  const rule = ruling.rule ? { rule: ruling.rule } : {};
  const names = (host.groups ?? []).join(', ') || 'none';
  return decide(context, state, ruling.passes, 'security-group', {
    allowed: {
      location,
      resource,
      reason: `security group ${resource} lets it ${direction === 'ingress' ? 'in' : 'out'}`,
      ...rule,
    },
    denied: { location, resource, reason: `no ${direction} rule of its security groups (${names}) allows it` },
    open: { location, resource, reason: ruling.reason ?? 'what its security groups allow is not known', ...rule },
    parameters: ruling.parameters ?? [],
  });
}

/** A sender's groups filter what it sends; the check waits in `pending`, because a rule may name the receiver's group. */
export function sendThroughGroups(state: State, host: Host): State {
  if (state.direction === 'reply' || host.groups === undefined) return state;
  return { ...state, pending: { host, packet: state.packet, at: state.hops.length } };
}

/** Now it is known who receives: the sender's check takes its place among the hops. */
export function settleEgress(context: Context, state: State, receiver: Host | undefined): State {
  const { pending } = state;
  if (!pending) return state;
  const ruling = judgeGroups(context.index, pending.host.groups ?? [], 'egress', pending.packet, {
    address: pending.packet.destination,
    groups: receiver && wornBy(receiver),
    referencable: state.egressReference,
  });
  const hops = state.hops.slice(0, pending.at);
  const before: State = { ...state, pending: undefined, hops, stopped: false, blockers: [], unknowns: [] };
  const judged = applyRuling(context, before, ruling, pending.host, 'egress');
  const after = judged.stopped ? [] : state.hops.slice(pending.at);
  const unknowns = judged.unknowns.reduce(
    (known, use) => recordUnknown(known, use.resource, use.reason, use.parameters),
    state,
  ).unknowns;
  return {
    ...state,
    pending: undefined,
    hops: [...judged.hops, ...after],
    stopped: state.stopped || judged.stopped,
    blockers: state.blockers.reduce(addBlocker, judged.blockers),
    unknowns,
  };
}

/** A middlebox hides who sent: references to groups no longer match behind it (VPC user guide, security group rules). */
export function hideReferences(state: State): State {
  return { ...state, ingressReference: 'no', egressReference: 'no' };
}

/** An appliance's own groups, on the way out of it. */
export function forwardThroughGroups(context: Context, state: State, host: Host, packet: Packet): State {
  if (host.groups === undefined || state.direction === 'reply') return state;
  const ruling = judgeGroups(context.index, host.groups, 'egress', packet, {
    address: packet.destination,
    referencable: 'no',
  });
  return ruling.passes === 'no'
    ? block(state, 'security-group', {
        location: host.name,
        resource: host.groups[0] ?? host.id,
        reason: 'no egress rule of its security groups lets it forward the packet',
      })
    : applyRuling(context, state, ruling, host, 'egress');
}
