/**
 * Questions for `explain`, as a pipeline asks them, the same every time: between everything that has a name in a network,
 * the internet and bare addresses, over every protocol, with and without a port.
 */
import { addressAt, formatAddress } from '../lib/base/net';
import { isKnown, type NetworkModel } from '../lib/evidence/network';
import type { Query } from '../lib/surfaces/cli/query';
import { Dice } from '../test/property/random-network';

const PORTS = [443, 443, 2762, 2575, 5432, 22, 6514];

export function generateQueries(network: NetworkModel, count: number): Query[] {
  const dice = new Dice(7);
  const named = (nouns: readonly { readonly id: string }[]) =>
    nouns.map(({ id }) => id).filter((id) => !id.includes('#'));
  const [interfaces, subnets, groups, sites] = [
    named(network.interfaces),
    named(network.subnets),
    named(network.securityGroups),
    named(network.vpnConnections),
  ];
  const ranges = network.subnets.flatMap(({ cidrs }) => cidrs.filter(isKnown));
  const address = () => formatAddress(addressAt(dice.pick(ranges), 4 + dice.next(8)));
  const end = (): string => {
    const kind = dice.next(100);
    if (kind < 35 && interfaces.length > 0) return dice.pick(interfaces);
    if (kind < 60) return dice.pick(subnets);
    if (kind < 78) return dice.pick(groups);
    if (kind < 88) return address();
    if (kind < 94 && sites.length > 0) return dice.pick(sites);
    return 'internet';
  };
  /** within one VPC or hospital more is open than across */
  const near = (other: string): string => {
    const stack = other.split('.')[0] ?? '';
    const neighbours = [...interfaces, ...subnets, ...groups].filter((id) => id.startsWith(`${stack}.`));
    return neighbours.length > 0 ? dice.pick(neighbours) : end();
  };
  return Array.from({ length: count }, () => {
    const from = end();
    const to = dice.chance(30) ? near(from) : end();
    const protocol = dice.pick(['tcp', 'tcp', 'tcp', 'udp', 'icmp', 'any']);
    const hasPort = (protocol === 'tcp' || protocol === 'udp') && dice.chance(70);
    return { from, to, protocol, ...(hasPort ? { port: dice.pick(PORTS) } : {}) };
  });
}
