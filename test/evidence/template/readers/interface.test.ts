import { isUnknown, type NetworkModel, unknown, type Value } from '../../../../lib/evidence/network';
import { ChoiceValue, ReferenceValue } from '../../../../lib/evidence/template/resource';
import { networkOf, noun, securityGroup, subnet, VPC, type Written } from './fixture';

const of = (Type: string, Properties: object = {}, certain = true): Written => ({
  Type,
  Properties: { ...Properties },
  certain,
});
const plain = <T>(value: Value<T>) => (isUnknown<T>(value) ? 'unknown' : value);
const BASE = {
  Vpc: VPC,
  A: subnet(),
  B: subnet('10.0.2.0/24'),
  Public: subnet('10.0.3.0/24', { MapPublicIpOnLaunch: true }),
  Group: securityGroup(),
};
const build = (more: Readonly<Record<string, Written>>): NetworkModel => networkOf({ ...BASE, ...more });
const the = (more: Readonly<Record<string, Written>>, id = 'S.X') => noun(build(more).interfaces, id);

describe('groups of an interface (fact 1)', () => {
  test.each<[string, object, readonly string[]]>([
    ['named groups', { SecurityGroupIds: [{ Ref: 'Group' }] }, ['S.Group']],
    ["none named: the VPC's default group", {}, ['S.Vpc#default-security-group']],
    ['a group that no template shows', { SecurityGroupIds: ['sg-0abc'] }, ['sg-0abc']],
    ['a list that only a parameter knows', { SecurityGroupIds: unknown('p', ['S.Groups']) }, ['S.Groups']],
    ['two groups as comma-separated text', { SecurityGroupIds: 'sg-1,sg-2' }, ['sg-1', 'sg-2']],
  ])('%s', (_, more, expected) => {
    expect(the({ X: of('AWS::EC2::Instance', { SubnetId: { Ref: 'A' }, ...more }) }).securityGroups).toEqual(expected);
  });

  test('an undecided group counts, the default group too, and nothing of it is certain', () => {
    const groups = new ChoiceValue([[new ReferenceValue({ resource: 'S.Group' })], undefined], 'c', []);
    const found = the({ X: of('AWS::EC2::Instance', { SubnetId: { Ref: 'A' }, SecurityGroupIds: groups }) });
    expect(found.securityGroups).toEqual(['S.Group', 'S.Vpc#default-security-group']);
    expect(found.certain).toBe(false);
  });

  test('groups place a subnet that no template shows in their VPC', () => {
    const network = build({
      X: of('AWS::EC2::Instance', { SubnetId: 'subnet-0abc', SecurityGroupIds: [{ Ref: 'Group' }] }),
    });
    expect(noun(network.subnets, 'subnet-0abc')).toMatchObject({ external: true, vpc: 'S.Vpc' });
  });
});

describe('public addresses (fact 19)', () => {
  const instance = (more: object) => ({ X: of('AWS::EC2::Instance', more) });
  const eip = of('AWS::EC2::EIP', { InstanceId: { Ref: 'X' } });
  test.each<[string, Readonly<Record<string, Written>>, unknown]>([
    ['as the subnet says: none', instance({ SubnetId: { Ref: 'A' } }), false],
    ['as the subnet says: one', instance({ SubnetId: { Ref: 'Public' } }), true],
    ['a subnet that no template shows', instance({ SubnetId: 'subnet-0abc' }), 'unknown'],
    [
      "the instance's own word beats the subnet's",
      instance({
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: { Ref: 'Public' }, AssociatePublicIpAddress: false }],
      }),
      false,
    ],
    [
      'asked for in an inner subnet',
      instance({ NetworkInterfaces: [{ DeviceIndex: '0', SubnetId: { Ref: 'A' }, AssociatePublicIpAddress: 'true' }] }),
      true,
    ],
    ['an elastic address on an inner instance', { ...instance({ SubnetId: { Ref: 'A' } }), E: eip }, true],
    [
      'an elastic address that may not exist',
      { ...instance({ SubnetId: { Ref: 'A' } }), E: { ...eip, certain: false } },
      'unknown',
    ],
    [
      'an association on an interface',
      {
        X: of('AWS::EC2::NetworkInterface', { SubnetId: { Ref: 'A' } }),
        E: of('AWS::EC2::EIPAssociation', { NetworkInterfaceId: { Ref: 'X' }, AllocationId: 'eipalloc-1' }),
      },
      true,
    ],
    [
      'an interface of its own never takes one from its subnet',
      { X: of('AWS::EC2::NetworkInterface', { SubnetId: { Ref: 'Public' } }) },
      false,
    ],
  ])('%s', (_, more, expected) => {
    expect(plain(the(more).publicIpv4)).toBe(expected);
  });
});

describe('instances', () => {
  test('one with interfaces in two subnets is two nouns that share its name (fact 37)', () => {
    const network = build({
      X: of('AWS::EC2::Instance', {
        NetworkInterfaces: [
          { DeviceIndex: '0', SubnetId: { Ref: 'A' }, GroupSet: [{ Ref: 'Group' }] },
          { DeviceIndex: '1', SubnetId: { Ref: 'B' } },
        ],
      }),
    });
    expect(
      network.interfaces.map(({ id, subnets, securityGroups, aliases }) => [id, subnets, securityGroups, aliases]),
    ).toEqual([
      ['S.X', ['S.A'], ['S.Group'], undefined],
      ['S.X#interface-1', ['S.B'], ['S.Vpc#default-security-group'], ['S.X']],
    ]);
  });

  test('one that takes over an interface is named by it and by its address, which counts for the instance', () => {
    const network = build({
      Eni: of('AWS::EC2::NetworkInterface', { SubnetId: { Ref: 'A' } }),
      X: of('AWS::EC2::Instance', { NetworkInterfaces: [{ DeviceIndex: '0', NetworkInterfaceId: { Ref: 'Eni' } }] }),
      E: of('AWS::EC2::EIP', { InstanceId: { Ref: 'X' } }),
    });
    expect(network.interfaces.map(({ id, aliases, publicIpv4 }) => [id, aliases, publicIpv4])).toEqual([
      ['S.Eni', ['S.E', 'S.X'], true],
    ]);
  });

  test('an attached interface names its instance', () => {
    const network = build({
      Eni: of('AWS::EC2::NetworkInterface', { SubnetId: { Ref: 'B' } }),
      X: of('AWS::EC2::Instance', { SubnetId: { Ref: 'A' } }),
      At: of('AWS::EC2::NetworkInterfaceAttachment', {
        InstanceId: { Ref: 'X' },
        NetworkInterfaceId: { Ref: 'Eni' },
        DeviceIndex: '1',
      }),
    });
    expect(noun(network.interfaces, 'S.Eni').aliases).toEqual(['S.X']);
  });

  test('without the source/destination check it may pass packets on (fact 9)', () => {
    expect(the({ X: of('AWS::EC2::Instance', { SubnetId: { Ref: 'A' }, SourceDestCheck: false }) })).toMatchObject({
      sourceDestCheck: false,
      behaviour: 'unknown',
    });
    expect(the({ X: of('AWS::EC2::Instance', { SubnetId: { Ref: 'A' } }) })).toMatchObject({
      sourceDestCheck: true,
      behaviour: 'host',
    });
  });

  const Template = of('AWS::EC2::LaunchTemplate', {
    LaunchTemplateData: {
      NetworkInterfaces: [{ DeviceIndex: 0, Groups: [{ Ref: 'Group' }], AssociatePublicIpAddress: true }],
    },
  });
  const launchTemplate = { LaunchTemplate: { LaunchTemplateId: { Ref: 'Template' }, Version: '1' } };

  test('an auto scaling group launches by its template, into its subnets', () => {
    const X = of('AWS::AutoScaling::AutoScalingGroup', {
      VPCZoneIdentifier: [{ Ref: 'A' }, { Ref: 'B' }],
      ...launchTemplate,
    });
    const found = the({ X, Template });
    expect(found).toMatchObject({ subnets: ['S.A', 'S.B'], securityGroups: ['S.Group'], publicIpv4: true });
  });

  test('an auto scaling group launches by its configuration', () => {
    const X = of('AWS::AutoScaling::AutoScalingGroup', {
      VPCZoneIdentifier: [{ Ref: 'A' }],
      LaunchConfigurationName: { Ref: 'C' },
    });
    const C = of('AWS::AutoScaling::LaunchConfiguration', {
      SecurityGroups: [{ Ref: 'Group' }],
      AssociatePublicIpAddress: true,
    });
    expect(the({ X, C })).toMatchObject({ securityGroups: ['S.Group'], publicIpv4: true });
  });

  test('an instance of a launch template that no template shows is there, with unknown groups and address', () => {
    const X = of('AWS::EC2::Instance', { SubnetId: { Ref: 'A' }, LaunchTemplate: { LaunchTemplateId: 'lt-0abc' } });
    const network = build({ X });
    const found = noun(network.interfaces, 'S.X');
    expect(found.subnets).toEqual(['S.A']);
    expect(plain(found.publicIpv4)).toBe('unknown');
    expect(found.securityGroups.map((id) => noun(network.securityGroups, id).external)).toEqual([true]);
  });

  test('a launch template that no template shows leaves groups and address unknown', () => {
    const X = of('AWS::AutoScaling::AutoScalingGroup', {
      VPCZoneIdentifier: [{ Ref: 'A' }],
      LaunchTemplate: { LaunchTemplateId: 'lt-0abc', Version: '1' },
    });
    const network = build({ X });
    const found = noun(network.interfaces, 'S.X');
    expect(plain(found.publicIpv4)).toBe('unknown');
    expect(found.securityGroups.map((id) => noun(network.securityGroups, id).external)).toEqual([true]);
  });
});

describe('addresses that a condition decides', () => {
  const either = (...options: unknown[]) => new ChoiceValue(options as never, 'c', []);
  const card = (more: object) =>
    the({ X: of('AWS::EC2::NetworkInterface', { SubnetId: { Ref: 'A' }, ...more }) }).addresses.map((one) =>
      plain(one),
    );

  test('one of two is not both', () => {
    expect(card({ PrivateIpAddress: either('10.0.1.10', '10.0.1.30') })).toEqual(['unknown']);
  });

  test('one that may be given is not given', () => {
    const may = either({ PrivateIpAddress: '10.0.1.10', Primary: true }, undefined);
    expect(card({ PrivateIpAddresses: [may] })).toEqual(['unknown']);
  });
});
