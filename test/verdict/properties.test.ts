import fc from 'fast-check';
import { parseAddress } from '../../lib/base/net';
import { gatherEvidence } from '../../lib/verdict';
import { claim, conduits, GUEST_TO_APP, TWO_ZONES, twoVpcs, verify } from './scenario';

const ports = fc.constantFrom('443', '22', '440-450', '0-65535');
const peers = fc.constantFrom(
  '10.1.0.0/16',
  '10.1.0.0/25',
  '10.2.0.0/16',
  '0.0.0.0/0',
  'sg:GuestGroup',
  'sg:AppGroup',
  '?',
);
const rule = fc
  .tuple(fc.constantFrom('', 'maybe '), fc.constantFrom('tcp', 'udp'), ports, peers)
  .map(([maybe, protocol, range, peer]) => `${maybe}${protocol} ${range} from ${peer}`);
const options = fc.record({
  app: fc.array(rule, { maxLength: 3 }),
  database: fc.array(rule, { maxLength: 2 }),
  guestRoutes: fc.constantFrom(
    ['10.2.0.0/16 -> pcx:Peering'],
    ['10.2.0.0/24 -> pcx:Peering'],
    ['10.2.0.0/16 -> ?'],
    [],
  ),
  ehrRoutes: fc.constantFrom(['10.1.0.0/16 -> pcx:Peering'], []),
});
const packet = fc.record({
  protocol: fc.constantFrom(6, 17),
  host: fc.integer({ min: 4, max: 250 }),
  to: fc.constantFrom('10.2.0.20', '10.2.1.20'),
  port: fc.constantFrom(22, 443, 445, 5432),
});

test('where isolation is proved, trace delivers no packet that is not declared, whatever is unknown', () => {
  const text = TWO_ZONES + conduits(GUEST_TO_APP);
  fc.assert(
    fc.property(options, fc.array(packet, { minLength: 5, maxLength: 15 }), (network, packets) => {
      const model = twoVpcs(network).build();
      if (claim(verify(text, model), 'isolation/guest/ehr').verdict !== 'proved') return;
      const { replay } = gatherEvidence(model);
      for (const { protocol, host, to, port } of packets) {
        const isDeclared = protocol === 6 && port === 443;
        const subnet = to.startsWith('10.2.0.') ? 'AppSubnet' : 'DatabaseSubnet';
        const { delivered } = replay({
          from: { kind: 'subnet', id: 'GuestSubnet' },
          to: { kind: 'subnet', id: subnet },
          packet: {
            protocol,
            source: parseAddress(`10.1.0.${host}`),
            sourcePort: 50000,
            destination: parseAddress(to),
            destinationPort: port,
          },
        });
        if (!isDeclared) expect(delivered).toBe(false);
      }
    }),
    { numRuns: 150, seed: 20261123 },
  );
});

test('what a proved service promises, trace delivers and answers', () => {
  const text = TWO_ZONES + conduits(GUEST_TO_APP);
  fc.assert(
    fc.property(options, fc.integer({ min: 4, max: 250 }), (network, host) => {
      const model = twoVpcs(network).build();
      if (claim(verify(text, model), 'service/guest-to-app/https').verdict !== 'proved') return;
      const { delivered, answered } = gatherEvidence(model).replay({
        from: { kind: 'subnet', id: 'GuestSubnet' },
        to: { kind: 'subnet', id: 'AppSubnet', securityGroups: ['AppGroup'] },
        packet: {
          protocol: 6,
          source: parseAddress(`10.1.0.${host}`),
          sourcePort: 50000,
          destination: parseAddress('10.2.0.20'),
          destinationPort: 443,
        },
      });
      expect({ delivered, answered }).toEqual({ delivered: true, answered: true });
    }),
    { numRuns: 100, seed: 20261123 },
  );
});

test('opening a rule never turns a violated isolation claim into a proved one', () => {
  fc.assert(
    fc.property(options, rule, (network, more) => {
      const before = claim(verify(TWO_ZONES, twoVpcs(network).build()), 'isolation/guest/ehr').verdict;
      const opened = twoVpcs({ ...network, app: [...network.app, more] }).build();
      const after = claim(verify(TWO_ZONES, opened), 'isolation/guest/ehr').verdict;
      if (before !== 'proved') expect(after).not.toBe('proved');
      if (before === 'violated') expect(after).toBe('violated');
    }),
    { numRuns: 100, seed: 20261123 },
  );
});
