/** Lists far beyond what AWS accepts end in a warning and an honest unknown, within bounded time and memory. */
import { isUnknown } from '../../../../lib/evidence/network';
import { build, securityGroup, subnet, VPC } from './fixture';

const MANY = 30_000;
const hosts = Array.from({ length: MANY }, (_, at) => `10.${(at >> 8) & 255}.${at & 255}.7/32`);

test('a group of thirty thousand rules keeps those that it may have, and one of which nothing is known', () => {
  const SecurityGroupIngress = hosts.map((CidrIp) => ({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp }));
  const { network, diagnostics } = build({ Vpc: VPC, A: subnet(), G: securityGroup({ SecurityGroupIngress }) });
  const { ingress } = network.securityGroups.find(({ id }) => id === 'S.G') ?? { ingress: [] };
  expect(ingress.length).toBeLessThan(MANY);
  expect(ingress.at(-1)).toMatchObject({ certain: false, peer: { kind: 'unknown' } });
  expect(diagnostics).toMatchObject([{ code: 'TEMPLATE_TOO_MANY', severity: 'warning', span: { line: 1 } }]);
});

test('a list of prefixes too', () => {
  const Entries = hosts.map((Cidr) => ({ Cidr }));
  const list = { Type: 'AWS::EC2::PrefixList', Properties: { PrefixListName: 'l', MaxEntries: 10, Entries } };
  const { network } = build({ L: list });
  const { entries } = network.prefixLists.find(({ id }) => id === 'S.L') ?? { entries: [] };
  expect(entries.length).toBeLessThan(MANY);
  expect(entries.filter(isUnknown)).toHaveLength(1);
});

test('an ACL of thousands of entries may hold anything behind them, in both directions', () => {
  const entries = hosts.slice(0, 3000).map((CidrBlock, at) => [
    `E${at}`,
    {
      Type: 'AWS::EC2::NetworkAclEntry',
      Properties: { NetworkAclId: { Ref: 'Acl' }, RuleNumber: at + 1, Protocol: -1, RuleAction: 'deny', CidrBlock },
    },
  ]);
  const acl = { Type: 'AWS::EC2::NetworkAcl', Properties: { VpcId: { Ref: 'Vpc' } } };
  const { network } = build({ Vpc: VPC, Acl: acl, ...Object.fromEntries(entries) });
  const read = network.networkAcls.find(({ id }) => id === 'S.Acl')?.entries ?? [];
  expect(read.length).toBeLessThan(3000);
  expect(read.filter(({ action }) => isUnknown(action)).map(({ direction }) => direction)).toEqual([
    'ingress',
    'egress',
  ]);
});
