/**
 * Single firewall rules: stateless match attributes and stateful 5-tuple headers, each spelled out into rules with one
 * protocol and one port range a side.
 */
import { ALL_IPV4, ALL_IPV6, ICMP, ICMPV6, type PortRange, type Prefix, TCP, UDP } from '../../../base/net';
import { type FirewallRule, isUnknown, type Traffic, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import {
  at,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  numberOf,
  type Property,
  plainText,
  prefixOf,
  textOf,
} from './property';
import { knownOf, originOf } from './reading';
import { parsePortText } from './traffic';

const ANYWHERE: readonly Value<Prefix>[] = [ALL_IPV4, ALL_IPV6];

/** undefined stands for all ports */
type Ports = readonly (PortRange | undefined)[];

export function statelessRules(group: Property, resource: Resource): FirewallRule[] | { opaque: string } {
  const source = at(group, 'RulesSource', 'StatelessRulesAndCustomActions', 'StatelessRules');
  if (isUnknownProperty(source)) return { opaque: source.reason };
  return itemsOf(source).flatMap((item) => {
    const definition = at(item.value, 'RuleDefinition');
    const attributes = at(definition, 'MatchAttributes');
    const priority = numberOf(at(item.value, 'Priority')) ?? 0;
    const isWhole = item.certain && isAbsent(at(attributes, 'TCPFlags')) && !isUnknown<number>(priority);
    return spellOut({
      resource,
      action: isWhole ? statelessAction(at(definition, 'Actions')) : 'unknown',
      priority: isUnknown<number>(priority) ? 0 : priority,
      protocols: protocolNumbers(at(attributes, 'Protocols')),
      sources: addressList(at(attributes, 'Sources')),
      destinations: addressList(at(attributes, 'Destinations')),
      sourcePorts: portList(at(attributes, 'SourcePorts')),
      destinationPorts: portList(at(attributes, 'DestinationPorts')),
      bothWays: false,
    });
  });
}

/** Custom actions beside these only publish metrics. */
export function statelessAction(actions: Property): FirewallRule['action'] {
  const words = itemsOf(actions);
  if (words.some((word) => !word.certain || isUnknownProperty(word.value))) return 'unknown';
  const names = words.map((word) => knownOf(textOf(word.value)));
  if (names.includes('aws:pass')) return 'pass';
  if (names.includes('aws:drop')) return 'drop';
  return names.includes('aws:forward_to_sfe') ? 'forward' : 'unknown';
}

interface Spelling {
  readonly resource: Resource;
  readonly action: FirewallRule['action'];
  readonly priority: number;
  readonly protocols: readonly (number | 'all')[] | undefined;
  readonly sources: readonly Value<Prefix>[];
  readonly destinations: readonly Value<Prefix>[];
  readonly sourcePorts: Ports | undefined;
  readonly destinationPorts: Ports | undefined;
  readonly bothWays: boolean;
}

/** What is undefined is not understood: then the rule does something unknown to traffic that is not known. */
function spellOut(spelling: Spelling): FirewallRule[] {
  const { resource, action, priority, protocols, sources, destinations, sourcePorts, destinationPorts, bothWays } =
    spelling;
  const origin = originOf(resource);
  const common = { origin, priority, sources, destinations, bothWays };
  if (!protocols || !sourcePorts || !destinationPorts) {
    return [{ ...common, action: 'unknown', traffic: unknown('a firewall rule matches what is not modelled') }];
  }
  return protocols.flatMap((protocol) =>
    sourcePorts.flatMap((from) =>
      destinationPorts.map((to) => ({
        ...common,
        action,
        traffic: trafficOf(protocol, to, from),
        ...(from && { sourcePorts: from }),
      })),
    ),
  );
}

function trafficOf(
  protocol: number | 'all',
  ports: PortRange | undefined,
  from: PortRange | undefined,
): Value<Traffic> {
  const hasPorts = protocol === TCP || protocol === UDP;
  if (!hasPorts && (ports || from)) return unknown('a firewall rule names ports for a protocol that has none');
  return ports ? { protocol, ports } : { protocol };
}

function protocolNumbers(property: Property): (number | 'all')[] | undefined {
  const items = itemsOf(property);
  if (items.length === 0) return ['all'];
  const numbers = items.map((item) => (item.certain ? numberOf(item.value) : undefined));
  const known = numbers.flatMap((number) => (number === undefined || isUnknown<number>(number) ? [] : [number]));
  return known.length === items.length ? known : undefined;
}

/** `[{ AddressDefinition }]`; none named = any address. */
function addressList(property: Property): readonly Value<Prefix>[] {
  const items = itemsOf(property);
  if (items.length === 0) return ANYWHERE;
  return items.map((item) =>
    item.certain
      ? (prefixOf(at(item.value, 'AddressDefinition')) ?? unknown('a firewall rule names no address'))
      : unknown('a condition decides an address of a firewall rule'),
  );
}

/** `[{ FromPort, ToPort }]`; none named = all ports. */
function portList(property: Property): Ports | undefined {
  const items = itemsOf(property);
  if (items.length === 0) return [undefined];
  const ranges = items.map((item) => {
    const from = numberOf(at(item.value, 'FromPort'));
    const to = numberOf(at(item.value, 'ToPort')) ?? from;
    return item.certain ? parsePortText(`${String(from)}:${String(to)}`) : undefined;
  });
  return ranges.every((range) => range !== undefined) ? ranges : undefined;
}

/** Options that say nothing about what a rule matches. */
const INERT_OPTIONS = new Set(['sid', 'rev', 'msg', 'metadata', 'classtype', 'priority', 'reference', 'gid']);

export function statefulRules(group: Property, resource: Resource): FirewallRule[] | { opaque: string } {
  const source = at(group, 'RulesSource');
  if (isUnknownProperty(source)) return { opaque: source.reason };
  if (!isAbsent(at(source, 'RulesString'))) return { opaque: 'its rules are Suricata text' };
  if (!isAbsent(at(source, 'RulesSourceList'))) return { opaque: 'its rules are a list of domains' };
  const sets = at(group, 'RuleVariables');
  return itemsOf(at(source, 'StatefulRules')).flatMap((item, index) => {
    const header = at(item.value, 'Header');
    const protocol = plainText(at(header, 'Protocol'))?.toUpperCase() ?? '';
    const isWhole = item.certain && protocol in TRANSPORTS && hasOnlyInertOptions(at(item.value, 'RuleOptions'));
    return spellOut({
      resource,
      action: isWhole ? statefulAction(at(item.value, 'Action')) : 'unknown',
      priority: index,
      protocols: TRANSPORTS[protocol] ?? APPLICATION,
      sources: addressText(at(header, 'Source'), sets),
      destinations: addressText(at(header, 'Destination'), sets),
      sourcePorts: portText(at(header, 'SourcePort'), sets),
      destinationPorts: portText(at(header, 'DestinationPort'), sets),
      bothWays: plainText(at(header, 'Direction'))?.toUpperCase() === 'ANY',
    });
  });
}

/** Suricata's `icmp` is ICMP of both families. */
const TRANSPORTS: Readonly<Record<string, readonly (number | 'all')[]>> = {
  IP: ['all'],
  TCP: [TCP],
  UDP: [UDP],
  ICMP: [ICMP, ICMPV6],
};

/** Protocols above transport (HTTP, TLS, DNS …) match some of what these carry. */
const APPLICATION: readonly (number | 'all')[] = [TCP, UDP];

function hasOnlyInertOptions(options: Property): boolean {
  return itemsOf(options).every(({ value, certain }) => {
    const keyword = plainText(at(value, 'Keyword'))?.split(':')[0]?.trim();
    return certain && keyword !== undefined && INERT_OPTIONS.has(keyword);
  });
}

/** An alert lets later rules and the default decide, which the reader does not follow. */
function statefulAction(property: Property): FirewallRule['action'] {
  const action = plainText(property)?.toUpperCase();
  if (action === 'PASS') return 'pass';
  return action === 'DROP' || action === 'REJECT' ? 'drop' : 'unknown';
}

/** `ANY`, a range, `[a,b]` or `$SET`; a negation is not followed. */
function addressText(property: Property, sets: Property): readonly Value<Prefix>[] {
  const text = textOf(property);
  if (text === undefined) return [unknown('a firewall rule names no address')];
  if (isUnknown<string>(text)) return [text];
  if (text.toUpperCase() === 'ANY') return ANYWHERE;
  return wordsOf(text).flatMap((word) => {
    if (!word.startsWith('$')) return [prefixOf(word) ?? unknown(`\`${word}\` is not a range`)];
    const set = itemsOf(at(sets, 'IPSets', word.slice(1), 'Definition'));
    return set.length > 0
      ? set.map((item) => prefixOf(item.value) ?? unknown(`\`${word}\``))
      : [unknown(`\`${word}\` is set elsewhere`)];
  });
}

function portText(property: Property, sets: Property): Ports | undefined {
  const text = textOf(property);
  if (text === undefined || isUnknown<string>(text)) return undefined;
  if (text.toUpperCase() === 'ANY') return [undefined];
  const words = wordsOf(text).flatMap((word) =>
    word.startsWith('$')
      ? itemsOf(at(sets, 'PortSets', word.slice(1), 'Definition')).map((item) => plainText(item.value) ?? '')
      : [word],
  );
  const ranges = words.map(parsePortText);
  return ranges.length > 0 && ranges.every((range) => range !== undefined) ? ranges : undefined;
}

function wordsOf(text: string): string[] {
  return text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((word) => word.trim());
}
