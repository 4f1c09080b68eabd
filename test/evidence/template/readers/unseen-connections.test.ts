import { networkOf, noun, subnet, VPC, type Written } from './fixture';

const Table: Written = { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: { Ref: 'Vpc' } } };
const route = (target: Readonly<Record<string, unknown>>, table = 'Table'): Written => ({
  Type: 'AWS::EC2::Route',
  Properties: { RouteTableId: { Ref: table }, DestinationCidrBlock: '0.0.0.0/0', ...target },
});
const BASE = { Vpc: VPC, A: subnet(), Table };
/** Attachments of VPCs: an unseen gateway may have others. */
const attachmentsIn = (template: Readonly<Record<string, Written>>) =>
  networkOf(template).transitGatewayAttachments.filter(({ attached }) => attached.kind === 'vpc');
const OTHER = { Other: VPC, OtherTable: { ...Table, Properties: { VpcId: { Ref: 'Other' } } } };

describe('a route gives away the connection that it leads to (fact 15)', () => {
  test('to a transit gateway that no template shows: the VPC is attached, and nobody knows how', () => {
    expect(attachmentsIn({ ...BASE, R: route({ TransitGatewayId: 'tgw-0abc' }) })).toMatchObject([
      { transitGateway: 'tgw-0abc', external: true, attached: { kind: 'vpc', vpc: 'S.Vpc', subnets: ['S.A'] } },
    ]);
  });

  test('not where a template shows the attachment', () => {
    const At: Written = {
      Type: 'AWS::EC2::TransitGatewayVpcAttachment',
      Properties: { TransitGatewayId: 'tgw-0abc', VpcId: { Ref: 'Vpc' }, SubnetIds: [{ Ref: 'A' }] },
    };
    const found = attachmentsIn({ ...BASE, At, R: route({ TransitGatewayId: 'tgw-0abc' }) });
    expect(found.map(({ id }) => id)).toEqual(['S.At']);
  });

  test('not where a template shows the gateway: a missing attachment is a broken route', () => {
    const Tgw: Written = { Type: 'AWS::EC2::TransitGateway' };
    expect(attachmentsIn({ ...BASE, Tgw, R: route({ TransitGatewayId: { Ref: 'Tgw' } }) })).toEqual([]);
  });

  test('to a peering connection that no template shows: the VPC is one side of it', () => {
    const { peeringConnections } = networkOf({ ...BASE, R: route({ VpcPeeringConnectionId: 'pcx-0abc' }) });
    expect(noun(peeringConnections, 'pcx-0abc')).toMatchObject({ requester: 'S.Vpc', accepter: 'pcx-0abc#accepter' });
  });

  test('two VPCs with routes to it are its two sides', () => {
    const target = { VpcPeeringConnectionId: 'pcx-0abc' };
    const { peeringConnections } = networkOf({
      ...BASE,
      ...OTHER,
      R: route(target),
      Back: route(target, 'OtherTable'),
    });
    expect(noun(peeringConnections, 'pcx-0abc')).toMatchObject({ requester: 'S.Other', accepter: 'S.Vpc' });
  });
});

test('a resource whose property names the property itself stands for nothing more, and is read', () => {
  const Lb: Written = {
    Type: 'AWS::ElasticLoadBalancing::LoadBalancer',
    Properties: {
      Subnets: [{ Ref: 'A' }],
      SecurityGroups: [{ 'Fn::GetAtt': ['Lb', 'SourceSecurityGroup.GroupName'] }],
    },
  };
  const Tgw: Written = {
    Type: 'AWS::EC2::TransitGateway',
    Properties: { AssociationDefaultRouteTableId: { 'Fn::GetAtt': ['Tgw', 'AssociationDefaultRouteTableId'] } },
  };
  const { loadBalancers, transitGateways } = networkOf({ ...BASE, Lb, Tgw });
  expect([loadBalancers, transitGateways].map(([one]) => one?.id)).toEqual(['S.Lb', 'S.Tgw']);
});
