/** Questions to trace in one line, for truth tables. */
import { parseAddress, tryParseProtocol } from '../../../lib/base/net';
import type { Approximation, Blocker, End, Flow, NetworkModel } from '../../../lib/evidence/network';
import { type Trace, traceFlow } from '../../../lib/evidence/trace';
import type { NetworkBuilder } from '../../fixtures/network-builder';

/** `internet`, `interface:Web`, `subnet:A1`, `subnet:A1[App,Db]`, `site:Vpn`, `external:Peer`, `aws:s3`, `aws:s3@Endpoint` */
export function endOf(text: string): End {
  if (text === 'internet') return { kind: 'internet' };
  const [kind = '', rest = ''] = text.split(/:(.*)/s);
  if (kind === 'aws') {
    const [name = '', endpoint] = rest.split('@');
    return { kind: 'aws-service', name, ...(endpoint ? { endpoint } : {}) };
  }
  if (kind === 'subnet') {
    const match = /^([^[]+)(?:\[(.*)\])?$/.exec(rest);
    return { kind, id: match?.[1] ?? '', ...(match?.[2] ? { securityGroups: match[2].split(',') } : {}) };
  }
  if (kind === 'interface' || kind === 'site' || kind === 'external') return { kind, id: rest };
  throw new Error(`not an end: ${text}`);
}

/** `interface:Web 10.0.1.5 -> interface:Db 10.0.2.5 tcp 5432`; the source port is 40000, icmp is an echo request */
export function flowOf(text: string): Flow {
  const [from = '', source = '', , to = '', destination = '', name = 'tcp', port, sourcePort] = text.split(/\s+/);
  const protocol = Number(tryParseProtocol(name));
  const isIcmp = protocol === 1 || protocol === 58;
  return {
    from: endOf(from),
    to: endOf(to),
    packet: {
      protocol,
      source: parseAddress(source),
      sourcePort: isIcmp ? 0 : Number(sourcePort ?? 40000),
      destination: parseAddress(destination),
      destinationPort: port === undefined ? (protocol === 1 ? 8 : protocol === 58 ? 128 : 0) : Number(port),
    },
  };
}

export function ask(network: NetworkBuilder | NetworkModel, flow: string, approximation: Approximation = 'may'): Trace {
  return traceFlow('build' in network ? network.build() : network, flowOf(flow), approximation);
}

/** `reachable`, or what blocks: `security-group Db, network-acl Acl (reply)` */
export function answer(
  network: NetworkBuilder | NetworkModel,
  flow: string,
  approximation: Approximation = 'may',
): string {
  const trace = ask(network, flow, approximation);
  if (trace.verdict === 'reachable') return 'reachable';
  const name = ({ kind, resource, direction }: Blocker) =>
    `${kind} ${resource}${direction === 'reply' ? ' (reply)' : ''}`;
  return trace.blockers.map(name).join(', ') || 'blocked by nothing';
}

/** Both approximations agree, and this is what they say. */
export function certainly(network: NetworkBuilder | NetworkModel, flow: string): string {
  const [may, must] = [answer(network, flow, 'may'), answer(network, flow, 'must')];
  return may === must ? may : `may: ${may}; must: ${must}`;
}
