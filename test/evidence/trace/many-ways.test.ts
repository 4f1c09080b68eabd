/**
 * Where neither the routes nor the hosts are known, a packet may go round by ways without number. One that it may take is
 * found all the same, and it is a short one.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { End, Flow } from '../../../lib/evidence/network';
import { readNetwork } from '../../../lib/evidence/template';
import { indexNetwork, traceFlow } from '../../../lib/evidence/trace';
import { network } from '../../fixtures/network-builder';
import { flowOf } from './ask';

const FILE = path.join(__dirname, '../../fixtures/templates/handed-on.parts.yaml');
/** A quarter of what is followed by default. */
const LIMIT = 5_000;

describe('a template of parameters alone', () => {
  const files = [{ stack: 'Parts', file: FILE, text: fs.readFileSync(FILE, 'utf8') }];
  const { network: parts } = readNetwork(files, { region: 'eu-west-2' });
  const index = indexNetwork(parts);
  const ends: readonly End[] = [
    { kind: 'internet' },
    ...parts.interfaces.map(({ id }): End => ({ kind: 'interface', id })),
    ...parts.subnets.map(({ id }): End => ({ kind: 'subnet', id })),
  ];
  const pairs = ends.flatMap((from) => ends.filter((to) => to !== from).map((to): [End, End] => [from, to]));
  const address = (...words: readonly number[]) => ({ family: 4 as const, words });
  const flowBetween = (from: End, to: End): Flow => ({
    from,
    to,
    packet: {
      protocol: 6,
      source: from.kind === 'internet' ? address(0x01000009) : address(0x0a000004),
      sourcePort: 49_152,
      destination: to.kind === 'internet' ? address(0x01000009) : address(0x0a000104),
      destinationPort: 443,
    },
  });

  test.each(pairs)('%j may reach %j, and no alternative was left out to find that', (from, to) => {
    const { verdict, forward, unknowns } = traceFlow(index, flowBetween(from, to), 'may', { limit: LIMIT });
    expect(verdict).toBe('reachable');
    expect(unknowns.map(({ resource }) => resource)).not.toContain('trace');
    expect(forward.hops.filter(({ decision }) => decision === 'forwarded').length).toBeLessThan(3);
  });
});

describe('ports that network ACLs tell apart', () => {
  const PORTS = Array.from({ length: 100 }, (_, at) => 2000 + 10 * at);
  const net = (from: string) =>
    network()
      .vpc('A', '10.0.0.0/16')
      .acl('Edges', 'A', [
        ...PORTS.map((port, at) => `${at + 1} egress deny tcp ${port} 192.0.2.0/24`),
        '200 egress allow any 0.0.0.0/0',
      ])
      .subnet('Clients', 'A', '10.0.1.0/24', { acl: 'Edges' })
      .subnet('Nodes', 'A', '10.0.2.0/24')
      .group('Front', 'A', [`tcp 443 from ${from}`])
      .group('Back', 'A', ['tcp 8443 from sg:Front'])
      .interface('Client', 'Clients')
      .interface('App', 'Nodes', { groups: ['Back'], address: '10.0.2.9' })
      .loadBalancer('Nlb', 'network', 'Nodes', ['tcp 443 -> Tg'], { interface: { groups: ['Front'] } })
      .targetGroup('Tg', 'tcp', 8443, ['App'], { preserveClientIp: false });
  const stepsFor = (from: string) => {
    const index = indexNetwork(net(from).build());
    const flow = flowOf('interface:Client 10.0.1.9 -> interface:App 10.0.2.7 tcp 443');
    const isEnough = (limit: number) => {
      const { blockers, unknowns } = traceFlow(index, flow, 'may', { limit });
      return ![...blockers, ...unknowns].some(({ resource }) => resource === 'trace');
    };
    return [40, 400, 4000].find(isEnough);
  };
  test('what is stopped before a balancer is followed from one port, not from each', () => {
    expect(stepsFor('10.9.0.0/16')).toBe(40);
  });
});
