/**
 * Managed things that stand in subnets and run what somebody outside of them says: builds of a repository, notebooks of a
 * studio (fact 36). What they run sends from where they stand.
 */
import type { Resource } from '../resource';
import { noteTransfer, transferring } from './data-transfers';
import { at, flagOf, isAbsent, itemsOf, type Property, plainText } from './property';
import type { Reader, Readers, Reading } from './reading';
import { bridgeFromInternet } from './way-in';
import { workload } from './workload';

const job = workload('workload');

function runs(reason: string, isOpen: (resource: Resource) => boolean): Reader {
  return {
    ...job,
    model: 'may-must',
    connect(resource, reading) {
      const isPlaced = reading.get('interfaces', resource.id) !== undefined;
      if (isPlaced && isOpen(resource)) bridgeFromInternet(resource, reading, [resource.id], reason);
    },
  };
}

/** Whoever may write into a repository is trusted as whoever deploys is; who proposes a change to it may be anyone. */
const OF_WRITERS: readonly string[] = ['PUSH', 'RELEASED', 'PRERELEASED', 'PULL_REQUEST_MERGED'];

/** https://docs.aws.amazon.com/codebuild/latest/userguide/webhooks.html, pull-request-build-policy.html */
function buildsForAnyone({ properties }: Resource): boolean {
  const triggers = at(properties, 'Triggers');
  if ((flagOf(at(triggers, 'Webhook')) ?? false) === false) return false;
  const approval = plainText(at(triggers, 'PullRequestBuildPolicy', 'RequiresCommentApproval'));
  if (approval !== undefined && approval !== 'DISABLED') return false;
  const groups = at(triggers, 'FilterGroups');
  return !Array.isArray(groups) || groups.length === 0 || !groups.every((group: Property) => isOfWriters(group));
}

function isOfWriters(group: Property): boolean {
  return itemsOf(group).some(({ value, certain }) => {
    const [type, pattern] = ['Type', 'Pattern'].map((name) => plainText(at(value, name)));
    if (!certain || flagOf(at(value, 'ExcludeMatchedPattern')) === true) return false;
    const events = (pattern ?? '').split(',').map((event) => event.trim());
    return type === 'ACTOR_ACCOUNT_ID' || (type === 'EVENT' && events.every((event) => OF_WRITERS.includes(event)));
  });
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/public-builds.html */
function publishedLogs(resource: Resource, reading: Reading): void {
  if (plainText(at(resource.properties, 'Visibility')) !== 'PUBLIC_READ') return;
  noteTransfer(resource, reading, { says: 'whoever asks reads its logs and artifacts', from: [resource.id] });
}

/** https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/interactive-workloads.html */
function isInteractive({ properties }: Resource): boolean {
  const doors = ['StudioEnabled', 'LivyEndpointEnabled', 'SessionEnabled'];
  return doors.some((name) => (flagOf(at(properties, 'InteractiveConfiguration', name)) ?? false) !== false);
}

/** An index answers whom its own service admits, whatever was asked of where its data came from. */
function indexed(service: string): NonNullable<Reader['connect']> {
  return (resource, reading) => {
    if (reading.get('interfaces', resource.id) === undefined) return;
    const index = at(resource.properties, 'IndexId');
    const says = 'an index takes what it reads, and answers whom its own service admits';
    noteTransfer(resource, reading, { says, from: [resource.id], ...(isAbsent(index) ? {} : { to: index }), service });
  };
}

export const guestReaders: Readers = {
  'AWS::CodeBuild::Project': transferring(
    runs('whoever proposes a change to its repository has it built here', buildsForAnyone),
    publishedLogs,
  ),
  'AWS::EMRServerless::Application': runs(
    'whom IAM admits to its notebooks, wherever they are, has it run here',
    isInteractive,
  ),
  'AWS::Kendra::DataSource': transferring(job, indexed('kendra')),
  'AWS::QBusiness::DataSource': transferring(job, indexed('qbusiness')),
};
