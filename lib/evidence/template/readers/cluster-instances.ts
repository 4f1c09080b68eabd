/**
 * The instances that run the tasks of an ECS cluster: those that a capacity provider gives it, and those that join it by
 * their user data (`ECS_CLUSTER=…`). Tasks without a network of their own answer on ports of these, and send from them
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/networking-networkmode.html).
 */
import { type ResourceId, unknown, type Value } from '../../network';
import { ChoiceValue, type Resource, TextWithReferences } from '../resource';
import { launchDataOf, launchTemplateData } from './instance';
import {
  at,
  type Item,
  isAbsent,
  isObject,
  isUnknownProperty,
  itemsOf,
  numberOf,
  type Property,
  plainText,
  resourcesNamed,
} from './property';
import { type Reading, unique } from './reading';

const CLUSTER = 'AWS::ECS::Cluster';

export interface ClusterInstances {
  readonly joined: readonly ResourceId[];
  /** whose user data is not known, or names a cluster that no template shows */
  readonly perhaps: readonly ResourceId[];
}

/** Of a cluster; `strategy` is what a service says of the capacity providers that it uses. */
export function instancesOf(cluster: ResourceId, strategy: Property, reading: Reading): ClusterInstances {
  const chosen = groupsOfProviders(strategy, reading);
  if (chosen.length > 0) return { joined: chosen, perhaps: [] };
  const name = at(reading.resource(cluster)?.properties, 'ClusterName');
  const byData = joining(reading).map((each) => ({ id: each.id, joins: joins(each, cluster, name) }));
  const joined = unique([
    ...providedTo(cluster, reading),
    ...byData.flatMap(({ id, joins }) => (joins === true ? [id] : [])),
  ]);
  const perhaps = byData.flatMap(({ id, joins }) => (joins === 'perhaps' && !joined.includes(id) ? [id] : []));
  return { joined, perhaps };
}

/** The cluster that a property refers to, or spells the name of. */
export function clusterOf(property: Property, reading: Reading): ResourceId | undefined {
  const [named, ...others] = resourcesNamed(property);
  if (named !== undefined) return others.length === 0 ? named : undefined;
  const text = plainText(property);
  if (text === undefined) return undefined;
  return reading.ofType(CLUSTER).find(({ properties }) => plainText(at(properties, 'ClusterName')) === text)?.id;
}

/** The port of the instance that leads to the one of a container, as the task definition maps it. */
export function hostPort(service: Resource, balancer: Property, reading: Reading): Value<number> {
  const [named] = resourcesNamed(at(service.properties, 'TaskDefinition'));
  const definition = named === undefined ? undefined : reading.resource(named);
  const port = numberOf(at(balancer, 'ContainerPort')) ?? unknown('the service names no port of the container');
  if (!definition) return unknown('the task definition is in no template');
  if (plainText(at(definition.properties, 'NetworkMode')) === 'host') return port;
  const container = plainText(at(balancer, 'ContainerName'));
  const [mapping, ...others] = itemsOf(at(definition.properties, 'ContainerDefinitions'))
    .filter(({ value }) => container === undefined || plainText(at(value, 'Name')) === container)
    .flatMap(({ value, certain }) => itemsOf(at(value, 'PortMappings'), certain))
    .filter(({ value }) => numberOf(at(value, 'ContainerPort')) === port);
  const host = numberOf(at(mapping?.value, 'HostPort'));
  if (!mapping?.certain || others.length > 0) return unknown('which port of the container is mapped is not known');
  return host === undefined || host === 0 ? unknown('the instance picks a port for the container') : host;
}

// -------------------------------------------------------------------------------------------------- capacity providers

function providedTo(cluster: ResourceId, reading: Reading): ResourceId[] {
  const associations =
    reading.satellites('AWS::ECS::ClusterCapacityProviderAssociations', 'Cluster').get(cluster) ?? [];
  const holders = [reading.resource(cluster), ...associations];
  return holders.flatMap((holder) => groupsOfProviders(at(holder?.properties, 'CapacityProviders'), reading));
}

/** The Auto Scaling groups of the capacity providers that a value names. */
function groupsOfProviders(named: Property, reading: Reading): ResourceId[] {
  const groups = unique(resourcesNamed(named)).flatMap((id) => {
    const provider = reading.resource(id);
    if (provider?.type !== 'AWS::ECS::CapacityProvider') return [];
    return resourcesNamed(at(provider.properties, 'AutoScalingGroupProvider', 'AutoScalingGroupArn'));
  });
  return unique(groups).filter((id) => reading.get('interfaces', id) !== undefined);
}

// ----------------------------------------------------------------------------------------------------------- user data

interface Joining {
  readonly id: ResourceId;
  /** that its user data refers to */
  readonly clusters: readonly ResourceId[];
  /** the names that it spells out */
  readonly words: readonly string[];
  /** it is not known, or joins a cluster without saying which */
  readonly open: boolean;
}

function joins({ clusters, words, open }: Joining, cluster: ResourceId, name: Property): boolean | 'perhaps' {
  const known = plainText(name);
  if (clusters.includes(cluster) || (known !== undefined && words.includes(known))) return true;
  // Nobody can spell the name that CloudFormation makes up.
  return open || (words.length > 0 && known === undefined && !isAbsent(name)) ? 'perhaps' : false;
}

/** Whatever instances have user data that may make them join a cluster. */
function joining(reading: Reading): readonly Joining[] {
  return reading.cached('instances that join clusters', (all) => {
    const alone = all.ofType('AWS::EC2::Instance').map((resource) => {
      const { properties } = resource;
      return joiningBy(resource, [properties, launchTemplateData(at(properties, 'LaunchTemplate'), all)]);
    });
    const scaled = all
      .ofType('AWS::AutoScaling::AutoScalingGroup')
      .map((resource) => joiningBy(resource, launchDataOf(resource, all)));
    return [...alone, ...scaled].flatMap((found) => found.filter(({ id }) => all.get('interfaces', id) !== undefined));

    function joiningBy({ id }: Resource, sources: readonly Property[]): Joining[] {
      const data = sources.map((source) => at(source, 'UserData'));
      const texts = data.flatMap(textsIn);
      const clusters = unique(data.flatMap(resourcesNamed)).filter((named) => all.resource(named)?.type === CLUSTER);
      const asks = texts.some((text) => text.includes('ECS_CLUSTER'));
      const words = texts.flatMap((text) => [...text.matchAll(SPELLED)].flatMap(([, word = '']) => word));
      const open = data.some(isUnknownProperty) || (asks && clusters.length + words.length === 0);
      return open || asks || clusters.length > 0 ? [{ id, clusters, words, open }] : [];
    }
  });
}

const HOLE = '{}';
const SPELLED = /ECS_CLUSTER=["']?([\w-]+)(?![\w{-])/g;

function textsIn(property: Property): string[] {
  if (typeof property === 'string') return [property];
  if (property instanceof TextWithReferences) {
    return [property.parts.map((part) => (typeof part === 'string' ? part : HOLE)).join('')];
  }
  if (property instanceof ChoiceValue) return property.options.flatMap(textsIn);
  if (Array.isArray(property)) return property.flatMap((item: Item['value']) => textsIn(item));
  return isObject(property) ? Object.values(property).flatMap(textsIn) : [];
}
