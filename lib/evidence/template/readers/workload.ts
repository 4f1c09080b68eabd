/**
 * Managed things that stand in subnets, are filtered by groups and end connections: one reader for all, by the property
 * paths of AWS's specification. A type is listed only where AWS documents that nothing passes through it.
 */
import type { InterfaceKind, ResourceId, Value } from '../../network';
import type { Resource } from '../resource';
import { declareDelivery } from './data-store';
import { transferring } from './data-transfers';
import { delivery } from './deliveries';
import { handingOn } from './event-doors';
import { addInterface, type InterfaceProperties } from './interface';
import { partOf } from './part-of-host';
import { exposureOf, placedGroups, placedSubnets, placedVpc } from './place';
import { at, flagOf, type Item, isAbsent, onlyReferenceIn, type Property } from './property';
import { orDefault, type Reader, type Readers, type Reading } from './reading';

export interface WorkloadOptions {
  /**
   * `never`: AWS gives it no public address; a flag of the specification decides otherwise, with this default;
   * `by-subnet`: as its subnets say
   */
  readonly exposure?: 'never' | 'by-subnet' | boolean;
  /** AWS makes a group for it that no template shows, where none is named */
  readonly ownGroup?: true;
  /** stands somewhere even where it names no subnet and no group: in the default VPC */
  readonly always?: true;
  readonly ipv6?: InterfaceProperties['ipv6'];
  /** the property that names what it is made from: where it names no place, it stands there, under the same groups */
  readonly madeFrom?: string;
}

export function workload(kind: InterfaceKind, options: WorkloadOptions = {}): Reader {
  return {
    model: 'exact',
    populate(resource, reading) {
      const own = { subnets: placedSubnets(resource, reading), groups: placedGroups(resource, reading) };
      const source = options.madeFrom === undefined ? undefined : at(resource.properties, options.madeFrom);
      const isElsewhere = !isAbsent(source) && own.subnets.length === 0;
      const { subnets, groups } = isElsewhere ? placeOfSource(source, own.groups, resource, reading) : own;
      if (subnets.length === 0 && groups.length === 0 && !options.always) return;
      const vpc = placedVpc(resource, reading);
      addInterface(resource, reading, {
        kind,
        subnets,
        securityGroups: groups.length === 0 && options.ownGroup ? [ownGroup(resource)] : groups,
        ...(vpc !== undefined && { vpc }),
        publicIpv4: publicBy(options.exposure ?? 'never', resource),
        ipv6: options.ipv6 ?? 'if-subnet-has',
      });
    },
  };
}

interface Place {
  readonly subnets: readonly Item<ResourceId>[];
  readonly groups: readonly Item<ResourceId>[];
}

/** Of one that no template shows nobody knows where it stands. */
function placeOfSource(source: Property, named: Place['groups'], resource: Resource, reading: Reading): Place {
  const reference = onlyReferenceIn(source);
  const shown = reference && reading.resource(reference.reference.resource);
  const subnets = shown
    ? placedSubnets(shown, reading)
    : reading.references('subnets', source, resource, 'SubnetGroupName');
  const others = shown
    ? placedGroups(shown, reading)
    : reading.references('securityGroups', source, resource, 'SecurityGroupIds');
  return { subnets, groups: named.length > 0 ? named : others };
}

function publicBy(exposure: WorkloadOptions['exposure'], resource: Resource): Value<boolean> | 'by-subnet' {
  if (exposure === 'by-subnet') return 'by-subnet';
  return typeof exposure === 'boolean' ? orDefault(flagOf(exposureOf(resource)), exposure) : false;
}

/** A group that AWS makes with the resource: its rules are not known. */
export function ownGroup({ id }: Resource) {
  return { value: `${id}#security-group`, certain: true };
}

const job = workload('workload');
const byFlag = workload('workload', { exposure: false });

/** Where AWS takes jobs, brokers, pipelines and the like into a VPC: they reach out, and nothing passes through. */
export const workloadReaders: Readers = {
  'AWS::APS::Scraper': job,
  'AWS::AmazonMQ::Broker': workload('workload', { exposure: false, always: true }),
  'AWS::Comprehend::DocumentClassifier': job,
  'AWS::Comprehend::EntityRecognizer': job,
  'AWS::Comprehend::Flywheel': job,
  'AWS::DMS::ReplicationConfig': job,
  'AWS::DMS::ReplicationInstance': workload('workload', { exposure: true, always: true }),
  'AWS::DataSync::LocationEFS': job,
  'AWS::DirectoryService::MicrosoftAD': workload('workload', { ownGroup: true }),
  'AWS::DirectoryService::SimpleAD': workload('workload', { ownGroup: true }),
  'AWS::Glue::Connection': job,
  'AWS::KafkaConnect::Connector': job,
  'AWS::KinesisAnalyticsV2::Application': job,
  'AWS::KinesisFirehose::DeliveryStream': { ...transferring(handingOn(job), delivery), declare: declareDelivery },
  'AWS::LookoutMetrics::AnomalyDetector': job,
  'AWS::M2::Environment': byFlag,
  'AWS::MSK::Replicator': job,
  'AWS::MSK::ServerlessCluster': job,
  'AWS::NeptuneGraph::PrivateGraphEndpoint': partOf(
    workload('vpc-endpoint'),
    'GraphIdentifier',
    'AWS::NeptuneGraph::Graph',
  ),
  'AWS::OSIS::Pipeline': job,
  'AWS::Omics::Configuration': job,
  'AWS::OpenSearchServerless::VpcEndpoint': workload('vpc-endpoint'),
  'AWS::SageMaker::DataQualityJobDefinition': job,
  'AWS::SageMaker::Model': job,
  'AWS::SageMaker::ModelBiasJobDefinition': job,
  'AWS::SageMaker::ModelExplainabilityJobDefinition': job,
  'AWS::SageMaker::ModelQualityJobDefinition': job,
  'AWS::SageMaker::MonitoringSchedule': job,
  'AWS::SageMaker::ProcessingJob': job,
  'AWS::SecretsManager::RotationSchedule': workload('function'),
  'AWS::Synthetics::Canary': workload('function'),
  'AWS::Timestream::InfluxDBCluster': workload('database', { exposure: false }),
  'AWS::Timestream::InfluxDBInstance': workload('database', { exposure: false }),
};
