/**
 * Random small networks, the same for the same seed: VPCs with overlapping and adjoining ranges, subnets with and without
 * their own tables and ACLs, groups by address and by membership, internet, NAT, peering, transit gateways with several
 * tables, VPN, endpoints, balancers, firewalls, both families, and parts that are not known.
 */
import { parsePrefix, TCP } from '../../lib/base/net';
import { type Admission, type NetworkModel, unknown, type Value } from '../../lib/evidence/network';
import { type NetworkBuilder, network } from '../fixtures/network-builder';
import { addDetails } from './random-details';

export class Dice {
  private state: number;

  constructor(seed: number) {
    this.state = (seed * 2654435761 + 12345) >>> 0;
  }

  /** 0 ≤ result < below (mulberry32) */
  next(below: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  chance(percent: number): boolean {
    return this.next(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.next(items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  some<T>(items: readonly T[], most: number): T[] {
    const count = this.next(most + 1);
    return [...new Set(Array.from({ length: count }, () => this.pick(items)))];
  }
}

/** A way in that lets its clients go to one range, on one port or on all. */
function admission(host: string, dice: Dice, ranges: readonly string[], { unknown: share }: RandomOptions): Admission {
  const range = parsePrefix(dice.pick(ranges));
  return {
    origin: { resource: `${host}Rule`, type: '' },
    certain: !dice.chance(share),
    destination: dice.chance(share) ? unknown('a range that is not known') : range,
    traffic: dice.chance(50) ? { protocol: 'all' } : { protocol: TCP, ports: { from: 22, to: 443 } },
  };
}

export interface RandomOptions {
  /** share of parts that are not known, in percent */
  readonly unknown: number;
  /** share of subnets and attachments of which it is not known which table is theirs; 0 unless given */
  readonly tables?: number;
  /** how many more balancers there are, which may have each other for targets; 0 unless given */
  readonly balancers?: number;
}

const PORTS = ['22', '80', '443', '5432', '1024-65535', '400-500'];

export function randomNetwork(seed: number, options: RandomOptions): NetworkModel {
  const dice = new Dice(seed);
  const builder = network();
  const maybe = () => (dice.chance(options.unknown) ? 'maybe ' : '');
  const open = (text: string) => (dice.chance(options.unknown) ? '?' : text);
  // a dice of their own for what came later: what other seeds make stays as it is
  const later = new Dice(seed + 5);
  const vpcs = ['A', 'B', 'C'].slice(0, 1 + dice.next(3));
  const blockOf = new Map<string, number>();
  const sixes = dice.chance(25);

  vpcs.forEach((vpc, at) => {
    const block = dice.chance(15) && at > 0 ? (blockOf.get(vpcs[0] ?? '') ?? 1) : at + 1;
    blockOf.set(vpc, block);
    builder.vpc(vpc, `10.${block}.0.0/16${sixes ? ` 2001:db8:${block}::/56` : ''}`);
  });
  const ranges = [
    '0.0.0.0/0',
    '10.0.0.0/8',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '192.168.0.0/16',
    ...vpcs.flatMap((vpc) => [
      `10.${blockOf.get(vpc)}.0.0/16`,
      `10.${blockOf.get(vpc)}.1.0/24`,
      `10.${blockOf.get(vpc)}.2.0/25`,
      `10.${blockOf.get(vpc)}.1.7/32`,
    ]),
    ...(sixes ? ['::/0', '2001:db8:1::/56'] : []),
  ];
  const traffic = () =>
    dice.pick(['any', `tcp ${dice.pick(PORTS)}`, `tcp ${dice.pick(PORTS)}`, 'udp 53', 'icmp 8', 'tcp']);

  // Groups
  const groups = new Map<string, string[]>();
  for (const vpc of vpcs)
    groups.set(
      vpc,
      [1, 2, 3].slice(0, 1 + dice.next(3)).map((at) => `${vpc}g${at}`),
    );
  const allGroups = [...groups.values()].flat();
  const hasList = dice.chance(30);
  if (hasList) builder.prefixList('List', [dice.pick(ranges.filter((r) => !r.includes(':'))), open('10.9.0.0/16')]);
  const peer = () =>
    dice.chance(40) ? `sg:${dice.pick(allGroups)}` : hasList && dice.chance(20) ? 'pl:List' : open(dice.pick(ranges));
  for (const vpc of vpcs) {
    for (const group of groups.get(vpc) ?? []) {
      const ingress = Array.from({ length: 1 + dice.next(3) }, () => `${maybe()}${traffic()} from ${peer()}`);
      const egress = dice.chance(50)
        ? undefined
        : Array.from({ length: dice.next(3) }, () => `${maybe()}${traffic()} to ${peer()}`);
      builder.group(group, vpc, ingress, egress);
    }
  }

  // Transit gateway, peering, gateways
  const hasHub = vpcs.length > 1 && dice.chance(60);
  const peerings = vpcs.length > 1 && dice.chance(40) ? ['P'] : [];
  const [first = 'A', second = 'B'] = vpcs;
  if (peerings.length > 0) builder.peering('P', first, second);
  if (hasHub) builder.transitGateway('Hub', { securityGroupReferencing: dice.chance(30) });
  const vpnAtHub = hasHub && dice.chance(30);
  if (vpnAtHub) builder.vpnConnection('Vpn', 'tgw:Hub', dice.chance(70) ? ['192.168.0.0/16'] : undefined);
  const internet = vpcs.filter(() => dice.chance(60));
  for (const vpc of internet) builder.internetGateway(`Igw${vpc}`, vpc);
  const vpnVpc = dice.chance(25) ? dice.pick(vpcs) : undefined;
  if (vpnVpc) {
    builder.vpnGateway('Vgw', vpnVpc);
    const isShown = options.unknown === 0 || later.chance(40);
    if (isShown) builder.vpnConnection('VgwVpn', 'vgw:Vgw', dice.chance(70) ? ['192.168.0.0/16'] : undefined);
  }

  // Subnets with their tables and ACLs
  const subnets: { id: string; vpc: string; block: number; number: number; az: string }[] = [];
  for (const vpc of vpcs) {
    const count = 2 + dice.next(2);
    for (let number = 1; number <= count; number++) {
      subnets.push({
        id: `${vpc}${number}`,
        vpc,
        block: blockOf.get(vpc) ?? 1,
        number,
        az: dice.pick(['a', 'a', 'b']),
      });
    }
  }
  const natIn = internet.length > 0 && dice.chance(50) ? dice.pick(internet) : undefined;
  const firewallVpc = dice.chance(25) ? dice.pick(vpcs) : undefined;
  for (const { id, vpc, block, number, az } of subnets) {
    const targets = [
      'blackhole',
      ...(internet.includes(vpc) ? [`igw:Igw${vpc}`, `igw:Igw${vpc}`] : []),
      ...(hasHub ? ['tgw:Hub', 'tgw:Hub'] : []),
      ...(peerings.length > 0 && (vpc === first || vpc === second) ? ['pcx:P', 'pcx:P'] : []),
      ...(natIn === vpc && number > 1 ? ['nat:Nat', 'nat:Nat'] : []),
      ...(vpnVpc === vpc ? ['vgw:Vgw'] : []),
      ...(firewallVpc === vpc && number > 1 ? [`firewall:Fw@${vpc}1`] : []),
      ...(dice.chance(options.unknown) ? ['?'] : []),
    ];
    // AWS takes a range inside the VPC only for what inspects or translates.
    const inside = targets.filter((target) => /^(nat|firewall|blackhole|\?)/.test(target));
    const isInside = (range: string) => range.startsWith(`10.${block}.`) || range.startsWith(`2001:db8:${block}:`);
    const routes = dice
      .some(ranges, 3)
      .map((range) => `${maybe()}${open(range)} -> ${dice.pick(isInside(range) ? inside : targets)}`);
    if (sixes && natIn === vpc && number > 1 && seed % 3 === 0) routes.push('64:ff9b::/96 -> nat:Nat');
    builder.table(`Rt${id}`, vpc, routes, vpnVpc === vpc && dice.chance(50) ? { propagatingGateways: ['Vgw'] } : {});
    const ownAcl = dice.chance(40);
    if (ownAcl) {
      const entry = (direction: string, at: number) =>
        `${maybe()}${100 + at * 10} ${direction} ${dice.chance(70) ? 'allow' : 'deny'} ${traffic()} ${open(dice.pick(ranges))}`;
      const entries = ['ingress', 'egress'].flatMap((direction) =>
        Array.from({ length: 1 + dice.next(3) }, (_, at) => entry(direction, at)),
      );
      const all = ['ingress', 'egress'].map((direction) => `900 ${direction} allow any 0.0.0.0/0`);
      builder.acl(`Acl${id}`, vpc, dice.chance(60) ? [...entries, ...all] : entries);
    }
    builder.subnet(id, vpc, `10.${block}.${number}.0/24${sixes ? ` 2001:db8:${block}:${number}::/64` : ''}`, {
      az,
      table: dice.chance(80) ? `Rt${id}` : `${vpc}#main-route-table`,
      acl: ownAcl ? `Acl${id}` : `${vpc}#default-network-acl`,
    });
  }
  if (natIn) builder.natGateway('Nat', `${natIn}1`, dice.chance(80) ? 'public' : 'private');
  if (firewallVpc) {
    const kind = () => later.pick(['', '', '', ' partly', ' requests']);
    const rules = Array.from(
      { length: 1 + dice.next(2) },
      (_, at) =>
        `${at + 1} ${dice.pick(['pass', 'drop'])} ${traffic()} from ${dice.pick(ranges.slice(0, 5))} to 0.0.0.0/0${kind()}`,
    );
    builder.firewall('Fw', firewallVpc, `${firewallVpc}1`, {
      stateful: rules,
      statefulDefault: dice.pick(['pass', 'drop']),
      order: dice.pick(['strict', 'action']),
    });
  }

  // Attachments
  if (hasHub) {
    const tables = ['T1', 'T2'];
    const attached = vpcs.filter(() => dice.chance(85));
    for (const vpc of attached) {
      // AWS takes one subnet per availability zone.
      const own = subnets.filter((subnet) => subnet.vpc === vpc);
      const doors = [own[0], dice.chance(50) ? own.find((subnet) => subnet.az !== own[0]?.az) : undefined];
      builder.attachment(
        `Att${vpc}`,
        'Hub',
        { kind: 'vpc', vpc, subnets: doors.flatMap((subnet) => subnet?.id ?? []) },
        { association: dice.chance(85) ? dice.pick(tables) : undefined, securityGroupReferencing: dice.chance(50) },
      );
    }
    const ids = attached.map((vpc) => `Att${vpc}`);
    if (vpnAtHub) {
      builder.attachment('AttVpn', 'Hub', { kind: 'vpn', id: 'Vpn' }, { association: dice.pick(tables) });
      ids.push('AttVpn');
    }
    for (const id of tables) {
      const routes = dice
        .some(ranges, 2)
        .map((range) => `${maybe()}${range} -> ${dice.chance(30) || ids.length === 0 ? 'blackhole' : dice.pick(ids)}`);
      builder.transitGatewayTable(id, 'Hub', routes, ids.length > 0 ? dice.some(ids, 3) : []);
    }
  }

  // Interfaces
  const hosts: string[] = [];
  for (const { id, vpc, block, number } of subnets) {
    const count = 1 + dice.next(2);
    for (let at = 0; at < count; at++) {
      const host = `${id}h${at}`;
      const own = dice.some([...(groups.get(vpc) ?? []), `${vpc}#default-security-group`], 2);
      builder.interface(host, id, {
        groups: own.length > 0 ? own : [`${vpc}#default-security-group`],
        address: dice.chance(60) ? `10.${block}.${number}.${7 + at}` : undefined,
        publicIpv4: dice.chance(30),
        ipv6: sixes && dice.chance(60),
        ...(later.chance(8) && { admits: [admission(host, later, ranges, options)] }),
      });
      hosts.push(host);
    }
  }

  // Balancers and PrivateLink
  if (dice.chance(35)) {
    const home = dice.pick(subnets);
    const targets = dice.some(
      hosts.filter((host) => host.startsWith(home.vpc)),
      2,
    );
    const filtered = dice.chance(40);
    builder
      .loadBalancer('Nlb', 'network', home.id, [`tcp ${dice.pick(['443', '80'])} -> Tg`], {
        scheme: 'internet-facing',
        filtersPrivateLink: dice.chance(50),
        interface: { filtered, groups: groups.get(home.vpc)?.slice(0, 1), publicIpv4: dice.chance(50) },
      })
      .targetGroup('Tg', 'tcp', dice.pick([80, 443, 5432]), targets, { targetType: dice.pick(['instance', 'ip']) });
    const consumer = dice.pick(subnets);
    if (dice.chance(60)) {
      builder
        .endpointService('Svc', ['Nlb'])
        .interfaceEndpoint(
          'Ep',
          consumer.id,
          { kind: 'private', id: 'Svc' },
          { groups: groups.get(consumer.vpc)?.slice(0, 1) },
        );
    }
  }
  addBalancers(builder, options.balancers ?? 0, subnets, hosts, new Dice(seed + 65_537));
  const detailed = addDetails(builder.build(), new Dice(seed + 271_828), options);
  return leaveOpen(detailed, options.tables ?? 0, new Dice(seed + 31_337));
}

/** Balancers in front of hosts and of each other, by name or by address, as themselves or as their clients. */
function addBalancers(
  builder: NetworkBuilder,
  count: number,
  subnets: readonly { readonly id: string; readonly block: number; readonly number: number }[],
  hosts: readonly string[],
  dice: Dice,
): void {
  const nodes = Array.from({ length: count }, (_, at) => {
    const { id, block, number } = dice.pick(subnets);
    return { name: `Lb${at}`, subnet: id, address: `10.${block}.${number}.${20 + at}` };
  });
  for (const { name, subnet, address } of nodes) {
    const others = nodes.filter((node) => node.name !== name);
    const own = others.map((other) => (dice.chance(50) ? other.address : `${other.name}#interface`));
    builder
      .loadBalancer(name, 'network', subnet, [`tcp ${dice.pick(['443', '80'])} -> ${name}Tg`], {
        crossZone: dice.chance(60),
        interface: { filtered: false, address: dice.chance(80) ? address : undefined },
      })
      .targetGroup(`${name}Tg`, 'tcp', dice.pick([80, 443]), [...own, ...dice.some(hosts, 2)], {
        targetType: 'ip',
        preserveClientIp: dice.chance(20),
      });
  }
}

/** Which tables and ACLs subnets have, which table an attachment asks, and what kind of NAT gateway one is. */
function leaveOpen(network: NetworkModel, share: number, dice: Dice): NetworkModel {
  const perhaps = <T extends string>(value: Value<T>, percent = share): Value<T> =>
    dice.chance(percent) ? unknown('it is left open', ['Test.Open']) : value;
  return {
    ...network,
    subnets: network.subnets.map((subnet) => ({
      ...subnet,
      routeTable: perhaps(subnet.routeTable),
      networkAcl: perhaps(subnet.networkAcl, share / 3),
    })),
    transitGatewayAttachments: network.transitGatewayAttachments.map(({ association, ...attachment }) =>
      association === undefined ? attachment : { ...attachment, association: perhaps(association) },
    ),
    natGateways: network.natGateways.map((nat) => ({ ...nat, connectivity: perhaps(nat.connectivity) })),
  };
}
