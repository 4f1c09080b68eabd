/** A public IPv4 address for what has none, where the VPC has an internet gateway (SEMANTICS 19, 33, 39). */
import { type Interface, type InterfaceKind, isKnown, type NetworkModel, type ResourceId, unknown } from '../network';
import { changed, EditBook, type Lift } from './edit';

/** Kinds that AWS gives a public address to, and what a template says for it. */
const FLAGS: Partial<Readonly<Record<InterfaceKind, string>>> = {
  instance: 'a public address, elastic or by `AssociatePublicIpAddress`',
  'network-interface': 'an elastic address',
  database: '`PubliclyAccessible: true`',
  workload: '`PubliclyAccessible: true`',
  task: '`AssignPublicIp: ENABLED`',
  'load-balancer': '`Scheme: internet-facing`',
};

export function liftPublicAddresses(network: NetworkModel): Lift | undefined {
  const open = new Set(network.internetGateways.flatMap(({ vpc }) => (vpc !== undefined && isKnown(vpc) ? [vpc] : [])));
  const inReach = new Set(network.subnets.filter(({ vpc }) => open.has(vpc)).map(({ id }) => id));
  const book = new EditBook('public-address');
  const subnets = network.subnets.map((subnet) => {
    if (!inReach.has(subnet.id) || subnet.external || subnet.autoPublicIpv4 !== false) return subnet;
    const what = 'a public address for what is launched there, asked for or by `MapPublicIpOnLaunch: true`';
    const name = book.add(subnet.id, what, (given) => publishSubnet(given, subnet.id));
    return { ...subnet, autoPublicIpv4: unknown(name) };
  });
  const interfaces = network.interfaces.map((one) => {
    const flag = FLAGS[one.kind];
    if (flag === undefined || !isHidden(one) || !one.subnets.some((id) => inReach.has(id))) return one;
    const name = book.add(one.id, flag, (given) => publishInterface(given, one.id));
    return { ...one, publicIpv4: unknown(name) };
  });
  if (book.isEmpty) return undefined;
  const published = new Set(interfaces.filter((one, at) => one !== network.interfaces[at]).map(({ id }) => id));
  return book.lift({ ...network, subnets, interfaces }, (end) => {
    if (end.kind === 'subnet') return inReach.has(end.id);
    return end.kind === 'interface' ? published.has(end.id) : end.kind === 'internet';
  });
}

function isHidden({ publicIpv4, certain, external }: Interface): boolean {
  return publicIpv4 === false && certain && !external;
}

function publishSubnet(network: NetworkModel, id: ResourceId): NetworkModel {
  return { ...network, subnets: changed(network.subnets, id, (subnet) => ({ ...subnet, autoPublicIpv4: true })) };
}

function publishInterface(network: NetworkModel, id: ResourceId): NetworkModel {
  return { ...network, interfaces: changed(network.interfaces, id, (one) => ({ ...one, publicIpv4: true })) };
}
