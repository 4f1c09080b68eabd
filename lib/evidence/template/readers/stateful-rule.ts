/**
 * Stateful firewall rules: 5-tuple headers, Suricata text, lists of domains and AWS's managed groups, all as the rules
 * that Suricata makes of them. An alert decides nothing, so it is no rule here.
 *
 * What depends on more than the header (a host name, the state of the connection) matches *some* of the header's traffic:
 * it is `partial`. A `pass` of Suricata text is always so: it is *may* and never *must* (SEMANTICS 34).
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-action.html
 */
import { ICMP, ICMPV6, TCP, UDP } from '../../../base/net';
import { type FirewallRule, isUnknown, type Origin, type Value } from '../../network';
import type { Resource } from '../resource';
import { spellOut } from './firewall-rule';
import { ANYWHERE, type PolicySets, RuleSets } from './firewall-sets';
import { at, isAbsent, isUnknownProperty, itemsOf, type Property, plainText, textOf } from './property';
import { originOf } from './reading';
import { parseSuricata, type SuricataOption, type SuricataRule } from './suricata-text';

type Rules = FirewallRule[] | { readonly opaque: string };

export function statefulRules(group: Property, resource: Resource, policy: PolicySets): Rules {
  const source = at(group, 'RulesSource');
  if (isUnknownProperty(source)) return { opaque: source.reason };
  const sets = new RuleSets(at(group, 'RuleVariables'), policy);
  if (!isAbsent(at(source, 'RulesString'))) return textRules(textOf(at(source, 'RulesString')), resource, sets);
  if (!isAbsent(at(source, 'RulesSourceList'))) return domainRules(at(source, 'RulesSourceList'), resource, sets);
  return itemsOf(at(source, 'StatefulRules')).flatMap((item, index) => {
    const header = at(item.value, 'Header');
    const action = actionOf(plainText(at(item.value, 'Action')));
    if (action === 'alert' && item.certain) return [];
    const protocol = plainText(at(header, 'Protocol'))?.toLowerCase() ?? '';
    const flow = flowOf(optionsOf(at(item.value, 'RuleOptions')));
    if (flow === 'replies' && item.certain) return [];
    return spellOut({
      origin: originOf(resource),
      action: item.certain && action !== 'alert' ? action : 'unknown',
      priority: index,
      protocols: TRANSPORTS.get(protocol) ?? APPLICATION,
      sources: sets.addresses(at(header, 'Source')),
      destinations: sets.addresses(at(header, 'Destination')),
      sourcePorts: sets.ports(at(header, 'SourcePort')),
      destinationPorts: sets.ports(at(header, 'DestinationPort')),
      bothWays: plainText(at(header, 'Direction'))?.toUpperCase() === 'ANY',
      isRequestsOnly: flow === 'requests',
      ...(flow === 'some' || !TRANSPORTS.has(protocol) ? { partial: 'a rule of it looks into the packets' } : {}),
    });
  });
}

/** Suricata's `icmp` is ICMP of both families. */
const TRANSPORTS: ReadonlyMap<string, readonly (number | 'all')[]> = new Map<string, readonly (number | 'all')[]>([
  ['ip', ['all']],
  ['tcp', [TCP]],
  ['udp', [UDP]],
  ['icmp', [ICMP, ICMPV6]],
]);

/** Protocols above transport (HTTP, TLS, DNS …) match some of what these carry. */
const APPLICATION: readonly (number | 'all')[] = [TCP, UDP];

function actionOf(word: string | undefined): FirewallRule['action'] | 'alert' {
  const action = word?.toLowerCase();
  if (action === 'pass' || action === 'alert') return action;
  return action === 'drop' || action === 'reject' ? 'drop' : 'unknown';
}

/** Options that say nothing about what a rule matches. */
const INERT_OPTIONS = new Set(['sid', 'rev', 'msg', 'metadata', 'classtype', 'priority', 'reference', 'gid']);

function optionsOf(options: Property): (SuricataOption | undefined)[] {
  return itemsOf(options).map(({ value, certain }) => {
    const [keyword, settings] = (plainText(at(value, 'Keyword')) ?? '').split(':', 2);
    const more = itemsOf(at(value, 'Settings')).map((setting) => plainText(setting.value) ?? '?');
    if (!certain || !keyword) return undefined;
    return { keyword: keyword.trim(), settings: [...(settings === undefined ? [] : [settings]), ...more].join(',') };
  });
}

/** Which packets of the header's the options leave: all, those of who opened the connection, those back, or some. */
function flowOf(options: readonly (SuricataOption | undefined)[]): 'all' | 'requests' | 'replies' | 'some' {
  const telling = options.filter((option) => option === undefined || !INERT_OPTIONS.has(option.keyword));
  const [only, ...others] = telling;
  if (telling.length === 0) return 'all';
  if (others.length > 0 || only?.keyword !== 'flow') return 'some';
  if (/^(to_server|from_client)$/.test(only.settings)) return 'requests';
  return /^(to_client|from_server)$/.test(only.settings) ? 'replies' : 'some';
}

function textRules(text: Value<string> | undefined, resource: Resource, sets: RuleSets): Rules {
  if (text === undefined || isUnknown<string>(text)) {
    return { opaque: text === undefined ? 'its rules are no text' : text.reason };
  }
  const parsed = parseSuricata(text);
  if ('line' in parsed) return { opaque: `a line of its rules is not understood: \`${shorten(parsed.line)}\`` };
  const strange = parsed.find(({ action }) => !/^(pass|alert|drop|reject)$/.test(action));
  if (strange) return { opaque: `a rule of it has the action \`${strange.action}\`` };
  return parsed.flatMap((rule, index) => textRule(rule, index, originOf(resource), sets));
}

function textRule(rule: SuricataRule, priority: number, origin: Origin, sets: RuleSets): FirewallRule[] {
  const action = actionOf(rule.action);
  const flow = flowOf(rule.options);
  if (action === 'alert' || flow === 'replies') return [];
  const isWhole = flow !== 'some' && TRANSPORTS.has(rule.protocol);
  const why =
    action === 'pass' ? 'what its Suricata text passes is not followed' : 'a rule of it looks into the packets';
  return spellOut({
    ...{ origin, action, priority },
    protocols: TRANSPORTS.get(rule.protocol) ?? APPLICATION,
    sources: sets.addresses(rule.source),
    destinations: sets.addresses(rule.destination),
    sourcePorts: sets.ports(rule.sourcePort),
    destinationPorts: sets.ports(rule.destinationPort),
    bothWays: rule.isBothWays,
    isRequestsOnly: flow === 'requests',
    ...(isWhole && action !== 'pass' ? {} : { partial: why }),
  });
}

/**
 * HTTP and TLS from the home network, by host name: an allow list passes those of its names and drops the others, a deny
 * list drops those of its names. Other traffic it does not see.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/stateful-rule-groups-domain-names.html
 */
function domainRules(list: Property, resource: Resource, sets: RuleSets): Rules {
  const kind = plainText(at(list, 'GeneratedRulesType'))?.toUpperCase() ?? '';
  const actions = { ALLOWLIST: ['pass', 'drop'], DENYLIST: ['drop'], REJECTLIST: ['drop'], ALERTLIST: [] } as const;
  if (!Object.hasOwn(actions, kind)) return { opaque: 'its rules are a list of domains' };
  const partial = 'its rules are a list of domains';
  return actions[kind as keyof typeof actions].map((action, priority) => ({
    ...{ origin: originOf(resource), action, priority, partial, traffic: { protocol: TCP } },
    ...{ sources: sets.homeNet, destinations: ANYWHERE, bothWays: false },
  }));
}

/** AWS's managed groups name threats and drop them; none passes anything on its own. */
export function managedRules(arn: string, policy: Resource, isAlertOnly: boolean): FirewallRule[] {
  if (isAlertOnly) return [];
  const origin: Origin = { ...originOf(policy), resource: arn };
  const partial = 'AWS manages what it drops';
  const traffic = { protocol: 'all' } as const;
  const any = { sources: ANYWHERE, destinations: ANYWHERE, bothWays: false };
  return [{ origin, action: 'drop', priority: 0, partial, traffic, ...any }];
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
