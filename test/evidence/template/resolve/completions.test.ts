/**
 * The law behind every unknown: whatever values the open parameters get later, what the template then says is one of
 * the things that were said possible before. A resolver that guessed would break it. Values with which CloudFormation
 * would refuse the template (a key that a mapping lacks) are no completions.
 */
import fc from 'fast-check';
import { resolveTemplates } from '../../../../lib/evidence/template';
import {
  ChoiceValue,
  ReferenceValue,
  type Resolved,
  TextWithReferences,
} from '../../../../lib/evidence/template/resource';
import { file, propertyOf, show } from './templates';

const PARAMETERS = {
  Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
  Name: { Type: 'String' },
  Count: { Type: 'Number', AllowedValues: [0, 1] },
  List: { Type: 'CommaDelimitedList' },
};
const MAPPINGS = { Map: { dev: { dev: 'x', prod: 'y' }, prod: { dev: 'z', prod: ['p', 'q'] } } };

const hole = (name: string) => `\${${name}}`;
const word = fc.constantFrom('dev', 'prod', 'a', '', 'a,b', '10.0.0.0/16');

const { value, condition } = fc.letrec<{ value: unknown; condition: unknown; list: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    word,
    fc.constantFrom<unknown>(
      ...Object.keys(PARAMETERS).map((Ref) => ({ Ref })),
      { Ref: 'Thing' },
      { Ref: 'AWS::NoValue' },
    ),
    fc.constantFrom(...['Stage', 'Name', 'Thing'].map((name) => ({ 'Fn::Sub': `<${hole(name)}>` }))),
    fc.tuple(tie('value'), tie('value')).map(([a, b]) => ({ 'Fn::If': ['Test', a, b] })),
    tie('list').map((list) => ({ 'Fn::Join': ['-', list] })),
    fc.tuple(fc.constantFrom<unknown>(0, 1, { Ref: 'Count' }), tie('list')).map((pair) => ({ 'Fn::Select': pair })),
    tie('value').map((text) => ({ 'Fn::Split': ['-', text] })),
    fc.tuple(tie('value'), tie('value')).map((keys) => ({ 'Fn::FindInMap': ['Map', ...keys] })),
    tie('list').map((list) => ({ 'Fn::Length': list })),
    fc.tuple(tie('value'), tie('value')).map(([a, b]) => ({ 'Fn::Cidr': [a, 2, b] })),
  ),
  list: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.array(tie('value'), { maxLength: 3 }),
    fc.constant({ Ref: 'List' }),
  ),
  condition: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.tuple(tie('value'), tie('value')).map((pair) => ({ 'Fn::Equals': pair })),
    fc.tuple(fc.constant({ Ref: 'Stage' }), word).map((pair) => ({ 'Fn::Equals': pair })),
    tie('condition').map((one) => ({ 'Fn::Not': [one] })),
    fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map((all) => ({ 'Fn::And': all })),
    fc.array(tie('condition'), { minLength: 2, maxLength: 3 }).map((any) => ({ 'Fn::Or': any })),
  ),
}));

const given = fc.record({
  Stage: fc.constantFrom('dev', 'prod'),
  Name: word,
  Count: fc.constantFrom('0', '1'),
  List: fc.constantFrom('', 'a', 'a,b', 'dev,prod,a'),
});

function resolved(raw: unknown, test: unknown, parameters: Record<string, string>) {
  const Probe = { Type: 'Test::Probe', Properties: { Value: raw } };
  const Guarded = { Type: 'Test::Probe', Condition: 'Test' };
  const Resources = { Probe, Guarded, Thing: { Type: 'Test::Thing' } };
  const template = { Parameters: PARAMETERS, Mappings: MAPPINGS, Conditions: { Test: test }, Resources };
  const all = resolveTemplates([file('S', template)], { parameters });
  return {
    isDeployable: all.diagnostics.length === 0,
    value: propertyOf(all, 'S.Probe', 'Value'),
    guarded: all.resources.find(({ logicalId }) => logicalId === 'Guarded'),
  };
}

/** Whether `actual` is one of the things that `possible` says. */
function covers(possible: Resolved | undefined, actual: Resolved | undefined): boolean {
  if (actual instanceof ChoiceValue) return actual.options.every((option) => covers(possible, option));
  if (possible instanceof ChoiceValue) return possible.options.some((option) => covers(option, actual));
  if (isHole(possible)) return true;
  if (possible === undefined || actual === undefined) return possible === actual;
  // what is not known even then was not known before
  if (isHole(actual)) return false;
  if (possible instanceof TextWithReferences) return new RegExp(`^${patternOf(possible)}$`, 's').test(show(actual));
  if (Array.isArray(possible)) return Array.isArray(actual) && coversList(possible, actual);
  if (typeof possible !== 'object' || possible === null || possible instanceof ReferenceValue)
    return show(possible) === show(actual);
  return show(possible) === show(actual);
}

/** Entries that may be absent make lists of several lengths. */
function coversList(possible: readonly Resolved[], actual: readonly Resolved[]): boolean {
  const [first, ...rest] = possible;
  if (first === undefined) return actual.length === 0;
  const mayBeAbsent = first instanceof ChoiceValue && first.options.includes(undefined);
  if (mayBeAbsent && coversList(rest, actual)) return true;
  return actual.length > 0 && covers(first, actual[0]) && coversList(rest, actual.slice(1));
}

function isHole(value: Resolved | undefined): boolean {
  return typeof value === 'object' && value !== null && 'unknown' in value && value.unknown === true;
}

function patternOf(text: TextWithReferences): string {
  const quote = (plain: string) => plain.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.parts.map((part) => (isHole(part as Resolved) ? '.*' : quote(show(part as Resolved)))).join('');
}

test('whatever the open parameters are later, it was said possible', () => {
  fc.assert(
    fc.property(value, condition, given, (raw, test, parameters) => {
      const open = resolved(raw, test, {});
      const closed = resolved(raw, test, parameters);
      fc.pre(closed.isDeployable);
      expect([show(open.value), show(closed.value), covers(open.value, closed.value)]).toEqual([
        show(open.value),
        show(closed.value),
        true,
      ]);
    }),
    { numRuns: 700 },
  );
});

test('a resource that is certain exists with all values, one that is not listed with none', () => {
  fc.assert(
    fc.property(condition, given, (test, parameters) => {
      const open = resolved('x', test, {}).guarded;
      const { guarded: closed, isDeployable } = resolved('x', test, parameters);
      fc.pre(isDeployable);
      if (open?.certain) expect(closed?.certain).toBe(true);
      if (!open) expect(closed).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('a list that is joined and split again is the same by commas alone', () => {
  const again = (by: string) => ({ 'Fn::Split': [by, { 'Fn::Join': [by, { Ref: 'List' }] }] });
  const guard = (by: string) => resolved('x', { 'Fn::Equals': [{ Ref: 'List' }, again(by)] }, {}).guarded?.certain;
  expect([guard(','), guard('-')]).toEqual([true, false]);
});
