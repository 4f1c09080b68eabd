/** What a hostile or broken template may cost: time and memory stay in proportion to its size, and nothing throws. */
import { resolveTemplates } from '../../../../lib/evidence/template';
import { codes, file, propertyOf, resolveValue, resolveValueWith, show } from './templates';

const hole = (name: string) => `\${${name}}`;

test('a value nested deeper than any template is unknown', () => {
  let value: unknown = 'x';
  for (let depth = 0; depth < 1500; depth++) value = depth % 2 ? [value] : { key: value };
  const resolved = resolveValueWith(value);
  expect(codes(resolved)).toEqual(['TEMPLATE_TOO_DEEP']);
  expect(JSON.stringify(propertyOf(resolved, 'S.Probe', 'Value'))).toContain('"unknown":true');
});

test('conditions in a chain of five thousand are not decided at its far end', () => {
  const Conditions: Record<string, unknown> = { C0: { 'Fn::Equals': [1, 1] } };
  for (let at = 1; at < 5000; at++) Conditions[`C${at}`] = { 'Fn::And': [{ Condition: `C${at - 1}` }] };
  expect(show(resolveValue([{ 'Fn::If': ['C0', 'a', 'b'] }, { 'Fn::If': ['C4999', 'a', 'b'] }], { Conditions }))).toBe(
    '[a, a | b by ]',
  );
});

test('a mapping that looks itself up does not multiply', () => {
  const look = { 'Fn::FindInMap': ['M', { Ref: 'Open' }, { Ref: 'Open' }] };
  const M = Object.fromEntries(['a', 'b', 'c'].map((key) => [key, { x: [look, look], y: [look, look] }]));
  const resolved = resolveValueWith(look, { Parameters: { Open: { Type: 'String' } }, Mappings: { M } });
  expect(codes(resolved)).toContain('TEMPLATE_MAPPING');
  expect(show(propertyOf(resolved, 'S.Probe', 'Value'))).toMatch(/^\?/);
});

test('alternatives that multiply end as unknown and name what decides them', () => {
  const Parameters = Object.fromEntries(
    Array.from({ length: 8 }, (_, at) => [`P${at}`, { Type: 'String', AllowedValues: ['a', 'b'] }]),
  );
  const all = Object.keys(Parameters);
  expect(show(resolveValue({ 'Fn::Sub': all.map(hole).join('') }, { Parameters }))).toBe(
    `?${all.map((name) => `S.${name}`).join(',')}`,
  );
});

test('loops in the properties of loops are cut', () => {
  const values = Array.from({ length: 50 }, (_, at) => String(at));
  let value: unknown = 'x';
  for (const name of ['A', 'B', 'C', 'D', 'E'])
    value = { [`Fn::ForEach::${name}`]: [name, values, { [`K${hole(name)}`]: value }] };
  const Resources = { R: { Type: 'T', Properties: { Value: value } } };
  const resolved = resolveTemplates([file('S', { Transform: 'AWS::LanguageExtensions', Resources })], {});
  expect(JSON.stringify(propertyOf(resolved, 'S.R', 'Value'))).toContain('loops write out too much');
});

test('a list of two hundred thousand rules with references is read as it is', () => {
  const rules = Array.from({ length: 200_000 }, (_, at) => ({ CidrIp: { Ref: 'Range' }, FromPort: at % 65536 }));
  const value = resolveValue(rules, { Parameters: { Range: { Type: 'String', Default: '10.0.0.0/8' } } });
  expect(value).toHaveLength(200_000);
  expect((value as readonly unknown[])[7]).toEqual({ CidrIp: '10.0.0.0/8', FromPort: 7 });
});

test('names that every object has are names like others', () => {
  const template = {
    Parameters: { toString: { Type: 'String', Default: 'p' } },
    Conditions: { constructor: { 'Fn::Equals': [1, 2] } },
    Resources: { hasOwnProperty: { Type: 'constructor' } },
  };
  const value = [
    { Ref: 'toString' },
    { 'Fn::If': ['constructor', 1, 2] },
    { 'Fn::GetAtt': ['hasOwnProperty', 'valueOf'] },
    { Ref: '__proto__' },
  ];
  expect(show(resolveValue(value, template))).toBe('[p, 2, <S.hasOwnProperty.valueOf>, ?]');
});

test('the same templates give the same answer', () => {
  const files = [file('B', { Resources: { X: { Type: 'T' } } }), file('A', { Resources: { Y: { Type: 'T' }, X: {} } })];
  expect(JSON.stringify(resolveTemplates(files, {}))).toBe(JSON.stringify(resolveTemplates(files, {})));
});
