/**
 * Where neither the routes nor the hosts are known, a packet may go round by ways without number. One that it may take is
 * found all the same, and it is a short one.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { End, Flow } from '../../../lib/evidence/network';
import { readNetwork } from '../../../lib/evidence/template';
import { indexNetwork, traceFlow } from '../../../lib/evidence/trace';

const FILE = path.join(__dirname, '../../fixtures/templates/handed-on.parts.yaml');
/** A quarter of what is followed by default. */
const LIMIT = 5_000;

describe('a template of parameters alone', () => {
  const files = [{ stack: 'Parts', file: FILE, text: fs.readFileSync(FILE, 'utf8') }];
  const { network } = readNetwork(files, { region: 'eu-west-2' });
  const index = indexNetwork(network);
  const ends: readonly End[] = [
    { kind: 'internet' },
    ...network.interfaces.map(({ id }): End => ({ kind: 'interface', id })),
    ...network.subnets.map(({ id }): End => ({ kind: 'subnet', id })),
  ];
  const pairs = ends.flatMap((from) => ends.filter((to) => to !== from).map((to): [End, End] => [from, to]));
  const address = (...words: readonly number[]) => ({ family: 4 as const, words });
  const flowOf = (from: End, to: End): Flow => ({
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
    const { verdict, forward, unknowns } = traceFlow(index, flowOf(from, to), 'may', { limit: LIMIT });
    expect(verdict).toBe('reachable');
    expect(unknowns.map(({ resource }) => resource)).not.toContain('trace');
    expect(forward.hops.filter(({ decision }) => decision === 'forwarded').length).toBeLessThan(3);
  });
});
