/**
 * The functions in a VPC that a property names, and the door that leads to what a stranger has called (facts 36, 37).
 */
import type { ResourceId } from '../../network';
import { ChoiceValue, type Resource, TextWithReferences } from '../resource';
import { at, isObject, isUnknownProperty, type Property, plainText, referencesIn, resourcesNamed } from './property';
import { originOf, type Reading, unique } from './reading';

const FUNCTION = 'AWS::Lambda::Function';
const POINTERS: readonly string[] = ['AWS::Lambda::Alias', 'AWS::Lambda::Version'];

/** The internet, or every host of these VPCs. */
export type Callers = 'internet' | ResourceId[];

/**
 * By reference, through versions and aliases, or by name; in a list, an object or a text of JSON too. What only a parameter
 * without a value names may be any that another stack makes (decision 312).
 */
export function functionsIn(property: Property, reading: Reading, user?: Resource): ResourceId[] {
  const referred = referencesIn(property).flatMap(({ reference }): ResourceId[] => {
    const target = reading.resource(reference.resource);
    const isPointer = target !== undefined && POINTERS.includes(target.type);
    return isPointer ? resourcesNamed(at(target.properties, 'FunctionName')) : [reference.resource];
  });
  const others = user && isOpen(property) ? madeElsewhere(FUNCTION, user, reading) : [];
  const ids = unique([...referred, ...resourcesCalled(FUNCTION, 'FunctionName', property, reading), ...others]);
  return ids.filter((id) => reading.resource(id)?.type === FUNCTION && reading.get('interfaces', id) !== undefined);
}

/** Under which a function is named, or something that is called. */
const CALLED =
  /lambda|function|uri$|^arn$|^endpoint$|^(?:pre|post)(?:signup|confirmation|authentication|tokengeneration)|^custommessage$|authchallenge|^usermigration$/i;

/** Whether a parameter without a value decides what it names. */
export function isOpen(property: Property): boolean {
  return parametersIn(property).length > 0;
}

function parametersIn(property: Property, name = 'arn'): readonly string[] {
  if (isUnknownProperty(property)) return CALLED.test(name) ? property.parameters : [];
  if (property instanceof ChoiceValue) return property.options.flatMap((option) => parametersIn(option, name));
  if (Array.isArray(property)) return property.flatMap((element) => parametersIn(element, name));
  if (!isObject(property)) return [];
  return Object.entries(property).flatMap(([key, value]) => parametersIn(value, key));
}

/** What other stacks of the same region and account make: inside of one nobody needs a parameter for its own. */
export function madeElsewhere(type: string, user: Resource, reading: Reading): ResourceId[] {
  const rootOf = ({ stack, outermost }: Resource) => outermost ?? stack;
  const others = reading.ofType(type).filter((maker) => rootOf(maker) !== rootOf(user));
  return others.filter(({ region, account }) => region === user.region && account === user.account).map(({ id }) => id);
}

/** Resources of a type that a property names as they name themselves: `arn:aws:lambda:…:function:name:alias`, or less. */
export function resourcesCalled(type: string, name: string, property: Property, reading: Reading): ResourceId[] {
  const byName = reading.cached(`${type} by name`, () => namesOf(reading.ofType(type), name));
  if (byName.size === 0) return [];
  return unique(textsIn(property).flatMap(wordsOf)).flatMap((word) => byName.get(word) ?? []);
}

function namesOf(resources: readonly Resource[], name: string): ReadonlyMap<string, readonly ResourceId[]> {
  const found = new Map<string, ResourceId[]>();
  for (const { id, properties } of resources) {
    const own = plainText(at(properties, name));
    if (own !== undefined) found.set(own, [...(found.get(own) ?? []), id]);
  }
  return found;
}

/** What an ARN, a URL or a name is made of, and the ARNs within longer texts. */
function wordsOf(text: string): string[] {
  const arns = /[\s"']/.test(text) ? (text.match(/arn:[\w:/.-]+/g) ?? []) : [text];
  return arns.flatMap((arn) => arn.split(/[:/]/));
}

/** Every plain text anywhere inside a value. */
function textsIn(property: Property): string[] {
  if (typeof property === 'string') return [property];
  if (property instanceof TextWithReferences) return property.parts.filter((part) => typeof part === 'string');
  if (property instanceof ChoiceValue) return property.options.flatMap(textsIn);
  if (Array.isArray(property)) return property.flatMap(textsIn);
  return isObject(property) ? Object.values(property).flatMap(textsIn) : [];
}

/** Lets `from` have these called, where something that no packet shows decides. */
export function openDoor(
  resource: Resource,
  reading: Reading,
  ends: readonly ResourceId[],
  reason: string,
  from: Callers = 'internet',
): void {
  if (ends.length === 0) return;
  const parameters = unique(parametersIn(resource.properties, ''));
  const known = parameters.length > 0 ? `${reason}, where ${parameters.join(', ')} says so` : reason;
  reading.add('bridges', {
    id: resource.id,
    origin: originOf(resource),
    certain: resource.certain,
    reason: known,
    from,
    to: ends.map((id) => ({ kind: 'interface' as const, id })),
    // Whether the function's own policy, or an authorizer, lets everyone call is not read.
    open: false,
  });
}
