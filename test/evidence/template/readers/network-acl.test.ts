import { isUnknown, unknown } from '../../../../lib/evidence/network';
import { networkOf, noun, VPC } from './fixture';

const Acl = { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: { Ref: 'Vpc' } } };
const entry = (more: object, certain = true) => ({
  Type: 'AWS::EC2::NetworkAclEntry',
  Properties: {
    NetworkAclId: { Ref: 'Acl' },
    RuleNumber: 100,
    RuleAction: 'allow',
    CidrBlock: '0.0.0.0/0',
    Protocol: -1,
    ...more,
  },
  certain,
});
const entriesOf = (more: Parameters<typeof networkOf>[0], id = 'S.Acl') =>
  noun(networkOf({ Vpc: VPC, Acl, ...more }).networkAcls, id).entries;

test('an ACL that the template makes has no entries of its own: it denies (fact 12)', () => {
  expect(entriesOf({})).toEqual([]);
});

test.each([
  ['everything', {}, { protocol: 'all' }],
  [
    'tcp with a port range',
    { Protocol: 6, PortRange: { From: 443, To: '443' } },
    { protocol: 6, ports: { from: 443, to: 443 } },
  ],
  ['udp with all ports', { Protocol: '17', PortRange: { From: 0, To: 65535 } }, { protocol: 17 }],
  ['icmp with a type', { Protocol: 1, Icmp: { Type: 8, Code: -1 } }, { protocol: 1, icmp: { type: 8 } }],
  ['icmp of any type', { Protocol: 1, Icmp: { Type: -1, Code: -1 } }, { protocol: 1 }],
])('an entry for %s (fact 5)', (_, more, expected) => {
  expect(entriesOf({ E: entry(more) })[0]?.traffic).toEqual(expected);
});

test('tcp without a port range is unknown: as a deny it must not be taken for all ports', () => {
  expect(isUnknown(entriesOf({ E: entry({ Protocol: 6, RuleAction: 'deny' }) })[0]?.traffic ?? 0)).toBe(true);
});

test.each([
  ['unset is ingress', {}, ['ingress'], true],
  ['Egress: true', { Egress: 'true' }, ['egress'], true],
  ['an unknown direction may be either', { Egress: unknown('p', ['S.P']) }, ['ingress', 'egress'], false],
])('direction: %s', (_, more, directions, certain) => {
  const entries = entriesOf({ E: entry(more) });
  expect(entries.map(({ direction }) => direction)).toEqual(directions);
  expect(entries.every((one) => one.certain === certain)).toBe(true);
});

test('the default ACL keeps its own entries and takes further ones', () => {
  const E = entry({ NetworkAclId: { 'Fn::GetAtt': ['Vpc', 'DefaultNetworkAcl'] }, RuleNumber: 50, RuleAction: 'deny' });
  const numbers = entriesOf({ E }, 'S.Vpc#default-network-acl').map(
    ({ number, action }) => `${String(number)} ${String(action)}`,
  );
  expect(numbers).toContain('50 deny');
  expect(numbers).toContain('100 allow');
});

test('an IPv6 entry speaks of its IPv6 range', () => {
  const [only] = entriesOf({ E: entry({ CidrBlock: undefined, Ipv6CidrBlock: '::/0' }) });
  expect(only?.cidr).toMatchObject({ family: 6, length: 0 });
});
