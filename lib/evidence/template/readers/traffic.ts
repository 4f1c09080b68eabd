/**
 * Protocols and ports as security groups, network ACLs and firewalls write them (SEMANTICS, fact 5).
 */
import { ICMP, ICMPV6, isPort, type PortRange, TCP, tryParseProtocol, UDP } from '../../../base/net';
import { isUnknown, type Traffic, type Unknown, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import { isAbsent, numberOf, type Property, textOf } from './property';
import type { Reading } from './reading';

/** What a rule says, before it is understood; `from` and `to` are ports, or ICMP type and code. */
export interface TrafficProperties {
  readonly protocol: Property;
  readonly from: Property;
  readonly to: Property;
}

/** Absent or −1 ports are all ports; −1 as protocol is every protocol and ignores ports. */
export function readTraffic(properties: TrafficProperties, resource: Resource, reading: Reading): Value<Traffic> {
  const protocol = readProtocol(properties.protocol);
  if (isUnknown(protocol)) return protocol;
  if (protocol === ICMP || protocol === ICMPV6) return readIcmp(protocol, properties);
  if (protocol !== TCP && protocol !== UDP) return { protocol };
  const ports = readPorts(properties, resource, reading);
  if (ports === undefined) return { protocol };
  return isUnknown(ports) ? ports : { protocol, ports };
}

export function readProtocol(property: Property): Value<number | 'all'> {
  const text = textOf(property);
  if (text === undefined) return unknown('the rule names no protocol');
  if (isUnknown<string>(text)) return text;
  return tryParseProtocol(text) ?? unknown(`\`${text}\` is not a protocol`);
}

function readIcmp(protocol: number, { from, to }: TrafficProperties): Value<Traffic> {
  const type = numberOf(from);
  const code = numberOf(to);
  if (type !== undefined && isUnknown<number>(type)) return type;
  if (code !== undefined && isUnknown<number>(code)) return code;
  if (type === undefined || type < 0) return { protocol };
  return { protocol, icmp: code === undefined || code < 0 ? { type } : { type, code } };
}

/** undefined = all ports */
function readPorts(
  { from, to }: TrafficProperties,
  resource: Resource,
  reading: Reading,
): Value<PortRange> | undefined {
  if (isAbsent(from) && isAbsent(to)) return undefined;
  const first = numberOf(from) ?? missing('FromPort');
  const last = numberOf(to) ?? missing('ToPort');
  if (isUnknown<number>(first)) return first;
  if (isUnknown<number>(last)) return last;
  if (first === -1) return undefined;
  if (isPort(first) && isPort(last) && first <= last) {
    return first === 0 && last === 65535 ? undefined : { from: first, to: last };
  }
  const reason = first > last ? `port range ${first}-${last} is upside down` : `${first}-${last} is not a port range`;
  reading.warn(
    resource,
    'TEMPLATE_PORT_RANGE',
    `\`${resource.id}\`: ${reason}`,
    'give ports from 0 to 65535, low first',
  );
  return unknown(`${reason}: AWS refuses the rule`);
}

function missing(name: string): Unknown {
  return unknown(`the rule has no \`${name}\``);
}

/** The ranges that traffic speaks of, for rules that take several: a range text such as `1024:65535` or `443`. */
export function parsePortText(text: string): PortRange | undefined {
  const match = /^(\d+)(?:\s*[:-]\s*(\d+))?$/.exec(text.trim());
  const from = Number(match?.[1] ?? Number.NaN);
  const to = Number(match?.[2] ?? from);
  return isPort(from) && isPort(to) && from <= to ? { from, to } : undefined;
}
