/**
 * Ways that AWS opens from one VPC to a managed thing that stands in another, past routes and groups (facts 31, 36): a
 * connection of MSK, a private service of App Runner, endpoints of Redshift that another account is let make.
 * https://docs.aws.amazon.com/msk/latest/developerguide/aws-access-mult-vpc.html,
 * https://docs.aws.amazon.com/apprunner/latest/dg/network-pl.html,
 * https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-cross-vpc.html
 */
import type { Bridge, ResourceId } from '../../network';
import type { Resource } from '../resource';
import { placedVpc } from './place';
import { at, isAbsent, plainText, resourcesNamed } from './property';
import { originOf, type Reader, type Readers, type Reading } from './reading';
import { unmodelledReader } from './unmodelled';
import { workload } from './workload';

function openDoor(
  resource: Resource,
  reading: Reading,
  from: Bridge['from'],
  to: readonly ResourceId[],
  reason: string,
): void {
  const shown = to.filter((id) => reading.get('interfaces', id) !== undefined);
  if (shown.length === 0) return;
  const ends = shown.map((id) => ({ kind: 'interface' as const, id }));
  const { id, certain } = resource;
  const start = from === 'internet' ? from : [...from];
  reading.add('bridges', { id, origin: originOf(resource), certain, reason, from: start, to: ends, open: false });
}

function ownVpc(resource: Resource, reading: Reading): ResourceId[] {
  const vpc = placedVpc(resource, reading);
  return vpc === undefined ? [] : [vpc];
}

const endpoint = workload('vpc-endpoint');

const mskConnection: Reader = {
  ...endpoint,
  model: 'may-must',
  connect(resource, reading) {
    const clusters = resourcesNamed(at(resource.properties, 'TargetClusterArn'));
    const reason = 'clients in its VPC reach the brokers through it, for whom the cluster admits';
    openDoor(resource, reading, ownVpc(resource, reading), clusters, reason);
  },
};

/** Other accounts connect by it where the brokers let connections of other VPCs in. */
const mskPolicy: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const clusters = resourcesNamed(at(resource.properties, 'ClusterArn')).filter((id) => {
      const cluster = reading.resource(id)?.properties;
      return !isAbsent(at(cluster, 'BrokerNodeGroupInfo', 'ConnectivityInfo', 'VpcConnectivity'));
    });
    openDoor(resource, reading, 'internet', clusters, 'whom it names connects to the brokers from VPCs of their own');
  },
};

/** Clients of a private service of App Runner; what it does for them it does by its connector. */
const appRunnerIngress: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    unmodelledReader.connect?.(resource, reading);
    const connectors = resourcesNamed(at(resource.properties, 'ServiceArn')).flatMap((id) => {
      const service = reading.resource(id)?.properties;
      return resourcesNamed(at(service, 'NetworkConfiguration', 'EgressConfiguration', 'VpcConnectorArn'));
    });
    const reason = 'clients in its VPC call a service that reaches into another one by its connector';
    openDoor(resource, reading, vpcOfIngress(resource, reading), connectors, reason);
  },
};

function vpcOfIngress(resource: Resource, reading: Reading): ResourceId[] {
  const own = ownVpc(resource, reading);
  if (own.length > 0) return own;
  const named = resourcesNamed(at(resource.properties, 'IngressVpcConfiguration', 'VpcEndpointId'));
  return named.flatMap((id) => reading.get('vpcEndpoints', id)?.vpc ?? []);
}

const redshiftAuthorization: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    unmodelledReader.connect?.(resource, reading);
    const property = at(resource.properties, 'ClusterIdentifier');
    const text = plainText(property);
    const named = reading
      .ofType('AWS::Redshift::Cluster')
      .filter(({ properties }) => text !== undefined && plainText(at(properties, 'ClusterIdentifier')) === text);
    const clusters = [...resourcesNamed(property), ...named.map(({ id }) => id)];
    openDoor(resource, reading, 'internet', clusters, 'another account may reach the cluster by endpoints of its own');
  },
};

export const privateDoorReaders: Readers = {
  'AWS::MSK::VpcConnection': mskConnection,
  'AWS::MSK::ClusterPolicy': mskPolicy,
  'AWS::AppRunner::VpcIngressConnection': appRunnerIngress,
  'AWS::Redshift::EndpointAuthorization': redshiftAuthorization,
};
