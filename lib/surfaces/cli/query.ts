/** One question of `cordon explain`, from options or from a line of a query file. */
import { AddressSet, ICMP, ICMPV6, isPort, PacketSet, type PortRange, tryParseProtocol } from '../../base/net';
import { InputError } from './input-error';

export interface Query {
  readonly from: string;
  readonly to: string;
  /** as written */
  readonly protocol: string | number;
  readonly port?: number;
  readonly sourcePort?: number;
}

/** What the options or the line hold, unchecked. */
export type RawQuery = { readonly [Key in keyof Query]?: unknown };

export function checkQuery(raw: RawQuery): Query {
  const { from, to, protocol } = raw;
  if (typeof from !== 'string' || from.trim() === '') throw InputError.of('QUERY_FROM', 'the query has no `from`');
  if (typeof to !== 'string' || to.trim() === '') throw InputError.of('QUERY_TO', 'the query has no `to`');
  if (typeof protocol !== 'string' && typeof protocol !== 'number') {
    throw InputError.of(
      'QUERY_PROTOCOL',
      'the query has no `protocol`',
      'give tcp, udp, icmp, icmpv6, any, or a number',
    );
  }
  if (tryParseProtocol(protocol) === undefined) {
    throw InputError.of(
      'QUERY_PROTOCOL',
      `\`${protocol}\` is no protocol`,
      'give tcp, udp, icmp, icmpv6, any, or a number from 0 to 255',
    );
  }
  const port = portOf(raw.port, 'port');
  const sourcePort = portOf(raw.sourcePort, 'sourcePort');
  return {
    from,
    to,
    protocol,
    ...(port === undefined ? {} : { port }),
    ...(sourcePort === undefined ? {} : { sourcePort }),
  };
}

function portOf(value: unknown, name: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  if (typeof port !== 'number' || !isPort(port)) {
    throw InputError.of('QUERY_PORT', `\`${name}\` is ${JSON.stringify(value)}, expected a number from 0 to 65535`);
  }
  return port;
}

export function packetsOfQuery({ protocol, port, sourcePort }: Query): PacketSet {
  const number = tryParseProtocol(protocol);
  const only = (value: number | undefined): readonly PortRange[] | undefined =>
    value === undefined ? undefined : [{ from: value, to: value }];
  const destinationPorts = only(port);
  const sourcePorts = only(sourcePort);
  return PacketSet.of({
    ...(number === undefined || number === 'all' ? {} : { protocols: [number] }),
    // Each family has an icmp of its own.
    ...(number === ICMP ? { destinations: AddressSet.ALL_IPV4 } : {}),
    ...(number === ICMPV6 ? { destinations: AddressSet.ALL_IPV6 } : {}),
    ...(destinationPorts ? { destinationPorts } : {}),
    ...(sourcePorts ? { sourcePorts } : {}),
  });
}
