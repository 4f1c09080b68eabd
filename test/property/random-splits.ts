/**
 * One template, split at random in two that nobody but the deployer ties: a resource, and all that refers to it, goes into
 * a stack of its own. What it refers to there is imported, and then AWS builds the same network and every answer is the
 * same; or asked for by parameters without values, and then less is known, and no answer may be surer.
 */
import { isObject, isResource, resourcesOf } from './harmless-edits';
import type { Dice, Document } from './template-mutations';

/** How the second template gets at what the first one makes. */
export type Tie = 'import' | 'parameter';

export interface Split {
  /** what goes into the second template */
  readonly moved: ReadonlySet<string>;
  readonly first: Document;
  readonly second: Document;
}

/** What cannot be told apart once it is split: names made of the stack's, loops, and what a transform makes of it. */
const UNSPLITTABLE = /AWS::StackName|AWS::StackId|"Fn::ForEach|"Fn::Transform|AWS::Serverless/;
/** Attributes that are lists; an export holds one text. */
const LISTS = /(Ids|Blocks|Associations|Entries|SecurityGroups|Addresses|Servers)$/;
const MAX_TEXT = 200_000;

/** The ids of resources to move; undefined where a template cannot be split. */
export function movedOf(document: Document, dice: Dice): ReadonlySet<string> | undefined {
  const ids = resourcesOf(document).map(([id]) => id);
  const first = ids[dice(Math.max(ids.length, 1))];
  if (first === undefined || ids.length < 3 || !isSplittable(document)) return undefined;
  return withDependents(document, [first]);
}

function isSplittable(document: Document): boolean {
  const text = JSON.stringify(document);
  return text.length < MAX_TEXT && !UNSPLITTABLE.test(text);
}

/** Some resources with all that refer to them, directly or by what does. */
export function withDependents(document: Document, ids: readonly string[]): ReadonlySet<string> {
  const resources = resourcesOf(document);
  const found = new Set(ids);
  const blocks = addressBlocks(document);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [id, resource] of resources) {
      if (!found.has(id) && dependsOn(resource, blocks).some((name) => found.has(name))) found.add(id);
    }
  }
  return found;
}

/** What has to be there first: what it names, and, where it takes the IPv6 ranges of a VPC, what gives it these. */
function dependsOn(resource: unknown, blocks: ReadonlyMap<string, readonly string[]>): string[] {
  const text = JSON.stringify(resource);
  const named = [...namesIn(resource)];
  const needed = isObject(resource) ? [resource.DependsOn ?? []].flat().map(String) : [];
  const ranges = /CidrBlocks/.test(text) ? named.flatMap((name) => blocks.get(name) ?? []) : [];
  return [...named, ...needed, ...ranges];
}

/** By VPC, what gives it further ranges. */
function addressBlocks(document: Document): ReadonlyMap<string, readonly string[]> {
  const blocks = new Map<string, string[]>();
  for (const [id, resource] of resourcesOf(document)) {
    if (!isResource(resource) || resource.Type !== 'AWS::EC2::VPCCidrBlock') continue;
    for (const vpc of namesIn(resource)) blocks.set(vpc, [...(blocks.get(vpc) ?? []), id]);
  }
  return blocks;
}

const HOLE = /\$\{([A-Za-z0-9]+)(?:\.([A-Za-z0-9.]+))?\}/g;

/** All that a value refers to by name: resources and parameters. */
function namesIn(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const each of value) namesIn(each, found);
  if (!isObject(value)) return found;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': sub } = value;
  if (typeof Ref === 'string') found.add(Ref);
  if (attribute !== undefined) found.add([attribute].flat().join('.').split('.')[0] ?? '');
  const [text] = [sub].flat();
  if (typeof text === 'string') for (const [, name = ''] of text.matchAll(HOLE)) found.add(name);
  for (const each of Object.values(value)) namesIn(each, found);
  return found;
}

/** The two templates; undefined where nothing is left in one of them, or where nobody could deploy them. */
export function splitAt(document: Document, moved: ReadonlySet<string>, tie: Tie): Split | undefined {
  const resources = resourcesOf(document);
  const stay = new Set(resources.map(([id]) => id).filter((id) => !moved.has(id)));
  if (stay.size === 0 || stay.size === resources.length) return undefined;
  const hands = new Hands(stay, tie);
  const second = resources
    .filter(([id]) => moved.has(id))
    .map(([id, resource]) => [id, hands.withoutTies(resource)] as const);
  const Outputs = Object.entries(isObject(document.Outputs) ? document.Outputs : {});
  // ranges that a VPC is given after the values of its stack are exported
  const blocks = addressBlocks(document);
  const isLate = (path: string) => blocks.get(path.split('.')[0] ?? '')?.some((id) => moved.has(id));
  if (hands.paths.some((path) => /CidrBlocks$/.test(path) && isLate(path))) return undefined;
  const kept = Outputs.filter(([, output]) => ![...namesIn(output)].some((name) => moved.has(name)));
  const { Resources: _resources, Outputs: _outputs, ...sections } = document;
  return {
    moved,
    first: {
      ...sections,
      Resources: Object.fromEntries(resources.filter(([id]) => stay.has(id))),
      Outputs: { ...Object.fromEntries(kept), ...hands.exports },
    },
    second: {
      ...sections,
      Parameters: { ...(isObject(sections.Parameters) ? sections.Parameters : {}), ...hands.parameters },
      Resources: Object.fromEntries(second),
    },
  };
}

/** What one template hands to the other, and how the other asks for it. */
class Hands {
  readonly exports: Record<string, unknown> = {};
  readonly parameters: Record<string, unknown> = {};
  readonly paths: string[] = [];

  constructor(
    private readonly stay: ReadonlySet<string>,
    private readonly tie: Tie,
  ) {}

  /** A resource of the second template, which waits for nothing of the first. */
  withoutTies(resource: unknown): unknown {
    if (!isObject(resource)) return resource;
    const { DependsOn, ...others } = resource;
    const waits = [DependsOn ?? []].flat().filter((id) => !this.stay.has(String(id)));
    return this.asked({ ...others, ...(waits.length > 0 && { DependsOn: waits }) });
  }

  private asked(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.asked(each));
    if (!isObject(value)) return value;
    const { Ref, 'Fn::GetAtt': attribute, 'Fn::Sub': sub } = value;
    if (typeof Ref === 'string' && this.stay.has(Ref)) return this.handed(Ref, value);
    const path = [attribute ?? []].flat().join('.');
    if (this.stay.has(path.split('.')[0] ?? '')) return this.handed(path, value);
    if (sub !== undefined) return { 'Fn::Sub': this.substituted(sub) };
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.asked(each)]));
  }

  /** `${Vpc.CidrBlock}` with what is handed on for it. */
  private substituted(sub: unknown): unknown {
    const [text, given] = [sub].flat();
    if (typeof text !== 'string') return sub;
    const variables: Record<string, unknown> = isObject(given) ? (this.asked(given) as Document) : {};
    const renamed = text.replace(HOLE, (hole, name: string, attribute?: string) => {
      if (!this.stay.has(name) || name in variables) return hole;
      const variable = `Handed${name}${(attribute ?? '').replace(/\W/g, '')}`;
      const path = attribute === undefined ? name : `${name}.${attribute}`;
      const value = attribute === undefined ? { Ref: name } : { 'Fn::GetAtt': [name, attribute] };
      variables[variable] = this.handed(path, value);
      return `\${${variable}}`;
    });
    return Object.keys(variables).length === 0 ? renamed : [renamed, variables];
  }

  private handed(path: string, value: unknown): unknown {
    this.paths.push(path);
    const name = path.replace(/\W/g, '');
    if (this.tie === 'parameter') {
      this.parameters[`Given${name}`] = { Type: 'String' };
      return { Ref: `Given${name}` };
    }
    const isList = LISTS.test(path) && path.includes('.');
    const Export = { Name: `split-${name}` };
    this.exports[`Out${name}`] = { Value: isList ? { 'Fn::Join': [',', value] } : value, Export };
    const imported = { 'Fn::ImportValue': Export.Name };
    return isList ? { 'Fn::Split': [',', imported] } : imported;
  }
}
