/** Services spelled out: `tcp/8443`, `tcp/8000-8100`, `tcp/104,11112`, `udp/53`, `icmp`. */
import { isPort, type PortRange } from '../../base/net';
import type { ServiceTraffic } from './zone-model';

export type Spelled =
  | { readonly kind: 'traffic'; readonly traffic: readonly ServiceTraffic[] }
  /** every port, or every protocol: what an estate must not say */
  | { readonly kind: 'any' }
  | { readonly kind: 'bad-port'; readonly port: string; readonly help: string }
  | { readonly kind: 'bad-protocol'; readonly protocol: string }
  /** no slash and no protocol: a service's name, or nothing at all */
  | { readonly kind: 'name' };

const PROTOCOLS = ['tcp', 'udp', 'icmp', 'icmpv6'] as const;
type ProtocolName = (typeof PROTOCOLS)[number];

export function parseSpelled(text: string): Spelled {
  const word = text.trim().toLowerCase();
  if (ANY.has(word)) return { kind: 'any' };
  const [protocol = '', ports, ...rest] = word.split('/');
  if (ports === undefined)
    return PROTOCOLS.includes(protocol as ProtocolName) ? spell(protocol, undefined) : { kind: 'name' };
  if (rest.length > 0)
    return { kind: 'bad-port', port: text, help: 'write one protocol and its ports, e.g. `tcp/8443`' };
  // `443/tcp`, as firewalls of some makers have it
  if (PROTOCOLS.includes(ports as ProtocolName) && /^\d/.test(protocol)) {
    return { kind: 'bad-port', port: text, help: `write \`${ports}/${protocol}\`` };
  }
  return spell(protocol, ports.split(','));
}

const ANY = new Set(['any', 'all', '*', '-1', 'everything', 'anything', 'any/any', 'all/all', 'ip', 'ip/any']);

/** Traffic of a protocol and its port texts (`443`, `8000-8100`); no ports at all for tcp and udp means any. */
export function spell(protocol: string, ports: readonly string[] | undefined): Spelled {
  const name = protocol.trim().toLowerCase();
  if (ANY.has(name)) return { kind: 'any' };
  const known = PROTOCOLS.find((candidate) => candidate === name);
  if (!known) return { kind: 'bad-protocol', protocol };
  if (known === 'icmp' || known === 'icmpv6') {
    if (!ports || ports.length === 0) return { kind: 'traffic', traffic: [{ protocol: known }] };
    return {
      kind: 'bad-port',
      port: ports.join(','),
      help: `\`${known}\` has no ports: write \`${known}\`, which is echo`,
    };
  }
  if (!ports || ports.length === 0) return { kind: 'any' };
  const ranges: PortRange[] = [];
  for (const port of ports) {
    const range = portRange(port.trim());
    if (range === 'any') return { kind: 'any' };
    if (typeof range === 'string') return { kind: 'bad-port', port, help: range };
    ranges.push(range);
  }
  const merged = mergeRanges(ranges);
  if (merged.some(isEveryPort)) return { kind: 'any' };
  return { kind: 'traffic', traffic: merged.map((range) => ({ protocol: known, ports: range })) };
}

function isEveryPort({ from, to }: PortRange): boolean {
  return from <= 1 && to === 65535;
}

/** The protocols of which all ports are in the traffic of several services together, as when they are told in halves. */
export function wholeProtocols(traffic: readonly ServiceTraffic[]): string[] {
  const protocols = [...new Set(traffic.map(({ protocol }) => protocol))];
  return protocols.filter((protocol) => {
    const ranges = traffic.flatMap((part) => (part.protocol === protocol && part.ports ? [part.ports] : []));
    return mergeRanges(ranges).some(isEveryPort);
  });
}

function portRange(text: string): PortRange | string {
  if (text === '*' || ANY.has(text)) return 'any';
  const match = /^(\d{1,9})(?:\s*-\s*(\d{1,9}))?$/.exec(text);
  if (!match) return 'write a port from 1 to 65535, or a range such as `8000-8100`';
  const from = Number(match[1]);
  const to = match[2] === undefined ? from : Number(match[2]);
  if (!isPort(from) || !isPort(to)) return 'ports end at 65535';
  if (from > to) return `write the lower port first: \`${to}-${from}\``;
  if (isEveryPort({ from, to })) return 'any';
  return from === 0 ? 'port 0 cannot be used' : { from, to };
}

/** Sorted, touching ranges joined: how ports are written never changes what they are. */
function mergeRanges(ranges: readonly PortRange[]): PortRange[] {
  const merged: PortRange[] = [];
  for (const range of ranges.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    const last = merged.at(-1);
    if (last && range.from <= last.to + 1)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    else merged.push(range);
  }
  return merged;
}

/** `tcp/443,8000-8100`: the one way to write it. */
export function formatTraffic(traffic: readonly ServiceTraffic[]): string {
  const protocols = [...new Set(traffic.map(({ protocol }) => protocol))];
  return protocols
    .map((protocol) => {
      const ports = traffic.flatMap((part) => (part.protocol === protocol && part.ports ? [part.ports] : []));
      const shown = ports.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`));
      return shown.length === 0 ? protocol : `${protocol}/${shown.join(',')}`;
    })
    .join(';');
}

/** Whether everything in `inner` is also in `outer`. */
export function trafficCovers(outer: readonly ServiceTraffic[], inner: readonly ServiceTraffic[]): boolean {
  return inner.every((part) =>
    outer.some(
      (whole) =>
        whole.protocol === part.protocol &&
        (!whole.ports || !part.ports || (whole.ports.from <= part.ports.from && part.ports.to <= whole.ports.to)),
    ),
  );
}
