/**
 * Application, network, gateway and classic load balancers (facts 31–33).
 */
import { isUnknown, type Listener, type LoadBalancer, type ResourceId, unknown, type Value } from '../../network';
import { ChoiceValue, ReferenceValue, type Resource } from '../resource';
import type { DraftNouns } from './drafts';
import { addInterface, addressesNamed } from './interface';
import {
  at,
  flagOf,
  type Item,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  itemsWithin,
  numberOf,
  type Property,
  resourcesNamed,
  textOf,
} from './property';
import {
  orDefault,
  originOf,
  originOfItems,
  type Reader,
  type Readers,
  type Reading,
  undecided,
  unique,
} from './reading';
import { attributeOf, doubtful, transportsOf } from './target-group';

type Scheme = Value<'internet-facing' | 'internal'>;

/** Internet-facing unless the template says otherwise. */
function schemeOf(property: Property): Scheme {
  const scheme = textOf(property) ?? 'internet-facing';
  if (isUnknown<string>(scheme)) return scheme;
  return scheme.toLowerCase() === 'internal' ? 'internal' : 'internet-facing';
}

function typeOf(property: Property): Value<LoadBalancer['type']> {
  const type = textOf(property) ?? 'application';
  if (isUnknown<string>(type)) return type;
  const word = type.toLowerCase();
  return word === 'network' || word === 'gateway' ? word : 'application';
}

const loadBalancer: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const type = typeOf(at(properties, 'Type'));
    const attributes = at(properties, 'LoadBalancerAttributes');
    const crossZone = flagOf(attributeOf(attributes, 'load_balancing.cross_zone.enabled'));
    const enforce = flagOf(at(properties, 'EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic'));
    reading.add('loadBalancers', {
      id,
      origin: originOf(resource),
      // Nothing filters a network load balancer but its groups: that it is one is possible, and not certain.
      certain: certain && !isUnknown(type),
      type: isUnknown(type) ? 'network' : type,
      scheme: type === 'gateway' ? 'internal' : schemeOf(at(properties, 'Scheme')),
      interface: `${id}#interface`,
      listeners: [],
      crossZone: orDefault(crossZone, type === 'application'),
      filtersPrivateLink: orDefault(enforce, true),
    });
    if (isUnknown(type)) reading.unmodelled(resource, `the type of \`${id}\` is not known: ${type.reason}`, [id]);
  },
  populate(resource, reading) {
    const { id, properties } = resource;
    const noun = reading.obtain('loadBalancers', id);
    const addressing = textOf(at(properties, 'IpAddressType')) ?? 'ipv4';
    const mappings = itemsOf(at(properties, 'SubnetMappings'));
    const subnets = [...itemsOf(at(properties, 'Subnets')), ...itemsWithin(mappings, 'SubnetId')];
    const addresses = mappings.flatMap(({ value }) =>
      isUnknownProperty(value) ? [] : resourcesNamed(at(value, 'AllocationId')),
    );
    const vpc = vpcOfTargets(noun.listeners, reading);
    const publicIpv6 = publicIpv6Of(noun.scheme, at(properties, 'LoadBalancerAttributes'));
    addInterface(resource, reading, {
      part: '#interface',
      kind: 'load-balancer',
      certain: !isUnknown(typeOf(at(properties, 'Type'))),
      ...(vpc !== undefined && { vpc }),
      subnets: reading.referencesOf('subnets', subnets, resource, 'SubnetIds'),
      securityGroups: noun.type === 'gateway' ? [] : at(properties, 'SecurityGroups'),
      addresses: addressesNamed(at(properties, 'SubnetMappings'), 'PrivateIPv4Address', 'IPv6Address'),
      publicIpv4: isPublic(noun.scheme, addressing),
      ipv6: isUnknown<string>(addressing) ? addressing : addressing !== 'ipv4',
      ...(publicIpv6 !== true && { publicIpv6 }),
      unfilteredWithoutGroups: noun.type !== 'application',
      aliases: [id, ...addresses],
    });
  },
};

/** A balancer and its target groups are in one VPC, which a target group names. */
function vpcOfTargets(listeners: readonly Listener[], reading: Reading): ResourceId | undefined {
  const groups = listeners.flatMap((one) => one.targetGroups.flatMap((id) => reading.resource(id) ?? []));
  const named = groups.find((group) => !isAbsent(at(group.properties, 'VpcId')));
  return named && reading.reference('vpcs', at(named.properties, 'VpcId'), named, 'VpcId');
}

function isPublic(scheme: Scheme, addressing: Value<string>): Value<boolean> {
  if (addressing === 'dualstack-without-public-ipv4') return false;
  return isUnknown(scheme) ? scheme : scheme === 'internet-facing';
}

/**
 * Internal balancers refuse what comes by internet gateways, unless they say that they do not.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
 */
function publicIpv6Of(scheme: Scheme, attributes: Property): Value<boolean> {
  const denies = flagOf(attributeOf(attributes, 'ipv6.deny_all_igw_traffic'));
  if (denies === undefined) return isUnknown(scheme) ? scheme : scheme === 'internet-facing';
  return isUnknown<boolean>(denies) ? denies : !denies;
}

const listener: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const { properties, certain } = resource;
    const transports = transportsOf(at(properties, 'Protocol'));
    for (const balancer of reading.references(
      'loadBalancers',
      at(properties, 'LoadBalancerArn'),
      resource,
      'LoadBalancerArn',
    )) {
      const noun = reading.obtain('loadBalancers', balancer.value);
      const actions = [...itemsOf(at(properties, 'DefaultActions')), ...rulesOf(resource.id, reading)];
      if (actions.some(asksProvider)) noun.asksProviders = true;
      const { targetGroups, ...more } = forwardsOf(actions, resource, reading);
      const [sure, open] = [true, false].map((isSure) => targetGroups.filter((group) => group.certain === isSure));
      const heard = {
        protocols: transports.protocols,
        ports: noun.type === 'gateway' ? { from: 0, to: 65535 } : portsOf(at(properties, 'Port')),
      };
      addListener(noun, {
        ...heard,
        ...more,
        origin: originOfItems(resource, balancer),
        certain: certain && balancer.certain && (transports.known || noun.type === 'gateway'),
        targetGroups: idsOf(sure),
      });
      // What it may forward to is forwarded to by a listener that may be there.
      if (!open || open.length === 0) continue;
      const origin = originOfItems(resource, balancer, ...open);
      addListener(noun, { ...heard, origin, certain: false, targetGroups: idsOf(open) });
    }
  },
};

/** Of several that may be there, and that say the same, one is enough. */
function addListener({ listeners }: DraftNouns['loadBalancers'], added: Listener): void {
  const says = ({ protocols, ports, targetGroups, unknownTargets }: Listener) =>
    JSON.stringify([protocols, ports, targetGroups, unknownTargets]);
  const isSaid = !added.certain && listeners.some((one) => !one.certain && says(one) === says(added));
  if (!isSaid) listeners.push(added);
}

function idsOf(items: readonly Item<ResourceId>[] = []): ResourceId[] {
  return unique(items.map(({ value }) => value)).sort();
}

function portsOf(property: Property): Listener['ports'] {
  const port = numberOf(property) ?? unknown('the listener names no port');
  return isUnknown<number>(port) ? port : { from: port, to: port };
}

const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';

/** The actions of every rule of a listener; which rule applies depends on what a packet set cannot show. */
function rulesOf(listenerId: ResourceId, reading: Reading): Item[] {
  const rules = reading.satellites(LISTENER_RULE, 'ListenerArn').get(listenerId) ?? [];
  return rules.flatMap((rule) => {
    const owner = at(rule.properties, 'ListenerArn');
    const because = owner instanceof ChoiceValue ? unknown(owner.reason, owner.parameters) : undecided(rule);
    const isSure = rule.certain && owner instanceof ReferenceValue;
    return itemsOf(at(rule.properties, 'Actions'), isSure, isSure ? undefined : because);
  });
}

/**
 * The balancer itself calls the provider's endpoints, or Cognito's, or where the keys of tokens are published.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
 */
const WITH_PROVIDER: readonly string[] = ['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'];

function asksProvider({ value }: Item): boolean {
  if (isUnknownProperty(value)) return true;
  const type = textOf(at(value, 'Type'));
  return type !== undefined && (isUnknown<string>(type) || WITH_PROVIDER.includes(type.toLowerCase()));
}

interface Forwards {
  readonly targetGroups: readonly Item<ResourceId>[];
  readonly unknownTargets?: Listener['unknownTargets'];
}

function forwardsOf(actions: readonly Item[], resource: Resource, reading: Reading): Forwards {
  const open = actions.map(({ value }) => value).find(isUnknownProperty);
  const direct = itemsWithin(actions, 'TargetGroupArn');
  const weighted = itemsWithin(itemsWithin(itemsWithin(actions, 'ForwardConfig'), 'TargetGroups'), 'TargetGroupArn');
  return {
    targetGroups: reading.referencesOf('targetGroups', [...direct, ...weighted], resource, 'TargetGroupArn'),
    ...(open && { unknownTargets: { reason: open.reason, parameters: open.parameters } }),
  };
}

/** Rules of a listener that the templates show are read with it. */
const listenerRule: Reader = {
  model: 'exact',
  attach(resource, reading) {
    const property = at(resource.properties, 'ListenerArn');
    const shown =
      property instanceof ReferenceValue &&
      reading.resource(property.reference.resource)?.type === 'AWS::ElasticLoadBalancingV2::Listener';
    if (shown) return;
    const { targetGroups } = forwardsOf(itemsOf(at(resource.properties, 'Actions')), resource, reading);
    reading.unmodelled(
      resource,
      'a rule of a listener that no template shows forwards to its target groups',
      idsOf(targetGroups),
    );
  },
};

/**
 * `HTTP:9000/health`, `TCP:22`
 * (https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-healthchecks.html).
 */
function classicHealthCheckPort(property: Property): Value<number> | undefined {
  const target = textOf(property);
  if (target === undefined || isUnknown<string>(target)) return target;
  const port = Number(/^[a-z]+:(\d+)/i.exec(target)?.[1]);
  return Number.isInteger(port) ? port : unknown(`\`${target}\` names no port to ask for health`);
}

/** A classic balancer names its listeners and instances itself. */
const classicLoadBalancer: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const origin = originOf(resource);
    const healthCheckPort = classicHealthCheckPort(at(properties, 'HealthCheck', 'Target'));
    const listeners = itemsOf(at(properties, 'Listeners')).map((item, index): Listener => {
      const group = `${id}#listener-${index}-targets`;
      const transports = transportsOf(at(item.value, 'InstanceProtocol') ?? at(item.value, 'Protocol'));
      reading.add('targetGroups', {
        id: group,
        origin,
        certain,
        targetType: 'instance',
        protocols: transports.protocols,
        port: numberOf(at(item.value, 'InstancePort')) ?? unknown('the listener names no instance port'),
        ...(healthCheckPort !== undefined && { healthCheckPort }),
        preserveClientIp: false,
        targets: [],
      });
      const front = transportsOf(at(item.value, 'Protocol'));
      const ports = portsOf(at(item.value, 'LoadBalancerPort'));
      const certainly = item.certain && front.known;
      return {
        origin: originOfItems(resource, item),
        certain: certainly,
        protocols: front.protocols,
        ports,
        targetGroups: [group],
      };
    });
    reading.add('loadBalancers', {
      id,
      origin,
      certain,
      type: 'classic',
      scheme: schemeOf(at(properties, 'Scheme')),
      interface: `${id}#interface`,
      listeners,
      crossZone: orDefault(flagOf(at(properties, 'CrossZone')), false),
      filtersPrivateLink: true,
    });
    reading.name('loadBalancers', properties.LoadBalancerName, id);
  },
  populate(resource, reading) {
    const { id, properties } = resource;
    const { scheme } = reading.obtain('loadBalancers', id);
    addInterface(resource, reading, {
      part: '#interface',
      kind: 'load-balancer',
      subnets: at(properties, 'Subnets'),
      securityGroups: at(properties, 'SecurityGroups'),
      publicIpv4: isUnknown(scheme) ? scheme : scheme === 'internet-facing',
      ipv6: false,
      aliases: [id],
    });
  },
  connect(resource, reading) {
    for (const item of reading.references('interfaces', at(resource.properties, 'Instances'), resource, 'Instances')) {
      for (const { targetGroups } of reading.obtain('loadBalancers', resource.id).listeners) {
        const certain = item.certain && resource.certain;
        const target = { to: { kind: 'interface' as const, id: item.value }, certain };
        const doubt = doubtful(originOfItems(resource, item));
        for (const group of targetGroups) reading.obtain('targetGroups', group).targets.push({ ...target, ...doubt });
      }
    }
  },
};

const certificates: Reader = { model: 'exact', noEffect: 'certificates decide who is trusted, not what is forwarded' };

export const loadBalancerReaders: Readers = {
  'AWS::ElasticLoadBalancingV2::LoadBalancer': loadBalancer,
  'AWS::ElasticLoadBalancingV2::Listener': listener,
  'AWS::ElasticLoadBalancingV2::ListenerRule': listenerRule,
  'AWS::ElasticLoadBalancingV2::ListenerCertificate': certificates,
  'AWS::ElasticLoadBalancing::LoadBalancer': classicLoadBalancer,
};
