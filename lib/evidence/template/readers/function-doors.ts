/**
 * Who calls a function that stands in a VPC without being in that VPC (facts 36, 37): a URL, an API, others whom the
 * function's own policy lets call. No packet of theirs enters the VPC; what the function then does there begins with a
 * stranger's request. What events bring is read in `event-doors.ts`.
 */
import { isUnknown, type ResourceId, UNKNOWN_ACCOUNT } from '../../network';
import type { Resource } from '../resource';
import { callersOf, isPrivate, privateCallers } from './api-callers';
import { functionsIn, openDoor } from './called-functions';
import { EventFeeds, type Stranger } from './event-feeds';
import { at, isAbsent, isUnknownProperty, plainText, resourcesNamed, textOf } from './property';
import { type Reader, type Readers, type Reading, unique } from './reading';
import { DEPUTIES, isStranger } from './stranger-grants';

const functionUrl: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const auth = textOf(at(resource.properties, 'AuthType'));
    const anyone = auth !== undefined && !isUnknown<string>(auth) && auth.toUpperCase() === 'NONE';
    const whom = anyone ? 'anyone on the internet' : 'whom IAM admits, from the internet,';
    const functions = functionsIn(at(resource.properties, 'TargetFunctionArn'), reading, resource);
    openDoor(resource, reading, functions, `its URL lets ${whom} call a function that stands in the VPC`);
  },
};

/** Services that hand on what their clients ask, by the names with which a function's policy lets them call. */
const FRONTS: ReadonlySet<string> = new Set([
  'alexa-appkit.amazon.com',
  'alexa-connectedhome.amazon.com',
  'apigateway.amazonaws.com',
  'appsync.amazonaws.com',
  'bedrock.amazonaws.com',
  'cloudfront.amazonaws.com',
  'cognito-idp.amazonaws.com',
  'connect.amazonaws.com',
  'edgelambda.amazonaws.com',
  'iot.amazonaws.com',
  'lex.amazonaws.com',
  'lexv2.amazonaws.com',
  'transfer.amazonaws.com',
  'vpc-lattice.amazonaws.com',
]);

/** A balancer whose target groups the templates show is read with them. */
function isUnseenBalancer(principal: string | undefined, { properties }: Resource, reading: Reading): boolean {
  if (principal !== 'elasticloadbalancing.amazonaws.com') return false;
  const isShown = reading.ofType('AWS::ElasticLoadBalancingV2::TargetGroup').length > 0;
  return !isShown || isUnknownProperty(at(properties, 'SourceArn'));
}

/**
 * `Principal`: a service, an account, an identity in one, or everyone.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html
 */
const permission: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const { properties } = resource;
    if (!/^(?:\*|lambda:(?:\*|invoke.*))$/i.test(plainText(at(properties, 'Action')) ?? '*')) return;
    const stranger = callerNamed(resource, reading);
    if (!stranger) return;
    const ends = functionsIn(at(properties, 'FunctionName'), reading, resource);
    openDoor(resource, reading, ends, stranger.says, stranger.from);
  },
};

function callerNamed(resource: Resource, reading: Reading): Stranger | undefined {
  const { properties, account } = resource;
  const principal = at(properties, 'Principal');
  const text = plainText(principal);
  const says = `its policy lets ${text ?? 'whom a parameter names'} call a function that stands in the VPC`;
  // one that only deployment tells may be anyone
  if (text === undefined) return isUnknownProperty(principal) ? { says, from: 'internet' } : undefined;
  if (DEPUTIES.has(text)) return deputy(says, resource, reading);
  if (isStranger(text, account)) return isOfOrganization(resource) ? undefined : { says, from: 'internet' };
  if (!FRONTS.has(text) && !isUnseenBalancer(text, resource, reading)) return undefined;
  return { says, from: callersOf(at(properties, 'SourceArn'), reading) };
}

/** Who is of an organization that is named is no stranger (decision 304). */
function isOfOrganization({ properties }: Resource): boolean {
  return /^o-[a-z0-9]+$/.test(plainText(at(properties, 'PrincipalOrgID')) ?? '');
}

/** A service that calls for whoever sets it up, of any account, unless the policy says for whom. */
function deputy(says: string, resource: Resource, reading: Reading): Stranger | undefined {
  const [arn, of] = ['SourceArn', 'SourceAccount'].map((name) => at(resource.properties, name));
  if (isAbsent(arn) && isAbsent(of)) return { says: `${says}, on behalf of any account`, from: 'internet' };
  const { account = UNKNOWN_ACCOUNT } = resource;
  const theirs = plainText(of);
  const isOwn = theirs !== undefined && (theirs === account || account === UNKNOWN_ACCOUNT);
  if (isAbsent(arn)) return isOwn ? undefined : { says: `${says}, on behalf of another account`, from: 'internet' };
  const stranger = EventFeeds.of(reading).named(arn, resource);
  const isSettled = stranger?.isUnseen === true && isOwn;
  return stranger && !isSettled ? { ...stranger, says: `${says}, and ${stranger.says}` } : undefined;
}

/** An API, or the part of one that says what is called. */
function api(...parents: readonly string[]): Reader {
  return {
    model: 'may-must',
    connect(resource, reading) {
      const api = parents.map((name) => at(resource.properties, name)).find((value) => !isAbsent(value));
      const from = isPrivate(resource) ? privateCallers(reading) : callersOf(api, reading);
      const reason = 'an API hands what its clients ask to a function that stands in the VPC';
      openDoor(resource, reading, calledBy(resource, reading), reason, from);
      const link = 'an API hands what its clients ask to the balancer, by a link';
      openDoor(resource, reading, balancersBehind(resource, reading), link, from);
    },
  };
}

/**
 * A link leads to a balancer, or to a listener of one, whoever made the link.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/private-integration.html
 */
function balancersBehind({ properties }: Resource, reading: Reading): ResourceId[] {
  const named = [at(properties, 'Integration', 'IntegrationTarget'), at(properties, 'IntegrationUri')];
  const balancers = named.flatMap(resourcesNamed).flatMap((id) => {
    const listener = reading.resource(id);
    const isListener = listener?.type === 'AWS::ElasticLoadBalancingV2::Listener';
    return isListener ? resourcesNamed(at(listener.properties, 'LoadBalancerArn')) : [id];
  });
  return unique(balancers.flatMap((id) => reading.get('loadBalancers', id)?.interface ?? []));
}

/** Not its policy, which may name the function without calling it. */
const CALLS: readonly string[] = ['IntegrationUri', 'Target', 'Body', 'LambdaConfig', 'AuthorizerUri'];

function calledBy(resource: Resource, reading: Reading): ResourceId[] {
  const { properties } = resource;
  const kinds = [at(properties, 'IntegrationType'), at(properties, 'Integration', 'Type')].map(plainText);
  // the address of a server is no function's
  const user = kinds.some((kind) => kind?.startsWith('HTTP')) ? undefined : resource;
  const called = [at(properties, 'Integration', 'Uri'), ...CALLS.map((name) => at(properties, name))];
  return unique(called.flatMap((property) => functionsIn(property, reading, user)));
}

/** What calls the functions that it names for its own clients, wherever they are. */
function front(whose: string): Reader {
  return {
    model: 'may-must',
    connect(resource, reading) {
      const reason = `it has a function that stands in the VPC called for ${whose}`;
      openDoor(resource, reading, functionsIn(resource.properties, reading, resource), reason);
    },
  };
}

/** The same beside what a reader says of it. */
export function alsoFront(reader: Reader, whose: string): Reader {
  const door = front(whose);
  return {
    ...reader,
    connect(resource, reading) {
      reader.connect?.(resource, reading);
      door.connect?.(resource, reading);
    },
  };
}

export const functionDoorReaders: Readers = {
  'AWS::Lambda::Url': functionUrl,
  'AWS::Lambda::Permission': permission,
  'AWS::ApiGateway::RestApi': api(),
  'AWS::ApiGateway::Method': api('RestApiId'),
  'AWS::ApiGateway::Authorizer': api('RestApiId'),
  'AWS::ApiGatewayV2::Api': api(),
  'AWS::ApiGatewayV2::Integration': api('ApiId'),
  'AWS::ApiGatewayV2::Authorizer': api('ApiId'),
  'AWS::AppSync::DataSource': api('ApiId'),
  'AWS::AppSync::Api': front('clients of an API'),
  'AWS::AppSync::GraphQLApi': front('clients of an API'),
  'AWS::Bedrock::Agent': front('whoever talks to an agent'),
  'AWS::Cognito::UserPool': front('whoever signs up or in'),
  'AWS::Connect::IntegrationAssociation': front('whoever calls a contact centre'),
  'AWS::IoT::Authorizer': front('devices that connect'),
  'AWS::IoT::TopicRule': front('devices that publish'),
  'AWS::Lex::Bot': front('whoever talks to a bot'),
  'AWS::Lex::BotAlias': front('whoever talks to a bot'),
  'AWS::SES::MailManagerRuleSet': front('whoever writes an e-mail'),
  'AWS::SES::ReceiptRule': front('whoever writes an e-mail'),
};
