/**
 * Random small networks, as lines of text that NetworkBuilder reads, so that a failing one can be read and shrunk. A line
 * may start with `maybe ` or hold `?`; `complete` makes up a mind about each, which gives one of the networks that the
 * uncertain one stands for.
 */
import fc from 'fast-check';
import type { Flow, NetworkModel } from '../../../lib/evidence/network';
import { network } from '../../fixtures/network-builder';
import { flowOf } from './ask';

export interface Spec {
  readonly acl: readonly string[];
  readonly otherAcl: readonly string[];
  readonly ingress: readonly (readonly string[])[];
  readonly egress: readonly (readonly string[])[];
  readonly routes: readonly (readonly string[])[];
  readonly tgwRoutes: readonly (readonly string[])[];
  readonly propagations: readonly (readonly string[])[];
  readonly firewall: readonly string[];
  readonly targets: readonly string[];
  readonly flags: readonly boolean[];
}

const RANGES = [
  '0.0.0.0/0',
  '10.0.0.0/8',
  '10.0.0.0/16',
  '10.0.1.0/24',
  '10.0.1.8/32',
  '10.1.0.0/16',
  '10.1.2.0/24',
  '10.2.0.0/16',
  '192.168.0.0/16',
];
const TRAFFIC = ['any', 'any', 'tcp 443', 'tcp 1024-65535', 'tcp', 'udp 53', 'icmp'];
const range = fc.constantFrom(...RANGES);
const openRange = fc.oneof({ weight: 12, arbitrary: range }, { weight: 1, arbitrary: fc.constant('?') });
const traffic = fc.oneof(
  { weight: 14, arbitrary: fc.constantFrom(...TRAFFIC) },
  { weight: 1, arbitrary: fc.constant('?') },
);
const maybe = fc.oneof({ weight: 8, arbitrary: fc.constant('') }, { weight: 1, arbitrary: fc.constant('maybe ') });
const line = (...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(maybe, ...parts).map(([first, ...rest]) => first + rest.join(' '));

/** A firewall rule is there or not: the model has no rule that may exist. */
const whole = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((words) => words.join(' '));

const entry = line(
  fc.constantFrom('80', '90', '100', '110', '120'),
  fc.constantFrom('ingress', 'egress'),
  fc.constantFrom('allow', 'allow', 'allow', 'deny', '?'),
  traffic,
  openRange,
);
const entries = fc
  .array(entry, { maxLength: 4 })
  .map((some) => [...some, '200 ingress allow any 0.0.0.0/0', '200 egress allow any 0.0.0.0/0']);
const GROUPS = ['ASg', 'BSg', 'CSg'];
const peer = fc.oneof(
  { weight: 3, arbitrary: openRange },
  { weight: 1, arbitrary: fc.constantFrom('sg:ASg', 'sg:BSg', 'pl:List') },
);
const ingress = fc.array(line(traffic, fc.constant('from'), peer), { maxLength: 3 });
const egress = fc.oneof(
  fc.constant(['any to 0.0.0.0/0']),
  fc.array(line(traffic, fc.constant('to'), peer), { maxLength: 3 }),
);
const TARGETS = [
  'igw:Igw',
  'nat:Nat',
  'tgw:Hub',
  'tgw:Hub',
  'pcx:Pcx',
  'pcx:Pcx',
  'vgw:Vgw',
  'firewall:Fw@A3',
  'eni:Box',
  'blackhole',
  '?',
];
const routes = fc.array(
  line(
    fc.oneof({ weight: 6, arbitrary: openRange }, { weight: 1, arbitrary: fc.constant('pl:List') }),
    fc.constant('->'),
    fc.constantFrom(...TARGETS),
  ),
  { maxLength: 4 },
);
const ATTACHMENTS = ['Aa', 'Ba', 'Va', 'blackhole', '?'];
const tgwRoutes = fc.array(line(openRange, fc.constant('->'), fc.constantFrom(...ATTACHMENTS)), { maxLength: 3 });
const propagations = fc.subarray(['Aa', 'Ba', 'maybe Ba', 'Va']);
const rule = whole(
  fc.constantFrom('1', '2', '3'),
  fc.constantFrom('pass', 'pass', 'drop'),
  traffic,
  fc.constant('from'),
  openRange,
  fc.constant('to'),
  openRange,
);

export const spec: fc.Arbitrary<Spec> = fc.record({
  acl: entries,
  otherAcl: entries,
  ingress: fc.tuple(ingress, ingress, ingress),
  egress: fc.tuple(egress, egress, egress),
  routes: fc.tuple(routes, routes, routes, routes),
  tgwRoutes: fc.tuple(tgwRoutes, tgwRoutes),
  propagations: fc.tuple(propagations, propagations),
  firewall: fc.array(rule, { maxLength: 3 }),
  targets: fc.subarray(['BHost:443', 'AHost', 'maybe BHost', '10.1.1.7']),
  flags: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
});

/** A destination that occurs twice in one table is refused by AWS: the first stays. */
function distinctRoutes(lines: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const text of lines) {
    const key = text.replace('maybe ', '').split(' ')[0] ?? '';
    if (key === '?' || !seen.has(key)) seen.set(key === '?' ? text : key, text);
  }
  return [...seen.values()];
}

/** AWS refuses two entries of one direction with one number as well. */
function distinctEntries(lines: readonly string[]): string[] {
  const keyOf = (text: string) => text.replace('maybe ', '').split(' ').slice(0, 2).join(' ');
  return lines.filter((text, at) => lines.findIndex((other) => keyOf(other) === keyOf(text)) === at);
}

export function build(random: Spec): NetworkModel {
  const [
    pub = false,
    check = false,
    refer = false,
    preserve = false,
    cross = false,
    filters = false,
    zone = false,
    site = false,
  ] = random.flags;
  const net = network()
    .prefixList('List', ['10.1.0.0/16', '198.51.100.0/24'])
    .vpc('A', '10.0.0.0/16')
    .vpc('B', '10.1.0.0/16')
    .vpc('C', '10.2.0.0/16')
    .internetGateway('Igw', 'A')
    .vpnGateway('Vgw', 'B')
    .vpnConnection('Vpn', 'vgw:Vgw', ['192.168.0.0/16'])
    .vpnConnection('Vpn2', 'tgw:Hub', site ? ['192.168.0.0/17'] : undefined)
    .peering('Pcx', 'A', 'B')
    .transitGateway('Hub', { securityGroupReferencing: refer })
    .acl('Acl', 'A', distinctEntries(random.acl))
    .acl('Other', 'B', distinctEntries(random.otherAcl));
  for (const [at, id] of ['ART', 'ART2', 'BRT', 'CRT'].entries()) {
    const vpc = id.charAt(0);
    net.table(id, vpc, distinctRoutes(random.routes[at] ?? []), { propagatingGateways: id === 'BRT' ? ['Vgw'] : [] });
  }
  for (const [at, id] of GROUPS.entries()) net.group(id, id.charAt(0), random.ingress[at], random.egress[at]);
  net
    .subnet('A1', 'A', '10.0.1.0/24', { table: 'ART', acl: 'Acl', az: 'a', autoPublicIpv4: pub })
    .subnet('A2', 'A', '10.0.2.0/24', { table: 'ART2', az: zone ? 'a' : 'b' })
    .subnet('A3', 'A', '10.0.3.0/28', { table: 'ART2', az: 'a' })
    .subnet('B1', 'B', '10.1.1.0/24', { table: 'BRT', acl: 'Other', az: 'a' })
    .subnet('B2', 'B', '10.1.2.0/24', { table: 'BRT', az: 'b' })
    .subnet('C1', 'C', '10.2.1.0/24', { table: 'CRT', az: 'a' })
    .natGateway('Nat', 'A2')
    .firewall('Fw', 'A', 'A3', {
      stateful: [...random.firewall],
      order: check ? 'strict' : 'action',
      statefulDefault: filters ? 'pass' : 'drop',
    })
    .interface('AHost', 'A1', { groups: ['ASg'], publicIpv4: pub })
    .interface('Box', 'A2', { groups: ['ASg'], sourceDestCheck: check })
    .interface('BHost', 'B1 B2', { groups: ['BSg'] })
    .interface('CHost', 'C1', { groups: ['CSg'] })
    .attachment(
      'Aa',
      'Hub',
      { kind: 'vpc', vpc: 'A', subnets: ['A1'] },
      { association: 'T1', securityGroupReferencing: true },
    )
    .attachment(
      'Ba',
      'Hub',
      { kind: 'vpc', vpc: 'B', subnets: ['B1', 'B2'] },
      { association: 'T2', securityGroupReferencing: refer },
    )
    .attachment('Va', 'Hub', { kind: 'vpn', id: 'Vpn2' }, { association: 'T1' })
    .transitGatewayTable('T1', 'Hub', distinctRoutes(random.tgwRoutes[0] ?? []), random.propagations[0])
    .transitGatewayTable('T2', 'Hub', distinctRoutes(random.tgwRoutes[1] ?? []), random.propagations[1])
    .loadBalancer('Nlb', 'network', 'B1 B2', ['tcp 443 -> Tg'], {
      interface: { groups: ['BSg'] },
      crossZone: cross,
      filtersPrivateLink: filters,
    })
    .targetGroup('Tg', 'tcp', 443, random.targets, {
      targetType: preserve ? 'instance' : 'ip',
      preserveClientIp: preserve,
    })
    .endpointService('Service', ['Nlb'])
    .interfaceEndpoint('Ep', 'C1', { kind: 'private', id: 'Service' }, { groups: ['CSg'] });
  return net.build();
}

const ENDS: readonly (readonly [string, readonly string[]])[] = [
  ['interface:AHost', ['10.0.1.8', '10.0.1.200']],
  ['interface:BHost', ['10.1.1.8', '10.1.2.8']],
  ['interface:CHost', ['10.2.1.8']],
  ['subnet:A2', ['10.0.2.8']],
  ['subnet:B1[BSg]', ['10.1.1.7']],
  ['internet', ['198.51.100.9', '203.0.113.1']],
  ['site:Vpn', ['192.168.1.1', '10.0.1.8']],
  ['site:Vpn2', ['192.168.1.1', '192.168.200.1']],
];
const where = fc.constantFrom(...ENDS.flatMap(([name, addresses]) => addresses.map((address) => `${name} ${address}`)));
const fronts = fc.constantFrom(
  'interface:BHost 10.1.2.77',
  'interface:BHost 10.2.1.77',
  'interface:Nlb#interface 10.1.1.77',
);

export const flow: fc.Arbitrary<Flow> = fc
  .tuple(
    where,
    fc.oneof({ weight: 5, arbitrary: where }, { weight: 1, arbitrary: fronts }),
    fc.constantFrom('tcp 443', 'tcp 443', 'udp 53', 'icmp', 'tcp 5000'),
  )
  .map(([from, to, protocol]) => flowOf(`${from} -> ${to} ${protocol}`));

/** One network that an uncertain one stands for: every `maybe` is or is not, every `?` is something. */
export function complete(random: Spec, pick: (options: number) => number): Spec {
  const choose = (options: readonly string[]) => options[pick(options.length)] ?? options[0] ?? '';
  const mind = (text: string, fill: readonly (readonly string[])[]): string[] => {
    if (text.startsWith('maybe ') && pick(2) === 0) return [];
    let at = 0;
    const words = text.replace('maybe ', '').split(' ');
    const isFilled = words.map((word) => (word === '?' ? choose(fill[at++] ?? RANGES) : word));
    return [isFilled.join(' ')];
  };
  const unknownsOf = (text: string, kinds: (word: number) => readonly string[]) =>
    text
      .replace('maybe ', '')
      .split(' ')
      .flatMap((word, at) => (word === '?' ? [kinds(at)] : []));
  const each = (lines: readonly string[], kinds: (word: number) => readonly string[]) =>
    lines.flatMap((text) => mind(text, unknownsOf(text, kinds)));
  const entryKinds = (at: number) => (at === 2 ? ['allow', 'deny'] : at === 3 ? TRAFFIC : RANGES);
  const ruleKinds = (at: number) => (at === 0 ? TRAFFIC : RANGES);
  const routeKinds = (targets: readonly string[]) => (at: number) =>
    at === 2 ? targets.filter((name) => name !== '?') : RANGES;
  const firewallKinds = (at: number) => (at === 2 ? TRAFFIC : RANGES);
  // A `?` stands for traffic only in its own place, so lines are completed before they are made distinct.
  return {
    ...random,
    acl: each(distinctEntries(random.acl), entryKinds),
    otherAcl: each(distinctEntries(random.otherAcl), entryKinds),
    ingress: random.ingress.map((lines) => each(lines, ruleKinds)),
    egress: random.egress.map((lines) => each(lines, ruleKinds)),
    routes: random.routes.map((lines) => each(distinctRoutes(lines), routeKinds(TARGETS))),
    tgwRoutes: random.tgwRoutes.map((lines) => each(distinctRoutes(lines), routeKinds(ATTACHMENTS))),
    propagations: random.propagations.map((lines) => each(lines, () => [])),
    firewall: each(random.firewall, firewallKinds),
    targets: each(random.targets, () => []),
  };
}
