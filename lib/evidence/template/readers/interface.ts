/**
 * Interface nouns: where something stands in the network, and what filters it (facts 1, 9, 19).
 */
import type { Prefix } from '../../../base/net';
import { type Interface, type InterfaceKind, isUnknown, type ResourceId, unknown, type Value } from '../../network';
import { ChoiceValue, type Resource } from '../resource';
import type { DraftNouns } from './drafts';
import { at, flagOf, type Item, isAbsent, itemsOf, numberOf, type Property, plainText } from './property';
import { originOfItems, type Reading, unique } from './reading';

/** What a reader knows of an interface; what it leaves out gets AWS's defaults. */
export interface InterfaceProperties {
  /** `#part` behind the resource's id, for a further interface or one beside the resource's own noun */
  readonly part?: string;
  readonly kind: InterfaceKind;
  /** the property that names subnets, or subnets already found */
  readonly subnets: Property | readonly Item<ResourceId>[];
  readonly securityGroups: Property | readonly Item<ResourceId>[];
  /** the VPC, where the resource names it */
  readonly vpc?: ResourceId;
  readonly addresses?: Property;
  /** `by-subnet`: as the subnet says, like an instance at launch */
  readonly publicIpv4: Value<boolean> | 'by-subnet';
  /** `by-subnet`: as the subnet assigns; `if-subnet-has`: it may have one wherever its subnet has an IPv6 range */
  readonly ipv6: Value<boolean> | 'by-subnet' | 'if-subnet-has';
  readonly publicIpv6?: Value<boolean>;
  readonly sourceDestCheck?: Value<boolean>;
  /** no group filters it unless one is named */
  readonly unfilteredWithoutGroups?: boolean;
  readonly behaviour?: Interface['behaviour'];
  readonly reason?: string;
  readonly aliases?: readonly ResourceId[];
  readonly answersOnly?: boolean;
  readonly admits?: Interface['admits'];
  readonly certain?: boolean;
}

/** Whether a condition may leave a list empty. */
function mayBeEmpty(list: InterfaceProperties['securityGroups']): boolean {
  const isEmpty = (option: Property) => isAbsent(option) || (Array.isArray(option) && option.length === 0);
  if (list instanceof ChoiceValue) return list.options.some(isEmpty);
  return Array.isArray(list) && list.every((each) => each instanceof ChoiceValue && each.options.some(isEmpty));
}

export function addInterface(
  resource: Resource,
  reading: Reading,
  properties: InterfaceProperties,
): DraftNouns['interfaces'] {
  const id = `${resource.id}${properties.part ?? ''}`;
  const subnets = found('subnets', properties.subnets, resource, reading);
  const groups = found('securityGroups', properties.securityGroups, resource, reading);
  const vpc = settleVpc(subnets, groups, properties.vpc, reading);
  if (subnets.length === 0) subnets.push({ value: unnamedSubnet(id, vpc, resource, reading), certain: true });
  const hasGroups = groups.length > 0 && !mayBeEmpty(properties.securityGroups);
  const filtered = hasGroups || !properties.unfilteredWithoutGroups;
  const check = properties.sourceDestCheck ?? true;
  const forwards = check !== true && properties.behaviour === undefined;
  const isCertain = [...subnets, ...groups].every((item) => item.certain);
  const subnetIds = unique(subnets.map((item) => item.value));
  const reason =
    properties.reason ?? (forwards ? 'its source/destination check is off: it may pass packets on' : undefined);
  return reading.add('interfaces', {
    id,
    origin: originOfItems(resource, ...subnets, ...groups),
    certain: resource.certain && isCertain && (properties.certain ?? true),
    kind: properties.kind,
    subnets: subnetIds,
    securityGroups: filtered ? groupsOrDefault(groups, subnetIds, reading) : unique(groups.map(({ value }) => value)),
    filtered,
    addresses: addressesOf(properties.addresses, reading),
    publicIpv4:
      properties.publicIpv4 === 'by-subnet' ? bySubnet('autoPublicIpv4', subnetIds, reading) : properties.publicIpv4,
    ipv6: ipv6Of(properties.ipv6, subnetIds, reading),
    ...(properties.publicIpv6 !== undefined && { publicIpv6: properties.publicIpv6 }),
    sourceDestCheck: check,
    behaviour: forwards ? 'unknown' : (properties.behaviour ?? 'host'),
    ...(reason !== undefined && { reason }),
    ...(properties.aliases && properties.aliases.length > 0 && { aliases: unique(properties.aliases).sort() }),
    ...(properties.answersOnly && { answersOnly: true as const }),
    ...(properties.admits && { admits: [...properties.admits] }),
  });
}

/** Lets a user mean interfaces by what runs on them, or sends through them. */
export function nameAlso(interfaces: readonly ResourceId[], names: readonly ResourceId[], reading: Reading): void {
  for (const id of interfaces) {
    const noun = reading.obtain('interfaces', id);
    noun.aliases = unique([...(noun.aliases ?? []), ...names]).sort();
  }
}

function found(
  kind: 'subnets' | 'securityGroups',
  named: InterfaceProperties['subnets'],
  resource: Resource,
  reading: Reading,
): Item<ResourceId>[] {
  if (isFound(named)) return [...named];
  return reading.references(kind, named, resource, kind === 'subnets' ? 'SubnetIds' : 'SecurityGroupIds');
}

/** Items carry `certain`; a property never does, since readers do not look for lists of objects here. */
function isFound(named: InterfaceProperties['subnets']): named is readonly Item<ResourceId>[] {
  return (
    Array.isArray(named) &&
    named.every((item) => typeof item === 'object' && item !== null && 'certain' in item && 'value' in item)
  );
}

/** Subnets and groups of one interface are in one VPC, which places those that no template shows. */
function settleVpc(
  subnets: readonly Item<ResourceId>[],
  groups: readonly Item<ResourceId>[],
  named: ResourceId | undefined,
  reading: Reading,
): ResourceId | undefined {
  // one that a condition decides may be in another VPC than the rest
  const shown = (kind: 'subnets' | 'securityGroups', items: readonly Item<ResourceId>[]) => {
    const nouns = items.filter(({ certain }) => certain).map(({ value }) => reading.get(kind, value));
    return nouns.find((noun) => noun && !noun.external)?.vpc;
  };
  const any = reading.get('subnets', subnets[0]?.value ?? '') ?? reading.get('securityGroups', groups[0]?.value ?? '');
  const vpc = named ?? shown('subnets', subnets) ?? shown('securityGroups', groups) ?? any?.vpc;
  for (const { value } of subnets) reading.place('subnets', value, vpc);
  for (const { value } of groups) reading.place('securityGroups', value, vpc);
  return vpc;
}

/** A resource that names no subnet stands in one that AWS chooses, of the VPC that its groups give away or the default one. */
function unnamedSubnet(id: ResourceId, vpc: ResourceId | undefined, resource: Resource, reading: Reading): ResourceId {
  const home = vpc ?? reading.defaultVpc(resource).id;
  const subnet = vpc === undefined ? `${home}#subnet` : `${id}#subnet`;
  reading.obtain('subnets', subnet, unknown(`\`${id}\` names no subnet: AWS takes one of \`${home}\``));
  reading.place('subnets', subnet, home);
  return subnet;
}

/** None named = the VPC's default group (fact 1). Where a condition decides whether any is named, both count. */
function groupsOrDefault(
  groups: readonly Item<ResourceId>[],
  subnets: readonly ResourceId[],
  reading: Reading,
): ResourceId[] {
  const named = unique(groups.map((item) => item.value));
  if (groups.some((item) => item.certain)) return named;
  const vpcs = unique(subnets.flatMap((subnet) => reading.get('subnets', subnet)?.vpc ?? []));
  return unique([...named, ...vpcs.map((vpc) => reading.defaultSecurityGroup(vpc))]);
}

/** The IPv4 addresses that an interface is given, its secondary ones too; AWS may choose further ones. */
export function privateAddresses(properties: Property): Property {
  const listed = itemsOf(at(properties, 'PrivateIpAddresses')).map((item) => ofItem(item, 'PrivateIpAddress'));
  const given = [at(properties, 'PrivateIpAddress'), ...listed].filter((address) => !isAbsent(address));
  const more = ['SecondaryPrivateIpAddressCount', 'Ipv4PrefixCount', 'Ipv4Prefixes'].filter((name) => {
    const count = at(properties, name);
    return !isAbsent(count) && plainText(count) !== '0';
  });
  if (given.length === 0) return null;
  const isSecondary = ({ value }: Item) => flagOf(at(value, 'Primary')) === false;
  const hasPrimary =
    !isAbsent(at(properties, 'PrivateIpAddress')) || !itemsOf(at(properties, 'PrivateIpAddresses')).every(isSecondary);
  if (!hasPrimary) more.push('PrivateIpAddress');
  return [...given, ...more.map((name) => unknown(`AWS gives it further addresses (\`${name}\`)`))];
}

/** The addresses that a list names, an entry a subnet; AWS chooses those that it leaves out. None where it names none. */
export function addressesNamed(list: Property, ...names: readonly string[]): Property {
  const entries = itemsOf(list).map((item) => names.map((name) => ofItem(item, name)).filter((one) => !isAbsent(one)));
  if (entries.every((given) => given.length === 0)) return null;
  return entries.flatMap((given) => (given.length > 0 ? given : [unknown('AWS chooses an address in another subnet')]));
}

/** A part of an entry of a list; not known where a condition decides whether the entry is there. */
function ofItem({ value, because }: Item, name: string): Property {
  return because ? unknown(because.reason, because.parameters) : at(value, name);
}

/** One of several that a condition decides is not known: it never has them all. */
function addressesOf(property: Property, reading: Reading): Value<Prefix>[] {
  const given = Array.isArray(property) ? (property as readonly Property[]) : [property];
  return given.flatMap((one) => reading.prefix(one) ?? []);
}

/** One answer for all subnets where they agree. */
function bySubnet(
  field: 'autoPublicIpv4' | 'autoIpv6',
  subnets: readonly ResourceId[],
  reading: Reading,
): Value<boolean> {
  const values = subnets.map((id) => reading.get('subnets', id)?.[field] ?? false);
  const open = values.find((value) => isUnknown<boolean>(value));
  if (open !== undefined) return open;
  const [first] = values;
  const same = first !== undefined && values.every((value) => value === first);
  return same ? first : unknown('its subnets differ in the addresses that they give');
}

function ipv6Of(ipv6: InterfaceProperties['ipv6'], subnets: readonly ResourceId[], reading: Reading): Value<boolean> {
  if (ipv6 === 'by-subnet') return bySubnet('autoIpv6', subnets, reading);
  if (ipv6 !== 'if-subnet-has') return ipv6;
  const nouns = subnets.flatMap((id) => reading.get('subnets', id) ?? []);
  const mayHave = nouns.some((noun) => noun.external || noun.cidrs.some(({ family }) => family !== 4));
  return mayHave ? unknown('whether AWS gives it an IPv6 address is not known') : false;
}

/**
 * What the properties of an interface ask for. Addresses are theirs; a count of 0 refuses what the subnet would assign:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html, Ipv6AddressCount.
 */
export function ipv6Asked(...properties: readonly Property[]): Value<boolean> | 'by-subnet' {
  const asked = (name: string) => properties.map((each) => at(each, name)).find((found) => !isAbsent(found));
  const lists = ['Ipv6Addresses', 'Ipv6Prefixes'].map(asked);
  if (lists.some((list) => itemsOf(list).length > 0) || flagOf(asked('EnablePrimaryIpv6')) === true) return true;
  const counts = ['Ipv6AddressCount', 'Ipv6PrefixCount'].flatMap((name) => numberOf(asked(name)) ?? []);
  if (counts.some((count) => !isUnknown(count) && count > 0)) return true;
  const open = counts.find((count) => isUnknown(count));
  if (open !== undefined)
    return unknown('how many IPv6 addresses it asks for is not known', isUnknown(open) ? open.parameters : []);
  return counts.length > 0 ? false : 'by-subnet';
}
