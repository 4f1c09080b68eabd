/**
 * What a service of VPC Lattice forwards to, and what a resource configuration leads to (fact 35): each part with all that
 * must be there for it.
 */
import { type PortRange, parsePrefix, TCP } from '../../../base/net';
import {
  type Bridge,
  type BridgeChannel,
  type BridgeEnd,
  isUnknown,
  type ResourceId,
  unknown,
  type Value,
} from '../../network';
import type { Resource } from '../resource';
import { itemsAt, placedVpc } from './place';
import { at, isAbsent, itemsOf, numberOf, type Property, plainText, prefixOf, referencesIn, textOf } from './property';
import { type Reading, unique } from './reading';
import { allSure, doubtful, linkOf, type Sure, sureOf } from './sure';

export const TARGETS = 'AWS::VpcLattice::TargetGroup';
export const CONFIGURATION = 'AWS::VpcLattice::ResourceConfiguration';
export const GATEWAY = 'AWS::VpcLattice::ResourceGateway';

/** Of the managed prefix lists `com.amazonaws.<region>.vpc-lattice` and `….ipv6.vpc-lattice`. */
export const OWN_ADDRESSES = ['169.254.171.0/24', '129.224.0.0/17', 'fd00:ec2:80::/64'].map(parsePrefix);

/** `through`: the target group or the gateway. */
export type Part = Pick<Bridge, 'to' | 'channels' | 'seenAs' | 'beyond'> & {
  readonly through: ResourceId;
  readonly sure: Sure;
};

/** The resources of a type that a property refers to. */
export function shown(type: string, property: Property, reading: Reading): Resource[] {
  const ids = unique(referencesIn(property).map(({ reference }) => reference.resource));
  return ids.flatMap((id) => reading.resource(id) ?? []).filter((resource) => resource.type === type);
}

// ----------------------------------------------------------------------------------------------------------- services

/** A listener, or a rule of one, that forwards to a target group. */
interface Forward {
  readonly group: Resource;
  /** where clients call */
  readonly sentTo: Value<PortRange>;
  readonly sure: Sure;
}

/** One for each target group and port that a listener or a rule of the service forwards to. */
export function partsOfService(service: Resource, reading: Reading): Part[] {
  return forwardsOf(service, reading).flatMap(({ group, sentTo, sure }): Part[] => {
    if (plainText(at(group.properties, 'Type')) === 'LAMBDA') return toFunctions(group, sure, reading);
    return registeredIn(group, reading).map((registered) => ({
      through: group.id,
      to: registered.to,
      channels: [{ protocols: [TCP], ports: registered.ports, sentTo }],
      seenAs: OWN_ADDRESSES,
      sure: allSure(sure, registered.sure),
    }));
  });
}

/** Lattice invokes a function by its API: no packet comes to where it stands, and no group is asked. */
function toFunctions(group: Resource, sure: Sure, reading: Reading): Part[] {
  return itemsOf(at(group.properties, 'Targets')).flatMap((item): Part[] => {
    const ids = touchedInterfaces(at(item.value, 'Id'), reading);
    const to = ids.map((id) => ({ kind: 'interface' as const, id }));
    return to.length === 0 ? [] : [{ through: group.id, to, sure: allSure(sure, item) }];
  });
}

function forwardsOf(service: Resource, reading: Reading): Forward[] {
  const listeners = reading.satellites('AWS::VpcLattice::Listener', 'ServiceIdentifier').get(service.id) ?? [];
  return listeners.flatMap((listener) => {
    const { id, properties } = listener;
    const isOurs = allSure(sureOf(listener), linkOf(at(properties, 'ServiceIdentifier'), service.id));
    const sentTo = listenerPortOf(properties);
    const rules = reading.satellites('AWS::VpcLattice::Rule', 'ListenerIdentifier').get(id) ?? [];
    return [
      ...forwardedBy(at(properties, 'DefaultAction'), isOurs, sentTo, reading),
      ...rules.flatMap((rule) => {
        const isIts = linkOf(at(rule.properties, 'ListenerIdentifier'), id);
        const sure = allSure(isOurs, sureOf(rule), isIts);
        return forwardedBy(at(rule.properties, 'Action'), sure, sentTo, reading);
      }),
    ];
  });
}

function forwardedBy(action: Property, sure: Sure, sentTo: Value<PortRange>, reading: Reading): Forward[] {
  return itemsAt(action, 'Forward.TargetGroups[]').flatMap((entry) =>
    itemsAt(entry.value, 'TargetGroupIdentifier').flatMap((named) =>
      itemsOf(named.value, named.certain, named.because).flatMap((item) =>
        shown(TARGETS, item.value, reading).map((group) => ({
          group,
          sentTo,
          sure: allSure(sure, entry, item, weightOf(entry.value), sureOf(group)),
        })),
      ),
    ),
  );
}

/** A target group without weight gets no request (https://docs.aws.amazon.com/vpc-lattice/latest/ug/listeners.html). */
function weightOf(property: Property): Sure {
  const weight = numberOf(at(property, 'Weight'));
  if (weight === undefined || (!isUnknown(weight) && weight > 0)) return { certain: true };
  return doubtful(isUnknown<number>(weight) ? weight : unknown('the target group has no weight'));
}

/** `80` for HTTP and `443` for the others, where none is named. */
function listenerPortOf(properties: Property): Value<PortRange> {
  const written = numberOf(at(properties, 'Port'));
  if (written !== undefined) return isUnknown<number>(written) ? written : { from: written, to: written };
  const protocol = textOf(at(properties, 'Protocol')) ?? unknown('the listener names no protocol');
  if (isUnknown<string>(protocol)) return protocol;
  const port = protocol.toUpperCase() === 'HTTP' ? 80 : 443;
  return { from: port, to: port };
}

function portOf(property: Property): Value<PortRange> {
  const port = numberOf(property) ?? unknown('the target group names no port');
  return isUnknown<number>(port) ? port : { from: port, to: port };
}

/** What is registered in its group by name. */
const REGISTERS: readonly (readonly [type: string, property: string])[] = [
  ['AWS::AutoScaling::AutoScalingGroup', 'TrafficSources'],
  ['AWS::ECS::Service', 'VpcLatticeConfigurations'],
];

interface Registered {
  readonly ports: Value<PortRange>;
  readonly to: readonly BridgeEnd[];
  readonly sure: Sure;
}

/**
 * Targets by the port that they are registered with, or else the group's
 * (https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-groups.html). Where no template says what is registered, it
 * may be anything of the group's VPC.
 */
function registeredIn(group: Resource, reading: Reading): Registered[] {
  const vpc = placedVpc(group, reading);
  const common = at(group.properties, 'Config', 'Port');
  const named = itemsOf(at(group.properties, 'Targets')).flatMap((item): Registered[] => {
    const port = at(item.value, 'Port');
    const ports = portOf(isAbsent(port) ? common : port);
    return itemsOf(at(item.value, 'Id')).flatMap((id): Registered[] => {
      const to = endsOf(id.value, vpc, reading);
      return to.length === 0 ? [] : [{ ports, to, sure: allSure(item, id) }];
    });
  });
  const found = together([...named, ...registeringIn(group, portOf(common), reading)]);
  if (found.length > 0 || vpc === undefined) return found;
  const to = (reading.get('vpcs', vpc)?.cidrs ?? []).map((cidr): BridgeEnd => ({ kind: 'address', vpc, cidr }));
  return to.length === 0 ? [] : [{ ports: portOf(common), to, sure: { certain: true } }];
}

function registeringIn(group: Resource, ports: Value<PortRange>, reading: Reading): Registered[] {
  return REGISTERS.flatMap(([type, property]) =>
    (reading.satellites(type, property).get(group.id) ?? []).flatMap((resource): Registered[] => {
      if (!reading.get('interfaces', resource.id)) return [];
      const isIn = linkOf(at(resource.properties, property), group.id);
      return [{ ports, to: [{ kind: 'interface', id: resource.id }], sure: allSure(sureOf(resource), isIn) }];
    }),
  );
}

/** Those that are certain, by port; of what is not, each alone. */
function together(all: readonly Registered[]): Registered[] {
  const byPort = new Map<string, Registered>();
  const alone: Registered[] = [];
  for (const one of all) {
    if (!one.sure.certain || isUnknown(one.ports)) {
      alone.push(one);
      continue;
    }
    const key = String(one.ports.from);
    const known = byPort.get(key);
    byPort.set(key, known ? { ...known, to: [...known.to, ...one.to] } : one);
  }
  return [...byPort.values(), ...alone];
}

function endsOf(property: Property, vpc: ResourceId | undefined, reading: Reading): BridgeEnd[] {
  const interfaces = touchedInterfaces(property, reading);
  if (interfaces.length > 0) return interfaces.map((id) => ({ kind: 'interface', id }));
  const cidr = prefixOf(property);
  return vpc === undefined || cidr === undefined ? [] : [{ kind: 'address', vpc, cidr }];
}

/** An instance, a function, or the interface of a balancer. */
function touchedInterfaces(property: Property, reading: Reading): ResourceId[] {
  const ids = unique(referencesIn(property).map(({ reference }) => reference.resource));
  return ids.flatMap((id) => {
    const balancer = reading.get('loadBalancers', id);
    if (balancer) return [balancer.interface];
    return reading.get('interfaces', id) ? [id] : [];
  });
}

// ---------------------------------------------------------------------------------------------------------- resources

/** A configuration leads to its gateway, and what that reaches is the network's to say; a group to those of its children. */
export function partsOfConfiguration(configuration: Resource, reading: Reading): Part[] {
  const property = 'ResourceConfigurationGroupId';
  const children = reading.satellites(CONFIGURATION, property).get(configuration.id) ?? [];
  const own = at(configuration.properties, 'ResourceGatewayId');
  const parts = children.length > 0 ? children : [configuration];
  return parts.flatMap((part) => {
    const { properties } = part;
    const isChild = part !== configuration;
    const isIts = isChild ? linkOf(at(properties, property), configuration.id) : { certain: true };
    const gateways =
      isChild && !isAbsent(at(properties, 'ResourceGatewayId')) ? at(properties, 'ResourceGatewayId') : own;
    const channels = channelsOf(part);
    return shown(GATEWAY, gateways, reading).map((gateway): Part => {
      const beyond = definedBy(part, placedVpc(gateway, reading), reading);
      return {
        through: gateway.id,
        to: [{ kind: 'interface', id: gateway.id }],
        ...(channels && { channels }),
        ...(beyond.length > 0 && { beyond }),
        sure: allSure(sureOf(part), isIts, sureOf(gateway), linkOf(gateways, gateway.id)),
      };
    });
  });
}

/** Without ranges, the ports are those of the database that its ARN names. */
function channelsOf({ properties }: Resource): BridgeChannel[] | undefined {
  const ranges = itemsOf(at(properties, 'PortRanges'));
  if (ranges.length === 0) return undefined;
  return ranges.map(({ value, because }) => {
    const ports = because ?? rangeOf(value);
    return { protocols: [TCP], ports, sentTo: ports };
  });
}

/** What the resource is, where the template says: something of its own, by reference, or an address. */
function definedBy({ properties }: Resource, vpc: ResourceId | undefined, reading: Reading): BridgeEnd[] {
  const definition = at(properties, 'ResourceConfigurationDefinition');
  const named = touchedInterfaces(definition, reading);
  if (named.length > 0) return named.map((id) => ({ kind: 'interface', id }));
  const cidr = prefixOf(at(definition, 'IpResource'));
  return vpc === undefined || cidr === undefined ? [] : [{ kind: 'address', vpc, cidr }];
}

/** `5432`, `8000-8080` */
function rangeOf(property: Property): Value<PortRange> {
  const text = textOf(property) ?? unknown('a port range is not given');
  if (isUnknown<string>(text)) return text;
  const [from = Number.NaN, to = from] = text.split('-').map(Number);
  return Number.isInteger(from) && Number.isInteger(to) ? { from, to } : unknown(`\`${text}\` is not a port range`);
}
