/**
 * A second opinion on a network that is proved: packets between zones, walked one by one by trace, which shares no code
 * with the engine that proved it. None may get through that no conduit declares.
 */
import { type Address, addressAt, firstAddress, ICMP, PacketSet, parseAddress, TCP, UDP } from '../../../lib/base/net';
import { type End, isKnown, type NetworkModel, type Packet } from '../../../lib/evidence/network';
import type { ZoneModel } from '../../../lib/intent/zones';
import { gatherEvidence, openContext } from '../../../lib/verdict';
import type { Dice } from '../../property/template-mutations';

interface Party {
  readonly zone: string;
  readonly end: End;
  readonly address: Address;
  /** false: packets go there, and none come from there */
  readonly sends: boolean;
}

const TRAFFIC: readonly (readonly [protocol: number, port: number])[] = [
  [TCP, 22],
  [TCP, 443],
  [TCP, 3389],
  [TCP, 5432],
  [TCP, 8443],
  [UDP, 53],
  [UDP, 40000],
  [ICMP, 8],
];
const ANYONE = parseAddress('9.9.9.9');

/** Undeclared packets that get through and are answered, as text: none is what one hopes for. */
export function undeclared(network: NetworkModel, model: ZoneModel, dice: Dice, packets: number): string[] {
  const parties = partiesOf(network, model);
  const { allowance } = openContext(model, network);
  const { replay } = gatherEvidence(network);
  const found: string[] = [];
  const pick = <T>(list: readonly T[]): T | undefined => list[dice(list.length)];
  for (let walked = 0; walked < packets && parties.length > 1; walked++) {
    const [from, to, traffic] = [pick(parties), pick(parties), pick(TRAFFIC)];
    if (!from || !to || !traffic || from.zone === to.zone || !from.sends) continue;
    const [protocol, destinationPort] = traffic;
    const sourcePort = protocol === ICMP ? 0 : 50000;
    const packet: Packet = {
      ...{ protocol, sourcePort, destinationPort },
      ...{ source: from.address, destination: to.address },
    };
    const isDeclared = PacketSet.ofOne(packet).isSubsetOf(allowance.packets({ zone: from.zone }, { zone: to.zone }));
    if (isDeclared || !replay({ from: from.end, to: to.end, packet }).delivered) continue;
    found.push(`${from.zone} -> ${to.zone}: protocol ${protocol} port ${destinationPort}`);
  }
  return found;
}

/** What is created, what may be launched, and the campus addresses of each zone; and the internet. */
function partiesOf(network: NetworkModel, model: ZoneModel): Party[] {
  const { binding } = openContext(model, network);
  const declared = new Set(model.zones.map(({ name }) => name));
  const subnets = new Map(network.subnets.map((subnet) => [subnet.id, subnet]));
  const hostIn = (id: string, host: number) => {
    const [cidr] = (subnets.get(id)?.cidrs ?? []).filter(isKnown);
    return cidr && addressAt(cidr, host);
  };
  const parties: Party[] = [];
  const add = (zone: string | undefined, end: End, address: Address | undefined, sends = true) => {
    if (zone !== undefined && declared.has(zone) && address) parties.push({ zone, end, address, sends });
  };
  for (const { id } of network.subnets) {
    add(binding.subnets.get(id)?.zone, { kind: 'subnet', id }, hostIn(id, 10));
  }
  for (const { id, subnets: at, addresses } of network.interfaces) {
    const [place] = binding.interfaces.get(id) ?? [];
    const [fixed] = addresses.filter(isKnown);
    add(place?.zone, { kind: 'interface', id }, fixed ? firstAddress(fixed) : hostIn(at[0] ?? '', 11));
  }
  for (const [id, { parts, isEnd }] of binding.sites) {
    for (const { place, addresses, sends } of isEnd ? parts : []) {
      const [cidr] = addresses.prefixes();
      if (cidr) add(place.zone, { kind: 'site', id }, addressAt(cidr, 5), sends);
    }
  }
  return [...parties, { zone: 'internet', end: { kind: 'internet' }, address: ANYONE, sends: false }];
}
