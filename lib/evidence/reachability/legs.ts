/**
 * Legs from the same place, walked once. A hop looks at one packet at a time, so what becomes of some packets is what
 * becomes of all packets, cut down to those. Not so where a firewall remembers what it saw, or where something on the way
 * is not known and only the packets that meet it may say so: there, a leg is walked for the packets that it is about.
 */
import { PacketSet } from '../../base/net';
import {
  type ForwardingGraph,
  type Location,
  locationKey,
  type Path,
  type Sessions,
  type Terminal,
  Uses,
} from '../forwarding';
import { type Arrival, type Departure, runLeg } from './leg';

const NO_SESSIONS: Sessions = new Map();

/** Where all packets of a place may (or must) arrive. */
interface WholeLeg {
  readonly ends: readonly LegEndOfAll[];
  /** the same, by the id of the subnet that packets are delivered into, or of the other terminal that they reach */
  readonly byPlace: ReadonlyMap<string, readonly LegEndOfAll[]>;
  /** those at something that may pass packets on */
  readonly forwarders: readonly LegEndOfAll[];
}

interface LegEndOfAll {
  readonly key: string;
  readonly terminal: Terminal;
  readonly packets: PacketSet;
}

export class Legs {
  /** by key of the location; undefined where a leg has to be walked anew for its packets */
  private readonly whole = new Map<string, WholeLeg | undefined>();

  constructor(private readonly graph: ForwardingGraph) {}

  /**
   * Everything that may (or must) arrive somewhere, in a stable order. `answering`: the sessions of the leg that these
   * packets are replies to. `at`: only what arrives at one of these subnets or terminals, by id, or at a forwarder.
   */
  walk(
    departures: readonly Departure[],
    answering: Sessions | undefined,
    uses: Uses,
    at?: readonly string[],
  ): readonly Arrival[] {
    const leaving = departures.filter(({ packets }) => !packets.isEmpty());
    const wholes: WholeLeg[] = [];
    for (const { location } of leaving) {
      const whole = this.wholeLeg(location);
      if (!whole) return runLeg(this.graph, leaving, answering, uses).map(seenOnItsWay);
      wholes.push(whole);
    }
    const arrivals = new Map<string, Arrival>();
    for (const [index, { packets }] of leaving.entries()) {
      const whole = wholes[index];
      for (const end of whole ? endsAt(whole, at) : []) {
        const arrived = packets.intersect(end.packets);
        if (arrived.isEmpty()) continue;
        const known = arrivals.get(end.key);
        arrivals.set(end.key, {
          terminal: end.terminal,
          packets: known ? known.packets.union(arrived) : arrived,
          sessions: NO_SESSIONS,
        });
      }
    }
    if (leaving.length < 2) return [...arrivals.values()];
    return [...arrivals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arrival]) => arrival);
  }

  private wholeLeg(location: Location): WholeLeg | undefined {
    const key = locationKey(location);
    if (this.whole.has(key)) return this.whole.get(key);
    const uses = new Uses();
    const arrivals = runLeg(this.graph, [{ location, packets: PacketSet.ALL }], undefined, uses);
    const isPlain = uses.isEmpty() && arrivals.every(({ sessions }) => sessions.size === 0);
    const found = isPlain ? wholeLegOf(arrivals) : undefined;
    this.whole.set(key, found);
    return found;
  }
}

const NEVER_INSPECTED: readonly Path[] = ['local', 'peering', 'transit-gateway'];

/** A firewall on one of several ways to a place has seen nothing of what came another. */
function seenOnItsWay(arrival: Arrival): Arrival {
  const { terminal } = arrival;
  const isUnseen = terminal.kind === 'delivered' && NEVER_INSPECTED.includes(terminal.path);
  return isUnseen ? { ...arrival, sessions: NO_SESSIONS } : arrival;
}

function wholeLegOf(arrivals: readonly Arrival[]): WholeLeg {
  const ends = arrivals.map(({ terminal, packets }) => ({ key: locationKey(terminal), terminal, packets }));
  const byPlace = new Map<string, LegEndOfAll[]>();
  for (const end of ends) {
    const id = placeOf(end.terminal);
    const known = byPlace.get(id);
    if (known) known.push(end);
    else byPlace.set(id, [end]);
  }
  return { ends, byPlace, forwarders: ends.filter(({ terminal }) => terminal.kind === 'forwarder') };
}

function endsAt({ ends, byPlace, forwarders }: WholeLeg, at: readonly string[] | undefined): readonly LegEndOfAll[] {
  if (!at) return ends;
  const places = at.flatMap((id) => byPlace.get(id) ?? []);
  return forwarders.length === 0 ? places : [...places, ...forwarders];
}

function placeOf(terminal: Terminal): string {
  switch (terminal.kind) {
    case 'delivered':
      return terminal.subnet;
    case 'internet':
      return terminal.gateway;
    default:
      return terminal.id;
  }
}
