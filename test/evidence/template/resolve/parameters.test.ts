import { resolveTemplates } from '../../../../lib/evidence/template';
import { file, propertyOf, show, thing } from './templates';

describe('parameters', () => {
  const template = {
    Parameters: { P: { Type: 'String', Default: 'default' }, Open: { Type: 'String' } },
    Resources: { A: thing({ Ref: 'P' }) },
  };
  const files = [file('One', template), file('Two', template, { parameters: { P: 'from the assembly' } })];
  const of = (parameters: Record<string, string>) => {
    const resolved = resolveTemplates(files, { parameters });
    return ['One.A', 'Two.A'].map((id) => show(propertyOf(resolved, id, 'Value')));
  };

  test.each([
    [{}, ['default', 'from the assembly']],
    [{ P: 'given' }, ['given', 'given']],
    [{ 'One.P': 'own', P: 'given' }, ['own', 'given']],
    [{ 'Two.P': 'own' }, ['default', 'own']],
  ])('given %j', (parameters, expected) => {
    expect(of(parameters)).toEqual(expected);
  });

  test('a value that names a resource which a loop of another template writes is followed to it', () => {
    const loop = { 'Fn::ForEach::Each': ['Name', ['North'], { [`\${Name}Vpc`]: { Type: 'AWS::EC2::VPC' } }] };
    const net = file('Net', { Transform: 'AWS::LanguageExtensions', Resources: loop });
    const app = file('App', { Parameters: { P: { Type: 'String' } }, Resources: { A: thing({ Ref: 'P' }) } });
    const of = (P: string) => show(propertyOf(resolveTemplates([app, net], { parameters: { P } }), 'App.A', 'Value'));
    expect(of('Net.NorthVpc')).toBe('<Net.NorthVpc>');
    expect(of('Net.SouthVpc')).toBe('Net.SouthVpc');
  });

  test('a parameter read from Systems Manager is unknown even with a default, unless its value is given', () => {
    const Parameters = { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/net/cidr' } };
    const ssm = [file('S', { Parameters, Resources: { A: thing({ Ref: 'P' }) } })];
    const value = (given?: string) =>
      show(propertyOf(resolveTemplates(ssm, { parameters: given ? { P: given } : {} }), 'S.A', 'Value'));
    expect(value()).toBe('?S.P');
    expect(value('/other/name')).toBe('?S.P');
    expect(value('10.0.0.0/8')).toBe('10.0.0.0/8');
  });

  test.each([
    [{ Type: 'String', AllowedValues: ['dev', 'prod'] }, 'test'],
    [{ Type: 'Number' }, 'eighty'],
    [{ Type: 'CommaDelimitedList', AllowedValues: ['a', 'b'] }, 'a, c'],
    [{ Type: 'Number', MinValue: 1024 }, '80'],
    [{ Type: 'List<Number>', MaxValue: '1024' }, '80,8080'],
    [{ Type: 'String', MinLength: 9 }, '10/8'],
    [{ Type: 'String', MaxLength: 3 }, '10/8'],
    [{ Type: 'String', AllowedPattern: '[a-z]+' }, 'prod-1'],
    [{ Type: 'String', AllowedPattern: '([a-z]+)+' }, 'prod-1'],
    [{ Type: 'AWS::EC2::Subnet::Id' }, 'vpc-1'],
    [{ Type: 'List<AWS::EC2::SecurityGroup::Id>' }, 'sg-1,web'],
  ])('a value that CloudFormation would not accept is a warning at the parameter: %j, %s', (P, value) => {
    const template = { Parameters: { P }, Resources: { A: thing({ Ref: 'P' }) } };
    const { diagnostics } = resolveTemplates([file('S', template)], { parameters: { P: value } });
    expect(diagnostics).toMatchObject([{ code: 'PARAMETER_VALUE', span: { file: 'S.json', line: 1, column: 16 } }]);
  });

  test.each([
    [{ Type: 'Number', MinValue: 1024, MaxValue: '8080' }, '8080'],
    [{ Type: 'String', AllowedPattern: '(a+)+' }, `${'a'.repeat(40)}!`],
    [{ Type: 'String', AllowedPattern: '(?i)prod' }, 'PROD'],
    [{ Type: 'List<AWS::EC2::Subnet::Id>' }, 'subnet-1, subnet-2'],
    [{ Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>' }, '/aws/ami'],
  ])('a value that it would accept, or whose pattern only AWS can judge, is none: %j, %s', (P, value) => {
    const template = { Parameters: { P }, Resources: { A: thing({ Ref: 'P' }) } };
    expect(resolveTemplates([file('S', template)], { parameters: { P: value } }).diagnostics).toEqual([]);
  });

  test('an id that is empty by default is still to be given', () => {
    const template = (Type: string) => ({
      Parameters: { P: { Type, Default: '' } },
      Resources: { A: thing({ Ref: 'P' }) },
    });
    const value = (type: string) => show(propertyOf(resolveTemplates([file('S', template(type))], {}), 'S.A', 'Value'));
    expect(value('AWS::EC2::Subnet::Id')).toBe('?S.P');
    expect(value('String')).toBe('');
  });

  test('a value that is `Stack.LogicalId` of a given template ties the two together, in lists too', () => {
    const net = file('net', { Resources: { A: thing(1), B: thing(2) } });
    const app = (Type: string) => file('app', { Parameters: { P: { Type } }, Resources: { X: thing({ Ref: 'P' }) } });
    const value = (type: string, P: string) =>
      propertyOf(resolveTemplates([net, app(type)], { parameters: { P } }), 'app.X', 'Value');
    expect(value('AWS::EC2::Subnet::Id', 'net.A')).toMatchObject({ reference: { resource: 'net.A' } });
    expect(value('List<AWS::EC2::Subnet::Id>', 'net.A,net.B')).toMatchObject([
      { reference: { resource: 'net.A' } },
      { reference: { resource: 'net.B' } },
    ]);
    expect(value('String', 'net.C')).toBe('net.C');
  });

  test('a value for a parameter that no template has is a warning', () => {
    const given = { P: 'x', 'One.P': 'x', 'Three.P': 'x', p: 'x' };
    expect(
      resolveTemplates(files, { parameters: given }).diagnostics.map(({ code, message }) => `${code} ${message}`),
    ).toEqual([
      'PARAMETER_UNKNOWN a value is given for parameter `p`, which no template has',
      'PARAMETER_UNKNOWN a value is given for parameter `Three.P`, which no template has',
    ]);
  });

  test('each is listed with where its value comes from', () => {
    const { parameters } = resolveTemplates(files, { parameters: { 'One.P': 'x' } });
    expect(parameters.map(({ id, from }) => `${id} ${from}`)).toEqual([
      'One.P given',
      'One.Open none',
      'Two.P given',
      'Two.Open none',
    ]);
  });
});
