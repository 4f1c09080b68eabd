/**
 * Network ACLs and their entries (facts 11, 12). An ACL that the template makes has no entries of its own: it denies.
 */
import { ICMP, ICMPV6, type Prefix, TCP, UDP } from '../../../base/net';
import { isUnknown, ofFamily, type Traffic, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import { at, flagOf, isAbsent, numberOf, type Property, textOf } from './property';
import { originOf, originOfItems, type Reader, type Readers, type Reading } from './reading';
import { readProtocol, readTraffic } from './traffic';

const networkAcl: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const vpc =
      reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId') ?? reading.defaultVpc(resource).id;
    reading.add('networkAcls', { id, origin: originOf(resource), certain, vpc, isDefault: false, entries: [] });
  },
};

const entry: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const { properties } = resource;
    const egress = flagOf(at(properties, 'Egress')) ?? false;
    const cidr = rangeOf(resource, reading);
    const directions = isUnknown<boolean>(egress)
      ? (['ingress', 'egress'] as const)
      : egress
        ? (['egress'] as const)
        : (['ingress'] as const);
    for (const acl of reading.changed('networkAcls', at(properties, 'NetworkAclId'), resource, 'NetworkAclId')) {
      for (const direction of directions) {
        reading.obtain('networkAcls', acl.value).entries.push({
          origin: originOfItems(resource, acl),
          certain: acl.certain && resource.certain && directions.length === 1,
          number: numberOf(at(properties, 'RuleNumber')) ?? unknown('the entry has no rule number'),
          direction,
          action: actionOf(at(properties, 'RuleAction')),
          traffic: trafficOf(properties, resource, reading),
          cidr,
        });
      }
    }
  },
};

/** An entry has a range of one family; where a condition decides of which, it may be any. */
function rangeOf(resource: Resource, reading: Reading): Value<Prefix> {
  const [four, six] = ['CidrBlock', 'Ipv6CidrBlock'].map((name) =>
    reading.prefix(at(resource.properties, name), resource),
  );
  if (four && six) return [four, six].find(isUnknown) ?? unknown('the entry names two address ranges');
  return (four && ofFamily(four, 4)) ?? (six && ofFamily(six, 6)) ?? unknown('the entry names no address range');
}

function actionOf(property: Property): Value<'allow' | 'deny'> {
  const action = textOf(property);
  if (action === undefined) return unknown('the entry has no action');
  if (isUnknown<string>(action)) return action;
  const word = action.toLowerCase();
  return word === 'allow' || word === 'deny' ? word : unknown(`\`${action}\` is neither allow nor deny`);
}

/** Entries keep ports in `PortRange` and ICMP types in `Icmp`; a tcp or udp entry must have the former. */
function trafficOf(properties: Property, resource: Resource, reading: Reading): Value<Traffic> {
  const protocol = at(properties, 'Protocol');
  const number = readProtocol(protocol);
  const isIcmp = number === ICMP || number === ICMPV6;
  const range = at(properties, isIcmp ? 'Icmp' : 'PortRange');
  if (isAbsent(range) && (number === TCP || number === UDP)) return unknown('the entry has no port range');
  const from = at(range, isIcmp ? 'Type' : 'From');
  return readTraffic({ protocol, from, to: at(range, isIcmp ? 'Code' : 'To') }, resource, reading);
}

export const networkAclReaders: Readers = {
  'AWS::EC2::NetworkAcl': networkAcl,
  'AWS::EC2::NetworkAclEntry': entry,
};
