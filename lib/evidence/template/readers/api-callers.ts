/**
 * Who calls an API: the internet, or, where it is private, whoever is in a VPC with an endpoint of the service.
 */
import type { Resource } from '../resource';
import type { Callers } from './called-functions';
import { at, itemsOf, type Property, plainText, resourcesNamed } from './property';
import { type Reading, unique } from './reading';

export function callersOf(api: Property, reading: Reading): Callers {
  const apis = resourcesNamed(api).flatMap((id) => reading.resource(id) ?? []);
  return apis.length > 0 && apis.every(isPrivate) ? privateCallers(reading) : 'internet';
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html */
export function isPrivate({ type, properties }: Resource): boolean {
  const types = itemsOf(at(properties, 'EndpointConfiguration', 'Types'));
  const isKnown = types.length > 0 && types.every(({ value, certain }) => certain && plainText(value) === 'PRIVATE');
  return type === 'AWS::ApiGateway::RestApi' && isKnown;
}

/** A private API is called through endpoints of the service. */
export function privateCallers(reading: Reading): Callers {
  const endpoints = [...reading.drafts.vpcEndpoints.values()];
  const ofApis = endpoints.filter(({ service }) => service.kind !== 'aws' || service.name.startsWith('execute-api'));
  return unique(ofApis.map(({ vpc }) => vpc)).sort();
}
