/**
 * Target groups, and what is registered in them (fact 32).
 */
import { TCP, tryParseAddress, UDP } from '../../../base/net';
import { isUnknown, type Origin, type ResourceId, type Target, type Unknown, unknown, type Value } from '../../network';
import { ReferenceValue, type Resource } from '../resource';
import {
  at,
  flagOf,
  type Item,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  numberOf,
  type Property,
  plainText,
  referencesIn,
  textOf,
} from './property';
import { originOf, originOfItems, type Reader, type Readers, type Reading } from './reading';

/** Transport protocols of a listener or target group; both where it is not known which. */
export function transportsOf(protocol: Property): { protocols: number[]; known: boolean } {
  const word = textOf(protocol);
  if (typeof word !== 'string') return { protocols: [TCP, UDP], known: false };
  switch (word.toUpperCase()) {
    case 'HTTP':
    case 'HTTPS':
    case 'TCP':
    case 'TLS':
    case 'SSL':
      return { protocols: [TCP], known: true };
    case 'UDP':
    case 'QUIC':
    case 'GENEVE':
      return { protocols: [UDP], known: true };
    case 'TCP_UDP':
    case 'TCP_QUIC':
      return { protocols: [TCP, UDP], known: true };
    default:
      return { protocols: [TCP, UDP], known: false };
  }
}

/** The value of an attribute of a load balancer or target group. */
export function attributeOf(list: Property, key: string): Property {
  const items = itemsOf(list);
  const open = items.find((item) => isUnknownProperty(item.value));
  if (open) return open.value;
  // One whose key is not known may be the very one.
  const named = items
    .map((item) => at(item.value, 'Key'))
    .find((each) => !isAbsent(each) && plainText(each) === undefined);
  if (named !== undefined) return isUnknownProperty(named) ? named : unknown('the key of an attribute is not known');
  const found = items.filter((item) => plainText(at(item.value, 'Key')) === key);
  const undecided = found.find((item) => item.because)?.because;
  return undecided ? unknown(undecided.reason, undecided.parameters) : at(found[0]?.value, 'Value');
}

const targetGroup: Reader = {
  model: 'exact',
  declare(resource, reading) {
    const { id, certain, properties } = resource;
    const protocol = at(properties, 'Protocol');
    const targetType = targetTypeOf(at(properties, 'TargetType'));
    const crossZone = crossZoneOf(properties);
    const ipv6 = ipv6Of(at(properties, 'IpAddressType'));
    const healthCheckPort = healthCheckPortOf(at(properties, 'HealthCheckPort'), protocol);
    reading.add('targetGroups', {
      id,
      origin: originOf(resource),
      certain,
      targetType,
      protocols: targetType === 'lambda' ? [] : transportsOf(protocol).protocols,
      port: numberOf(at(properties, 'Port')) ?? unknown('the target group names no port'),
      ...(healthCheckPort !== undefined && { healthCheckPort }),
      preserveClientIp: preservation(properties, protocol, targetType),
      ...(crossZone !== undefined && { crossZone }),
      ...(ipv6 !== false && { ipv6 }),
      targets: [],
    });
  },
  connect(resource, reading) {
    const noun = reading.obtain('targetGroups', resource.id);
    if (noun.targetType === 'lambda') {
      noteFunctions(resource, reading);
      return;
    }
    for (const item of itemsOf(at(resource.properties, 'Targets'))) {
      const target = targetOf(at(item.value, 'Id'), resource, reading);
      const port = numberOf(at(item.value, 'Port'));
      if ('reason' in target) noun.unknownTargets = target;
      else
        noun.targets.push({
          to: target,
          certain: item.certain && resource.certain,
          ...doubtful(originOfItems(resource, item)),
          ...(port !== undefined && { port }),
        });
    }
  },
};

/** A balancer calls a function through AWS's API: no packet reaches the VPC, and yet the function stands there. */
function noteFunctions(resource: Resource, reading: Reading): void {
  const called = referencesIn(at(resource.properties, 'Targets')).map(({ reference }) => reference.resource);
  const inVpc = called.filter((id) => reading.get('interfaces', id) !== undefined);
  if (inVpc.length === 0) return;
  reading.unmodelled(resource, 'clients of the balancer call a function that stands in the VPC', inVpc);
}

/**
 * `traffic-port`, the default but for GENEVE, is the port that a target is registered with. Source:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancingv2-targetgroup.html.
 */
function healthCheckPortOf(property: Property, protocol: Property): Value<number> | undefined {
  if (isAbsent(property)) return textOf(protocol) === 'GENEVE' ? 80 : undefined;
  return textOf(property) === 'traffic-port' ? undefined : numberOf(property);
}

/**
 * Targets of a group have one family, IPv4 unless it says otherwise, and a balancer calls them by it whatever that of its
 * clients is: "Client IP preservation" in
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html.
 */
function ipv6Of(property: Property): Value<boolean> {
  const word = textOf(property) ?? 'ipv4';
  return isUnknown<string>(word) ? word : word.toLowerCase() === 'ipv6';
}

function targetTypeOf(property: Property): Value<'instance' | 'ip' | 'lambda' | 'alb'> {
  const text = textOf(property) ?? 'instance';
  if (isUnknown<string>(text)) return text;
  const word = text.toLowerCase();
  const isKnown = word === 'instance' || word === 'ip' || word === 'lambda' || word === 'alb';
  return isKnown ? word : unknown(`\`${text}\` is not a target type`);
}

/**
 * On by default, except for ip targets over TCP and TLS; always on for UDP; a proxy never preserves. Source: "Client IP
 * preservation" in https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html.
 */
function preservation(properties: Property, protocol: Property, targetType: Value<string>): Value<boolean> {
  const word = textOf(protocol);
  if (word === undefined || isUnknown<string>(word)) return word ?? false;
  const upper = word.toUpperCase();
  if (upper.startsWith('HTTP')) return false;
  if (upper !== 'TCP' && upper !== 'TLS') return true;
  const written = flagOf(attributeOf(at(properties, 'TargetGroupAttributes'), 'preserve_client_ip.enabled'));
  if (written !== undefined) return written;
  return isUnknown(targetType) ? targetType : targetType !== 'ip';
}

/**
 * The group's word comes before the balancer's, unless it says `use_load_balancer_configuration`.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-cross-zone.html
 */
function crossZoneOf(properties: Property): Value<boolean> | undefined {
  const written = attributeOf(at(properties, 'TargetGroupAttributes'), 'load_balancing.cross_zone.enabled');
  return textOf(written) === 'use_load_balancer_configuration' ? undefined : flagOf(written);
}

/** What a target says of its own existence. */
export function doubtful({ doubt }: Origin): Pick<Target, 'doubt'> {
  return doubt === undefined ? {} : { doubt };
}

/** Something registered: an interface or an address; its reason where it is neither. */
function targetOf(
  id: Property,
  resource: Resource,
  reading: Reading,
): Target['to'] | Pick<Unknown, 'reason' | 'parameters'> {
  if (typeof id === 'string' && tryParseAddress(id)) {
    const cidr = reading.prefix(id);
    if (cidr !== undefined) return { kind: 'address', cidr };
  }
  const isAddress = id instanceof ReferenceValue && /Address|PrivateIp/.test(id.reference.attribute ?? '');
  const type = id instanceof ReferenceValue ? reading.resource(id.reference.resource)?.type : undefined;
  const hasInterface = type !== undefined && HAVE_INTERFACES.has(type);
  if (!hasInterface) {
    const open = isUnknownProperty(id) ? id : unknown('a target is in no template');
    return { reason: open.reason, parameters: open.parameters };
  }
  const interfaceId = reading.reference('interfaces', id, resource, 'Targets') ?? resource.id;
  return isAddress || interfaceId
    ? { kind: 'interface', id: interfaceId }
    : { reason: 'a target has no id', parameters: [] };
}

const HAVE_INTERFACES = new Set([
  'AWS::EC2::Instance',
  'AWS::EC2::NetworkInterface',
  'AWS::ElasticLoadBalancingV2::LoadBalancer',
]);

/** What registers itself in target groups, or behind a classic load balancer. */
export interface Registration {
  readonly interface: ResourceId;
  readonly port: Value<number> | undefined;
  readonly certain: boolean;
}

export function registerTargets(
  groups: Property,
  what: string,
  registration: Registration,
  resource: Resource,
  reading: Reading,
): void {
  if (isAbsent(groups)) return;
  const isClassic = what === 'LoadBalancerNames' || what === 'LoadBalancerName';
  const named = isClassic
    ? reading
        .references('loadBalancers', groups, resource, what)
        .flatMap((balancer) => behindClassic(balancer, reading))
    : reading.references('targetGroups', groups, resource, what);
  for (const group of named) {
    const noun = reading.obtain('targetGroups', group.value);
    const certain = registration.certain && group.certain;
    const { port } = registration;
    const to = { kind: 'interface' as const, id: registration.interface };
    const doubt = doubtful(originOfItems(resource, group));
    noun.targets.push({ to, certain, ...doubt, ...(port !== undefined && !isClassic && { port }) });
  }
}

/** A classic balancer has a target group noun per listener. */
function behindClassic(balancer: Item<ResourceId>, reading: Reading): Item<ResourceId>[] {
  const listeners = reading.get('loadBalancers', balancer.value)?.listeners ?? [];
  return listeners.flatMap((listener) => listener.targetGroups.map((value) => ({ ...balancer, value })));
}

/** An empty group is there to be filled by something that no template shows: anything may stand in it. */
export function settleEmptyTargetGroups(reading: Reading): void {
  for (const group of reading.drafts.targetGroups.values()) {
    // Where a condition decides of each target, it decides whether the group is empty.
    const isFilled = group.targets.some(({ certain, doubt }) => certain || doubt === undefined);
    if (isFilled || group.unknownTargets || group.targetType === 'lambda') continue;
    const parameters = group.targets.flatMap(({ doubt }) => doubt?.parameters ?? []);
    const surely = group.targets.length > 0 ? ' for certain' : '';
    const reason = `no template registers anything in \`${group.id}\`${surely}`;
    group.unknownTargets = { reason, parameters: [...new Set(parameters)].sort() };
  }
}

export const targetGroupReaders: Readers = {
  'AWS::ElasticLoadBalancingV2::TargetGroup': targetGroup,
};
