import { codes, resolveValue, resolveValueWith, show } from './templates';

/** Resources and parameters that the rows below speak of. */
const TEMPLATE = {
  Parameters: {
    Given: { Type: 'String' },
    Open: { Type: 'String' },
    Default: { Type: 'String', Default: 'chosen' },
    Port: { Type: 'Number', Default: '8080' },
    Names: { Type: 'CommaDelimitedList', Default: 'a, b ,c' },
    OpenNames: { Type: 'List<AWS::EC2::Subnet::Id>' },
    Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
    Ami: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: '/aws/ami' },
  },
  Mappings: {
    Ranges: { dev: { Cidr: '10.0.0.0/16', Zones: ['x', 'y'] }, prod: { Cidr: '10.1.0.0/16', Zones: ['z'] } },
  },
  Conditions: {
    Yes: { 'Fn::Equals': ['a', 'a'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
    Maybe: { 'Fn::Equals': [{ Ref: 'Open' }, 'on'] },
  },
  Resources: {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: { 'Fn::FindInMap': ['Ranges', 'dev', 'Cidr'] } } },
    IpamVpc: { Type: 'AWS::EC2::VPC', Properties: { Ipv4IpamPoolId: 'ipam-pool-1' } },
    Subnet: {
      Type: 'AWS::EC2::Subnet',
      Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.3.0/24', AvailabilityZone: 'eu-west-2a' },
    },
    Firewall: { Type: 'AWS::NetworkFirewall::Firewall' },
  },
};
const OPTIONS = { parameters: { Given: '10.9.0.0/16' }, region: 'eu-west-2' };

const sub = (text: string, variables?: object) => ({ 'Fn::Sub': variables ? [text, variables] : text });
const joined = (delimiter: string, ...list: unknown[]) => ({ 'Fn::Join': [delimiter, list] });
const choice = { 'Fn::If': ['Maybe', 'a', 'b'] };
const absent = { 'Fn::If': ['Maybe', 'a', { Ref: 'AWS::NoValue' }] };

const TABLES: Readonly<Record<string, readonly (readonly [unknown, string])[]>> = {
  'Ref of parameters': [
    [{ Ref: 'Given' }, '10.9.0.0/16'],
    [{ Ref: 'Default' }, 'chosen'],
    [{ Ref: 'Open' }, '?S.Open'],
    [{ Ref: 'Port' }, '8080'],
    [{ Ref: 'Names' }, '[a, b, c]'],
    [{ Ref: 'OpenNames' }, '?S.OpenNames'],
    [{ Ref: 'Stage' }, 'dev | prod by S.Stage'],
    [{ Ref: 'Ami' }, '?S.Ami'],
    [{ Ref: 'Nobody' }, '?'],
    [{ Ref: 'constructor' }, '?'],
  ],
  'pseudo parameters': [
    [{ Ref: 'AWS::Region' }, 'eu-west-2'],
    [{ Ref: 'AWS::AccountId' }, 'unknown-account'],
    [{ Ref: 'AWS::StackName' }, 'S'],
    [{ Ref: 'AWS::Partition' }, 'aws'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'AWS::NoValue' }, '-'],
    [{ Ref: 'AWS::StackId' }, '?'],
    [{ Ref: 'AWS::Nonsense' }, '?'],
    [['a', { Ref: 'AWS::NoValue' }, 'b'], '[a, b]'],
    [{ A: { Ref: 'AWS::NoValue' }, B: 1 }, '{B: 1}'],
  ],
  'references to resources': [
    [{ Ref: 'Vpc' }, '<S.Vpc>'],
    [{ 'Fn::GetAtt': ['Firewall', 'EndpointIds'] }, '<S.Firewall.EndpointIds>'],
    [{ 'Fn::GetAtt': 'Firewall.Nested.Attribute' }, '<S.Firewall.Nested.Attribute>'],
    [{ 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] }, '<S.Vpc.DefaultSecurityGroup>'],
    [{ 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }, '10.0.0.0/16'],
    [{ 'Fn::GetAtt': ['IpamVpc', 'CidrBlock'] }, '<S.IpamVpc.CidrBlock>'],
    [{ 'Fn::GetAtt': ['Subnet', 'CidrBlock'] }, '10.0.3.0/24'],
    [{ 'Fn::GetAtt': ['Subnet', 'AvailabilityZone'] }, 'eu-west-2a'],
    [{ 'Fn::GetAtt': ['Subnet', 'VpcId'] }, '<S.Vpc>'],
    [{ 'Fn::GetAtt': ['Nobody', 'Arn'] }, '?'],
    [{ 'Fn::GetAtt': ['OnlyAName'] }, '?'],
  ],
  'Fn::Sub': [
    [sub('plain'), 'plain'],
    [sub(`\${Default}-x`), 'chosen-x'],
    [sub(`com.amazonaws.\${AWS::Region}.s3`), 'com.amazonaws.eu-west-2.s3'],
    [sub(`\${!Literal}`), `\${Literal}`],
    [sub(`\${Vpc}`), '<S.Vpc>'],
    [sub(`arn:\${Firewall.FirewallArn}/x`), 'arn:<S.Firewall.FirewallArn>/x'],
    [sub(`\${Subnet.CidrBlock}`), '10.0.3.0/24'],
    [sub(`\${a}\${b}`, { a: 'x', b: { Ref: 'Port' } }), 'x8080'],
    [sub(`\${Vpc}`, { Vpc: 'mine' }), 'mine'],
    [sub(`10.\${Open}.0.0/16`), '?S.Open'],
    [sub(`\${Open}-\${Vpc}`), '?S.Open-<S.Vpc>'],
    [sub(`x-\${Stage}`), 'x-dev | x-prod by S.Stage'],
    [sub('$ {Default} $'), '$ {Default} $'],
    [{ 'Fn::Sub': { not: 'a text' } }, '?'],
  ],
  'Fn::Join': [
    [joined('-', 'a', 'b', { Ref: 'Port' }), 'a-b-8080'],
    [joined(''), ''],
    [joined('', { Ref: 'Vpc' }), '<S.Vpc>'],
    [joined('.', 'com', { Ref: 'Vpc' }), 'com.<S.Vpc>'],
    [{ 'Fn::Join': [',', { Ref: 'Names' }] }, 'a,b,c'],
    [{ 'Fn::Join': [',', { Ref: 'OpenNames' }] }, '?S.OpenNames'],
    [{ 'Fn::Join': [',', { 'Fn::GetAZs': '' }] }, '?'],
    [joined(',', choice, choice), 'a,a | a,b | b,a | b,b by S.Open'],
    [joined(',', absent, 'z'), 'a,z | z by S.Open'],
    [joined(',', { Ref: 'AWS::NoValue' }, 'z'), 'z'],
    [{ 'Fn::Join': 'nonsense' }, '?'],
  ],
  'Fn::Select': [
    [{ 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    [{ 'Fn::Select': ['1', { Ref: 'Names' }] }, 'b'],
    [{ 'Fn::Select': [2, ['a', 'b']] }, '?'],
    [{ 'Fn::Select': [-1, ['a', 'b']] }, '?'],
    [{ 'Fn::Select': [0, { Ref: 'OpenNames' }] }, '?S.OpenNames'],
    [{ 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }, 'GetAZs(eu-west-2)[0]'],
    [{ 'Fn::Select': [1, { 'Fn::GetAZs': { Ref: 'AWS::Region' } }] }, 'GetAZs(eu-west-2)[1]'],
    [{ 'Fn::Select': [0, { 'Fn::GetAZs': 'us-east-1' }] }, 'GetAZs(us-east-1)[0]'],
    [{ 'Fn::Select': [0, { 'Fn::GetAtt': ['Firewall', 'EndpointIds'] }] }, '<S.Firewall.EndpointIds [0]>'],
    [{ 'Fn::Select': [0, [absent, 'z']] }, '?S.Open'],
    [{ 'Fn::Select': [0, ['z', absent]] }, 'z'],
    [{ 'Fn::Select': [{ Ref: 'Open' }, ['a']] }, '?S.Open'],
    [{ 'Fn::Select': [0, { 'Fn::If': ['Maybe', ['a'], ['b']] }] }, 'a | b by S.Open'],
  ],
  'Fn::Split': [
    [{ 'Fn::Split': [',', 'a,b'] }, '[a, b]'],
    [{ 'Fn::Split': [',', joined(',', { Ref: 'Subnet' }, { Ref: 'Vpc' })] }, '[<S.Subnet>, <S.Vpc>]'],
    [{ 'Fn::Split': [',', joined(',', { Ref: 'Subnet' })] }, '[<S.Subnet>]'],
    [{ 'Fn::Split': [':', joined(':', { Ref: 'Subnet' }, 'x')] }, '?'],
    [{ 'Fn::Split': [',', { Ref: 'Open' }] }, '?S.Open'],
    [
      {
        'Fn::Select': [1, { 'Fn::Split': [':', { 'Fn::Select': [0, { 'Fn::GetAtt': ['Firewall', 'EndpointIds'] }] }] }],
      },
      '<S.Firewall.EndpointIds [0] split(:) [1]>',
    ],
  ],
  'Fn::FindInMap': [
    [{ 'Fn::FindInMap': ['Ranges', 'prod', 'Cidr'] }, '10.1.0.0/16'],
    [{ 'Fn::FindInMap': ['Ranges', 'prod', 'Zones'] }, '[z]'],
    [{ 'Fn::FindInMap': ['Ranges', { Ref: 'Stage' }, 'Cidr'] }, '10.0.0.0/16 | 10.1.0.0/16 by S.Stage'],
    [{ 'Fn::FindInMap': ['Ranges', { Ref: 'Open' }, 'Cidr'] }, '10.0.0.0/16 | 10.1.0.0/16 by S.Open'],
    [{ 'Fn::FindInMap': ['Ranges', 'test', 'Cidr'] }, '?'],
    [{ 'Fn::FindInMap': ['Ranges', 'test', 'Cidr', { DefaultValue: { Ref: 'Given' } }] }, '10.9.0.0/16'],
    [{ 'Fn::FindInMap': ['Nothing', 'test', 'Cidr'] }, '?'],
    [{ 'Fn::FindInMap': ['Ranges', 'constructor', 'name'] }, '?'],
  ],
  'Fn::If': [
    [{ 'Fn::If': ['Yes', 'a', 'b'] }, 'a'],
    [{ 'Fn::If': ['No', 'a', 'b'] }, 'b'],
    [choice, 'a | b by S.Open'],
    [absent, 'a | - by S.Open'],
    [{ 'Fn::If': ['Maybe', 'same', 'same'] }, 'same'],
    [{ 'Fn::If': ['Maybe', { Ref: 'Vpc' }, { Ref: 'Vpc' }] }, '<S.Vpc>'],
    [{ 'Fn::If': ['Maybe', { Ref: 'Stage' }, 'dev'] }, 'dev | prod by S.Open,S.Stage'],
    [{ 'Fn::If': ['Nobody', 'a', 'b'] }, 'a | b by '],
    [['x', { 'Fn::If': ['No', 'a', { Ref: 'AWS::NoValue' }] }], '[x]'],
    [['x', absent], '[x, a | - by S.Open]'],
  ],
  'Fn::Cidr': [
    [
      { 'Fn::Cidr': ['192.168.0.0/24', '6', '5'] },
      `[${[0, 32, 64, 96, 128, 160].map((n) => `192.168.0.${n}/27`).join(', ')}]`,
    ],
    [{ 'Fn::Select': [255, { 'Fn::Cidr': ['10.0.0.0/16', 256, 8] }] }, '10.0.255.0/24'],
    [{ 'Fn::Cidr': ['2001:db8::/56', 2, 64] }, '[2001:db8::/64, 2001:db8:0:1::/64]'],
    [{ 'Fn::Select': [1, { 'Fn::Cidr': [{ 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }, 4, 12] }] }, '10.0.16.0/20'],
    [{ 'Fn::Select': [1, { 'Fn::Cidr': [{ 'Fn::GetAtt': ['IpamVpc', 'CidrBlock'] }, 4, 12] }] }, '?'],
    [{ 'Fn::Select': [1, { 'Fn::Cidr': [{ Ref: 'Open' }, 4, 12] }] }, '?S.Open'],
    [{ 'Fn::Cidr': ['10.0.0.0/24', 300, 5] }, '?'],
    [{ 'Fn::Cidr': ['10.0.0.0/24', 9, 5] }, '?'],
    [{ 'Fn::Cidr': ['not a range', 1, 5] }, '?'],
  ],
  'the language extensions': [
    [{ 'Fn::Length': { Ref: 'Names' } }, '3'],
    [{ 'Fn::Length': ['a', absent] }, '2 | 1 by S.Open'],
    [{ 'Fn::Length': { Ref: 'OpenNames' } }, '?S.OpenNames'],
    [{ 'Fn::ToJsonString': { a: [1, { Ref: 'Default' }] } }, '{"a":[1,"chosen"]}'],
    [{ 'Fn::ToJsonString': { a: { Ref: 'Vpc' } } }, '?'],
  ],
  'what is not resolved here': [
    [{ 'Fn::ImportValue': 'Nobodys-Export' }, '?'],
    [{ 'Fn::ImportValue': sub(`\${Open}-VpcId`) }, '?S.Open'],
    ['{{resolve:ssm:/net/cidr}}', '?'],
    [{ 'Fn::Transform': { Name: 'Macro' } }, '?'],
    [{ 'Fn::Invented': 1 }, '?'],
    [{ 'Fn::If': ['Yes', 1, 2], Beside: 1 }, '?'],
    [{ Ref: ['not', 'a', 'reference'] }, '{Ref: [not, a, reference]}'],
    [{ Condition: { StringEquals: 'x' } }, '{Condition: {StringEquals: x}}'],
  ],
};

for (const [name, rows] of Object.entries(TABLES)) {
  describe(name, () => {
    test.each(rows.map(([value, expected]) => [JSON.stringify(value), expected, value] as const))(
      '%s is %s',
      (_, expected, value) => {
        expect(show(resolveValue(value, TEMPLATE, OPTIONS))).toBe(expected);
      },
    );
  });
}

test('without a region, texts keep a placeholder and nothing is decided by it', () => {
  const template = { Conditions: { Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-west-2'] } } };
  expect(resolveValue(sub(`com.amazonaws.\${AWS::Region}.s3`), template)).toBe('com.amazonaws.unknown-region.s3');
  expect(show(resolveValue({ 'Fn::If': ['Here', 'a', 'b'] }, template))).toBe('a | b by ');
});

test('a map of regions, asked in a region that is not known, gives any of its entries', () => {
  const template = { Mappings: { Amis: { 'eu-west-1': { Id: 'ami-1' }, 'eu-west-2': { Id: 'ami-2' } } } };
  const value = { 'Fn::FindInMap': ['Amis', { Ref: 'AWS::Region' }, 'Id'] };
  expect(show(resolveValue(value, template))).toBe('ami-1 | ami-2 by ');
  expect(show(resolveValue(value, template, { region: 'eu-west-2' }))).toBe('ami-2');
});

test('two uses of one parameter without a value are the same unknown, entries of its list too', () => {
  const select = (index: number) => ({ 'Fn::Select': [index, { Ref: 'OpenNames' }] });
  const value = resolveValue([{ Ref: 'Open' }, { Ref: 'Open' }, select(0), select(0), select(1)], TEMPLATE);
  const tokens = (value as readonly { token?: string }[]).map(({ token }) => token);
  expect(tokens).toEqual(['S.Open', 'S.Open', 'S.OpenNames[0]', 'S.OpenNames[0]', 'S.OpenNames[1]']);
});

test('what is computed from an unknown is another unknown, except that a joined list splits into itself', () => {
  const list = { Ref: 'OpenNames' };
  const comma = { 'Fn::Join': [',', list] };
  const again = { 'Fn::Select': [0, { 'Fn::Split': [',', comma] }] };
  const value = resolveValue(
    [list, comma, { 'Fn::Length': list }, { 'Fn::Select': [{ Ref: 'Open' }, ['a']] }, again],
    TEMPLATE,
  );
  const tokens = (value as readonly { token?: string }[]).map(({ token }) => token);
  expect(tokens).toEqual(['S.OpenNames', 'join(,) S.OpenNames', undefined, undefined, 'S.OpenNames[0]']);
});

test('a mistake in an intrinsic is a warning at the resource that holds it', () => {
  const resolved = resolveValueWith({ 'Fn::Select': [5, ['a']] });
  expect(codes(resolved)).toEqual(['TEMPLATE_SELECT']);
  expect(resolved.diagnostics[0]?.span).toMatchObject({ file: 'S.json', line: 1, column: 15 });
});

test('what needs no resolving is shared with the template and not copied', () => {
  const value = { Statement: [{ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }] };
  expect(resolveValue(value)).toEqual(value);
});

describe('what the template decides of an attribute', () => {
  const instance = (Properties: object) => ({ Resources: { I: { Type: 'AWS::EC2::Instance', Properties } } });

  test.each<[object, string]>([
    [{ PrivateIpAddress: '10.0.0.5' }, '10.0.0.5'],
    [{ NetworkInterfaces: [{ DeviceIndex: '0', PrivateIpAddress: '10.0.0.6' }] }, '10.0.0.6'],
    [{ NetworkInterfaces: [{ DeviceIndex: '1', PrivateIpAddress: '10.0.0.7' }] }, '<S.I.PrivateIp>'],
    [{}, '<S.I.PrivateIp>'],
  ])("an instance's address is its own or its first interface's: %j", (properties, expected) => {
    expect(show(resolveValue({ 'Fn::GetAtt': ['I', 'PrivateIp'] }, instance(properties)))).toBe(expected);
  });

  test.each<[string, object, boolean]>([
    ['a reference', { VpcId: { Ref: 'Vpc' } }, true],
    ['a reference in other words', { VpcId: { 'Fn::Sub': `\${Vpc}` } }, true],
    ['an absent range', { VpcId: { Ref: 'Vpc' }, CidrBlock: { Ref: 'AWS::NoValue' } }, true],
    ['a range', { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.1.0.0/16' }, false],
    ['another VPC', { VpcId: 'vpc-1' }, false],
  ])('of the IPv6 range that Amazon gives a VPC by one block there is a stand-in: %s', (_, block, isKnown) => {
    const Resources = {
      Vpc: { Type: 'AWS::EC2::VPC' },
      Block: { Type: 'AWS::EC2::VPCCidrBlock', Properties: { AmazonProvidedIpv6CidrBlock: true, ...block } },
    };
    const first = { 'Fn::Select': [0, { 'Fn::GetAtt': ['Vpc', 'Ipv6CidrBlocks'] }] };
    const range = show(resolveValue(first, { Resources }, { standsInForAmazon: true }));
    expect(/^2600:.*\/56$/.test(range)).toBe(isKnown);
  });
});
