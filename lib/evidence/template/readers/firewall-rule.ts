/**
 * Single firewall rules, each spelled out into rules with one protocol and one port range a side, and the stateless ones
 * among them. The stateful ones are read in stateful-rule.ts.
 */
import { type PortRange, type Prefix, TCP, UDP } from '../../../base/net';
import { type FirewallRule, isUnknown, type Origin, type Traffic, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import { ANYWHERE, type Ports } from './firewall-sets';
import { at, isAbsent, isUnknownProperty, itemsOf, numberOf, type Property, prefixOf, textOf } from './property';
import { knownOf, originOf } from './reading';
import { parsePortText } from './traffic';

export function statelessRules(group: Property, resource: Resource): FirewallRule[] | { opaque: string } {
  const source = at(group, 'RulesSource', 'StatelessRulesAndCustomActions', 'StatelessRules');
  if (isUnknownProperty(source)) return { opaque: source.reason };
  return itemsOf(source).flatMap((item) => {
    const definition = at(item.value, 'RuleDefinition');
    const attributes = at(definition, 'MatchAttributes');
    const priority = numberOf(at(item.value, 'Priority')) ?? 0;
    const isWhole = item.certain && isAbsent(at(attributes, 'TCPFlags')) && !isUnknown<number>(priority);
    return spellOut({
      origin: originOf(resource),
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

export interface Spelling extends Pick<FirewallRule, 'partial' | 'isRequestsOnly'> {
  readonly origin: Origin;
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
export function spellOut(spelling: Spelling): FirewallRule[] {
  const { action, protocols, sourcePorts, destinationPorts, partial, isRequestsOnly, ...rest } = spelling;
  const common = { ...rest, ...(partial !== undefined && { partial }), ...(isRequestsOnly && { isRequestsOnly }) };
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
