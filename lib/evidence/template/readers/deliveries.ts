/**
 * What AWS sends on to other accounts and services, past every packet: streams, events and logs.
 */
import type { ResourceId } from '../../network';
import type { Resource } from '../resource';
import { holdersIn } from './data-holders';
import { isElsewhere, noteTransfer, takingData } from './data-transfers';
import { at, isAbsent, itemsOf, type Property, plainText } from './property';
import type { Reader, Readers, Reading } from './reading';

// ----------------------------------------------------------------------------------------------------------- streams

const DELIVERS_OUT = ['HttpEndpointDestinationConfiguration', 'SplunkDestinationConfiguration'];
const DELIVERS_OVER = ['SnowflakeDestinationConfiguration', 'AmazonOpenSearchServerlessDestinationConfiguration'];

const OVER_NETWORK = [
  ['AmazonopensearchserviceDestinationConfiguration', 'DomainARN'],
  ['ElasticsearchDestinationConfiguration', 'DomainARN'],
  ['RedshiftDestinationConfiguration', 'ClusterJDBCURL'],
] as const;

/** https://docs.aws.amazon.com/firehose/latest/dev/what-is-this-service.html */
export const delivery: NonNullable<Reader['connect']> = (resource, reading) => {
  const { properties } = resource;
  const sources = [
    at(properties, 'KinesisStreamSourceConfiguration', 'KinesisStreamARN'),
    at(properties, 'MSKSourceConfiguration', 'MSKClusterARN'),
  ];
  const from = [resource.id, ...sources.flatMap((source) => holdersIn(source, reading))];
  const isOut = [...DELIVERS_OUT, ...DELIVERS_OVER].some((name) => !isAbsent(at(properties, name)));
  if (isOut) noteTransfer(resource, reading, { says: 'a stream delivers it to a service beyond the estate', from });
  for (const to of OVER_NETWORK.map(([configuration, name]) => at(properties, configuration, name)))
    if (!isAbsent(to)) noteTransfer(resource, reading, { says: 'a stream delivers it to a database', from, to });
  for (const to of bucketsIn(properties))
    noteTransfer(resource, reading, { says: 'a stream delivers it to a bucket', from, to });
};

/** Every bucket that a destination names, for what it gets and for what it could not. */
function bucketsIn(properties: Resource['properties']): Property[] {
  return Object.entries(properties).flatMap(([name, value]) => {
    if (!name.endsWith('DestinationConfiguration')) return [];
    const nested = ['S3Configuration', 'S3BackupConfiguration'].map((part) => at(value, part, 'BucketARN'));
    return [at(value, 'BucketARN'), ...nested].filter((one) => !isAbsent(one));
  });
}

// -------------------------------------------------------------------------------------------------- events and logs

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html, eb-api-destinations.html */
export const events: NonNullable<Reader['connect']> = (resource, reading) => {
  const { properties } = resource;
  const pattern = at(properties, 'EventPattern');
  if (isAbsent(pattern) || plainText(at(properties, 'State')) === 'DISABLED' || isOfAws(pattern)) return;
  const bus = at(properties, 'EventBusName');
  const shown = holdersIn(bus, reading);
  const name = plainText(bus)?.split('/').pop() ?? 'default';
  const from = shown.length > 0 ? { from: shown } : { fromUnseen: { service: 'events', name } };
  for (const { value } of itemsOf(at(properties, 'Targets'))) {
    const to = at(value, 'Arn');
    const isApi = holdersIn(to, reading).some((id) => reading.resource(id)?.type === 'AWS::Events::ApiDestination');
    if (!isApi && !isElsewhere(to, resource)) continue;
    noteTransfer(resource, reading, { says: 'a rule sends events beyond the account', ...from, ...(!isApi && { to }) });
  }
};

/** What AWS itself tells (`aws.ec2`) is nobody's data. */
function isOfAws(pattern: Property): boolean {
  const sources = itemsOf(at(pattern, 'source')).map(({ value }) => plainText(value));
  return sources.length > 0 && sources.every((source) => source?.startsWith('aws.') && source !== 'aws.s3');
}

const SENT_ON = 'a filter sends what is logged to another account';

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions.html */
export const logFilter: NonNullable<Reader['connect']> = (resource, reading) => {
  const to = at(resource.properties, 'DestinationArn');
  if (!isElsewhere(to, resource)) return;
  const group = at(resource.properties, 'LogGroupName');
  const shown = holdersIn(group, reading);
  const name = plainText(group);
  const fromUnseen = { service: 'logs', ...(name !== undefined && { name }) };
  const from = shown.length > 0 ? { from: shown.filter((id) => !flowLogs(reading).has(id)) } : { fromUnseen };
  noteTransfer(resource, reading, { says: SENT_ON, ...from, to });
};

const logPolicy = takingData((resource, reading) => {
  const text = plainText(at(resource.properties, 'PolicyDocument')) ?? '';
  const destination = /"DestinationArn"\s*:\s*"([^"]+)"/.exec(text)?.[1];
  if (destination === undefined || !isElsewhere(destination, resource)) return;
  noteTransfer(resource, reading, { says: SENT_ON, fromUnseen: { service: 'logs' }, to: destination });
});

/** Groups in which AWS records who talks to whom, and nothing that is said. */
function flowLogs(reading: Reading): ReadonlySet<ResourceId> {
  return reading.cached('groups of flow logs', (one) => {
    const logs = one.ofType('AWS::EC2::FlowLog').map(({ properties }) => properties);
    const named = logs.flatMap((properties) => [at(properties, 'LogGroupName'), at(properties, 'LogDestination')]);
    return new Set(named.flatMap((property) => holdersIn(property, one)));
  });
}

export const deliveryReaders: Readers = {
  'AWS::Logs::AccountPolicy': logPolicy,
};
