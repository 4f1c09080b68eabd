/**
 * The words in which stateful firewall rules name addresses and ports: ranges, lists, negations, and sets that the rule
 * group or the policy defines.
 *
 * `HOME_NET` of a rule group comes before the policy's, which comes before AWS's: the range of the firewall's VPC. The
 * policy's `EXTERNAL_NET` is everything else, unless it is set; a rule group that sets one is to set both.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-limitations-caveats.html
 */
import { AddressSet, ALL_IPV4, ALL_IPV6, type PortRange, type Prefix } from '../../../base/net';
import { isKnown, isUnknown, unknown, type Value } from '../../network';
import { at, isAbsent, itemsOf, type Property, plainText, prefixOf, textOf } from './property';
import { parsePortText } from './traffic';

export const ANYWHERE: readonly Value<Prefix>[] = [ALL_IPV4, ALL_IPV6];

/** undefined stands for all ports */
export type Ports = readonly (PortRange | undefined)[];

type Addresses = readonly Value<Prefix>[];

/** What a policy says about the sets that its groups do not define. */
export interface PolicySets {
  readonly homeNet: Addresses;
  readonly externalNet: Addresses;
}

/** `home`: the ranges of the firewall's VPC. */
export function policySets(document: Property, home: Addresses): PolicySets {
  const variables = at(document, 'PolicyVariables', 'RuleVariables');
  const homeNet = setOf(at(variables, 'HOME_NET', 'Definition')) ?? home;
  return { homeNet, externalNet: setOf(at(variables, 'EXTERNAL_NET', 'Definition')) ?? complement(homeNet) };
}

/** The sets that one rule group sees. */
export class RuleSets {
  constructor(
    private readonly variables: Property,
    private readonly policy: PolicySets,
  ) {}

  /** `any`, a range, `!range`, `[a,!b]` or `$SET`. */
  addresses(property: Property): Addresses {
    const text = textOf(property);
    if (text === undefined) return [unknown('a firewall rule names no address')];
    return isUnknown<string>(text) ? [text] : this.addressWord(text.trim());
  }

  /** undefined where the text is not understood */
  ports(property: Property): Ports | undefined {
    const text = textOf(property);
    if (text === undefined || isUnknown<string>(text)) return undefined;
    if (text.toLowerCase() === 'any') return [undefined];
    const words = wordsOf(text).flatMap((word) =>
      word.startsWith('$')
        ? itemsOf(at(this.variables, 'PortSets', word.slice(1), 'Definition')).map(
            ({ value }) => plainText(value) ?? '',
          )
        : [word],
    );
    const ranges = words.map(parsePortText);
    return ranges.length > 0 && ranges.every((range) => range !== undefined) ? ranges : undefined;
  }

  get homeNet(): Addresses {
    return this.set('HOME_NET');
  }

  private addressWord(word: string): Addresses {
    if (word.toLowerCase() === 'any') return ANYWHERE;
    if (word.startsWith('!')) return complement(this.addressWord(word.slice(1).trim()));
    if (word.startsWith('$')) return this.set(word.slice(1));
    const isList = word.startsWith('[') ? word.endsWith(']') : word.includes(',');
    return isList ? this.list(wordsOf(word)) : [prefixOf(word) ?? unknown(`\`${word}\` is not a range`)];
  }

  /** What is named, without what is named with `!`; only negations are of everything. */
  private list(words: readonly string[]): Addresses {
    const isNot = (word: string) => word.startsWith('!');
    const named = words.filter((word) => !isNot(word)).flatMap((word) => this.addressWord(word));
    const without = words.filter(isNot).flatMap((word) => this.addressWord(word.slice(1)));
    if (without.length === 0) return named;
    const all = [...named, ...without];
    if (!all.every(isKnown)) return [firstUnknown(all)];
    const from = named.length === 0 ? AddressSet.ALL : AddressSet.ofAll(named.filter(isKnown));
    return from.subtract(AddressSet.ofAll(without.filter(isKnown))).prefixes();
  }

  private set(name: string): Addresses {
    const own = setOf(at(this.variables, 'IPSets', name, 'Definition'));
    if (own) return own;
    const isHomeSet = !isAbsent(at(this.variables, 'IPSets', 'HOME_NET'));
    if (name === 'HOME_NET') return this.policy.homeNet;
    if (name === 'EXTERNAL_NET' && !isHomeSet) return this.policy.externalNet;
    return [unknown(`\`$${name}\` is set elsewhere`)];
  }
}

function setOf(definition: Property): Addresses | undefined {
  const items = itemsOf(definition);
  if (items.length === 0) return undefined;
  return items.map(({ value, certain }) => {
    if (!certain) return unknown('a condition decides an address of a firewall rule');
    return prefixOf(value) ?? unknown('a set of addresses holds what is not a range');
  });
}

function complement(addresses: Addresses): Addresses {
  if (!addresses.every(isKnown)) return [firstUnknown(addresses)];
  return AddressSet.ALL.subtract(AddressSet.ofAll(addresses.filter(isKnown))).prefixes();
}

function firstUnknown(addresses: Addresses): Value<Prefix> {
  return addresses.find((one) => isUnknown(one)) ?? unknown('an address of a firewall rule is not known');
}

/** The words of a list, lists in it kept together. */
function wordsOf(text: string): string[] {
  const inner = text.trim().replace(/^\[(.*)\]$/s, '$1');
  return (inner.match(/!?\[[^\]]*\]|[^,]+/g) ?? []).map((word) => word.trim()).filter((word) => word !== '');
}
