/**
 * Network Firewall: firewalls and their endpoints (fact 34). The policy is read in firewall-policy.ts.
 */
import { unknown } from '../../network';
import { firewallSubnets } from './firewall-endpoint';
import { firewallPolicy } from './firewall-policy';
import { at, isAbsent, itemsOf } from './property';
import { originOf, type Reader, type Readers, undecided, unique } from './reading';
import { addAttachment } from './transit-gateway';

const firewall: Reader = {
  model: 'may-must',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const vpc = reading.reference('vpcs', at(properties, 'VpcId'), resource, 'VpcId') ?? `${id}#vpc`;
    const policy = unknown(`the policy of \`${id}\` has not been read`);
    reading.add('firewalls', { id, origin: originOf(resource), certain, vpc, subnets: [], policy });
    if (!isAbsent(at(properties, 'TransitGatewayId')))
      addAttachment(resource, reading, { kind: 'firewall', id }, '#attachment');
  },
  attach(resource, reading) {
    const noun = reading.obtain('firewalls', resource.id);
    const subnets = firewallSubnets(resource, reading).map((item) => item.value);
    for (const subnet of subnets) reading.place('subnets', subnet, noun.vpc);
    noun.subnets = unique([...noun.subnets, ...subnets]);
    noun.policy = firewallPolicy(resource, noun.vpc, reading);
  },
};

/** A further endpoint of a firewall, in a VPC of its own choice. */
const endpointAssociation: Reader = {
  model: 'may-must',
  attach(resource, reading) {
    const { properties } = resource;
    const id = reading.reference('firewalls', at(properties, 'FirewallArn'), resource, 'FirewallArn');
    const subnets = itemsOf(at(properties, 'SubnetMapping')).flatMap((item) =>
      reading.references('subnets', at(item.value, 'SubnetId'), resource, 'SubnetMapping'),
    );
    if (id === undefined) return;
    const noun = reading.obtain('firewalls', id);
    noun.subnets = unique([...noun.subnets, ...subnets.map((item) => item.value)]);
    if (!resource.certain) reading.unmodelled(resource, undecided(resource).reason, [id]);
  },
};

const readWithFirewall = (what: string): Reader => ({
  model: 'may-must',
  noEffect: `${what} is read with the firewalls that use it`,
});

export const firewallReaders: Readers = {
  'AWS::NetworkFirewall::Firewall': firewall,
  'AWS::NetworkFirewall::VpcEndpointAssociation': endpointAssociation,
  'AWS::NetworkFirewall::FirewallPolicy': readWithFirewall('a policy'),
  'AWS::NetworkFirewall::RuleGroup': readWithFirewall('a rule group'),
};
