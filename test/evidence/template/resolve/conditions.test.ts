import { resolveTemplates } from '../../../../lib/evidence/template';
import { codes, file, resolveValue, resolveValueWith, show } from './templates';

const PARAMETERS = {
  Open: { Type: 'String' },
  Other: { Type: 'String' },
  Port: { Type: 'Number', Default: 80 },
  Flag: { Type: 'String', Default: 'true' },
  Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
};

const T = { 'Fn::Equals': ['a', 'a'] };
const F = { 'Fn::Equals': ['a', 'b'] };
const U = { 'Fn::Equals': [{ Ref: 'Open' }, 'a'] };
const V = { 'Fn::Equals': [{ Ref: 'Other' }, 'a'] };
const and = (...list: unknown[]) => ({ 'Fn::And': list });
const or = (...list: unknown[]) => ({ 'Fn::Or': list });
const not = (one: unknown) => ({ 'Fn::Not': [one] });
const equals = (a: unknown, b: unknown) => ({ 'Fn::Equals': [a, b] });

/** What the condition decides, or the parameters that it hangs on. */
function decided(condition: unknown): string {
  const template = { Parameters: PARAMETERS, Conditions: { C: condition } };
  return show(resolveValue({ 'Fn::If': ['C', 'true', 'false'] }, template)).replace('true | false by ', '?');
}

describe('conditions have three values', () => {
  test.each([
    ['And', and(T, T), 'true'],
    ['And', and(T, F), 'false'],
    ['And', and(F, U), 'false'],
    ['And', and(U, F), 'false'],
    ['And', and(T, U), '?S.Open'],
    ['And', and(U, V), '?S.Open,S.Other'],
    ['Or', or(F, F), 'false'],
    ['Or', or(F, T), 'true'],
    ['Or', or(U, T), 'true'],
    ['Or', or(F, U), '?S.Open'],
    ['Or', or(U, V), '?S.Open,S.Other'],
    ['Not', not(T), 'false'],
    ['Not', not(F), 'true'],
    ['Not', not(U), '?S.Open'],
    ['nested', or(and(T, not(U)), F), '?S.Open'],
    ['Equals of texts', equals('a', 'A'), 'false'],
    ['Equals of a number and a text', equals({ Ref: 'Port' }, '80'), 'true'],
    ['Equals of true and "true"', equals({ Ref: 'Flag' }, true), 'true'],
    ['Equals of the same open parameter', equals({ Ref: 'Open' }, { Ref: 'Open' }), 'true'],
    ['Equals of two open parameters', equals({ Ref: 'Open' }, { Ref: 'Other' }), '?S.Open,S.Other'],
    ['Equals with a value that is not allowed', equals({ Ref: 'Stage' }, 'test'), 'false'],
    ['Equals with one of the allowed values', equals({ Ref: 'Stage' }, 'prod'), '?S.Stage'],
    ['Equals of the same allowed values', equals({ Ref: 'Stage' }, { Ref: 'Stage' }), 'true'],
    ['Equals of joined texts', equals({ 'Fn::Join': ['', ['a', 'b']] }, 'ab'), 'true'],
    ['Equals of three values', { 'Fn::Equals': ['a', 'a', 'a'] }, '?'],
    ['no condition at all', { 'Fn::Sub': 'x' }, '?'],
  ])('%s: %j is %s', (_, condition, expected) => {
    expect(decided(condition)).toBe(expected);
  });

  test('a condition refers to others, and a cycle ends in a warning', () => {
    const Conditions = { A: { Condition: 'B' }, B: not({ Condition: 'A' }), C: { Condition: 'Nobody' } };
    const resolved = resolveValueWith([{ 'Fn::If': ['A', 1, 2] }, { 'Fn::If': ['C', 1, 2] }], { Conditions });
    expect(codes(resolved).sort()).toEqual(['TEMPLATE_REFERENCE_CYCLE', 'TEMPLATE_UNKNOWN_REFERENCE']);
  });

  test('conditions nested a thousand deep are not decided', () => {
    let condition: unknown = T;
    for (let depth = 0; depth < 1000; depth++) condition = not(condition);
    expect(decided(condition)).toBe('?');
  });
});

describe('a resource with a condition', () => {
  const template = {
    Parameters: PARAMETERS,
    Conditions: { T, F, U, TU: and(T, U), FU: and(F, U) },
    Resources: Object.fromEntries(
      ['T', 'F', 'U', 'TU', 'FU', 'Nobody'].map((name) => [`R${name}`, { Type: 'Test::Thing', Condition: name }]),
    ),
  };
  const resources = resolveTemplates([file('S', template)], {}).resources;

  test.each([
    ['RT', 'certain'],
    ['RF', 'absent'],
    ['RU', 'uncertain by S.Open'],
    ['RTU', 'uncertain by S.Open'],
    ['RFU', 'absent'],
    ['RNobody', 'uncertain by '],
  ])('%s is %s', (logicalId, expected) => {
    const resource = resources.find((each) => each.logicalId === logicalId);
    const found = !resource
      ? 'absent'
      : resource.certain
        ? 'certain'
        : `uncertain by ${resource.condition?.parameters}`;
    expect(found).toBe(expected);
  });
});
