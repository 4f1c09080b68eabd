/**
 * Rules that admit or let out more than a conduit needs, in every spelling that AWS knows.
 */
import { type Hole, hole } from './hole';
import { addIngress, app, GROUP, groupId, rulesOf, store, WARD, wardRule } from './words';

export const GROUPS: readonly Hole[] = [
  hole('the store admits the ward on every port and protocol', 'isolation/ward/archive', (templates) => {
    Object.assign(wardRule(store(templates), 'Ingress'), { IpProtocol: '-1', FromPort: undefined, ToPort: undefined });
  }),
  hole('the store admits the ward on a range around the declared port', 'isolation/ward/archive', (templates) => {
    Object.assign(wardRule(store(templates), 'Ingress'), { FromPort: 2000, ToPort: 3000 });
  }),
  hole('the store admits the ward on one more port, by protocol number', 'isolation/ward/archive', (templates) => {
    addIngress(store(templates), { CidrIp: WARD, IpProtocol: '6', FromPort: 22, ToPort: 22 });
  }),
  hole('the store admits everyone on port 22', 'isolation/ward/archive', (templates) => {
    addIngress(store(templates), { CidrIp: '0.0.0.0/0', IpProtocol: 'tcp', FromPort: 22, ToPort: 22 });
  }),
  hole('the store admits everyone in two halves', 'isolation/ward/archive', (templates) => {
    const half = (CidrIp: string) => ({ CidrIp, IpProtocol: 'tcp', FromPort: 445, ToPort: 445 });
    addIngress(store(templates), half('0.0.0.0/1'), half('128.0.0.0/1'));
  }),
  hole('the store admits ten-slash-eight', 'isolation/ward/archive', (templates) => {
    addIngress(store(templates), { CidrIp: '10.0.0.0/8', IpProtocol: '-1' });
  }),
  hole('the store admits a prefix list that holds the ward', 'isolation/ward/archive', (templates) => {
    const group = store(templates);
    templates.add(group, 'Partners', 'AWS::EC2::PrefixList', {
      PrefixListName: 'partners',
      AddressFamily: 'IPv4',
      MaxEntries: 2,
      Entries: [{ Cidr: '192.0.2.0/24' }, { Cidr: '10.128.0.0/9' }],
    });
    addIngress(group, { SourcePrefixListId: { Ref: 'Partners' }, IpProtocol: 'tcp', FromPort: 22, ToPort: 22 });
  }),
  hole('a standalone rule opens the store to the ward', 'isolation/ward/archive', (templates) => {
    const group = store(templates);
    templates.add(group, 'QuickFix', 'AWS::EC2::SecurityGroupIngress', {
      GroupId: groupId(group),
      CidrIp: WARD,
      IpProtocol: 'tcp',
      FromPort: 3389,
      ToPort: 3389,
    });
  }),
  hole(
    'a rule of the store hangs on an import that nobody exports',
    'isolation/ward/archive',
    (templates) => {
      const range = { 'Fn::ImportValue': 'partners-range' };
      addIngress(store(templates), { CidrIp: range, IpProtocol: 'tcp', FromPort: 22, ToPort: 22 });
    },
    'unknown',
  ),
  hole('the guests are admitted to the chart by udp, which needs no reply', 'isolation/guest/ehr', (templates) => {
    addIngress(app(templates), { CidrIp: '10.200.0.0/20', IpProtocol: 'udp', FromPort: 443, ToPort: 443 });
  }),
  hole('the store sends the ward whatever it likes', 'isolation/archive/ward', (templates) => {
    Object.assign(wardRule(store(templates), 'Egress'), { IpProtocol: '-1', FromPort: undefined, ToPort: undefined });
  }),
  hole('the store has no egress rule left, which AWS reads as all', 'isolation/archive/ward', (templates) => {
    const { Properties } = store(templates).resource;
    delete Properties.SecurityGroupEgress;
  }),
  hole(
    'the default group of the shared VPC is left as AWS made it',
    'isolation/lab/pharmacy',
    (templates) => {
      const emptied = templates.pick('Custom::VpcRestrictDefaultSG', {}, (hit) => hit.stack === 'mutant-core');
      templates.remove(emptied);
    },
    'violated',
    'as synthesized',
  ),
  hole(
    'the pharmacy lets the laboratory call back',
    'isolation/lab/pharmacy',
    (templates) => {
      const lis = templates.pick(GROUP, { zone: 'lab', asset: 'lis' });
      const server = templates.pick(GROUP, { zone: 'pharmacy', asset: 'server' });
      addIngress(server, { SourceSecurityGroupId: groupId(lis), IpProtocol: '-1' });
      rulesOf(lis, 'Egress').push({ DestinationSecurityGroupId: groupId(server), IpProtocol: '-1' });
    },
    'violated',
    'as synthesized',
  ),
];
