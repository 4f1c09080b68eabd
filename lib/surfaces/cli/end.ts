/**
 * The ends of a flow, as a person writes them (CONTRACTS, "Ends of a flow"): `internet`, an address, `zone:<name>`, or
 * the id of something in the templates.
 */
import { closest, distance } from 'fastest-levenshtein';
import {
  type Address,
  type AddressSet,
  firstAddress,
  formatAddress,
  hostPrefix,
  type Prefix,
  prefixContainsAddress,
  tryParseAddress,
} from '../../base/net';
import {
  AddressIndex,
  type End,
  endKey,
  type Interface,
  isKnown,
  isUnknown,
  type NetworkModel,
  type Origin,
  type ResourceId,
  type Subnet,
  type Value,
} from '../../evidence/network';
import { asIpv4 } from '../../evidence/trace';
import type { ZoneEnds } from '../../verdict';
import { InputError } from './input-error';
import type { OtherResources } from './other-resources';

export interface NamedEnd {
  readonly text: string;
  /** any of these: a subnet stands for whatever is there */
  readonly ends: readonly End[];
  /** the packet on the wire carries it, where the end is written as an address */
  readonly address?: Address;
  /** only these of the ends' addresses: a zone at a site is a part of what is behind its VPN */
  readonly addresses?: AddressSet;
  /** why nothing begins or ends there */
  readonly passesOnOnly?: { readonly resource: ResourceId; readonly reason: string };
}

/** Zones by name, where a zone file is given. */
export type ZonesByName = ReadonlyMap<string, ZoneEnds>;

interface Noun {
  readonly id: ResourceId;
  readonly origin: Origin;
}

/** What of the two ends of a question only passes packets on. */
export function passingOn(from: NamedEnd, to: NamedEnd): Pick<NamedEnd, 'passesOnOnly'> {
  const passesOnOnly = to.passesOnOnly ?? from.passesOnOnly;
  return passesOnOnly ? { passesOnOnly } : {};
}

/** Looks ends up in one network; built once for many queries. */
export class EndIndex {
  /** under every name that a user may write: `LogicalId`, `Stack.LogicalId` → full id → ends */
  private readonly named = new Map<string, Map<ResourceId, End[]>>();
  private readonly subnetsOfVpc = new Map<ResourceId, ResourceId[]>();
  private readonly interfacesIn = new Map<ResourceId, End[]>();
  private readonly fixedInterfaces: AddressIndex<Interface>;
  private readonly subnets: AddressIndex<Subnet>;

  constructor(
    private readonly network: NetworkModel,
    private readonly zones?: ZonesByName,
    private readonly others?: OtherResources,
  ) {
    const fixed = network.interfaces.filter(({ addresses }) => addresses.length > 0);
    this.fixedInterfaces = new AddressIndex(fixed, ({ addresses }) => addresses);
    this.subnets = new AddressIndex(network.subnets, ({ cidrs }) => cidrs);
    for (const { id, subnets } of network.interfaces) {
      for (const subnet of new Set(subnets)) push(this.interfacesIn, subnet, { kind: 'interface', id });
    }
    for (const { id, vpc } of network.subnets) push(this.subnetsOfVpc, vpc, id);
    for (const iface of network.interfaces) this.addInterface(iface);
    for (const subnet of network.subnets) if (hasOwnName(subnet)) this.add(subnet, this.inSubnet(subnet.id));
    for (const vpc of network.vpcs) {
      this.add(
        vpc,
        (this.subnetsOfVpc.get(vpc.id) ?? []).flatMap((id) => this.inSubnet(id)),
      );
    }
    this.addGroups();
    this.addFrontDoors();
    this.addTargets();
    this.addTables();
    this.addSites();
  }

  resolve(text: string): NamedEnd {
    const word = text.trim();
    if (word === 'internet') return { text, ends: [{ kind: 'internet' }] };
    if (word.startsWith('zone:')) return this.zone(text, word.slice('zone:'.length));
    const address = tryParseAddress(word);
    if (address) return this.ofNat(text, address) ?? { text, ends: this.atAddress(address), address };
    const found = this.named.get(word);
    if (!found) {
      const target = this.onlyTarget(word);
      return target ? { ...this.resolve(formatAddress(target)), text } : { text, ends: this.inSubnetGroup(word) };
    }
    const ids = [...found.keys()].sort();
    if (ids.length > 1) {
      throw InputError.of(
        'END_AMBIGUOUS',
        `\`${word}\` may be ${ids.map((id) => `\`${id}\``).join(' or ')}`,
        'write the stack before it',
      );
    }
    const ends = [...found.values()].flat();
    if (ends.length === 0) {
      throw InputError.of(
        'END_NOWHERE',
        `nothing can stand in \`${word}\`: the templates show no subnet of its VPC`,
        'give the template that makes its subnets too',
      );
    }
    return { text, ends: [...new Map(ends.map((end) => [endKey(end), end])).values()] };
  }

  private zone(text: string, name: string): NamedEnd {
    if (!this.zones) throw InputError.of('END_NO_ZONES', `\`${text}\` needs a zone file`, 'give one with `--zones`');
    const zone = this.zones.get(name);
    if (!zone) {
      const names = [...this.zones.keys()];
      const help = names.length > 0 ? `did you mean \`zone:${closest(name, names)}\`?` : undefined;
      throw InputError.of('END_UNKNOWN_ZONE', `there is no zone \`${name}\``, help);
    }
    if (zone.ends.length === 0)
      throw InputError.of('END_EMPTY_ZONE', `zone \`${name}\` has no place in these templates`);
    return { text, ...zone };
  }

  /** A subnet group is all that is, or may be, in its subnets. */
  private inSubnetGroup(word: string): readonly End[] {
    const subnets = new Set(this.others?.subnetsOf(word));
    const ends = this.network.subnets.filter(({ id }) => subnets.has(id)).flatMap(({ id }) => this.inSubnet(id));
    if (ends.length === 0) throw this.nothingCalled(word);
    return [...new Map(ends.map((end) => [endKey(end), end])).values()];
  }

  private nothingCalled(word: string): InputError {
    const misnamed = this.others?.misnamed(word);
    if (misnamed) return InputError.of('END_UNKNOWN', misnamed.message, misnamed.help);
    const names = [...this.named.keys()];
    const nearest = names.length > 0 ? closest(word, names) : undefined;
    const near = nearest !== undefined && distance(word, nearest) <= Math.max(2, word.length / 2);
    return InputError.of(
      'END_UNKNOWN',
      `nothing with an address is called \`${word}\``,
      near
        ? `did you mean \`${nearest}\`?`
        : 'write internet, an address, or the LogicalId of an interface, subnet, security group or VPN',
    );
  }

  /** A NAT gateway takes nothing unsolicited, and begins nothing of its own (SEMANTICS 21). */
  private ofNat(text: string, address: Address): NamedEnd | undefined {
    const has = (cidr: Value<Prefix>) => isKnown(cidr) && prefixContainsAddress(cidr, address);
    const nat = this.network.natGateways.find(({ addresses = [], certain }) => certain && addresses.some(has));
    if (!nat) return undefined;
    const reason = `the address of NAT gateway ${nat.id}, which takes nothing unsolicited and begins nothing of its own`;
    return { text, ends: [], address, passesOnOnly: { resource: nat.id, reason } };
  }

  /** Whoever has the address: in a VPC that holds it, behind a site, or on the internet; of NAT64, whoever has the IPv4 address in it. */
  private atAddress(written: Address): End[] {
    const address = asIpv4(written) ?? written;
    const fixed = this.fixedInterfaces
      .mayHold(address)
      .filter(({ addresses }) =>
        addresses.some(
          (cidr) => isKnown(cidr) && cidr.length === hostPrefix(address).length && prefixContainsAddress(cidr, address),
        ),
      );
    const owners = new Set(fixed.flatMap(({ subnets }) => subnets));
    const inside: End[] = fixed.map(({ id }) => ({ kind: 'interface', id }));
    const perhaps: End[] = [];
    for (const { id, cidrs } of this.subnets.mayHold(address)) {
      if (owners.has(id)) continue;
      if (cidrs.some((cidr) => isKnown(cidr) && prefixContainsAddress(cidr, address)))
        inside.push(...this.inSubnet(id));
      else if (cidrs.length === 0 || cidrs.some(isUnknown)) perhaps.push(...this.inSubnet(id));
    }
    return inside.length > 0 ? inside : [{ kind: 'internet' }, ...this.siteEnds(), ...perhaps, ...this.unseen()];
  }

  // ------------------------------------------------------------------------------------------------------- building

  private add({ id, origin }: Noun, ends: readonly End[], aliases: readonly ResourceId[] = []): void {
    for (const full of new Set([origin.resource, id, ...aliases])) {
      for (const name of namesOf(full)) {
        const found = this.named.get(name) ?? new Map<ResourceId, End[]>();
        this.named.set(name, found);
        // two nouns of one resource are one thing to a user
        push(found, full.split('#')[0] ?? full, ...ends);
      }
    }
  }

  private addInterface(iface: Interface): void {
    this.add(iface, [{ kind: 'interface', id: iface.id }], iface.aliases);
  }

  private inSubnet(id: ResourceId): End[] {
    return [{ kind: 'subnet', id }, ...(this.interfacesIn.get(id) ?? [])];
  }

  private addGroups(): void {
    for (const group of this.network.securityGroups) {
      const members = this.network.interfaces.filter(({ securityGroups }) => securityGroups.includes(group.id));
      const potential = (this.subnetsOfVpc.get(group.vpc) ?? []).map(
        (id): End => ({ kind: 'subnet', id, securityGroups: [group.id] }),
      );
      // the VPC's default group and the one that EKS makes for a cluster are parts of those
      if (!hasOwnName(group)) continue;
      this.add(group, [...members.map((iface): End => ({ kind: 'interface', id: iface.id })), ...potential]);
    }
  }

  private addFrontDoors(): void {
    for (const endpoint of this.network.vpcEndpoints) {
      if (endpoint.interface !== undefined) this.add(endpoint, [{ kind: 'interface', id: endpoint.interface }]);
      else if (endpoint.service.kind === 'aws') {
        this.add(endpoint, [{ kind: 'aws-service', name: endpoint.service.name, endpoint: endpoint.id }]);
      }
    }
    for (const balancer of this.network.loadBalancers) {
      const ends: End[] = [{ kind: 'interface', id: balancer.interface }];
      this.add(
        balancer,
        ends,
        balancer.listeners.map(({ origin }) => origin.resource),
      );
    }
    this.addLattice();
    const behind = new Map(this.network.loadBalancers.map((balancer) => [balancer.id, balancer.interface]));
    for (const service of this.network.endpointServices) {
      const fronts = service.loadBalancers.flatMap((id) => behind.get(id) ?? []);
      if (fronts.length > 0)
        this.add(
          service,
          fronts.map((id): End => ({ kind: 'interface', id })),
        );
    }
  }

  /** A service of VPC Lattice is what it forwards to, a resource configuration what it is defined as. */
  private addLattice(): void {
    for (const { entry, origin, to, beyond = to } of this.network.bridges) {
      if (!entry) continue;
      const ends = beyond.flatMap((end): End[] => {
        if (end.kind === 'interface') return [{ kind: 'interface', id: end.id }];
        const { cidr, vpc } = end;
        if (!isKnown(cidr)) return (this.subnetsOfVpc.get(vpc) ?? []).flatMap((id) => this.inSubnet(id));
        return this.atAddress(firstAddress(cidr)).filter(({ kind }) => kind === 'interface' || kind === 'subnet');
      });
      if (ends.length > 0) this.add({ id: origin.resource, origin }, ends);
    }
  }

  /** A target group is what is registered in it. */
  private addTargets(): void {
    for (const group of this.network.targetGroups) {
      const ends = group.targets.flatMap(({ to }): End[] =>
        to.kind === 'interface' ? [{ kind: 'interface', id: to.id }] : [],
      );
      if (group.id === group.origin.resource && ends.length > 0) this.add(group, ends);
    }
  }

  /** A route table or a network ACL is all that is, or may be, in the subnets it is for. */
  private addTables(): void {
    const { subnets, routeTables, networkAcls } = this.network;
    const served = new Map<ResourceId, ResourceId[]>();
    for (const { id, routeTable, networkAcl } of subnets) {
      for (const table of [routeTable, networkAcl]) if (isKnown(table)) push(served, table, id);
    }
    for (const table of [...routeTables, ...networkAcls]) {
      const own = table.id === table.origin.resource ? (served.get(table.id) ?? []) : [];
      const ends = own.flatMap((id) => this.inSubnet(id));
      if (ends.length > 0) this.add(table, ends);
    }
  }

  /** The address that alone is registered in a target group. */
  private onlyTarget(word: string): Address | undefined {
    const group = this.network.targetGroups.find(({ id }) => namesOf(id).includes(word));
    const [only, ...others] = group?.targets ?? [];
    if (only?.to.kind !== 'address' || others.length > 0) return undefined;
    return isKnown(only.to.cidr) ? firstAddress(only.to.cidr) : undefined;
  }

  private siteEnds(): End[] {
    const { vpnConnections, vpnGateways, transitGatewayAttachments } = this.network;
    const ends = new Set(vpnConnections.map(({ gateway }) => gateway.id));
    const ids = [
      ...vpnConnections,
      ...vpnGateways.filter(({ id }) => !ends.has(id)),
      ...transitGatewayAttachments.filter(({ attached }) => attached.kind === 'direct-connect'),
    ].map(({ id }) => id);
    return ids.map((id): End => ({ kind: 'site', id }));
  }

  /** What no template shows, and may have any address: peer VPCs, peered gateways, where unknown routes lead. */
  private unseen(): End[] {
    const { vpcs, peeringConnections, transitGateways, transitGatewayAttachments, routeTables } = this.network;
    const shown = new Set(vpcs.filter((vpc) => !vpc.external).map(({ id }) => id));
    const ids = [
      ...peeringConnections.flatMap(({ requester, accepter }) => [requester, accepter]).filter((id) => !shown.has(id)),
      ...transitGatewayAttachments
        .filter(({ attached }) => attached.kind === 'unknown' || (attached.kind === 'peering' && !attached.peer))
        .map(({ id }) => id),
      ...transitGateways.filter(({ external, autoAccept }) => external || autoAccept !== false).map(({ id }) => id),
      ...routeTables
        .filter(({ routes }) => routes.some(({ target }) => target.kind === 'unknown'))
        .map(({ vpc }) => `${vpc}#unknown-target`),
    ];
    return [...new Set(ids)].map((id): End => ({ kind: 'external', id }));
  }

  private addSites(): void {
    const { vpnConnections, vpnGateways, transitGatewayAttachments } = this.network;
    for (const connection of vpnConnections) this.add(connection, [{ kind: 'site', id: connection.id }]);
    for (const gateway of vpnGateways) {
      const behind = vpnConnections.filter((connection) => connection.gateway.id === gateway.id);
      const ids = behind.length > 0 ? behind.map(({ id }) => id) : [gateway.id];
      this.add(
        gateway,
        ids.map((id): End => ({ kind: 'site', id })),
      );
    }
    for (const attachment of transitGatewayAttachments) {
      const { attached } = attachment;
      if (attached.kind === 'vpn') this.add(attachment, [{ kind: 'site', id: attached.id }]);
      else if (attached.kind === 'direct-connect') this.add(attachment, [{ kind: 'site', id: attachment.id }]);
      else if (attached.kind === 'vpc') {
        this.add(
          attachment,
          (this.subnetsOfVpc.get(attached.vpc) ?? []).flatMap((id) => this.inSubnet(id)),
        );
      } else this.add(attachment, [{ kind: 'external', id: attachment.id }]);
    }
  }
}

/** A part of something else is not what its name stands for: the subnet that AWS picks for an instance holds more than it. */
function hasOwnName({ id, origin }: Noun): boolean {
  return id === origin.resource && !id.includes('#');
}

/** `Stack.LogicalId` is known by both names; a nested stack's too. */
function namesOf(id: ResourceId): string[] {
  const whole = id.split('#')[0] ?? id;
  const bare = whole.slice(whole.lastIndexOf('.') + 1);
  return bare === whole ? [whole] : [whole, bare];
}

function push<Key, Item>(map: Map<Key, Item[]>, key: Key, ...items: Item[]): void {
  const list = map.get(key);
  if (list) list.push(...items);
  else map.set(key, items);
}
