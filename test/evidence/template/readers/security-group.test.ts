import { formatPrefix, formatProtocol, parsePrefix } from '../../../../lib/base/net';
import { isUnknown, type SecurityGroupRule, unknown } from '../../../../lib/evidence/network';
import { ChoiceValue } from '../../../../lib/evidence/template/resource';
import { build, networkOf, noun, securityGroup, VPC } from './fixture';

function written({ traffic, peer, certain }: SecurityGroupRule): string {
  const ports = isUnknown(traffic) || !traffic.ports ? '' : ` ${traffic.ports.from}-${traffic.ports.to}`;
  const icmp =
    isUnknown(traffic) || !traffic.icmp ? '' : ` type ${traffic.icmp.type} code ${traffic.icmp.code ?? 'any'}`;
  const what = isUnknown(traffic) ? 'unknown' : `${formatProtocol(traffic.protocol)}${ports}${icmp}`;
  const range = peer.kind === 'cidr' ? (isUnknown(peer.cidr) ? 'unknown' : formatPrefix(peer.cidr)) : peer.kind;
  return `${what} ${'id' in peer ? peer.id : range}${certain ? '' : ' ?'}`;
}

const ALL_OUT = ['any 0.0.0.0/0', 'any ::/0 ?'];
const egressOf = (template: Parameters<typeof networkOf>[0]) =>
  noun(networkOf({ Vpc: VPC, ...template }).securityGroups, 'S.Group').egress.map(written);
const ingressOf = (rule: object, more: Parameters<typeof networkOf>[0] = {}) =>
  noun(
    networkOf({ Vpc: VPC, ...more, Group: securityGroup({ SecurityGroupIngress: [rule] }) }).securityGroups,
    'S.Group',
  ).ingress.map(written);

describe('egress (fact 2)', () => {
  const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/8' };
  const standalone = (certain = true, more: object = rule) => ({
    Type: 'AWS::EC2::SecurityGroupEgress',
    Properties: { GroupId: { 'Fn::GetAtt': ['Group', 'GroupId'] }, ...more },
    certain,
  });

  test.each([
    ['absent: AWS lets everything out', { Group: securityGroup() }, ALL_OUT],
    ['an empty list is like an absent one', { Group: securityGroup({ SecurityGroupEgress: [] }) }, ALL_OUT],
    [
      'one inline rule removes the default',
      { Group: securityGroup({ SecurityGroupEgress: [rule] }) },
      ['tcp 443-443 10.0.0.0/8'],
    ],
    [
      'one standalone rule removes the default',
      { Group: securityGroup(), R: standalone() },
      ['tcp 443-443 10.0.0.0/8'],
    ],
    [
      'a rule that may not exist leaves the default open',
      { Group: securityGroup(), R: standalone(false) },
      ['tcp 443-443 10.0.0.0/8 ?', 'any 0.0.0.0/0 ?', 'any ::/0 ?'],
    ],
    [
      "CDK's rule that matches nothing removes the default",
      {
        Group: securityGroup({
          SecurityGroupEgress: [{ IpProtocol: 'icmp', FromPort: 252, ToPort: 86, CidrIp: '255.255.255.255/32' }],
        }),
      },
      ['icmp type 252 code 86 255.255.255.255/32'],
    ],
    [
      'an undecided inline list leaves the default open',
      { Group: securityGroup({ SecurityGroupEgress: new ChoiceValue([[rule], undefined], 'c', []) }) },
      ['tcp 443-443 10.0.0.0/8 ?', 'any 0.0.0.0/0 ?', 'any ::/0 ?'],
    ],
  ])('%s', (_, template, expected) => {
    expect(egressOf(template)).toEqual(expected);
  });
});

describe('protocols and ports (fact 5)', () => {
  test.each([
    ['tcp by name', { IpProtocol: 'tcp', FromPort: 443, ToPort: 444 }, 'tcp 443-444'],
    ['tcp in capitals, ports as text', { IpProtocol: 'TCP', FromPort: '443', ToPort: '443' }, 'tcp 443-443'],
    ['tcp by number', { IpProtocol: 6, FromPort: 443, ToPort: 443 }, 'tcp 443-443'],
    ['tcp by number as text', { IpProtocol: '6', FromPort: 443, ToPort: 443 }, 'tcp 443-443'],
    ['absent ports are all ports', { IpProtocol: 'tcp' }, 'tcp'],
    ['ports of -1 are all ports', { IpProtocol: 'udp', FromPort: -1, ToPort: -1 }, 'udp'],
    ['0-65535 are all ports', { IpProtocol: 'udp', FromPort: 0, ToPort: 65535 }, 'udp'],
    ['protocol -1 ignores ports', { IpProtocol: '-1', FromPort: 443, ToPort: 443 }, 'any'],
    ['a protocol without ports ignores them', { IpProtocol: '50', FromPort: 1, ToPort: 2 }, 'esp'],
    ['icmp: ports are type and code', { IpProtocol: 'icmp', FromPort: 8, ToPort: 0 }, 'icmp type 8 code 0'],
    ['icmp: a code of -1 is any code', { IpProtocol: 'icmp', FromPort: 8, ToPort: -1 }, 'icmp type 8 code any'],
    ['icmp: a type of -1 is everything', { IpProtocol: 'icmp', FromPort: '-1', ToPort: '-1' }, 'icmp'],
    ['icmpv6', { IpProtocol: '58', FromPort: 128, ToPort: -1 }, 'icmpv6 type 128 code any'],
    ['an unheard-of protocol is unknown', { IpProtocol: 'smoke' }, 'unknown'],
    ['half a range is unknown', { IpProtocol: 'tcp', FromPort: 443 }, 'unknown'],
    ['a range upside down is unknown', { IpProtocol: 'tcp', FromPort: 444, ToPort: 443 }, 'unknown'],
    ['a port beyond 65535 is unknown', { IpProtocol: 'tcp', FromPort: 1, ToPort: 70000 }, 'unknown'],
    ['an unknown port is unknown', { IpProtocol: 'tcp', FromPort: unknown('p', ['S.P']), ToPort: 443 }, 'unknown'],
  ])('%s', (_, rule, expected) => {
    expect(ingressOf({ ...rule, CidrIp: '10.0.0.0/8' })).toEqual([`${expected} 10.0.0.0/8`]);
  });

  test('a range upside down is a diagnostic with its place', () => {
    const rule = { IpProtocol: 'tcp', FromPort: 444, ToPort: 443, CidrIp: '10.0.0.0/8' };
    const { diagnostics } = build({ Vpc: VPC, Group: securityGroup({ SecurityGroupIngress: [rule] }) });
    expect(diagnostics.map(({ code, span }) => [code, span?.file, span?.line])).toEqual([
      ['TEMPLATE_PORT_RANGE', 's.json', 1],
    ]);
  });
});

describe('the other side of a rule (facts 3, 7, 8)', () => {
  const tcp = { IpProtocol: 'tcp', FromPort: 1, ToPort: 1 };
  const list = { Type: 'AWS::EC2::PrefixList', Properties: { PrefixListName: 'n', Entries: [{ Cidr: '10.0.0.0/8' }] } };

  test.each([
    ['an IPv4 range', { CidrIp: '10.0.0.0/8' }, {}, 'tcp 1-1 10.0.0.0/8'],
    ['an IPv6 range', { CidrIpv6: '::/0' }, {}, 'tcp 1-1 ::/0'],
    ['the range of a VPC', { CidrIp: { 'Fn::GetAtt': ['Vpc', 'CidrBlock'] } }, {}, 'tcp 1-1 10.0.0.0/16'],
    ['a group', { SourceSecurityGroupId: { Ref: 'Other' } }, { Other: securityGroup() }, 'tcp 1-1 S.Other'],
    [
      'a group by its name',
      { SourceSecurityGroupName: 'web' },
      { Other: securityGroup({ GroupName: 'web' }) },
      'tcp 1-1 S.Other',
    ],
    [
      'the default group of a VPC',
      { SourceSecurityGroupId: { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] } },
      {},
      'tcp 1-1 S.Vpc#default-security-group',
    ],
    ['a group that no template shows', { SourceSecurityGroupId: 'sg-0abc' }, {}, 'tcp 1-1 sg-0abc'],
    ['a prefix list', { SourcePrefixListId: { Ref: 'List' } }, { List: list }, 'tcp 1-1 S.List'],
    ['an unknown range', { CidrIp: unknown('parameter `S.P` has no value', ['S.P']) }, {}, 'tcp 1-1 unknown'],
    ['none: AWS creates nothing for it, which is unknown', {}, {}, 'tcp 1-1 unknown ?'],
  ])('%s', (_, peer, more, expected) => {
    expect(ingressOf({ ...tcp, ...peer }, more)).toEqual([expected]);
  });

  test('an undecided range counts as each of its options, none of them certain', () => {
    const CidrIp = new ChoiceValue(['10.0.0.0/8', '0.0.0.0/0'], 'condition `Open`', ['S.Open']);
    expect(ingressOf({ ...tcp, CidrIp })).toEqual(['tcp 1-1 10.0.0.0/8 ?', 'tcp 1-1 0.0.0.0/0 ?']);
  });

  test('a standalone rule may name a group that no template shows (fact 8)', () => {
    const Rule = {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: { GroupId: 'sg-0abc', ...tcp, CidrIp: '10.0.0.0/8' },
    };
    const group = noun(networkOf({ Rule }).securityGroups, 'sg-0abc');
    expect(group.ingress.map(written)).toEqual(['unknown unknown ?', 'tcp 1-1 10.0.0.0/8']);
  });

  test('an unknown list of rules is one unknown rule', () => {
    const Group = securityGroup({ SecurityGroupIngress: unknown('macro') });
    expect(noun(networkOf({ Vpc: VPC, Group }).securityGroups, 'S.Group').ingress.map(written)).toEqual([
      'unknown unknown',
    ]);
  });
});

describe('default groups (fact 1)', () => {
  const restrict = (certain = true) => ({
    Type: 'Custom::VpcRestrictDefaultSG',
    Properties: { DefaultSecurityGroupId: { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] } },
    certain,
  });
  const rulesOf = (more: Parameters<typeof networkOf>[0]) => {
    const group = noun(networkOf({ Vpc: VPC, ...more }).securityGroups, 'S.Vpc#default-security-group');
    return [...group.ingress, ...group.egress].map(written);
  };

  test("CDK's custom resource empties the default group", () => {
    expect(rulesOf({ Restrict: restrict() })).toEqual([]);
  });

  test('one that may not exist leaves its rules possible and not certain', () => {
    expect(rulesOf({ Restrict: restrict(false) })).toEqual([
      'any S.Vpc#default-security-group ?',
      'any 0.0.0.0/0 ?',
      'any ::/0 ?',
    ]);
  });

  test('a standalone rule on an emptied default group stays', () => {
    const Rule = {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: {
        GroupId: { 'Fn::GetAtt': ['Vpc', 'DefaultSecurityGroup'] },
        IpProtocol: 'tcp',
        CidrIp: '10.0.0.0/8',
      },
    };
    expect(rulesOf({ Restrict: restrict(), Rule })).toEqual(['tcp 10.0.0.0/8']);
  });
});

test('a range with bits behind its prefix is taken as AWS takes it, and told', () => {
  const rule = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.1.2.3/8' };
  const { network, diagnostics } = build({ Vpc: VPC, G: securityGroup({ SecurityGroupIngress: [rule] }) });
  expect(JSON.stringify(network.securityGroups.find(({ id }) => id === 'S.G')?.ingress[0]?.peer)).toBe(
    JSON.stringify({ kind: 'cidr', cidr: parsePrefix('10.0.0.0/8') }),
  );
  expect(diagnostics).toMatchObject([{ code: 'TEMPLATE_HOST_BITS', message: expect.stringContaining('10.0.0.0/8') }]);
});
