/**
 * Functions and tasks in a VPC that events of strangers start (facts 36, 37): by a topic, a queue, a bus or a stream whose
 * policy lets somebody beyond its account send, or that hands on what an API's clients, devices or e-mails bring. Events of
 * the account's own, schedules and changes in its buckets are no stranger's request.
 */
import type { ResourceId } from '../../network';
import type { Resource } from '../resource';
import { functionsIn, openDoor } from './called-functions';
import { transferring } from './data-transfers';
import { logFilter } from './deliveries';
import { EventFeeds, FEEDS } from './event-feeds';
import { isAbsent, type Property, referencesIn } from './property';
import { type Reader, type Readers, type Reading, unique } from './reading';

function deliver(resource: Resource, reading: Reading): void {
  const feeds = EventFeeds.of(reading);
  for (const feed of FEEDS[resource.type]?.(resource) ?? []) {
    const started = startedBy(resource, feed.to, reading);
    const stranger = started.length > 0 ? feeds.behind(feed, resource) : undefined;
    if (!stranger) continue;
    const reason = `it hands events to what stands in the VPC, and ${stranger.says}`;
    openDoor(resource, reading, started, reason, stranger.from);
  }
}

/** What stands in a VPC among the targets, and what the resource itself runs there. */
function startedBy({ id }: Resource, targets: readonly Property[], reading: Reading): ResourceId[] {
  const named = targets.filter((target) => !isAbsent(target));
  const referred = named.flatMap((target) => referencesIn(target).map(({ reference }) => reference.resource));
  const placed = [id, ...referred].filter((one) => reading.get('interfaces', one) !== undefined);
  return unique([...placed, ...named.flatMap((target) => functionsIn(target, reading))]).sort();
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
