import { resolveTemplates } from '../../../../lib/evidence/template';
import { codes, file, propertyOf, show } from './templates';

/** `${name}`, for keys */
const hole = (name: string) => `\${${name}}`;
const sub = (text: string) => ({ 'Fn::Sub': text });
const importOf = (name: unknown) => ({ Type: 'Test::Thing', Properties: { Value: { 'Fn::ImportValue': name } } });
const thing = (Value: unknown, more: object = {}) => ({ Type: 'Test::Thing', Properties: { Value }, ...more });
const exported = (Value: unknown, Name: unknown, more: object = {}) => ({ Value, Export: { Name }, ...more });

const NET = {
  Resources: { Vpc: { Type: 'AWS::EC2::VPC' } },
  Outputs: { VpcId: exported({ Ref: 'Vpc' }, sub(`\${AWS::StackName}-VpcId`)) },
};
const APP = {
  Parameters: { Network: { Type: 'String' } },
  Resources: { A: importOf(sub(`\${Network}-VpcId`)) },
};

describe('exports and imports', () => {
  test('an import is followed to the resource that another stack exports', () => {
    const App = { Resources: { A: importOf('Net-VpcId') } };
    const resolved = resolveTemplates([file('App', App), file('Net', NET)], {});
    expect(show(propertyOf(resolved, 'App.A', 'Value'))).toBe('<Net.Vpc>');
  });

  test('an import whose name hangs on a parameter is followed once it has a value', () => {
    const resolved = resolveTemplates([file('Net', NET), file('App', APP)], { parameters: { Network: 'Net' } });
    expect(show(propertyOf(resolved, 'App.A', 'Value'))).toBe('<Net.Vpc>');
  });

  test('without that value it is unknown, though only one given export has such a name', () => {
    const resolved = resolveTemplates([file('Net', NET), file('App', APP)], {});
    expect(show(propertyOf(resolved, 'App.A', 'Value'))).toBe('?App.Network');
    expect(propertyOf(resolved, 'App.A', 'Value')).toMatchObject({ token: `import \${App.Network}-VpcId` });
  });

  test('and a warning says which value would do', () => {
    const { diagnostics } = resolveTemplates([file('Net', NET), file('App', APP)], {});
    expect(diagnostics).toMatchObject([
      {
        code: 'TEMPLATE_IMPORT',
        severity: 'warning',
        message: 'imports hang on parameter `App.Network`, which has no value',
        help: '`Net` exports such names: give it the value `Net`',
        span: { file: 'App.json' },
      },
    ]);
  });

  test('an import that misses an export by a letter is told so', () => {
    const App = { Resources: { A: importOf('Net-VpcID') } };
    const { diagnostics } = resolveTemplates([file('Net', NET), file('App', App)], {});
    expect(diagnostics).toMatchObject([{ code: 'TEMPLATE_IMPORT', help: 'did you mean `Net-VpcId`?' }]);
  });

  test('an export that no given template has is unknown, and the same for all who import it', () => {
    const App = { Resources: { A: importOf('Else'), B: importOf('Else') } };
    const resolved = resolveTemplates([file('App', App)], {});
    const [a, b] = ['App.A', 'App.B'].map((id) => propertyOf(resolved, id, 'Value') as { token?: string });
    expect(a?.token).toBeDefined();
    expect(a?.token).toBe(b?.token);
  });

  test('exports stay in their region', () => {
    const App = { Resources: { A: importOf('Net-VpcId') } };
    const files = [file('Net', NET, { region: 'eu-west-1' }), file('App', App, { region: 'eu-west-2' })];
    expect(show(propertyOf(resolveTemplates(files, {}), 'App.A', 'Value'))).toBe('?');
  });

  test('of two exports with one name, conditions decide; undecided, it is one of both', () => {
    const Net = {
      Parameters: { Engine: { Type: 'String' } },
      Conditions: {
        IsOne: { 'Fn::Equals': [{ Ref: 'Engine' }, 'one'] },
        IsTwo: { 'Fn::Not': [{ Condition: 'IsOne' }] },
      },
      Resources: { One: thing(1), Two: thing(2) },
      Outputs: {
        One: exported({ Ref: 'One' }, 'Db', { Condition: 'IsOne' }),
        Two: exported({ Ref: 'Two' }, 'Db', { Condition: 'IsTwo' }),
      },
    };
    const files = [file('Net', Net), file('App', { Resources: { A: importOf('Db') } })];
    const of = (parameters: Record<string, string>) =>
      show(propertyOf(resolveTemplates(files, { parameters }), 'App.A', 'Value'));
    expect(of({ Engine: 'one' })).toBe('<Net.One>');
    expect(of({ Engine: 'x' })).toBe('<Net.Two>');
    expect(of({})).toBe('<Net.One> | <Net.Two> by Net.Engine');
  });

  test('exports that import each other end in a warning', () => {
    const a = { Resources: { R: importOf('B') }, Outputs: { O: exported({ 'Fn::ImportValue': 'B' }, 'A') } };
    const b = { Resources: {}, Outputs: { O: exported({ 'Fn::ImportValue': 'A' }, 'B') } };
    const resolved = resolveTemplates([file('A', a), file('B', b)], {});
    expect(codes(resolved)).toContain('TEMPLATE_REFERENCE_CYCLE');
    expect(show(propertyOf(resolved, 'A.R', 'Value'))).toBe('?');
  });

  test("CDK's references across regions are followed from the reader to the writer", () => {
    const name = '/cdk/exports/App/NetRefVpc';
    const write = {
      Type: 'Custom::CrossRegionExportWriter',
      Properties: { WriterProps: { region: 'eu-west-2', exports: { [name]: { Ref: 'Vpc' } } } },
    };
    const read = (key: string) => thing({ 'Fn::GetAtt': ['Reader', key] });
    const Reader = { Type: 'Custom::CrossRegionExportReader', Properties: { ReaderProps: { imports: {} } } };
    const Net = { Resources: { ...NET.Resources, Writer: write } };
    const App = { Resources: { Reader, A: read(name), B: read('/cdk/exports/App/Else') } };
    const resolved = resolveTemplates(
      [file('App', App, { region: 'eu-west-2' }), file('Net', Net, { region: 'us-east-1' })],
      {},
    );
    expect(show(propertyOf(resolved, 'App.A', 'Value'))).toBe('<Net.Vpc>');
    expect(show(propertyOf(resolved, 'App.B', 'Value'))).toBe('<App.Reader./cdk/exports/App/Else>');
  });

  test('an output of another stack is read without an export', () => {
    const reading = (more: object) =>
      thing({ 'Fn::GetStackOutput': { StackName: 'Net', OutputName: 'VpcId', ...more } });
    const files = [
      file('Net', NET),
      file('App', { Resources: { A: reading({}), B: reading({ Region: 'us-east-1' }) } }),
    ];
    const resolved = resolveTemplates(files, { region: 'eu-west-2' });
    expect(show(propertyOf(resolved, 'App.A', 'Value'))).toBe('<Net.Vpc>');
    expect(show(propertyOf(resolved, 'App.B', 'Value'))).toBe('?');
  });
});

describe('nested stacks', () => {
  const nested = (Parameters: object, more: object = {}) => ({
    Type: 'AWS::CloudFormation::Stack',
    Properties: { TemplateURL: 'https://example.com/child', Parameters },
    ...more,
  });
  const CHILD = {
    Parameters: {
      Vpc: { Type: 'AWS::EC2::VPC::Id' },
      Subnets: { Type: 'List<AWS::EC2::Subnet::Id>' },
      Range: { Type: 'String', Default: '10.0.0.0/8' },
    },
    Resources: {
      T: {
        Type: 'Test::Thing',
        Properties: { Vpc: { Ref: 'Vpc' }, Subnets: { Ref: 'Subnets' }, Range: { Ref: 'Range' } },
      },
    },
    Outputs: { Thing: { Value: { Ref: 'T' } }, Name: { Value: { Ref: 'AWS::StackName' } } },
  };
  const parentWith = (stack: object, more: object = {}) => ({
    Parameters: { Open: { Type: 'String' } },
    Conditions: { Never: { 'Fn::Equals': [1, 2] }, Maybe: { 'Fn::Equals': [{ Ref: 'Open' }, 'x'] } },
    Resources: {
      Vpc: { Type: 'AWS::EC2::VPC' },
      A: { Type: 'AWS::EC2::Subnet' },
      B: { Type: 'AWS::EC2::Subnet' },
      Child: stack,
      User: thing({ 'Fn::GetAtt': ['Child', 'Outputs.Thing'] }),
      ...more,
    },
  });
  const child = file('P/Child', CHILD, { parent: { stack: 'P', logicalId: 'Child' } });
  const passing = nested({ Vpc: { Ref: 'Vpc' }, Subnets: { 'Fn::Join': [',', [{ Ref: 'A' }, { Ref: 'B' }]] } });
  const of = (id: string, name: string, stack: object = passing, files = [child]) =>
    show(propertyOf(resolveTemplates([file('P', parentWith(stack)), ...files], {}), id, name));

  test('what the parent passes is what the child refers to', () => {
    expect(of('P/Child.T', 'Vpc')).toBe('<P.Vpc>');
  });

  test('a list joined to be passed is the list again', () => {
    expect(of('P/Child.T', 'Subnets')).toBe('[<P.A>, <P.B>]');
  });

  test('what is not passed has its default', () => {
    expect(of('P/Child.T', 'Range')).toBe('10.0.0.0/8');
  });

  test('an output is followed to the resource of the child', () => {
    expect(of('P.User', 'Value')).toBe('<P/Child.T>');
  });

  test('a parameter of the parent without a value is named by its own name', () => {
    expect(of('P/Child.T', 'Range', nested({ Range: { Ref: 'Open' } }))).toBe('?P.Open');
  });

  test('the files may come in any order', () => {
    const files = [child, file('P', parentWith(passing))];
    expect(show(propertyOf(resolveTemplates(files, {}), 'P/Child.T', 'Vpc'))).toBe('<P.Vpc>');
  });

  test.each([
    ['Never', 0, []],
    ['Maybe', 1, [false]],
  ] as const)('a nested stack under condition %s decides about all that is in it', (Condition, count, certain) => {
    const resolved = resolveTemplates([file('P', parentWith({ ...passing, Condition })), child], {});
    const inside = resolved.resources.filter(({ stack }) => stack === 'P/Child');
    expect(inside).toHaveLength(count);
    expect(inside.map((each) => each.certain)).toEqual(certain);
  });

  test('a nested stack whose template is not given is opaque, and its outputs are unknown', () => {
    const resolved = resolveTemplates([file('P', parentWith(passing))], {});
    expect(resolved.opaque).toMatchObject([{ id: 'P.Child', kind: 'nested-stack' }]);
    expect(propertyOf(resolved, 'P.User', 'Value')).toMatchObject({ unknown: true, token: 'P.Child.Outputs.Thing' });
  });

  test('a template whose parent has no such nested stack is an error', () => {
    const lost = file('P/Lost', CHILD, { parent: { stack: 'P', logicalId: 'Lost' } });
    expect(codes(resolveTemplates([file('P', parentWith(passing)), child, lost], {}))).toEqual(['TEMPLATE_PARENT']);
  });

  test('a stack nested in itself is an error', () => {
    const self = file('P', parentWith(passing), { parent: { stack: 'P', logicalId: 'Child' } });
    expect(codes(resolveTemplates([self], {}))).toContain('TEMPLATE_REFERENCE_CYCLE');
  });

  test('outputs and parameters that go in circles end in a warning', () => {
    const circle = nested({ Range: { 'Fn::GetAtt': ['Child', 'Outputs.Range'] } });
    const inner = { ...CHILD, Outputs: { Range: { Value: { Ref: 'Range' } }, Thing: { Value: 'x' } } };
    const files = [
      file('P', parentWith(circle)),
      file('P/Child', inner, { parent: { stack: 'P', logicalId: 'Child' } }),
    ];
    const resolved = resolveTemplates(files, {});
    expect(codes(resolved)).toContain('TEMPLATE_REFERENCE_CYCLE');
    expect(show(propertyOf(resolved, 'P/Child.T', 'Range'))).toBe('?');
  });

  test('a text that doubles through a hundred nested stacks ends as unknown', () => {
    const level = (last: boolean) => ({
      Parameters: { X: { Type: 'String', Default: 'x' } },
      Resources: last ? { T: thing({ Ref: 'X' }) } : { Child: nested({ X: sub(`\${X}\${X}`) }) },
    });
    const names = Array.from({ length: 60 }, (_, at) => `S${'/Child'.repeat(at)}`);
    const files = names.map((name, at) =>
      file(name, level(at === 59), at === 0 ? {} : { parent: { stack: names[at - 1] ?? '', logicalId: 'Child' } }),
    );
    expect(show(propertyOf(resolveTemplates(files, {}), `${names[59]}.T`, 'Value'))).toBe('?');
  });
});

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

describe('origins', () => {
  test('carry the line, the path of the construct and the known tags', () => {
    const text = JSON.stringify(
      {
        Resources: {
          A: {
            Type: 'T',
            Metadata: { 'aws:cdk:path': 'App/A' },
            Properties: {
              Tags: [
                { Key: 'k', Value: 'v' },
                { Key: 'u', Value: { Ref: 'AWS::StackId' } },
              ],
            },
          },
        },
      },
      null,
      2,
    );
    const [resource] = resolveTemplates([{ stack: 'S', file: 's.json', text }], {}).resources;
    expect({ ...resource?.origin, place: resource?.origin.place }).toEqual({
      resource: 'S.A',
      type: 'T',
      path: 'App/A',
      tags: { k: 'v' },
      place: { file: 's.json', line: 3, column: 5 },
    });
  });

  test('two templates of one name are an error', () => {
    const template = { Resources: {} };
    expect(codes(resolveTemplates([file('S', template), file('S', template)], {}))).toEqual(['TEMPLATE_STACK_TWICE']);
  });
});
