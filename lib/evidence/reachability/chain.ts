/**
 * A chain of legs: how packets got where they are, and what of them is still as their initiator sent it.
 */
import type { PacketSet } from '../../base/net';
import { asNat64, type Origin } from '../forwarding';
import type { ResourceId } from '../network';

/** What of a packet is still as its initiator sent it: address and port together. */
export interface Kept {
  readonly source: boolean;
  readonly destination: boolean;
  /** the destination is kept, but for its family: what was sent to 64:ff9b::/96 goes on as IPv4 */
  readonly asIpv4?: boolean;
}

export const ALL_KEPT: Kept = { source: true, destination: true };
export const NONE_KEPT: Kept = { source: false, destination: false };

/** A chain of legs so far. */
export interface Chain {
  readonly origin: Origin;
  /** the initiator's packets that lead here; undefined on the first leg, where they are the packets themselves */
  readonly sent?: PacketSet;
  /** which ends of the packets nothing on the way has replaced */
  readonly keeps: Kept;
  /** the destination of what was sent is the address of the balancer's node that sends on */
  readonly calledAtNode?: boolean;
  /** what translated or passed on the packets, in order */
  readonly via: readonly ResourceId[];
  /** the one party that this leg is for, by the key of its end; undefined: whoever has the address */
  readonly intended?: string;
  /** nothing certain comes of passing the same twice: its address would have to be two things at once */
  readonly isOnce?: true;
  /** what was passed already, so that no chain goes round in circles */
  readonly passed: ReadonlySet<string>;
}

/** The next leg of a chain, after something made new packets of what reached it. */
export function extend(
  chain: Chain,
  arrived: PacketSet,
  next: {
    readonly origin: Origin;
    readonly through: ResourceId;
    readonly key?: string;
    readonly keeps?: Partial<Kept>;
  },
): Chain {
  return {
    origin: next.origin,
    sent: chain.sent ? refine(chain.sent, arrived, chain.keeps) : arrived,
    via: [...chain.via, next.through],
    // Whoever a balancer sent it to, a NAT gateway on the way sends it to the same.
    intended: chain.intended,
    keeps: {
      source: chain.keeps.source && next.keeps?.source === true,
      destination: chain.keeps.destination && next.keeps?.destination === true,
      asIpv4: chain.keeps.asIpv4 === true || next.keeps?.asIpv4 === true,
    },
    passed: new Set([...chain.passed, next.key ?? next.through]),
  };
}

/** Of the packets that were sent, those that could have become what was received: a translation keeps the protocol. */
export function refine(sent: PacketSet, received: PacketSet, keeps: Kept): PacketSet {
  if (keeps.asIpv4) {
    const shape = asNat64(keeps.destination ? received : received.withAnyDestination().withAnyDestinationPort());
    return sent.intersect(shape.withAnySource().withAnySourcePort());
  }
  // Where neither end is kept, not even the family is: a balancer answers IPv6 clients from IPv4 targets.
  let shape = keeps.source || keeps.destination ? received : received.withAnyAddresses();
  if (!keeps.source) shape = shape.withAnySource().withAnySourcePort();
  if (!keeps.destination) shape = shape.withAnyDestination().withAnyDestinationPort();
  return sent.intersect(shape);
}
