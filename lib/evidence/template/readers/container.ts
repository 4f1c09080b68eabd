/**
 * Tasks of ECS, clusters of EKS, MSK and Batch (fact 36).
 */
import { isUnknown, type ResourceId, unknown, type Value } from '../../network';
import type { Resource } from '../resource';
import { clusterOf, hostPort, instancesOf } from './cluster-instances';
import { transferring } from './data-transfers';
import { events } from './deliveries';
import { handingOn } from './event-doors';
import { launchTemplateData } from './instance';
import { addInterface, type InterfaceProperties, nameAlso } from './interface';
import { exposureOf, placedGroups, placedSubnets } from './place';
import {
  at,
  flagOf,
  type Item,
  isUnknownProperty,
  itemsOf,
  itemsWithin,
  numberOf,
  onlyReferenceIn,
  type Property,
  resourcesNamed,
  textOf,
} from './property';
import { originOf, type Reader, type Readers, type Reading } from './reading';
import { defaultEgress, ruleWithinGroup } from './security-group';
import { registerTargets } from './target-group';
import { bridgeFromInternet } from './way-in';

/** A service or task set, and what runs tasks on a schedule: one interface per task, all in the same place. */
const tasks: Reader = {
  model: 'exact',
  populate(resource, reading) {
    const subnets = placedSubnets(resource, reading);
    const securityGroups = placedGroups(resource, reading);
    if (subnets.length === 0 && securityGroups.length === 0) return;
    addInterface(resource, reading, {
      kind: 'task',
      subnets,
      securityGroups,
      publicIpv4: flagOf(exposureOf(resource)) ?? false,
      ipv6: 'if-subnet-has',
      aliases: namesOfTask(resource),
    });
  },
  connect(resource, reading) {
    const placed = reading.get('interfaces', resource.id) !== undefined;
    if (!placed) return runOnInstances(resource, reading);
    openShell(resource, reading, [resource.id]);
    for (const item of itemsOf(at(resource.properties, 'LoadBalancers'))) {
      const port = numberOf(at(item.value, 'ContainerPort'));
      const certain = item.certain && resource.certain;
      registerTask(item.value, { interface: resource.id, port, certain }, resource, reading);
    }
  },
};

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html */
function openShell(resource: Resource, reading: Reading, where: readonly ResourceId[]): void {
  const { properties } = resource;
  const targets = [at(properties, 'Target'), ...itemsOf(at(properties, 'Targets')).map(({ value }) => value)];
  const flags = targets.map((target) => at(target, 'EcsParameters', 'EnableExecuteCommand'));
  const isOpen = [at(properties, 'EnableExecuteCommand'), ...flags].some((flag) => (flagOf(flag) ?? false) !== false);
  const reason = 'ECS Exec opens a shell in its tasks for whom IAM admits, wherever they are';
  if (isOpen && where.length > 0) bridgeFromInternet(resource, reading, where, reason);
}

/** By which a user may mean its tasks. */
function namesOfTask({ properties }: Resource): ResourceId[] {
  return ['TaskDefinition', 'Cluster'].flatMap((name) => resourcesNamed(at(properties, name)));
}

/** Tasks without an interface of their own answer on ports of the instances of their cluster. */
function runOnInstances(resource: Resource, reading: Reading): void {
  const { properties, certain } = resource;
  const cluster = clusterOf(at(properties, 'Cluster'), reading);
  if (cluster === undefined) return leaveAllTargetsOpen(resource, reading);
  const { joined, perhaps } = instancesOf(cluster, at(properties, 'CapacityProviderStrategy'), reading);
  if (joined.length === 0) return leaveAllTargetsOpen(resource, reading);
  nameAlso(joined, [resource.id, ...namesOfTask(resource)], reading);
  openShell(resource, reading, [...joined, ...perhaps]);
  // Which of several runs the tasks, the scheduler decides.
  const isDecided = certain && joined.length === 1 && perhaps.length === 0;
  for (const item of itemsOf(at(properties, 'LoadBalancers'))) {
    const port = hostPort(resource, item.value, reading);
    for (const instances of [...joined, ...perhaps]) {
      const target = { interface: instances, port, certain: item.certain && isDecided };
      registerTask(item.value, target, resource, reading);
    }
  }
}

function leaveAllTargetsOpen(resource: Resource, reading: Reading): void {
  for (const item of itemsOf(at(resource.properties, 'LoadBalancers'))) leaveTargetsOpen(item.value, resource, reading);
}

/** A cluster is named for the instances that join it, whether or not a service is shown. */
const ecsCluster: Reader = {
  model: 'exact',
  connect({ id }, reading) {
    nameAlso(instancesOf(id, undefined, reading).joined, [id], reading);
  },
};

function registerTask(
  balancer: Property,
  target: { interface: ResourceId; port: Value<number> | undefined; certain: boolean },
  resource: Resource,
  reading: Reading,
): void {
  registerTargets(at(balancer, 'TargetGroupArn'), 'TargetGroupArn', target, resource, reading);
  registerTargets(at(balancer, 'LoadBalancerName'), 'LoadBalancerName', target, resource, reading);
  const alternate = at(balancer, 'AdvancedConfiguration', 'AlternateTargetGroupArn');
  registerTargets(alternate, 'AlternateTargetGroupArn', { ...target, certain: false }, resource, reading);
}

/** Where no template shows the instances of the cluster. */
function leaveTargetsOpen(balancer: Property, resource: Resource, reading: Reading): void {
  for (const group of reading.references('targetGroups', at(balancer, 'TargetGroupArn'), resource, 'TargetGroupArn')) {
    const reason = `\`${resource.id}\` registers ports of whatever instances run its tasks`;
    reading.obtain('targetGroups', group.value).unknownTargets = { reason, parameters: [] };
  }
}

/** Its control plane stands in the subnets; its public endpoint leads to the pods of whoever may call it. */
const eksCluster: Reader = {
  model: 'may-must',
  declare(resource, reading) {
    const id = `${resource.id}#cluster-security-group`;
    const origin = originOf(resource);
    reading.add('securityGroups', {
      id,
      origin,
      certain: resource.certain,
      vpc: `${id}#vpc`,
      isDefault: false,
      ingress: [ruleWithinGroup(origin, id)],
      egress: defaultEgress(origin),
    });
  },
  populate(resource, reading) {
    addCluster(resource, reading, placedSubnets(resource, reading), placedGroups(resource, reading));
    if (flagOf(exposureOf(resource)) === false) return;
    reading.unmodelled(resource, OPEN_CLUSTER, [resource.id]);
  },
};

const OPEN_CLUSTER = 'its API endpoint is open to the internet: whom it admits may reach into every pod';

/** The control plane, under the groups it names and the one that EKS makes for the cluster. */
function addCluster(
  resource: Resource,
  reading: Reading,
  subnets: readonly Item<ResourceId>[],
  groups: readonly Item<ResourceId>[],
): void {
  const group = `${resource.id}#cluster-security-group`;
  const noun = reading.obtain('securityGroups', group);
  const vpc = reading.get('subnets', subnets[0]?.value ?? '')?.vpc;
  if (vpc !== undefined) noun.vpc = vpc;
  addInterface(resource, reading, {
    kind: 'workload',
    subnets,
    securityGroups: [...groups, { value: group, certain: true }],
    publicIpv4: false,
    ipv6: 'if-subnet-has',
  });
}

/** The custom resource by which CDK made clusters before AWS published a type that could do as much. */
const cdkCluster: Reader = {
  ...eksCluster,
  populate(resource, reading) {
    const config = at(resource.properties, 'Config', 'resourcesVpcConfig');
    const subnets = reading.references('subnets', at(config, 'subnetIds'), resource, 'subnetIds');
    const groups = reading.references('securityGroups', at(config, 'securityGroupIds'), resource, 'securityGroupIds');
    addCluster(resource, reading, subnets, groups);
    if (flagOf(at(config, 'endpointPublicAccess')) === false) return;
    reading.unmodelled(resource, OPEN_CLUSTER, [resource.id]);
  },
};

/** The cluster's own group, where its nodes and pods name none. */
function clusterGroup(resource: Resource): { value: ResourceId; certain: boolean } {
  const cluster = onlyReferenceIn(at(resource.properties, 'ClusterName'));
  const id = cluster ? `${cluster.reference.resource}#cluster-security-group` : `${resource.id}#security-group`;
  return { value: id, certain: true };
}

const eksNodes: Reader = {
  model: 'may-must',
  populate(resource, reading) {
    const isNodes = resource.type === 'AWS::EKS::Nodegroup';
    const data = isNodes ? launchTemplateData(at(resource.properties, 'LaunchTemplate'), reading) : undefined;
    const groups = groupsOfLaunch(data, resource, reading);
    addInterface(resource, reading, {
      kind: isNodes ? 'instance' : 'task',
      subnets: placedSubnets(resource, reading),
      securityGroups: groups === undefined || groups === null ? [clusterGroup(resource)] : groups,
      publicIpv4: isNodes ? publicByLaunch(data) : false,
      ipv6: 'if-subnet-has',
      aliases: resourcesNamed(at(resource.properties, 'LaunchTemplate')),
    });
    const remote = at(resource.properties, 'RemoteAccess');
    if (remote === undefined) return;
    const reason =
      'remote access opens port 22 of its nodes to the groups it names, or to everyone where it names none';
    reading.unmodelled(resource, reason, [resource.id]);
  },
};

const batch: Reader = {
  model: 'may-must',
  populate(resource, reading) {
    const subnets = placedSubnets(resource, reading);
    const named = placedGroups(resource, reading);
    const template = at(resource.properties, 'ComputeResources', 'LaunchTemplate');
    const launched = launchTemplateData(template, reading);
    if (subnets.length === 0 && named.length === 0) return;
    addInterface(resource, reading, {
      kind: 'task',
      subnets,
      securityGroups: named.length > 0 ? named : groupsOfLaunch(launched, resource, reading),
      publicIpv4: publicBatch(resource, launched, reading),
      ipv6: 'if-subnet-has',
      aliases: resourcesNamed(template),
    });
  },
};

/** The groups that launch template data names, at the top or of its interfaces. */
function groupsOfLaunch(data: Property, resource: Resource, reading: Reading): InterfaceProperties['securityGroups'] {
  if (isUnknownProperty(data)) return data;
  const groups = itemsWithin(itemsOf(at(data, 'NetworkInterfaces')), 'Groups');
  return groups.length > 0
    ? reading.referencesOf('securityGroups', groups, resource, 'Groups')
    : at(data, 'SecurityGroupIds');
}

/** What the first interface of launch template data says, else the subnet. */
function publicByLaunch(data: Property): Value<boolean> | 'by-subnet' {
  if (isUnknownProperty(data)) return data;
  const [first] = itemsOf(at(data, 'NetworkInterfaces'));
  return flagOf(first?.because ?? at(first?.value, 'AssociatePublicIpAddress')) ?? 'by-subnet';
}

/** Fargate jobs ask for a public address in their definitions, which any environment of the account may run. */
function publicBatch(resource: Resource, launched: Property, reading: Reading): Value<boolean> | 'by-subnet' {
  const type = textOf(at(resource.properties, 'ComputeResources', 'Type'));
  const isFargate = type !== undefined && !isUnknown<string>(type) && type.toUpperCase().startsWith('FARGATE');
  if (!isFargate) return publicByLaunch(launched);
  const definitions = reading.ofType('AWS::Batch::JobDefinition');
  const isAsked = definitions.some((definition) => (flagOf(exposureOf(definition)) ?? false) !== false);
  return isAsked ? unknown('a job definition asks for a public address') : false;
}

/** Brokers are public only where their connectivity says so. */
const msk: Reader = {
  model: 'exact',
  populate(resource, reading) {
    const access = at(resource.properties, 'BrokerNodeGroupInfo', 'ConnectivityInfo', 'PublicAccess', 'Type');
    const type = textOf(access) ?? 'DISABLED';
    addInterface(resource, reading, {
      kind: 'workload',
      subnets: placedSubnets(resource, reading),
      securityGroups: placedGroups(resource, reading),
      publicIpv4: isUnknown<string>(type) ? type : type.toUpperCase() !== 'DISABLED',
      ipv6: 'if-subnet-has',
    });
  },
};

export const containerReaders: Readers = {
  'AWS::ECS::Cluster': ecsCluster,
  'AWS::ECS::Service': tasks,
  'AWS::ECS::TaskSet': tasks,
  'AWS::Events::Rule': transferring(handingOn(tasks), events),
  'AWS::Scheduler::Schedule': tasks,
  'AWS::Pipes::Pipe': handingOn(tasks),
  'AWS::EKS::Cluster': eksCluster,
  'Custom::AWSCDK-EKS-Cluster': cdkCluster,
  'AWS::EKS::Nodegroup': eksNodes,
  'AWS::EKS::FargateProfile': eksNodes,
  'AWS::Batch::ComputeEnvironment': batch,
  'AWS::Batch::JobDefinition': { model: 'exact', noEffect: 'it runs nothing; what runs it is read with it' },
  'AWS::MSK::Cluster': msk,
};
