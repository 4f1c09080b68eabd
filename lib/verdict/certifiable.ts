/**
 * Which certificates a verdict calls for: every proved isolation claim and every proved obligation, said again in the words
 * of the network: ends, packets, and which of them are forbidden. The binding is what they rest on, and has none.
 */
import { PacketSet } from '../base/net';
import type { End } from '../evidence/network';
import type { Wanted, WantedClaim } from '../evidence/reachability/certify';
import { CertifiablePlaces, type Hosts, othersOf } from './certifiable-places';
import type { VerdictContext } from './context';
import { allowedBetween } from './isolation';
import { gatesOf, select } from './never';
import { isPivot, SHARED_VPC } from './place';
import type { Claim } from './result';

export type CertifiableClaim = Pick<Claim, 'id' | 'kind' | 'verdict' | 'from' | 'to'>;

export function certifiable(
  context: VerdictContext,
  ends: readonly End[],
  claims: readonly CertifiableClaim[],
): Wanted {
  const places = new CertifiablePlaces(context, ends);
  const stated = new Stated(context, places, claims);
  const wanted = claims.filter(isWanted).flatMap((claim) => stated.again(claim));
  return { places: places.wanted(), claims: wanted };
}

/** Claims that a certificate can speak of: what the network carries. */
function isWanted(claim: CertifiableClaim): boolean {
  return isOfIsolation(claim) && whyBeyond(claim) === undefined;
}

/** Proved claims of isolation, and of what never happens. */
export function isOfIsolation({ kind, verdict }: CertifiableClaim): boolean {
  return verdict === 'proved' && (kind === 'isolation' || kind === 'never');
}

/** Why no certificate can speak of a claim; undefined where one can. */
export function whyBeyond({ id }: CertifiableClaim): string | undefined {
  if (id.startsWith('isolation/') || id.startsWith('never/')) return undefined;
  return id.startsWith('binding')
    ? 'the binding is what every certificate rests on'
    : 'a policy decides it, and not what the network carries';
}

class Stated {
  /** zones that a claim of their own says what they send to a zone, by that zone */
  private readonly named = new Map<string, string[]>();

  constructor(
    private readonly context: VerdictContext,
    private readonly places: CertifiablePlaces,
    claims: readonly CertifiableClaim[],
  ) {
    for (const { kind, from, to } of claims) {
      if (kind !== 'isolation' || from === undefined || to === undefined || from === '*') continue;
      this.named.set(to, [...(this.named.get(to) ?? []), from]);
    }
  }

  /** All the parts that a claim is made of. */
  again({ id, kind, from = '', to = '' }: CertifiableClaim): WantedClaim[] {
    if (kind === 'never') return this.obligation(id);
    if (from === '*') {
      const allBut = [...new Set([to, ...(this.named.get(to) ?? [])])];
      return [{ kind: 'isolation', id, from: { allBut }, to, forbidden: PacketSet.ALL }];
    }
    return from === to ? this.within(id, from) : this.between(id, from, to);
  }

  private isolation(id: string, from: string, to: string, allowed: PacketSet): WantedClaim {
    return { kind: 'isolation', id, from, to, forbidden: PacketSet.ALL.subtract(allowed) };
  }

  private between(id: string, from: string, to: string): WantedClaim[] {
    const { context } = this;
    const allowed = allowedBetween({ zone: from }, { zone: to }, context);
    if (to.startsWith('aws:')) {
      // in a VPC that zones share, groups alone tell its hosts from the others
      const senders = allowed.isEmpty() && context.sharesVpc(from) ? this.places.hostsOf(from) : [{ name: from }];
      return senders.map(({ name }) => this.isolation(id, name, to, allowed));
    }
    if (to.startsWith(SHARED_VPC) && !allowed.isEmpty()) {
      const others = this.places.has(othersOf(to)) ? [this.isolation(id, from, othersOf(to), PacketSet.EMPTY)] : [];
      return [this.isolation(id, from, to, allowed), ...others];
    }
    const parts = [this.isolation(id, from, to, allowed)];
    if (allowed.isEmpty()) return parts;
    for (const sender of this.places.hostsOf(from)) {
      for (const receiver of this.places.hostsOf(to)) {
        const least = allowedBetween(sender.place, receiver.place, context);
        if (!allowed.isSubsetOf(least)) parts.push(this.isolation(id, sender.name, receiver.name, least));
      }
    }
    return parts;
  }

  /** An endpoint or a balancer of the zone is judged by where it leads. */
  private within(id: string, zone: string): WantedClaim[] {
    const { context } = this;
    const hosts = this.places.hostsOf(zone);
    const isApart = (sender: Hosts, receiver: Hosts) => sender !== receiver && !receiver.isFrontDoor;
    const parts = hosts.flatMap((sender) =>
      hosts
        .filter((receiver) => isApart(sender, receiver))
        .map((receiver) => {
          const delivered = sender.isFrontDoor ? context.deliveredTo(receiver.place) : PacketSet.EMPTY;
          const allowed = context.allowance.packets(sender.place, receiver.place).union(delivered);
          return this.isolation(id, sender.name, receiver.name, allowed);
        }),
    );
    const nameless = this.places
      .nameless(zone)
      .map(({ from, to, fromPlace, toPlace }) =>
        this.isolation(id, from, to, context.allowance.packets(fromPlace, toPlace)),
      );
    return [...parts, ...nameless];
  }

  private obligation(id: string): WantedClaim[] {
    const { context } = this;
    const obligation = context.model.obligations.find((one) => `never/${one.id}` === id);
    if (!obligation) return [];
    const gates = gatesOf(obligation, context);
    const tos = select(obligation.to, context).filter((name) => !gates.has(name));
    const stops = this.places.names().filter((name) => gates.has(name) || !isPivot(name));
    const from = select(obligation.from, context).filter((name) => !gates.has(name));
    return [{ kind: 'never', id, from, to: tos, stops, isDirect: obligation.through === 'direct' }];
  }
}
