/**
 * Who calls a function that stands in a VPC without being in that VPC (facts 36, 37): a URL, an API, others whom the
 * function's own policy lets call. No packet of theirs enters the VPC; what the function then does there begins with a
 * stranger's request. AWS's own events (a bucket's, a schedule's, a topic's) are no stranger's request, and not read.
 */
import { isUnknown, type ResourceId } from '../../network';
import { type Resource, UNKNOWN_ACCOUNT } from '../resource';
import {
  at,
  isAbsent,
  isUnknownProperty,
  itemsOf,
  type Property,
  plainText,
  referencesIn,
  resourcesNamed,
  textOf,
} from './property';
import { originOf, type Reader, type Readers, type Reading, unique } from './reading';

const FUNCTION = 'AWS::Lambda::Function';
/** The internet, or every host of these VPCs. */
type Callers = 'internet' | ResourceId[];

const POINTERS: readonly string[] = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'];

/** The functions in a VPC that a property names: by reference, through versions and aliases, or by name. */
function functionsIn(property: Property, reading: Reading): ResourceId[] {
  const referred = referencesIn(property).flatMap(({ reference }): ResourceId[] => {
    const target = reading.resource(reference.resource);
    const isPointer = target !== undefined && POINTERS.includes(target.type);
    return isPointer ? resourcesNamed(at(target.properties, 'FunctionName')) : [reference.resource];
  });
  // `arn:aws:lambda:…:function:name:alias`, or less of it
  const words = (plainText(property) ?? '').split(/[:/]/);
  const named = reading.ofType(FUNCTION).filter(({ properties }) => {
    const name = plainText(at(properties, 'FunctionName'));
    return name !== undefined && words.includes(name);
  });
  const ids = unique([...referred, ...named.map(({ id }) => id)]);
  return ids.filter((id) => reading.resource(id)?.type === FUNCTION && reading.get('interfaces', id) !== undefined);
}

function openDoor(
  resource: Resource,
  reading: Reading,
  ends: readonly ResourceId[],
  reason: string,
  from: Callers = 'internet',
): void {
  if (ends.length === 0) return;
  reading.add('bridges', {
    id: resource.id,
    origin: originOf(resource),
    certain: resource.certain,
    reason,
    from,
    to: ends.map((id) => ({ kind: 'interface', id })),
    // Whether the function's own policy, or an authorizer, lets everyone call is not read.
    open: false,
  });
}

const functionUrl: Reader = {
  model: 'may-must',
  connect(resource, reading) {
    const auth = textOf(at(resource.properties, 'AuthType'));
    const anyone = auth !== undefined && !isUnknown<string>(auth) && auth.toUpperCase() === 'NONE';
    const whom = anyone ? 'anyone on the internet' : 'whom IAM admits, from the internet,';
    const functions = functionsIn(at(resource.properties, 'TargetFunctionArn'), reading);
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
    const principal = at(properties, 'Principal');
    const text = plainText(principal);
    // one that only deployment tells may be anyone
    const isStranger = text === undefined ? isUnknownProperty(principal) : isOfOthers(text, resource);
    if (!isStranger && !FRONTS.has(text ?? '') && !isUnseenBalancer(text, resource, reading)) return;
    if (!/^(?:\*|lambda:(?:\*|invoke.*))$/i.test(plainText(at(properties, 'Action')) ?? '*')) return;
    const from = isStranger ? 'internet' : callersOf(at(properties, 'SourceArn'), reading);
    const reason = `its policy lets ${text ?? 'whom a parameter names'} call a function that stands in the VPC`;
    openDoor(resource, reading, functionsIn(at(properties, 'FunctionName'), reading), reason, from);
  },
};

/** Whoever is of the function's own account needs no such permission. */
function isOfOthers(principal: string, { account = UNKNOWN_ACCOUNT }: Resource): boolean {
  if (principal === '*') return true;
  const theirs = principal.startsWith('arn:') ? principal.split(':')[4] : /^[^.]+$/.exec(principal)?.[0];
  return theirs !== undefined && theirs !== account;
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

function calledBy({ properties }: Resource, reading: Reading): ResourceId[] {
  const called = [at(properties, 'Integration', 'Uri'), ...CALLS.map((name) => at(properties, name))];
  return unique(called.flatMap((property) => functionsIn(property, reading)));
}

function callersOf(api: Property, reading: Reading): Callers {
  const apis = resourcesNamed(api).flatMap((id) => reading.resource(id) ?? []);
  return apis.length > 0 && apis.every(isPrivate) ? privateCallers(reading) : 'internet';
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html */
function isPrivate({ type, properties }: Resource): boolean {
  const types = itemsOf(at(properties, 'EndpointConfiguration', 'Types'));
  const isKnown = types.length > 0 && types.every(({ value, certain }) => certain && plainText(value) === 'PRIVATE');
  return type === 'AWS::ApiGateway::RestApi' && isKnown;
}

/** A private API is called through endpoints of the service. */
function privateCallers(reading: Reading): Callers {
  const endpoints = [...reading.drafts.vpcEndpoints.values()];
  const ofApis = endpoints.filter(({ service }) => service.kind !== 'aws' || service.name.startsWith('execute-api'));
  return unique(ofApis.map(({ vpc }) => vpc)).sort();
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
};
