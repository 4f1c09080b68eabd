import { resolveTemplates } from '../../../../lib/evidence/template';
import { codes, file, propertyOf, show, sub, thing } from './templates';

/** `${name}`, for keys */
const hole = (name: string) => `\${${name}}`;

describe('what a template does not show is opaque', () => {
  const opaqueOf = (template: object) =>
    resolveTemplates([file('S', { Resources: {}, ...template })], {}).opaque.map(({ id, kind }) => `${id} ${kind}`);

  test.each([
    ['a macro', { Transform: 'MyMacro' }, ['S macro']],
    ['an include', { Transform: [{ Name: 'AWS::Include', Parameters: {} }] }, ['S include']],
    ['the language extensions alone', { Transform: 'AWS::LanguageExtensions' }, []],
    ['SAM alone', { Transform: ['AWS::Serverless-2016-10-31'] }, []],
    [
      'an include among the resources',
      { Resources: { 'Fn::Transform': { Name: 'AWS::Include' } } },
      ['S.Fn::Transform include'],
    ],
    ['a module', { Resources: { M: { Type: 'My::Net::Vpc::MODULE' } } }, ['S.M include']],
    [
      'a nested stack without its template',
      { Resources: { N: { Type: 'AWS::CloudFormation::Stack' } } },
      ['S.N nested-stack'],
    ],
    [
      'properties that a macro writes',
      { Resources: { R: { Type: 'T', Properties: { 'Fn::Transform': { Name: 'M' }, A: 1 } } } },
      ['S.R resource'],
    ],
    [
      'a loop over what is not known',
      {
        Parameters: { P: { Type: 'CommaDelimitedList' } },
        Resources: { 'Fn::ForEach::L': ['I', { Ref: 'P' }, { [`R${hole('I')}`]: { Type: 'T' } }] },
      },
      ['S.L for-each'],
    ],
    ['a resource without a type', { Resources: { R: { Properties: {} } } }, ['S.R resource']],
    ['properties that are a list', { Resources: { R: { Type: 'T', Properties: [1] } } }, ['S.R resource']],
  ])('%s', (_, template, expected) => {
    expect(opaqueOf(template)).toEqual(expected);
  });

  test('a template that cannot be read is opaque as a whole', () => {
    const resolved = resolveTemplates([{ stack: 'S', file: 's', text: '{' }], {});
    expect(resolved.opaque).toMatchObject([{ id: 'S', kind: 'resource' }]);
    expect(codes(resolved)).toEqual(['TEMPLATE_NOT_JSON']);
  });

  test('a resource without properties is a resource', () => {
    const resolved = resolveTemplates([file('S', { Resources: { R: { Type: 'AWS::EC2::InternetGateway' } } })], {});
    expect(resolved.resources).toMatchObject([{ id: 'S.R', properties: {}, certain: true }]);
  });
});

describe('serverless functions', () => {
  const VpcConfig = { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
  const of = (Properties: object, Globals: object = {}) => {
    const template = {
      Transform: 'AWS::Serverless-2016-10-31',
      Globals,
      Resources: { F: { Type: 'AWS::Serverless::Function', Properties } },
    };
    return resolveTemplates([file('S', template)], {});
  };

  test('are Lambda functions', () => {
    expect(of({ VpcConfig }).resources).toMatchObject([
      { id: 'S.F', type: 'AWS::Lambda::Function', properties: { VpcConfig } },
    ]);
  });

  test('take what the globals say', () => {
    expect(of({}, { Function: { VpcConfig } }).resources).toMatchObject([{ properties: { VpcConfig } }]);
  });

  test('with a URL have a Lambda URL', () => {
    const { resources } = of({ FunctionUrlConfig: { AuthType: 'NONE' } });
    expect(resources.map(({ id, type }) => `${id} ${type}`)).toEqual([
      'S.F AWS::Lambda::Function',
      'S.FUrl AWS::Lambda::Url',
    ]);
    expect(show(resources[1]?.properties.TargetFunctionArn)).toBe('<S.F.Arn>');
  });

  test('in a VPC behind an API are opaque besides', () => {
    expect(of({ VpcConfig, Events: { E: { Type: 'Api' } } }).opaque).toMatchObject([{ id: 'S.F', kind: 'macro' }]);
    expect(of({ Events: { E: { Type: 'Api' } } }).opaque).toEqual([]);
  });
});

describe('Fn::ForEach', () => {
  const of = (Resources: object, more: object = {}) =>
    resolveTemplates([file('S', { Transform: 'AWS::LanguageExtensions', Resources, ...more })], {});

  test('is written out, names and values', () => {
    const body = {
      [`Subnet${hole('I')}`]: thing([sub(`10.0.\${I}.0/24`), { Ref: 'I' }, { 'Fn::GetAtt': [`Subnet\${I}`, 'Arn'] }]),
    };
    const resolved = of({ 'Fn::ForEach::Subnets': ['I', ['1', '2'], body] });
    expect(show(propertyOf(resolved, 'S.Subnet1', 'Value'))).toBe('[10.0.1.0/24, 1, <S.Subnet1.Arn>]');
    expect(show(propertyOf(resolved, 'S.Subnet2', 'Value'))).toBe('[10.0.2.0/24, 2, <S.Subnet2.Arn>]');
  });

  test('runs over a parameter, and &{} drops what no name may hold', () => {
    const Parameters = { Cidrs: { Type: 'CommaDelimitedList', Default: '10.0.0.0/8, 10.1.0.0/16' } };
    const resolved = of({ 'Fn::ForEach::L': ['C', { Ref: 'Cidrs' }, { 'R&{C}': thing(`\${C}`) }] }, { Parameters });
    expect(resolved.resources.map(({ logicalId }) => logicalId)).toEqual(['R100008', 'R1010016']);
    expect(propertyOf(resolved, 'S.R100008', 'Value')).toBe('10.0.0.0/8');
  });

  test('nests', () => {
    const inner = { 'Fn::ForEach::Inner': ['J', ['x', 'y'], { [`R${hole('I')}${hole('J')}`]: thing(`\${I}\${J}`) }] };
    const resolved = of({ 'Fn::ForEach::Outer': ['I', ['a', 'b'], inner] });
    expect(resolved.resources.map(({ logicalId }) => logicalId)).toEqual(['Rax', 'Ray', 'Rbx', 'Rby']);
  });

  test('makes conditions, outputs and properties too', () => {
    const loop = (key: string, value: unknown) => ({ 'Fn::ForEach::L': ['I', ['a', 'b'], { [key]: value }] });
    const resolved = of(
      {
        A: { Type: 'Test::Thing', Condition: 'Isa', Properties: loop(`P\${I}`, `\${I}!`) },
        B: { Type: 'T', Condition: 'Isb' },
      },
      { Conditions: loop(`Is\${I}`, { 'Fn::Equals': [`\${I}`, 'a'] }) },
    );
    expect(resolved.resources).toMatchObject([{ id: 'S.A', properties: { Pa: 'a!', Pb: 'b!' } }]);
  });

  test('that multiplies without end is cut and opaque', () => {
    const values = Array.from({ length: 30 }, (_, at) => String(at));
    let body: object = { [`R${['A', 'B', 'C', 'D'].map(hole).join('')}`]: { Type: 'T' } };
    for (const name of ['A', 'B', 'C', 'D']) body = { [`Fn::ForEach::${name}`]: [name, values, body] };
    const resolved = of(body);
    expect(resolved.resources.length).toBeLessThanOrEqual(20_000);
    expect(resolved.opaque.map(({ kind }) => kind)).toEqual(['for-each']);
  });
});
