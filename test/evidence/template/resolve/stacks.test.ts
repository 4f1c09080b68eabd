import { resolveTemplates } from '../../../../lib/evidence/template';
import { codes, file, propertyOf, show, sub, thing } from './templates';

const importOf = (name: unknown) => ({ Type: 'Test::Thing', Properties: { Value: { 'Fn::ImportValue': name } } });
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
