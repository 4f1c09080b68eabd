/**
 * The two ends of a conversation that VPC Lattice carries (SEMANTICS 35): from a client onto it, and from it to a target.
 * What lies between is AWS's own. Whatever address the two have that no template fixes, it must work
 * (https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html).
 */
import { type Address, firstAddress, formatAddress, type Prefix, prefixContainsAddress, TCP } from '../../base/net';
import type { End, Hop, Packet, ResourceId } from '../network';
import { replyPacket } from './arrival-steps';
import { checkListeners } from './balancer-steps';
import { receiveThroughGroups, sendThroughGroups, settleEgress } from './groups-step';
import { hostsOf, ownAddresses, targetAddresses } from './hosts';
import { blank } from './journey';
import type { NetworkIndex } from './network-index';
import { type Context, type Host, hop, requireCertain, type State } from './state';
import { passAcl } from './subnet-steps';

/** One leg of it, there and back; undefined where it is not certain that packets get along. */
export interface BridgeLeg {
  readonly forward: readonly Hop[];
  readonly reply: readonly Hop[];
}

/** A client's ports are its own to choose; this one stands for all that groups and ACLs cannot tell apart. */
const CLIENT_PORT = 49152;

/** By an association with the client's VPC: no route table is asked, the groups of the association are. */
export function ontoBridge(
  index: NetworkIndex,
  from: End,
  port: number,
  by: { readonly id: ResourceId; readonly groups: readonly ResourceId[]; readonly addresses: readonly Prefix[] },
): BridgeLeg | undefined {
  const [prefix] = by.addresses;
  if (!prefix) return undefined;
  const legs = (host: Host) =>
    pairs(ownAddresses(index, host, prefix.family), inside(index, prefix)).map(([source, destination]) =>
      conversation(index, from, packetOf(source, destination, port), {
        there: (context, state) => {
          const noun = host.interface ?? host.subnet;
          let next = requireCertain(context, state, noun, 'address', host.name);
          next = hop(next, 'sent', {
            location: host.name,
            resource: host.id,
            reason: `sends from ${formatAddress(source)}`,
          });
          next = settleEgress(context, sendThroughGroups({ ...next, referent: host }, host), undefined);
          next = passAcl(context, next, host.subnet, 'egress');
          const location = `association ${by.id}`;
          const reason = "every route table of the VPC leads to VPC Lattice's addresses";
          next = hop(next, 'routed', { location, resource: by.id, reason });
          const door: Host = { ...host, id: by.id, name: location, groups: by.groups, interface: undefined };
          return by.groups.length > 0 ? receiveThroughGroups(context, next, door, 'yes') : next;
        },
        back: (context, state) => delivered(passAcl(context, state, host.subnet, 'ingress'), host),
      }),
    );
  return wherever(hostsOf(index, from), legs);
}

/** To a target: no route table is asked, its ACL and groups see Lattice's addresses. */
export function offBridge(
  index: NetworkIndex,
  to: End,
  port: number,
  seenAs: readonly Prefix[],
): BridgeLeg | undefined {
  const [prefix] = seenAs;
  if (!prefix) return undefined;
  const legs = (host: Host) =>
    pairs(inside(index, prefix), targetAddresses(index, host, prefix.family)).map(([source, destination]) =>
      conversation(index, to, packetOf(source, destination, port), {
        there: (context, state) => {
          const balancer = index.balancerOfInterface.get(host.id);
          let next = requireCertain(context, state, host.interface ?? host.subnet, 'address', host.name);
          next = receiveThroughGroups(context, passAcl(context, next, host.subnet, 'ingress'), host, 'no');
          return delivered(balancer ? checkListeners(context, next, balancer) : next, host);
        },
        back: (context, state) => {
          const note = { location: host.name, resource: host.id, reason: 'answers' };
          return passAcl(context, hop(state, 'sent', note), host.subnet, 'egress');
        },
      }),
    );
  return wherever(hostsOf(index, to), legs);
}

/** It may stand in any of its subnets: one in which all addresses work is enough. */
function wherever(hosts: readonly Host[], legs: (host: Host) => (BridgeLeg | undefined)[]): BridgeLeg | undefined {
  for (const host of hosts) {
    const all = legs(host);
    if (all.length > 0 && all.every((leg) => leg !== undefined)) return all[0];
  }
  return undefined;
}

type Step = (context: Context, state: State) => State;

function conversation(
  index: NetworkIndex,
  to: End,
  packet: Packet,
  { there, back }: { readonly there: Step; readonly back: Step },
): BridgeLeg | undefined {
  const context = { index, mode: 'must', to } as const;
  const forward = there({ ...context, direction: 'forward' }, blank(packet));
  const answer = replyPacket(packet);
  if (forward.stopped || !answer) return undefined;
  const reply = back({ ...context, direction: 'reply' }, { ...blank(answer), direction: 'reply' });
  return reply.stopped ? undefined : { forward: forward.hops, reply: reply.hops };
}

function delivered(state: State, { name, id }: Host): State {
  return hop(state, 'delivered', { location: name, resource: id, reason: `reaches ${name}` });
}

function packetOf(source: Address, destination: Address, destinationPort: number): Packet {
  return { protocol: TCP, source, sourcePort: CLIENT_PORT, destination, destinationPort };
}

/** Addresses that stand for all of a range: one for each part of it that a filter tells apart. */
function inside({ filterRanges }: NetworkIndex, whole: Prefix): Address[] {
  const parts = filterRanges.filter((one) => one.family === whole.family && one.length > whole.length);
  const within = parts.map(firstAddress).filter((address) => prefixContainsAddress(whole, address));
  return [firstAddress(whole), ...within];
}

function pairs<A, B>(ones: readonly A[], others: readonly B[]): (readonly [A, B])[] {
  return ones.flatMap((one) => others.map((other) => [one, other] as const));
}
