/**
 * Templates, changed at the level of the document. `hide` makes less known and keeps the original among what is possible,
 * so that no answer may become surer; `break` makes anything of anything, so that nothing may crash.
 */
import { parseTemplate } from '../../lib/evidence/template';

export type Document = Record<string, unknown>;

/** Whole numbers from 0 to below `n`; the same seed gives the same numbers. */
export type Dice = (n: number) => number;

export function diceOf(seed: number): Dice {
  let state = (seed + 0x9e3779b9) >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % n;
  };
}

/** As deep as a template may be to be changed: beyond, what walks over it would run out of stack before Cordon is asked. */
const MAX_DEPTH = 500;

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((each) => isDeeper(each, depth - 1));
}

/** The template as plain JSON, short tags written out; undefined where it cannot be read, or is nested too deep. */
export function documentOf(file: string, text: string): Document | undefined {
  const { template } = parseTemplate({ stack: 'T', file, text });
  if (!template) return undefined;
  const sections = Object.entries(template.sections).filter(([, section]) => section.size > 0);
  const document = {
    ...(template.transforms.length > 0 && { Transform: template.transforms }),
    ...(template.globals !== undefined && { Globals: template.globals }),
    ...Object.fromEntries(sections.map(([name, section]) => [name, Object.fromEntries(section)])),
  };
  return isDeeper(document, MAX_DEPTH) ? undefined : document;
}

export interface Mutation {
  readonly document: Document;
  /** where, and what was done there */
  readonly note: string;
}

interface Site {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

const isObject = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isIntrinsic = (value: unknown) =>
  isObject(value) && Object.keys(value).some((key) => key === 'Ref' || key === 'Condition' || key.startsWith('Fn::'));

/** Every value in the properties of every resource; an intrinsic is one value. */
function sitesIn(document: Document): Site[] {
  const sites: Site[] = [];
  const visit = (value: unknown, path: readonly (string | number)[]) => {
    sites.push({ path, value });
    if (isIntrinsic(value)) return;
    if (Array.isArray(value)) value.forEach((each, at) => void visit(each, [...path, at]));
    else if (isObject(value)) for (const [key, each] of Object.entries(value)) visit(each, [...path, key]);
  };
  for (const [id, resource] of Object.entries(isObject(document.Resources) ? document.Resources : {})) {
    if (!isObject(resource) || !isObject(resource.Properties)) continue;
    for (const [key, value] of Object.entries(resource.Properties)) visit(value, ['Resources', id, 'Properties', key]);
  }
  return sites;
}

function replaced(value: unknown, [head, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (head === undefined) return by;
  if (Array.isArray(value)) return value.map((each, at) => (at === head ? replaced(each, rest, by) : each));
  return isObject(value) ? { ...value, [head]: replaced(value[head], rest, by) } : value;
}

const OTHERS: readonly unknown[] = [
  { Ref: 'AWS::NoValue' },
  '10.0.0.0/8',
  '0.0.0.0/0',
  443,
  '-1',
  true,
  false,
  'disable',
  'sg-0123',
  'subnet-0123',
  [],
];

/** Properties that name things to people, or whose value AWS takes as one text: hiding them says nothing. */
const LOOSE = /^(GroupDescription|Description|Tags|UserData|Metadata)$/;

/** Makes one thing of the template depend on a parameter that has no value; what was written stays possible. */
export function hide(document: Document, dice: Dice): Mutation | undefined {
  const sites = sitesIn(document).filter(({ path }) => !path.some((step) => LOOSE.test(String(step))));
  const resources = Object.entries(isObject(document.Resources) ? document.Resources : {});
  const open = opened(document);
  if (dice(5) === 0) {
    const [id, resource] = resources[dice(Math.max(resources.length, 1))] ?? [];
    if (id === undefined || !isObject(resource) || resource.Condition !== undefined) return undefined;
    const conditional = { ...resource, Condition: 'FuzzIsOpen' };
    return { document: replaced(open, ['Resources', id], conditional) as Document, note: `${id} has a condition` };
  }
  const site = sites[dice(Math.max(sites.length, 1))];
  if (!site) return undefined;
  const alike = sites.filter(({ path }) => path.at(-1) === site.path.at(-1)).map(({ value }) => value);
  const others = dice(2) === 0 ? alike : OTHERS;
  const isPlain = ['string', 'number', 'boolean'].includes(typeof site.value);
  const by =
    isPlain && dice(2) === 0
      ? { Ref: 'FuzzHidden' }
      : { 'Fn::If': ['FuzzIsOpen', site.value, others[dice(others.length)]] };
  return {
    document: replaced(open, site.path, by) as Document,
    note: `${site.path.slice(1).join('.')} is ${JSON.stringify(by)}`,
  };
}

function opened(document: Document): Document {
  const Parameters = isObject(document.Parameters) ? document.Parameters : {};
  const Conditions = isObject(document.Conditions) ? document.Conditions : {};
  return {
    ...document,
    Parameters: { ...Parameters, FuzzHidden: { Type: 'String' }, FuzzOpen: { Type: 'String' } },
    Conditions: { ...Conditions, FuzzIsOpen: { 'Fn::Equals': [{ Ref: 'FuzzOpen' }, 'yes'] } },
  };
}

const ODD: readonly unknown[] = [
  null,
  '',
  -1,
  1e300,
  70000,
  'x'.repeat(2000),
  [],
  {},
  [[]],
  { Ref: 'Nothing' },
  { Ref: 5 },
  { 'Fn::GetAtt': 'Nothing.Arn' },
  { 'Fn::GetAtt': [] },
  { 'Fn::If': ['Nothing', 1, 2] },
  { 'Fn::Sub': '${Nothing.Arn}${' },
  { 'Fn::Join': [',', { Ref: 'Nothing' }] },
  { 'Fn::Select': [9, { 'Fn::Split': ['.', '1.2'] }] },
  { 'Fn::Cidr': ['10.0.0.0/8', 300, 99] },
  { 'Fn::FindInMap': ['A', 'B', 'C'] },
  { 'Fn::ImportValue': { Ref: 'AWS::StackName' } },
  { 'Fn::Transform': { Name: 'Some', Parameters: {} } },
  { 'Fn::Nonsense': 1 },
  { __proto__: null, constructor: 1 },
  '999.1.1.1/99',
  '::/0',
  'false',
];

/** Makes anything of anything: a value odd, a key missing, a resource another's type, a list twice as long. */
export function breakAt(document: Document, dice: Dice): Mutation {
  const resources = Object.entries(isObject(document.Resources) ? document.Resources : {});
  const sites = sitesIn(document);
  const site = sites[dice(Math.max(sites.length, 1))] ?? { path: ['Resources'], value: undefined };
  const [id, resource] = resources[dice(Math.max(resources.length, 1))] ?? ['X', {}];
  const [, other] = resources[dice(Math.max(resources.length, 1))] ?? ['X', {}];
  const at = (path: Site['path'], by: unknown): Mutation => ({
    document: replaced(document, path, by) as Document,
    note: `${path.slice(1).join('.')} is ${JSON.stringify(by)?.slice(0, 200)}`,
  });
  switch (dice(6)) {
    case 0:
      return at(['Resources', id], ODD[dice(ODD.length)]);
    case 1:
      return at(['Resources', id], { ...(isObject(resource) ? resource : {}), Type: isObject(other) ? other.Type : 1 });
    case 2:
      return at(['Resources', id, 'Properties'], ODD[dice(ODD.length)]);
    case 3:
      return at(site.path, Array.isArray(site.value) ? [...site.value, ...site.value] : [site.value]);
    case 4:
      return at(site.path, sites[dice(Math.max(sites.length, 1))]?.value);
    default:
      return at(site.path, ODD[dice(ODD.length)]);
  }
}
