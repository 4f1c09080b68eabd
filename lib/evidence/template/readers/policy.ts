/**
 * Policy documents as plain JSON. What the templates leave open inside one stays visible as what it is: a reference in
 * CloudFormation's own form, an unknown as Unknown.
 */
import { type PolicyDocument, unknown, type Value } from '../../network';
import { ChoiceValue, ReferenceValue, TextWithReferences } from '../resource';
import { isAbsent, isObject, isUnknownProperty, labelOf, type Property } from './property';

export function policyOf(property: Property): Value<PolicyDocument> | undefined {
  if (isAbsent(property)) return undefined;
  if (property instanceof ChoiceValue) return unknown(property.reason, property.parameters);
  if (isUnknownProperty(property)) return property;
  const whole = plainOf(property);
  const plain = typeof whole === 'string' ? plainOf(tryParse(whole)) : whole;
  return isDocument(plain) ? plain : unknown('the policy is not a document');
}

function isDocument(value: unknown): value is PolicyDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function tryParse(text: string): Property {
  try {
    return JSON.parse(text) as Property;
  } catch {
    return undefined;
  }
}

/** References become `{ Ref }` or `{ 'Fn::GetAtt' }`; texts with references keep `${…}` where those stand. */
function plainOf(property: Property): unknown {
  if (property instanceof ReferenceValue) {
    const { resource, attribute } = property.reference;
    return attribute === undefined ? { Ref: resource } : { 'Fn::GetAtt': [resource, attribute] };
  }
  if (property instanceof TextWithReferences) return property.parts.map(textOfPart).join('');
  if (property instanceof ChoiceValue) return unknown(property.reason, property.parameters);
  if (Array.isArray(property)) return property.map(plainOf);
  if (!isObject(property)) return property;
  return Object.fromEntries(Object.entries(property).map(([key, value]) => [key, plainOf(value)]));
}

function textOfPart(part: TextWithReferences['parts'][number]): string {
  if (typeof part === 'string') return part;
  return part instanceof ReferenceValue ? `\${${labelOf(part.reference)}}` : `\${?${part.parameters.join('+')}}`;
}
