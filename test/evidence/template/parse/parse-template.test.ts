import { parseTemplate } from '../../../../lib/evidence/template/parse';
import { readPlainScalar } from '../../../../lib/evidence/template/parse/yaml-scalar';

const parse = (text: string) => parseTemplate({ stack: 'S', file: 's.template', text });
const resource = (text: string, name = 'A') => parse(text).template?.sections.Resources.get(name);
const firstOf = (text: string) => {
  const [diagnostic] = parse(text).diagnostics;
  return diagnostic && [diagnostic.code, diagnostic.span?.line, diagnostic.span?.column];
};

describe('short tags are written out in their long form', () => {
  test.each([
    ['!Ref Vpc', { Ref: 'Vpc' }],
    ['!Ref yes', { Ref: 'yes' }],
    ['!GetAtt Vpc.CidrBlock', { 'Fn::GetAtt': 'Vpc.CidrBlock' }],
    ['!GetAtt [Vpc, CidrBlock]', { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }],
    [`!Sub 'a-\${B}'`, { 'Fn::Sub': `a-\${B}` }],
    ['!Sub [a, {b: !Ref C}]', { 'Fn::Sub': ['a', { b: { Ref: 'C' } }] }],
    ["!Join ['', [a, !Ref B]]", { 'Fn::Join': ['', ['a', { Ref: 'B' }]] }],
    ["!Select [0, !GetAZs '']", { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ['!GetAZs', { 'Fn::GetAZs': '' }],
    ["!Split [',', a]", { 'Fn::Split': [',', 'a'] }],
    ['!FindInMap [A, B, C]', { 'Fn::FindInMap': ['A', 'B', 'C'] }],
    ['!If [C, a, !Ref AWS::NoValue]', { 'Fn::If': ['C', 'a', { Ref: 'AWS::NoValue' }] }],
    ['!Equals [a, b]', { 'Fn::Equals': ['a', 'b'] }],
    [
      '!And [!Condition A, !Not [!Condition B]]',
      { 'Fn::And': [{ Condition: 'A' }, { 'Fn::Not': [{ Condition: 'B' }] }] },
    ],
    ['!Or [!Condition A]', { 'Fn::Or': [{ Condition: 'A' }] }],
    ['!ImportValue Net-Vpc', { 'Fn::ImportValue': 'Net-Vpc' }],
    ['!ImportValue\n      Fn::Sub: Net', { 'Fn::ImportValue': { 'Fn::Sub': 'Net' } }],
    ['!Cidr [10.0.0.0/16, 2, 8]', { 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }],
    ['!Base64 text', { 'Fn::Base64': 'text' }],
    ['!Transform {Name: M}', { 'Fn::Transform': { Name: 'M' } }],
    ['!Length [a]', { 'Fn::Length': ['a'] }],
    ['!ToJsonString {a: 1}', { 'Fn::ToJsonString': { a: 1 } }],
  ])('%s', (text, expected) => {
    expect(resource(`Resources:\n  A:\n    Value: ${text}\n`)).toEqual({ Value: expected });
  });
});

describe('plain scalars mean what they mean to CloudFormation', () => {
  test.each([
    ['yes', true],
    ['No', false],
    ['ON', true],
    ['off', false],
    ['true', true],
    ['y', 'y'],
    ['', null],
    ['~', null],
    ['null', null],
    ['0', 0],
    ['443', 443],
    ['-1', -1],
    ['1_000', 1000],
    ['0755', 493],
    ['0x1F', 31],
    ['0b101', 5],
    ['1.5', 1.5],
    ['1e3', 1000],
    ['.5', 0.5],
    ['123456789012', 123456789012],
    ['012345670123', '012345670123'],
    ['012345678901', '012345678901'],
    ['99999999999999999999', '99999999999999999999'],
    ['2012-10-17', '2012-10-17'],
    ['22:22', '22:22'],
    ['10.0.0.0/16', '10.0.0.0/16'],
    ['10.0.0.0', '10.0.0.0'],
    ['::/0', '::/0'],
    ['2001:db8::/32', '2001:db8::/32'],
    ['tcp', 'tcp'],
    ['*', '*'],
    ['-', '-'],
    ['.', '.'],
    ['08', '08'],
  ])('%s', (source, expected) => {
    expect(readPlainScalar(source)).toBe(expected);
  });

  test('quotes make a text of anything', () => {
    expect(resource(`Resources:\n  A: ["yes", '0755', "443", !!str 443]\n`)).toEqual(['yes', '0755', '443', '443']);
  });
});

describe('JSON and YAML say the same', () => {
  test('of sections, names and values', () => {
    const json =
      '{"Parameters": {"P": {"Type": "String"}}, "Resources": {"A": {"Type": "T", "Properties": {"x": [1, null]}}}}';
    const yaml =
      'Parameters:\n  P:\n    Type: String\nResources:\n  A:\n    Type: T\n    Properties:\n      x: [1, null]\n';
    expect(parse(yaml).template?.sections).toEqual(parse(json).template?.sections);
  });

  test('JSON with comments and trailing commas is flow YAML', () => {
    expect(resource('{"Resources": {"A": {"Type": "T",}}, # here\n}')).toEqual({ Type: 'T' });
  });

  test('a byte order mark in front changes nothing', () => {
    expect(resource('\ufeff{"Resources": {"A": {"Type": "T"}}}')).toEqual({ Type: 'T' });
  });
});

describe('anchors', () => {
  test('an alias stands for what it names', () => {
    expect(resource('Resources:\n  B: &b {Type: T}\n  A: *b\n')).toEqual({ Type: 'T' });
  });

  test("a merge key adds entries, and the map's own win", () => {
    const text = 'Resources:\n  B: &b {Type: T, x: 1}\n  A:\n    <<: *b\n    x: 2\n';
    expect(resource(text)).toEqual({ Type: 'T', x: 2 });
  });

  test('a bomb of aliases is refused by name', () => {
    const names = [...'bcdefgh'];
    const lines = names.map(
      (name, at) => `  ${name}: &${name} [${Array(10).fill(`*${at === 0 ? 'a' : names[at - 1]}`)}]`,
    );
    const text = ['Resources:', '  a: &a [x, x, x, x, x, x, x, x, x, x]', ...lines].join('\n');
    expect(firstOf(text)?.[0]).toBe('TEMPLATE_ALIAS_BOMB');
  });

  test('an alias inside of what it names is refused', () => {
    expect(firstOf('Resources: &r\n  A: *r\n')).toEqual(['TEMPLATE_ALIAS', 2, 6]);
  });
});

describe('places', () => {
  const json =
    '{\n  "Description": "a \\" { \\\\",\n  "Resources": {\n    "A": { "Type": "T", "A": [{}] },\n\n    "B\\u0041": {}\n  }\n}';
  test.each([
    ['Resources', 'A', 4, 5],
    ['Resources', 'BA', 6, 5],
  ] as const)('JSON: %s.%s', (section, name, line, column) => {
    expect(parse(json).template?.placeOf(section, name)).toEqual({ file: 's.template', line, column });
  });

  test('YAML', () => {
    const { template } = parse('# first\nResources:\n  A:\n    Type: T\n  "B": {Type: T}\nOutputs:\n  A: {Value: 1}\n');
    expect(template?.placeOf('Resources', 'A')).toMatchObject({ line: 3, column: 3 });
    expect(template?.placeOf('Resources', 'B')).toMatchObject({ line: 5, column: 3 });
    expect(template?.placeOf('Outputs', 'A')).toMatchObject({ line: 7, column: 3 });
    expect(template?.placeOf('Resources', 'Nobody')).toBeUndefined();
  });
});

describe('what cannot be read is a diagnostic with its line', () => {
  test.each([
    ['an empty text', '', ['TEMPLATE_EMPTY', 1, 1]],
    ['a text', 'hello', ['TEMPLATE_NOT_AN_OBJECT', 1, 1]],
    ['a list', '[]', ['TEMPLATE_NOT_AN_OBJECT', 1, 1]],
    ['no resources', 'Parameters: {}', ['TEMPLATE_WITHOUT_RESOURCES', 1, 1]],
    ['resources that are nothing', '\nResources:\n', ['TEMPLATE_WITHOUT_RESOURCES', 2, 1]],
    ['resources that are a list', '\nResources: []', ['TEMPLATE_SECTION', 2, 1]],
    ['JSON that ends too early', '{\n "Resources": {\n  "A": {"Type"', ['TEMPLATE_NOT_JSON', 3, 15]],
    ['JSON with two commas', '{\n "Resources": {\n  "A": {},,\n}}', ['TEMPLATE_NOT_JSON', 3, 11]],
    ['JSON with something behind it', '{"Resources": {}}\n}', ['TEMPLATE_NOT_JSON', 2, 1]],
    ['YAML with a bracket left open', 'Resources:\n  A: [1,\n', ['TEMPLATE_NOT_YAML', 3, 1]],
    ['YAML with tabs', 'Resources:\n\tA: 1\n', ['TEMPLATE_NOT_YAML', 2, 1]],
    ['two documents', 'Resources: {}\n---\nResources: {}\n', ['TEMPLATE_NOT_YAML', 2, 1]],
    ['an alias of nothing', 'Resources:\n  A: *b\n', ['TEMPLATE_ALIAS', 2, 6]],
    ['a key that is a list', 'Resources:\n  [a]: 1\n', ['TEMPLATE_KEY', 2, 3]],
    ['a key written twice', 'Resources:\n  A: {Type: T}\n  A: {Type: U}\n', ['TEMPLATE_DUPLICATE_KEY', 3, 3]],
  ])('%s', (_, text, expected) => {
    expect(firstOf(text)).toEqual(expected);
  });

  test('keys written twice in JSON are told apart from equal keys elsewhere', () => {
    const text =
      '{"Resources": {\n  "A": {"Type": "T", "Properties": {"P": 1, "P": 2}},\n  "B": {"Type": "T"},\n  "B": {"Type": "U"}}}';
    const repeated = ['TEMPLATE_DUPLICATE_KEY', 'TEMPLATE_DUPLICATE_KEY'];
    expect(parse(text).diagnostics.map(({ code }) => code)).toEqual(repeated);
    expect(parse(text).diagnostics.map(({ span }) => span?.line)).toEqual([2, 4]);
    expect(parse('{"Resources": {"A": {"Type": "T", "Properties": {"Type": {"A": {}}}}}}').diagnostics).toEqual([]);
  });

  test('brackets in the hundred thousands', () => {
    expect(firstOf(`Resources: ${'['.repeat(100_000)}`)?.[0]).toBe('TEMPLATE_TOO_DEEP');
    expect(parse(`{"Resources": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`).template).toBeDefined();
  });

  test('fifty megabytes of YAML', () => {
    expect(firstOf(`Resources:\n${'  A: {}\n'.repeat(7_000_000)}`)?.[0]).toBe('TEMPLATE_TOO_LARGE');
  });
});
