import { AddressSet, PacketSet, type PortRange, tryParseProtocol } from '../../../lib/base/net';
import type { End, NetworkModel } from '../../../lib/evidence/network';
import { ReachabilityEngine } from '../../../lib/evidence/reachability';

/** `internet`, `subnet:Id`, `site:Id`, `external:Id`, `aws:service`, or the id of an interface. */
export function end(text: string): End {
  const [kind, ...rest] = text.split(':');
  const id = rest.join(':');
  if (text === 'internet') return { kind: 'internet' };
  if (kind === 'subnet' || kind === 'site' || kind === 'external') return { kind, id };
  return { kind: 'interface', id: text };
}

/** `tcp 443`, `udp 53`, `icmp`, `any` */
export function packets(text: string): PacketSet {
  const [name = '', port] = text.split(' ');
  const protocol = tryParseProtocol(name);
  const range: PortRange[] | undefined = port === undefined ? undefined : [{ from: Number(port), to: Number(port) }];
  return PacketSet.of({
    protocols: protocol === 'all' || protocol === undefined ? undefined : [protocol],
    destinations: protocol === 1 ? AddressSet.ALL_IPV4 : protocol === 58 ? AddressSet.ALL_IPV6 : undefined,
    destinationPorts: range,
  });
}

/** `reachable` asks for an unprivileged source port, `blocked` speaks of all (CONTRACTS); icmp has none. */
const FROM_USUAL_PORTS = PacketSet.of({ protocols: [6, 17], sourcePorts: [{ from: 1024, to: 65535 }] }).union(
  PacketSet.ALL.subtract(PacketSet.of({ protocols: [6, 17] })),
);

/** `reachable` certainly, `unknown` maybe, `blocked` certainly not: as a table wants it. */
export function answer(network: NetworkModel, from: string, to: string, what: string): string {
  const found = (approximation: 'may' | 'must') => {
    const asked = approximation === 'may' ? packets(what) : packets(what).intersect(FROM_USUAL_PORTS);
    const engine = new ReachabilityEngine(network, approximation);
    return engine.reachFrom(end(from), { to: [end(to)], packets: asked }).reaches.length > 0;
  };
  if (!found('may')) return 'blocked';
  return found('must') ? 'reachable' : 'unknown';
}

/** Runs a table of `from, to, traffic, expected`. */
export function table(
  title: string,
  network: NetworkModel,
  rows: readonly (readonly [string, string, string, string])[],
): void {
  describe(title, () => {
    test.each(rows)('%s -> %s %s: %s', (from, to, what, expected) => {
      expect(answer(network, from, to, what)).toBe(expected);
    });
  });
}
