/** Properties that decide where IPv6 gets (facts 25, 33). */
import { FlowExplainer } from '../../../lib/verdict';
import { ask } from './fact';
import { networkOfTemplate, type Resources } from './fact-of-template';
import { GATEWAY, instance, inVpc, OPEN_CONDITION, resource, subnet, when } from './property-templates';

/** The subnet has a range of IPv6, and what stands there an address of it. */
const SIX: Resources = {
  Six: resource('AWS::EC2::VPCCidrBlock', inVpc({ Ipv6CidrBlock: '2001:db8:1::/56', Ipv6Pool: 'pool' })),
  Subnet: subnet('10.0.1.0/24', 'Vpc', { Ipv6CidrBlock: '2001:db8:1::/64', AssignIpv6AddressOnCreation: true }),
  Open: resource(
    'AWS::EC2::SecurityGroup',
    inVpc({
      SecurityGroupIngress: [
        { IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
        { IpProtocol: '-1', CidrIpv6: '::/0' },
      ],
    }),
  ),
  Host: instance('Subnet', 'Open'),
};

const SIX_TOO = { Ipv6Support: 'enable' };
const MAPPED = [{ SubnetId: { Ref: 'Subnet' }, IPv6Address: '2001:db8:1::9' }];

describe('internal balancers of both families', () => {
  const balancer = (more: object): Resources => ({
    ...{ ...GATEWAY, ...SIX },
    Out6: resource('AWS::EC2::Route', {
      ...{ RouteTableId: { Ref: 'Table' }, DestinationIpv6CidrBlock: '::/0', GatewayId: { Ref: 'Igw' } },
    }),
    Balancer: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      ...{ Type: 'network', IpAddressType: 'dualstack', SubnetMappings: MAPPED, Scheme: 'internal', ...more },
    }),
    Listener: resource('AWS::ElasticLoadBalancingV2::Listener', {
      ...{ LoadBalancerArn: { Ref: 'Balancer' }, Port: 80, Protocol: 'TCP', DefaultActions: [] },
    }),
  });
  const denies = (Value: unknown) => ({ LoadBalancerAttributes: [{ Key: 'ipv6.deny_all_igw_traffic', Value }] });
  const source = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html';
  test.each([
    ['one refuses what comes by internet gateways', {}, 'blocked'],
    ['one that says that it does not is reached by its IPv6 address', denies('false'), 'reachable'],
    ['a condition decides whether it does', denies(when('true', 'false')), 'unknown'],
    ['one for the internet is reached by either', { Scheme: 'internet-facing' }, 'reachable'],
  ] as const)(`33: %s (${source})`, (_, more, expected) => {
    const explainer = new FlowExplainer(networkOfTemplate(balancer(more), OPEN_CONDITION));
    expect(ask(explainer, 'internet@2600::1', 'S.Balancer#interface@2001:db8:1::9', 'tcp 80').verdict).toBe(expected);
  });
  test('33: its own VPC reaches it by its IPv6 address all the same', () => {
    const explainer = new FlowExplainer(networkOfTemplate(balancer({})));
    const asked = ask(explainer, 'subnet:S.Subnet@2001:db8:1::5', 'S.Balancer#interface@2001:db8:1::9', 'tcp 80');
    expect(asked.verdict).toBe('reachable');
  });
});

describe('IPv6 through attachments of a transit gateway', () => {
  const hub = (Options: object): Resources => ({
    ...SIX,
    Other: resource('AWS::EC2::VPC', { CidrBlock: '10.9.0.0/16' }),
    OtherSix: resource(
      'AWS::EC2::VPCCidrBlock',
      inVpc({ Ipv6CidrBlock: '2001:db8:2::/56', Ipv6Pool: 'pool' }, 'Other'),
    ),
    Far: subnet('10.9.1.0/24', 'Other', { Ipv6CidrBlock: '2001:db8:2::/64', AssignIpv6AddressOnCreation: true }),
    FarOpen: resource(
      'AWS::EC2::SecurityGroup',
      inVpc({ SecurityGroupIngress: [{ IpProtocol: '-1', CidrIpv6: '::/0' }] }, 'Other'),
    ),
    FarHost: instance('Far', 'FarOpen'),
    Hub: resource('AWS::EC2::TransitGateway'),
    ...side('Vpc', 'Subnet', Options),
    ...side('Other', 'Far', Options),
  });
  function side(vpc: string, place: string, Options: object): Resources {
    const TransitGatewayId = { Ref: 'Hub' };
    const RouteTableId = { Ref: `${vpc}Table` };
    return {
      [`${vpc}Door`]: resource('AWS::EC2::TransitGatewayVpcAttachment', {
        ...inVpc({ TransitGatewayId, SubnetIds: [{ Ref: place }], Options }, vpc),
      }),
      [`${vpc}Table`]: resource('AWS::EC2::RouteTable', inVpc({}, vpc)),
      [`${vpc}Out`]: resource('AWS::EC2::Route', { RouteTableId, DestinationIpv6CidrBlock: '::/0', TransitGatewayId }),
      [`${vpc}In`]: resource('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: { Ref: place }, RouteTableId }),
    };
  }
  const source =
    'https://docs.aws.amazon.com/whitepapers/latest/ipv6-on-aws/amazon-vpc-connectivity-options-for-ipv6.html';
  test.each([
    ['it is carried where they say so', { Ipv6Support: 'enable' }, 'reachable'],
    ['and perhaps where they do not, which is the default', {}, 'unknown'],
    ['and perhaps where they say that they do not', { Ipv6Support: 'disable' }, 'unknown'],
  ] as const)(`25: %s (${source})`, (_, options, expected) => {
    const explainer = new FlowExplainer(networkOfTemplate(hub(options)));
    const asked = ask(explainer, 'subnet:S.Subnet@2001:db8:1::5', 'subnet:S.Far@2001:db8:2::5', 'tcp 80');
    expect(asked.verdict).toBe(expected);
  });
});

describe('IPv6 through VPN connections', () => {
  const ends = {
    transit: {
      gateway: { TransitGatewayId: { Ref: 'Hub' } },
      more: {
        Hub: resource('AWS::EC2::TransitGateway', { DefaultRouteTableAssociation: 'disable' }),
        Door: resource('AWS::EC2::TransitGatewayVpcAttachment', {
          ...inVpc({ TransitGatewayId: { Ref: 'Hub' }, SubnetIds: [{ Ref: 'Subnet' }], Options: SIX_TOO }),
        }),
        Table: resource('AWS::EC2::RouteTable', inVpc({})),
        Tgw6: resource('AWS::EC2::Route', {
          ...{ RouteTableId: { Ref: 'Table' }, DestinationIpv6CidrBlock: 'fd00:200::/32' },
          TransitGatewayId: { Ref: 'Hub' },
        }),
        In: resource('AWS::EC2::SubnetRouteTableAssociation', {
          ...{ SubnetId: { Ref: 'Subnet' }, RouteTableId: { Ref: 'Table' } },
        }),
        HubTable: resource('AWS::EC2::TransitGatewayRouteTable', { TransitGatewayId: { Ref: 'Hub' } }),
        Leads: resource('AWS::EC2::TransitGatewayRouteTableAssociation', {
          TransitGatewayAttachmentId: { 'Fn::GetAtt': ['Vpn', 'TransitGatewayAttachmentId'] },
          TransitGatewayRouteTableId: { Ref: 'HubTable' },
        }),
        ToVpc: resource('AWS::EC2::TransitGatewayRoute', {
          ...{ DestinationCidrBlock: '2001:db8:1::/56', TransitGatewayRouteTableId: { Ref: 'HubTable' } },
          TransitGatewayAttachmentId: { Ref: 'Door' },
        }),
      } as Resources,
    },
    vpn: {
      gateway: { VpnGatewayId: { Ref: 'Vgw' } },
      more: {
        Vgw: resource('AWS::EC2::VPNGateway', { Type: 'ipsec.1' }),
        Attached: resource('AWS::EC2::VPCGatewayAttachment', inVpc({ VpnGatewayId: { Ref: 'Vgw' } })),
      } as Resources,
    },
  };
  const connected = (to: keyof typeof ends, more: object): Resources => ({
    ...SIX,
    ...ends[to].more,
    Vpn: resource('AWS::EC2::VPNConnection', {
      ...{ Type: 'ipsec.1', CustomerGatewayId: 'cgw-1', StaticRoutesOnly: true, ...ends[to].gateway, ...more },
    }),
  });
  const source = 'https://docs.aws.amazon.com/vpn/latest/s2svpn/ipv4-ipv6.html';
  test.each([
    ['tunnels to a transit gateway carry IPv4, which is the default', 'transit', {}, 'blocked'],
    ['they carry IPv6 where they say so', 'transit', { TunnelInsideIpVersion: 'ipv6' }, 'unknown'],
    ['and perhaps where a condition decides', 'transit', { TunnelInsideIpVersion: when('ipv6', 'ipv4') }, 'unknown'],
    ['those to a VPN gateway carry none, whatever they say', 'vpn', { TunnelInsideIpVersion: 'ipv6' }, 'blocked'],
  ] as const)(`28: %s (${source})`, (_, to, more, expected) => {
    const explainer = new FlowExplainer(networkOfTemplate(connected(to, more), OPEN_CONDITION));
    expect(ask(explainer, 'site:S.Vpn@fd00:200::9', 'subnet:S.Subnet@2001:db8:1::5', 'udp 53').verdict).toBe(expected);
  });
  test('28: tunnels that carry IPv6 carry no IPv4', () => {
    const explainer = new FlowExplainer(networkOfTemplate(connected('transit', { TunnelInsideIpVersion: 'ipv6' })));
    expect(ask(explainer, 'site:S.Vpn@10.200.0.9', 'subnet:S.Subnet@10.0.1.5', 'udp 53').blockers).toContainEqual(
      expect.objectContaining({ kind: 'vpn', reason: 'the tunnels of VPN connection S.Vpn carry no IPv4' }),
    );
  });
});
