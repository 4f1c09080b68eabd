import { resolveTemplates } from '../../../../lib/evidence/template';
import { file, propertyOf, resolveValue, show } from './templates';

/**
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-ssm.html and
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html
 */
const thing = (Value: unknown) => ({ Type: 'Test::Thing', Properties: { Value } });
const written = (Name: unknown, Value: unknown, more: object = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value },
  ...more,
});
const parameter = (Default: string, type = 'String') => ({ Type: `AWS::SSM::Parameter::Value<${type}>`, Default });
const NET = {
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC' },
    Id: written('/net/vpc', { Ref: 'Vpc' }),
    Ranges: written('/net/ranges', '10.1.0.0/16,10.2.0.0/16'),
  },
};

/** What `App` makes of the value, with `Net` beside it. */
function read(value: unknown, Parameters: object = {}, net: object = NET, options = {}) {
  const files = [file('App', { Parameters, Resources: { A: thing(value) } }), file('Net', net)];
  return show(propertyOf(resolveTemplates(files, options), 'App.A', 'Value'));
}

describe('what one template writes to Systems Manager, another reads', () => {
  test('as the type of a parameter', () => {
    expect(read({ Ref: 'V' }, { V: parameter('/net/vpc', 'AWS::EC2::VPC::Id') })).toBe('<Net.Vpc>');
  });

  test('as a parameter that is given the name', () => {
    const parameters = { V: '/net/vpc' };
    expect(read({ Ref: 'V' }, { V: parameter('/else') }, NET, { parameters })).toBe('<Net.Vpc>');
  });

  test('as a list', () => {
    expect(read({ Ref: 'V' }, { V: parameter('/net/ranges', 'List<String>') })).toBe('[10.1.0.0/16, 10.2.0.0/16]');
  });

  test.each<[unknown, string]>([
    ['{{resolve:ssm:/net/vpc}}', '<Net.Vpc>'],
    [{ 'Fn::Sub': `{{resolve:ssm:/\${Stage}/vpc}}` }, '<Net.Vpc>'],
    [{ 'Fn::Join': ['', ['{{resolve:ssm:/', { Ref: 'Stage' }, '/vpc}}']] }, '<Net.Vpc>'],
    ['vpc/{{resolve:ssm:/net/vpc}}', 'vpc/<Net.Vpc>'],
    [{ Ref: 'Written' }, '<Net.Vpc>'],
  ])('as a dynamic reference: %j', (value, expected) => {
    const Written = { Type: 'String', Default: '{{resolve:ssm:/net/vpc}}' };
    expect(read(value, { Stage: { Type: 'String', Default: 'net' }, Written })).toBe(expected);
  });

  test('as a name that is passed to a nested stack', () => {
    const child = {
      Parameters: { V: { Type: 'AWS::SSM::Parameter::Value<String>' } },
      Resources: { A: thing({ Ref: 'V' }) },
    };
    const Child = {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: 'x', Parameters: { V: { Ref: 'Id' } } },
    };
    const parent = { Resources: { ...NET.Resources, Child } };
    const files = [file('Net', parent), file('Child', child, { parent: { stack: 'Net', logicalId: 'Child' } })];
    expect(show(propertyOf(resolveTemplates(files, {}), 'Child.A', 'Value'))).toBe('<Net.Vpc>');
  });

  test('as an attribute, in its own template', () => {
    expect(resolveValue({ 'Fn::GetAtt': ['Id', 'Value'] }, NET)).toMatchObject({ reference: { resource: 'S.Vpc' } });
  });
});

describe('what is not certainly written by a given template is not known', () => {
  test.each<[string, unknown]>([
    ['another name', '{{resolve:ssm:/net/VPC}}'],
    ['a version, which may be an earlier value', '{{resolve:ssm:/net/vpc:1}}'],
    ['a secret', '{{resolve:ssm-secure:/net/vpc}}'],
    ['a secret of Secrets Manager', '{{resolve:secretsmanager:/net/vpc}}'],
    ['a name that is put together', { 'Fn::Sub': `{{resolve:ssm:/\${AWS::StackName}/vpc}}` }],
  ])('%s', (_, value) => {
    expect(read(value)).toBe('?');
  });

  test('a condition does not compare the text of a dynamic reference', () => {
    const files = [
      file('S', {
        Parameters: { Stage: { Type: 'String', Default: 'prod' } },
        Conditions: { IsOpen: { 'Fn::Equals': [{ 'Fn::Sub': `{{resolve:ssm:/\${Stage}/open}}` }, 'yes'] } },
        Resources: { A: thing({ 'Fn::If': ['IsOpen', '0.0.0.0/0', '10.0.0.0/8'] }) },
      }),
    ];
    expect(show(propertyOf(resolveTemplates(files, {}), 'S.A', 'Value'))).toBe('0.0.0.0/0 | 10.0.0.0/8 by ');
  });

  test.each([{ region: 'eu-west-2' }, { account: '222222222222' }])('another region or account: %j', (place) => {
    const here = { region: 'eu-west-1', account: '111111111111' };
    const app = { Resources: { A: thing('{{resolve:ssm:/net/vpc}}') } };
    const of = (more: object) => {
      const files = [file('App', app, here), file('Net', NET, { ...here, ...more })];
      return show(propertyOf(resolveTemplates(files, {}), 'App.A', 'Value'));
    };
    expect([of({}), of(place)]).toEqual(['<Net.Vpc>', '?']);
  });

  test('a parameter whose condition is false is not written', () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    const net = { Conditions, Resources: { Id: written('/net/vpc', 'vpc-1', { Condition: 'Never' }) } };
    expect(read('{{resolve:ssm:/net/vpc}}', {}, net)).toBe('?');
  });

  test('one that is written twice is either', () => {
    const net = { Resources: { Id: written('/net/vpc', 'vpc-1'), Other: written('/net/vpc', 'vpc-2') } };
    expect(read('{{resolve:ssm:/net/vpc}}', {}, net)).toBe('vpc-1 | vpc-2 by ');
  });

  test('one that is written with its own value ends there', () => {
    const net = { Resources: { Id: written('/net/vpc', '{{resolve:ssm:/net/vpc}}') } };
    expect(read('{{resolve:ssm:/net/vpc}}', {}, net)).toBe('?');
  });

  test('whoever reads one name in one place reads one value, in either form', () => {
    const app = { Parameters: { V: parameter('/else') }, Resources: { A: thing({ Ref: 'V' }) } };
    const other = { Resources: { A: thing('{{resolve:ssm:/else}}') } };
    const tokens = (region: string) => {
      const files = [file('App', app, { region: 'eu-west-1' }), file('Other', other, { region })];
      const resolved = resolveTemplates(files, {});
      return ['App.A', 'Other.A'].map((id) => (propertyOf(resolved, id, 'Value') as { token?: string }).token);
    };
    const [[a, b], [c, d]] = [tokens('eu-west-1'), tokens('eu-west-2')];
    expect(a).toBeDefined();
    expect(a).toBe(b);
    expect(c).not.toBe(d);
  });
});
