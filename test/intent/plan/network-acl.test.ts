import * as fc from 'fast-check';
import { type Address, addressAt, parseAddress, prefixContainsAddress } from '../../../lib/base/net';
import { type AclEntryPlan, type NetworkPlan, planNetwork, type SubnetGroupPlan } from '../../../lib/intent/plan';
import type { ZoneModel } from '../../../lib/intent/zones';
import { atSite, conduit, estate, hospital, inVpc, zone } from './estate-builder';

interface Packet {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly peer: Address;
  /** destination port, or icmp type */
  readonly port: number;
}

/** What AWS does with an ACL: the lowest number that matches decides, the end is a deny. */
function passes(entries: readonly AclEntryPlan[], { protocol, peer, port }: Packet): boolean {
  const [first] = entries
    .filter((entry) => entry.protocol === 'all' || entry.protocol === protocol)
    .filter(({ cidr }) => prefixContainsAddress(cidr, peer))
    .filter(({ ports }) => !ports || (ports.from <= port && port <= ports.to))
    .filter(({ icmpType }) => icmpType === undefined || icmpType === port)
    .sort((a, b) => a.number - b.number);
  return first?.action === 'allow';
}

function planOf(model: ZoneModel): NetworkPlan {
  const { plan, diagnostics } = planNetwork(model);
  if (!plan) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return plan;
}

function groupOf(plan: NetworkPlan, key: string): SubnetGroupPlan {
  const group = plan.vpcs.flatMap((vpc) => vpc.subnetGroups).find((one) => one.key === key);
  if (!group) throw new RangeError(key);
  return group;
}

const hostIn = (group: SubnetGroupPlan) => addressAt(group.cidr, 9);
/** a port that Linux would choose for a client */
const CLIENT_PORT = 40000;

/** Whether the ACLs of both subnets let a conversation through, reply included. */
function lets(plan: NetworkPlan, from: string, to: string, protocol: 'tcp' | 'udp', port: number): boolean {
  const [source, target] = [groupOf(plan, from), groupOf(plan, to)];
  const request = { protocol, port };
  const reply = { protocol, port: CLIENT_PORT };
  return (
    passes(source.acl.egress, { ...request, peer: hostIn(target) }) &&
    passes(target.acl.ingress, { ...request, peer: hostIn(source) }) &&
    passes(target.acl.egress, { ...reply, peer: hostIn(source) }) &&
    passes(source.acl.ingress, { ...reply, peer: hostIn(target) })
  );
}

describe('an ACL lets declared conversations through, and no others', () => {
  const plan = planOf(hospital());
  test.each([
    [true, 'ehr/app', 'ehr/database', 5432, 'an asset that its zone mate serves'],
    [false, 'ehr/database', 'ehr/app', 5432, 'the other way round'],
    [false, 'ehr/app', 'ehr/database', 5433, 'another port'],
    [true, 'lab/lis', 'integration/engine', 12575, 'a zone in the same VPC'],
    [false, 'integration/engine', 'lab/lis', 12575, 'a zone in the same VPC that nobody may call'],
    [true, 'ehr/#load-balancer', 'ehr/app', 8443, 'from the balancer to its target'],
    [false, 'ehr/#load-balancer', 'ehr/database', 5432, 'from the balancer to what is not its target'],
    [true, 'ehr/app', 'ehr/#endpoint', 443, 'to an endpoint'],
    [false, 'ehr/#endpoint', 'ehr/app', 8443, 'from an endpoint'],
    [false, 'ehr/#transit', 'ehr/database', 5432, 'from the subnets of the transit gateway'],
  ] as const)('%s: %s to %s on %d, %s', (expected, from, to, port, _why) => {
    expect(lets(plan, from, to, 'tcp', port)).toBe(expected);
  });

  test.each([
    [true, 'ingress', 'ehr/app', '10.130.4.5', 12575, 'the gateway of the monitors'],
    [false, 'ingress', 'ehr/app', '10.130.9.5', 12575, 'another device of that zone'],
    [false, 'ingress', 'ehr/app', '10.200.1.1', 443, 'the guest network'],
    [true, 'egress', 'ehr/app', '10.130.4.5', CLIENT_PORT, 'the reply to a monitor'],
    [false, 'egress', 'ehr/app', '10.130.4.5', 22, 'a new connection to a monitor'],
    [true, 'egress', 'ehr/app', '52.95.150.1', 443, 'S3, whose ranges only AWS knows'],
    [false, 'egress', 'ehr/app', '10.99.0.1', 443, 'a private address, though S3 is open'],
    [false, 'egress', 'soc', '52.95.150.1', 443, 'the world, where nothing needs it'],
    [true, 'ingress', 'portal/#public', '198.51.100.7', 443, 'a patient at home'],
    [false, 'ingress', 'portal/web', '198.51.100.7', 443, 'a patient, past the balancer'],
    [false, 'ingress', 'portal/#public', '10.130.9.5', 443, 'a campus, through the public door'],
  ] as const)('%s: %s of %s with %s port %d, %s', (expected, direction, key, peer, port, _why) => {
    expect(passes(groupOf(plan, key).acl[direction], { protocol: 'tcp', peer: parseAddress(peer), port })).toBe(
      expected,
    );
  });
});

test('icmp is echo and its answer', () => {
  const plan = planOf(
    estate({
      zones: [zone('a'), zone('ward', { at: atSite('campus', '10.130.0.0/17') })],
      sites: { campus: true },
      conduits: [conduit('ward -> a', 'ping')],
    }),
  );
  const { acl } = groupOf(plan, 'a');
  const peer = parseAddress('10.130.1.1');
  const table = [8, 0, 3].map((port) => [
    passes(acl.ingress, { protocol: 'icmp', peer, port }),
    passes(acl.egress, { protocol: 'icmp', peer, port }),
  ]);
  expect(table).toEqual([
    [true, false],
    [false, true],
    [false, false],
  ]);
});

describe('in a shared VPC no port that anything listens on is open by way of a reply', () => {
  const names = ['p', 'q', 'r', 's'];
  const services = { https: 443, fhir: 8443, 'hl7-mllp-tls': 12575, 'dicom-tls': 2762, postgres: 5432 };
  const edge = fc
    .record({
      from: fc.constantFrom(...names),
      to: fc.constantFrom(...names),
      service: fc.constantFrom(...Object.keys(services)),
    })
    .filter(({ from, to }) => from !== to);

  test('whoever wears whichever groups: the ACLs let through what is declared between the two zones', () => {
    fc.assert(
      fc.property(fc.uniqueArray(edge, { selector: (one) => Object.values(one).join(), maxLength: 12 }), (edges) => {
        const zones = names.map((name) => zone(name, { at: inVpc('core') }));
        const conduits = edges.map(({ from, to, service }) => conduit(`${from} -> ${to}`, service));
        const plan = planOf(estate({ zones, vpcs: { core: 20 }, conduits }));
        const used = new Set(edges.map(({ service }) => service));
        for (const from of names) {
          for (const to of names.filter((name) => name !== from)) {
            for (const [service, port] of Object.entries(services)) {
              if (!used.has(service)) continue;
              const declared = edges.some((one) => one.from === from && one.to === to && one.service === service);
              expect([from, to, service, lets(plan, from, to, 'tcp', port)]).toEqual([from, to, service, declared]);
            }
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

test('rule numbers come from what an entry says: one more conduit renumbers no other entry', () => {
  const zones = ['a', 'b', 'c'].map((name) => zone(name, { at: inVpc('core') }));
  const sketch = { zones, vpcs: { core: 20 } };
  const before = groupOf(planOf(estate({ ...sketch, conduits: [conduit('a -> b', 'https')] })), 'b').acl.ingress;
  const after = groupOf(
    planOf(estate({ ...sketch, conduits: [conduit('a -> b', 'https'), conduit('c -> b', 'fhir')] })),
    'b',
  ).acl.ingress;
  expect(after).toEqual(expect.arrayContaining(before));
});

test('an ACL that cannot hold its entries names the conduits that cost it', () => {
  const peers = Array.from({ length: 45 }, (_, index) => zone(`peer-${index}`));
  const { plan, diagnostics } = planNetwork(
    estate({
      zones: [...peers, zone('hub')],
      pool: '10.0.0.0/8',
      conduits: peers.map(({ name }) => conduit(`${name} -> hub`, 'syslog')),
    }),
  );
  expect(plan).toBeUndefined();
  const [error] = diagnostics.filter(({ code }) => code === 'PLAN_LIMIT_EXCEEDED');
  expect(error?.message).toMatch(
    /of hub: \d+ entries of a network ACL in one direction, and AWS grants at most 40 \(peer-0-to-hub-syslog/,
  );
});
