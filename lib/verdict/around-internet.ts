/**
 * From one zone to another over the internet (SEMANTICS 20): what leaves for a public address that a host of the other
 * zone has. Put together from two flows, to the internet and from it.
 *
 * Where conduits declare both, whoever is let out to the internet and whoever is let in from it are known, and this is no
 * claim of its own (docs/decisions/0303-over-the-internet.md). Where one of them is not declared, neither is the way around.
 */
import { PacketSet } from '../base/net';
import { OVER_INTERNET, overInternet } from '../evidence/reachability';
import { partOf } from '../evidence/reachability/reach';
import type { Uncovered, VerdictContext } from './context';
import type { ZoneFlow } from './flows';
import { INTERNET, type Party } from './place';

/** Asks what is not declared between two zones. */
export type AskUncovered = (from: string, to: string, context: VerdictContext) => readonly Uncovered[];

/** Pairs of zones between which something flows over the internet that is not declared, sorted. */
export function pairsAroundInternet(context: VerdictContext, ask: AskUncovered): { from: string; to: string }[] {
  const flowing = context.flows.pairs();
  const senders = flowing.filter(({ from, to }) => to === INTERNET && isOurs(from)).map(({ from }) => from);
  const receivers = flowing.filter(({ from, to }) => from === INTERNET && isOurs(to)).map(({ to }) => to);
  const strayTo = new Set(senders.filter((zone) => ask(zone, INTERNET, context).length > 0));
  const strayFrom = new Set(receivers.filter((zone) => ask(INTERNET, zone, context).length > 0));
  return senders.flatMap((from) =>
    receivers
      .filter((to) => from !== to && (strayTo.has(from) || strayFrom.has(to)))
      .filter((to) => uncoveredAroundInternet(from, to, context, ask).length > 0)
      .map((to) => ({ from, to })),
  );
}

/** What of a flow over the internet is declared as what goes out to it and as what comes in from it. */
export function declaredAround({ from, to, reach }: ZoneFlow, { allowance }: VerdictContext): PacketSet {
  if (!reach.via.includes(OVER_INTERNET)) return PacketSet.EMPTY;
  const outside = { zone: INTERNET };
  return allowance.packets(from.place, outside).intersect(allowance.packets(outside, to.place));
}

/** One flow for each two places is enough to show that there is a way. */
export function uncoveredAroundInternet(
  from: string,
  to: string,
  context: VerdictContext,
  ask: AskUncovered,
): Uncovered[] {
  if (from === to || !isOurs(from) || !isOurs(to)) return [];
  const out = context.flows.between(from, INTERNET);
  const into = context.flows.between(INTERNET, to);
  if (out.length === 0 || into.length === 0) return [];
  const found = new Map<string, Uncovered>();
  const join = (leaving: Uncovered, entering: Uncovered): void => {
    const key = `${partyKey(leaving.flow.from)}\n${partyKey(entering.flow.to)}`;
    if (found.has(key)) return;
    const joined = joinOf(leaving, entering, context);
    if (joined) found.set(key, joined);
  };
  const whole = (flow: ZoneFlow): Uncovered => ({ flow, packets: flow.received });
  for (const stray of ask(from, INTERNET, context)) for (const flow of into) join(stray, whole(flow));
  for (const stray of ask(INTERNET, to, context)) for (const flow of out) join(whole(flow), stray);
  return [...found.values()];
}

function joinOf(leaving: Uncovered, entering: Uncovered, context: VerdictContext): Uncovered | undefined {
  const { reach } = entering.flow;
  // Behind a balancer nobody knows which of the packets sent arrives as which.
  const sent = reach.via.length === 0 ? reach.sent.intersect(entering.packets) : reach.sent;
  const crossing = overInternet(
    partOf(leaving.flow.reach, leaving.flow.reach.sent, leaving.packets),
    partOf(reach, sent, entering.packets),
    'may',
    (id) => context.isNatGateway(id),
  );
  if (!crossing) return undefined;
  const [from, to] = [leaving.flow.from, entering.flow.to];
  const packets = crossing.reach.received.subtract(context.allowance.packets(from.place, to.place));
  if (packets.isEmpty()) return undefined;
  return { flow: { from, to, received: crossing.reach.received, reach: crossing.reach }, packets };
}

/** Hosts that are somebody's, as against the outside world and what AWS runs. */
function isOurs(zone: string): boolean {
  return zone !== INTERNET && !zone.startsWith('aws:') && !zone.startsWith('external:');
}

function partyKey({ place, potential }: Party): string {
  return [place.zone, place.asset, place.oneOf?.join('+'), potential].join('|');
}
