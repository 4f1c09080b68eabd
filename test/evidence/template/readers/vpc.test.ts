import { formatPrefix } from '../../../../lib/base/net';
import { isUnknown } from '../../../../lib/evidence/network';
import { ChoiceValue } from '../../../../lib/evidence/template/resource';
import { networkOf, noun, subnet, VPC } from './fixture';

const ranges = (cidrs: readonly unknown[]) =>
  cidrs.map((cidr) => (isUnknown(cidr) ? 'unknown' : formatPrefix(cidr as Parameters<typeof formatPrefix>[0])));

describe('VPCs', () => {
  const block = (more: object, certain = true) => ({
    Type: 'AWS::EC2::VPCCidrBlock',
    Properties: { VpcId: { Ref: 'Vpc' }, ...more },
    certain,
  });

  test.each([
    ['a primary range', {}, ['10.0.0.0/16']],
    [
      'host bits are masked, as AWS does',
      { Vpc: { ...VPC, Properties: { CidrBlock: '10.0.3.7/16' } } },
      ['10.0.0.0/16'],
    ],
    ['a secondary range (fact 14)', { B: block({ CidrBlock: '10.9.0.0/16' }) }, ['10.0.0.0/16', '10.9.0.0/16']],
    ['an IPv6 range', { B: block({ Ipv6CidrBlock: '2001:db8::/56' }) }, ['10.0.0.0/16', '2001:db8::/56']],
    [
      "Amazon's own IPv6 range is unknown",
      { B: block({ AmazonProvidedIpv6CidrBlock: true }) },
      ['10.0.0.0/16', 'unknown'],
    ],
    [
      'a range from an address pool is unknown',
      { B: block({ Ipv4IpamPoolId: 'ipam-pool-1' }) },
      ['10.0.0.0/16', 'unknown'],
    ],
    [
      'a range that may not exist is unknown',
      { B: block({ CidrBlock: '10.9.0.0/16' }, false) },
      ['10.0.0.0/16', 'unknown'],
    ],
    ['a VPC from an address pool', { Vpc: { ...VPC, Properties: { Ipv4IpamPoolId: 'ipam-pool-1' } } }, ['unknown']],
  ])('%s', (_, more, expected) => {
    expect(ranges(noun(networkOf({ Vpc: VPC, ...more }).vpcs, 'S.Vpc').cidrs)).toEqual(expected);
  });

  test('AWS makes a default group, a default ACL and a main table with each (facts 1, 12, 13)', () => {
    const network = networkOf({ Vpc: VPC });
    const group = noun(network.securityGroups, 'S.Vpc#default-security-group');
    expect(group.ingress.map((rule) => rule.peer)).toEqual([{ kind: 'security-group', id: group.id }]);
    expect(group.egress.map((rule) => rule.certain)).toEqual([true, false]);
    const acl = noun(network.networkAcls, 'S.Vpc#default-network-acl');
    expect(acl.entries.map(({ number, direction, action }) => [number, direction, action])).toEqual([
      [100, 'ingress', 'allow'],
      [101, 'ingress', 'allow'],
      [100, 'egress', 'allow'],
      [101, 'egress', 'allow'],
    ]);
    expect(noun(network.routeTables, 'S.Vpc#main-route-table')).toMatchObject({ main: true, routes: [] });
  });
});

describe('subnets', () => {
  const table = { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } };
  const association = (certain = true) => ({
    Type: 'AWS::EC2::SubnetRouteTableAssociation',
    Properties: { SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
    certain,
  });

  test.each([
    ["without an association: the VPC's main table (fact 13)", {}, 'S.Vpc#main-route-table'],
    ['with an association: that table', { Table: table, A: association() }, 'S.Table'],
    ['with one that may not exist: unknown', { Table: table, A: association(false) }, 'unknown'],
  ])('the table in force %s', (_, more, expected) => {
    const { routeTable } = noun(networkOf({ Vpc: VPC, Subnet: subnet(), ...more }).subnets, 'S.Subnet');
    expect(isUnknown(routeTable) ? 'unknown' : routeTable).toBe(expected);
  });

  test("the ACL in force is the VPC's default one, unless associated (fact 12)", () => {
    const acl = { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: { Ref: 'Vpc' } } };
    const associated = {
      Type: 'AWS::EC2::SubnetNetworkAclAssociation',
      Properties: { SubnetId: { Ref: 'B' }, NetworkAclId: { Ref: 'Acl' } },
    };
    const network = networkOf({ Vpc: VPC, A: subnet(), B: subnet('10.0.2.0/24'), Acl: acl, X: associated });
    expect(noun(network.subnets, 'S.A').networkAcl).toBe('S.Vpc#default-network-acl');
    expect(noun(network.subnets, 'S.B').networkAcl).toBe('S.Acl');
  });

  test.each([
    ['unset', {}, false],
    ['true', { MapPublicIpOnLaunch: true }, true],
    ['"true"', { MapPublicIpOnLaunch: 'true' }, true],
    ['undecided', { MapPublicIpOnLaunch: new ChoiceValue([true, false], 'condition', ['S.P']) }, 'unknown'],
  ])('public addresses at launch: %s', (_, more, expected) => {
    const { autoPublicIpv4 } = noun(networkOf({ Vpc: VPC, Subnet: subnet('10.0.1.0/24', more) }).subnets, 'S.Subnet');
    expect(isUnknown(autoPublicIpv4) ? 'unknown' : autoPublicIpv4).toBe(expected);
  });

  test('a subnet of a VPC that no template shows stands in an external VPC and has an unknown table', () => {
    const network = networkOf({ Subnet: subnet('10.0.1.0/24', { VpcId: 'vpc-0abc' }) });
    expect(noun(network.vpcs, 'vpc-0abc').external).toBe(true);
    expect(isUnknown(noun(network.subnets, 'S.Subnet').routeTable)).toBe(true);
  });
});
