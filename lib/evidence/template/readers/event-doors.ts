/**
 * Functions and tasks in a VPC that events of strangers start (facts 36, 37): by a topic, a queue, a bus or a stream whose
 * policy lets somebody beyond its account send, or that hands on what an API's clients, devices or e-mails bring. Events of
 * the account's own, schedules and changes in its buckets are no stranger's request.
 */
import type { ResourceId } from '../../network';
import type { Resource } from '../resource';
import { functionsIn, openDoor } from './called-functions';
import { holdersIn } from './data-holders';
import { noteTransfer, transferring } from './data-transfers';
import { logFilter } from './deliveries';
import { EventFeeds, FEEDS } from './event-feeds';
import { at, isAbsent, type Property, referencesIn } from './property';
import { type Reader, type Readers, type Reading, unique } from './reading';

function deliver(resource: Resource, reading: Reading): void {
  const feeds = EventFeeds.of(reading);
  for (const feed of FEEDS[resource.type]?.(resource) ?? []) {
    const started = startedBy(resource, feed.to, reading);
    if (started.length > 0) noteHandedOn(resource, reading, feed.from, started);
    const stranger = started.length > 0 ? feeds.behind(feed, resource) : undefined;
    if (!stranger) {
      const brokers = brokersIn(feed.from, reading);
      const why = 'it hands to what stands in the VPC what others write to brokers in theirs';
      if (brokers.length > 0) openDoor(resource, reading, started, why, brokers);
      continue;
    }
    const reason = `it hands events to what stands in the VPC, and ${stranger.says}`;
    openDoor(resource, reading, started, reason, stranger.from);
  }
}

/** VPCs of brokers and databases, into which whoever reaches them writes. */
function brokersIn(source: Property, reading: Reading): ResourceId[] {
  const placed = holdersIn(source, reading).flatMap((id) => reading.get('interfaces', id)?.subnets ?? []);
  return unique(placed.flatMap((subnet) => reading.get('subnets', subnet)?.vpc ?? [])).sort();
}

/** What a zone names goes to functions of its own; a bucket tells what is in it, and hands on nothing. */
function noteHandedOn(resource: Resource, reading: Reading, source: Property, toIds: readonly ResourceId[]): void {
  const from = holdersIn(source, reading).filter((id) => reading.resource(id)?.type !== 'AWS::S3::Bucket');
  noteTransfer(resource, reading, { says: 'it is handed on', from, toIds, ofNamed: true });
}

/** What stands in a VPC among the targets, and what the resource itself runs there. */
function startedBy(resource: Resource, targets: readonly Property[], reading: Reading): ResourceId[] {
  const named = targets.filter((target) => !isAbsent(target));
  const placed = [resource.id, ...named.flatMap((target) => resourcesBehind(target, reading))];
  const standing = placed.filter((one) => reading.get('interfaces', one) !== undefined);
  return unique([...standing, ...named.flatMap((target) => functionsIn(target, reading, resource))]).sort();
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/connection-private.html */
const CONNECTS: Readonly<Record<string, readonly string[]>> = {
  'AWS::Events::ApiDestination': ['ConnectionArn'],
  'AWS::Events::Connection': ['InvocationConnectivityParameters'],
  'AWS::VpcLattice::ResourceConfiguration': ['ResourceGatewayId'],
};

function resourcesBehind(property: Property, reading: Reading, passed = new Set<ResourceId>()): ResourceId[] {
  for (const { reference } of referencesIn(property)) {
    if (passed.has(reference.resource)) continue;
    passed.add(reference.resource);
    const { type = '', properties } = reading.resource(reference.resource) ?? {};
    for (const name of CONNECTS[type] ?? []) resourcesBehind(at(properties, name), reading, passed);
  }
  return [...passed];
}

/** A reader whose resources also hand events on. */
export function handingOn(reader: Reader): Reader {
  return {
    ...reader,
    connect(resource, reading) {
      reader.connect?.(resource, reading);
      deliver(resource, reading);
    },
  };
}

const deliverer: Reader = { model: 'may-must', connect: deliver };

/** It says who may send; what sends is read with what hands it on. */
const grants: Reader = { model: 'may-must' };

export const eventDoorReaders: Readers = {
  'AWS::SNS::Subscription': deliverer,
  'AWS::Lambda::EventSourceMapping': deliverer,
  'AWS::Logs::SubscriptionFilter': transferring(deliverer, logFilter),
  'AWS::StepFunctions::StateMachine': deliverer,
  'AWS::Events::EventBusPolicy': grants,
};
