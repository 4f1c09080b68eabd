import { readNetwork, type TemplateFile } from '../../../../lib/evidence/template';
import { networkOf, noun, VPC, type Written } from './fixture';

/** Nouns that no template shows, by literal ids and by parameters: what uses them together says that they stand in one VPC. */
const associated = (SubnetId: unknown, RouteTableId: unknown): Written => ({
  Type: 'AWS::EC2::SubnetRouteTableAssociation',
  Properties: { SubnetId, RouteTableId },
});
const group = (VpcId: unknown): Written => ({
  Type: 'AWS::EC2::SecurityGroup',
  Properties: { GroupDescription: 'g', VpcId },
});
const host = (SubnetId: unknown): Written => ({
  Type: 'AWS::EC2::Instance',
  Properties: { ImageId: 'a', SubnetId, SecurityGroupIds: [{ Ref: 'Group' }] },
});

test.each([
  ['the subnet that nothing else places comes first', ['subnet-1', 'subnet-2']],
  ['it comes last', ['subnet-2', 'subnet-1']],
])('a table stands in the VPC of one of its subnets, and so do its others: %s', (_, [first, second]) => {
  const network = networkOf({
    Group: group('vpc-1'),
    First: associated(first, 'rtb-1'),
    Second: associated(second, 'rtb-1'),
    Host: host('subnet-2'),
  });
  const places = ['subnet-1', 'subnet-2'].map((id) => noun(network.subnets, id).vpc);
  expect([...places, noun(network.routeTables, 'rtb-1').vpc]).toEqual(['vpc-1', 'vpc-1', 'vpc-1']);
});

test('an association that only may be of a subnet puts its table nowhere', () => {
  const template = (Resources: object, Parameters: object = {}): string => JSON.stringify({ Parameters, Resources });
  const subnet = { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Vpc' }, CidrBlock: '10.0.0.0/24' } };
  const parameter = { Type: 'String' };
  const files: TemplateFile[] = [
    { stack: 'Net', file: 'Net.json', text: template({ Vpc: VPC, Subnet: subnet }) },
    {
      stack: 'App',
      file: 'App.json',
      text: template(
        {
          Group: group({ Ref: 'Vpc' }),
          On: associated({ Ref: 'Subnet' }, { Ref: 'Table' }),
          Host: host({ Ref: 'Subnet' }),
        },
        { Vpc: parameter, Subnet: parameter, Table: parameter },
      ),
    },
  ];
  const { network } = readNetwork(files, {});
  expect(noun(network.routeTables, 'App.Table').vpc).toBe('App.Vpc');
});

test.each([
  ['CidrIp', 4],
  ['CidrIpv6', 6],
])('a rule whose range is not known is of the family of its property: %s', (name, family) => {
  const { securityGroups } = networkOf({
    Vpc: VPC,
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'g',
        VpcId: { Ref: 'Vpc' },
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, [name]: { 'Fn::ImportValue': 'Range' } }],
      },
    },
  });
  expect(noun(securityGroups, 'S.Group').ingress).toMatchObject([
    { peer: { kind: 'cidr', cidr: { unknown: true, family } } },
  ]);
});
