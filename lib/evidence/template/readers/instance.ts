/**
 * Instances, launch templates and auto scaling groups (facts 9, 19, 37). An instance with several interfaces is as many
 * nouns, which name it as their alias: it joins the places where they stand.
 */
import { isUnknown, type ResourceId, unknown, type Value } from '../../network';
import { ChoiceValue, type Resource } from '../resource';
import { addInterface, type InterfaceProperties, ipv6Asked, privateAddresses } from './interface';
import { giveTo } from './part-of-host';
import {
  alternatives,
  at,
  flagOf,
  type Item,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  itemsWithin,
  orElse,
  type Property,
  plainText,
  referencesIn,
  resourcesNamed,
} from './property';
import type { Reader, Readers, Reading } from './reading';
import { registerTargets } from './target-group';

/** How something is launched: by its own properties, else by its launch template. */
interface Launch {
  readonly interfaces: readonly Item[];
  readonly securityGroups: Property;
  readonly subnet: Property;
  readonly sourceDestCheck: Property;
  readonly ipv6: Value<boolean> | 'by-subnet';
}

function launchOf(own: Property, template: Property): Launch {
  const pick = (...names: string[]) =>
    [own, template].flatMap((source) => names.map((name) => at(source, name))).reduce<Property>(orElse, undefined);
  return {
    interfaces: itemsOf(pick('NetworkInterfaces')),
    securityGroups: pick('SecurityGroupIds', 'SecurityGroups'),
    subnet: pick('SubnetId'),
    sourceDestCheck: at(own, 'SourceDestCheck'),
    ipv6: ipv6Asked(own, template),
  };
}

/** The data of the launch template that a specification names; unknown where no template shows it. */
export function launchTemplateData(specification: Property, reading: Reading): Property {
  if (isAbsent(specification)) return undefined;
  // EKS calls it `Id`
  const id = [at(specification, 'LaunchTemplateId'), at(specification, 'Id')].find((named) => !isAbsent(named));
  const open = [specification, id, at(specification, 'LaunchTemplateName'), at(specification, 'Name')].find(
    (named) => named instanceof ChoiceValue,
  );
  if (open instanceof ChoiceValue) return unknown(open.reason, open.parameters);
  const [reference] = referencesIn(id);
  const name = plainText(at(specification, 'LaunchTemplateName')) ?? plainText(at(specification, 'Name'));
  const [nameReference] = ['LaunchTemplateName', 'Name'].flatMap((of) => referencesIn(at(specification, of)));
  const shown = reading.resource((reference ?? nameReference)?.reference.resource ?? '');
  const template = shown ?? reading.cached('launch templates by name', launchTemplatesByName).get(name ?? '');
  if (template?.type !== LAUNCH_TEMPLATE) {
    const named = ['LaunchTemplateId', 'LaunchTemplateName']
      .map((key) => at(specification, key))
      .find(isUnknownProperty);
    return unknown('its launch template is in no template', named?.parameters);
  }
  return at(template.properties, 'LaunchTemplateData');
}

const LAUNCH_TEMPLATE = 'AWS::EC2::LaunchTemplate';

function launchTemplatesByName(reading: Reading): ReadonlyMap<string, Resource> {
  return new Map(
    reading.ofType(LAUNCH_TEMPLATE).flatMap((template) => {
      const name = plainText(template.properties.LaunchTemplateName);
      return name === undefined ? [] : [[name, template] as const];
    }),
  );
}

const instance: Reader = {
  model: 'exact',
  populate(resource, reading) {
    const { properties } = resource;
    const launch = launchOf(properties, launchTemplateData(at(properties, 'LaunchTemplate'), reading));
    const check = flagOf(launch.sourceDestCheck) ?? true;
    const inline = launch.interfaces.filter((item) => !isUnknownProperty(item.value));
    if (inline.length === 0) addOnlyInterface(resource, reading, launch, check);
    const primary = primaryOf(inline);
    for (const [index, item] of inline.entries()) {
      addInlineInterface(resource, reading, launch, item, index === primary ? undefined : index, check);
    }
  },
  connect(resource, reading) {
    const data = launchTemplateData(at(resource.properties, 'LaunchTemplate'), reading);
    for (const item of launchOf(resource.properties, data).interfaces) {
      const separate = isUnknownProperty(item.value) ? undefined : at(item.value, 'NetworkInterfaceId');
      const id = reading.reference('interfaces', separate, resource, 'NetworkInterfaceId');
      if (id !== undefined && id !== resource.id) giveTo(reading.obtain('interfaces', id), resource.id);
    }
  },
};

/** The one interface of an instance that spells out none; a template that nobody shows may spell out what it likes. */
function addOnlyInterface(resource: Resource, reading: Reading, launch: Launch, check: Value<boolean>): void {
  const open = launch.interfaces.map((item) => item.value).find(isUnknownProperty);
  addInterface(resource, reading, {
    kind: 'instance',
    subnets: launch.subnet,
    securityGroups: launch.securityGroups,
    addresses: at(resource.properties, 'PrivateIpAddress'),
    publicIpv4: open ?? 'by-subnet',
    ipv6: open ?? launch.ipv6,
    sourceDestCheck: check,
    aliases: launchedFrom(resource),
  });
}

/** In whatever order they are written, the primary interface is device 0; one of several that a condition decides. */
function primaryOf(interfaces: readonly Item[]): number {
  const found = interfaces.findIndex(({ value }) => (plainText(at(value, 'DeviceIndex')) ?? '0') === '0');
  return Math.max(found, 0);
}

/** An interface that the instance makes; one that it takes over is a noun of its own. `index`: of a further one. */
function addInlineInterface(
  resource: Resource,
  reading: Reading,
  launch: Launch,
  { value, certain }: Item,
  index: number | undefined,
  check: Value<boolean>,
): void {
  if (!isAbsent(at(value, 'NetworkInterfaceId'))) return;
  const isPrimary = index === undefined;
  const groups = at(value, 'GroupSet') ?? at(value, 'Groups');
  addInterface(resource, reading, {
    kind: 'instance',
    part: isPrimary ? '' : `#interface-${index}`,
    subnets: at(value, 'SubnetId') ?? launch.subnet,
    securityGroups: groups ?? launch.securityGroups,
    addresses: privateAddresses(value),
    publicIpv4: flagOf(at(value, 'AssociatePublicIpAddress')) ?? 'by-subnet',
    ipv6: ipv6Asked(value),
    sourceDestCheck: check,
    certain,
    aliases: [...launchedFrom(resource), ...(isPrimary ? [] : [resource.id])],
  });
}

/** Launch templates and configurations, by which a user may mean what is launched from them. */
function launchedFrom({ properties }: Resource): ResourceId[] {
  const mixed = at(properties, 'MixedInstancesPolicy', 'LaunchTemplate');
  return [at(properties, 'LaunchTemplate'), at(properties, 'LaunchConfigurationName'), mixed].flatMap(resourcesNamed);
}

const autoScalingGroup: Reader = {
  model: 'exact',
  populate(resource, reading) {
    const { properties } = resource;
    const data = launchDataOf(resource, reading);
    const launch = launchOf(undefined, data.length === 1 ? data[0] : undefined);
    const [first] = launch.interfaces;
    const open = data.length === 1 ? undefined : unknown('it launches from several templates');
    const groups = reading.referencesOf('securityGroups', itemsWithin(launch.interfaces, 'Groups'), resource, 'Groups');
    const explicit =
      flagOf(first?.because ?? at(first?.value, 'AssociatePublicIpAddress')) ??
      flagOf(at(data[0], 'AssociatePublicIpAddress'));
    addInterface(resource, reading, {
      kind: 'instance',
      subnets: at(properties, 'VPCZoneIdentifier') ?? launch.subnet,
      securityGroups: open ?? (groups.length > 0 ? groups : launch.securityGroups),
      publicIpv4: open ?? explicit ?? 'by-subnet',
      aliases: launchedFrom(resource),
      ipv6: ipv6Asked(first?.value),
    });
  },
  connect(resource, reading) {
    const target = { interface: resource.id, port: undefined, certain: resource.certain };
    for (const name of ['TargetGroupARNs', 'LoadBalancerNames']) {
      registerTargets(at(resource.properties, name), name, target, resource, reading);
    }
    for (const { value, certain } of itemsOf(at(resource.properties, 'TrafficSources'))) {
      const source = at(value, 'Identifier');
      if (!resourcesNamed(source).some((id) => reading.get('targetGroups', id))) continue;
      registerTargets(source, 'TrafficSources', { ...target, certain: target.certain && certain }, resource, reading);
    }
  },
};

/** Every launch template or configuration that the group may launch from. */
export function launchDataOf(resource: Resource, reading: Reading): Property[] {
  const { properties } = resource;
  const mixed = at(properties, 'MixedInstancesPolicy', 'LaunchTemplate');
  const specifications = [
    ...alternatives(at(properties, 'LaunchTemplate')).map((item) => item.value),
    at(mixed, 'LaunchTemplateSpecification'),
    ...itemsOf(at(mixed, 'Overrides')).map((item) => at(item.value, 'LaunchTemplateSpecification')),
  ].filter((specification) => !isAbsent(specification));
  const configurations = alternatives(at(properties, 'LaunchConfigurationName')).filter(
    (item) => !isAbsent(item.value),
  );
  const found = [
    ...specifications.map((specification) => launchTemplateData(specification, reading)),
    ...configurations.map((item) => launchConfiguration(item.value, reading)),
  ];
  return found.length > 0 ? found : [unknown(`\`${resource.id}\` names nothing to launch from`)];
}

function launchConfiguration(name: Property, reading: Reading): Property {
  const [reference] = referencesIn(name);
  const configuration = reference && reading.resource(reference.reference.resource);
  if (configuration?.type === 'AWS::AutoScaling::LaunchConfiguration') return configuration.properties;
  return unknown('its launch configuration is in no template', isUnknownProperty(name) ? name.parameters : []);
}

const fleetReason = 'a fleet launches instances where its configurations say; their number and place vary';

/** Fleets place instances by overrides that the model does not follow one by one. */
const fleet: Reader = {
  model: 'unknown',
  populate(resource, reading) {
    // spot fleets write groups as `{ GroupId }`
    const plain = (property: Property): Property =>
      Array.isArray(property) ? property.map((item) => at(item, 'GroupId') ?? item) : property;
    const references = (kind: 'subnets' | 'securityGroups', name: RegExp): Item<ResourceId>[] =>
      propertiesNamed(resource.properties, name).flatMap((property) =>
        reading.references(kind, plain(property), resource, kind),
      );
    const subnets = references('subnets', /^SubnetIds?$/);
    const groups = references('securityGroups', /^(SecurityGroups|SecurityGroupIds|Groups)$/);
    const launch = fleetLaunch(resource, reading);
    addInterface(resource, reading, {
      kind: 'unknown',
      subnets: subnets.length > 0 ? subnets : launch.subnets,
      securityGroups: groups.length > 0 ? groups : launch.securityGroups,
      publicIpv4: unknown(fleetReason),
      ipv6: 'if-subnet-has',
      behaviour: 'unknown',
      reason: fleetReason,
    });
    reading.unmodelled(
      resource,
      fleetReason,
      subnets.map((item) => item.value),
    );
  },
};

/** What a fleet launches where its own configurations say nothing: by the template that they name, or by one of them. */
function fleetLaunch(fleet: Resource, reading: Reading): Pick<InterfaceProperties, 'securityGroups' | 'subnets'> {
  const { id, properties } = fleet;
  const named = new Set(propertiesNamed(properties, /^LaunchTemplateSpecification$/));
  if (named.size === 0) return { securityGroups: undefined, subnets: undefined };
  const specifications = [...named].flatMap((one) => alternatives(one));
  const [only, ...others] = specifications.map(({ value }) => launchTemplateData(value, reading));
  if (others.length === 0 && !isUnknownProperty(only)) {
    const { securityGroups, subnets } = launchedBy(only, fleet, reading);
    return { securityGroups, subnets };
  }
  const open = [only, ...others].find(isUnknownProperty) ?? unknown(`\`${id}\` launches from several templates`);
  // Which of them it is, nobody knows: it may stand where any of them says, and where one says nothing, anywhere.
  const places = [only, ...others].map((data) =>
    isUnknownProperty(data) ? open : launchedBy(data, fleet, reading).subnets,
  );
  const subnets = places.flatMap((place) => reading.references('subnets', place ?? open, fleet, 'SubnetId'));
  return { securityGroups: open, subnets: subnets.map((item) => ({ ...item, certain: false })) };
}

function launchedBy(data: Property, fleet: Resource, reading: Reading) {
  const launch = launchOf(undefined, data);
  const groups = reading.referencesOf('securityGroups', itemsWithin(launch.interfaces, 'Groups'), fleet, 'Groups');
  const [place] = launch.interfaces.flatMap(({ value }) => at(value, 'SubnetId') ?? []);
  return { securityGroups: groups.length > 0 ? groups : launch.securityGroups, subnets: place ?? launch.subnet };
}

function propertiesNamed(property: Property, name: RegExp, result: Property[] = []): Property[] {
  if (property === null || typeof property !== 'object' || isUnknown(property)) return result;
  for (const [key, value] of Object.entries(property)) {
    if (name.test(key)) result.push(value);
    else propertiesNamed(value, name, result);
  }
  return result;
}

const launchOnly: Reader = { model: 'exact', noEffect: 'it launches nothing; what launches from it is read with it' };

export const instanceReaders: Readers = {
  'AWS::EC2::Instance': instance,
  'AWS::AutoScaling::AutoScalingGroup': autoScalingGroup,
  'AWS::EC2::LaunchTemplate': launchOnly,
  'AWS::AutoScaling::LaunchConfiguration': launchOnly,
  'AWS::EC2::EC2Fleet': fleet,
  'AWS::EC2::SpotFleet': fleet,
};
